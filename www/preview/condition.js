/** A condition as a sentence. */

import { tell } from "../words-preview.js";

/** @typedef {import("./types.js").Condition} Condition */
/** @typedef {import("./types.js").FormItem} FormItem */

/** @param {FormItem[]} items @param {number} index */
const named = (items, index) => tell("question", { n: index + 1, text: short(items[index].text) });

/** So much of a text that one knows it. @param {string} text */
export const short = (text) => text.length > 36 ? `${text.slice(0, 35)}…` : text;

/** When it holds, in words. @param {Condition} condition @param {FormItem[]} items @param {boolean} [within] it stands within another @returns {string} */
export function sentence(condition, items, within = false) {
  switch (condition.op) {
    case "and":
    case "or": {
      const parts = condition.of.map((part) => sentence(part, items, condition.of.length > 1));
      const joined = parts.join(tell(condition.op));
      return within && parts.length > 1 ? tell("brackets", { it: joined }) : joined;
    }
    case "not":
      return tell("not", { it: sentence(condition.of, items, true) });
    case "any_of": {
      const { item, options, specials } = condition;
      const chosen = [...options.map((text) => tell("quoted", { text: short(text) })), ...specials.map((it) => tell(it))];
      return tell("chose", { item: named(items, item), options: chosen.join(tell("or_option")) });
    }
    default: {
      const { op, item, min, max } = condition;
      const bounds = min !== null && min === max ? tell("exactly", { min })
        : min === null || (op === "count" && min === 0) ? tell("at_most", { max: max ?? "∞" })
          : max === null ? tell("at_least", { min }) : tell("from_to", { min, max });
      return tell(op === "count" ? "chose_many" : "number_is", { item: named(items, item), bounds });
    }
  }
}
