/**
 * What may stand between a device and the collector: another release of the page, a captive portal, a line that
 * breaks, or nothing any more.
 * @module
 */
import { execFileSync } from "node:child_process";
import { appendFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What the next release says where this one says 安心. */
export const NEXT = "安心二";

/**
 * The next release: another page, other scripts, other modules.
 * @returns {{ dist: string, remove: () => void }}
 */
export function next_release() {
  const folder = mkdtempSync(join(tmpdir(), "anxin-next-"));
  const www = join(folder, "www");
  cpSync(join(root, "www"), www, { recursive: true, filter: (path) => !path.includes("/dist") });
  const words = join(www, "words.js");
  writeFileSync(words, readFileSync(words, "utf8").replace('brand: "安心"', `brand: "${NEXT}"`));
  // a custom section does nothing, but is other bytes
  const section = Buffer.from([0, 5, 4, ...Buffer.from("next")]);
  for (const module of ["anxin", "anxin_seal", "anxin_shift"]) appendFileSync(join(www, `pkg/${module}_bg.wasm`), section);
  const dist = join(folder, "dist");
  execFileSync(process.execPath, [join(root, ".ci/page.mjs"), www, dist]);
  return { dist, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

const MEDIA = {
  ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
  ".wasm": "application/wasm", ".webmanifest": "application/manifest+json", ".png": "image/png", ".svg": "image/svg+xml",
};

/** What a captive portal says to everything. */
const PORTAL = "<!doctype html><title>欢迎</title><h1>欢迎使用免费无线网络</h1>";

const ROOM = /^\/(c\/[^/]+(\/shift|\/results)?)?$/;

/**
 * A server in front of the collector.
 * @param {import("node:test").TestContext} t @param {string} collector its address
 */
export async function front(t, collector) {
  const it = {
    url: "",
    /** the folder of the release that is served; none: the collector's own */
    dist: /** @type {string | undefined} */ (undefined),
    portal: false,
    /** what the collector does not know any more */
    gone: "",
    /** nothing is answered any more */
    hangs: false,
    /** how a file comes: its bytes, others, or none: the line breaks @type {(path: string, bytes: Buffer) => Buffer | null} */
    spoil: (_, bytes) => bytes,
    /** what came; `known`: the device had it, and asked whether it is still so @type {{ method: string, path: string, body: Buffer, known: boolean }[]} */
    requests: [],
    /** Gone for good, with whatever was under way. */
    stop: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  const server = createServer(async (request, response) => {
    const { method = "GET", url = "/" } = request;
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    it.requests.push({ method, path: url, body, known: "if-none-match" in request.headers });
    if (it.hangs) return;
    if (it.portal) return response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(PORTAL);
    const path = url.split("?")[0];
    if (path === it.gone) return response.writeHead(404, { "content-type": "application/problem+json" }).end("{}");
    const file = it.dist && join(it.dist, ROOM.test(path) ? "index.html" : path);
    const here = file && extname(file) && existsSync(file);
    const sent = { ...request.headers, "accept-encoding": "identity" };
    for (const name of ["host", "connection", ...(here ? ["if-none-match"] : [])]) delete sent[name];
    let answer;
    try {
      answer = await fetch(collector + url, { method, headers: sent, body: body.length ? body : undefined, redirect: "manual" });
    } catch {
      return request.socket.destroy();
    }
    const headers = Object.fromEntries(answer.headers);
    for (const name of ["content-length", "transfer-encoding", "connection"]) delete headers[name];
    let bytes = Buffer.from(await answer.arrayBuffer());
    let status = answer.status;
    if (file && (here || /-[\w-]{8}\.\w+$/.test(path))) {
      // the files of another release are not there
      if (!here) return response.writeHead(404).end();
      bytes = readFileSync(file);
      if (!ROOM.test(path)) {
        status = 200;
        if (path.endsWith(".html")) delete headers.link;
        else for (const name of ["link", "content-security-policy"]) delete headers[name];
      }
      delete headers.etag;
      headers["content-type"] = MEDIA[extname(file)] ?? headers["content-type"];
    }
    const spoilt = it.spoil(path, bytes);
    if (spoilt === null) return request.socket.destroy();
    response.writeHead(status, headers).end(status === 304 ? undefined : spoilt);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", () => done(undefined)));
  it.url = `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}`;
  t.after(() => it.stop().catch(() => {}));
  return it;
}
