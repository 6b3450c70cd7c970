//! A long questionnaire whose conditions rest on conditions: near ones and such as look far back.

use anxin::questionnaire::Questionnaire;
use serde_json::{Value, json};

use super::{
    author::{self, SMALL},
    tape::Tape,
};

/// So many items, each but the first few asked under a condition over three or four earlier ones. Conditions under
/// which nobody gets to an item are taken out.
pub(crate) fn dense(count: usize, seed: u64) -> Value {
    let mut tape = Tape::seeded(seed);
    let mut items: Vec<Value> = Vec::new();
    for i in 0..count {
        let mut item = item(i, &mut tape);
        if i >= 4 {
            item["ask_if"] = condition(&items, &mut tape);
        }
        items.push(item);
    }
    let mut form = serde_json::to_value(author::definition(&mut Tape::new(vec![]), &SMALL)).unwrap();
    form["languages"] = json!(["en"]);
    for texts in ["title", "words", "header"].map(|field| form[field].take()) {
        assert!(texts.is_object());
    }
    let text = |words: &str| json!({ "en": words });
    form["title"] = text("dense");
    form["words"] =
        json!({ "yes": text("yes"), "no": text("no"), "dont_know": text("no idea"), "refuse": text("rather not") });
    form["header"] = json!({ "valid_from": "2026-01-01", "valid_until": "2027-01-01" });
    for field in ["table_number", "issued_by", "approval_number", "purpose", "organiser", "contact", "retention"] {
        form["header"][field] = text(field);
    }
    form["indicators"] = json!([]);
    form["joints"] = json!([]);
    form["sections"] = json!([{ "id": "all", "title": text("all"), "items": items }]);
    while let Err(faults) = Questionnaire::parse(form.to_string().as_bytes()) {
        for fault in faults.0 {
            assert_eq!(fault.code, "unreachable", "{fault:?}");
            let place: usize = fault.at.rsplit('/').next().unwrap().parse().unwrap();
            form["sections"][0]["items"][place].as_object_mut().unwrap().remove("ask_if");
        }
    }
    form
}

fn item(i: usize, tape: &mut Tape) -> Value {
    let kind = *tape.pick(&["single", "multiple", "rating", "yes_no", "integer", "single"]);
    let count = 3 + tape.below(4);
    let named = |n: usize, prefix: &str| json!({ "id": format!("{prefix}{n}"), "text": { "en": format!("{n}") } });
    let mut item = json!({
        "id": format!("q{i}"), "type": kind, "text": { "en": format!("question {i}") }, "dont_know": true,
        "refuse": tape.one_in(2),
    });
    match kind {
        "integer" => item["bins"] = (0..count).map(|n| bin(named(n, "b"), n)).collect(),
        "yes_no" => {}
        _ => item["options"] = (0..count).map(|n| named(n, "o")).collect(),
    }
    item
}

fn bin(mut named: Value, n: usize) -> Value {
    (named["from"], named["to"]) = (json!(10 * n), json!(10 * n + 9));
    named
}

fn condition(before: &[Value], tape: &mut Tape) -> Value {
    let atoms: Vec<Value> = (0..3 + tape.below(2)).map(|_| atom(before, tape)).collect();
    let (first, rest) = atoms.split_at(2);
    let ops = *tape.pick(&[("or", "and"), ("or", "or"), ("and", "or"), ("or", "and")]);
    let first = json!({ "op": ops.0, "of": first });
    let first = if tape.one_in(4) { json!({ "op": "not", "of": first }) } else { first };
    let of: Vec<Value> = std::iter::once(first).chain(rest.iter().cloned()).collect();
    json!({ "op": ops.1, "of": of })
}

fn atom(before: &[Value], tape: &mut Tape) -> Value {
    let near = before.len().min(10);
    let at = if tape.one_in(2) { before.len() - 1 - tape.below(near) } else { tape.below(before.len()) };
    let item = &before[at];
    let options: Vec<Value> = match item["type"].as_str() {
        Some("yes_no") => vec![json!("yes"), json!("no")],
        Some("integer") => {
            let min = tape.below(20);
            return json!({ "op": "range", "item": item["id"], "min": min, "max": min + 5 + tape.below(10) });
        }
        Some("multiple") if tape.one_in(3) => {
            return json!({ "op": "count", "item": item["id"], "min": 1 + tape.below(2), "max": 3 });
        }
        _ => item["options"].as_array().unwrap().iter().map(|option| option["id"].clone()).collect(),
    };
    let mut named = tape.some_of(&options);
    named.truncate(options.len() - 1);
    json!({ "op": "any_of", "item": item["id"], "options": named })
}
