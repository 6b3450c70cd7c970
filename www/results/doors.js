/** Field work: what came of the doors, as AAPOR's rates, by area and by part of the day. */

import { interval } from "../chart.js";
import { el } from "../dom.js";
import { tell } from "../words-desk.js";
import { interval_text, percent, period_text, place, rate_text, view, whole } from "./figures.js";
import { rows_shown } from "./paging.js";
import { charted, table } from "./table.js";

/** @typedef {import("../types.js").Results} Results */
/** @typedef {import("../types.js").Estimate} Estimate */

/** What came of the doors: rates, areas, times of day. @param {Results} r @param {(id: string) => HTMLElement | false} more the button for more rows, in the section of this id */
export function doors(r, more) {
  const { fieldwork, selection, k } = r;
  if (!fieldwork) return null;
  const { period, total, areas, parts } = fieldwork;
  const month = period && period_text(period);
  const number = (/** @type {number} */ x, /** @type {number} */ n) => el("span", {}, `${whole(x)}/`, el("wbr"), whole(n));
  /** A row with its rate on an axis from 0. @param {Node | string} name @param {Node | string} count @param {Estimate | null} estimate */
  const row = (name, count, estimate) => [
    estimate ? charted(name, interval(estimate, 0, rate_text(estimate), false)) : name,
    count,
    estimate ? charted(el("strong", {}, percent(estimate.rate)), el("div", {}, interval_text(estimate))) : tell("few_short")];
  const rates = /** @type {const} */ (["rr1", "rr2", "coop1", "ref1", "con1"]).map((rate) => row(
    el("div", {}, tell(rate), el("div", { class: "hint" }, tell(`${rate}_of`))),
    total[rate] ? number(total[rate].x, total[rate].n) : "–", total[rate]));
  const by_area = areas.map(({ code, name, doors }) => row(
    el("a", { href: view("area", code) }, place({ name, code })),
    doors ? charted(number(doors.completes, doors.doors), el("div", {}, tell("met_doors", { n: whole(doors.contacts) }))) : tell("few_short"),
    doors && doors.rr1));
  const by_part = parts.map(({ part, opened }) => row(tell(part), opened ? number(opened.x, opened.n) : tell("few_short"), opened));
  return el("section", { class: "stack", id: "doors" },
    el("h2", {}, `${tell("doors")}${month ? ` · ${month}` : ""}`),
    el("p", {}, tell("doors_total", {
      doors: whole(total.doors), visits: whole(total.visits), contacts: whole(total.contacts), completes: whole(total.completes),
    })),
    el("p", { class: "hint" }, `${tell(month ? "doors_month" : "doors_note", { month: month ?? "" })}${tell("doors_rule", { k })}`),
    el("div", { class: "grid" },
      el("section", { class: "card" }, table(tell("doors_rates"), [tell("indicators"), tell("doors_of"), tell("rate")], rates)),
      !(selection.area && areas.length === 1) && el("section", { class: "card" },
        table(tell("by_area"), [tell("filter_area"), tell("completed_doors"), "RR1"], by_area), rows_shown(r), more("doors")),
      el("section", { class: "card" }, table(tell("by_part"), [tell("part"), tell("opened"), tell("rate")], by_part))));
}
