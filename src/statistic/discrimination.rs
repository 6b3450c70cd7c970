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
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
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

    /// Between which values the correlation with the score on all others stays if so many pairs of respondents exchange
    /// their answers to the item; `None` where it would not be known any more whether that score varies.
    ///
    /// Who answered right and who did not, with their scores on the other items u and w, may keep these: their scores
    /// change with the answer, and n times the covariance of item and others by w − u, no more than the points of all
    /// others. Or they keep their scores, as their counts may be told, and the others change: the covariance again by less,
    /// and the variance of the others by twice the item's points of that. So each moves within a box, of whose corners the
    /// correlation has its least and its greatest value: it rises with the covariance, and with the variance it comes
    /// nearer to 0.
    pub fn if_exchanged(&self, max: u32, pairs: f64) -> Option<[f64; 2]> {
        let (item, score, cov) = self.moments()?;
        let points = f64::from(self.points);
        let (cov, others) = (cov - points * item, score + points * points * item - 2.0 * points * cov);
        let room = pairs * f64::from(max.saturating_sub(self.points)) / self.n as f64;
        let at = |cov: f64, more: f64| correlation(cov, item, others + more);
        let spread = [-2.0 * points * room, 2.0 * points * room];
        let ends = |cov: f64| Some([at(cov, spread[0])?, at(cov, spread[1])?]);
        let (low, high) = (ends(cov - room)?, ends(cov + room)?);
        Some([low[0].min(low[1]), high[0].max(high[1])])
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
    let ends = Ends::outermost(groups.len()).and_then(|ends| apart(&groups, ends));
    let upper_lower = ends.map(|[upper, lower]| difference(&upper, &lower, 1.0)).into();
    Discrimination { item_rest: rest(questionnaire, tally, item), upper_lower }
}

/// The score groups that are compared, by index: the lowest, up to one, and the highest, from one on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ends {
    /// The last of the lowest groups.
    pub lowest: usize,
    /// The first of the highest groups, after it.
    pub highest: usize,
}

/// Where each score is a group of its own, so large a share of respondents are compared at either end.
///
/// T. L. Kelley, The selection of upper and lower groups for the validation of test items, J. Educ. Psychol. 30 (1939).
const KELLEY: f64 = 0.27;

impl Ends {
    /// The first and the last of several groups; `None` for one.
    pub fn outermost(groups: usize) -> Option<Self> {
        (groups > 1).then(|| Self { lowest: 0, highest: groups - 1 })
    }

    /// Of groups of so many respondents each, at either end the fewest that have 27 % of all; `None` where these are not
    /// apart.
    pub fn of(groups: &[u64]) -> Option<Self> {
        let least = groups.iter().sum::<u64>() as f64 * KELLEY;
        let reached = |sum: &mut u64, count: &u64| {
            *sum += count;
            Some(*sum as f64 >= least && *sum > 0)
        };
        let lowest = groups.iter().scan(0, reached).position(|enough| enough)?;
        let highest = groups.len() - 1 - groups.iter().rev().scan(0, reached).position(|enough| enough)?;
        (lowest < highest).then_some(Self { lowest, highest })
    }

    /// Of counts by group: those of the lowest together, and of the highest.
    pub fn sums(&self, counts: &[u64]) -> [u64; 2] {
        [counts.iter().take(self.lowest + 1).sum(), counts.iter().skip(self.highest).sum()]
    }
}

/// Whether each score is a group of its own.
pub fn single_scores(questionnaire: &Questionnaire) -> bool {
    let bands = questionnaire.definition.quiz.as_ref().map_or(&[][..], |quiz| &quiz.score_bands);
    questionnaire.max_score().is_some_and(|max| (0..=max).eq(bands.iter().copied()))
}

/// The facility in the highest score groups, and in the lowest; `None` without a key or a joint block, and where nobody of
/// either was asked.
pub fn upper_and_lower(
    questionnaire: &Questionnaire,
    tally: &Tally,
    item: usize,
    ends: Option<Ends>,
) -> Option<[Estimate; 2]> {
    apart(&groups(questionnaire, tally, item)?, ends?)
}

fn apart(groups: &[(u64, u64)], ends: Ends) -> Option<[Estimate; 2]> {
    let (right, asked): (Vec<u64>, Vec<u64>) = groups.iter().copied().unzip();
    let ([lower, upper], [of_lower, of_upper]) = (ends.sums(&right), ends.sums(&asked));
    Some([wilson(upper, of_upper)?, wilson(lower, of_lower)?])
}

/// What the correlation of an item with the score on all others follows from; not declared unless a joint block crosses it
/// with every score singly, not comparable where respondents saw different items.
pub fn sums(questionnaire: &Questionnaire, tally: &Tally, item: usize) -> Figure<Sums> {
    let Some(groups) = groups(questionnaire, tally, item).filter(|_| single_scores(questionnaire)) else {
        return Figure::NotDeclared;
    };
    if !one_form(questionnaire) {
        return Figure::NotComparable;
    }
    let sums = || {
        let scores = questionnaire.layout.block(Counts::Score)?.of(&tally.cells);
        let sum = |power| scores.iter().zip(0u64..).map(|(count, score)| count * score.pow(power)).sum();
        let scores_of_right = groups.iter().zip(0u64..).map(|((right, _), score)| right * score).sum();
        let (right, n) = right(questionnaire, tally, item)?;
        let points = questionnaire.items[item].points();
        Some(Sums { n, right, points, scores: sum(1), squares: sum(2), scores_of_right })
    };
    sums().into()
}

fn rest(questionnaire: &Questionnaire, tally: &Tally, item: usize) -> Figure<ItemRest> {
    sums(questionnaire, tally, item).and_then(|sums| {
        let r = sums.item_rest()?;
        let (low, high) = fisher_interval(r, sums.n).unzip();
        Some(ItemRest { n: sums.n, r, low, high, grade: grade(r) })
    })
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
