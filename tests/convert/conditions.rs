//! `relevant` in the words of XLSForm, and the condition that it becomes.

use serde_json::{Value, json};

use crate::workbench::{asked, condition, survey};

#[track_caller]
fn same(relevant: &str, want: Value) {
    assert_eq!(condition(relevant), want, "{relevant}");
}

fn any(item: &str, options: &[&str]) -> Value {
    json!({ "op": "any_of", "item": item, "options": options })
}

fn not(of: Value) -> Value {
    json!({ "op": "not", "of": of })
}

fn and(of: &[Value]) -> Value {
    json!({ "op": "and", "of": of })
}

fn or(of: &[Value]) -> Value {
    json!({ "op": "or", "of": of })
}

#[test]
fn options() {
    same("${burgled} = 'yes'", any("burgled", &["yes"]));
    same("'yes' = ${burgled}", any("burgled", &["yes"]));
    same("selected(${burgled}, \"yes\")", any("burgled", &["yes"]));
    same("${burgled} != 'yes'", not(any("burgled", &["yes"])));
    same("${burgled} = 'refused'", any("burgled", &["refused"]));
    same("${overall} = 'very' or ${overall} = 'fairly'", any("overall", &["very", "fairly"]));
    same(
        "(${overall} = 'very') or ${overall} = 'fairly'",
        or(&[any("overall", &["very"]), any("overall", &["fairly"])]),
    );
    same("true()", Value::Null);
    same("not(false())", Value::Null);
}

/// An answer is empty where nothing was asked, too, as it is in XForms.
#[test]
fn emptiness() {
    let overall = any("overall", &["very", "fairly", "not", "dont_know"]);
    same("${overall} != ''", overall.clone());
    same("${overall} = ''", not(overall));
    same("${age} != ''", or(&[json!({ "op": "range", "item": "age" }), any("age", &["refused"])]));
}

#[test]
fn counts() {
    let count = |bounds: Value| {
        let mut it = json!({ "op": "count", "item": "problems" });
        it.as_object_mut().unwrap().extend(bounds.as_object().unwrap().clone());
        it
    };
    same("count-selected(${problems}) >= 2", count(json!({ "min": 2 })));
    same("count-selected(${problems}) > 2", count(json!({ "min": 3 })));
    same("count-selected(${problems}) > 0", count(json!({})));
    same("count-selected(${problems}) = 2", count(json!({ "min": 2, "max": 2 })));
    // Nobody chose less than nothing: who was not asked has chosen 0.
    same("count-selected(${problems}) <= 2", not(count(json!({ "min": 3 }))));
    same("count-selected(${problems}) = 0", not(count(json!({}))));
    same("3 > count-selected(${problems})", not(count(json!({ "min": 3 }))));
    same("count-selected(${problems}) >= 1 and count-selected(${problems}) < 3", count(json!({ "min": 1, "max": 2 })));
    same("count-selected(${problems}) <= 2 and count-selected(${problems}) > 0", count(json!({ "max": 2 })));
}

#[test]
fn numbers() {
    same("${age} >= 18", json!({ "op": "range", "item": "age", "min": 18 }));
    same("${age} < 30", json!({ "op": "range", "item": "age", "max": 29 }));
    same("${age} = '30'", json!({ "op": "range", "item": "age", "min": 30, "max": 30 }));
    same("${age} > -1", json!({ "op": "range", "item": "age", "min": 0 }));
    same("${age} >= 18 and ${age} < 30", json!({ "op": "range", "item": "age", "min": 18, "max": 29 }));
    same("${age} != 30", not(json!({ "op": "range", "item": "age", "min": 30, "max": 30 })));
}

#[test]
fn chains_and_cases() {
    let (burgled, very) = (any("burgled", &["yes"]), any("overall", &["very"]));
    same("${burgled} = 'yes' and ${overall} = 'very'", and(&[burgled.clone(), very.clone()]));
    same(
        "${burgled} = 'yes' and ${overall} = 'very' or ${age} > 59",
        or(&[and(&[burgled.clone(), very.clone()]), json!({ "op": "range", "item": "age", "min": 60 })]),
    );
    same("if(${burgled} = 'yes', ${overall} = 'very', false())", and(&[burgled.clone(), very.clone()]));
    same("if(${burgled} = 'yes', 1, 2) = 1", burgled.clone());
    same(
        "if(${burgled} = 'yes', ${overall}, 'very') = 'very'",
        or(&[and(&[burgled.clone(), very.clone()]), not(burgled)]),
    );
    let answered = any("overall", &["very", "fairly", "not", "dont_know"]);
    same("coalesce(${overall}, ${burgled}) = 'yes'", and(&[not(answered), any("burgled", &["yes"])]));
}

/// Cases within cases are few words and many conditions.
#[test]
fn what_grows_too_large() {
    let mut relevant = "${burgled} = 'yes'".to_owned();
    for _ in 0..25 {
        relevant = format!("if({relevant}, ${{overall}}, coalesce(${{overall}}, 'not')) != 'very'");
    }
    let faults = survey(&asked(&relevant)).unwrap_err();
    assert_eq!(faults.0[0].code, "too_large", "{faults}");
    // Calculations that name calculations double with each.
    let mut rows = "| | type | name | label | calculation |
         | | select_one yes_no | burgled | Burgled? | |
         | | calculate | c0 | | if(${burgled} = 'yes', 'a', 'b') |"
        .to_owned();
    for c in 1..15 {
        rows += &format!("\n| | calculate | c{c} | | if(${{c{0}}} = 'a', ${{c{0}}}, 'b') |", c - 1);
    }
    let faults = survey(&rows).unwrap_err();
    assert_eq!(faults.0[0].code, "too_large", "{faults}");
}
