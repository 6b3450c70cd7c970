/** The answers of two areas or two periods beside each other, question by question, once a reader asks for them. */

import { bar } from "../chart.js";
import { el } from "../dom.js";
import { pick } from "../prefs.js";
import { tell } from "../words-desk.js";
import { figure, LEVEL, percent, whole } from "./figures.js";
import { for_reader } from "./sign-in.js";
import { charted, table } from "./table.js";

/** @typedef {import("../types.js").Results} Results */
/** @typedef {Results["items"][number]} Item */
/** @typedef {import("../types.js").Association} Association */
/** @typedef {{ key: string, name: string }} Row */

/** What opens it in an address. */
const LINK = "#answers";
/** From which V on a difference is said to be what: Cohen's w, which it is where two are compared (J. Cohen, Statistical Power Analysis, 2nd ed., 1988). @type {[number, "v_large" | "v_medium" | "v_small" | "v_none"][]} */
const SIZES = [[0.5, "v_large"], [0.3, "v_medium"], [0.1, "v_small"], [0, "v_none"]];

/** How many gave one of these answers. @param {Item["categories"]} answers */
const all = (answers) => answers.reduce((sum, { count }) => sum + (count ?? 0), 0);

/** The opinions of a question, if each is told and there are any. @param {Item} item */
function opinions({ type, categories }) {
  const own = categories.filter(({ special }) => !special);
  return type !== "multiple" && own.every(({ count }) => count !== null) && all(own) > 0 ? own : null;
}

/**
 * @param {Results} r @param {"area" | "period"} param @param {[Row, Row]} rows
 * @param {() => Promise<typeof import("../pkg/anxin_figures.js")>} start
 */
export function answers(r, param, rows, start) {
  const place = el("div", { class: "stack" });
  let asked = false;
  const ask = async () => {
    if (asked) return;
    asked = true;
    place.replaceChildren(el("p", { role: "status" }, tell("reading")));
    try {
      const [figures, one] = await Promise.all([start(), of(r, param, rows[0].key)]);
      // after the first: who reads may have had to sign in again, and the form stood where all this was
      const both = [one, await of(r, param, rows[1].key)];
      if (!document.querySelector(LINK)) return location.reload();
      place.replaceChildren(...compared(both, rows, figures));
    } catch (e) {
      console.error(e);
      asked = false;
      place.replaceChildren(el("p", { class: "problem", role: "alert" }, tell("not_compared")));
    }
  };
  // Opened, it is a link of its own.
  const toggle = () => {
    history.replaceState(history.state, "", details.open ? LINK : "#compare");
    if (details.open) ask();
  };
  /** @type {HTMLDetailsElement} */
  const details = el("details", { id: LINK.slice(1), open: location.hash === LINK, toggle }, el("summary", {}, tell("associate")), place);
  return details;
}

/** The questions of a row's own view. @param {Results} r @param {string} param @param {string} key @returns {Promise<Item[]>} */
async function of({ campaign, selection }, param, key) {
  const query = new URLSearchParams({ rows: "1" });
  for (const name of /** @type {const} */ (["area", "period"])) if (selection[name]) query.set(name, selection[name]);
  query.set(param, key);
  const main = /** @type {HTMLElement} */ (document.querySelector("main"));
  return (await (await for_reader(main, `/api/campaigns/${campaign.id}/results?${query}`)).json()).items;
}

/** @param {Item[][]} both @param {[Row, Row]} rows @param {typeof import("../pkg/anxin_figures.js")} figures */
function compared([one, two], rows, figures) {
  const pairs = one.flatMap((item) => {
    const other = two.find(({ id }) => id === item.id);
    const [a, b] = [opinions(item), other ? opinions(other) : null];
    return a && b ? [{ item, a, b }] : [];
  });
  if (!pairs.length) return [el("p", { class: "hint" }, tell("associated_none"))];
  const counts = pairs.flatMap(({ a, b }) => [...a, ...b].map(({ count }) => count ?? 0));
  const found = figures.associate(new Uint32Array(counts), new Uint32Array(pairs.map(({ a }) => a.length)));
  const order = pairs.map((_, i) => i).sort((i, j) => (found[j]?.v ?? -1) - (found[i]?.v ?? -1));
  return [
    el("p", {}, el("strong", {}, tell("associated"))),
    el("div", { class: "grid" }, ...order.map((i) => card(pairs[i], rows, found[i]))),
    el("p", { class: "hint" }, tell("associated_why", { n: whole(pairs.length) })),
  ];
}

/** @typedef {Item["categories"]} Categories */

/** An area's name without its code, which stands above and is longer than a narrow column. @param {Row} row */
const short = ({ key, name }) => name.replace(` ${key}`, "");

/** @param {{ item: Item, a: Categories, b: Categories }} pair @param {[Row, Row]} rows @param {Association | null} found */
function card({ item, a, b }, rows, found) {
  const share = (/** @type {Categories} */ of, /** @type {number} */ i) => (of[i].count ?? 0) / all(of);
  const cell = (/** @type {Categories} */ of, /** @type {number} */ i) => charted(percent(share(of, i)), bar(share(of, i)));
  const caption = el("div", {}, pick(item.text), el("div", { class: "hint" }, found ? verdict(found) : tell("v_none")));
  return el("section", { class: "card" },
    table(caption, [tell("answer"), ...rows.map((row, i) => `${short(row)} (${whole(all(i ? b : a))})`)],
      a.map(({ id, text }, i) => [text ? pick(text) : id, cell(a, i), cell(b, i)])));
}

/** @param {Association} found */
function verdict({ v, holm, exact }) {
  const [, size] = SIZES.find(([from]) => v >= from) ?? SIZES[SIZES.length - 1];
  const sure = holm === null ? "v_few" : holm < LEVEL ? "v_sure" : "v_chance";
  return tell("answers_differ", { size: tell(size), v: figure(v, 2), sure: tell(sure), exact: exact ? tell("v_exact") : "" });
}
