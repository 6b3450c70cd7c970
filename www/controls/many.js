import { el } from "../dom.js";
import { say } from "../words.js";
import { row, specials } from "./option.js";

/**
 * Any number of options; an exclusive one (“none of these”) or a special clears the others, and they it.
 * @param {import("../types.js").Many} control @param {import("../types.js").Item} item
 * @param {(answer: import("../types.js").Answer | null) => void} onChange
 */
export function many(control, item, onChange) {
  const alone = new Set(control.options.filter((o) => o.exclusive).map((o) => o.id));

  /** @param {(input: HTMLInputElement) => boolean} unfit */
  const clear = (unfit) => {
    for (const input of group.querySelectorAll("input")) if (unfit(input)) input.checked = false;
  };

  /** @param {HTMLInputElement} input */
  const tick = (input) => {
    if (input.checked) clear((other) => other !== input &&
      (other.type === "radio" || alone.has(input.value) || alone.has(other.value)));
    const options = [...group.querySelectorAll("input")].filter((i) => i.checked).map((i) => i.value);
    onChange(options.length ? { options } : null);
  };

  const group = el("div", { class: "list" },
    !item.help && el("p", { class: "hint" }, say("many")),
    ...control.options.map((option) => row(item, "checkbox", option, tick)),
    specials(item, (special) => {
      clear((input) => input.type === "checkbox");
      onChange({ special });
    }));
  return group;
}
