//! What the results say of areas beside each other comes from the rates that they tell, and from nothing else.

use anxin::{
    campaign::Channel,
    results::{Results, Selection},
    statistic::proportion::Estimate,
};
use proptest::prelude::*;

use crate::{
    batch::{campaign, day, tally},
    questionnaires,
    shared::releases::Releases,
};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Every area whose rate is told has a rank if another one is told too; ranks order the rates that are told, and
    /// clusters only ever widen an interval.
    #[test]
    fn ranks_are_of_what_is_told(sample in questionnaires(), sizes in [0u32..90, 0u32..90], seed in any::<u64>()) {
        let campaign = campaign(&sample, 5);
        let mut releases = Releases::new(campaign.k);
        for (area, n) in sizes.into_iter().enumerate() {
            let name = (campaign.areas[area].code.clone(), day("2026-11-23"), Channel::Tablet);
            releases.hold(name, &tally(&sample, seed ^ area as u64, n), None);
        }
        releases.step();
        let leaves = releases.leaves();
        let results = Results::of(&campaign, &sample.questionnaire, &leaves, Selection::default());
        for (index, indicator) in results.indicators.iter().enumerate() {
            let rows = results.areas.iter().filter_map(|area| area.indicators.get(index));
            let rows: Vec<_> = rows.map(|row| (row.estimates.on(indicator.base), row.rank)).collect();
            let told: Vec<Estimate> = rows.iter().filter_map(|(estimate, _)| *estimate).collect();
            for (estimate, rank) in rows {
                prop_assert_eq!(rank.is_some(), estimate.is_some() && told.len() >= 2);
                let Some((estimate, rank)) = estimate.zip(rank) else { continue };
                prop_assert_eq!(rank.rank, 1 + told.iter().filter(|other| other.rate > estimate.rate).count());
                prop_assert!(1 <= rank.best && rank.best <= rank.rank && rank.rank <= rank.worst && rank.worst <= told.len());
            }
            if let Some(clusters) = indicator.clusters {
                let plain = indicator.estimates.on(indicator.base).unwrap();
                prop_assert_eq!(clusters.clustering.areas, told.len());
                prop_assert_eq!((clusters.widened.x, clusters.widened.n), (plain.x, plain.n));
                prop_assert!(clusters.widened.low <= plain.low + 1e-12 && plain.high <= clusters.widened.high + 1e-12);
            }
        }
    }
}
