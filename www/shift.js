/**
 * The tablet channel. Two faces that never mix: the volunteer's desk, and what a resident holds.
 * Which of them is on view is what the module's stored shift says, so that a reload changes nothing.
 */

import { area_picker } from "./areas.js";
import { button, el, terms } from "./dom.js";
import { fail, problem } from "./failure.js";
import { header } from "./header.js";
import { Failure, load, standing } from "./load.js";
import { pick, set_languages, lang } from "./prefs.js";
import { tell } from "./words-desk.js";
import { learn, say, word } from "./words.js";

/** @typedef {import("./types.js").ShiftState} ShiftState */
/** @typedef {import("./types.js").Mode} Mode */

/** The module's error names that only a tablet meets. @type {Record<string, import("./words-desk.js").Key>} */
const names = { StorageDenied: "storage", StorageDamaged: "damaged", StorageFull: "full", ShiftOn: "other_shift" };

/** @param {any} error */
const sentence = (error) => names[error?.name] && tell(names[error.name]);

/** @param {HTMLElement} main @param {string} id */
export async function shift(main, id) {
  const src = `/api/campaigns/${id}`;
  // on a staircase there is no network to learn a language from
  const [{ anxin, campaign, campaign_json, bytes }] = await Promise.all([load(src, true), learn("en")]);
  const { Shift, Survey } = /** @type {import("./types.js").AnxinShift} */ (anxin);

  const survey = new Survey(bytes, campaign.questionnaire);
  const { languages, status } = survey.cover(lang());
  survey.free();
  set_languages(languages);
  const campaign_standing = standing(campaign);
  const standing_now = campaign_standing === "open" ? status : campaign_standing;

  /** @type {() => void} */
  let screen = () => {};

  /** @param {() => void} next */
  const show = (next) => {
    screen = next;
    header(next === begin || next === desk);
    next();
    focus_heading();
  };
  const focus_heading = () => {
    const heading = main.querySelector("h1");
    if (!heading) return;
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
    scrollTo(0, 0);
  };

  /** The face that the stored shift asks for. */
  const face = () => {
    try {
      const state = Shift.current(campaign_json);
      keep_sending(); // what an ended shift left, too
      Shift.settle();
      if (state) prepare(state.area);
      show(!state ? begin : state.handed_over ? resident : desk);
    } catch (e) {
      screen = () => {}; // the failure draws itself
      fail(main, e, () => sentence(e));
    }
  };

  /**
   * What seals each respondent beside the tally, with the aggregators' keys. Without it, what stays under k
   * has no other way out.
   * @type {import("./pkg/anxin_seal.js").Sealer | undefined}
   */
  let sealer;
  let sealed = "";
  /** @param {string} area */
  async function prepare(area) {
    if (area !== sealed) sealer = undefined; // of another area
    sealed = area;
    try {
      const it = await (await import("./report.js")).prepare(campaign, area);
      if (area === sealed) sealer = it;
    } catch (e) {
      console.error(e);
    }
  }

  /** Until every batch is acknowledged; the desk shows how it goes. */
  const keep_sending = () => Shift.keep_sending(campaign_json, () => refresh());

  /** The desk's figures drawn again; nothing in a resident's hands. */
  const refresh = () => {
    if (screen === desk) main.querySelector("#progress")?.replaceChildren(...progress(state_now()));
  };
  const state_now = () => /** @type {ShiftState} */ (Shift.current(campaign_json));

  // the volunteer

  function begin() {
    if (standing_now !== "open") throw new Failure(standing_now);
    const [only, ...others] = campaign.areas;
    const area = area_picker(campaign, () => {}, {
      label: tell("area"), id: "area", codes: true, value: others.length ? "" : only.code,
    });
    const scanner = el("div", {});
    import("./scan.js")
      .then(({ scan }) => scanner.replaceWith(scan(campaign, campaign_json, area.choose).element))
      .catch(console.error);
    /** @type {Mode} */
    let mode = "self_completed";
    const modes = /** @type {const} */ (["self_completed", "read_aloud"]).map((m) => el("label", { class: "row" },
      el("input", { type: "radio", name: "mode", value: m, checked: m === mode, change: () => { mode = m; } }),
      el("span", {}, word(m))));
    const pin = pin_input("pin");
    const again = pin_input("pin-again");
    const faults = el("div", { role: "alert" });
    main.replaceChildren(form(() => {
      const fault = !area.value ? "area_missing" : !/^\d{4,8}$/.test(pin.value) ? "pin_short"
        : pin.value !== again.value ? "pin_differ" : null;
      if (fault) {
        faults.replaceChildren(el("p", { class: "problem" }, tell(fault)));
        (fault === "area_missing" ? area : fault === "pin_short" ? pin : again).focus();
        return;
      }
      try {
        Shift.begin(campaign_json, area.value, mode, pin.value);
        face();
      } catch (e) {
        faults.replaceChildren(problem(e, sentence(e)));
      }
    },
    el("h1", {}, `${tell("shift")} · ${pick(campaign.title)}`),
    el("p", {}, tell("shift_intro", { k: campaign.k })),
    area.element,
    scanner,
    el("fieldset", {}, el("legend", {}, say("mode")), el("div", { class: "list" }, ...modes)),
    field(tell("pin"), pin),
    field(tell("pin_again"), again),
    el("p", { class: "hint" }, tell("pin_why")),
    faults,
    el("div", { class: "actions" }, el("button", { class: "main" }, tell("begin")))));
  }

  function desk() {
    const state = state_now();
    main.replaceChildren(el("div", { class: "card" },
      el("h1", {}, pick(campaign.title)),
      standing_now === "open"
        ? el("div", { class: "actions" }, button(tell(state.mode === "read_aloud" ? "interview" : "hand_over"), () => {
          Shift.hand_over(campaign_json);
          show(resident);
        }, "main big"))
        : el("p", { class: "note" }, tell("closed")),
      el("section", { id: "progress", class: "stack" }, ...progress(state)),
      el("p", { id: "sending", role: "status" }),
      left(state) > 0 && el("details", {}, el("summary", {}, tell("release", { n: left(state) })),
        el("p", {}, tell("release_why", { k: state.k })),
        el("div", { class: "actions" }, button(tell("release", { n: left(state) }), release, "main"))),
      el("details", {}, el("summary", {}, tell("end")),
        el("p", {}, tell("end_note", { k: state.k })),
        pin_form(tell("end"), (pin) => Shift.end(campaign_json, pin)))));
  }

  /** Respondents who can go out sealed. @param {ShiftState} state */
  const left = ({ in_tally, releasable, unsent }) =>
    unsent.reduce((sum, it) => sum + (it.releasable ? it.n : 0), releasable ? in_tally : 0);

  /** What is under k, and what was refused, goes out as sealed reports instead. */
  function release() {
    try {
      Shift.release(campaign_json);
    } catch (e) {
      return main.querySelector("#sending")?.replaceChildren(problem(e, sentence(e)));
    }
    show(desk);
    main.querySelector("#sending")?.replaceChildren(tell("released"));
    import("./report.js").then(({ notice }) => notice()).catch(console.error);
  }

  /** How the shift goes. @param {ShiftState} state */
  function progress({ area, mode, in_tally, k, completed, unsent, sent }) {
    const name = campaign.areas.find((a) => a.code === area)?.name;
    const count = el("progress", { max: k, value: in_tally, "aria-label": tell("tally") });
    const waiting = unsent.map(({ n, tries, problem, refused }) => el("li", {}, refused
      ? tell("unsent_refused", { n, problem: problem ?? "" }) : tell("unsent_one", { n, tries })));
    const send = button(tell("send"), async () => {
      const status = main.querySelector("#sending");
      status?.replaceChildren(tell("sending"));
      try {
        await Shift.send(campaign_json);
        status?.replaceChildren(state_now().unsent.length ? tell("not_sent") : tell("all_sent"));
      } catch (e) {
        status?.replaceChildren(problem(e, sentence(e)));
      }
      refresh();
    });
    return [
      el("h2", {}, tell("this_shift")),
      terms([
        [tell("area"), name ? `${pick(name)} ${area}` : area],
        [say("mode"), word(mode)],
        [tell("completed"), tell("people", { n: completed })],
        [tell("tally"), el("div", {}, tell("tally_of", { n: in_tally, k }), count)],
        [tell("sent"), tell("people", { n: sent })],
        [tell("unsent"), waiting.length ? el("ul", {}, ...waiting) : tell("nothing_waits")],
      ]),
      ...waiting.length ? [el("div", { class: "actions" }, send)] : [],
    ];
  }

  // the resident

  function resident() {
    if (standing_now !== "open") return hand_back(true);
    const { mode, area } = state_now();
    main.replaceChildren(el("anxin-survey", { src, area, mode, channel: "tablet" }));
  }

  main.addEventListener("anxin-done", (e) => {
    const element = /** @type {import("./survey.js").AnxinSurvey} */ (e.target);
    try {
      Shift.add(campaign_json, element.survey, sealer);
    } catch (error) {
      return element.complain(error, sentence(error));
    }
    keep_sending();
    show(() => hand_back(true));
  });
  main.addEventListener("anxin-left", () => show(() => hand_back(false)));

  /** Between resident and volunteer: nothing of either. @param {boolean} done */
  function hand_back(done) {
    main.replaceChildren(el("div", { class: "card" },
      el("h1", {}, `${done ? tell("thanks") : ""}${tell("please_return")}`),
      pin_form(tell("take_back"), (pin) => Shift.take_back(campaign_json, pin)),
      !done && el("div", { class: "actions" }, button(tell("back"), () => show(resident)))));
  }

  // small parts

  /** @param {string} id */
  const pin_input = (id) => el("input", {
    id, type: "password", inputmode: "numeric", autocomplete: "off", maxlength: 8,
  });

  /** @param {string} label @param {HTMLElement} input */
  const field = (label, input) => el("div", { class: "field" }, el("label", { for: input.id }, label), input);

  /** @param {() => void} submit @param {...(Node | string)} children */
  const form = (submit, ...children) => el("form", {
    class: "card", novalidate: true, submit: (/** @type {Event} */ e) => {
      e.preventDefault();
      submit();
    },
  }, ...children);

  /** A PIN and what it opens; the module takes its time after wrong ones. @param {string} name @param {(pin: string) => Promise<boolean>} opens */
  function pin_form(name, opens) {
    const pin = pin_input("pin");
    const faults = el("div", { role: "alert" });
    const go = el("button", { class: "main" }, name);
    const told = form(async () => {
      const typed = pin.value;
      pin.value = "";
      go.disabled = true;
      faults.replaceChildren(el("p", {}, tell("pin_wait")));
      try {
        if (await opens(typed)) return face();
        faults.replaceChildren(el("p", { class: "problem" }, tell("pin_wrong")));
      } catch (e) {
        faults.replaceChildren(problem(e, sentence(e)));
      }
      go.disabled = false;
      pin.focus();
    }, field(tell("for_volunteer"), pin), faults, el("div", { class: "actions" }, go));
    told.className = "stack";
    return told;
  }

  document.addEventListener("anxin-prefs", () => {
    // the survey draws itself, with the answers given so far
    if (screen !== resident) screen();
  });
  face();
}
