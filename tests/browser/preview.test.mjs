/**
 * `anxin preview` in an author's browser: the form on a phone and on a tablet, anew at every save, its faults, its
 * paths, a simulated respondent and the cells that come of one.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "./chromium.mjs";
import { binary } from "./collector.mjs";
import { button, device, TODAY, until } from "./device.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core"), "utf8");
const instrument = (name) => readFileSync(fileURLToPath(new URL(`../../www/instruments/${name}.json`, import.meta.url)), "utf8");

const WIDE = { width: 1440, height: 900 };
const NARROW = { width: 360, height: 740 };

/**
 * A preview of a questionnaire in a folder of its own.
 * @param {import("node:test").TestContext} t @param {string} json
 */
async function preview(t, json) {
  const folder = mkdtempSync(join(tmpdir(), "anxin-preview-"));
  const file = join(folder, "q.json");
  /** Saves as spreadsheets do: a new file takes the old one's place. @param {string} text */
  const save = (text) => {
    writeFileSync(`${file}.new`, text);
    renameSync(`${file}.new`, file);
  };
  save(json);
  const process_ = spawn(binary, ["preview", file, "--listen", "127.0.0.1:0", "--today", TODAY], { stdio: ["ignore", "pipe", "pipe"] });
  const ended = once(process_, "exit");
  t.after(async () => {
    process_.kill("SIGTERM");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });
  process_.stderr.resume();
  const url = await new Promise((resolve, reject) => {
    createInterface({ input: process_.stdout }).on("line", (line) => {
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(line);
      if (found) resolve(found[0]);
    });
    ended.then(() => reject(new Error(`${binary} preview ended at once`)));
  });
  return { url, save };
}

/** What axe finds in the preview's own page, a line each; the frames are the respondents' page, which has its own test. */
const violations = async (page) => {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe);
  return page.evaluate(async () => {
    document.querySelectorAll("details").forEach((it) => { it.open = true; });
    const { violations, passes } = await globalThis.axe.run(document, { iframes: false, resultTypes: ["violations"], elementRef: false });
    if (violations.length + passes.length === 0) return ["axe looked at nothing"];
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) =>
      `${id}: ${target.join(" ")}: ${failureSummary?.replace(/\s+/g, " ")}`));
  });
};

/** How far the page reaches beyond its window. */
const too_wide = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

test("every kind of fault that the tests of forms and questionnaires know has a sentence in Chinese", () => {
  const words = readFileSync(new URL("../../www/words-preview.js", import.meta.url), "utf8");
  const known = new Set([...words.slice(words.indexOf("const reasons")).matchAll(/^  (\w+): "/gm)].map(([, code]) => code));
  const told = ["../convert/bad.txt", "../vectors/bad/faults.txt"].flatMap((file) =>
    [...readFileSync(new URL(file, import.meta.url), "utf8").matchAll(/\[([a-z_]+)\]$/gm)].map(([, code]) => code));
  assert.ok(told.length > 50);
  assert.deepEqual(told.filter((code) => !known.has(code)), []);
});

describe("a preview", () => {
  /** @type {import("playwright-core").Browser} */
  let browser;
  before(async () => { browser = await chromium(); });
  after(() => browser.close());

  /** Opens one, and waits for both frames. @param {import("node:test").TestContext} t @param {string} json */
  async function opened(t, json, options = {}) {
    const site = await preview(t, json);
    const { page, requests } = await device(t, browser, site.url, { viewport: WIDE, ...options });
    await page.goto("/");
    const [phone, tablet] = ["phone", "tablet"].map((name) => page.frameLocator(`.${name} iframe`));
    for (const frame of [phone, tablet]) await frame.getByRole("button", { name: "开始" }).waitFor();
    await page.locator("#findings .proved").waitFor();
    return { ...site, page, requests, phone, tablet };
  }

  const said = (page) => page.locator("#respondent-said");

  test("shows the first question on phone and tablet, a simulated respondent with path and cells, and the way to an item", async (t) => {
    const { page, phone, tablet, requests } = await opened(t, instrument("safety"));
    assert.equal(await page.locator("h1").textContent(), "群众安全感问卷");
    for (const frame of [phone, tablet]) {
      await frame.getByText("这里只是练习").waitFor();
      await frame.getByRole("button", { name: "开始" }).click();
      await frame.getByRole("heading", { name: "您在本地住满一年了吗？" }).waitFor();
    }
    assert.equal(await tablet.locator("html").evaluate((it) => it.clientWidth), 768, "as wide as the tablet is");
    assert.equal(await phone.locator("html").evaluate((it) => it.clientWidth), 375);

    const items = page.locator("#steps .step");
    assert.equal(await items.count(), 15);
    assert.equal(await page.locator("#steps .asked .condition").count(), 0, "what has a condition is undecided");
    await button(page, "像居民一样随机填一份").click();
    await said(page).getByText("模拟的居民，种子 1").waitFor();
    await said(page).getByText(/534 个格里有 \d+ 个是 1/).waitFor();
    assert.equal(await page.locator("#steps .open").count(), 0, "a whole path leaves nothing open");
    const filled = await page.locator("#cells .ones").allTextContents();
    assert.ok(filled.length > 15, `${filled.length} blocks with a one`);
    for (const frame of [phone, tablet]) await frame.getByRole("heading", { name: "答完了，谢谢您！" }).waitFor();
    await button(page, "下一个种子").click();
    await said(page).getByText("模拟的居民，种子 2").waitFor();
    await until(async () => String(await page.locator("#cells .ones").allTextContents()) !== String(filled));
    await button(page, "上一个种子").click();
    await said(page).getByText("模拟的居民，种子 1").waitFor();
    await until(async () => String(await page.locator("#cells .ones").allTextContents()) === String(filled));

    await button(page, "清空").click();
    await said(page).getByText("自己选的答案").waitFor();
    const last = items.filter({ has: page.locator(".condition") }).last();
    assert.match((await last.getAttribute("class")) ?? "", /open/);
    const asked = (await last.locator("legend, fieldset ~ p, div > p").first().textContent())?.replace(/^\d+ /, "");
    await last.getByRole("button", { name: /带我到这一题/ }).click();
    await until(async () => /asked/.test((await last.getAttribute("class")) ?? ""));
    for (const frame of [phone, tablet]) await frame.locator("#question, .statement").filter({ hasText: asked }).first().waitFor();

    // an answer by hand decides what comes after it
    await button(page, "清空").click();
    await items.first().getByLabel("否", { exact: true }).check();
    await until(async () => (await page.locator("#steps .passed").count()) > 5);
    assert.deepEqual(requests.filter(({ method }) => method !== "GET"), [], "nothing is posted");
  });

  test("follows every save, keeps the place in the frames, and the last good form beside the faults of a broken one", async (t) => {
    const json = instrument("safety");
    const { page, phone, save } = await opened(t, json);
    await phone.getByRole("button", { name: "开始" }).click();
    await phone.getByLabel("是", { exact: true }).check();
    await phone.getByRole("button", { name: "下一步" }).click();
    await phone.getByRole("heading", { name: "您的年龄是？" }).waitFor();
    const start = Date.now();
    save(json.replace("您的年龄是？", "您今年多大？"));
    await phone.getByRole("heading", { name: "您今年多大？" }).waitFor();
    t.diagnostic(`the new wording after ${Date.now() - start} ms`);
    await page.locator("#steps").getByText("您今年多大？", { exact: false }).first().waitFor();

    save(json.replace('"type": "yes_no"', '"type": "perhaps"'));
    const faults = page.locator("#faults");
    await faults.getByText("不认识这个值。").waitFor();
    const line = json.split("\n").findIndex((line) => line.includes('"type": "yes_no"')) + 1;
    await faults.getByText(`第 ${line} 行`, { exact: false }).waitFor();
    await phone.getByRole("heading", { name: "您今年多大？" }).waitFor();
    assert.match(await page.title(), /^✗ q\.json/);
    assert.deepEqual(await violations(page), []);
    save(json);
    await phone.getByRole("heading", { name: "您的年龄是？" }).waitFor();
    await until(async () => /^✓ q\.json/.test(await page.title()));
    assert.equal(await faults.locator("li").count(), 0);
  });

  test("draws a quiz alike on both, and tells its score", async (t) => {
    const { page, phone, tablet } = await opened(t, instrument("anti_fraud"));
    await button(page, "像居民一样随机填一份").click();
    await said(page).getByText(/\d+ 分，满分 20 分/).waitFor();
    const score = /(\d+) 分，满分 20 分/.exec((await said(page).textContent()) ?? "")?.[1];
    for (const frame of [phone, tablet]) await frame.getByText(`得 ${score} 分，满分 20 分`).waitFor();
    assert.ok((await page.locator("#steps .not_drawn").count()) > 80);
  });

  test("is readable by everybody: axe, light and dark, Chinese and English, 360 and 1440 px", async (t) => {
    const { page } = await opened(t, instrument("participation"));
    await button(page, "像居民一样随机填一份").click();
    await said(page).getByText("模拟的居民").waitFor();
    for (const viewport of [WIDE, NARROW]) {
      await page.setViewportSize(viewport);
      for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
        await page.emulateMedia({ colorScheme });
        assert.deepEqual(await violations(page), [], `${viewport.width} ${colorScheme}`);
        assert.equal(await too_wide(page), 0, `${viewport.width} ${colorScheme}`);
      }
    }
    await button(page, "English").click();
    await page.getByRole("heading", { name: "Paths" }).waitFor();
    await page.frameLocator(".phone iframe").getByText("Thank you", { exact: false }).first().waitFor();
    assert.deepEqual(await violations(page), []);
    assert.equal(await too_wide(page), 0, "English");
  });
});
