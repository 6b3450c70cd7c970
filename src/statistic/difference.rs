//! Two shares compared.

use serde::Serialize;
use statrs::function::erf::erfc;

use super::{design_effect::widened, proportion::Estimate};

/// A share less another, of different respondents.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// From −1 to 1.
    pub difference: f64,
    /// Lower end of the 95 % interval, from −1 on.
    pub low: f64,
    /// Upper end of the interval, to 1.
    pub high: f64,
    /// Standard normal under no difference; none where all respondents answered the same.
    pub z: Option<f64>,
    /// Two-sided p-value of `z`, from 0 to 1.
    pub p: Option<f64>,
}

/// The share `a` less the share `b`, of different respondents, under a design effect (1: none; under 1 counts as 1).
///
/// z tests the pooled share: (p₁ − p₂) / √(p̄ (1 − p̄) (1/n₁ + 1/n₂)), divided by √deff; its square is Pearson's χ² of
/// the 2 × 2 table. The interval is R. G. Newcombe's tenth method, from the Wilson interval of either share (Interval
/// estimation for the difference between independent proportions, Statistics in Medicine 17 (1998)). The two do not
/// always agree on what lies just at the border.
pub fn difference(a: &Estimate, b: &Estimate, deff: f64) -> Difference {
    let difference = a.rate - b.rate;
    let (wide_a, wide_b) = (widened(*a, deff), widened(*b, deff));
    let down = (a.rate - wide_a.low).hypot(wide_b.high - b.rate);
    let up = (wide_a.high - a.rate).hypot(b.rate - wide_b.low);
    let z = pooled_z(a, b, deff);
    let (low, high) = ((difference - down).max(-1.0), (difference + up).min(1.0));
    Difference { difference, low, high, z, p: z.map(two_sided) }
}

/// The z of two shares by their pooled variance; `None` where all respondents answered the same.
pub(super) fn pooled_z(a: &Estimate, b: &Estimate, deff: f64) -> Option<f64> {
    let (n_a, n_b) = (a.n as f64, b.n as f64);
    let pooled = (a.x + b.x) as f64 / (n_a + n_b);
    let variance = pooled * (1.0 - pooled) * (1.0 / n_a + 1.0 / n_b) * deff.max(1.0);
    (variance > 0.0).then(|| (a.rate - b.rate) / variance.sqrt())
}

/// The two-sided p-value of a standard normal z.
pub fn two_sided(z: f64) -> f64 {
    erfc(z.abs() / std::f64::consts::SQRT_2).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistic::{close, estimates, proportion::wilson, vectors};

    #[test]
    fn agrees_with_an_independent_implementation() {
        for vector in vectors("difference") {
            let [a, b] = estimates(&vector["areas"])[..] else { panic!("{vector}") };
            let it = difference(&a, &b, 1.0);
            close(it.z.unwrap(), &vector["z"], 1e-9);
            close(it.p.unwrap(), &vector["p"], 1e-9);
            close(it.low, &vector["low"], 1e-9);
            close(it.high, &vector["high"], 1e-9);
        }
    }

    #[test]
    fn the_textbook_example() {
        let [a, b] = [wilson(390, 400).unwrap(), wilson(376, 400).unwrap()];
        let it = difference(&a, &b, 1.0);
        assert!((it.z.unwrap() - 2.453_687_134_9).abs() < 1e-9 && (it.p.unwrap() - 0.014_139_994_5).abs() < 1e-9);
        // A design effect of 4 halves z.
        assert!((difference(&a, &b, 4.0).z.unwrap() - it.z.unwrap() / 2.0).abs() < 1e-12);
    }

    #[test]
    fn who_all_agree_have_no_test_but_an_interval() {
        let it = difference(&wilson(40, 40).unwrap(), &wilson(9, 9).unwrap(), 1.0);
        assert_eq!((it.difference, it.z, it.p), (0.0, None, None));
        assert!(it.low < -0.05 && it.high > 0.25, "{it:?}");
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod laws {
    use proptest::prelude::*;

    use super::*;
    use crate::statistic::counted_areas;

    proptest! {
        /// Swapping the groups negates z and mirrors the interval; the difference lies within.
        #[test]
        fn swapping_mirrors(areas in counted_areas(2..3), deff in 1.0f64..4.0) {
            let (it, swapped) = (difference(&areas[0], &areas[1], deff), difference(&areas[1], &areas[0], deff));
            prop_assert_eq!((it.low, it.high), (-swapped.high, -swapped.low));
            prop_assert_eq!((it.z, it.p), (swapped.z.map(|z| -z), swapped.p));
            prop_assert!(-1.0 <= it.low && it.low <= it.difference && it.difference <= it.high && it.high <= 1.0);
            prop_assert!(it.p.is_none_or(|p| (0.0..=1.0).contains(&p)));
            // Only where nobody differs is there nothing to test.
            let (x, n) = (areas[0].x + areas[1].x, areas[0].n + areas[1].n);
            prop_assert_eq!(it.z.is_none(), x == 0 || x == n);
        }
    }
}
