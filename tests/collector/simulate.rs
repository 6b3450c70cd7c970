//! `anxin simulate`: made-up respondents, the real session, the real tally.

use anxin::{questionnaire::Questionnaire, statistic::proportion::wilson, tally::Tally};
use serde_json::{Value, json};

use crate::site::anxin;

const SAFETY: &str = "www/instruments/safety.json";

fn simulate(file: &str, arguments: &[&str]) -> String {
    let output = anxin().args(["simulate", file]).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_same_seed_gives_the_same_people() {
    let run = |seed| simulate(SAFETY, &["--respondents", "300", "--seed", seed, "--json"]);
    assert_eq!(run("5"), run("5"));
    assert_ne!(run("5"), run("6"));
}

#[test]
fn the_sum_is_one_that_the_collector_would_take() {
    for file in std::fs::read_dir("www/instruments").unwrap() {
        let path = file.unwrap().path();
        let file = path.to_str().unwrap();
        let told: Value = serde_json::from_str(&simulate(file, &["-n", "50", "-s", "1", "--json"])).unwrap();
        let questionnaire = Questionnaire::parse(&std::fs::read(&path).unwrap()).unwrap();
        assert_eq!(told["hash"], questionnaire.hash);
        let tally: Tally = serde_json::from_value(json!({ "n": told["n"], "cells": told["cells"] })).unwrap();
        assert_eq!((tally.n, tally.check(&questionnaire.layout)), (50, Ok(())), "{file}");
        for indicator in told["indicators"].as_array().unwrap() {
            for base in ["all", "valid"] {
                let estimate = &indicator["estimates"][base];
                let want = wilson(estimate["x"].as_u64().unwrap(), estimate["n"].as_u64().unwrap()).unwrap();
                assert_eq!(estimate, &serde_json::to_value(want).unwrap(), "{file}: {indicator}");
            }
        }
        let counted = questionnaire.items.iter().filter(|item| !item.options.is_empty()).count();
        assert_eq!(told["items"].as_array().unwrap().len(), counted, "{file}");
    }
}

#[test]
fn people_read_tables() {
    let told = simulate("tests/vectors/good/survey.json", &["-n", "40", "-s", "2"]);
    for line in ["40 respondents, 37 cells", "item safe", "options of why", "joint age_safety", "mode"] {
        assert!(told.lines().any(|it| it == line), "{line}:\n{told}");
    }
    assert!(told.contains("young+positive"), "{told}");
    assert_eq!(told.matches(" – ").count(), 4, "two indicators, two bases:\n{told}");
}

#[test]
fn a_bad_file_is_told() {
    let output = anxin().args(["simulate", "tests/vectors/bad/key_missing.json"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("[key_missing]"));
}
