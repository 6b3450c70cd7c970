//! Options: those that stand alone, points of a range, those that depend on an answer.

use anxin::response::Given;
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

/// A form with towns, their villages and grids of the villages, each a choice that the answers before it filter.
fn cascade(rows: &str) -> String {
    format!(
        "| survey |
| | type | name | label | required | choice_filter |
| | select_one town | town | Which town? | yes | |
{rows}
| choices |
| | list_name | name | label | town | village | kind |
| | town | east | East | | | |
| | town | west | West | | | |
| | village | hill | Hill | east | | |
| | village | mill | Mill | east | | |
| | village | lake | Lake | west | | |
| | village | shore | Shore | west | | |
| | grid | h1 | H 1 | east | hill | old |
| | grid | h2 | H 2 | east | hill | new |
| | grid | h3 | H 3 | east | hill | new |
| | grid | h4 | H 4 | east | hill | old |
| | grid | m1 | M 1 | east | mill | old |
| | grid | m2 | M 2 | east | mill | new |
| | grid | m3 | M 3 | east | mill | old |
| | grid | m4 | M 4 | east | mill | new |
| | grid | l1 | L 1 | west | lake | old |
| | grid | l2 | L 2 | west | lake | new |
| | grid | l3 | L 3 | west | lake | old |
| | grid | l4 | L 4 | west | lake | new |
| | grid | s1 | S 1 | west | shore | old |
| | grid | s2 | S 2 | west | shore | new |
| | grid | s3 | S 3 | west | shore | old |
| | grid | s4 | S 4 | west | shore | new |
| | kind | old | Old | | | |
| | kind | new | New | | | |
{SETTINGS}"
    )
}

/// The questions that a form asks: name, options, condition.
fn asked(form: &str) -> Value {
    let built = convert("form.md", form.as_bytes()).unwrap_or_else(|faults| panic!("{faults}"));
    let json: Value = serde_json::from_str(&built.json).unwrap();
    let items = json["sections"][0]["items"].as_array().unwrap().iter();
    let told = items.map(|item| {
        let options = item["options"].as_array().unwrap().iter().map(|option| option["id"].clone());
        json!([item["id"], options.collect::<Vec<_>>(), item["ask_if"]])
    });
    Value::Array(told.collect())
}

fn any_of(item: &str, option: &str) -> Value {
    json!({ "op": "any_of", "item": item, "options": [option] })
}

/// Who has chosen a village has told the town: naming both changes nothing.
#[test]
fn choices_cascade_over_three_levels() {
    for filter in ["village = ${village}", "town = ${town} and village = ${village}"] {
        let told = asked(&cascade(&format!(
            "| | select_one village | village | Which village? | yes | town = ${{town}} |
             | | select_one grid | grid | Which grid? | yes | {filter} |"
        )));
        let grid = |village: &str, item: &str| {
            let first = &village[..1];
            let options: Vec<String> = (1..=4).map(|number| format!("{first}{number}")).collect();
            json!([format!("grid_{village}"), options, any_of(item, village)])
        };
        assert_eq!(
            told,
            json!([
                ["town", ["east", "west"], null],
                ["village_east", ["hill", "mill"], any_of("town", "east")],
                ["village_west", ["lake", "shore"], any_of("town", "west")],
                grid("hill", "village_east"),
                grid("mill", "village_east"),
                grid("lake", "village_west"),
                grid("shore", "village_west"),
            ]),
            "{filter}"
        );
    }
}

/// Two answers that do not follow from each other: a question for each pair, named by both.
#[test]
fn options_can_depend_on_two_answers() {
    let told = asked(&cascade(
        "| | select_one kind | kind | Which kind? | yes | |
         | | select_one grid | grid | Which grid? | yes | town = ${town} and kind = ${kind} |",
    ));
    let both = |town: &str, kind: &str| json!({ "op": "and", "of": [any_of("town", town), any_of("kind", kind)] });
    assert_eq!(told[2], json!(["grid_east_old", ["h1", "h4", "m1", "m3"], both("east", "old")]));
    assert_eq!(told[3], json!(["grid_east_new", ["h2", "h3", "m2", "m4"], both("east", "new")]));
    assert_eq!(told[4][0], "grid_west_old");
    assert_eq!(told[5], json!(["grid_west_new", ["l2", "l4", "s2", "s4"], both("west", "new")]));
    assert_eq!(told.as_array().unwrap().len(), 6);
}

/// Whoever answers what: offered is what the filter offers, in one question, and nothing if it offers nothing.
#[test]
fn a_cascade_offers_what_its_filter_says() {
    let form = cascade(
        "| | select_one village | village | Which village? | no | town = ${town} |
         | | select_one kind | kind | Which kind? | no | |
         | | select_one grid | grid | Which grid? | yes | village = ${village} and (kind = ${kind} or ${kind} = '') |",
    );
    let built = convert("form.md", form.as_bytes()).unwrap_or_else(|faults| panic!("{faults}"));
    let questionnaire = &built.questionnaire;
    let number = |id: &str| questionnaire.items.iter().position(|item| item.definition.id == id).unwrap();
    let mut seen = 0;
    for (town, villages) in [(0, ["hill", "mill"]), (1, ["lake", "shore"])] {
        let village_item = number(if town == 0 { "village_east" } else { "village_west" });
        for village in [None, Some(0), Some(1)] {
            for kind in [None, Some("old"), Some("new")] {
                let mut given = vec![Given::NotAsked; questionnaire.items.len()];
                given[number("town")] = Given::One(town);
                given[village_item] = village.map_or(Given::NoAnswer, Given::One);
                given[number("kind")] = match kind {
                    None => Given::NoAnswer,
                    Some(kind) => Given::One(u8::from(kind == "new")),
                };
                let open = questionnaire.items.iter().filter(|item| item.definition.id.starts_with("grid_"));
                let open: Vec<Vec<&str>> = open
                    .filter(|item| item.ask_if.as_ref().is_none_or(|rule| rule.holds(&given)))
                    .map(|item| item.options.iter().map(|option| option.id.as_str()).collect())
                    .collect();
                let rows = form.lines().map(|line| line.split('|').map(str::trim).collect::<Vec<_>>());
                let want: Vec<String> = rows
                    .filter(|row| row.get(2) == Some(&"grid"))
                    .filter(|row| village.is_some_and(|it| row[6] == villages[usize::from(it)]))
                    .filter(|row| kind.is_none_or(|kind| row[7] == kind))
                    .map(|row| row[3].to_owned())
                    .collect();
                let want = if want.is_empty() { Vec::new() } else { vec![want] };
                assert_eq!(open, want, "{town} {village:?} {kind:?}");
                seen += 1;
            }
        }
    }
    assert_eq!(seen, 18);
}
