/** What is wrong with the form, what is proved of it, and what it takes. */

import { el, terms } from "../dom.js";
import { lang } from "../prefs.js";
import { day_text } from "../words.js";
import { because, tell } from "../words-preview.js";

/** @typedef {import("./types.js").Finding} Finding */
/** @typedef {import("./types.js").Between} Between */

/** Where it is, as an author looks for it. @param {Finding} finding */
function place({ sheet, row, column, heading, about, at }) {
  const of_text = at !== undefined;
  return [
    about && `“${about}”`,
    sheet && tell("sheet", { sheet }),
    row && tell(of_text ? "line" : "row", { row }),
    column && `${tell(of_text ? "character" : "column", { column })}${heading ? tell("headed", { heading }) : ""}`,
    !column && heading && tell("no_column", { heading }),
  ].filter(Boolean).join(tell("comma"));
}

/** @param {Finding} finding @param {(item: number) => void} [to] leads to an item */
const entry = (finding, to) => {
  const { message, code, item } = finding;
  const where = place(finding);
  const reason = lang() === "en" ? undefined : because(code);
  return el("li", {},
    where && (item !== undefined && to
      ? el("a", { href: `#item-${item}`, click: (/** @type {Event} */ e) => { e.preventDefault(); to(item); } }, where)
      : el("strong", {}, where)),
    el("p", {}, reason && `${reason} `, el("span", { lang: "en", class: reason && "hint" }, message)));
};

/** @param {Finding[]} findings @param {(item: number) => void} [to] */
export const listed = (findings, to) => el("ul", { class: "findings" }, ...findings.map((finding) => entry(finding, to)));

/** @param {Between} between @param {(value: number) => string} text */
const between = ({ least, most }, text) => least === most ? text(least) : tell("between", { least: text(least), most: text(most) });

/** @param {number} seconds */
const minutes = (seconds) => (seconds / 60).toFixed(1);

/** @param {Finding[]} findings @param {string} heading @param {boolean} open @param {(item: number) => void} to */
const folded = (findings, heading, open, to) => findings.length > 0 && el("details", { open },
  el("summary", {}, `${heading} (${findings.length})`), listed(findings, to));

/** @param {import("./types.js").Form} form @param {(item: number) => void} to leads to an item */
export function findings(form, to) {
  const { proof, status } = form;
  const done = typeof proof === "object" && "done" in proof ? proof.done : undefined;
  const length = (/** @type {"longest" | "median"} */ of) => done ? tell("length", {
    items: between(done.items[of], String), minutes: between(done.seconds[of], minutes),
  }) : "…";
  return el("section", { class: "card", id: "findings" },
    el("h2", {}, tell("findings")),
    status !== "open" && el("p", { class: "note" },
      tell(status, { from: day_text(form.valid_from), until: day_text(form.valid_until) })),
    proof === "at_work" && el("p", { role: "status" }, tell("at_work")),
    typeof proof === "object" && "failed" in proof && listed([proof.failed]),
    done && el("p", { role: "status", class: done.faults.length ? "problem" : "proved" },
      done.faults.length ? tell("proved_faults", { n: done.faults.length }) : tell("proved")),
    done && done.faults.length > 0 && listed(done.faults, to),
    done && folded([...form.warnings, ...done.warnings], tell("warnings"), false, to),
    done && terms([
      [tell("longest"), length("longest")],
      [tell("median"), length("median")],
      [tell("cells"), tell("cells_of", { n: form.cells, blocks: form.blocks.length })],
      [tell("report"), tell("bytes", { n: done.report_bytes.toLocaleString(lang()) })],
    ]),
    el("p", { class: "hint" }, tell("lengths_why")));
}
