/**
 * What the page knows of its service worker (sw.js): whether all is here that opens it without a network, whether
 * a newer version waits, and whether the browser promised to keep what the page stores. It comes when the first
 * screen stands, and starts the worker.
 */

import { button, el } from "./dom.js";
import { lang } from "./prefs.js";
import { fill } from "./words.js";

const zh = {
  ready: "✓ 可离线使用：没有网络也能打开、作答。",
  saving: "正在存到这台设备，存好后没有网络也能打开…",
  partial: "还没有存全：没有网络时可能打不开，请不要关闭页面。联网后再打开一次就会存好。",
  unsupported: "这个浏览器不能离线打开：没有网络时，请不要关闭或刷新页面。",
  refused: "浏览器没有答应长期保存：空间紧张时，它可能清掉这台设备上还没送达的数据，请尽早联网送达。",
  waiting: "新版本已经存好，关闭所有页面后启用，也可以现在启用。",
  after_shift: "新版本已经存好，班次结束后启用。",
  apply: "启用新版本",
  others: "还有别的页面开着，请先关闭它们。",
};

/** @typedef {keyof typeof zh} Key */

/** English, once it is asked for. @type {Record<Key, string> | undefined} */
let en;
const learn = async () => {
  if (lang() === "en") en ??= (await import("./words-en.js").catch(() => undefined))?.offline;
};

/** @param {Key} key */
const tell = (key) => fill((lang() === "en" && en || zh)[key]);

/** This page's first script: its name tells the version. */
const script = new URL(/** @type {HTMLScriptElement | null} */ (document.querySelector("script[type=module]"))?.src ?? "", location.href).pathname;

/** Nothing where the browser has no workers, or lets this page have none. @type {ServiceWorkerRegistration | undefined} */
let registration;
const registered = register();
async function register() {
  if (!("serviceWorker" in navigator)) return;
  try {
    registration = await navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" });
    registration?.addEventListener("updatefound", follow);
    follow();
  } catch (e) {
    console.error(e);
  }
}

/** Tells of a worker that has come. */
const follow = () => registration?.installing?.addEventListener("statechange", changed);

/** @param {ServiceWorker} worker @param {...string} order @returns {Promise<boolean>} */
const ask = (worker, ...order) => new Promise((answered) => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }) => answered(data);
  worker.postMessage(order, [port2]);
});

/** The worker that opens pages; the first one, once it has all files. None if it could not get them. */
async function active() {
  await registered;
  const coming = registration?.installing;
  if (!registration || registration.active || !coming) return registration?.active;
  const failed = new Promise((done) => {
    coming.addEventListener("statechange", () => coming.state === "redundant" && done(undefined));
  });
  await Promise.race([navigator.serviceWorker.ready, failed]);
  return registration.active;
}

let whole = false;
let outdated = false;
let asked = false;
let holding = false;

/** Whether the page, its modules and every open campaign are here; what is missing is fetched. */
export async function ready() {
  const worker = await active();
  if (worker) {
    outdated = !await ask(worker, "current", script);
    whole = await ask(worker, "keep");
  }
  asked = true;
  changed();
  return whole;
}

/** Whether a newer version is here than the page's. */
export const update_waiting = () => outdated || Boolean(registration?.waiting);

/**
 * Loads the page anew in the newer version. Only to be called where nothing is lost: not while somebody answers.
 * @returns {Promise<boolean>} false if another page is open, whose version must stay
 */
export async function apply_update() {
  const waiting = registration?.waiting;
  if (waiting) {
    navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
    return ask(waiting, "apply");
  }
  if (outdated) location.reload();
  return outdated;
}

/**
 * While a campaign's shift is on, pages stay in the version in which it is on, also when the tablet is switched
 * off and on, and the browser is asked to keep what is stored. To be called whenever it is known whether one is.
 * @param {string} campaign @param {boolean} on
 */
export async function hold(campaign, on) {
  if (holding !== on) {
    holding = on;
    changed();
  }
  if (on) persist();
  const worker = await active();
  if (worker) await ask(worker, ...on ? ["hold", script, campaign] : ["release", campaign]);
}

/** @typedef {"granted" | "refused" | "unknown"} Promised */

/** @type {Promised} */
let promised = "unknown";
/** @type {Promise<Promised> | undefined} */
let asking;

/** Asks the browser to keep what the page stores until somebody clears it; once a page. */
export const persist = () => asking ??= promise().then((answer) => {
  promised = answer;
  changed();
  return answer;
});

/** @returns {Promise<Promised>} */
async function promise() {
  try {
    const { storage } = navigator;
    if (!storage?.persist) return "unknown";
    return await storage.persisted() || await storage.persist() ? "granted" : "refused";
  } catch {
    return "unknown";
  }
}

/** Every status on view is drawn again. */
const changed = () => document.dispatchEvent(new Event("anxin-offline"));

/** `<anxin-offline>`: how it stands. With the attribute `volunteer`, what is not as it should be too. */
class AnxinOffline extends HTMLElement {
  connectedCallback() {
    this.className = "stack";
    document.addEventListener("anxin-offline", this.draw);
    document.addEventListener("anxin-prefs", this.draw);
    learn().then(this.draw);
  }

  disconnectedCallback() {
    document.removeEventListener("anxin-offline", this.draw);
    document.removeEventListener("anxin-prefs", this.draw);
  }

  draw = () => {
    const volunteer = this.hasAttribute("volunteer");
    /** @type {Key | false} */
    const standing = whole ? "ready" : volunteer && (!registration && asked ? "unsupported" : asked ? "partial" : "saving");
    const faults = el("div", { role: "alert" });
    this.replaceChildren(
      ...standing ? [el("p", { class: standing === "ready" ? "hint" : "note" }, tell(standing))] : [],
      ...volunteer && promised === "refused" ? [el("p", { class: "note" }, tell("refused"))] : [],
      ...update_waiting() ? [
        el("p", { class: "note" }, tell(holding ? "after_shift" : "waiting")),
        ...holding ? [] : [el("div", { class: "actions" }, button(tell("apply"), async () => {
          if (!await apply_update()) faults.replaceChildren(el("p", { class: "problem" }, tell("others")));
        })), faults],
      ] : []);
  };
}
customElements.define("anxin-offline", AnxinOffline);
document.addEventListener("anxin-prefs", () => learn().then(changed));

/** How it stands, for volunteers: an element that draws itself. Not for a resident's eyes. */
export const offline_status = () => el("anxin-offline", { volunteer: true });

const HOUR = 3_600_000;

// a tablet may stand open for days
setInterval(() => registration?.update().catch(() => {}), HOUR);
ready().catch(console.error);
