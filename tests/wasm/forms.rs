//! The form tests of the shipped instruments, natively and in a browser; and that a form test can fail.

use std::sync::Arc;

use anxin::{
    form_test::{FormTest, Outcome},
    questionnaire::Questionnaire,
};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// The instruments that ship, each with its tests.
macro_rules! instruments {
    ($($name:literal)*) => {
        const INSTRUMENTS: &[(&str, &[u8], &[u8])] = &[$((
            $name,
            include_bytes!(concat!("../../www/instruments/", $name, ".json")),
            include_bytes!(concat!("../instruments/", $name, ".test.json")),
        )),*];
    };
}

instruments!(
    "answer_satisfaction" "anti_fraud" "elder_fraud" "enterprise_call" "event_rating" "participation"
    "pingan_law_quiz" "pingan_quiz" "police_familiarity" "rule_of_law" "safety" "sdg_16_1_4" "site_check"
);

#[cfg(not(target_arch = "wasm32"))]
#[test]
fn every_shipped_instrument_has_tests() {
    let mut files: Vec<String> = std::fs::read_dir("www/instruments")
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    files.sort();
    assert_eq!(files, INSTRUMENTS.iter().map(|(name, ..)| *name).collect::<Vec<_>>());
}

#[test]
fn the_instruments_do_what_their_tests_say() {
    for (name, questionnaire, test) in INSTRUMENTS {
        let questionnaire = Arc::new(Questionnaire::parse(questionnaire).unwrap());
        let test = FormTest::parse(test).unwrap();
        assert_eq!(test.questionnaire, format!("../../www/instruments/{name}.json"));
        assert!(test.cases.len() >= 3, "{name}");
        for Outcome { name: case, failed } in test.run(&questionnaire) {
            let failed: Vec<String> = failed.iter().map(ToString::to_string).collect();
            assert!(failed.is_empty(), "{name}, {case}: {failed:#?}");
        }
    }
}

fn safety(case: &str) -> Vec<String> {
    let (_, questionnaire, _) = INSTRUMENTS.iter().find(|(name, ..)| *name == "safety").unwrap();
    let questionnaire = Arc::new(Questionnaire::parse(questionnaire).unwrap());
    let test = format!(r#"{{ "questionnaire": "safety.json", "cases": [{{ "name": "it", {case} }}] }}"#);
    let outcomes = FormTest::parse(test.as_bytes()).unwrap().run(&questionnaire);
    outcomes[0].failed.iter().map(ToString::to_string).collect()
}

/// Each expectation fails where it should, and tells what was to come and what came.
#[test]
fn what_is_not_as_expected_is_told() {
    let other = r#""answers": { "resident": "no" }, "expect""#;
    for (case, want) in [
        (
            format!(r#"{other}: {{ "visible": ["resident"] }}"#),
            "visible: expected [resident], got [resident, not_eligible]",
        ),
        (
            format!(r#"{other}: {{ "not_visible": ["age", "not_eligible"] }}"#),
            "not visible: expected none of them, got [not_eligible]",
        ),
        (format!(r#"{other}: {{ "score": 3 }}"#), "score: expected 3, got none"),
        (format!(r#"{other}: {{ "score": {{ "points": 3, "max": 4 }} }}"#), "score: expected 3 of 4, got none"),
        (format!(r#"{other}: {{ "ended": false }}"#), "ended: expected no end, got the end"),
        (
            format!(r#"{other}: {{ "indicators": {{ "safety_satisfaction": true }} }}"#),
            "indicator safety_satisfaction: expected true, got null",
        ),
        (
            format!(r#"{other}: {{ "cells": {{ "item overall": "safe" }} }}"#),
            "item overall: expected [safe], got [not_asked]",
        ),
        (
            format!(r#"{other}: {{ "cells": {{ "options of problems": ["fire"] }} }}"#),
            "options of problems: expected [fire], got []",
        ),
        (
            format!(r#"{other}: {{ "cells": {{ "mode": "read_aloud" }} }}"#),
            "mode: expected [read_aloud], got [self_completed]",
        ),
        (format!(r#"{other}: {{ "refused": "required" }}"#), "refused: expected Required, got nothing"),
        (
            r#""answers": { "resident": "no", "age": "age_16_25" }"#.into(),
            "answers: expected each to be asked for, got never asked: [age]",
        ),
        (r#""answers": { "resident": "yes" }"#.into(), "ended: expected the end, got no end at age"),
        (r#""answers": { "resident": "maybe" }"#.into(), "refused: expected nothing, got WrongAnswer at resident"),
        (r#""answers": { "resident": null }"#.into(), "refused: expected nothing, got Required at resident"),
        (r#""answers": { "resident": "no" }, "day": "2025-12-31""#.into(), "refused: expected nothing, got NotYet"),
        (
            r#""answers": { "resident": "no" }, "expect": { "refused": "expired" }, "day": "2025-12-31""#.into(),
            "refused: expected Expired, got NotYet",
        ),
        (
            r#""expect": { "ended": false, "indicators": { "safety_satisfaction": null } }"#.into(),
            "indicators and cells: expected a respondent who came to the end, got one who did not",
        ),
        (
            r#""answers": { "house": "yes" }"#.into(),
            "answers or visible: expected an item, got `house`, of which there is none",
        ),
        (
            r#""expect": { "indicators": { "rate": null } }"#.into(),
            "indicators: expected an indicator, got `rate`, of which there is none",
        ),
        (
            r#""expect": { "cells": { "overall": "safe" } }"#.into(),
            "cells: expected a block that `anxin simulate` prints, got `overall`, of which there is none",
        ),
    ] {
        assert!(safety(&case).iter().any(|failed| failed == want), "{case}\n{want}\n{:?}", safety(&case));
    }
    let good = safety(&format!(r#"{other}: {{ "visible": ["resident", "not_eligible"], "ended": true }}"#));
    assert_eq!(good, Vec::<String>::new());
}

#[test]
fn what_is_no_form_test_is_refused() {
    let told = |text: &str| FormTest::parse(text.as_bytes()).err().map(|bad| bad.to_string()).unwrap_or_default();
    assert_eq!(told(r#"{ "questionnaire": "q.json", "cases": [] }"#), "has no cases");
    for (text, words) in [
        ("{", "[broken_json]"),
        (r#"{ "questionnaire": "q.json" }"#, "missing field `cases`"),
        (r#"{ "questionnaire": "q.json", "cases": [{ "name": "a", "anwsers": {} }] }"#, "unknown field `anwsers`"),
        (
            r#"{ "questionnaire": "q.json", "cases": [{ "name": "a", "expect": { "visble": [] } }] }"#,
            "unknown field `visble`",
        ),
        (
            r#"{ "questionnaire": "q.json", "cases": [{ "name": "a", "day": "2026-02-30" }] }"#,
            "a day is written YYYY-MM-DD",
        ),
        (r#"{ "questionnaire": "q.json", "cases": [{ "name": "a", "answers": { "b": 1.5 } }] }"#, ""),
        (r#"{ "questionnaire": "q.json", "cases": [{ "name": "a", "answers": { "b": 1, "b": 2 } }] }"#, ""),
    ] {
        let told = told(text);
        assert!(!told.is_empty() && (cfg!(target_arch = "wasm32") || told.contains(words)), "{text}: {told}");
    }
}

/// Items that may be passed over, and those that ask once more first.
#[test]
fn a_respondent_may_pass_over_what_may_be_passed_over() {
    let questionnaire = Arc::new(Questionnaire::parse(include_bytes!("../vectors/good/survey.json")).unwrap());
    let test = r#"{ "questionnaire": "", "cases": [{
        "name": "after being asked once more",
        "answers": { "safe": "little", "why": null, "age": 30 },
        "expect": { "visible": ["safe", "why", "intro", "age"], "cells": { "status of why": "no_answer", "item age": "young" } }
    }, {
        "name": "at once",
        "answers": { "safe": "yes_very", "age": 30, "party": null },
        "expect": { "visible": ["safe", "intro", "age", "party"], "cells": { "item party": "no_answer" } }
    }] }"#;
    let failed = FormTest::parse(test.as_bytes()).unwrap().run(&questionnaire);
    assert!(failed.iter().all(|outcome| outcome.failed.is_empty()), "{failed:?}");
}
