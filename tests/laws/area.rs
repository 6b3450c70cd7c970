//! Areas are a tree by prefix.

use anxin::{
    area::{AreaCode, Level},
    campaign::{BadCampaign, Campaign},
    results::paging::MOST,
};
use proptest::prelude::*;
use serde_json::{Value, json};

pub(crate) fn code(text: &str) -> AreaCode {
    text.parse().unwrap()
}

/// Any area code.
pub(crate) fn codes() -> impl Strategy<Value = AreaCode> {
    "[0-9]{1,24}".prop_map(|text| code(&text))
}

/// A campaign in areas, which lie in regions.
pub(crate) fn json_of(areas: &[&str], regions: &[&str]) -> Value {
    let named = |code: &&str| json!({ "code": code, "name": { "zh-CN": "地" } });
    json!({
        "id": "drawn", "title": { "en": "Drawn" }, "kind": "survey", "questionnaire": "",
        "areas": areas.iter().map(named).collect::<Vec<_>>(), "regions": regions.iter().map(named).collect::<Vec<_>>(),
        "opens": "2026-11-01", "closes": "2026-12-31", "grace_days": 14, "k": 5, "channels": ["tablet"],
    })
}

proptest! {
    #[test]
    fn an_area_lies_in_each_of_its_ancestors_and_they_in_each_other(area in codes()) {
        let line: Vec<AreaCode> = std::iter::once(area.clone()).chain(area.ancestors()).collect();
        for pair in line.windows(2) {
            prop_assert!(pair[0].within(&pair[1]) && pair[0] != pair[1]);
            prop_assert_eq!(pair[0].parent(), Some(pair[1].clone()));
            prop_assert!(pair[1].level().is_some());
            prop_assert!(pair[0].level().is_none_or(|level| level > pair[1].level().unwrap()));
        }
        prop_assert_eq!(line.last().unwrap().parent(), None);
        prop_assert!(line.last().unwrap().as_str().len() <= 2);
        // No level is left out.
        let levels = line.iter().skip(1).filter_map(AreaCode::level).count();
        prop_assert_eq!(levels, [2, 4, 6, 9, 12].iter().filter(|length| **length < area.as_str().len()).count());
    }

    #[test]
    fn what_lies_in_a_statistical_area_has_it_for_an_ancestor(area in codes(), length in prop::sample::select(vec![2, 4, 6, 9, 12])) {
        prop_assume!(area.as_str().len() > length);
        let upper = code(&area.as_str()[..length]);
        prop_assert!(area.ancestors().any(|it| it == upper));
    }
}

#[test]
fn levels_are_those_of_the_statistical_codes() {
    for (text, level) in [
        ("33", Some(Level::Province)),
        ("3306", Some(Level::Prefecture)),
        ("330602", Some(Level::County)),
        ("330602001", Some(Level::Town)),
        ("330602001002", Some(Level::Village)),
        ("33060200100203", Some(Level::Grid)),
        ("3", None),
        ("33060200", None),
    ] {
        assert_eq!(code(text).level(), level, "{text}");
    }
    let ancestors: Vec<String> = code("33060200100203").ancestors().map(String::from).collect();
    assert_eq!(ancestors, ["330602001002", "330602001", "330602", "3306", "33"]);
}

#[test]
fn a_region_holds_areas_and_is_none() {
    let areas = ["330602001001", "330602001002", "330602002001", "3307"];
    let told = |regions: &[&str]| serde_json::from_value::<Campaign>(json_of(&areas, regions));
    assert!(told(&[]).is_ok());
    assert!(told(&["33", "3306", "330602", "330602001", "330602002"]).is_ok());
    for bad in [&["330602001001"][..], &["330602003"], &["3307"], &["330701"], &["3306", "3306"], &["34"], &["0"]] {
        let error = told(bad).unwrap_err().to_string();
        assert!(error.contains(&BadCampaign::Regions.to_string()), "{bad:?}: {error}");
    }
}

#[test]
fn an_area_knows_its_regions_from_the_largest() {
    let regions = ["330602001", "33", "330602", "330602002"];
    let campaign: Campaign = serde_json::from_value(json_of(&["330602001001", "330602002001"], &regions)).unwrap();
    let names: Vec<&str> =
        campaign.regions_of(&code("330602001001")).into_iter().map(|region| region.code.as_str()).collect();
    assert_eq!(names, ["33", "330602", "330602001"]);
}

proptest! {
    /// In whatever order the areas are named: those within a prefix are those that begin with it.
    #[test]
    fn areas_are_found_by_their_prefix(
        drawn in prop::collection::btree_set("[0-2]{4}", 1..40).prop_map(|it| it.into_iter().collect::<Vec<_>>()).prop_shuffle(),
        prefix in "[0-2]{1,5}",
    ) {
        let areas: Vec<&str> = drawn.iter().map(String::as_str).collect();
        let campaign: Campaign = serde_json::from_value(json_of(&areas, &[])).unwrap();
        let found: Vec<&str> = campaign.within(Some(&code(&prefix))).iter().map(|it| it.code.as_str()).collect();
        let mut wanted: Vec<&str> = areas.iter().copied().filter(|it| it.starts_with(&prefix)).collect();
        wanted.sort_unstable();
        prop_assert_eq!(found, wanted);
        prop_assert_eq!(campaign.within(None).len(), areas.len());
        prop_assert_eq!(campaign.area(&code(&prefix)).is_some(), areas.contains(&&*prefix));
    }
}

#[test]
fn one_step_down_is_what_nothing_lies_around() {
    let areas = ["330602001001", "330602001002", "330602002001", "330603001"];
    let campaign: Campaign = serde_json::from_value(json_of(&areas, &["330602", "330602001"])).unwrap();
    let below = |area: Option<&str>| -> Vec<(String, usize, String)> {
        let places = campaign.below(area.map(code).as_ref()).into_iter();
        places.map(|place| (place.code.into(), place.areas, place.prefix)).collect()
    };
    let place = |code: &str, areas: usize, prefix: &str| (code.to_owned(), areas, prefix.to_owned());
    assert_eq!(below(None), [place("330602", 3, "33060200"), place("330603001", 1, "330603001")]);
    let town = [place("330602001", 2, "33060200100"), place("330602002001", 1, "330602002001")];
    assert_eq!((below(Some("330602")), below(Some("3306020"))), (town.to_vec(), town.to_vec()));
    assert_eq!(below(Some("330602001001")), [place("330602001001", 1, "330602001001")], "itself");
    assert_eq!(below(Some("34")), []);
    assert_eq!((campaign.prefix(None), campaign.prefix(Some(&code("34")))), (Some("33060"), None));
}

#[test]
fn very_many_areas_without_regions_are_put_together_by_their_codes() {
    let areas: Vec<String> =
        (0..900).map(|i| format!("33060{}{:03}{:03}", 2 + i / 450, i / 9 % 50 + 1, i % 9 + 1)).collect();
    let areas: Vec<&str> = areas.iter().map(String::as_str).collect();
    let campaign: Campaign = serde_json::from_value(json_of(&areas, &[])).unwrap();
    let rows = |area: Option<&str>| campaign.below(area.map(code).as_ref());
    assert_eq!(
        rows(None).iter().map(|it| (it.code.as_str(), it.areas)).collect::<Vec<_>>(),
        [("330602", 450), ("330603", 450)]
    );
    assert_eq!((rows(Some("330602")).len(), rows(Some("330602"))[7].areas, rows(Some("330602008")).len()), (50, 9, 9));
    assert!(rows(None).iter().all(|it| it.name.is_none()) && rows(Some("330602008"))[0].name.is_some());
}

/// So a page of results can hold any table whole.
#[test]
fn no_table_of_areas_has_more_rows_than_a_page_can() {
    let villages: Vec<String> = (0..2_000).map(|i| format!("330602{:03}{:03}", i / 2, i % 2)).collect();
    let towns: Vec<String> = (0..1_000).map(|i| format!("330602{i:03}")).collect();
    let grids: Vec<String> = (0..3_000).map(|i| format!("330602001{:03}{:03}", i / 3, i % 3)).collect();
    for codes in [villages, towns, grids] {
        let areas: Vec<&str> = codes.iter().map(String::as_str).collect();
        let campaign: Campaign = serde_json::from_value(json_of(&areas, &[])).unwrap();
        for area in [None, Some("3"), Some("33060"), Some("330602")] {
            assert_eq!(campaign.below(area.map(code).as_ref()).len(), MOST, "{area:?}");
        }
    }
}
