/** Figures in the reader's words. */

import { el } from "../dom.js";
import { pick } from "../prefs.js";
import { tell } from "../words-desk.js";
import { day_text } from "../words.js";

/** @typedef {import("../types.js").Estimate} Estimate */
/** @typedef {import("../types.js").Bound} Bound */

/**
 * A figure with so many digits behind the point, in every language alike. `Intl`, asked for the first time, would keep a
 * slow machine longer than everything else on the page.
 * @param {number} value @param {number} digits @param {boolean} [signed] with its sign, but for nought
 */
export function figure(value, digits, signed) {
  const [, whole, rest] = /** @type {RegExpExecArray} */ (/^(\d+)(.*)$/.exec(Math.abs(value).toFixed(digits)));
  const text = whole.replace(/\B(?=(\d{3})+$)/g, ",") + rest;
  if (!/[1-9]/.test(text)) return text;
  return `${value < 0 ? "−" : signed ? "+" : ""}${text}`;
}
export const whole = (/** @type {number} */ n) => figure(n, 0);
export const percent = (/** @type {number} */ share) => `${figure(share * 100, 1)}%`;

/** A count in two digits, rounded up, and noughts: one that rests on what will not stay just so. @param {number} n */
export function rounded_up(n) {
  const step = 10 ** Math.max(0, String(n).length - 2);
  return whole(Math.ceil(n / step) * step);
}

/** Under this p-value, corrected for how many are compared, a difference is beyond chance. */
export const LEVEL = 0.05;

/** Percentage points with their sign. @param {number} share @param {number} [digits] */
export const points = (share, digits = 1) => figure(share * 100, digits, true);

/** @param {Estimate} estimate */
export const interval_text = ({ low, high }) => tell("interval", { low: figure(low * 100, 1), high: percent(high) });

/** @param {Estimate} estimate */
export const rate_text = (estimate) => `${percent(estimate.rate)} (${interval_text(estimate)})`;

/** What is told of a rate that is not. @param {Bound} bound */
export const bound_text = ({ side, share }) => tell(side, { share: `${figure(share * 100, 0)}%` });

/** Between what a figure lies, and what its interval is then. @param {import("../types.js").Ranged} ranged @param {(value: number) => string} say */
export function range_text({ range, interval }, say) {
  const text = (/** @type {import("../types.js").Range} */ { low, high }) => low === high ? say(low) : tell("from_to", { low: say(low), high: say(high) });
  return el("div", {}, el("strong", {}, text(range)), el("div", {}, el("div", {}, tell("ranged_interval", { interval: text(interval) }))));
}

/** A count, or the word that it is not told. @param {number | null} count */
export const count_text = (count) => count === null ? tell("withheld") : whole(count);

/** A day or a month. @param {string} period */
export function period_text(period) {
  if (period.length > 7) return day_text(period);
  const [year, month] = period.split("-").map(Number);
  return tell("month", { year, month: tell("months").split(" ")[month - 1] });
}

/** An area's name and code. @param {{ name: import("../types.js").Text | null, code: string }} area */
export const place = ({ name, code }) => name ? `${pick(name)} ${code}` : code;

/** The address of this page with one filter changed. @param {string} name @param {string | null} value */
export function view(name, value) {
  const query = new URLSearchParams(location.search);
  if (value) query.set(name, value);
  else query.delete(name);
  const text = String(query);
  return location.pathname + (text && `?${text}`);
}
