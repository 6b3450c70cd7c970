/** What the address asks for: the open campaigns, or one of them in one of its rooms. */

import { el } from "./dom.js";
import { fail } from "./failure.js";
import { header } from "./header.js";
import { Failure, get } from "./load.js";
import { changed, pick } from "./prefs.js";
import { day_text, learn, say } from "./words.js";
import "./survey.js";

const main = /** @type {HTMLElement} */ (document.getElementById("main"));

/** The campaigns that are open. */
async function list() {
  /** @type {{ campaigns: import("./types.js").Campaign[] }} */
  const { campaigns } = await (await get("/api/campaigns")).json();
  const draw = () => {
    document.title = say("brand");
    main.replaceChildren(
      el("h1", {}, say("list")),
      campaigns.length > 0 ? el("ul", { class: "campaigns" }, ...campaigns.map(entry)) : el("p", {}, say("list_none")),
      el("anxin-offline"));
  };
  draw();
  document.addEventListener("anxin-prefs", draw);
}

/** @param {import("./types.js").Campaign} campaign */
function entry({ id, title, kind, closes, channels }) {
  const link = (/** @type {string} */ room, /** @type {import("./words.js").Key} */ word) =>
    el("a", { href: `/c/${id}/${room}`, "aria-label": `${say(word)}: ${pick(title)}` }, say(word));
  return el("li", { class: "card" },
    el("h2", {}, el("a", { href: `/c/${id}` }, pick(title))),
    el("p", { class: "hint" }, `${say(kind)} · ${say("until", { day: day_text(closes) })}`),
    el("p", { class: "links" }, link("results", "results"),
      channels.includes("tablet") && link("shift", "volunteer")));
}

/** @param {string} id */
function survey(id) {
  const src = `/api/campaigns/${id}`;
  const query = new URLSearchParams(location.search);
  main.replaceChildren(el("anxin-survey", { src, channel: "phone", area: query.get("area"), place: query.get("p") }));
}

/** A room's script, downloaded only where it is needed. @template T @param {Promise<T>} script */
const room = (script) => script.catch((e) => { throw new Failure("module", e); });

async function open() {
  await learn();
  changed();
  // a tablet in a resident's hands: every address leads back to what the volunteer has handed over
  let handed;
  try { handed = localStorage.getItem("anxin.handed"); } catch { /* no storage, no shift */ }
  if (handed && handed !== location.pathname) return location.replace(handed);
  const [, id, name] = /^\/c\/([^/]+)(?:\/(shift|results))?\/?$/.exec(location.pathname) ?? [];
  if (!id) await list();
  else if (name === "shift") await (await room(import("./shift.js"))).shift(main, id);
  else if (name === "results") await (await room(import("./results.js"))).results(main, id);
  else survey(id);
}

header(true);
// a page brought back from the browser's cache would still show the last respondent
addEventListener("pageshow", (e) => { if (e.persisted) location.reload(); });
open().catch((e) => fail(main, e)).then(() => {
  // what can wait until the first screen stands: the service worker, and sealed reports of an earlier visit
  setTimeout(() => {
    import("./offline.js").catch(console.error);
    let waits = false;
    try {
      const keys = Object.keys(localStorage);
      waits = keys.some((key) => key.startsWith("anxin.report.")) && !keys.includes("anxin.handed");
    } catch { /* no storage, no reports */ }
    if (waits) import("./report.js").then(({ notice }) => notice()).catch(console.error);
  }, 2000);
});
// a module that broke down answers nothing any more; other scripts' errors (a WebView injects some) are not ours
/** @param {unknown} error */
const broken = (error) => {
  if (typeof WebAssembly === "object" && error instanceof WebAssembly.RuntimeError) fail(main, error);
};
addEventListener("error", (e) => broken(e.error));
addEventListener("unhandledrejection", (e) => broken(e.reason));
