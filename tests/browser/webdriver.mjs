/**
 * A small W3C WebDriver client, enough to take the phone's path through Firefox
 * (geckodriver) and WebKit (WebKitWebDriver), found by role and name as a person
 * or a screen reader would.
 * @module
 */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";

/** How long an element may take to appear, in milliseconds. */
const PATIENCE = 15_000;

/** The key under which WebDriver hands out an element. */
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

/** The capabilities that `.ci/tools` wrote for this machine. */
const options = () => JSON.parse(readFileSync(new URL("../../.tools/webdriver.json", import.meta.url), "utf8"));

/** How each engine's driver is started, and what it is asked for. */
const ENGINES = {
  firefox: {
    command: (port) => ["geckodriver", "--port", port],
    capabilities: () => ({ "moz:firefoxOptions": options()["moz:firefoxOptions"] }),
  },
  webkit: {
    // It has no headless mode, so it draws on a display in memory.
    command: (port) => ["xvfb-run", "-a", "WebKitWebDriver", `--port=${port}`],
    capabilities: () => ({ "webkitgtk:browserOptions": options()["webkitgtk:browserOptions"] }),
  },
};

/** A port that was free a moment ago. */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(String(port)));
    });
  });
}

/** One browser window, and the driver that steers it. */
export class Browser {
  /**
   * @param {"firefox" | "webkit"} engine
   * @returns {Promise<Browser>}
   */
  static async start(engine) {
    const { command, capabilities } = ENGINES[engine];
    const port = await freePort();
    const [program, ...args] = command(port);
    const env = { ...process.env, WEBKIT_DISABLE_COMPOSITING_MODE: "1", NO_AT_BRIDGE: "1" };
    // Its own process group, so that the display and the browser end with it.
    const driver = spawn(program, args, { detached: true, stdio: "ignore", env });
    const browser = new Browser(driver, `http://127.0.0.1:${port}`);
    try {
      await browser.#ready();
      const session = await browser.#ask("POST", "/session", { capabilities: { alwaysMatch: capabilities() } });
      browser.#base += `/session/${session.sessionId}`;
      await browser.#ask("POST", "/timeouts", { script: PATIENCE + 5_000, pageLoad: 60_000 });
    } catch (error) {
      await browser.stop();
      throw error;
    }
    return browser;
  }

  #driver;
  #base;
  #ended;

  constructor(driver, base) {
    this.#driver = driver;
    this.#base = base;
    this.#ended = new Promise((resolve) => driver.once("exit", resolve).once("error", resolve));
  }

  /** Closes the window and ends the driver. */
  async stop() {
    if (this.#base.includes("/session/")) await this.#ask("DELETE", "").catch(() => {});
    try {
      process.kill(-this.#driver.pid);
    } catch {
      // Gone already.
    }
    await this.#ended;
  }

  /** @param {string} url */
  async open(url) {
    await this.#ask("POST", "/url", { url });
  }

  /** The size of the window, in CSS pixels as far as the engine lets it be so small. */
  async resize(width, height) {
    await this.#ask("POST", "/window/rect", { width, height });
  }

  /**
   * Runs a function in the page and hands back what it returns.
   * @param {string} body the function's body; its arguments are in `arguments`
   * @param {unknown[]} args
   */
  async run(body, ...args) {
    return this.#ask("POST", "/execute/sync", { script: body, args });
  }

  /**
   * The first visible element with this role and accessible name, as soon as it is there.
   * The engine must tell a screen reader the same.
   * @param {keyof typeof ROLES} role
   * @param {string | RegExp} name the whole name, or a pattern
   */
  async find(role, name) {
    const [source, flags] = name instanceof RegExp ? [name.source, name.flags] : [`^${escape(name)}$`, ""];
    const look = () => this.#ask("POST", "/execute/async", { script: FIND, args: [ROLES[role], source, flags, PATIENCE] });
    const found = await look().catch((error) => {
      // a link was followed, and its page was not there yet
      if (!/unload/.test(error.message)) throw error;
      return look();
    });
    if (!found[ELEMENT]) throw new Error(`no ${role} named ${name}; on the page: ${found}`);
    const element = new Element(found[ELEMENT], (method, path, body) => this.#ask(method, path, body));
    const spoken = await element.spoken();
    if (!new RegExp(source, flags).test(spoken.name)) throw new Error(`${role} ${name} is read out as ${spoken.name}`);
    return element;
  }

  /** Resolves once the driver answers. */
  async #ready() {
    const deadline = Date.now() + PATIENCE;
    const ended = this.#ended.then(() => true);
    for (;;) {
      const status = await this.#ask("GET", "/status").catch(() => undefined);
      if (status?.ready) return;
      const gone = await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 50))]);
      if (gone || Date.now() > deadline) throw new Error(`${this.#driver.spawnfile} does not answer`);
    }
  }

  async #ask(method, path, body) {
    const reply = await fetch(this.#base + path, {
      method,
      headers: { "content-type": "application/json" },
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(60_000),
    });
    const { value } = await reply.json();
    if (!reply.ok) throw new Error(`${method} ${path}: ${value.error}: ${value.message}`);
    return value;
  }
}

/** One element of the page. */
class Element {
  #id;
  #ask;

  constructor(id, ask) {
    this.#id = id;
    this.#ask = ask;
  }

  /** A click where a person would click. */
  async click() {
    await this.#ask("POST", `/element/${this.#id}/click`, {});
  }

  /** Types, after emptying the field. */
  async fill(text) {
    await this.#ask("POST", `/element/${this.#id}/clear`, {});
    await this.#ask("POST", `/element/${this.#id}/value`, { text });
  }

  /** The visible text. */
  async text() {
    return this.#ask("GET", `/element/${this.#id}/text`);
  }

  /** The role and the name that the engine itself tells a screen reader. */
  async spoken() {
    const [role, name] = [
      await this.#ask("GET", `/element/${this.#id}/computedrole`),
      await this.#ask("GET", `/element/${this.#id}/computedlabel`),
    ];
    return { role, name };
  }
}

/** Roles as native elements carry them. */
const ROLES = {
  button: "button, summary, [role=button]",
  link: "a[href]",
  radio: "input[type=radio]",
  checkbox: "input[type=checkbox]",
  spinbutton: "input[type=number], [role=spinbutton]",
  textbox: "input:not([type]), input[type=text], input[type=password], textarea",
  combobox: "select",
  heading: "h1, h2, h3, h4",
  group: "fieldset",
  alert: "[role=alert]",
};

const escape = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Runs in the page: waits for the element, or tells what was there instead. */
const FIND = `
const [selector, source, flags, patience, done] = arguments;
const pattern = new RegExp(source, flags);
const deadline = Date.now() + patience;
const trim = (text) => (text || "").replace(/\\s+/g, " ").trim();
const byId = (ids) => ids.split(/\\s+/).map((id) => document.getElementById(id)).map((e) => e ? e.textContent : "").join(" ");
const name = (e) => trim(
  e.hasAttribute("aria-labelledby") ? byId(e.getAttribute("aria-labelledby"))
  : e.getAttribute("aria-label")
  || (e.labels && e.labels.length ? [...e.labels].map((l) => l.textContent).join(" ") : "")
  || (e.tagName === "FIELDSET" ? (e.querySelector("legend") || {}).textContent : e.textContent));
const shown = (e) => e.getClientRects().length > 0 && !e.closest("[hidden], [aria-hidden=true]");
const all = (root) => [...root.querySelectorAll("*")].flatMap((e) => e.shadowRoot ? [e, ...all(e.shadowRoot)] : [e]);
(function look() {
  const candidates = all(document).filter((e) => e.matches(selector) && shown(e));
  const found = candidates.find((e) => pattern.test(name(e)));
  if (found) return done(found);
  if (Date.now() > deadline) return done(candidates.map(name).join(" | ") || "nothing of that role");
  setTimeout(look, 50);
})();
`;
