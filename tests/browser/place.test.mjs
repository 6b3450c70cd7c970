/**
 * Where a respondent is: one area of many, chosen from the top down; a poster's code on a phone and on a
 * volunteer's tablet, read from a photo and by the camera, and each bad one told.
 */
import assert from "node:assert/strict";
import { createPrivateKey, sign } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { chromium } from "./chromium.mjs";
import { collector, posters, site } from "./collector.mjs";
import { answer_all, begin, button, DESK, device, heading, NOT_ELIGIBLE, status, TABLET, TODAY } from "./device.mjs";
import { begin_shift, PIN } from "./screens.mjs";

const WHERE = "您在哪个区域？";
const [LAST, OVER] = ["2026-12-10", "2026-11-30"];

describe("a place", () => {
  /** @type {import("playwright-core").Browser} */
  let browser;
  let kept, here, other_kept, elsewhere;
  before(async () => {
    [kept, other_kept] = [site(), site()];
    [browser, here, elsewhere] = await Promise.all([
      chromium(), collector({ today: TODAY, data: kept.data }), collector({ today: TODAY, data: other_kept.data }),
    ]);
  });
  after(async () => {
    await Promise.all([browser.close(), here.stop(), elsewhere.stop()]);
    kept.remove();
    other_kept.remove();
  });

  /** The payload of a poster's code, signed by Node with the collector's key. */
  function payload(area, until = LAST, campaign = "safety-demo") {
    const secret = readFileSync(join(kept.data, "place-signer.key"), "utf8").trim();
    const key = createPrivateKey({ format: "der", type: "pkcs8", key: Buffer.from(`302e020100300506032b657004220420${secret}`, "hex") });
    const signature = sign(null, Buffer.from(`anxin place 1\n${campaign}\n${area}\n${until}`), key).toString("hex");
    return `${area}${until.replaceAll("-", "")}${BigInt(`0x${signature}`).toString().padStart(155, "0")}`;
  }

  /** The first sheet of some posters, photographed. @param {string} html */
  async function photo(html) {
    const page = await browser.newPage({ viewport: DESK });
    await page.setContent(html);
    const taken = await page.locator("section").first().screenshot();
    await page.close();
    return { name: "poster.png", mimeType: "image/png", buffer: taken };
  }

  /** A film of one picture: a camera held before a poster's code. @param {string} html */
  async function frame(html) {
    const [width, height] = [640, 480];
    const near = `section { width: ${width}px; height: ${height}px; padding: 20px } section > :not(svg) { display: none }</style>`;
    const { buffer } = await photo(html.replace("</style>", near));
    const page = await browser.newPage();
    const grey = await page.evaluate(async ([png, width, height]) => {
      const taken = new Image();
      taken.src = `data:image/png;base64,${png}`;
      await taken.decode();
      const pen = Object.assign(document.createElement("canvas"), { width, height }).getContext("2d");
      pen.drawImage(taken, 0, 0);
      return [...pen.getImageData(0, 0, width, height).data].filter((_, i) => i % 4 === 0);
    }, [buffer.toString("base64"), width, height]);
    await page.close();
    const head = `YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\nFRAME\n`;
    const shades = Buffer.from(grey.map((shade) => 16 + (shade * 219 >> 8)));
    return Buffer.concat([Buffer.from(head), shades, Buffer.alloc(width * height / 2, 128)]);
  }

  const sheets = (data, campaign, ...more) => posters(data, campaign, "--today", TODAY, "--areas", "330603", ...more);
  const area_of = (page) => page.evaluate(() => /** @type {any} */ (document.querySelector("anxin-survey")).area);
  const search = (page) => new URL(page.url()).search;

  describe("on a phone", () => {
    async function phone(t, path, options) {
      const it = await device(t, browser, here.url, { hasTouch: true, ...options });
      await it.page.goto(path);
      await button(it.page, /^(开始|Start)$/).waitFor();
      return it;
    }

    test("comes with the poster's code, and leaves no trace in the address", async (t) => {
      const { page, requests } = await phone(t, `/c/safety-demo?p=${payload("330603")}`);
      assert.equal(await page.getByLabel(WHERE).count(), 0, "nothing to choose");
      assert.deepEqual([await area_of(page), search(page)], ["330603", ""]);
      assert.ok(!requests.some(({ path }) => /anxin_place|areas-/.test(path)), "a phone does not pay for what it does not need");
      await begin(page);
      await answer_all(page, NOT_ELIGIBLE);
      await page.goto("about:blank");
      await page.goBack();
      assert.equal(search(page), "");
    });

    test("on the code's last day it counts, and `?area=` goes on working", async (t) => {
      const { page } = await phone(t, `/c/safety-demo?p=${payload("330604")}`, { day: LAST });
      assert.equal(await area_of(page), "330604");
      await page.goto("/c/safety-demo?area=330681");
      await button(page, "开始").waitFor();
      assert.equal(await area_of(page), "330681");
    });

    for (const [what, code, zh, en] of [
      ["expired", () => payload("330603", OVER), "这张海报的二维码已经过期，请在下面选择您所在的区域。", "This poster's QR code has expired; please choose your area below."],
      ["of an area outside the campaign", () => payload("330699"), "二维码上的区域不在这次活动里，请在下面选择您所在的区域。", "The area on the QR code is not part of this survey or quiz; please choose yours below."],
      ["cut short", () => payload("330603").slice(0, 90), "这个二维码不完整，请在下面选择您所在的区域。", "This QR code is not complete; please choose your area below."],
      ["no code at all", () => "abc", "这个二维码不完整，请在下面选择您所在的区域。", "This QR code is not complete; please choose your area below."],
    ]) {
      test(`a code that is ${what} is told, and the list is there`, async (t) => {
        const { page } = await phone(t, `/c/safety-demo?p=${code()}`);
        await page.getByRole("alert").getByText(zh, { exact: true }).waitFor();
        await page.getByLabel(WHERE).selectOption("330624");
        await button(page, "English").click();
        await page.getByRole("alert").getByText(en, { exact: true }).waitFor();
        assert.equal(await page.getByLabel("Which area are you in?").inputValue(), "330624", "what was chosen stays");
        await begin(page, "330624");
        assert.equal(await area_of(page), "330624");
      });
    }

    test("of many areas is found from the community down, by keyboard too", async (t) => {
      const { page } = await phone(t, "/c/town-demo");
      const [community, grid] = [page.getByLabel("村、社区"), page.getByLabel("网格", { exact: true })];
      await page.getByRole("group", { name: WHERE }).waitFor();
      assert.equal(await grid.count(), 0);
      assert.equal(await community.locator("option").count(), 9, "eight communities of the one town");
      await button(page, "开始").click();
      await page.locator(".problem").getByText(WHERE).waitFor();
      assert.ok(await community.evaluate((it) => it === document.activeElement));
      await page.keyboard.press("ArrowDown");
      assert.equal(await community.inputValue(), "330602901001");
      assert.deepEqual(await grid.locator("option").allTextContents(), ["请选择", "南门社区第1网格", "南门社区第2网格"]);
      assert.equal(await area_of(page), null, "a community is no area of the campaign");
      await button(page, "开始").click();
      assert.ok(await grid.evaluate((it) => it === document.activeElement), "the first list that is open");
      await grid.selectOption("南门社区第2网格");
      assert.equal(await area_of(page), "330602901001002");
      await community.selectOption("春晖社区");
      assert.equal(await area_of(page), null, "another community, no grid yet");
      await grid.selectOption("春晖社区第1网格");
      await button(page, "English").click();
      await page.getByRole("group", { name: "Which area are you in?" }).waitFor();
      assert.equal(await page.getByLabel("Village or community").inputValue(), "330602901003", "what was chosen stays");
      assert.equal(await page.getByLabel("Grid", { exact: true }).inputValue(), "330602901003001");
      await button(page, "Start").click();
      await page.locator("#question").waitFor();
      assert.equal(await area_of(page), "330602901003001");
    });

    test("of many areas a code leads right to its own", async (t) => {
      const { page } = await phone(t, `/c/town-demo?p=${payload("330602901008002", LAST, "town-demo")}`);
      assert.equal(await page.getByRole("combobox").count(), 0);
      assert.equal(await area_of(page), "330602901008002");
    });
  });

  describe("on a volunteer's tablet", () => {
    const PHOTO = "或者选一张海报的照片";
    const chosen = (page) => page.getByLabel("所在区域");

    async function tablet(t, path = "/c/safety-demo/shift", options = {}, on = browser) {
      const it = await device(t, on, here.url, { viewport: TABLET, hasTouch: true, ...options });
      await it.page.goto(path);
      await button(it.page, "扫海报上的二维码").waitFor();
      return it;
    }

    /** A tablet whose camera is denied, so that a photo is asked for. */
    async function photographer(t, ...options) {
      const it = await tablet(t, ...options);
      await button(it.page, "扫海报上的二维码").click();
      await status(it.page).getByText("这台设备打不开相机，或者没有允许使用。可以选一张海报的照片，或在列表里选择区域。").waitFor();
      return it;
    }

    test("is read from a photo of the poster, and the shift begins there", async (t) => {
      const { page } = await photographer(t);
      await page.getByLabel(PHOTO).setInputFiles(await photo(sheets(kept.data, "safety-demo")));
      await status(page).getByText("区域已选好：柯桥区").waitFor();
      assert.equal(await chosen(page).inputValue(), "330603");
      await page.getByLabel("设一个 PIN（4–8 位数字）").fill(PIN);
      await page.getByLabel("再输一次 PIN").fill(PIN);
      await button(page, "开始班次").click();
      await page.getByText("柯桥区 330603").waitFor();
    });

    test("is found on a small and skewed photo, and one of many areas", async (t) => {
      const { page } = await photographer(t, "/c/town-demo/shift");
      const html = posters(kept.data, "town-demo", "--today", TODAY, "--areas", "330602901006002")
        .replace("</style>", "section { transform: rotate(7deg) skewX(3deg) scale(.6); filter: blur(.4px) contrast(.7) }</style>");
      await page.getByLabel(PHOTO).setInputFiles(await photo(html));
      await status(page).getByText("区域已选好：越城区 · 示范街道 · 府桥社区 · 府桥社区第2网格").waitFor();
      assert.equal(await page.getByLabel("村、社区").inputValue(), "330602901006");
      assert.equal(await page.getByLabel("网格", { exact: true }).inputValue(), "330602901006002");
    });

    test("each bad photo is told, and a good one is taken after it", async (t) => {
      const { page } = await photographer(t, undefined, { day: "2026-12-11" });
      const blank = "<section>没有二维码</section>";
      for (const [file, sentence] of [
        [await photo(sheets(kept.data, "safety-demo", "--until", LAST)), "这个二维码已经过期，请向组织单位换新的海报。"],
        [await photo(sheets(other_kept.data, "safety-demo")), "这个二维码不是组织单位签发的，或者被改动过，不能使用。"],
        [await photo(sheets(kept.data, "participation-demo")), "这是另一项活动的二维码。"],
        [await photo(blank), "照片里没有读到二维码。请靠近一些、拍清楚再试，或在列表里选择区域。"],
        [{ name: "poster.png", mimeType: "image/png", buffer: Buffer.from("no picture") }, "这个文件不是能打开的照片。"],
      ]) {
        await page.getByLabel(PHOTO).setInputFiles(file);
        await status(page).getByText(sentence, { exact: true }).waitFor();
        assert.equal(await chosen(page).inputValue(), "", sentence);
      }
      await page.getByLabel(PHOTO).setInputFiles(await photo(sheets(kept.data, "safety-demo")));
      await status(page).getByText("区域已选好：柯桥区").waitFor();
    });

    test("comes with the address too, checked whole, and leaves no trace there", async (t) => {
      const forged = payload("330603").replace("330603", "330602");
      for (const [code, sentence, area] of [
        [payload("330603"), "区域已选好：柯桥区", "330603"],
        [forged, "这个二维码不是组织单位签发的，或者被改动过，不能使用。", ""],
        [payload("330603", OVER), "这个二维码已经过期，请向组织单位换新的海报。", ""],
        [payload("330699"), "二维码上的区域不在这次活动里。", ""],
        [payload("330603", LAST, "town-demo"), "这个二维码不是组织单位签发的，或者被改动过，不能使用。", ""],
        ["12345", "这不是海报上的二维码，或者码不完整。", ""],
      ]) {
        const { page, context } = await tablet(t, `/c/safety-demo/shift?p=${code}`);
        await status(page).getByText(sentence, { exact: true }).waitFor();
        assert.equal(await chosen(page).inputValue(), area);
        assert.equal(search(page), "");
        await context.close();
      }
    });

    test("without a network a code is checked all the same", async (t) => {
      const { page, context, requests } = await photographer(t);
      const good = await photo(sheets(kept.data, "safety-demo"));
      await page.getByLabel(PHOTO).setInputFiles(await photo("<section>没有二维码</section>"));
      await status(page).getByText("照片里没有读到二维码。").waitFor();
      await context.setOffline(true);
      const before = requests.length;
      await page.getByLabel(PHOTO).setInputFiles(good);
      await status(page).getByText("区域已选好：柯桥区").waitFor();
      assert.equal(requests.length, before);
    });

    test("a camera that is denied is told, and the list is there", async (t) => {
      const { page } = await photographer(t);
      await begin_shift(page);
    });

    test("is read by the camera, which is off when it has read or is left", async (t) => {
      const folder = mkdtempSync(join(tmpdir(), "anxin-camera-"));
      t.after(() => rmSync(folder, { recursive: true, force: true }));
      const film = join(folder, "poster.y4m");
      const poster = async (html) => writeFileSync(film, await frame(html));
      const start = () => chromium("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", `--use-file-for-fake-video-capture=${film}`);
      await poster(sheets(other_kept.data, "safety-demo"));
      let filming = await start();
      t.after(() => filming.close());
      const watched = async () => {
        const it = await device(t, filming, here.url, { viewport: TABLET, hasTouch: true });
        await it.page.addInitScript(() => {
          const get = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
          navigator.mediaDevices.getUserMedia = async (wanted) => globalThis.stream = await get(wanted);
        });
        await it.page.goto("/c/safety-demo/shift");
        await button(it.page, "扫海报上的二维码").click();
        return it;
      };
      const off = (page) => page.waitForFunction(() => globalThis.stream?.getTracks().every(({ readyState }) => readyState === "ended"));

      // somebody else's poster is told, and the camera looks on until it is put away
      const first = await watched();
      await status(first.page).getByText("这个二维码不是组织单位签发的，或者被改动过，不能使用。").waitFor();
      assert.equal(await first.page.evaluate(() => globalThis.stream.active), true);
      await button(first.page, "关闭相机").click();
      await off(first.page);
      await button(first.page, "扫海报上的二维码").click();
      await button(first.page, "关闭相机").waitFor();
      await begin_shift_here(first.page);
      await off(first.page);
      await first.context.close();

      await filming.close();
      await poster(sheets(kept.data, "safety-demo"));
      filming = await start();
      const { page } = await watched();
      await status(page).getByText("区域已选好：柯桥区").waitFor();
      assert.equal(await chosen(page).inputValue(), "330603");
      await off(page);
      await button(page, "扫海报上的二维码").waitFor();
    });

    /** Starts the shift on the screen on view. */
    async function begin_shift_here(page) {
      await chosen(page).selectOption("330602");
      await page.getByLabel("设一个 PIN（4–8 位数字）").fill(PIN);
      await page.getByLabel("再输一次 PIN").fill(PIN);
      await button(page, "开始班次").click();
      await heading(page, "群众安全感问卷").waitFor();
    }
  });
});
