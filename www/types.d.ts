/** What the wasm module and the collector hand to the page. Types only; nothing here is loaded by a browser. */

/** language → string, as it stands in campaign and results */
export type Text = { [language: string]: string };

export interface Area { code: string; name: Text }

export interface Campaign {
  id: string; title: Text; kind: "survey" | "quiz"; questionnaire: string; areas: Area[];
  opens: string; closes: string; grace_days: number; k: number; channels: string[];
  aggregators: { leader: string; helper: string };
  /** to which tablets seal what is for the collector alone */
  deposit?: string;
  /** what the areas lie in, where there are many */
  regions?: Area[];
  /** the public key that checks posters' codes */
  signer?: string;
}

export type Mode = "self_completed" | "read_aloud";

export interface Cover {
  title: string; languages: string[]; status: "open" | "not_yet" | "expired";
  header: {
    table_number: string; issued_by: string; approval_number: string; valid_from: string; valid_until: string;
    purpose: string; organiser: string; contact: string; retention: string;
  };
  quiz: null | { draw: number; pass_percent: number | null; feedback: "each" | "end" };
  items: number;
}

export type Answer = { options: string[] } | { number: number } | { special: "dont_know" | "refused" };

export interface Option { id: string; text: string; exclusive?: boolean }
export type One = { kind: "one"; look: "list" | "scale"; options: Option[] };
export type Many = { kind: "many"; options: Option[] };
export type NumberIn = { kind: "number"; min: number; max: number };
export type None = { kind: "none" };
export type Control = One | Many | NumberIn | None;

export interface Feedback { correct: boolean; key: string[]; explanation: string | null; source: string | null }

export interface Item {
  id: string; text: string; help: string | null; required: "required" | "soft" | "optional";
  control: Control; specials: { id: "dont_know" | "refused"; text: string }[];
  chosen: Answer | null; problem: null | "required" | "soft" | "range"; locked: boolean; feedback: Feedback | null;
}

export interface Result {
  score: number; max: number; percent: number; passed: boolean | null;
  topics: { title: string; correct: number; asked: number }[];
  review: {
    id: string; text: string; chosen: string[]; key: string[]; correct: boolean;
    explanation: string | null; source: string | null; review_needed: boolean;
  }[];
}

export interface View {
  at: "item" | "end"; progress: { done: number; total: number }; section: string | null; can_back: boolean;
  item: Item | null; result: Result | null;
}

export interface SentLine {
  kind: "item" | "status" | "correct" | "indicator" | "score" | "joint" | "field"; of: string[]; value: string[];
}

/** what came of a door */
export type Disposition =
  "completed" | "partial" | "refused" | "nobody_home" | "cannot_get_in" | "not_eligible" | "language" | "other";
export type Hand = "volunteer" | "resident" | "done" | "left";

export interface ShiftState {
  area: string; mode: Mode;
  /** of the shifts on this tablet today */
  number: number;
  /** in whose hands the tablet is */
  hand: Hand;
  /** the adult to ask, counted from the oldest */
  pick: { adults: number; nth: number } | null;
  /** the last door, while it can be undone */
  undo: Disposition | null;
  in_tally: number; k: number; completed: number;
  /** those under k can go out sealed; so can a batch that was refused */
  releasable: boolean;
  /** respondents, or doors */
  unsent: { n: number; doors: number; tries: number; problem: string | null; refused: boolean; releasable: boolean; exported: boolean }[];
  /** respondents on this tablet who are not in an acknowledged batch */
  waiting: number;
  /** respondents in acknowledged batches */
  sent: number;
  doors: DoorsState;
}
export interface DoorsState {
  total: number; callbacks: number; contacts: number; completes: number;
  ended: [Disposition, number][];
  rates: Record<"rr1" | "rr2" | "coop1" | "ref1" | "con1", Estimate | null>;
}
/** the shift that ended last */
export interface Card { area: string; day: string; number: number; doors: DoorsState }

/** the module, as `wasm-bindgen` describes it, and the tablet's */
export type Anxin = typeof import("./pkg/anxin.js");
export type AnxinShift = typeof import("./pkg/anxin_shift.js");
export type Survey = import("./pkg/anxin.js").Survey;

declare global {
  interface HTMLElementTagNameMap { "anxin-survey": import("./survey.js").AnxinSurvey; "anxin-offline": HTMLElement }
}

export interface Loaded { anxin: Anxin | AnxinShift; campaign: Campaign; campaign_json: string; bytes: Uint8Array }

export interface Estimate { x: number; n: number; rate: number; low: number; high: number }
export type Estimates = { all: Estimate | null; valid: Estimate | null };
export interface Bound { side: "at_least" | "at_most"; share: number; n: number }
export interface Category {
  id: string; text: Text | null; count: number | null; share: number | null; of: number | null; special: boolean;
}

export interface RowRate { id: string; estimates: Estimates; bound: Bound | null; rank: Rank | null; band: Band | null }

export interface Results {
  campaign: { id: string; title: Text; kind: "survey" | "quiz"; opens: string; closes: string; areas: number };
  questionnaire_id: string; version: string; title: Text;
  selection: { area: string | null; period: string | null }; path: Area[]; k: number; n: number; told: number; confidence: number;
  rule: { k: number; first: number; rounding: number; bounds: number[] };
  indicators: {
    id: string; title: Text; item: string; definition_version: string; base: "all" | "valid"; estimates: Estimates; bound: Bound | null;
    clusters: Clusters | null; target: Target | null;
  }[];
  items: { id: string; type: string; text: Text; section: Text; asked: number | null; unanswered: Estimate | null; scale: Scale | null; categories: Category[]; key: Key | null }[];
  score: null | {
    n: number | null; mean: number | null; sd: number | null; max: number; pass_share: Estimate | null; pass_bound: Bound | null;
    distribution: (number | null)[];
  };
  knowledge: null | { all: Known; topics: ({ id: string; title: Text } & Known)[] };
  quality: null | Quality;
  crossed: null | {
    drivers: Drivers | null;
    effects: { indicator: string; asked: "order" | "mode"; difference: Ranged | null }[];
  };
  weighted: null | {
    source: string; by: string[]; cap: number;
    rates: { id: string; base: "all" | "valid"; rate: Ranged | null; design_effect: number | null; covered: number | null }[];
  };
  field: { id: string; categories: { id: string; count: number | null }[] }[];
  /** how many rows the table of areas has, of which `areas` may be a page */
  rows: number;
  areas: { code: string; name: Text | null; areas: number; n: number | null; told: number; indicators: RowRate[] }[];
  periods: { period: string; n: number; told: number; indicators: RowRate[] }[];
  faults: { area: string; day: string; channel: string; n: number; fault: string; found: Fault | null }[];
  fieldwork: null | {
    period: string | null;
    total: Doors; areas: { code: string; name: Text | null; doors: Doors | null }[];
    parts: { part: "morning" | "afternoon" | "evening"; opened: Estimate | null }[];
  };
}

/** What does not add up in a sum. */
export type Fault = { code: "length"; got: number; want: number }
  | { code: "cell_above_n"; cell: number; count: number; n: number }
  | { code: "block_sum"; block: number; start: number; sum: number; n: number };

/** Where a figure of crossed answers lies. */
export interface Range { low: number; high: number }
export interface Ranged { range: Range; interval: Range }

/** A figure, or why there is none. */
export type Figure<T> = { state: "known"; value: T } | { state: "too_few" | "not_declared" | "not_comparable" };

/** How well a quiz measures. */
export interface Quality {
  reliability: Figure<{ items: number; alpha: Ranged; measurement_error: Ranged | null }>;
  /** scores of those who are compared: the lowest, the highest */
  groups: null | { from: number; to: number }[];
  items: {
    id: string; text: Text; item_rest: Figure<{ r: Ranged; grade: null | "weak" | "fair" | "good" }>; upper_lower: Ranged | null;
    answers: { id: string; key: boolean; lowest: Ranged | null; highest: Ranged | null; flag: null | "unused" | "draws_upper" | "repels_upper" }[];
  }[];
}

/** The importance–performance map. */
export interface Drivers {
  overall: string; text: Text; importance: number | null; performance: number | null;
  domains: {
    id: string; title: Text; importance: Ranged | null; performance: Estimate | null;
    quadrant: null | "improve" | "keep_up" | "low_priority" | "overdone";
  }[];
}

/** Where respondents stand on a scale: on average, from 0 to 100, and at its ends. */
export interface Scale {
  index: { n: number; mean: number; sd: number | null; low: number | null; high: number | null } | null;
  boxes: { k: number; top: Estimates; bottom: Estimates; net_all: Net | null; net_valid: Net | null } | null;
}
export interface Net { n: number; net: number; low: number; high: number }

/** The right answers to a question of a quiz. */
export interface Key { options: string[]; topic: string | null; facility: { right: Estimate; flag: "easy" | "hard" | null } | null }

/** Right answers to several questions: how many of them are told of, and the share. */
export interface Known { items: number; told: number; share: Estimate | null }
/** Where the interval of a rate lies: all of it below its target; it holds the target; all of it at the target or above. */
export type Band = "red" | "yellow" | "blue";

/** What an indicator should reach, and how it stands to that: `gap` is the rate less the target; so many in the base are `needed` to decide it. */
export interface Target { share: number; band: Band | null; gap: number | null; needed: number | null }

/** A rank, the highest rate first, and those that cannot be told from it. */
export interface Rank { rank: number; best: number; worst: number }

/** A share less another, as one of several comparisons: from −1 to 1, with its 95 % interval. */
export interface Pair { difference: number; low: number; high: number; z: number | null; p: number | null; holm: number | null }

/** Whether the answers of two groups have to do with who gave them: Cramér's V from 0 to 1; no p-value where too few are told. */
export interface Association { n: number; chi2: number; df: number; v: number; p: number | null; exact: boolean; holm: number | null }

/** What it does to a rate that the respondents of an area are alike. */
export interface Clusters {
  clustering: { areas: number; n: number; icc: number; mean_size: number; design_effect: { deff: number; n_eff: number } };
  widened: Estimate;
}

export interface Doors {
  doors: number; visits: number; contacts: number; completes: number;
  rr1: Estimate | null; rr2: Estimate | null; coop1: Estimate | null; ref1: Estimate | null; con1: Estimate | null;
}
