//! Facility: how many answer a quiz item right, item by item and by topic.

use serde::Serialize;

use super::{
    design_effect::widened,
    distribution::distribution,
    figure::Figure,
    proportion::{Estimate, wilson},
};
use crate::{
    item::{self, Count},
    layout::Counts,
    questionnaire::Questionnaire,
    tally::Tally,
};

/// How easy a quiz item is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct Facility {
    /// Right answers, of those who were asked: who does not know has not answered right.
    pub right: Estimate,
    /// An item that hardly tells those who know from those who do not.
    pub flag: Option<Flag>,
}

/// Why an item tells little.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Flag {
    /// More than 95 % answer right.
    Easy,
    /// Fewer than 10 % answer right.
    Hard,
}

/// The facility of a quiz item; not declared for an item without a key. Also where each respondent was asked other
/// items of a bank: it is of those who were asked this one.
///
/// The bounds of the flags are those of the R package `irtQ` (`ctt_item`).
pub fn facility(questionnaire: &Questionnaire, tally: &Tally, item: usize) -> Figure<Facility> {
    let Some((right, asked)) = right(questionnaire, tally, item) else { return Figure::NotDeclared };
    wilson(right, asked).map(Facility::of).into()
}

impl Facility {
    /// The facility of an item by its share of right answers.
    pub fn of(right: Estimate) -> Self {
        Self { right, flag: flag(right.rate) }
    }
}

fn flag(rate: f64) -> Option<Flag> {
    match rate {
        _ if rate > 0.95 => Some(Flag::Easy),
        _ if rate < 0.1 => Some(Flag::Hard),
        _ => None,
    }
}

/// Right answers to a quiz item, and who was asked; `None` for an item without a key.
pub(super) fn right(questionnaire: &Questionnaire, tally: &Tally, index: usize) -> Option<(u64, u64)> {
    let item = &questionnaire.items[index];
    if !item.scored() {
        return None;
    }
    let block = |counts| questionnaire.layout.block(counts).map(|block| block.of(&tally.cells));
    if item::kind(item.definition.kind).count() == Count::MultiHot {
        let correct = block(Counts::Correct(index))?;
        return Some((correct[1], correct[0] + correct[1]));
    }
    let (options, asked) = (block(Counts::Item(index))?, distribution(questionnaire, tally, index)?.asked);
    // One option is chosen: a key of several is never met.
    let right = if item.key.is_power_of_two() { options[item.key.trailing_zeros() as usize] } else { 0 };
    Some((right, asked))
}

/// Share of right answers in a topic of a quiz; too few where none of its items was asked.
pub fn topic(questionnaire: &Questionnaire, tally: &Tally, topic: usize) -> Option<Estimate> {
    let of_topic = (0..questionnaire.items.len()).filter(|&item| questionnaire.items[item].topic == Some(topic));
    together(of_topic.filter_map(|item| right(questionnaire, tally, item)), tally.n)
}

/// Share of right answers to several items, of each of which is given how many answered right and how many were asked,
/// by `n` respondents; too few where none was asked.
///
/// The estimate counts answers, of which those of one respondent may all hang together: the interval is widened as if
/// they did, and as if the answers were spread over respondents as evenly as a balanced draw spreads them.
pub fn together(answers: impl Iterator<Item = (u64, u64)>, n: u64) -> Option<Estimate> {
    let (right, asked) = answers.fold((0, 0), |(right, asked), it| (right + it.0, asked + it.1));
    let each = asked as f64 / n as f64;
    // Some have one answer more than others. The answers beside which an average answer stands, itself among them:
    let (less, more, share) = (each.floor(), each.ceil(), each.fract());
    let beside = (less * less * (1.0 - share) + more * more * share) / each;
    wilson(right, asked).map(|estimate| widened(estimate, beside))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{layout::Cells, simulate::Respondents, statistic::design_effect::wilson_effective};

    #[test]
    fn flags_what_tells_little() {
        let flags = [0.0, 0.099, 0.1, 0.95, 0.951, 1.0].map(flag);
        assert_eq!(flags, [Some(Flag::Hard), Some(Flag::Hard), None, None, Some(Flag::Easy), Some(Flag::Easy)]);
    }

    /// Twenty items of 105 a respondent, one or two of a topic.
    #[test]
    fn answers_of_one_respondent_are_no_more_than_one() {
        let bank = Questionnaire::parse(include_bytes!("../../www/instruments/anti_fraud.json")).unwrap();
        let bank = Arc::new(bank);
        let mut tally = Tally::empty(bank.layout.len());
        Respondents::new(bank.clone(), 3).take(100).for_each(|it| tally.add(&Cells::encode(&bank, &it)));
        let it = topic(&bank, &tally, 0).unwrap();
        let width = |n: f64| {
            let (low, high) = wilson_effective(it.rate, n);
            high - low
        };
        // 100 respondents, of whom some have two answers and some have one: a little less than 100 are worth.
        assert!(it.n > 120 && (width(100.0)..width(80.0)).contains(&(it.high - it.low)), "{it:?}");
        // Nobody was asked.
        let empty = Tally::empty(bank.layout.len());
        assert_eq!(topic(&bank, &empty, 0), None);
    }
}
