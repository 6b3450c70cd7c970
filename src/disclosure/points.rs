//! The score of a quiz, as far as it is told.

use serde::Serialize;

use super::{
    bound::Bound,
    categories::cells,
    chains::Figure,
    shown::{Shown, sum},
};
use crate::{
    layout::Counts,
    questionnaire::{Item, Questionnaire},
    quiz,
    statistic::proportion::Estimate,
};

/// How a quiz went.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct ShownScore {
    /// Respondents of the distribution; none where nothing is told.
    pub n: Option<u64>,
    /// Mean score in points, to such a step that it gives away no count that is not told.
    pub mean: Option<f64>,
    /// Sample standard deviation in points, to the same step.
    pub sd: Option<f64>,
    /// The highest score.
    pub max: u32,
    /// Share of those who reach the pass mark, where one is set.
    pub pass_share: Option<Estimate>,
    /// What is told of that share instead.
    pub pass_bound: Option<Bound>,
    /// Respondents by score, from 0 to the highest; none where it is not told.
    pub distribution: Vec<Option<u64>>,
}

impl Shown<'_> {
    /// The score of a quiz; `None` for a survey.
    pub fn score(&self) -> Option<ShownScore> {
        let (it, max) = (self.questionnaire, self.questionnaire.max_score()?);
        let (chain, scores) = (self.chain(Figure::Score)?, cells(it.layout.block(Counts::Score)?));
        let finest = self.finest(Figure::Score, 1);
        let count = |cell: usize| {
            finest.filter(|(level, _)| chain.counts(*level, &[cell])).map(|(_, told)| sum(chain, told, &[cell]))
        };
        let spread = finest.and_then(|(level, told)| {
            let counts: Vec<u64> = scores.iter().map(|&cell| sum(chain, told, &[cell])).collect();
            // The sum of the points must tell neither the scores apart that are told together, nor what a question's right
            // answers are.
            let mut together = scores.iter().enumerate().filter(|(_, cell)| !chain.counts(level, &[**cell]));
            let (first, last) = (together.next(), together.next_back());
            let widest = first.zip(last).map_or(0, |((first, _), (last, _))| last - first);
            let points = it.items.iter().map(Item::points).max().unwrap_or(1);
            mean(&counts, f64::from(2 * self.k) * f64::from(points).max(widest as f64))
        });
        let passing: Vec<usize> = scores.iter().copied().filter(|&cell| passes(it, cell - scores[0], max)).collect();
        let pass_level = it.definition.quiz.as_ref()?.pass_percent.and_then(|_| chain.first(&passing));
        let passed = pass_level.and_then(|level| self.told(Figure::Score, level));
        let pass_share = passed.and_then(|told| self.estimate(sum(chain, told, &passing), told.n));
        let all = self.told(Figure::Score, 0).filter(|_| pass_level.is_some() && pass_share.is_none());
        Some(ShownScore {
            n: finest.map(|(_, told)| self.round(told.n)),
            mean: spread.map(|(mean, _)| mean),
            sd: spread.map(|(_, sd)| sd),
            max,
            pass_share,
            pass_bound: all.and_then(|told| self.bound(sum(chain, told, &passing), told.n)),
            distribution: scores.iter().map(|&cell| count(cell).map(|it| self.round(it))).collect(),
        })
    }
}

fn passes(questionnaire: &Questionnaire, score: usize, max: u32) -> bool {
    quiz::passes(questionnaire, score as u32, max) == Some(true)
}

/// Mean and standard deviation, to a step so large that so many points more or less do not show; none if that
/// were more than a quarter of the highest score.
fn mean(counts: &[u64], points: f64) -> Option<(f64, f64)> {
    let n = counts.iter().sum::<u64>();
    let sum =
        |f: &dyn Fn(f64) -> f64| counts.iter().enumerate().map(|(s, &count)| f(s as f64) * count as f64).sum::<f64>();
    let (mean, most) = (sum(&|score| score) / n as f64, counts.len() as f64 - 1.0);
    let steps = [0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0].into_iter();
    let step = steps.take_while(|step| step * 4.0 <= most).find(|step| step * n as f64 >= points)?;
    let sd = (sum(&|score| (score - mean).powi(2)) / (n - 1) as f64).sqrt();
    let round = |value: f64| ((value / step).round() * step * 10.0).round() / 10.0;
    Some((round(mean), round(sd)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_is_as_fine_as_it_may_be() {
        assert_eq!(mean(&[0, 0, 0, 0, 10, 10, 0, 0, 0], 10.0), Some((4.5, 0.5)));
        assert_eq!(mean(&[1, 1, 1], 10.0), None);
    }
}
