/**
 * The anti-fraud quiz on a phone: each answer explained at once, all of them again at the end, another go with
 * other questions, which is practice: only the first is handed in.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { chromium } from "./chromium.mjs";
import { collector } from "./collector.mjs";
import { answer_all, asked, begin, button, choose, device, heading, option, status, summary, TODAY, until, words } from "./device.mjs";

const bank = JSON.parse(readFileSync(new URL("../../www/instruments/anti_fraud.json", import.meta.url), "utf8"));

/** What the bank says of a question: its right answer and the reason, in Chinese. */
const facts = new Map(
  bank.sections
    .flatMap((section) => section.items)
    .map(({ text, type, options = [], key, explanation, review, topic }) => {
      const named = type === "yes_no" ? ["yes", "no"].map((id) => ({ id, text: bank.words[id] })) : options;
      const of = (ids) => named.filter(({ id }) => ids.includes(id)).map((it) => it.text["zh-CN"]);
      const wrong = named.filter(({ id }) => !key.includes(id)).map((it) => it.text["zh-CN"]);
      return [text["zh-CN"], { right: of(key), wrong, reason: explanation["zh-CN"], review: review === "needed", topic }];
    }),
);

describe("a quiz on a phone", () => {
  /** @type {import("playwright-core").Browser} */
  let browser;
  let site;
  before(async () => {
    [browser, site] = await Promise.all([chromium(), collector({ today: TODAY })]);
  });
  after(() => Promise.all([browser.close(), site.stop()]));

  /** A phone on which the quiz has begun. */
  async function begun(t) {
    const it = await device(t, browser, site.url);
    await it.page.goto("/c/anti-fraud-demo");
    await heading(it.page, "反电信诈骗知识测评").waitFor();
    await begin(it.page);
    return it;
  }

  /** Answers the question on the screen, rightly or not, and confirms. */
  async function answer(page, rightly) {
    const { text } = await asked(page);
    const fact = facts.get(text);
    assert.ok(fact, `the bank has no ${text}`);
    await choose(page, rightly ? fact.right : fact.wrong[0]);
    await button(page, "确定").click();
    return { text, ...fact };
  }

  test("says on its cover how it goes, and what becomes of the answers", async (t) => {
    const { page } = await device(t, browser, site.url);
    await page.goto("/c/anti-fraud-demo");
    await heading(page, "反电信诈骗知识测评").waitFor();
    assert.match(await words(page), /共 20 题 · 答对 80% 为通过 · 每答一题就看讲解/);
    assert.match(await words(page), /您的回答在这台手机上拆成两份密文，分别交给两个汇总方/);
  });

  test("tells right from wrong with the reason, once the answer is confirmed, and lets it stand", async (t) => {
    const { page } = await begun(t);
    await button(page, "确定").click();
    assert.equal(await status(page).innerText(), "请先回答这一题。");

    const right = await answer(page, true);
    assert.equal(await status(page).innerText(), `✓ 答对了\n\n${right.reason}`);
    for (const text of right.right) assert.ok(await option(page, `${text} ✓ 正确答案`).isChecked());
    assert.ok(await page.getByRole("radio").or(page.getByRole("checkbox")).first().isDisabled());
    assert.equal((await asked(page)).text, right.text, "the reason stands beside its question");
    await button(page, "下一步").click();

    const wrong = await answer(page, false);
    assert.equal(await status(page).innerText(), `✗ 没答对\n\n${wrong.reason}`);
    assert.ok(await option(page, `${wrong.wrong[0]} ✗ 您的回答`).isChecked());
    await option(page, `${wrong.right[0]} ✓ 正确答案`).waitFor();
    await button(page, "English").click();
    await until(async () => /^✗ Not right\n/.test(await status(page).innerText()));
    await button(page, "中文").click();
    await button(page, "上一步").click();
    assert.equal((await asked(page)).text, right.text);
    assert.ok(await page.getByRole("radio").or(page.getByRole("checkbox")).first().isDisabled(), "no second try");
  });

  test("is passed from 16 right on; the end goes through every question with its reason", async (t) => {
    const { page, posts } = await begun(t);
    const asked_ = [];
    for (let i = 0; i < 20; i++) {
      asked_.push(await answer(page, i >= 4));
      await button(page, "下一步").click();
    }
    await heading(page, "答完了，谢谢您！").waitFor();
    const end = await words(page);
    assert.match(end, /得 16 分，满分 20 分\n+✓ 通过了/);
    assert.match(end, /您的回答在这台手机上拆成两份密文/);
    assert.equal(new Set(asked_.map(({ text }) => text)).size, 20, "a question came twice");
    for (const { id } of bank.quiz.topics) {
      const drawn = asked_.filter(({ topic }) => topic === id).length;
      const share = 20 / bank.quiz.topics.length;
      assert.ok(drawn >= Math.floor(share) && drawn <= Math.ceil(share), `${drawn} questions on ${id}`);
    }

    const review = page.getByRole("list").locator("li");
    assert.equal(await review.count(), 20);
    const texts = await review.allInnerTexts();
    asked_.forEach(({ text, reason, right, wrong, review: needed }, i) => {
      const told = texts[i];
      assert.ok(told.startsWith(text), `${i}: ${told}`);
      assert.ok(told.includes(reason));
      assert.ok(told.includes(i >= 4 ? "✓ 答对了" : "✗ 没答对"));
      if (i < 4) assert.ok(told.includes(wrong[0]) && told.includes(right[0]));
      assert.equal(told.includes("这一条还在核实。"), needed);
      assert.match(told, /资料编号：[A-Z]/);
    });

    await summary(page, "会发送什么").click();
    assert.match(await page.locator("details").innerText(), /得分\s*16\n/);
    assert.equal(await button(page, "上一步").count(), 0, "nobody goes back to a quiz whose answers they have seen");
    assert.deepEqual(posts(), []);
  });

  test("is not passed with 15; don't know is an answer, and a wrong one", async (t) => {
    const { page } = await begun(t);
    for (let i = 0; i < 20; i++) {
      if (i === 0) {
        await option(page, "不知道").check();
        await button(page, "确定").click();
        assert.match(await status(page).innerText(), /^✗ 没答对/);
      } else {
        await answer(page, i >= 5);
      }
      await button(page, "下一步").click();
    }
    assert.match(await words(page), /得 15 分，满分 20 分\n+○ 还没通过/);
  });

  test("another go draws other questions, is practice and not sent; nothing else leaves the phone", async (t) => {
    const { page, requests, posts } = await begun(t);
    const first = await answer_all(page);
    assert.deepEqual(posts(), []);
    await button(page, "提交").click();
    await page.locator("#delivery").getByText("✓ 已送达，计入总数了。").waitFor();
    assert.equal(posts().length, 1);
    const before = requests.length;
    await button(page, "再练一次（不计入）").click();
    const second = await answer_all(page);
    assert.equal(second.length, 20);
    assert.match(await words(page), /这里只是练习：您的回答只留在这台设备上，不发送，也不计入结果。/);
    assert.equal(await button(page, "提交").count(), 0);
    assert.equal(await summary(page, "会发送什么").count(), 0);
    await button(page, "再来一次").click();
    await answer_all(page);
    // 105 facts: that the same twenty come again in the same order is out of the question
    assert.notDeepEqual(second, first);
    assert.equal(requests.length, before, "a second go asks for nothing");
    const known = [
      /^\/c\/anti-fraud-demo$/,
      /^\/api\/(campaigns\/anti-fraud-demo|questionnaires\/[0-9a-f]{64})$/,
      /^\/(style-[\w-]{8}\.css|[a-z]+-[\w-]{8}\.js|pkg\/anxin(_seal)?_bg-[\w-]{8}\.wasm)$/,
      /^\/dap\/(leader|helper)\/hpke_config\?task_id=[\w-]{43}$/,
    ];
    const strange = requests.filter(({ method, path, body }) => method !== "GET" || body || !known.some((it) => it.test(path)));
    assert.deepEqual(strange.map(({ method, path }) => [method, path.replace(/[\w-]{43}/, "…")]), [["PUT", "/dap/leader/tasks/…/reports"]]);
  });

  test("two phones get different questions", async (t) => {
    const draws = await Promise.all([begun(t), begun(t)].map(async (it) => answer_all((await it).page)));
    assert.notDeepEqual(draws[0], draws[1]);
  });
});
