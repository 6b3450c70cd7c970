//! Groups within groups: sections do not nest, and nothing is lost.

use serde_json::{Value, json};

use crate::workbench::{good, survey};

/// The sections: name, heading, condition, items.
fn sections(json: &Value) -> Vec<(&str, &str, &Value, Vec<&str>)> {
    let sections = json["sections"].as_array().unwrap().iter();
    let told = sections.map(|section| {
        let items = section["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap());
        (section["id"].as_str().unwrap(), section["title"]["en"].as_str().unwrap(), &section["ask_if"], items.collect())
    });
    told.collect()
}

/// Asked in the order of the rows, and only if every group around says so.
#[test]
fn a_group_within_a_group_is_asked_if_both_are() {
    let json = good(
        "| | type | name | label | required | relevant |
         | | select_one yes_no | a | A? | yes | |
         | | select_one yes_no | b | B? | yes | |
         | | begin_group | outer | Outer | | ${a} = 'yes' |
         | | note | one | One | | |
         | | begin_group | inner | | | ${b} = 'yes' |
         | | note | two | Two | | |
         | | begin_group | innermost | Innermost | | |
         | | note | three | Three | | |
         | | end_group | | | | |
         | | end_group | | | | |
         | | note | four | Four | | |
         | | end_group | | | | |
         | | note | five | Five | | |",
    );
    let any = |item: &str| json!({ "op": "any_of", "item": item, "options": ["yes"] });
    let both = json!({ "op": "and", "of": [any("a"), any("b")] });
    assert_eq!(
        sections(&json),
        [
            ("main", "Form", &Value::Null, vec!["a", "b"]),
            ("outer", "Outer", &any("a"), vec!["one"]),
            ("inner", "Outer", &both, vec!["two"]),
            ("innermost", "Innermost", &both, vec!["three"]),
            ("outer_2", "Outer", &any("a"), vec!["four"]),
            ("main_2", "Form", &Value::Null, vec!["five"]),
        ]
    );
}

/// A group that holds groups alone asks nothing itself; what goes on of it has a name that no group has.
#[test]
fn a_group_of_groups_is_no_section() {
    let json = good(
        "| | type | name | label |
         | | begin_group | outer | Outer |
         | | begin_group | outer_2 | Second |
         | | note | one | One |
         | | end_group | | |
         | | note | two | Two |
         | | begin_group | main | Third |
         | | note | three | Three |
         | | end_group | | |
         | | note | four | Four |
         | | end_group | | |
         | | note | five | Five |",
    );
    let names: Vec<&str> = sections(&json).iter().map(|(name, ..)| *name).collect();
    assert_eq!(names, ["outer_2", "outer", "main", "outer_3", "main_2"]);
}

/// Each part of a joined condition is the cell's of the group that wrote it.
#[test]
fn a_fault_in_a_joined_condition_is_the_group_s() {
    let faults = survey(
        "| | type | name | label | required | relevant |
         | | select_one yes_no | a | A? | yes | |
         | | begin_group | outer | Outer | | ${a} = 'yes' and ${late} = 'no' |
         | | begin_group | inner | Inner | | ${later} = 'yes' |
         | | note | one | One | | |
         | | end_group | | | | |
         | | end_group | | | | |
         | | select_one yes_no | late | Late? | yes | |
         | | select_one yes_no | later | Later? | yes | |",
    );
    let told: Vec<(usize, &str)> = faults.as_ref().unwrap_err().0.iter().map(|it| (it.place.row, it.code)).collect();
    assert_eq!(told, [(4, "cyclic_routing"), (5, "cyclic_routing")]);
}
