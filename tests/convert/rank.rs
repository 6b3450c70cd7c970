//! `rank`: a choice of one for each place, and what is chosen is gone.

use std::collections::BTreeSet;

use anxin::xlsform::Built;
use serde_json::{Value, json};

use crate::workbench::{SETTINGS, convert, survey};

/// A rank of the first so many of nine options, with what stands in `anxin::places`.
fn ranked(options: usize, places: &str) -> Result<Built, anxin::xlsform::Faults> {
    let choices: String = (1..=options).map(|number| format!("| | what | o{number} | Option {number} |\n")).collect();
    let form = format!(
        "| survey |\n| | type | name | label | required | anxin::places |\n\
         | | rank what | worst | Which is worst? | yes | {places} |\n\
         | choices |\n| | list_name | name | label |\n{choices}{SETTINGS}"
    );
    convert("form.md", form.as_bytes())
}

fn items(built: &Built) -> Vec<Value> {
    let json: Value = serde_json::from_str(&built.json).unwrap();
    json["sections"][0]["items"].as_array().unwrap().clone()
}

#[test]
fn a_place_is_a_choice_of_what_is_left() {
    let built = survey(
        "| | type | name | label | label::中文 (zh-CN) | label::Deutsch (de) | required | parameters | anxin::special |
         | | rank safe | worst | Which? | 哪个？ | Was? | yes | randomize=true seed=7 | refused |
         | | note | end | End | 完 | Ende | | | |",
    );
    // The list has no words in the other languages: what is told is the options', not the rank's.
    let built = built.unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(
        built.warnings.to_string(),
        "sheet survey, row 3, column B (type): becomes a question for each place and each set of options that may be \
         left, 4 in all: worst_1, worst_2_very, … [split]\n\
         sheet survey, row 3, column H (parameters): is left out: `seed`: every respondent has an order of their own, \
         which stays the same for them [left_out]"
    );
    let any = |item: &str, option: &str| json!({ "op": "any_of", "item": item, "options": [option] });
    let told: Vec<Value> = items(&built)[..4]
        .iter()
        .map(|item| {
            let options: Vec<&Value> = item["options"].as_array().unwrap().iter().map(|it| &it["id"]).collect();
            assert_eq!(
                (&item["type"], &item["order"], &item["refuse"]),
                (&json!("single"), &json!("shuffled"), &json!(true))
            );
            json!([item["id"], options, item["ask_if"]])
        })
        .collect();
    assert_eq!(
        json!(told),
        json!([
            ["worst_1", ["very", "fairly", "not"], null],
            ["worst_2_very", ["fairly", "not"], any("worst_1", "very")],
            ["worst_2_fairly", ["very", "not"], any("worst_1", "fairly")],
            ["worst_2_not", ["very", "fairly"], any("worst_1", "not")],
        ])
    );
    let text = &items(&built)[1]["text"];
    assert_eq!(*text, json!({ "en": "Which? (second place)", "zh-CN": "哪个？（第二位）", "de": "Was? (2)" }));
}

/// Whatever is chosen first, second, …: the next question offers just what was not chosen, and is the only one.
#[test]
fn every_order_is_asked_through() {
    for (options, places) in [(3, ""), (4, ""), (5, ""), (6, ""), (6, "3"), (7, "4"), (10, "3")] {
        let built = ranked(options, places).unwrap_or_else(|faults| panic!("{faults}"));
        let items = items(&built);
        let asked = places.parse().unwrap_or(options).min(options - 1);
        let mut orders: Vec<Vec<String>> = vec![Vec::new()];
        for place in 1..=asked {
            orders = orders
                .into_iter()
                .flat_map(|order| {
                    let open: Vec<&Value> = items.iter().filter(|item| open(item, &items, &order, place)).collect();
                    assert_eq!(open.len(), 1, "{order:?}");
                    let left: BTreeSet<String> = names(open[0]);
                    assert!(left.len() == options - place + 1 && order.iter().all(|it| !left.contains(it)));
                    left.into_iter().map(move |next| [&order[..], &[next]].concat())
                })
                .collect();
        }
        let ways: usize = (options - asked + 1..=options).product();
        assert_eq!(orders.len(), ways);
    }
}

fn names(item: &Value) -> BTreeSet<String> {
    item["options"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap().to_owned()).collect()
}

/// Whether an item of this place is asked of who chose so before.
fn open(item: &Value, items: &[Value], order: &[String], place: usize) -> bool {
    let id = item["id"].as_str().unwrap();
    let of_place = |id: &str, place: usize| id.split('_').nth(1) == Some(&place.to_string());
    let holds = |any: &Value| {
        let before = items.iter().find(|it| it["id"] == any["item"]).unwrap();
        order.last().is_some_and(|last| any["options"] == json!([last]))
            && open(before, items, &order[..order.len() - 1], place - 1)
    };
    of_place(id, place)
        && match &item["ask_if"] {
            Value::Null => true,
            or if or["op"] == "or" => or["of"].as_array().unwrap().iter().any(holds),
            any => holds(any),
        }
}

#[test]
fn places_can_be_named() {
    let built = survey(
        "| | type | name | label | required | relevant | calculation | anxin::indicator |
         | | rank what | worst | Which? | yes | | | |
         | | note | a | A | | ${worst_1} = 'theft' | | |
         | | note | b | B | | ${worst_2} = 'theft' | | |
         | | calculate | first | Theft is worst | | | ${worst_1} = 'theft' | all |",
    );
    let items = items(&built.unwrap_or_else(|faults| panic!("{faults}")));
    let any = |item: &str| json!({ "op": "any_of", "item": item, "options": ["theft"] });
    let [.., a, b] = &items[..] else { panic!() };
    assert_eq!(a["ask_if"], any("worst_1"));
    assert_eq!(
        b["ask_if"],
        json!({ "op": "or", "of": [any("worst_2_fraud"), any("worst_2_noise"), any("worst_2_none")] })
    );
}

/// Names that would be too long or the same twice end with numbers.
#[test]
fn names_stay_names() {
    let form = |first: &str| {
        format!(
            "| survey |\n| | type | name | label | anxin::places |\n| | rank what | worst | Which? | 3 |\n\
             | choices |\n| | list_name | name | label |\n| | what | {first} | A |\n| | what | b | B |\n\
             | | what | b_c | C |\n| | what | a_b | D |\n| | what | c | E |\n{SETTINGS}"
        )
    };
    for first in ["a", "a_name_of_an_option_that_goes_on_for_ever"] {
        let built = convert("form.md", form(&first[..first.len().min(40)]).as_bytes());
        let items = items(&built.unwrap_or_else(|faults| panic!("{faults}")));
        assert!(items.iter().any(|item| item["id"] == "worst_3_1_3"), "{first}");
    }
}

#[test]
fn a_rank_that_is_too_long_is_refused_with_what_to_use_instead() {
    for (options, places, want) in [
        (
            7,
            "",
            "7 places of 7 options are more than 64 questions, one for each place and each set of options that may be \
             left: write 4 or fewer into anxin::places, or ask with `select_multiple` for the few that matter \
             [rank_too_long]",
        ),
        (
            40,
            "3",
            "3 places of 40 options are more than 64 questions, one for each place and each set of options that \
             may be left: write 2 or fewer into anxin::places, or ask with `select_multiple` for the few that matter \
             [rank_too_long]",
        ),
        (3, "4", "of 3 options 1 to 3 can have places [bad_places]"),
        (3, "0", "of 3 options 1 to 3 can have places [bad_places]"),
    ] {
        let told = ranked(options, places).unwrap_err().to_string();
        assert_eq!(told, format!("sheet survey, row 3, column F (anxin::places): {want}"));
    }
}
