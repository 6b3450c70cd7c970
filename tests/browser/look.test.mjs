/**
 * How every screen looks, as far as it can be measured: sizes, narrow screens and zoom, dark, motion.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { chromium } from "./chromium.mjs";
import { collector } from "./collector.mjs";
import { begin, button, device, heading, link, picture, TODAY } from "./device.mjs";
import { every_screen, every_view, fill } from "./screens.mjs";

/** Least sizes in CSS pixels: of the text one is to read, of any text, of what one presses. */
const NORMAL = { main: 18, any: 14, target: 44 };
const ELDER = { main: 30, any: 20, target: 60 };

/** In CSS pixels: phones, tablets, desks. */
const WIDTHS = [320, 360, 414, 600, 768, 820, 1024, 1280, 1440, 1920];

/** Runs in the page: whatever is smaller. */
function too_small({ main, any, target }) {
  document.querySelectorAll("details").forEach((it) => { it.open = true; });
  const faults = [];
  const name = (it) => `${it.tagName} ${it.textContent?.trim().slice(0, 20)}`;
  const shown = (it) => it.getClientRects().length > 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const SECONDARY = "#bar, .hint, dt, .top, .section, table, svg, button.quiet, p.links, .filters";
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const it = node.parentElement;
    if (!it || !node.textContent?.trim() || !shown(it)) continue;
    const size = parseFloat(getComputedStyle(it).fontSize);
    const least = it.closest(SECONDARY) ? any : main;
    if (size < least) faults.push(`${name(it)}: text of ${size}px, not ${least}px`);
  }
  for (const it of document.querySelectorAll("button, a[href], summary, select, .row, input:not(.row input)")) {
    const { width, height } = it.getBoundingClientRect();
    if (shown(it) && Math.min(width, height) < target - 0.5) {
      faults.push(`${name(it)}: ${Math.round(width)} × ${Math.round(height)} px to press, not ${target}`);
    }
  }
  return faults;
}

/** Runs in the page: what reaches beyond the window. */
function too_wide() {
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth <= clientWidth) return [];
  const all = [...document.querySelectorAll("body *")];
  const beyond = all.filter((it) => it.getBoundingClientRect().right > clientWidth + 1).slice(-3);
  return beyond.map((it) => `${it.tagName}.${it.getAttribute("class") ?? ""} ${it.textContent?.trim().slice(0, 20)}`);
}

describe("every screen", () => {
  /** @type {import("playwright-core").Browser} */
  let browser;
  let site;
  before(async () => {
    [browser, site] = await Promise.all([chromium(), collector({ today: TODAY })]);
    await fill(site);
  });
  after(() => Promise.all([browser.close(), site.stop()]));

  test("is large enough to read and to press, larger when asked, and fits 320 px (1280 px at 400 %)", async (t) => {
    const { page } = await device(t, browser, site.url, { viewport: { width: 320, height: 256 } });
    const faults = new Set();
    await every_screen(page, async (screen) => {
      const seen = async (mode, least) => {
        for (const fault of await page.evaluate(too_small, least)) faults.add(`${screen}, ${mode}: ${fault}`);
        for (const fault of await page.evaluate(too_wide)) faults.add(`${screen}, ${mode}: too wide: ${fault}`);
      };
      await seen("中文", NORMAL);
      await button(page, "关怀版").click();
      assert.equal(await button(page, "关怀版").getAttribute("aria-pressed"), "true");
      await seen("关怀版", ELDER);
      await button(page, "English").click();
      await seen("Large text", ELDER);
      await button(page, "Large text").click();
      assert.equal(await button(page, "Large text").getAttribute("aria-pressed"), "false");
      await seen("English", NORMAL);
      await button(page, "中文").click();
    });
    assert.deepEqual([...faults], []);
  });

  test("results fit every width, from the narrowest phone to a wide desk", async (t) => {
    const { page } = await device(t, browser, site.url);
    const faults = new Set();
    await every_view(page, async (screen) => {
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 900 });
        for (const fault of await page.evaluate(too_wide)) faults.add(`${screen}, ${width} px: ${fault}`);
      }
    });
    assert.deepEqual([...faults], []);
  });

  test("large text is remembered on the device", async (t) => {
    const { page } = await device(t, browser, site.url, { deviceScaleFactor: 2 });
    await page.goto("/");
    await button(page, "关怀版").click();
    await link(page, "群众安全感问卷").click();
    await heading(page, "群众安全感问卷").waitFor();
    assert.equal(await button(page, "关怀版").getAttribute("aria-pressed"), "true");
    await begin(page);
    await picture(page, "elder");
  });

  test("is dark where the system is, and light where it is light", async (t) => {
    const { page } = await device(t, browser, site.url);
    await page.goto("/c/safety-demo");
    await begin(page);
    const lightness = () =>
      page.evaluate(() => [document.body, document.querySelector("h1"), document.querySelector(".card")].map((it, i) => {
        const { backgroundColor, color } = getComputedStyle(/** @type {Element} */ (it));
        const [r, g, b] = ((i === 1 ? color : backgroundColor).match(/\d+/g) ?? []).map(Number);
        return (r + g + b) / 3 / 255;
      }));
    const [paper, ink, card] = await lightness();
    assert.ok(paper > 0.9 && ink < 0.2 && card > 0.9, `light: ${[paper, ink, card]}`);
    await page.emulateMedia({ colorScheme: "dark" });
    const [dark_paper, dark_ink, dark_card] = await lightness();
    assert.ok(dark_paper < 0.15 && dark_ink > 0.8 && dark_card < 0.2, `dark: ${[dark_paper, dark_ink, dark_card]}`);
  });

  test("moves nothing for whom motion disturbs", async (t) => {
    const { page } = await device(t, browser, site.url);
    await page.goto("/c/safety-demo");
    await begin(page);
    const moving = () =>
      page.evaluate(() => [...document.querySelectorAll("body *")].filter((it) => {
        const { transitionDuration, animationName, scrollBehavior } = getComputedStyle(it);
        return parseFloat(transitionDuration) > 0 || animationName !== "none" || scrollBehavior === "smooth";
      }).length);
    assert.equal(await moving(), 0);
    await page.emulateMedia({ reducedMotion: "no-preference" });
    assert.ok((await moving()) > 0, "the check itself sees no motion");
  });
});
