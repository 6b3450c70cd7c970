/** One item of the form in the explorer: when it is asked, what can be answered, what is known of it. */

import { el } from "../dom.js";
import { tell } from "../words-preview.js";
import { sentence } from "./condition.js";
import { options_of } from "./respondent.js";

/** @typedef {import("./types.js").Form} Form */
/** @typedef {import("../types.js").Answer} Answer */

/** What can be said of an item in a word or two. @param {Form} form @param {number} index */
function facts({ items, bank }, index) {
  const { type, required, order, key } = items[index];
  return [
    tell(/** @type {import("../words-preview.js").Key} */ (type)),
    type !== "statement" && tell(required),
    order !== "fixed" && tell(order),
    key.length > 0 && bank && bank[0] > bank[1] && tell("drawn", { n: bank[1], of: bank[0] }),
  ].filter(Boolean).join(" · ");
}

/**
 * @param {Form} form @param {number} index
 * @param {{ change: (answer: Answer | null | undefined) => void, go: () => void }} act `undefined`: not answered yet
 */
export function item(form, index, { change, go }) {
  const it = form.items[index];
  const { control, specials, key, required, help, text } = it;
  const name = `explore-${index}`;
  const several = control.kind === "many";
  const alone = new Set(control.kind === "many" ? control.options.filter((o) => o.exclusive).map((o) => o.id) : []);
  /** @type {HTMLInputElement[]} */
  const inputs = [];
  const box = (/** @type {"radio" | "checkbox"} */ type, /** @type {string} */ value, /** @type {string} */ words, right = false) => {
    const input = el("input", { type, name, value, autocomplete: "off", change: () => chosen(input) });
    inputs.push(input);
    return el("label", { class: "chip" }, input, el("span", {}, words, right && el("em", { class: "right" }, ` ✓ ${tell("key")}`)));
  };
  /** @type {HTMLInputElement | undefined} */
  const number = control.kind !== "number" ? undefined : el("input", {
    type: "text", inputmode: "numeric", autocomplete: "off", maxlength: 9, "aria-label": tell("number", { min: control.min, max: control.max }),
    input: (/** @type {Event} */ e) => {
      const { value } = /** @type {HTMLInputElement} */ (e.target);
      for (const input of inputs) input.checked = false;
      change(/^-?\d+$/.test(value.trim()) ? { number: Number(value) } : undefined);
    },
  });

  /** @param {HTMLInputElement} input */
  function chosen(input) {
    if (number) number.value = "";
    const whole = (/** @type {HTMLInputElement} */ other) => other.type === "radio" || alone.has(other.value);
    if (input.checked) for (const other of inputs) if (other !== input && (whole(input) || whole(other))) other.checked = false;
    if (input.type === "radio") {
      const { value } = input;
      if (value === "") return change(null);
      return change(input.dataset.special ? { special: /** @type {"dont_know"} */ (value) } : { options: [value] });
    }
    const options = inputs.filter((i) => i.type === "checkbox" && i.checked).map((i) => i.value);
    return change(options.length ? { options } : undefined);
  }

  const options = options_of(it).map(({ id, text }) => box(several ? "checkbox" : "radio", id, text, key.includes(id)));
  const special = specials.map(({ id, text }) => {
    const label = box("radio", id, text);
    inputs[inputs.length - 1].dataset.special = "yes";
    return label;
  });
  const none = control.kind !== "none" && required !== "required" ? [box("radio", "", tell("no_answer"))] : [];
  const mark = el("span", { class: "mark" });
  const at = el("button", { type: "button", click: go }, tell("take_me"), el("span", { class: "unseen" }, ` ${index + 1}`));
  const legend = el("legend", {}, el("span", { class: "nth" }, `${index + 1}`), ` ${text}`);
  const fields = control.kind === "none"
    ? el("div", {}, el("p", {}, el("span", { class: "nth" }, `${index + 1}`), ` ${text}`))
    : el("fieldset", {}, legend, help && el("p", { class: "hint" }, help),
      control.kind === "number" && number && el("p", {}, el("span", { class: "hint" }, tell("number", { min: control.min, max: control.max })), number),
      el("div", { class: "chips" }, ...options, ...special, ...none));
  const element = el("li", { class: "step", id: `item-${index}`, tabindex: "-1" },
    el("p", { class: "about" }, mark, el("code", {}, it.id), el("span", { class: "hint" }, facts(form, index))),
    it.ask_if && el("p", { class: "condition" }, tell("asked_if", { condition: sentence(it.ask_if, form.items) })),
    fields,
    el("div", { class: "go" }, at));

  return {
    element,
    /** @param {import("./types.js").Standing} standing @param {Answer | null | undefined} answer @param {boolean} here the respondent stands here */
    update(standing, answer, here) {
      element.className = `step ${standing}${here ? " here" : ""}`;
      mark.textContent = here ? tell("here") : tell(standing);
      for (const input of inputs) {
        const { special } = input.dataset;
        input.checked = answer === null ? input.value === "" && !special
          : answer !== undefined && ("options" in answer ? !special && input.value !== "" && answer.options.includes(input.value)
            : "special" in answer && !!special && input.value === answer.special);
      }
      if (number && document.activeElement !== number) number.value = answer && "number" in answer ? String(answer.number) : "";
    },
  };
}
