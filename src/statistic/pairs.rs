//! Several pairs of shares compared at once.

use serde::Serialize;

use super::{
    adjustment::holm_of,
    difference::{Difference, difference},
    proportion::Estimate,
};

/// A share less another, as one of several comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Pair {
    /// The difference, as if it were the only one looked at.
    #[serde(flatten)]
    pub difference: Difference,
    /// Its p-value as one of so many, by Holm; none where everybody answered the same.
    pub holm: Option<f64>,
}

/// Compares each first share with its second under a design effect (1: none), in the order given. Nobody may be in
/// both shares of a pair. Pairs in which everybody answered the same are not tested and do not count as tests.
pub fn pairs(pairs: &[(Estimate, Estimate)], deff: f64) -> Vec<Pair> {
    let differences: Vec<Difference> = pairs.iter().map(|(a, b)| difference(a, b, deff)).collect();
    let adjusted = holm_of(differences.iter().map(|it| it.p));
    differences.into_iter().zip(adjusted).map(|(difference, holm)| Pair { difference, holm }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistic::proportion::wilson;

    #[test]
    fn what_is_not_tested_takes_nothing_from_the_rest() {
        let of = |x, n| wilson(x, n).unwrap();
        let clear = (of(390, 400), of(376, 400));
        let same = (of(40, 40), of(9, 9));
        let alone = pairs(&[clear], 1.0);
        let beside = pairs(&[same, clear, same], 1.0);
        assert_eq!(beside[1], alone[0]);
        assert_eq!((beside[0].holm, beside[2].holm), (None, None));
        assert_eq!(alone[0].holm, alone[0].difference.p);
        // Two tests of the same are each twice as likely to find something by chance.
        let twice = pairs(&[clear, clear], 1.0);
        assert!((twice[0].holm.unwrap() - 2.0 * alone[0].holm.unwrap()).abs() < 1e-12);
        assert!(pairs(&[], 1.0).is_empty());
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod laws {
    use proptest::prelude::*;

    use super::*;
    use crate::statistic::counted_areas;

    proptest! {
        /// Every pair has its difference, and looking at more of them makes none of them surer.
        #[test]
        fn more_comparisons_say_less(areas in counted_areas(2..12), deff in 1.0f64..3.0) {
            let all: Vec<_> = areas.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
            for (i, it) in pairs(&all, deff).into_iter().enumerate() {
                prop_assert_eq!(it.difference, difference(&all[i].0, &all[i].1, deff));
                prop_assert_eq!(it.holm.is_some(), it.difference.p.is_some());
                prop_assert!(it.holm >= it.difference.p);
            }
        }
    }
}
