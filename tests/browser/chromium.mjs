/**
 * Chromium as Debian packages it, steered by playwright-core.
 * @module
 */
import { readFileSync } from "node:fs";
import { chromium as playwright } from "playwright-core";

const options = JSON.parse(readFileSync(new URL("../../.tools/webdriver.json", import.meta.url), "utf8"));
const { binary, args } = options["goog:chromeOptions"];

/** Starts a headless Chromium. @param {...string} more arguments */
export const chromium = (...more) =>
  playwright.launch({
    executablePath: process.env.CHROMIUM ?? binary,
    args: [...args.filter((arg) => !arg.startsWith("--headless")), ...more],
  });
