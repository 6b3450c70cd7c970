/**
 * After one visit the page opens without a network and without a server, in one version, whole; a newer version
 * comes whole or not at all, and never into an interview or a shift; what is no GET is nobody's business.
 */
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { execFileSync } from "node:child_process";
import { after, before, describe, test } from "node:test";
import { chromium } from "./chromium.mjs";
import { binary, collector, results, site } from "./collector.mjs";
import { answer_all, begin, button, device, heading, NOT_ELIGIBLE, summary, TABLET, TODAY, until, words } from "./device.mjs";
import { front, NEXT, next_release } from "./front.mjs";
import { begin_shift, PIN, take_back } from "./screens.mjs";

const READY = "✓ 可离线使用：没有网络也能打开、作答。";
const WAITING = "新版本已经存好，关闭所有页面后启用，也可以现在启用。";

/** The demonstration's campaigns: title, and the first question. */
const CAMPAIGNS = {
  "safety-demo": ["群众安全感问卷", "您在本地住满一年了吗？"],
  "participation-demo": ["平安建设参与问卷", "您在本地住满一年了吗？"],
  "anti-fraud-demo": ["反电信诈骗知识测评", undefined],
};

describe("without a network", () => {
  /** @type {import("playwright-core").Browser} */
  let browser;
  /** @type {{ dist: string, remove: () => void }} */
  let next;
  before(async () => {
    [browser, next] = [await chromium(), next_release()];
  });
  after(() => Promise.all([browser.close(), next.remove()]));

  /** A device with a service worker. */
  const phone = (t, url, options) => device(t, browser, url, { serviceWorkers: "allow", ...options });

  /** A collector, and what stands before it. */
  async function place(t, options) {
    const behind = await collector({ today: TODAY, ...options });
    t.after(behind.stop);
    return { behind, line: await front(t, behind.url) };
  }

  /** A new tab of a device. */
  async function tab({ context }, path) {
    const page = await context.newPage();
    await page.clock.setFixedTime(new Date(`${TODAY}T12:00:00+08:00`));
    if (path) await page.goto(path);
    return page;
  }

  /** One visit, until the page says that it needs no network any more. */
  async function visit(t, url, path, options) {
    const it = await phone(t, url, options);
    await it.page.goto(path);
    await it.page.getByText(READY).waitFor();
    return it;
  }

  /** Every room of every campaign opens in a new tab, and the first question is asked. */
  async function everything_opens(it, except = []) {
    const page = await tab(it, "/");
    await heading(page, "现在可以参加的调查和测评").waitFor();
    for (const [id, [title, question]] of Object.entries(CAMPAIGNS)) {
      if (except.includes(id)) continue;
      assert.equal(await page.getByRole("link", { name: title, exact: true }).count(), 1);
      const survey = await tab(it, `/c/${id}`);
      await heading(survey, title).waitFor();
      await begin(survey);
      if (question) await heading(survey, question).waitFor();
      await survey.close();
      const shift = await tab(it, `/c/${id}/shift`);
      await button(shift, "开始班次").waitFor();
      await shift.close();
    }
    await page.close();
  }

  for (const path of ["/", "/c/anti-fraud-demo"]) {
    test(`after one visit of ${path} every open campaign opens in a new tab, the server gone for good`, async (t) => {
      const { line } = await place(t);
      const it = await visit(t, line.url, path);
      await it.page.close();
      await line.stop();
      await everything_opens(it);
    });
  }

  test("after one visit of the list a respondent can hand in without the server, and it goes when that is back", async (t) => {
    const { data, remove } = site();
    t.after(remove);
    const first = await collector({ data, today: TODAY });
    const it = await visit(t, first.url, "/");
    await first.stop();
    for (let n = 0; n < 5; n++) {
      const page = await tab(it, "/c/safety-demo?area=330602");
      await begin(page);
      await answer_all(page, NOT_ELIGIBLE);
      await button(page, "提交").click();
      await page.getByRole("status").getByText("暂时连不上汇总方。").waitFor();
      await page.close();
    }
    const second = await collector({ data, today: TODAY, port: first.port });
    t.after(second.stop);
    await tab(it, "/");
    await until(async () => (await results(second.url, "safety-demo")).n === 5);
  });

  test("a tablet's shift goes on after it was switched off and on", async (t) => {
    const { line } = await place(t);
    const it = await phone(t, line.url, { viewport: TABLET });
    await begin_shift(it.page);
    await it.page.getByText(READY).waitFor();
    await button(it.page, "交给居民作答").click();
    await begin(it.page);
    await answer_all(it.page, NOT_ELIGIBLE);
    await button(it.page, "完成，交还平板").click();
    await it.page.getByText("谢谢您！请把平板交还给志愿者。").waitFor();
    await it.page.close();
    await line.stop();
    const page = await tab(it, "/c/safety-demo/shift");
    await page.getByText("谢谢您！请把平板交还给志愿者。").waitFor();
    await take_back(page);
    await until(async () => /已完成\s*1 份/.test(await words(page)));
    await button(page, "English").click();
    await button(page, "Hand over to the resident").waitFor();
    await page.getByText("✓ Works offline").waitFor();
  });

  test("the first question waits for nothing of it, and the module comes over the network once", async (t) => {
    const { line } = await place(t);
    const it = await phone(t, line.url);
    await it.page.goto("/c/safety-demo?area=330602");
    await begin(it.page);
    assert.deepEqual(line.requests.filter(({ path }) => /sw\.js|offline-/.test(path)), []);
    await it.page.goto("/");
    await it.page.getByText(READY).waitFor();
    const module = it.requests.find(({ path }) => path.startsWith("/pkg/anxin_bg-"))?.path;
    const whole = line.requests.filter(({ path, known }) => path === module && !known);
    assert.equal(whole.length, 1, "the module was sent twice");
  });

  /** Everything in the caches: paths, and what stands under them. */
  const stored = (page) => page.evaluate(async () => {
    const found = [];
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        const response = await cache.match(request, { ignoreVary: true });
        found.push({ cache: name, url: request.url, text: await response?.text(), headers: [...response?.headers ?? []].join() });
      }
    }
    return found;
  });

  test("no query, area, answer or report is in the caches", async (t) => {
    const { line } = await place(t);
    const it = await visit(t, line.url, "/c/safety-demo?area=330602");
    await it.page.reload();
    await begin(it.page);
    await answer_all(it.page, NOT_ELIGIBLE);
    await button(it.page, "提交").click();
    await it.page.getByText("✓ 已送达").waitFor();
    await it.page.goto("/c/safety-demo/results?area=330602");
    await heading(it.page).waitFor();
    const entries = await stored(it.page);
    assert.ok(entries.length > 25, String(entries.length));
    for (const { url, text, headers } of entries) {
      assert.doesNotMatch(url, /[?#]|330602|results$|reports|healthz|batches/);
      assert.doesNotMatch(`${text} ${headers}`, /area=330602|task_id=[\w-]{20}/);
    }
  });

  test("an unknown campaign is told online, and is no page offline", async (t) => {
    const { line } = await place(t);
    const it = await visit(t, line.url, "/");
    const response = await it.page.goto("/c/nothing");
    assert.deepEqual([response?.status(), response?.fromServiceWorker()], [404, true]);
    await heading(it.page, "没有这项调查或测评。请核对网址或二维码。").waitFor();
    await line.stop();
    await it.page.goto("/c/nothing");
    await heading(it.page, "连不上服务器。请检查网络，稍后再试一次。").waitFor();
  });

  test("the page's policy from the cache is the collector's own, for each campaign", async (t) => {
    const { data, remove } = site();
    t.after(remove);
    await (await collector({ data, today: TODAY })).stop();
    const [leader, helper] = ["https://leader.example.org:8443/dap", "https://helper.example.net"];
    const tasks = ["dap", "tasks", "--campaign", "safety-demo", "--leader", leader, "--helper", helper];
    execFileSync(binary, [...tasks, "--data", data, "--out", data]);
    const { line } = await place(t, { data });
    const it = await visit(t, line.url, "/");
    for (const path of ["/", ...["safety-demo", "anti-fraud-demo"].flatMap((id) => ["", "/shift", "/results"].map((room) => `/c/${id}${room}`))]) {
      const from_collector = (await fetch(line.url + path)).headers;
      const response = await it.page.goto(path);
      assert.ok(response?.fromServiceWorker(), path);
      for (const name of ["content-security-policy", "referrer-policy", "cross-origin-opener-policy", "permissions-policy"]) {
        assert.equal(response?.headers()[name], from_collector.get(name), `${path}: ${name}`);
      }
    }
    const policy = (await fetch(`${line.url}/c/safety-demo`)).headers.get("content-security-policy");
    assert.match(policy ?? "", /connect-src 'self' https:\/\/leader\.example\.org:8443 https:\/\/helper\.example\.net;/);
  });

  // updates

  /** The release that a page is of. */
  const brand = (page) => page.locator(".brand").innerText();

  /** The browser looks for a newer worker, as it does by itself on a visit. @returns {Promise<string>} what came of it */
  const look = (page) => page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    const installed = new Promise((done) => {
      const follow = () => registration?.installing?.addEventListener("statechange", (e) => done(e.target?.state));
      registration?.addEventListener("updatefound", follow);
      follow();
    });
    await registration?.update().catch(() => {});
    if (registration?.waiting) return "installed";
    return Promise.race([installed, new Promise((done) => { setTimeout(() => done("nothing"), 10_000); })]);
  });

  test("an update in the middle of an interview waits for its end; the old page gets nothing of the new", async (t) => {
    const { line } = await place(t);
    const it = await visit(t, line.url, "/");
    await it.page.close();
    const page = await tab(it, "/c/safety-demo?area=330602");
    await button(page, "开始").waitFor();
    line.dist = next.dist;
    assert.equal(await look(page), "installed");
    line.requests.length = 0;
    await begin(page);
    await answer_all(page, NOT_ELIGIBLE);
    assert.equal(await brand(page), "安心");
    await button(page, "English").click(); // a script of its own
    await button(page, "Hand in").click(); // the script and the module that seal
    await page.getByText("✓ Received and added to the totals.").waitFor();
    const asked = line.requests.filter(({ path }) => /\.(js|css|wasm)$/.test(path) && path !== "/sw.js");
    assert.deepEqual(asked, [], "the old page asked the new server for scripts");
    const other = await tab(it, "/");
    await heading(other).waitFor();
    assert.equal(await brand(other), "Anxin", "a second page is of the first one's version");
    await Promise.all([page.close(), other.close()]);
    const fresh = await tab(it, "/c/safety-demo");
    await button(fresh, "Start").waitFor();
    await button(fresh, "中文").click();
    assert.equal(await brand(fresh), NEXT);
    await until(async () => (await fresh.evaluate(() => caches.keys())).length === 2);
    await line.stop();
    await fresh.close();
    const again = await tab(it, "/c/safety-demo");
    await button(again, "开始").waitFor();
    assert.equal(await brand(again), NEXT);
  });

  test("at a safe place a button puts the new version in use, but not under another open page", async (t) => {
    const { line } = await place(t);
    const it = await visit(t, line.url, "/");
    const interview = await tab(it, "/c/safety-demo?area=330602");
    await begin(interview);
    line.dist = next.dist;
    assert.equal(await look(it.page), "installed");
    assert.doesNotMatch(await words(interview), /新版本/);
    await it.page.getByText(WAITING).waitFor();
    await button(it.page, "启用新版本").click();
    await it.page.getByText("还有别的页面开着，请先关闭它们。").waitFor();
    assert.equal(await brand(it.page), "安心");
    await answer_all(interview, NOT_ELIGIBLE);
    await interview.close();
    let loads = 0;
    it.page.on("load", () => loads++);
    await button(it.page, "启用新版本").click();
    await until(async () => (await brand(it.page).catch(() => "")) === NEXT);
    await it.page.getByText(READY).waitFor();
    assert.equal(loads, 1, "loaded anew more than once");
    assert.equal(await it.page.getByText(WAITING).count(), 0);
  });

  test("a shift stays in its version until it ends, also when the tablet is switched off and on", async (t) => {
    const { line } = await place(t);
    const it = await phone(t, line.url, { viewport: TABLET });
    await begin_shift(it.page);
    await it.page.getByText(READY).waitFor();
    line.dist = next.dist;
    assert.equal(await look(it.page), "installed");
    await it.page.getByText("新版本已经存好，班次结束后启用。").waitFor();
    assert.equal(await button(it.page, "启用新版本").count(), 0);
    await it.page.close();
    const page = await tab(it, "/c/safety-demo/shift");
    await button(page, "交给居民作答").click();
    await begin(page);
    await answer_all(page, NOT_ELIGIBLE);
    assert.equal(await brand(page), "安心");
    await button(page, "完成，交还平板").click();
    await take_back(page);
    await summary(page, "结束班次").click();
    await page.getByLabel("志愿者输入 PIN").fill(PIN);
    await button(page, "结束班次").click();
    await button(page, "开始班次").waitFor();
    assert.equal(await brand(page), "安心");
    await button(page, "启用新版本").click();
    await until(async () => (await brand(page).catch(() => "")) === NEXT);
    await button(page, "开始班次").waitFor();
  });

  /** @type {[string, (path: string, bytes: Buffer) => Buffer | null][]} */
  const BAD = [
    ["that breaks off", (path, bytes) => path.startsWith("/pkg/anxin_shift_bg") ? null : bytes],
    ["with one file that is not whole", (path, bytes) => path.startsWith("/pkg/anxin_shift_bg") ? bytes.subarray(0, -9) : bytes],
    ["with one byte changed", (path, bytes) => path.startsWith("/report-") ? Buffer.concat([bytes, Buffer.from(" ")]) : bytes],
    ["whose page is still the old one", (path, bytes) => path === "/index.html" ? Buffer.from("<p>old</p>") : bytes],
  ];
  for (const [what, spoil] of BAD) {
    test(`an update ${what}: no "form no longer opens offline after an update" (Enketo #986)`, async (t) => {
      const { line } = await place(t);
      const it = await visit(t, line.url, "/");
      [line.dist, line.spoil] = [next.dist, spoil];
      assert.equal(await look(it.page), "redundant");
      await it.page.close();
      const page = await tab(it, "/c/safety-demo");
      await button(page, "开始").waitFor();
      assert.equal(await brand(page), "安心");
      // whole at last: only what is missing is fetched
      line.spoil = (_, bytes) => bytes;
      line.requests.length = 0;
      assert.equal(await look(page), "installed");
      const fetched = line.requests.map(({ path }) => path);
      assert.equal(fetched.includes("/icon-512.png"), false, "what has not changed was fetched again");
      await page.close();
      await line.stop();
      await everything_opens(it);
      const list = await tab(it, "/");
      assert.equal(await brand(list), NEXT);
    });
  }

  test("an update that breaks off leaves all as it was without the server too (Enketo #986)", async (t) => {
    const { line } = await place(t);
    const it = await visit(t, line.url, "/");
    [line.dist, line.spoil] = [next.dist, BAD[0][1]];
    assert.equal(await look(it.page), "redundant");
    await it.page.close();
    await line.stop();
    await everything_opens(it);
  });

  test("without a service worker, too, an old page never gets a new module", async (t) => {
    const { line } = await place(t);
    const { page } = await device(t, browser, line.url);
    await page.goto("/c/safety-demo?area=330602");
    await button(page, "开始").waitFor();
    line.dist = next.dist;
    await begin(page);
    await answer_all(page, NOT_ELIGIBLE);
    await button(page, "提交").click();
    await page.getByRole("alert").getByText("还没有网络，暂时不能提交。").waitFor();
    assert.match(await words(page), /答完了/, "the answers are gone");
  });

  // what stands between

  test("a captive portal's friendly page replaces nothing that is kept", async (t) => {
    const { line } = await place(t);
    const it = await visit(t, line.url, "/");
    line.portal = true;
    assert.equal(await look(it.page), "nothing");
    await it.page.reload();
    await everything_opens(it);
    await it.page.close();
    await line.stop();
    await everything_opens(it);
  });

  test("a portal on the very first visit leaves nothing behind", async (t) => {
    const { line } = await place(t);
    const it = await phone(t, line.url);
    await it.page.goto("/");
    await heading(it.page).waitFor();
    line.portal = true;
    await new Promise((resolve) => setTimeout(resolve, 3000));
    assert.equal(await it.page.getByText(READY).count(), 0);
    line.portal = false;
    await it.page.goto("/");
    await it.page.getByText(READY).waitFor();
    await line.stop();
    await everything_opens(it);
  });

  test("a line that hangs is not waited for longer than three seconds", async (t) => {
    const { line } = await place(t);
    const it = await visit(t, line.url, "/");
    line.hangs = true;
    const page = await tab(it);
    const started = Date.now();
    await page.goto("/c/safety-demo");
    await button(page, "开始").waitFor();
    assert.ok(Date.now() - started < 8000, `${Date.now() - started} ms`);
  });

  test("a campaign that has changed is kept as it is now", async (t) => {
    const { line } = await place(t);
    const it = await visit(t, line.url, "/");
    line.spoil = (path, bytes) => path === "/api/campaigns/safety-demo"
      ? Buffer.from(bytes.toString().replaceAll("群众安全感", "居民安全感")) : bytes;
    await it.page.goto("/");
    const text = await it.page.evaluate(async () => (await fetch("/api/campaigns/safety-demo")).text());
    assert.match(text, /居民安全感/);
    await line.stop();
    assert.equal(await it.page.evaluate(async () => (await fetch("/api/campaigns/safety-demo")).text()), text);
  });

  test("a campaign that was taken away is not opened any more", async (t) => {
    const { line } = await place(t);
    const it = await visit(t, line.url, "/");
    line.gone = "/api/campaigns/safety-demo";
    await it.page.goto("/c/safety-demo");
    await heading(it.page, "没有这项调查或测评。请核对网址或二维码。").waitFor();
    await line.stop();
    await it.page.goto("/c/safety-demo");
    await heading(it.page, "连不上服务器。请检查网络，稍后再试一次。").waitFor();
  });

  test("the worker never touches what is sent: bytes arrive equal (Enketo #1584)", async (t) => {
    const { line } = await place(t);
    const it = await visit(t, line.url, "/");
    await it.page.goto("/c/safety-demo?area=330602");
    assert.ok(await it.page.evaluate(() => Boolean(navigator.serviceWorker.controller)));
    const bytes = randomBytes(200_000);
    for (const [method, path] of [["POST", "/api/campaigns/safety-demo/batches"], ["PUT", "/dap/leader/tasks/nothing/reports"], ["POST", "/"]]) {
      await it.page.evaluate(async ([method, path, text]) => {
        const body = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
        await fetch(path, { method, body });
      }, [method, path, bytes.toString("base64")]);
      const sent = line.requests.filter((it) => it.method === method && it.path === path);
      assert.equal(sent.length, 1, `${method} ${path}`);
      assert.equal(digest(sent[0].body), digest(bytes), `${method} ${path}`);
    }
    await begin(it.page);
    await answer_all(it.page, NOT_ELIGIBLE);
    await button(it.page, "提交").click();
    await it.page.getByText("✓ 已送达").waitFor();
    const made = it.requests.filter(({ method, path }) => method === "PUT" && path.includes("/reports"));
    const came = line.requests.filter(({ method, path }) => method === "PUT" && path.endsWith("/reports") && !path.includes("nothing"));
    assert.equal(came.length, 1);
    assert.equal(digest(came[0].body), digest(made[made.length - 1].bytes));
  });

  // what the browser promises

  for (const [answer, told] of [[true, false], [false, true], [undefined, false]]) {
    test(`persistent storage is asked for when a shift begins: ${answer} is ${told ? "told" : "no news"}`, async (t) => {
      const { line } = await place(t);
      const { page } = await phone(t, line.url, { viewport: TABLET });
      await page.addInitScript((answer) => {
        globalThis.asked = 0;
        const own = answer === undefined ? undefined : () => { globalThis.asked++; return Promise.resolve(answer); };
        Object.defineProperty(StorageManager.prototype, "persist", { value: own });
        Object.defineProperty(StorageManager.prototype, "persisted", { value: () => Promise.resolve(false) });
      }, answer);
      await page.goto("/c/safety-demo/shift");
      await page.getByText(READY).waitFor();
      assert.equal(await page.evaluate(() => globalThis.asked), 0);
      await begin_shift(page);
      await page.getByText(READY).waitFor();
      assert.equal(await page.evaluate(() => globalThis.asked), answer === undefined ? 0 : 1);
      assert.equal(/没有答应长期保存/.test(await words(page)), told);
      await page.reload();
      await page.getByText(READY).waitFor();
      assert.equal(/没有答应长期保存/.test(await words(page)), told, "after a reload");
      await button(page, "交给居民作答").click();
      await button(page, "开始").waitFor();
      assert.doesNotMatch(await words(page), /没有答应|离线/);
    });
  }

  test("a browser that has no service workers says so to volunteers, and goes on as before", async (t) => {
    const { line } = await place(t);
    const { page } = await phone(t, line.url, { viewport: TABLET });
    await page.addInitScript(() => Reflect.deleteProperty(Navigator.prototype, "serviceWorker"));
    await begin_shift(page);
    await page.getByText("这个浏览器不能离线打开：没有网络时，请不要关闭或刷新页面。").waitFor();
    await page.goto("/");
    await heading(page).waitFor();
    // what tells of it has come, and is drawn anew when the reader changes something: it has had its say
    await page.waitForFunction(() => customElements.get("anxin-offline"));
    await page.evaluate(() => new Promise((drawn) => {
      document.addEventListener("anxin-offline", () => drawn(undefined), { once: true });
      document.dispatchEvent(new Event("anxin-prefs"));
    }));
    assert.doesNotMatch(await words(page), /离线/);
  });

  test("it can be installed", async (t) => {
    const { line } = await place(t);
    const { page, context } = await visit(t, line.url, "/");
    const session = await context.newCDPSession(page);
    const { url, errors, data } = await session.send("Page.getAppManifest");
    assert.equal(url, `${line.url}/app.webmanifest`);
    assert.deepEqual(errors, []);
    const { id, name, start_url, display, icons } = JSON.parse(data ?? "");
    assert.deepEqual([id, start_url, display], ["/", "/", "standalone"]);
    assert.match(name, /安心/);
    for (const { src, sizes, type } of icons.filter(({ type }) => type === "image/png")) {
      const size = await page.evaluate(async (src) => {
        const bitmap = await createImageBitmap(await (await fetch(src)).blob());
        return `${bitmap.width}x${bitmap.height}`;
      }, src);
      assert.equal(size, sizes, `${src} ${type}`);
    }
    assert.deepEqual((await session.send("Page.getInstallabilityErrors")).installabilityErrors
      .filter(({ errorId }) => errorId !== "in-incognito"), []);
  });
});

/** @param {Buffer | null} bytes */
const digest = (bytes) => createHash("sha256").update(bytes ?? "").digest("hex");
