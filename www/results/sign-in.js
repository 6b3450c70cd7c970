/** Who reads figures that are not for everybody: a token, kept while the window is open. */

import { button, el } from "../dom.js";
import { Failure } from "../load.js";
import { tell } from "../words-desk.js";
import { save } from "./save.js";

const KEPT = "anxin.token";

/** For this visit, where there is no storage. */
let shown = "";
try { shown = sessionStorage.getItem(KEPT) ?? ""; } catch { /* denied */ }

/** @param {string} token */
function keep(token) {
  shown = token;
  try {
    if (token) sessionStorage.setItem(KEPT, token);
    else sessionStorage.removeItem(KEPT);
  } catch { /* for this visit */ }
}

/** Whether a token is shown with what is asked for. */
export const signed_in = () => shown !== "";

/** Forgets the token and opens the page anew. */
export function sign_out() {
  keep("");
  location.reload();
}

/** What the collector said no to. @typedef {"sign-in" | "bad-token" | "other-area" | "no-export"} Refusal */

/** Asks the collector, showing the token. @param {string} url @returns {Promise<Response | Refusal>} */
async function ask(url) {
  let response;
  try {
    response = await fetch(url, shown ? { headers: { authorization: `Bearer ${shown}` } } : {});
  } catch (e) { throw new Failure("network", e); }
  if (response.ok) return response;
  if (response.status === 401 || response.status === 403) {
    const { type } = await response.json();
    return /** @type {Refusal} */ (type.replace("/problems/", ""));
  }
  throw new Failure(response.status === 404 ? "unknown" : "network", response.status);
}

/**
 * What is at the address, once the reader may have it: asks them to sign in as long as they may not.
 * @param {HTMLElement} main @param {string} url
 */
export async function for_reader(main, url) {
  for (;;) {
    const answer = await ask(url);
    if (typeof answer !== "string") return answer;
    // A token that was kept and is no more is no fault of who opens the page.
    if (answer === "bad-token" && !tried) keep("");
    await asked(main, answer);
  }
}

/** Whether a token was typed on this page. */
let tried = false;

/** Shows the form until a token is given. @param {HTMLElement} main @param {Refusal} why @returns {Promise<void>} */
const asked = (main, why) => new Promise((done) => {
  const draw = () => {
    document.title = tell("sign_in");
    const token = el("input", {
      id: "token", type: "password", autocomplete: "off", autocapitalize: "off", spellcheck: "false", maxlength: 200, required: true,
      keydown: (/** @type {KeyboardEvent} */ e) => { if (e.key === "Enter") give(); },
    });
    const give = () => {
      const given = token.value.trim();
      if (!/^[\x21-\x7e]+$/.test(given)) return token.focus();
      tried = true;
      keep(given);
      document.removeEventListener("anxin-prefs", draw);
      done();
    };
    main.replaceChildren(el("section", { class: "card", id: "sign-in" },
      el("h1", {}, tell("sign_in")),
      el("p", {}, tell("sign_in_why")),
      why !== "sign-in" && (tried || why === "other-area") && el("p", { class: "problem", role: "alert" }, tell(why === "other-area" ? "other_area" : "bad_token")),
      why === "other-area" && el("p", {}, el("a", { href: location.pathname }, tell("own_area"))),
      el("div", { class: "field" }, el("label", { for: "token" }, tell("token")), token),
      el("div", { class: "actions" }, button(tell("sign_in"), give, "main")),
      el("p", { class: "hint" }, tell("token_kept"))));
    token.focus();
  };
  draw();
  document.addEventListener("anxin-prefs", draw);
});

/** Fetches a file with the token and hands it to the reader; tells why not. @param {string} url @param {(told: string) => void} tell_why */
export async function fetch_file(url, tell_why) {
  try {
    const answer = await ask(url);
    if (typeof answer === "string") return tell_why(tell(answer === "no-export" ? "no_export" : "bad_token"));
    const name = /filename\*=UTF-8''([^;]+)/.exec(answer.headers.get("content-disposition") ?? "")?.[1] ?? "results";
    save(await answer.blob(), decodeURIComponent(name));
  } catch (e) {
    console.error(e);
    tell_why(tell("no_file"));
  }
}
