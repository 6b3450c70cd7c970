//! The questionnaire file as its author writes it: plain data, one Rust type a JSON object.
//!
//! The JSON Schema (`anxin schema`) is generated from these types. Nothing here is checked beyond
//! its shape; `check` turns a definition into a [`super::Questionnaire`] or into faults.

use serde::Serialize;

use super::{
    fault::{Faults, say},
    json::Json,
    read::{Place, Read, names, one_of, record, wrong_kind},
};

pub use super::text::Text;

record! {
    /// A questionnaire or a quiz.
    pub struct Definition {
        /// Version of this file format: 1.
        pub format: u32,
        /// Name of the questionnaire.
        pub id: String,
        /// Version of its wording, told with every result.
        pub version: String,
        /// BCP 47 tags; the first is the default, in which every text must be given.
        pub languages: Vec<String>,
        /// Shown as the heading.
        pub title: Text,
        /// Who asks, why, and by which right; shown before the start.
        pub header: Header,
        /// Wording of the answers that several items share.
        pub words: Words = default,
        /// The items, in the order in which they are asked.
        pub sections: Vec<Section>,
        /// The rates that are reported.
        pub indicators: Vec<Indicator> = default,
        /// The crosstabs that may be computed. What is not declared here can never be computed later.
        pub joints: Vec<Joint> = default,
        /// Makes the questionnaire a quiz: its items carry keys.
        pub quiz: Option<Quiz> = default,
    }
}

record! {
    /// The marks that a statistical form must bear (统计法 art. 17) and what a respondent is told first.
    pub struct Header {
        /// 表号: number of the form.
        pub table_number: Text,
        /// 制定机关: the body that drew it up.
        pub issued_by: Text,
        /// 批准或备案文号: number of its approval or filing.
        pub approval_number: Text,
        /// 有效期限, first day, `YYYY-MM-DD`.
        pub valid_from: String,
        /// 有效期限, last day, `YYYY-MM-DD`. After it the questionnaire does not open.
        pub valid_until: String,
        /// What the answers are for.
        pub purpose: Text,
        /// Who fields it.
        pub organiser: Text,
        /// Whom to ask.
        pub contact: Text,
        /// What is kept, and for how long.
        pub retention: Text,
    }
}

record! {
    /// Wording of answers that several items share; each is needed only where an item uses it.
    pub struct Words {
        /// The first answer of a `yes_no` item (a quiz may say "true").
        pub yes: Text = default,
        /// The second answer of a `yes_no` item.
        pub no: Text = default,
        /// *Don't know*.
        pub dont_know: Text = default,
        /// *Prefer not to say*.
        pub refuse: Text = default,
    }
}

record! {
    /// A part of the questionnaire under one heading.
    pub struct Section {
        /// Name of the section.
        pub id: String,
        /// Its heading.
        pub title: Text,
        /// The whole section is asked only if this holds.
        pub ask_if: Option<Condition> = default,
        /// What is asked.
        pub items: Vec<Item>,
    }
}

record! {
    /// One question, or a statement between questions.
    pub struct Item {
        /// Name of the item, unique in the questionnaire.
        pub id: String,
        /// What kind of question it is.
        pub kind as "type": ItemType,
        /// The question.
        pub text: Text,
        /// A hint below the question.
        pub help: Text = default,
        /// Whether it may be left unanswered.
        pub required: Required = default,
        /// Offers *don't know*.
        pub dont_know: bool = default,
        /// Offers *prefer not to say*.
        pub refuse: bool = default,
        /// The item is asked only if this holds.
        pub ask_if: Option<Condition> = default,
        /// Order in which the options are shown.
        pub order: Order = default,
        /// What can be chosen (`single`, `multiple`; for `rating` from one end of the scale to the other).
        pub options: Vec<Choice> = default,
        /// Ranges in which an `integer` is counted: ascending, without gaps.
        pub bins: Vec<Bin> = default,
        /// Quiz: the options that are right.
        pub key: Vec<String> = default,
        /// Quiz: points for a right answer; 1 if not given.
        pub points: Option<u32> = default,
        /// Quiz: the reason, shown after the answer.
        pub explanation: Text = default,
        /// Quiz: the topic that the item belongs to.
        pub topic: String = default,
        /// Where the fact behind the item comes from.
        pub source: String = default,
        /// Set while an expert still has to confirm the item.
        pub review: Option<Review> = default,
    }
}

names! {
    /// The question types; `src/item/` has a file for each.
    pub enum ItemType {
        /// One of several options.
        #[default]
        Single = "single",
        /// Any number of options.
        Multiple = "multiple",
        /// One point on an ordered scale.
        Rating = "rating",
        /// Yes or no.
        YesNo = "yes_no",
        /// A whole number, counted in bins.
        Integer = "integer",
        /// Text to read; nothing to answer.
        Statement = "statement",
    }
}

names! {
    /// Whether an item may be left unanswered.
    pub enum Required {
        /// There is no way on without an answer (*don't know* and *prefer not to say* are answers).
        #[default]
        Required = "required",
        /// Asks once more, then lets the respondent go on.
        Soft = "soft",
        /// May be passed over.
        Optional = "optional",
    }
}

names! {
    /// Order in which options are shown.
    pub enum Order {
        /// As written.
        #[default]
        Fixed = "fixed",
        /// For half of the respondents from last to first; the direction is the same for a whole session
        /// and counted in the field block.
        Reversible = "reversible",
        /// At random; pinned options keep their places.
        Shuffled = "shuffled",
    }
}

names! {
    /// Mark of an item that an expert has not signed yet.
    pub enum Review {
        /// Still to be confirmed.
        #[default]
        Needed = "needed",
    }
}

record! {
    /// One option of an item.
    pub struct Choice {
        /// Name of the option, unique in its item.
        pub id: String,
        /// What the respondent reads.
        pub text: Text,
        /// Keeps its place when the others are shuffled or reversed.
        pub pinned: bool = default,
        /// `multiple` only: choosing it clears the others ("none of these").
        pub exclusive: bool = default,
    }
}

record! {
    /// A range of whole numbers that are counted together.
    pub struct Bin {
        /// Name of the bin, unique in its item.
        pub id: String,
        /// Its heading in a table.
        pub text: Text,
        /// Smallest number in it.
        pub from: i32,
        /// Largest number in it.
        pub to: i32,
    }
}

/// When something is asked, told over the answers to earlier items.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum Condition {
    /// All of these hold.
    And(Several),
    /// At least one of these holds.
    Or(Several),
    /// This does not hold.
    Not(Negated),
    /// One of these options was chosen.
    AnyOf(AnyOf),
    /// The number of chosen options of a `multiple` item lies within bounds.
    Count(CountBounds),
    /// The answer to an `integer` item lies within bounds.
    Range(RangeBounds),
}

record! {
    /// Conditions taken together.
    pub struct Several {
        /// The conditions.
        pub of: Vec<Condition>,
    }
}

record! {
    /// A condition turned round.
    pub struct Negated {
        /// The condition.
        pub of: Box<Condition>,
    }
}

record! {
    /// Options of an earlier item.
    pub struct AnyOf {
        /// The item.
        pub item: String,
        /// Its options. `dont_know`, `refused` and `no_answer` may be named too.
        pub options: Vec<String>,
    }
}

record! {
    /// How many options of an earlier `multiple` item were chosen.
    pub struct CountBounds {
        /// The item.
        pub item: String,
        /// At least so many; 0 if not given.
        pub min: Option<u32> = default,
        /// At most so many; no bound if not given.
        pub max: Option<u32> = default,
    }
}

record! {
    /// Which number was given to an earlier `integer` item, bounds included.
    pub struct RangeBounds {
        /// The item.
        pub item: String,
        /// No less; no bound if not given.
        pub min: Option<i32> = default,
        /// No more; no bound if not given.
        pub max: Option<i32> = default,
    }
}

impl Default for Condition {
    fn default() -> Self {
        Self::And(Several::default())
    }
}

impl Read for Condition {
    fn read(&mut self, json: &Json, at: &Place, faults: &mut Faults) {
        let Json::Object(fields) = json else { return wrong_kind(json, "an object", at, faults) };
        let Some((_, op)) = fields.iter().find(|(name, _)| name == "op") else {
            return faults.add("missing_field", at, say!("lacks the field `op`"));
        };
        let Some(op) = one_of(op, &["and", "or", "not", "any_of", "count", "range"], &at.field("op"), faults) else {
            return;
        };
        *self = match op {
            0 => Self::And(Several::default()),
            1 => Self::Or(Several::default()),
            2 => Self::Not(Negated::default()),
            3 => Self::AnyOf(AnyOf::default()),
            4 => Self::Count(CountBounds::default()),
            _ => Self::Range(RangeBounds::default()),
        };
        let rest: &mut dyn Read = match self {
            Self::And(it) | Self::Or(it) => it,
            Self::Not(it) => it,
            Self::AnyOf(it) => it,
            Self::Count(it) => it,
            Self::Range(it) => it,
        };
        // The operator decides what the other fields are.
        let fields = fields.iter().filter(|(name, _)| name != "op").cloned().collect();
        rest.read(&Json::Object(fields), at, faults);
    }
}

record! {
    /// A named rate.
    pub struct Indicator {
        /// Name of the indicator.
        pub id: String,
        /// Its heading.
        pub title: Text,
        /// The item that measures it.
        pub item: String,
        /// The options that count as positive (for a `multiple` item: any of them).
        pub positive: Vec<String>,
        /// Whom the rate is a share of; the other base is always reported beside it.
        pub base: Base,
        /// Rates compare over time only while this stays the same.
        pub definition_version: String,
    }
}

names! {
    /// Whom a rate is a share of.
    pub enum Base {
        /// Everybody who was asked.
        #[default]
        All = "all",
        /// Those who gave an opinion: without *don't know*, refused and no answer.
        Valid = "valid",
    }
}

record! {
    /// A crosstab: counts of every combination of answers.
    pub struct Joint {
        /// Name of the joint block.
        pub id: String,
        /// Two or more items or indicators; in a quiz also `score`; how it was asked: `order`, `mode`.
        pub of: Vec<String>,
    }
}

record! {
    /// What makes a questionnaire a quiz.
    pub struct Quiz {
        /// How many of the scored items a respondent gets, balanced over topics; all if not given.
        pub draw: Option<u32> = default,
        /// Share of the points, in percent, from which the quiz is passed.
        pub pass_percent: Option<u32> = default,
        /// When the respondent learns what was right.
        pub feedback: Feedback,
        /// Lower bounds of the score groups that joint blocks with `score` use: ascending, the first is 0.
        pub score_bands: Vec<u32> = default,
        /// The topics of the bank.
        pub topics: Vec<Topic> = default,
    }
}

names! {
    /// When the respondent of a quiz learns what was right.
    pub enum Feedback {
        /// After each item.
        #[default]
        Each = "each",
        /// After the last.
        End = "end",
    }
}

record! {
    /// A topic of a quiz bank.
    pub struct Topic {
        /// Name of the topic.
        pub id: String,
        /// Its heading.
        pub title: Text,
    }
}
