/**
 * Every instrument that ships, fielded by `anxin campaign new` as an organiser would, and taken to its end on a phone
 * in each language.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { after, before, describe, test } from "node:test";
import { chromium } from "./chromium.mjs";
import { binary, collector, site } from "./collector.mjs";
import { answer_all, begin, button, device, heading, TODAY } from "./device.mjs";

const FOLDER = fileURLToPath(new URL("../../www/instruments/", import.meta.url));
const NAMES = readdirSync(FOLDER).map((name) => name.replace(/\.json$/, ""));

/** What the page says, by language. */
const LANGUAGES = {
  "zh-CN": { send: "提交", counted: "✓ 已送达，计入总数了。", place: "越城区" },
  en: { send: "Hand in", counted: "✓ Received and added to the totals.", place: "Yuecheng" },
};

/** @param {string} name */
const read = (name) => JSON.parse(readFileSync(join(FOLDER, `${name}.json`), "utf8"));

/** The texts of all that can be asked. @param {any} questionnaire @param {string} language */
const asked_of = ({ sections }, language) => sections.flatMap(({ items }) => items.map(({ text }) => text[language]));

/** A grown-up, in the words of the instruments. */
const AGES = ["41–50岁", "41–50", "45–54岁", "45–54"];

describe("an instrument", () => {
  /** @type {import("playwright-core").Browser} */
  let browser;
  /** @type {Awaited<ReturnType<typeof collector>>} */
  let served;
  const its = site();
  before(async () => {
    const areas = join(its.data, "areas.csv");
    writeFileSync(areas, "code,name,name::en\n330602,越城区,Yuecheng\n330603,柯桥区,Keqiao\n");
    const shared = ["--areas", areas, "--closes", "2026-12-31", "--today", TODAY, "--data", its.data];
    for (const name of NAMES) {
      const id = name.replaceAll("_", "-");
      execFileSync(binary, ["campaign", "new", join(FOLDER, `${name}.json`), "--id", id, ...shared]);
    }
    [browser, served] = await Promise.all([chromium(), collector({ data: its.data, today: TODAY })]);
  });
  after(async () => {
    await Promise.all([browser.close(), served.stop()]);
    its.remove();
  });

  for (const name of NAMES) {
    for (const [language, { send, counted, place }] of Object.entries(LANGUAGES)) {
      test(`${name} is taken in ${language}`, async (t) => {
        const questionnaire = read(name);
        const { page, posts } = await device(t, browser, served.url);
        await page.goto(`/c/${name.replaceAll("_", "-")}`);
        await heading(page, questionnaire.title["zh-CN"]).waitFor();
        if (language === "en") await button(page, "English").click();
        await heading(page, questionnaire.title[language]).waitFor();
        for (const mark of Object.values(questionnaire.header)) {
          if (typeof mark === "object") await page.getByText(mark[language], { exact: false }).first().waitFor();
        }
        assert.ok(await page.getByRole("option", { name: place }).count(), "areas have names in both languages");
        await begin(page);
        const grown_up = questionnaire.sections
          .flatMap(({ items }) => items)
          .filter(({ id }) => id === "age")
          .map(({ text, options }) => [text[language], options.find(({ text }) => AGES.includes(text[language])).text[language]]);
        const questions = await answer_all(page, Object.fromEntries(grown_up));
        assert.ok(questions.length >= 5, `${questions}`);
        const known = asked_of(questionnaire, language);
        assert.deepEqual(questions.filter((text) => !known.includes(text)), [], "all in the language that was chosen");
        await button(page, send).click();
        await page.getByRole("status").getByText(counted).waitFor();
        assert.deepEqual(posts().map(({ method }) => method), ["PUT"], "one report, and nothing else");
      });
    }
  }

  test("counts everybody once", async () => {
    const list = execFileSync(binary, ["campaign", "list", "--json", "--today", TODAY, "--data", its.data]).toString();
    const lines = JSON.parse(list);
    assert.deepEqual(lines.map(({ id }) => id), NAMES.map((name) => name.replaceAll("_", "-")));
    assert.ok(lines.every(({ state, respondents }) => state === "open" && respondents === 0), "two are under k");
  });
});
