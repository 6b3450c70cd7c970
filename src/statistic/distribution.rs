//! How the answers to an item are distributed.

use serde::Serialize;

use crate::{
    item::{self, Count},
    layout::{Counts, SpecialCategory, specials},
    questionnaire::{Questionnaire, Text},
    tally::Tally,
};

/// The answers to one item.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Distribution {
    /// Respondents who were asked.
    pub asked: u64,
    /// Respondents who gave an opinion: asked, without *don't know*, refused and no answer.
    pub valid: u64,
    /// The options, then the special answers that can occur.
    pub categories: Vec<Category>,
}

/// One answer and how many gave it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Category {
    /// Name of the option, or `dont_know`, `refused`, `no_answer`, `not_asked`.
    pub id: String,
    /// The option's words; none for special answers.
    pub text: Option<Text>,
    /// How many gave it.
    pub count: u64,
    /// Share of those who were asked (of a `multiple` item the shares may add up to more than 1);
    /// none for *not asked*, and where nobody was asked.
    pub share: Option<f64>,
    /// A special answer.
    pub special: bool,
}

/// The distribution of an item; `None` for a statement, which is not counted.
pub fn distribution(questionnaire: &Questionnaire, tally: &Tally, index: usize) -> Option<Distribution> {
    let item = &questionnaire.items[index];
    let block = |counts| questionnaire.layout.block(counts).map(|block| block.of(&tally.cells));
    let (options, special) = match item::kind(item.definition.kind).count() {
        Count::OneHot => block(Counts::Item(index))?.split_at(item.options.len()),
        Count::MultiHot => (block(Counts::Options(index))?, &block(Counts::Status(index))?[1..]),
        Count::Nothing => return None,
    };
    let specials: Vec<(SpecialCategory, u64)> = specials(item).zip(special.iter().copied()).collect();
    let of = |special| specials.iter().find(|(it, _)| *it == special).map_or(0, |(_, count)| *count);
    let asked = tally.n - of(SpecialCategory::NotAsked);
    let silent: u64 = specials.iter().filter(|(it, _)| *it != SpecialCategory::NotAsked).map(|(_, count)| count).sum();
    let share = |count: u64| (asked > 0).then(|| count as f64 / asked as f64);
    let chosen = item.options.iter().zip(options).map(|(option, &count)| Category {
        id: option.id.clone(),
        text: Some(option.text.clone()),
        count,
        share: share(count),
        special: false,
    });
    let special = specials.iter().map(|&(special, count)| Category {
        id: special.name().to_owned(),
        text: None,
        count,
        share: if special == SpecialCategory::NotAsked { None } else { share(count) },
        special: true,
    });
    Some(Distribution { asked, valid: asked - silent, categories: chosen.chain(special).collect() })
}
