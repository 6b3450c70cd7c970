/** What the page says. `tsc` checks that no language lacks a sentence. */

import { lang } from "./prefs.js";

const zh = {
  brand: "安心",
  day: "{year}年{month}月{day}日",
  elder: "关怀版",
  opening: "正在打开…",

  list: "现在可以参加的调查和测评",
  list_none: "现在没有开放的调查或测评。",
  survey: "问卷调查",
  quiz: "知识测评",
  until: "{day} 截止",
  results: "结果",
  volunteer: "志愿者入口",

  start: "开始",
  up_to: "最多 {n} 题",
  draw: "共 {n} 题",
  pass: "答对 {pass}% 为通过",
  each: "每答一题就看讲解",
  at_end: "答完后看讲解",
  promise: "不问姓名、电话、身份证号和验证码。自愿参加，随时可以停。",
  practice: "这里只是练习：您的回答只留在这台设备上，不发送，也不计入结果。",
  sealed: "您的回答在这台手机上拆成两份密文，分别交给两个汇总方，只能和别人的加在一起算总数。",
  one_body: "两个汇总方目前由同一家单位运行：它承诺只算总数，要是违背承诺把两份放到一起，就能看到您的回答。",
  two_bodies: "两个汇总方是两家单位，互相看不到对方的那一份，谁也看不到您一个人怎么答的。",
  where: "您在哪个区域？",
  summed: "您的回答先在这台平板上和别人的合在一起，满 {k} 份才发出合计数。志愿者和后台都看不到您一个人怎么答的。",
  about: "关于这份问卷",
  organiser: "组织单位",
  contact: "联系方式",
  retention: "数据保存",
  table_number: "表号",
  issued_by: "制定机关",
  approval_number: "批准或备案文号",
  valid: "有效期限",
  span: "{from}至{until}",

  next: "下一步",
  back: "上一步",
  confirm: "确定",
  stop: "停止作答",
  stop_sure: "要停止作答吗？",
  stop_note: "已经填的回答会马上删除。",
  stop_yes: "删除并停止",
  stop_no: "继续作答",
  progress: "第 {n} 题，共 {total} 题",
  optional: "这一题可以不答。",
  many: "可以选多项。",
  range: "请填 {min} 到 {max} 之间的整数。",
  required: "请先回答这一题。",
  soft: "这一题还没有回答。再按一次“下一步”就跳过。",

  right: "答对了",
  wrong: "没答对",
  key: "正确答案",
  yours: "您的回答",
  source: "资料编号：{source}",
  review_needed: "这一条还在核实。",

  thanks: "答完了，谢谢您！",
  score: "得 {score} 分，满分 {max} 分",
  passed: "通过了",
  not_passed: "还没通过",
  topics: "各类得分",
  review: "逐题讲解",
  again: "再来一次",
  finish: "完成",
  hand_in: "完成，交还平板",
  send: "提交",
  no_room: "加密后的回答没处存放：这个浏览器存满了，或者不让网页保存数据。请腾出空间后再按一次，回答还在。",
  not_ready: "还没有网络，暂时不能提交。请不要关闭这个页面，稍后再按一次。",
  hand_back: "交还平板",
  sent: "会发送什么",
  sent_how: "下面每一行只表示“这里加 1”。和至少 {k} 个人的合在一起以后，只发出总数。",
  sent_split: "下面每一行只表示“这里加 1”。它们先拆成两份看不出内容的密文，再分别交给：",
  sent_skipped: "另有 {n} 处记的是“没有问到”。",

  dont_know: "不清楚",
  refused: "不想回答",
  no_answer: "没有回答",
  not_asked: "没有问到",
  none: "都没有选",
  answered: "回答了",
  positive: "计入",
  negative: "不计入",
  outside: "不在统计范围",
  points: "得分",
  order: "选项顺序",
  forward: "正序",
  reversed: "倒序",
  mode: "作答方式",
  self_completed: "居民自己作答",
  read_aloud: "志愿者读题，居民回答",

  retry: "再试一次",
  to_list: "看看其他调查和测评",
  no_wasm: "这个浏览器太旧，或者关闭了需要的功能，打不开问卷。请更新微信或浏览器后再试。",
  module: "问卷程序没有下载下来，可能是网络不好或被拦截了。请再试一次。",
  network: "连不上服务器。请检查网络，稍后再试一次。",
  unknown: "没有这项调查或测评。请核对网址或二维码。",
  not_open: "这项活动还没有开始。（或者这台设备的日期不对。）",
  closed: "这项活动已经结束，谢谢您的关心。（或者这台设备的日期不对。）",
  not_yet: "这份问卷还没到有效期，不能作答。",
  expired: "这份问卷已过有效期，不能再作答。",
  faulty: "这份问卷有错误，打不开。请告诉组织单位。",
  altered: "收到的问卷和发布的不一样，为了稳妥没有打开。请再试一次，还不行请告诉组织单位。",
  unexpected: "出了意外，没能继续。请再试一次。",
};

/** @typedef {keyof typeof zh} Key */

/** The other languages, downloaded when they are asked for. @type {Record<string, () => Promise<Record<Key, string>>>} */
const others = { en: () => import("./words-en.js").then(({ en }) => en) };

/** @type {Record<string, Record<Key, string>>} */
const words = { "zh-CN": zh };

/** Gets the words of a language, if they are not there yet; without a network it stays with those that are. */
export async function learn(language = lang()) {
  if (words[language] || !others[language]) return;
  try { words[language] = await others[language](); } catch (e) { console.error(e); }
}

/**
 * A sentence in the reader's language, its `{names}` filled in.
 * @param {Key} key @param {Record<string, string | number>} [values]
 */
export const say = (key, values) => fill((words[lang()] ?? zh)[key], values);

/** A stable name of the module in words, or what came as words already. @param {string} name */
export const word = (name) => /** @type {Record<string, string>} */ (words[lang()] ?? zh)[name === "score" ? "points" : name] ?? name;

/** @param {string} sentence @param {Record<string, string | number>} [values] */
export const fill = (sentence, values = {}) =>
  sentence.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));

/** A day, written out; `Intl` would cost a phone more time than the whole screen. @param {string} iso */
export const day_text = (iso) => {
  const [year, month, day] = lang() === "zh-CN" ? iso.split("-").map(Number) : iso.split("-");
  return say("day", { year, month, day });
};
