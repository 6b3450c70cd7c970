import { el } from "../dom.js";
import { say } from "../words.js";

/** @typedef {import("../types.js").Item} Item */

/** Every input of one question shares its name. @param {Item} item */
export const name_of = (item) => `item-${item.id}`;

/** Is the option chosen? @param {Item} item @param {string} id */
export const is_chosen = ({ chosen }, id) => !!chosen &&
  ("options" in chosen ? chosen.options.includes(id) : "special" in chosen && chosen.special === id);

/** What a checked option is, in words. @param {Item} item @param {string} id */
function mark(item, id) {
  if (!item.feedback) return null;
  if (item.feedback.key.includes(id)) return el("em", { class: "right" }, `✓ ${say("key")}`);
  return is_chosen(item, id) && el("em", { class: "wrong" }, `✗ ${say("yours")}`);
}

/**
 * One native input, the whole row its label.
 * @param {Item} item @param {"radio" | "checkbox"} type
 * @param {{ id: string, text: string }} option @param {(input: HTMLInputElement) => void} change
 */
export const row = (item, type, { id, text }, change) => el("label", { class: "row" },
  el("input", {
    type, name: name_of(item), value: id, autocomplete: "off",
    checked: is_chosen(item, id), disabled: item.locked,
    change: (/** @type {Event} */ e) => change(/** @type {HTMLInputElement} */ (e.target)),
  }),
  el("span", {}, text, mark(item, id)));

/**
 * Don't know and refuse: as easy to reach as any answer, set a little apart.
 * @param {Item} item @param {(special: "dont_know" | "refused") => void} change
 */
export const specials = (item, change) => item.specials.length > 0 && el("div", { class: "specials" },
  ...item.specials.map((special) => row(item, "radio", special, () => change(special.id))));
