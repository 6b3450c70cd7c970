/** A tablet that gets no network hands over a file, which `anxin import` counts, once. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { chromium } from "./chromium.mjs";
import { binary, collector, results, site } from "./collector.mjs";
import { answer_all, begin, button, device, heading, NOT_ELIGIBLE, summary, TABLET, TODAY, until, words } from "./device.mjs";
import { begin_shift, take_back } from "./screens.mjs";

/** Runs the program: what it prints, and how it ended. @param {...string} line */
const anxin = (...line) => new Promise((done) => {
  execFile(binary, [...line, "--today", TODAY], (error, out, err) => done({ code: error?.code ?? 0, out, err }));
});

describe("a tablet without a network", () => {
  /** @type {import("playwright-core").Browser} */
  let browser;
  before(async () => {
    browser = await chromium();
  });
  after(() => browser.close());

  test("its file is imported once, beside what is posted later; an altered one is refused with a sentence", async (t) => {
    const { data, remove } = site();
    t.after(remove);
    const folder = mkdtempSync(join(tmpdir(), "anxin-file-"));
    t.after(() => rmSync(folder, { recursive: true }));
    const serving = await collector({ data, today: TODAY });
    t.after(serving.stop);
    const { page, context } = await device(t, browser, serving.url, { viewport: TABLET, hasTouch: true });
    await begin_shift(page);
    await until(() => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("anxin.keys.")).length === 2));
    // saving works without a network too; the room's parts are here already
    await context.setOffline(true);
    await button(page, "没人在家").click();
    await page.getByText("已记下").waitFor();
    for (let i = 0; i < 6; i++) {
      await button(page, "交给居民作答").click();
      await begin(page);
      await answer_all(page, NOT_ELIGIBLE);
      await button(page, "完成，交还平板").click();
      await heading(page, "谢谢您！请把平板交还给志愿者。").waitFor();
      await take_back(page);
      await button(page, "交给居民作答").waitFor();
    }
    assert.match(await words(page), /还有 6 份未送达/);
    await summary(page, "没有网络？存成文件带回去").click();
    const coming = page.waitForEvent("download");
    await button(page, "存成文件").click();
    const download = await coming;
    assert.match(download.suggestedFilename(), /^safety-demo-[0-9a-f]{4}-[0-9a-f]{4}\.anxin$/);
    const file = join(folder, "tablet.anxin");
    await download.saveAs(file);
    await page.getByText("（已存进文件）").first().waitFor();
    assert.match(await words(page), /还有 6 份未送达/, "a file is no acknowledgement");

    const bytes = readFileSync(file);
    assert.ok(!bytes.includes("330602") && !bytes.includes("cells"), "the file can be read on the way");
    const altered = join(folder, "altered.anxin");
    const wrong = Buffer.from(bytes);
    wrong[wrong.length >> 1] ^= 1;
    writeFileSync(altered, wrong);
    const refused = await anxin("import", altered, "--data", data);
    assert.equal(refused.code, 1);
    assert.match(refused.out + refused.err, /nothing of it is counted/);

    const counted = async () => (await results(serving.url, "safety-demo")).n;
    const first = await anxin("import", file, "--data", data);
    assert.equal(first.code, 0, first.out + first.err);
    const n = await counted();
    assert.ok(n >= 5, `${n}`);
    const again = await anxin("import", file, "--data", data);
    assert.equal(again.code, 0, again.out + again.err);
    assert.equal(await counted(), n, "imported twice");

    // the network comes back after all: what is in the file is acknowledged, and counted no second time
    await context.setOffline(false);
    await button(page, "现在发送").click();
    await until(async () => new RegExp(`已送达\\s*${n} 份`).test(await words(page)));
    assert.match(await words(page), n === 6 ? /都已送达/ : /还有 1 份未送达/);
    assert.equal(await counted(), n);
  });
});
