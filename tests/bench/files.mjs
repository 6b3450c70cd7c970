/**
 * A server of a few files held in memory, brotli where that is accepted.
 * @module
 */
import { createServer } from "node:http";
import { extname } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".wasm": "application/wasm",
};

/**
 * @param {Record<string, string | Buffer>} files by path, "/" for the document
 * @param {Record<string, string>} [headers] on every answer
 * @returns {Promise<{ url: string, stop: () => void }>}
 */
export async function serve(files, headers = {}) {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
  const packed = new Map(Object.entries(files).map(([path, body]) => [path, brotliCompressSync(body, { params })]));
  const server = createServer(({ url, headers: asked }, response) => {
    const body = packed.get(url);
    if (!body || !asked["accept-encoding"]?.includes("br")) return response.writeHead(404).end();
    response.writeHead(200, {
      "content-type": TYPES[extname(url) || ".html"],
      "content-encoding": "br",
      "content-length": body.length,
      ...headers,
    });
    response.end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${server.address().port}`, stop: () => server.close() };
}
