import { el } from "./dom.js";
import { lang, prefs, set_elder, set_lang } from "./prefs.js";
import { learn, say } from "./words.js";

const bar = /** @type {HTMLElement} */ (document.getElementById("bar"));

/** What languages call themselves. */
const names = new Map([["zh-CN", "中文"], ["en", "English"]]);

let home = true;

/** In a resident's hands the header leads nowhere. @param {boolean} leads_home */
export function header(leads_home) {
  home = leads_home;
  const focused = bar.contains(document.activeElement) && document.activeElement?.id;
  bar.replaceChildren(
    home ? el("a", { class: "brand", href: "/" }, say("brand")) : el("span", { class: "brand" }, say("brand")),
    el("button", { type: "button", id: "elder", "aria-pressed": String(prefs.elder), click: () => set_elder(!prefs.elder) },
      say("elder")),
    ...prefs.languages.filter((l) => l !== lang()).map((l) =>
      el("button", { type: "button", id: "lang", lang: l, click: () => learn(l).then(() => set_lang(l)) }, names.get(l) ?? l)));
  if (focused) document.getElementById(focused)?.focus();
}

document.addEventListener("anxin-prefs", () => header(home));
