/**
 * The crash matrix at length: every fault point again and again, in hundreds of shifts, each drawn from a seed.
 *
 *   node tests/soak/crash.mjs [SEEDS [FIRST]]   500 seeds from 1 if not said; two at a time
 */
import { POINTS, run } from "../browser/crash.mjs";
import { template } from "../browser/ledger.mjs";

const [seeds = 500, first = 1] = process.argv.slice(2).map(Number);
const AT_A_TIME = 2;

const it = await template();
/** @type {Map<string, number>} how often it died where */
const died = new Map(POINTS.map((point) => [point, 0]));
const failed = [];
let [next, done, respondents] = [first, 0, 0];
const started = Date.now();

async function worker() {
  while (next < first + seeds) {
    const seed = next++;
    try {
      const told = await run(it.data, { seed });
      respondents += told.respondents;
      for (const point of told.deaths) died.set(point, (died.get(point) ?? 0) + 1);
    } catch (e) {
      failed.push(seed);
      console.error(e);
    }
    if (++done % 10 === 0) {
      console.log(`${done} of ${seeds} runs, ${respondents} respondents, ${Math.round((Date.now() - started) / 1000)} s, failed: ${failed.join(", ") || "none"}`);
    }
  }
}
await Promise.all(Array.from({ length: AT_A_TIME }, worker));
it.remove();

console.table(Object.fromEntries(died));
const never = seeds < POINTS.length * 5 ? [] : POINTS.filter((point) => !died.get(point));
if (never.length) console.error(`never died at: ${never.join("; ")}`);
if (failed.length) console.error(`failed: ${failed.join(", ")}; again: make soak SEEDS=1 FIRST=SEED`);
if (failed.length || never.length) process.exitCode = 1;
