/**
 * What a collector that has stopped has counted, respondent by respondent: a survey whose sums tell everybody apart.
 * @module
 */
import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import initSqlJs from "sql.js";
import { binary, collector, site } from "./collector.mjs";
import { TODAY, until } from "./device.mjs";

/** Options of each of two questions: their pairs tell so many respondents apart. */
export const SIDE = 15;

/** The two options of a respondent. @param {number} number under SIDE² */
export const choice = (number) => [Math.floor(number / SIDE), number % SIDE];

export const AREAS = ["330602", "330603"];

/** The campaign of these tests. */
export const CAMPAIGN = "crash";

const read_json = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));

/** Two questions and the table of their pairs. */
function questionnaire() {
  const options = Array.from({ length: SIDE }, (_, i) => ({ id: `o${i}`, text: { "zh-CN": `选项${i}` } }));
  const item = (id) => ({ id, type: "single", text: { "zh-CN": `问题${id}` }, options });
  return {
    ...read_json("../vectors/good/survey.json"),
    languages: ["zh-CN"],
    sections: [{ id: "s", title: { "zh-CN": "节" }, items: [item("a"), item("b")] }],
    indicators: [],
    joints: [{ id: "who", of: ["a", "b"] }],
  };
}

/** Only the language that the questions have. @param {unknown} value @returns {any} */
const in_chinese = (value) =>
  JSON.parse(JSON.stringify(value, (_, it) => it && typeof it === "object" && "zh-CN" in it ? { "zh-CN": it["zh-CN"] } : it));

/**
 * The database of a collector that has stopped. SQLite as a module knows no write-ahead log: a collector that starts
 * puts its own away, and two bytes of the header say that there is one.
 * @param {string} data
 */
export async function database(data) {
  const SQL = await initSqlJs();
  const file = join(data, "anxin.sqlite");
  const once_more = await collector({ data, today: TODAY });
  await until(() => statSync(`${file}-wal`).size === 0);
  await once_more.stop();
  const bytes = readFileSync(file);
  bytes.fill(1, 18, 20);
  return new SQL.Database(bytes);
}

/** A data directory with the campaign of these tests, to be copied for each run. */
export async function template() {
  const it = site();
  const text = JSON.stringify(in_chinese(questionnaire()));
  const file = join(it.data, "who.json");
  writeFileSync(file, text);
  const { hash } = JSON.parse(execFileSync(binary, ["simulate", file, "-n", "5", "--json"]).toString());
  const db = await database(it.data);
  const [[[json]]] = db.exec("SELECT json FROM campaign WHERE id = 'safety-demo'").map(({ values }) => values);
  const like = in_chinese(JSON.parse(String(json)));
  const areas = like.areas.filter(({ code }) => AREAS.includes(code));
  const campaign = { ...like, id: CAMPAIGN, questionnaire: hash, areas };
  db.run("INSERT INTO questionnaire VALUES (?, ?)", [hash, Buffer.from(text)]);
  db.run("INSERT INTO campaign (id, json) VALUES (?, ?)", [CAMPAIGN, JSON.stringify(campaign)]);
  writeFileSync(join(it.data, "anxin.sqlite"), db.export());
  db.close();
  rmSync(join(it.data, "anxin.sqlite-wal"), { force: true });
  return it;
}

/** A copy of it. @param {string} of */
export function copy(of) {
  const it = site();
  rmSync(it.data, { recursive: true });
  cpSync(of, it.data, { recursive: true });
  return it;
}

/**
 * What has been counted.
 * @param {string} data of a collector that has stopped
 * @returns {Promise<{ who: number[], under_k: number, doors: Record<string, number> }>} the respondents in the open
 *   sums, as often as they are in them; how many are in sums of shares that nobody opens yet; doors by outcome
 */
export async function counted(data) {
  const db = await database(data);
  const rows = (sql) => db.exec(sql, [CAMPAIGN]).flatMap(({ values }) => values);
  const who = rows("SELECT n, cells FROM tally WHERE campaign = ?").flatMap(([n, cells]) => {
    // each count in one byte: none here is over 127
    const pairs = [.../** @type {Uint8Array} */ (cells)].slice(2 * SIDE, 2 * SIDE + SIDE * SIDE);
    const found = pairs.flatMap((times, number) => Array(times).fill(number));
    if (found.length !== n) throw new Error(`a sum of ${n} holds ${found.length}`);
    return found;
  });
  const [[under_k]] = rows("SELECT coalesce(sum(n), 0) FROM share JOIN task ON task.number = share.task WHERE campaign = ?");
  /** @type {Record<string, number>} */
  const doors = {};
  for (const [text] of rows("SELECT doors FROM door WHERE campaign = ?")) {
    for (const [outcome, n] of Object.entries(JSON.parse(String(text)).outcomes)) doors[outcome] = (doors[outcome] ?? 0) + n;
  }
  db.close();
  return { who: who.sort((a, b) => a - b), under_k: Number(under_k), doors };
}
