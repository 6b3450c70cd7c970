//! The shipped instruments: each parses, and means what the programme means.

use std::collections::BTreeSet;

use anxin::questionnaire::{
    Questionnaire,
    definition::{ItemType, Required},
};

#[test]
fn every_shipped_instrument_is_valid_and_complete_in_both_languages() {
    let mut seen = 0;
    for entry in std::fs::read_dir("www/instruments").unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        let questionnaire =
            Questionnaire::parse(&bytes).unwrap_or_else(|faults| panic!("{}:\n{faults}", path.display()));
        assert_eq!(questionnaire.definition.languages, ["zh-CN", "en"]);
        println!("{} {} items {} cells", path.display(), questionnaire.items.len(), questionnaire.layout.len());
        seen += 1;
    }
    assert!(seen >= 13);
}

/// Whoever cannot or will not say is not made to; and each has a number of its own, and is short but for the bank.
#[test]
fn every_question_may_be_left_open_and_every_form_is_short() {
    let mut numbers = BTreeSet::new();
    for entry in std::fs::read_dir("www/instruments").unwrap() {
        let path = entry.unwrap().path();
        let questionnaire = Questionnaire::parse(&std::fs::read(&path).unwrap()).unwrap();
        for item in &questionnaire.items {
            let it = &item.definition;
            let open = it.dont_know || it.refuse || it.kind == ItemType::Statement;
            assert!(open, "{}: {} asks for an answer", path.display(), it.id);
            assert!(it.required == Required::Required, "{}: {} is passed over in silence", path.display(), it.id);
        }
        let table_number = questionnaire.definition.header.table_number.get("zh-CN").unwrap().to_owned();
        assert!(numbers.insert(table_number), "{}: its number is another's, too", path.display());
        let asked = questionnaire.cover("en", questionnaire.valid_from).items;
        assert!((5..=20).contains(&asked), "{}: asks {asked} questions", path.display());
    }
}
