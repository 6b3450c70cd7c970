/**
 * The phone's path in the engines that are not Chromium: Firefox's Gecko, and WebKit, which is what every browser
 * on an iPhone is.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { collector, results } from "./collector.mjs";
import { until } from "./device.mjs";
import { Browser } from "./webdriver.mjs";

/** Questions in their order, each with the answer of somebody who does not feel safe. */
const SAFETY = [
  ["您在本地住满一年了吗？", "是"],
  ["您的年龄是？", "61–70岁"],
  ["您的性别是？", "女"],
  ["就目前的社会治安来说，您觉得安全吗？", "不太安全"],
  ["哪些情况让您觉得不安全？", "电信网络诈骗"],
  ["这一带的社会治安，您觉得安全吗？", "比较安全"],
  ["这一带的工厂、工地，您觉得安全吗？", "说不清"],
  ["这一带的食品药品，您觉得安全吗？", "不安全"],
  ["这一带的生态环境，您觉得安全吗？", "安全"],
  ["这一带的道路交通，您觉得安全吗？", "不愿回答"],
  ["这一带的防火情况，您觉得安全吗？", "安全"],
  ["天黑后一个人在附近走，您觉得安全吗？", "天黑后从不独自出门"],
  ["如果要一个人走夜路，您会觉得安全吗？", "不安全"],
  ["和去年比，这一带的治安怎么样？", "差不多"],
];

for (const engine of /** @type {const} */ (["firefox", "webkit"])) {
  describe(`in ${engine}`, () => {
    let browser;
    let site;
    before(async () => {
      [browser, site] = await Promise.all([Browser.start(engine), collector()]);
      await browser.resize(500, 800);
      await browser.open(site.url);
      // a device may speak any language; from here on it speaks Chinese
      await browser.run("localStorage.setItem('anxin.lang', 'zh-CN')");
    });
    after(() => Promise.all([browser?.stop(), site?.stop()]));

    const press = async (name) => (await browser.find("button", name)).click();

    test("a survey from the list to what would be sent", async () => {
      await browser.open(site.url);
      await browser.find("heading", "现在可以参加的调查和测评");
      await (await browser.find("link", "群众安全感问卷")).click();
      await browser.find("combobox", "您在哪个区域？");
      await browser.run("const it = document.getElementById('where'); it.value = '330602'; it.dispatchEvent(new Event('change'))");
      await press("开始");
      await press("下一步");
      assert.match(await browser.run("return document.getElementById('status').innerText"), /请先回答这一题。/);
      for (const [question, answer] of SAFETY) {
        await browser.find("heading", question);
        await (await browser.find(question.startsWith("哪些") ? "checkbox" : "radio", answer)).click();
        await press("下一步");
      }
      await browser.find("heading", "答完了，谢谢您！");
      await press("会发送什么");
      const sent = await browser.run("return document.querySelector('details').innerText");
      for (const [question, answer] of SAFETY) {
        assert.match(sent.replace(/\s+/g, " "), new RegExp(`${question} (${answer}|不清楚|不想回答)`));
      }
    });

    test("it is handed in, sealed, and five of them make a result", async () => {
      const handed_in = async () => {
        await press("提交");
        // a paragraph that is announced has no name to be found by
        const delivery = () => browser.run("return document.getElementById('delivery')?.innerText");
        await until(async () => (await delivery()) === "✓ 已送达，计入总数了。");
        assert.deepEqual(await browser.run("return Object.keys(localStorage).filter((key) => key.startsWith('anxin.report.'))"), []);
      };
      await handed_in();
      for (let more = 4; more > 0; more--) {
        assert.equal((await results(site.url, "safety-demo")).n ?? 0, 0, "shown under five");
        await browser.open(`${site.url}/c/safety-demo?area=330602`);
        await press("开始");
        await (await browser.find("radio", "否")).click();
        await press("下一步");
        await press("下一步");
        await handed_in();
      }
      assert.equal((await results(site.url, "safety-demo")).n, 5);
    });

    test("a quiz's first question, with the reason", async () => {
      await browser.open(`${site.url}/c/anti-fraud-demo?area=330602`);
      await press("开始");
      await (await browser.find("radio", "不知道")).click();
      await press("确定");
      await press("下一步");
      await press("上一步");
      const told = await browser.run("return document.getElementById('status').innerText");
      assert.match(told, /^✗ 没答对\s+\S/);
      assert.ok(await browser.run("return document.querySelector('#control input').disabled"));
      await press("English");
      await browser.find("button", "Next");
      await press("中文");
    });

    test("a shift: a door and a respondent are there after a reload, and the tablet comes back with its PIN", async () => {
      const shift = `${site.url}/c/safety-demo/shift`;
      const says = (pattern) => until(async () => pattern.test(await browser.run("return document.body.innerText")));
      await browser.open(shift);
      await browser.find("combobox", "所在区域");
      await browser.run("document.getElementById('area').value = '330602'");
      for (const label of ["设一个 PIN（4–8 位数字）", "再输一次 PIN"]) await (await browser.find("textbox", label)).fill("2468");
      await press("开始班次");
      await press("没人在家");
      await says(/走访\s*1 户/);
      await browser.open(shift);
      await says(/走访\s*1 户/);
      await press("交给居民作答");
      await press("开始");
      await browser.find("heading", SAFETY[0][0]);
      await browser.open(shift);
      await press("开始");
      await (await browser.find("radio", "否")).click();
      await press("下一步");
      await press("下一步");
      await press("完成，交还平板");
      const thanks = "谢谢您！请把平板交还给志愿者。";
      await browser.find("heading", thanks);
      // wherever a resident turns
      await browser.open(site.url);
      await browser.find("heading", thanks);
      await (await browser.find("textbox", "志愿者输入 PIN")).fill("2468");
      await press("收回平板");
      await says(/走访\s*2 户，见到人 1 户，完成 1 户.*还没发出\s*1 份/s);
      await press("撤销上一户（完成）");
      await says(/走访\s*1 户，见到人 0 户.*还没发出\s*0 份/s);
    });

    test("the server gone for good, every campaign still opens", async () => {
      await browser.open(site.url);
      await until(() => browser.run("return /可离线使用/.test(document.body.innerText)"));
      await site.stop();
      for (const [path, button] of [["/c/safety-demo", "开始"], ["/c/anti-fraud-demo", "开始"], ["/c/participation-demo/shift", "开始班次"]]) {
        await browser.open(site.url + path);
        await browser.find("button", button);
      }
      await browser.open(site.url);
      await browser.find("link", "群众安全感问卷");
    });
  });
}
