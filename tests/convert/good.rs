//! Good forms, and what becomes of them.

use std::fs;

use serde_json::{Value, json};

use crate::workbench::{SETTINGS, convert, good, survey};

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
            "is left out: the page says in its own words what is missing or out of bounds",
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

/// The first item of a survey.
fn first(rows: &str) -> Value {
    good(rows)["sections"][0]["items"][0].clone()
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

/// Whatever an author writes for it, an option that stands alone stands alone.
#[test]
fn an_option_stands_alone_in_many_words() {
    for constraint in [
        "not(selected(., 'none') and count-selected(.) > 1)",
        "if(selected(., 'none'), count-selected(.) = 1, true())",
        "count-selected(.) = 1 or not(selected(., 'none'))",
        "not(selected(., 'none')) or count-selected(.) < 2",
        "not(selected(., 'none') and (selected(., 'theft') or selected(., 'fraud') or selected(., 'noise')))",
        "count-selected(${a}) <= 1 or not(selected(${a}, 'none'))",
    ] {
        let item = first(&format!(
            "| | type | name | label | constraint |
             | | select_multiple what | a | A? | {constraint} |"
        ));
        let alone: Vec<bool> =
            item["options"].as_array().unwrap().iter().map(|option| option["exclusive"] == true).collect();
        assert_eq!(alone, [false, false, false, true], "{constraint}");
    }
}

#[test]
fn a_range_is_a_scale_or_a_number_in_bins() {
    let item = first(
        "| | type | name | label | parameters |
         | | range | a | A? | start=-2 end=2 step=2 |",
    );
    assert_eq!(item["type"], "rating");
    assert_eq!(item["options"][0], json!({ "id": "m2", "text": { "en": "-2" } }));
    assert_eq!(item["options"][2], json!({ "id": "p2", "text": { "en": "2" } }));
    let item = first(
        "| | type | name | label | parameters | anxin::bins |
         | | range | a | A? | start=16 end=120 | age |",
    );
    assert_eq!(item["type"], "integer");
    assert_eq!(item["bins"][2]["to"], 120);
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
        "| | type | name | label | appearance | guidance_hint | required_message |
         | | select_one safe | a | A? | minimal | Ask aloud | Please |",
    );
    let told = built.unwrap().warnings.to_string();
    assert_eq!(told.lines().count(), 3, "{told}");
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

#[test]
fn the_points_of_a_range_are_numbers() {
    let json = good(
        "| | type | name | label | parameters | relevant | # for us |
         | | range | a | A? | start=0 end=10 | | |
         | | | | | | | a row of remarks |
         | | note | b | B | | ${a} >= 9 | |
         | | note | c | C | | ${a} = 0 or ${a} = '' | |",
    );
    let items = &json["sections"][0]["items"];
    assert_eq!(items[1]["ask_if"], json!({ "op": "any_of", "item": "a", "options": ["p9", "p10"] }));
    assert_eq!(items[2]["ask_if"]["of"][0], json!({ "op": "any_of", "item": "a", "options": ["p0"] }));
}

/// Who lives in the north chooses among its towns, and is counted among them.
#[test]
fn a_choice_that_is_filtered_becomes_one_for_each_set_of_options() {
    let form = format!(
        "| survey |
| | type | name | label | required | relevant | choice_filter |
| | select_one region | region | Where? | yes | | |
| | select_one town | town | Which town? | yes | true() | region = ${{region}} or region = 'any' |
| | note | a | A | | ${{town}} = 'northtown' | |
| | note | b | B | | ${{town}} = 'both' or ${{town}} = '' | |
| choices |
| | list_name | name | label | region |
| | region | north | North | |
| | region | south | South | |
| | region | sea | At sea | |
| | town | northtown | Northtown | north |
| | town | northville | Northville | north |
| | town | southtown | Southtown | south |
| | town | both | Both | any |
| | town | boat | A boat | sea |
{SETTINGS}"
    );
    let built = convert("form.md", form.as_bytes()).unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(
        built.warnings.to_string(),
        "sheet survey, row 4, column G (choice_filter): becomes a question for each set of options: town_north, \
         town_south, town_sea [split]"
    );
    let json: Value = serde_json::from_str(&built.json).unwrap();
    let items = json["sections"][0]["items"].as_array().unwrap();
    let any = |item: &str, option: &str| json!({ "op": "any_of", "item": item, "options": [option] });
    let told: Vec<(&Value, Vec<&Value>, &Value)> = items[1..4]
        .iter()
        .map(|item| {
            let options = item["options"].as_array().unwrap().iter().map(|option| &option["id"]).collect();
            (&item["id"], options, &item["ask_if"])
        })
        .collect();
    let (north, south, sea) = (any("region", "north"), any("region", "south"), any("region", "sea"));
    assert_eq!(json!(told[0]), json!(["town_north", ["northtown", "northville", "both"], north]));
    assert_eq!(json!(told[1]), json!(["town_south", ["southtown", "both"], south]));
    assert_eq!(json!(told[2]), json!(["town_sea", ["both", "boat"], sea]));
    assert_eq!(items[4]["ask_if"], any("town_north", "northtown"));
    let both = |town: &str| any(town, "both");
    assert_eq!(
        items[5]["ask_if"]["of"][0],
        json!({ "op": "or", "of": [both("town_north"), both("town_south"), both("town_sea")] })
    );
}
