import { el, button } from "./dom.js";
import { say } from "./words.js";
import { Failure } from "./load.js";

/** @typedef {import("./words.js").Key} Key */

/** The module's error names that have a sentence of their own. @type {Record<string, Key>} */
const names = { FaultyDefinition: "faulty", WrongHash: "altered", Expired: "expired", Closed: "closed" };

/** Where loading again may help. @type {Key[]} */
const retried = ["network", "module", "altered", "unexpected"];

/** Which sentence tells of this error. @param {any} error @returns {Key} */
const key_of = (error) => error instanceof Failure ? /** @type {Key} */ (error.key) : names[error?.name] ?? "unexpected";

/** The sentence alone, announced. @param {unknown} error @param {string} [sentence] instead of the usual one */
export const problem = (error, sentence = say(key_of(error))) => el("p", { class: "problem", role: "alert" }, sentence);

/**
 * Says in place of everything else what went wrong.
 * @param {Element} place @param {unknown} error @param {() => string | undefined} [sentence]
 */
export function fail(place, error, sentence) {
  console.error(error);
  const draw = () => place.replaceChildren(el("section", { class: "card" },
    el("div", { role: "alert" }, el("h1", {}, sentence?.() ?? say(key_of(error)))),
    // a failed import stays failed until the page is loaded anew
    retried.includes(key_of(error)) && button(say("retry"), () => location.reload(), "main"),
    el("p", {}, el("a", { href: "/" }, say("to_list")))));
  draw();
  document.addEventListener("anxin-prefs", draw);
}
