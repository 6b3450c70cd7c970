//! There and back gives the same bytes.

use std::{fs, io};

use anxin::{
    questionnaire::{Questionnaire, json::Json},
    xlsform,
};
use proptest::prelude::*;

use crate::shared::{Sample, author, tape::Tape};

fn canonical(bytes: &[u8]) -> String {
    Json::parse(bytes).unwrap().canonical()
}

/// To a form of each kind and back.
fn there_and_back(bytes: &[u8]) {
    let form = xlsform::express(bytes).unwrap();
    let files = [
        ("form.xlsx", Some(xlsform::xlsx(&form).unwrap())),
        ("form.csv", Some(xlsform::csv(&form).into_bytes())),
        ("form.md", xlsform::markdown(&form).map(String::into_bytes)),
    ];
    for (name, file) in files.into_iter().filter_map(|(name, file)| Some((name, file?))) {
        let read = xlsform::workbook(name, &file).unwrap();
        let none = |_: &str| Err(io::ErrorKind::NotFound.into());
        let built = xlsform::build(&read, &none).unwrap_or_else(|faults| panic!("{name}: {faults}"));
        assert_eq!(built.warnings.to_string(), "", "{name}");
        assert_eq!(canonical(built.json.as_bytes()), canonical(bytes), "{name}");
        assert_eq!(built.questionnaire.hash, Questionnaire::parse(bytes).unwrap().hash);
        // And once more: the form of what came back is the form.
        assert_eq!(xlsform::express(built.json.as_bytes()).unwrap(), form, "{name}");
    }
}

#[test]
fn every_shipped_instrument() {
    for entry in fs::read_dir("www/instruments").unwrap() {
        there_and_back(&fs::read(entry.unwrap().path()).unwrap());
    }
}

/// What other people's libraries wrote is written by ours, and is the same.
#[test]
fn a_form_that_was_made_elsewhere() {
    there_and_back(&fs::read("tests/convert/forms/neighbourhood.json").unwrap());
}

#[test]
fn questionnaires_drawn_at_random() {
    for number in 0..120 {
        there_and_back(Sample::numbered(number).json.to_string().as_bytes());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn questionnaires_drawn_by_proptest(choices in proptest::collection::vec(any::<u32>(), 0..2_000)) {
        let sample = Sample::draw(&mut Tape::new(choices), &author::USUAL);
        there_and_back(sample.json.to_string().as_bytes());
    }
}
