//! The way through a questionnaire, held against a second evaluator that reads the file as it stands.

use std::collections::BTreeSet;

use anxin::questionnaire::Questionnaire;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{
    questionnaires,
    shared::{
        author::{self, SMALL},
        form::{Answers, Form},
        search::{draws, every_answer},
        tape::Tape,
        walk::walk,
    },
    tapes,
};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Every item on the way was asked because its condition holds; every item off the way was not
    /// because it does not, or because the draw passed it by. The walk checks it at every step too.
    #[test]
    fn an_item_is_asked_exactly_if_its_condition_holds(sample in questionnaires(), seed: u64, mut tape in tapes()) {
        let walked = walk(&sample, seed, &mut tape, 20);
        let (form, answers) = (sample.form(), &walked.respondent.answers);
        for entry in &form.items {
            let (asked, on_way) = (entry.asked(answers), answers.contains_key(entry.id));
            prop_assert!(asked == on_way || (asked && entry.in_bank()), "{} in {:?}", entry.id, answers);
        }
    }

    /// An item is a fault exactly if no way of answering leads to it, which a search of all answers tells.
    #[test]
    fn an_unreachable_item_is_a_fault_and_no_other_is(mut tape in tapes()) {
        let json = serde_json::to_value(author::definition(&mut tape, &SMALL)).unwrap();
        reachability_agrees(&json);
    }
}

/// The same on a fixed line of questionnaires, of which enough have an item out of reach.
#[test]
fn the_search_of_all_answers_finds_items_out_of_reach() {
    let json = |seed| serde_json::to_value(author::definition(&mut Tape::seeded(seed), &SMALL)).unwrap();
    let unreachable: usize = (0..3_000).map(|seed| reachability_agrees(&json(seed))).sum();
    assert!(unreachable >= 50, "only {unreachable} items out of reach: this proves nothing");
}

/// Options `o0` to `o{count − 1}` of an item that the others ask about.
fn options(count: usize) -> Value {
    (0..count).map(|i| json!({ "id": format!("o{i}"), "text": { "en": "option" } })).collect()
}

fn item(id: &str, fields: Value) -> Value {
    let mut item = json!({ "id": id, "type": "single", "text": { "en": id }, "options": options(2) });
    item.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    item
}

fn questionnaire(items: &[Value], quiz: Value) -> Value {
    let mut json = serde_json::to_value(author::definition(&mut Tape::new(vec![]), &SMALL)).unwrap();
    json["languages"] = json!(["en", "zh-CN"]);
    json["sections"][0]["items"] = json!(items);
    if !quiz.is_null() {
        json["quiz"] = quiz;
    }
    json
}

/// `c` is for those who were not asked `b` although its condition holds: it was not drawn.
#[test]
fn a_draw_may_pass_an_item_by_whose_condition_holds() {
    let any = |item: &str| json!({ "op": "any_of", "item": item, "options": ["o0", "o1"] });
    let scored = |ask_if: Value| json!({ "key": ["o0"], "explanation": { "en": "so" }, "ask_if": ask_if });
    let mut a = scored(Value::Null);
    a.as_object_mut().unwrap().remove("ask_if");
    let c = json!({ "op": "and", "of": [any("a"), { "op": "not", "of": any("b") }] });
    let items = [item("a", a), item("b", scored(any("a"))), item("c", scored(c))];
    assert_eq!(reachability_agrees(&questionnaire(&items, json!({ "draw": 2, "feedback": "end" }))), 0);
    // Where all are asked, nobody gets to it.
    assert_eq!(reachability_agrees(&questionnaire(&items, json!({ "feedback": "end" }))), 1);
}

/// Too many ways of answering to try them all: an item is then believed to be within reach.
#[test]
fn an_item_for_those_who_choose_everything_is_within_reach() {
    let chosen = |i| json!({ "op": "any_of", "item": "a", "options": [format!("o{i}")] });
    let all = json!({ "op": "and", "of": (0..20).map(chosen).collect::<Vec<_>>() });
    let items = [item("a", json!({ "type": "multiple", "options": options(20) })), item("b", json!({ "ask_if": all }))];
    let json = questionnaire(&items, Value::Null);
    assert_eq!(Questionnaire::parse(json.to_string().as_bytes()).err(), None);
}

/// Holds the faults against the search; gives the number of items out of reach.
#[track_caller]
fn reachability_agrees(json: &Value) -> usize {
    let form = Form::of(json);
    let reached = reached(&form);
    let faults = Questionnaire::parse(json.to_string().as_bytes()).err().map_or_else(Vec::new, |faults| faults.0);
    let mut unreachable = 0;
    for entry in &form.items {
        let fault = faults.iter().any(|fault| fault.code == "unreachable" && place(json, &fault.at) == entry.id);
        assert!(!(fault && reached.contains(entry.id)), "{} can be reached in {json}", entry.id);
        // Which items a draw takes together is not looked at: there a fault may be missed.
        assert!(
            fault || reached.contains(entry.id) || !json["quiz"]["draw"].is_null(),
            "nobody gets to {} in {json}",
            entry.id
        );
        unreachable += usize::from(fault);
    }
    assert_eq!(faults.len(), unreachable, "{faults:?}");
    unreachable
}

fn place<'j>(json: &'j Value, at: &str) -> &'j str {
    json.pointer(at).and_then(|item| item["id"].as_str()).unwrap_or_default()
}

/// Every item to which some draw and some answers lead.
fn reached<'d>(form: &Form<'d>) -> BTreeSet<&'d str> {
    let mut reached = BTreeSet::new();
    for drawn in draws(form) {
        search(form, &drawn, 0, &mut Answers::new(), &mut reached);
    }
    reached
}

fn search<'d>(
    form: &Form<'d>,
    drawn: &BTreeSet<usize>,
    at: usize,
    answers: &mut Answers,
    reached: &mut BTreeSet<&'d str>,
) {
    let Some(entry) = form.items.get(at).filter(|_| reached.len() < form.items.len()) else { return };
    if !drawn.contains(&at) || !entry.asked(answers) {
        return search(form, drawn, at + 1, answers, reached);
    }
    reached.insert(entry.id);
    for said in every_answer(entry) {
        answers.insert(entry.id.to_owned(), said);
        search(form, drawn, at + 1, answers, reached);
    }
    answers.remove(entry.id);
}
