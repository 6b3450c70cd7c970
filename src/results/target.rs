//! Rates against their targets: a function of what is told of them, and nothing else.

use serde::Serialize;

use super::{AreaResult, IndicatorResult, PeriodResult, TableRate};
use crate::{
    campaign::Campaign,
    disclosure::bound::{Bound, Side},
    questionnaire::definition::Base,
    statistic::{
        band::{Band, band},
        design_effect::wilson_effective,
        proportion::Estimate,
        sample_size::sample_size,
    },
};

/// An indicator's target, and how its rate stands to it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct TargetResult {
    /// The target: above 0, to 1.
    pub share: f64,
    /// Where the interval lies: the one that clustering widened where that is known, for a band must not say more than
    /// the figures do. None where what is told decides none.
    pub band: Option<Band>,
    /// The rate less the target, from −1 to 1; none where the rate is not told.
    pub gap: Option<f64>,
    /// So many in the base would decide a yellow one, were the rate and the clustering to stay as they are; none where it
    /// is decided, and where the rate is the target.
    pub needed: Option<u64>,
}

/// How many decide on which side of a target a rate lies: its Wilson interval holds those shares from which chance takes a
/// sample of their own spread that far, so the spread is the target's.
fn needed(gap: f64, target: f64, deff: f64) -> Option<u64> {
    sample_size(target, gap.abs(), deff.max(1.0))
}

/// The band of a rate that is told.
fn of_estimate(estimate: &Estimate, target: f64) -> Band {
    band((estimate.low, estimate.high), target)
}

/// The band that the rate has, whatever it is within a bound of those who were asked; none if that is not one.
///
/// Ends of intervals rise with the rate, so the ends of the bound decide. Of those who gave an opinion a rate is as high
/// as of all who were asked, or higher, and no interval of theirs ends below one of as many positive answers among all:
/// a bound from below holds for it too, one from above does not.
fn of_bound(bound: &Bound, base: Base, target: f64) -> Option<Band> {
    let ends = match (bound.side, base) {
        (Side::AtLeast, _) => [bound.share, 1.0],
        (Side::AtMost, Base::All) => [0.0, bound.share],
        (Side::AtMost, Base::Valid) => return None,
    };
    let [least, most] = ends.map(|share| band(wilson_effective(share, bound.n as f64), target));
    (bound.n > 0 && least == most).then_some(least)
}

/// The band of what is told of a rate: on the base that the indicator is defined on.
fn told(estimate: Option<&Estimate>, bound: Option<&Bound>, base: Base, target: f64) -> Option<Band> {
    match estimate {
        Some(estimate) => Some(of_estimate(estimate, target)),
        None => bound.and_then(|bound| of_bound(bound, base, target)),
    }
}

/// Adds targets and bands to the rates of a whole selection.
pub(super) fn totals(campaign: &Campaign, indicators: Vec<IndicatorResult>) -> Vec<IndicatorResult> {
    let with = |indicator: IndicatorResult| {
        let target = campaign.target(&indicator.id).map(|share| {
            let estimate = indicator.estimates.on(indicator.base);
            let widest = indicator.clusters.map(|clusters| clusters.widened).or(estimate);
            let band = told(widest.as_ref(), indicator.bound.as_ref(), indicator.base, share);
            let gap = estimate.map(|it| it.rate - share);
            let deff = indicator.clusters.map_or(1.0, |it| it.clustering.design_effect.deff);
            let open = gap.filter(|_| band == Some(Band::Yellow));
            TargetResult { share, band, gap, needed: open.and_then(|gap| needed(gap, share, deff)) }
        });
        IndicatorResult { target, ..indicator }
    };
    indicators.into_iter().map(with).collect()
}

/// Adds bands to the rows of areas and periods. Of a row no more is known than its own interval: how alike the
/// respondents of areas within it are, the figures of that row alone would tell.
pub(super) fn rows(totals: &[IndicatorResult], areas: &mut [AreaResult], periods: &mut [PeriodResult]) {
    let band = |rates: &mut Vec<TableRate>| {
        for (rate, of) in rates.iter_mut().zip(totals) {
            let band = |share| told(rate.estimates.on(of.base).as_ref(), rate.bound.as_ref(), of.base, share);
            rate.band = of.target.and_then(|target| band(target.share));
        }
    };
    areas.iter_mut().for_each(|area| band(&mut area.indicators));
    periods.iter_mut().for_each(|period| band(&mut period.indicators));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(side: Side, share: f64, n: u64) -> Bound {
        Bound { side, share, n }
    }

    #[test]
    fn a_bound_decides_only_what_is_sure() {
        let of = |bound, target| of_bound(&bound, Base::All, target);
        // 190 of 200 and more: from 91.0 % on.
        assert_eq!(of(at(Side::AtLeast, 0.95, 200), 0.9), Some(Band::Blue));
        assert_eq!(of(at(Side::AtLeast, 0.95, 200), 0.92), None, "190 cannot be told from it, 200 can");
        assert_eq!(of(at(Side::AtLeast, 0.95, 200), 0.99), None);
        assert_eq!(of(at(Side::AtLeast, 0.9, 20), 0.95), Some(Band::Yellow), "so few can never tell");
        assert_eq!(of(at(Side::AtMost, 0.05, 200), 0.9), Some(Band::Red));
        assert_eq!(of(at(Side::AtMost, 0.05, 200), 0.05), None);
        assert_eq!(of_bound(&at(Side::AtMost, 0.05, 200), Base::Valid, 0.9), None, "few of all, all of a few");
        assert_eq!(of_bound(&at(Side::AtLeast, 0.95, 200), Base::Valid, 0.9), Some(Band::Blue));
        assert_eq!((told(None, None, Base::All, 0.9), of(at(Side::AtLeast, 0.5, 0), 0.1)), (None, None));
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod laws {
    use proptest::prelude::*;

    use super::*;
    use crate::{disclosure::bound::bound, statistic::proportion::wilson};

    proptest! {
        /// So many decide it, and one fewer would not.
        #[test]
        fn as_many_as_are_needed_decide(rate in 0.0f64..=1.0, target in 1u32..100, deff in 0.5f64..4.0) {
            let target = f64::from(target) / 100.0;
            let Some(needed) = needed(rate - target, target, deff) else { return Ok(()) };
            prop_assume!((rate - target).abs() > 1e-4);
            let at = |n: f64| band(wilson_effective(rate, n / deff.max(1.0)), target);
            prop_assert_ne!(at(needed as f64 * (1.0 + 1e-6)), Band::Yellow);
            prop_assert_eq!(at((needed as f64 - 1.0) * (1.0 - 1e-6)), Band::Yellow);
        }

        /// A bound has the band that every rate within it has, on either base, or none. So whoever knows the bound, n and
        /// the target knows the band: it tells nothing more.
        #[test]
        fn a_bound_has_the_band_of_every_rate_within(n in 1u64..300, x in 0u64..300, silent in 0u64..40, target in 1u32..=100) {
            let (x, target) = (x.min(n), f64::from(target) / 100.0);
            let Some(it) = bound(x, n, 5) else { return Ok(()) };
            let within = |x: &u64| match it.side {
                Side::AtLeast => *x as f64 >= it.share * n as f64 - 1e-9,
                Side::AtMost => *x as f64 <= it.share * n as f64 + 1e-9,
            };
            for x in (0..=n).filter(within) {
                for (base, of) in [(Base::All, n), (Base::Valid, n - silent.min(n - x))] {
                    if let (Some(band), Some(rate)) = (of_bound(&it, base, target), wilson(x, of)) {
                        prop_assert_eq!(band, of_estimate(&rate, target), "{} of {} with {:?}", x, of, it);
                    }
                }
            }
            let ends = (0..=n).filter(within).filter_map(|x| Some(of_estimate(&wilson(x, n)?, target)));
            let bands: Vec<Band> = ends.collect();
            // A bound's end may lie between two counts.
            let same = bands.iter().all(|band| *band == bands[0]);
            prop_assert!(same || of_bound(&it, Base::All, target).is_none());
        }
    }
}
