//! Ranking of areas, with the ranks that each may have.

use serde::Serialize;

use super::{
    adjustment::holm,
    difference::{pooled_z, two_sided},
    proportion::Estimate,
};

/// The chance that even one of all rank intervals is wrong stays under this.
const LEVEL: f64 = 0.05;

/// An area's rank by its rate, the highest first, and the ranks that cannot be told from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct Rank {
    /// 1 and so many areas as have a higher rate; equal rates share a rank.
    pub rank: usize,
    /// The best rank that it may have: 1 and so many areas as are higher beyond chance.
    pub best: usize,
    /// The worst rank that it may have: all areas but those that are lower beyond chance.
    pub worst: usize,
}

/// Ranks areas by rate under a design effect (1: none), in the order given.
///
/// Every two areas are compared by their pooled z, all comparisons together under Holm's procedure, so that with 95 %
/// all rank intervals hold at once. D. Mohamad, J. Goeman, E. van Zwet, Simultaneous confidence intervals for ranks
/// with application to ranking institutions, Biometrics 75 (2019) do so with Tukey's comparisons. The work grows with
/// the square of the number of areas.
pub fn ranking(areas: &[Estimate], deff: f64) -> Vec<Rank> {
    let pairs = || (0..areas.len()).flat_map(|a| (0..a).map(move |b| (a, b)));
    let p: Vec<f64> = pairs().map(|(a, b)| pooled_z(&areas[a], &areas[b], deff).map_or(1.0, two_sided)).collect();
    let mut ranks = vec![Rank { rank: 1, best: 1, worst: areas.len() }; areas.len()];
    for ((a, b), p) in pairs().zip(holm(&p)) {
        // Of rates, not of their roundings: x₁/n₁ > x₂/n₂.
        let (of_a, of_b) = (product(areas[a].x, areas[b].n), product(areas[b].x, areas[a].n));
        if of_a == of_b {
            continue;
        }
        let (higher, lower) = if of_a > of_b { (a, b) } else { (b, a) };
        ranks[lower].rank += 1;
        if p < LEVEL {
            ranks[lower].best += 1;
            ranks[higher].worst -= 1;
        }
    }
    ranks
}

fn product(a: u64, b: u64) -> u128 {
    u128::from(a) * u128::from(b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistic::proportion::wilson;

    fn rank(areas: &[(u64, u64)]) -> Vec<[usize; 3]> {
        let areas: Vec<Estimate> = areas.iter().map(|&(x, n)| wilson(x, n).unwrap()).collect();
        ranking(&areas, 1.0).iter().map(|it| [it.rank, it.best, it.worst]).collect()
    }

    #[test]
    fn ties_share_a_rank() {
        assert_eq!(rank(&[]), Vec::<[usize; 3]>::new());
        assert_eq!(rank(&[(9, 10)]), [[1, 1, 1]]);
        assert_eq!(rank(&[(9, 10), (18, 20), (1, 2)]), [[1, 1, 3], [1, 1, 3], [3, 1, 3]]);
        // A third is a third, however it was rounded.
        assert_eq!(rank(&[(1, 3), (2, 6), (33, 99)]), [[1, 1, 3], [1, 1, 3], [1, 1, 3]]);
    }

    /// p is 0.014 of the first two, 0.089 of the others.
    #[test]
    fn chance_is_one_in_twenty() {
        assert_eq!(rank(&[(390, 400), (376, 400)]), [[1, 1, 1], [2, 2, 2]]);
        assert_eq!(rank(&[(390, 400), (381, 400)]), [[1, 1, 2], [2, 1, 2]]);
    }

    /// 400 respondents an area tell 97.5 % from 90 %, not from 97 %.
    #[test]
    fn only_what_differs_beyond_chance_is_told_apart() {
        assert_eq!(rank(&[(390, 400), (360, 400), (388, 400)]), [[1, 1, 2], [3, 3, 3], [2, 1, 2]]);
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod laws {
    use proptest::prelude::*;

    use super::*;
    use crate::statistic::counted_areas;

    proptest! {
        /// Areas come in any order, and each rank lies in its interval.
        #[test]
        fn order_does_not_matter(areas in counted_areas(1..15), by in 0usize..15, deff in 1.0f64..4.0) {
            let ranks = ranking(&areas, deff);
            let (mut turned, mut expected) = (areas.clone(), ranks.clone());
            turned.rotate_left(by % areas.len());
            expected.rotate_left(by % areas.len());
            prop_assert_eq!(ranking(&turned, deff), expected);
            for (area, it) in areas.iter().zip(&ranks) {
                prop_assert!(1 <= it.best && it.best <= it.rank && it.rank <= it.worst && it.worst <= areas.len());
                prop_assert_eq!(it.rank, 1 + areas.iter().filter(|other| other.rate > area.rate).count());
            }
        }

        /// The larger the design effect, the fewer areas are told apart.
        #[test]
        fn effects_widen(areas in counted_areas(1..15), deff in 1.0f64..4.0) {
            for (plain, wide) in ranking(&areas, 1.0).iter().zip(ranking(&areas, deff)) {
                prop_assert!(wide.best <= plain.best && plain.worst <= wide.worst && wide.rank == plain.rank);
            }
        }
    }
}
