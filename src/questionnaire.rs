//! Questionnaires: what is asked, of whom, in which words, and which figures come of it.
//!
//! ```text
//! bytes ──json──▶ Definition ──check──▶ Questionnaire     or all the Faults at once
//! ```
//!
//! A [`Questionnaire`] in memory is valid: there is no way to one but [`Questionnaire::parse`].
//! Every item is reachable, every path ends (conditions look back only), every reference leads
//! somewhere, every text is there in the default language. Where routing is so dense that a bounded search finds no way
//! to an item and cannot rule one out, it is believed here; `prove` rules it out.

mod check;
mod comparison;
mod cover;
pub mod definition;
pub(crate) mod fault;
pub mod json;
pub(crate) mod read;
mod routing;
mod text;

use std::collections::BinaryHeap;

use sha2::{Digest, Sha256};

pub use self::{
    comparison::{Comparison, comparison},
    cover::{Cover, HeaderView, QuizView, Status},
    definition::{Definition, Text},
    fault::{Fault, Faults},
    routing::Rule,
};
use self::{
    json::Json,
    read::{Place, Read},
};
use crate::{day::Day, layout::Layout};

/// Bounds on a questionnaire; a definition beyond them is a fault.
pub mod limit {
    /// Size of the file, in bytes.
    pub const FILE_BYTES: usize = 1 << 20;
    /// Items in all sections.
    pub const ITEMS: usize = 300;
    /// Options or bins of an item; a set of chosen options fits a machine word.
    pub const OPTIONS: usize = 50;
    /// Cells of the layout.
    pub const CELLS: usize = 20_000;
    /// Characters in one text.
    pub const TEXT_CHARS: usize = 2_000;
    /// Indicators, and joint blocks.
    pub const INDICATORS: usize = 100;
    /// Joint blocks.
    pub const JOINTS: usize = 400;
    /// Parts of a joint block.
    pub const JOINT_PARTS: usize = 4;
    /// Nesting of conditions.
    pub const CONDITION_DEPTH: usize = 16;
    /// Points for one item.
    pub const POINTS: u32 = 100;
    /// Groups of scores: each score of twenty points may be one.
    pub const SCORE_BANDS: usize = 21;
}

/// A valid questionnaire, with every reference resolved.
#[derive(Debug)]
pub struct Questionnaire {
    /// SHA-256 of the canonical form, 64 hexadecimal digits: the questionnaire's name on the wire.
    pub hash: String,
    /// The file as written, less what was moved out of it: items, indicators, joint blocks.
    pub definition: Definition,
    /// First day on which it opens.
    pub valid_from: Day,
    /// Last day on which it opens.
    pub valid_until: Day,
    /// The items of all sections, in the order asked.
    pub items: Vec<Item>,
    /// The rates.
    pub indicators: Vec<Indicator>,
    /// The crosstabs.
    pub joints: Vec<Joint>,
    /// Which cell counts what.
    pub layout: Layout,
}

/// An item with its references resolved.
#[derive(Debug)]
pub struct Item {
    /// The item as written, less its options.
    pub definition: definition::Item,
    /// Index of its section.
    pub section: usize,
    /// When it is asked: the section's condition and its own.
    pub ask_if: Option<Rule>,
    /// What can be chosen or counted, in the order written.
    pub options: Vec<definition::Choice>,
    /// The right options, as a set of indices; empty for an item without a key.
    pub key: OptionSet,
    /// Index of its topic.
    pub topic: Option<usize>,
    /// Some respondents are not asked: it has a condition or may not be drawn.
    pub may_be_passed_by: bool,
}

/// A set of option indices: bit `i` stands for option `i`.
pub type OptionSet = u64;

impl Item {
    /// Carries a key.
    pub fn scored(&self) -> bool {
        self.key != 0
    }

    /// Points for a right answer.
    pub fn points(&self) -> u32 {
        if self.scored() { self.definition.points.unwrap_or(1) } else { 0 }
    }
}

/// An indicator with its references resolved.
#[derive(Debug)]
pub struct Indicator {
    /// The indicator as written.
    pub definition: definition::Indicator,
    /// Index of its item.
    pub item: usize,
    /// The positive options.
    pub positive: OptionSet,
}

/// A joint block with its references resolved.
#[derive(Debug)]
pub struct Joint {
    /// Its name.
    pub id: String,
    /// What is crossed.
    pub parts: Vec<Part>,
}

/// One side of a crosstab.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The categories of an item; for a `multiple` item with a key: right or wrong.
    Item(usize),
    /// Positive, negative or outside the base.
    Indicator(usize),
    /// The score group.
    Score,
    /// Options shown forward or reversed.
    Order,
    /// Self-completed or read aloud.
    Mode,
}

impl Questionnaire {
    /// Reads a questionnaire file. Parsing is checking: what comes back is valid.
    ///
    /// # Errors
    /// All faults of the file, each with its place.
    pub fn parse(bytes: &[u8]) -> Result<Self, Faults> {
        if bytes.len() > limit::FILE_BYTES {
            let mut faults = Faults::default();
            faults.add(
                "too_large",
                &Place::ROOT,
                fault::say!("is {} bytes, the limit is {}", bytes.len(), limit::FILE_BYTES),
            );
            return Err(faults);
        }
        let json = Json::parse(bytes).map_err(|broken| Faults::broken(broken, bytes))?;
        let hash = hash_of(json.canonical().as_bytes());
        let mut faults = Faults::default();
        let mut definition = Definition::default();
        definition.read(&json, &Place::ROOT, &mut faults);
        let checked = check::check(definition, hash);
        if faults.0.is_empty() {
            return checked;
        }
        faults.add_unless_below(checked.err().unwrap_or_default());
        Err(faults)
    }

    /// The default language.
    pub fn default_language(&self) -> &str {
        &self.definition.languages[0]
    }

    /// A text in the asked language, else in the default one.
    pub fn say<'t>(&self, text: &'t Text, language: &str) -> &'t str {
        text.get(language).or_else(|| text.get(self.default_language())).unwrap_or("")
    }

    /// Looks an item up by its name.
    pub fn item(&self, id: &str) -> Option<usize> {
        self.items.iter().position(|item| item.definition.id == id)
    }

    /// The name of a part of a joint block, as the file has it.
    pub fn part_name(&self, part: Part) -> &str {
        match part {
            Part::Item(index) => &self.items[index].definition.id,
            Part::Indicator(index) => &self.indicators[index].definition.id,
            Part::Score => "score",
            Part::Order => "order",
            Part::Mode => "mode",
        }
    }

    /// How many scored items a respondent gets.
    pub fn drawn(&self) -> usize {
        let bank = self.items.iter().filter(|item| item.scored()).count();
        let draw = self.definition.quiz.as_ref().and_then(|quiz| quiz.draw);
        draw.map_or(bank, |draw| (draw as usize).min(bank))
    }

    /// The highest score that a draw can give; `None` if this is no quiz.
    pub fn max_score(&self) -> Option<u32> {
        self.definition.quiz.as_ref()?;
        let points = self.items.iter().filter(|item| item.scored()).map(Item::points);
        let mut points: BinaryHeap<u32> = points.collect();
        Some((0..self.drawn()).filter_map(|_| points.pop()).sum())
    }
}

/// SHA-256 as 64 hexadecimal digits.
pub fn hash_of(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Lower-case hexadecimal digits of some bytes.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}

/// The bytes of hexadecimal digits; `None` if they are none.
pub fn unhex(digits: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).map(|digit| digit as u8);
    let pairs = digits.as_bytes().chunks(2);
    pairs.map(|pair| if let [high, low] = *pair { Some(digit(high)? << 4 | digit(low)?) } else { None }).collect()
}
