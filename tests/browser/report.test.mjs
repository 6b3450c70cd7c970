/**
 * A phone hands in: what leaves it and what stays, when it has to wait, and that each respondent counts once
 * whatever happens on the way.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, describe, test } from "node:test";
import { chromium } from "./chromium.mjs";
import { among_hundreds, collector, counting, results, site } from "./collector.mjs";
import {
  answer_all, begin, button, device, heading, held, link, NOT_ELIGIBLE, picture, summary, TABLET, TODAY, until, words,
} from "./device.mjs";
import { begin_shift, end_shift, take_back } from "./screens.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core"), "utf8");
const safety = JSON.parse(readFileSync(new URL("../../www/instruments/safety.json", import.meta.url), "utf8"));

const CELLS = 534;
const SAFETY = "/c/safety-demo?area=330602";
const REPORTS = "**/dap/leader/tasks/*/reports";
const KEYS = "**/hpke_config?*";
const OVERALL = "就目前的社会治安来说，您觉得安全吗？";
const PROBLEMS = "哪些情况让您觉得不安全？";

/** What the screen after handing in tells, in Chinese and in English. */
const COUNTED = "✓ 已送达，计入总数了。";
const SENTENCES = {
  counted: [COUNTED, "✓ Received and added to the totals."],
  offline: ["现在没有网络。加密后的回答保存在这台手机上，联网后打开这个页面会自动发送。", "There is no network now."],
  unreachable: ["暂时连不上汇总方。加密后的回答保存在这台手机上，会自动再发。", "The aggregators cannot be reached."],
  silent: ["汇总方在线，但没有收下，也没有说明原因。加密后的回答还在这台手机上，会自动再试。", "The aggregator works but did not take it"],
  rejected: [
    "汇总方没有收下：活动已经截止，或内容没有通过校验。加密后的回答还在这台手机上，请告诉组织单位。",
    "The aggregator does not take it: the survey has closed, or a check failed.",
  ],
};
const LATER = "还没有网络，暂时不能提交。请不要关闭这个页面，稍后再按一次。";

/** Bytes of a report of so many cells, from DAP-09 and VDAF-08 alone. */
function report_bytes(cells) {
  const power = (n) => 2 ** Math.ceil(Math.log2(n));
  const proof = Math.min(...Array.from({ length: cells }, (_, i) => 2 * (i + 1) + 2 * (power(1 + Math.ceil(cells / (i + 1))) - 1) + 1));
  const sealed = (share) => 1 + (2 + 32) + 4 + (2 + 4 + share) + 16; // key's id, encapsulated key, extensions, share, tag
  const [leader, helper] = [16 * (cells + proof) + 16, 3 * 16]; // the helper gets two seeds; each a blind
  return 16 + 8 + (4 + 2 * 16) + sealed(leader) + sealed(helper); // id, time, the public share's two parts
}

/** Field elements of 0 and 1 one after another, as cells would lie there in the clear. @param {Buffer} bytes */
const clear = (bytes) => /(?:(?:00|01)(?:00){15}){3}/.test(bytes.toString("hex"));

/** Every answer of the questionnaire: names and words. */
const names = safety.sections.flatMap(({ items }) => items).flatMap(({ id, text, options = [] }) =>
  [{ id, text }, ...options].flatMap((it) => [it.id, ...Object.values(it.text)])).filter((it) => Buffer.byteLength(it) > 5);

/** What the browser keeps of an origin. @param {import("playwright-core").Page} page @returns {Promise<Record<string, string>>} */
const kept = (page) => page.evaluate(() => ({ ...localStorage }));
const names_kept = async (page, start) => Object.keys(await kept(page)).filter((key) => key.startsWith(start));
const waiting = (page) => names_kept(page, "anxin.report.");

const told = (page, sentence) => page.getByRole("status").getByText(sentence).waitFor();
const hand_in = (page) => button(page, "提交").click();
const send_now = (page) => button(page, "现在发送").click();

describe("a phone that hands in", () => {
  /** @type {import("playwright-core").Browser} */
  let browser;
  before(async () => {
    browser = await chromium();
  });
  after(() => browser.close());

  /** A collector that can be stopped, and its successor on the same data and port. */
  async function mortal(t) {
    const { data, remove } = site();
    t.after(remove);
    const first = await collector({ data, today: TODAY });
    t.after(first.stop);
    return { url: first.url, stop: first.stop, back: (today = TODAY) => counting(t, { data, port: first.port, today }) };
  }

  /** A phone that has come to the end of the survey. */
  async function at_end(t, url, { path = SAFETY, answers = NOT_ELIGIBLE, ...options } = {}) {
    const it = await device(t, browser, url, { hasTouch: true, ...options });
    await it.page.goto(path);
    await begin(it.page);
    await answer_all(it.page, answers);
    await heading(it.page, "答完了，谢谢您！").waitFor();
    return it;
  }

  /** So many more respondents, one after another on another phone. */
  async function others(t, url, n) {
    const { page } = await device(t, browser, url);
    for (let left = n; left > 0; left--) {
      await page.goto(SAFETY);
      await begin(page);
      await answer_all(page, NOT_ELIGIBLE);
      await hand_in(page);
      await told(page, COUNTED);
    }
  }

  const shown = async (url) => (await results(url, "safety-demo")).n ?? 0;

  /** So many have been counted, no more and no fewer: a sum shows from five on. */
  async function counts(t, url, n) {
    await others(t, url, 4 - n);
    assert.equal(await shown(url), 0, `counted more than ${n}`);
    await others(t, url, 1);
    assert.equal(await shown(url), 5, `counted fewer than ${n}`);
  }

  const puts = ({ posts }) => posts();
  const same = (it) => new Set(puts(it).map(({ bytes }) => bytes.toString("hex"))).size;

  test("the checks below can find what they look for", () => {
    const cells = Buffer.alloc(16 * 4);
    cells[16] = 1;
    assert.ok(clear(Buffer.concat([Buffer.from("abcd"), cells])));
    assert.equal(clear(Buffer.from("12".repeat(400), "hex")), false);
    assert.ok(names.includes("电信网络诈骗") && names.length > 60, String(names.length));
  });

  test("five in one area make a result, four none; each sends one sealed report and keeps nothing", async (t) => {
    const { url } = await counting(t);
    const answers = [["安全"], ["比较安全"], ["不太安全", "电信网络诈骗"], ["比较安全"], ["不安全", "偷盗"]];
    const sizes = new Set();
    for (const [i, [overall, problem]] of answers.entries()) {
      const it = await at_end(t, url, { path: "/c/safety-demo", answers: { [OVERALL]: overall, [PROBLEMS]: problem } });
      const { page } = it;
      assert.deepEqual(puts(it), [], "something left before it was handed in");
      const holding = Object.values(await kept(page)).join(" ");
      assert.deepEqual(names.filter((name) => holding.includes(name)), []);
      let stored;
      await page.route(REPORTS, async (route) => {
        stored = await kept(page);
        await route.continue();
      });
      await hand_in(page);
      await told(page, COUNTED);

      assert.equal(puts(it).length, 1);
      const [{ method, path, type, bytes }] = puts(it);
      assert.match(path, /^\/dap\/leader\/tasks\/[\w-]{43}\/reports$/);
      assert.deepEqual([method, type, bytes.length], ["PUT", "application/dap-report", report_bytes(CELLS)]);
      assert.equal(clear(bytes), false, "cells in the clear");
      sizes.add(bytes.length);
      // while it waited it was the sealed bytes, and what is public
      const [[, waited]] = Object.entries(stored).filter(([key]) => key.startsWith("anxin.report."));
      assert.ok(waited.endsWith(bytes.toString("hex")));
      // the campaign's own name is no answer
      const all = `${JSON.stringify(stored)} ${JSON.stringify(await kept(page))} ${bytes.toString("latin1")} ${bytes.toString()}`.replaceAll("safety-demo", "");
      assert.deepEqual(names.filter((name) => all.includes(name)), [], "an answer in the clear");
      assert.deepEqual(await waiting(page), []);
      for (const key of Object.keys(await kept(page))) assert.match(key, /^anxin\.keys?\./);

      // the answers are forgotten: nothing leads back to them
      await page.goBack();
      await told(page, COUNTED);
      await page.goForward();
      await told(page, COUNTED);
      assert.equal(await page.locator("details, input").count(), 0);
      const refused = await page.evaluate(() => {
        const { survey } = document.querySelector("anxin-survey");
        const of = (ask) => { try { return ask(); } catch (e) { return String(e); } };
        return JSON.stringify([of(() => survey.sent("zh-CN")), of(() => survey.view("zh-CN"))]);
      });
      assert.deepEqual(names.filter((name) => refused.includes(`"${name}"`)), [], refused);
      assert.equal(await shown(url), i < 4 ? 0 : 5, `after ${i + 1}`);
    }
    const { indicators, items, areas, n } = await results(url, "safety-demo");
    assert.equal(n, 5);
    assert.equal(areas.find(({ code }) => code === "330602").n, 5);
    assert.ok(indicators.every(({ estimates: { all, valid }, bound }) => !all && !valid && !bound), "five are too few");
    assert.ok(items.every(({ asked }) => asked === null), "five are too few");
    const { page } = await device(t, browser, url);
    await page.goto("/c/safety-demo/results");
    await page.getByText("5 份回答").first().waitFor();
    const { rate, count } = await among_hundreds(url, TODAY);
    assert.deepEqual(rate("safety_satisfaction", "valid"), [3, 5]);
    assert.deepEqual(["safe", "fairly_safe", "rather_unsafe", "unsafe"].map((id) => count("overall", id)), [1, 2, 1, 1]);
  });

  test("the area is asked for unless the address names one; nobody starts without", async (t) => {
    const { url } = await counting(t);
    const { page, requests } = await device(t, browser, url);
    for (const path of ["/c/safety-demo", "/c/safety-demo?area=999999"]) {
      await page.goto(path);
      await button(page, "开始").click();
      await page.getByRole("alert").getByText("您在哪个区域？").waitFor();
      assert.ok(await page.getByLabel("您在哪个区域？").evaluate((it) => it === document.activeElement));
    }
    assert.deepEqual(requests.filter(({ path }) => /dap|seal|report/.test(path)), []);
    await page.getByLabel("您在哪个区域？").selectOption({ label: "柯桥区" });
    await button(page, "开始").click();
    await page.locator("#question").waitFor();
    await page.goto("/c/safety-demo?area=330603");
    await button(page, "开始").waitFor();
    assert.equal(await page.getByRole("combobox").count(), 0);
    // the five of one area count there, and nowhere else
    for (let n = 0; n < 5; n++) {
      await page.goto("/c/safety-demo");
      await begin(page, "330603");
      await answer_all(page, NOT_ELIGIBLE);
      await hand_in(page);
      await told(page, COUNTED);
    }
    const { areas } = await results(url, "safety-demo");
    assert.deepEqual(areas.filter(({ n }) => n).map(({ code, n }) => [code, n]), [["330603", 5]]);
  });

  test("the cover says who could see what; the end names both aggregators and the cells in words", async (t) => {
    const { url } = await counting(t);
    const it = await at_end(t, url, { answers: { [OVERALL]: "不太安全", [PROBLEMS]: "电信网络诈骗" } });
    const { page } = it;
    const FATE = /您的回答在这台手机上拆成两份密文，分别交给两个汇总方，只能和别人的加在一起算总数。/;
    const ONE_BODY = /两个汇总方目前由同一家单位运行：它承诺只算总数，要是违背承诺把两份放到一起，就能看到您的回答。/;
    assert.match(await words(page), FATE);
    assert.match(await words(page), ONE_BODY);
    await summary(page, "会发送什么").click();
    const sent = await page.locator("details").innerText();
    assert.match(sent, /它们先拆成两份看不出内容的密文，再分别交给：/);
    for (const line of [`${url}/dap/leader`, `${url}/dap/helper`, `${OVERALL}\n不太安全`, `${PROBLEMS}\n电信网络诈骗`]) {
      assert.ok(sent.includes(line), `what is sent lacks ${line}`);
    }
    assert.match(sent, /另有 \d+ 处记的是“没有问到”。/);
    assert.deepEqual(puts(it), []);

    const elsewhere = await device(t, browser, url);
    const aggregators = { leader: "https://one.example/dap", helper: "https://two.example/dap" };
    await elsewhere.page.route("**/api/campaigns/safety-demo", async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...(await response.json()), aggregators } });
    });
    await elsewhere.page.goto(SAFETY);
    await button(elsewhere.page, "开始").waitFor();
    assert.match(await words(elsewhere.page), /两个汇总方是两家单位，互相看不到对方的那一份，谁也看不到您一个人怎么答的。/);
    assert.doesNotMatch(await words(elsewhere.page), ONE_BODY);
    await page.goto(SAFETY);
    await button(page, "开始").waitFor();
    assert.match(await words(page), ONE_BODY);
    await button(page, "English").click();
    await page.getByText("One body runs both aggregators at present").waitFor();
  });

  for (const [what, pattern] of [["module", "**/pkg/anxin_seal_bg-*.wasm"], ["script", "**/report-*.js"], ["keys", KEYS]]) {
    test(`the sealing ${what} hangs: no question waits for it; handing in says so, and works once it is there`, async (t) => {
      const { url } = await counting(t);
      const it = await device(t, browser, url);
      const { page, requests } = it;
      let release = () => {};
      const there = new Promise((resolve) => { release = () => resolve(undefined); });
      t.after(() => release());
      await page.route(pattern, async (route) => {
        await there;
        await route.continue();
      });
      await page.goto(SAFETY);
      await heading(page).waitFor();
      const sealing = () => requests.filter(({ path }) => /report-|anxin_seal|hpke_config/.test(path)).length;
      await new Promise((resolve) => setTimeout(resolve, 300));
      assert.equal(sealing(), 0, "the cover already asks for it");
      await begin(page);
      await until(() => sealing() > 0);
      await answer_all(page, NOT_ELIGIBLE);
      await hand_in(page);
      await page.getByRole("alert").getByText(LATER).waitFor();
      assert.deepEqual(puts(it), []);
      await summary(page, "会发送什么").click();
      assert.match(await page.locator("details").innerText(), /您在本地住满一年了吗？\s*否/, "the answers are gone");
      release();
      await hand_in(page);
      await told(page, COUNTED);
      assert.equal(puts(it).length, 1);
    });
  }

  for (const [what, pattern] of [["module", "**/pkg/anxin_seal_bg-*.wasm"], ["script", "**/report-*.js"], ["keys", KEYS]]) {
    test(`the sealing ${what} does not arrive at first: handing in says so, and works later`, async (t) => {
      const { url } = await counting(t);
      const it = await device(t, browser, url);
      const { page } = it;
      const lost = (route) => route.abort();
      await page.route(pattern, lost);
      await page.goto(SAFETY);
      await begin(page);
      await answer_all(page, NOT_ELIGIBLE);
      await hand_in(page);
      await page.getByRole("alert").getByText(LATER).waitFor();
      await page.unroute(pattern, lost);
      await hand_in(page);
      await told(page, COUNTED);
      assert.equal(puts(it).length, 1);
    });
  }

  test("a captive portal's page is no key, and does not push out the keys of an earlier visit", async (t) => {
    const { url } = await counting(t);
    const it = await at_end(t, url);
    const { page } = it;
    await hand_in(page);
    await told(page, COUNTED);
    const portal = (route) => route.fulfill({ status: 200, contentType: "text/html", body: "<h1>欢迎使用免费无线网络</h1>" });
    await page.route(KEYS, portal);
    await page.goto(SAFETY);
    await begin(page);
    await answer_all(page, NOT_ELIGIBLE);
    await hand_in(page);
    await told(page, COUNTED);
    assert.equal(puts(it).length, 2);
  });

  test("offline at hand-in: it says so, and goes by itself when the network is back", async (t) => {
    const { url } = await counting(t);
    const it = await at_end(t, url, { timers: "held" });
    await it.context.setOffline(true);
    await hand_in(it.page);
    await told(it.page, SENTENCES.offline[0]);
    assert.match(await words(it.page), /您的回答已经从这台手机上删除。/);
    assert.equal((await waiting(it.page)).length, 1);
    await send_now(it.page);
    await told(it.page, SENTENCES.offline[0]);
    assert.equal(await shown(url), 0);
    await it.context.setOffline(false); // no timer has run
    await told(it.page, COUNTED);
    assert.deepEqual(await waiting(it.page), []);
    assert.equal(same(it), 1, "not the same bytes each time");
    await counts(t, url, 1);
  });

  test("closed while it waits: any page says so, and sends it from there", async (t) => {
    const { url } = await counting(t);
    const it = await at_end(t, url);
    const { page } = it;
    const lost = (route) => route.abort();
    await page.route(REPORTS, lost);
    await hand_in(page);
    await told(page, SENTENCES.silent[0]);
    await page.goto("/");
    await told(page, "有 1 份加密的回答等待发送。");
    await told(page, SENTENCES.silent[0]);
    await page.reload();
    await heading(page, "现在可以参加的调查和测评").waitFor();
    await page.unroute(REPORTS, lost);
    await until(async () => (await waiting(page)).length === 0);
    await until(async () => (await page.locator("#waiting").count()) === 0);
    assert.ok(puts(it).length >= 3);
    assert.equal(same(it), 1, "not the same bytes each time");
    await page.reload();
    await counts(t, url, 1);
    assert.equal(await page.locator("#waiting").count(), 0);
  });

  test("the collector is away and comes back: it goes later, later and later, by itself", async (t) => {
    const site = await mortal(t);
    const it = await at_end(t, site.url, { timers: "held" });
    const { page } = it;
    await page.waitForFunction(() => Object.keys(localStorage).filter((key) => /^anxin\.keys?\./.test(key)).length === 2);
    await site.stop();
    await hand_in(page);
    await told(page, SENTENCES.unreachable[0]);
    assert.equal(puts(it).length, 1);
    await page.clock.runFor(900); // the first pause is 2 s, by half more or less
    assert.equal(puts(it).length, 1);
    await page.clock.runFor(2_200);
    await until(() => puts(it).length === 2);
    await told(page, SENTENCES.unreachable[0]);
    await site.back();
    await page.clock.runFor(6_100);
    await told(page, COUNTED);
    assert.equal(same(it), 1, "not the same bytes each time");
    await counts(t, site.url, 1);
  });

  test("the collector is away: pressing the button sends it, too", async (t) => {
    const site = await mortal(t);
    const it = await at_end(t, site.url, { timers: "held" });
    const { page } = it;
    await page.waitForFunction(() => Object.keys(localStorage).filter((key) => /^anxin\.keys?\./.test(key)).length === 2);
    await site.stop();
    await hand_in(page);
    await told(page, SENTENCES.unreachable[0]);
    await site.back();
    await send_now(page);
    await told(page, COUNTED);
    assert.equal(await button(page, "现在发送").count(), 0);
    await counts(t, site.url, 1);
  });

  test("the acknowledgement is lost: the retry is told that it is counted, once", async (t) => {
    const { url } = await counting(t);
    const it = await at_end(t, url, { timers: "held" });
    const { page } = it;
    await page.route(REPORTS, async (route) => {
      assert.equal((await route.fetch()).status(), 200);
      await route.abort();
    }, { times: 1 });
    await hand_in(page);
    await told(page, SENTENCES.silent[0]);
    assert.equal((await waiting(page)).length, 1);
    const answer = page.waitForResponse(REPORTS);
    await send_now(page);
    const problem = await (await answer).json();
    assert.equal((await answer).status(), 400);
    assert.equal(problem.counted, true);
    await told(page, COUNTED);
    assert.deepEqual(await waiting(page), []);
    assert.deepEqual([puts(it).length, same(it)], [2, 1]);
    await counts(t, url, 1);
  });

  for (const [what, status, contentType, body] of /** @type {const} */ ([
    ["a captive portal's friendly page", 200, "text/html", "<h1>欢迎使用免费无线网络</h1>"],
    ["a portal that forbids", 403, "text/html", "<h1>请先登录</h1>"],
    ["an inner failure", 500, "application/problem+json", '{"title":"internal"}'],
    ["a proxy that has lost its server", 503, "text/html", "<h1>Service Unavailable</h1>"],
    ["a refusal's name on an answer that is none", 503, "application/problem+json", '{"type":"urn:ietf:params:ppm:dap:error:reportRejected","counted":true}'],
  ])) {
    test(`${what} (${status}) is no acknowledgement and no refusal`, async (t) => {
      const { url } = await counting(t);
      const it = await at_end(t, url, { timers: "held" });
      await it.page.route(REPORTS, (route) => route.fulfill({ status, contentType, body }), { times: 1 });
      await hand_in(it.page);
      await told(it.page, SENTENCES.unreachable[0]);
      assert.equal((await waiting(it.page)).length, 1);
      assert.equal(await button(it.page, "删除没被收下的").count(), 0);
      await it.page.clock.runFor(3_100);
      await told(it.page, COUNTED);
      assert.deepEqual([puts(it).length, same(it)], [2, 1]);
    });
  }

  /** An answer as the leader gives it when it does not take a report. */
  const rejected = (route) => route.fulfill({
    status: 400,
    contentType: "application/problem+json",
    headers: { "access-control-allow-origin": "*" },
    json: { type: "urn:ietf:params:ppm:dap:error:reportRejected", title: "Report could not be processed." },
  });

  test("a refusal is told with its reason and kept, not sent again unasked, and deleted only when asked to", async (t) => {
    const { url } = await counting(t);
    const it = await at_end(t, url, { timers: "held" });
    const { page } = it;
    await page.route(REPORTS, rejected);
    await hand_in(page);
    await told(page, SENTENCES.rejected[0]);
    assert.equal((await waiting(page)).length, 1);
    await page.clock.runFor("01:00:00");
    assert.equal(puts(it).length, 1, "sent again unasked");
    await send_now(page);
    await until(() => puts(it).length === 2);
    await told(page, SENTENCES.rejected[0]);
    // the next visit tells it again, and does not send it
    await page.goto("/");
    await heading(page).waitFor();
    await page.clock.runFor(2_100);
    await told(page, "有 1 份加密的回答等待发送。");
    await told(page, SENTENCES.rejected[0]);
    assert.equal(puts(it).length, 2);
    await button(page, "删除没被收下的").click();
    await until(async () => (await page.locator("#waiting").count()) === 0);
    assert.deepEqual(await waiting(page), []);
    assert.equal(same(it), 1);
  });

  test("what is deleted is not called received", async (t) => {
    const { url } = await counting(t);
    const { page } = await at_end(t, url);
    await page.route(REPORTS, rejected);
    await hand_in(page);
    await told(page, SENTENCES.rejected[0]);
    await button(page, "删除没被收下的").click();
    await told(page, "没被收下的已经从这台手机上删除。");
    assert.deepEqual(await waiting(page), []);
    assert.equal(await button(page, "现在发送").count(), 0);
  });

  test("the campaign closes before a waiting report arrives: that is said", async (t) => {
    const site = await mortal(t);
    const it = await at_end(t, site.url, { timers: "held" });
    await it.page.waitForFunction(() => Object.keys(localStorage).filter((key) => /^anxin\.keys?\./.test(key)).length === 2);
    await site.stop();
    await hand_in(it.page);
    await told(it.page, SENTENCES.unreachable[0]);
    const closed = await site.back("2028-03-01");
    assert.equal(closed.url, site.url);
    await send_now(it.page);
    await told(it.page, SENTENCES.rejected[0]);
    assert.equal((await waiting(it.page)).length, 1);
  });

  /** A phone whose leader stands on another origin than the page. */
  async function elsewhere(t, url) {
    const other = "https://leader.example";
    const it = await device(t, browser, url, { timers: "held" });
    await it.page.route(`${other}/**`, async (route) => {
      await route.fulfill({ response: await route.fetch({ url: route.request().url().replace(other, url) }) });
    });
    await it.page.route("**/api/campaigns/safety-demo", async (route) => {
      const response = await route.fetch();
      const campaign = await response.json();
      await route.fulfill({ response, json: { ...campaign, aggregators: { ...campaign.aggregators, leader: `${other}/dap/leader` } } });
    });
    await it.page.route("**/c/safety-demo*", async (route) => {
      const response = await route.fetch();
      const policy = response.headers()["content-security-policy"].replace("connect-src 'self'", `connect-src 'self' ${other}`);
      await route.fulfill({ response, headers: { ...response.headers(), "content-security-policy": policy } });
    });
    await it.page.goto(SAFETY);
    await begin(it.page);
    await answer_all(it.page, NOT_ELIGIBLE);
    t.after(() => it.faults.splice(0, Infinity, ...it.faults.filter((fault) => !fault.startsWith(`asked another host: ${other}/dap/`))));
    return { ...it, other };
  }

  test("a leader on another origin takes it; its hidden refusal is told as silence, kept and tried again", async (t) => {
    const { url } = await counting(t);
    const it = await elsewhere(t, url);
    const { page, faults } = it;
    await page.waitForFunction(() => Object.keys(localStorage).filter((key) => /^anxin\.keys?\./.test(key)).length === 2);
    // its header is not for this site: the browser hides the answer
    await page.route(REPORTS, (route) => route.fulfill({
      status: 400,
      contentType: "application/problem+json",
      headers: { "access-control-allow-origin": "https://somebody.example" },
      body: '{"type":"urn:ietf:params:ppm:dap:error:reportRejected"}',
    }), { times: 1 });
    await hand_in(page);
    await told(page, SENTENCES.silent[0]);
    assert.equal((await waiting(page)).length, 1);
    assert.equal(await button(page, "删除没被收下的").count(), 0);
    await page.clock.runFor(3_100);
    await told(page, COUNTED);
    assert.deepEqual(await waiting(page), []);
    assert.equal(puts(it).filter(({ method }) => method === "PUT").length, 2);
    faults.splice(0, Infinity, ...faults.filter((fault) => !fault.startsWith(`asked another host: ${it.other}/dap/`)));
    await counts(t, url, 1);
  });

  test("two tabs with one waiting report: it is counted once, and neither tab is left behind", async (t) => {
    const { url } = await counting(t);
    const it = await at_end(t, url);
    const { page, context } = it;
    await context.setOffline(true);
    await hand_in(page);
    await told(page, SENTENCES.offline[0]);
    const opened = [context.newPage(), context.newPage()];
    await context.setOffline(false);
    const tabs = await Promise.all(opened);
    await Promise.all(tabs.map((tab) => tab.goto(`${url}/`)));
    await told(page, COUNTED);
    await until(async () => (await waiting(page)).length === 0);
    for (const tab of tabs) await until(async () => (await tab.locator("#waiting").count()) === 0);
    await counts(t, url, 1);
  });

  test("two tabs post it at the same moment: the second hears that it is counted", async (t) => {
    const { url } = await counting(t);
    const { page, context } = await at_end(t, url, { timers: "held" });
    let arrived = 0;
    let go = () => {};
    const both = new Promise((resolve) => { go = () => resolve(undefined); });
    await page.route(REPORTS, (route) => route.abort(), { times: 1 });
    await hand_in(page);
    await told(page, SENTENCES.silent[0]);
    await context.route(REPORTS, async (route) => {
      if (++arrived === 2) go();
      await both;
      await route.continue();
    });
    const tab = await context.newPage();
    await tab.goto(`${url}/`);
    await heading(tab).waitFor();
    // one clock moves the timers of both: the first tries again by itself, the second finds what waits
    await until(async () => {
      await tab.clock.runFor(100);
      return arrived === 2;
    });
    await told(page, COUNTED);
    await until(async () => (await tab.locator("#waiting").count()) === 0);
    assert.deepEqual(await waiting(page), []);
    await counts(t, url, 1);
  });

  test("a report that cannot be read is left alone, and not in the way of another", async (t) => {
    const { url } = await counting(t);
    const it = await device(t, browser, url);
    await it.page.addInitScript(() => localStorage.setItem("anxin.report.00", "?"));
    await it.page.goto(SAFETY);
    await begin(it.page);
    await answer_all(it.page, NOT_ELIGIBLE);
    await hand_in(it.page);
    await told(it.page, COUNTED);
    assert.deepEqual(await waiting(it.page), ["anxin.report.00"]);
    assert.equal(puts(it).length, 1);
  });

  test("the browser has no room: it says so, the answers are still there, and go once there is", async (t) => {
    const { url } = await counting(t);
    const it = await at_end(t, url);
    const { page } = it;
    await page.evaluate(() => {
      const full = { value: () => { throw new DOMException("full", "QuotaExceededError"); }, configurable: true };
      Object.defineProperty(Storage.prototype, "kept", { value: Storage.prototype.setItem, configurable: true });
      Object.defineProperty(Storage.prototype, "setItem", full);
    });
    await hand_in(page);
    await page.getByRole("alert").getByText("加密后的回答没处存放").waitFor();
    assert.deepEqual(puts(it), []);
    await summary(page, "会发送什么").click();
    assert.match(await page.locator("details").innerText(), /您在本地住满一年了吗？\s*否/);
    await page.evaluate(() => {
      Object.defineProperty(Storage.prototype, "setItem", { value: Reflect.get(Storage.prototype, "kept") });
    });
    await hand_in(page);
    await told(page, COUNTED);
    await counts(t, url, 1);
  });

  test("the browser lets no page keep anything: handing in says so, the answers are still there", async (t) => {
    const { url } = await counting(t);
    const it = await device(t, browser, url);
    const { page } = it;
    await page.addInitScript(() => {
      Object.defineProperty(globalThis, "localStorage", { get: () => { throw new DOMException("denied", "SecurityError"); } });
    });
    await page.goto(SAFETY);
    await begin(page);
    await answer_all(page, NOT_ELIGIBLE);
    await hand_in(page);
    await page.getByRole("alert").getByText("加密后的回答没处存放").waitFor();
    await summary(page, "会发送什么").click();
    assert.match(await page.locator("details").innerText(), /您在本地住满一年了吗？\s*否/);
    assert.deepEqual(puts(it), []);
  });

  test("reads, looks and fits: cover, end, delivered, refused and notice; in English, large text, dark, at 320 px", async (t) => {
    const { url } = await counting(t);
    const { page } = await device(t, browser, url, { viewport: { width: 320, height: 568 } });
    const found = [];
    const look = async (screen) => {
      const faults = async (mode) => {
        if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe);
        found.push(...(await page.evaluate(async () => {
          document.querySelectorAll("details").forEach((it) => { it.open = true; });
          const { violations } = await globalThis.axe.run(document, { resultTypes: ["violations"], preload: false, elementRef: false });
          const { scrollWidth, clientWidth } = document.documentElement;
          const wide = scrollWidth > clientWidth ? [`${scrollWidth} px wide`] : [];
          return [...wide, ...violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(" ")}`))];
        })).map((fault) => `${screen}, ${mode}: ${fault}`));
        if (process.env.ANXIN_LOOK) await page.screenshot({ path: `${process.env.ANXIN_LOOK}/${screen}-${mode}.png`, fullPage: true });
      };
      await faults("light");
      await page.emulateMedia({ colorScheme: "dark" });
      await faults("dark");
      await page.emulateMedia({ colorScheme: "light" });
      await button(page, "关怀版").click();
      await faults("elder");
      await button(page, "English").click();
      await button(page, "Large text").waitFor();
      await faults("elder, English");
      await button(page, "Large text").click();
      const english = await page.locator("main, #waiting").allInnerTexts();
      if (screen !== "cover" && screen !== "end") {
        await until(async () => !/[\u3000-\u9fff]/.test((await page.locator("main, #waiting").allInnerTexts()).join()))
          .catch(() => found.push(`${screen}: not English: ${english}`));
      }
      await faults("English");
      await button(page, "中文").click();
      await button(page, "关怀版").waitFor();
    };
    await page.goto("/c/safety-demo");
    await button(page, "开始").click();
    await page.getByRole("alert").waitFor();
    await look("cover");
    await begin(page);
    await answer_all(page, NOT_ELIGIBLE);
    await look("end");
    await page.route(REPORTS, rejected);
    await hand_in(page);
    await told(page, SENTENCES.rejected[0]);
    await look("refused");
    await button(page, "English").click();
    await told(page, SENTENCES.rejected[1]);
    await button(page, "中文").click();
    await told(page, SENTENCES.rejected[0]);
    await page.goto("/");
    await page.getByText("有 1 份加密的回答等待发送。").waitFor();
    await told(page, SENTENCES.rejected[0]);
    await look("notice");
    await page.unroute(REPORTS, rejected);
    await send_now(page);
    await until(async () => (await page.locator("#waiting").count()) === 0);
    await page.goto(SAFETY);
    await begin(page);
    await answer_all(page, NOT_ELIGIBLE);
    await hand_in(page);
    await told(page, COUNTED);
    await look("delivered");
    await button(page, "English").click();
    await told(page, SENTENCES.counted[1]);
    await link(page, "Other surveys and quizzes").click();
    await heading(page, "Open surveys and quizzes").waitFor();
    assert.deepEqual(found, []);
  });

  test("the delivered screen, for the README", async (t) => {
    const { url } = await counting(t);
    const { page } = await at_end(t, url, { deviceScaleFactor: 2 });
    await hand_in(page);
    await told(page, COUNTED);
    assert.ok(await heading(page, "答完了，谢谢您！").evaluate((it) => it === document.activeElement), "the screen is read out");
    await picture(page, "delivered");
  });

  describe("and a tablet, whose rest goes the same way", () => {
    const RETURN = "谢谢您！请把平板交还给志愿者。";
    const RELEASE = (n) => `把剩下的 ${n} 份加密单独发出`;

    /** A tablet on which so many residents have answered. */
    async function answered(t, url, n, options) {
      const it = await device(t, browser, url, { viewport: TABLET, hasTouch: true, ...options });
      await begin_shift(it.page);
      await residents(it.page, n);
      return it;
    }

    async function residents(page, n) {
      for (let left = n; left > 0; left--) {
        await button(page, "交给居民作答").click();
        await begin(page);
        await answer_all(page, NOT_ELIGIBLE);
        await button(page, "完成，交还平板").click();
        await heading(page, RETURN).waitFor();
        await take_back(page);
        await button(page, "交给居民作答").waitFor();
      }
    }

    /** The volunteer lets what is left go. */
    async function release(page, n) {
      await summary(page, RELEASE(n)).click();
      await button(page, RELEASE(n)).click();
    }

    test("three under k are let go as sealed reports, and counted as phones' are, once", async (t) => {
      const { url } = await counting(t);
      const it = await answered(t, url, 3);
      const { page } = it;
      assert.equal((await held(page)).length, 3);
      assert.deepEqual(puts(it), []);
      await release(page, 3);
      await until(() => puts(it).length === 3);
      for (const { method, type, bytes } of puts(it)) {
        assert.deepEqual([method, type, bytes.length], ["PUT", "application/dap-report", report_bytes(CELLS)]);
      }
      assert.equal(same(it), 3);
      await until(async () => (await waiting(page)).length === 0);
      assert.deepEqual(await held(page), []);
      assert.match(await words(page), /还没发出\s*0 份/);
      assert.equal(await summary(page, "加密单独发出").count(), 0);
      await counts(t, url, 3);
    });

    test("the page is closed between letting them go and sending: they go at the next opening, once", async (t) => {
      const { url } = await counting(t);
      const it = await answered(t, url, 3);
      const { context, page } = it;
      await page.route(REPORTS, (route) => route.abort());
      await release(page, 3);
      await until(() => puts(it).length > 0);
      assert.equal((await waiting(page)).length, 3);
      await page.close({ runBeforeUnload: false });
      const again = await context.newPage();
      await again.goto(`${url}/c/safety-demo/shift`);
      await until(async () => (await waiting(again)).length === 0);
      assert.match(await words(again), /还没发出\s*0 份/);
      await counts(t, url, 3);
    });

    test("cut off in the middle of letting them go: it is ended at the next opening", async (t) => {
      const { url } = await counting(t);
      const it = await answered(t, url, 3);
      const { page, context } = it;
      // the journal says they are released, and the browser dies before the reports have moved
      await page.evaluate(() => {
        const set = Storage.prototype.setItem;
        Storage.prototype.setItem = function (key, value) {
          if (key.startsWith("anxin.report.")) throw new DOMException("full", "QuotaExceededError");
          return set.call(this, key, value);
        };
      });
      await release(page, 3);
      await page.getByRole("alert").waitFor();
      assert.equal((await held(page)).length, 3);
      assert.deepEqual(await waiting(page), []);
      await page.close();
      const again = await context.newPage();
      await again.goto(`${url}/c/safety-demo/shift`);
      await until(async () => (await held(again)).length === 0);
      await until(async () => (await waiting(again)).length === 0);
      await counts(t, url, 3);
    });

    test("a crash between residents loses none: each is beside the tally", async (t) => {
      const { url } = await counting(t);
      const it = await answered(t, url, 2);
      await it.page.close();
      const page = await it.context.newPage();
      await page.goto(`${url}/c/safety-demo/shift`);
      await residents(page, 1);
      await release(page, 3);
      await until(async () => (await waiting(page)).length === 0 && (await held(page)).length === 0);
      await counts(t, url, 3);
    });

    test("a full batch goes as a sum, and its sealed reports are dropped", async (t) => {
      const { url } = await counting(t);
      const it = await answered(t, url, 5);
      const { page } = it;
      await send_now(page); // and does not wait until the last one stands
      await until(async () => /已送达\s*5 份/.test(await words(page)));
      assert.deepEqual(puts(it).map(({ method, path }) => [method, path]), [["POST", "/api/campaigns/safety-demo/batches"]]);
      await until(async () => (await held(page)).length === 0);
      assert.deepEqual(await waiting(page), []);
      assert.equal(await shown(url), 5);
      assert.equal(await summary(page, "加密单独发出").count(), 0);
    });

    test("a batch that the collector refuses can go as sealed reports instead", async (t) => {
      const { url } = await counting(t);
      const it = await device(t, browser, url, { viewport: TABLET, hasTouch: true });
      const { page } = it;
      const problem = { title: "The batch does not add up", detail: "block 3 (from cell 12) sums to 4, not to 5" };
      await page.route("**/batches", (route) => route.fulfill({ status: 422, contentType: "application/problem+json", json: problem }));
      await begin_shift(page);
      await residents(page, 5);
      await send_now(page);
      await page.getByText("没有被接收").waitFor();
      await page.reload();
      await release(page, 5);
      await until(async () => (await waiting(page)).length === 0 && (await held(page)).length === 0);
      assert.equal(await shown(url), 5);
      assert.match(await words(page), /等待发送\s*没有/);
    });

    test("a tally begun without keys cannot be let go, and no button says it can", async (t) => {
      const { url } = await counting(t);
      const it = await device(t, browser, url, { viewport: TABLET, hasTouch: true });
      const { page } = it;
      const lost = (route) => route.abort();
      await page.route(KEYS, lost);
      await begin_shift(page);
      await residents(page, 1);
      assert.deepEqual(await held(page), []);
      await page.unroute(KEYS, lost);
      await page.reload();
      await until(async () => (await names_kept(page, "anxin.key")).length > 0);
      await residents(page, 2);
      assert.match(await words(page), /还没发出\s*3 份/);
      assert.equal(await summary(page, "加密单独发出").count(), 0);
      // the sum itself is not harmed
      await residents(page, 2);
      await send_now(page);
      await until(async () => /已送达\s*5 份/.test(await words(page)));
      assert.equal(await shown(url), 5);
      await until(async () => (await held(page)).length === 0);
    });

    test("the next shift's area has its own keys, not those of the last", async (t) => {
      const { url } = await counting(t);
      const it = await answered(t, url, 1);
      const { page } = it;
      await page.route(KEYS, (route) => route.abort());
      await end_shift(page);
      await page.getByLabel("所在区域").selectOption("330603");
      await page.getByLabel("设一个 PIN（4–8 位数字）").fill("246810");
      await page.getByLabel("再输一次 PIN").fill("246810");
      await button(page, "开始班次").click();
      await button(page, "交给居民作答").waitFor();
      await residents(page, 1);
      assert.equal((await held(page)).length, 1, "sealed for another area");
      assert.equal(await summary(page, "加密单独发出").count(), 0);
    });
  });
});
