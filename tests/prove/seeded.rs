//! Faults put into good questionnaires, one at a time: each is found, under its name and at its place.

use std::{collections::BTreeMap, fs};

use serde_json::{Value, json};

use crate::{
    faults,
    shared::{Sample, form::list},
};

/// A way to spoil a questionnaire: gives the place where the fault must be told; nothing where it does not apply.
type Spoil = fn(&mut Value) -> Option<String>;

/// By the code under which each is told.
const FAULTS: [(&str, Spoil); 17] = [
    ("unreachable", contradiction),
    ("unreachable", contradiction_in_many_answers),
    ("never_true", dead_branch),
    ("never_true", out_of_bounds),
    ("always_true", excluded_middle),
    ("always_true", idle_part),
    ("never_chosen", excluded_before),
    ("always_positive", all_positive),
    ("joint_empty", never_together),
    ("key_unreachable", impossible_key),
    ("band_empty", band_too_high),
    ("topic_empty", idle_topic),
    ("cyclic_routing", look_ahead),
    ("unknown_option", renamed_option),
    ("duplicate_id", same_name),
    ("draw_too_large", larger_draw),
    ("text_missing", without_title),
];

/// What is told as a warning.
const WARNINGS: [(&str, Spoil); 4] = [
    ("untranslated", untranslated),
    ("long_text", long_question),
    ("leading", leading_question),
    ("no_dont_know", cornered),
];

/// Good questionnaires: those that are shipped, and some that were drawn.
fn good() -> Vec<Value> {
    let shipped = ["anti_fraud", "participation", "safety"].map(|name| {
        let json: Value = serde_json::from_slice(&fs::read(format!("www/instruments/{name}.json")).unwrap()).unwrap();
        assert_eq!(faults(&json), (vec![], vec![]), "{name}");
        json
    });
    let drawn = (0..400).map(|number| Sample::numbered(number).json).filter(|json| faults(json).0.is_empty());
    shipped.into_iter().chain(drawn.take(15)).collect()
}

#[test]
fn every_seeded_fault_is_found() {
    let good = good();
    assert_eq!(good.len(), 18);
    let mut found: BTreeMap<&str, usize> = BTreeMap::new();
    for json in &good {
        for (code, spoil) in FAULTS {
            let mut spoilt = json.clone();
            let Some(at) = spoil(&mut spoilt) else { continue };
            let (faults, _) = faults(&spoilt);
            let told = faults.iter().any(|fault| fault.code == code && fault.at == at);
            assert!(told, "no {code} at {at} but {faults:#?} in {spoilt}");
            *found.entry(code).or_default() += 1;
        }
    }
    println!("{found:?}");
    let all: usize = found.values().sum();
    assert!(all >= 150 && FAULTS.iter().all(|(code, _)| found.contains_key(code)), "{all}: {found:?}");
}

#[test]
fn every_seeded_flaw_is_warned_of() {
    let mut found = 0;
    for json in good() {
        for (code, spoil) in WARNINGS {
            let mut spoilt = json.clone();
            let Some(at) = spoil(&mut spoilt) else { continue };
            let (faults, warnings) = faults(&spoilt);
            assert_eq!(faults, vec![], "{spoilt}");
            let told = warnings.iter().any(|fault| fault.code == code && fault.at == at);
            assert!(told, "no {code} at {at} but {warnings:#?}");
            found += 1;
        }
    }
    assert!(found >= 40, "{found}");
}

/// Words in every language of the questionnaire.
fn text(json: &Value, words: &str) -> Value {
    list(&json["languages"]).iter().map(|language| (language.as_str().unwrap().to_owned(), json!(words))).collect()
}

/// An item of one choice that can be asked about: its name and its options.
fn source(json: &Value) -> Option<(Value, Vec<Value>)> {
    let items = list(&json["sections"]).iter().flat_map(|section| list(&section["items"]));
    let mut item =
        items.filter(|item| item["type"] == "single" || item["type"] == "rating" || item["type"] == "yes_no");
    let item = item.next_back()?;
    let options = match &item["options"] {
        Value::Array(options) if !options.is_empty() => options.iter().map(|option| option["id"].clone()).collect(),
        _ => vec![json!("yes"), json!("no")],
    };
    Some((item["id"].clone(), options))
}

fn chose(item: &Value, options: &[&Value]) -> Value {
    json!({ "op": "any_of", "item": item, "options": options })
}

/// Adds a section at the end; gives its place.
fn append(json: &mut Value, ask_if: Value, items: Vec<Value>) -> String {
    let mut section = json!({ "id": "spoilt", "title": text(json, "spoilt"), "items": items });
    if !ask_if.is_null() {
        section["ask_if"] = ask_if;
    }
    let sections = json["sections"].as_array_mut().unwrap();
    sections.push(section);
    format!("/sections/{}", sections.len() - 1)
}

fn statement(json: &Value, ask_if: Value) -> Value {
    json!({ "id": "spoilt_statement", "type": "statement", "text": text(json, "read this"), "ask_if": ask_if })
}

/// Adds a statement under a condition; gives the place of the condition.
fn under(json: &mut Value, ask_if: Value) -> String {
    let statement = statement(json, ask_if);
    format!("{}/items/0/ask_if", append(json, Value::Null, vec![statement]))
}

fn options(json: &Value, count: usize) -> Value {
    (0..count).map(|i| json!({ "id": format!("o{i}"), "text": text(json, &format!("option {i}")) })).collect()
}

/// An item of a questionnaire or a quiz.
fn question(json: &Value, id: &str, kind: &str, count: usize) -> Value {
    let mut item = json!({
        "id": id, "type": kind, "text": text(json, "a question"), "options": options(json, count), "dont_know": true,
    });
    if kind == "integer" {
        item["options"].take();
        item.as_object_mut().unwrap().remove("options");
        item["bins"] = json!([{ "id": "all", "text": text(json, "all"), "from": 16, "to": 99 }]);
    }
    if !json["quiz"].is_null() {
        item["key"] = json!([if kind == "integer" { "all" } else { "o0" }]);
        item["explanation"] = text(json, "because");
    }
    item
}

/// Quizzes with a pass mark or a draw take no item more without other faults.
fn takes_items(json: &Value) -> Option<()> {
    (json["words"]["dont_know"].is_object() && json["quiz"].is_null()).then_some(())
}

fn contradiction(json: &mut Value) -> Option<String> {
    let (item, options) = source(json)?;
    let both = json!({ "op": "and", "of": [chose(&item, &[&options[0]]), chose(&item, &[&options[1]])] });
    Some(under(json, both).trim_end_matches("/ask_if").to_owned())
}

/// Nobody chooses all of twenty and not the fourth; the parser believes what it cannot search.
fn contradiction_in_many_answers(json: &mut Value) -> Option<String> {
    takes_items(json)?;
    let many = question(json, "spoilt_many", "multiple", 20);
    let id = json!("spoilt_many");
    let mut of: Vec<Value> = (0..20).map(|i| chose(&id, &[&json!(format!("o{i}"))])).collect();
    of.push(json!({ "op": "not", "of": of[3] }));
    let statement = statement(json, json!({ "op": "and", "of": of }));
    Some(format!("{}/items/1", append(json, Value::Null, vec![many, statement])))
}

fn dead_branch(json: &mut Value) -> Option<String> {
    let (item, options) = source(json)?;
    let dead = json!({ "op": "and", "of": [chose(&item, &[&options[0]]), chose(&item, &[&options[1]])] });
    let at = under(json, json!({ "op": "or", "of": [chose(&item, &[&options[0]]), dead] }));
    Some(format!("{at}/of/1"))
}

fn out_of_bounds(json: &mut Value) -> Option<String> {
    takes_items(json)?;
    let age = question(json, "spoilt_age", "integer", 0);
    let range = |min: i32, max: i32| json!({ "op": "range", "item": "spoilt_age", "min": min, "max": max });
    let statement = statement(json, json!({ "op": "or", "of": [range(0, 15), range(18, 20)] }));
    Some(format!("{}/items/1/ask_if/of/0", append(json, Value::Null, vec![age, statement])))
}

fn excluded_middle(json: &mut Value) -> Option<String> {
    let (item, options) = source(json)?;
    let chose = chose(&item, &[&options[0]]);
    Some(under(json, json!({ "op": "or", "of": [chose, { "op": "not", "of": chose }] })))
}

fn idle_part(json: &mut Value) -> Option<String> {
    let (item, options) = source(json)?;
    let both = json!({ "op": "and", "of": [chose(&item, &[&options[0]]), chose(&item, &[&options[1]])] });
    let never = json!({ "op": "not", "of": both });
    Some(format!("{}/of/0", under(json, json!({ "op": "and", "of": [never, chose(&item, &[&options[0]])] }))))
}

fn excluded_before(json: &mut Value) -> Option<String> {
    let (item, options) = source(json)?;
    let without = json!({ "op": "not", "of": chose(&item, &[&options[0]]) });
    let statement = statement(json, chose(&item, &[&options[1], &options[0]]));
    // Whoever is not asked the item gets there and fails, so the condition tells something apart.
    if options.len() == 2 {
        return None;
    }
    Some(format!("{}/items/0/ask_if/options/1", append(json, without, vec![statement])))
}

fn all_positive(json: &mut Value) -> Option<String> {
    let (item, options) = source(json)?;
    let indicator = json!({
        "id": "spoilt_rate", "title": text(json, "rate"), "item": item, "positive": options, "base": "valid",
        "definition_version": "1",
    });
    let indicators = json["indicators"].as_array_mut()?;
    indicators.push(indicator);
    Some(format!("/indicators/{}/positive", indicators.len() - 1))
}

fn never_together(json: &mut Value) -> Option<String> {
    takes_items(json)?;
    let (item, options) = source(json)?;
    let (mut some, mut others) =
        (question(json, "spoilt_some", "single", 2), question(json, "spoilt_others", "single", 2));
    some["ask_if"] = chose(&item, &[&options[0]]);
    others["ask_if"] = chose(&item, &[&options[1]]);
    append(json, Value::Null, vec![some, others]);
    let joints = json["joints"].as_array_mut()?;
    joints.push(json!({ "id": "spoilt", "of": ["spoilt_some", "spoilt_others"] }));
    Some(format!("/joints/{}/of", joints.len() - 1))
}

fn impossible_key(json: &mut Value) -> Option<String> {
    json["quiz"].as_object()?;
    let mut item = question(json, "spoilt_key", "multiple", 3);
    item["dont_know"] = json!(false);
    item["options"][2]["exclusive"] = json!(true);
    item["key"] = json!(["o0", "o2"]);
    Some(format!("{}/items/0/key", append(json, Value::Null, vec![item])))
}

fn band_too_high(json: &mut Value) -> Option<String> {
    json["quiz"].as_object()?;
    json["quiz"]["score_bands"] = json!([0, 90_000]);
    Some("/quiz/score_bands/1".into())
}

fn idle_topic(json: &mut Value) -> Option<String> {
    json["quiz"].as_object()?;
    let topic = json!({ "id": "spoilt", "title": text(json, "spoilt") });
    if !json["quiz"]["topics"].is_array() {
        json["quiz"]["topics"] = json!([]);
    }
    let topics = json["quiz"]["topics"].as_array_mut()?;
    topics.push(topic);
    Some(format!("/quiz/topics/{}", topics.len() - 1))
}

fn look_ahead(json: &mut Value) -> Option<String> {
    let at = under(json, chose(&json!("spoilt_statement"), &[&json!("yes")]));
    Some(format!("{at}/item"))
}

fn renamed_option(json: &mut Value) -> Option<String> {
    let (item, _) = source(json)?;
    Some(format!("{}/options/0", under(json, chose(&item, &[&json!("renamed")]))))
}

fn same_name(json: &mut Value) -> Option<String> {
    let (item, _) = source(json)?;
    let mut statement = statement(json, Value::Null);
    (statement["id"], _) = (item, statement.as_object_mut()?.remove("ask_if"));
    Some(format!("{}/items/0/id", append(json, Value::Null, vec![statement])))
}

fn larger_draw(json: &mut Value) -> Option<String> {
    json["quiz"].as_object()?;
    json["quiz"]["draw"] = json!(290);
    Some("/quiz/draw".into())
}

fn without_title(json: &mut Value) -> Option<String> {
    let language = json["languages"][0].as_str()?.to_owned();
    json["title"].as_object_mut()?.remove(&language);
    Some("/title".into())
}

fn untranslated(json: &mut Value) -> Option<String> {
    let language = json["languages"][1].as_str()?.to_owned();
    json["sections"][0]["title"].as_object_mut()?.remove(&language);
    Some("/sections/0/title".into())
}

fn long_question(json: &mut Value) -> Option<String> {
    let language = json["languages"][0].as_str()?.to_owned();
    json["sections"][0]["items"][0]["text"][&language] = json!("字".repeat(200));
    Some(format!("/sections/0/items/0/text/{language}"))
}

fn leading_question(json: &mut Value) -> Option<String> {
    let item = &mut json["sections"][0]["items"][0];
    if item["type"] == "statement" || !list(&item["key"]).is_empty() {
        return None;
    }
    item["text"]["zh-CN"].as_str()?;
    item["text"]["zh-CN"] = json!("大家都觉得这里很安全，您呢？");
    Some("/sections/0/items/0/text/zh-CN".into())
}

fn cornered(json: &mut Value) -> Option<String> {
    let item = &mut json["sections"][0]["items"][0];
    if item["type"] == "statement" || item.to_string().contains("ask_if") {
        return None;
    }
    (item["dont_know"], item["refuse"], item["required"]) = (json!(false), json!(false), json!("required"));
    // Nobody may ask for what is no longer offered.
    (!json.to_string().contains("\"any_of\"")).then(|| "/sections/0/items/0".into())
}
