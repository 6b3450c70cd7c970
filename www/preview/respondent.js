/** Who answers in the preview: answers by item, in the short notation in which the program takes them, and what it says of them. */

import { get } from "../load.js";
import { lang } from "../prefs.js";

/** @typedef {import("./types.js").Form} Form */
/** @typedef {import("./types.js").Answers} Answers */
/** @typedef {import("./types.js").Respondent} Respondent */
/** @typedef {import("./types.js").Told} Told */

/** @param {import("./types.js").FormItem} item */
export const options_of = ({ control }) => "options" in control ? control.options : [];

/** Answers that a form takes, as `respondent.rs` reads them; what it has no place for is left out. @param {Form} form @param {Answers} answers */
export function written(form, answers) {
  return form.items.flatMap((item, index) => {
    const answer = answers[item.id];
    if (answer === undefined) return [];
    if (answer === null) return [`${index}x`];
    if ("number" in answer) return [`${index}n${answer.number}`];
    if ("special" in answer) return item.specials.some(({ id }) => id === answer.special) ? [`${index}${answer.special[0]}`] : [];
    const ids = options_of(item).map(({ id }) => id);
    const places = answer.options.map((id) => ids.indexOf(id));
    return places.length && !places.includes(-1) ? [`${index}.${places.join(".")}`] : [];
  }).join("_");
}

/** @param {Form} form @param {string} notation @returns {Answers} */
export function read(form, notation) {
  /** @type {Answers} */
  const answers = {};
  for (const entry of notation.split("_").filter(Boolean)) {
    const [, index, kind, rest] = /^(\d+)(\D)(.*)$/.exec(entry) ?? [];
    const item = form.items[Number(index)];
    const options = () => rest.split(".").map((place) => options_of(item)[Number(place)].id);
    answers[item.id] = kind === "x" ? null
      : kind === "n" ? { number: Number(rest) }
        : kind === "." ? { options: options() } : { special: kind === "d" ? "dont_know" : "refused" };
  }
  return answers;
}

/** @param {string} path @param {Record<string, string | number>} query @returns {Promise<Told>} */
async function told(path, query) {
  const all = Object.entries({ ...query, lang: lang() }).map(([name, value]) => [name, String(value)]);
  return (await get(`/preview/${path}?${new URLSearchParams(all)}`)).json();
}

/** What comes of answers. @param {Form} form @param {Respondent} respondent */
export const follow = (form, { seed, mode, answers }) =>
  told("respondent", { form: form.hash, seed, mode, answers: written(form, answers) });

/** A simulated respondent. @param {Form} form @param {number} seed */
export const simulated = (form, seed) => told("simulated", { form: form.hash, seed });

/** Who is asked an item. @param {Form} form @param {string} item */
export const way = (form, item) => told("way", { form: form.hash, item });
