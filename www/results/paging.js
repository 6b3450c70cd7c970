/** Tables of areas of which there are very many: the first rows are on view, the next are fetched as they are wanted. */

import { button, el } from "../dom.js";
import { tell } from "../words-desk.js";
import { whole } from "./figures.js";

/** @typedef {import("../types.js").Results} Results */
/** @typedef {(more: Record<string, string>) => Promise<Results>} Ask asks for the figures, with more in the address */

/** No table has more rows than one page can have. */
const ALL = { rows: "1000" };

/** What is put in order or compared is looked for among all rows. */
const OF_ALL = ["order", "compare"];

/** The figures as the page begins: with the first rows, or with all where the address wants them. @param {Ask} ask */
export const first_rows = (ask) => {
  const query = new URLSearchParams(location.search);
  return ask(OF_ALL.some((name) => query.has(name)) ? ALL : {});
};

/** That nothing was counted between two answers. @param {Results} a @param {Results} b */
const of_one_moment = (a, b) => [a, b].map(({ n, told, rows, fieldwork }) => JSON.stringify([n, told, rows, fieldwork?.total])).every((it, _, [first]) => it === first);

/** The figures with the next rows behind those on view, or all anew if they have moved: no table mixes two moments. @param {Results} r @param {Ask} ask */
async function with_next(r, ask) {
  const next = await ask({ after: r.areas[r.areas.length - 1].code });
  if (!of_one_moment(r, next)) return { figures: await ask(ALL), anew: true };
  const fieldwork = r.fieldwork && { ...r.fieldwork, areas: [...r.fieldwork.areas, ...next.fieldwork?.areas ?? []] };
  return { figures: { ...r, areas: [...r.areas, ...next.areas], fieldwork }, anew: false };
}

/** How many of how many rows are on view, if not all are. @param {Results} r */
export const rows_shown = ({ areas, rows }) =>
  areas.length < rows && el("p", { class: "hint" }, tell("rows_shown", { shown: whole(areas.length), rows: whole(rows) }));

/**
 * A button that fetches the next rows, if there are more.
 * @param {Results} r @param {Ask} ask @param {(longer: { figures: Results, anew: boolean }) => void} show
 */
export function more_rows(r, ask, show) {
  if (r.areas.length >= r.rows) return false;
  const place = el("div", { class: "stack" });
  let waits = false;
  const go = () => {
    if (waits) return;
    waits = true;
    place.querySelector("p")?.remove();
    with_next(r, ask).then(show, (e) => {
      console.error(e);
      waits = false;
      place.append(el("p", { class: "problem", role: "alert" }, tell("no_more_rows")));
    });
  };
  place.append(button(tell("more_rows"), go));
  return place;
}
