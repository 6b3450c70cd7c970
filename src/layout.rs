//! Which cell counts what: the waist of the system.
//!
//! A questionnaire compiles to a fixed list of blocks of cells. One respondent is a vector of zeros
//! and ones in that layout, an aggregate is a sum of such vectors, and every figure ever shown is a
//! function of a sum.
//!
//! | block | cells | sums to |
//! |---|---|---|
//! | item | every option, then the special answers that can occur | n |
//! | options of a `multiple` item | every option on its own | n each at most |
//! | status of a `multiple` item | answered, then the special answers that can occur | n |
//! | correct: a `multiple` item with a key | wrong, right, not asked | n |
//! | indicator over a `multiple` item | negative, positive, outside | n |
//! | score | 0 to the highest | n |
//! | joint | every combination of its parts' categories | n |
//! | order, mode | how it was asked | n |
//!
//! The special answers of an item are *don't know*, *refused*, *no answer* and *not asked*, each only
//! where it can occur, so that a block always adds up to n and no cell is paid for in vain.

pub mod names;

use crate::{
    item::{self, Count},
    questionnaire::{
        Item, OptionSet, Part, Questionnaire,
        definition::{ItemType, Order, Required},
    },
    quiz,
    response::{Given, Mode, Response},
};

/// What a block counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counts {
    /// The answers to an item (by index), one category a respondent.
    Item(usize),
    /// The options of a `multiple` item, each on its own.
    Options(usize),
    /// Whether a `multiple` item was answered.
    Status(usize),
    /// Whether a `multiple` item with a key was answered right.
    Correct(usize),
    /// An indicator (by index) over a `multiple` item, which its option cells cannot give.
    Indicator(usize),
    /// The score of a quiz.
    Score,
    /// A joint block, by index.
    Joint(usize),
    /// Options shown forward or reversed.
    Order,
    /// Self-completed or read aloud.
    Mode,
}

/// A run of cells that belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// What it counts.
    pub counts: Counts,
    /// Index of its first cell.
    pub start: usize,
    /// How many cells.
    pub len: usize,
}

impl Block {
    /// Every respondent falls into exactly one cell, so the block sums to n.
    pub fn one_hot(&self) -> bool {
        !matches!(self.counts, Counts::Options(_))
    }

    /// Its part of a cell vector.
    pub fn of<'c, T>(&self, cells: &'c [T]) -> &'c [T] {
        &cells[self.start..self.start + self.len]
    }
}

/// The blocks of a questionnaire, one after the other, without gaps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// In the order of the cells.
    pub blocks: Vec<Block>,
}

/// A special answer, as a category after the options.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpecialCategory {
    /// *Don't know*.
    DontKnow,
    /// *Prefer not to say*.
    Refused,
    /// Passed over.
    NoAnswer,
    /// Not on the respondent's way.
    NotAsked,
}

impl SpecialCategory {
    /// Its name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::DontKnow => "dont_know",
            Self::Refused => "refused",
            Self::NoAnswer => "no_answer",
            Self::NotAsked => "not_asked",
        }
    }
}

/// The special categories that can occur for an item, in their order.
pub fn specials(item: &Item) -> impl Iterator<Item = SpecialCategory> + use<> {
    [
        (item.definition.dont_know, SpecialCategory::DontKnow),
        (item.definition.refuse, SpecialCategory::Refused),
        (item.definition.required != Required::Required, SpecialCategory::NoAnswer),
        (item.may_be_passed_by, SpecialCategory::NotAsked),
    ]
    .into_iter()
    .filter_map(|(occurs, special)| occurs.then_some(special))
}

fn count(item: &Item) -> Count {
    item::kind(item.definition.kind).count()
}

impl Layout {
    /// Compiles a questionnaire's items, indicators and joint blocks.
    pub fn of(questionnaire: &Questionnaire) -> Self {
        let mut layout = Self::default();
        let mut push = |counts, len| {
            let start = layout.len();
            layout.blocks.push(Block { counts, start, len });
        };
        for (i, item) in questionnaire.items.iter().enumerate() {
            let specials = specials(item).count();
            match count(item) {
                Count::OneHot => push(Counts::Item(i), item.options.len() + specials),
                Count::MultiHot => {
                    push(Counts::Options(i), item.options.len());
                    push(Counts::Status(i), 1 + specials);
                    if item.scored() {
                        push(Counts::Correct(i), 3);
                    }
                }
                Count::Nothing => {}
            }
        }
        for (i, indicator) in questionnaire.indicators.iter().enumerate() {
            if count(&questionnaire.items[indicator.item]) == Count::MultiHot {
                push(Counts::Indicator(i), 3);
            }
        }
        if let Some(max) = questionnaire.max_score() {
            push(Counts::Score, max as usize + 1);
        }
        for (i, joint) in questionnaire.joints.iter().enumerate() {
            push(Counts::Joint(i), joint.parts.iter().map(|part| width(questionnaire, *part)).product());
        }
        if questionnaire.items.iter().any(|item| item.definition.order == Order::Reversible) {
            push(Counts::Order, 2);
        }
        push(Counts::Mode, 2);
        layout
    }

    /// Number of cells.
    pub fn len(&self) -> usize {
        self.blocks.last().map_or(0, |block| block.start + block.len)
    }

    /// Whether there is no cell.
    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    /// The block that counts this.
    pub fn block(&self, counts: Counts) -> Option<&Block> {
        self.blocks.iter().find(|block| block.counts == counts)
    }
}

/// One respondent as a vector of zeros and ones: the indices of the ones, ascending.
///
/// Like the response that it came from, it does not print and has no serialisation.
#[derive(Clone, Default, PartialEq, Eq, zeroize::Zeroize, zeroize::ZeroizeOnDrop)]
pub struct Cells {
    pub(crate) ones: Vec<u32>,
}

impl Cells {
    /// Encodes a response.
    pub fn encode(questionnaire: &Questionnaire, response: &Response) -> Self {
        let mut cells = Self { ones: Vec::with_capacity(questionnaire.layout.blocks.len() + 8) };
        cells.encode_again(questionnaire, response);
        cells
    }

    /// Encodes another response in the same memory.
    pub fn encode_again(&mut self, questionnaire: &Questionnaire, response: &Response) {
        self.ones.clear();
        for block in &questionnaire.layout.blocks {
            if let Counts::Options(item) = block.counts {
                if let Given::Many(set) = response.given[item] {
                    self.ones.extend(item::members(set).map(|option| (block.start + option) as u32));
                }
            } else {
                let category = category(questionnaire, block.counts, response);
                debug_assert!(category < block.len, "a category outside its block");
                self.ones.push((block.start + category) as u32);
            }
        }
    }

    /// The indices of the ones.
    pub fn ones(&self) -> &[u32] {
        &self.ones
    }
}

/// The cell, within its block, into which a respondent falls.
fn category(questionnaire: &Questionnaire, counts: Counts, response: &Response) -> usize {
    let item = |index: usize| (&questionnaire.items[index], response.given[index]);
    match counts {
        Counts::Item(index) => {
            let (item, given) = item(index);
            item_category(item, given)
        }
        Counts::Options(_) => unreachable!("options are no one-hot block"),
        Counts::Status(index) => {
            let (item, given) = item(index);
            match given {
                Given::Many(_) => 0,
                _ => 1 + special_index(item, given),
            }
        }
        Counts::Correct(index) => {
            let (item, given) = item(index);
            correctness(item, given)
        }
        Counts::Indicator(index) => indicator_category(questionnaire, index, response),
        Counts::Score => quiz::score(questionnaire, response) as usize,
        Counts::Joint(index) => questionnaire.joints[index]
            .parts
            .iter()
            .fold(0, |cell, part| cell * width(questionnaire, *part) + part_category(questionnaire, *part, response)),
        Counts::Order => usize::from(response.reversed),
        Counts::Mode => usize::from(response.mode == Mode::ReadAloud),
    }
}

fn item_category(item: &Item, given: Given) -> usize {
    item::option_of(item, given).unwrap_or_else(|| item.options.len() + special_index(item, given))
}

/// Place of a special answer among those that can occur.
fn special_index(item: &Item, given: Given) -> usize {
    let special = match given {
        Given::DontKnow => SpecialCategory::DontKnow,
        Given::Refused => SpecialCategory::Refused,
        Given::NotAsked => SpecialCategory::NotAsked,
        _ => SpecialCategory::NoAnswer,
    };
    specials(item).position(|it| it == special).unwrap_or_default()
}

/// Wrong, right, not asked.
fn correctness(item: &Item, given: Given) -> usize {
    match given {
        Given::NotAsked => 2,
        _ => usize::from(item::right(item, given)),
    }
}

/// Negative, positive, outside (no opinion given, or not asked).
fn indicator_category(questionnaire: &Questionnaire, index: usize, response: &Response) -> usize {
    let indicator = &questionnaire.indicators[index];
    let item = &questionnaire.items[indicator.item];
    let chosen: OptionSet = match response.given[indicator.item] {
        Given::Many(set) => set,
        given => match item::option_of(item, given) {
            Some(option) => 1 << option,
            None => return 2,
        },
    };
    usize::from(chosen & indicator.positive != 0)
}

/// How many categories one side of a crosstab has.
pub fn width(questionnaire: &Questionnaire, part: Part) -> usize {
    match part {
        Part::Item(index) => {
            let item = &questionnaire.items[index];
            if item.definition.kind == ItemType::Multiple { 3 } else { item.options.len() + specials(item).count() }
        }
        Part::Indicator(_) => 3,
        Part::Score => questionnaire.definition.quiz.as_ref().map_or(1, |quiz| quiz.score_bands.len()),
        Part::Order | Part::Mode => 2,
    }
}

fn part_category(questionnaire: &Questionnaire, part: Part, response: &Response) -> usize {
    match part {
        Part::Item(index) => {
            let (item, given) = (&questionnaire.items[index], response.given[index]);
            if item.definition.kind == ItemType::Multiple {
                correctness(item, given)
            } else {
                item_category(item, given)
            }
        }
        Part::Indicator(index) => indicator_category(questionnaire, index, response),
        Part::Score => quiz::band(questionnaire, quiz::score(questionnaire, response)),
        Part::Order => category(questionnaire, Counts::Order, response),
        Part::Mode => category(questionnaire, Counts::Mode, response),
    }
}
