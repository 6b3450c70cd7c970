/** What goes together with the overall judgement: a map of importance and performance, and its table. */

import { el } from "../dom.js";
import { pick } from "../prefs.js";
import { tell } from "../words-desk.js";
import { chart, tens } from "./drawing.js";
import { figure, percent, range_text } from "./figures.js";
import { table } from "./table.js";

/** @typedef {import("../types.js").Results} Results */
/** @typedef {import("../types.js").Drivers} Drivers */
/** On the map, under a letter. @typedef {{ letter: string, name: string, x: number, y: number, low: number, high: number }} Point */

/** Domains are few; of more than the alphabet has, the others bear numbers. @param {number} i */
const letter = (i) => i < 26 ? String.fromCharCode(65 + i) : String(i + 1);

/** What a correlation is in figures. @param {number} r */
const correlation = (r) => figure(r, 2);

/**
 * @param {import("./drawing.js").Library} library @param {Point[]} points @param {{ importance: number, performance: number }} cut
 * @param {import("./drawing.js").Place} place
 * @returns {SVGElement}
 */
function draw({ plot, axisX, axisY, dot, ruleX, ruleY, text }, points, { importance, performance }, { width, height, size, top, colours }) {
  const shares = points.map(({ x }) => x / 100);
  const [left, right] = tens(shares);
  const [bottom, above] = tens(points.flatMap(({ low, high }) => [low, high])).map((it) => it / 100);
  const corner = (/** @type {NonNullable<Drivers["domains"][number]["quadrant"]>} */ name, /** @type {string} */ frameAnchor) => {
    const [down, along] = frameAnchor.split("-");
    return text([tell(name)], { frameAnchor, text: (/** @type {string} */ it) => it, dx: along === "left" ? size / 3 : -size / 3, dy: down === "top" ? size / 3 : -size / 3, fontWeight: name === "improve" ? 700 : 400 });
  };
  return plot({
    width, height, className: "plot",
    marginLeft: size * 3.2, marginRight: size * 2.2, marginTop: top + size, marginBottom: size * 4,
    style: { fontSize: `${size}px`, color: colours.ink, background: "none" },
    x: { domain: [left, right === left ? left + 10 : right], label: null },
    y: { domain: [bottom, above === bottom ? bottom + 0.1 : above], label: null },
    marks: [
      axisY({ ticks: 5, tickSize: 0, tickFormat: (/** @type {number} */ y) => figure(y, 2) }),
      axisX({ ticks: 5, tickPadding: size / 2, tickFormat: (/** @type {number} */ x) => `${x}%` }),
      text([tell("performance_axis")], { frameAnchor: "bottom", text: (/** @type {string} */ it) => it, dy: size * 3.4 }),
      text([tell("importance_axis")], { frameAnchor: "top-left", text: (/** @type {string} */ it) => it, dx: -size * 2.6, dy: -size * 1.4, textAnchor: "start" }),
      ruleX([performance * 100], { stroke: colours.ink, strokeDasharray: "6 4" }),
      ruleY([importance], { stroke: colours.ink, strokeDasharray: "6 4" }),
      corner("improve", "top-left"), corner("keep_up", "top-right"), corner("low_priority", "bottom-left"), corner("overdone", "bottom-right"),
      ruleX(points, { x: "x", y1: "low", y2: "high", stroke: colours.accent, strokeWidth: 3, strokeOpacity: 0.45 }),
      dot(points, { x: "x", y: "y", r: size * 0.8, fill: colours.accent, title: (/** @type {Point} */ { name }) => name }),
      text(points, { x: "x", y: "y", text: "letter", fill: colours.on_accent, fontWeight: 700 }),
    ],
  });
}

/** @param {Results} r */
export function drivers({ campaign, crossed }) {
  const found = crossed?.drivers;
  if (!found) return null;
  const { text, importance, performance, domains } = found;
  const rows = domains.map((domain, i) => ({ ...domain, letter: letter(i) }));
  /** @type {Point[]} */
  const points = rows.flatMap(({ letter, title, importance: y, performance: x }) => y && x ? [{
    letter, name: `${letter} ${pick(title)}`, x: x.rate * 100, y: (y.range.low + y.range.high) / 2, low: y.range.low, high: y.range.high,
  }] : []);
  const title = tell("drivers");
  return el("section", { class: "stack", id: "drivers" },
    el("h2", {}, title),
    el("p", { class: "hint" }, tell("drivers_why", { overall: pick(text) })),
    el("section", { class: "card" },
      importance !== null && performance !== null && chart({
        kind: "map", name: `${campaign.id}-drivers`, label: tell("drivers_map", { domains: points.map(({ name }) => name).join(tell("comma")) }),
        about: [title, `${pick(campaign.title)} · ${points.map(({ name }) => name).join(" · ")}`],
        height: (width) => Math.min(Math.max(width * 0.8, 300), 440),
        draw: (library, place) => draw(library, points, { importance, performance }, place),
      }),
      table(tell("drivers_table"), [tell("domain"), tell("importance"), tell("performance")], rows.map(({ letter, title, importance, performance, quadrant }) => [
        el("div", {}, el("strong", {}, letter), ` ${pick(title)}`, importance && performance && el("div", { class: "hint" }, tell(quadrant ?? "on_the_line"))),
        importance ? range_text(importance, correlation) : tell("few_short"),
        performance ? percent(performance.rate) : tell("few_short")])),
      el("p", { class: "hint" }, tell("ranges_why"))));
}
