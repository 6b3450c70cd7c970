import { el } from "../dom.js";
import { say } from "../words.js";
import { name_of, specials } from "./option.js";

/**
 * A whole number, typed.
 * @param {import("../types.js").NumberIn} control @param {import("../types.js").Item} item
 * @param {(answer: import("../types.js").Answer | null) => void} onChange
 */
export function number({ min, max }, item, onChange) {
  const hint = `${name_of(item)}-range`;
  const input = el("input", {
    type: "text", inputmode: min < 0 ? "text" : "numeric", autocomplete: "off", maxlength: 9,
    "aria-labelledby": "question", "aria-describedby": hint, disabled: item.locked,
    value: item.chosen && "number" in item.chosen ? item.chosen.number : null,
    input: (/** @type {InputEvent} */ e) => {
      const typed = input.value.normalize("NFKC").replace(min < 0 ? /(?!^-)\D/g : /\D/g, ""); // full-width digits too
      if (typed !== input.value && !e.isComposing) input.value = typed;
      for (const radio of group.querySelectorAll("input")) radio.checked = false;
      onChange(/\d/.test(typed) ? { number: Number(typed) } : null);
    },
  });
  const group = el("div", { class: "list" },
    el("p", { class: "hint", id: hint }, say("range", { min, max })),
    input,
    specials(item, (special) => {
      input.value = "";
      onChange({ special });
    }));
  return group;
}
