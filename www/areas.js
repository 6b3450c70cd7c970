/**
 * Choosing an area: one list where there are few, from the largest region down where there are many.
 * Every list is a native select, so that keyboard and screen reader know it.
 */

import { el } from "./dom.js";
import { pick } from "./prefs.js";
import { say } from "./words.js";
import { tell } from "./words-place.js";

/** @typedef {import("./types.js").Area} Area */
/** @typedef {import("./types.js").Campaign} Campaign */
/** @typedef {import("./words-place.js").Key} Key */

/** So many areas still make a list that is read at one go. */
export const FEW = 12;

/** Digits of a statistical code → what it names. @type {Record<number, Key>} */
const levels = { 2: "province", 4: "prefecture", 6: "county", 9: "town", 12: "village" };

/** What the areas of a list are called, if all are of one kind. @param {Area[]} areas @returns {Key} */
function level(areas) {
  const [length, ...others] = new Set(areas.map(({ code }) => code.length > 12 ? 13 : code.length));
  return others.length ? "below" : length > 12 ? "grid" : levels[length] ?? "below";
}

/** What lies right below each region; at the top, below "". @param {Campaign} campaign */
function tree({ areas, regions = [] }) {
  const known = new Set(areas.length > FEW ? regions.map(({ code }) => code) : []);
  /** @type {Map<string, Area[]>} */
  const below = new Map();
  for (const area of [...areas, ...regions.filter(({ code }) => known.has(code))]) {
    let above = area.code;
    do above = above.slice(0, -1); while (above && !known.has(above));
    below.set(above, [...below.get(above) ?? [], area]);
  }
  return below;
}

/** An area with what it lies in, from the largest. @param {Campaign} campaign @param {string} code */
export const full_name = ({ areas, regions = [] }, code) => [...regions, ...areas]
  .filter((it) => code.startsWith(it.code)).sort((a, b) => a.code.length - b.code.length)
  .map(({ name }) => pick(name)).join(" · ");

/**
 * The lists from which one of a campaign's areas is chosen. `on_choice` gets its code, "" while none is chosen.
 * @param {Campaign} campaign
 * @param {(code: string) => void} on_choice
 * @param {{ label: string, id?: string, codes?: boolean, value?: string }} options `label`: the question;
 *   `id`: of the list that is still to be answered; `codes`: show them beside the names; `value`: chosen at first
 */
export function area_picker(campaign, on_choice, { label, id = "where", codes = false, value = "" }) {
  const below = tree(campaign);
  const many = campaign.areas.length > FEW && Boolean(campaign.regions?.length);
  const element = el(many ? "fieldset" : "div", { class: "stack" });

  /** @param {string} code */
  const set = (code) => {
    value = code;
    // the question is asked by the first list that has no answer yet, or by the last
    const lists = [...element.querySelectorAll("select")];
    const open = lists.find((list) => !list.value) ?? lists[lists.length - 1];
    lists.forEach((list, i) => {
      list.id = list === open ? id : `${id}-${i}`;
      list.previousElementSibling?.setAttribute("for", list.id);
    });
  };

  /** Lists from a region down, as far as `code` says. @param {string} at @param {string} code */
  const grow = (at, code) => {
    const choices = below.get(at);
    if (!choices) return set(at); // an area
    // nothing to choose between
    if (choices.length === 1 && below.has(choices[0].code)) return grow(choices[0].code, code);
    const chosen = choices.find((it) => code.startsWith(it.code))?.code;
    /** @type {HTMLSelectElement} */
    const list = el("select", {
      required: true, change: () => {
        while (field.nextSibling) field.nextSibling.remove();
        if (list.value) grow(list.value, "");
        else set("");
        on_choice(value);
      },
    }, el("option", { value: "" }, tell("choose")),
    ...choices.map(({ code, name }) => el("option", { value: code, selected: code === chosen }, codes ? `${pick(name)} ${code}` : pick(name))));
    const field = el("div", { class: "field" }, el("label", {}, many ? tell(level(choices)) : label), list);
    element.append(field);
    if (chosen) grow(chosen, code);
    else set("");
  };

  /** Draws the lists anew. @param {string} code */
  const choose = (code) => {
    element.replaceChildren(...many ? [el("legend", {}, label)] : []);
    grow("", code);
  };
  choose(value);
  return {
    element,
    /** What stands in the last list: a browser that restores a form tells nobody. */
    get value() {
      const last = [...element.querySelectorAll("select")].pop()?.value ?? "";
      return below.has(last) ? "" : last;
    },
    /** Chooses for the reader, e.g. what a code says. @param {string} code */
    choose(code) {
      choose(code);
      on_choice(value);
    },
    focus: () => /** @type {HTMLElement | null} */ (element.querySelector(`#${id}`))?.focus(),
  };
}

/**
 * What a phone asks when the address does not say where it is, with what was wrong with a poster's code. The page
 * reads a code's plain part and does not check its signature (see place.rs): whoever forges one could as well
 * choose that area from this list.
 * @param {Campaign} campaign @param {string | null} code @param {string} value @param {(code: string | null) => void} on_choice
 */
export const where = (campaign, code, value, on_choice) => el("div", { class: "stack" },
  code && el("p", { class: "problem", role: "alert" }, tell(fault(campaign, code))),
  area_picker(campaign, (area) => on_choice(area || null), { label: say("where"), value }).element);

/** @param {Campaign} campaign @param {string} code @returns {Key} */
function fault({ areas }, code) {
  const [, area] = /^(\d{1,24})\d{163}$/.exec(code) ?? [];
  return !area ? "code_unreadable" : areas.some((it) => it.code === area) ? "code_expired" : "code_area";
}
