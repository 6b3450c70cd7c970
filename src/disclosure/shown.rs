//! What is told, as figures: rates with their bounds, distributions, scores.

use serde::Serialize;

use super::{
    bound::{Bound, bound},
    categories::{asked, multiple, options, silent, special},
    chain::Chain,
    chains::{Chains, Figure},
    row::{Sums, Told},
};
use crate::{
    layout::{Counts, SpecialCategory, specials},
    questionnaire::{Questionnaire, Text},
    statistic::{
        proportion::{Estimate, wilson},
        rate::Rate,
    },
};

/// One answer and how many gave it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct ShownCategory {
    /// Name of the option, or `dont_know`, `refused`, `no_answer`, `not_asked`.
    pub id: String,
    /// The option's words; none for special answers.
    pub text: Option<Text>,
    /// How many gave it; none where it is not told.
    pub count: Option<u64>,
    /// Share of those who were asked; none where the count is not told, and for *not asked*.
    pub share: Option<f64>,
    /// Respondents who were asked, of whom the share is told.
    pub of: Option<u64>,
    /// A special answer.
    pub special: bool,
}

/// The figures of some respondents, as far as they are told.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'s> {
    /// The figures that there are.
    pub chains: &'s Chains,
    /// What is told of them.
    pub sums: &'s Sums,
    /// What was asked.
    pub questionnaire: &'s Questionnaire,
    /// The threshold.
    pub k: u32,
    /// Counts are multiples of this.
    pub rounding: u32,
}

impl<'s> Shown<'s> {
    pub(super) fn told(&self, figure: Figure, level: usize) -> Option<&'s Told> {
        self.sums.get(&(self.chains.place(figure)?, level))
    }

    pub(super) fn chain(&self, figure: Figure) -> Option<&'s Chain> {
        self.chains.chain(figure)
    }

    /// A count as it is shown: to the nearest multiple.
    pub(super) fn round(&self, count: u64) -> u64 {
        let step = u64::from(self.rounding.max(1));
        (count + step / 2) / step * step
    }

    pub(super) fn estimate(&self, x: u64, n: u64) -> Option<Estimate> {
        wilson(self.round(x), self.round(n))
    }

    /// What is told of a share that is not.
    pub(super) fn bound(&self, x: u64, n: u64) -> Option<Bound> {
        bound(x, n, self.k).map(|bound| Bound { n: self.round(bound.n), ..bound })
    }

    /// Respondents whose answers were in a step.
    pub fn respondents(&self) -> u64 {
        self.sums.get(&(0, 0)).map_or(0, |told| told.n)
    }

    /// An indicator (by index) on both bases; and a bound where the rate of those asked is not told.
    pub fn rate(&self, index: usize) -> (Rate, Option<Bound>) {
        let (it, indicator) = (self.questionnaire, &self.questionnaire.indicators[index]);
        let none = (Rate { all: None, valid: None }, None);
        let block = it.layout.block(Counts::Indicator(index));
        let figure = block.map_or(Figure::Item(indicator.item), |_| Figure::Several(indicator.item));
        let Some(chain) = self.chain(figure) else { return none };
        let asked = asked(it, indicator.item);
        let positive = match block {
            Some(block) => vec![block.start + 1],
            None => options(it, indicator.item, indicator.positive),
        };
        let silent = silent(it, indicator.item);
        let all_level = chain.first(&positive).map(|level| level.max(chain.reach));
        let valid_level =
            if silent.is_empty() { all_level } else { all_level.zip(chain.first(&silent)).map(|(a, b)| a.max(b)) };
        let at = |level: usize, less: &[usize]| {
            let told = self.told(figure, level)?;
            self.estimate(sum(chain, told, &positive), base(chain, told, &asked) - sum(chain, told, less))
        };
        let all = all_level.and_then(|level| at(level, &[]));
        // Of a multiple item it is not told how many gave no opinion.
        let valid = valid_level.filter(|_| block.is_none() || silent.is_empty()).and_then(|level| at(level, &silent));
        let asked_of =
            || self.told(figure, chain.reach).map(|told| (sum(chain, told, &positive), base(chain, told, &asked)));
        let untold = all.is_none() && valid.is_none();
        (Rate { all, valid }, asked_of().filter(|_| untold).and_then(|(x, n)| self.bound(x, n)))
    }

    /// How many were asked an item (by index), and what they said; `None` for a statement.
    pub fn item(&self, index: usize) -> Option<(Option<u64>, Vec<ShownCategory>)> {
        let (it, item) = (self.questionnaire, &self.questionnaire.items[index]);
        let many = it.layout.block(Counts::Options(index)).filter(|_| multiple(item));
        let figure = match many {
            Some(_) => {
                [Figure::Chosen(index, 0), Figure::Several(index)].into_iter().find(|it| self.chain(*it).is_some())?
            }
            None => Figure::Item(index),
        };
        let chain = self.chain(figure)?;
        let asked = asked(it, index);
        let of = |figure| {
            let (level, told) = self.finest(figure, chain.reach)?;
            Some((figure, level, told, base(self.chain(figure)?, told, &asked)))
        };
        let own = of(figure);
        let option = |option: usize| match many {
            Some(block) => {
                let alone = Figure::Chosen(index, option);
                (of(if self.chain(alone).is_some() { alone } else { Figure::Several(index) }), block.start + option)
            }
            None => (own, options(it, index, 1 << option)[0]),
        };
        let count = |(of, cell): (Option<(Figure, usize, &Told, u64)>, usize)| {
            let (figure, level, told, of) = of?;
            let chain = self.chain(figure).filter(|chain| chain.counts(level, &[cell]))?;
            Some((self.round(sum(chain, told, &[cell])), self.round(of)))
        };
        let share =
            |told: Option<(u64, u64)>| told.filter(|(_, of)| *of > 0).map(|(count, of)| count as f64 / of as f64);
        let chosen = item.options.iter().enumerate().map(|(i, it)| {
            let told = count(option(i));
            let (id, text) = (it.id.clone(), Some(it.text.clone()));
            ShownCategory {
                id,
                text,
                count: told.map(|it| it.0),
                share: share(told),
                of: told.map(|it| it.1),
                special: false,
            }
        });
        let special = specials(item).map(|kind| {
            let told = match kind {
                SpecialCategory::NotAsked => own.map(|(_, _, told, asked)| (self.round(told.n - asked), 0)),
                kind => special(it, index, kind).filter(|_| many.is_none()).and_then(|cell| count((own, cell))),
            };
            let (share, of) = (share(told), told.map(|it| it.1).filter(|of| *of > 0));
            ShownCategory {
                id: kind.name().to_owned(),
                text: None,
                count: told.map(|it| it.0),
                share,
                of,
                special: true,
            }
        });
        let categories = chosen.chain(special).collect();
        let told = many.and_then(|_| self.told(figure, chain.reach)).map(|told| base(chain, told, &asked));
        Some((told.or(own.map(|it| it.3)).map(|n| self.round(n)), categories))
    }

    /// How many of those who were asked an item (by index) with one answer gave one of each of several sets of answers, by
    /// cells of the layout, and how many were asked; all of the same respondents. `None` where it is not told of half of
    /// those of whom it is told that they were asked.
    pub fn counts(&self, index: usize, sets: &[Vec<usize>]) -> Option<(Vec<u64>, u64)> {
        let (figure, asked) = (Figure::Item(index), asked(self.questionnaire, index));
        let chain = self.chain(figure)?;
        let least = self.told(figure, chain.reach)?.n.div_ceil(2);
        let levels: Option<Vec<usize>> = sets.iter().map(|set| chain.first(set)).collect();
        let level = levels?.into_iter().fold(chain.reach, usize::max);
        let told = self.told(figure, level).filter(|told| told.n >= least)?;
        let counts = sets.iter().map(|set| self.round(sum(chain, told, set))).collect();
        Some((counts, self.round(base(chain, told, &asked))))
    }

    /// The finest level of a figure, from one on, that tells of half of those of whom that one does, or more.
    pub(super) fn finest(&self, figure: Figure, from: usize) -> Option<(usize, &'s Told)> {
        let least = self.told(figure, from)?.n.div_ceil(2);
        let levels = from..self.chain(figure)?.levels.len();
        let mut told = levels.filter_map(|level| Some((level, self.told(figure, level)?)));
        told.rfind(|(_, told)| told.n >= least)
    }

    /// How many were asked in each of two ways.
    pub fn ways(&self, figure: Figure, counts: Counts) -> Option<[Option<u64>; 2]> {
        let block = self.questionnaire.layout.block(counts)?;
        let (chain, told) = (self.chain(figure)?, self.told(figure, 1));
        Some([0, 1].map(|way| told.map(|told| self.round(sum(chain, told, &[block.start + way])))))
    }
}

/// The sum of cells of the layout.
pub(super) fn sum(chain: &Chain, told: &Told, cells: &[usize]) -> u64 {
    let of = |(index, cell): (usize, &usize)| cells.contains(cell).then(|| told.cells[index]);
    chain.cells.iter().enumerate().filter_map(of).sum()
}

/// How many were asked.
fn base(chain: &Chain, told: &Told, asked: &[usize]) -> u64 {
    if chain.reach == 0 { told.n } else { sum(chain, told, asked) }
}
