import { el } from "../dom.js";
import { row, specials } from "./option.js";

/**
 * One of several options. A scale stays a ladder on every width, so that phone and tablet ask alike.
 * @param {import("../types.js").One} control @param {import("../types.js").Item} item
 * @param {(answer: import("../types.js").Answer | null) => void} onChange
 */
export const one = (control, item, onChange) => el("div", { class: control.look },
  ...control.options.map((option) => row(item, "radio", option, () => onChange({ options: [option.id] }))),
  specials(item, (special) => onChange({ special })));
