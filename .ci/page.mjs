/**
 * Gathers the page into www/dist/, as it is shipped.
 *
 * The sources run as they are: plain modules, one thing a file. A phone that waits
 * 150 ms for each answer is better off with few and small files, so what is loaded
 * together is joined, and comments and white space stay behind; `import()` remains a
 * file of its own. Every text and module gets a brotli sibling at the highest quality,
 * so that the collector never compresses while somebody waits.
 */
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, extname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";

// The tools' packages live beside the tests.
const tool = createRequire(new URL("../tests/package.json", import.meta.url));
/** @type {typeof import("esbuild")} */
const esbuild = tool("esbuild");
/** @type {typeof import("rollup")} */
const { rollup } = tool("@rollup/wasm-node");

const www = fileURLToPath(new URL("../www", import.meta.url));
const dist = join(www, "dist");

/** Where the page begins, and the script that it loads at once in every room. */
const [ENTRY, PAGE] = ["app.js", "page"];

/** The floor: nothing newer than these engines may come out. @type {import("esbuild").TransformOptions} */
const SMALL = { minify: true, charset: "utf8", legalComments: "none", target: ["chrome86", "safari15.1"] };

/** What is shipped beside the scripts, and whether brotli makes it smaller. @type {Record<string, boolean>} */
const SHIPPED = {
  ".html": true, ".css": true, ".json": true, ".wasm": true, ".svg": true, ".webmanifest": true, ".txt": true,
  ".ico": false, ".png": false, ".woff2": false,
};

/** Scripts that are not joined: the glue that only tablets load, and what engines without modules run. */
const ALONE = /^(old\.js|pkg\/anxin_shift\.js)$/;

/** For the tools only, whatever they end in. */
const KEPT_BACK = new Set(["tsconfig.json", "package.json"]);

/** @param {string} folder @returns {string[]} the files under it, as paths from www/ */
function files(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return path === dist ? [] : files(path);
    return entry.name.startsWith(".") || KEPT_BACK.has(basename(path)) ? [] : [relative(www, path)];
  });
}

/** The scripts, joined: name and text; and which of them every room needs. */
async function scripts() {
  const bundle = await rollup({ input: join(www, ENTRY), external: /anxin_shift\.js$/, preserveEntrySignatures: false });
  const { output } = await bundle.generate({ format: "es", entryFileNames: "[name].js", chunkFileNames: "[name]-[hash].js", hoistTransitiveImports: false });
  const chunks = output.filter((part) => part.type === "chunk");
  const page = chunks.find(({ name }) => name === PAGE);
  return {
    texts: chunks.map(({ fileName, code }) => /** @type {const} */ ([fileName, small(code)])),
    ahead: page ? [page.fileName, ...page.imports] : [],
  };
}

/** A script without what only its readers need. @param {string} code */
const small = (code) => Buffer.from(esbuild.transformSync(code, { ...SMALL, format: "esm" }).code);

/** A file that is no joined script, as shipped. @param {string} path @param {string[]} ahead @returns {Buffer | undefined} */
function shipped(path, ahead) {
  const bytes = readFileSync(join(www, path));
  const text = bytes.toString();
  switch (extname(path)) {
    case ".js":
      return ALONE.test(path) ? small(text) : undefined;
    case ".css":
      return Buffer.from(esbuild.transformSync(text, { ...SMALL, loader: "css" }).code);
    case ".json":
      return Buffer.from(JSON.stringify(JSON.parse(text)));
    case ".html": {
      const links = ahead.map((name) => `<link rel="modulepreload" href="/${name}">\n`).join("");
      const icon = `data:image/svg+xml,${encodeURIComponent(readFileSync(join(www, "icon.svg"), "utf8").trim())}`;
      return Buffer.from(text.replace(/(<link rel="modulepreload"[^>]*>\n)+/, links).replace('"/icon.svg"', `"${icon}"`));
    }
    default:
      return extname(path) in SHIPPED ? bytes : undefined;
  }
}

rmSync(dist, { recursive: true, force: true });
let [count, plain, sent] = [0, 0, 0];
/** @param {string} path @param {Buffer} bytes */
function ship(path, bytes) {
  const to = join(dist, path);
  mkdirSync(dirname(to), { recursive: true });
  writeFileSync(to, bytes);
  const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_LGWIN, BROTLI_PARAM_SIZE_HINT } = constants;
  const params = { [BROTLI_PARAM_QUALITY]: 11, [BROTLI_PARAM_LGWIN]: 22, [BROTLI_PARAM_SIZE_HINT]: bytes.length };
  const small = SHIPPED[extname(path)] === false ? bytes : brotliCompressSync(bytes, { params });
  if (small !== bytes) writeFileSync(`${to}.br`, small);
  [count, plain, sent] = [count + 1, plain + bytes.length, sent + small.length];
}

const { texts, ahead } = await scripts();
for (const [path, text] of texts) ship(path, text);
for (const path of files(www)) {
  const bytes = shipped(path, ahead);
  if (bytes) ship(path, bytes);
}
console.log(`page: ${count} files, ${plain} bytes, ${sent} as sent`);
