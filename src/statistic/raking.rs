//! Raking: weights that fit several margins where nobody knows how they cross.

/// One grouping of the strata: the group of each, and the share of the population in each group.
#[derive(Clone, Debug, PartialEq)]
pub struct Grouped {
    /// The group that each stratum belongs to.
    pub group: Vec<usize>,
    /// The share of the population of each group.
    pub shares: Vec<f64>,
}

/// Why there are no such weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoWeights {
    /// Nobody answered for a group that the population has.
    NobodyAnswered {
        /// Which grouping.
        grouping: usize,
        /// Which of its groups.
        group: usize,
    },
    /// No weights fit all groupings at once.
    NoFit,
}

/// So often each grouping is fitted at most.
const ROUNDS: usize = 2_000;

/// How far from 1 the last corrections may be.
const CLOSE: f64 = 1e-12;

/// One weight for each respondent of a stratum, so that the weighted respondents of every group are the group's share
/// of the population; 1 on average over the respondents who are part of the population, 0 for all others and for
/// strata without respondents.
///
/// Iterative proportional fitting: W. E. Deming, F. F. Stephan, On a least squares adjustment of a sampled frequency
/// table when the expected marginal totals are known, Ann. Math. Stat. 11 (1940). Groupings are fitted in turn until
/// none has to be corrected; strata without respondents can make that impossible.
///
/// # Errors
/// See [`NoWeights`].
pub fn rake(n: &[u64], groupings: &[Grouped]) -> Result<Vec<f64>, NoWeights> {
    let mut weights: Vec<f64> = n.iter().map(|&n| if n > 0 { 1.0 } else { 0.0 }).collect();
    let mut fitted = false;
    for _ in 0..ROUNDS {
        let mut correction: f64 = 0.0;
        for (grouping, Grouped { group, shares }) in groupings.iter().enumerate() {
            let sums = sums(n, &weights, group, shares.len());
            // A group that is not part of the population falls to 0, and no longer stands in the way of others.
            if let Some(empty) = (0..shares.len()).find(|&it| shares[it] > 0.0 && sums[it] <= 0.0) {
                return Err(NoWeights::NobodyAnswered { grouping, group: empty });
            }
            let factor = |group: usize| if shares[group] > 0.0 { shares[group] / sums[group] } else { 0.0 };
            for (weight, &group) in weights.iter_mut().zip(group).filter(|(weight, _)| **weight > 0.0) {
                *weight *= factor(group);
            }
            let corrections = (0..shares.len()).filter(|&it| shares[it] > 0.0).map(|it| (factor(it) - 1.0).abs());
            correction = corrections.fold(correction, f64::max);
        }
        if correction < CLOSE {
            fitted = true;
            break;
        }
    }
    let counted: u64 = n.iter().zip(&weights).filter(|(_, weight)| **weight > 0.0).map(|(n, _)| n).sum();
    weights.iter_mut().for_each(|weight| *weight *= counted as f64);
    if fitted { Ok(weights) } else { Err(NoWeights::NoFit) }
}

fn sums(n: &[u64], weights: &[f64], group: &[usize], groups: usize) -> Vec<f64> {
    let mut sums = vec![0.0; groups];
    for ((n, weight), &group) in n.iter().zip(weights).zip(group) {
        sums[group] += *n as f64 * weight;
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistic::{close, counts, numbers, vectors};

    fn two_ways(rows: &[f64], columns: &[f64]) -> [Grouped; 2] {
        let cells = || (0..rows.len()).flat_map(|row| (0..columns.len()).map(move |column| (row, column)));
        let by_row = Grouped { group: cells().map(|it| it.0).collect(), shares: rows.into() };
        [by_row, Grouped { group: cells().map(|it| it.1).collect(), shares: columns.into() }]
    }

    #[test]
    fn agrees_with_an_independent_implementation() {
        for vector in vectors("raking") {
            let groupings = two_ways(&numbers(&vector["rows"]), &numbers(&vector["columns"]));
            let weights = rake(&counts(&vector["n"]), &groupings).unwrap();
            weights.iter().enumerate().for_each(|(i, weight)| close(*weight, &vector["weights"][i], 1e-9));
        }
    }

    #[test]
    fn what_does_not_fit_is_told() {
        let half = [0.5, 0.5];
        let nobody = rake(&[5, 5, 0, 0], &two_ways(&half, &half));
        assert_eq!(nobody, Err(NoWeights::NobodyAnswered { grouping: 0, group: 1 }));
        // Each row is one column: the two margins would have to be the same.
        assert_eq!(rake(&[5, 0, 0, 5], &two_ways(&half, &[0.3, 0.7])), Err(NoWeights::NoFit));
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod laws {
    use proptest::prelude::*;

    use super::*;
    use crate::statistic::post_stratification::post_stratify;

    fn shares(groups: usize) -> impl Strategy<Value = Vec<f64>> {
        prop::collection::vec(1u32..100, groups).prop_map(|counts| {
            let total = f64::from(counts.iter().sum::<u32>());
            counts.iter().map(|count| f64::from(*count) / total).collect()
        })
    }

    proptest! {
        /// Every margin is met, whichever comes first; one margin alone is post-stratification.
        #[test]
        fn meets_every_margin(n in prop::collection::vec(1u64..60, 6), rows in shares(2), columns in shares(3), cells in shares(6)) {
            let by_row = Grouped { group: vec![0, 0, 0, 1, 1, 1], shares: rows };
            let by_column = Grouped { group: vec![0, 1, 2, 0, 1, 2], shares: columns };
            let weights = rake(&n, &[by_row.clone(), by_column.clone()]).unwrap();
            let total = n.iter().sum::<u64>() as f64;
            for Grouped { group, shares } in [&by_row, &by_column] {
                for (got, want) in sums(&n, &weights, group, shares.len()).iter().zip(shares) {
                    prop_assert!((got / total - want).abs() < 1e-9);
                }
            }
            let turned = rake(&n, &[by_column, by_row]).unwrap();
            prop_assert!(weights.iter().zip(&turned).all(|(a, b)| (a / b - 1.0).abs() < 1e-8));
            let alone = rake(&n, &[Grouped { group: (0..6).collect(), shares: cells.clone() }]).unwrap();
            let post = post_stratify(&n, &cells).unwrap();
            prop_assert!(alone.iter().zip(&post).all(|(a, b)| (a / b - 1.0).abs() < 1e-9));
        }
    }
}
