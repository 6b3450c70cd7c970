import { el } from "../dom.js";

/**
 * Something to read, nothing to answer.
 * @param {import("../types.js").None} control @param {import("../types.js").Item} item
 */
export const none = (control, item) => el("div", {},
  ...item.text.split("\n").map((line) => el("p", { class: "statement" }, line)));
