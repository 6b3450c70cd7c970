/**
 * Whatever goes wrong before the first question, the reader is told in one clear sentence, in Chinese or in
 * English, and where it may help is offered another try. The page is never blank.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { chromium } from "./chromium.mjs";
import { collector } from "./collector.mjs";
import { begin, button, device, heading, link, TODAY, until, words } from "./device.mjs";

/** What is told, by what went wrong. */
const SENTENCES = {
  unknown: ["没有这项调查或测评。请核对网址或二维码。", "There is no such survey or quiz. Please check the address or QR code."],
  network: ["连不上服务器。请检查网络，稍后再试一次。", "The server cannot be reached. Please check the connection and try once more."],
  module: [
    "问卷程序没有下载下来，可能是网络不好或被拦截了。请再试一次。",
    "The survey program did not arrive: the network may be bad or blocked. Please try once more.",
  ],
  no_wasm: [
    "这个浏览器太旧，或者关闭了需要的功能，打不开问卷。请更新微信或浏览器后再试。",
    "This browser is too old, or a needed function is off. Please update WeChat or the browser and try again.",
  ],
  altered: [
    "收到的问卷和发布的不一样，为了稳妥没有打开。请再试一次，还不行请告诉组织单位。",
    "The form received is not the one published, so it was not opened. Please try once more, or tell the organiser.",
  ],
  faulty: ["这份问卷有错误，打不开。请告诉组织单位。", "This form has an error and cannot open. Please tell the organiser."],
  not_open: ["这项活动还没有开始。（或者这台设备的日期不对。）", "This has not opened yet. (Or the date of this device is wrong.)"],
  closed: [
    "这项活动已经结束，谢谢您的关心。（或者这台设备的日期不对。）",
    "This has closed. Thank you for your interest. (Or the date of this device is wrong.)",
  ],
  not_yet: ["这份问卷还没到有效期，不能作答。", "This form is not valid yet and cannot be answered."],
  expired: ["这份问卷已过有效期，不能再作答。", "This form is past its validity and can no longer be answered."],
  storage: [
    "这台设备不让网页保存数据，没法记录。请关闭无痕模式，或换一个浏览器。",
    "This device does not let the page keep data, so nothing can be recorded. Please leave private mode or use another browser.",
  ],
  damaged: [
    "这台设备上保存的数据读不出来。请不要清除，先告诉组织单位。",
    "What is kept on this device cannot be read. Please do not clear it; tell the organiser first.",
  ],
};

const SURVEY = "/c/safety-demo";
const SHIFT = "/c/safety-demo/shift";
const RESULTS = "/c/safety-demo/results";

describe("one clear sentence", () => {
  /** @type {import("playwright-core").Browser} */
  let browser;
  let site;
  before(async () => {
    [browser, site] = await Promise.all([chromium(), collector({ today: TODAY })]);
  });
  after(() => Promise.all([browser.close(), site.stop()]));

  /** Sees that the page tells this and nothing else, in both languages, with another try where it may help. */
  async function told(page, which, { retry = ["network", "module", "altered"].includes(which) } = {}) {
    const [chinese, english] = SENTENCES[which];
    const alert = page.getByRole("alert");
    await alert.getByRole("heading", { level: 1, name: chinese, exact: true }).waitFor();
    assert.equal(await page.locator("h1").count(), 1);
    assert.equal(await button(page, "再试一次").count(), retry ? 1 : 0);
    await link(page, "看看其他调查和测评").waitFor();
    await button(page, "English").click();
    await alert.getByRole("heading", { level: 1, name: english, exact: true }).waitFor();
    assert.equal(await button(page, "Try once more").count(), retry ? 1 : 0);
    await link(page, "Other surveys and quizzes").waitFor();
  }

  /** An answer of the collector that never arrives. */
  const lost = (route) => route.abort();
  /** A file that a proxy does not find. */
  const missing = (route) => route.fulfill({ status: 404, body: "" });
  /** A collector, or something before it, in trouble. */
  const broken = (route) => route.fulfill({ status: 502, contentType: "text/html", body: "<h1>Bad Gateway</h1>" });

  /** @type {[string, keyof typeof SENTENCES, string, [string, (route: any) => any][]][]} */
  const CASES = [
    ["an unknown campaign", "unknown", "/c/nothing", []],
    ["an unknown campaign's results", "unknown", "/c/nothing/results", []],
    ["an unknown campaign's shift", "unknown", "/c/nothing/shift", []],
    ["the list does not arrive", "network", "/", [["/api/campaigns", lost]]],
    ["the campaign does not arrive", "network", SURVEY, [["/api/campaigns/*", lost]]],
    ["the campaign's collector is in trouble", "network", SURVEY, [["/api/campaigns/*", broken]]],
    ["the questionnaire does not arrive", "network", SURVEY, [["/api/questionnaires/*", lost]]],
    ["the results do not arrive", "network", RESULTS, [["/api/campaigns/*/results*", lost]]],
    ["the results' style sheet does not arrive", "network", RESULTS, [["/results-*.css", lost]]],
    ["the module is blocked", "module", SURVEY, [["/pkg/*.wasm", lost]]],
    ["the module is not found", "module", SURVEY, [["/pkg/*.wasm", missing]]],
    ["the tablet's module is blocked", "module", SHIFT, [["/pkg/*.wasm", lost]]],
    ["the tablet's glue is not found", "module", SHIFT, [["/pkg/anxin_shift-*.js", missing]]],
    ["the shift's script is not found", "module", SHIFT, [["/shift-*.js", missing]]],
    ["the results' script is not found", "module", RESULTS, [["/results-*.js", missing]]],
  ];
  for (const [what, which, path, faults] of CASES) {
    test(what, async (t) => {
      const { page } = await device(t, browser, site.url);
      for (const [pattern, does] of faults) {
        await page.route((url) => glob(pattern).test(url.pathname + url.search), does);
      }
      await page.goto(path);
      await told(page, which);
    });
  }

  test("after another try with the network back, the survey opens", async (t) => {
    const { page } = await device(t, browser, site.url);
    await page.route("**/pkg/*.wasm", lost);
    await page.goto(SURVEY);
    await heading(page, SENTENCES.module[0]).waitFor();
    await page.unroute("**/pkg/*.wasm");
    await button(page, "再试一次").click();
    await heading(page, "群众安全感问卷").waitFor();
  });

  test("the questionnaire was altered on its way", async (t) => {
    const { page } = await device(t, browser, site.url);
    await page.route("**/api/questionnaires/*", async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: (await response.text()).replace("安全吗", "安全吧") });
    });
    await page.goto(SURVEY);
    await told(page, "altered");
  });

  test("the questionnaire has a fault", async (t) => {
    const { page } = await device(t, browser, site.url);
    const body = '{"format": 1, "id": "safety"}';
    await page.route("**/api/questionnaires/*", (route) => route.fulfill({ contentType: "application/json", body }));
    await page.goto(SURVEY);
    await told(page, "faulty");
  });

  test("the browser has no WebAssembly", async (t) => {
    const { page } = await device(t, browser, site.url);
    await page.addInitScript(() => Reflect.deleteProperty(globalThis, "WebAssembly"));
    await page.goto(SURVEY);
    await told(page, "no_wasm");
  });

  test("the browser's policy forbids WebAssembly", async (t) => {
    const { page, faults } = await device(t, browser, site.url);
    await page.route(`**${SURVEY}`, async (route) => {
      const response = await route.fetch();
      const policy = response.headers()["content-security-policy"].replace("'wasm-unsafe-eval'", "");
      await route.fulfill({ response, headers: { ...response.headers(), "content-security-policy": policy } });
    });
    await page.goto(SURVEY);
    await told(page, "no_wasm");
    faults.length = 0; // the policy's own message is what this is about
  });

  for (const [what, which, today, day] of [
    ["the campaign has not opened", "not_open", TODAY, "2026-11-30"],
    ["the campaign has closed", "closed", TODAY, "2027-12-01"],
    ["the questionnaire is not valid yet", "not_yet", "2025-12-01", "2025-12-31"],
    ["the questionnaire is past its validity", "expired", "2027-06-01", "2028-01-01"],
  ]) {
    test(`${what}, on the phone and at the start of a shift`, async (t) => {
      const other = today === TODAY ? undefined : await collector({ today });
      if (other) t.after(other.stop);
      for (const path of [SURVEY, SHIFT]) {
        const { page } = await device(t, browser, (other ?? site).url, { day });
        await page.goto(path);
        await told(page, which);
      }
    });
  }

  test("on the last day it still opens", async (t) => {
    const { page } = await device(t, browser, site.url, { day: "2027-11-30" });
    await page.goto(SURVEY);
    await button(page, "开始").waitFor();
  });

  /** What a browser may deny. @type {Record<string, () => void>} */
  const DENIALS = {
    "every storage": () => {
      const denied = { get: () => { throw new DOMException("denied", "SecurityError"); } };
      for (const name of ["localStorage", "indexedDB"]) Object.defineProperty(globalThis, name, denied);
    },
    "its database, as it throws": () => {
      IDBFactory.prototype.open = () => { throw new DOMException("denied", "SecurityError"); };
    },
    "its database, as it opens": () => {
      IDBFactory.prototype.open = () => {
        const request = { error: new DOMException("denied", "UnknownError"), onerror: () => {} };
        setTimeout(() => request.onerror());
        return request;
      };
    },
  };
  for (const [what, deny] of Object.entries(DENIALS)) {
    test(`the device denies ${what}: no shift, but a phone's survey goes on`, async (t) => {
      const { page } = await device(t, browser, site.url);
      await page.addInitScript(deny);
      await page.goto(SHIFT);
      await told(page, "storage", { retry: true });
      await page.goto(SURVEY);
      await button(page, /^(开始|Start)$/).waitFor();
      // remembered, where anything is
      if (await button(page, "English").count()) await button(page, "English").click();
      await button(page, "Large text").click();
      await begin(page);
      await heading(page, "Have you lived in this area for a year or more?").waitFor();
    });
  }

  test("an older page holds the database open: that one is to be closed", async (t) => {
    const { page, context } = await device(t, browser, site.url);
    const older = await context.newPage();
    await older.goto(SURVEY);
    // one that does not make way
    await older.evaluate(() => new Promise((resolve) => {
      const opening = indexedDB.open("anxin", 1);
      opening.onsuccess = resolve;
    }));
    await page.addInitScript(() => {
      const { open } = IDBFactory.prototype;
      IDBFactory.prototype.open = function (name) { return open.call(this, name, 2); };
    });
    await page.goto(SHIFT);
    await page.getByRole("alert").getByRole("heading", { level: 1, name: "另一个标签页里开着旧版页面，请把它关掉再试。" }).waitFor();
  });

  /** What can be wrong with a journal: its head, the last whole state, the entries. */
  const DAMAGES = {
    "an entry is cut off": { head: 1, entries: ['{"begun":{"shift":'] },
    "an entry is missing": { head: 3, entries: ['"settled"'] },
    "the whole state is no state": { head: 16, whole: "{}", entries: [] },
    "it is a later version's": { head: 16, whole: '{"version":4}', entries: [] },
    "nothing is what it should be": { head: "one", whole: 7, entries: [{}] },
  };
  for (const [what, journal] of Object.entries(DAMAGES)) {
    test(`what the tablet keeps cannot be read, ${what}: it is left as it is`, async (t) => {
      const { page } = await device(t, browser, site.url);
      await page.goto("/");
      await page.evaluate(({ head, whole, entries }) => new Promise((resolve) => {
        const opening = indexedDB.open("anxin", 1);
        opening.onupgradeneeded = () => {
          opening.result.createObjectStore("reports");
          const store = opening.result.createObjectStore("journal");
          store.put(head, "head");
          if (whole !== undefined) store.put(whole, "whole");
          entries.forEach((entry, i) => store.put(entry, Number(head) ? head - entries.length + 1 + i : i));
        };
        opening.onsuccess = () => {
          opening.result.close();
          resolve();
        };
      }), journal);
      const before = await kept(page);
      assert.ok(before.length > 1);
      await page.goto(SHIFT);
      await told(page, "damaged", { retry: true });
      assert.deepEqual(await kept(page), before);
    });
  }

  test("a module that breaks down says so instead of standing still", async (t) => {
    const { page, faults } = await device(t, browser, site.url);
    await page.goto(SURVEY);
    await button(page, "开始").waitFor();
    await page.evaluate(() => {
      Promise.reject(new WebAssembly.RuntimeError("unreachable"));
    });
    await heading(page, "出了意外，没能继续。请再试一次。").waitFor();
    await button(page, "再试一次").waitFor();
    assert.match(faults.pop() ?? "", /unreachable/);
  });

  // What the shell says, before any script of ours has run.

  const LATE =
    "还没有打开？请检查网络后刷新，或者更新微信、浏览器再试。 " +
    "Not open yet? Please check the network and reload, or update WeChat or the browser.";

  for (const [what, pattern] of [["the page's script", "/page-*.js"], ["the very first script", "/app-*.js"]]) {
    test(`${what} does not arrive`, async (t) => {
      const { page } = await device(t, browser, site.url);
      await page.route((url) => glob(pattern).test(url.pathname), lost);
      await page.goto(SURVEY);
      const late = page.locator(".late");
      // without any script the shell waits, by its own animation, before it says so
      if (pattern === "/app-*.js") {
        await late.evaluate((it) => it.getAnimations().forEach((animation) => animation.finish()));
      }
      await until(() => late.isVisible());
      assert.equal((await late.innerText()).replace(/\s+/g, " "), LATE);
    });
  }

  test("a browser without scripts is told so", async (t) => {
    const { page } = await device(t, browser, site.url, { javaScriptEnabled: false });
    await page.goto(SURVEY);
    assert.match(await words(page), /打开问卷需要 JavaScript.*This page needs JavaScript/s);
    assert.doesNotMatch(await words(page), /正在打开|还没有打开/);
  });
});

/** What lies in the tablet's journal. @param {import("playwright-core").Page} page @returns {Promise<unknown[]>} */
const kept = (page) => page.evaluate(() => new Promise((resolve) => {
  const opening = indexedDB.open("anxin");
  opening.onsuccess = () => {
    const all = opening.result.transaction("journal").objectStore("journal").getAll();
    all.onsuccess = () => {
      opening.result.close();
      resolve(all.result);
    };
  };
}));

/** A pattern of a path in which `*` stands for anything but a slash. @param {string} pattern */
const glob = (pattern) => new RegExp(`^${pattern.replace(/[.?]/g, "\\$&").replaceAll("*", "[^/]*")}$`);
