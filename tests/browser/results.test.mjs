/**
 * The results page: every figure is the collector's, with its base and interval, as chart and as table; every
 * view is a link; nothing under the threshold.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { chromium } from "./chromium.mjs";
import { batch, binary, collector, post, post_doors, results, root, site } from "./collector.mjs";
import { button, DESK, device, heading, link, PHONE, picture, until, words } from "./device.mjs";
import { ELDER, field_elder } from "./screens.mjs";

const [FIRST, SECOND] = ["2026-12-01", "2026-12-02"];
const percent = (share) => `${(share * 100).toFixed(1)}%`;
const interval = ({ low, high }) => `${(low * 100).toFixed(1)}–${percent(high)}`;
const FEW = "人数太少，或者公布了就能推出少数人的回答，所以不公布";
const bound_text = ({ side, share }) => `${side === "at_least" ? "至少" : "至多"} ${Math.round(share * 100)}%`;
const count_text = (count) => (count === null ? "不公布" : String(count));

describe("the results page", () => {
  /** @type {import("playwright-core").Browser} */
  let browser;
  /** Sums of two areas and two days; and an empty collector. */
  let kept, full, empty;
  before(async () => {
    kept = site();
    const first = await collector({ data: kept.data, today: FIRST }); // the day on which its campaigns open
    await first.stop();
    [browser, full, empty] = await Promise.all([
      chromium(),
      collector({ data: kept.data, today: SECOND }),
      collector({ today: SECOND }),
    ]);
    const batches = [
      batch("safety", { n: 5, seed: 1, area: "330602", day: FIRST }),
      batch("safety", { n: 240, seed: 2, area: "330603", day: FIRST }),
      batch("safety", { n: 320, seed: 3, area: "330602", day: SECOND }),
    ];
    for (const it of batches) assert.equal((await post(full.url, "safety-demo", it)).status, 201);
    const doors = [
      { area: "330602", part: "morning", outcomes: { completed: 15, partial: 1, refused: 6, nobody_home: 40, cannot_get_in: 3 } },
      { area: "330602", part: "evening", outcomes: { completed: 25, refused: 5, nobody_home: 13, language: 1, other: 1, not_eligible: 1 }, callbacks: { nobody_home: 15, refused: 0 } },
      { area: "330603", part: "afternoon", outcomes: { completed: 5, refused: 8, nobody_home: 22 } },
      { area: "330604", part: "afternoon", outcomes: { completed: 3, nobody_home: 30 } },
    ];
    for (const [seed, it] of doors.entries()) {
      assert.equal((await post_doors(full.url, "safety-demo", { seed, day: SECOND, ...it })).status, 201);
    }
    const quiz = batch("anti_fraud", { n: 400, seed: 4, day: SECOND });
    assert.equal((await post(full.url, "anti-fraud-demo", quiz)).status, 201);
    // A quiz of one form, of so many that it is told how well it measures.
    field_elder(kept.data, SECOND);
    const elder = batch("elder_fraud", { n: 6000, seed: 5, day: SECOND });
    assert.equal((await post(full.url, ELDER, elder)).status, 201);
  });
  after(async () => {
    await Promise.all([browser.close(), full.stop(), empty.stop()]);
    kept.remove();
  });

  /** A desk that shows results. */
  async function desk(t, path, { url = full.url, viewport = DESK } = {}) {
    const { page } = await device(t, browser, url, { viewport, day: SECOND });
    await page.goto(path);
    await heading(page).waitFor();
    return page;
  }

  /** A collector with a campaign of 900 areas without regions, in a few of which people were asked. */
  async function flat_campaign(t, readers = "public") {
    const { url, data, stop } = await collector({ today: SECOND });
    t.after(stop);
    const codes = Array.from({ length: 900 }, (_, i) => `330602${`${i}`.padStart(3, "0")}`);
    const table = join(data, "flat.csv");
    writeFileSync(table, `code,name\n${codes.map((code, i) => `${code},第 ${i} 网格\n`).join("")}`);
    const new_ = ["campaign", "new", join(root, "www/instruments/safety.json"), "--id", "flat", "--areas", table, "--closes", "2026-12-31", "--results", readers];
    execFileSync(binary, [...new_, "--today", SECOND, "--data", data]);
    for (const [seed, i] of [0, 399, 400, 899].entries()) {
      const it = batch("safety", { n: 200 * 2 ** seed, seed: 50 + seed, area: codes[i], day: SECOND });
      assert.equal((await post(url, "flat", it)).status, 201);
      const doors = { area: codes[i], day: SECOND, part: "morning", outcomes: { completed: 15, refused: 6, nobody_home: 40 } };
      assert.equal((await post_doors(url, "flat", { seed: 50 + seed, ...doors })).status, 201);
    }
    return { url, data, codes, names: codes.map((code, i) => `第 ${i} 网格 ${code}`) };
  }

  /** The card of an indicator. */
  const card = (page, title) =>
    page.locator(".indicator").filter({ has: page.getByRole("heading", { name: title["zh-CN"], exact: true }) });

  /** Every table on the page: caption, heads and rows as text. */
  const tables = (page) =>
    page.evaluate(() => {
      document.querySelectorAll("details").forEach((it) => { it.open = true; });
      return [...document.querySelectorAll("table")].map((table) => ({
        caption: table.caption?.textContent,
        scopes: [...table.querySelectorAll("th")].map((it) => it.scope),
        heads: [...table.querySelectorAll("thead th")].map((it) => it.textContent),
        rows: [...table.querySelectorAll("tbody tr")].map((row) => [...row.children].map((cell) => cell.textContent)),
      }));
    });

  test("says when there is nothing yet, and from when on there will be", async (t) => {
    const page = await desk(t, "/c/safety-demo/results", { url: empty.url });
    await page.getByRole("heading", { name: "还没有可以公布的结果。" }).waitFor();
    assert.match(await words(page), /收到的回答满 5 份后，这里才会出现数字。/);
    assert.equal(await page.getByRole("table").count(), 0);
    assert.doesNotMatch(await words(page), /%/);
    await button(page, "English").click();
    await page.getByRole("heading", { name: "There is nothing to publish yet." }).waitFor();
    await link(page, "Open the survey").click();
    await button(page, "Start").waitFor();
  });

  test("a sum under k is refused and shows nowhere; from k on it does, and moves by k or more", async (t) => {
    const { url, stop } = await collector({ today: SECOND });
    t.after(stop);
    assert.equal((await post(url, "safety-demo", batch("safety", { n: 4, seed: 5, day: SECOND }))).status, 422);
    const page = await desk(t, "/c/safety-demo/results", { url });
    await page.getByRole("heading", { name: "还没有可以公布的结果。" }).waitFor();
    let shown = 0;
    for (const [seed, n] of [5, 6, 9].entries()) {
      assert.equal((await post(url, "safety-demo", batch("safety", { n, seed: 10 + seed, day: SECOND }))).status, 201);
      await page.reload();
      await page.getByText(`${shown + n} 份回答`).first().waitFor();
      shown += n;
    }
  });

  test("each indicator has its rate, base, number and interval, as the collector tells them", async (t) => {
    const page = await desk(t, "/c/safety-demo/results");
    const told = await results(full.url, "safety-demo");
    assert.equal(told.n, 565);
    assert.equal(told.indicators.length, 8);
    await page.getByText("版本 2026.2 · 565 份回答").waitFor();
    let whole = 0;
    for (const { title, base, estimates, bound, definition_version } of told.indicators) {
      const text = await card(page, title).innerText();
      const [headline, other] = base === "all" ? [estimates.all, estimates.valid] : [estimates.valid, estimates.all];
      const bases = { all: "以全部被问到的人为基数", valid: "以给出有效回答的人为基数" };
      if (headline) {
        assert.ok(text.includes(percent(headline.rate)));
        assert.ok(text.includes(`95% 置信区间（Wilson） ${interval(headline)}`));
        assert.ok(text.includes(`${headline.n} 人中 ${headline.x} 人，${bases[base]}`));
      } else {
        assert.ok(text.includes(bound ? bound_text(bound) : FEW));
      }
      if (other) assert.ok(text.includes(`另一种基数：${percent(other.rate)} (${interval(other)})，${other.n} 人中 ${other.x} 人`));
      if (headline && other) whole += 1;
      assert.ok(text.includes(`定义版本 ${definition_version}`));
    }
    assert.ok(whole > 0, "no indicator is told on both bases");
    const chart = page.getByRole("img").first();
    const { rate, low, high } = told.indicators[0].estimates.valid;
    assert.equal(await chart.getAttribute("aria-label"), `${percent(rate)} (${interval({ low, high })})`);
    await picture(page, "results");
  });

  test("each question is a chart that is a table, with caption and heads; rare answers too", async (t) => {
    const page = await desk(t, "/c/safety-demo/results");
    const told = await results(full.url, "safety-demo");
    const seen = await tables(page);
    for (const { caption, scopes, heads } of seen) {
      assert.ok(caption, "a table without a caption");
      assert.ok(scopes.every((scope) => scope === "col" || scope === "row"), `${caption}: heads without scope`);
      assert.equal(scopes.filter((scope) => scope === "col").length, heads.length);
    }
    const items = told.items.filter(({ asked, categories }) => asked && categories.some(({ count }) => count !== null));
    assert.ok(items.length > 10);
    assert.ok(items.some(({ categories }) => categories.some(({ count }) => count === null)), "nothing is withheld");
    for (const { text, categories } of items) {
      const table = seen.find(({ caption, heads }) => caption === text["zh-CN"] && heads[0] === "回答");
      const shown = categories.filter(({ special, count }) => !special || count > 0);
      assert.deepEqual(table?.heads, ["回答", "人数", "比例"]);
      assert.deepEqual(
        table.rows.map(([, count, share]) => [count, share]),
        shown.map(({ count, share }) => [count_text(count), share === null ? "–" : percent(share)]),
        text["zh-CN"],
      );
      shown.forEach((category, i) => {
        if (category.text) assert.equal(table.rows[i][0], category.text["zh-CN"]);
        else assert.match(table.rows[i][0], /^(不清楚|不想回答|没有回答|没有问到|都没有选)$/);
      });
    }
    assert.equal(await page.locator("table .bar").count() > 50, true);
    // What the answers tell besides: of a scale its index and net, of every question who had no opinion.
    const scales = items.filter(({ scale }) => scale?.index && scale.boxes?.net_valid);
    assert.ok(scales.length > 5 && items.some(({ unanswered }) => unanswered?.x > 0));
    for (const { text, unanswered, scale } of items) {
      const card = page.locator("section.card", { has: page.locator("caption", { hasText: text["zh-CN"] }) }).first();
      const said = await card.innerText();
      if (unanswered?.x > 0) assert.ok(said.includes(`没有表态 ${percent(unanswered.rate)}`), said);
      if (!scale?.index || !scale.boxes?.net_valid) continue;
      const { net } = scale.boxes.net_valid;
      assert.ok(said.includes(`指数 ${scale.index.mean.toFixed(1)}：`), said);
      assert.ok(said.includes(`净值 ${net < 0 ? "−" : "+"}${Math.abs(net * 100).toFixed(1)} 个百分点`), said);
    }
  });

  test("by area and by day; each row leads to its own page, and back", async (t) => {
    const page = await desk(t, "/c/safety-demo/results");
    const told = await results(full.url, "safety-demo");
    const by = async (what) =>
      (await tables(page)).find(({ caption, heads }) => caption === "群众安全感满意率" && heads[0] === what);
    const row = ({ n, told, indicators: [first] }) => {
      const { estimates: { valid, all } = {}, bound } = first ?? {};
      const rate = !valid && all ? `${percent(all.rate)}${interval(all)}占被问到的` : valid ? `${percent(valid.rate)}${interval(valid)}` : bound ? bound_text(bound) : n === null ? "太少" : told ? "不公布" : "尚未公布";
      return [n === null ? "太少" : told && told < n ? `${n}比率来自 ${told} 份` : String(n), rate];
    };
    const areas = await by("区域");
    const rank = ({ indicators }) => {
      const { best, worst } = indicators[0]?.rank ?? {};
      return best === undefined ? "–" : best === worst ? String(best) : `${best}–${worst}`;
    };
    assert.deepEqual(areas.rows, told.areas.map((area) => [`${area.name["zh-CN"]} ${area.code}`, ...row(area), rank(area)]));
    assert.deepEqual(areas.rows[3].slice(1), ["太少", "太少", "–"], "an area without answers");
    assert.deepEqual(areas.rows.slice(0, 2).map((cells) => cells[3]), ["1–2", "1–2"], "two areas of the same population");
    let felt = 0;
    for (const { title, clusters: { clustering, widened } } of told.indicators) {
      assert.equal(clustering.areas, 2);
      const wider = clustering.design_effect.deff >= 1.005;
      assert.equal((await card(page, title).innerText()).includes(`计入后区间为 ${interval(widened)}`), wider, title["zh-CN"]);
      felt += Number(wider);
    }
    assert.ok(felt > 0 && felt < told.indicators.length, `clusters are felt in ${felt}`);
    const days = await by("时间");
    assert.deepEqual(days.rows, [
      ["2026年12月1日", ...row(told.periods[0])],
      ["2026年12月2日", ...row(told.periods[1])],
    ]);

    await link(page, "柯桥区 330603").first().click();
    await page.getByText("区域：全部区域 › 柯桥区 330603").waitFor();
    assert.equal(new URL(page.url()).search, "?area=330603");
    await page.getByText("240 份回答").first().waitFor();
    const area = await results(full.url, "safety-demo", "?area=330603");
    const rates = area.indicators.flatMap(({ estimates: { all, valid } }) => [all, valid]).filter(Boolean);
    assert.ok(rates.length > 0, "nothing is told of an area");
    for (const { rate } of rates) assert.ok((await words(page)).includes(percent(rate)));

    await link(page, "全部区域").click();
    await page.getByText("565 份回答").first().waitFor();
    await link(page, "2026年12月2日").first().click();
    await page.getByText("320 份回答").first().waitFor();
    await link(page, "越城区 330602").first().click();
    await page.getByText("320 份回答").first().waitFor();
    assert.equal(new URL(page.url()).search, "?period=2026-12-02&area=330602");
    await link(page, "全部时间").click();
    await page.getByText("325 份回答").first().waitFor();

    await page.goto("/c/safety-demo/results?area=330681");
    await page.getByText("所选的区域或时间，回答还不满 5 份。").waitFor();
    await page.goto("/c/safety-demo/results?area=33");
    await page.getByText("565 份回答").first().waitFor();
  });

  test("areas stand in the order that is asked for, and every order is a link", async (t) => {
    const page = await desk(t, "/c/safety-demo/results");
    const shown = () => page.getByRole("table").first().waitFor();
    const names = async () => (await shown(), await tables(page)).find(({ caption, heads }) => caption === "群众安全感满意率" && heads[0] === "区域")
      .rows.map(([name]) => name.slice(-6));
    const told = await results(full.url, "safety-demo");
    assert.deepEqual(await names(), told.areas.map(({ code }) => code));
    await link(page, "比率").first().click();
    await page.locator("th[aria-sort=descending]").first().waitFor();
    assert.equal(new URL(page.url()).search, "?order=rate");
    const rate = ({ indicators: [first] }) => first?.estimates.valid?.rate ?? -1;
    const ordered = [...told.areas].sort((a, b) => rate(b) - rate(a)).map(({ code }) => code);
    assert.deepEqual(await names(), ordered);
    await link(page, "人数").first().click();
    await page.locator("th[aria-sort=descending]").first().waitFor();
    assert.equal((await names())[0], "330602");
    await link(page, "区域").first().click();
    await page.locator("th[aria-sort]").waitFor({ state: "detached" });
    assert.deepEqual(await names(), told.areas.map(({ code }) => code));
  });

  test("of very many areas the first are on view, and the others follow when they are wanted", async (t) => {
    const flat = await flat_campaign(t);
    const page = await desk(t, "/c/flat/results", { url: flat.url });
    const rows = (at = page.locator("#by_area")) => at.locator("table").first().locator("tbody th a").allInnerTexts();
    const more = page.locator("#by_area").getByRole("button", { name: "继续往下看" });
    const shown = async (n) => {
      if (n < 900) await page.locator("#by_area").getByText(`这里是按代码排列的前 ${n} 个，共 900 个。`).first().waitFor();
      else await more.waitFor({ state: "detached" });
      assert.deepEqual(await rows(), flat.names.slice(0, n));
      assert.deepEqual(await rows(page.locator("#doors .card").nth(1)), flat.names.slice(0, n));
    };
    const told = await results(flat.url, "flat", "?rows=1000");
    await shown(400);
    await page.locator("#by_area summary").first().click(); // what is open stays open
    const headline = await page.locator(".indicators").innerText();
    const at = await more.evaluate((it) => it.getBoundingClientRect().top + scrollY);
    await more.focus();
    await page.keyboard.press("Enter");
    await shown(800);
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), flat.names[400], "the keyboard goes on");
    assert.ok((await page.evaluate(() => scrollY)) > at - 2 * DESK.height, "the page stays where it was");
    assert.equal(await page.locator("#by_area details").first().evaluate((it) => it.open), true);
    // The doors have a button of their own, and the tables go on together.
    await page.locator("#doors").getByRole("button", { name: "继续往下看" }).click();
    await shown(900);
    assert.equal(await page.getByRole("button", { name: "继续往下看" }).count(), 0);
    assert.equal(await page.locator(".indicators").innerText(), headline);
    const rate = told.areas[899].indicators[0].estimates.valid.rate;
    assert.match(await page.locator("#by_area table").first().locator("tbody tr").last().innerText(), new RegExp(percent(rate)));
    // An order is one of all rows, and so is what is compared.
    await page.goto("/c/flat/results?order=n");
    await page.locator("th[aria-sort=descending]").first().waitFor();
    assert.deepEqual([(await rows()).length, (await rows())[0]], [900, flat.names[899]]);
    await page.goto(`/c/flat/results?compare=${told.areas[0].code},${told.areas[899].code}#compare`);
    await page.locator("#compare table").waitFor();
    assert.match(await page.locator("#compare caption").innerText(), /第 0 网格.*第 899 网格/);
  });

  test("rows of two moments never stand in one table, and what cannot be read is said", async (t) => {
    const flat = await flat_campaign(t);
    const page = await desk(t, "/c/flat/results", { url: flat.url });
    const more = page.locator("#by_area").getByRole("button", { name: "继续往下看" });
    await more.waitFor();
    await page.route("**/results?after=*", (route) => route.abort());
    await more.click();
    await page.locator("#by_area").getByText("现在读不到，请过一会儿再试。").waitFor();
    await page.unroute("**/results?after=*");
    const late = batch("safety", { n: 600, seed: 77, area: flat.codes[3], day: SECOND });
    assert.equal((await post(flat.url, "flat", late)).status, 201);
    await more.click();
    await more.waitFor({ state: "detached" });
    const told = await results(flat.url, "flat", "?rows=1000");
    const counts = await page.locator("#by_area table").first().locator("tbody tr td:nth-child(2)").allInnerTexts();
    assert.equal(counts.length, 900);
    assert.match(counts[3], /^600/);
    await page.getByText(`${told.n.toLocaleString("zh-CN")} 份回答`).first().waitFor();
  });

  test("the rows that follow are for those who are signed in, too", async (t) => {
    const flat = await flat_campaign(t, "signed-in");
    const token = execFileSync(binary, ["token", "new", "--name", "x", "--role", "reader", "--today", SECOND, "--data", flat.data], { stdio: ["ignore", "pipe", "ignore"] }).toString().trim();
    const page = await desk(t, "/c/flat/results", { url: flat.url });
    const sign_in = async () => {
      await page.getByLabel("令牌").fill(token);
      await button(page, "登录").click();
    };
    await sign_in();
    const more = page.locator("#by_area").getByRole("button", { name: "继续往下看" });
    const rows = () => page.locator("#by_area table").first().locator("tbody th a").count();
    await more.click();
    assert.equal(await until(async () => (await rows()) === 800 && 800), 800);
    // The token is good no more: the page asks for another one, and goes on.
    let refused = false;
    await page.route("**/results?after=*", (route) => {
      if (refused) return route.continue();
      refused = true;
      return route.fulfill({ status: 401, contentType: "application/problem+json", json: { type: "/problems/bad-token" } });
    });
    await more.click();
    await page.locator("#sign-in").waitFor();
    await sign_in();
    assert.equal(await until(async () => (await rows()) === 900 && 900), 900);
  });

  test("what is shown can be taken away as files", async (t) => {
    const page = await desk(t, "/c/safety-demo/results?area=330602&period=2026-12");
    for (const [name, end] of [["CSV", "csv"], ["Excel", "xlsx"], ["JSON", "json"], ["SPSS", "sps"]]) {
      const [file] = await Promise.all([page.waitForEvent("download"), link(page, name).first().click()]);
      assert.equal(file.suggestedFilename(), `safety-demo-330602-2026-12.${end}`);
      const bytes = readFileSync(await file.path());
      assert.ok(bytes.length > 1000, name);
      if (end === "csv") assert.ok(bytes.toString().startsWith("\ufefftable,area,area_name,period"), "Excel knows UTF-8 by its mark");
    }
  });

  test("of a question or a rate with fewer than k there is only the word that they are too few", async (t) => {
    const page = await desk(t, `/c/safety-demo/results?area=330602&period=${FIRST}`);
    const told = await results(full.url, "safety-demo", `?area=330602&period=${FIRST}`);
    const few = told.items.filter(({ asked }) => asked === null);
    assert.ok(few.length > 0 && told.items.every(({ asked }) => asked === null || asked >= 5));
    const full_view = await results(full.url, "safety-demo");
    for (const { count, of } of full_view.items.flatMap(({ categories }) => categories)) {
      assert.ok(count === null || (count >= 5 && (of === null || of >= count + 5)), `${count} of ${of}`);
    }
    const seen = await tables(page);
    for (const { text } of few) {
      assert.equal(seen.some(({ caption, heads }) => caption === text["zh-CN"] && heads[0] === "回答"), false);
      await page.locator("section", { hasText: text["zh-CN"] }).getByText(FEW).last().waitFor();
    }
    for (const { title, estimates, base } of told.indicators.filter(({ estimates, base }) => !estimates[base])) {
      assert.ok((await card(page, title).innerText()).includes(FEW));
      assert.equal(await card(page, title).locator(".rate").count(), 0, `${base}: ${JSON.stringify(estimates)}`);
    }
  });

  test("the rule in force stands with the figures", async (t) => {
    const page = await desk(t, "/c/safety-demo/results");
    const { rule } = await results(full.url, "safety-demo");
    assert.deepEqual([rule.k, rule.first, rule.rounding], [5, 30, 1]);
    const text = await page.locator("#rule").innerText();
    for (const words of ["少于 5 份不公布", "都至少有 5 人时才公布", "从 30 份起公布"]) assert.ok(text.includes(words), words);
    assert.doesNotMatch(text, /的倍数/);
    const { url, stop } = await collector({ today: SECOND });
    t.after(stop);
    assert.equal((await post(url, "safety-demo", batch("safety", { n: 29, seed: 29, day: SECOND }))).status, 201);
    const early = await desk(t, "/c/safety-demo/results", { url });
    await early.getByText("满 30 份后开始公布各项结果").waitFor();
    assert.doesNotMatch(await early.locator(".indicators").innerText(), /%/);
  });

  test("a quiz has its scores and the share that pass", async (t) => {
    const page = await desk(t, "/c/anti-fraud-demo/results");
    const { score } = await results(full.url, "anti-fraud-demo");
    const text = await words(page);
    assert.ok(text.includes(`平均 ${score.mean.toFixed(1)} 分（标准差 ${score.sd.toFixed(1)}，满分 ${score.max}）`));
    assert.equal(score.pass_share, null, "guesses pass");
    assert.ok(text.includes(`通过率：${bound_text(score.pass_bound)}`));
    const table = (await tables(page)).find(({ caption }) => caption === "得分分布");
    assert.deepEqual(
      table?.rows.map(([points, count]) => [points, count]),
      score.distribution.map((count, i) => [String(i), count_text(count)]),
    );
    assert.ok(score.distribution.includes(null), "every score is told, however rare");
    const [untold, shown] = [".untold", ".columns .fill"].map((columns) => page.locator(columns).count());
    assert.equal(await untold, score.distribution.filter((count) => count === null).length, "what is withheld is not drawn as nobody");
    assert.equal(await shown, score.distribution.filter((count) => count !== null).length);
  });

  test("a quiz tells what is known: by topic, and the questions that fewest answer right", async (t) => {
    const page = await desk(t, "/c/anti-fraud-demo/results");
    const { knowledge, items } = await results(full.url, "anti-fraud-demo");
    const row = ({ told, items, share }) => [`${told}/${items}`, share ? `${percent(share.rate)}${interval(share)}` : "太少"];
    const seen = (await tables(page)).filter(({ heads }) => heads[2] === "答对率");
    assert.deepEqual(
      seen[0].rows,
      [["全部主题", ...row(knowledge.all)], ...knowledge.topics.map((topic) => [topic.title["zh-CN"], ...row(topic)])],
    );
    // reckoned anew from the answers that are told
    const keyed = items.filter(({ key }) => key);
    assert.equal(knowledge.all.items, keyed.length);
    let [right, asked, told] = [0, 0, 0];
    for (const { type, categories, key } of keyed) {
      const { count, of } = categories.find(({ id }) => id === key.options[0]) ?? {};
      const known = type !== "multiple" && Boolean(count && of);
      assert.equal(Boolean(key.facility), known);
      if (known) [right, asked, told] = [right + count, asked + of, told + 1];
    }
    assert.ok(told > 20, `${told} questions are told`);
    assert.deepEqual([knowledge.all.told, knowledge.all.share.x, knowledge.all.share.n], [told, right, asked]);
    const hardest = seen[1].rows.map(([, , share]) => parseFloat(share));
    assert.deepEqual(hardest, [...hardest].sort((a, b) => a - b));
    assert.equal(hardest.length, 10);
    assert.equal(seen[1].rows.length + seen[2].rows.length, told);
    await page.locator("#knowledge").scrollIntoViewIfNeeded();
    await picture(page, "knowledge");
  });

  test("whether it mattered how it was asked stands with how it was asked, from very many on", async (t) => {
    const few = await desk(t, "/c/safety-demo/results");
    const way = /^(选项顺序：倒序减正序|作答方式：读题减自答)$/;
    const effects = async (page) => (await tables(page)).find(({ caption }) => caption === "问法的影响").rows;
    assert.equal((await effects(few)).length, 2);
    for (const [title, asked, apart] of await effects(few)) {
      assert.deepEqual([title, way.test(asked), apart], ["群众安全感满意率", true, "太少"]);
    }
    const { url, stop } = await collector({ today: SECOND });
    t.after(stop);
    assert.equal((await post(url, "safety-demo", batch("safety", { n: 4000, seed: 8, day: SECOND }))).status, 201);
    const page = await desk(t, "/c/safety-demo/results", { url });
    const { crossed } = await results(url, "safety-demo");
    const rows = await effects(page);
    assert.deepEqual(crossed.effects.map(({ asked }) => asked), ["order", "mode"]);
    crossed.effects.forEach(({ difference: { interval: { low, high } } }, i) => {
      assert.match(rows[i][1], way);
      assert.ok(rows[i][2].endsWith(low <= 0 && high >= 0 ? "可能只是偶然" : "超出偶然"), rows[i][2]);
    });
    await page.locator("#effects").scrollIntoViewIfNeeded();
    await picture(page, "effects");
  });

  test("how well a quiz measures: its reliability, each question, each option by score", async (t) => {
    const told = await results(full.url, ELDER);
    const { quality: { reliability: { value: { alpha } }, groups, items } } = told;
    const page = await desk(t, `/c/${ELDER}/results`);
    const section = page.locator("#quality");
    const from_to = ({ low, high }) => `${low.toFixed(2)} 至 ${high.toFixed(2)}`.replaceAll("-", "−");
    await section.getByText(`信度 α ${from_to(alpha.range)}（95% 区间`).waitFor();
    assert.ok(alpha.range.low <= 0, "who is made up knows nothing");
    await section.getByText("这份题还分不出谁懂得多").waitFor();
    const seen = await tables(page);
    const questions = seen.find(({ caption }) => caption === "每道题分不分得出高低，最分不出的在前");
    assert.deepEqual(questions.heads, ["题目", "与其余题的相关", "高低组差（百分点）"]);
    assert.equal(questions.rows.length, items.length);
    const words_of = { weak: "弱", fair: "一般", good: "好" };
    for (const { text, item_rest: { value: { r, grade } } } of items) {
      const row = questions.rows.find(([name]) => name === text["zh-CN"]);
      assert.ok(row[1].startsWith(from_to(r.range)), row[1]);
      assert.equal(row[1].endsWith(words_of.weak), grade === "weak", row[1]);
    }
    const options = seen.filter(({ caption }) => caption === "谁选了哪个选项");
    assert.equal(options.length, items.length);
    const points = ({ from, to }) => `${from === to ? from : `${from}–${to}`} 分`;
    assert.deepEqual(options[0].heads, ["回答", `低分组${points(groups[0])}`, `高分组${points(groups[1])}`]);
    const share = ({ range }) => `${(range.low * 100).toFixed(0)}–${(range.high * 100).toFixed(0)}%`;

    await section.getByRole("link", { name: items[0].text["zh-CN"] }).first().click();
    await page.locator("#item").waitFor();
    const [alone] = (await tables(page)).filter(({ caption }) => caption === "谁选了哪个选项");
    assert.deepEqual(alone.rows.map(([, ...shares]) => shares), items[0].answers.map(({ lowest, highest }) => [share(lowest), share(highest)]));
    assert.equal(await page.locator("#quality dt").count(), 2);

    const phone = await desk(t, `/c/${ELDER}/results`, { viewport: { width: 320, height: 640 } });
    await tables(phone);
    const [wide, inner] = await phone.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert.ok(wide <= inner, `${wide} of ${inner}`);
    assert.equal((await results(full.url, ELDER, "?area=330602")).quality, null, "of an area nothing of it is told");
  });

  test("of a bank there is no reliability, and it says why", async (t) => {
    const page = await desk(t, "/c/anti-fraud-demo/results");
    const { quality } = await results(full.url, "anti-fraud-demo");
    assert.deepEqual(quality.reliability, { state: "not_comparable" });
    await page.locator("#quality").getByText("每个人抽到的题不同，所以没有信度").waitFor();
    assert.doesNotMatch(await page.locator("#quality").innerText(), /α \d/);
    await button(page, "English").click();
    await page.getByText("People saw different questions, so there is no reliability").waitFor();
    await page.goto("/c/safety-demo/results");
    await heading(page).waitFor();
    assert.equal(await page.locator("#quality").count(), 0, "a survey is no quiz");
  });

  test("what came of the doors, where enough were met: rates, areas, times of day", async (t) => {
    const page = await desk(t, "/c/safety-demo/results");
    const { fieldwork } = await results(full.url, "safety-demo");
    await page.getByRole("heading", { level: 2, name: "上门情况" }).waitFor();
    const { total } = fieldwork;
    assert.deepEqual([total.doors, total.visits, total.contacts, total.completes], [131, 146, 67, 45]);
    await page.getByText("131 户，上门 146 次，见到人 67 户，完成 45 户").waitFor();
    const [rates, areas, parts] = (await tables(page)).slice(-5).filter(({ caption }) =>
      ["上门结果的比率", "按区域", "什么时候有人开门"].includes(caption));
    const row = ({ x, n, ...estimate }) => [`${x}/${n}`, `${percent(estimate.rate)}${interval(estimate)}`];
    assert.deepEqual(rates.rows.map(([, ...rest]) => rest), ["rr1", "rr2", "coop1", "ref1", "con1"].map((rate) => row(total[rate])));
    assert.deepEqual(areas.rows.map(([name]) => name), fieldwork.areas.map(({ code, name }) => `${name["zh-CN"]} ${code}`));
    const [here] = fieldwork.areas;
    assert.deepEqual(areas.rows[0].slice(1), ["40/96见到 54", row(here.doors.rr1)[1]]);
    assert.deepEqual(areas.rows[2].slice(1), ["太少", "太少"], "three were met there");
    assert.deepEqual(parts.rows.map(([name]) => name), ["上午（12 点前）", "下午（12 点到 18 点）", "晚上（18 点后）"]);
    assert.deepEqual(parts.rows[2].slice(1), row(fieldwork.parts[2].opened));
    await page.locator("#doors").scrollIntoViewIfNeeded();
    await picture(page, "doors");
    const phone = await desk(t, "/c/safety-demo/results", { viewport: PHONE });
    await phone.locator("#doors").scrollIntoViewIfNeeded();
    await picture(phone, "doors-phone");
  });

  test("what came of the doors in a month; of a day, what came of them in its month", async (t) => {
    for (const period of ["2026-12", SECOND, FIRST]) {
      const page = await desk(t, `/c/safety-demo/results?period=${period}`);
      await page.getByRole("heading", { level: 2, name: "上门情况 · 2026年12月" }).waitFor();
      await page.getByText("131 户，上门 146 次，见到人 67 户，完成 45 户").waitFor();
      await page.getByText("2026年12月整月平板记下的门数合计（不按日公布）").waitFor();
    }
    const page = await desk(t, "/c/safety-demo/results?period=2027-01");
    await page.getByText("还没有可以公布的结果。").waitFor();
    assert.equal(await page.locator("#doors").count(), 0);
    const all = await desk(t, "/c/safety-demo/results");
    await all.getByText("全部日期一起算").waitFor();
    await all.getByText("只计入一个区域当月见到人不少于 5 户的月份").waitFor();
  });

  test("says in the reader's language what does not add up, or as it was kept", async (t) => {
    const told = await results(full.url, "safety-demo");
    const where = { area: "330602", day: SECOND, channel: "phone", n: 6 };
    const old = "block 2 (from cell 9) sums to 6, not to 5";
    const found = { code: "block_sum", block: 3, start: 17, sum: 7, n: 6 };
    const { page } = await device(t, browser, full.url, { viewport: DESK, day: SECOND });
    const json = { ...told, faults: [{ ...where, fault: "block 3 (from cell 17) sums to 7, not to 6", found }, { ...where, fault: old, found: null }] };
    await page.route("**/api/campaigns/safety-demo/results?*", (route) => route.fulfill({ json }));
    await page.goto("/c/safety-demo/results");
    const said = page.locator("#faults li");
    await said.first().waitFor();
    assert.match(await said.nth(0).innerText(), /越城区 330602 .*第 3 组（从第 17 格起）加起来是 7 人，应为 6 人$/);
    assert.ok((await said.nth(1).innerText()).endsWith(old));
    await button(page, "English").click();
    await page.getByText("block 3 (from cell 17) sums to 7, not to 6").waitFor();
  });

  test("reads in English, whole", async (t) => {
    const page = await desk(t, "/c/safety-demo/results");
    await button(page, "English").click();
    await heading(page, "How safe residents feel · Results").waitFor();
    await page.evaluate(() => document.querySelectorAll("details").forEach((it) => { it.open = true; }));
    assert.doesNotMatch(await words(page), /[\u3000-\u9fff\uff00-\uffef]/, "a Chinese word or mark is left");
  });

  test("on a phone the tables fit", async (t) => {
    const page = await desk(t, "/c/safety-demo/results", { viewport: PHONE });
    await tables(page);
    const wide = await page.evaluate(() => [...document.querySelectorAll("table, svg, .rate")]
      .filter((it) => it.getBoundingClientRect().right > innerWidth).length);
    assert.equal(wide, 0);
    assert.ok(await until(() => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)));
  });
});
