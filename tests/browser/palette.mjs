/**
 * Screenshots made small: 256 colours are enough for a page.
 * @module
 */
import { crc32, deflateSync } from "node:zlib";

/**
 * The same picture with a palette. Colours that lie close together become one, the closer the fewer there are.
 * @param {import("playwright-core").Page} page whose browser reads the picture @param {Buffer} png
 */
export async function palette_png(page, png) {
  const { width, height, base64 } = await page.context().browser().newPage().then(async (reader) => {
    const read = await reader.evaluate(async (data) => {
      const image = new Image();
      image.src = `data:image/png;base64,${data}`;
      await image.decode();
      const canvas = new OffscreenCanvas(image.width, image.height);
      const drawing = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
      drawing.drawImage(image, 0, 0);
      const { data: bytes, width, height } = drawing.getImageData(0, 0, image.width, image.height);
      let text = "";
      for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
      return { width, height, base64: btoa(text) };
    }, png.toString("base64"));
    await reader.close();
    return read;
  });
  const pixels = Buffer.from(base64, "base64");
  for (let bits = 8; ; bits--) {
    const colours = new Map();
    const lines = Buffer.alloc((width + 1) * height);
    const key = (/** @type {number} */ at) => [0, 1, 2].map((i) => pixels[at + i] >> (8 - bits)).join();
    for (let y = 0; y < height && colours.size <= 256; y++) {
      for (let x = 0; x < width; x++) {
        const at = 4 * (y * width + x);
        const name = key(at);
        if (!colours.has(name)) colours.set(name, [colours.size, pixels.subarray(at, at + 3)]);
        lines[y * (width + 1) + 1 + x] = colours.get(name)[0];
      }
    }
    if (colours.size > 256) continue;
    const palette = Buffer.concat([...colours.values()].map(([, colour]) => colour));
    return Buffer.concat([
      Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
      chunk("IHDR", Buffer.concat([number(width), number(height), Buffer.from([8, 3, 0, 0, 0])])),
      chunk("PLTE", palette),
      chunk("IDAT", deflateSync(lines, { level: 9 })),
      chunk("IEND", Buffer.alloc(0)),
    ]);
  }
}

/** @param {number} value */
function number(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** @param {string} name @param {Buffer} data */
function chunk(name, data) {
  const named = Buffer.concat([Buffer.from(name), data]);
  return Buffer.concat([number(data.length), named, number(crc32(named))]);
}
