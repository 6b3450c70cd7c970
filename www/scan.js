/**
 * A poster's code, read with a tablet's camera or from a photo, and checked without a network. Nothing of the
 * picture is kept or sent; the camera is off as soon as a code was read or the screen is left.
 */

import { full_name } from "./areas.js";
import { button, el } from "./dom.js";
import { tell } from "./words-place.js";
import * as place from "./pkg/anxin_place.js";

/** @typedef {import("./types.js").Campaign} Campaign */
/** @typedef {import("./words-place.js").Key} Key */

/** Milliseconds from one look at the camera's picture to the next. */
const LOOK = 250;

/** The longer side of a camera's picture, and of a photo in the sizes that are tried: small ones are read fast, and
 * sharp where a photo is noisy. In pixels. */
const [FRAME, PHOTO] = [800, [1600, 800, 2800]];

/** @type {Promise<unknown> | undefined} */
let starting;
/** The module that reads and checks; one that did not come is asked for again. */
const start = () => starting ??= place.default({ module_or_path: "/pkg/anxin_place_bg.wasm" }).catch((e) => {
  starting = undefined;
  throw e;
});

/**
 * The area to which a code leads: the payload of a poster, or its whole address.
 * Throws errors with the names that `verify_place` throws.
 * @param {string} campaign_json @param {string} text
 */
export async function verify(campaign_json, text) {
  await start();
  return place.verify_place(campaign_json, text);
}

/** What a code in a picture says. @param {CanvasImageSource} picture @param {number} width @param {number} height @param {number} longest */
function read(picture, width, height, longest) {
  const scale = Math.min(1, longest / Math.max(width, height));
  const [w, h] = [Math.round(width * scale), Math.round(height * scale)];
  const pen = el("canvas", { width: w, height: h }).getContext("2d");
  if (!pen || !w || !h) return;
  pen.drawImage(picture, 0, 0, w, h);
  const { data } = pen.getImageData(0, 0, w, h);
  const grey = new Uint8Array(w * h);
  for (let i = 0, at = 0; i < grey.length; i++, at += 4) grey[i] = (data[at] * 77 + data[at + 1] * 151 + data[at + 2] * 28) >> 8;
  return place.read_qr(grey, w, h);
}

/** The module's error names that have a sentence. @param {any} error @returns {Key} */
const sentence = ({ name }) => /^(NoPlace|ForgedPlace|ExpiredPlace|OtherCampaign|WrongArea|NoSigner)$/.test(name) ? name : "scan_no_module";

/**
 * Camera and photo, and what comes of them. `found` gets an area's code once one was read; a code in the page's
 * address (`?p=`) counts as read.
 * @param {Campaign} campaign @param {string} campaign_json @param {(area: string) => void} found
 * @returns {{ element: HTMLElement, stop: () => void }} `stop` puts the camera away, as leaving the screen does
 */
export function scan(campaign, campaign_json, found) {
  /** @type {MediaStream | undefined} */
  let stream;
  /** counts openings, so that a camera that opens late is put away */
  let turn = 0;
  const status = el("p", { role: "status" });
  const video = el("video", { playsinline: true, muted: true, hidden: true, "aria-label": tell("scan_picture") });
  const photo = el("input", { type: "file", id: "photo", accept: "image/*", capture: "environment", change: () => from_photo() });
  const photo_field = el("div", { class: "field" }, el("label", { for: "photo" }, tell("scan_photo")), photo);
  const toggle = button("", () => stream ? stop() : open());

  /** Says it once, however often it is found. @param {Key} key @param {Record<string, string>} [values] */
  const told = (key, values) => {
    const text = tell(key, values);
    const bad = key !== "scan_aim" && key !== "scan_opening" && key !== "scan_found";
    if (status.textContent !== text) status.replaceChildren(bad ? el("span", { class: "problem" }, text) : text);
  };
  const label = () => { toggle.textContent = tell(stream ? "scan_stop" : "scan"); };

  function stop() {
    turn++;
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = undefined;
    video.srcObject = null;
    video.hidden = true;
    label();
  }

  /** Whether a text leads to an area of this campaign; it is told either way. @param {string} text */
  async function takes(text) {
    try {
      const area = await verify(campaign_json, text);
      told("scan_found", { area: full_name(campaign, area) });
      found(area);
      return true;
    } catch (e) {
      told(sentence(e));
      return false;
    }
  }

  async function open() {
    const mine = ++turn;
    element.append(photo_field); // beside the camera, and instead of one that is denied or absent
    told("scan_opening");
    let opened;
    try {
      [opened] = await Promise.all([
        navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: "environment", width: { ideal: 1280 } } }),
        start().catch((e) => { throw Object.assign(new Error("module"), { cause: e, module: true }); }),
      ]);
    } catch (e) {
      console.error(e);
      return told(/** @type {any} */ (e).module ? "scan_no_module" : "scan_no_camera");
    }
    if (mine !== turn || !element.isConnected) return opened.getTracks().forEach((track) => track.stop());
    stream = opened;
    video.srcObject = stream;
    video.hidden = false;
    label();
    told("scan_aim");
    video.play().catch(() => {}); // taken away before it began
    look(mine);
  }

  /** Looks again and again, until it has found what it looks for or the reader has gone. @param {number} mine */
  async function look(mine) {
    while (mine === turn) {
      if (!element.isConnected || document.hidden) return stop();
      const text = video.readyState >= 2 && read(video, video.videoWidth, video.videoHeight, FRAME);
      if (text && await takes(text)) return stop();
      await new Promise((next) => { setTimeout(next, LOOK); });
    }
  }

  async function from_photo() {
    const [file] = photo.files ?? [];
    if (!file) return;
    stop();
    try {
      await start();
    } catch (e) {
      console.error(e);
      return told("scan_no_module");
    }
    let picture;
    try { picture = await createImageBitmap(file); } catch { return told("scan_no_photo"); }
    const { width, height } = picture;
    let text;
    for (const longest of PHOTO) text ??= read(picture, width, height, longest);
    picture.close();
    photo.value = ""; // the same photo may be tried again
    if (text) await takes(text);
    else told("scan_no_code");
  }

  const element = el("div", { class: "stack" },
    el("p", { class: "hint" }, tell("scan_why")),
    el("div", { class: "actions" }, toggle),
    status,
    video);
  label();

  // a volunteer's own camera may have led here; nothing finer than the area stays
  const code = new URLSearchParams(location.search).get("p");
  if (code) takes(code).then(() => history.replaceState(history.state, "", location.pathname));
  return { element, stop };
}
