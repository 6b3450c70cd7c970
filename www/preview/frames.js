/**
 * A phone and a tablet side by side, each with the page that respondents get, in its real width and scaled to fit.
 * When the form changes they load it anew and go back to where they were.
 */

import { button, el } from "../dom.js";
import { tell } from "../words-preview.js";

/** @typedef {import("../survey.js").AnxinSurvey} AnxinSurvey */
/** @typedef {import("./types.js").Answers} Answers */
/** @typedef {import("./types.js").Respondent & { until?: string | null }} Place where a respondent is: at an item; at the end if that is null */

const ADDRESS = "/c/preview";

/** So often a frame is asked whether its cover stands, and how long between, in milliseconds. */
const [TRIES, BETWEEN] = [400, 50];

/** @type {{ name: "phone" | "tablet", width: number, height: number }[]} */
const DEVICES = [{ name: "phone", width: 375, height: 740 }, { name: "tablet", width: 768, height: 1024 }];

/** What starts a respondent in the frames, the same in both: set by who shows them. */
export const begins = { seed: 1 };

class Frame {
  /** counts the loads, of which only the last one goes on */
  load = 0;

  /** @param {typeof DEVICES[number]} device */
  constructor({ name, width, height }) {
    this.name = name;
    this.frame = el("iframe", { class: "screen", width, height });
    const box = el("div", { class: "box" }, this.frame);
    this.size = el("span", { class: "hint" });
    this.title = el("span", {});
    this.element = el("figure", { class: `device ${name}` }, el("figcaption", {}, this.title, " ", this.size), box);
    const fit = () => {
      const scale = Math.min(1, box.clientWidth / width);
      if (!scale) return;
      this.frame.style.transform = `scale(${scale})`;
      box.style.height = `${height * scale}px`;
      this.size.textContent = `${width} × ${height}${scale < 1 ? ` · ${Math.round(scale * 100)} %` : ""}`;
    };
    new ResizeObserver(fit).observe(box);
  }

  draw() {
    this.title.textContent = tell(this.name);
    this.frame.title = tell(this.name);
  }

  /** @returns {AnxinSurvey | null | undefined} */
  get survey() { return this.frame.contentDocument?.querySelector("anxin-survey"); }

  /** Loads the page anew, and goes on where a respondent was. @param {Place | undefined} place */
  async open(place) {
    const load = ++this.load;
    const arrived = new Promise((done) => this.frame.addEventListener("load", done, { once: true }));
    if (this.frame.src) this.frame.contentWindow?.location.replace(ADDRESS);
    else this.frame.src = ADDRESS;
    await arrived;
    const survey = await this.cover();
    if (!survey || load !== this.load) return;
    if (place) lead(survey, place);
  }

  /** The survey once its cover stands; nothing if it says why there is none. */
  async cover() {
    for (let tries = 0; tries < TRIES; tries++) {
      const survey = this.survey;
      if (survey?.survey && survey.querySelector("h1")) {
        const { survey: module } = survey;
        // Both frames draw alike, and alike again when the form has changed.
        module.start = (mode) => module.start_seeded(mode, begins.seed);
        return survey;
      }
      await new Promise((done) => setTimeout(done, BETWEEN));
    }
    return undefined;
  }

  /** Where the respondent in the frame is; nowhere before the start. @returns {Place | undefined} */
  place() {
    const survey = this.survey;
    if (!survey?.survey || survey.screen === survey.cover) return undefined;
    try {
      const { survey: module } = survey;
      let view = module.view("");
      if (view.result) return undefined; // who was told the right answers cannot go back to their own
      const until = view.item?.id ?? null;
      /** @type {Answers} */
      const answers = {};
      for (;;) {
        if (view.item?.chosen) answers[view.item.id] = view.item.chosen;
        if (!view.can_back) break;
        module.back();
        view = module.view("");
      }
      return { seed: begins.seed, mode: survey.mode, answers, until };
    } catch {
      return undefined; // nobody has begun
    }
  }
}

/** Something that an item takes. @param {import("../types.js").Item} item @returns {import("../types.js").Answer | null} */
function anything({ control }) {
  if (control.kind === "number") return { number: control.min };
  return "options" in control ? { options: [control.options[0].id] } : null;
}

/** @param {AnxinSurvey["survey"]} module @param {import("../types.js").Answer | null} answer */
function taken(module, answer) {
  try { module.answer(answer); } catch { return false; }
  return module.view("").item?.problem !== "range";
}

/** Leads a new respondent to a place: by their answers, and by any where they gave none. @param {AnxinSurvey} survey @param {Place} place */
function lead(survey, { seed, mode, answers, until }) {
  const { survey: module } = survey;
  module.start_seeded(mode, seed);
  for (;;) {
    const { item } = module.view("");
    if (!item) break;
    const answer = answers[item.id];
    if (item.control.kind !== "none" && !(answer !== undefined && taken(module, answer)) && item.id !== until) {
      module.answer(item.required === "required" ? anything(item) : null);
    }
    if (item.id === until) break;
    // once more to be told that nothing was answered, once more to be told what was right
    for (let press = 0; press < 3 && module.view("").item?.id === item.id; press++) module.forward();
    if (module.view("").item?.id === item.id) break;
  }
  survey.turned = false; // whoever works beside the frame keeps the focus
  survey.show(survey.at);
  survey.ownerDocument.defaultView?.scrollTo(0, 0);
}

/** The two devices. */
export function frames() {
  const all = DEVICES.map((device) => new Frame(device));
  /** @type {string | undefined} */
  let shown;
  const heading = el("h2", { id: "frames-heading" });
  const note = el("p", { class: "hint" });
  const again = button("", () => all.forEach((frame) => frame.open(undefined)));
  const element = el("section", { class: "frames", "aria-labelledby": heading.id },
    el("div", { class: "bar-line" }, heading, again), note,
    el("div", { class: "devices" }, ...all.map((frame) => frame.element)));
  return {
    element,
    draw() {
      heading.textContent = tell("devices");
      note.textContent = tell("nothing_sent");
      again.textContent = tell("start_over");
      all.forEach((frame) => frame.draw());
    },
    /** Shows a form, if it is another one; whoever was answering stays where they were. @param {string} hash */
    async show(hash) {
      if (hash === shown) return;
      shown = hash;
      await Promise.all(all.map((frame) => frame.open(frame.place())));
    },
    /** The reader wants another language or size. */
    redraw: () => shown && all.forEach((frame) => frame.open(frame.place())),
    /** Shows a place in both. @param {Place} place */
    go(place) {
      begins.seed = place.seed;
      for (const { survey } of all) if (survey?.survey) lead(survey, place);
    },
  };
}
