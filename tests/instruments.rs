//! The shipped instruments: each parses, and means what the programme means.

use anxin::questionnaire::Questionnaire;

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
    assert!(seen >= 3);
}
