//! The mean index: where on a scale the respondents stand on average, from 0 to 100.

use serde::Serialize;
use statrs::distribution::{ContinuousCDF, StudentsT};

use super::{figure::Figure, scale};
use crate::{questionnaire::Questionnaire, tally::Tally};

/// The points of a scale as equal steps from 0 (worst) to 100 (best), averaged over those who gave an opinion.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct MeanIndex {
    /// Respondents who gave an opinion.
    pub n: u64,
    /// From 0 to 100.
    pub mean: f64,
    /// Sample standard deviation (n − 1), on the same scale; none under two respondents.
    pub sd: Option<f64>,
    /// Lower end of the mean's 95 % interval, from 0 on; none where all gave the same answer.
    pub low: Option<f64>,
    /// Upper end of the interval, to 100.
    pub high: Option<f64>,
}

/// The mean index of an item that is a scale. Not declared if it is none, or if no indicator says which end is the
/// better one.
pub fn mean_index(questionnaire: &Questionnaire, tally: &Tally, item: usize) -> Figure<MeanIndex> {
    match scale::points(questionnaire, tally, item) {
        Some(points) => of(&points.counts).into(),
        None => Figure::NotDeclared,
    }
}

/// The mean index of counts, the best point first; `None` if there are none.
///
/// Point o of K counts 100 · (K − o) / (K − 1). The interval is Student's t.
///
/// # Panics
/// For a scale of less than two points.
pub fn of(counts: &[u64]) -> Option<MeanIndex> {
    assert!(counts.len() > 1, "a scale has two points at least");
    let n: u64 = counts.iter().sum();
    let step = 100.0 / (counts.len() - 1) as f64;
    let sum = |f: &dyn Fn(f64) -> f64| -> f64 {
        counts.iter().rev().enumerate().map(|(point, &count)| f(point as f64 * step) * count as f64).sum()
    };
    let mean = (n > 0).then(|| sum(&|index| index) / n as f64)?.clamp(0.0, 100.0);
    let sd = (n > 1).then(|| (sum(&|index| (index - mean).powi(2)) / (n - 1) as f64).sqrt());
    let varied = counts.iter().filter(|&&count| count > 0).count() > 1;
    let half = sd.filter(|_| varied).and_then(|sd| Some(t_975(n - 1)? * sd / (n as f64).sqrt()));
    let (low, high) = (half.map(|half| (mean - half).max(0.0)), half.map(|half| (mean + half).min(100.0)));
    Some(MeanIndex { n, mean, sd, low, high })
}

/// Student's t quantile at 0.975.
fn t_975(freedom: u64) -> Option<f64> {
    Some(StudentsT::new(0.0, 1.0, freedom as f64).ok()?.inverse_cdf(0.975))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistic::{close, counts, vectors};

    #[test]
    fn agrees_with_an_independent_implementation() {
        for vector in vectors("mean_index") {
            let it = of(&counts(&vector["counts"])).unwrap();
            close(it.mean, &vector["mean"], 1e-9);
            close(it.sd.unwrap(), &vector["sd"], 1e-9);
            close(it.low.unwrap(), &vector["low"], 1e-9);
            close(it.high.unwrap(), &vector["high"], 1e-9);
        }
    }

    #[test]
    fn too_few_have_no_spread() {
        assert_eq!(of(&[0, 0, 0, 0]), None);
        let one = of(&[0, 1, 0, 0]).unwrap();
        assert_eq!((one.n, one.sd, one.low, one.high), (1, None, None, None));
        // Who all agree have a spread of 0, which says nothing of those who were not asked.
        let same = of(&[9, 0]).unwrap();
        assert_eq!((same.mean, same.sd, same.low, same.high), (100.0, Some(0.0), None, None));
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod laws {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// The other end of the scale, the same spread.
        #[test]
        fn turns_with_the_scale(counts in prop::collection::vec(0u64..200, 2..8)) {
            let turned: Vec<u64> = counts.iter().rev().copied().collect();
            let n: u64 = counts.iter().sum();
            prop_assert_eq!(of(&counts).is_some(), n > 0);
            if let (Some(it), Some(turned)) = (of(&counts), of(&turned)) {
                prop_assert!((it.mean + turned.mean - 100.0).abs() < 1e-9);
                prop_assert!(it.sd.is_none() || (it.sd.unwrap() - turned.sd.unwrap()).abs() < 1e-9);
                if let (Some(low), Some(high)) = (it.low, turned.high) {
                    prop_assert!((low + high - 100.0).abs() < 1e-9 && low <= it.mean);
                }
            }
        }
    }
}
