/** What is known: by topic, and the questions that fewest answer right. */

import { interval } from "../chart.js";
import { el } from "../dom.js";
import { pick } from "../prefs.js";
import { tell } from "../words-desk.js";
import { interval_text, percent, rate_text, view, whole } from "./figures.js";

/** @typedef {import("../types.js").Results} Results */
/** @typedef {import("../types.js").Estimate} Estimate */

/** So many questions stand open; the rest is a step away. */
const HARDEST = 10;

/**
 * A table of shares of right answers, each with its interval.
 * @param {string} caption @param {[string, string]} heads
 * @param {{ name: Node | string, of: string, estimate: Estimate | null, flag?: string | null }[]} rows
 */
const shares = (caption, heads, rows) => el("section", { class: "card" }, el("table", {},
  el("caption", {}, caption),
  el("thead", {}, el("tr", {}, ...[...heads, tell("right_share")].map((head) => el("th", { scope: "col" }, head)))),
  el("tbody", {}, ...rows.map(({ name, of, estimate, flag }) => el("tr", {},
    el("th", { scope: "row" }, el("div", {}, name, estimate && interval(estimate, 0, rate_text(estimate), false))),
    el("td", {}, of),
    el("td", {}, ...estimate
      ? [el("strong", {}, percent(estimate.rate)), el("div", {}, el("div", {}, interval_text(estimate))), flag && el("div", { class: "hint" }, flag)].filter((it) => it !== null && it !== "" && it !== undefined)
      : [tell("few_short")]))))));

/** @param {Results} r */
export function knowledge({ knowledge, items }) {
  if (!knowledge || knowledge.all.items === 0) return null;
  const { all, topics } = knowledge;
  const of = (/** @type {{ told: number, items: number }} */ { told, items }) => `${whole(told)}/${whole(items)}`;
  const known = items.flatMap(({ id, text, key }) => key?.facility ? [{ id, text, ...key.facility }] : []).sort((a, b) => a.right.rate - b.right.rate);
  const row = (/** @type {typeof known[number]} */ { id, text, right, flag }) =>
    ({ name: el("a", { href: view("item", id) }, pick(text)), of: whole(right.n), estimate: right, flag: flag && tell(flag) });
  return el("section", { class: "stack", id: "knowledge" },
    el("h2", {}, tell("knowledge")),
    el("p", { class: "hint" }, tell("knowledge_why")),
    el("div", { class: "grid" },
      shares(tell("by_topic"), [tell("topic"), tell("questions_told")], [
        { name: tell("all_topics"), of: of(all), estimate: all.share },
        ...topics.filter(({ items }) => items > 0).map((topic) => ({ name: pick(topic.title), of: of(topic), estimate: topic.share })),
      ]),
      known.length > 0 && shares(tell("hardest"), [tell("question"), tell("count")], known.slice(0, HARDEST).map(row))),
    known.length > HARDEST && el("details", {}, el("summary", {}, tell("other_questions", { n: known.length - HARDEST })),
      shares(tell("other_questions", { n: known.length - HARDEST }), [tell("question"), tell("count")], known.slice(HARDEST).map(row))));
}
