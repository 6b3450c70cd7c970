/** The tablet: a volunteer's shift from the first door to the batch that is acknowledged, and nothing lost or counted twice. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chromium } from "./chromium.mjs";
import { collector, results, site } from "./collector.mjs";
import { answer_all, button, device, heading, NOT_ELIGIBLE, summary, TABLET, TODAY, until, words } from "./device.mjs";
import { begin_shift, PIN, take_back } from "./screens.mjs";

/** @type {import("playwright-core").Browser} */
let browser;
before(async () => { browser = await chromium(); });
after(() => browser.close());

/** A collector of its own and a tablet. @param {import("node:test").TestContext} t @param {object} [options] */
async function tablet(t, options = {}) {
  const kept = site();
  const running = await collector({ data: kept.data, today: TODAY });
  const it = { kept, running, ...(await device(t, browser, running.url, { viewport: TABLET, ...options })) };
  t.after(async () => {
    await it.running.stop();
    kept.remove();
  });
  return it;
}

/** A resident answers and hands the tablet back. @param {import("playwright-core").Page} page @param {Record<string, string>} [answers] */
async function resident(page, answers = NOT_ELIGIBLE) {
  await button(page, "交给居民作答").click();
  await button(page, "开始").click();
  await answer_all(page, answers);
  await button(page, "完成，交还平板").click();
  await take_back(page);
  await button(page, "交给居民作答").waitFor();
}

/** What the desk says of something. @param {import("playwright-core").Page} page @param {string} term */
const told = (page, term) =>
  page.locator("dl > div").filter({ has: page.getByText(term, { exact: true }) }).locator("dd").innerText();

/** Waits until the desk says so. @param {import("playwright-core").Page} page @param {string} term @param {RegExp} what */
const says = (page, term, what) => until(async () => what.test(await told(page, term)));

test("five residents make one batch, and the results page shows their rate", async (t) => {
  const { page, posts, running } = await tablet(t);
  await begin_shift(page);
  for (const feels of ["安全", "比较安全", "不太安全", "安全", "比较安全"]) {
    assert.equal(posts().length, 0, "nothing is posted of fewer than five");
    await resident(page, { "就目前的社会治安来说，您觉得安全吗？": feels });
  }
  await says(page, "已送达", /^5 份/);
  const [post, ...more] = posts();
  assert.deepEqual(more, []);
  assert.equal(post.path, "/api/campaigns/safety-demo/batches");
  const body = JSON.parse(post.body ?? "");
  assert.deepEqual(Object.keys(body).sort(), ["area", "cells", "channel", "day", "id", "n", "questionnaire"]);
  assert.deepEqual([body.n, body.area, body.channel, body.day], [5, "330602", "tablet", TODAY]);

  const [rate] = (await results(running.url, "safety-demo")).indicators;
  assert.deepEqual([rate.estimates.valid.x, rate.estimates.valid.n], [4, 5]);
  await page.goto("/c/safety-demo/results");
  await heading(page).waitFor();
  const shown = page.getByRole("img", { name: /^80\.0% \(37\.6–96\.4%\)$/ }).first();
  await shown.waitFor();
  assert.match(await words(page), /群众安全感满意率/);
});

test("a reload leaves the tablet with the resident, and the tally where it was", async (t) => {
  const { page } = await tablet(t);
  await begin_shift(page);
  await resident(page);
  await resident(page);
  await button(page, "交给居民作答").click();
  await button(page, "开始").waitFor();
  for (const again of [() => page.reload(), () => page.goto("/c/safety-demo/shift")]) {
    await again();
    await button(page, "开始").waitFor();
    assert.doesNotMatch(await words(page), /已完成|还没发出|越城/, "nothing of the volunteer's");
    assert.equal(await page.getByRole("link").count(), 0, "no way out");
  }
  await button(page, "交还平板").click();
  await take_back(page);
  await button(page, "交给居民作答").waitFor();
  assert.match(await told(page, "已完成"), /^2 份/);
  await page.reload();
  assert.match(await told(page, "还没发出"), /^2 份/);
});

test("a wrong PIN opens nothing, costs more and more time, and never locks out", async (t) => {
  const { page } = await tablet(t);
  await begin_shift(page);
  await button(page, "交给居民作答").click();
  await button(page, "交还平板").click();
  for (let tries = 0; tries < 3; tries++) {
    await take_back(page, "0000");
    await page.getByText("PIN 不对。").waitFor();
  }
  const asked_at = Date.now();
  await take_back(page, PIN);
  await page.getByText("正在核对，请稍等…").waitFor();
  await button(page, "交给居民作答").waitFor();
  assert.ok(Date.now() - asked_at >= 900, "the fourth try waits a second");
});

test("what is under five stays over the end of a shift and counts in the next", async (t) => {
  const { page, posts, running } = await tablet(t);
  await begin_shift(page);
  await resident(page);
  await resident(page);
  await summary(page, "结束班次").click();
  await page.getByLabel(/PIN/).fill(PIN);
  await button(page, "结束班次").click();
  await button(page, "开始班次").waitFor();
  await begin_shift(page);
  assert.match(await told(page, "还没发出"), /^2 份/);
  for (let more = 0; more < 3; more++) await resident(page);
  await says(page, "已送达", /^5 份/);
  assert.equal(posts().length, 1);
  assert.equal((await results(running.url, "safety-demo")).n, 5);
});

test("with the collector away the batch waits in sight and goes by itself when it is back", async (t) => {
  const it = await tablet(t);
  const { page, running, kept } = it;
  await begin_shift(page);
  for (let n = 0; n < 4; n++) await resident(page);
  await running.stop();
  await resident(page);
  await says(page, "等待发送", /5 份/);
  assert.match(await told(page, "已送达"), /^0 份/);
  it.running = await collector({ data: kept.data, port: running.port, today: TODAY });
  await says(page, "已送达", /^5 份/);
  assert.equal((await results(running.url, "safety-demo")).n, 5);
});

test("a lost acknowledgement is asked for again, and the batch counts once", async (t) => {
  const { page, posts, running } = await tablet(t);
  let lost = 0;
  await page.route("**/batches", async (route) => {
    if (lost > 0) return route.continue();
    lost += 1;
    await route.fetch(); // the collector has it
    await route.abort(); // the tablet never hears of it
  });
  await begin_shift(page);
  for (let n = 0; n < 5; n++) await resident(page);
  await says(page, "已送达", /^5 份/);
  assert.equal(lost, 1);
  const [first, second] = posts().map(({ body }) => body);
  assert.equal(first, second, "the same batch, the same id");
  assert.equal((await results(running.url, "safety-demo")).n, 5);
});

test("a page that is not the collector's acknowledges nothing", async (t) => {
  const { page, running } = await tablet(t);
  await page.route("**/batches", (route) => route.fulfill({ status: 200, contentType: "text/html", body: "<h1>Sign in to this Wi-Fi</h1>" }));
  await begin_shift(page);
  for (let n = 0; n < 5; n++) await resident(page);
  await says(page, "等待发送", /5 份/);
  assert.match(await told(page, "已送达"), /^0 份/);
  await page.unroute("**/batches");
  await button(page, "现在发送").click();
  await says(page, "已送达", /^5 份/);
  assert.equal((await results(running.url, "safety-demo")).n, 5);
});

test("without the network the tablet goes on from one resident to the next", async (t) => {
  const { page, context, running } = await tablet(t);
  await begin_shift(page);
  await resident(page);
  await context.setOffline(true);
  for (let n = 0; n < 4; n++) await resident(page);
  await says(page, "等待发送", /5 份/);
  await context.setOffline(false);
  await button(page, "现在发送").click();
  await says(page, "已送达", /^5 份/);
  assert.equal((await results(running.url, "safety-demo")).n, 5);
});
