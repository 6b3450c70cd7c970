/**
 * The tablet channel: a volunteer's shift, residents one after another, sums that leave at k and not before,
 * and what becomes of them when the network, the collector or the device fails.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { chromium } from "./chromium.mjs";
import { collector, post, results, site } from "./collector.mjs";
import {
  answer_all, asked, begin, button, device, heading, NOT_ELIGIBLE, option, picture, summary, TABLET, TODAY, until, words,
} from "./device.mjs";
import { begin_shift, PIN, take_back } from "./screens.mjs";

const OVERALL = "就目前的社会治安来说，您觉得安全吗？";
const RETURN = "谢谢您！请把平板交还给志愿者。";

/** What only a volunteer sees. */
const DESK_WORDS = /本班次|已完成|还没发出|已送达|等待发送|结束班次|未送达|这一户|撤销/;

describe("a volunteer's tablet", () => {
  /** @type {import("playwright-core").Browser} */
  let browser;
  before(async () => {
    browser = await chromium();
  });
  after(() => browser.close());

  /** A collector of its own: each test counts from nought. */
  async function counted(t, options) {
    const it = await collector({ today: TODAY, ...options });
    t.after(it.stop);
    return it;
  }

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

  /** The desk says this. */
  const says = (page, pattern) => until(async () => pattern.test(await words(page)));

  /** What the desk tells of a batch that waits, or of none. */
  const WAITING = (tries) => new RegExp(`等待发送\\s*5 份的合计，试过 ${tries} 次`);
  const NOTHING_WAITS = /等待发送\s*没有/;
  const DELIVERED = /已送达\s*5 份/;

  test("five residents make one batch; its rate and interval stand on the results page", async (t) => {
    const { url } = await counted(t);
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
      if (i === feel.length - 1) await until(() => posts().length > 0);
      await take_back(page);
      await button(page, "交给居民作答").waitFor();
    }
    await says(page, DELIVERED);
    await says(page, NOTHING_WAITS);

    assert.equal(posts().length, 1);
    const [{ method, path, body }] = posts();
    assert.deepEqual([method, path], ["POST", "/api/campaigns/safety-demo/batches"]);
    const { id, questionnaire, cells, ...rest } = JSON.parse(body ?? "");
    assert.match(id, /^[0-9a-f]{32}$/);
    assert.match(questionnaire, /^[0-9a-f]{64}$/);
    assert.ok(cells.every((cell) => Number.isInteger(cell) && cell >= 0 && cell <= 5));
    assert.deepEqual(rest, { area: "330602", day: TODAY, channel: "tablet", n: 5 });

    const told = (await results(url, "safety-demo")).indicators.find(({ id }) => id === "safety_satisfaction");
    const { x, n, rate, low, high } = told.estimates.valid;
    const [wilson_low, wilson_high] = wilson(4, 5);
    assert.deepEqual({ x, n, rate }, { x: 4, n: 5, rate: 0.8 });
    assert.ok(Math.abs(low - wilson_low) < 1e-6 && Math.abs(high - wilson_high) < 1e-6);

    await page.goto("/c/safety-demo/results");
    const title = page.getByRole("heading", { name: "群众安全感满意率", exact: true });
    const figures = await page.locator(".indicator").filter({ has: title }).innerText();
    assert.match(figures, /80\.0%/);
    assert.match(figures, /5 人中 4 人/);
    assert.match(figures, /95% 置信区间（Wilson） 37\.6–96\.4%/);
  });

  test("a shift starts with an area, a way of asking and a PIN, each told when it lacks", async (t) => {
    const { url } = await counted(t);
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
    assert.match(await words(page), /所在区域\s*柯桥区 330603\s*作答方式\s*志愿者读题，居民回答/);
    const kept = await page.evaluate(() => JSON.stringify({ ...localStorage }));
    assert.ok(!kept.includes(PIN), "the PIN is kept in the clear");

    await button(page, "开始问下一位").click();
    await begin(page);
    await answer_all(page, NOT_ELIGIBLE);
    await button(page, "完成").waitFor();
  });

  test("a reload in a resident's hands lands with the resident, at a fresh start", async (t) => {
    const { url } = await counted(t);
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

  test("who stops is not counted, and may go back to the survey or hand the tablet back", async (t) => {
    const { url } = await counted(t);
    const { page } = await tablet(t, url);
    await hand_over(page);
    await begin(page);
    await option(page, "是").check();
    await button(page, "停止作答").click();
    await button(page, "删除并停止").click();
    await heading(page, "请把平板交还给志愿者。").waitFor();
    await button(page, "回到问卷").click();
    await button(page, "交还平板").click();
    await take_back(page);
    await says(page, /已完成\s*0 份/);
    assert.match(await words(page), /还没发出\s*0 份/);
  });

  test("a wrong PIN opens nothing, and the fourth try takes longer", async (t) => {
    const { url } = await counted(t);
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
    const { url } = await counted(t);
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

    await begin_shift(page, { area: "330603" });
    await says(page, /还没发出\s*0 份/);
    await summary(page, "结束班次").click();
    await page.getByLabel("志愿者输入 PIN").fill(PIN);
    await button(page, "结束班次").click();
    await button(page, "开始班次").waitFor();

    await begin_shift(page);
    await says(page, /已完成\s*0 份\s*还没发出\s*2 份/);
    await residents(page, 3);
    await says(page, DELIVERED);
    assert.equal(posts().length, 1);
    assert.equal(JSON.parse(posts()[0].body ?? "").n, 5);
    assert.equal((await results(url, "safety-demo")).n, 5);
  });

  test("another campaign's shift is ended first", async (t) => {
    const { url } = await counted(t);
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
    const second = await counted(t, { data, port: first.port });
    await page.clock.runFor(8_200);
    await says(page, DELIVERED);
    await says(page, NOTHING_WAITS);
    assert.equal(new Set(posts().map(({ body }) => body)).size, 1, "not the same batch each time");
    assert.equal((await results(second.url, "safety-demo")).n, 5);
  });

  test("the acknowledgement is lost: the batch is sent again and counts once", async (t) => {
    const { url } = await counted(t);
    const { page, posts } = await tablet(t, url, { timers: "held" });
    const lose = async (route) => {
      assert.equal((await route.fetch()).status(), 201);
      await route.abort();
    };
    await page.route("**/batches", lose);
    await residents(page, 5);
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
    const { url } = await counted(t);
    const { page } = await tablet(t, url, { timers: "held" });
    await page.route("**/batches", (route) =>
      route.fulfill({ status: 200, contentType: "text/html", body: "<h1>欢迎使用免费无线网络</h1>" }), { times: 1 });
    await residents(page, 5);
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
      const { url } = await counted(t);
      const { page, posts } = await tablet(t, url, { timers: "held" });
      await page.route("**/batches", async (route) => {
        const batch = await spoil(route.request().postDataJSON(), url);
        await route.continue({ postData: JSON.stringify(batch) });
      }, { times: 1 });
      const answer = page.waitForResponse("**/batches");
      await residents(page, 5);
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
    const { url } = await counted(t);
    const { page, context, requests } = await tablet(t, url, { timers: "held" });
    // with what seals at hand; until then each resident is a new try to get it
    const keys = () => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("anxin.keys.")).length);
    await until(async () => (await keys()) === 2);
    await context.setOffline(true);
    const before = requests.length;
    await residents(page, 4);
    assert.equal(requests.length, before, "a resident costs no request");
    await residents(page, 1, {});
    await says(page, WAITING(1));
    await residents(page, 1);
    assert.match(await words(page), /还没发出\s*1 份/);
    await context.setOffline(false);
    await page.clock.runFor(3_000);
    await says(page, DELIVERED);
    assert.equal((await results(url, "safety-demo")).n, 5);
  });

  test("what an ended shift left goes out when the page is opened again", async (t) => {
    const { url } = await counted(t);
    const { page, posts } = await tablet(t, url, { timers: "held" });
    await page.route("**/batches", (route) => route.abort());
    await residents(page, 5);
    await says(page, WAITING(1));
    await summary(page, "结束班次").click();
    await page.getByLabel("志愿者输入 PIN").fill(PIN);
    await button(page, "结束班次").click();
    await button(page, "开始班次").waitFor();
    await page.unroute("**/batches");
    await page.reload();
    await button(page, "开始班次").waitFor();
    await until(async () => (await results(url, "safety-demo")).n === 5);
    assert.equal(posts().length, 2);
  });

  test("the device is full: the answers wait on the screen until there is room", async (t) => {
    const { url } = await counted(t);
    const { page } = await tablet(t, url);
    await hand_over(page);
    await begin(page);
    await answer_all(page, NOT_ELIGIBLE);
    await page.evaluate(() => {
      const full = { value: () => { throw new DOMException("full", "QuotaExceededError"); }, configurable: true };
      Object.defineProperty(Storage.prototype, "kept", { value: Storage.prototype.setItem, configurable: true });
      Object.defineProperty(Storage.prototype, "setItem", full);
    });
    await button(page, "完成，交还平板").click();
    await page.getByRole("alert").getByText("这台设备的存储满了，这一份还没有记下。请腾出空间后再按一次。").waitFor();
    await page.evaluate(() => {
      Object.defineProperty(Storage.prototype, "setItem", { value: Reflect.get(Storage.prototype, "kept") });
    });
    await button(page, "完成，交还平板").click();
    await heading(page, RETURN).waitFor();
    await take_back(page);
    await says(page, /已完成\s*1 份\s*还没发出\s*1 份/);
  });

  test("the campaign closes during a shift: no more residents, but what waits is still sent", async (t) => {
    const { data, remove } = site();
    t.after(remove);
    const open = await collector({ data, today: TODAY });
    const { page } = await tablet(t, open.url);
    await page.route("**/batches", (route) => route.abort());
    await residents(page, 5);
    await hand_over(page);
    await button(page, "开始").waitFor();
    await open.stop();
    const closed = await counted(t, { data, port: open.port, today: "2027-12-01" });
    await page.clock.setFixedTime(new Date("2027-12-01T12:00:00+08:00"));
    await page.reload();
    await heading(page, RETURN).waitFor();
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
    const { url } = await counted(t);
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

/** The 95 % Wilson interval of x in n. */
function wilson(x, n) {
  const z = 1.959963984540054;
  const middle = (x / n + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z / (1 + (z * z) / n)) * Math.sqrt(((x / n) * (1 - x / n)) / n + (z * z) / (4 * n * n));
  return [middle - half, middle + half];
}
