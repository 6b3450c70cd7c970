/**
 * A long shift on one tablet, in Chromium with the processor slowed down: a thousand respondents without a network.
 * What each costs must not grow with those before, and a tablet with all of them on it must open at once.
 */
import { chromium } from "../browser/chromium.mjs";
import { collector } from "../browser/collector.mjs";
import { open_bench, serve_bench } from "../browser/crash.mjs";
import { PIN } from "../browser/screens.mjs";
import { median, report } from "./report.mjs";

const RESPONDENTS = Number(process.env.RESPONDENTS ?? 1000);
/** The processor is so many times as slow as this machine's. */
const SLOWER = 4;

/** The last hundred cost at most so many times as much as the first. */
const FLAT = 1.5;
/** The mean, not the median: every sixteenth step writes the whole state. @param {number[]} times */
const mean = (times) => times.reduce((sum, it) => sum + it, 0) / times.length;

/** Milliseconds until the journal is open. */
const OPEN = 300;
/** Bytes of memory that a respondent may leave in the module. */
const LEAVES = 4096;

const server = await collector();
const browser = await chromium("--js-flags=--expose-gc");
const context = await browser.newContext({ baseURL: server.url, serviceWorkers: "block" });
await serve_bench(context);

async function tablet() {
  const page = await context.newPage();
  await page.goto("/bench/");
  const session = await context.newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
  await page.evaluate(open_bench, { campaign: "safety-demo", mode: "self_completed", pin: PIN });
  return page;
}

const page = await tablet();
await page.evaluate(() => globalThis.bench.begin("330602"));
// somebody who lives there since lately: the shortest way to the end; their cells are as many as anybody's
const answers = [{ options: ["no"] }, null];
const shift = (n) => page.evaluate(async ([n, answers]) => {
  const times = [];
  for (let i = 0; i < n; i++) {
    const started = performance.now();
    await globalThis.bench.hand_over();
    await globalThis.bench.complete(answers);
    times.push(performance.now() - started);
    await globalThis.bench.take_back();
  }
  globalThis.gc?.();
  return { times, memory: globalThis.bench.memory(), heap: /** @type {any} */ (performance).memory.usedJSHeapSize };
}, /** @type {const} */ ([n, answers]));

await shift(1); // with the keys at hand
await context.setOffline(true);
const first = await shift(100);
await shift(RESPONDENTS - 200);
const last = await shift(100);
await page.close();
await context.setOffline(false);
// what waits stays while the journal is timed
await context.route(/\/(batches|fieldwork|reports)$/, (route) => route.abort());

const opening = [];
for (let times = 0; times < 5; times++) {
  const again = await context.newPage();
  await again.goto("/bench/");
  await (await context.newCDPSession(again)).send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
  opening.push(await again.evaluate(open_bench, { campaign: "safety-demo", mode: "self_completed", pin: PIN }));
  await again.close();
}
await browser.close();
await server.stop();

report("tablet", [
  { what: `a respondent, the first hundred (CPU ${SLOWER}×)`, unit: "ms", value: mean(first.times) },
  { what: `a respondent, the last hundred of ${RESPONDENTS}`, unit: "ms", value: mean(last.times) },
  { what: "the last hundred beside the first", unit: "×", value: mean(last.times) / mean(first.times), budget: FLAT },
  { what: "the module's memory after 100", unit: "bytes", value: first.memory },
  { what: `the module's memory after ${RESPONDENTS}`, unit: "bytes", value: last.memory },
  { what: "more of it for each respondent between", unit: "bytes", value: (last.memory - first.memory) / (RESPONDENTS - 100), budget: LEAVES },
  { what: "the scripts' heap after 100", unit: "bytes", value: first.heap },
  { what: `the scripts' heap after ${RESPONDENTS}`, unit: "bytes", value: last.heap },
  { what: `the journal opened with ${RESPONDENTS} on it`, unit: "ms", value: median(opening), budget: OPEN },
]);
