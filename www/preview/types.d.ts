/** What `anxin preview` hands to its page. Types only; nothing here is loaded by a browser. */

import type { Answer, Control, Mode, SentLine } from "../types.js";

export interface Finding {
  code: string; message: string;
  sheet?: string; row?: number; column?: string; heading?: string;
  at?: string; item?: number; about?: string;
}

export type Condition =
  | { op: "and" | "or"; of: Condition[] }
  | { op: "not"; of: Condition }
  | { op: "any_of"; item: number; options: string[]; specials: ("dont_know" | "refused" | "no_answer")[] }
  | { op: "count" | "range"; item: number; min: number | null; max: number | null };

export interface FormItem {
  id: string; type: string; section: number; text: string; help: string | null;
  required: "required" | "soft" | "optional"; order: "fixed" | "reversible" | "shuffled";
  control: Control; specials: { id: "dont_know" | "refused"; text: string }[]; key: string[]; ask_if: Condition | null;
}

export interface Block { name: string; of: string[]; start: number; len: number; one_hot: boolean }
export interface Between { least: number; most: number }
export interface Length { longest: Between; median: Between }

export type Proof = "at_work" | { failed: Finding } | {
  done: { items: Length; seconds: Length; report_bytes: number; faults: Finding[]; warnings: Finding[] };
};

export interface Form {
  hash: string; id: string; version: string; title: string; status: "open" | "not_yet" | "expired";
  valid_from: string; valid_until: string; bank: [number, number] | null; sections: string[]; items: FormItem[];
  blocks: Block[]; cells: number; warnings: Finding[]; proof: Proof;
}

export interface State { tag: string; file: string; faults: Finding[]; form: Form | null }

export type Standing = "asked" | "open" | "passed" | "not_drawn";

/** what comes of answers */
export interface Told {
  seed: number; mode: Mode; answers: string; standing: Standing[]; at: number | null;
  score: null | { score: number; max: number; percent: number; passed: boolean | null };
  cells: null | (SentLine & { cell: number })[];
}

/** by item; null: passed over */
export type Answers = Record<string, Answer | null>;

/** who answers */
export interface Respondent { seed: number; mode: Mode; answers: Answers }
