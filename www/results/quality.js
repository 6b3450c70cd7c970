/** How well a quiz measures: the score as a whole, each question, and each option by how much those who chose it know. */

import { el, terms } from "../dom.js";
import { pick } from "../prefs.js";
import { tell } from "../words-desk.js";
import { word } from "../words.js";
import { difference } from "./crossed.js";
import { figure, range_text, view, whole } from "./figures.js";
import { table } from "./table.js";

/** @typedef {import("../types.js").Results} Results */
/** @typedef {import("../types.js").Quality} Quality */
/** @typedef {Quality["items"][number]} Question */
/** @typedef {import("../types.js").Ranged} Ranged */

/** So many questions stand open, those that tell least first; the rest is a step away. */
const WEAKEST = 10;

const two = (/** @type {number} */ value) => figure(value, 2);
const one = (/** @type {number} */ value) => figure(value, 1);
/** The same of what may be under 0. @param {import("../types.js").Range} range */
const from_to = ({ low, high }) => tell("from_to", { low: two(low), high: two(high) });

/** Whole percents, the sign once. @param {import("../types.js").Range} range */
const shares = ({ low, high }) => tell("interval", { low: figure(low * 100, 0), high: `${figure(high * 100, 0)}%` });

/** @param {{ low: number, high: number }} range @param {(value: number) => string} say */
const span = ({ low, high }, say) => tell("interval", { low: say(low), high: say(high) });

/** The score as a whole, in words first. @param {Quality["reliability"]} it */
function reliability(it) {
  if (it.state !== "known") return el("p", {}, tell(it.state === "not_comparable" ? "reliability_bank" : "reliability_few"));
  const { alpha, measurement_error: error } = it.value;
  return el("div", { class: "stack" },
    el("p", {}, alpha.range.low > 0 ? tell("reliability_share", { share: shares(alpha.range) }) : tell("reliability_none")),
    error && el("p", {}, tell("error_points", { points: span(error.range, one) })),
    el("p", { class: "hint" }, [
      tell("alpha", { range: from_to(alpha.range), interval: from_to(alpha.interval) }),
      error && tell("error", { range: span(error.range, two), interval: span(error.interval, two) }),
    ].filter(Boolean).join(" · ")));
}

/** @param {Ranged} it */
const middle = ({ range }) => (range.low + range.high) / 2;

/** How much a question tells, for the order. @param {Question} it */
const strength = ({ item_rest, upper_lower }) =>
  item_rest.state === "known" ? middle(item_rest.value.r) : upper_lower ? middle(upper_lower) : Infinity;

/** Both ways to tell strong from weak, as columns. @param {Question[]} items */
function columns(items) {
  const rest = items.some(({ item_rest }) => item_rest.state === "known" || item_rest.state === "too_few");
  const correlation = (/** @type {Question["item_rest"]} */ it) => it.state !== "known" ? tell("few_short") : el("div", {},
    range_text(it.value.r, two), it.value.grade && el("div", {}, tell(`grade_${it.value.grade}`)));
  return {
    heads: [...rest ? [tell("item_rest")] : [], tell("upper_lower")],
    cells: (/** @type {Question} */ { item_rest, upper_lower }) => [...rest ? [correlation(item_rest)] : [], difference(upper_lower)],
  };
}

/** The scores of those who are compared. @param {{ from: number, to: number }} group */
const scores = ({ from, to }) => tell("points_from_to", { scores: from === to ? whole(from) : tell("interval", { low: whole(from), high: whole(to) }) });

/** Who chose which option: of the lowest scores, and of the highest. @param {Results} r @param {Question} question */
function options({ items, quality }, { id, answers }) {
  if (!quality?.groups || answers.every(({ lowest, highest }) => !lowest && !highest)) return null;
  const categories = items.find((it) => it.id === id)?.categories ?? [];
  const [lowest, highest] = quality.groups;
  const name = (/** @type {string} */ answer) => {
    const found = categories.find((it) => it.id === answer)?.text;
    return found ? pick(found) : answer === "right" || answer === "wrong" ? tell(`answer_${answer}`) : word(answer);
  };
  const cell = (/** @type {Ranged | null} */ it) => it ? el("strong", {}, shares(it.range)) : tell("few_short");
  const head = (/** @type {"lowest_group" | "highest_group"} */ key, /** @type {{ from: number, to: number }} */ group) =>
    el("span", {}, tell(key), el("br"), scores(group));
  return table(tell("options"), [tell("answer"), head("lowest_group", lowest), head("highest_group", highest)],
    answers.map(({ id, key, lowest, highest, flag }) => [
      el("div", {}, `${name(id)}${key && id !== "right" ? ` ${tell("is_right")}` : ""}`, flag && el("div", { class: "flagged" }, tell(`option_${flag}`))),
      cell(lowest), cell(highest)]));
}

const flagged = (/** @type {Question} */ { answers }) => answers.some(({ flag }) => flag);

/** @param {Results} r */
export function quality(r) {
  const it = r.quality;
  if (!it) return null;
  const told = it.items.filter((item) => strength(item) < Infinity).sort((a, b) => strength(a) - strength(b));
  const { heads, cells } = columns(told);
  const rows = told.map((item) => [el("a", { href: view("item", item.id) }, pick(item.text)), ...cells(item)]);
  const of_questions = (/** @type {string} */ caption, /** @type {(string | Node)[][]} */ rows) => table(caption, [tell("question"), ...heads], rows);
  // Those with an option to look at come first.
  const tables = it.items.map((item) => ({ item, options: options(r, item) })).filter(({ options }) => options)
    .sort((a, b) => Number(flagged(b.item)) - Number(flagged(a.item)));
  const untold = it.items.length - told.length;
  const more = rows.length - WEAKEST;
  return el("section", { class: "stack", id: "quality" },
    el("h2", {}, tell("quality")),
    el("section", { class: "card" }, reliability(it.reliability)),
    it.items.length > 0 && el("section", { class: "card" },
      rows.length > 0 && of_questions(tell("questions_weakest"), rows.slice(0, WEAKEST)),
      more > 0 && el("details", {}, el("summary", {}, tell("other_questions", { n: more })), of_questions(tell("other_questions", { n: more }), rows.slice(WEAKEST))),
      untold > 0 && el("p", { class: "hint" }, tell("discrimination_untold", { n: untold })),
      rows.length > 0 && el("p", { class: "hint" }, `${heads.length > 1 ? tell("item_rest_why") : ""}${tell("discrimination_why")}`)),
    tables.length > 0 && el("details", { id: "options" }, el("summary", {}, tell("options")),
      el("p", { class: "hint" }, tell("options_why")),
      ...tables.map(({ item, options }) => el("details", {},
        el("summary", {}, el("span", {}, pick(item.text), flagged(item) && el("strong", {}, ` ${tell("option_look")}`))),
        el("section", { class: "card" }, options)))),
    it.items.length > 0 && el("p", { class: "hint" }, tell("ranges_why")));
}

/** The same of one question. @param {Results} r @param {string} id */
export function quality_of(r, id) {
  const item = r.quality?.items.find((it) => it.id === id);
  if (!item) return null;
  const { heads, cells } = columns([item]);
  const found = options(r, item);
  return el("section", { class: "card", id: "quality" },
    el("h2", {}, tell("quality_item")),
    terms(cells(item).map((cell, i) => /** @type {const} */ ([heads[i], cell]))),
    found ?? el("p", { class: "hint" }, tell("options_few")),
    found && el("p", { class: "hint" }, tell("options_why")),
    el("p", { class: "hint" }, `${heads.length > 1 ? tell("item_rest_why") : ""}${tell("discrimination_why")}`),
    el("p", { class: "hint" }, tell("ranges_why")));
}
