/** An indicator over time, drawn by the chart library. The table beside it tells the same to who does not see it. */

import { pick } from "../prefs.js";
import { tell } from "../words-desk.js";
import { chart, tens } from "./drawing.js";
import { figure, period_text, rate_text } from "./figures.js";

/** @typedef {import("../types.js").Estimate} Estimate */
/** @typedef {import("../types.js").Results} Results */
/** @typedef {{ period: string, at: Date, estimate: Estimate | null }} Point what is not told leaves a gap */

/** So many moments are named below the chart, if each is one of them. */
const NAMED = 12;

/** @param {string} period */
const moment = (period) => new Date(`${period.length > 7 ? period : `${period}-01`}T00:00Z`);

/** A moment, short: a month of a year, or a day of a month. @param {boolean} months */
const short = (months) => (/** @type {Date} */ at) => tell(months ? "short_month" : "short_day",
  { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate() });

/**
 * @param {import("./drawing.js").Library} library @param {Point[]} points @param {number | null} target
 * @param {import("./drawing.js").Place} place
 * @returns {SVGElement}
 */
function draw({ plot, areaY, axisX, axisY, dot, gridY, lineY, ruleY, text }, points, target, { width, height, size, top, colours }) {
  const told = points.flatMap(({ estimate }) => estimate ? [estimate] : []);
  const [from, to] = tens(told.flatMap(({ low, high }) => [low, high]).concat(target ?? []));
  const months = points.every(({ period }) => period.length === 7);
  const share = (/** @type {keyof Estimate} */ part) => (/** @type {Point} */ { estimate }) => estimate ? estimate[part] * 100 : NaN;
  const fitting = Math.max(2, Math.floor(width / (size * (months ? 5 : 3.5))));
  return plot({
    width, height, className: "plot",
    marginLeft: size * 3.2, marginRight: size * 2.2, marginTop: top, marginBottom: size * 2.6,
    style: { fontSize: `${size}px`, color: colours.ink, background: "none" },
    x: { type: "utc", label: null },
    y: { domain: [from, to], label: null },
    marks: [
      gridY({ stroke: colours.line, strokeOpacity: 1, ticks: 5 }),
      axisY({ ticks: 5, tickSize: 0, tickFormat: (/** @type {number} */ y) => `${y}%` }),
      axisX({ tickPadding: size / 2, tickFormat: short(months), ticks: points.length <= Math.min(NAMED, fitting) ? points.map(({ at }) => at) : fitting }),
      ...target === null ? [] : [
        ruleY([target * 100], { stroke: colours.ink, strokeDasharray: "6 4" }),
        text([target * 100], { y: (/** @type {number} */ y) => y, frameAnchor: "right", dy: -size * 0.7, text: () => tell("target", { share: `${figure(target * 100, 1)}%` }) }),
      ],
      areaY(points, { x: "at", y1: share("low"), y2: share("high"), fill: colours.accent, fillOpacity: 0.2 }),
      lineY(points, { x: "at", y: share("rate"), stroke: colours.accent, strokeWidth: 2 }),
      dot(points, {
        x: "at", y: share("rate"), r: size / 4, fill: colours.accent,
        title: (/** @type {Point} */ { period, estimate }) => estimate ? `${period_text(period)}\n${rate_text(estimate)}` : "",
      }),
    ],
  });
}

/**
 * A rate by month or by day with its interval as a band; nothing where fewer than two are told.
 * @param {Results} r @param {Results["indicators"][number]} indicator
 */
export function trend(r, { id, title, base, target }) {
  /** @type {Point[]} */
  const points = r.periods.map(({ period, indicators }) => ({
    period, at: moment(period), estimate: indicators.find((it) => it.id === id)?.estimates[base] ?? null,
  }));
  if (points.filter(({ estimate }) => estimate).length < 2) return null;
  const [first, last] = [points[0].period, points[points.length - 1].period].map(period_text);
  return chart({
    kind: "trend",
    name: `${r.campaign.id}-${id}`,
    label: tell("trend", { title: pick(title), first, last }),
    about: [pick(title), `${pick(r.campaign.title)} · ${first} – ${last} · ${tell("confidence", { percent: Math.round(r.confidence * 100) })}`],
    draw: (library, place) => draw(library, points, target?.share ?? null, place),
  });
}
