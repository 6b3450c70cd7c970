/**
 * What a report costs where it is made, in Chromium: sharding alone beside `@divviup/prio3` and beside the
 * same lines on the bare machine; the whole report, both parts sealed and kept, beside `@divviup/dap`.
 * They take turns, call by call in one page, and round by round with the bare machine. A ratio is the median,
 * over the rounds, of the ratio of the means; so a moment in which the machine was busy elsewhere does not count.
 *
 * That is both when they are warm. What a respondent meets is told beside it, without a limit: the first call of
 * each in a fresh page, and the mean of the first calls there, the engines' warming up included.
 */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { chromium } from "../browser/chromium.mjs";
import { collector } from "../browser/collector.mjs";
import { serve } from "./files.mjs";
import { median, report } from "./report.mjs";

const CELLS = [128, 500];
const ROUNDS = 12;
/** Calls in a round, of each. */
const CALLS = 40;
/** Fresh pages, in which nothing has been called yet: a phone makes one report in the life of a page. */
const PAGES = 20;

/** Sharding in the module is so many times as fast as in @divviup/prio3, at least. */
const SHARD_FASTER = 15;
/** The whole report than in @divviup/dap. */
const REPORT_FASTER = 7;
/** And so many times as slow as the bare machine, at most. */
const NATIVE_SLOWER = 6;

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The npm packages as one script. */
async function others() {
  const contents = `
    export { Prio3SumVec } from "@divviup/prio3";
    export { Task } from "@divviup/dap";
    export { Buffer } from "buffer/";`;
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: join(here, "..") },
    bundle: true, write: false, minify: true, format: "esm", platform: "browser", target: "es2022", logLevel: "error",
  });
  return Buffer.from(outputFiles[0].contents);
}

/** The same lines as a program: each answer is how long every call took. */
function native() {
  const program = join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), "release/examples/shard");
  const child = spawn(program, { stdio: ["pipe", "pipe", "inherit"] });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async shard(cells, calls) {
      child.stdin.write(`${cells} ${calls}\n`);
      return (await answers.next()).value.split(" ").map(Number);
    },
    stop: () => child.stdin.end(),
  };
}

/** Runs in the page: makes everything ready, and leaves in `window` what the rounds call. */
async function prepare({ cells, chunk, keys }) {
  const [{ default: init_shard, shard }, { default: init_seal, Sealer, Outbox }, { Prio3SumVec, Task, Buffer }] =
    await Promise.all(["/shard/shard.js", "/pkg/anxin_seal.js", "/others.js"].map((path) => import(path)));
  await Promise.all([init_shard(), init_seal()]);
  const [leader, helper] = keys.map((list) => Uint8Array.from(list));

  const ones = Uint32Array.from({ length: Math.ceil(cells / 4) }, (_, n) => n * 4);
  const measurement = Array.from({ length: cells }, (_, cell) => (cell % 4 === 0 ? 1 : 0));
  const random = (bytes) => Buffer.from(crypto.getRandomValues(new Uint8Array(bytes)));

  const sealer = new Sealer("bench", "0".repeat(64), "330602", "2999-12-31", "/dap/leader", leader, helper);
  const spec = { length: cells, bits: 1, chunkLength: chunk };
  const vdaf = new Prio3SumVec({ ...spec, shares: 2 });
  const task = new Task({
    type: "sumVec", ...spec, id: Buffer.alloc(32), leader: "http://leader.test/", helper: "http://helper.test/",
    timePrecisionSeconds: 86_400,
  });
  const type = { "content-type": "application/dap-hpke-config-list" };
  task.fetch = async (url) => new Response(url.includes("leader.test") ? leader : helper, { headers: type });
  await task.fetchKeyConfiguration();

  /** The pairs of things: ours, and theirs. */
  const pairs = {
    shard: [() => shard(cells, ones), () => vdaf.shard(measurement, random(vdaf.nonceSize), random(vdaf.randSize))],
    report: [() => sealer.seal(ones, cells), async () => (await task.generateReport(measurement)).encode()],
  };
  window.call = async (what, calls) => {
    const times = [[], []];
    for (let call = 0; call < calls; call++) {
      for (const which of [0, 1]) {
        const before = performance.now();
        const made = pairs[what][which]();
        if (which) await made;
        times[which].push(performance.now() - before);
      }
      localStorage.clear();
    }
    return times;
  };
  /** How many bytes a report has: ours, and theirs. */
  window.lengths = async () => {
    sealer.seal(ones, cells);
    const kept = localStorage.getItem(`anxin.report.${Outbox.waiting()[0]}`);
    localStorage.clear();
    return [kept.split("\n").at(-1).length / 2, (await pairs.report[1]()).length];
  };
}

/** A page of a browser of its own, so that nothing compiled is left from another, ready to call. */
async function fresh(cells) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(server.url);
  await page.evaluate(prepare, { cells, chunk: chunk(cells), keys });
  return {
    page,
    call: (what, calls) => page.evaluate(([what, calls]) => window.call(what, calls), [what, calls]),
    close: () => context.close(),
  };
}

/** The first calls of each in fresh pages. */
async function cold(cells, what) {
  const pages = [];
  for (let page = 0; page < PAGES; page++) {
    const { call, close } = await fresh(cells);
    pages.push(await call(what, CALLS));
    await close();
  }
  const first = (times) => times[0];
  return [["first call", first], [`mean of the first ${CALLS} calls`, mean]].flatMap(([name, of]) => {
    const row = (who, unit, value) => ({ what: `${cells} cells, ${what}, fresh page, ${name}, ${who}`, unit, value: median(pages.map(value)) });
    const other = `@divviup/${what === "shard" ? "prio3" : "dap"}`;
    return [
      row("module", "ms", ([ours]) => of(ours)),
      row(other, "ms", ([, theirs]) => of(theirs)),
      row(`${other} / module`, "", ([ours, theirs]) => of(theirs) / of(ours)),
    ];
  });
}

/** The chunk length that makes the proof shortest, as src/split/task.rs has it. */
function chunk(cells) {
  const calls = (c) => 2 ** Math.ceil(Math.log2(1 + Math.ceil(cells / c)));
  const proof = (c) => 2 * c + 2 * (calls(c) - 1);
  return Array.from({ length: cells }, (_, n) => n + 1).reduce((best, c) => (proof(c) < proof(best) ? c : best), 1);
}

const file = (path) => readFileSync(join(root, path));
const anxin = await collector();
const keys = await Promise.all(["leader", "helper"].map(async (role) =>
  [...new Uint8Array(await (await fetch(`${anxin.url}/dap/${role}/hpke_config`)).arrayBuffer())]));
await anxin.stop();
// Isolated from other origins, so that the clock ticks in microseconds.
const server = await serve(
  {
    "/": "<!doctype html><title>bench</title>",
    "/others.js": await others(),
    "/shard/shard.js": file("tests/output/shard/shard.js"),
    "/shard/shard_bg.wasm": file("tests/output/shard/shard_bg.wasm"),
    "/pkg/anxin_seal.js": file("www/pkg/anxin_seal.js"),
    "/pkg/anxin_seal_bg.wasm": file("www/pkg/anxin_seal_bg.wasm"),
  },
  { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" },
);
const browser = await chromium();
const machine = native();
try {
  const rows = [];
  for (const cells of CELLS) {
    for (const what of ["shard", "report"]) rows.push(...await cold(cells, what));
    const { page, call, close } = await fresh(cells);
    const [ours, theirs] = await page.evaluate(() => window.lengths());
    if (ours !== theirs) throw new Error(`the reports differ in length: ${ours} and ${theirs} bytes`);
    // Until the engines have compiled what is called often.
    for (const what of ["shard", "report"]) await call(what, CALLS * 2);
    await machine.shard(cells, CALLS * 10);

    const rounds = { shard: [], report: [] };
    for (let round = 0; round < ROUNDS; round++) {
      rounds.report.push(await call("report", CALLS));
      rounds.shard.push([...(await call("shard", CALLS)), await machine.shard(cells, CALLS * 10)]);
    }
    await close();

    const ratio = (what, of, to) => median(rounds[what].map((times) => mean(times[of]) / mean(times[to])));
    const tell = (what, of, who) => {
      const times = rounds[what].flatMap((round) => round[of]);
      const begin = `${cells} cells, ${what}, ${who}`;
      rows.push({ what: `${begin}, mean`, unit: "ms", value: mean(times) });
      rows.push({ what: `${begin}, median`, unit: "ms", value: median(times) });
    };
    tell("shard", 0, "module");
    tell("shard", 1, "@divviup/prio3");
    tell("shard", 2, "bare machine");
    tell("report", 0, "module");
    tell("report", 1, "@divviup/dap");
    rows.push(
      { what: `${cells} cells, shard, @divviup/prio3 / module`, unit: "", value: ratio("shard", 1, 0), least: SHARD_FASTER },
      { what: `${cells} cells, shard, module / bare machine`, unit: "", value: ratio("shard", 0, 2), budget: NATIVE_SLOWER },
      { what: `${cells} cells, report, @divviup/dap / module`, unit: "", value: ratio("report", 1, 0), least: REPORT_FASTER },
    );
  }
  report("making", rows);
} finally {
  await browser.close();
  server.stop();
  machine.stop();
}
