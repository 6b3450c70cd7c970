/** The volunteer's form at the beginning of a shift, and what came of the shift before. */

import { area_picker } from "./areas.js";
import { button, el, terms } from "./dom.js";
import { problem } from "./failure.js";
import { pick } from "./prefs.js";
import { at_door, rate } from "./words-door.js";
import { book, tell } from "./words-desk.js";
import { day_text, say, word } from "./words.js";

/** @typedef {import("./types.js").Mode} Mode */

/** @param {string} id */
export const pin_input = (id) => el("input", {
  id, type: "password", inputmode: "numeric", autocomplete: "off", maxlength: 8,
});

/** @param {string} label @param {HTMLElement} input */
export const field = (label, input) => el("div", { class: "field" }, el("label", { for: input.id }, label), input);

/** @param {() => void} submit @param {...(Node | string)} children */
export const form = (submit, ...children) => el("form", {
  class: "card", novalidate: true, autocomplete: "off", submit: (/** @type {Event} */ e) => {
    e.preventDefault();
    submit();
  },
}, ...children);

/**
 * @param {import("./types.js").Campaign} campaign @param {string} campaign_json
 * @param {(area: string, mode: Mode, pin: string) => Promise<void>} begin
 * @param {(error: unknown) => string | undefined} sentence
 */
export function begin_form(campaign, campaign_json, begin, sentence) {
  const [only, ...others] = campaign.areas;
  const area = area_picker(campaign, () => {}, {
    label: tell("area"), id: "area", codes: true, value: others.length ? "" : only.code,
  });
  const scanner = el("div", {});
  import("./scan.js")
    .then(({ scan }) => scanner.replaceWith(scan(campaign, campaign_json, area.choose).element))
    .catch(console.error);
  /** @type {Mode} */
  let mode = "self_completed";
  const modes = /** @type {const} */ (["self_completed", "read_aloud"]).map((m) => el("label", { class: "row" },
    el("input", { type: "radio", name: "mode", value: m, checked: m === mode, change: () => { mode = m; } }),
    el("span", {}, word(m))));
  const pin = pin_input("pin");
  const again = pin_input("pin-again");
  const faults = el("div", { role: "alert" });
  return form(async () => {
    const fault = !area.value ? "area_missing" : !/^\d{4,8}$/.test(pin.value) ? "pin_short"
      : pin.value !== again.value ? "pin_differ" : null;
    if (fault) {
      faults.replaceChildren(el("p", { class: "problem" }, tell(fault)));
      (fault === "area_missing" ? area : fault === "pin_short" ? pin : again).focus();
      return;
    }
    try {
      await begin(area.value, mode, pin.value);
    } catch (e) {
      faults.replaceChildren(problem(e, sentence(e)));
    }
  },
  el("h1", {}, `${tell("shift")} · ${pick(campaign.title)}`),
  el("p", {}, tell("shift_intro", { k: campaign.k })),
  el("p", {}, el("a", { href: book("volunteers") }, tell("volunteers_page"))),
  area.element,
  scanner,
  el("fieldset", {}, el("legend", {}, say("mode")), el("div", { class: "list" }, ...modes)),
  field(tell("pin"), pin),
  field(tell("pin_again"), again),
  el("p", { class: "hint" }, tell("pin_why")),
  faults,
  el("div", { class: "actions" }, el("button", { class: "main" }, tell("begin"))));
}

/**
 * What came of a shift: to show or to print.
 * @param {import("./types.js").Campaign} campaign @param {import("./types.js").Card} card @param {number} waiting
 */
export function shift_card(campaign, { area, day, number, doors }, waiting) {
  const { name } = campaign.areas.find(({ code }) => code === area) ?? {};
  const rates = /** @type {const} */ (["rr1", "rr2", "coop1", "ref1", "con1"]);
  return el("section", { id: "shift-card", class: "card" },
    el("h2", {}, at_door("card")),
    el("p", { class: "hint" }, at_door("card_why")),
    terms([
      [tell("area"), name ? `${pick(name)} ${area}` : area],
      [tell("day"), `${day_text(day)} · ${at_door("shift_no", { n: number })}`],
      [at_door("doors"), at_door("doors_of", /** @type {any} */ (doors))],
      [at_door("callbacks"), at_door("times", { n: doors.callbacks })],
      ...doors.ended.filter(([, n]) => n > 0).map(([of, n]) => /** @type {const} */ ([at_door(of), `${n}`])),
      ...rates.map((it) => /** @type {const} */ ([at_door(it), rate(doors.rates[it])])),
      [tell("unsent"), waiting ? at_door("not_sent", { n: waiting }) : at_door("none_waits")],
    ]),
    el("div", { class: "actions" }, button(at_door("print"), () => print())));
}
