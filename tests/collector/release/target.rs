//! Targets: set on a fielded campaign, shown with its results, and never told to a respondent's page.

use serde_json::{Value, json};

use super::{Fielded, RESULTS};

/// What `anxin target` says of an indicator.
fn listed(it: &Fielded, indicator: &str) -> String {
    let output = it.target(&[]);
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix(indicator)).unwrap_or_else(|| panic!("{text}"));
    line.trim().to_owned()
}

#[test]
fn results_tell_targets_and_a_running_collector_knows_them_at_once() {
    let it = Fielded::new();
    let target = |results: &Value, index: usize| results["indicators"][index]["target"].clone();
    let before = it.collector.get(RESULTS).json();
    let first = target(&before, 0);
    assert_eq!(first["share"], 0.6);
    let rate = &before["indicators"][0]["estimates"]["valid"];
    let gap = first["gap"].as_f64().unwrap();
    assert!((gap - (rate["rate"].as_f64().unwrap() - 0.6)).abs() < 1e-12);
    assert_eq!(target(&before, 3), Value::Null, "none is set");
    assert!(it.target(&["--indicator", "safety_satisfaction", "--percent", "97.46"]).status.success());
    let after = it.collector.get(RESULTS).json();
    assert_eq!((&target(&after, 0)["share"], &target(&after, 0)["band"]), (&json!(0.9746), &json!("red")));
    assert_eq!(listed(&it, "safety_satisfaction"), "97.46 %");
    assert!(it.target(&["--indicator", "safety_satisfaction", "--remove"]).status.success());
    let removed = it.collector.get(RESULTS).json();
    assert_eq!((target(&removed, 0), listed(&it, "safety_satisfaction")), (Value::Null, "no target".to_owned()));
    assert_eq!(removed["areas"][0]["indicators"][0]["band"], Value::Null);
    assert_eq!(removed["indicators"][0]["estimates"], before["indicators"][0]["estimates"], "nothing else changes");
}

/// A respondent's page, and a volunteer's, asks for these: nothing in them suggests what is wanted.
#[test]
fn no_page_is_told_a_target() {
    let it = Fielded::new();
    assert_ne!(it.collector.get(RESULTS).json()["indicators"][0]["target"], Value::Null);
    let hash = it.collector.get("/api/campaigns/safety-demo").json()["questionnaire"].as_str().unwrap().to_owned();
    for path in [
        "/api/campaigns".to_owned(),
        "/api/campaigns/safety-demo".to_owned(),
        format!("/api/questionnaires/{hash}"),
        "/c/safety-demo".to_owned(),
        "/c/safety-demo/shift".to_owned(),
    ] {
        let reply = it.collector.get(&path);
        assert_eq!(reply.status, 200, "{path}");
        assert!(!reply.text().contains("target"), "{path}: {}", reply.text());
    }
    let campaign = it.collector.get("/api/openapi.json").json()["components"]["schemas"]["Campaign"].clone();
    assert!(campaign["properties"]["id"].is_object() && !campaign.to_string().contains("targets"), "{campaign}");
}

/// The band is what the figures beside it say: the interval against the target, in every row.
#[test]
fn bands_follow_from_what_is_told() {
    let it = Fielded::new();
    let mut seen = std::collections::BTreeMap::<String, usize>::new();
    for query in super::table::QUERIES {
        let results = it.collector.get(&format!("{RESULTS}?{query}")).json();
        for (index, indicator) in results["indicators"].as_array().unwrap().iter().enumerate() {
            let Some(share) = indicator["target"]["share"].as_f64() else { continue };
            let base = indicator["base"].as_str().unwrap();
            let band = |estimate: &Value| match (estimate["low"].as_f64(), estimate["high"].as_f64()) {
                (Some(low), _) if low >= share => json!("blue"),
                (_, Some(high)) if high < share => json!("red"),
                (Some(_), Some(_)) => json!("yellow"),
                _ => Value::Null,
            };
            let widened = &indicator["clusters"]["widened"];
            let own = &indicator["estimates"][base];
            let total = band(if widened.is_null() { own } else { widened });
            if !own.is_null() {
                assert_eq!(indicator["target"]["band"], total, "{query}");
                // It takes more than there are to decide what is open, and nothing to decide what is not.
                let needed = indicator["target"]["needed"].as_u64();
                let open = total == "yellow" && indicator["target"]["gap"] != 0.0;
                assert_eq!((needed.is_some(), needed > own["n"].as_u64()), (open, open), "{indicator}");
            }
            let rows = ["areas", "periods"].iter().flat_map(|rows| results[rows].as_array().unwrap());
            for rate in rows.filter_map(|row| row["indicators"].get(index)) {
                let (estimate, bound) = (&rate["estimates"][base], &rate["bound"]);
                if !estimate.is_null() || bound.is_null() {
                    assert_eq!(rate["band"], band(estimate), "{rate}");
                }
                let told = if estimate.is_null() { "bound" } else { "rate" };
                *seen.entry(format!("{told} {}", rate["band"])).or_default() += 1;
            }
        }
    }
    for kind in ["rate \"blue\"", "rate \"yellow\"", "rate \"red\"", "bound \"blue\""] {
        assert!(seen.contains_key(kind), "{kind} is not among {seen:?}");
    }
}

#[test]
fn what_is_no_target_is_told() {
    let it = Fielded::new();
    for (arguments, words) in [
        (
            &["--indicator", "no_such", "--percent", "95"][..],
            "there is no indicator \"no_such\"; there are: safety_satisfaction",
        ),
        (&["--indicator", "walking_alone", "--percent", "0"], "above 0 and at most 100"),
        (&["--indicator", "walking_alone", "--percent", "100.5"], "above 0 and at most 100"),
        (&["--indicator", "walking_alone", "--percent", "NaN"], "above 0 and at most 100"),
        (&["--indicator", "walking_alone", "--percent", "many"], "invalid value 'many'"),
        (&["--indicator", "walking_alone"], "--percent sets a target"),
        (&["--indicator", "fire_rate", "--remove"], "\"fire_rate\" has no target"),
        (&["--percent", "95"], "--indicator"),
        (&["--indicator", "fire_rate", "--percent", "95", "--remove"], "cannot be used with"),
    ] {
        let output = it.target(arguments);
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && told.contains(words), "{arguments:?}: {told}");
    }
    assert_eq!(listed(&it, "walking_alone"), "40 %", "nothing has changed");
}
