/**
 * Makes www/pkg/plot.js: of the chart library what the results page draws with, as one module without imports, so that
 * the page's sources go on running as they are; and beside it the licences of what is in it.
 *
 *   node .ci/plot.mjs
 */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const tests = fileURLToPath(new URL("../tests", import.meta.url));
const pkg = fileURLToPath(new URL("../www/pkg", import.meta.url));
/** @type {typeof import("esbuild")} */
const esbuild = createRequire(join(tests, "package.json"))("esbuild");

const MARKS = ["plot", "areaY", "axisX", "axisY", "dot", "gridY", "lineY", "ruleX", "ruleY", "text"];

const { metafile } = esbuild.buildSync({
  stdin: { contents: `export { ${MARKS.join(", ")} } from "@observablehq/plot";`, resolveDir: tests },
  absWorkingDir: tests,
  outfile: join(pkg, "plot.js"),
  bundle: true,
  format: "esm",
  minify: true,
  charset: "utf8",
  legalComments: "none",
  metafile: true,
});

/** The packages that something was taken of. */
const packages = new Set(Object.keys(metafile.inputs).flatMap((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []));
const licences = [...packages].sort().map((name) => {
  const folder = join(tests, "node_modules", name);
  const file = readdirSync(folder).find((it) => /^licen[cs]e/i.test(it));
  if (!file) throw new Error(`${name} has no licence file`);
  return `${name}\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
});
mkdirSync(pkg, { recursive: true });
// The library's own types would bring those of all its parts along.
const types = MARKS.map((name) => `export const ${name}: (...given: any[]) => any;\n`).join("");
writeFileSync(join(pkg, "plot.d.ts"), types);
writeFileSync(join(pkg, "plot.LICENSE.txt"), licences.join(`\n${"-".repeat(72)}\n\n`));
