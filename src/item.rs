//! Question types: one file each, and a line in `kind`.
//!
//! A type says which fields its items take, what can be chosen, which control the page draws, what
//! it accepts, and how an answer falls into a category. The page knows controls, not types.

mod integer;
mod multiple;
mod rating;
mod single;
mod statement;
mod yes_no;

use rand::{Rng, RngExt};
use serde::{Deserialize, Serialize};

use crate::{
    questionnaire::{
        Faults, Item, OptionSet, Rule,
        definition::{self, Choice, ItemType, Order, Required, Words},
        fault::say,
        read::Place,
    },
    response::Given,
};

/// What a question type is.
pub(crate) trait Kind: Sync {
    /// Notes fields that the type lacks or does not take; `at` is the item's place in the file.
    fn check(&self, item: &definition::Item, at: &Place, faults: &mut Faults);

    /// What can be chosen or counted, in the order of the categories: taken out of the definition.
    fn options(&self, item: &mut definition::Item, _words: &Words) -> Vec<Choice> {
        std::mem::take(&mut item.options)
    }

    /// How its answers are counted.
    fn count(&self) -> Count {
        Count::OneHot
    }

    /// What the page draws; `shown` are the options in the order drawn, with their words.
    fn control(&self, item: &Item, shown: Vec<Shown>) -> Control;

    /// Turns what was chosen on the page into what is kept.
    fn accept(&self, item: &Item, answer: &Answer) -> Result<Given, Refusal>;

    /// An answer to one of the options, for people who are made up (tests, simulations).
    fn imagine(&self, item: &Item, rng: &mut dyn Rng) -> Given {
        let option = rng.random_range(0..item.options.len() as u32);
        Given::One(option as u8)
    }

    /// Answers among which every answer that the atoms can tell apart is found; `None` if they are too many.
    fn candidates(&self, item: &Item, _atoms: &[Rule]) -> Option<Vec<Given>> {
        Some((0..item.options.len()).map(|option| Given::One(option as u8)).collect())
    }
}

/// The registry: every question type, a line each.
pub(crate) fn kind(item_type: ItemType) -> &'static dyn Kind {
    match item_type {
        ItemType::Single => &single::Single,
        ItemType::Multiple => &multiple::Multiple,
        ItemType::Rating => &rating::Rating,
        ItemType::YesNo => &yes_no::YesNo,
        ItemType::Integer => &integer::Integer,
        ItemType::Statement => &statement::Statement,
    }
}

/// How the answers to an item are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// Every respondent falls into one category.
    OneHot,
    /// Every option is counted on its own, beside a status.
    MultiHot,
    /// Not at all.
    Nothing,
}

/// An option as drawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// Name of the option.
    pub id: String,
    /// Its words in the language of the page.
    pub text: String,
    /// Choosing it clears the others.
    pub exclusive: bool,
}

/// What the page draws for an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Control {
    /// One of several.
    One {
        /// How it looks.
        look: Look,
        /// What can be chosen.
        options: Vec<Shown>,
    },
    /// Any number of several.
    Many {
        /// What can be chosen.
        options: Vec<Shown>,
    },
    /// A whole number.
    Number {
        /// No less.
        min: i32,
        /// No more.
        max: i32,
    },
    /// Nothing to answer.
    None,
}

/// How a choice of one looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Look {
    /// Options below each other.
    List,
    /// Points on a scale, in order.
    Scale,
}

/// What was chosen on the page.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Options, by name.
    Options(Vec<String>),
    /// A number; wider than any bin, so that one out of every bound can be told.
    Number(i64),
    /// One of the special options.
    Special(Special),
}

/// The answers that are no answer to the question itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Special {
    /// *Don't know*.
    DontKnow,
    /// *Prefer not to say*.
    Refused,
}

/// Why an answer was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The number is out of bounds: the respondent is told.
    #[error("the number is out of bounds")]
    OutOfRange,
    /// The control cannot have given this: the caller's fault.
    #[error("the item does not take this answer")]
    WrongAnswer,
}

/// Takes an answer from the page, special options included.
pub(crate) fn accept(item: &Item, answer: &Answer) -> Result<Given, Refusal> {
    match answer {
        Answer::Special(Special::DontKnow) if item.definition.dont_know => Ok(Given::DontKnow),
        Answer::Special(Special::Refused) if item.definition.refuse => Ok(Given::Refused),
        Answer::Special(_) => Err(Refusal::WrongAnswer),
        _ => kind(item.definition.kind).accept(item, answer),
    }
}

/// The opposite of [`accept`]: what the page shows as chosen.
pub(crate) fn chosen(item: &Item, given: Given) -> Option<Answer> {
    let ids =
        |set: OptionSet| members(set).filter_map(|i| item.options.get(i)).map(|option| option.id.clone()).collect();
    match given {
        Given::NotAsked | Given::NoAnswer => None,
        Given::DontKnow => Some(Answer::Special(Special::DontKnow)),
        Given::Refused => Some(Answer::Special(Special::Refused)),
        Given::One(option) => Some(Answer::Options(ids(1 << option))),
        Given::Many(set) => Some(Answer::Options(ids(set))),
        Given::Number(number) => Some(Answer::Number(number.into())),
    }
}

/// The option, or the bin, that an answer falls into.
#[inline]
pub(crate) fn option_of(item: &Item, given: Given) -> Option<usize> {
    match given {
        Given::One(option) => Some(usize::from(option)),
        Given::Number(number) => integer::bin_of(&item.definition.bins, number),
        _ => None,
    }
}

/// Whether an answer is right: the exact set of options that the key names.
pub(crate) fn right(item: &Item, given: Given) -> bool {
    let chosen = match given {
        Given::Many(set) => set,
        _ => option_of(item, given).map_or(0, |option| 1 << option),
    };
    item.scored() && chosen == item.key
}

/// An answer made up for a simulated respondent: one in twenty takes a special option where it is
/// offered, the others choose among the options with equal chances.
pub(crate) fn imagine(item: &Item, rng: &mut dyn Rng) -> Given {
    let specials = [(item.definition.dont_know, Given::DontKnow), (item.definition.refuse, Given::Refused)];
    for (_, special) in specials.into_iter().filter(|(offered, _)| *offered) {
        if rng.random_range(0..20u32) == 0 {
            return special;
        }
    }
    kind(item.definition.kind).imagine(item, rng)
}

/// Answers, special ones included, among which every answer that the atoms tell apart is found; `None`
/// if they are too many.
pub(crate) fn candidates(item: &Item, atoms: &[Rule]) -> Option<Vec<Given>> {
    let mut answers = kind(item.definition.kind).candidates(item, atoms)?;
    answers.extend(item.definition.dont_know.then_some(Given::DontKnow));
    answers.extend(item.definition.refuse.then_some(Given::Refused));
    answers.extend((item.definition.required != Required::Required).then_some(Given::NoAnswer));
    Some(answers)
}

/// The least and the largest number that an `integer` item takes.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn bounds(item: &Item) -> (i32, i32) {
    integer::bounds(&item.definition.bins)
}

/// The indices in a set.
pub(crate) fn members(set: OptionSet) -> impl Iterator<Item = usize> {
    (0..64).filter(move |i| set & (1 << i) != 0)
}

/// The set of the options that are named; `None` if one is not there.
fn set_of(item: &Item, ids: &[String]) -> Option<OptionSet> {
    ids.iter().try_fold(0, |set, id| {
        let option = item.options.iter().position(|option| option.id == *id)?;
        Some(set | (1 << option))
    })
}

/// Accepts the name of exactly one option.
fn accept_one(item: &Item, answer: &Answer) -> Result<Given, Refusal> {
    match answer {
        Answer::Options(ids) if ids.len() == 1 => {
            set_of(item, ids).map(|set| Given::One(set.trailing_zeros() as u8)).ok_or(Refusal::WrongAnswer)
        }
        _ => Err(Refusal::WrongAnswer),
    }
}

/// Notes fields that a type does not take.
struct Takes {
    options: bool,
    bins: bool,
    order: &'static [Order],
    specials: bool,
    key: bool,
}

impl Takes {
    fn check(&self, item: &definition::Item, at: &Place, faults: &mut Faults) {
        let kind = item.kind.name();
        let mut refuse = |bad: bool, field: &str| {
            if bad {
                faults.add("field_not_taken", &at.field(field), say!("an item of type {kind} takes no `{field}`"));
            }
        };
        refuse(!self.options && !item.options.is_empty(), "options");
        refuse(!self.bins && !item.bins.is_empty(), "bins");
        refuse(!self.order.contains(&item.order), "order");
        refuse(!self.specials && item.dont_know, "dont_know");
        refuse(!self.specials && item.refuse, "refuse");
        refuse(!self.key && !item.key.is_empty(), "key");
        if self.options && item.options.len() < 2 {
            faults.add("too_few_options", &at.field("options"), say!("needs two options at least"));
        }
        if item.kind != ItemType::Multiple {
            for (i, option) in item.options.iter().enumerate().filter(|(_, option)| option.exclusive) {
                let message = say!("`{}` cannot be exclusive: only one option can be chosen here anyway", option.id);
                faults.add("field_not_taken", &at.field("options").index(i).field("exclusive"), message);
            }
        }
    }
}
