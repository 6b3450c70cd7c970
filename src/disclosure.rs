//! Disclosure control: what of the collector's sums may be shown, and when.
//!
//! Figures are released in steps. The sums of an area, day and channel — a *leaf* — are shown as they
//! stood when they last grew by at least k respondents. Every published table is a sum of leaves, so
//! two states of one never differ by fewer than k respondents, and none is ever made of fewer:
//! whoever watches the page while a neighbour answers sees nothing.

//!
//! Within a table the same threshold holds for every base: the answers to an item that fewer than k of
//! the respondents were asked are not told, nor a rate over fewer than k. What can be had by subtracting
//! one table from another is not yet guarded against.

use crate::{
    statistic::{distribution::Distribution, proportion::Estimate, rate::Rate},
    tally::Tally,
};

/// Whether so many people are enough to tell what came of them.
pub fn enough(people: u64, k: u32) -> bool {
    people >= u64::from(k)
}

/// A distribution, unless fewer than k were asked.
pub fn show_distribution(distribution: Distribution, k: u32) -> Option<Distribution> {
    (distribution.asked >= u64::from(k)).then_some(distribution)
}

/// A rate, on the bases of k respondents or more.
pub fn show_rate(rate: Rate, k: u32) -> Rate {
    let enough = |estimate: &Estimate| estimate.n >= u64::from(k);
    Rate { all: rate.all.filter(enough), valid: rate.valid.filter(enough) }
}

/// What is shown of a leaf from now on: its sum, if it grew by k respondents or more since `shown`,
/// else nothing new.
pub fn release<'t>(shown: Option<&Tally>, sum: &'t Tally, k: u32) -> Option<&'t Tally> {
    let before = shown.map_or(0, |tally| tally.n);
    (sum.n >= before + u64::from(k)).then_some(sum)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// However respondents trickle in, each state shown is k or more respondents ahead of the one
        /// before, and never more than k − 1 behind the sum.
        #[test]
        fn steps_are_never_under_k(k in 5u32..20, arrivals in prop::collection::vec(1u64..12, 1..60)) {
            let mut sum = Tally::empty(0);
            let mut shown: Option<Tally> = None;
            for n in arrivals {
                sum.merge(&Tally { n, cells: vec![] });
                let before = shown.as_ref().map_or(0, |tally| tally.n);
                if let Some(next) = release(shown.as_ref(), &sum, k) {
                    prop_assert!(next.n - before >= u64::from(k));
                    shown = Some(next.clone());
                }
                prop_assert!(sum.n - shown.as_ref().map_or(0, |tally| tally.n) < u64::from(k));
            }
        }
    }
}
