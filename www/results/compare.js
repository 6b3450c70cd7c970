/** Two areas or two periods beside each other: computed here, by the module, from what was published of them. */

import init, * as figures from "../pkg/anxin_figures.js";
import { difference } from "../chart.js";
import { button, el } from "../dom.js";
import { pick } from "../prefs.js";
import { tell } from "../words-desk.js";
import { answers } from "./answers.js";
import { interval_text, LEVEL, percent, points, view, whole } from "./figures.js";

/** @typedef {import("../types.js").Results} Results */
/** @typedef {import("../types.js").Estimate} Estimate */
/** @typedef {import("../types.js").Pair} Pair */
/** @typedef {{ key: string, name: string, told: number, indicators: import("../types.js").RowRate[] }} Row */
/** @typedef {Results["indicators"][number]} Indicator */

/** @type {ReturnType<typeof init> | undefined} */
let starting;
/** The module that compares. */
const start = () => (starting ??= init({ module_or_path: "/pkg/anxin_figures_bg.wasm" }).catch((e) => {
  starting = undefined;
  throw e;
})).then(() => figures);

/** The rates of an indicator that can be compared: on its own base, or both on the other. @param {Indicator} indicator @param {Row[]} rows */
function both({ id, base }, rows) {
  const estimates = rows.map(({ indicators }) => indicators.find((it) => it.id === id)?.estimates);
  for (const on of /** @type {const} */ ([base, base === "all" ? "valid" : "all"])) {
    const [a, b] = estimates.map((it) => it?.[on] ?? null);
    if (a && b) return { a, b, other: on !== base };
  }
  return null;
}

/**
 * Lets the reader choose two rows of a table; what is chosen is in the address.
 * @param {Results} r @param {"area" | "period"} param @param {Row[]} rows
 */
export function comparison(r, param, rows) {
  const told = rows.filter(({ told }) => told > 0);
  if (told.length < 2) return null;
  const chosen = (new URLSearchParams(location.search).get("compare") ?? "").split(",");
  const found = chosen.map((key) => told.find((row) => row.key === key));
  const [a, b] = found;
  const list = (/** @type {string} */ id, /** @type {Row} */ at) => el("select", { id },
    ...told.map(({ key, name }) => el("option", { value: key, selected: key === at.key }, name)));
  const lists = [list(`compare-${param}-a`, a ?? told[0]), list(`compare-${param}-b`, b ?? told[told.length - 1])];
  const go = () => {
    const [one, two] = lists.map((list) => list.value);
    if (one !== two) location.assign(`${view("compare", `${one},${two}`)}#compare`);
  };
  const open = found.length === 2 && a && b && a !== b;
  return el("details", { id: open ? "compare" : null, open },
    el("summary", {}, tell(param === "area" ? "compare_areas" : "compare_periods")),
    el("div", { class: "card" },
      el("div", { class: "pair" },
        ...lists.map((list, i) => el("div", { class: "field" }, el("label", { for: list.id }, tell(i ? "compare_with" : "compare_one")), list)),
        button(tell("compare"), go, "main")),
      open && result(r, param, a, b)));
}

/** @param {Results} r @param {"area" | "period"} param @param {Row} a @param {Row} b */
function result(r, param, a, b) {
  const place = el("div", { class: "stack" }, el("p", {}, tell("reading")));
  const found = r.indicators.map((indicator) => ({ indicator, rates: both(indicator, [a, b]) }));
  const counts = found.flatMap(({ rates }) => rates ? [rates.a.x, rates.a.n, rates.b.x, rates.b.n] : []);
  start().then((figures) => {
    const pairs = figures.compare(new Uint32Array(counts));
    const reach = Math.max(0.02, ...pairs.flatMap(({ low, high }) => [Math.abs(low), Math.abs(high)]));
    let next = 0;
    const rows = found.map(({ indicator, rates }) => row(indicator, [a, b], rates, rates && pairs[next++], reach));
    place.replaceChildren(
      el("table", {},
        el("caption", {}, tell("compared", { a: a.name, b: b.name })),
        el("thead", {}, el("tr", {}, ...["indicators", "difference"].map((head) => el("th", { scope: "col" }, tell(/** @type {any} */ (head)))))),
        el("tbody", {}, ...rows)),
      el("p", { class: "hint" }, tell("compared_why", { n: whole(pairs.length) })),
      answers(r, param, [a, b], start));
  }).catch((e) => {
    console.error(e);
    place.replaceChildren(el("p", { class: "problem", role: "alert" }, tell("not_compared")));
  });
  return place;
}

/**
 * @param {Indicator} indicator @param {[Row, Row]} rows @param {ReturnType<typeof both>} rates @param {Pair | null} pair @param {number} reach
 */
function row({ title, base }, [a, b], rates, pair, reach) {
  const rate = (/** @type {Row} */ { name }, /** @type {Estimate} */ estimate) =>
    el("div", { class: "hint" }, `${name}${tell("colon")}${percent(estimate.rate)} (${interval_text(estimate)})`);
  if (!rates || !pair) return el("tr", {}, el("th", { scope: "row" }, pick(title)), el("td", {}, tell("not_comparable")));
  const beyond = pair.holm !== null && pair.holm < LEVEL;
  const words = tell("points", { points: points(pair.difference) });
  const range = tell("range", { low: points(pair.low), high: points(pair.high) });
  return el("tr", {},
    el("th", { scope: "row" }, pick(title), rate(a, rates.a), rate(b, rates.b),
      rates.other && el("div", { class: "hint" }, tell(base === "all" ? "base_valid" : "base_all")),
      difference(pair, reach, `${words} (${range})`)),
    el("td", {}, el("strong", {}, words), el("div", {}, el("div", {}, range)),
      el("div", {}, beyond ? tell("higher", { name: pair.difference > 0 ? a.name : b.name }) : tell("chance"))));
}
