/**
 * What a bench prints: one row a figure, with the budget it is held to.
 * @module
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** @param {number[]} values */
export const median = (values) => quantile(values, 0.5);

/** @param {number[]} values @param {number} q between 0 and 1 */
export function quantile(values, q) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const [low, high] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return low + (high - low) * (at - Math.floor(at));
}

/**
 * Prints the rows as a table, writes them to tests/output/NAME.json, and
 * lets the process fail when a figure is over its budget, or under the least that it has to be.
 * @param {string} name
 * @param {{ what: string, unit: string, value: number, budget?: number, least?: number }[]} rows
 */
export function report(name, rows) {
  console.table(
    Object.fromEntries(
      rows.map((row) => [
        row.what,
        { value: round(row.value), unit: row.unit, budget: budget(row), kept: budget(row) && (kept(row) ? "yes" : "NO") },
      ]),
    ),
  );
  const output = fileURLToPath(new URL("../output", import.meta.url));
  mkdirSync(output, { recursive: true });
  writeFileSync(`${output}/${name}.json`, `${JSON.stringify(rows, null, 2)}\n`);
  if (!rows.every(kept)) process.exitCode = 1;
}

const round = (value) => Number(value.toPrecision(4));

const budget = ({ budget, least }) =>
  [budget === undefined ? "" : `≤ ${round(budget)}`, least === undefined ? "" : `≥ ${round(least)}`].join("");

/** What is no number keeps to nothing. */
const kept = ({ value, budget = Infinity, least = -Infinity }) => value <= budget && value >= least;
