/**
 * What a questionnaire may ask for and the shipped ones do not: questions that may be passed over, a quiz
 * explained at its end, one language only; and texts that look like markup.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { chromium } from "./chromium.mjs";
import { collector } from "./collector.mjs";
import { answer_all, asked, begin, button, choose, device, heading, option, status, summary, TODAY, words } from "./device.mjs";

const zh = (text) => ({ "zh-CN": text });

/** JSON as the hash is made of: fields sorted, no white space (RFC 8785). */
const canonical = (value) =>
  JSON.stringify(value, (_, it) => {
    if (!it || typeof it !== "object" || Array.isArray(it)) return it;
    return Object.fromEntries(Object.entries(it).sort(([a], [b]) => (a < b ? -1 : 1)));
  });

/** A number from 0 to 9. */
const NUMBER = {
  id: "a",
  type: "integer",
  text: zh("几个？"),
  bins: [{ id: "few", text: zh("不多"), from: 0, to: 3 }, { id: "many", text: zh("不少"), from: 4, to: 9 }],
};

/** A questionnaire of these items. */
const form = (items, rest = {}) => ({
  format: 1,
  id: "trial",
  version: "1",
  languages: ["zh-CN"],
  title: zh("试用问卷"),
  header: {
    table_number: zh("试1表"),
    issued_by: zh("某机关"),
    approval_number: zh("无"),
    valid_from: "2026-01-01",
    valid_until: "2027-12-31",
    purpose: zh("试一试。"),
    organiser: zh("某街道"),
    contact: zh("某窗口"),
    retention: zh("只留合计数。"),
  },
  words: { yes: zh("是"), no: zh("否"), dont_know: zh("说不清") },
  sections: [{ id: "s", title: zh("一节"), items }],
  indicators: [],
  joints: [],
  ...rest,
});

describe("a questionnaire", () => {
  /** @type {import("playwright-core").Browser} */
  let browser;
  let site;
  before(async () => {
    [browser, site] = await Promise.all([chromium(), collector({ today: TODAY })]);
  });
  after(() => Promise.all([browser.close(), site.stop()]));

  /** A phone on whose cover this questionnaire stands. */
  async function cover(t, definition, campaign = "safety-demo", rest = {}) {
    const it = await device(t, browser, site.url);
    const body = canonical(definition);
    const questionnaire = createHash("sha256").update(body).digest("hex");
    await it.page.route("**/api/questionnaires/*", (route) => route.fulfill({ contentType: "application/json", body }));
    await it.page.route("**/api/campaigns/*", async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...(await response.json()), questionnaire, ...rest } });
    });
    await it.page.goto(`/c/${campaign}`);
    await heading(it.page).waitFor();
    assert.equal(await heading(it.page).innerText(), definition.title["zh-CN"]);
    return it;
  }
  const next = (page) => button(page, "下一步").click();

  test("a softly required question warns once, then lets itself be passed over", async (t) => {
    const { page } = await cover(t, form([
      { id: "a", type: "yes_no", text: zh("甲？"), required: "soft" },
      { id: "b", type: "yes_no", text: zh("乙？") },
    ]));
    await begin(page);
    await next(page);
    assert.equal(await status(page).innerText(), "这一题还没有回答。再按一次“下一步”就跳过。");
    assert.equal((await asked(page)).text, "甲？");
    await next(page);
    assert.equal((await asked(page)).text, "乙？");
    await choose(page, "是");
    await next(page);
    await summary(page, "会发送什么").click();
    assert.match(await page.locator("details").innerText(), /甲？\s*没有回答\s*乙？\s*是/);
  });

  test("an optional question says so and warns of nothing", async (t) => {
    const { page } = await cover(t, form([
      { ...NUMBER, required: "optional" },
      { id: "b", type: "yes_no", text: zh("乙？") },
    ]));
    await begin(page);
    await page.getByText("这一题可以不答。").waitFor();
    await next(page);
    assert.equal((await asked(page)).text, "乙？");
  });

  test("a follow-up hangs on a number, and comes and goes with it", async (t) => {
    const { page } = await cover(t, form([
      NUMBER,
      { id: "b", type: "yes_no", text: zh("这么多？"), ask_if: { op: "range", item: "a", min: 4, max: 9 } },
      { id: "c", type: "yes_no", text: zh("丙？") },
    ]));
    await begin(page);
    await choose(page, 5);
    await next(page);
    assert.equal((await asked(page)).text, "这么多？");
    await button(page, "上一步").click();
    await choose(page, 3);
    await next(page);
    assert.equal((await asked(page)).text, "丙？");
  });

  test("a quiz explained at its end tells nothing before, and lets its taker go back", async (t) => {
    const items = ["甲", "乙", "丙"].map((name, i) => ({
      id: `q${i}`,
      type: "yes_no",
      text: zh(`${name}对吗？`),
      key: ["yes"],
      points: 2,
      explanation: zh(`${name}是对的。`),
      topic: "t",
      source: "S",
    }));
    const quiz = { draw: 3, pass_percent: 60, feedback: "end", topics: [{ id: "t", title: zh("一类") }] };
    const { page } = await cover(t, form(items, { quiz }), "anti-fraud-demo");
    assert.match(await words(page), /共 3 题 · 答对 60% 为通过 · 答完后看讲解/);
    await begin(page);
    assert.equal(await button(page, "确定").count(), 0);
    const first = (await asked(page)).text;
    await choose(page, "否");
    await next(page);
    assert.doesNotMatch(await words(page), /答对了|没答对|是对的/);
    await button(page, "上一步").click();
    assert.ok(await option(page, "否").isChecked());
    assert.ok(await option(page, "否").isEnabled());
    await answer_all(page, { [first]: "否" });
    assert.match(await words(page), /得 4 分，满分 6 分\n+✓ 通过了/);
    assert.match(await words(page), /甲是对的。/);
  });

  test("in one language only, there is no other to choose", async (t) => {
    const { page } = await cover(t, form([{ id: "a", type: "yes_no", text: zh("甲？") }]));
    assert.deepEqual(await page.getByRole("banner").getByRole("button").allInnerTexts(), ["关怀版"]);
  });

  test("a text that looks like markup is text", async (t) => {
    const text = '<img src=x onerror="alert(1)"><b>甲</b>？';
    const options = [{ id: "x", text: zh("<u>一</u>") }, { id: "y", text: zh("二") }];
    const item = { id: "a", type: "single", text: zh(text), help: zh("<i>助</i>"), options };
    const { page } = await cover(t, form([item], { title: zh("<h2>题</h2>") }));
    await begin(page);
    assert.equal((await asked(page)).text, text);
    await option(page, "<u>一</u>").check();
    assert.equal(await page.locator("main").locator("img, b, i, u, h2").count(), 0);
  });

  test("where phones are not counted, a phone practises: it says so, asks for no area and sends nothing", async (t) => {
    const definition = form([{ id: "a", type: "yes_no", text: zh("甲？") }]);
    const { page, requests } = await cover(t, definition, "safety-demo", { channels: ["tablet"] });
    assert.match(await words(page), /这里只是练习：您的回答只留在这台设备上，不发送，也不计入结果。/);
    assert.equal(await page.getByRole("combobox").count(), 0);
    await begin(page);
    await answer_all(page);
    assert.equal(await button(page, "提交").count(), 0);
    await button(page, "再来一次").click();
    assert.equal(await page.locator("#control input:checked").count(), 0, "the last respondent's answer is still there");
    assert.deepEqual(requests.filter(({ method, path }) => method !== "GET" || /dap|report|seal/.test(path)), []);
  });

  test("every option is there however they are shuffled; the pinned ones stay last", async (t) => {
    const options = [..."甲乙丙丁戊"].map((name, i) => ({ id: `o${i}`, text: zh(name) }));
    options.push({ id: "none", text: zh("都没有"), pinned: true, exclusive: true });
    const definition = form([{ id: "a", type: "multiple", text: zh("哪些？"), order: "shuffled", options }]);
    const { page } = await cover(t, definition, "safety-demo", { channels: ["tablet"] });
    const orders = new Set();
    for (let i = 0; i < 8; i++) {
      if (i) await button(page, "再来一次").click();
      else await begin(page);
      const { options: seen } = await asked(page);
      assert.deepEqual([...seen].sort(), [..."丁丙乙戊甲", "都没有"].sort());
      assert.equal(seen.at(-1), "都没有");
      orders.add(seen.join());
      await answer_all(page);
    }
    assert.ok(orders.size > 1, "eight respondents in the same order");
  });
});
