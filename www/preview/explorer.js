/**
 * The paths through a form: every item in order, with its condition and its options. Whoever chooses answers sees
 * which items come; a simulated respondent fills it in; every item can be led to.
 */

import { button, el, terms } from "../dom.js";
import { problem } from "../failure.js";
import { word } from "../words.js";
import { tell } from "../words-preview.js";
import { item as item_of } from "./item.js";
import { follow, read, simulated, way } from "./respondent.js";

/** @typedef {import("./types.js").Form} Form */
/** @typedef {import("./types.js").Told} Told */
/** @typedef {import("./types.js").Respondent} Respondent */

/** Seeds are whole numbers below this. */
const SEEDS = 2 ** 32;

/** An answer in words. @param {import("./types.js").FormItem} item @param {import("../types.js").Answer | null} answer */
function answer_text({ control, specials }, answer) {
  if (answer === null) return tell("no_answer");
  if ("number" in answer) return String(answer.number);
  const known = [...("options" in control ? control.options : []), ...specials];
  const ids = "special" in answer ? [answer.special] : answer.options;
  return ids.map((id) => known.find((it) => it.id === id)?.text ?? id).join(" + ");
}

/** @param {NonNullable<Told["score"]>} score */
const result = ({ score, max, percent, passed }) =>
  [tell("score_of", { score, max, percent }), passed !== null && tell(passed ? "passes" : "fails")].filter(Boolean).join(" · ");

/**
 * @param {{ told: (told: Told | undefined) => void, go: (place: import("./frames.js").Place) => void }} act
 *   `told`: what comes of the answers; `go`: to be shown in the frames
 */
export function explorer({ told: tell_others, go }) {
  /** @type {Form | undefined} */ let form;
  /** @type {ReturnType<typeof item_of>[]} */ let rows = [];
  /** @type {Respondent} */ let respondent = { seed: 1, mode: "self_completed", answers: {} };
  /** @type {Told | undefined} */ let told;
  /** counts what was asked of the program, of which only the last answer is shown */
  let asked = 0;
  let simulates = false;
  /** the item that the answers lead to @type {number | undefined} */ let reached;
  let [path_only, answers_open] = [false, false];

  const seed = el("input", { type: "text", inputmode: "numeric", id: "seed", autocomplete: "off", maxlength: 10, value: "1", change: () => fill(0) });
  const said = el("div", { id: "respondent-said", role: "status" });
  const list = el("ol", { class: "steps", id: "steps" });
  const head = el("div", { class: "stack" });
  const element = el("section", { class: "card", id: "explorer" }, head, said, list);

  /** The seed in the field, moved on. @param {number} by */
  const next_seed = (by) => {
    const now = /^\d{1,10}$/.test(seed.value.trim()) ? Number(seed.value) : 1;
    return (now + by + SEEDS) % SEEDS;
  };

  /** What the program says of a respondent. @param {Promise<Told>} asking @param {(told: Told) => void} [then] */
  async function ask(asking, then) {
    const mine = ++asked;
    const of = form;
    try {
      const answer = await asking;
      if (mine !== asked || !of) return;
      told = answer;
      respondent = { seed: told.seed, mode: told.mode, answers: { ...read(of, told.answers) } };
      show();
      then?.(answer);
    } catch (e) {
      if (mine === asked) said.replaceChildren(problem(e, tell("no_answer_came")));
    }
  }

  /** Has the respondent of the seed fill it in, so many seeds on. @param {number} by @param {boolean} [shown] in the frames too */
  function fill(by, shown = true) {
    if (!form) return;
    seed.value = String(next_seed(by));
    simulates = true;
    reached = undefined;
    ask(simulated(form, next_seed(0)), () => { if (shown) go({ ...respondent, until: null }); });
  }

  function clear() {
    simulates = false;
    reached = undefined;
    respondent = { seed: next_seed(0), mode: "self_completed", answers: {} };
    again();
  }

  const again = () => form && ask(follow(form, respondent));

  /** @param {string} id @param {import("../types.js").Answer | null | undefined} answer */
  function change(id, answer) {
    simulates = false;
    reached = undefined;
    const { [id]: _, ...others } = respondent.answers;
    respondent = { ...respondent, answers: answer === undefined ? others : { ...others, [id]: answer } };
    again();
  }

  /** To an item: with the answers as they are, if they lead there. @param {number} index */
  function lead(index) {
    if (!form) return;
    const { id } = form.items[index];
    const there = () => {
      go({ ...respondent, until: id });
      rows[index].element.scrollIntoView({ block: "nearest" });
    };
    if (told?.standing[index] === "asked") return there();
    simulates = false;
    reached = index;
    ask(way(form, id), there);
  }

  function draw() {
    if (!form) return;
    const of = form;
    const focused = document.activeElement?.id;
    const only = el("input", { type: "checkbox", id: "path-only", checked: path_only, change: () => {
      path_only = only.checked;
      list.classList.toggle("path", path_only);
    } });
    head.replaceChildren(
      el("h2", {}, tell("paths")),
      el("p", { class: "hint" }, tell("paths_why")),
      el("div", { class: "fill" },
        button(tell("fill"), () => fill(simulates ? 1 : 0), "main"),
        el("div", { class: "seed" }, el("label", { for: "seed" }, tell("seed")), seed),
        el("button", { type: "button", click: () => fill(-1), "aria-label": tell("previous") }, "−"),
        el("button", { type: "button", click: () => fill(1), "aria-label": tell("following") }, "+"),
        button(tell("clear"), clear)),
      el("label", { class: "chip" }, only, el("span", {}, tell("path_only"))));
    let section = -1;
    rows = of.items.map((it, index) => item_of(of, index, { change: (answer) => change(it.id, answer), go: () => lead(index) }));
    list.replaceChildren(...rows.flatMap(({ element }, index) => {
      const { section: own } = of.items[index];
      if (own === section) return [element];
      section = own;
      return [el("li", { class: "section-title" }, el("h3", {}, of.sections[own])), element];
    }));
    if (focused) document.getElementById(focused)?.focus();
  }

  function show() {
    tell_others(told);
    if (!told || !form) return said.replaceChildren();
    const { standing, at, score, cells, mode } = told;
    rows.forEach(({ update }, index) => update(standing[index], respondent.answers[/** @type {Form} */ (form).items[index].id], index === at));
    const count = (/** @type {import("./types.js").Standing} */ of) => standing.filter((it) => it === of).length;
    const who = simulates ? tell("simulated", { seed: told.seed }) : reached === undefined ? tell("by_hand") : tell("leads_to", { n: reached + 1 });
    said.replaceChildren(
      el("p", {}, el("strong", {}, who), ` · ${word(mode)}`),
      terms([
        [tell("path"), tell("path_of", { asked: count("asked"), open: count("open"), of: standing.length })],
        ...score ? [/** @type {const} */ ([tell("score"), result(score)])] : [],
        [tell("cells"), cells ? tell("ones", { n: cells.length, of: form.cells }) : tell("not_at_end", { n: (at ?? 0) + 1 })],
      ]),
      ...[answers(standing)].filter((it) => it !== false));
    return undefined;
  }

  /** What is answered on the path, in words. @param {import("./types.js").Standing[]} standing */
  function answers(standing) {
    const given = (form?.items ?? []).flatMap((it, index) => {
      const answer = respondent.answers[it.id];
      return standing[index] !== "asked" || answer === undefined ? []
        : [el("li", { value: index + 1 }, `${it.text} `, el("strong", {}, answer_text(it, answer)))];
    });
    const details = el("details", { open: answers_open, toggle: () => { answers_open = details.open; } },
      el("summary", {}, tell("answers", { n: given.length })), el("ol", { class: "answers" }, ...given));
    return given.length > 0 && details;
  }

  return {
    element,
    /** Draws anew in the reader's language. */
    draw() {
      draw();
      again();
    },
    /** @param {Form} next */
    show(next) {
      const same = form?.hash === next.hash;
      form = next;
      if (same) return;
      draw();
      // the frames see to it themselves that they stay where they are
      if (simulates) fill(0, false);
      else again();
    },
    /** @param {number} index */
    focus(index) {
      rows[index]?.element.scrollIntoView({ block: "center" });
      rows[index]?.element.focus({ preventScroll: true });
    },
  };
}
