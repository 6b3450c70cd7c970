/**
 * A tablet that dies at a chosen moment of its life, and the proof that nobody was lost or counted twice.
 *
 * One run is one shift: residents, doors, undos, releases and sends drawn from the run's seed, on the shipped
 * modules; at up to three fault points the page's process, the collector or both are killed and started again. Then
 * everything is delivered, and each respondent has to be in the collector's sums once.
 * @module
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "./chromium.mjs";
import { collector } from "./collector.mjs";
import { begin, button, heading, option, summary, TABLET, TODAY } from "./device.mjs";
import { AREAS, CAMPAIGN, choice, copy, counted } from "./ledger.mjs";
import { begin_shift, PIN, take_back } from "./screens.mjs";

/**
 * Every boundary at which the page touches the world, and on which side of it death comes. Those in the page stop
 * its only thread there; the process is then killed, as when Android wants the memory or the battery is empty.
 */
export const POINTS = [
  // a step of the journal, one transaction
  "transaction: asked for, not begun",
  "transaction: begun, nothing written",
  "transaction: head written, not the rest",
  "transaction: report written, not the rest",
  "transaction: report dropped, not the rest",
  "transaction: entries dropped for the whole, not the rest",
  "transaction: all written, not committed",
  "transaction: committed, the page has not heard",
  "transaction: committed, the page has heard",
  // a released report on its way to where phones keep theirs
  "report: not yet copied",
  "report: copied, not noted",
  "report: counted, not yet removed",
  "report: counted and removed",
  // a post: a batch, doors or a report
  "post: not yet sent",
  "post: received, the answer not yet back",
  "post: the answer back, not read",
  "post: the answer read, not noted",
  // the other end
  "collector: killed before it has the post",
  "collector: killed while it writes",
  "collector: killed after it wrote, the answer lost",
  "both: killed after the collector wrote",
];

/** Points that the page meets in itself; the others lie on the line. */
const ON_THE_LINE = POINTS.filter((it) => /^(collector|both):|the answer not yet back/.test(it));

/**
 * Defects as they might be planted into a page: each must be found.
 * @typedef {"forgets a respondent" | "a new id for each try" | "notes what was not acknowledged"} Defect
 */

/**
 * Runs in the page before everything else: meets the fault point, and stops there for good.
 * @param {{ point?: string, nth: number, defect?: Defect }} plan
 */
function fault({ point, nth, defect }) {
  let met = 0;
  const meet = (name) => {
    if (name !== point || ++met < nth) return;
    console.debug("DIES");
    for (;;);
  };
  const wrap = (on, name, make) => {
    const own = on[name];
    on[name] = make(own);
  };
  wrap(IDBDatabase.prototype, "transaction", (own) => function (stores, mode, options) {
    if (mode !== "readwrite") return own.call(this, stores, mode, options);
    meet("transaction: asked for, not begun");
    const it = own.call(this, stores, mode, options);
    it.addEventListener("complete", () => {
      meet("transaction: committed, the page has not heard");
      // the page's own listener comes after this one, and its promises after that
      setTimeout(() => meet("transaction: committed, the page has heard"));
    });
    queueMicrotask(() => meet("transaction: begun, nothing written"));
    return it;
  });
  wrap(IDBObjectStore.prototype, "put", (own) => function (value, key) {
    if (defect === "forgets a respondent" && typeof value === "string" && value.startsWith('{"completed"')) {
      value = '{"left":{}}';
    }
    const request = own.call(this, value, key);
    if (key === "head") {
      meet("transaction: head written, not the rest");
      // what is put in the same turn has been put when a microtask runs
      queueMicrotask(() => meet("transaction: all written, not committed"));
    } else if (this.name === "reports") meet("transaction: report written, not the rest");
    return request;
  });
  wrap(IDBObjectStore.prototype, "delete", (own) => function (key) {
    const request = own.call(this, key);
    meet(this.name === "reports" ? "transaction: report dropped, not the rest" : "transaction: entries dropped for the whole, not the rest");
    return request;
  });
  const is_report = (key) => String(key).startsWith("anxin.report.");
  wrap(Storage.prototype, "setItem", (own) => function (key, text) {
    const copied = is_report(key) && this.getItem(key) === null;
    if (copied) meet("report: not yet copied");
    own.call(this, key, text);
    if (copied) meet("report: copied, not noted");
  });
  wrap(Storage.prototype, "removeItem", (own) => function (key) {
    if (is_report(key)) meet("report: counted, not yet removed");
    own.call(this, key);
    if (is_report(key)) meet("report: counted and removed");
  });
  wrap(globalThis, "fetch", (own) => async function (url, options) {
    if (!["POST", "PUT"].includes(options?.method)) return own(url, options);
    meet("post: not yet sent");
    if (defect === "a new id for each try" && /batches$/.test(url)) {
      const batch = JSON.parse(new TextDecoder().decode(options.body));
      const { id } = batch;
      batch.id = Array.from(crypto.getRandomValues(new Uint8Array(16)), (it) => it.toString(16).padStart(2, "0")).join("");
      options = { ...options, body: JSON.stringify(batch) };
      const answer = await own(url, options);
      return new Response((await answer.text()).replace(batch.id, id), { status: answer.status });
    }
    let response;
    try {
      response = await own(url, options);
    } catch (e) {
      if (defect !== "notes what was not acknowledged" || !/batches$/.test(url)) throw e;
      const { id } = JSON.parse(new TextDecoder().decode(options.body));
      response = new Response(JSON.stringify({ id, counted: true }), { status: 201 });
    }
    meet("post: the answer back, not read");
    const read = response.arrayBuffer.bind(response);
    response.arrayBuffer = async () => {
      const bytes = await read();
      meet("post: the answer read, not noted");
      return bytes;
    };
    return response;
  });
  // pauses between tries are no part of this
  wrap(globalThis, "setTimeout", (own) => (then, ms, ...more) =>
    own(then, ms >= 1000 && ms !== 30_000 ? Math.min(ms / 40, 300) : ms, ...more));
}

/** The same numbers for the same seed: mulberry32. @param {number} seed */
export function numbers(seed) {
  let state = seed * 0x9e3779b9 >>> 0;
  const next = () => {
    state = state + 0x6d2b79f5 >>> 0;
    let it = Math.imul(state ^ state >>> 15, state | 1);
    it ^= it + Math.imul(it ^ it >>> 7, it | 61);
    return ((it ^ it >>> 14) >>> 0) / 2 ** 32;
  };
  return { below: (n) => Math.floor(next() * n), one_of: (list) => list[Math.floor(next() * list.length)] };
}

/** The page was killed while it did this. */
class Dead extends Error {}

/** A page that drives the shipped modules by script, in the place of the one with buttons. */
const BENCH = "/bench/";
const www = fileURLToPath(new URL("../../www/", import.meta.url));
const MEDIA = { js: "text/javascript", wasm: "application/wasm" };

/** @param {import("playwright-core").BrowserContext} context */
export async function serve_bench(context) {
  await context.route((url) => url.pathname === BENCH, (route) =>
    route.fulfill({ contentType: "text/html", body: "<!doctype html><main id=main></main>" }));
  await context.route((url) => /^\/bench\/.+|^\/pkg\/\w+\.wasm$/.test(url.pathname), (route) => {
    const path = new URL(route.request().url()).pathname.replace(/^\/(bench\/)?/, "");
    return route.fulfill({ contentType: MEDIA[path.split(".").pop() ?? ""], body: readFileSync(www + path) });
  });
}

/** In the bench page: opens the journal as the page does, and leaves what drives it in `bench`; how long the journal took, in ms. @param {{ campaign: string, mode: string, pin: string }} of */
export async function open_bench({ campaign: id, mode, pin }) {
  const [module, { journal }, { prepare, notice }] = await Promise.all(
    ["/bench/pkg/anxin_shift.js", "/bench/journal.js", "/bench/report.js"].map((it) => import(it)));
  const { default: init, Shift, Survey } = module;
  const exports = await init({ module_or_path: "/bench/pkg/anxin_shift_bg.wasm" });
  // what the service worker keeps on a real tablet is kept here by the bench
  const kept = async (url) => {
    const cache = await caches.open("bench");
    const found = await cache.match(url);
    if (found) return found;
    const response = await fetch(url);
    await cache.put(url, response.clone());
    return response;
  };
  const campaign_json = await (await kept(`/api/campaigns/${id}`)).text();
  const campaign = JSON.parse(campaign_json);
  const bytes = new Uint8Array(await (await kept(`/api/questionnaires/${campaign.questionnaire}`)).arrayBuffer());
  const started = performance.now();
  await Shift.open(journal);
  const opening = performance.now() - started;
  const state = () => Shift.current(campaign_json);
  const sealers = {};
  const sealer = async () => {
    const { area } = state();
    for (let tries = 0; !sealers[area] && tries < 20; tries++) sealers[area] = await prepare(campaign, area).catch(() => undefined);
    return sealers[area];
  };
  notice();
  Shift.keep_sending(() => {});
  globalThis.bench = {
    state,
    memory: () => exports.memory.buffer.byteLength,
    begin: (area) => Shift.begin(campaign_json, area, mode, pin),
    hand_over: () => Shift.hand_over(campaign_json),
    async complete(answers) {
      const survey = new Survey(bytes, campaign.questionnaire);
      survey.start_seeded(mode, 1);
      for (const answer of answers) {
        survey.answer(answer);
        survey.forward();
      }
      await Shift.complete(campaign_json, survey, false, await sealer());
      survey.free();
      Shift.keep_sending(() => {});
    },
    leave: () => Shift.leave(campaign_json, true),
    take_back: () => Shift.take_back(campaign_json, pin),
    visit: (outcome) => Shift.visit(campaign_json, outcome),
    undo: () => Shift.undo(campaign_json),
    async settle() {
      await Shift.settle();
      Shift.keep_sending(() => {});
    },
    send: () => Shift.send(),
    async release() {
      await Shift.release(campaign_json);
      notice();
    },
    end: () => Shift.end(campaign_json, pin),
    waits: () => Object.keys(localStorage).filter((key) => key.startsWith("anxin.report.")).length,
  };
  return opening;
}

/** What one run does is done through one of these: by script, or by the buttons of the page. */
const by_script = (page) => {
  const call = (name, argument) => page.evaluate(([name, argument]) => globalThis.bench[name](argument), [name, argument]);
  return {
    open: async () => {
      await page.goto(BENCH);
      await page.evaluate(open_bench, { campaign: CAMPAIGN, mode: "self_completed", pin: PIN });
    },
    call,
    complete: (number) => call("complete", choice(number).map((i) => ({ options: [`o${i}`] }))),
  };
};

/** @param {import("playwright-core").Page} page */
function by_buttons(page) {
  const RETURN = "谢谢您！请把平板交还给志愿者。";
  const LEFT = "请把平板交还给志愿者。";
  /** @type {Record<string, import("playwright-core").Locator>} */
  const faces = {
    none: button(page, "开始班次"), volunteer: button(page, "交给居民作答"), resident: page.locator("anxin-survey h1"),
    done: heading(page, RETURN), left: heading(page, LEFT),
  };
  const quit = page.getByRole("button", { name: /^撤销上一户/ });
  const does = {
    /** Whose face is on view. */
    async state() {
      await Object.values(faces).reduce((any, it) => any.or(it)).first().waitFor();
      for (const [hand, face] of Object.entries(faces)) {
        if (!await face.count()) continue;
        if (hand === "none") return null;
        const total = hand === "volunteer" ? /走访\s*(\d+) 户/.exec(await page.locator("#progress").innerText())?.[1] : undefined;
        return { hand, doors: { total: Number(total) }, undo: await quit.count() > 0 };
      }
      return undefined;
    },
    // the start screen has a heading too: only the desk's face says that the shift is on
    begin: (area) => begin_shift(page, { campaign: CAMPAIGN, area }).then(() => faces.volunteer.waitFor()),
    hand_over: () => faces.volunteer.click().then(() => faces.resident.waitFor()),
    async leave() {
      await begin(page);
      await option(page, "选项0").check();
      await button(page, "下一步").click();
      await button(page, "停止作答").click();
      await button(page, "删除并停止").click();
      await faces.left.waitFor();
    },
    take_back: () => take_back(page).then(() => faces.volunteer.waitFor()),
    async visit(outcome) {
      const name = { nobody_home: "没人在家", refused: "拒绝", not_eligible: "不符合条件" }[outcome];
      await button(page, name).click();
      await page.locator("#told").getByText(`已记下：${name}。`).waitFor();
    },
    async undo() {
      await quit.click();
      await page.locator("#told").getByText("已撤销。").waitFor();
    },
    // the desk settles by itself; who does not wait for that sends
    settle: () => does.send(),
    async send() {
      await button(page, "现在发送").click();
      await page.locator("#sending").getByText(/都送到了|还有没送到的/).waitFor();
    },
    async release() {
      const it = summary(page, "加密单独发出");
      if (!await it.count()) return does.send();
      await it.click();
      await page.getByRole("button", { name: /加密单独发出/ }).click();
      await page.locator("#told").getByText("已转为加密发送。").waitFor();
    },
    async end() {
      await summary(page, "结束班次").click();
      await page.getByLabel("志愿者输入 PIN").fill(PIN);
      await button(page, "结束班次").click();
      await faces.none.waitFor();
    },
  };
  return {
    open: () => page.goto(`/c/${CAMPAIGN}/shift`).then(() => does.state()),
    call: (name, argument) => does[name](argument),
    async complete(number) {
      await begin(page);
      for (const i of choice(number)) {
        await option(page, `选项${i}`).check();
        await button(page, "下一步").click();
      }
      await button(page, "完成，交还平板").click();
      await faces.done.waitFor();
    },
  };
}

/**
 * Kills the processes of a browser's pages; what they had not told the browser itself is lost.
 * @param {import("playwright-core").Page} page the only one
 */
async function kill(page) {
  // a page between two processes crashes in silence
  const crashed = new Promise((done) => {
    page.once("crash", done);
    setTimeout(done, 2000);
  });
  const session = await page.context().browser()?.newBrowserCDPSession();
  const { processInfo } = await session?.send("SystemInfo.getProcessInfo") ?? { processInfo: [] };
  for (const { type, id } of processInfo) if (type === "renderer") process.kill(id, "SIGKILL");
  await crashed;
  await page.close();
}

/** So long the browser may take for an empty page; otherwise its process was killed with the last page's. */
const BLANK = 4000;

/** An empty page whose clock stands still. @param {import("playwright-core").BrowserContext} context */
async function blank(context) {
  for (let tries = 0; tries < 5; tries++) {
    const opening = context.newPage().then(async (page) => {
      await page.clock.setFixedTime(new Date(`${TODAY}T12:00:00+08:00`));
      return page;
    });
    const late = new Promise((_, no) => { setTimeout(no, BLANK, new Error("no page")); });
    const page = await Promise.race([opening, late]).catch(() => undefined);
    if (page) return page;
    opening.then((page) => page.close()).catch(() => {});
  }
  throw new Error("the browser opens no page any more");
}

/** A run takes some seconds. */
const LONGEST = 120_000;

/**
 * One shift with its deaths.
 * @param {string} template a data directory
 * @param {{ seed: number, point?: string, steps?: number | string[], buttons?: boolean, defect?: Defect, log?: (line: string) => void }} options
 *   `point`: where it dies first, otherwise the seed says that too; `steps`: how many, or which: then it dies
 *   once, at the first chance; `buttons`: on the page itself, by its buttons
 * @returns {Promise<{ deaths: string[], respondents: number }>} the points at which it died
 */
export async function run(template, { seed, point, steps = 26, buttons = false, defect, log = () => {} }) {
  const chance = numbers(seed);
  const { data, remove } = copy(template);
  let server = await collector({ data, today: TODAY });
  const { url, port } = server;
  // of its own: what is killed is nobody else's
  const browser = await chromium();
  const context = await browser.newContext({ baseURL: url, viewport: TABLET, locale: "zh-CN", serviceWorkers: "block", timezoneId: "Asia/Shanghai" });
  context.setDefaultTimeout(20_000);
  await serve_bench(context);

  /** What a death on the line is about. */
  const anything = /\/(batches|fieldwork|reports)$/;
  const about = typeof steps === "number" ? chance.one_of([/\/batches$/, anything]) : anything;
  /** Where this life ends, and the next ones. */
  const plans = [point ?? POINTS[seed % POINTS.length], chance.one_of(POINTS), chance.one_of(POINTS)].slice(0, 1 + chance.below(3))
    .map((point) => ({ point, nth: 1 + chance.below(point.startsWith("transaction: ") && !/report|whole/.test(point) ? 30 : 2) }));
  if (typeof steps !== "number") plans.splice(0, Infinity, { point: point ?? POINTS[0], nth: 1 });
  const deaths = [];
  let by_buttons_now = buttons;
  let doing = "begin";
  /** @type {ReturnType<typeof life> extends Promise<infer T> ? T : never} */
  let it;

  /** The collector is gone without a word, and comes back a while later. */
  let restarting = Promise.resolve();
  const restart = () => restarting = (async () => {
    await server.kill();
    await new Promise((go) => setTimeout(go, chance.below(300)));
    server = await collector({ data, port, today: TODAY });
  })();

  /** A page from its opening until it dies. */
  async function life() {
    const plan = plans.shift();
    const page = await blank(context);
    let die = (_) => {};
    const death = new Promise((_, reject) => { die = () => reject(new Dead()); });
    death.catch(() => {});
    const dies = () => {
      deaths.push(plan?.point);
      die();
    };
    page.on("console", (message) => message.text() === "DIES" && dies());
    await page.addInitScript(fault, { ...plan, nth: plan?.nth ?? 0, defect });
    if (plan && ON_THE_LINE.includes(plan.point)) {
      let met = 0;
      await page.route(about, async (route) => {
        if (++met !== plan.nth) return route.continue().catch(() => {});
        if (plan.point === "collector: killed before it has the post") {
          deaths.push(plan.point);
          restart();
        } else if (plan.point === "collector: killed while it writes") {
          deaths.push(plan.point);
          const answer = route.fetch({ timeout: 5000 }).catch(() => {});
          await new Promise((go) => setTimeout(go, chance.below(20)));
          restart();
          await answer;
        } else {
          await route.fetch();
          if (plan.point.startsWith("post:")) return dies();
          if (plan.point.startsWith("both:")) {
            restart();
            return dies();
          }
          deaths.push(plan.point);
          restart();
        }
        await route.abort().catch(() => {});
      });
    }
    const hands = by_buttons_now ? by_buttons(page) : by_script(page);
    /** @template T @param {Promise<T>} work @returns {Promise<T>} */
    const alive = (work) => {
      work.catch(() => {});
      return Promise.race([work, death]);
    };
    return { page, alive, hands, call: (name, argument) => alive(hands.call(name, argument)) };
  }

  /** Opens the tablet until it stays open. */
  async function reopen() {
    for (;;) {
      if (it) await kill(it.page);
      await restarting;
      it = await life();
      try {
        await it.alive(it.hands.open());
        return;
      } catch (e) {
        if (!(e instanceof Dead)) throw e;
        log(`died opening: ${deaths.at(-1)}`);
      }
    }
  }

  /** Does something; if the page dies meanwhile, what the tablet says afterwards tells whether it was done. */
  async function sure(work, done) {
    for (;;) {
      try {
        await work(it);
        return;
      } catch (e) {
        if (!(e instanceof Dead)) throw e;
        log(`died: ${deaths.at(-1)}`);
        await reopen();
        // which may kill it again
        for (;;) {
          try {
            if (done(await it.call("state"))) return;
            break;
          } catch (e) {
            if (!(e instanceof Dead)) throw e;
            await reopen();
          }
        }
      }
    }
  }

  // what ought to be
  /** @type {Set<number>} */
  const people = new Set();
  /** @type {Record<string, number>} */
  const doors = {};
  /** @type {{ outcome: string, number?: number } | undefined} */
  let last;
  let shift_doors = 0;
  let next = 0;
  const door = (outcome, number) => {
    doors[outcome] = (doors[outcome] ?? 0) + 1;
    shift_doors++;
    last = { outcome, number };
  };
  const call = (name, argument) => (it) => it.call(name, argument);
  const begin_in = async (area) => {
    await sure(call("begin", area), (state) => state !== null);
    [shift_doors, last] = [0, undefined];
  };
  const end = () => sure(call("end"), (state) => state === null);

  const actions = {
    async resident() {
      const number = next++;
      await sure(call("hand_over"), (state) => state.hand === "resident");
      await sure((it) => it.alive(it.hands.complete(number)), (state) => state.hand === "done");
      people.add(number);
      door("completed", number);
      await sure(call("take_back"), (state) => state.hand === "volunteer");
    },
    async leaves() {
      await sure(call("hand_over"), (state) => state.hand === "resident");
      await sure(call("leave"), (state) => state.hand === "left");
      door("refused");
      await sure(call("take_back"), (state) => state.hand === "volunteer");
    },
    async visit() {
      const outcome = chance.one_of(["nobody_home", "refused", "not_eligible"]);
      await sure(call("visit", outcome), (state) => state.doors.total === shift_doors + 1);
      door(outcome);
    },
    async undo() {
      if (!last || !(await ask("state")).undo) return;
      await sure(call("undo"), (state) => state.doors.total === shift_doors - 1);
      doors[last.outcome]--;
      shift_doors--;
      if (last.number !== undefined) people.delete(last.number);
      last = undefined;
    },
    async settle() {
      await sure(call("settle"), () => false);
      last = undefined;
    },
    async send() {
      await sure(call("send"), () => false);
      last = undefined;
    },
    async release() {
      await sure(call("release"), () => false);
      last = undefined;
    },
    async shift() {
      await end();
      await begin_in(chance.one_of(AREAS));
    },
  };
  /** A question, however often the page dies over it. */
  async function ask(name) {
    let answer;
    await sure(async (it) => { answer = await it.call(name); }, () => false);
    return answer;
  }

  const work = async () => {
    await reopen();
    await begin_in(AREAS[0]);
    const likely = ["resident", "resident", "resident", "resident", "resident", "leaves", "visit", "visit", "undo", "settle", "send", "release", "shift"];
    const names = typeof steps === "number" ? Array.from({ length: steps }, () => chance.one_of(likely)) : steps;
    for (const name of names) {
      log(doing = name);
      await actions[name]();
    }
    // the last life: no more deaths, all that is left goes out
    doing = "deliver";
    plans.length = 0;
    by_buttons_now = false;
    await kill(it.page);
    await restarting;
    it = undefined;
    await reopen();
    for (const area of AREAS) {
      await end();
      await begin_in(area);
      await actions.release();
    }
    await end();
    await begin_in(AREAS[0]);
    const deadline = Date.now() + 30_000;
    for (;;) {
      await it.call("send");
      const { waiting, unsent } = await it.call("state");
      if (!waiting && !unsent.length && !await it.call("waits")) break;
      assert.ok(Date.now() < deadline, `${waiting} respondents and ${unsent.length} posts are stuck: ${JSON.stringify(unsent)}`);
      await new Promise((go) => setTimeout(go, 50));
    }
    await server.stop();
    const found = await counted(data);
    const expected = [...people].sort((a, b) => a - b);
    const twice = found.who.filter((number, i) => found.who[i - 1] === number);
    const strangers = found.who.filter((number) => !people.has(number));
    const lost = expected.length - found.who.length - found.under_k;
    assert.deepEqual({ twice, strangers, lost }, { twice: [], strangers: [], lost: 0 });
    const counts = (it) => Object.fromEntries(Object.entries(it).filter(([, n]) => n > 0).sort());
    assert.deepEqual(counts(found.doors), counts(doors));
    return { deaths, respondents: people.size };
  };
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let late;
  const hangs = new Promise((_, reject) => { late = setTimeout(() => reject(new Error(`hangs at: ${doing}`)), LONGEST); });
  try {
    return await Promise.race([work(), hangs]);
  } catch (e) {
    e.message = `seed ${seed}, died at [${deaths.join(" | ")}]: ${e.message}`;
    throw e;
  } finally {
    clearTimeout(late);
    await browser.close();
    await restarting.catch(() => {});
    await server.stop().catch(() => {});
    remove();
  }
}
