//! Good files are read and bad ones refused, with the same faults at the same places in every world.

use std::collections::BTreeMap;

use anxin::questionnaire::Questionnaire;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

macro_rules! files {
    ($directory:literal: $($name:literal)*) => {
        [$(($name, include_str!(concat!("../vectors/", $directory, "/", $name, ".json")))),*]
    };
}

const GOOD: [(&str, &str); 3] = files!("good": "quiz" "survey" "untranslated");

const BAD: [(&str, &str); 22] = files!("bad":
    "broken_json" "broken_json_after_chinese" "circle" "cut_short" "draw_too_large" "duplicate_id" "duplicate_key"
    "everything_at_once" "key_missing" "later_item" "missing_field" "number_not_whole" "over_limits" "several_shapes"
    "text_missing" "too_many_cells" "uneven_pass" "unknown_field" "unknown_item" "unknown_option" "unreachable" "wrong_kind"
);

/// Place and code of every fault of every bad file, as `anxin check` tells them
/// (`FILE:LINE:COLUMN: PLACE: MESSAGE [CODE]`).
fn expected() -> BTreeMap<&'static str, Vec<(String, String)>> {
    let mut expected: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for line in include_str!("../vectors/bad/faults.txt").lines() {
        let (file, rest) = line.split_once(".json:").unwrap();
        let at = rest.splitn(3, ':').nth(2).and_then(|rest| rest.trim_start().split_once(": ")).unwrap().0;
        let code = line.rsplit_once('[').unwrap().1.trim_end_matches(']');
        let at = if at == "/" { "" } else { at };
        expected.entry(file).or_default().push((at.to_owned(), code.to_owned()));
    }
    expected
}

#[test]
fn good_files_are_read() {
    for (name, text) in GOOD {
        let questionnaire = Questionnaire::parse(text.as_bytes());
        assert!(questionnaire.is_ok(), "{name}: {:?}", questionnaire.err());
    }
}

#[test]
fn bad_files_are_refused_with_every_fault_at_its_place() {
    let expected = expected();
    assert_eq!(expected.len(), BAD.len(), "every bad file has its line in faults.txt");
    for (name, text) in BAD {
        let faults = Questionnaire::parse(text.as_bytes()).unwrap_err().0;
        let mut got: Vec<_> = faults.iter().map(|fault| (fault.at.clone(), fault.code.to_owned())).collect();
        let mut want = expected[name].clone();
        got.sort();
        want.sort();
        assert_eq!(got, want, "{name}");
        // A phone is spared the sentences; only what breaks a file is told there too.
        let told = faults.iter().all(|fault| !fault.message.is_empty());
        assert!(told || cfg!(target_arch = "wasm32"), "{name}: {faults:?}");
    }
}

#[cfg(not(target_arch = "wasm32"))]
#[test]
fn every_vector_is_in_the_list() {
    for (directory, listed) in [("good", GOOD.len()), ("bad", BAD.len())] {
        let path = format!("{}/tests/vectors/{directory}", env!("CARGO_MANIFEST_DIR"));
        let files = std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
        assert_eq!(files.filter(|path| path.extension().is_some_and(|it| it == "json")).count(), listed, "{directory}");
    }
}
