/**
 * The collector as a real process, on a free port, with a data directory of its own.
 * @module
 */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { TODAY } from "./device.mjs";

/** The project. */
export const root = fileURLToPath(new URL("../..", import.meta.url));

/** The binary under test: the one that `make build` leaves, or another one that `ANXIN` names. */
export const binary = process.env.ANXIN ?? join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), "release/anxin");

/** A data directory that outlives the collectors that run on it. */
export function site() {
  const data = mkdtempSync(join(tmpdir(), "anxin-"));
  return { data, remove: () => rmSync(data, { recursive: true, force: true }) };
}

/**
 * Starts `anxin serve` and resolves once it has told its address.
 * @param {{ data?: string, port?: number, today?: string }} [options] a data directory to use and to leave there,
 *   a port to take, a day on which the collector stands still
 * @returns {Promise<{ url: string, port: number, data: string, stop: () => Promise<void>, kill: () => Promise<void> }>} `kill`:
 *   without a word, as when the power fails
 */
export async function collector({ data, port = 0, today } = {}) {
  const own = data === undefined ? site() : { data, remove: () => {} };
  const args = ["serve", "--listen", `127.0.0.1:${port}`, "--data", own.data, ...(today ? ["--today", today] : [])];
  const process_ = spawn(binary, args, { stdio: ["ignore", "pipe", "pipe"] });
  const ended = once(process_, "exit").catch((error) => [error]);
  const said = [];
  const address = new Promise((resolve) => {
    for (const stream of [process_.stdout, process_.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        said.push(line);
        const found = /http:\/\/127\.0\.0\.1:\d+/.exec(line);
        if (found) resolve(found[0]);
      });
    }
  });
  const end = async (/** @type {NodeJS.Signals} */ signal) => {
    process_.kill(signal);
    await ended;
    own.remove();
  };
  const stop = () => end("SIGTERM");
  const kill = () => end("SIGKILL");
  const url = await Promise.race([address, ended.then(() => undefined)]);
  if (!url) {
    own.remove();
    throw new Error(`${binary} serve ended at once: ${said.join("\n") || (await ended)}`);
  }
  return { url, port: Number(new URL(url).port), data: own.data, stop, kill };
}

/**
 * A collector for one test, stopped after it: each test counts from nought.
 * @param {import("node:test").TestContext} t @param {Parameters<typeof collector>[0]} [options]
 */
export async function counting(t, options) {
  const it = await collector({ today: TODAY, ...options });
  t.after(it.stop);
  return it;
}

/**
 * A campaign's posters, as `anxin poster` writes them.
 * @param {string} data the collector's data directory @param {string} campaign @param {...string} more arguments
 */
export const posters = (data, campaign, ...more) =>
  execFileSync(binary, ["poster", "--campaign", campaign, "--data", data, "-o", "-", ...more]).toString();

/**
 * Simulated respondents: their cells and every figure of them, with nothing withheld.
 * @param {string} instrument name of a shipped instrument @param {{ n: number, seed: number }} of
 */
export function simulated(instrument, { n, seed }) {
  const file = join(root, "www/instruments", `${instrument}.json`);
  const said = execFileSync(binary, ["simulate", file, "--respondents", String(n), "--seed", String(seed), "--json"]);
  return JSON.parse(said.toString());
}

/**
 * A batch of simulated respondents, as a tablet posts it.
 * @param {string} instrument name of a shipped instrument
 * @param {{ n: number, seed: number, area?: string, day: string }} of
 */
export function batch(instrument, { n, seed, area = "330602", day }) {
  const { hash, cells } = simulated(instrument, { n, seed });
  const id = `${seed}`.padStart(32, "0");
  return { id, questionnaire: hash, area, day, channel: "tablet", n, cells };
}

/** Posts a batch. @param {string} url the collector's @param {string} campaign @param {object} body */
export const post = (url, campaign, body) =>
  fetch(`${url}/api/campaigns/${campaign}/batches`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });

/** The figures of a campaign. @param {string} url @param {string} campaign @param {string} [query] */
export const results = async (url, campaign, query = "") =>
  (await fetch(`${url}/api/campaigns/${campaign}/results${query}`)).json();

/**
 * What a few of 330602 said, of whom no answer is told alone: hundreds are counted after them, and theirs are taken off again.
 * @param {string} url the collector's @param {string} day
 */
export async function among_hundreds(url, day) {
  const of = { n: 600, seed: 600 };
  const posted = await post(url, "safety-demo", batch("safety", { ...of, day }));
  if (posted.status !== 201) throw new Error(await posted.text());
  const [all, others] = [await results(url, "safety-demo"), simulated("safety", of)];
  /** An indicator's positive answers and its base. @param {string} id @param {"all" | "valid"} base */
  const rate = (id, base) => {
    const [one, other] = [all, others].map(({ indicators }) => indicators.find((it) => it.id === id).estimates[base]);
    return [one.x - other.x, one.n - other.n];
  };
  /** How many gave an answer to an item. @param {string} item @param {string} id */
  const count = (item, id) => {
    const categories = [all, others].map(({ items }) =>
      items.find((it) => it.id === item).categories.find((it) => it.id === id));
    return categories[0].count - categories[1].count;
  };
  return { all, rate, count };
}

/**
 * Posts what came of the doors of a shift.
 * @param {string} url the collector's @param {string} campaign
 * @param {{ seed: number, area: string, day: string, part: string, outcomes: Record<string, number>, callbacks?: Record<string, number> }} of
 */
export const post_doors = (url, campaign, { seed, area, day, part, outcomes, callbacks = {} }) =>
  fetch(`${url}/api/campaigns/${campaign}/fieldwork`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      id: `d${seed}`.padStart(32, "0"), area, day, shift: 1, part,
      doors: { outcomes, callbacks, adults: outcomes.completed ? { unknown: outcomes.completed } : {} },
    }),
  });
