//! `anxin test`: questionnaires held to their tests, as a process.

use std::{fs, path::Path, process::Output};

use serde_json::Value;

use crate::site::{Site, anxin};

fn test(arguments: &[&str]) -> Output {
    anxin().arg("test").args(arguments).output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn the_shipped_instruments_pass() {
    let mut files: Vec<String> = fs::read_dir("tests/instruments")
        .unwrap()
        .map(|entry| entry.unwrap().path().to_str().unwrap().to_owned())
        .collect();
    files.sort();
    let output = test(&files.iter().map(String::as_str).collect::<Vec<_>>());
    let told = stdout(&output);
    assert!(output.status.success(), "{told}");
    assert!(told.lines().count() == files.len() && told.lines().all(|line| line.contains(": good: ")), "{told}");
}

#[test]
fn what_fails_is_told_and_the_others_are_run() {
    let site = Site::new();
    let folder = site.data().with_file_name("tests");
    fs::create_dir_all(&folder).unwrap();
    let file = |name: &str, text: &str| {
        fs::write(folder.join(name), text).unwrap();
        folder.join(name).to_str().unwrap().to_owned()
    };
    let here = |path: &str| Path::new(env!("CARGO_MANIFEST_DIR")).join(path).to_str().unwrap().to_owned();
    let safety = here("www/instruments/safety.json");
    let case = |name: &str, expect: &str| {
        format!(r#"{{ "name": "{name}", "answers": {{ "resident": "no" }}, "expect": {expect} }}"#)
    };
    let tests = |questionnaire: &str, cases: &[String]| {
        format!(r#"{{ "questionnaire": "{questionnaire}", "cases": [{}] }}"#, cases.join(", "))
    };
    let bad =
        file("bad.test.json", &tests(&safety, &[case("one", "{}"), case("two", r#"{ "score": 1, "ended": false }"#)]));
    let form = file(
        "form.test.json",
        &tests(&here("tests/convert/forms/neighbourhood.md"), &[r#"{ "name": "all", "others": "first" }"#.into()]),
    );
    let faulty = file("faulty.test.json", &tests(&here("tests/vectors/bad/key_missing.json"), &[case("one", "{}")]));
    let (gone, broken) =
        (file("gone.test.json", &tests("no.json", &[case("one", "{}")])), file("broken.test.json", "{"));
    let output = test(&[&bad, &form, &faulty, &gone, &broken, "no/such.test.json"]);
    assert_eq!(output.status.code(), Some(1));
    let told = stdout(&output);
    for words in [
        "bad.test.json: case “two”: ended: expected no end, got the end\n",
        "bad.test.json: case “two”: score: expected 1, got none\n",
        "bad.test.json: 1 of 2 cases not as expected\n",
        "form.test.json: good: 1 case\n",
        "[key_missing]\n",
        "gone.test.json: ",
        "broken.test.json: ",
        "no/such.test.json: cannot be read",
    ] {
        assert!(told.contains(words), "{words}: {told}");
    }
    let told: Value = serde_json::from_str(&stdout(&test(&["--json", &bad, &form]))).unwrap();
    assert_eq!(told[0]["cases"][1]["failed"][1]["got"], "none", "{told}");
    assert_eq!(told[1]["cases"][0]["failed"], Value::Array(Vec::new()), "{told}");
}

#[test]
fn help_shows_how_a_test_is_written() {
    let told = stdout(&test(&["--help"]));
    for words in ["\"cases\": [ {", "not_visible", "out_of_range"] {
        assert!(told.contains(words), "{words}: {told}");
    }
}
