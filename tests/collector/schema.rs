//! `anxin schema`: what is published is what is read.

use std::fs;

use serde_json::Value;

use crate::site::{Site, anxin};

const GOLDEN: &str = "tests/vectors/questionnaire.schema.json";

fn schema() -> String {
    String::from_utf8(anxin().arg("schema").output().unwrap().stdout).unwrap()
}

fn value(path: &str) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

#[test]
fn changes_only_on_purpose() {
    if std::env::var_os("ANXIN_BLESS").is_some() {
        fs::write(GOLDEN, schema()).unwrap();
    }
    assert!(
        schema() == fs::read_to_string(GOLDEN).unwrap(),
        "if this is meant: ANXIN_BLESS=1 cargo test --test collector schema"
    );
    let site = Site::new();
    assert_eq!(site.start().get("/schema.json").text(), schema());
}

#[test]
fn takes_what_the_program_takes() {
    let validator = jsonschema::validator_for(&serde_json::from_str(&schema()).unwrap()).unwrap();
    for directory in ["www/instruments", "tests/vectors/good"] {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            let faults: Vec<String> =
                validator.iter_errors(&value(path.to_str().unwrap())).map(|it| it.to_string()).collect();
            assert!(faults.is_empty(), "{}: {faults:#?}", path.display());
        }
    }
}

/// Shapes only: what an id refers to, and the limits, are beyond a schema.
#[test]
fn refuses_what_has_another_shape() {
    let validator = jsonschema::validator_for(&serde_json::from_str(&schema()).unwrap()).unwrap();
    for file in ["unknown_field", "missing_field", "wrong_kind", "number_not_whole", "several_shapes"] {
        assert!(!validator.is_valid(&value(&format!("tests/vectors/bad/{file}.json"))), "{file}");
    }
    let good = value("tests/vectors/good/survey.json");
    for (pointer, bad) in [
        ("/indicators/0/base", Value::Null),
        ("/sections/0/items/1/ask_if/op", "nand".into()),
        ("/sections/0/items/1/ask_if", Value::Null),
        ("/title", "a text without a language".into()),
        ("/sections", Value::Object(Default::default())),
    ] {
        let mut spoilt = good.clone();
        *spoilt.pointer_mut(pointer).unwrap() = bad;
        assert!(!validator.is_valid(&spoilt), "{pointer}");
    }
}
