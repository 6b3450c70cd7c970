//! Good forms, and what becomes of them.

use std::fs;

use serde_json::{Value, json};

use crate::workbench::{SETTINGS, convert, first, good, survey};

#[test]
fn a_choice_of_one() {
    let json = good(
        "| | type | name | label | hint | required |
         | | select_one safe | overall | How safe? | Think of today | yes |",
    );
    assert_eq!(
        json["sections"],
        json!([{
            "id": "main",
            "title": { "en": "Form" },
            "items": [{
                "id": "overall",
                "type": "single",
                "text": { "en": "How safe?" },
                "help": { "en": "Think of today" },
                "options": [
                    { "id": "very", "text": { "en": "Very safe" } },
                    { "id": "fairly", "text": { "en": "Fairly safe" } },
                    { "id": "not", "text": { "en": "Not safe" } }
                ]
            }]
        }])
    );
}

/// Written by openpyxl, by xlwt, and kept as text: see `forms/make.py`.
#[test]
fn one_form_in_every_kind_of_file_is_one_questionnaire() {
    let want = fs::read_to_string("tests/convert/forms/neighbourhood.json").unwrap();
    let mut warnings = Vec::new();
    for kind in ["xlsx", "xls", "csv", "md"] {
        let bytes = fs::read(format!("tests/convert/forms/neighbourhood.{kind}")).unwrap();
        let built =
            convert(&format!("neighbourhood.{kind}"), &bytes).unwrap_or_else(|faults| panic!("{kind}: {faults}"));
        assert_eq!(built.json, want, "{kind}");
        warnings.push(built.warnings.0.iter().map(|fault| (fault.code, fault.message.clone())).collect::<Vec<_>>());
    }
    assert!(warnings.windows(2).all(|two| two[0] == two[1]));
    let told: Vec<&str> = warnings[0].iter().map(|(_, message)| message.as_str()).collect();
    assert_eq!(
        told,
        [
            "`请重选` is left out: the page says in its own words what is out of bounds",
            "is left out: `seed`: every respondent has an order of their own, which stays the same for them",
            "is left out: a text is read and gone on from; that it was read is not counted",
        ]
    );
}

#[test]
fn a_kind_of_file_is_told_by_its_bytes() {
    let bytes = fs::read("tests/convert/forms/neighbourhood.xlsx").unwrap();
    assert!(convert("neighbourhood.xls", &bytes).is_ok());
    let bytes = fs::read("tests/convert/forms/neighbourhood.xls").unwrap();
    assert!(convert("neighbourhood.xlsx", &bytes).is_ok());
}

#[test]
fn required_is_yes_no_or_soft() {
    for (cell, soft, want) in [
        ("yes", "", json!(null)),
        ("TRUE", "", json!(null)),
        ("true()", "", json!(null)),
        ("", "", json!("optional")),
        ("no", "", json!("optional")),
        ("false()", "", json!("optional")),
        ("", "soft", json!("soft")),
    ] {
        let item = first(&format!(
            "| | type | name | label | required | anxin::required |
             | | select_one safe | a | A? | {cell} | {soft} |"
        ));
        assert_eq!(item.get("required").cloned().unwrap_or_default(), want, "{cell} {soft}");
    }
}

/// What stands alone in a constraint, a bound that is wider than the bins: nothing is lost.
#[test]
fn a_constraint_may_be_wider_than_the_bins() {
    let item = first(
        "| | type | name | label | constraint | anxin::bins |
         | | integer | a | A? | . > 0 and . < 150 | age |",
    );
    assert_eq!(item["bins"][0]["from"], 16);
}

#[test]
fn a_quiz_has_keys_points_reasons_and_topics() {
    let form = "
| survey |
| | type | name | label | required | anxin::key | anxin::points | anxin::explanation | anxin::topic | anxin::source | anxin::review |
| | select_one yes_no | a | A? | yes | no | 2 | Because | law | L1 | needed |
| choices |
| | list_name | name | label |
| | yes_no | yes | True |
| | yes_no | no | False |
| | subjects | law | Law |
| settings |
| | form_title | form_id | version | default_language | anxin::table_number | anxin::issued_by | anxin::approval_number | anxin::valid_from | anxin::valid_until | anxin::purpose | anxin::organiser | anxin::contact | anxin::retention | anxin::feedback | anxin::draw | anxin::pass_percent | anxin::score_bands | anxin::topics |
| | Quiz | quiz | 1 | en | 1 | A | B | 2026-01-01 | 2027-12-31 | C | D | E | F | each | 1 | 60 | 0 1 | subjects |
";
    let built = convert("quiz.md", form.as_bytes()).unwrap_or_else(|faults| panic!("{faults}"));
    let json: Value = serde_json::from_str(&built.json).unwrap();
    assert_eq!(
        json["quiz"],
        json!({
            "draw": 1, "pass_percent": 60, "feedback": "each", "score_bands": [0, 1],
            "topics": [{ "id": "law", "title": { "en": "Law" } }]
        })
    );
    let item = &json["sections"][0]["items"][0];
    assert_eq!(item["key"], json!(["no"]));
    assert_eq!((&item["points"], &item["topic"], &item["source"]), (&json!(2), &json!("law"), &json!("L1")));
}

/// A faulty form tells what is left out as well as what is wrong only once it is good.
#[test]
fn what_is_left_out_is_told() {
    let built = survey(
        "| | type | name | label | appearance | guidance_hint | required_message | required_message::中文 (zh-CN) |
         | | select_one safe | a | A? | minimal | Ask aloud | Please | 请答 |",
    );
    let told = built.unwrap().warnings.to_string();
    assert_eq!(told.lines().count(), 4, "{told}");
    // Each language by its own cell.
    for (column, words) in [("G (required_message)", "Please"), ("H (required_message::中文 (zh-CN))", "请答")] {
        let want = format!("column {column}: `{words}` is left out: the page says in its own words what is missing");
        assert!(told.contains(&want), "{told}");
    }
}

/// The default language comes first, the others as the headings name them; a column without one is in the default.
#[test]
fn languages_are_told_by_headings() {
    let form = |label: &str, default: &str| {
        let settings = SETTINGS.replace("English (en)", default);
        format!(
            "| survey |\n| | type | name | label::Deutsch (de) | {label} |\n| | note | a | Eins | One |\n{settings}"
        )
    };
    for (label, default, want) in [
        ("label::English (en)", "English (en)", json!(["en", "de"])),
        ("label::English (en)", "en", json!(["en", "de"])),
        ("label::English (en)", "Deutsch", json!(["de", "en"])),
        ("label::English (en)", "", json!(["de", "en"])),
        ("label", "English (en)", json!(["en", "de"])),
    ] {
        let built = convert("form.md", form(label, default).as_bytes()).unwrap_or_else(|faults| panic!("{faults}"));
        let json: Value = serde_json::from_str(&built.json).unwrap();
        assert_eq!(json["languages"], want, "{label} {default}");
        assert_eq!(json["sections"][0]["items"][0]["text"], json!({ "de": "Eins", "en": "One" }));
    }
}
