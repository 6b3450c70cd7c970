/** The results: rates with their intervals, and every distribution as bars that are a table. Every view is a link. */

import { axis_from, bar, columns, interval } from "./chart.js";
import { button, el } from "./dom.js";
import { Failure } from "./load.js";
import { lang, pick, set_languages } from "./prefs.js";
import { comparison } from "./results/compare.js";
import { effects, weighted } from "./results/crossed.js";
import { doors } from "./results/doors.js";
import { drivers } from "./results/drivers.js";
import { bound_text, count_text, figure, interval_text, percent, period_text, place, points, rate_text, rounded_up, view, whole } from "./results/figures.js";
import { knowledge } from "./results/knowledge.js";
import { first_rows, more_rows, rows_shown } from "./results/paging.js";
import { quality, quality_of } from "./results/quality.js";
import { fetch_file, for_reader, sign_out, signed_in } from "./results/sign-in.js";
import { charted, table } from "./results/table.js";
import { trend } from "./results/trend.js";
import { book, tell } from "./words-desk.js";
import { day_text, word } from "./words.js";

/** @typedef {import("./types.js").Results} Results */
/** @typedef {import("./types.js").Estimate} Estimate */
/** @typedef {import("./types.js").RowRate} RowRate */
/** @typedef {(id: string) => HTMLElement | false} More the button for more rows in the section of this id, if there are more */

/** @param {HTMLElement} main @param {string} id */
export async function results(main, id) {
  document.body.className = "wide";
  main.replaceChildren(el("p", {}, tell("reading")));
  const query = new URLSearchParams(location.search);
  const asked = new URLSearchParams();
  for (const name of ["area", "period"]) if (query.get(name)) asked.set(name, query.get(name) ?? "");
  /** @type {import("./results/paging.js").Ask} */
  const ask = async (more) => (await for_reader(main, `/api/campaigns/${id}/results?${new URLSearchParams([...asked, ...Object.entries(more)])}`)).json();
  let [all] = await Promise.all([first_rows(ask), styles()]);
  const draw = () => {
    document.title = `${tell("results")} · ${pick(all.campaign.title)}`;
    main.replaceChildren(...page(all, more).filter((part) => part !== null));
  };
  /** The button for more rows, in the section of this id. @type {More} */
  const more = (id) => more_rows(all, ask, ({ figures, anew }) => {
    const before = all.areas.length;
    all = figures;
    // No section: who reads has had to sign in again.
    if (anew || !document.getElementById(id)) draw();
    else lengthen(all, more);
    // Who pressed it goes on where the new rows begin.
    /** @type {NodeListOf<HTMLElement>} */ (main.querySelectorAll(`#${id} tbody th a`))[before]?.focus();
  });
  set_languages(Object.keys(all.title));
  draw();
  document.addEventListener("anxin-prefs", draw);
  if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
  // on paper everything is open but what would have to be fetched first
  /** @type {() => NodeListOf<HTMLDetailsElement>} */
  const here = () => main.querySelectorAll("details:not(#answers)");
  addEventListener("beforeprint", () => here().forEach((it) => { it.open = true; }));
}

/** The sheet that only this page needs. */
const styles = () => new Promise((done, failed) => document.head.append(el("link", {
  rel: "stylesheet", href: "/results.css", load: done, error: () => failed(new Failure("network", "results.css")),
})));

/** Draws the tables of areas anew, and leaves all else as it is. @param {Results} r @param {More} more */
function lengthen(r, more) {
  for (const section of [by_area(r, more), doors(r, more)]) {
    const old = section && document.getElementById(section.id);
    const open = [...old?.querySelectorAll("details") ?? []].map((it) => it.open);
    section?.querySelectorAll("details").forEach((it, i) => { it.open = open[i]; });
    old?.replaceWith(section ?? "");
  }
}

/** @param {Results} r @param {More} more @returns {(Node | null)[]} */
function page(r, more) {
  const { campaign, k, n, told, rule, selection, score } = r;
  const head = [
    el("h1", {}, `${pick(campaign.title)} · ${tell("results")}`),
    el("p", { class: "hint" }, `${pick(r.title) === pick(campaign.title) ? "" : `${pick(r.title)} · `}${tell("version", { version: r.version })} · ${tell("n", { n: whole(n) })}`),
    told < n && el("p", { class: "hint" }, tell(told ? "told" : "told_none", { n: whole(told), first: whole(rule.first) })),
    signed_in() && el("p", { class: "hint", id: "signed-in" }, `${tell("signed_in")} `, button(tell("sign_out"), sign_out, "quiet")),
    filters(r),
  ].filter((part) => part !== false);
  const rules = el("div", { class: "note", id: "rule" },
    el("p", {}, tell("rules", { k })),
    el("p", {}, tell("rules_counts", { k })),
    el("p", {}, tell("rules_steps", { first: whole(rule.first) })),
    rule.rounding > 1 && el("p", {}, tell("rules_rounding", { rounding: rule.rounding })),
    el("p", {}, el("a", { href: `${book("organisers")}#results` }, tell("how_to_read"))));
  if (!n) {
    return [...head, doors(r, more), faults(r), el("section", { class: "card" },
      el("h2", {}, tell("empty")),
      el("p", {}, tell(selection.area || selection.period ? "empty_selection" : "empty_why", { k })),
      el("p", {}, el("a", { href: `/c/${campaign.id}` }, tell("to_survey")))), rules];
  }
  const chosen = chosen_of(r);
  if (chosen) return [...head, ...about(r, chosen, more), take(r), rules];
  return [...head,
    r.indicators.length ? el("div", { class: "grid indicators" }, ...r.indicators.map((i) => indicator(i, r.confidence))) : null,
    weighted(r),
    drivers(r),
    score && scores(score),
    knowledge(r),
    quality(r),
    el("h2", {}, tell("items")),
    ...sections(r),
    by_area(r, more),
    by_period(r),
    field(r),
    doors(r, more),
    faults(r),
    take(r),
    rules];
}

/** The question that is looked at alone. @param {Results} r */
const chosen_of = ({ items }) => items.find(({ id }) => id === new URLSearchParams(location.search).get("item"));

/** The rates that are looked at. @param {Results} r @returns {Results} */
function looked_at(r) {
  const chosen = chosen_of(r);
  return chosen ? { ...r, indicators: r.indicators.filter(({ item }) => item === chosen.id) } : r;
}

/** The rates by area. @param {Results} r @param {More} more */
const by_area = (r, more) => breakdown(looked_at(r), "by_area", "area", r.areas.map((a) => ({ ...a, key: a.code, name: place(a) })), more);

/** The rates over time. @param {Results} r */
const by_period = (r) => breakdown(looked_at(r), "by_period", "period", r.periods.map((p) => ({ ...p, key: p.period, name: period_text(p.period) })));

/** One question alone: its answers, and the rates that count them, by area and over time. @param {Results} r @param {Results["items"][number]} chosen @param {More} more */
function about(r, chosen, more) {
  const { indicators } = looked_at(r);
  return [
    el("div", { class: "grid", id: "item" }, ...[card(chosen), quality_of(r, chosen.id)].filter((part) => part !== null)),
    indicators.length ? el("div", { class: "grid indicators" }, ...indicators.map((i) => indicator(i, r.confidence))) : null,
    ...indicators.length ? [by_area(r, more), by_period(r)] : []];
}

/** What is shown, as files. @param {Results} r */
function take({ campaign, periods, selection: { area, period } }) {
  const query = new URLSearchParams({ ...area && { area }, ...period && { period }, lang: lang() });
  // The month that is looked at, or the last of which something is told.
  const month = period?.slice(0, 7) ?? [...periods].reverse().find(({ told }) => told > 0)?.period.slice(0, 7);
  const monthly = new URLSearchParams({ ...area && { area }, period: month ?? "", lang: lang() });
  const why = el("p", { role: "alert" });
  // A link shows no token: the page fetches the file and hands it on.
  const fetched = (/** @type {Event & { currentTarget: any }} */ e) => {
    if (!signed_in()) return;
    e.preventDefault();
    fetch_file(e.currentTarget.href, (told) => why.replaceChildren(told));
  };
  return el("section", { class: "stack", id: "take" },
    el("h2", {}, tell("take")),
    el("p", {}, ...[["csv", "CSV"], ["xlsx", "Excel"], ["json", "JSON"], ["sps", "SPSS"]].flatMap(([end, name], i) =>
      [i > 0 ? " · " : "", el("a", { href: `/api/campaigns/${campaign.id}/results.${end}?${query}`, download: "", click: fetched }, name)])),
    month && el("p", {}, `${tell("report", { month: period_text(month) })}${tell("colon")}`, ...[["html", tell("to_read")], ["pdf", "PDF"], ["xlsx", "Excel"]].flatMap(([end, name], i) =>
      [i > 0 ? " · " : "", el("a", { href: `/api/campaigns/${campaign.id}/report.${end}?${monthly}`, download: end === "html" ? null : "", click: fetched }, name)])),
    why,
    el("p", { class: "hint" }, tell("take_why")));
}

/** Sums that do not add up, in no figure above. @param {Results} r */
function faults({ faults, areas, path }) {
  if (faults.length === 0) return null;
  const name = (/** @type {string} */ code) => pick([...areas, ...path].find((a) => a.code === code)?.name ?? {});
  return el("section", { class: "card", id: "faults" },
    el("h2", {}, tell("faults")),
    el("p", {}, tell("faults_why")),
    el("ul", {}, ...faults.map(({ area, day, n, fault, found }) => el("li", {},
      `${name(area)} ${area} · ${day_text(day)} · ${tell("n", { n: whole(n) })} · `, found ? el("span", { class: "hint" }, tell(`fault_${found.code}`, found)) : el("span", { class: "hint", lang: "en" }, fault)))));
}

/** What is selected, and the steps back to all. @param {Results} r */
function filters(r) {
  const { path, selection: { area, period } } = r;
  /** @param {"filter_area" | "filter_period" | "filter_item"} name @param {"area" | "period" | "item"} param @param {{ key: string | null, name: string }[]} steps the last is where we are */
  const steps = (name, param, steps) => el("p", {}, `${tell(name)}${tell("colon")}`, ...steps.flatMap(({ key, name }, i) =>
    [i > 0 ? " › " : "", i + 1 < steps.length ? el("a", { href: view(param, key) }, name) : name]));
  const areas = path.map((a) => ({ key: a.code, name: place(a) }));
  if (area && areas[areas.length - 1]?.key !== area) areas.push({ key: area, name: area });
  const item = chosen_of(r);
  const periods = period ? [period.slice(0, 7), period].filter((p, i, all) => all.indexOf(p) === i) : [];
  return el("nav", { class: "filters", "aria-label": tell("filters") },
    steps("filter_area", "area", [{ key: null, name: tell("everywhere") }, ...areas]),
    steps("filter_period", "period", [{ key: null, name: tell("every_day") }, ...periods.map((key) => ({ key, name: period_text(key) }))]),
    item && steps("filter_item", "item", [{ key: null, name: tell("every_item") }, { key: item.id, name: pick(item.text) }]));
}

/** Where a rate stands by its target: a word and a sign, and a colour. @param {import("./types.js").Band} band */
const band_of = (band) => el("span", { class: `band ${band}` }, tell(band));

/** A design effect from which on an interval is wider in what is shown of it. */
const FELT = 1.005;

/** @param {Results["indicators"][number]} indicator @param {number} confidence */
function indicator({ title, definition_version, base, estimates, bound, clusters, target }, confidence) {
  const { [base]: headline, [base === "all" ? "valid" : "all"]: other } = estimates;
  const from = headline ? axis_from([headline]) : 0;
  return el("section", { class: "card indicator" },
    el("h2", {}, pick(title)),
    headline ? el("p", { class: "rate" }, percent(headline.rate)) : bound && el("p", { class: "rate" }, bound_text(bound)),
    target && el("p", {}, `${tell("target", { share: percent(target.share) })} `, target.band && band_of(target.band)),
    headline && interval(headline, from, rate_text(headline), true, target?.share),
    headline && el("p", {}, `${tell("confidence", { percent: Math.round(confidence * 100) })} `, el("strong", {}, interval_text(headline))),
    el("p", {}, headline
      ? `${tell("out_of", { x: whole(headline.x), n: whole(headline.n) })}${tell("comma")}${tell(base === "all" ? "base_all" : "base_valid")}`
      : bound ? tell("bound_why", { n: whole(bound.n) }) : tell("few")),
    headline && target && target.needed !== null && el("p", { class: "hint" }, tell("needed", { n: rounded_up(target.needed), have: whole(headline.n) })),
    clusters && clusters.clustering.design_effect.deff >= FELT && el("p", { class: "hint" }, tell("clusters", {
      areas: whole(clusters.clustering.areas), deff: figure(clusters.clustering.design_effect.deff, 2), interval: interval_text(clusters.widened),
    })),
    other && el("p", { class: "hint" }, `${tell("also")}${[rate_text(other),
      tell("out_of", { x: whole(other.x), n: whole(other.n) }), tell(base === "all" ? "base_valid" : "base_all")].join(tell("comma"))}`),
    el("p", { class: "hint" }, [
      tell("definition", { version: definition_version }),
      from > 0 && tell("axis_from", { from: from * 100 }),
    ].filter(Boolean).join(" · ")));
}

/** What is told of a rate, and where that stands by the target. @param {import("./types.js").Band | null} band @param {Node | string} told */
const banded = (band, told) => band ? charted(told, el("div", {}, band_of(band))) : told;

/** So many questions stand open; of more, the sections are opened as wanted. */
const OPEN_ITEMS = 30;

/** The questions by section; those that nobody was asked are left out. @param {Results} r */
function sections({ items }) {
  const asked = items.filter((item) => item.asked !== 0);
  /** @type {Map<string, Results["items"]>} */
  const by_section = new Map();
  for (const item of asked) {
    const title = pick(item.section);
    by_section.set(title, [...by_section.get(title) ?? [], item]);
  }
  return [...by_section].map(([title, items]) => el("details", { open: asked.length <= OPEN_ITEMS },
    el("summary", {}, title),
    el("div", { class: "grid" }, ...items.map((item) => {
      const section = card(item);
      section.append(el("p", { class: "links" }, el("a", { href: view("item", item.id) }, tell("item_alone"))));
      return section;
    }))));
}

/** @param {Results["items"][number]} item */
const card = ({ type, text, asked, unanswered, scale, categories, key }) => asked === null || categories.every(({ count }) => count === null) ? el("section", { class: "card" },
  el("p", {}, el("strong", {}, pick(text))),
  el("p", { class: "hint" }, tell("few"))) : el("section", { class: "card" },
  table(pick(text), [tell("answer"), tell("count"), tell("share")], categories.filter((c) => !c.special || c.count).map(({ id, text, count, share }) => [
    charted(`${text ? pick(text) : word(id)}${key?.options.includes(id) ? ` ${tell("is_right")}` : ""}`, bar(share ?? 0)),
    count_text(count), share === null ? "–" : percent(share)])),
  ...scale ? standing(scale) : [],
  el("p", { class: "hint" }, [
    tell("asked", { n: whole(asked) }),
    unanswered && unanswered.x > 0 && tell("unanswered", { share: rate_text(unanswered) }),
    type === "multiple" && tell("multiple"),
    categories.some(({ count }) => count === null) && tell("rare"),
  ].filter(Boolean).join(" · ")));

/** Where those who gave an opinion stand on a scale. @param {import("./types.js").Scale} scale */
function standing({ index, boxes }) {
  const point = (/** @type {number} */ it) => figure(it, 1);
  const net = boxes?.net_valid;
  return [
    index && tell(index.low === null ? "scale_same" : "scale_index", {
      mean: point(index.mean), low: point(index.low ?? 0), high: point(index.high ?? 0), sd: point(index.sd ?? 0) }),
    boxes && net && boxes.top.valid && boxes.bottom.valid && tell("scale_net", {
      k: boxes.k, top: percent(boxes.top.valid.rate), bottom: percent(boxes.bottom.valid.rate),
      net: points(net.net), low: points(net.low), high: points(net.high) }),
  ].flatMap((told) => told ? [el("p", {}, told)] : []);
}

/** @param {NonNullable<Results["score"]>} score */
const scores = ({ n, mean, sd, max, pass_share, pass_bound, distribution }) => el("section", { class: "card" },
  el("h2", {}, tell("score")),
  el("p", {}, [
    mean === null || sd === null ? tell("mean_withheld", { max }) : tell("score_mean", { mean: figure(mean, 1), sd: figure(sd, 1), max }),
    n !== null && tell("n", { n: whole(n) }),
  ].filter(Boolean).join(" · ")),
  el("p", {}, `${tell("pass_share")}${tell("colon")}`, pass_share ? el("strong", {}, rate_text(pass_share)) : pass_bound ? bound_text(pass_bound) : tell("few")),
  n === null ? null : columns(distribution, tell("score")),
  n === null ? null : el("details", {}, el("summary", {}, tell("score")),
    table(tell("score"), [tell("score_points"), tell("count"), tell("share")],
      distribution.map((count, i) => [String(i), count_text(count), count === null ? "–" : percent(count / n)]))),
  n !== null && distribution.includes(null) && el("p", { class: "hint" }, tell("rare_scores")));

/** By what areas can be ordered: their code, the number of respondents, the rate. */
const ORDERS = ["", "n", "rate"];

/** All ranks that an area may have; its place by the point is within. @param {import("./types.js").Rank} rank */
const rank_text = ({ best, worst }) => best === worst ? whole(best) : tell("ranks", { best: whole(best), worst: whole(worst) });

/**
 * Every indicator by area or by day, one table each; a row's name leads to its own page.
 * @param {Results} r @param {"by_area" | "by_period"} title @param {"area" | "period"} param
 * @param {{ key: string, name: string, n: number | null, told: number, indicators: RowRate[] }[]} rows @param {More} [more]
 */
function breakdown(r, title, param, rows, more) {
  if (rows.length === 0) return null;
  /** Respondents, and of how many the rate can be. @param {{ n: number | null, told: number }} row */
  const n_text = ({ n, told }) => n === null ? tell("few_short") : told && told < n ? charted(whole(n), el("div", {}, tell("of_told", { n: whole(told) }))) : whole(n);
  const link = (/** @type {{ key: string, name: string }} */ { key, name }) => el("a", { href: view(param, key) }, name);
  const first = tell(param === "area" ? "filter_area" : "filter_period");
  // Periods stand in their order; areas by code, unless somebody wants the most first.
  const by = param === "area" ? ORDERS.indexOf(new URLSearchParams(location.search).get("order") ?? "") : -1;
  const head = (/** @type {string} */ text, /** @type {number} */ order) => param === "area" && rows.length > 1 && order !== Math.max(by, 0)
    ? el("a", { href: view("order", ORDERS[order] || null) }, text) : text;
  const tables = r.indicators.map((indicator) => {
    const { id, title, base } = indicator;
    const of_row = rows.map((row) => {
      const found = row.indicators.find((i) => i.id === id);
      return { ...row, estimate: found?.estimates[base] ?? null, other: found?.estimates[base === "all" ? "valid" : "all"] ?? null, bound: found?.bound ?? null, band: found?.band ?? null, rank: found?.rank ?? null };
    });
    if (by > 0) of_row.sort((a, b) => by === 1 ? (b.n ?? -1) - (a.n ?? -1) : (b.estimate?.rate ?? -1) - (a.estimate?.rate ?? -1));
    const ranked = of_row.some(({ rank }) => rank);
    const from = axis_from(of_row.flatMap(({ estimate }) => estimate ? [estimate] : []));
    return el("section", { class: "card" }, param === "period" ? trend(r, indicator) : null, table(pick(title), [head(first, 0), head(tell("count"), 1), head(tell("rate"), 2), ...ranked ? [tell("rank")] : []],
      of_row.map(({ estimate, other, bound, band, rank, ...row }) => [
        estimate ? charted(link(row), interval(estimate, from, rate_text(estimate), false)) : link(row),
        n_text(row),
        banded(band, estimate ? charted(el("strong", {}, percent(estimate.rate)), el("div", {}, interval_text(estimate)))
          // Not beside the others on one axis, nor ranked with them: it is another base's.
          : other ? charted(percent(other.rate), el("div", {}, interval_text(other), el("div", {}, tell(base === "all" ? "base_valid_short" : "base_all_short"))))
          : bound ? bound_text(bound) : tell(row.n === null ? "few_short" : row.told ? "withheld" : "not_yet")),
        ...ranked ? [rank ? rank_text(rank) : "–"] : []]), by > 0 ? by : undefined),
    of_row.some(({ band }) => band) && el("p", { class: "hint" }, tell("bands_why")),
    ranked && el("p", { class: "hint" }, tell("rank_why")),
    of_row.some(({ estimate }) => estimate) && el("p", { class: "hint" }, tell("axis_from", { from: from * 100 })),
    more && rows_shown(r));
  });
  if (tables.length === 0) tables.push(el("section", { class: "card" }, table(tell(title), [first, tell("count")],
    rows.map((row) => [link(row), n_text(row)])), more && rows_shown(r)));
  const [headline, ...others] = tables;
  return el("section", { class: "stack", id: title },
    el("h2", {}, tell(title)),
    el("div", { class: "grid" }, headline),
    more?.(title),
    others.length > 0 && el("details", {},
      el("summary", {}, tell("others")),
      el("div", { class: "grid" }, ...others)),
    r.indicators.length > 0 && comparison(r, param, rows));
}

/** @param {Results} r */
const field = (r) => r.field.length === 0 ? null : el("section", { class: "stack" },
  el("h2", {}, tell("field")),
  el("p", { class: "hint" }, tell("field_note")),
  el("div", { class: "grid" }, ...r.field.map(({ id, categories }) => {
    const n = categories.reduce((sum, { count }) => sum + (count ?? 0), 0);
    return el("section", { class: "card" },
      table(word(id), [tell("answer"), tell("count"), tell("share")], categories.map(({ id, count }) => [
        charted(word(id), bar(n && (count ?? 0) / n)), count_text(count), count === null ? "–" : percent(count / n)])));
  })),
  effects(r));
