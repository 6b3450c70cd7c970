//! `anxin check`: every fault of every file, with its place.

use std::{collections::BTreeSet, fs, process::Output};

use serde_json::Value;

use crate::site::{Site, anxin};

/// Set, the file with what is expected is written anew; read the difference before it is kept.
const BLESS: &str = "ANXIN_BLESS";

fn vectors(directory: &str) -> Vec<String> {
    let entries = fs::read_dir(format!("tests/vectors/{directory}")).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| name.ends_with(".json")).collect();
    names.sort();
    names
}

fn check(directory: &str, arguments: &[String]) -> Output {
    anxin().arg("check").args(arguments).current_dir(format!("tests/vectors/{directory}")).output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn tells_all_faults_of_all_bad_files() {
    let output = check("bad", &vectors("bad"));
    assert_eq!(output.status.code(), Some(1));
    let (got, golden) = (stdout(&output), "tests/vectors/bad/faults.txt");
    if std::env::var_os(BLESS).is_some() {
        fs::write(golden, &got).unwrap();
    }
    let want = fs::read_to_string(golden).unwrap();
    for (got, want) in got.lines().zip(want.lines()) {
        assert_eq!(got, want, "if this is meant: {BLESS}=1 cargo test --test collector check");
    }
    assert_eq!(got.lines().count(), want.lines().count());
}

/// What every author should be told, whatever the words: file, code, place.
#[test]
fn tells_each_kind_of_fault_at_its_place() {
    let reports = json(&vectors("bad"));
    for (file, code, at) in [
        ("broken_json", "broken_json", ""),
        ("cut_short", "broken_json", ""),
        ("duplicate_key", "broken_json", ""),
        ("unknown_field", "unknown_field", "/sections/0/items/0/colour"),
        ("missing_field", "missing_field", "/header"),
        ("missing_field", "missing_field", "/indicators/0"),
        ("wrong_kind", "wrong_kind", "/format"),
        ("wrong_kind", "unknown_value", "/sections/0/items/0/order"),
        ("duplicate_id", "duplicate_id", "/sections/1/items/0/id"),
        ("duplicate_id", "duplicate_id", "/sections/0/items/1/options/1/id"),
        ("unknown_item", "unknown_item", "/sections/0/items/1/ask_if/item"),
        ("unknown_item", "unknown_item", "/indicators/0/item"),
        ("unknown_item", "unknown_item", "/joints/0/of/0"),
        ("later_item", "cyclic_routing", "/sections/0/items/0/ask_if/item"),
        ("circle", "cyclic_routing", "/sections/0/items/0/ask_if/item"),
        ("unreachable", "unreachable", "/sections/1/items/2"),
        ("unknown_option", "unknown_option", "/sections/0/items/1/ask_if/options/0"),
        ("unknown_option", "unknown_option", "/indicators/0/positive/0"),
        ("key_missing", "key_missing", "/sections/0/items/0"),
        ("draw_too_large", "draw_too_large", "/quiz/draw"),
        ("over_limits", "over_limit", "/sections"),
        ("over_limits", "over_limit", "/sections/0/items/1/options"),
        ("over_limits", "text_too_long", "/title/en"),
        ("too_many_cells", "over_limit", ""),
        ("text_missing", "text_missing", "/title"),
    ] {
        let report = reports.iter().find(|report| report["file"] == format!("{file}.json")).unwrap();
        let told = |fault: &Value| fault["code"] == code && fault["at"] == at;
        assert!(report["faults"].as_array().unwrap().iter().any(told), "{file}: no {code} at {at:?} in {report:#}");
    }
    for report in &reports {
        assert_eq!(report.get("hash"), None);
        for fault in report["faults"].as_array().unwrap() {
            assert!(fault["line"].as_u64().unwrap() > 0 && fault["column"].as_u64().unwrap() > 0, "{fault}");
        }
    }
    let all = reports.iter().find(|report| report["file"] == "everything_at_once.json").unwrap();
    let codes: BTreeSet<&str> =
        all["faults"].as_array().unwrap().iter().map(|fault| fault["code"].as_str().unwrap()).collect();
    assert!(codes.len() >= 8, "one run tells them all: {codes:?}");
}

fn json(files: &[String]) -> Vec<Value> {
    let output = check("bad", &[&["--json".to_owned()], files].concat());
    assert_eq!(output.status.code(), Some(1));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Good vectors in a folder of their own. One asks for three of two answers that can be given together, which a parser
/// cannot see; mended, it asks for two.
fn mended(site: &Site) {
    fs::create_dir_all(site.data()).unwrap();
    for name in vectors("good") {
        let text = fs::read_to_string(format!("tests/vectors/good/{name}")).unwrap();
        fs::write(site.data().join(name), text.replace("\"min\": 3}}", "\"min\": 2}}")).unwrap();
    }
}

fn check_in(site: &Site, files: &[String]) -> Output {
    anxin().arg("check").args(files).current_dir(site.data()).output().unwrap()
}

#[test]
fn proves_what_parsing_does_not_see() {
    let output = check("good", &["survey.json".to_owned()]);
    let told = stdout(&output);
    assert_eq!(output.status.code(), Some(1), "{told}");
    let fault = "survey.json:58:7: /sections/1/ask_if: the condition holds for everybody who gets here [always_true]";
    assert_eq!(told.lines().collect::<Vec<_>>(), [fault]);
}

#[test]
fn sums_up_good_files_and_warns() {
    let site = Site::new();
    mended(&site);
    let output = check_in(&site, &vectors("good"));
    let told = stdout(&output);
    assert_eq!(output.status.code(), Some(0), "{told}");
    assert!(told.contains("survey.json: good: small 1, 5 items, 37 cells, "), "{told}");
    assert!(told.contains("untranslated.json:6:3: /title: the text is missing in en [untranslated]"), "{told}");
    assert_eq!(told.matches("[untranslated]").count(), 2, "{told}");
}

#[test]
fn one_bad_file_among_good_ones_is_a_failure() {
    let files = ["survey.json", "no-such.json", "quiz.json"].map(str::to_owned);
    let site = Site::new();
    mended(&site);
    let output = check_in(&site, &files);
    let told = stdout(&output);
    assert_eq!(output.status.code(), Some(1));
    assert!(told.contains("no-such.json:/: cannot be read"), "{told}");
    assert_eq!(told.matches(": good: ").count(), 2, "{told}");
}

#[test]
fn the_shipped_instruments_are_good() {
    let files: Vec<_> = fs::read_dir("www/instruments").unwrap().map(|entry| entry.unwrap().path()).collect();
    let output = anxin().arg("check").args(&files).output().unwrap();
    let told = stdout(&output);
    assert_eq!((output.status.code(), told.matches(": good: ").count()), (Some(0), files.len()), "{told}");
    assert!(!told.contains("(a warning)"), "{told}");
}
