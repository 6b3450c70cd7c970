/**
 * An element with attributes and children. Text stays text: markup in it is never read.
 * A function as attribute is a listener; null, undefined and false leave an attribute or child out.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, any>} [attributes]
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value != null && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter(present));
  return element;
}

/** @param {Node | string | null | undefined | false} child @returns {child is Node | string} */
const present = (child) => child != null && child !== false;

/**
 * A button that acts.
 * @param {string} text @param {(event: Event) => void} click @param {string} [look]
 */
export const button = (text, click, look) => el("button", { type: "button", class: look, click }, text);

/**
 * A list of terms and what they stand for.
 * @param {(readonly [string, string | Node])[]} pairs
 */
export const terms = (pairs) => el("dl", {}, ...pairs.map(([term, value]) =>
  el("div", {}, el("dt", {}, term), el("dd", {}, value))));
