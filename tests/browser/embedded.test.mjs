/**
 * The page is inside the program: every file that is shipped, and it alone. A debug binary has it inside if it is
 * built with `--features embed`, as `make browser` does; without, it reads the files when they are asked for.
 */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { request } from "node:http";
import { join, relative } from "node:path";
import { before, describe, test } from "node:test";
import { binary, collector, root } from "./collector.mjs";

const dist = join(root, "www/dist");
const shipped = readdirSync(dist, { recursive: true, withFileTypes: true })
  .filter((it) => it.isFile()).map((it) => relative(dist, join(it.parentPath ?? it.path, it.name)));
const at = (/** @type {string} */ path) => readFileSync(join(dist, path));

/** As it is sent: `fetch` would take an encoding off. @param {string} url @param {string} encoding */
const get = (url, encoding) => new Promise((resolve, reject) => {
  request(url, { headers: { "accept-encoding": encoding } }, async (response) => {
    const parts = [];
    for await (const part of response) parts.push(part);
    resolve({ status: response.statusCode, encoding: response.headers["content-encoding"], bytes: Buffer.concat(parts) });
  }).on("error", reject).end();
});

describe("the program", () => {
  /** @type {Buffer} */
  let program;
  before(() => { program = readFileSync(binary); });

  test("has the page inside", () => {
    // What is not compressed, so that it stands there once; the worker names all other files.
    for (const path of ["sw.js", "index.html"]) {
      assert.ok(program.includes(at(path)), `${path} is not in ${binary}: cargo build --features embed, after make page`);
    }
  });

  test("serves every file as it is shipped, and in brotli; but what is an author's, which it has all the same", async (t) => {
    const { url, stop } = await collector();
    t.after(stop);
    const files = shipped.filter((path) => !path.endsWith(".br"));
    assert.ok(files.length > 50, `${files.length} files`);
    for (const path of files) {
      const [plain, small] = [await get(`${url}/${path}`, "identity"), await get(`${url}/${path}`, "br")];
      if (path.startsWith("preview")) {
        assert.equal(plain.status, 404, path);
        assert.ok(program.includes(at(path)), path);
        continue;
      }
      const brotli = shipped.includes(`${path}.br`);
      assert.deepEqual([plain.status, plain.encoding, small.encoding], [200, undefined, brotli ? "br" : undefined], path);
      assert.ok(plain.bytes.equals(at(path)), path);
      assert.ok(small.bytes.equals(at(brotli ? `${path}.br` : path)), path);
    }
  });
});
