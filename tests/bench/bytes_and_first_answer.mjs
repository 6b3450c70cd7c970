/**
 * What a phone waits for: the bytes until the first question of the safety survey
 * can be answered, and in all, once what splits and seals has come after it; and the time
 * until the question has been answered, on a slowed-down Chromium, beside a SurveyJS page of twenty radio questions, turn and turn about.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { chromium } from "../browser/chromium.mjs";
import { collector } from "../browser/collector.mjs";
import { serve } from "./files.mjs";
import { median, report } from "./report.mjs";

const RUNS = 7;
const BYTES = 65_000;
const BYTES_IN_ALL = 120_000;
/** What comes after the first question: the sealing script, its module, and the aggregators' keys. */
const LATER = /^\/(report-|pkg\/anxin_seal|dap\/)/;
/** What makes the page work without a network; it comes when the first screen stands, and nothing waits for it. */
const BEHIND = /^\/(offline-|sw\.js|app\.webmanifest|icon)/;
/** The last of what a phone needs to hand in. */
const LAST = "/dap/helper/hpke_config";
const SHARE = 1 / 3;

/** A mid-range phone on a slow network. */
const CPU = 4;
const NETWORK = {
  offline: false,
  latency: 150,
  downloadThroughput: 1_600_000 / 8,
  uploadThroughput: 750_000 / 8,
};

/** SurveyJS as its own guide has it: two scripts, the language, one style sheet, all deferred and side by side. */
function surveyjs() {
  const find = createRequire(import.meta.url).resolve;
  const core = dirname(find("survey-core"));
  const ui = dirname(find("survey-js-ui"));
  const { sections } = JSON.parse(readFileSync(new URL("../../www/instruments/safety.json", import.meta.url), "utf8"));
  const items = sections.flatMap((section) => section.items).filter((item) => item.options?.length);
  const elements = Array.from({ length: 20 }, (_, n) => {
    const item = items[n % items.length];
    return {
      type: "radiogroup",
      name: `q${n + 1}`,
      title: item.text["zh-CN"],
      isRequired: true,
      choices: item.options.map(({ id, text }) => ({ value: id, text: text["zh-CN"] })),
    };
  });
  const model = { locale: "zh-cn", questionsOnPageMode: "questionPerPage", elements };
  return {
    "/": `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>SurveyJS</title><link rel="stylesheet" href="/core.css">
<script defer src="/core.js"></script><script defer src="/zh.js"></script>
<script defer src="/ui.js"></script><script defer src="/page.js"></script>
<body><main id="survey"></main>`,
    "/core.js": readFileSync(join(core, "survey.core.min.js")),
    "/core.css": readFileSync(join(core, "survey-core.min.css")),
    "/zh.js": readFileSync(join(core, "i18n/simplified-chinese.min.js")),
    "/ui.js": readFileSync(join(ui, "survey-js-ui.min.js")),
    "/page.js": `new Survey.Model(${JSON.stringify(model)}).render(document.getElementById("survey"));`,
  };
}

/**
 * Runs in the page from its first moment on: presses what leads to the first question,
 * answers it, and notes when the answer has been painted.
 */
function answerer() {
  const onward = /^(开始|下一步)$/;
  const shown = (element) => element.getClientRects().length > 0;
  const look = () => {
    const radio = [...document.querySelectorAll("input[type=radio]")].find((input) => !input.disabled);
    if (radio) {
      performance.mark("question");
      radio.click();
      requestAnimationFrame(() => requestAnimationFrame(() => performance.mark("answer")));
      return;
    }
    const button = [...document.querySelectorAll("button")].find((b) => shown(b) && onward.test(b.textContent.trim()));
    if (button) button.click();
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

/**
 * One cold visit: bytes off the wire until the question and in all, milliseconds until question and answer.
 * `last`: the path of what comes last, if anything comes after the question.
 */
async function visit(browser, url, last) {
  // a service worker would fetch ahead, past this count, what the page then has from it; its part is told apart
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: "zh-CN", serviceWorkers: "block" });
  try {
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    const requests = new Map();
    session.on("Network.requestWillBeSent", ({ requestId, request }) => {
      // What the page carries in itself is no request.
      if (request.url.startsWith("http")) requests.set(requestId, { url: request.url, bytes: 0 });
    });
    session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
      const request = requests.get(requestId);
      if (request) request.bytes = encodedDataLength;
    });
    await session.send("Network.enable");
    await session.send("Network.emulateNetworkConditions", NETWORK);
    await session.send("Emulation.setCPUThrottlingRate", { rate: CPU });
    await page.addInitScript(answerer);
    await page.goto(url, { waitUntil: "commit" });
    await page.waitForFunction(() => performance.getEntriesByName("answer").length > 0, undefined, { timeout: 120_000 });
    const [question, answer] = await page.evaluate(() =>
      ["question", "answer"].map((name) => performance.getEntriesByName(name)[0].startTime),
    );
    const fetched = () => [...requests.values()].filter(({ bytes }) => bytes > 0);
    const path = (request) => new URL(request.url).pathname;
    while (last && !fetched().some((request) => path(request) === last)) await page.waitForTimeout(50);
    const sum = (requests) => requests.reduce((bytes, request) => bytes + request.bytes, 0);
    const needed = fetched().filter((request) => !BEHIND.test(path(request)));
    const bytes = sum(needed.filter((request) => !LATER.test(path(request))));
    return { bytes, all: sum(needed), question, answer, fetched: fetched() };
  } finally {
    await context.close();
  }
}

/** Bytes of all files that the service worker keeps, as sent, headers left aside. @param {string} url */
async function kept(url) {
  const worker = await (await fetch(`${url}/sw.js`)).text();
  const paths = Object.keys(JSON.parse(/^self\.SHIPPED=(.*);\n/.exec(worker)[1]).files);
  const sizes = await Promise.all(paths.map(async (path) => {
    const response = await fetch(url + path, { headers: { "accept-encoding": "br" } });
    await response.arrayBuffer();
    return Number(response.headers.get("content-length"));
  }));
  return sizes.reduce((sum, size) => sum + size);
}

const anxin = await collector();
const other = await serve(surveyjs());
const browser = await chromium();
try {
  const [ours, theirs] = [[], []];
  for (let run = 0; run < RUNS; run++) {
    ours.push(await visit(browser, `${anxin.url}/c/safety-demo?area=330602`, LAST));
    theirs.push(await visit(browser, `${other.url}/`));
  }
  for (const { url, bytes } of ours[0].fetched) console.log(`${String(bytes).padStart(8)}  ${new URL(url).pathname}`);
  const of = (visits, key) => median(visits.map((v) => v[key]));
  report("bytes_and_first_answer", [
    { what: "Anxin, bytes to the first question", unit: "bytes", value: of(ours, "bytes"), budget: BYTES },
    { what: "Anxin, bytes in all", unit: "bytes", value: of(ours, "all"), budget: BYTES_IN_ALL },
    { what: "Anxin, bytes of all files for use without a network", unit: "bytes", value: await kept(anxin.url) },
    { what: "SurveyJS, bytes to the first question", unit: "bytes", value: of(theirs, "bytes") },
    { what: "Anxin, first question on view", unit: "ms", value: of(ours, "question") },
    { what: "SurveyJS, first question on view", unit: "ms", value: of(theirs, "question") },
    { what: "Anxin, first answer", unit: "ms", value: of(ours, "answer") },
    { what: "SurveyJS, first answer", unit: "ms", value: of(theirs, "answer") },
    { what: "first answer, Anxin / SurveyJS", unit: "", value: of(ours, "answer") / of(theirs, "answer"), budget: SHARE },
  ]);
} finally {
  await browser.close();
  await anxin.stop();
  other.stop();
}
