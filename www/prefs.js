/** How the reader wants the page: kept on the device if it allows that, else for this visit. */

/** @param {string} name */
function kept(name) {
  try { return localStorage.getItem(name); } catch { return null; }
}

/** @param {string} name @param {string} value */
function keep(name, value) {
  try { localStorage.setItem(name, value); } catch { /* denied: it holds for this visit */ }
}

export const prefs = {
  /** asked for by the reader; a questionnaire that lacks it is shown in its own first language */
  lang: kept("anxin.lang") ?? (/^en/.test(navigator.language) ? "en" : "zh-CN"),
  /** what the page on view can be read in */
  languages: ["zh-CN", "en"],
  elder: kept("anxin.elder") === "yes",
};

/** The language to show. */
export const lang = () => prefs.languages.includes(prefs.lang) ? prefs.lang : prefs.languages[0];

/** Whoever draws listens for `anxin-prefs` on the document. */
export function changed() {
  document.documentElement.lang = lang();
  document.documentElement.classList.toggle("elder", prefs.elder);
  document.dispatchEvent(new Event("anxin-prefs"));
}

/** @param {string} to */
export function set_lang(to) {
  prefs.lang = to;
  keep("anxin.lang", to);
  changed();
}

/** @param {boolean} on */
export function set_elder(on) {
  prefs.elder = on;
  keep("anxin.elder", on ? "yes" : "no");
  changed();
}

/** @param {string[]} languages what a questionnaire speaks */
export function set_languages(languages) {
  if (String(languages) === String(prefs.languages)) return;
  prefs.languages = languages;
  changed();
}

/** A text of a campaign or a result in the reader's language. @param {import("./types.js").Text} text */
export const pick = (text) => text[lang()] ?? text["zh-CN"] ?? Object.values(text)[0] ?? "";
