//! Fieldwork by area, month and part of the day: no figure is of fewer than k who were met, and nothing that two differ
//! by.

use std::{collections::BTreeMap, sync::LazyLock};

use anxin::{
    area::AreaCode,
    disposition::Doors,
    fieldwork::DayPart,
    period::Period,
    results::{
        Results, Selection,
        fieldwork::{FieldworkResult, FieldworkSum},
    },
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{batch::fielded, shared::Sample};

const K: u32 = 5;
const AREAS: [&str; 4] = ["330602001", "330602002", "330603001", "330701001"];
const PLACES: [Option<&str>; 9] = [
    None,
    Some("33"),
    Some("3306"),
    Some("330602"),
    Some("330602001"),
    Some("330602002"),
    Some("330603001"),
    Some("3307"),
    Some("330701001"),
];
const MONTHS: [&str; 3] = ["2026-11", "2026-12", "2027-01"];

/// The doors of an area in a part of some of a month's days.
#[derive(Clone, Debug)]
struct DoorsLeaf {
    area: AreaCode,
    month: Period,
    part: DayPart,
    doors: Doors,
}

/// What came of some doors. What is called back at may have been met before, or only in other doors than these.
fn doors(met_before: bool) -> impl Strategy<Value = Doors> {
    let some = |most: u64| prop_oneof![2 => Just(0u64), 3 => 0..most];
    let outcomes = (some(6), some(3), some(3), some(12), some(3));
    (outcomes, 0u64..6, 0..if met_before { 4u64 } else { 1 }).prop_map(
        |((completed, refused, language, nobody_home, cannot_get_in), home, met)| {
            let doors = json!({
                "outcomes": {
                    "completed": completed, "refused": refused, "language": language, "nobody_home": nobody_home,
                    "cannot_get_in": cannot_get_in,
                },
                "callbacks": { "nobody_home": home, "refused": met },
            });
            serde_json::from_value(doors).unwrap()
        },
    )
}

fn leaves(met_before: bool) -> impl Strategy<Value = Vec<DoorsLeaf>> {
    let leaf = (0..AREAS.len(), 0..MONTHS.len(), 0..3usize, doors(met_before));
    let leaf = leaf.prop_map(|(area, month, part, doors)| DoorsLeaf {
        area: AREAS[area].parse().unwrap(),
        month: MONTHS[month].parse().unwrap(),
        part: DayPart::ALL[part],
        doors,
    });
    prop::collection::vec(leaf, 0..24)
}

type View = (Option<AreaCode>, Option<Period>);

/// A view whose figures hold those of another.
fn holds((area, period): &View, inner: &View) -> bool {
    let areas = area.as_ref().is_none_or(|area| inner.0.as_ref().is_some_and(|it| it.within(area)));
    areas && (period.is_none() || *period == inner.1)
}

/// Every view of a campaign in these areas, without doors.
static VIEWS: LazyLock<Vec<(View, Results)>> = LazyLock::new(|| {
    let sample = Sample::numbered(1);
    let areas: Vec<Value> = AREAS.iter().map(|code| json!({ "code": code, "name": { "en": code } })).collect();
    let mut campaign = serde_json::to_value(fielded(&sample.questionnaire, K)).unwrap();
    campaign["areas"] = json!(areas);
    let campaign = serde_json::from_value(campaign).unwrap();
    let periods = || [None].into_iter().chain(MONTHS.into_iter().chain(["2026-11-23", "2026-10"]).map(Some));
    let views = PLACES.into_iter().flat_map(|place| periods().map(move |period| (place, period)));
    let view = |(place, period): (Option<&str>, Option<&str>)| {
        let view = (place.map(|it| it.parse().unwrap()), period.map(|it| it.parse().unwrap()));
        let selection = Selection { area: view.0.clone(), period: view.1 };
        (view, Results::of(&campaign, &sample.questionnaire, &[], selection))
    };
    views.map(view).collect()
});

/// Adds up what is told within an area in a month.
fn sum(leaves: &[DoorsLeaf], area: Option<&AreaCode>, month: Option<Period>) -> FieldworkSum {
    let mut months: BTreeMap<(&AreaCode, Period), FieldworkSum> = BTreeMap::new();
    for leaf in leaves {
        let inside = area.is_none_or(|area| leaf.area.within(area)) && month.is_none_or(|month| leaf.month == month);
        if inside {
            months.entry((&leaf.area, leaf.month)).or_default().add(leaf.part, &leaf.doors);
        }
    }
    let mut all = FieldworkSum::default();
    months.into_values().filter_map(|sum| sum.told(K)).for_each(|told| all.merge(&told));
    all
}

/// A view with its doors.
fn with_doors(results: &Results, leaves: &[DoorsLeaf]) -> Option<FieldworkResult> {
    let month = results.selection.period.map(Period::month);
    let told: Vec<FieldworkSum> = results.doors_of().into_iter().map(|area| sum(leaves, area, month)).collect();
    results.clone().with_doors(&told).fieldwork
}

/// What is told of everywhere.
fn told(leaves: &[DoorsLeaf], period: Option<&str>) -> Option<FieldworkResult> {
    let view = (None, period.map(|it| it.parse().unwrap()));
    let results = &VIEWS.iter().find(|(it, _)| *it == view).unwrap().1;
    with_doors(results, leaves)
}

/// How many were met, and how many opened in each part, in every view; 0 where nothing is told. What a row tells is what
/// its own view tells.
fn met(leaves: &[DoorsLeaf]) -> BTreeMap<View, [u64; 4]> {
    let mut met = BTreeMap::new();
    let mut rows = Vec::new();
    for (view, results) in VIEWS.iter() {
        let told = with_doors(results, leaves);
        assert!(told.as_ref().is_none_or(|told| told.period == view.1.map(Period::month)));
        let opened = |part: usize| told.as_ref().and_then(|told| told.parts[part].opened).map_or(0, |it| it.x);
        let contacts = told.as_ref().map_or(0, |told| told.total.contacts);
        met.insert(view.clone(), [contacts, opened(0), opened(1), opened(2)]);
        let visits = told.iter().flat_map(|told| &told.areas).flat_map(|it| &it.doors).map(|it| it.visits);
        let all = told.as_ref().map_or(0, |told| told.total.visits);
        assert_eq!(visits.sum::<u64>(), all, "the rows are all there is");
        let row = told.into_iter().flat_map(|told| told.areas);
        rows.extend(row.map(|row| ((Some(row.code), view.1), row.doors.map_or(0, |it| it.contacts))));
    }
    for (view, contacts) in rows {
        assert!(met.get(&view).is_none_or(|it| it[0] == contacts), "{view:?}");
    }
    met
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nothing_is_told_of_fewer_than_k_who_were_met(leaves in leaves(false)) {
        let met = met(&leaves);
        let enough = |count: u64| count == 0 || count >= u64::from(K);
        for (outer, all) in &met {
            prop_assert!(all.iter().all(|count| enough(*count)), "{outer:?}: {all:?}");
            // Nobody who opened was met before: so many opened in some part of which nothing is told.
            let parts: u64 = all[1..].iter().sum();
            prop_assert!(all[0] >= parts && enough(all[0] - parts), "{outer:?}: {all:?}");
            for (inner, some) in met.iter().filter(|(inner, _)| holds(outer, inner)) {
                for (all, some) in all.iter().zip(some) {
                    prop_assert!(all >= some && enough(all - some), "{outer:?} less {inner:?}: {all} − {some}");
                }
            }
        }
        let months = met.iter().filter(|((area, period), _)| area.is_none() && matches!(period, Some(Period::Month(..))));
        prop_assert_eq!(months.map(|(_, it)| it[0]).sum::<u64>(), met[&(None, None)][0], "the months are all there is");
    }

    /// Whatever is called back at, and wherever that was counted.
    #[test]
    fn no_figure_is_of_fewer_than_k(leaves in leaves(true)) {
        for ((area, period), all) in met(&leaves) {
            prop_assert!(all.iter().all(|count| *count == 0 || *count >= u64::from(K)), "{area:?} {period:?}: {all:?}");
        }
    }

    #[test]
    fn what_is_told_stays_told(before in leaves(false), more in leaves(false)) {
        let after = [before.clone(), more].concat();
        let after = met(&after);
        for (view, [contacts, ..]) in met(&before) {
            prop_assert!(after[&view][0] >= contacts, "{view:?}");
        }
    }
}

#[test]
fn a_day_tells_its_month() {
    let leaf = |month: &str, completed: u64| DoorsLeaf {
        area: AREAS[0].parse().unwrap(),
        month: month.parse().unwrap(),
        part: DayPart::Morning,
        doors: serde_json::from_value(json!({ "outcomes": { "completed": completed } })).unwrap(),
    };
    let leaves = [leaf("2026-11", 9), leaf("2026-12", 4), leaf("2027-01", 7)];
    let of = |period: Option<&str>| {
        let told = told(&leaves, period)?;
        Some((told.period.map(|it| it.to_string()), told.total.completes))
    };
    assert_eq!(of(Some("2026-11-23")), of(Some("2026-11")));
    assert_eq!(of(Some("2026-11-23")), Some((Some("2026-11".to_owned()), 9)));
    assert_eq!((of(Some("2026-12")), of(Some("2026-10"))), (None, None), "too few, and none");
    assert_eq!(of(None), Some((None, 16)), "without the month in which too few were met");
}

/// A door that was closed in one month and answered in the next.
#[test]
fn a_call_back_beyond_the_months_end_is_one_door_in_both_months_together() {
    let leaf = |month: &str, doors: Value| DoorsLeaf {
        area: AREAS[0].parse().unwrap(),
        month: month.parse().unwrap(),
        part: DayPart::Evening,
        doors: serde_json::from_value(doors).unwrap(),
    };
    let leaves = [
        leaf("2026-11", json!({ "outcomes": { "completed": 10, "nobody_home": 8 } })),
        leaf("2026-12", json!({ "outcomes": { "completed": 6 }, "callbacks": { "nobody_home": 6 } })),
    ];
    let of = |period: Option<&str>| {
        let total = told(&leaves, period).unwrap().total;
        (total.doors, total.visits, total.completes, total.rr1.unwrap().n)
    };
    assert_eq!((of(Some("2026-11")), of(Some("2026-12"))), ((18, 18, 10, 18), (6, 6, 6, 6)));
    assert_eq!(of(None), (18, 24, 16, 18));
}
