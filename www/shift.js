/**
 * The tablet channel. Two faces that never mix: the volunteer's desk, and what a resident holds.
 * Which of them is on view is what the tablet's journal says, so that a reload changes nothing.
 */

import { begin_form, field, form, pin_input, shift_card } from "./begin.js";
import { door, progress } from "./desk.js";
import { button, el } from "./dom.js";
import { fail, problem } from "./failure.js";
import { header } from "./header.js";
import { watch } from "./idle.js";
import { journal } from "./journal.js";
import { Failure, load, standing } from "./load.js";
import { hold, offline_status } from "./offline.js";
import { lang, pick, set_languages } from "./prefs.js";
import { at_door } from "./words-door.js";
import { tell } from "./words-desk.js";
import { learn } from "./words.js";

/** @typedef {import("./types.js").ShiftState} ShiftState */
/** @typedef {import("./types.js").Disposition} Disposition */

/** The module's error names that only a tablet meets. @type {Record<string, () => string>} */
const names = {
  StorageDenied: () => tell("storage"),
  StorageDamaged: () => tell("damaged"),
  StorageFull: () => tell("full"),
  StorageLost: () => at_door("lost"),
  StorageBusy: () => at_door("lost"),
  StorageBlocked: () => at_door("blocked"),
  ShiftOn: () => tell("other_shift"),
  TooManyShifts: () => at_door("too_many"),
  NothingToUndo: () => at_door("undo_late"),
  WrongVisit: () => at_door("wrong_visit"),
  WrongAdults: () => at_door("wrong_adults"),
  OtherHands: () => at_door("other_tab"),
  NoShift: () => at_door("other_tab"),
  NoKeys: () => at_door("no_keys"),
  NothingToSend: () => at_door("nothing_to_send"),
};

/** @param {any} error */
const sentence = (error) => names[error?.name]?.();

/** So long the last door can be undone, if nothing else is done. Milliseconds. */
const UNDO = 30_000;

/** The address that leads back here while the tablet is in other hands (page.js reads it). */
const HANDED = "anxin.handed";

/** The volunteers' styles, which nobody else loads. @returns {Promise<unknown>} */
const styled = () => new Promise((done, failed) => document.head.append(el("link", {
  rel: "stylesheet", href: "/shift.css", load: done, error: () => failed(new Failure("network", "shift.css")),
})));

/** @param {HTMLElement} main @param {string} id */
export async function shift(main, id) {
  const src = `/api/campaigns/${id}`;
  // on a staircase there is no network to learn a language from
  const [{ anxin, campaign, campaign_json, bytes }] = await Promise.all([load(src, true), learn("en")]);
  await styled();
  const { Shift, Survey } = /** @type {import("./types.js").AnxinShift} */ (anxin);

  const survey = new Survey(bytes, campaign.questionnaire);
  const { languages, status } = survey.cover(lang());
  survey.free();
  set_languages(languages);
  const campaign_standing = standing(campaign);
  const standing_now = campaign_standing === "open" ? status : campaign_standing;

  /** @type {() => void} */
  let screen = () => {};
  /** stops the watch over an idle tablet */
  let unwatch = () => {};

  /** @param {() => void} next */
  const show = (next) => {
    unwatch();
    unwatch = () => {};
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

  /** The face that the journal asks for. */
  const face = () => {
    sending = () => [];
    try {
      const state = Shift.current(campaign_json);
      keep_sending(); // what an ended shift left, too
      hold(id, Boolean(state)).catch(console.error);
      if (state) prepare(state.area);
      guard(!!state && state.hand !== "volunteer");
      show(face_of(state));
    } catch (e) {
      broken(e);
    }
  };

  /** @param {ShiftState | null} state */
  const face_of = (state) => !state ? begin
    : state.hand === "volunteer" ? desk : state.hand === "resident" ? resident : state.hand === "done" ? thanks : left;

  /** @param {unknown} e */
  const broken = (e) => {
    screen = () => {}; // the failure draws itself
    fail(main, e, () => sentence(e));
  };

  /** In a resident's hands every address of this site leads back here. @param {boolean} on */
  function guard(on) {
    try {
      if (on) localStorage.setItem(HANDED, location.pathname);
      else localStorage.removeItem(HANDED);
    } catch { /* the journal knows it too */ }
  }

  /**
   * What seals each respondent beside the sum, with the aggregators' keys. Without it, what stays under k has no
   * other way out.
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

  /** Until everything is acknowledged; the desk shows how it goes. */
  const keep_sending = () => Shift.keep_sending(() => refresh());

  /** The desk's figures drawn again; nothing in a resident's hands. */
  const refresh = () => {
    if (screen !== desk) return;
    const state = state_now();
    main.querySelector("#progress")?.replaceChildren(...progress(campaign, state));
    main.querySelector("#release")?.replaceChildren(...release_offer(state));
    if (!state.undo) main.querySelector("#undo")?.remove();
    draw_waiting();
  };
  const state_now = () => /** @type {ShiftState} */ (Shift.current(campaign_json));

  /** One step at a time; then the face that it leads to. @param {() => Promise<unknown>} step @param {() => string} [told] */
  async function take(step, told) {
    if (taking) return;
    taking = true;
    try {
      await step();
      face();
      if (told) main.querySelector("#told")?.replaceChildren(told());
    } catch (e) {
      // another tab may have gone on: what is on view is then out of date
      await Shift.refresh().catch(() => {});
      if (/** @type {any} */ (e)?.name === "OtherHands" || /** @type {any} */ (e)?.name === "NoShift") face();
      (main.querySelector("#told") ?? main).append(problem(e, sentence(e)));
    }
    taking = false;
  }
  let taking = false;

  // the volunteer

  function begin() {
    if (standing_now !== "open") throw new Failure(standing_now);
    const card = Shift.card(campaign_json);
    main.replaceChildren(
      ...card ? [shift_card(campaign, card, Shift.waiting())] : [],
      begin_form(campaign, campaign_json, async (area, mode, pin) => {
        await Shift.begin(campaign_json, area, mode, pin);
        face();
      }, sentence),
      offline_status());
  }

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let settling;

  function desk() {
    const state = state_now();
    clearTimeout(settling);
    if (state.undo) settling = setTimeout(() => Shift.settle().then(settled, console.error), UNDO);
    main.replaceChildren(el("div", { class: "card" },
      el("h1", {}, pick(campaign.title)),
      el("p", { id: "waits", class: "waits", role: "status" }),
      el("div", { id: "told", role: "status" }),
      standing_now === "open" ? door(state, {
        hand_over: (before) => take(() => Shift.hand_over(campaign_json, before)),
        visit: (outcome, before) => take(() => Shift.visit(campaign_json, outcome, before),
          () => at_door("counted", { outcome: at_door(outcome) })),
        adults: (n) => take(() => Shift.pick(campaign_json, n)),
        undo: () => take(() => Shift.undo(campaign_json), () => at_door("undone")),
      }) : el("p", { class: "note" }, tell("closed")),
      el("section", { id: "progress", class: "stack" }, ...progress(campaign, state)),
      el("div", { class: "actions" }, button(tell("send"), send)),
      el("p", { id: "sending", role: "status" }, ...sending()),
      el("div", { id: "release" }, ...release_offer(state)),
      el("details", {}, el("summary", {}, at_door("file")),
        el("p", {}, at_door("file_why", { name: Shift.fingerprint() })),
        el("div", { class: "actions" }, button(at_door("file_save"), file)),
        el("div", { id: "filed", role: "status" })),
      el("details", {}, el("summary", {}, tell("end")),
        el("p", {}, tell("end_note", { k: state.k })),
        pin_form(tell("end"), (pin) => Shift.end(campaign_json, pin))),
      offline_status()));
    draw_waiting();
  }

  /** The last door stands. Nothing else moves: somebody may be reading, or waiting for what comes of sending. */
  const settled = () => {
    keep_sending();
    refresh();
  };

  /** The desk again, unless something is being typed there. */
  const face_again = () => {
    keep_sending();
    if (screen === desk && !/** @type {HTMLInputElement | null} */ (main.querySelector("#pin"))?.value) show(desk);
  };

  /** What has not arrived yet, always in the volunteer's sight. */
  function draw_waiting() {
    const n = Shift.waiting();
    const place = main.querySelector("#waits");
    place?.classList.toggle("some", n > 0);
    place?.replaceChildren(n ? at_door("not_sent", { n }) : at_door("none_waits"));
  }

  /** What came of sending: the desk may be drawn anew meanwhile and after. @type {() => (Node | string)[]} */
  let sending = () => [];

  async function send() {
    /** @param {typeof sending} told */
    const say = (told) => {
      sending = told;
      if (screen === desk) main.querySelector("#sending")?.replaceChildren(...told());
    };
    say(() => [tell("sending")]);
    try {
      await Shift.send();
      const came = state_now().unsent.length ? "not_sent" : "all_sent";
      say(() => [tell(came)]);
    } catch (e) {
      say(() => [problem(e, sentence(e))]);
    }
    refresh();
  }

  /** Respondents who can go out sealed. @param {ShiftState} state */
  const releasable = ({ in_tally, releasable, unsent }) =>
    unsent.reduce((sum, it) => sum + (it.releasable ? it.n : 0), releasable ? in_tally : 0);

  /** @param {ShiftState} state */
  const release_offer = (state) => releasable(state) > 0 ? [
    el("details", {}, el("summary", {}, tell("release", { n: releasable(state) })),
      el("p", {}, tell("release_why", { k: state.k })),
      el("div", { class: "actions" }, button(tell("release", { n: releasable(state) }), release, "main")))] : [];

  /** A file for a tablet that gets no network. */
  async function file() {
    const place = main.querySelector("#filed");
    try {
      const bytes = await Shift.file(campaign_json);
      const link = el("a", {
        href: URL.createObjectURL(new Blob([/** @type {BlobPart} */ (bytes)], { type: "application/octet-stream" })),
        download: `${id}-${Shift.fingerprint()}.anxin`,
      }, at_door("file_again"));
      link.click();
      place?.replaceChildren(el("p", { class: "note" }, at_door("filed", { n: state_now().in_tally })), el("p", {}, link));
    } catch (e) {
      place?.replaceChildren(problem(e, sentence(e)));
    }
    refresh();
  }

  /** What is under k, and what was refused, goes out as sealed reports instead. */
  function release() {
    return take(async () => {
      await Shift.release(campaign_json);
      import("./report.js").then(({ notice }) => notice()).catch(console.error);
    }, () => tell("released"));
  }

  // the resident

  function resident() {
    if (standing_now !== "open") return hand_back(false);
    const { mode, area } = state_now();
    main.replaceChildren(el("anxin-survey", { src, area, mode, channel: "tablet" }));
    unwatch = watch(() => /** @type {import("./survey.js").AnxinSurvey | null} */ (main.querySelector("anxin-survey"))?.leave());
  }

  let adding = false;
  main.addEventListener("anxin-done", (e) => add(/** @type {any} */ (e.target), false));
  // who breaks off may let count what was answered
  main.addEventListener("anxin-stop", (e) => {
    const element = /** @type {import("./survey.js").AnxinSurvey & { survey: import("./pkg/anxin_shift.js").Survey }} */ (e.target);
    if (!element.survey.partial()) return;
    element.querySelector("p")?.replaceChildren(at_door("stop_note"));
    element.querySelector(".actions")?.append(button(at_door("stop_count"), () => add(element, true)));
  });

  /** Counts who hands in. @param {import("./survey.js").AnxinSurvey} element @param {boolean} partial */
  async function add(element, partial) {
    if (adding) return;
    adding = true;
    try {
      await Shift.complete(campaign_json, /** @type {any} */ (element.survey), partial, sealer);
      face();
    } catch (error) {
      element.complain(error, sentence(error));
    }
    adding = false;
  }
  main.addEventListener("anxin-left", (e) => {
    const { begun } = /** @type {CustomEvent} */ (e).detail;
    // who has not answered anything may still go back to it
    if (begun) take(() => Shift.leave(campaign_json, true));
    else show(not_begun);
  });

  const thanks = () => hand_back(true);
  const left = () => hand_back(false);
  const not_begun = () => hand_back(false, button(tell("back"), () => show(resident)));

  /** Between resident and volunteer: nothing of either. @param {boolean} done @param {HTMLElement} [back] */
  function hand_back(done, back) {
    main.replaceChildren(el("div", { class: "card" },
      el("h1", {}, `${done ? tell("thanks") : ""}${tell("please_return")}`),
      pin_form(tell("take_back"), (pin) => Shift.take_back(campaign_json, pin)),
      back && el("div", { class: "actions" }, back),
      el("div", { id: "told" })));
  }

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
  // another tab may have gone on meanwhile
  document.addEventListener("visibilitychange", async () => {
    if (document.hidden || adding || taking) return;
    const before = JSON.stringify(Shift.current(campaign_json));
    await Shift.refresh().catch(console.error);
    const state = Shift.current(campaign_json);
    const next = face_of(state);
    if (next !== screen && !(next === resident && screen === not_begun)) face();
    // what can be undone may be another door now
    else if (JSON.stringify(state) !== before) face_again();
  });
  addEventListener("online", keep_sending);
  // the device's own back leads nowhere while the tablet is in other hands
  addEventListener("popstate", () => {
    if (![begin, desk].includes(screen) && history.state !== "leaf") history.pushState("leaf", "");
  });
  try {
    await Shift.open(journal);
    face();
  } catch (e) {
    broken(e);
  }
}
