/** What the page says to a volunteer at the doors. */

import { lang } from "./prefs.js";
import { fill } from "./words.js";

const zh = {
  not_sent: "还有 {n} 份未送达",
  none_waits: "都已送达",
  shift_no: "今天第 {n} 个班次",
  this_door: "这一户",
  adults: "家里有几位成年人？",
  adults_skip: "没问",
  adults_more: "{n} 位或以上",
  adults_n: "{n} 位",
  how_many: "几位？",
  pick_one: "只有一位成年人，请这位来答。",
  pick_nth: "请年纪第 {n} 大的成年人来答。",
  pick_oldest: "请年纪最大的成年人来答。",
  before: "这户之前记过吗？",
  before_no: "第一次上门",
  before_yes: "之前记的是：{outcome}",
  or: "没有答问卷？点一下结果：",
  completed: "完成",
  partial: "没答完",
  refused: "拒绝",
  nobody_home: "没人在家",
  cannot_get_in: "进不去",
  not_eligible: "不符合条件",
  language: "语言不通",
  other: "其他",
  undo: "撤销上一户（{outcome}）",
  undone: "已撤销。",
  counted: "已记下：{outcome}。",
  doors: "走访",
  doors_of: "{total} 户，见到人 {contacts} 户，完成 {completes} 户",
  callbacks: "再次上门",
  times: "{n} 次",
  unsent_doors: "{n} 次走访的合计，试过 {tries} 次",
  unsent_doors_refused: "{n} 次走访的合计没有被接收，请告诉组织单位：{problem}",
  card: "班次小结",
  card_why: "可以给组织者看，也可以打印。里面没有任何一户的情况。",
  print: "打印",
  rr1: "应答率 RR1",
  rr2: "应答率 RR2（含没答完）",
  coop1: "合作率 COOP1",
  ref1: "拒访率 REF1",
  con1: "接触率 CON1",
  rate: "{percent}%（{x}/{n}，95% 区间 {low}–{high}%）",
  no_rate: "太少，说不准",
  still_there: "您还在吗？",
  idle_why: "一会儿没有操作，{n} 秒后会删除已填的内容。",
  still: "我还在",
  other_tab: "另一个标签页里正在操作，这里已经更新。",
  busy: "正在保存…",
  lost: "这台设备的存储出了问题，这一份还没有记下。请再按一次；还不行就不要关页面，找组织单位。",
  blocked: "另一个标签页里开着旧版页面，请把它关掉再试。",
  no_keys: "还没有拿到加密用的钥匙，请先在有网络的地方打开这个页面一次。",
  undo_late: "上一户已经计入，撤不了了。",
  too_many: "今天的班次太多了。",
  wrong_visit: "这户不能这样记。",
};

/** @typedef {keyof typeof zh} Key */

/** @type {Record<Key, string>} */
const en = {
  not_sent: "{n} not yet sent",
  none_waits: "all sent",
  shift_no: "shift {n} of today",
  this_door: "This door",
  adults: "How many adults live here?",
  adults_skip: "not asked",
  adults_more: "{n} or more",
  adults_n: "{n}",
  how_many: "How many?",
  pick_one: "The one adult answers.",
  pick_nth: "Please ask the adult who is number {n} by age, the oldest first.",
  pick_oldest: "Please ask the oldest adult.",
  before: "Was this door counted before?",
  before_no: "first visit",
  before_yes: "before: {outcome}",
  or: "No interview? Tap what came of it:",
  completed: "completed",
  partial: "broken off",
  refused: "refused",
  nobody_home: "nobody home",
  cannot_get_in: "cannot get in",
  not_eligible: "not eligible",
  language: "no common language",
  other: "other",
  undo: "Undo the last door ({outcome})",
  undone: "Undone.",
  counted: "Counted: {outcome}.",
  doors: "Doors",
  doors_of: "{total} doors; somebody met at {contacts}, completed at {completes}",
  callbacks: "Call-backs",
  times: "{n}",
  unsent_doors: "counts of {n} visits, tries: {tries}",
  unsent_doors_refused: "counts of {n} visits were not accepted, please tell the organiser: {problem}",
  card: "The shift in short",
  card_why: "To show or to print. It says nothing about any single door.",
  print: "Print",
  rr1: "Response rate RR1",
  rr2: "Response rate RR2 (broken off too)",
  coop1: "Cooperation rate COOP1",
  ref1: "Refusal rate REF1",
  con1: "Contact rate CON1",
  rate: "{percent}% ({x}/{n}, 95% interval {low}–{high}%)",
  no_rate: "too few to say",
  still_there: "Are you still there?",
  idle_why: "Nothing has been touched for a while. In {n} seconds what was filled in is deleted.",
  still: "I am here",
  other_tab: "Another tab has gone on; this one is up to date again.",
  busy: "Saving…",
  lost: "Something is wrong with this device's storage; this response is not recorded yet. Please press again. If it fails again, leave the page open and find the organiser.",
  blocked: "An older version of this page is open in another tab. Please close it and try again.",
  no_keys: "The keys to seal with are not here yet. Please open this page once where there is a network.",
  undo_late: "The last door is counted already and cannot be undone.",
  too_many: "Too many shifts today.",
  wrong_visit: "This cannot have come of such a door.",
};

/** @type {Record<string, Record<Key, string>>} */
const words = { "zh-CN": zh, en };

/**
 * A sentence in the reader's language, its `{names}` filled in.
 * @param {Key} key @param {Record<string, string | number>} [values]
 */
export const at_door = (key, values) => fill((words[lang()] ?? zh)[key], values);

/** A share with its interval, or that there is none. @param {import("./types.js").Estimate | null} it */
export const rate = (it) => it ? at_door("rate", {
  percent: percent(it.rate), x: it.x, n: it.n, low: percent(it.low), high: percent(it.high),
}) : at_door("no_rate");

const percent = (/** @type {number} */ share) => (100 * share).toFixed(1);
