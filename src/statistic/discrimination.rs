//! Discrimination: whether a quiz item tells those who know much from those who know little.

use serde::Serialize;

use super::{
    correlation::fisher_interval,
    crosstab::every_category,
    difference::{Difference, difference},
    facility::right,
    figure::Figure,
    proportion::{Estimate, wilson},
    reliability::one_form,
};
use crate::{
    layout::{Counts, SpecialCategory, specials},
    questionnaire::{Part, Questionnaire, definition::ItemType},
    tally::Tally,
};

/// Both ways to tell it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Discrimination {
    /// Correlation of the item with the score on all others.
    pub item_rest: Figure<ItemRest>,
    /// Facility in the highest score group less that in the lowest.
    pub upper_lower: Figure<Difference>,
}

/// Correlation of an item with the score on all others.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ItemRest {
    /// Respondents.
    pub n: u64,
    /// From −1 to 1.
    pub r: f64,
    /// Lower end of Fisher's 95 % interval; none where there is none.
    pub low: Option<f64>,
    /// Upper end of the interval.
    pub high: Option<f64>,
    /// In a word.
    pub grade: Grade,
}

/// A discrimination in a word; bounds of the R package `performance` (`item_reliability`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// Under 0.2.
    Weak,
    /// From 0.2 to 0.4.
    Fair,
    /// Above 0.4.
    Good,
}

/// What the correlations of an item with the score follow from, of respondents who all saw the same items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sums {
    /// Respondents.
    pub n: u64,
    /// Who answered right.
    pub right: u64,
    /// Points for a right answer.
    pub points: u32,
    /// Σ score.
    pub scores: u64,
    /// Σ score².
    pub squares: u64,
    /// Σ score of those who answered right.
    pub scores_of_right: u64,
}

impl Sums {
    /// Variance of the item (0 or 1), of the score, and their covariance; all of the population (÷ n).
    fn moments(&self) -> Option<(f64, f64, f64)> {
        let n = self.n as f64;
        let (p, mean) = (self.right as f64 / n, self.scores as f64 / n);
        let cov = self.scores_of_right as f64 / n - p * mean;
        (self.n > 1).then_some((p * (1.0 - p), self.squares as f64 / n - mean * mean, cov))
    }

    /// Correlation of the item with the score, itself included; `None` where either does not vary.
    pub fn item_total(&self) -> Option<f64> {
        let (item, score, cov) = self.moments()?;
        correlation(cov, item, score)
    }

    /// Correlation of the item with the score on all others; `None` where either does not vary.
    ///
    /// F. M. Lord, M. R. Novick, Statistical Theories of Mental Test Scores (1968), §15.3: for an item of one point
    /// (cov − v) / √(v (V + v − 2 cov)).
    pub fn item_rest(&self) -> Option<f64> {
        let (item, score, cov) = self.moments()?;
        let points = f64::from(self.points);
        correlation(cov - points * item, item, score + points * points * item - 2.0 * points * cov)
    }
}

/// Variances under this are rounding's: those of counted points are 0 or not that small.
const NO_VARIANCE: f64 = 1e-9;

fn correlation(cov: f64, a: f64, b: f64) -> Option<f64> {
    (a > NO_VARIANCE && b > NO_VARIANCE).then(|| (cov / (a * b).sqrt()).clamp(-1.0, 1.0))
}

/// A discrimination in a word.
pub fn grade(r: f64) -> Grade {
    match r {
        _ if r < 0.2 => Grade::Weak,
        _ if r <= 0.4 => Grade::Fair,
        _ => Grade::Good,
    }
}

/// The discrimination of a quiz item, from its joint block with the score.
///
/// Item–rest needs the score itself: not declared unless each score is a group of its own, not comparable where
/// respondents saw different items. Upper–lower needs score groups only, and stands for draws from a bank too.
pub fn discrimination(questionnaire: &Questionnaire, tally: &Tally, item: usize) -> Discrimination {
    let Some(groups) = groups(questionnaire, tally, item) else {
        return Discrimination { item_rest: Figure::NotDeclared, upper_lower: Figure::NotDeclared };
    };
    let upper_lower = ends(&groups).map(|[upper, lower]| difference(&upper, &lower, 1.0)).into();
    Discrimination { item_rest: rest(questionnaire, tally, item, &groups), upper_lower }
}

/// The facility in the highest score group, and in the lowest; `None` without a key or a joint block, for one group only,
/// and where nobody of either was asked.
pub fn upper_and_lower(questionnaire: &Questionnaire, tally: &Tally, item: usize) -> Option<[Estimate; 2]> {
    ends(&groups(questionnaire, tally, item)?)
}

fn ends(groups: &[(u64, u64)]) -> Option<[Estimate; 2]> {
    let share = |group: Option<&(u64, u64)>| group.and_then(|&(right, asked)| wilson(right, asked));
    share(groups.last()).zip(share(groups.first())).filter(|_| groups.len() > 1).map(<[Estimate; 2]>::from)
}

fn rest(questionnaire: &Questionnaire, tally: &Tally, item: usize, groups: &[(u64, u64)]) -> Figure<ItemRest> {
    let bands = questionnaire.definition.quiz.as_ref().map_or(&[][..], |quiz| &quiz.score_bands);
    let single = questionnaire.max_score().is_some_and(|max| (0..=max).eq(bands.iter().copied()));
    if !single {
        return Figure::NotDeclared;
    }
    if !one_form(questionnaire) {
        return Figure::NotComparable;
    }
    let sums = || {
        let scores = questionnaire.layout.block(Counts::Score)?.of(&tally.cells);
        let sum = |power| scores.iter().zip(0u64..).map(|(count, score)| count * score.pow(power)).sum();
        let scores_of_right = groups.iter().zip(0u64..).map(|((right, _), score)| right * score).sum();
        let (right, n) = right(questionnaire, tally, item)?;
        let points = questionnaire.items[item].points();
        let it = Sums { n, right, points, scores: sum(1), squares: sum(2), scores_of_right };
        let r = it.item_rest()?;
        let (low, high) = fisher_interval(r, n).unzip();
        Some(ItemRest { n, r, low, high, grade: grade(r) })
    };
    sums().into()
}

/// Right answers and who was asked, by score group; `None` without a key or a joint block.
fn groups(questionnaire: &Questionnaire, tally: &Tally, index: usize) -> Option<Vec<(u64, u64)>> {
    let item = &questionnaire.items[index];
    let table = every_category(questionnaire, tally, Part::Item(index), Part::Score).filter(|_| item.scored())?;
    let (key, asked) = if item.definition.kind == ItemType::Multiple {
        (Some(1), 2)
    } else {
        let asked = specials(item).filter(|it| *it != SpecialCategory::NotAsked).count();
        (item.key.is_power_of_two().then(|| item.key.trailing_zeros() as usize), item.options.len() + asked)
    };
    let group = |group: usize| {
        let of = |category: usize| table[category][group];
        (key.map_or(0, of), (0..asked).map(of).sum())
    };
    Some((0..table.first()?.len()).map(group).collect())
}

#[cfg(test)]
#[path = "../../tests/statistic/discrimination.rs"]
mod tests;
