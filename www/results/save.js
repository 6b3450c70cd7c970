/** Hands the reader a file that the page has made. */

import { el } from "../dom.js";

/** @param {Blob} blob @param {string} name */
export function save(blob, name) {
  const url = URL.createObjectURL(blob);
  el("a", { href: url, download: name }).click();
  // the download has begun, or never will
  setTimeout(() => URL.revokeObjectURL(url), 60000);
}

/** @param {SVGElement} svg */
const text_of = (svg) => new XMLSerializer().serializeToString(svg);

/** @param {SVGElement} svg @param {string} name */
export const save_svg = (svg, name) => save(new Blob([text_of(svg)], { type: "image/svg+xml" }), `${name}.svg`);

/** So many pixels of a PNG a pixel of the drawing: it goes into slides. */
const SHARP = 2;

/** @param {SVGElement} svg @param {string} name */
export async function save_png(svg, name) {
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(text_of(svg))}`;
  await image.decode();
  const canvas = el("canvas", { width: image.width * SHARP, height: image.height * SHARP });
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => canvas.toBlob(done));
  if (blob) save(blob, `${name}.png`);
}
