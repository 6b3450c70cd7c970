/**
 * A phone, a tablet or a desk in somebody's hands: a browser window of its own, whose every request and
 * error is kept, and what a person does with it, by role and name.
 * @module
 */
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The day of these tests, for collectors and devices. */
export const TODAY = "2026-12-01";

/** How long a condition may take to come true, in milliseconds; the machine may be busy. */
const PATIENCE = 20_000;

export const PHONE = { width: 360, height: 740 };
export const TABLET = { width: 820, height: 1180 };
export const DESK = { width: 1280, height: 900 };

/**
 * A device for one test, put away after it. An uncaught error or something that the content security policy
 * stopped fails the test.
 * @param {import("node:test").TestContext} t
 * @param {import("playwright-core").Browser} browser
 * @param {string} url the collector's
 * @param {import("playwright-core").BrowserContextOptions & { day?: string, timers?: "real" | "held" }} [options]
 *   `day`: what its clock says; `timers: "held"`: they run only when told to
 */
export async function device(t, browser, url, { day = TODAY, timers = "real", ...options } = {}) {
  const context = await browser.newContext({
    baseURL: url,
    // a service worker would answer from its own cache what a test wants to see asked, or to alter
    serviceWorkers: "block",
    viewport: PHONE,
    locale: "zh-CN",
    timezoneId: "Asia/Shanghai",
    reducedMotion: "reduce",
    ...options,
  });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  const noon = new Date(`${day}T12:00:00+08:00`);
  if (timers === "held") {
    await page.clock.install({ time: noon });
    await page.clock.pauseAt(new Date(noon.getTime() + 1000));
  } else {
    await page.clock.setFixedTime(noon);
  }
  /** @type {{ method: string, path: string, type?: string, body: string | null, bytes: Buffer | null }[]} */
  const requests = [];
  /** @type {string[]} */
  const faults = [];
  page.on("request", (request) => {
    const { origin, pathname, search, protocol } = new URL(request.url());
    if (protocol === "data:") return;
    if (origin !== url) faults.push(`asked another host: ${request.url()}`);
    const type = request.headers()["content-type"];
    const [body, bytes] = [request.postData(), request.postDataBuffer()];
    requests.push({ method: request.method(), path: pathname + search, type, body, bytes });
  });
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => {
    if (/Content Security Policy/.test(message.text())) faults.push(message.text());
  });
  t.after(async () => {
    await context.close();
    assert.deepEqual(faults, []);
  });
  return { context, page, requests, faults, posts: () => requests.filter(({ method }) => method !== "GET") };
}

/** Waits until something holds, and hands it back. @template T @param {() => T | Promise<T>} read */
export async function until(read) {
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    const value = await read();
    if (value) return value;
    assert.ok(Date.now() < deadline, `waited in vain: ${read}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** @typedef {import("playwright-core").Page} Page */

/** @param {Page} page @param {string | RegExp} name */
export const button = (page, name) => page.getByRole("button", { name, exact: true });

/** @param {Page} page @param {string | RegExp} name */
export const link = (page, name) => page.getByRole("link", { name, exact: true });

/** The heading of the screen. @param {Page} page @param {string | RegExp} [name] */
export const heading = (page, name) => page.getByRole("heading", { level: 1, name, exact: true });

/** One option of the question on the screen. @param {Page} page @param {string} name */
export const option = (page, name) =>
  page.getByRole("radio", { name, exact: true }).or(page.getByRole("checkbox", { name, exact: true }));

/** From the cover to the first question. A phone is asked where it is. @param {Page} page @param {string} [area] */
export async function begin(page, area = "330602") {
  const start = button(page, /^(开始|Start)$/);
  await start.waitFor();
  const where = page.getByRole("combobox", { name: /^(您在哪个区域？|Which area are you in\?)$/ });
  if (await where.count()) await where.selectOption(area);
  await start.click();
  await page.locator("#question").waitFor();
}

/** The summary that opens or closes a `<details>`. @param {Page} page @param {string} name */
export const summary = (page, name) => page.locator("summary").filter({ hasText: name });

/** What is read out when it changes. @param {Page} page */
export const status = (page) => page.getByRole("status");

/** The words of the page's one button that leads on. */
const ONWARD = /^(下一步|确定|Next|Confirm)$/;

/** The question on the screen, and its inputs; none at the end. @param {Page} page */
export const asked = (page) =>
  page.evaluate(() => {
    const question = document.getElementById("question");
    if (!question) return null;
    const inputs = [...document.querySelectorAll("#control input")];
    const statement = document.querySelector(".statement");
    return {
      text: (statement ?? question).textContent,
      types: inputs.map((input) => /** @type {HTMLInputElement} */ (input).type),
      confirmed: /^(确定|Confirm)$/.test(document.querySelector(".actions .main")?.textContent ?? ""),
      options: inputs.map((input) => input.parentElement?.textContent),
    };
  });

/**
 * Chooses, ticks or types.
 * @param {Page} page
 * @param {string | string[] | number} [wanted] none: the first
 * @param {string} [type] of the question's first input
 */
export async function choose(page, wanted, type) {
  const first = page.locator("#control input").first();
  if (typeof wanted === "number") await first.fill(String(wanted));
  else if (wanted !== undefined) for (const name of [wanted].flat()) await option(page, name).check();
  else if (type === "text") await first.fill("1");
  else if (type) await first.check();
}

/** A grown-up, where nothing else is wanted. */
const GROWN_UP = { "您的年龄是？": "41–50岁", "How old are you?": "41–50" };

/**
 * Answers every question from the one on the screen to the end.
 * @param {Page} page
 * @param {Record<string, string | string[] | number>} [answers] by question; to others, the first option
 * @param {(question: string) => Promise<void>} [each] called on every screen, the answer given; also at the end
 * @returns {Promise<string[]>} the questions that were asked
 */
export async function answer_all(page, answers = {}, each = async () => {}) {
  const questions = [];
  const onward = page.getByRole("button", { name: ONWARD });
  for (;;) {
    const screen = await asked(page);
    if (!screen) break;
    questions.push(screen.text);
    await choose(page, { ...GROWN_UP, ...answers }[screen.text], screen.types[0]);
    await each(screen.text);
    if (screen.confirmed) {
      await onward.click();
      await each(`${screen.text} (reason)`);
    }
    await onward.click();
  }
  await each("end");
  return questions;
}

/** A resident whom the survey does not ask: the shortest way to its end. */
export const NOT_ELIGIBLE = { "您在本地住满一年了吗？": "否", "Have you lived in this area for a year or more?": "No" };

/** The sealed reports that lie in the tablet's journal, by name. @param {Page} page @returns {Promise<string[]>} */
export const held = (page) => page.evaluate(() => new Promise((resolve, reject) => {
  const opening = indexedDB.open("anxin");
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => {
    const names = opening.result.transaction("reports").objectStore("reports").getAllKeys();
    names.onsuccess = () => {
      opening.result.close();
      resolve(names.result);
    };
  };
}));

/** What is visible of the page proper, as text. @param {Page} page */
export const words = (page) => page.locator("main").innerText();

/**
 * Keeps a picture for the README, when asked to.
 * @param {Page} page @param {string} name @param {import("playwright-core").PageScreenshotOptions} [part] of the page
 */
export async function picture(page, name, part) {
  if (process.env.ANXIN_SCREENSHOTS !== "1") return;
  const folder = fileURLToPath(new URL("../screenshots/", import.meta.url));
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: `${folder}${name}.png`, animations: "disabled", ...part });
}
