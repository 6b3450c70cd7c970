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
  forgotten: "您的回答已经从这台手机上删除，只剩谁也看不懂的密文。",
  waiting: "有 {n} 份加密的回答等待发送。",
  now: "现在发送",
  discard: "删除没被收下的",
  practice: "再练一次（不计入）",
  reportRejected: "活动已经截止，或内容没有通过校验",
  reportTooEarly: "这台手机的日期不对",
  outdatedConfig: "加密用的钥匙过期了",
  unrecognizedTask: "没有这项活动",
};

/** @type {Record<keyof typeof zh, string>} */
const en = {
  sending: "Sending…",
  counted: "✓ Received and added to the totals.",
  offline: "There is no network now. Your sealed answers are kept on this phone and go when this page is open and the network is back.",
  unreachable: "The aggregators cannot be reached. Your sealed answers are kept on this phone; sending goes on by itself.",
  silent: "The aggregator works but did not take it, and does not say why. Your sealed answers are kept on this phone; sending goes on by itself.",
  refused: "The aggregator does not take it: {why}. Your sealed answers are kept on this phone; please tell the organiser.",
  forgotten: "Your answers are deleted from this phone; only sealed parts are left, which nobody can read.",
  waiting: "{n} sealed answers wait to be sent.",
  now: "Send now",
  discard: "Delete what was not taken",
  practice: "Once more, for practice",
  reportRejected: "the survey has closed, or a check failed",
  reportTooEarly: "this phone's date is wrong",
  outdatedConfig: "the keys have expired",
  unrecognizedTask: "there is no such survey",
};

/** @param {keyof typeof zh} key @param {Record<string, string | number>} [values] */
const tell = (key, values) => fill((lang() === "en" ? en : zh)[key], values);

/** @type {Promise<unknown> | undefined} */
let starting;
const start = () => starting ??= init({ module_or_path: "/pkg/anxin_seal_bg.wasm" }).catch((e) => {
  starting = undefined;
  throw e;
});

/** @type {Record<string, Promise<Sealer>>} */
const sealers = {};

/** What seals for an area, with the keys of both aggregators. @param {import("./types.js").Campaign} campaign @param {string} area */
export function prepare({ id, questionnaire, closes, aggregators }, area) {
  return sealers[id + area] ??= start().then(() =>
    Sealer.prepare(id, questionnaire, area, closes, aggregators.leader, aggregators.helper)).catch((e) => {
    delete sealers[id + area];
    throw e;
  });
}

/** What came of the last pass: nothing yet, `counted`, `offline`, `unreachable`, `silent`, or a refusal's name. */
let told = "";
const state = el("p", { id: "delivery", class: "told", role: "status" });
const actions = el("div", { class: "actions" });

/** @returns {string} */
function sentence() {
  if (!told) return tell("sending");
  if (told === "counted" || retried()) return tell(/** @type {keyof typeof zh} */ (told));
  return tell("refused", { why: told in zh ? tell(/** @type {keyof typeof zh} */ (told)) : told });
}

const settled = () => !told || told === "counted";
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
      Outbox.discard_refused();
      pass(false);
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

/** One pass at a time. */
let passing = false;

/** Posts everything that waits. @param {boolean} refused_too */
async function pass(refused_too) {
  if (passing) return;
  passing = true;
  try {
    told = await Outbox.pass(refused_too);
    if (told === "unreachable" && !navigator.onLine) told = "offline";
  } catch (e) {
    console.error(e);
    told = "unreachable";
  }
  passing = false;
  draw();
  notice_text();
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
const notice_element = el("p", { id: "waiting", role: "status", class: "note" }, notice_words);

function notice_text() {
  const n = Outbox.waiting();
  if (n === 0) return notice_element.remove();
  notice_words.textContent = tell("waiting", { n });
}

/** Reports of an earlier visit wait on this phone: says so, and sends them. */
export async function notice() {
  await start();
  if (Outbox.waiting() === 0) return;
  notice_text();
  document.getElementById("main")?.after(notice_element);
  await deliver();
}

document.addEventListener("anxin-prefs", () => { draw(); if (notice_element.isConnected) notice_text(); });
