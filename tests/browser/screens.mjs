/**
 * One walk past every kind of screen the page has, for whoever looks at them all.
 * @module
 */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { batch, binary, post, post_doors, root } from "./collector.mjs";
import { answer_all, asked, begin, button, choose, heading, NOT_ELIGIBLE, option, summary, TODAY } from "./device.mjs";

/** The PIN of every shift in these tests. */
export const PIN = "246810";

/** Starts a shift of a campaign, as a volunteer does. @param {import("playwright-core").Page} page */
export async function begin_shift(page, { campaign = "safety-demo", area = "330602", mode = "居民自己作答" } = {}) {
  await page.goto(`/c/${campaign}/shift`);
  await page.getByLabel("所在区域").selectOption(area);
  await page.getByRole("radio", { name: mode }).check();
  await page.getByLabel("设一个 PIN（4–8 位数字）").fill(PIN);
  await page.getByLabel("再输一次 PIN").fill(PIN);
  await button(page, "开始班次").click();
  await heading(page).waitFor();
}

/** The volunteer takes the tablet back. @param {import("playwright-core").Page} page */
export async function take_back(page, pin = PIN) {
  await page.getByLabel("志愿者输入 PIN").fill(pin);
  await button(page, "收回平板").click();
}

/** The shift is over. @param {import("playwright-core").Page} page */
export async function end_shift(page) {
  await summary(page, "结束班次").click();
  await page.getByLabel("志愿者输入 PIN").fill(PIN);
  await button(page, "结束班次").click();
  await button(page, "开始班次").waitFor();
}

/** A campaign whose results are for those who are signed in. */
const SIGNED_IN = "office";

/** A quiz of which everybody sees every question. */
export const ELDER = "elder";

/** Fields it in one area. @param {string} data a collector's data directory @param {string} day its first */
export function field_elder(data, day) {
  const areas = join(data, "areas.csv");
  writeFileSync(areas, "code,name,name::en\n330602,越城区,Yuecheng\n");
  const form = join(root, "www/instruments/elder_fraud.json");
  execFileSync(binary, ["campaign", "new", form, "--id", ELDER, "--areas", areas, "--opens", day, "--closes", "2026-12-31", "--today", day, "--data", data]);
}

/**
 * Gives the walk something to see on the results pages: enough for what only crossed answers tell, a target, weights.
 * @param {{ url: string, data: string }} site a collector
 */
export async function fill({ url, data }) {
  const run = (/** @type {string[]} */ ...told) => execFileSync(binary, [...told, "--data", data]);
  const table = (/** @type {string} */ name, /** @type {string} */ text) => {
    const file = join(data, name);
    writeFileSync(file, text);
    return file;
  };
  for (const [i, area] of AREAS.entries()) {
    await post(url, "safety-demo", batch("safety", { n: 1500, seed: i + 1, area, day: TODAY }));
    const outcomes = { completed: 40, refused: 9, nobody_home: 100, not_eligible: 1 };
    await post_doors(url, "safety-demo", { seed: i + 1, area, day: TODAY, part: "evening", outcomes });
  }
  await post(url, "anti-fraud-demo", batch("anti_fraud", { n: 400, seed: 3, day: TODAY }));
  field_elder(data, TODAY);
  await post(url, ELDER, batch("elder_fraud", { n: 6000, seed: 4, day: TODAY }));
  run("target", "--campaign", "safety-demo", "--indicator", "safety_satisfaction", "--percent", "95");
  const population = table("population.csv", "sex,population\nmale,1000\nfemale,1600\n");
  run("weight", "--campaign", "safety-demo", "--population", population, "--source", "人口普查");
  const areas = join(data, "areas.csv");
  const form = join(root, "www/instruments/safety.json");
  run("campaign", "new", form, "--id", SIGNED_IN, "--areas", areas, "--opens", TODAY, "--closes", "2026-12-31", "--results", "signed-in", "--title", "内部结果", "--today", TODAY);
}

const AREAS = ["330602", "330603"];

/**
 * Past every kind of screen.
 * @param {import("playwright-core").Page} page
 * @param {(screen: string) => Promise<void>} look what is done on each
 */
export async function every_screen(page, look) {
  const next = () => button(page, "下一步").click();

  await page.goto("/");
  await heading(page).waitFor();
  await look("list");

  await page.goto("/c/safety-demo");
  await heading(page).waitFor();
  await look("cover");
  await begin(page);
  await next();
  await look("yes or no, a problem told");
  await button(page, "停止作答").click();
  await look("stop");
  await button(page, "继续作答").click();
  await option(page, "是").check();
  await next();
  await look("single");
  await option(page, "41–50岁").check();
  await next();
  await option(page, "男").check();
  await next();
  await option(page, "不安全").check();
  await look("rating, answered");
  await next();
  await look("multiple");
  await answer_all(page);
  await summary(page, "会发送什么").click();
  await look("end of a survey");
  const reports = "**/dap/leader/tasks/*/reports";
  await page.route(reports, (route) => route.fulfill({ status: 503 }));
  await button(page, "提交").click();
  await page.getByText("暂时连不上汇总方。").waitFor();
  await look("handed in, not delivered");
  await page.goto("/");
  await page.locator("#waiting").getByText("暂时连不上汇总方。").waitFor();
  await look("list, a report waits");
  await page.unroute(reports);
  await button(page, "现在发送").click();
  await page.locator("#waiting").waitFor({ state: "detached" });

  await page.goto("/c/participation-demo");
  await begin(page);
  while ((await page.locator("#control input").first().getAttribute("type")) !== "text") {
    const screen = await asked(page);
    const answers = { "您的年龄是？": "41–50岁", "过去12个月，您本人参加过或做过哪些？": "参加调解邻里、家庭纠纷" };
    await choose(page, answers[screen.text], screen.types[0]);
    await next();
  }
  await page.getByRole("textbox").fill("100");
  await next();
  await look("integer, out of range");
  await page.goto("/c/participation-demo");
  await begin(page);
  await option(page, "否").check();
  await next();
  await look("statement");

  await page.goto("/c/town-demo?p=1");
  await page.getByLabel("村、社区").selectOption("330602901003");
  await look("cover, many areas, a code that is not taken");

  await page.goto("/c/anti-fraud-demo");
  await heading(page).waitFor();
  await look("cover of a quiz");
  await begin(page);
  await look("quiz");
  const seen = new Set();
  await answer_all(page, {}, async (screen) => {
    if (!screen.endsWith("(reason)")) return;
    const verdict = (await page.locator(".reason").getAttribute("class")) ?? "";
    if (seen.has(verdict)) return;
    seen.add(verdict);
    await look(verdict);
  });
  await look("end of a quiz");

  await page.goto("/c/safety-demo/shift");
  await button(page, "开始班次").click();
  await look("start of a shift, a problem told");
  await button(page, "扫海报上的二维码").click();
  await page.getByText("这台设备打不开相机").waitFor();
  await look("start of a shift, no camera");
  await begin_shift(page);
  await look("desk");
  await button(page, "没人在家").click();
  await button(page, "撤销上一户（没人在家）").waitFor();
  await page.getByRole("radio", { name: "5 位或以上" }).check();
  await page.locator("#pick").waitFor();
  await look("desk, a door to undo and an adult drawn");
  await button(page, "交给居民作答").click();
  await button(page, "开始").waitFor();
  await look("cover on a tablet");
  await button(page, "交还平板").click();
  await page.getByLabel("志愿者输入 PIN").waitFor();
  await look("hand-back");
  await take_back(page, "0000");
  await page.getByText("PIN 不对。").waitFor();
  await look("hand-back, wrong PIN");
  await page.reload();
  await begin(page);
  await option(page, "是").check();
  await next();
  await button(page, "停止作答").click();
  await look("stop on a tablet");
  await button(page, "删除并停止").click();
  await page.getByLabel("志愿者输入 PIN").waitFor();
  await look("hand-back of one who broke off");
  await take_back(page);
  const problem = { title: "The batch does not add up", detail: "block 3 (from cell 12) sums to 4, not to 5" };
  await page.route("**/batches", (route) =>
    route.fulfill({ status: 422, contentType: "application/problem+json", json: problem }));
  for (let left = 5; left > 0; left--) {
    await button(page, "交给居民作答").click();
    await begin(page);
    await answer_all(page, NOT_ELIGIBLE);
    if (left === 5) await look("end on a tablet");
    await button(page, "完成，交还平板").click();
    await page.getByLabel("志愿者输入 PIN").waitFor();
    if (left === 5) await look("thanks on a tablet");
    await take_back(page);
  }
  await button(page, "现在发送").click();
  await page.getByText("没有被接收").waitFor();
  await page.unroute("**/batches");
  await look("desk with a batch refused");
  await page.reload();
  await button(page, "交给居民作答").waitFor();
  await end_shift(page);
  await page.locator("#shift-card").waitFor();
  await look("card of a shift");

  await every_view(page, look);

  await page.goto("/c/nothing");
  await heading(page).waitFor();
  await look("failure");
}

/**
 * Past every view of results: whole, of areas and days, compared, of a quiz, empty, and closed to strangers.
 * @param {import("playwright-core").Page} page @param {(screen: string) => Promise<void>} look
 */
export async function every_view(page, look) {
  const view = async (/** @type {string} */ name, /** @type {string} */ path, place = page.getByRole("table").first()) => {
    await page.goto(`/c/${path}`);
    await place.waitFor();
    await look(name);
  };
  await view("results", "safety-demo/results", page.locator("#drivers svg"));
  await view("two areas compared", "safety-demo/results?compare=330602,330603#compare", page.locator("#compare table"));
  await view("results of an area", "safety-demo/results?area=330602");
  await view("answers compared", "safety-demo/results?compare=330602,330603#answers", page.locator("#answers .card").first());
  await view("results of a month", `safety-demo/results?period=${TODAY.slice(0, 7)}`);
  await view("results of a question", "safety-demo/results?item=overall", page.locator("#item table"));
  await view("results of a quiz", "anti-fraud-demo/results");
  const open = () => page.evaluate(() => document.querySelectorAll("#quality details").forEach((it) => it.setAttribute("open", "")));
  await view("results of a quiz of one form", `${ELDER}/results`, page.locator("#quality table").first());
  await open();
  await look("who chose which option");
  await view("results of a question of a quiz", `${ELDER}/results?item=house`, page.locator("#quality table"));
  await view("results, empty", "participation-demo/results", heading(page));
  await view("results for those who are signed in", `${SIGNED_IN}/results`, page.locator("#sign-in"));
}
