/** What every chart of the chart library has: it fits its place, and can be taken away as a file. */

import { button, el } from "../dom.js";
import { tell } from "../words-desk.js";
import { save_png, save_svg } from "./save.js";

/** @typedef {typeof import("../pkg/plot.js")} Library */
/** @typedef {{ ink: string, accent: string, on_accent: string, line: string }} Colours */
/** In pixels; `size` is the type's. @typedef {{ width: number, height: number, size: number, top: number, colours: Colours }} Place */

/** The library: only who looks at a chart waits for it. @type {Promise<Library> | undefined} */
let loading;
const library = () => loading ??= import("../pkg/plot.js");

/** @type {Colours} */
const ON_PAGE = { ink: "var(--soft)", accent: "var(--accent)", on_accent: "var(--card)", line: "var(--line)" };
/** In a file there is no style sheet. @type {Colours} */
const IN_FILE = { ink: "#333", accent: "#0b6158", on_accent: "#fff", line: "#cfd2cc" };

/** The tens of percent between which all of these lie. @param {number[]} shares */
export const tens = (shares) => [Math.floor(Math.min(...shares) * 10 + 1e-9) * 10, Math.ceil(Math.max(...shares) * 10 - 1e-9) * 10];

/** @param {SVGElement} svg @param {string} label */
function told(svg, label) {
  // The library brings a style sheet along, which the page's policy refuses: the page's own says it.
  svg.querySelector("style")?.remove();
  // Its names of marks are English, and no names at all where a group has no role: the picture has one.
  for (const mark of svg.querySelectorAll("[aria-label]")) {
    mark.setAttribute("data-mark", mark.getAttribute("aria-label") ?? "");
    mark.removeAttribute("aria-label");
  }
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", label);
  return svg;
}

/** @param {string} tag @param {Record<string, string | number>} attributes */
function drawn(tag, attributes, text = "") {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.textContent = text;
  return element;
}

/**
 * A chart that tells no more than the table beside it.
 * @param {{ kind: string, name: string, label: string, about: [string, string], draw: (library: Library, place: Place) => SVGElement, height?: (width: number) => number }} chart
 *   `kind`: its class; `about`: its heading, and what it is of, in the file
 */
export function chart({ kind, name, label, about: [title, under], draw, height = (width) => Math.min(width * 0.45, 320) }) {
  /** With its heading, in colours of its own. */
  const file = async () => {
    const [size, width] = [16, 960];
    const svg = told(draw(await library(), { width, height: Math.max(height(width), 480), size, top: size * 6, colours: IN_FILE }), label);
    svg.prepend(drawn("rect", { width: "100%", height: "100%", fill: "#fff" }));
    svg.append(
      drawn("text", { x: size, y: size * 2, "text-anchor": "start", "font-size": size * 1.4, "font-weight": 600, fill: "#000" }, title),
      drawn("text", { x: size, y: size * 3.8, "text-anchor": "start", fill: IN_FILE.ink }, under));
    return svg;
  };
  const place = el("div", { class: "plotted" });
  let [done, width] = [Promise.resolve(), 0];
  const fit = () => {
    const now = Math.round(place.clientWidth);
    if (now === width || now === 0) return;
    width = now;
    done = done.then(library).then((plot) => {
      const size = parseFloat(getComputedStyle(place).fontSize);
      place.replaceChildren(told(draw(plot, { width: now, height: Math.max(size * 12, height(now)), size, top: size, colours: ON_PAGE }), label));
    }).catch((e) => {
      // the table tells it all
      console.error(e);
      place.replaceChildren(el("p", { class: "hint" }, tell("no_chart")));
    });
  };
  new ResizeObserver(fit).observe(place);
  return el("figure", { class: `drawn ${kind}` }, place, el("div", { class: "files" },
    button(tell("save_as", { kind: "PNG" }), async () => save_png(await file(), name), "quiet"),
    button(tell("save_as", { kind: "SVG" }), async () => save_svg(await file(), name), "quiet")));
}
