/** An indicator over time, drawn by the chart library. The table beside it tells the same to who does not see it. */

import { button, el } from "../dom.js";
import { pick } from "../prefs.js";
import { tell } from "../words-desk.js";
import { figure, period_text, rate_text } from "./figures.js";
import { save_png, save_svg } from "./save.js";

/** @typedef {import("../types.js").Estimate} Estimate */
/** @typedef {import("../types.js").Results} Results */
/** @typedef {{ period: string, at: Date, estimate: Estimate | null }} Point what is not told leaves a gap */
/** @typedef {{ ink: string, accent: string, line: string }} Colours */

/** The library: only who looks at something over time waits for it. @type {Promise<typeof import("../pkg/plot.js")> | undefined} */
let loading;
const library = () => loading ??= import("../pkg/plot.js");

/** @type {Colours} */
const ON_PAGE = { ink: "var(--soft)", accent: "var(--accent)", line: "var(--line)" };
/** In a file there is no style sheet. @type {Colours} */
const IN_FILE = { ink: "#333", accent: "#0b6158", line: "#cfd2cc" };

/** So many moments are named below the chart, if each is one of them. */
const NAMED = 12;

/** @param {string} period */
const moment = (period) => new Date(`${period.length > 7 ? period : `${period}-01`}T00:00Z`);

/** A moment, short: a month of a year, or a day of a month. @param {boolean} months */
const short = (months) => {
  const format = new Intl.DateTimeFormat(document.documentElement.lang,
    { timeZone: "UTC", month: "numeric", ...months ? { year: "numeric" } : { day: "numeric" } });
  return (/** @type {Date} */ at) => format.format(at);
};

/** The tens of percent between which all of these lie. @param {number[]} shares */
const axis = (shares) => [Math.floor(Math.min(...shares) * 10) * 10, Math.ceil(Math.max(...shares) * 10) * 10];

/**
 * @param {typeof import("../pkg/plot.js")} library @param {Point[]} points
 * @param {{ width: number, height: number, size: number, top?: number, label: string, target: number | null, colours: Colours }} how
 * @returns {SVGElement}
 */
function draw({ plot, areaY, axisX, axisY, dot, gridY, lineY, ruleY, text }, points, { width, height, size, top = size, label, target, colours }) {
  const told = points.flatMap(({ estimate }) => estimate ? [estimate] : []);
  const [from, to] = axis(told.flatMap(({ low, high }) => [low, high]).concat(target ?? []));
  const months = points.every(({ period }) => period.length === 7);
  const share = (/** @type {keyof Estimate} */ part) => (/** @type {Point} */ { estimate }) => estimate ? estimate[part] * 100 : NaN;
  const fitting = Math.max(2, Math.floor(width / (size * (months ? 5 : 3.5))));
  const svg = /** @type {SVGElement} */ (plot({
    width, height, className: "plot", ariaLabel: label,
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
  }));
  // The library brings a style sheet along, which the page's policy refuses: the page's own says it.
  svg.querySelector("style")?.remove();
  svg.setAttribute("role", "img");
  return svg;
}

/** The chart as it is handed out: with its heading, in colours of its own. */
async function file(/** @type {Point[]} */ points, /** @type {string[]} */ [title, under], /** @type {number | null} */ target) {
  const size = 16;
  const svg = draw(await library(), points, { width: 960, height: 480, size, top: size * 6, label: title, target, colours: IN_FILE });
  const added = (/** @type {string} */ tag, /** @type {Record<string, string | number>} */ attributes, text = "") => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
    element.textContent = text;
    return element;
  };
  svg.prepend(added("rect", { width: "100%", height: "100%", fill: "#fff" }));
  svg.append(
    added("text", { x: size, y: size * 2, "text-anchor": "start", "font-size": size * 1.4, "font-weight": 600, fill: "#000" }, title),
    added("text", { x: size, y: size * 3.8, "text-anchor": "start", fill: IN_FILE.ink }, under));
  return svg;
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
  const label = tell("trend", { title: pick(title), first, last });
  const aim = target?.share ?? null;
  const place = el("div", { class: "plotted" });
  const about = [pick(title), `${pick(r.campaign.title)} · ${first} – ${last} · ${tell("confidence", { percent: Math.round(r.confidence * 100) })}`];
  const name = `${r.campaign.id}-${id}`;
  let [drawn, width] = [Promise.resolve(), 0];
  const fit = () => {
    const now = Math.round(place.clientWidth);
    if (now === width || now === 0) return;
    width = now;
    drawn = drawn.then(library).then((plot) => {
      const size = parseFloat(getComputedStyle(place).fontSize);
      place.replaceChildren(draw(plot, points, { width: now, height: Math.max(size * 12, Math.min(now * 0.45, 320)), size, label, target: aim, colours: ON_PAGE }));
    }).catch((e) => {
      // the table tells it all
      console.error(e);
      place.replaceChildren(el("p", { class: "hint" }, tell("no_chart")));
    });
  };
  new ResizeObserver(fit).observe(place);
  return el("figure", { class: "trend" }, place, el("div", { class: "files" },
    button(tell("save_as", { kind: "PNG" }), async () => save_png(await file(points, about, aim), name), "quiet"),
    button(tell("save_as", { kind: "SVG" }), async () => save_svg(await file(points, about, aim), name), "quiet")));
}
