/**
 * What an organiser does with results: looks at them over time, takes a chart away, compares two rows, signs in.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { chromium } from "./chromium.mjs";
import { batch, binary, collector, post, results, site } from "./collector.mjs";
import { button, DESK, device, heading, link, PHONE, picture, summary, words } from "./device.mjs";
import { database } from "./ledger.mjs";

const [OPENS, LATER] = ["2026-08-01", "2026-10-25"];
const AREAS = ["330602", "330603"];
const FIELDED = ["2026-08-03", "2026-08-20", "2026-09-02", "2026-09-21", "2026-10-03", "2026-10-14"];

const signed = (points) => (points > 0 ? "+" : points < 0 ? "−" : "") + Math.abs(points).toFixed(1);

/** Newcombe's interval of a difference, from the two Wilson intervals, reckoned anew. */
function newcombe(a, b) {
  const wilson = ({ x, n }) => {
    const [p, z] = [x / n, 1.959963984540054];
    const half = (z / (1 + (z * z) / n)) * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
    const centre = (p + (z * z) / (2 * n)) / (1 + (z * z) / n);
    return { p, low: centre - half, high: centre + half };
  };
  const [one, two] = [wilson(a), wilson(b)];
  const difference = one.p - two.p;
  return {
    difference,
    low: difference - Math.hypot(one.p - one.low, two.high - two.p),
    high: difference + Math.hypot(one.high - one.p, two.p - two.low),
  };
}

/** Cramér's V of two groups by their answers, of which each gave some, reckoned anew; nothing where all gave one answer. */
function cramer(rows) {
  const sum = (counts) => counts.reduce((a, b) => a + b, 0);
  const columns = rows[0].map((count, i) => count + rows[1][i]);
  const [sums, n] = [rows.map(sum), sum(columns)];
  if (columns.filter((count) => count > 0).length < 2) return null;
  const cells = rows.flatMap((row, r) => row.map((count, i) => [count, sums[r] * columns[i] / n]));
  return Math.sqrt(sum(cells.map(([count, expected]) => expected ? (count - expected) ** 2 / expected : 0)) / n);
}

describe("reading results", () => {
  /** @type {import("playwright-core").Browser} */
  let browser;
  let kept, full;
  before(async () => {
    kept = site();
    await (await collector({ data: kept.data, today: OPENS })).stop();
    [browser, full] = await Promise.all([chromium(), collector({ data: kept.data, today: LATER })]);
    let seed = 1;
    for (const day of FIELDED) {
      for (const area of AREAS) {
        const posted = await post(full.url, "safety-demo", batch("safety", { n: 500, seed: seed++, area, day }));
        assert.equal(posted.status, 201);
      }
    }
  });
  after(async () => {
    await Promise.all([browser.close(), full.stop()]);
    kept.remove();
  });

  /** A desk that shows results. */
  async function desk(t, path, { url = full.url, viewport = DESK } = {}) {
    const { page } = await device(t, browser, url, { viewport, day: LATER });
    await page.goto(path);
    await heading(page).waitFor();
    return page;
  }

  test("an indicator over time is a chart with its band, and leaves a gap where nothing is told", async (t) => {
    for (const viewport of [DESK, PHONE]) {
      const page = await desk(t, "/c/safety-demo/results", { viewport });
      const told = await results(full.url, "safety-demo");
      const rates = told.periods.map(({ indicators: [{ estimates: { valid } }] }) => valid);
      const [shown, hidden] = [rates.filter(Boolean), rates.filter((it) => !it)];
      assert.ok(shown.length > 1 && hidden.length > 0, JSON.stringify(rates));
      const chart = page.locator(".trend svg").first();
      await chart.waitFor();
      assert.match(await chart.getAttribute("aria-label"), /^群众安全感满意率，2026年8月到2026年10月/);
      const dots = chart.locator("[data-mark=dot] circle");
      assert.equal(await dots.count(), shown.length);
      assert.deepEqual(
        await dots.locator("title").allTextContents(),
        told.periods.flatMap(({ period }, i) => rates[i]
          ? [`2026年${Number(period.slice(5))}月\n${(rates[i].rate * 100).toFixed(1)}% (${(rates[i].low * 100).toFixed(1)}–${(rates[i].high * 100).toFixed(1)}%)`]
          : []),
      );
      assert.equal(await chart.locator("[data-mark=area] path").count(), 1, "the interval is a band");
      assert.equal(await chart.locator("style").count(), 0, "the page's policy refuses styles within it");
      const { width } = await chart.boundingBox();
      assert.ok(width <= viewport.width);
      await chart.scrollIntoViewIfNeeded();
      await picture(page, viewport === DESK ? "trend" : "trend-phone");
    }
  });

  test("where to act first is a map and a table; weighted rates stand beside the plain ones", async (t) => {
    const population = join(kept.data, "population.csv");
    writeFileSync(population, "sex,population\nmale,1000\nfemale,1600\n");
    execFileSync(binary, ["weight", "--campaign", "safety-demo", "--data", kept.data, "--population", population, "--source", "人口普查"]);
    for (const viewport of [DESK, PHONE]) {
      const page = await desk(t, "/c/safety-demo/results", { viewport });
      const { crossed: { drivers }, weighted } = await results(full.url, "safety-demo");
      const told = drivers.domains.filter(({ importance, performance }) => importance && performance);
      assert.ok(told.length > 1, JSON.stringify(drivers));
      const section = page.locator("#drivers");
      await section.locator("svg").waitFor();
      assert.equal(await section.locator("[data-mark=dot] circle").count(), told.length);
      assert.equal(await section.locator("style").count(), 0, "the page's policy refuses styles within it");
      const rows = section.locator("tbody tr");
      assert.equal(await rows.count(), drivers.domains.length);
      const [{ importance, performance, title }] = told;
      const row = rows.filter({ hasText: title["zh-CN"] });
      assert.match(await row.innerText(), new RegExp(`${importance.range.low.toFixed(2)} 至 ${importance.range.high.toFixed(2)}`.replaceAll("-", "−")));
      assert.match(await row.innerText(), new RegExp(`${(performance.rate * 100).toFixed(1)}%`));
      const shown = await page.locator("#weighted").innerText();
      assert.match(shown, /人口普查/);
      const [{ rate: { range } }] = weighted.rates;
      assert.ok(shown.includes(`${(range.low * 100).toFixed(1)}% 至 ${(range.high * 100).toFixed(1)}%`), shown);
      const [wide, inner] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      assert.ok(wide <= inner, `${wide} of ${inner}`);
    }
    // Of an area nothing crossed is told.
    const page = await desk(t, "/c/safety-demo/results?area=330602");
    assert.equal(await page.locator("#drivers, #weighted").count(), 0);
    execFileSync(binary, ["weight", "--campaign", "safety-demo", "--data", kept.data, "--remove"]);
  });

  test("a question alone is a link: its answers, and the rates that count them by area and over time", async (t) => {
    const page = await desk(t, "/c/safety-demo/results?area=330602");
    const told = await results(full.url, "safety-demo", "?area=330602");
    const item = told.items.find(({ id }) => id === "traffic");
    const card = page.locator("section.card", { has: page.getByRole("table", { name: item.text["zh-CN"] }) });
    await card.getByRole("link", { name: "只看这一题" }).click();
    await page.locator("#item").waitFor();
    const query = new URL(page.url()).searchParams;
    assert.deepEqual([query.get("item"), query.get("area")], ["traffic", "330602"], "what is selected stays so");
    const of_item = told.indicators.filter((it) => it.item === "traffic").map(({ title }) => title["zh-CN"]);
    assert.deepEqual(await page.locator(".indicator h2").allTextContents(), of_item);
    const captions = await page.locator("caption").allTextContents();
    assert.deepEqual([...new Set(captions)], [item.text["zh-CN"], ...of_item]);
    await link(page, "全部题目").click();
    await page.locator("#item").waitFor({ state: "detached" });
    assert.equal(new URL(page.url()).searchParams.get("item"), null);
  });

  test("a chart is taken away as PNG and SVG, with its heading and in colours of its own", async (t) => {
    const page = await desk(t, "/c/safety-demo/results");
    const charts = { trend: page.locator(".trend").first(), map: page.locator(".map") };
    for (const chart of Object.values(charts)) await chart.locator("svg").waitFor();
    const take = async (name, chart = charts.trend) => {
      const [file] = await Promise.all([page.waitForEvent("download"), button(chart, name).click()]);
      return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
    };
    const svg = await take("存为 SVG");
    assert.equal(svg.name, "safety-demo-safety_satisfaction.svg");
    const text = svg.bytes.toString();
    assert.match(text, /^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    for (const part of ["群众安全感满意率", "2026年8月 – 2026年10月", "95% 置信区间"]) assert.ok(text.includes(part), part);
    assert.doesNotMatch(text, /var\(--|<style/);
    const map = await take("存为 SVG", charts.map);
    assert.equal(map.name, "safety-demo-drivers.svg");
    assert.ok(map.bytes.toString().includes("A 社会治安安全感"), "letters are explained");
    assert.doesNotMatch(map.bytes.toString(), /var\(--|<style/);
    const png = await take("存为 PNG");
    assert.equal(png.name, "safety-demo-safety_satisfaction.png");
    assert.equal(png.bytes.subarray(1, 4).toString(), "PNG");
    assert.deepEqual([png.bytes.readUInt32BE(16), png.bytes.readUInt32BE(20)], [1920, 960]);
    assert.ok(png.bytes.length > 20_000, "the picture is not empty");
  });

  test("two areas are compared by the module: difference, interval, and whether it is beyond chance; as a link", async (t) => {
    const page = await desk(t, "/c/safety-demo/results");
    const told = await results(full.url, "safety-demo");
    await summary(page, "比较两个区域").click();
    await page.getByLabel("第一个").first().selectOption(AREAS[1]);
    await page.getByLabel("第二个").first().selectOption(AREAS[0]);
    await button(page, "比较").first().click();
    await page.getByRole("table", { name: "柯桥区 330603 与 越城区 330602 相比" }).waitFor();
    assert.equal(new URL(page.url()).searchParams.get("compare"), "330603,330602");
    const rows = await page.locator("#compare tbody tr").evaluateAll((rows) => rows.map((row) => row.children[1].innerText.split("\n").filter(Boolean)));
    const [b, a] = AREAS.map((code) => told.areas.find((area) => area.code === code));
    let compared = 0;
    told.indicators.forEach(({ id, base }, i) => {
      const [one, two] = [a, b].map(({ indicators }) => indicators.find((it) => it.id === id).estimates[base]);
      if (!one || !two) return;
      const { difference, low, high } = newcombe(one, two);
      assert.deepEqual(rows[i].slice(0, 2), [`${signed(difference * 100)} 个百分点`, `${signed(low * 100)} 到 ${signed(high * 100)}`], id);
      compared += 1;
    });
    assert.ok(compared > 3, `${compared} compared`);
    await page.reload();
    await page.getByRole("table", { name: "柯桥区 330603 与 越城区 330602 相比" }).waitFor();
    await picture(page, "compare");
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    const closed = await page.locator("details").evaluateAll((all) => all.filter((it) => !it.open).map(({ id }) => id));
    assert.deepEqual(closed, ["answers"], "on paper everything is open but what would have to be fetched first");
    await button(page, "English").click();
    await page.getByRole("table", { name: "Keqiao 330603 compared with Yuecheng 330602" }).waitFor();
  });

  test("two periods are compared; a difference beyond chance is told as one", async (t) => {
    const { url, data, stop } = await collector({ today: OPENS });
    t.after(stop);
    // Forty people stand for two thousand in either area: what they happen to differ in is no chance any more.
    for (const [seed, area] of AREAS.entries()) {
      const few = batch("safety", { n: 40, seed: 70 + seed, area, day: OPENS });
      const many = { ...few, n: few.n * 50, cells: few.cells.map((count) => count * 50) };
      assert.equal((await post(url, "safety-demo", many)).status, 201);
    }
    const page = await desk(t, `/c/safety-demo/results?compare=${AREAS}`, { url });
    await page.locator("#compare tbody tr").first().waitFor();
    const rows = await page.locator("#compare tbody td").allInnerTexts();
    const higher = rows.filter((text) => text.includes("不是偶然"));
    assert.ok(higher.length > 0, rows.join("|"));
    for (const text of higher) assert.match(text, /^(\+[^]*越城区 330602更高|−[^]*柯桥区 330603更高)，不是偶然$/);
    // Question by question, from each area's own view; V is reckoned anew.
    const asked = () => page.waitForResponse((it) => it.url().includes("/results?") && it.url().includes("area="));
    await Promise.all([asked(), summary(page, "逐题比较答案").click()]);
    const cards = page.locator("#answers .card");
    await cards.first().waitFor();
    const items = await Promise.all(AREAS.map(async (area) => (await results(url, "safety-demo", `?area=${area}`)).items));
    const opinions = ({ categories }) => categories.filter(({ special }) => !special).map(({ count }) => count);
    const reckoned = items[0].flatMap((item, i) => {
      const pair = [opinions(item), opinions(items[1][i])];
      return item.type !== "multiple" && pair.every((counts) => counts.every((it) => it !== null) && counts.some((it) => it > 0)) ? [{ text: item.text["zh-CN"], v: cramer(pair) }] : [];
    });
    const seen = await cards.evaluateAll((cards) => cards.map((card) => card.querySelector("caption").innerText.split("\n").filter(Boolean)));
    assert.ok(reckoned.length > 3 && reckoned.length === seen.length, `${reckoned.length} questions`);
    for (const { text, v } of reckoned) {
      const [, verdict] = seen.find(([caption]) => caption === text);
      if (v === null) assert.equal(verdict, "几乎没有差别", text);
      else assert.match(verdict, new RegExp(`（V＝${v.toFixed(2)}），(不是偶然|可能只是偶然)$`), text);
    }
    const shown = seen.map(([, verdict]) => Number(/V＝([\d.]+)/.exec(verdict)?.[1] ?? -1));
    assert.deepEqual(shown, shown.toSorted((a, b) => b - a), "the most different first");
    assert.match(seen[0][1], /不是偶然$/);
    assert.equal(new URL(page.url()).hash, "#answers");
    await page.reload();
    await cards.first().waitFor();
    await summary(page, "逐题比较答案").click();
    await page.waitForURL(/#compare$/);
    await summary(page, "逐题比较答案").click();
    await cards.first().waitFor();
    await picture(page, "answers");
    // A token that is good no more: the reader signs in again, and has what they asked for.
    const token = execFileSync(binary, ["token", "new", "--name", "x", "--role", "reader", "--today", OPENS, "--data", data], { stdio: ["ignore", "pipe", "ignore"] }).toString().trim();
    const again = await desk(t, `/c/safety-demo/results?compare=${AREAS}`, { url });
    await again.route("**/results?rows=1&*", (route) => route.fulfill({ status: 401, contentType: "application/problem+json", json: { type: "/problems/bad-token" } }), { times: 1 });
    await summary(again, "逐题比较答案").click();
    await again.getByLabel("令牌").fill(token);
    await button(again, "登录").click();
    await again.locator("#answers .card").first().waitFor();
    assert.equal(await again.locator("#answers .card").count(), seen.length);

    const few = await desk(t, "/c/safety-demo/results?compare=330602,330603");
    await few.route("**/results?rows=1*", (route) => route.abort());
    await summary(few, "逐题比较答案").click();
    await few.locator("#answers").getByText("现在算不出来").waitFor();
    await few.unroute("**/results?rows=1*");
    await summary(few, "逐题比较答案").click();
    await summary(few, "逐题比较答案").click();
    await few.locator("#answers .card").first().waitFor();

    const months = await desk(t, "/c/safety-demo/results?compare=2026-08,2026-09");
    await months.getByRole("table", { name: "2026年8月 与 2026年9月 相比" }).waitFor();
    const none = await desk(t, "/c/safety-demo/results?compare=2026-08,2031-01");
    assert.equal(await none.locator("#compare").count(), 0, "there is no such month");
  });

  test("a rate stands by its target with its whole interval, in word, sign and line; a respondent is told of none", async (t) => {
    const target = (indicator, percent) =>
      execFileSync(binary, ["target", "--campaign", "safety-demo", "--indicator", indicator, "--percent", String(percent), "--data", kept.data]);
    t.after(() => execFileSync(binary, ["target", "--campaign", "safety-demo", "--indicator", "safety_satisfaction", "--remove", "--data", kept.data]));
    const card = (page) => page.locator(".indicator").first();
    const words_of = { blue: "▲ 达标", yellow: "◆ 未定", red: "▼ 未达标" };
    const [{ estimates: { valid }, clusters }] = (await results(full.url, "safety-demo")).indicators;
    const { low, high } = clusters?.widened ?? valid;
    for (const [percent, band] of [[95, "red"], [10, "blue"], [Math.round(50 * (low + high)), "yellow"]]) {
      target("safety_satisfaction", percent);
      const told = await results(full.url, "safety-demo");
      const { needed } = told.indicators[0].target;
      assert.deepEqual([told.indicators[0].target.band, needed !== null], [band, band === "yellow"]);
      const page = await desk(t, "/c/safety-demo/results");
      await card(page).getByText(`目标 ${percent.toFixed(1)}%`).waitFor();
      await card(page).getByText(words_of[band]).waitFor();
      // Two digits, and never too few.
      const told_needed = Number(/基数约要有 ([\d,]+) 人才能定/.exec(await card(page).innerText())?.[1].replaceAll(",", ""));
      if (needed !== null) assert.ok(told_needed >= needed && told_needed < needed * 1.1 && /^..?0*$/.test(String(told_needed)), `${told_needed} of ${needed}`);
      const needs = needed === null ? null : `人才能定，现有 ${valid.n.toLocaleString("en")} 人`;
      assert.equal((await card(page).innerText()).includes(needs ?? "才能定"), needs !== null);
      const axis = valid.low < 0.5 ? 0 : 50; // where the axis begins
      assert.equal(await card(page).locator(".aim").count(), percent < axis ? 0 : 1, "the target is a line where the axis has it");
      const bands = told.areas.flatMap(({ indicators }) => indicators.find(({ id }) => id === "safety_satisfaction")?.band ?? []);
      const table = page.getByRole("table", { name: "群众安全感满意率" }).first();
      assert.deepEqual(await table.locator(".band").allInnerTexts(), bands.map((it) => words_of[it]));
      await page.locator(".trend svg").first().getByText(`目标 ${percent.toFixed(1)}%`).waitFor();
      if (band === "red") await picture(page, "bands");
    }
    for (const path of ["", "/safety-demo"]) {
      assert.doesNotMatch(await (await fetch(`${full.url}/api/campaigns${path}`)).text(), /target/);
    }
  });

  test("the report of a month is a link away: a page, pages to print, a workbook", async (t) => {
    const page = await desk(t, "/c/safety-demo/results");
    await page.getByText("2026年9月平安报表").waitFor();
    for (const [name, end, starts] of [["PDF", "pdf", "%PDF"], ["Excel", "xlsx", "PK"]]) {
      const links = link(page.locator("#take p").nth(1), name);
      const [file] = await Promise.all([page.waitForEvent("download"), links.click()]);
      assert.match(file.suggestedFilename(), new RegExp(`2026-09.*\\.${end}$`));
      assert.ok(readFileSync(await file.path()).toString("latin1").startsWith(starts), name);
    }
    await link(page, "打开").click();
    await page.waitForURL(/report\.html/);
    await page.getByRole("heading", { level: 1 }).waitFor();
    assert.match(await page.locator("body").innerText(), /平安报表/);
    assert.notEqual(await page.evaluate(() => getComputedStyle(document.querySelector("table")).borderCollapse), "separate", "its style sheet is let in");
    await picture(page, "report");
  });

  test("figures for those who are signed in: a token opens them, files too, and is forgotten", async (t) => {
    const own = site();
    await (await collector({ data: own.data, today: OPENS })).stop();
    const store = await database(own.data);
    store.run("UPDATE campaign SET json = json_set(json, '$.results', 'signed_in') WHERE id = 'safety-demo'");
    writeFileSync(join(own.data, "anxin.sqlite"), store.export());
    const { url, stop } = await collector({ data: own.data, today: OPENS });
    t.after(async () => {
      await stop();
      own.remove();
    });
    for (const [seed, area] of AREAS.entries()) {
      await post(url, "safety-demo", batch("safety", { n: 400, seed, area, day: OPENS }));
    }
    const made = (...given) =>
      execFileSync(binary, ["token", "new", "--name", "办公室", "--data", own.data, "--today", OPENS, ...given]).toString().trim();
    const [reader, organiser] = [made("--role", "reader", "--area", AREAS[1]), made("--role", "organiser")];

    const page = await desk(t, "/c/safety-demo/results", { url });
    await heading(page, "登录").waitFor();
    await picture(page, "sign-in");
    assert.equal(await page.getByRole("alert").count(), 0);
    const sign_in = async (token) => {
      await page.getByLabel("令牌").fill(token);
      await button(page, "登录").click();
    };
    await sign_in("anxin_nobody_nothing");
    await page.getByRole("alert").getByText("这个令牌不对，或者已经停用。").waitFor();
    await sign_in(reader);
    await page.getByText("400 份回答").first().waitFor();
    assert.match(await words(page), /柯桥区 330603/);
    await link(page, "CSV").click();
    await page.getByRole("alert").getByText("这个令牌只能查看，不能下载。").waitFor();
    await page.goto(`/c/safety-demo/results?area=${AREAS[0]}`);
    await page.getByRole("alert").getByText("这个令牌不能看这个区域。").waitFor();
    await link(page, "看令牌所属的区域").click();
    await page.getByText("400 份回答").first().waitFor();
    await button(page, "退出").click();
    await heading(page, "登录").waitFor();
    await sign_in(organiser);
    await page.getByText("800 份回答").first().waitFor();
    const [file] = await Promise.all([page.waitForEvent("download"), link(page, "CSV").click()]);
    assert.equal(file.suggestedFilename(), "safety-demo.csv");
    assert.ok(readFileSync(await file.path()).length > 1000);
    assert.equal(await page.evaluate((token) => JSON.stringify(localStorage).includes(token), organiser), false, "kept for good");
    execFileSync(binary, ["token", "revoke", organiser.split("_")[1], "--data", own.data, "--today", OPENS]);
    await page.reload();
    await heading(page, "登录").waitFor();
    assert.equal(await page.evaluate(() => sessionStorage.length), 0, "a token that is no more is kept");
  });
});
