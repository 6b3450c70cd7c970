//! Reliability of a score: how much of its variance is not chance.

use serde::Serialize;
use statrs::distribution::{Beta, ContinuousCDF, Gamma};

use super::{facility::right, figure::Figure};
use crate::{layout::Counts, questionnaire::Questionnaire, tally::Tally};

/// Half of what a 95 % interval leaves out.
const TAIL: f64 = 0.025;

/// How reliable the score of a quiz is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Reliability {
    /// Respondents.
    pub n: u64,
    /// Items in the score.
    pub items: usize,
    /// KR-20 where each item gives one point, else Cronbach's α: to 1; under 0 where items speak against each other.
    pub alpha: f64,
    /// Standard error of measurement, in points: how far a respondent's score lies from what they would get on
    /// average, were they asked often. None for an α under 0.
    pub measurement_error: Option<f64>,
}

/// Whether all respondents were asked the same scored items: no draw, no conditions.
pub(super) fn one_form(questionnaire: &Questionnaire) -> bool {
    questionnaire.items.iter().filter(|item| item.scored()).all(|item| !item.may_be_passed_by)
}

/// The reliability of a quiz's score; not declared for a survey, not comparable where respondents saw different
/// items, too few where the score does not vary or has one item only.
pub fn reliability(questionnaire: &Questionnaire, tally: &Tally) -> Figure<Reliability> {
    parts(questionnaire, tally).and_then(|parts| parts.reliability())
}

/// What the reliability of a score follows from: how many answered each item right, and how many got each score.
#[derive(Clone, Debug, PartialEq)]
pub struct Parts {
    /// Right answers to each item, and its points.
    pub items: Vec<(u64, u32)>,
    /// Respondents by score, from 0 to the highest.
    pub scores: Vec<u64>,
}

/// The parts of a quiz's score; not declared for a survey, not comparable where respondents saw different items.
pub fn parts(questionnaire: &Questionnaire, tally: &Tally) -> Figure<Parts> {
    let Some(scores) = questionnaire.layout.block(Counts::Score) else { return Figure::NotDeclared };
    if !one_form(questionnaire) {
        return Figure::NotComparable;
    }
    let item = |index| Some((right(questionnaire, tally, index)?.0, questionnaire.items[index].points()));
    let items = (0..questionnaire.items.len()).filter_map(item).collect();
    Figure::Known(Parts { items, scores: scores.of(&tally.cells).to_vec() })
}

impl Parts {
    /// Respondents.
    pub fn n(&self) -> u64 {
        self.scores.iter().sum()
    }

    /// Mean and variance of the score; of the population (÷ n), like the variances of the items.
    fn score(&self) -> (f64, f64) {
        let n = self.n() as f64;
        let sum = |power| -> f64 {
            self.scores.iter().enumerate().map(|(score, &count)| (score as f64).powi(power) * count as f64).sum()
        };
        let mean = sum(1) / n;
        (mean, sum(2) / n - mean * mean)
    }

    /// The variances of the items, with so many right answers more (or fewer) of each as lead to the greatest (or least).
    fn variances(&self, more: f64, greatest: bool) -> Vec<f64> {
        let n = self.n() as f64;
        let variance = |&(right, points): &(u64, u32)| {
            let [low, high] = [right as f64 - more, right as f64 + more].map(|right| (right / n).clamp(0.0, 1.0));
            let at = |p: f64| p * (1.0 - p);
            let p = match greatest {
                true => at(0.5f64.clamp(low, high)),
                false => at(low).min(at(high)),
            };
            f64::from(points * points) * p
        };
        self.items.iter().map(variance).collect()
    }

    /// The reliability; `None` where the score does not vary or has one item only.
    pub fn reliability(&self) -> Option<Reliability> {
        if self.scores.iter().filter(|&&count| count > 0).count() < 2 {
            return None;
        }
        let (_, variance) = self.score();
        let alpha = alpha(&self.variances(0.0, true), variance)?;
        Some(Reliability { n: self.n(), items: self.items.len(), alpha, measurement_error: error(alpha, variance) })
    }

    /// Between which values the reliability stays if so many respondents had answered the whole quiz otherwise, each in
    /// whatever way, and how far the error of measurement moves then; `None` where it would not be known any more whether
    /// the score varies.
    ///
    /// Of a sum of squares about the mean nobody contributes more than far², far being from the mean to the farther end of
    /// the scale; and the mean itself moves by no more than all points for each respondent. A variance moves so by no more
    /// than far² ÷ n for each. The variance of an item moves with its right answers, one for each. α falls in the
    /// items' variances S and rises in the score's V; the error's square is (k S − V) ÷ (k − 1) for k items, by which it
    /// rises in S and falls in V. One respondent of n moves α, to the first order, by
    /// (far² S ÷ V + Σ points² |1 − 2p|) ÷ (n V) · k ÷ (k − 1) at most. Two who exchange one answer move no item's
    /// variance, and the score's by less than one of these: by 2 d (max − d) ÷ n for an item of d points.
    pub fn if_others(&self, others: f64) -> Option<([f64; 2], [f64; 2])> {
        if self.n() == 0 {
            return None;
        }
        let (mean, variance) = self.score();
        let (max, n) = (self.scores.len().saturating_sub(1) as f64, self.n() as f64);
        let far = (mean.max(max - mean) + others * max / n).min(max);
        let room = others * far * far / n;
        let [least, most] = [(variance - room).max(0.0), variance + room];
        let [few, many] = [self.variances(others, false), self.variances(others, true)];
        let alphas = [alpha(&many, least)?, alpha(&few, most)?];
        let k = self.items.len() as f64;
        let error = |variances: &[f64], variance: f64| {
            ((k * variances.iter().sum::<f64>() - variance) / (k - 1.0)).max(0.0).sqrt()
        };
        Some((alphas, [error(&few, most), error(&many, least)]))
    }
}

/// The 95 % interval of a reliability of n respondents and k items; `None` for fewer than two of either.
///
/// L. S. Feldt, The approximate sampling distribution of Kuder-Richardson reliability coefficient twenty, Psychometrika
/// 30 (1965): (1 − ρ) ÷ (1 − α) is distributed as F with n − 1 and (n − 1)(k − 1) degrees of freedom.
pub fn alpha_interval(alpha: f64, n: u64, items: usize) -> Option<(f64, f64)> {
    let (of_people, of_errors) = degrees(n, items)?;
    let beta = Beta::new(of_people / 2.0, of_errors / 2.0).ok()?;
    let f = |at| {
        let share = beta.inverse_cdf(at);
        of_errors * share / (of_people * (1.0 - share))
    };
    Some((1.0 - (1.0 - alpha) * f(1.0 - TAIL), 1.0 - (1.0 - alpha) * f(TAIL)))
}

/// The 95 % interval of an error of measurement, in the same model: its square is a mean square of errors, distributed as
/// χ² with (n − 1)(k − 1) degrees of freedom.
pub fn error_interval(error: f64, n: u64, items: usize) -> Option<(f64, f64)> {
    let (_, of_errors) = degrees(n, items)?;
    let gamma = Gamma::new(of_errors / 2.0, 0.5).ok()?;
    let end = |at| error * (of_errors / gamma.inverse_cdf(at)).sqrt();
    Some((end(1.0 - TAIL), end(TAIL)))
}

fn degrees(n: u64, items: usize) -> Option<(f64, f64)> {
    let (people, items) = (n as f64 - 1.0, items as f64 - 1.0);
    (people > 0.0 && items > 0.0).then_some((people, people * items))
}

/// Cronbach's α of a sum of items: k / (k − 1) · (1 − Σ item variances / variance of the sum). `None` for fewer than
/// two items or a sum that does not vary. All variances of the population (÷ n), or all of the sample (÷ n − 1).
///
/// L. J. Cronbach, Coefficient alpha and the internal structure of tests, Psychometrika 16 (1951). For items of 0 and 1
/// it is formula 20 of G. F. Kuder, M. W. Richardson, The theory of the estimation of test reliability, Psychometrika 2
/// (1937).
pub fn alpha(item_variances: &[f64], variance: f64) -> Option<f64> {
    let k = item_variances.len() as f64;
    let share = item_variances.iter().sum::<f64>() / variance;
    (k > 1.0 && variance > 0.0).then(|| k / (k - 1.0) * (1.0 - share))
}

/// Standard error of measurement: √(variance · (1 − α)), in the unit of the sum; `None` for an α under 0.
pub fn error(alpha: f64, variance: f64) -> Option<f64> {
    (0.0..=1.0).contains(&alpha).then(|| (variance * (1.0 - alpha)).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistic::{close, numbers, vectors};

    #[test]
    fn agrees_with_an_independent_implementation() {
        for vector in vectors("alpha") {
            let it = alpha(&numbers(&vector["item_variances"]), vector["variance"].as_f64().unwrap()).unwrap();
            close(it, &vector["alpha"], 1e-9);
            match error(it, vector["variance"].as_f64().unwrap()) {
                Some(error) => close(error, &vector["error"], 1e-9),
                None => assert!(vector["error"].is_null(), "{vector}"),
            }
            let (n, items) = (vector["n"].as_u64().unwrap(), numbers(&vector["item_variances"]).len());
            let ends = |(low, high): (f64, f64), of: [&str; 2]| {
                [low, high].into_iter().zip(of).for_each(|(end, name)| close(end, &vector[name], 1e-7));
            };
            ends(alpha_interval(it, n, items).unwrap(), ["low", "high"]);
            if let Some(error) = vector["error"].as_f64() {
                ends(error_interval(error, n, items).unwrap(), ["error_low", "error_high"]);
            }
        }
    }

    /// Five items, 200 respondents; to the digits given.
    #[test]
    fn the_textbook_example() {
        let variances = [154.0, 122.0, 83.0, 71.0, 49.0].map(|right: f64| right / 200.0 * (1.0 - right / 200.0));
        let variance = 1523.0 / 200.0 - (479.0f64 / 200.0).powi(2);
        assert!((alpha(&variances, variance).unwrap() - 0.537_028).abs() < 5e-7);
    }

    #[test]
    fn too_few_to_say() {
        assert_eq!(alpha(&[0.25], 1.0), None);
        assert_eq!(alpha(&[0.0, 0.0], 0.0), None);
        assert_eq!((alpha_interval(0.5, 1, 9), error_interval(1.0, 9, 1)), (None, None));
        let few = Parts { items: vec![(3, 1), (2, 1)], scores: vec![1, 1, 2] };
        assert_eq!((few.n(), few.reliability().map(|it| it.n), few.if_others(10.0)), (4, Some(4), None));
    }
}
