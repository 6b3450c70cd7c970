/**
 * Gathers the page into www/dist/, as it is shipped.
 *
 * The sources run as they are: plain modules, one thing a file. A phone that waits
 * 150 ms for each answer is better off with few and small files, so what is loaded
 * together is joined, and comments and white space stay behind; `import()` remains a
 * file of its own. Every text and module gets a brotli sibling at the highest quality,
 * so that the collector never compresses while somebody waits.
 *
 * Scripts, styles and modules are named by their content, and named so wherever they are asked for: whatever
 * the collector has meanwhile, a page gets the parts it was made with or none. The service worker is given
 * the list of all files with their hashes.
 *
 *   node .ci/page.mjs [FROM [TO]]   the sources, and where to: www/ and www/dist/ if not said
 */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, extname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";

// The tools' packages live beside the tests.
const tool = createRequire(new URL("../tests/package.json", import.meta.url));
/** @type {typeof import("esbuild")} */
const esbuild = tool("esbuild");
/** @type {typeof import("rollup")} */
const { rollup } = tool("@rollup/wasm-node");

const [from = fileURLToPath(new URL("../www", import.meta.url)), to = join(from, "dist")] = process.argv.slice(2);
const [www, dist] = [resolve(from), resolve(to)];

/** Where the page begins, and the script that it loads at once in every room. */
const [ENTRY, PAGE] = ["app.js", "page"];

/** Where the page of `anxin preview` begins. It is joined for itself, so that nobody else's scripts change by it. */
const PREVIEW = "preview.js";

/** The floor: nothing newer than these engines may come out. @type {import("esbuild").TransformOptions} */
const SMALL = { minify: true, charset: "utf8", legalComments: "none", target: ["chrome86", "safari15.1"] };

/** What is shipped beside the scripts, and whether brotli makes it smaller. @type {Record<string, boolean>} */
const SHIPPED = {
  ".html": true, ".css": true, ".json": true, ".wasm": true, ".svg": true, ".webmanifest": true, ".txt": true,
  ".ico": false, ".png": false, ".woff2": false,
};

/** The service worker: browsers know it by its name. */
const WORKER = "sw.js";

/** What engines without modules run: joined with nothing. */
const OLD = "old.js";

/** For the tools only, whatever they end in. */
const KEPT_BACK = /^(tsconfig.*|package)\.json$/;

/**
 * What no room needs to open without a network: there are no results to draw or compare without one either, the book is
 * read before, and previews are an author's alone.
 */
const NOT_OFFLINE = /^(instruments|help)\/|^preview|^pkg\/(plot|anxin_figures)[._-]/;

/** @param {string} folder @returns {string[]} the files under it, as paths from www/ */
function files(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return path === dist ? [] : files(path);
    return entry.name.startsWith(".") || KEPT_BACK.test(basename(path)) ? [] : [relative(www, path)];
  });
}

/** @param {string | Buffer} content @param {import("node:crypto").BinaryToTextEncoding} encoding */
const hash = (content, encoding) => createHash("sha256").update(content).digest(encoding);

/** A name that tells the content. @param {string} path @param {Buffer} bytes */
const named = (path, bytes) => path.replace(/(?=\.\w+$)/, `-${hash(bytes, "base64url").slice(0, 8)}`);

/** @type {Map<string, string>} address in the sources → address as shipped */
const addresses = new Map();

/** A text that asks for files by the names under which they are shipped. @param {string} text */
const addressed = (text) => text.replace(/(?<=")\/[\w./-]+(?=")/g, (address) => addresses.get(address) ?? address);

/** Scripts, joined: name and text; the first of them; and which of them every room needs. @param {string} first @param {string} folder */
async function scripts(first, folder) {
  const bundle = await rollup({
    input: join(www, first),
    preserveEntrySignatures: false,
    plugins: [{ name: "as shipped", transform: addressed, renderChunk: (code) => small(code) }],
  });
  const name = `${folder}[name]-[hash].js`;
  const { output } = await bundle.generate({
    format: "es",
    entryFileNames: name,
    chunkFileNames: ({ facadeModuleId }) => facadeModuleId?.startsWith(join(www, "pkg")) ? `pkg/${name}` : name,
    hoistTransitiveImports: false,
  });
  const chunks = output.filter((part) => part.type === "chunk");
  const page = chunks.find(({ name }) => name === PAGE);
  return {
    texts: chunks.map(({ fileName, code }) => /** @type {const} */ ([fileName, Buffer.from(code)])),
    entry: chunks.find(({ isEntry }) => isEntry)?.fileName,
    ahead: page ? [page.fileName, ...page.imports] : [],
  };
}

/** A script without what only its readers need. @param {string} code */
const small = (code) => esbuild.transformSync(code, { ...SMALL, format: "esm" }).code;

/** A file that is no joined script, as shipped. @param {string} path @param {string[]} ahead @returns {Buffer | undefined} */
function shipped(path, ahead = []) {
  const bytes = readFileSync(join(www, path));
  const text = bytes.toString();
  switch (extname(path)) {
    case ".js":
      return path === OLD || path === WORKER ? Buffer.from(small(text)) : undefined;
    case ".css":
      return Buffer.from(esbuild.transformSync(text, { ...SMALL, loader: "css" }).code);
    case ".json":
    case ".webmanifest":
      return Buffer.from(JSON.stringify(JSON.parse(text)));
    case ".html": {
      const links = ahead.map((name) => `<link rel="modulepreload" href="/${name}">\n`).join("");
      const icon = `data:image/svg+xml,${encodeURIComponent(readFileSync(join(www, "icon.svg"), "utf8").trim())}`;
      const linked = text.replace(/(<link rel="modulepreload"[^>]*>\n)+/, links).replace('"/icon.svg"', `"${icon}"`);
      return Buffer.from(addressed(linked));
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

/** What every room needs, for the service worker: address → hash. @type {Record<string, string>} */
const list = {};
/** @param {string} path @param {Buffer} bytes */
function listed(path, bytes) {
  ship(path, bytes);
  if (!NOT_OFFLINE.test(path)) list[`/${path}`] = hash(bytes, "base64");
}

const sources = files(www).filter((path) => path !== WORKER);
const by_content = (/** @type {string} */ path) => [".css", ".wasm"].includes(extname(path)) || path === OLD;
for (const path of sources.filter(by_content)) {
  const bytes = shipped(path);
  if (!bytes) continue;
  addresses.set(`/${path}`, `/${named(path, bytes)}`);
  listed(named(path, bytes), bytes);
}
const [{ texts, entry, ahead }, preview] = [await scripts(ENTRY, ""), await scripts(PREVIEW, "preview/")];
for (const [path, text] of [...texts, ...preview.texts]) listed(path, text);
addresses.set(`/${ENTRY}`, `/${entry}`);
addresses.set(`/${PREVIEW}`, `/${preview.entry}`);
for (const path of sources.filter((path) => !by_content(path))) {
  const bytes = shipped(path, ahead);
  if (bytes) listed(path, bytes);
}
const worker = String(shipped(WORKER));
const version = hash(JSON.stringify(list) + worker, "hex").slice(0, 16);
ship(WORKER, Buffer.from(`self.SHIPPED=${JSON.stringify({ version, files: list })};\n${worker}`));
console.log(`page ${version}: ${count} files, ${plain} bytes, ${sent} as sent`);
