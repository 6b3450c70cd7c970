/**
 * Gathers the page: copies what is shipped of www/ into www/dist/, and puts a
 * brotli sibling at the highest quality beside every text and the module, so
 * that the collector never compresses while somebody waits.
 */
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";

const www = fileURLToPath(new URL("../www", import.meta.url));
const dist = join(www, "dist");

/** What is shipped, and whether brotli makes it smaller. */
const SHIPPED = {
  ".html": true,
  ".css": true,
  ".js": true,
  ".json": true,
  ".wasm": true,
  ".svg": true,
  ".webmanifest": true,
  ".txt": true,
  ".ico": false,
  ".png": false,
  ".woff2": false,
};

/** For the tools only, whatever they end in. */
const KEPT_BACK = new Set(["tsconfig.json", "package.json"]);

/** @param {string} folder @returns {string[]} the files under it */
function files(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return path === dist ? [] : files(path);
    const shipped = extname(path) in SHIPPED && !KEPT_BACK.has(basename(path)) && !entry.name.startsWith(".");
    return shipped ? [path] : [];
  });
}

rmSync(dist, { recursive: true, force: true });
let [count, plain, sent] = [0, 0, 0];
for (const path of files(www)) {
  const to = join(dist, relative(www, path));
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(path, to);
  const bytes = readFileSync(path);
  let small = bytes;
  if (SHIPPED[extname(path)]) {
    small = brotliCompressSync(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: 11,
        [constants.BROTLI_PARAM_LGWIN]: 22,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    });
    writeFileSync(`${to}.br`, small);
  }
  count += 1;
  plain += bytes.length;
  sent += small.length;
}
console.log(`page: ${count} files, ${plain} bytes, ${sent} as sent`);
