//! Questionnaires made by hand, of which it is known what must be proved.

use anxin::prove::{Between, Proof, prove};
use serde_json::{Value, json};

use crate::{
    faults, parsed, proof,
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

fn scored(id: &str, points: u32, mut more: Value) -> Value {
    more["key"] = json!(["o0"]);
    more["explanation"] = json!({ "en": "so" });
    more["points"] = json!(points);
    item(id, more)
}

fn codes(proof: &Proof) -> Vec<&'static str> {
    let warnings = proof.warnings.iter().map(|warning| warning.code);
    warnings.filter(|code| code.starts_with("score_")).collect()
}

#[test]
fn tells_scores_that_nobody_gets() {
    let items = ["a", "b", "c"].map(|id| scored(id, 2, json!({})));
    let proof = proof(&questionnaire(&items, json!({ "feedback": "end" })));
    let points = proof.points.as_ref().unwrap();
    assert_eq!((&points.scores, points.exact), (&vec![(0, 0), (2, 2), (4, 4), (6, 6)], true));
    assert_eq!((points.max, points.worth, codes(&proof)), (6, exact(6), vec!["score_gap"]));
    let gap = proof.warnings.iter().find(|warning| warning.code == "score_gap").unwrap();
    assert_eq!(gap.message, "nobody gets 1, 3, 5 points, though some get 6");
}

/// Of three items two are drawn: nobody gets what all three are worth, and not all draws are worth the same.
#[test]
fn scores_are_those_of_what_is_drawn() {
    let items = [scored("a", 1, json!({})), scored("b", 1, json!({})), scored("c", 3, json!({}))];
    let proof = proof(&questionnaire(&items, json!({ "draw": 2, "feedback": "end" })));
    let points = proof.points.as_ref().unwrap();
    assert_eq!((&points.scores, points.max), (&vec![(0, 4)], 4));
    assert_eq!(points.worth, Between { least: 2, most: 4 });
    assert_eq!(codes(&proof), ["score_uneven"]);
}

/// Who answers the first right is not asked the second.
#[test]
fn full_marks_that_no_way_leads_to_are_warned_of() {
    let wrong = json!({ "op": "not", "of": chose("a", "o0") });
    let items = [scored("a", 1, json!({})), scored("b", 1, json!({ "ask_if": wrong }))];
    let proof = proof(&questionnaire(&items, json!({ "feedback": "end" })));
    let points = proof.points.as_ref().unwrap();
    assert_eq!((&points.scores, points.max), (&vec![(0, 1)], 2));
    assert_eq!(codes(&proof), ["score_out_of_reach", "score_uneven"]);
}

/// What no diagram holds is proved all the same, and lengths and scores are then bounds that hold the truth.
#[test]
fn long_and_entangled_routing_is_proved() {
    let mut json = dense(120, 1);
    json["quiz"] = json!({ "feedback": "end" });
    for item in json["sections"][0]["items"].as_array_mut().unwrap() {
        let first = ["options", "bins"].into_iter().find_map(|list| item[list][0]["id"].as_str().map(str::to_owned));
        item["key"] = json!([first.unwrap_or("yes".into())]);
        item["explanation"] = json!({ "en": "so" });
    }
    let proof = proof(&json);
    let unreachable = proof.faults.iter().filter(|fault| fault.code == "unreachable").count();
    assert_eq!(proof.ways.len() + unreachable, 120);
    let (longest, median) = (proof.items.longest, proof.items.median);
    assert!(median.least <= median.most && median.most <= longest.least && longest.least <= longest.most);
    assert!(longest.most <= 120 && longest.least > 4);
    let points = proof.points.unwrap();
    assert_eq!((points.max, points.exact, points.worth), (120, false, Between { least: 0, most: 120 }));
    assert!(points.scores.len() < 20 && points.scores.last().unwrap().1 <= longest.most, "{:?}", points.scores);
}

/// 200 items, each asked under a condition over several others: the solver is asked a few times an item, and diagrams
/// that grow too large are left. Counted, so that it is the same on every machine.
#[test]
fn work_stays_in_bounds() {
    const ITEMS: usize = 200;
    for seed in 0..5 {
        let questionnaire = parsed(&dense(ITEMS, seed));
        let effort = prove(&questionnaire).effort;
        assert!(effort.solver_calls <= 4 * ITEMS, "{seed}: {effort:?}");
        assert!(effort.conflicts <= 200 * ITEMS, "{seed}: {effort:?}");
        assert!(effort.diagram_nodes <= 1 << 16, "{seed}: {effort:?}");
        if seed == 0 {
            assert_eq!(prove(&questionnaire).effort, effort);
        }
    }
}
