//! Options: those that stand alone, points of a range, those that depend on an answer.

use serde_json::{Value, json};

use crate::workbench::{SETTINGS, convert, first, good};

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
