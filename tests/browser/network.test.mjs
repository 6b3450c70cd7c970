/**
 * A tablet on networks as they are: none for days, one that comes and goes, one that answers for others; and on
 * clocks that are wrong. Nobody is lost and nobody counts twice.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { chromium } from "./chromium.mjs";
import { batch, collector, counting, post, results, site } from "./collector.mjs";
import { answer_all, begin, button, device, heading, NOT_ELIGIBLE, option, summary, TABLET, TODAY, until, words } from "./device.mjs";
import { begin_shift, PIN, take_back } from "./screens.mjs";

const RETURN = "谢谢您！请把平板交还给志愿者。";
const SENT = "都已送达";

describe("a tablet on a bad network", () => {
  /** @type {import("playwright-core").Browser} */
  let browser;
  before(async () => {
    browser = await chromium();
  });
  after(() => browser.close());

  /** A campaign that began on the tests' day, and a collector on another one. */
  async function counting_on(t, today) {
    const { data, remove } = site();
    await (await collector({ data, today: TODAY })).stop();
    const it = await counting(t, { data, today });
    t.after(remove);
    return it;
  }

  /** A tablet on which a shift is on and what seals is at hand. */
  async function tablet(t, url, options = {}) {
    const it = await device(t, browser, url, { viewport: TABLET, hasTouch: true, timers: "held", ...options });
    await begin_shift(it.page);
    await until(() => it.page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("anxin.keys.")).length === 2));
    return it;
  }

  async function resident(page) {
    await button(page, "交给居民作答").click();
    await begin(page);
    await answer_all(page, NOT_ELIGIBLE);
    await button(page, "完成，交还平板").click();
    await heading(page, RETURN).waitFor();
    await take_back(page);
    await button(page, "交给居民作答").waitFor();
  }

  async function residents(page, n) {
    for (let left = n; left > 0; left--) await resident(page);
  }

  const send = async (page) => {
    await button(page, "现在发送").click();
    await page.locator("#sending").getByText(/都送到了|还有没送到的/).waitFor();
  };
  const waits = (page, text) => page.locator("#waits").getByText(text, { exact: true }).waitFor();
  const n = async (url) => (await results(url, "safety-demo")).n;
  /** Sends until all of so many respondents are counted but for fewer than k, who wait. */
  const all_but_a_rest = (page, url, all) => until(async () => {
    await send(page);
    const waiting = Number(/\d+/.exec(await page.locator("#waits").innerText())?.[0] ?? 0);
    return waiting < 5 && await n(url) + waiting === all;
  });
  const bodies = (posts) => posts().filter(({ path }) => path.endsWith("/batches")).map(({ body }) => body);

  test("no network for three days: the tablet goes on, and all of it arrives on the fourth", async (t) => {
    const { url } = await counting_on(t, "2026-12-04");
    const { page, context } = await tablet(t, url);
    await context.setOffline(true);
    for (let day = 0; day < 3; day++) {
      await residents(page, 2);
      await page.clock.fastForward("24:00:00");
    }
    await send(page);
    await waits(page, "还有 6 份未送达");
    await context.setOffline(false);
    // the sixth may have come before or after the five became a batch; under k, they stay
    await all_but_a_rest(page, url, 6);
    await residents(page, 5);
    await all_but_a_rest(page, url, 11);
  });

  test("a network that comes and goes every second", async (t) => {
    const { url } = await counting(t);
    const { page, context } = await tablet(t, url, { timers: "real" });
    let [on, flapping] = [true, true];
    const flaps = (async () => {
      while (flapping) {
        await context.setOffline(on = !on);
        await new Promise((go) => setTimeout(go, 1000));
      }
    })();
    await residents(page, 6);
    await send(page);
    await residents(page, 1);
    await send(page);
    flapping = false;
    await flaps;
    await context.setOffline(false);
    await all_but_a_rest(page, url, 7);
  });

  test("acknowledgements lost, three times over: each try the same, counted once", async (t) => {
    const { url } = await counting(t);
    const { page, posts } = await tablet(t, url);
    await page.route("**/batches", async (route) => {
      await route.fetch();
      await route.abort();
    }, { times: 3 });
    await residents(page, 5);
    for (let tries = 0; tries < 3; tries++) {
      await send(page);
      await waits(page, "还有 5 份未送达");
      assert.equal(await n(url), 5);
    }
    await send(page);
    await waits(page, SENT);
    assert.ok(bodies(posts).length >= 4);
    assert.equal(new Set(bodies(posts)).size, 1);
    assert.equal(await n(url), 5);
  });

  test("slow 2G: five residents wait for nothing, and are delivered", async (t) => {
    const { url } = await counting(t);
    const { page, context } = await tablet(t, url, { timers: "real" });
    const session = await context.newCDPSession(page);
    await session.send("Network.enable");
    await session.send("Network.emulateNetworkConditions", { offline: false, latency: 2000, downloadThroughput: 6250, uploadThroughput: 6250 });
    await residents(page, 5);
    await button(page, "现在发送").click();
    await waits(page, SENT);
    assert.equal(await n(url), 5);
  });

  test("a captive portal answers everything with its login page: nothing is taken for delivered", async (t) => {
    const { url } = await counting(t);
    const { page } = await tablet(t, url);
    const portal = (route) => route.fulfill({ status: 200, contentType: "text/html", body: "<h1>请登录免费无线网络</h1>" });
    await page.route(/\/(api|dap)\//, portal);
    await residents(page, 5);
    await send(page);
    await waits(page, "还有 5 份未送达");
    await summary(page, "结束班次").click();
    await page.getByLabel("志愿者输入 PIN").fill(PIN);
    await button(page, "结束班次").click();
    await button(page, "开始班次").waitFor();
    await page.unroute(/\/(api|dap)\//, portal);
    await page.clock.runFor("00:10:00");
    await until(async () => (await n(url)) === 5);
  });

  test("the server fails in every way it can, one after the other", async (t) => {
    const { url } = await counting(t);
    const { page, posts } = await tablet(t, url);
    const FAILURES = [500, 502, 503, 429, 413, 404];
    let at = 0;
    await page.route("**/batches", (route) => at < FAILURES.length
      ? route.fulfill({ status: FAILURES[at++], contentType: "text/html", body: "<h1>nginx</h1>" }) : route.continue());
    await residents(page, 5);
    for (let tries = 0; at < FAILURES.length; tries++) {
      assert.ok(tries < 20);
      await send(page);
      if (at < FAILURES.length) await waits(page, "还有 5 份未送达");
    }
    await send(page);
    await waits(page, SENT);
    assert.equal(new Set(bodies(posts)).size, 1);
    assert.equal(await n(url), 5);
  });

  test("the desk is drawn anew while the tablet sends: what came of it is told, and stays", async (t) => {
    const { url } = await counting(t);
    const { page } = await tablet(t, url);
    let answer = () => {};
    const held = new Promise((go) => { answer = () => go(undefined); });
    await page.route("**/batches", async (route) => {
      await held;
      await route.continue();
    });
    await residents(page, 5);
    const sending = page.locator("#sending");
    await button(page, "现在发送").click();
    await sending.getByText("正在发送…").waitFor();
    await button(page, "English").click();
    await sending.getByText("Sending…").waitFor();
    answer();
    await sending.getByText("All delivered.").waitFor();
    await button(page, "中文").click();
    await sending.getByText("都送到了。").waitFor();
    assert.equal(await n(url), 5);
  });

  test("when the last door stands, the desk stays as it is, with what is open", async (t) => {
    const { url } = await counting(t);
    const { page } = await tablet(t, url);
    await residents(page, 2);
    const undo = page.locator("#undo");
    await undo.waitFor();
    await summary(page, "结束班次").click();
    const typed = page.getByLabel("志愿者输入 PIN");
    await typed.waitFor();
    await page.clock.runFor("00:00:40");
    await undo.waitFor({ state: "detached" });
    assert.ok(await typed.isVisible(), "it was closed under the volunteer's hand");
    assert.match(await page.locator("#progress").innerText(), /走访\s*2 户/);
  });

  // clocks

  for (const [what, day] of [["ahead", "2027-12-15"], ["behind", "2025-12-01"]]) {
    test(`a clock a year ${what} at the beginning: the page names the date`, async (t) => {
      const { url } = await counting(t);
      const { page } = await device(t, browser, url, { viewport: TABLET, day });
      await page.goto("/c/safety-demo/shift");
      await heading(page).waitFor();
      assert.equal(await button(page, "开始班次").count(), 0);
      assert.match(await words(page), /日期/);
    });

    test(`a clock that jumps a year ${what} in the middle of a shift: nobody is lost`, async (t) => {
      const { url } = await counting(t);
      const { page } = await tablet(t, url, { timers: "real" });
      await residents(page, 2);
      for (let n = 0; n < 2; n++) {
        await button(page, "交给居民作答").click();
        await begin(page);
        await page.clock.setFixedTime(new Date(`${day}T12:00:00+08:00`));
        await answer_all(page, NOT_ELIGIBLE);
        await button(page, "完成，交还平板").click();
        await heading(page, RETURN).waitFor();
        await page.clock.setFixedTime(new Date(`${TODAY}T13:00:00+08:00`));
        await take_back(page);
      }
      await residents(page, 1);
      await send(page);
      await waits(page, SENT);
      assert.equal(await n(url), 5);
    });
  }

  // what went wrong elsewhere

  test("what waits is not stuck behind what is refused, nor asleep until somebody presses (Enketo #1140)", async (t) => {
    const { url } = await counting(t);
    const { page, posts } = await tablet(t, url);
    const problem = { title: "The batch does not add up", detail: "block 3" };
    await page.route("**/batches", (route) =>
      route.fulfill({ status: 422, contentType: "application/problem+json", json: problem }), { times: 1 });
    await residents(page, 5);
    await send(page);
    await page.getByText(/5 份的合计没有被接收/).waitFor();
    // the network goes, the shift ends, the page is opened again: nobody presses anything
    await page.route("**/fieldwork", (route) => route.abort());
    await summary(page, "结束班次").click();
    await page.getByLabel("志愿者输入 PIN").fill(PIN);
    await button(page, "结束班次").click();
    await button(page, "开始班次").waitFor();
    await until(() => posts().some(({ path }) => path.endsWith("/fieldwork")));
    await page.unroute("**/fieldwork");
    const doors = page.waitForResponse((response) => response.url().endsWith("/fieldwork") && response.ok());
    await page.reload();
    await doors;
    assert.equal(await n(url), 0, "what was refused went out unasked");
    await begin_shift(page);
    await send(page);
    await waits(page, SENT);
    assert.equal(await n(url), 5);
  });

  test("two tabs send at once: the same posts, each counted once, none dropped (Formbricks #7743)", async (t) => {
    const { url } = await counting(t);
    const { page, context, posts } = await tablet(t, url, { timers: "real" });
    await context.setOffline(true);
    await residents(page, 5);
    await context.setOffline(false);
    const other = await context.newPage();
    await other.clock.setFixedTime(new Date(`${TODAY}T12:00:00+08:00`));
    // both have it on its way before either is answered
    let held = 0;
    let both = () => {};
    const arrived = new Promise((go) => { both = () => go(undefined); });
    await context.route("**/batches", async (route) => {
      if (++held === 2) both();
      await Promise.race([arrived, new Promise((go) => setTimeout(go, 3000))]);
      await route.continue();
    });
    await Promise.all([other.goto("/c/safety-demo/shift"), button(page, "现在发送").click()]);
    await button(other, "现在发送").click();
    await waits(page, SENT);
    await other.reload();
    await waits(other, SENT);
    assert.equal(await n(url), 5);
    assert.equal(new Set(bodies(posts)).size, 1);
    assert.ok(held >= 2, "they did not race");
    await page.bringToFront();
    await page.reload();
    await residents(page, 1);
    await send(page);
    await waits(page, "还有 1 份未送达");
    assert.equal(await n(url), 5);
  });

  test("a reload in the middle of an answer makes one respondent, not two halves (Formbricks #7767)", async (t) => {
    const { url } = await counting(t);
    const { page, posts } = await tablet(t, url);
    await residents(page, 4);
    await button(page, "交给居民作答").click();
    await begin(page);
    await option(page, "是").check();
    await button(page, "下一步").click();
    await page.reload();
    await begin(page);
    await option(page, "是").check();
    await button(page, "下一步").click();
    await page.reload();
    await begin(page);
    await answer_all(page, NOT_ELIGIBLE);
    await button(page, "完成，交还平板").click();
    await heading(page, RETURN).waitFor();
    await page.reload();
    await heading(page, RETURN).waitFor();
    await take_back(page);
    await send(page);
    await waits(page, SENT);
    assert.equal(await n(url), 5);
    const [sent] = bodies(posts).map((body) => JSON.parse(body ?? ""));
    assert.deepEqual([sent.n, sent.masks.length], [5, 5]);
    assert.match(await page.locator("#progress").innerText(), /走访\s*5 户，见到人 5 户，完成 5 户/);
  });

  test("what somebody else sends to the same campaign is not confused with it", async (t) => {
    const { url } = await counting(t);
    const { page } = await tablet(t, url);
    await post(url, "safety-demo", batch("safety", { n: 7, seed: 1, day: TODAY }));
    await residents(page, 5);
    await send(page);
    await waits(page, SENT);
    assert.equal(await n(url), 12);
  });
});
