//! There and back gives the same bytes.

use std::{fs, io};

use anxin::{
    questionnaire::{Questionnaire, json::Json},
    xlsform,
};

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
