/**
 * Holds what is shipped of the page to the oldest engines it is for, Chrome 86
 * (WeChat's XWeb) and Safari 15.1, and to the two promises its scripts make:
 * nothing inline, nothing posted. The module's own floor is `tests/floor.rs`.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { extname } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { parse } from "acorn";
import * as css from "css-tree";

const dist = fileURLToPath(new URL("../../www/dist", import.meta.url));

/** @param {string} end @returns {string[]} the shipped files that end so */
const shipped = (end) =>
  readdirSync(dist, { recursive: true })
    .map(String)
    .filter((path) => extname(path) === end)
    .sort();

/** A shipped file's name without the hash of its content. @param {string} path */
const unhashed = (path) => path.replace(/-[\w-]{8}(?=\.\w+$)/, "");

const text = (path) => readFileSync(`${dist}/${path}`, "utf8");

/** Calls `see` with every node of the syntax tree, and whether it stands inside a function. */
function walk(node, see, inside = false) {
  if (Array.isArray(node)) for (const child of node) walk(child, see, inside);
  else if (node && typeof node.type === "string") {
    see(node, inside);
    const within = inside || /Function/.test(node.type);
    for (const key in node) walk(node[key], see, within);
  }
}

/** Methods and properties that came later, by the engines that lack them. */
const LATER_MEMBERS = new Map(
  Object.entries({
    "Chrome 86 and Safari 15.1": `findLast findLastIndex toSorted toReversed toSpliced groupBy hasOwn fromAsync
      withResolvers isWellFormed toWellFormed randomUUID showModal showPopover hidePopover togglePopover inert
      throwIfAborted attachInternals adoptedStyleSheets checkVisibility startViewTransition setHTMLUnsafe`,
    "Safari 15.1": "requestIdleCallback locks requestSubmit getDirectory",
  }).flatMap(([engines, names]) => names.split(/\s+/).map((name) => [name, engines])),
);

/** Globals that came later. */
const LATER_GLOBALS = new Set(
  `structuredClone reportError BroadcastChannel requestIdleCallback scheduler CompressionStream
   DecompressionStream Iterator Temporal ElementInternals URLPattern`.split(/\s+/),
);

/** Ways to make markup or code out of text, and ways out of the page that are not a GET. */
const UNSAFE = new Set("innerHTML outerHTML insertAdjacentHTML write writeln srcdoc createContextualFragment".split(" "));
const WAYS_OUT = new Set("XMLHttpRequest sendBeacon WebSocket EventSource WebTransport RTCPeerConnection".split(" "));
const CODE_FROM_TEXT = new Set(["eval", "Function"]);

/** Whether `e?.member` or `"member" in e` guards the use of a later member. */
const guarded = (source, name) => new RegExp(`${name}\\?\\.|["']${name}["'] in `).test(source);

/** Everything in one script that its readers' engines do not know, or that it must not do. */
function faultsOfScript(path, source) {
  const faults = [];
  const fault = (node, what) => faults.push(`${path}:${node.loc.start.line}: ${what}`);
  // ES2022 parses public class fields, which both engines have, and more, which is refused below.
  const tree = parse(source, {
    ecmaVersion: 2022,
    sourceType: "module",
    locations: true,
  });
  const glue = path.startsWith("pkg/");
  // The chart library reads vectors of Arrow by `.at()`, which it is never given, and can write markup, which is never asked of it.
  const library = unhashed(path) === "pkg/plot.js";
  walk(tree, (node, inside) => {
    switch (node.type) {
      case "AwaitExpression":
        if (!inside) fault(node, "await at the top");
        break;
      case "ForOfStatement":
        if (node.await && !inside) fault(node, "await at the top");
        break;
      case "MethodDefinition":
        if (node.key.type === "PrivateIdentifier") fault(node, "a private method");
        break;
      case "BinaryExpression":
        if (node.left.type === "PrivateIdentifier") fault(node, "`#name in object`");
        break;
      case "StaticBlock":
        fault(node, "a static block");
        break;
      case "Literal":
        if (node.regex && /\(\?<[=!]/.test(node.regex.pattern)) fault(node, "look-behind");
        if (node.regex && /[dv]/.test(node.regex.flags)) fault(node, `the flags ${node.regex.flags}`);
        if (node.bigint) fault(node, "a BigInt");
        break;
      case "Identifier":
        if (LATER_GLOBALS.has(node.name)) fault(node, `${node.name} came later`);
        if (CODE_FROM_TEXT.has(node.name)) fault(node, `${node.name} makes code of text`);
        if (WAYS_OUT.has(node.name)) fault(node, `${node.name} is a way out`);
        if (UNSAFE.has(node.name) && !library) fault(node, `${node.name} makes markup of text`);
        break;
      case "MemberExpression": {
        const name = node.computed ? node.property.value : node.property.name;
        const lacking = LATER_MEMBERS.get(name);
        if (lacking && !guarded(source, name)) fault(node, `.${name} is not in ${lacking}`);
        break;
      }
      case "CallExpression": {
        const callee = node.callee.property?.name ?? node.callee.name;
        const first = node.arguments[0];
        // With an index only: a property, or a method of our own, may well be named so.
        if (callee === "at" && node.callee.property && first && !library) fault(node, ".at() came with Chrome 92 and Safari 15.4");
        if (callee === "setAttribute" && /^(style|on.*)$/.test(first?.value ?? "")) fault(node, `inline ${first.value}`);
        // The glue of the modules carries the Rust side's one fetch; the page's scripts have GET alone.
        if (callee === "fetch" && !glue && /\bmethod\b|\bbody\b/.test(source.slice(node.start, node.end)))
          fault(node, "a request that is not a plain GET");
        break;
      }
      case "NewExpression":
        if (node.callee.name === "Request" && !glue) fault(node, "a Request built by hand");
        break;
    }
  });
  return faults;
}

/** At-rules, pseudo-classes and properties that an old engine drops, and the rule with them. */
const LATER_AT_RULES = new Set(["layer", "container", "scope", "starting-style", "property"]);
const LATER_PSEUDO = new Set(["has", "is", "where", "user-valid", "user-invalid", "modal", "popover-open", "open"]);
const LATER_PROPERTIES =
  /^(aspect-ratio|inset(-.*)?|(margin|padding)-(inline|block)|translate|rotate|scale|container(-.*)?)$/;

/** The same for one style sheet. */
function faultsOfStyle(path, source) {
  const faults = [];
  const fault = (node, what) => faults.push(`${path}:${node.loc.start.line}: ${what}`);
  const tree = css.parse(source, {
    positions: true,
    onParseError: (error) => faults.push(`${path}:${error.line}: ${error.message}`),
  });
  let depth = 0;
  css.walk(tree, {
    enter(node) {
      if (node.type === "Rule" && depth++ > 0) fault(node, "a nested rule");
      if (node.type === "Atrule" && LATER_AT_RULES.has(node.name)) fault(node, `@${node.name}`);
      if (node.type === "PseudoClassSelector" && LATER_PSEUDO.has(node.name)) fault(node, `:${node.name}`);
      if (node.type === "Declaration" && LATER_PROPERTIES.test(node.property)) fault(node, node.property);
      if (node.type === "Function" && /^(color-mix|oklch|oklab|light-dark|lab|lch)$/.test(node.name))
        fault(node, `${node.name}()`);
      if (node.type === "Url" && !/^(\/|\.|[a-z-]+\.[a-z]+$|data:image)/.test(node.value)) fault(node, "a foreign URL");
    },
    leave(node) {
      if (node.type === "Rule") depth--;
    },
  });
  return faults;
}

/** Anything inline, or from elsewhere, in one document. */
function faultsOfDocument(path, source) {
  const faults = [];
  const look = (pattern, what) => {
    for (const found of source.matchAll(pattern)) faults.push(`${path}: ${what}: ${found[0].slice(0, 60)}`);
  };
  look(/<script(?![^>]*\ssrc=)[^>]*>/gi, "an inline script");
  look(/<style\b[^>]*>/gi, "an inline style sheet");
  look(/<[^>]+\sstyle\s*=/gi, "an inline style");
  look(/<[^>]+\son[a-z]+\s*=/gi, "an inline handler");
  look(/javascript:/gi, "a script URL");
  look(/\b(?:src|href)\s*=\s*["']?(?:https?:)?\/\//gi, "something from another host");
  return faults;
}

describe("the page's floor", () => {
  const kinds = { ".js": faultsOfScript, ".css": faultsOfStyle, ".html": faultsOfDocument };
  for (const [end, faults] of Object.entries(kinds)) {
    test(`every shipped ${end} file`, () => {
      const paths = shipped(end);
      assert.ok(paths.length > 0, `no ${end} file in www/dist: run \`make page\``);
      assert.deepEqual(paths.flatMap((path) => faults(path, text(path))), []);
    });
  }

  test("the modules and their glue are among them", () => {
    // the respondent's glue is joined into the page's script, the sealing module's into what hands in
    const glue = shipped(".js").filter((path) => path.startsWith("pkg/"));
    assert.deepEqual(glue.map(unhashed), ["pkg/anxin_shift.js", "pkg/plot.js"], "not the tablet's glue and the chart library alone: run `make page`");
    const reports = shipped(".js").filter((path) => path.startsWith("report-"));
    assert.equal(reports.length, 1, "not one script that hands in: run `make page`");
    assert.match(text(reports[0]), /anxin_seal_bg-[\w-]{8}\.wasm/);
    const modules = ["anxin", "anxin_figures", "anxin_place", "anxin_seal", "anxin_shift"].map((name) => `pkg/${name}_bg.wasm`);
    assert.deepEqual(shipped(".wasm").map(unhashed), modules);
  });

  test("the service worker is one classic script, and lists every file that a room needs with its hash", () => {
    const worker = text("sw.js");
    parse(worker, { ecmaVersion: 2021, sourceType: "script" });
    const { version, files } = JSON.parse(/^self\.SHIPPED=(.*);\n/.exec(worker)?.[1] ?? "");
    assert.match(version, /^[0-9a-f]{16}$/);
    const needed = readdirSync(dist, { recursive: true, withFileTypes: true })
      .filter((it) => it.isFile() && !it.name.endsWith(".br") && it.name !== "sw.js")
      .map((it) => `${it.parentPath}/${it.name}`.slice(dist.length))
      // what only results are drawn and compared with, for which one needs a network anyway; the book; an author's
      .filter((path) => !/^\/(instruments\/|help\/|preview|pkg\/(plot|anxin_figures)[._-])/.test(path));
    assert.deepEqual(Object.keys(files).sort(), needed.sort());
    for (const [path, hash] of Object.entries(files)) {
      const bytes = readFileSync(dist + path);
      assert.equal(createHash("sha256").update(bytes).digest("base64"), hash, path);
    }
  });

  test("scripts, styles and modules ask for one another by names that tell the content", () => {
    for (const path of [...shipped(".js"), ...shipped(".html")]) {
      for (const [address] of text(path).matchAll(/(?<=")\/[\w./-]+\.(?:js|css|wasm)(?=")/g)) {
        if (address !== "/sw.js") assert.match(address, /-[\w-]{8}\.\w+$/, `${path} asks for ${address}`);
      }
    }
  });
});

/** A check that never fails shows nothing: each of these must be found out. */
describe("the floor's own checks", () => {
  const scripts = [
    "[1].at(0)",
    "Object.hasOwn({}, 'a')",
    "structuredClone({})",
    "crypto.randomUUID()",
    "class A { #m() {} }",
    "class A { static { } }",
    "/(?<=a)b/",
    "e.innerHTML = ''",
    "e.insertAdjacentHTML('beforeend', x)",
    "eval('1')",
    "new Function('1')",
    "fetch('/', { method: 'POST' })",
    "new XMLHttpRequest()",
    "navigator.sendBeacon('/', x)",
    "new WebSocket('wss://x')",
    "e.setAttribute('style', 'color: red')",
    "e.setAttribute('onclick', 'x()')",
    "const n = 1n",
    "await 1",
    "for await (const a of b) {}",
  ];
  for (const source of scripts) {
    test(source, () => assert.equal(faultsOfScript("a.js", source).length, 1));
  }

  const styles = [
    "a:has(b) { color: red }",
    "a:is(b, c) { color: red }",
    "a { aspect-ratio: 1 }",
    "a { inset: 0 }",
    "a { b { color: red } }",
    "@layer x { a { color: red } }",
    "a { background: url(https://example.org/a.png) }",
  ];
  for (const source of styles) {
    test(source, () => assert.equal(faultsOfStyle("a.css", source).length, 1));
  }

  const documents = [
    "<script>x()</script>",
    "<style>a{}</style>",
    '<p style="color:red">',
    '<p onclick="x()">',
    '<script src="https://example.org/x.js"></script>',
  ];
  for (const source of documents) {
    test(source, () => assert.equal(faultsOfDocument("a.html", source).length, 1));
  }

  test("what both engines have passes", () => {
    const source = "class A { a = 1; #b = 2; c() { this.a ??= this.#b; return [1]?.map((x) => x ** 2); } }\nfetch('/a');";
    assert.deepEqual(faultsOfScript("a.js", source), []);
    assert.deepEqual(faultsOfStyle("a.css", "a:focus-visible { gap: 1em; width: min(1em, 2em) }"), []);
  });
});
