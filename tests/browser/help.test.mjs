/**
 * The book in `www/help/`: what it says is done, what it shows is shown, and it can be read by everybody.
 */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "./chromium.mjs";
import { batch, binary as built, collector, post } from "./collector.mjs";
import { answer_all, begin, button, device, heading, NOT_ELIGIBLE, TODAY } from "./device.mjs";
import { palette_png } from "./palette.mjs";
import { begin_shift } from "./screens.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core"), "utf8");
const root = fileURLToPath(new URL("../..", import.meta.url));
/** Run from other folders too. */
const binary = resolve(built);
const PICTURES = join(root, "www/help/pictures");

const NAMES = ["index", "organisers", "volunteers", "developers"];
const PAGES = NAMES.flatMap((name) => [`/help/${name}.html`, `/help/${name}.en.html`]);

/** The day on which the organisers' page is followed. */
const DAY = "2026-12-20";

/** What runs until it is stopped: named on the page, not run here. */
const SERVERS = /^anxin (serve|preview) /;

/** Runs in the page: a table's rows, its headings first. */
const rows = (/** @type {HTMLTableElement} */ table) =>
  [...table.rows].map((row) => [...row.cells].map((cell) => cell.textContent?.trim() ?? ""));

const csv = (/** @type {string[][]} */ lines) =>
  lines.map((line) => line.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(",")).join("\n");

/** The sheets below each other, as a form in CSV has them. @param {Record<string, string[][]>} sheets */
const form = (sheets) =>
  Object.entries(sheets).map(([name, lines]) => `${name}\n${csv(lines.map((line) => ["", ...line]))}\n`).join("");

describe("the book", () => {
  /** @type {import("playwright-core").Browser} */
  let browser;
  let site;
  before(async () => {
    [browser, site] = await Promise.all([chromium(), collector({ today: TODAY })]);
  });
  after(() => Promise.all([browser.close(), site.stop()]));

  test("every page is reached from the first, and every link leads somewhere", async (t) => {
    const { page } = await device(t, browser, site.url);
    const [open, seen] = [["/help/"], new Set()];
    while (open.length) {
      const path = /** @type {string} */ (open.pop());
      if (seen.has(path)) continue;
      seen.add(path);
      const response = await page.goto(path);
      assert.equal(response?.status(), 200, path);
      assert.match(response?.headers()["content-security-policy"] ?? "", /^default-src 'none'/);
      const links = await page.locator("a").evaluateAll((all) => all.map((it) => it.getAttribute("href") ?? ""));
      for (const href of links) {
        const { origin, pathname } = new URL(href, `${site.url}${path}`);
        assert.equal(origin, site.url, `${path}: ${href}`);
        open.push(pathname);
      }
    }
    assert.deepEqual([...seen].filter((path) => path !== "/help/").sort(), [...PAGES].sort());
    // where the results page leads to
    for (const path of ["/help/organisers.html", "/help/organisers.en.html"]) {
      await page.goto(path);
      assert.equal(await page.locator("#results").count(), 1, path);
    }
    assert.equal((await fetch(`${site.url}/help`)).url, `${site.url}/help/`);
    assert.equal((await fetch(`${site.url}/help/nothing.html`)).status, 404);
  });

  test("reads without a script, fits 320 px, in light and dark, and axe finds nothing", async (t) => {
    const { page } = await device(t, browser, site.url, { viewport: { width: 320, height: 640 } });
    const found = [];
    for (const path of PAGES) {
      await page.goto(path);
      assert.equal(await page.locator("script, style, [style]").count(), 0, path);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (wide > 0) found.push(`${path}: ${wide} px too wide`);
      const small = await page.locator("body").evaluate((body) => [...body.querySelectorAll("p, li, td, th, pre, dd, dt, figcaption")]
        .filter((it) => parseFloat(getComputedStyle(it).fontSize) < 18).length);
      if (small) found.push(`${path}: ${small} texts under 18 px`);
      for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
        await page.emulateMedia({ colorScheme });
        await page.evaluate(axe);
        const violations = await page.evaluate(async () => (await globalThis.axe.run(document, { preload: false })).violations
          .flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(" ")}`)));
        found.push(...violations.map((violation) => `${path}, ${colorScheme}: ${violation}`));
      }
    }
    assert.deepEqual(found, []);
  });

  test("the volunteers' page is one sheet of A4", async (t) => {
    const { page } = await device(t, browser, site.url);
    for (const [path, want] of /** @type {const} */ ([
      ["/help/volunteers.html", 1], ["/help/volunteers.en.html", 1], ["/help/organisers.html", undefined],
    ])) {
      await page.goto(path, { waitUntil: "networkidle" });
      const pdf = (await page.pdf({ preferCSSPageSize: true })).toString("latin1");
      const sheets = pdf.match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0;
      if (want) assert.equal(sheets, want, path);
      else assert.ok(sheets > 1, "the count itself counts nothing");
    }
  });

  test("its words are those of the page", async (t) => {
    const said = readdirSync(join(root, "www")).filter((name) => /^(words.*|offline)\.js$/.test(name))
      .map((name) => readFileSync(join(root, "www", name), "utf8")).join("\n");
    const { page } = await device(t, browser, site.url);
    const unknown = [];
    for (const path of ["/help/volunteers.html", "/help/volunteers.en.html"]) {
      await page.goto(path);
      const text = await page.locator("main").innerText();
      const quoted = [...text.matchAll(/“([^“”]{2,60})”/g)].map(([, words]) => words);
      assert.ok(quoted.length > 12, path);
      unknown.push(...quoted.filter((words) => !said.includes(words)).map((words) => `${path}: ${words}`));
    }
    assert.deepEqual(unknown, []);
  });

  for (const path of ["/help/organisers.html", "/help/organisers.en.html"]) {
    test(`${path} can be followed, and shows what is shown`, async (t) => {
      const { page } = await device(t, browser, site.url);
      await page.goto(path);
      const [survey, choices, pairs] = await Promise.all(
        ["#survey", "#choices", "#settings"].map((id) => page.locator(id).evaluate(rows)),
      );
      const settings = [pairs.map(([name]) => name), pairs.map(([, value]) => value)];
      const folder = mkdtempSync(join(tmpdir(), "anxin-help-"));
      t.after(() => rmSync(folder, { recursive: true, force: true }));
      const anxin = (/** @type {string[]} */ ...words) => {
        const { stdout, stderr } = spawnSync(binary, words, { cwd: folder, encoding: "utf8" });
        return stdout + stderr;
      };
      // an Excel file of the three tables: by way of the questionnaire that they make
      writeFileSync(join(folder, "tables.csv"), form({ survey, choices, settings }));
      anxin("convert", "tables.csv", "-o", "tables.json");
      anxin("convert", "tables.json", "-o", "form.xlsx");
      const wrong = survey.map((row) => row.map((cell, column) =>
        row[1] === "officer" && column === 0 ? "text" : row[1] === "worries" ? cell.replace("${safe}", "${save}") : cell));
      writeFileSync(join(folder, "wrong.csv"), form({ survey: wrong, choices, settings }));
      writeFileSync(join(folder, "areas.csv"), await page.locator("#areas").innerText());

      let run = 0;
      for (const block of await page.locator("pre").allInnerTexts()) {
        for (const part of block.split(/^\$ /m).slice(1)) {
          const [line, ...shown] = part.trim().split("\n");
          if (SERVERS.test(`${line} `)) continue;
          const words = line.split(" ").slice(1);
          const today = /^(campaign|target|report|export|poster)$/.test(words[0]) ? ["--today", DAY] : [];
          assert.equal(anxin(...words, ...today).trim(), shown.join("\n"), line);
          run += 1;
        }
      }
      assert.ok(run >= 8, `${run} commands were run`);
    });
  }

  test("its pictures are there, small, and of the size that the pages leave room for", async (t) => {
    // what is taken now is served once the page is gathered again
    if (process.env.ANXIN_SCREENSHOTS === "1") return take_pictures(t);
    const { page } = await device(t, browser, site.url);
    const named = new Set();
    for (const path of PAGES) {
      await page.goto(path, { waitUntil: "networkidle" });
      const images = await page.locator("img").evaluateAll((all) => all.map((it) => {
        const { naturalWidth, naturalHeight, alt } = /** @type {HTMLImageElement} */ (it);
        const [width, height] = ["width", "height"].map((name) => Number(it.getAttribute(name)));
        return { src: it.getAttribute("src") ?? "", alt, drawn: naturalWidth, off: naturalWidth * height - naturalHeight * width };
      }));
      for (const { src, alt, drawn, off } of images) {
        named.add(src.split("/").pop());
        assert.ok(drawn > 0 && off === 0 && alt, `${path}: ${src}, ${drawn} px wide, ${off}`);
      }
    }
    const there = readdirSync(PICTURES);
    assert.deepEqual([...named].sort(), there.sort());
    for (const name of there) {
      const { size } = statSync(join(PICTURES, name));
      assert.ok(size > 1_000 && size < 60_000, `${name}: ${size} bytes`);
    }
  });

  /** Takes them anew, in Chinese, by what people do. @param {import("node:test").TestContext} t */
  async function take_pictures(t) {
    mkdirSync(PICTURES, { recursive: true });
    /** @param {import("playwright-core").Page} page @param {string} name @param {number} width @param {number} height */
    const take = async (page, name, width, height, { y = 0 } = {}) => {
      const png = await page.screenshot({ animations: "disabled", fullPage: true, clip: { x: 0, y, width, height } });
      writeFileSync(join(PICTURES, `${name}.png`), await palette_png(page, png));
    };
    const phone = await device(t, browser, site.url, { viewport: { width: 360, height: 640 } });
    await phone.page.goto("/c/safety-demo?area=330602");
    await heading(phone.page).waitFor();
    await take(phone.page, "cover", 360, 640);
    await begin(phone.page);
    for (const answer of ["是", "41–50岁", "男"]) {
      await phone.page.getByRole("radio", { name: answer, exact: true }).check();
      await button(phone.page, "下一步").click();
    }
    await take(phone.page, "question", 360, 640);

    const tablet = await device(t, browser, site.url, { viewport: { width: 600, height: 900 } });
    await begin_shift(tablet.page);
    await tablet.page.getByRole("radio", { name: "2 位" }).check();
    await tablet.page.locator("#pick").waitFor();
    await take(tablet.page, "desk", 600, 860);
    await button(tablet.page, "交给居民作答").click();
    await begin(tablet.page);
    await answer_all(tablet.page, NOT_ELIGIBLE);
    await button(tablet.page, "完成，交还平板").click();
    await tablet.page.getByLabel("志愿者输入 PIN").waitFor();
    await take(tablet.page, "hand-back", 600, 440);

    for (const [i, area] of ["330602", "330603"].entries()) {
      const posted = await post(site.url, "safety-demo", batch("safety", { n: 400, seed: i + 1, area, day: TODAY }));
      assert.equal(posted.status, 201);
    }
    const desk = await device(t, browser, site.url, { viewport: { width: 720, height: 900 } });
    await desk.page.goto("/c/safety-demo/results");
    await desk.page.getByRole("table").first().waitFor();
    const figures = await desk.page.locator("main").getByRole("heading", { level: 2 }).first().boundingBox();
    await take(desk.page, "results", 720, 540, { y: Math.max(0, Math.round(figures?.y ?? 0) - 16) });
    await desk.page.goto(`/api/campaigns/safety-demo/report.html?period=${TODAY.slice(0, 7)}`);
    await take(desk.page, "report", 720, 540);

    const folder = mkdtempSync(join(tmpdir(), "anxin-help-"));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const run = (/** @type {string[]} */ ...words) => execFileSync(binary, words, { cwd: folder });
    const instrument = join(root, "www/instruments/safety.json");
    writeFileSync(join(folder, "areas.csv"), "code,name\n330602001001,东社区\n");
    run("campaign", "new", instrument, "--id", "safety-2026", "--areas", "areas.csv", "--opens", "2026-12-01", "--closes", "2026-12-31", "--today", DAY);
    run("poster", "--campaign", "safety-2026", "--origin", "https://anxin.example.org", "-o", "poster.html");
    const sheet = await browser.newPage({ viewport: { width: 794, height: 1123 } });
    await sheet.emulateMedia({ media: "print" });
    await sheet.goto(`file://${join(folder, "poster.html")}`);
    await take(sheet, "poster", 794, 1123);
    await sheet.close();
  }
});
