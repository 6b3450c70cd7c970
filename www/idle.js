/** A tablet that somebody has put down with answers on it: asks, and then has them deleted. */

import { button, el } from "./dom.js";
import { at_door } from "./words-door.js";

/** So long nothing is touched before it asks; and so long it waits for an answer. Milliseconds. */
const QUIET = 180_000;
const LAST_CALL = 30_000;

const EVENTS = ["pointerdown", "keydown", "input", "scroll"];

/**
 * Watches until it is told to stop. @param {() => void} gone called once, when nobody is there any more
 * @returns {() => void} stops it
 */
export function watch(gone) {
  let touched = Date.now();
  /** @type {HTMLDialogElement | null} */
  let asking = null;
  const seconds = el("span", {});
  const touch = () => {
    if (!asking) touched = Date.now();
  };
  const here = () => {
    asking?.remove();
    asking = null;
    touched = Date.now();
  };
  const stop = () => {
    clearInterval(timer);
    here();
    for (const event of EVENTS) removeEventListener(event, touch, true);
  };
  const look = () => {
    const left = touched + QUIET + LAST_CALL - Date.now();
    if (left <= 0) {
      stop();
      gone();
    } else if (left <= LAST_CALL) {
      seconds.textContent = at_door("idle_why", { n: Math.ceil(left / 1000) });
      if (asking) return;
      const go = button(at_door("still"), here, "main");
      asking = /** @type {any} */ (el("div", { class: "idle", role: "alertdialog", "aria-labelledby": "idle" },
        el("div", { class: "card" }, el("h2", { id: "idle" }, at_door("still_there")), el("p", {}, seconds),
          el("div", { class: "actions" }, go))));
      document.body.append(/** @type {any} */ (asking));
      go.focus();
    }
  };
  const timer = setInterval(look, 1000);
  for (const event of EVENTS) addEventListener(event, touch, { capture: true, passive: true });
  return stop;
}
