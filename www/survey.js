/**
 * `<anxin-survey src="/api/campaigns/ID" area="330602" mode="self_completed" channel="phone">`:
 * one respondent after another through a questionnaire, every answer kept inside the module. `place`, the payload of
 * a poster's code, names the area instead.
 *
 * On a phone a finished respondent is split and sealed by report.js, which comes while the first question is
 * read. With `channel="tablet"` two events tell the shift: `anxin-done` (the respondent handed in; `detail.survey` holds
 * the answers until the shift has added them) and `anxin-left` (nothing to add).
 */

import { button, el, terms } from "./dom.js";
import { fail, problem } from "./failure.js";
import { Failure, load, standing, today } from "./load.js";
import { lang, pick, set_languages } from "./prefs.js";
import { day_text, say, word } from "./words.js";
import { many } from "./controls/many.js";
import { none } from "./controls/none.js";
import { number } from "./controls/number.js";
import { one } from "./controls/one.js";

/** The page knows these four controls, not question types. @type {Record<string, (control: any, item: Item, onChange: (answer: Answer | null) => void) => HTMLElement>} */
const controls = { one, many, number, none };

/** @typedef {import("./types.js").Item} Item */
/** @typedef {import("./types.js").Answer} Answer */
/** @typedef {import("./types.js").View} View */

export class AnxinSurvey extends HTMLElement {
  /** @type {import("./types.js").Loaded} */ loaded;
  /** @type {import("./types.js").Survey} */ survey;
  /** @type {() => void} the screen on view, drawn again when the language changes */
  screen = () => {};
  progress = () => {};
  turned = false;
  /** @type {string | null} */ area = null;
  /** the address of the page does not say it */
  asks = false;
  /** asks where there are many areas, or a code that is not taken @type {typeof import("./areas.js").where | undefined} */ where;
  /** handed in once; from then on it is practice */
  practice = false;

  async connectedCallback() {
    this.turned = this.tablet; // handing over is a turn too
    try {
      this.loaded = await load(this.getAttribute("src") ?? "", this.tablet);
      if (!this.isConnected) return;
      const { anxin, bytes, campaign } = this.loaded;
      const open = standing(campaign);
      if (open !== "open") throw new Failure(open);
      this.survey = new anxin.Survey(bytes, campaign.questionnaire);
      const { status, languages } = this.survey.cover(lang());
      set_languages(languages);
      if (status !== "open") throw new Failure(status);
      const place = this.getAttribute("place");
      // area, last day and signature, which a phone does not check (see place.rs)
      const given = place ? place.slice(-163, -155) >= today().replace(/-/g, "") && place.slice(0, -163) : this.getAttribute("area");
      this.area = (campaign.areas.find(({ code }) => code === given || campaign.areas.length === 1) ?? {}).code ?? null;
      this.asks = !this.area;
      // once read, the code stays in no history and in no link that is passed on
      if (place) history.replaceState(history.state, "", location.pathname);
      if (this.asks && (place || campaign.areas.length > 12)) this.where = await import("./areas.js").then(({ where }) => where);
      this.practice = !this.tablet && !campaign.channels.includes("phone");
    } catch (e) {
      return fail(this, e);
    }
    document.addEventListener("anxin-prefs", this.redraw);
    addEventListener("popstate", this.leaf);
    this.show(this.cover);
  }

  disconnectedCallback() {
    document.removeEventListener("anxin-prefs", this.redraw);
    removeEventListener("popstate", this.leaf);
    if (this.survey) {
      this.survey.stop();
      this.survey.free();
    }
  }

  get tablet() { return this.getAttribute("channel") === "tablet"; }
  get mode() { return /** @type {import("./types.js").Mode} */ (this.getAttribute("mode") ?? "self_completed"); }

  /** @param {() => void} screen */
  show(screen) {
    this.screen = screen;
    screen.call(this);
  }

  redraw = () => this.screen();

  /** Every new screen begins at its heading. @param {...(Node | string | null | false)} children */
  turn(...children) {
    this.replaceChildren(el("div", { class: "card" }, ...children));
    const heading = this.querySelector("h1");
    if (!heading) return;
    heading.tabIndex = -1;
    // not on the first screen, and not while the reader is busy with the header
    const elsewhere = document.activeElement && document.activeElement.closest("#bar");
    if (this.turned && !elsewhere) {
      heading.focus({ preventScroll: true });
      scrollTo(0, 0);
    }
    this.turned = true;
  }

  // cover

  cover() {
    const { title, header: h, quiz, items } = this.survey.cover(lang());
    document.title = `${title} · ${say("brand")}`;
    this.turn(
      el("h1", {}, title),
      el("p", {}, h.purpose),
      this.fate(),
      el("p", {}, quiz
        ? [say("draw", { n: quiz.draw }), quiz.pass_percent !== null && say("pass", { pass: quiz.pass_percent }),
          say(quiz.feedback === "each" ? "each" : "at_end")].filter(Boolean).join(" · ")
        : say("up_to", { n: items })),
      el("p", {}, say("promise")),
      !this.tablet && !this.practice && this.asks && this.places(),
      el("div", { class: "actions start" }, button(say("start"), this.start, "main"),
        this.tablet && button(say("hand_back"), () => this.leave())),
      el("h2", {}, say("about")),
      terms([
        [say("table_number"), h.table_number],
        [say("issued_by"), h.issued_by],
        [say("approval_number"), h.approval_number],
        [say("valid"), say("span", { from: day_text(h.valid_from), until: day_text(h.valid_until) })],
        [say("organiser"), h.organiser],
        [say("contact"), h.contact],
        [say("retention"), h.retention],
      ]),
      !this.tablet && el("anxin-offline"));
  }

  /** Where the respondent is. */
  places() {
    const { campaign } = this.loaded;
    if (this.where) return this.where(campaign, this.getAttribute("place"), this.area ?? "", (area) => { this.area = area; });
    const select = el("select", { id: "where", change: () => { this.area = select.value || null; } },
      el("option", { value: "" }, "—"),
      ...campaign.areas.map(({ code, name }) => el("option", { value: code, selected: code === this.area }, pick(name))));
    return el("div", { class: "field" }, el("label", { for: "where" }, say("where")), select);
  }

  /** What becomes of the answers. */
  fate() {
    const { k, aggregators } = this.loaded.campaign;
    return el("div", { class: "note" },
      el("p", {}, this.tablet ? say("summed", { k }) : say(this.practice ? "practice" : "sealed")),
      !this.tablet && !this.practice && el("p", {}, say(aggregators.leader.startsWith("/") ? "one_body" : "two_bodies")));
  }

  start = () => {
    if (!this.tablet && !this.practice && !this.area) {
      this.complain(null, say("where"));
      return /** @type {HTMLElement} */ (this.querySelector("#where")).focus();
    }
    try { this.survey.start(this.mode); } catch (e) { return fail(this, e); }
    // the device's own back turns back a leaf instead of losing everything
    if (history.state !== "leaf") history.pushState("leaf", "");
    this.show(this.at);
    // what seals comes while the first question is read; if it does not, handing in asks again
    if (!this.tablet && !this.practice) this.sealing().catch(() => {});
  };

  /** What splits and seals, with the aggregators' keys. */
  async sealing() {
    const report = await import("./report.js");
    return { report, sealer: await report.prepare(this.loaded.campaign, /** @type {string} */ (this.area)) };
  }

  /** The device's back. */
  leaf = () => {
    if (this.screen === this.stop) {
      history.pushState("leaf", "");
      return this.show(this.at);
    }
    if (this.screen !== this.at) return;
    const { can_back, result } = this.survey.view(lang());
    if (result && this.tablet) {
      history.pushState("leaf", ""); // only the button hands in or gives up a finished quiz
    } else if (can_back && !result) {
      history.pushState("leaf", "");
      this.survey.back();
      this.at();
    } else {
      this.leave();
    }
  };

  /** Forget the respondent. */
  leave() {
    const begun = this.screen !== this.cover && this.survey.view(lang()).progress.done > 0;
    this.survey.stop();
    this.show(this.cover);
    this.dispatchEvent(new CustomEvent("anxin-left", { bubbles: true, detail: { begun } }));
  }

  // questions

  /** Where the respondent is. */
  at() {
    const view = this.survey.view(lang());
    if (view.item) this.item(view, view.item);
    else this.end(view);
  }

  /** @param {View} view @param {Item} item */
  item(view, item) {
    const statement = item.control.kind === "none";
    const status = el("div", { id: "status", role: "status" });
    const next = button("", () => this.forward(status, next), "main");
    const counted = el("span", { id: "counted" });
    const bar = el("progress", { "aria-labelledby": "counted" });
    const measure = (/** @type {View["progress"]} */ { done, total }) => {
      counted.textContent = say("progress", { n: done + 1, total });
      bar.value = done;
      bar.max = total;
    };
    measure(view.progress);
    this.tell(item, status, next);
    this.progress = () => measure(this.survey.view(lang()).progress);
    const title = el("h1", { id: "question" }, statement ? view.section ?? document.title : item.text);
    this.turn(
      el("div", { class: "top" }, counted, button(say("stop"), () => this.show(this.stop), "quiet")),
      bar,
      !statement && view.section && el("p", { class: "section" }, view.section),
      statement
        ? el("section", {}, title, this.control(item))
        : el("fieldset", { "aria-describedby": "status" }, el("legend", {}, title),
          item.help && el("p", { class: "hint" }, item.help),
          item.required === "optional" && el("p", { class: "hint" }, say("optional")),
          this.control(item)),
      status,
      el("div", { class: "actions" }, next, view.can_back && button(say("back"), () => {
        this.survey.back();
        this.at();
      })));
  }

  /** @param {Item} item */
  control(item) {
    const control = controls[item.control.kind](item.control, item, (answer) => {
      this.survey.answer(answer);
      this.progress();
      this.querySelector("#status")?.replaceChildren();
    });
    control.id = "control";
    return control;
  }

  /** @param {HTMLElement} status @param {HTMLButtonElement} next */
  forward(status, next) {
    const before = this.survey.view(lang()).item;
    this.survey.forward();
    const { item } = this.survey.view(lang());
    if (!item || item.id !== before?.id) return this.at();
    // the same question: a problem to mend, or the reason to read
    this.tell(item, status, next);
    if (item.feedback) {
      this.querySelector("#control")?.replaceWith(this.control(item));
      status.scrollIntoView({ block: "nearest" });
    } else {
      /** @type {HTMLElement | null} */ (this.querySelector("#control input"))?.focus();
    }
  }

  /** What there is to say about the answer. @param {Item} item @param {HTMLElement} status @param {HTMLElement} next */
  tell({ problem, feedback, control }, status, next) {
    const asks = this.loaded.campaign.kind === "quiz" && control.kind !== "none" && !feedback
      && this.survey.cover(lang()).quiz?.feedback === "each";
    next.textContent = say(asks ? "confirm" : "next");
    status.replaceChildren();
    if (problem) status.append(el("p", { class: "problem" },
      say(problem, control.kind === "number" ? { min: control.min, max: control.max } : {})));
    if (feedback) status.append(reason({ ...feedback, source: null }));
  }

  stop() {
    this.turn(
      el("h1", {}, say("stop_sure")),
      el("p", {}, say("stop_note")),
      el("div", { class: "actions" }, button(say("stop_no"), () => this.show(this.at), "main"),
        button(say("stop_yes"), () => this.leave())));
    this.dispatchEvent(new CustomEvent("anxin-stop", { bubbles: true }));
  }

  // end

  /** @param {View} view */
  end({ result, can_back }) {
    this.turn(
      el("h1", {}, say("thanks")),
      result && el("p", { class: "score" }, say("score", { score: result.score, max: result.max })),
      result && result.passed !== null && el("p", {},
        el("strong", {}, `${result.passed ? "✓" : "○"} ${say(result.passed ? "passed" : "not_passed")}`)),
      this.fate(),
      el("div", { class: "actions" },
        this.tablet ? button(say(this.mode === "read_aloud" ? "finish" : "hand_in"), this.hand_in, "main")
          : this.practice ? button(say("again"), this.start, "main")
            : button(say("send"), this.send, "main"),
        // who has seen the answers does not go back to them
        can_back && !result && button(say("back"), () => {
          this.survey.back();
          this.at();
        })),
      result && result.topics.length > 1 && el("h2", {}, say("topics")),
      result && result.topics.length > 1 && terms(result.topics.map((t) => [t.title, `${t.correct} / ${t.asked}`])),
      result && el("h2", {}, say("review")),
      result && el("ol", { class: "review" }, ...result.review.map((r) => el("li", {},
        el("p", {}, r.text),
        reason(r, terms([
          [say("yours"), r.chosen.join(" · ") || say("no_answer")],
          ...r.correct ? [] : [/** @type {const} */ ([say("key"), r.key.join(" · ")])],
        ]))))),
      this.sent());
  }

  /** The cells of this respondent, in words. */
  sent() {
    if (this.practice) return false;
    const { k, aggregators } = this.loaded.campaign;
    const site = (/** @type {string} */ address) => el("li", {}, new URL(address, location.href).href);
    const lines = this.survey.sent(lang());
    const asked = (/** @type {import("./types.js").SentLine} */ { value }) => !value.includes("not_asked");
    const skipped = lines.filter((line) => !asked(line)).length;
    return el("details", {},
      el("summary", {}, say("sent")),
      el("p", {}, say(this.tablet ? "sent_how" : "sent_split", { k })),
      !this.tablet && el("ul", { class: "wrap" }, site(aggregators.leader), site(aggregators.helper)),
      terms(lines.filter(asked).map(({ of, value }) => [of.map(word).join(" × "), value.map(word).join(" × ")])),
      skipped > 0 && el("p", {}, say("sent_skipped", { n: skipped })));
  }

  hand_in = () => {
    this.dispatchEvent(new CustomEvent("anxin-done", { bubbles: true, detail: { survey: this.survey } }));
  };

  /** Splits and seals the answers, forgets them, and sends what is sealed. */
  send = async () => {
    const go = /** @type {HTMLButtonElement} */ (this.querySelector(".main"));
    go.disabled = true;
    try {
      // what does not come in time may come until the button is pressed again
      const late = new Promise((_, no) => { setTimeout(no, 5000, new Failure("not_ready")); });
      const { report, sealer } = await Promise.race([this.sealing(), late]);
      if (!go.isConnected) return; // gone back, or drawn again
      this.survey.hand_in(sealer);
      this.practice = true;
      this.show(() => this.turn(...report.delivered(this.loaded.campaign, () => this.start())));
      report.deliver();
    } catch (e) {
      go.disabled = false;
      const { name } = /** @type {any} */ (e);
      if (go.isConnected) this.complain(e, say(/^Storage|^Security/.test(name) ? "no_room" : "not_ready"));
    }
  };

  /** Says on the screen on view what went wrong; nothing is lost. @param {unknown} error @param {string} [sentence] */
  complain(error, sentence) {
    this.querySelector(".actions ~ .problem")?.remove();
    this.querySelector(".actions")?.after(problem(error, sentence));
  }
}

/**
 * Right or not, and why.
 * @param {{ correct: boolean, explanation: string | null, source: string | null, review_needed?: boolean }} feedback
 * @param {Node} [answers] to look back on
 */
const reason = ({ correct, explanation, source, review_needed }, answers) => el("div", { class: correct ? "reason right" : "reason wrong" },
  el("p", {}, el("strong", {}, correct ? `✓ ${say("right")}` : `✗ ${say("wrong")}`)),
  answers,
  explanation && el("p", {}, explanation),
  (source || review_needed) && el("p", { class: "hint" },
    [source && say("source", { source }), review_needed && say("review_needed")].filter(Boolean).join(" ")));

customElements.define("anxin-survey", AnxinSurvey);
