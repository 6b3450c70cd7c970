//! p-values of many tests at once.

/// Holm's p-values: the chance that even one of the tests that find something is wrong stays under the level.
///
/// S. Holm, A simple sequentially rejective multiple test procedure, Scand. J. Stat. 6 (1979). In the order given.
pub fn holm(p: &[f64]) -> Vec<f64> {
    let mut adjusted = vec![1.0; p.len()];
    let mut highest: f64 = 0.0;
    for (rank, test) in ascending(p).into_iter().enumerate() {
        highest = highest.max((p.len() - rank) as f64 * p[test]);
        adjusted[test] = highest.min(1.0);
    }
    adjusted
}

/// The same of those that were tested; the others do not count as tests.
pub fn holm_of(tests: impl Iterator<Item = Option<f64>>) -> Vec<Option<f64>> {
    let tests: Vec<Option<f64>> = tests.collect();
    let tested: Vec<f64> = tests.iter().flatten().copied().collect();
    let mut adjusted = holm(&tested).into_iter();
    tests.into_iter().map(|test| test.and_then(|_| adjusted.next())).collect()
}

/// Benjamini and Hochberg's p-values: the share of wrong ones among the tests that find something stays under the
/// level. Says more than Holm's, and guarantees less.
///
/// Y. Benjamini, Y. Hochberg, Controlling the false discovery rate, J. R. Stat. Soc. B 57 (1995). In the order given.
pub fn benjamini_hochberg(p: &[f64]) -> Vec<f64> {
    let mut adjusted = vec![1.0; p.len()];
    let mut lowest: f64 = 1.0;
    for (rank, test) in ascending(p).into_iter().enumerate().rev() {
        lowest = lowest.min(p[test] * (p.len() as f64 / (rank + 1) as f64));
        adjusted[test] = lowest;
    }
    adjusted
}

fn ascending(p: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistic::{close, numbers, vectors};

    #[test]
    fn agrees_with_an_independent_implementation() {
        for vector in vectors("adjustment") {
            let p = numbers(&vector["p"]);
            for (got, want) in [(holm(&p), "holm"), (benjamini_hochberg(&p), "benjamini_hochberg")] {
                assert_eq!(got.len(), p.len());
                got.iter().enumerate().for_each(|(i, got)| close(*got, &vector[want][i], 1e-12));
            }
        }
        assert!(holm(&[]).is_empty() && benjamini_hochberg(&[]).is_empty());
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod laws {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// p ≤ Benjamini–Hochberg ≤ Holm ≤ Bonferroni, and neither changes the order.
        #[test]
        fn ordered(p in prop::collection::vec(0.0f64..=1.0, 1..40)) {
            let (strict, mild) = (holm(&p), benjamini_hochberg(&p));
            for i in 0..p.len() {
                prop_assert!(p[i] <= mild[i] && mild[i] <= strict[i] + 1e-15);
                prop_assert!(strict[i] <= (p[i] * p.len() as f64).min(1.0) + 1e-15);
                for j in (0..p.len()).filter(|&j| p[i] <= p[j]) {
                    prop_assert!(mild[i] <= mild[j] && strict[i] <= strict[j]);
                }
            }
        }

        /// The tests come in any order.
        #[test]
        fn order_does_not_matter(p in prop::collection::vec(0.0f64..=1.0, 1..40), by in 0usize..40) {
            let turn = |mut it: Vec<f64>| { let by = by % it.len(); it.rotate_left(by); it };
            prop_assert_eq!(holm(&turn(p.clone())), turn(holm(&p)));
            prop_assert_eq!(benjamini_hochberg(&turn(p.clone())), turn(benjamini_hochberg(&p)));
        }
    }
}
