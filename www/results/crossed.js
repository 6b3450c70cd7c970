/** What else only crossed answers tell: weighted rates, ways of asking. */

import { el } from "../dom.js";
import { pick } from "../prefs.js";
import { tell } from "../words-desk.js";
import { word } from "../words.js";
import { figure, percent, points, range_text } from "./figures.js";
import { table } from "./table.js";

/** @typedef {import("../types.js").Results} Results */
/** @typedef {import("../types.js").Ranged} Ranged */

/** A difference, and whether it is beyond chance. @param {Ranged | null} it */
export const difference = (it) => it === null ? tell("few_short") : el("div", {}, range_text(it, (share) => points(share, 0)),
  el("div", {}, el("div", {}, tell(it.interval.low <= 0 && it.interval.high >= 0 ? "by_chance" : "beyond_chance"))));

/** Rates of respondents weighted to a population. @param {Results} r */
export function weighted({ weighted, indicators }) {
  if (!weighted || weighted.rates.length === 0) return null;
  const by_area = weighted.by.length === 1 && weighted.by[0] === "area";
  const rows = weighted.rates.map(({ id, base, rate, design_effect, covered }) => {
    const found = indicators.find((it) => it.id === id);
    const plain = found?.estimates[base];
    return [
      el("div", {}, pick(found?.title ?? {}), el("div", { class: "hint" }, [
        tell(base === "all" ? "base_all_short" : "base_valid_short"),
        design_effect !== null && tell("design_effect", { deff: figure(design_effect, by_area ? 2 : 1) }),
        covered !== null && covered < 1 && tell("covered", { share: percent(covered) }),
      ].filter(Boolean).join(" · "))),
      plain ? percent(plain.rate) : tell("few_short"),
      rate ? range_text(rate, percent) : tell("few_short")];
  });
  return el("section", { class: "stack", id: "weighted" },
    el("h2", {}, tell("weighted")),
    el("p", { class: "hint" }, tell("weighted_why", { source: weighted.source, cap: figure(weighted.cap, weighted.cap % 1 ? 1 : 0) })),
    el("section", { class: "card" },
      table(tell("weighted"), [tell("indicators"), tell("unweighted"), tell("weighted_rate")], rows),
      !by_area && el("p", { class: "hint" }, tell("ranges_why"))));
}

/** Whether it matters how it was asked. @param {Results} r */
export function effects({ crossed, indicators }) {
  if (!crossed || crossed.effects.length === 0) return null;
  return el("section", { class: "card", id: "effects" },
    table(tell("effects"), [tell("indicators"), tell("way"), tell("points_apart")], crossed.effects.map(({ indicator, asked, difference: it }) => [
      pick(indicators.find(({ id }) => id === indicator)?.title ?? {}), `${word(asked)}${tell("colon")}${tell(`${asked}_effect`)}`, difference(it)])),
    el("p", { class: "hint" }, tell("effects_why")),
    el("p", { class: "hint" }, tell("ranges_why")));
}
