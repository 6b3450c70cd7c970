/**
 * The page of `anxin preview`: a form as it stands in its author's spreadsheet, on a phone and on a tablet, and
 * everything that can be told of it. It waits for the file to be saved. No respondent loads any of it.
 */

import { el } from "./dom.js";
import { header } from "./header.js";
import { get } from "./load.js";
import { changed, lang } from "./prefs.js";
import { layout } from "./preview/cells.js";
import { explorer } from "./preview/explorer.js";
import { findings, listed } from "./preview/findings.js";
import { frames } from "./preview/frames.js";
import { learn } from "./words.js";
import { tell } from "./words-preview.js";

/** @typedef {import("./preview/types.js").State} State */

/** After so long to ask again whether the program is there, in milliseconds. */
const AGAIN = 1000;

const main = /** @type {HTMLElement} */ (document.getElementById("main"));

/** @type {State | undefined} */
let state;
/** When what is on view was saved. */
let since = "";
let lost = false;
/** @type {import("./preview/types.js").Told | undefined} */
let told;

const devices = frames();
const paths = explorer({
  told: (of) => {
    told = of;
    draw_cells();
  },
  go: devices.go,
});
const standing = el("p", { role: "status" });
const title = el("h1", {});
const about = el("p", { class: "hint" });
const faults = el("div", { id: "faults" });
const [proved, cells] = [el("div", {}), el("div", {})];
const side = el("div", { class: "side" }, proved, paths.element, cells);
const work = el("div", { class: "work", hidden: true }, devices.element, side);

function draw() {
  const { file = "", form = null, faults: wrong = [] } = state ?? {};
  document.title = `${wrong.length ? "✗" : "✓"} ${file || tell("brand")} · ${tell("brand")}`;
  title.textContent = form ? form.title : file || tell("reading");
  about.textContent = form ? tell("form", { id: form.id, version: form.version, items: form.items.length, cells: form.cells }) : "";
  standing.className = lost || wrong.length ? "problem" : "proved";
  standing.textContent = lost ? tell("lost")
    : !state ? tell("reading")
      : wrong.length ? tell(form ? "faults_kept" : "faults", { n: wrong.length, file })
        : tell("good", { file, time: since });
  faults.replaceChildren();
  if (wrong.length) faults.append(el("section", { class: "card wrong", role: "alert" }, el("h2", {}, tell("mend")), listed(wrong)));
  work.hidden = !form;
  if (form) proved.replaceChildren(findings(form, paths.focus));
}

function draw_cells() {
  if (state?.form) cells.replaceChildren(layout(state.form, told));
}

/** @param {State} next */
function show(next) {
  const { form, tag } = next;
  if (state?.tag === tag && state.form?.title === form?.title && !lost) return;
  if (state?.tag !== tag && (state?.form?.hash !== form?.hash || state?.faults.length !== next.faults.length)) {
    since = new Date().toLocaleTimeString(lang());
  }
  const other = state?.form?.hash !== form?.hash;
  state = next;
  lost = false;
  draw();
  if (!form) return;
  if (other) told = undefined;
  paths.show(form);
  if (other) draw_cells();
  devices.show(form.hash);
}

/** Waits for news as long as the page is open. */
async function follow() {
  for (;;) {
    const query = new URLSearchParams({ since: state && !lost ? state.tag : "", lang: lang() });
    try {
      show(await (await get(`/preview/state?${query}`)).json());
    } catch (e) {
      console.error(e);
      lost = true;
      draw();
      await new Promise((done) => setTimeout(done, AGAIN));
    }
  }
}

/** The reader wants another language or size: the form is told in it, and the frames follow. */
async function redraw() {
  devices.draw();
  draw();
  if (!state?.form) return;
  try {
    state = /** @type {State} */ (await (await get(`/preview/state?${new URLSearchParams({ lang: lang() })}`)).json());
  } catch (e) {
    console.error(e);
  }
  draw();
  if (state.form) paths.show(state.form);
  paths.draw();
  draw_cells();
  devices.redraw();
}

async function open() {
  await learn();
  changed();
  header(false);
  devices.draw();
  main.replaceChildren(el("div", { class: "standing" }, title, standing, about), faults, work);
  draw();
  document.addEventListener("anxin-prefs", redraw);
  await follow();
}

open();
