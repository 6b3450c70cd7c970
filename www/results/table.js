/** Tables of figures: a row's first cell names it. */

import { el } from "../dom.js";

/**
 * @param {string | Node} caption @param {(string | Node)[]} heads @param {(string | Node)[][]} rows the first cell of each names it
 * @param {number} [by] the column by which they are ordered, from the most down
 */
export const table = (caption, heads, rows, by) => el("table", {},
  el("caption", {}, caption),
  el("thead", {}, el("tr", {}, ...heads.map((head, i) => el("th", { scope: "col", "aria-sort": i === by && "descending" }, head)))),
  el("tbody", {}, ...rows.map(([name, ...cells]) => el("tr", {},
    el("th", { scope: "row" }, name), ...cells.map((cell) => el("td", {}, cell))))));

/** @param {Node | string} name @param {Node} chart */
export const charted = (name, chart) => el("div", {}, name, chart);
