//! Reliability of a score: how much of its variance is not chance.

use serde::Serialize;

use super::{facility::right, figure::Figure};
use crate::{layout::Counts, questionnaire::Questionnaire, tally::Tally};

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
    let Some(scores) = questionnaire.layout.block(Counts::Score) else { return Figure::NotDeclared };
    if !one_form(questionnaire) {
        return Figure::NotComparable;
    }
    let scores = scores.of(&tally.cells);
    let n: u64 = scores.iter().sum();
    let sum = |power| scores.iter().enumerate().map(|(score, &count)| (score as f64).powi(power) * count as f64).sum();
    let (total, squares): (f64, f64) = (sum(1), sum(2));
    let variance = squares / n as f64 - (total / n as f64).powi(2);
    let variances = (0..questionnaire.items.len()).filter_map(|index| {
        let (right, asked) = right(questionnaire, tally, index)?;
        let (p, points) = (right as f64 / asked as f64, f64::from(questionnaire.items[index].points()));
        Some(points * points * p * (1.0 - p))
    });
    let variances: Vec<f64> = variances.collect();
    let varied = scores.iter().filter(|&&count| count > 0).count() > 1;
    let alpha = alpha(&variances, variance).filter(|_| varied);
    let told = |alpha| Reliability { n, items: variances.len(), alpha, measurement_error: error(alpha, variance) };
    alpha.map(told).into()
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
    }
}
