/** Fetches what a survey needs, once a page: a tablet on a staircase goes on without the network. */

import * as phone from "./pkg/anxin.js";

/** A failure with the key of its sentence in words.js. */
export class Failure extends Error {
  /** @param {string} key @param {unknown} [cause] */
  constructor(key, cause) {
    super(`${key}: ${cause}`);
    this.key = key;
  }
}

/** @param {string} url @param {string} [missing] the sentence when there is no such thing */
export async function get(url, missing = "network") {
  let response;
  try { response = await fetch(url); } catch (e) { throw new Failure("network", e); }
  if (!response.ok) throw new Failure(response.status === 404 ? missing : "network", response.status);
  return response;
}

/** The module; a tablet's can keep sums and post them too. @param {boolean} tablet */
async function module(tablet) {
  if (typeof WebAssembly !== "object") throw new Failure("no_wasm");
  try {
    const anxin = tablet ? await import("./pkg/anxin_shift.js") : phone;
    await anxin.default({ module_or_path: `/pkg/${tablet ? "anxin_shift" : "anxin"}_bg.wasm` });
    return anxin;
  } catch (e) {
    throw new Failure(e instanceof WebAssembly.CompileError ? "no_wasm" : "module", e);
  }
}

/** @type {Record<string, Promise<import("./types.js").Loaded>>} */
const loading = {};

/** @param {string} src address of the campaign @param {boolean} [tablet] */
export const load = (src, tablet = false) => loading[src + tablet] ??= fetch_all(src, tablet);

/** @param {string} src @param {boolean} tablet @returns {Promise<import("./types.js").Loaded>} */
async function fetch_all(src, tablet) {
  const starting = module(tablet);
  starting.catch(() => {}); // told below, unless the campaign fails first
  const campaign_json = await (await get(src, "unknown")).text();
  /** @type {import("./types.js").Campaign} */
  const campaign = JSON.parse(campaign_json);
  const bytes = await (await get(`/api/questionnaires/${campaign.questionnaire}`)).arrayBuffer();
  return { anxin: await starting, campaign, campaign_json, bytes: new Uint8Array(bytes) };
}

/** Today, where the device is: `YYYY-MM-DD`. */
export function today() {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
}

/** Is the campaign open today? @param {import("./types.js").Campaign} campaign @returns {"open" | "not_open" | "closed"} */
export const standing = ({ opens, closes }) => today() < opens ? "not_open" : today() > closes ? "closed" : "open";
