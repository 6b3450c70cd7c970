/**
 * How long the module takes for one answered item: the answer, the step forward
 * and the next view, over many seeded respondents of the safety survey in Chromium.
 */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "../browser/chromium.mjs";
import { serve } from "./files.mjs";
import { quantile, report } from "./report.mjs";

const ITEMS = 4_000;
/** Milliseconds, median. */
const BUDGET = 0.2;

const www = fileURLToPath(new URL("../../www", import.meta.url));
const files = { "/": "<!doctype html><title>bench</title>" };
for (const path of ["instruments/safety.json", ...readdirSync(`${www}/pkg`).map((name) => `pkg/${name}`)]) {
  if (/\.(js|wasm|json)$/.test(path)) files[`/${path}`] = readFileSync(`${www}/${path}`);
}
// Isolated from other origins, so that the clock ticks in microseconds.
const server = await serve(files, {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
});
const browser = await chromium();
try {
  const page = await browser.newPage();
  await page.goto(server.url);
  const times = await page.evaluate(async (items) => {
    const { default: init, Survey } = await import("/pkg/anxin.js");
    await init();
    const survey = new Survey(new Uint8Array(await (await fetch("/instruments/safety.json")).arrayBuffer()));
    /** Every option in turn, so that every branch is taken. */
    const answer = ({ control }, turn) => {
      if (control.kind === "number") return { number: control.min + (turn % (control.max - control.min + 1)) };
      if (control.kind === "none") return null;
      return { options: [control.options[turn % control.options.length].id] };
    };
    const times = [];
    for (let seed = 0; times.length < items; seed++) {
      survey.start_seeded("self_completed", seed);
      let view = survey.view("zh-CN");
      for (let step = 0; view.item; step++) {
        const chosen = answer(view.item, seed + step);
        const before = performance.now();
        if (chosen) survey.answer(chosen);
        survey.forward();
        view = survey.view("zh-CN");
        times.push(performance.now() - before);
        if (step > 1_000) throw new Error(`no end in sight at ${view.item.id}: ${view.item.problem}`);
      }
    }
    return times;
  }, ITEMS);
  report("wasm_item", [
    { what: "one item in wasm, median", unit: "ms", value: quantile(times, 0.5), budget: BUDGET },
    { what: "one item in wasm, 95 of 100", unit: "ms", value: quantile(times, 0.95) },
    { what: "items answered", unit: "items", value: times.length },
  ]);
} finally {
  await browser.close();
  server.stop();
}
