/**
 * Draws the icons of the installed page from www/icon.svg; to be run when that has changed.
 * Where the device cuts the shape itself (Android's maskable icons, iOS) the ground goes to the edges.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { chromium } from "../tests/browser/chromium.mjs";

const www = new URL("../www/", import.meta.url);
const svg = readFileSync(new URL("icon.svg", www), "utf8");
const square = svg.replace(/ rx="\d+"/, "");

/** @type {[string, number, string][]} */
const icons = [
  ["icon-192.png", 192, svg],
  ["icon-512.png", 512, svg],
  ["icon-maskable.png", 512, square],
  ["apple-touch-icon.png", 180, square],
];

const browser = await chromium();
for (const [name, size, drawing] of icons) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(`<style>body { margin: 0 } svg { display: block; width: 100vw }</style>${drawing}`);
  writeFileSync(new URL(name, www), await page.screenshot({ omitBackground: true }));
}
await browser.close();
