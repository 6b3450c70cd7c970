/**
 * A phone's way out: keys, sealing, and the reports that wait. It comes after the first question; what it
 * does is in the module, which alone reaches the aggregators.
 */

import { button, el } from "./dom.js";
import { lang } from "./prefs.js";
import { fill, say } from "./words.js";
import init, { Outbox, Sealer } from "./pkg/anxin_seal.js";

const zh = {
  sending: "正在发送…",
  counted: "✓ 已送达，计入总数了。",
  offline: "现在没有网络。加密后的回答保存在这台手机上，联网后打开这个页面会自动发送。",
  unreachable: "暂时连不上汇总方。加密后的回答保存在这台手机上，会自动再发。",
  silent: "汇总方在线，但没有收下，也没有说明原因。加密后的回答还在这台手机上，会自动再试。",
  refused: "汇总方没有收下：{why}。加密后的回答还在这台手机上，请告诉组织单位。",
  forgotten: "您的回答已经从这台手机上删除。",
  waiting: "有 {n} 份加密的回答等待发送。",
  now: "现在发送",
  discard: "删除没被收下的",
  discarded: "没被收下的已经从这台手机上删除。",
  practice: "再练一次（不计入）",
  reportRejected: "活动已经截止，或内容没有通过校验",
  reportTooEarly: "这台手机的日期不对",
  outdatedConfig: "加密用的钥匙过期了",
  unrecognizedTask: "没有这项活动",
};

/** @typedef {keyof typeof zh} Key */

/** English, once it is asked for. @type {Record<Key, string> | undefined} */
let en;
const learn = async () => {
  if (lang() === "en") en ??= (await import("./words-en.js").catch(() => undefined))?.report;
};

/** @param {Key} key @param {Record<string, string | number>} [values] */
const tell = (key, values) => fill((lang() === "en" && en || zh)[key], values);

/** @type {Promise<unknown> | undefined} */
let starting;
const start = () => starting ??= init({ module_or_path: "/pkg/anxin_seal_bg.wasm" }).catch((e) => {
  starting = undefined;
  throw e;
}).then(learn);

/** @type {Record<string, Promise<Sealer>>} */
const sealers = {};

/** What seals for an area, with the keys of both aggregators. @param {import("./types.js").Campaign} campaign @param {string} area */
export function prepare(campaign, area) {
  return sealers[campaign.id + area] ??= sealer(campaign, area).catch((e) => {
    delete sealers[campaign.id + area];
    throw e;
  });
}

/** @param {import("./types.js").Campaign} campaign @param {string} area */
async function sealer({ id, questionnaire, closes, aggregators: { leader, helper } }, area) {
  await start();
  const task = Sealer.task(id, questionnaire, area);
  const [of_leader, of_helper] = await Promise.all([keys(leader, task), keys(helper, task)]);
  return new Sealer(id, questionnaire, area, closes, leader, of_leader, of_helper);
}

/** An aggregator's keys: public, fetched, or those that were fetched before. @param {string} aggregator @param {string} task */
async function keys(aggregator, task) {
  const url = `${aggregator}/hpke_config?task_id=${task}`;
  const kept = `anxin.keys.${url}`;
  try {
    const list = new Uint8Array(await (await ask(url)).arrayBuffer());
    try { localStorage.setItem(kept, list.join()); } catch { /* no room: they are fetched again the next time */ }
    return list;
  } catch (e) {
    const list = localStorage.getItem(kept);
    if (list) return Uint8Array.from(list.split(","), Number);
    throw e;
  }
}

/** After so long without an answer a try is given up. */
const TIMEOUT = 30_000;

/** @template T @param {(signal: AbortSignal) => Promise<T>} attempt */
async function in_time(attempt) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), TIMEOUT);
  try { return await attempt(abort.signal); } finally { clearTimeout(timer); }
}

/** Asks an aggregator for its keys; a captive portal has none. @param {string} url @param {RequestCache} [cache] */
const ask = (url, cache) => in_time(async (signal) => {
  const response = await fetch(url, { signal, cache, credentials: "omit" });
  const media = response.headers.get("content-type");
  if (!response.ok || media !== "application/dap-hpke-config-list") throw new Error(`${response.status} ${url}: ${media}`);
  return response;
});

/** What came of the last pass: nothing yet, `counted`, `discarded`, `offline`, `unreachable`, `silent`, or a refusal's name. */
let told = "";
const state = el("p", { id: "delivery", class: "told", role: "status" });
const actions = el("div", { class: "actions" });

/** @returns {string} */
function sentence() {
  if (!told) return tell("sending");
  if (settled() || retried()) return tell(/** @type {Key} */ (told));
  return tell("refused", { why: told in zh ? tell(/** @type {Key} */ (told)) : told });
}

const settled = () => ["", "counted", "discarded"].includes(told);
const retried = () => ["offline", "unreachable", "silent"].includes(told);

function draw() {
  state.textContent = sentence();
  actions.hidden = settled();
  actions.replaceChildren(
    button(tell("now"), () => {
      told = "";
      draw();
      pass(true);
    }, "main"),
    ...retried() ? [] : [button(tell("discard"), () => {
      Outbox.waiting().forEach((name) => Outbox.discard(name));
      pass(false, "discarded");
    })]);
}

/** The screen after handing in. @param {import("./types.js").Campaign} campaign @param {() => void} again */
export function delivered({ kind }, again) {
  draw();
  return [
    el("h1", {}, say("thanks")),
    el("p", { class: "note" }, tell("forgotten")),
    state,
    actions,
    kind === "quiz" && el("div", { class: "actions" }, button(tell("practice"), again)),
    el("p", {}, el("a", { href: "/" }, say("to_list"))),
  ];
}

/** One pass at a time; asked for another one meanwhile, it comes after. */
let passing = false;
let again = false;

/** Posts everything that waits. @param {boolean} refused_too @param {string} [now] what to tell if nothing waits any more */
async function pass(refused_too, now = "counted") {
  again = passing;
  if (passing) return;
  passing = true;
  try {
    for (const name of Outbox.waiting()) {
      const outcome = await post(name, refused_too);
      if (outcome !== "counted") now = outcome;
    }
  } catch (e) {
    console.error(e);
    now = "unreachable";
  }
  told = now;
  passing = false;
  draw();
  notice_text();
  // a report that came after this pass had begun
  if (again) await pass(false);
}

/** One try. @param {string} name @param {boolean} refused_too @returns {Promise<string>} */
async function post(name, refused_too) {
  try {
    const refusal = Outbox.refusal(name);
    if (refusal && !refused_too) return refusal;
    return await in_time(async (signal) => {
      const response = await Outbox.post(name, signal);
      return Outbox.answered(name, response.status, new Uint8Array(await response.arrayBuffer()));
    });
  } catch (e) {
    // another tab has sent it meanwhile; or it cannot be read, and is not in the way of the others
    if (/** @type {any} */ (e)?.name === "NoReport") return "counted";
    if (!navigator.onLine) return "offline";
    // a browser hides answers without the header for other sites, as a leader's refusals may be: then its keys are there
    return ask(Outbox.leader(name), "no-store").then(() => "silent", () => "unreachable");
  }
}

let delivering = false;
const FIRST_PAUSE = 2000;
const LONGEST_PAUSE = 300_000;

/** Posts what waits until all is counted or refused, with longer and longer pauses; at once when the network is back. */
export async function deliver() {
  if (delivering) return pass(false);
  delivering = true;
  told = "";
  for (let wait = FIRST_PAUSE; ; wait = Math.min(wait * 2, LONGEST_PAUSE)) {
    await pass(false);
    if (!retried()) break;
    // jitter, so that phones that lost the network together do not come back together
    await new Promise((go) => {
      setTimeout(go, wait * (0.5 + Math.random()));
      addEventListener("online", go, { once: true });
    });
  }
  delivering = false;
}

const notice_words = el("span", {});
const notice_element = el("div", { id: "waiting", class: "note stack" }, el("p", { role: "status" }, notice_words));

function notice_text() {
  const n = Outbox.waiting().length;
  if (n === 0) return notice_element.remove();
  notice_words.textContent = tell("waiting", { n });
  // what is wrong, and what can be done about it; the screen after handing in has that itself
  if (!state.isConnected) notice_element.append(state, actions);
}

/** Reports of an earlier visit wait on this phone: says so, and sends them. */
export async function notice() {
  await start();
  if (Outbox.waiting().length === 0) return;
  notice_text();
  document.getElementById("main")?.after(notice_element);
  await deliver();
}

document.addEventListener("anxin-prefs", () => learn().then(() => {
  draw();
  if (notice_element.isConnected) notice_text();
}));
