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
    for line in ["  the longest way: 14 items, ", "  a report: 10150 bytes\n", "  resident: everybody\n"] {
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
