/**
 * `<anxin-survey>`: the custom element that the page itself uses, by its attributes, its events, and what it
 * leaves behind.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { chromium } from "./chromium.mjs";
import { collector } from "./collector.mjs";
import { answer_all, asked, begin, button, device, heading, NOT_ELIGIBLE, TODAY, words } from "./device.mjs";

describe("<anxin-survey>", () => {
  /** @type {import("playwright-core").Browser} */
  let browser;
  let site;
  before(async () => {
    [browser, site] = await Promise.all([chromium(), collector({ today: TODAY })]);
  });
  after(() => Promise.all([browser.close(), site.stop()]));

  /** A page whose one element has these attributes; its events are kept. */
  async function placed(t, attributes) {
    const it = await device(t, browser, site.url);
    await it.page.goto("/");
    await heading(it.page).waitFor();
    await it.page.evaluate((attributes) => {
      const survey = document.createElement("anxin-survey");
      for (const [name, value] of Object.entries(attributes)) survey.setAttribute(name, value);
      const events = (globalThis.events = []);
      for (const type of ["anxin-done", "anxin-left"]) document.addEventListener(type, () => events.push(type));
      document.querySelector("main")?.replaceChildren(survey);
    }, attributes);
    await heading(it.page).waitFor();
    return { ...it, events: () => it.page.evaluate(() => globalThis.events) };
  }

  test("is what a phone's page is made of, its area from the address", async (t) => {
    const { page } = await device(t, browser, site.url);
    await page.goto("/c/safety-demo?area=330602");
    await heading(page, "群众安全感问卷").waitFor();
    const element = page.locator("main > anxin-survey");
    assert.equal(await element.getAttribute("src"), "/api/campaigns/safety-demo");
    assert.equal(await element.getAttribute("area"), "330602");
    assert.equal(await element.getAttribute("channel"), "phone");
  });

  test("opens the campaign that `src` names", async (t) => {
    const { page } = await placed(t, { src: "/api/campaigns/participation-demo" });
    await heading(page, "平安建设参与问卷").waitFor();
    assert.match(await words(page), /拆成两份密文/);
    await begin(page);
    await answer_all(page, NOT_ELIGIBLE);
    await button(page, "提交").waitFor();
  });

  test("says itself what is wrong with its `src`", async (t) => {
    const { page } = await placed(t, { src: "/api/campaigns/nothing" });
    await page.locator("anxin-survey").getByRole("alert").getByText("没有这项调查或测评。").waitFor();
  });

  test("on a tablet it tells the shift when a respondent hands in, and when one leaves", async (t) => {
    const attributes = { src: "/api/campaigns/safety-demo", area: "330602", channel: "tablet", mode: "read_aloud" };
    const { page, events, posts } = await placed(t, attributes);
    await button(page, "交还平板").click();
    assert.deepEqual(await events(), ["anxin-left"]);
    await begin(page);
    await answer_all(page, NOT_ELIGIBLE);
    const sent = await page.locator("details").textContent();
    assert.match(sent ?? "", /作答方式志愿者读题，居民回答/);
    await button(page, "完成").click();
    assert.deepEqual(await events(), ["anxin-left", "anxin-done"]);
    assert.deepEqual(posts(), [], "the element itself sends nothing");
  });

  test("is moved without harm, and taken away leaves nothing listening", async (t) => {
    const { page } = await placed(t, { src: "/api/campaigns/safety-demo" });
    await begin(page);
    assert.ok(await asked(page));
    await page.evaluate(() => {
      const survey = document.querySelector("anxin-survey");
      survey?.remove();
      globalThis.survey = survey;
    });
    await button(page, "English").click(); // would draw with a module object that is freed
    await page.goBack();
    await page.evaluate(() => document.querySelector("main")?.replaceChildren(globalThis.survey));
    await heading(page, "How safe residents feel").waitFor();
    await begin(page);
    assert.equal((await asked(page))?.text, "Have you lived in this area for a year or more?");
  });
});
