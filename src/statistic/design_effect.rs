//! Design effects: by how much weights and clusters widen an interval.

use serde::Serialize;

use super::proportion::{Estimate, Z_95};

/// The variance of a rate, as times that of a simple random sample of the same size.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct DesignEffect {
    /// From 1 on; effects of weights and of clusters multiply.
    pub deff: f64,
    /// So many respondents of a simple random sample would tell as much: n / `deff`.
    pub n_eff: f64,
}

impl DesignEffect {
    /// Of n respondents. An effect under 1 counts as 1: what a design gains is never relied on.
    pub fn new(n: u64, deff: f64) -> Self {
        let deff = deff.max(1.0);
        Self { deff, n_eff: n as f64 / deff }
    }
}

/// Kish's effect of weights, from how many respondents have which weight; `None` if no weight is above 0.
///
/// L. Kish, Survey Sampling (1965), §11.2: `n_eff` = (Σw)² / Σw², which is n / (1 + CV²(w)). It takes the weights as
/// unrelated to the answers.
///
/// # Panics
/// If a weight is negative or no number.
pub fn kish(weighted: &[(u64, f64)]) -> Option<DesignEffect> {
    assert!(weighted.iter().all(|(_, weight)| *weight >= 0.0), "weights are 0 or more");
    // Who counts for nothing is not among the n.
    let n = weighted.iter().filter(|(_, weight)| *weight > 0.0).map(|(count, _)| count).sum();
    let sum = |power| weighted.iter().map(|(count, weight)| *count as f64 * weight.powi(power)).sum::<f64>();
    let (weights, squares) = (sum(1), sum(2));
    (squares > 0.0).then(|| DesignEffect::new(n, n as f64 * squares / (weights * weights)))
}

/// A 95 % Wilson interval for a share that as many respondents measure as a simple random sample of `n_eff` would.
///
/// E. L. Korn, B. I. Graubard, Confidence intervals for proportions with small expected number of positive counts
/// estimated from survey data, Survey Methodology 24 (1998): the interval of a simple random sample, with the
/// effective size in place of n.
pub fn wilson_effective(rate: f64, n_eff: f64) -> (f64, f64) {
    let z2 = Z_95 * Z_95;
    let centre = (rate + z2 / (2.0 * n_eff)) / (1.0 + z2 / n_eff);
    let half = Z_95 * (rate * (1.0 - rate) / n_eff + z2 / (4.0 * n_eff * n_eff)).sqrt() / (1.0 + z2 / n_eff);
    // Rounding must push the ends neither past 0 and 1 nor past the share.
    ((centre - half).clamp(0.0, rate), (centre + half).clamp(rate, 1.0))
}

/// An estimate with its interval widened by a design effect; under 1 it counts as 1.
pub fn widened(estimate: Estimate, deff: f64) -> Estimate {
    let (low, high) = wilson_effective(estimate.rate, DesignEffect::new(estimate.n, deff).n_eff);
    Estimate { low, high, ..estimate }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistic::{close, vectors};

    #[test]
    fn agrees_with_an_independent_implementation() {
        for vector in vectors("kish") {
            let weighted: Vec<(u64, f64)> = serde_json::from_value(vector["weighted"].clone()).unwrap();
            let it = kish(&weighted).unwrap();
            close(it.deff, &vector["deff"], 1e-9);
            close(it.n_eff, &vector["n_eff"], 1e-9);
        }
        for vector in vectors("widened") {
            let estimate = crate::statistic::proportion::wilson(vector["x"].as_u64().unwrap(), 400).unwrap();
            let it = widened(estimate, 4.0);
            close(it.low, &vector["low"], 1e-9);
            close(it.high, &vector["high"], 1e-9);
        }
    }

    #[test]
    fn no_weight_no_effect() {
        assert_eq!(kish(&[]), None);
        assert_eq!(kish(&[(7, 0.0), (0, 2.0)]), None);
        let some = kish(&[(7, 0.0), (10, 2.0)]).unwrap();
        assert_eq!((some.deff, some.n_eff), (1.0, 10.0));
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod laws {
    use proptest::prelude::*;

    use super::*;
    use crate::statistic::proportion::wilson;

    proptest! {
        /// Only the ratios of weights matter, and neither order nor grouping does.
        #[test]
        fn weights_have_no_unit(weighted in prop::collection::vec((1u64..50, 0.01f64..9.0), 1..20), times in 0.1f64..10.0) {
            let it = kish(&weighted).unwrap();
            let scaled: Vec<_> = weighted.iter().rev().map(|(n, w)| (*n, w * times)).collect();
            let single: Vec<_> = weighted.iter().flat_map(|(n, w)| (0..*n).map(|_| (1, *w))).collect();
            for other in [kish(&scaled).unwrap(), kish(&single).unwrap()] {
                prop_assert!((it.deff - other.deff).abs() < 1e-9 && (it.n_eff - other.n_eff).abs() < 1e-9 * it.n_eff);
            }
            let n: u64 = weighted.iter().map(|(n, _)| n).sum();
            prop_assert!(it.deff >= 1.0 && it.n_eff <= n as f64);
        }

        /// The larger the effect the wider; without one it is the interval of a simple random sample.
        #[test]
        fn widens(n in 1u64..5000, part in 0.0..=1.0, deff in 1.0f64..9.0, more in 0.01f64..5.0) {
            let estimate = wilson((n as f64 * part) as u64, n).unwrap();
            let (plain, wide, wider) = (widened(estimate, 1.0), widened(estimate, deff), widened(estimate, deff + more));
            prop_assert!((plain.low - estimate.low).abs() < 1e-12 && (plain.high - estimate.high).abs() < 1e-12);
            prop_assert!(wider.high - wider.low > wide.high - wide.low);
            prop_assert!(wide.low <= estimate.rate && estimate.rate <= wide.high);
        }
    }
}
