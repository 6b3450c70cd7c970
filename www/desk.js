/** The volunteer's desk between two doors. */

import { button, el, terms } from "./dom.js";
import { pick } from "./prefs.js";
import { at_door } from "./words-door.js";
import { tell } from "./words-desk.js";
import { say, word } from "./words.js";

/** @typedef {import("./types.js").ShiftState} ShiftState */
/** @typedef {import("./types.js").Disposition} Disposition */

/** What can be said of a door where nobody answered questions, by one tap. @type {Disposition[]} */
const outcomes = ["nobody_home", "refused", "cannot_get_in", "not_eligible", "language", "other"];

/** What a door may have been counted under to which somebody comes back. @type {Disposition[]} */
const befores = ["nobody_home", "refused", "cannot_get_in", "language", "other", "partial"];

/** Adults in a household: a tap each; more are asked for by number. */
const MORE = 5;

/**
 * The door at which the volunteer stands.
 * @param {ShiftState} state
 * @param {{ hand_over(before?: Disposition): void, visit(outcome: Disposition, before?: Disposition): void, adults(n: number): void, undo(): void }} does
 */
export function door({ mode, pick: picked, undo }, does) {
  const before = el("select", { id: "before" }, el("option", { value: "" }, at_door("before_no")),
    ...befores.map((it) => el("option", { value: it }, at_door("before_yes", { outcome: at_door(it) }))));
  const counted = () => /** @type {Disposition | undefined} */ (before.value || undefined);
  return el("section", { id: "door", class: "stack" },
    el("h2", {}, at_door("this_door")),
    el("div", { class: "field" }, el("label", { for: "before" }, at_door("before")), before),
    household(picked, does.adults),
    el("div", { class: "actions" },
      button(tell(mode === "read_aloud" ? "interview" : "hand_over"), () => does.hand_over(counted()), "main big")),
    el("p", {}, at_door("or")),
    el("div", { class: "actions outcomes" },
      ...outcomes.map((it) => button(at_door(it), () => does.visit(it, counted())))),
    undo && el("div", { id: "undo", class: "actions" },
      button(at_door("undo", { outcome: at_door(undo) }), () => does.undo(), "quiet")));
}

/** One adult of a household is drawn: nobody chooses who answers. @param {ShiftState["pick"]} picked @param {(n: number) => void} adults */
function household(picked, adults) {
  const chosen = picked && Math.min(picked.adults, MORE);
  const options = [1, 2, 3, 4, MORE].map((n) => el("label", { class: "row" },
    el("input", { type: "radio", name: "adults", value: n, checked: n === chosen, change: () => adults(n) }),
    el("span", {}, at_door(n === MORE ? "adults_more" : "adults_n", { n }))));
  const number = el("input", {
    id: "adults", type: "text", inputmode: "numeric", autocomplete: "off", maxlength: 2, value: picked?.adults,
    change: () => adults(Number(number.value)),
  });
  return el("fieldset", {}, el("legend", {}, at_door("adults")),
    el("div", { class: "adults" }, ...options),
    chosen === MORE && el("div", { class: "field" }, el("label", { for: "adults" }, at_door("how_many")), number),
    picked && el("p", { id: "pick", class: "note", role: "status" },
      picked.adults === 1 ? at_door("pick_one") : picked.nth === 1 ? at_door("pick_oldest") : at_door("pick_nth", { n: picked.nth })));
}

/**
 * How the shift goes.
 * @param {import("./types.js").Campaign} campaign @param {ShiftState} state
 */
export function progress(campaign, { area, mode, number, in_tally, k, completed, unsent, sent, doors }) {
  const name = campaign.areas.find((a) => a.code === area)?.name;
  const count = el("progress", { max: k, value: in_tally, "aria-label": tell("tally") });
  const waiting = unsent.map(({ n, doors: visits, tries, problem, refused, exported }) => {
    const why = { n: n || visits, tries, problem: problem ?? "" };
    const line = n ? tell(refused ? "unsent_refused" : "unsent_one", why)
      : at_door(refused ? "unsent_doors_refused" : "unsent_doors", why);
    return el("li", {}, exported ? `${line}${at_door("in_file")}` : line);
  });
  return [
    el("h2", {}, tell("this_shift")),
    terms([
      [tell("area"), name ? `${pick(name)} ${area}` : area],
      [at_door("shift"), at_door("shift_no", { n: number })],
      [say("mode"), word(mode)],
      [at_door("doors"), at_door("doors_of", /** @type {any} */ (doors))],
      ...doors.callbacks ? [/** @type {const} */ ([at_door("callbacks"), at_door("times", { n: doors.callbacks })])] : [],
      [tell("completed"), tell("people", { n: completed })],
      [tell("tally"), el("div", {}, tell("tally_of", { n: in_tally, k }), count)],
      [tell("sent"), tell("people", { n: sent })],
      [tell("unsent"), waiting.length ? el("ul", {}, ...waiting) : tell("nothing_waits")],
    ]),
  ];
}
