/**
 * axe on every screen, colour contrast included, in light and dark, in large text and in English: no violations.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, describe, test } from "node:test";
import { chromium } from "./chromium.mjs";
import { collector } from "./collector.mjs";
import { button, device, TODAY } from "./device.mjs";
import { every_screen, fill } from "./screens.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core"), "utf8");

/**
 * What axe finds, a line each.
 * @param {import("playwright-core").Page} page @param {string[]} [rules] all, if none are named
 */
async function violations(page, rules) {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe);
  return page.evaluate(async (rules) => {
    document.querySelectorAll("details").forEach((it) => { it.open = true; });
    const runOnly = rules && { type: "rule", values: rules };
    const { violations, passes } = await globalThis.axe.run(document, {
      ...(runOnly && { runOnly }),
      resultTypes: ["violations"],
      preload: false,
      elementRef: false,
    });
    if (violations.length + passes.length === 0) return ["axe looked at nothing"];
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) =>
      `${id}: ${target.join(" ")}: ${failureSummary?.replace(/\s+/g, " ")}`));
  }, rules);
}

describe("axe finds nothing", () => {
  /** @type {import("playwright-core").Browser} */
  let browser;
  let site;
  before(async () => {
    [browser, site] = await Promise.all([chromium(), collector({ today: TODAY })]);
    await fill(site);
  });
  after(() => Promise.all([browser.close(), site.stop()]));

  test("on any screen, in light, dark, large text and English", async (t) => {
    const { page } = await device(t, browser, site.url);
    const found = [];
    await every_screen(page, async (screen) => {
      const seen = async (mode, rules) =>
        found.push(...(await violations(page, rules)).map((violation) => `${screen}, ${mode}: ${violation}`));
      await seen("light");
      await page.emulateMedia({ colorScheme: "dark" });
      await seen("dark", ["color-contrast"]); // only colours differ
      await button(page, "关怀版").click();
      await seen("elder, dark", ["color-contrast"]);
      await page.emulateMedia({ colorScheme: "light" });
      await seen("elder");
      await button(page, "English").click();
      await button(page, "Large text").click();
      await seen("English");
      await button(page, "中文").click();
    });
    assert.deepEqual(found, []);
  });

  test("unless there is something: the check itself finds what it should", async (t) => {
    const { page } = await device(t, browser, site.url);
    await page.goto("/c/safety-demo");
    await button(page, "开始").waitFor();
    assert.deepEqual(await violations(page), []);
    await page.evaluate(() => {
      document.querySelector("p").style.color = "#bbb";
      document.querySelector("button.main").textContent = "";
    });
    const found = (await violations(page)).map((violation) => violation.split(":")[0]);
    assert.deepEqual(found.sort(), ["button-name", "color-contrast"]);
  });
});
