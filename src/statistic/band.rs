//! Bands: on which side of a target a rate stands, as far as its interval can tell.

use serde::Serialize;

/// Where the interval of a rate lies, from the worst on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Band {
    /// All of it is below the target.
    Red,
    /// It holds the target: the rate cannot be told from it.
    Yellow,
    /// All of it is at the target or above.
    Blue,
}

impl Band {
    /// Its name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Red => "red",
            Self::Yellow => "yellow",
            Self::Blue => "blue",
        }
    }
}

/// The band of an interval against a target, all three from 0 to 1.
pub fn band((low, high): (f64, f64), target: f64) -> Band {
    match () {
        () if low >= target => Band::Blue,
        () if high < target => Band::Red,
        () => Band::Yellow,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistic::proportion::wilson;

    /// 390 of 400 are 97.5 %, with an interval from 95.46 to 98.64 %.
    #[test]
    fn the_interval_decides_and_not_the_point() {
        let of = |target| wilson(390, 400).map(|it| band((it.low, it.high), target));
        for (target, want) in
            [(0.95, Band::Blue), (0.96, Band::Yellow), (0.98, Band::Yellow), (0.99, Band::Red), (1.0, Band::Red)]
        {
            assert_eq!(of(target), Some(want), "{target}");
        }
        assert_eq!(
            (band((0.9, 0.95), 0.9), band((0.9, 0.95), 0.95)),
            (Band::Blue, Band::Yellow),
            "the ends belong to it"
        );
        assert_eq!(wilson(5, 5).map(|it| band((it.low, it.high), 1.0)), Some(Band::Yellow));
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod laws {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// A higher target never betters a band; a wider interval says no more than a narrower one; and what is said of
        /// the interval holds for each rate within it.
        #[test]
        fn bands(ends in prop::array::uniform4(0.0f64..=1.0), targets in prop::array::uniform2(0.0f64..=1.0), at in 0.0f64..=1.0) {
            let mut ends = ends;
            ends.sort_by(f64::total_cmp);
            let (wide, narrow) = ((ends[0], ends[3]), (ends[1], ends[2]));
            let (least, most) = (targets[0].min(targets[1]), targets[0].max(targets[1]));
            prop_assert!(band(narrow, most) <= band(narrow, least));
            prop_assert!(band(wide, most) == Band::Yellow || band(wide, most) == band(narrow, most));
            let rate = narrow.0 + at * (narrow.1 - narrow.0);
            match band(narrow, most) {
                Band::Blue => prop_assert!(rate >= most),
                Band::Red => prop_assert!(rate < most),
                Band::Yellow => prop_assert!(narrow.0 < most && most <= narrow.1),
            }
        }
    }
}
