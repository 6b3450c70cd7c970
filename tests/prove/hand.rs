//! Questionnaires made by hand, of which it is known what must be proved.

use anxin::prove::Between;
use serde_json::{Value, json};

use crate::{
    faults, proof,
    shared::{
        author::{self, SMALL},
        dense::dense,
        tape::Tape,
    },
};

fn options(count: usize) -> Value {
    (0..count).map(|i| json!({ "id": format!("o{i}"), "text": { "en": format!("option {i}") } })).collect()
}

fn item(id: &str, fields: Value) -> Value {
    let mut item = json!({ "id": id, "type": "single", "text": { "en": id }, "options": options(3) });
    item.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    item
}

fn questionnaire(items: &[Value], quiz: Value) -> Value {
    let mut json = serde_json::to_value(author::definition(&mut Tape::new(vec![]), &SMALL)).unwrap();
    json["languages"] = json!(["en", "zh-CN"]);
    json["indicators"] = json!([]);
    json["joints"] = json!([]);
    json["sections"][0]["items"] = json!(items);
    if !quiz.is_null() {
        json["quiz"] = quiz;
    }
    json
}

fn chose(item: &str, option: &str) -> Value {
    json!({ "op": "any_of", "item": item, "options": [option] })
}

fn exact(value: u32) -> Between {
    Between { least: value, most: value }
}

/// The list is the shortest, of several that lead there.
#[test]
fn tells_the_shortest_list_of_answers() {
    let items = [
        item("a", json!({})),
        item("b", json!({ "ask_if": chose("a", "o0") })),
        item("c", json!({ "ask_if": chose("b", "o0") })),
        item("d", json!({ "ask_if": { "op": "or", "of": [chose("c", "o1"), chose("b", "o2")] } })),
        item("e", json!({ "ask_if": { "op": "not", "of": chose("a", "o0") } })),
    ];
    let proof = proof(&questionnaire(&items, Value::Null));
    let way = |at: usize| json!(proof.ways[at]);
    let given = |item: &str, option: &str| json!({ "item": item, "answer": { "options": [option] } });
    assert_eq!(way(0)["answers"], json!([]));
    assert_eq!(way(2)["answers"], json!([given("a", "o0"), given("b", "o0")]));
    assert_eq!(way(3)["answers"], json!([given("a", "o0"), given("b", "o2")]));
    assert_eq!(way(4)["answers"], json!([given("a", "o1")]));
    assert!(proof.ways.iter().all(|way| way.shortest));
    // a, b, c, d: d follows c too.
    assert_eq!(proof.items.longest, exact(4));
    // Two in three are asked a and e.
    assert_eq!(proof.items.median, exact(2));
}

/// A question about each of fifty options that may be ticked: a million milliards of ways, and a small diagram.
#[test]
fn a_question_for_each_of_fifty_options_is_exact() {
    let mut items = vec![item("a", json!({ "type": "multiple", "options": options(50) }))];
    items.extend((0..50).map(|i| item(&format!("b{i}"), json!({ "ask_if": chose("a", &format!("o{i}")) }))));
    let proof = proof(&questionnaire(&items, Value::Null));
    assert_eq!((proof.ways.len(), &proof.faults), (51, &vec![]));
    assert_eq!((proof.items.longest, proof.items.median), (exact(51), exact(26)));
}

/// `c` is for those who answered `a` and were not asked `b`, though its condition holds: it was not drawn.
#[test]
fn a_draw_is_part_of_the_way() {
    let any = |item: &str| json!({ "op": "any_of", "item": item, "options": ["o0", "o1", "o2"] });
    let scored = |mut more: Value| {
        more["key"] = json!(["o0"]);
        more["explanation"] = json!({ "en": "so" });
        more
    };
    let c = json!({ "op": "and", "of": [any("a"), { "op": "not", "of": any("b") }] });
    let items = [
        item("a", scored(json!({}))),
        item("b", scored(json!({}))),
        json!({ "id": "c", "type": "statement", "text": { "en": "c" }, "ask_if": c }),
    ];
    let proof = proof(&questionnaire(&items, json!({ "draw": 1, "feedback": "end" })));
    assert_eq!(proof.faults, vec![]);
    let way = json!(proof.ways[2]);
    // Any answer to `a` will do; whoever drew `a` did not draw `b`, but that is found out only by counting.
    assert_eq!((&way["drawn"], &way["answers"]), (&json!(["a"]), &json!([])));
    assert_eq!(way["not_drawn"], json!(["b"]));
    assert_eq!((proof.items.longest, proof.items.median), (exact(2), exact(1)));
    // Of one item drawn, nobody is asked both.
    let both = json!({ "op": "and", "of": [any("a"), any("b")] });
    let items = [items[0].clone(), items[1].clone(), {
        let mut c = items[2].clone();
        c["ask_if"] = both;
        c
    }];
    let (faults, _) = faults(&questionnaire(&items, json!({ "draw": 1, "feedback": "end" })));
    assert!(faults.iter().any(|it| (it.code, it.at.as_str()) == ("unreachable", "/sections/0/items/2")), "{faults:?}");
}

/// What no diagram holds is proved all the same, and lengths are then bounds that hold the truth.
#[test]
fn long_and_entangled_routing_is_proved() {
    let json = dense(120, 1);
    let proof = proof(&json);
    let unreachable = proof.faults.iter().filter(|fault| fault.code == "unreachable").count();
    assert_eq!(proof.ways.len() + unreachable, 120);
    let (longest, median) = (proof.items.longest, proof.items.median);
    assert!(median.least <= median.most && median.most <= longest.least && longest.least <= longest.most);
    assert!(longest.most <= 120 && longest.least > 4);
}
