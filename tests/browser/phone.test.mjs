/**
 * A resident's phone: from the list through the safety survey to its end, found by role and name.
 * Nothing leaves it before it is handed in; what leaves it then is in report.test.mjs.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { chromium } from "./chromium.mjs";
import { collector } from "./collector.mjs";
import {
  answer_all, asked, begin, button, choose, device, heading, link, NOT_ELIGIBLE, option, picture, status, summary, TODAY, words,
} from "./device.mjs";

const RESIDENT = "您在本地住满一年了吗？";
const OVERALL = "就目前的社会治安来说，您觉得安全吗？";
const PROBLEMS = "哪些情况让您觉得不安全？";
const PUBLIC_ORDER = "这一带的社会治安，您觉得安全吗？";

describe("a phone", () => {
  /** @type {import("playwright-core").Browser} */
  let browser;
  let site;
  before(async () => {
    [browser, site] = await Promise.all([chromium(), collector({ today: TODAY })]);
  });
  after(() => Promise.all([browser.close(), site.stop()]));

  /** A phone that shows an address. */
  async function phone(t, path, options) {
    const it = await device(t, browser, site.url, { hasTouch: true, deviceScaleFactor: 2, ...options });
    await it.page.goto(path);
    await heading(it.page).waitFor();
    return it;
  }

  /** Goes on to the next question. */
  const next = (page) => button(page, "下一步").click();

  /** A phone on which the survey has come as far as how safe the resident feels. */
  async function at_overall(t, options) {
    const it = await phone(t, "/c/safety-demo", options);
    await begin(it.page);
    for (const answer of ["是", "41–50岁", "女"]) {
      await option(it.page, answer).check();
      await next(it.page);
    }
    assert.equal((await asked(it.page)).text, OVERALL);
    return it;
  }

  test("lists what is open, each by its title, with its results and its volunteers' entrance", async (t) => {
    const { page } = await phone(t, "/");
    await heading(page, "现在可以参加的调查和测评").waitFor();
    for (const [title, id] of [
      ["群众安全感问卷", "safety-demo"],
      ["平安建设参与问卷", "participation-demo"],
      ["反电信诈骗知识测评", "anti-fraud-demo"],
    ]) {
      assert.equal(await link(page, title).getAttribute("href"), `/c/${id}`);
      assert.equal(await link(page, `结果: ${title}`).getAttribute("href"), `/c/${id}/results`);
      assert.equal(await link(page, `志愿者入口: ${title}`).getAttribute("href"), `/c/${id}/shift`);
    }
    await button(page, "English").click();
    await heading(page, "Open surveys and quizzes").waitFor();
    await link(page, "How safe residents feel").click();
    await heading(page, "How safe residents feel").waitFor();
  });

  test("shows the statutory marks and the promise before the one button", async (t) => {
    const { page, requests } = await phone(t, "/c/safety-demo");
    const text = await words(page);
    for (const mark of [
      "群众安全感问卷",
      "演示1表",
      "示例机关（演示）",
      "演示用，未经备案",
      "2026年1月1日至2027年12月31日",
      "了解居民在生活中是否感到安全",
      "示例街道办事处（演示）",
      "示例街道便民服务窗口（演示）",
      "只保留多人相加后的合计数",
      "不问姓名、电话、身份证号和验证码",
      "拆成两份密文，分别交给两个汇总方",
      "两个汇总方目前由同一家单位运行",
      "您在哪个区域？",
    ]) {
      assert.ok(text.includes(mark), `the cover lacks ${mark}`);
    }
    assert.deepEqual(await page.locator("main").getByRole("button").allInnerTexts(), ["开始"]);
    assert.ok(requests.every(({ path }) => !/[?&]|shift/.test(path)), "asked for more than a respondent needs");
  });

  test("takes a survey to its end; who does not feel safe is asked why; nothing is posted before it is handed in", async (t) => {
    const { page, posts } = await phone(t, "/");
    await link(page, "群众安全感问卷").click();
    await begin(page);
    const sections = new Set();
    const shares = [];
    const questions = await answer_all(
      page,
      { [OVERALL]: "不太安全", [PROBLEMS]: ["电信网络诈骗", "路灯少、巡逻少"], "天黑后一个人在附近走，您觉得安全吗？": "天黑后从不独自出门" },
      async (question) => {
        if (question === "end") return;
        sections.add(await page.locator(".section").innerText());
        const bar = page.getByRole("progressbar", { name: /^第 \d+ 题，共 \d+ 题$/ });
        shares.push(await bar.evaluate((/** @type {HTMLProgressElement} */ it) => it.position));
      },
    );
    assert.deepEqual(questions, [
      RESIDENT,
      "您的年龄是？",
      "您的性别是？",
      OVERALL,
      PROBLEMS,
      PUBLIC_ORDER,
      "这一带的工厂、工地，您觉得安全吗？",
      "这一带的食品药品，您觉得安全吗？",
      "这一带的生态环境，您觉得安全吗？",
      "这一带的道路交通，您觉得安全吗？",
      "这一带的防火情况，您觉得安全吗？",
      "天黑后一个人在附近走，您觉得安全吗？",
      "如果要一个人走夜路，您会觉得安全吗？",
      "和去年比，这一带的治安怎么样？",
    ]);
    assert.deepEqual([...sections], ["开始之前", "总的感受", "您住的这一带", "走夜路", "和去年比"]);
    assert.ok(shares.every((share, i) => share >= 0 && share < 1 && (i === 0 || share > 0)), `progress: ${shares}`);
    await heading(page, "答完了，谢谢您！").waitFor();
    assert.equal((await page.content()).includes("通过了"), false);

    await summary(page, "会发送什么").click();
    const sent = await page.locator("details").innerText();
    assert.match(sent, /下面每一行只表示“这里加 1”。它们先拆成两份看不出内容的密文，再分别交给：/);
    for (const line of [
      `${OVERALL}\n不太安全`,
      `${PROBLEMS}\n电信网络诈骗`,
      `${PROBLEMS}\n路灯少、巡逻少`,
      "您的年龄是？ × 您的性别是？ × 群众安全感满意率\n41–50岁 × 男 × 不计入",
    ]) {
      assert.ok(sent.includes(line), `what is sent lacks ${line}`);
    }
    assert.ok(!sent.includes(`${PROBLEMS}\n偷盗`));
    assert.doesNotMatch(sent, /[a-z]+_[a-z]+|undefined|null|not_asked/, "a bare name of the module");
    assert.deepEqual(posts(), []);
  });

  test("offers don't know and prefer not to say, and preselects nothing", async (t) => {
    const { page } = await at_overall(t);
    await picture(page, "phone", { fullPage: true });
    const radios = page.getByRole("radio");
    assert.equal(await radios.count(), 6);
    assert.equal(await page.locator("input:checked").count(), 0);
    await option(page, "说不清").check();
    assert.equal(await page.locator("input:checked").count(), 1);
    await option(page, "不愿回答").check();
    assert.equal(await option(page, "说不清").isChecked(), false);
    await next(page);
    assert.equal((await asked(page)).text, PUBLIC_ORDER);
  });

  test("tells that a required question is not answered, and puts the focus on it", async (t) => {
    const { page } = await at_overall(t);
    await next(page);
    assert.equal(await status(page).innerText(), "请先回答这一题。");
    assert.equal((await asked(page)).text, OVERALL);
    assert.ok(await page.getByRole("radio").first().evaluate((it) => it === document.activeElement));
    await option(page, "安全").check();
    assert.equal(await status(page).innerText(), "", "the problem is mended");
  });

  test("goes back; a changed answer takes its follow-up with it", async (t) => {
    const { page } = await at_overall(t);
    await option(page, "不安全").check();
    await next(page);
    assert.equal((await asked(page)).text, PROBLEMS);
    await option(page, "火灾隐患").check();
    await next(page);
    assert.equal((await asked(page)).text, PUBLIC_ORDER);
    await button(page, "上一步").click();
    assert.ok(await option(page, "火灾隐患").isChecked(), "the answer is still there");
    await button(page, "上一步").click();
    assert.ok(await option(page, "不安全").isChecked());
    await option(page, "比较安全").check();
    await next(page);
    assert.equal((await asked(page)).text, PUBLIC_ORDER);
    const rest = await answer_all(page);
    assert.ok(!rest.includes(PROBLEMS));
    await summary(page, "会发送什么").click();
    assert.ok(!(await page.locator("details").innerText()).includes("火灾隐患"), "an answer to what is not asked is sent");
  });

  test("the device's own back turns back one question", async (t) => {
    const { page } = await at_overall(t);
    await page.goBack();
    await heading(page, "您的性别是？").waitFor();
    assert.ok(await option(page, "女").isChecked());
    await page.goBack();
    await heading(page, "您的年龄是？").waitFor();
  });

  test("none of these clears the others, and they it", async (t) => {
    const { page } = await at_overall(t);
    await option(page, "不安全").check();
    await next(page);
    await option(page, "偷盗").check();
    await option(page, "食品药品").check();
    await option(page, "以上都没有").check();
    const ticked = () => page.locator("input:checked").evaluateAll((all) => all.map((it) => it.parentElement?.textContent));
    assert.deepEqual(await ticked(), ["以上都没有"]);
    await option(page, "偷盗").check();
    assert.deepEqual(await ticked(), ["偷盗"]);
    await option(page, "不愿回答").check();
    assert.deepEqual(await ticked(), ["不愿回答"]);
  });

  test("stops only when that is meant, and then forgets", async (t) => {
    const { page } = await at_overall(t);
    await option(page, "安全").check();
    await button(page, "停止作答").click();
    await heading(page, "要停止作答吗？").waitFor();
    await button(page, "继续作答").click();
    assert.ok(await option(page, "安全").isChecked());
    await button(page, "停止作答").click();
    await button(page, "删除并停止").click();
    await heading(page, "群众安全感问卷").waitFor();
    await begin(page);
    assert.equal((await asked(page)).text, RESIDENT);
    assert.equal(await page.locator("input:checked").count(), 0);
  });

  test("the language changes in the middle of a question, and the answer stays", async (t) => {
    const { page } = await at_overall(t);
    await option(page, "不太安全").check();
    await button(page, "English").click();
    await heading(page, "Given public order as it is now, do you feel safe?").waitFor();
    assert.ok(await option(page, "Rather unsafe").isChecked());
    assert.equal(await page.locator("html").getAttribute("lang"), "en");
    await button(page, "Next").click();
    await heading(page, "What makes you feel unsafe?").waitFor();
    await button(page, "中文").click();
    await heading(page, PROBLEMS).waitFor();
  });

  test("keeps no answer on the device", async (t) => {
    const { page } = await at_overall(t);
    await option(page, "不太安全").check();
    await next(page);
    await page.reload();
    await heading(page, "群众安全感问卷").waitFor();
    const kept = await page.evaluate(() => ({ ...localStorage, ...sessionStorage }));
    // the aggregators' public keys
    for (const name of Object.keys(kept)) assert.match(name, /^anxin\.keys\./);
    assert.equal(await page.evaluate(() => document.cookie), "");
  });

  test("a number is typed, full-width digits too; out of range is told", async (t) => {
    const { page } = await phone(t, "/c/participation-demo");
    await begin(page);
    const TIMES = "过去12个月，这类集体活动您参加过几次？";
    const answers = { "您的年龄是？": "61–70岁", "过去12个月，您本人参加过或做过哪些？": "参加调解邻里、家庭纠纷" };
    for (let screen = await asked(page); screen.text !== TIMES; screen = await asked(page)) {
      await choose(page, answers[screen.text], screen.types[0]);
      await next(page);
    }
    const number = page.getByRole("textbox", { name: TIMES });
    await number.fill("100");
    await next(page);
    assert.equal(await status(page).innerText(), "请填 1 到 99 之间的整数。");
    assert.ok(await number.evaluate((it) => it === document.activeElement));
    await number.fill("３次");
    assert.equal(await number.inputValue(), "3");
    await option(page, "说不清、记不清").check();
    assert.equal(await number.inputValue(), "", "either a number or don't know");
    await number.fill("12");
    assert.equal(await option(page, "说不清、记不清").isChecked(), false);
    await next(page);
    await button(page, "上一步").click();
    assert.equal(await number.inputValue(), "12");
  });

  test("whom the survey does not ask is thanked, and told why", async (t) => {
    const { page, posts } = await phone(t, "/c/safety-demo");
    await begin(page);
    const questions = await answer_all(page, NOT_ELIGIBLE);
    assert.deepEqual(questions, [RESIDENT, "这份问卷只问在本地住满一年、年满16岁的居民。谢谢您！"]);
    await heading(page, "答完了，谢谢您！").waitFor();
    assert.deepEqual(posts(), []);
  });

  test("a keyboard is enough", async (t) => {
    const { page } = await phone(t, "/");
    const { keyboard } = page;
    const focused = () =>
      page.evaluate(() => {
        const it = document.activeElement;
        return (it?.closest("label") ?? it)?.textContent ?? "";
      });
    /** Presses a key until this has the focus, and sees that it shows. */
    const reach = async (text, key = "Tab") => {
      for (let i = 0; i < 40 && (await focused()) !== text; i++) await keyboard.press(key);
      assert.equal(await focused(), text, `${key} does not lead there`);
      const shown = await page.evaluate(() => {
        const it = /** @type {HTMLElement} */ (document.activeElement);
        const ring = it instanceof HTMLInputElement && it.nextElementSibling ? it.nextElementSibling : it;
        return getComputedStyle(ring).outlineStyle !== "none";
      });
      assert.ok(shown, `the focus on ${text} does not show`);
    };
    /** Chooses among radio buttons, which the arrows walk through; none means the first. */
    const pick = async (text) => {
      await reach((await asked(page)).options[0]);
      await keyboard.press("Space");
      if (text) await reach(text, "ArrowDown");
      assert.ok(await page.evaluate(() => /** @type {HTMLInputElement} */ (document.activeElement).checked));
      await reach("下一步");
      await keyboard.press("Enter");
    };

    await reach("群众安全感问卷");
    await keyboard.press("Enter");
    await heading(page, "群众安全感问卷").waitFor();
    await reach("—越城区柯桥区上虞区新昌县诸暨市嵊州市");
    await keyboard.press("ArrowDown");
    assert.equal(await page.getByLabel("您在哪个区域？").inputValue(), "330602");
    await reach("开始");
    await keyboard.press("Enter");
    await pick("是");
    assert.equal(await focused(), "您的年龄是？", "the new question is read out");
    await pick("51–60岁");
    await pick("男");
    await pick("不太安全");
    await reach("偷盗");
    await keyboard.press("Space");
    await reach("火灾隐患");
    await keyboard.press("Space");
    await reach("下一步");
    await keyboard.press("Enter");
    for (let left = 8; left > 0; left--) await pick();
    await heading(page, "答完了，谢谢您！").waitFor();
    await reach("会发送什么");
    await keyboard.press("Enter");
    assert.ok(await page.locator("details[open]").count());
  });
});
