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
/** A view of so many rows or more takes so many times as long as their bare sum, at most. */
const [MANY, BESIDE] = [10_000, 5];

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
    rows.push({ what: `${view}, again`, unit: "ms", value: warm, ...of >= MANY && { budget: BESIDE * sum } });
    rows.push({ what: `${view}, bare sum`, unit: "ms", value: sum });
  }

  const server = await collector({ data, today: "2026-12-31" });
  const browser = await chromium();
  const times = { "first visit": [], "again": [] };
  for (let page = 0; page < PAGES; page++) {
    const context = await browser.newContext({ baseURL: server.url, serviceWorkers: "block" });
    for (const visit of Object.keys(times)) {
      const tab = await context.newPage();
      await (await context.newCDPSession(tab)).send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
      await tab.goto("/c/many/results", { waitUntil: "commit" });
      times[visit].push(await tab.evaluate(async () => {
        while (!document.querySelector("table a")) await new Promise((next) => setTimeout(next, 5));
        // Two turns without a long task: a tap is answered.
        await new Promise((next) => requestAnimationFrame(() => setTimeout(next)));
        return performance.now();
      }));
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
