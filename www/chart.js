/** Charts as SVG, laid out in percent and em so that they keep the reader's text size. Every figure also stands in words beside them. */

/** @param {string} tag @param {Record<string, string | number>} attributes @param {...(Node | string)} children */
function svg(tag, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/** @param {number} share */
const percent = (share) => `${(share * 100).toFixed(2)}%`;

/** Where an axis may begin: a rate near 97 % needs room to show its interval. */
const starts = [0.9, 0.8, 0.5, 0];

/** The start of an axis that holds all of these. @param {import("./types.js").Estimate[]} estimates */
export const axis_from = (estimates) => starts.find((from) => estimates.every(({ low }) => low >= from)) ?? 0;

/**
 * A rate as a dot on its interval, on an axis that ends at 100 %.
 * @param {import("./types.js").Estimate} estimate @param {number} from where the axis starts
 * @param {string} name what it shows, in words @param {boolean} ticks @param {number} [target] a line across
 */
export function interval({ rate, low, high }, from, name, ticks, target) {
  const x = (/** @type {number} */ share) => percent(0.04 + 0.92 * (share - from) / (1 - from));
  const chart = svg("svg", { class: ticks ? "interval ticked" : "interval", role: "img", "aria-label": name },
    svg("line", { class: "axis", x1: x(from), x2: x(1), y1: "0.7em", y2: "0.7em" }));
  for (let i = 0; ticks && i <= 10; i++) {
    const at = from + (1 - from) * i / 10;
    chart.append(svg("line", { class: "axis", x1: x(at), x2: x(at), y1: "0.5em", y2: "0.9em" }));
    if (i % 5 === 0) chart.append(svg("text", { x: x(at), y: "2.1em", "text-anchor": "middle" }, String(Math.round(at * 100))));
  }
  if (target !== undefined && target >= from) chart.append(svg("line", { class: "aim", x1: x(target), x2: x(target), y1: "0", y2: "1.4em" }));
  chart.append(svg("line", { class: "range", x1: x(low), x2: x(high), y1: "0.7em", y2: "0.7em" }),
    svg("circle", { class: "dot", cx: x(rate), cy: "0.7em", r: "0.4em" }));
  return chart;
}

/**
 * A difference as a dot on its interval, on an axis with nought in its middle.
 * @param {{ difference: number, low: number, high: number }} pair @param {number} reach where the axis ends on either side
 * @param {string} name what it shows, in words
 */
export function difference({ difference, low, high }, reach, name) {
  const x = (/** @type {number} */ share) => percent(0.5 + 0.46 * share / reach);
  return svg("svg", { class: "interval", role: "img", "aria-label": name },
    svg("line", { class: "axis", x1: x(-reach), x2: x(reach), y1: "0.7em", y2: "0.7em" }),
    svg("line", { class: "axis", x1: x(0), x2: x(0), y1: "0", y2: "1.4em" }),
    svg("line", { class: "range", x1: x(low), x2: x(high), y1: "0.7em", y2: "0.7em" }),
    svg("circle", { class: "dot", cx: x(difference), cy: "0.7em", r: "0.4em" }));
}

/** One bar of a table that stands beside its figure. @param {number} share */
export const bar = (share) => svg("svg", { class: "bar", "aria-hidden": "true" },
  svg("rect", { class: "trough", width: "100%", height: "100%", rx: "0.2em" }),
  svg("rect", { class: "fill", width: percent(share), height: "100%", rx: "0.2em" }));

/** Counts as columns, the first for nought; what is not told as an empty one. @param {(number | null)[]} counts @param {string} name */
export function columns(counts, name) {
  const most = Math.max(1, ...counts.map((count) => count ?? 0));
  const chart = svg("svg", { class: "columns", role: "img", "aria-label": name });
  const every = Math.ceil(counts.length / 12);
  counts.forEach((count, i) => {
    const height = count === null ? 6 : 80 * count / most;
    chart.append(svg("rect", {
      class: count === null ? "untold" : "fill", x: percent((i + 0.1) / counts.length), width: percent(0.8 / counts.length),
      y: `${82 - height}%`, height: `${height}%`,
    }));
    if (i % every === 0) {
      chart.append(svg("text", { x: percent((i + 0.5) / counts.length), y: "97%", "text-anchor": "middle" }, String(i)));
    }
  });
  chart.append(svg("line", { class: "axis", x1: "0%", x2: "100%", y1: "82%", y2: "82%" }));
  return chart;
}
