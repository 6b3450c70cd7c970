/**
 * The tablet channel: a volunteer's shift, residents one after another, sums that leave at k and not before,
 * and what becomes of them when the network, the collector or the device fails.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { chromium } from "./chromium.mjs";
import { among_hundreds, collector, counting, post, results, site } from "./collector.mjs";
import {
  answer_all, asked, begin, button, device, heading, held, NOT_ELIGIBLE, option, picture, summary, TABLET, TODAY, until, words,
} from "./device.mjs";
import { begin_shift, end_shift, PIN, take_back } from "./screens.mjs";

const OVERALL = "就目前的社会治安来说，您觉得安全吗？";
const RETURN = "谢谢您！请把平板交还给志愿者。";
const RETURN_EARLY = "请把平板交还给志愿者。";
const COUNT = "不答了，已答的算数";
const LOST = "这台设备的存储出了问题，这一份还没有记下。请再按一次；还不行就不要关页面，找组织单位。";

/** What only a volunteer sees. */
const DESK_WORDS = /本班次|已完成|还没发出|已送达|等待发送|结束班次|未送达|这一户|撤销/;

describe("a volunteer's tablet", () => {
  /** @type {import("playwright-core").Browser} */
  let browser;
  before(async () => {
    browser = await chromium();
  });
  after(() => browser.close());

  /** A tablet on which a shift is on. */
  async function tablet(t, url, { shift, ...options } = {}) {
    const it = await device(t, browser, url, { viewport: TABLET, hasTouch: true, ...options });
    await begin_shift(it.page, shift);
    return it;
  }

  const hand_over = (page) => button(page, "交给居民作答").click();

  /** A resident from the cover to handing the tablet back. */
  async function resident(page, answers = NOT_ELIGIBLE) {
    await begin(page);
    await answer_all(page, answers);
    await button(page, "完成，交还平板").click();
    await heading(page, RETURN).waitFor();
  }

  /** So many residents, one after another, the desk before and after. */
  async function residents(page, n, answers) {
    for (let left = n; left > 0; left--) {
      await hand_over(page);
      await resident(page, answers);
      await take_back(page);
      await button(page, "交给居民作答").waitFor();
    }
  }

  /** So long the last door can be undone. */
  const stands = (page) => page.clock.runFor(30_000);

  /** The volunteer does not wait for that. */
  async function send(page) {
    await button(page, "现在发送").click();
    await page.locator("#sending").getByText("都送到了。").waitFor();
  }

  /** What was posted of respondents. */
  const batches = (posts) => posts().filter(({ path }) => path.endsWith("/batches"));

  /** The desk says this. */
  const says = (page, pattern) => until(async () => pattern.test(await words(page)));

  /** What the desk tells of a batch that waits, or of none. */
  const WAITING = (tries) => new RegExp(`等待发送\\s*5 份的合计，试过 ${tries} 次`);
  const NOTHING_WAITS = /等待发送\s*没有/;
  const DELIVERED = /已送达\s*5 份/;

  test("five residents make one batch; its rate and interval stand on the results page", async (t) => {
    const { url } = await counting(t);
    const { page, posts } = await tablet(t, url);
    const feel = ["安全", "比较安全", "不太安全", "比较安全", "安全"];
    for (const [i, answer] of feel.entries()) {
      assert.match(await words(page), new RegExp(`还没发出\\s*${i} 份，满 5 份就发出`));
      if (i === 3) await picture(page, "tablet", { clip: { x: 0, y: 0, width: TABLET.width, height: 660 } });
      await hand_over(page);
      await begin(page);
      await answer_all(page, { [OVERALL]: answer }, async () => {
        assert.doesNotMatch(await words(page), DESK_WORDS);
        assert.equal(await page.getByRole("link").count(), 0, "a way out of the resident's face");
      });
      assert.deepEqual(posts(), [], "something left before k");
      await button(page, "完成，交还平板").click();
      await heading(page, RETURN).waitFor();
      assert.doesNotMatch(await words(page), DESK_WORDS);
      assert.equal(await page.getByRole("link").count(), 0);
      await take_back(page);
      await button(page, "交给居民作答").waitFor();
    }
    assert.deepEqual(posts(), [], "the last one cannot be undone any more");
    await send(page);
    await says(page, DELIVERED);
    await says(page, NOTHING_WAITS);

    assert.equal(posts().length, 1);
    const [{ method, path, body }] = posts();
    assert.deepEqual([method, path], ["POST", "/api/campaigns/safety-demo/batches"]);
    const { id, questionnaire, cells, masks, ...rest } = JSON.parse(body ?? "");
    assert.match(id, /^[0-9a-f]{32}$/);
    assert.match(questionnaire, /^[0-9a-f]{64}$/);
    assert.ok(cells.every((cell) => Number.isInteger(cell) && cell >= 0 && cell < 2 ** 32));
    assert.ok(cells.filter((cell) => cell <= 5).length < 3, "a sum that can be read on its way");
    assert.equal(new Set(masks).size, 5);
    assert.ok(masks.every((mask) => /^[0-9a-f]+$/.test(mask)));
    assert.deepEqual(rest, { area: "330602", day: TODAY, channel: "tablet", n: 5 });

    const { all, rate: of_five } = await among_hundreds(url, TODAY);
    assert.deepEqual(of_five("safety_satisfaction", "valid"), [4, 5]);
    const told = all.indicators.find(({ id }) => id === "safety_satisfaction");
    const { x, n, rate, low, high } = told.estimates.valid;
    const [wilson_low, wilson_high] = wilson(x, n);
    assert.equal(rate, x / n);
    assert.ok(Math.abs(low - wilson_low) < 1e-6 && Math.abs(high - wilson_high) < 1e-6);

    await page.goto("/c/safety-demo/results");
    const title = page.getByRole("heading", { name: "群众安全感满意率", exact: true });
    const figures = await page.locator(".indicator").filter({ has: title }).innerText();
    const [percent, from, to] = [rate, low, high].map((share) => (share * 100).toFixed(1));
    for (const words of [`${percent}%`, `${n} 人中 ${x} 人`, `95% 置信区间（Wilson） ${from}–${to}%`]) {
      assert.ok(figures.includes(words), words);
    }
  });

  test("a shift starts with an area, a way of asking and a PIN, each told when it lacks", async (t) => {
    const { url } = await counting(t);
    const { page } = await device(t, browser, url, { viewport: TABLET });
    await page.goto("/c/safety-demo/shift");
    const pin = page.getByLabel("设一个 PIN（4–8 位数字）");
    const again = page.getByLabel("再输一次 PIN");
    const told = async (sentence, field) => {
      await button(page, "开始班次").click();
      assert.equal(await page.getByRole("alert").innerText(), sentence);
      assert.ok(await field.evaluate((it) => it === document.activeElement));
    };
    await told("请选择所在区域。", page.getByLabel("所在区域"));
    await page.getByLabel("所在区域").selectOption({ label: "柯桥区 330603" });
    await told("PIN 要 4–8 位数字。", pin);
    await pin.fill("12a4");
    await told("PIN 要 4–8 位数字。", pin);
    await pin.fill(PIN);
    await again.fill("135791");
    await told("两次输入的 PIN 不一样。", again);
    await again.fill(PIN);
    await page.getByRole("radio", { name: "志愿者读题，居民回答" }).check();
    await button(page, "开始班次").click();
    await button(page, "开始问下一位").waitFor();
    assert.match(await words(page), /所在区域\s*柯桥区 330603\s*班次\s*今天第 1 个班次\s*作答方式\s*志愿者读题，居民回答/);
    const kept = JSON.stringify([await page.evaluate(() => ({ ...localStorage })), await journal(page)]);
    assert.match(kept, /330603/);
    assert.ok(!kept.includes(PIN), "the PIN is kept in the clear");

    await button(page, "开始问下一位").click();
    await begin(page);
    await answer_all(page, NOT_ELIGIBLE);
    await button(page, "完成").waitFor();
  });

  test("a reload in a resident's hands lands with the resident, at a fresh start", async (t) => {
    const { url } = await counting(t);
    const { page } = await tablet(t, url);
    await hand_over(page);
    await begin(page);
    await option(page, "是").check();
    await button(page, "下一步").click();
    await page.reload();
    await heading(page, "群众安全感问卷").waitFor();
    assert.doesNotMatch(await words(page), DESK_WORDS);
    await page.goto("/c/safety-demo/shift");
    await begin(page);
    assert.equal((await asked(page)).text, "您在本地住满一年了吗？");
    assert.equal(await page.locator("input:checked").count(), 0);
  });

  test("who hands the tablet back before the first answer is not counted, and may go back to the survey", async (t) => {
    const { url } = await counting(t);
    const { page } = await tablet(t, url);
    await hand_over(page);
    await begin(page);
    await button(page, "停止作答").click();
    assert.equal(await button(page, COUNT).count(), 0, "nothing was answered that could count");
    await button(page, "删除并停止").click();
    await heading(page, RETURN_EARLY).waitFor();
    await button(page, "回到问卷").click();
    await button(page, "交还平板").click();
    await take_back(page);
    await says(page, /走访\s*0 户.*已完成\s*0 份/s);
    assert.match(await words(page), /还没发出\s*0 份/);
  });

  test("who breaks off and deletes is no respondent: the door counts as refused, and there is no way back", async (t) => {
    const { url } = await counting(t);
    const { page } = await tablet(t, url);
    await hand_over(page);
    await begin(page);
    await break_off(page);
    await button(page, "删除并停止").click();
    for (const again of [false, true]) {
      if (again) await page.reload();
      await heading(page, RETURN_EARLY).waitFor();
      assert.equal(await button(page, "回到问卷").count(), 0);
      assert.doesNotMatch(await words(page), DESK_WORDS);
    }
    await take_back(page);
    await says(page, /走访\s*1 户，见到人 1 户，完成 0 户.*还没发出\s*0 份/s);
    await button(page, "撤销上一户（拒绝）").waitFor();
    assert.deepEqual(await held(page), []);
  });

  test("who breaks off may let count what was answered: counted once, in part", async (t) => {
    const { url } = await counting(t);
    const { page, posts } = await tablet(t, url);
    for (let left = 5; left > 0; left--) {
      await hand_over(page);
      await begin(page);
      await break_off(page);
      await page.getByText("可以让已经答过的计入，没答的按“不愿回答”算；也可以全部删除。").waitFor();
      await button(page, COUNT).click();
      await heading(page, RETURN).waitFor();
      await take_back(page);
      await button(page, "撤销上一户（没答完）").waitFor();
    }
    await says(page, /走访\s*5 户，见到人 5 户，完成 0 户.*已完成\s*0 份\s*还没发出\s*5 份/s);
    await send(page);
    assert.equal(batches(posts).length, 1);
    const { n } = await results(url, "safety-demo");
    assert.equal(n, 5);
    const { count } = await among_hundreds(url, TODAY);
    // what was answered, and what was not reached
    assert.deepEqual([count("resident", "yes"), count("overall", "refused")], [5, 5]);
  });

  test("after handing in there is no second survey, whatever happens to the page", async (t) => {
    const { url } = await counting(t);
    const { page } = await tablet(t, url);
    await hand_over(page);
    await resident(page);
    for (const path of ["/c/safety-demo/shift", "/c/safety-demo", "/", "/c/safety-demo/results"]) {
      await page.goto(path);
      await heading(page, RETURN).waitFor();
      assert.equal(await button(page, "开始").count(), 0);
      assert.doesNotMatch(await words(page), DESK_WORDS);
    }
    await take_back(page);
    await says(page, /已完成\s*1 份\s*还没发出\s*1 份/);
  });

  test("the adult who was drawn stays drawn: after a reload, and asked again for as many", async (t) => {
    const { url } = await counting(t);
    const { page } = await tablet(t, url);
    const drawn = () => page.locator("#pick").innerText();
    assert.equal(await page.locator("#pick").count(), 0);
    await page.getByRole("radio", { name: "4 位" }).check();
    await page.locator("#pick").waitFor();
    const who = await drawn();
    assert.match(who, /^请年纪(最|第 [234] )大的成年人来答。$/);
    await page.reload();
    await page.locator("#pick").waitFor();
    assert.equal(await drawn(), who);
    assert.ok(await page.getByRole("radio", { name: "4 位" }).isChecked());
    await page.getByRole("radio", { name: "5 位或以上" }).check();
    await page.getByLabel("几位？").fill("12");
    await page.getByLabel("几位？").blur();
    await until(async () => /^请年纪(最|第 \d+ )大的成年人来答。$/.test(await drawn()));
    await page.getByRole("radio", { name: "1 位" }).check();
    await page.locator("#pick").getByText("只有一位成年人，请这位来答。").waitFor();
    // the next door is another household
    await hand_over(page);
    await resident(page);
    await take_back(page);
    await button(page, "交给居民作答").waitFor();
    assert.equal(await page.locator("#pick").count(), 0);
    assert.equal(await page.getByRole("radio", { checked: true }).count(), 0);
  });

  test("a call-back is a visit more and no door more", async (t) => {
    const { url } = await counting(t);
    const { page } = await tablet(t, url);
    for (let left = 2; left > 0; left--) {
      await button(page, "没人在家").click();
      await page.getByText("已记下：没人在家。").waitFor();
    }
    await says(page, /走访\s*2 户，见到人 0 户，完成 0 户/);
    assert.doesNotMatch(await words(page), /再次上门\s*\d/);
    await page.getByLabel("这户之前记过吗？").selectOption({ label: "之前记的是：没人在家" });
    await hand_over(page);
    await resident(page);
    await take_back(page);
    await says(page, /走访\s*2 户，见到人 1 户，完成 1 户\s*再次上门\s*1 次/);
    await page.getByLabel("这户之前记过吗？").selectOption({ label: "之前记的是：没人在家" });
    await button(page, "拒绝").click();
    await says(page, /走访\s*2 户，见到人 2 户，完成 1 户\s*再次上门\s*2 次/);
  });

  test("a door and a respondent counted by mistake are undone, each whole, and only the last one", async (t) => {
    const { url } = await counting(t);
    const { page, posts } = await tablet(t, url);
    await button(page, "进不去").click();
    await says(page, /走访\s*1 户/);
    await button(page, "拒绝").click();
    await says(page, /走访\s*2 户，见到人 1 户/);
    await button(page, "撤销上一户（拒绝）").click();
    await page.getByText("已撤销。").waitFor();
    await says(page, /走访\s*1 户，见到人 0 户/);
    assert.equal(await button(page, /撤销/).count(), 0);

    await residents(page, 5);
    assert.equal((await held(page)).length, 5);
    await page.reload();
    await button(page, "撤销上一户（完成）").click();
    await says(page, /走访\s*5 户，见到人 4 户，完成 4 户.*还没发出\s*4 份/s);
    assert.equal((await held(page)).length, 4, "the report of one who was taken back");
    await send(page);
    assert.deepEqual(batches(posts), [], "less than k left");
    await residents(page, 1);
    await send(page);
    assert.equal(await button(page, /撤销/).count(), 0, "what was sent cannot be undone");
    assert.equal((await results(url, "safety-demo")).n, 5);
  });

  test("what stands can be undone no longer: after half a minute, and at the next hand-over", async (t) => {
    const { url } = await counting(t);
    const { page } = await tablet(t, url, { timers: "held" });
    const undo = button(page, /撤销/);
    await button(page, "拒绝").click();
    await undo.waitFor();
    await page.clock.runFor(29_000);
    await page.reload();
    await undo.waitFor();
    await stands(page);
    await undo.waitFor({ state: "detached" });
    await button(page, "拒绝").click();
    await undo.waitFor();
    await hand_over(page);
    await button(page, "交还平板").click();
    await take_back(page);
    await says(page, /走访\s*2 户/);
    assert.equal(await undo.count(), 0);
  });

  test("the card after a shift tells what was done, with AAPOR's rates, and the collector is told the same", async (t) => {
    const { url } = await counting(t);
    const { page, posts } = await tablet(t, url);
    await residents(page, 2);
    for (const outcome of ["没人在家", "没人在家", "拒绝", "进不去", "不符合条件", "语言不通"]) {
      await button(page, outcome).click();
      await page.getByText(`已记下：${outcome}。`).waitFor();
      await button(page, `撤销上一户（${outcome}）`).waitFor();
    }
    await page.getByLabel("这户之前记过吗？").selectOption({ label: "之前记的是：没人在家" });
    await hand_over(page);
    await resident(page);
    await take_back(page);
    await end_shift(page);
    const card = (await page.locator("#shift-card").innerText()).replace(/\s+/g, " ");
    // eligible: 3 completed, 1 refused, 2 not met, 1 other
    for (const line of [
      "越城区 330602", "今天第 1 个班次", "走访 8 户，见到人 5 户，完成 3 户", "再次上门 1 次",
      "完成 3", "拒绝 1", "没人在家 1", "进不去 1", "不符合条件 1", "语言不通 1",
      told("应答率 RR1", 3, 7), told("应答率 RR2（含没答完）", 3, 7), told("合作率 COOP1", 3, 5),
      told("拒访率 REF1", 1, 7), told("接触率 CON1", 5, 7), "还有 3 份未送达",
    ]) assert.ok(card.includes(line), `${line} is not in: ${card}`);
    assert.doesNotMatch(card, /其他|没答完 \d/);

    await until(() => posts().length > 0);
    const [{ path, body }] = posts();
    assert.equal(path, "/api/campaigns/safety-demo/fieldwork");
    const { id, doors, ...rest } = JSON.parse(body ?? "");
    assert.match(id, /^[0-9a-f]{32}$/);
    assert.deepEqual(rest, { area: "330602", day: TODAY, shift: 1, part: "afternoon" });
    assert.deepEqual(doors, {
      outcomes: { completed: 3, refused: 1, nobody_home: 2, cannot_get_in: 1, not_eligible: 1, language: 1 },
      callbacks: { nobody_home: 1 },
      adults: { unknown: 3 },
    });
    await page.reload();
    await page.locator("#shift-card").waitFor();
    await begin_shift(page);
    await end_shift(page);
    assert.match(await words(page), /今天第 2 个班次/);
    assert.equal(new Set(posts().map(({ body }) => body)).size, 1, "a shift without a door has nothing to tell");
  });

  test("two tabs: a step in one, and the other catches up; nobody is lost or doubled", async (t) => {
    const { url } = await counting(t);
    const { page, context, posts } = await tablet(t, url);
    const other = await context.newPage();
    await other.clock.setFixedTime(await page.evaluate(() => Date.now()));
    await other.goto("/c/safety-demo/shift");
    await button(other, "交给居民作答").waitFor();
    /** What the browser tells a tab that comes to the front. */
    const front = async (tab) => {
      await tab.bringToFront();
      await tab.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    };

    await button(page, "没人在家").click();
    await says(page, /走访\s*1 户/);
    // the other one does not know, and its door is added to what there is
    await button(other, "拒绝").click();
    await says(other, /走访\s*2 户/);
    await front(page);
    await hand_over(page);
    await begin(page);
    await front(other);
    await button(other, "开始").waitFor();
    assert.doesNotMatch(await words(other), DESK_WORDS);

    // both have a resident's face; who hands in first is counted, and the other one's is not counted too
    await begin(other);
    await answer_all(other, NOT_ELIGIBLE);
    await answer_all(page, NOT_ELIGIBLE);
    await button(page, "完成，交还平板").click();
    await heading(page, RETURN).waitFor();
    await button(other, "完成，交还平板").click();
    await other.getByRole("alert").getByText("另一个标签页里正在操作，这里已经更新。").waitFor();
    await front(other);
    await heading(other, RETURN).waitFor();
    await take_back(other);
    await says(other, /走访\s*3 户，见到人 2 户，完成 1 户.*还没发出\s*1 份/s);
    await front(page);
    await says(page, /走访\s*3 户，见到人 2 户，完成 1 户.*还没发出\s*1 份/s);

    // by turns, with both on the desk
    for (let i = 0; i < 4; i++) {
      const tab = [page, other][i % 2];
      await front(tab);
      await residents(tab, 1);
    }
    await front(page);
    await says(page, /还没发出\s*5 份/);
    await Promise.all([page, other].map((tab) => button(tab, "现在发送").click()));
    await until(async () => (await results(url, "safety-demo")).n === 5);
    assert.ok(batches(posts).length <= 1);
  });

  test("a wrong PIN opens nothing, and the fourth try takes longer", async (t) => {
    const { url } = await counting(t);
    const { page } = await tablet(t, url, { timers: "held" });
    await hand_over(page);
    await button(page, "交还平板").click();
    const alert = page.getByRole("alert");
    for (let i = 0; i < 3; i++) {
      await take_back(page, "111111");
      await alert.getByText("PIN 不对。").waitFor();
      assert.doesNotMatch(await words(page), DESK_WORDS);
    }
    await page.reload();
    await button(page, "交还平板").click();
    await take_back(page);
    await alert.getByText("正在核对，请稍等…").waitFor();
    await page.clock.runFor(900);
    await alert.getByText("正在核对，请稍等…").waitFor();
    assert.ok(await button(page, "收回平板").isDisabled());
    await page.clock.runFor(200);
    await button(page, "交给居民作答").waitFor();
  });

  test("the sum under k outlives a reload and the end of the shift, each area its own", async (t) => {
    const { url } = await counting(t);
    const { page, posts } = await tablet(t, url);
    await residents(page, 2);
    await says(page, /还没发出\s*2 份/);
    await page.reload();
    await says(page, /还没发出\s*2 份/);
    await summary(page, "结束班次").click();
    await page.getByLabel("志愿者输入 PIN").fill("9999");
    await button(page, "结束班次").click();
    await page.getByText("PIN 不对。").waitFor();
    await page.getByLabel("志愿者输入 PIN").fill(PIN);
    await button(page, "结束班次").click();
    await button(page, "开始班次").waitFor();
    await page.locator("#shift-card").getByText("还有 2 份未送达").waitFor();

    await begin_shift(page, { area: "330603" });
    await says(page, /还没发出\s*0 份/);
    await end_shift(page);

    await begin_shift(page);
    await says(page, /已完成\s*0 份\s*还没发出\s*2 份/);
    await residents(page, 3);
    await send(page);
    await says(page, DELIVERED);
    assert.deepEqual(batches(posts).map(({ body }) => JSON.parse(body ?? "").n), [5]);
    assert.equal((await results(url, "safety-demo")).n, 5);
  });

  test("another campaign's shift is ended first", async (t) => {
    const { url } = await counting(t);
    const { page } = await tablet(t, url);
    await begin_shift(page, { campaign: "participation-demo" });
    await page.getByRole("alert").getByText("这台设备上另一项活动的班次还没有结束，请先结束它。").waitFor();
  });

  test("the collector is away: the batch is tried again, later and later, until it is acknowledged", async (t) => {
    const { data, remove } = site();
    t.after(remove);
    const first = await collector({ data, today: TODAY });
    const { page, posts } = await tablet(t, first.url, { timers: "held" });
    await residents(page, 4);
    await first.stop();
    await residents(page, 1);
    await stands(page);
    // the pauses are 2 s, 4 s, 8 s, each by half more or less
    for (const [tries, least] of [1000, 2000, 4000].entries()) {
      await says(page, WAITING(tries + 1));
      await page.clock.runFor(least - 100);
      assert.equal(posts().length, tries + 1, `tried again within ${least} ms`);
      for (let rest = 2 * least + 200; posts().length === tries + 1 && tries < 2; rest -= 100) {
        assert.ok(rest > 0, `not tried again within ${3 * least} ms`);
        await page.clock.runFor(100);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
    const second = await counting(t, { data, port: first.port });
    await page.clock.runFor(8_200);
    await says(page, DELIVERED);
    await says(page, NOTHING_WAITS);
    assert.equal(new Set(posts().map(({ body }) => body)).size, 1, "not the same batch each time");
    assert.equal((await results(second.url, "safety-demo")).n, 5);
  });

  test("the acknowledgement is lost: the batch is sent again and counts once", async (t) => {
    const { url } = await counting(t);
    const { page, posts } = await tablet(t, url, { timers: "held" });
    const lose = async (route) => {
      assert.equal((await route.fetch()).status(), 201);
      await route.abort();
    };
    await page.route("**/batches", lose);
    await residents(page, 5);
    await stands(page);
    await says(page, WAITING(1));
    assert.equal((await results(url, "safety-demo")).n, 5);
    await page.unroute("**/batches", lose);
    const answer = page.waitForResponse("**/batches");
    await button(page, "现在发送").click();
    assert.equal((await answer).status(), 200);
    await page.getByRole("status").getByText("都送到了。").waitFor();
    await says(page, DELIVERED);
    assert.equal(posts().length, 2);
    assert.equal(posts()[0].body, posts()[1].body);
    assert.equal((await results(url, "safety-demo")).n, 5);
  });

  test("a captive portal's friendly page is no acknowledgement", async (t) => {
    const { url } = await counting(t);
    const { page } = await tablet(t, url, { timers: "held" });
    await page.route("**/batches", (route) =>
      route.fulfill({ status: 200, contentType: "text/html", body: "<h1>欢迎使用免费无线网络</h1>" }), { times: 1 });
    await residents(page, 5);
    await stands(page);
    await says(page, WAITING(1));
    assert.match(await words(page), /已送达\s*0 份/);
    await page.reload();
    // opening the page again sends what waits
    await says(page, DELIVERED);
    assert.equal((await results(url, "safety-demo")).n, 5);
  });

  for (const [status, what, spoil] of [
    [422, "does not take it", (batch) => ({ ...batch, n: 4 })],
    [409, "has something else by that name", async (batch, url) => {
      await post(url, "safety-demo", { ...batch, area: "330603" });
      return batch;
    }],
  ]) {
    test(`the collector ${what} (${status}): the batch is kept, told, and not sent again unasked`, async (t) => {
      const { url } = await counting(t);
      const { page, posts } = await tablet(t, url, { timers: "held" });
      await page.route("**/batches", async (route) => {
        const batch = await spoil(route.request().postDataJSON(), url);
        await route.continue({ postData: JSON.stringify(batch) });
      }, { times: 1 });
      const answer = page.waitForResponse("**/batches");
      await residents(page, 5);
      await stands(page);
      const problem = await (await answer).json();
      assert.equal(problem.status, status);
      const told = `5 份的合计没有被接收，请告诉组织单位：${problem.title}: ${problem.detail}`;
      await page.getByText(told).waitFor();
      await page.clock.runFor("01:00:00");
      await page.reload();
      await page.getByText(told).waitFor();
      assert.equal(posts().length, 1);
      await button(page, "现在发送").click();
      if (status === 422) {
        await says(page, DELIVERED);
        assert.equal((await results(url, "safety-demo")).n, 5);
      } else {
        await page.getByRole("status").getByText("还有没送到的").waitFor();
        await page.getByText(told).waitFor();
      }
      assert.equal(posts().length, 2);
    });
  }

  test("the network is gone between residents: the tablet goes on, and sends later", async (t) => {
    const { url } = await counting(t);
    const { page, context, requests } = await tablet(t, url, { timers: "held" });
    // with what seals at hand; until then each resident is a new try to get it
    const keys = () => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("anxin.keys.")).length);
    await until(async () => (await keys()) === 2);
    await context.setOffline(true);
    const before = requests.length;
    await residents(page, 4);
    assert.equal(requests.length, before, "a resident costs no request");
    await residents(page, 1, {});
    await stands(page);
    await says(page, WAITING(1));
    await residents(page, 1);
    assert.match(await words(page), /还没发出\s*1 份/);
    await context.setOffline(false);
    await page.clock.runFor(3_000);
    await says(page, DELIVERED);
    assert.equal((await results(url, "safety-demo")).n, 5);
  });

  test("what an ended shift left goes out when the page is opened again", async (t) => {
    const { url } = await counting(t);
    const { page, posts } = await tablet(t, url, { timers: "held" });
    await page.route("**/batches", (route) => route.abort());
    await residents(page, 5);
    await stands(page);
    await says(page, WAITING(1));
    await end_shift(page);
    await until(() => batches(posts).length === 2);
    await page.unroute("**/batches");
    await page.reload();
    await button(page, "开始班次").waitFor();
    await until(async () => (await results(url, "safety-demo")).n === 5);
    assert.equal(batches(posts).length, 3);
    assert.equal(new Set(batches(posts).map(({ body }) => body)).size, 1, "not the same batch each time");
  });

  /** What can happen to a transaction, and what is told of it. @type {[string, string, (t: any, it: any) => Promise<() => Promise<unknown>>][]} */
  const FAILURES = [
    ["the device is full", "这台设备的存储满了，这一份还没有记下。请腾出空间后再按一次。", (t, { page }) => spoil(page, "full")],
    ["the transaction is aborted", LOST, (t, { page }) => spoil(page, "abort")],
    ["the database throws in the middle", LOST, async (t, { page, faults }) => {
      const mend = await spoil(page, "throw");
      return () => {
        assert.match(faults.splice(0).join(), /^QuotaExceededError/); // the browser's own word of it
        return mend();
      };
    }],
  ];
  // Formbricks #8029: what could not be stored was thanked for, and lost
  for (const [what, sentence, fails] of FAILURES) {
    test(`${what}: it is told, the answers wait on the screen, and pressing again counts once`, async (t) => {
      const { url } = await counting(t);
      const it = await tablet(t, url);
      const { page, posts } = it;
      await residents(page, 4);
      await hand_over(page);
      await begin(page);
      await answer_all(page, NOT_ELIGIBLE);
      const before = await journal(page);
      const mend = await fails(t, it);
      for (let again = 2; again > 0; again--) {
        await button(page, "完成，交还平板").click();
        await page.getByRole("alert").getByText(sentence).waitFor();
        assert.deepEqual(await journal(page), before, "half of a step is written");
        assert.equal((await held(page)).length, 4);
        await heading(page, "答完了，谢谢您！").waitFor();
        await page.evaluate(() => document.querySelector(".actions ~ .problem")?.remove());
      }
      await mend();
      await button(page, "完成，交还平板").click();
      await heading(page, RETURN).waitFor();
      await take_back(page);
      await says(page, /已完成\s*5 份\s*还没发出\s*5 份/);
      await send(page);
      assert.equal(batches(posts).length, 1);
      assert.equal((await results(url, "safety-demo")).n, 5);
    });
  }

  test("the journal is closed under the page's hands: it is opened again, and the step is taken", async (t) => {
    const { url } = await counting(t);
    const { page } = await tablet(t, url);
    await page.evaluate(() => {
      const transaction = IDBDatabase.prototype.transaction;
      IDBDatabase.prototype.transaction = function (...args) {
        IDBDatabase.prototype.transaction = transaction;
        this.close();
        return transaction.apply(this, args);
      };
    });
    await button(page, "拒绝").click();
    await says(page, /走访\s*1 户/);
  });

  test("a tablet that is put down with answers on it asks, and then deletes them", async (t) => {
    const { url } = await counting(t);
    const { page } = await tablet(t, url, { timers: "held" });
    await hand_over(page);
    await begin(page);
    await option(page, "是").check();
    await button(page, "下一步").click();
    const asks = page.getByRole("alertdialog", { name: "您还在吗？" });
    await page.clock.runFor(179_000);
    assert.equal(await asks.count(), 0);
    await page.clock.runFor(2_000);
    await asks.getByText(/一会儿没有操作，\d+ 秒后会删除已填的内容。/).waitFor();
    await button(page, "我还在").click();
    await asks.waitFor({ state: "detached" });
    assert.ok(await asked(page), "the answers are gone of one who is still there");
    await page.clock.runFor(181_000);
    await asks.waitFor();
    await page.clock.runFor(31_000);
    await heading(page, RETURN_EARLY).waitFor();
    assert.equal(await asks.count(), 0);
    await page.goto("/c/safety-demo/shift");
    await heading(page, RETURN_EARLY).waitFor();
    assert.equal(await button(page, "回到问卷").count(), 0);
    await take_back(page);
    await says(page, /走访\s*1 户，见到人 1 户，完成 0 户.*还没发出\s*0 份/s);
  });

  test("the desk fits 320 px, in large text too", async (t) => {
    const { url } = await counting(t);
    const { page } = await tablet(t, url, { viewport: { width: 320, height: 640 } });
    const wide = () => page.evaluate(() => {
      document.querySelectorAll("details").forEach((it) => { it.open = true; });
      const { clientWidth, scrollWidth } = document.documentElement;
      return scrollWidth > clientWidth ? [...document.querySelectorAll("body *")]
        .filter((it) => it.getBoundingClientRect().right > clientWidth + 1).map((it) => `${it.tagName} ${it.textContent}`) : [];
    });
    await page.getByRole("radio", { name: "5 位或以上" }).check();
    await page.getByLabel("几位？").waitFor();
    await button(page, "语言不通").click();
    await page.getByRole("radio", { name: "5 位或以上" }).check();
    await page.locator("#pick").waitFor();
    await button(page, /撤销/).waitFor();
    const look = async () => {
      assert.deepEqual(await wide(), []);
      await button(page, "关怀版").click();
      assert.deepEqual(await wide(), []);
      await button(page, "English").click();
      assert.deepEqual(await wide(), []);
      await button(page, "Large text").click();
      await button(page, "中文").click();
    };
    await look();
    await end_shift(page);
    await page.locator("#shift-card").waitFor();
    await look();
  });

  test("the campaign closes during a shift: no more residents, but what waits is still sent", async (t) => {
    const { data, remove } = site();
    t.after(remove);
    const open = await collector({ data, today: TODAY });
    const { page } = await tablet(t, open.url);
    await page.route("**/batches", (route) => route.abort());
    await residents(page, 5);
    await hand_over(page); // the fifth stands
    await button(page, "开始").waitFor();
    await open.stop();
    const closed = await counting(t, { data, port: open.port, today: "2027-12-01" });
    await page.clock.setFixedTime(new Date("2027-12-01T12:00:00+08:00"));
    await page.reload();
    await heading(page, RETURN_EARLY).waitFor();
    assert.equal(await button(page, "开始").count(), 0);
    await page.unroute("**/batches");
    await take_back(page);
    await page.getByText("活动已经结束，不能再作答；还没送达的仍会发送。").waitFor();
    assert.equal(await button(page, "交给居民作答").count(), 0);
    await page.reload();
    await says(page, DELIVERED);
    assert.equal((await results(closed.url, "safety-demo")).n, 5);
  });

  test("a quiz on a tablet is counted too", async (t) => {
    const { url } = await counting(t);
    const { page, posts } = await tablet(t, url, { shift: { campaign: "anti-fraud-demo" } });
    await hand_over(page);
    await begin(page);
    await answer_all(page);
    await summary(page, "会发送什么").click();
    assert.match(await page.locator("details").innerText(), /下面每一行只表示“这里加 1”/);
    assert.doesNotMatch(await page.locator("details").innerText(), /[a-z]+_[a-z]+|undefined|null/);
    await button(page, "完成，交还平板").click();
    await heading(page, RETURN).waitFor();
    await take_back(page);
    await says(page, /还没发出\s*1 份/);
    assert.deepEqual(posts(), []);
  });
});

/** What lies in the tablet's journal. @param {import("playwright-core").Page} page @returns {Promise<unknown[]>} */
const journal = (page) => page.evaluate(() => new Promise((resolve) => {
  const opening = indexedDB.open("anxin");
  opening.onsuccess = () => {
    const all = opening.result.transaction("journal").objectStore("journal").getAll();
    all.onsuccess = () => {
      opening.result.close();
      resolve(all.result);
    };
  };
}));

/** Has every step of the page's journal fail at its last write, until it is mended. @param {"full" | "abort" | "throw"} how */
async function spoil(page, how) {
  await page.evaluate((how) => {
    const put = (globalThis.put = IDBObjectStore.prototype.put);
    IDBObjectStore.prototype.put = function (value, key) {
      if (how === "throw") throw new DOMException("full", "QuotaExceededError");
      const request = put.call(this, value, key);
      if (key === "whole" || typeof key === "number") {
        if (how === "full") Object.defineProperty(this.transaction, "error", { value: new DOMException("full", "QuotaExceededError") });
        this.transaction.abort();
      }
      return request;
    };
  }, how);
  return () => page.evaluate(() => { IDBObjectStore.prototype.put = globalThis.put; });
}

/** One who lives here stops at the third question. */
async function break_off(page) {
  await option(page, "是").check();
  await button(page, "下一步").click();
  await option(page, "41–50岁").check();
  await button(page, "下一步").click();
  await button(page, "停止作答").click();
}

/** A rate as the card tells it. @param {string} name */
function told(name, x, n) {
  const percent = (share) => (100 * share).toFixed(1);
  const [low, high] = wilson(x, n);
  return `${name} ${percent(x / n)}%（${x}/${n}，95% 区间 ${percent(low)}–${percent(high)}%）`;
}

/** The 95 % Wilson interval of x in n. */
function wilson(x, n) {
  const z = 1.959963984540054;
  const middle = (x / n + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z / (1 + (z * z) / n)) * Math.sqrt(((x / n) * (1 - x / n)) / n + (z * z) / (4 * n * n));
  return [middle - half, middle + half];
}
