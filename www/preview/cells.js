/** Which cell counts what: the blocks of the layout, and after a respondent which cells hold a one. */

import { el } from "../dom.js";
import { get } from "../load.js";
import { word } from "../words.js";
import { tell } from "../words-preview.js";

/** @typedef {import("./types.js").Form} Form */
/** @typedef {import("./types.js").Block} Block */

const NS = "http://www.w3.org/2000/svg";

/** Cells that a strip shows one by one; of larger blocks the ones stand where they are among all. */
const DRAWN = 120;

/** A block as a strip of cells, those with a one filled in. @param {Block} block @param {number[]} ones within the block */
function strip({ len }, ones) {
  const svg = document.createElementNS(NS, "svg");
  svg.setAttribute("class", "strip");
  svg.setAttribute("aria-hidden", "true");
  const rect = (/** @type {number} */ at, /** @type {string} */ look, /** @type {number} */ width) => {
    const it = document.createElementNS(NS, "rect");
    for (const [name, value] of [["class", look], ["x", `${at / len * 100}%`], ["width", `${width / len * 100}%`], ["height", "100%"]]) {
      it.setAttribute(name, value);
    }
    return it;
  };
  const cells = len <= DRAWN ? Array.from({ length: len }, (_, i) => rect(i, "cell", 1)) : [rect(0, "cell", len)];
  svg.append(...cells, ...ones.map((one) => rect(one, "one", Math.max(1, len / 200))));
  return svg;
}

/** The blocks whose cells are told by name: they stay so when the layout is drawn again. @type {Set<string>} */
const opened = new Set();

/** The names of a block's cells, fetched when they are asked for. @param {Form} form @param {number} index @param {Set<number>} ones */
function names(form, index, ones) {
  const { name, start, len } = form.blocks[index];
  const list = el("ol", { class: "names", start: String(start), tabindex: "0", "aria-label": tell("cell_names", { from: start, to: start + len - 1 }) });
  const details = el("details", {
    open: opened.has(name),
    toggle: async () => {
      opened[details.open ? "add" : "delete"](name);
      if (!details.open || list.firstChild) return;
      /** @type {string[]} */
      const names = await (await get(`/preview/cells?form=${form.hash}&block=${index}`)).json();
      list.replaceChildren(...names.map((name, i) => ones.has(start + i)
        ? el("li", { class: "is-one" }, el("strong", {}, name, " = 1")) : el("li", {}, name)));
    },
  }, el("summary", {}, tell("cell_names", { from: start, to: start + len - 1 })), list);
  return details;
}

/** @param {Form} form @param {import("./types.js").Told | undefined} told */
export function layout(form, told) {
  const cells = told?.cells;
  const ones = new Set(cells?.map(({ cell }) => cell));
  const block = (/** @type {Block} */ it, /** @type {number} */ index) => {
    const { name, of, start, len, one_hot } = it;
    const own = cells?.filter(({ cell }) => cell >= start && cell < start + len) ?? [];
    return el("li", { class: "block" },
      el("p", {}, el("code", {}, name), ` · ${tell(one_hot ? "one_of" : "any_of_cells", { n: len })}`),
      el("p", { class: "hint" }, of.map(word).join(" × ")),
      strip(it, own.map(({ cell }) => cell - start)),
      own.length > 0 && el("p", { class: "ones" },
        el("strong", {}, own.map(({ cell, value }) => `${cell}: ${value.map(word).join(" × ")}`).join(" · "))),
      cells && own.length === 0 && el("p", { class: "hint" }, tell("no_ones")),
      names(form, index, ones));
  };
  return el("section", { class: "card", id: "cells" },
    el("h2", {}, tell("layout")),
    el("p", {}, cells ? tell("ones", { n: ones.size, of: form.cells }) : tell("layout_why", { n: form.cells, blocks: form.blocks.length })),
    el("details", { open: true }, el("summary", {}, tell("blocks", { n: form.blocks.length })),
      el("ol", { class: "blocks" }, ...form.blocks.map(block))));
}
