/**
 * The service worker: the page, the modules and the open campaigns open without a network.
 *
 * A worker is one version of all shipped files, whole in a cache of its own, each checked by its hash; what it
 * opens is always of that version. The browser holds a new worker back until every page is closed, or until the
 * only open page says that it stands at a safe place. While a shift is on, what is opened stays of the version
 * in which the shift is on.
 * What is kept of the collector's data is in one cache for all versions, by path alone: an address's query, which
 * may name an area, is never kept. Whatever is no GET goes past untouched.
 */

const sw = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));

/** Every file that a room needs, with its SHA-256 in base64, and the hash of all. `.ci/page.mjs` sets it before these lines. */
const { version, files } = /** @type {{ version: string, files: Record<string, string> }} */ (Reflect.get(self, "SHIPPED"));

const NAME = (/** @type {string} */ of) => `anxin-${of}`;
const DATA = "anxin-data";
const INDEX = "/index.html";
const LIST = "/api/campaigns";

/** In the cache of data: in which version a shift is on, and of which campaign. */
const HELD = "/held";

/** So long the network may take where something kept is at hand, in milliseconds. */
const PATIENCE = 3000;

/** The page's addresses: a campaign's id, and its room. */
const ROOM = /^\/(?:c\/([^/]+)(?:\/(shift|results))?)?$/;
const CAMPAIGN = /^\/api\/campaigns\/([^/]+)$/;
const QUESTIONNAIRE = /^\/api\/questionnaires\/([0-9a-f]{64})$/;
const KEYS = /^\/dap\/(?:leader|helper)\/hpke_config$/;

/** A file named by its content: an older page may ask for one that this version lacks. */
const NAMED = /-[\w-]{8}\.(?:js|css|wasm)$/;

/** @typedef {{ id: string, questionnaire: string, closes: string, grace_days: number, aggregators: { leader: string, helper: string } }} Campaign */

sw.addEventListener("install", (event) => event.waitUntil(install()));
sw.addEventListener("activate", (event) => event.waitUntil(activate()));
sw.addEventListener("message", (event) => {
  const [order, ...of] = event.data;
  const done = orders[order](...of).catch(() => false);
  event.waitUntil(done.then((answer) => event.ports[0].postMessage(answer)));
});
sw.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  // what must come from the collector itself is asked for with `no-store`
  if (request.method !== "GET" || origin !== location.origin || request.cache === "no-store") return;
  const answer = answering(request, pathname);
  if (answer) event.respondWith(answer);
});

/** @param {Request} request @param {string} path @returns {Promise<Response> | undefined} nothing: the network's business */
function answering(request, path) {
  if (request.mode === "navigate") {
    const [room, id, name] = ROOM.exec(path) ?? [];
    return room === undefined ? undefined : page(request, id, name);
  }
  if (QUESTIONNAIRE.test(path)) return kept(path).then((found) => found ?? fresh(path)).catch(() => Response.error());
  if (path === LIST || CAMPAIGN.test(path) || KEYS.test(path)) return recent(path, request);
  return path in files || NAMED.test(path) ? file(request, path) : undefined;
}

// the shipped files

/** The whole version, or an error and nothing of it. */
async function install() {
  const own = await caches.open(NAME(version));
  for (const path of Object.keys(files)) await own.put(path, await exact(path));
  await keep().catch(() => {}); // pages ask for it again
}

/** A file as published: from a version that is here, else fetched. @param {string} path */
async function exact(path) {
  // the document comes with its headers, which may have changed while it did not
  for (const name of path === INDEX ? [] : await caches.keys()) {
    const found = await (await caches.open(name)).match(path);
    if (found && await base64(await found.clone().arrayBuffer()) === files[path]) return found;
  }
  // the browser may have it since the page asked for it; if that is not it, it comes past the browser's cache
  for (const cache of /** @type {const} */ (["default", "reload"])) {
    const response = await fetch(path, { cache });
    const bytes = await response.arrayBuffer();
    if (response.ok && await base64(bytes) === files[path]) return lasting(response, bytes);
  }
  throw new Error(`${path} is not what was published`);
}

/** An answer as it is kept: without what was said of its way here. @param {Response} response @param {BodyInit} body */
function lasting(response, body) {
  const headers = new Headers(response.headers);
  for (const name of ["content-encoding", "content-length", "vary", "link"]) headers.delete(name);
  return new Response(body, { headers });
}

/** Takes over; what is older goes, unless a page or a shift is still of it. */
async function activate() {
  if ((await windows()).length < 2) {
    const stays = [NAME(version), NAME((await held())?.version ?? version), DATA];
    const names = (await caches.keys()).filter((name) => name.startsWith(NAME("")) && !stays.includes(name));
    await Promise.all(names.map((name) => caches.delete(name)));
  }
  await sw.clients.claim();
}

/** Every open page of this site, whichever worker it has. */
const windows = () => sw.clients.matchAll({ type: "window", includeUncontrolled: true });

/** What is opened while a shift is on. @returns {Promise<{ version: string, campaign: string } | undefined>} */
const held = async () => (await kept(HELD))?.json();

/** @param {string} path @param {string} of which version */
const part = (path, of) => caches.match(path, { cacheName: NAME(of) });

/** @param {Request} request @param {string} path */
const file = async (request, path) => await part(path, version) ?? await caches.match(path) ?? fetch(request);

// the document

/**
 * A room's page. What may be reached from it is the campaign's to say, and a volunteer's reads posters with its
 * camera, as the collector says it too.
 * @param {Request} request @param {string} [id] @param {string} [room]
 */
async function page(request, id, room) {
  const index = await part(INDEX, (await held())?.version ?? version) ?? await part(INDEX, version);
  if (!index) return fetch(request);
  const campaign = id && await known(id);
  const headers = new Headers(index.headers);
  const policy = headers.get("content-security-policy");
  if (campaign && policy && room !== "results") {
    const { leader, helper } = campaign.aggregators;
    const sites = [leader, helper].flatMap((it) => /^https?:\/\/[^/]+/.exec(it) ?? []);
    headers.set("content-security-policy", policy.replace("connect-src 'self'", ["connect-src 'self'", ...sites].join(" ")));
  }
  const allowed = headers.get("permissions-policy");
  if (allowed && room === "shift") headers.set("permissions-policy", allowed.replace("camera=()", "camera=(self)"));
  return new Response(index.body, { status: campaign === null ? 404 : 200, headers });
}

/**
 * A campaign: as kept, else as the collector says. `null`: there is no such one; `undefined`: nobody can say.
 * @param {string} id @returns {Promise<Campaign | null | undefined>}
 */
async function known(id) {
  const path = `${LIST}/${id}`;
  try {
    const response = await kept(path) ?? await fresh(path);
    return response.ok ? await response.json() : null;
  } catch {
    return undefined;
  }
}

// the collector's data

/** @param {string} path */
const kept = (path) => caches.match(path, { cacheName: DATA });

/** The collector's answer, kept; a captive portal's is an error. @param {string} path @param {Request | string} [request] with the query that is not kept */
async function fresh(path, request = path) {
  const response = await fetch(request);
  const media = response.headers.get("content-type");
  const data = await caches.open(DATA);
  if (response.status === 404 && media === "application/problem+json") {
    await data.delete(path);
    return response;
  }
  const bytes = await response.clone().arrayBuffer();
  if (!response.ok || !await genuine(path, media, bytes)) throw new Error(`${response.status} ${path}: ${media}`);
  await data.put(path, lasting(response, bytes));
  return response;
}

/** Is it what the collector sends under this path? @param {string} path @param {string | null} media @param {ArrayBuffer} bytes */
async function genuine(path, media, bytes) {
  if (KEYS.test(path)) return media === "application/dap-hpke-config-list";
  if (media !== "application/json") return false;
  const value = JSON.parse(new TextDecoder().decode(bytes));
  const [, hash] = QUESTIONNAIRE.exec(path) ?? [];
  if (hash) return hash === hex(await digest(new TextEncoder().encode(canonical(value))));
  return path === LIST ? Array.isArray(value.campaigns) : value.id === CAMPAIGN.exec(path)?.[1];
}

/** What the collector says now, or what it said when it cannot be asked. @param {string} path @param {Request} [request] */
async function recent(path, request) {
  const network = fresh(path, request);
  network.catch(() => {}); // told below, unless it comes too late
  const found = await kept(path);
  if (!found) return network.catch(() => Response.error());
  const late = new Promise((_, no) => { setTimeout(no, PATIENCE); });
  return Promise.race([network, late]).catch(() => found);
}

/** Keeps every open campaign, its questionnaire and its keys; whether all of it is here. */
async function keep() {
  /** @type {{ campaigns: Campaign[] }} */
  const { campaigns } = await (await recent(LIST)).json();
  const data = await caches.open(DATA);
  const parts = new Set();
  for (const campaign of campaigns) {
    const { leader, helper } = campaign.aggregators;
    const headers = { "content-type": "application/json" };
    await data.put(`${LIST}/${campaign.id}`, new Response(JSON.stringify(campaign), { headers }));
    parts.add(`/api/questionnaires/${campaign.questionnaire}`);
    // other sites' keys are the page's to ask for
    for (const it of [leader, helper]) if (it.startsWith("/")) parts.add(`${it}/hpke_config`);
  }
  await forget();
  const here = await Promise.all([...parts].map(async (path) =>
    Boolean(await kept(path) ?? await fresh(path).catch(() => undefined))));
  return here.every(Boolean);
}

const DAY = 86_400_000;

/** Lets go of campaigns that take nothing any more, of their questionnaires, and of a shift that nobody ended. */
async function forget() {
  const data = await caches.open(DATA);
  const used = new Set();
  const paths = (await data.keys()).map(({ url }) => new URL(url).pathname);
  for (const path of paths.filter((path) => CAMPAIGN.test(path))) {
    /** @type {Campaign} */
    const { questionnaire, closes, grace_days } = await (await kept(path))?.json();
    if (Date.parse(closes) + (grace_days + 2) * DAY < Date.now()) {
      await data.delete(path);
      await orders.release(path.slice(LIST.length + 1));
    } else {
      used.add(questionnaire);
    }
  }
  for (const path of paths) {
    const [, hash] = QUESTIONNAIRE.exec(path) ?? [];
    if (hash && !used.has(hash)) await data.delete(path);
  }
}

// what pages may ask for

/** @type {Record<string, (...of: string[]) => Promise<boolean>>} */
const orders = {
  keep,
  /** Is a page with this script of this version? */
  current: async (script) => script in files,
  /** A campaign's shift is on in the page with this script: it goes on in its version. */
  hold: async (script, campaign) => {
    if (await held() || !(script in files)) return false;
    await (await caches.open(DATA)).put(HELD, new Response(JSON.stringify({ version, campaign })));
    return true;
  },
  /** No shift of this campaign is on. */
  release: async (campaign) =>
    (await held())?.campaign === campaign && (await caches.open(DATA)).delete(HELD),
  /** Takes over before all pages are closed, if none is open but the one that asks. */
  apply: async () => {
    if ((await windows()).length > 1) return false;
    await sw.skipWaiting();
    return true;
  },
};

// small parts

/** The form of a questionnaire that names it: RFC 8785. @param {any} value @returns {string} */
const canonical = (value) => Array.isArray(value) ? `[${value.map(canonical)}]`
  : value !== null && typeof value === "object"
    ? `{${Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`)}}`
    : JSON.stringify(value);

/** @param {BufferSource} bytes */
const digest = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

/** @param {ArrayBuffer} bytes */
const base64 = async (bytes) => btoa(String.fromCharCode(...await digest(bytes)));

/** @param {Uint8Array} bytes */
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
