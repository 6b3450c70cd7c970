/**
 * The results of a campaign of very many areas and months: what each view takes at the collector, asked first after a
 * start, beside the bare sum of the rows that it is of; and how soon the page can be used, the processor slowed down.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "../browser/chromium.mjs";
import { collector } from "../browser/collector.mjs";
import { median, report } from "./report.mjs";

const AREAS = process.env.AREAS ?? "57204";
/** The processor is so many times as slow as this machine's. */
const SLOWER = 4;
const PAGES = 7;

/** Milliseconds to the end of any view's answer, asked first after a start. */
const COLD = 150;
/** Milliseconds until the page has its figures and nothing keeps it from answering a tap. */
const INTERACTIVE = 1500;
/** A view takes so many times as long as the bare sum of its rows, at most. */
const BESIDE = 5;

/** In the page, from its start: notes when its figures are there and a turn without a long task has passed, so that a tap is answered. */
function usable() {
  const watch = new MutationObserver(() => {
    if (!document.querySelector("table a")) return;
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => { self.usable_at = performance.now(); }));
  });
  watch.observe(document, { childList: true, subtree: true });
}

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const binary = join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), "release/anxin");
const directory = mkdtempSync(join(root, "tests/output/views-"));
const data = join(directory, "data");
try {
  const instrument = join(root, "www/instruments/participation.json");
  const measured = JSON.parse(execFileSync(binary, ["measure-views", instrument, "--areas", AREAS, "--data", data, "--json"]).toString());
  const rows = [
    { what: `deciding what is told of ${measured.respondents} respondents`, unit: "s", value: measured.decided },
    { what: "most memory meanwhile", unit: "MB", value: measured.peak / 1e6 },
  ];
  for (const { view, rows: of, cold, warm, sum } of measured.views) {
    rows.push({ what: `${view} (${of} rows), first`, unit: "ms", value: cold, budget: COLD });
    rows.push({ what: `${view}, again`, unit: "ms", value: warm, budget: BESIDE * sum });
    rows.push({ what: `${view}, bare sum`, unit: "ms", value: sum });
  }

  const server = await collector({ data, today: "2026-12-31" });
  const browser = await chromium();
  const times = { "first visit": [], "again": [] };
  for (let page = 0; page < PAGES; page++) {
    const context = await browser.newContext({ baseURL: server.url, serviceWorkers: "block" });
    for (const visit of Object.keys(times)) {
      const tab = await context.newPage();
      const session = await context.newCDPSession(tab);
      await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
      await tab.addInitScript(usable);
      await tab.goto("/c/many/results", { waitUntil: "commit" });
      // Asked bare and seldom: Playwright's own script in the page would cost it a tenth of a second.
      let at;
      for (let asked = 0; !at; asked++) {
        if (asked === 60) throw new Error("the page shows no figures");
        await new Promise((next) => setTimeout(next, 500));
        at = (await session.send("Runtime.evaluate", { expression: "self.usable_at" })).result.value;
      }
      times[visit].push(at);
      await tab.close();
    }
    await context.close();
  }
  await Promise.all([browser.close(), server.stop()]);
  for (const [visit, of] of Object.entries(times)) {
    rows.push({ what: `page, CPU ${SLOWER}× slower, ${visit}`, unit: "ms", value: median(of), budget: INTERACTIVE });
  }
  report("views", rows);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
