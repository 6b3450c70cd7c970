//! `anxin check` as a process: what it prints of a proof, and how it ends.

use std::process::Command;

use serde_json::Value;

fn check(arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_anxin")).arg("check").args(arguments).output().unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn tells_the_ways_and_the_lengths() {
    let (code, told) = check(&["--ways", "www/instruments/safety.json"]);
    assert_eq!(code, Some(0), "{told}");
    for line in ["  the longest way: 14 items, ", "  a report: 10374 bytes\n", "  resident: everybody\n"] {
        assert!(told.contains(line), "{line} in {told}");
    }
    assert!(told.contains("  walk_dark_if: resident = yes, age = age_16_25, walk_dark = never_out\n"), "{told}");
}

#[test]
fn tells_programs_the_same() {
    let (code, told) = check(&["--json", "www/instruments/anti_fraud.json"]);
    let reports: Value = serde_json::from_str(&told).unwrap();
    let (report, none) = (&reports[0], serde_json::json!([]));
    assert_eq!((code, &report["faults"], &report["warnings"]), (Some(0), &none, &none));
    let proof = &report["proof"];
    assert_eq!(proof["items"]["longest"], serde_json::json!({ "least": 20, "most": 20 }));
    assert_eq!(proof["ways"].as_array().unwrap().len(), 105);
    assert_eq!(proof["ways"][3]["drawn"], serde_json::json!(["q004"]));
    assert_eq!((&proof["cells"], &report["cells"]), (&2366.into(), &2366.into()));
    let points =
        serde_json::json!({ "max": 20, "scores": [[0, 20]], "exact": true, "worth": { "least": 20, "most": 20 } });
    assert_eq!(proof["points"], points);
}

#[test]
fn tells_the_scores_of_a_quiz() {
    let (code, told) = check(&["www/instruments/pingan_quiz.json"]);
    assert_eq!(code, Some(0));
    assert!(told.contains("\n  the score: 0 to 9 of 9\n"), "{told}");
}

/// A form is held to the same as the questionnaire that it becomes.
#[test]
fn takes_forms_of_every_kind() {
    let (_, json) = check(&["tests/convert/forms/neighbourhood.json"]);
    let (_, good) = json.split_once(": good: ").unwrap();
    for kind in ["xlsx", "xls", "csv", "md"] {
        let file = format!("tests/convert/forms/neighbourhood.{kind}");
        let (code, told) = check(&[&file]);
        assert_eq!(code, Some(0), "{told}");
        assert!(told.ends_with(&format!("{file}: good: {good}")), "{told}");
        assert!(
            told.contains(&format!("{file}:/header/purpose: the text is missing in en [untranslated] (a warning)"))
        );
    }
}

/// All that is wrong with a form, each with its cell, beside a good file.
#[test]
fn tells_the_faults_of_a_form_by_their_cells() {
    let form = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("faulty.md");
    std::fs::write(&form, "| survey |\n| | type | name |\n| | text | why |\n| | date | when |\n").unwrap();
    let form = form.to_str().unwrap();
    let files = [form, "www/instruments/safety.json", "no-such.xlsx"];
    let (code, told) = check(&files);
    assert_eq!(code, Some(1));
    let lines: Vec<&str> = told.lines().map(|line| line.trim_start_matches(form)).collect();
    assert_eq!(lines[0], ": there is no sheet `settings` [no_sheet]");
    assert!(lines[1].starts_with(": sheet survey, row 3, column B (type): `text` cannot be kept: "), "{told}");
    assert!(lines[2].starts_with(": sheet survey, row 4, column B (type): `date` cannot be kept: "), "{told}");
    assert!(told.contains("www/instruments/safety.json: good: "), "{told}");
    assert!(told.contains("no-such.xlsx:/: cannot be read: entity not found [unreadable]"), "{told}");
    let (code, told) = check(&["--json", form]);
    let reports: Value = serde_json::from_str(&told).unwrap();
    let fault = &reports[0]["faults"][1];
    assert_eq!((code, reports[0]["faults"].as_array().unwrap().len()), (Some(1), 3));
    assert_eq!((&fault["sheet"], &fault["row"], &fault["column"]), (&"survey".into(), &3.into(), &"B".into()));
    assert_eq!(fault["code"], "type_not_kept");
}

/// A fault makes it fail, a warning does not.
#[test]
fn a_fault_of_the_proof_fails_with_its_line() {
    let mut json: Value = serde_json::from_str(include_str!("../../www/instruments/safety.json")).unwrap();
    let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("proved.json");
    json["sections"][0]["title"].as_object_mut().unwrap().remove("en");
    std::fs::write(&file, format!("{json:#}")).unwrap();
    let (code, told) = check(&[file.to_str().unwrap()]);
    assert_eq!(code, Some(0));
    assert!(told.contains("/sections/0/title: the text is missing in en [untranslated] (a warning)"), "{told}");
    json["indicators"][0]["positive"] = serde_json::json!(["safe", "fairly_safe", "rather_unsafe", "unsafe"]);
    std::fs::write(&file, format!("{json:#}")).unwrap();
    let (code, told) = check(&[file.to_str().unwrap()]);
    assert_eq!(code, Some(1));
    let fault = told.lines().find(|line| line.contains("[always_positive]")).unwrap();
    assert!(fault.contains(":/indicators/0/positive: ") || fault.contains(": /indicators/0/positive: "), "{fault}");
    assert!(!told.contains(": good: "), "{told}");
}
