/**
 * After *done* nothing of the answers is on the device but the counts: an answer pattern is planted and looked
 * for wherever a browser keeps something, and in the memory of every module.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { chromium } from "./chromium.mjs";
import { collector } from "./collector.mjs";
import { answer_all, begin, button, device, heading, TABLET, TODAY } from "./device.mjs";
import { begin_shift, take_back } from "./screens.mjs";

const RETURN = "谢谢您！请把平板交还给志愿者。";

/** Keeps hold of every module's memory, and of what passes between modules: the indices of the cells that are 1. */
function spy() {
  const held = Object.assign(window, { memories: [], ones: [] });
  for (const name of ["instantiate", "instantiateStreaming"]) {
    const original = WebAssembly[name];
    WebAssembly[name] = async (...given) => {
      const made = await original.apply(WebAssembly, given);
      held.memories.push((made.instance ?? made).exports.memory);
      return made;
    };
  }
  const subarray = Uint32Array.prototype.subarray;
  Uint32Array.prototype.subarray = function (...range) {
    const part = subarray.apply(this, range);
    if (part.length > 4) held.ones.push([...part]);
    return part;
  };
}

/** Everything that this site keeps, as text. */
async function everything() {
  const parts = [JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage }), JSON.stringify(history.state), location.href, document.cookie];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      parts.push(request.url);
      if (!/\.(wasm|js|css|png|svg)$/.test(new URL(request.url).pathname)) parts.push(await (await cache.match(request)).text());
    }
  }
  for (const { name } of await indexedDB.databases()) {
    const db = await new Promise((done) => { indexedDB.open(name).onsuccess = (e) => done(e.target.result); });
    for (const store of db.objectStoreNames) {
      const [keys, values] = await Promise.all(["getAllKeys", "getAll"].map((all) => new Promise((done) => {
        db.transaction(store).objectStore(store)[all]().onsuccess = (e) => done(e.target.result);
      })));
      parts.push(JSON.stringify([keys, values]));
    }
    db.close();
  }
  return parts.join("\n");
}

/** How often these bytes are in the memory of some module. */
function times(needles) {
  return needles.map((needle) => window.memories.reduce((sum, memory) => {
    const bytes = new Uint8Array(memory.buffer);
    let found = 0;
    for (let at = bytes.indexOf(needle[0]); at >= 0; at = bytes.indexOf(needle[0], at + 1)) {
      if (needle.every((byte, i) => bytes[at + i] === byte)) found += 1;
    }
    return sum + found;
  }, 0));
}

const words_of = (numbers) => [...new Uint8Array(Uint32Array.from(numbers).buffer)];
const text = (it) => [...new TextEncoder().encode(it)];

describe("what a respondent leaves behind", () => {
  /** @type {import("playwright-core").Browser} */
  let browser;
  before(async () => {
    browser = await chromium();
  });
  after(() => browser.close());

  test("nothing of an answer is on the tablet after done: not in storage, caches or history, nor in a module's memory", async (t) => {
    const { url, stop } = await collector({ today: TODAY });
    t.after(stop);
    const { page, context } = await device(t, browser, url, { viewport: TABLET, hasTouch: true, serviceWorkers: "allow" });
    await context.addInitScript(spy);
    await begin_shift(page);
    await button(page, "交给居民作答").click();
    await begin(page);
    await answer_all(page);
    // the control: what is there is found
    for (const found of await page.evaluate(times, [text("就目前的社会治安来说"), text("330602")])) assert.ok(found > 0);
    await button(page, "完成，交还平板").click();
    await heading(page, RETURN).waitFor();

    const ones = await page.evaluate(() => window.ones.filter((it) => it.every((n, i) => i === 0 || it[i - 1] < n)).at(-1));
    assert.ok(ones.length > 20, "the cells that passed between the modules were seen");
    // six in a row of them, wherever they stand; and the vector of zeros and ones around them, as it is split
    const middle = Math.floor(ones.length / 2);
    const vector = Array.from({ length: ones[middle + 2] - ones[middle] + 1 }, (_, i) => ones.includes(ones[middle] + i) ? 1 : 0);
    const needles = [
      words_of(ones.slice(0, 6)),
      words_of(ones.slice(middle, middle + 6)),
      words_of(vector),
      vector.flatMap((bit) => [bit, ...new Array(15).fill(0)]),
      text('{"options":["'),
      text('"special":"'),
    ];
    assert.deepEqual(await page.evaluate(times, needles), needles.map(() => 0), "in a module's memory");

    const kept = await page.evaluate(everything);
    assert.ok(!/"options":\["|"special":"/.test(kept.replaceAll("\\", "")), "an answer is kept");
    for (const [what, numbers] of [["the ones", ones.slice(middle, middle + 6)], ["the cells", vector]]) {
      assert.ok(!kept.includes(numbers.join(",")), `${what} are kept`);
    }
    assert.ok(/completed/.test(kept), "the respondent is in the journal");

    // the volunteer has it again, and goes on: still nothing
    await take_back(page);
    await button(page, "交给居民作答").waitFor();
    await button(page, "交给居民作答").click();
    await begin(page);
    assert.equal(await page.locator("input:checked").count(), 0, "the next resident sees an earlier answer");
    assert.deepEqual(await page.evaluate(times, needles), needles.map(() => 0));
  });

  test("in a resident's hands every way leads back to the survey: address, history, reload", async (t) => {
    const { url, stop } = await collector({ today: TODAY });
    t.after(stop);
    const { page } = await device(t, browser, url, { viewport: TABLET, hasTouch: true });
    await page.goto("/");
    await begin_shift(page);
    await button(page, "没人在家").click();
    await page.getByText("已记下").waitFor();
    await button(page, "交给居民作答").click();
    await begin(page);
    const residents = async (where) => {
      await page.getByRole("heading", { level: 1 }).waitFor();
      const shown = await page.locator("body").innerText();
      assert.doesNotMatch(shown, /本班次|未送达|都已送达|已完成|撤销|没人在家|结束班次/, where);
      assert.equal(await page.getByRole("link").count(), 0, `${where}: a way out`);
    };
    for (const address of ["/", "/c/safety-demo", "/c/safety-demo/results", "/c/participation-demo/shift", "/c/safety-demo/shift"]) {
      await page.goto(address);
      await page.waitForURL("**/c/safety-demo/shift");
      await residents(address);
    }
    for (let i = 0; i < 4; i++) {
      await page.goBack({ timeout: 2_000 }).catch(() => {});
      await page.waitForURL("**/c/safety-demo/shift");
      await residents(`back ${i + 1}`);
    }
    await page.reload();
    await residents("reload");
    // a form that a browser could fill in with what somebody typed before
    assert.equal(await page.locator("form:not([autocomplete=off]), input[autocomplete=on]").count(), 0);
    await button(page, "交还平板").click();
    await take_back(page);
    await button(page, "交给居民作答").waitFor();
    await page.goto("/");
    await page.getByRole("link", { name: "结果" }).first().waitFor();
  });
});
