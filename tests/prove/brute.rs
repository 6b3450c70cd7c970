//! The prover against every draw and every way of answering, gone through one by one.

use std::collections::{BTreeMap, BTreeSet};

use anxin::prove::{Between, Proof, prove};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::shared::{
    Sample,
    author::{CHAINED, SMALL},
    form::{Answers, Form, Said, holds, list},
    search::{draws, every_answer},
    tape::Tape,
    walk::to_said,
};

/// More ways than this are not gone through.
const WAYS: usize = 20_000;

/// One respondent.
struct Way {
    drawn: BTreeSet<usize>,
    answers: Answers,
    chance: f64,
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn equals_what_all_ways_of_answering_show(choices in prop::collection::vec(any::<u32>(), 0..300)) {
        agrees(&Sample::draw(&mut Tape::new(choices), &SMALL));
    }
}

/// The same on a fixed line of questionnaires, in which enough is wrong.
#[test]
fn finds_what_is_wrong_and_nothing_else() {
    let mut found: BTreeMap<&str, usize> = BTreeMap::new();
    for seed in 0..400 {
        let size = if seed % 2 == 0 { &CHAINED } else { &SMALL };
        for (code, _) in agrees(&Sample::draw(&mut Tape::seeded(seed), size)) {
            *found.entry(code).or_default() += 1;
        }
    }
    for code in ["never_true", "always_true", "always_positive", "joint_empty", "band_empty", "unreachable"] {
        assert!(found.get(code).is_some_and(|count| *count >= 3), "{code} is too rare: {found:?}");
    }
}

/// Holds a proof against all ways; gives the faults.
#[track_caller]
fn agrees(sample: &Sample) -> BTreeSet<(&'static str, String)> {
    let form = sample.form();
    let answers: usize = form.items.iter().map(|entry| every_answer(entry).len()).fold(1, usize::saturating_mul);
    let draws = draws(&form);
    if answers.saturating_mul(draws.len()) > WAYS {
        return BTreeSet::new();
    }
    let ways = ways(&form, &draws);
    let proof = prove(&sample.questionnaire);
    let told: BTreeSet<_> = proof.faults.iter().map(|fault| (fault.code, fault.at.clone())).collect();
    assert_eq!(told, wrong(&form, &ways), "{:#}", sample.json);
    lengths_agree(&proof, &ways, &sample.json);
    points_agree(&proof, &form, &ways, &sample.json);
    for reached in &proof.ways {
        leads_there(&json!(reached), &form, &ways, &sample.json);
    }
    told
}

fn ways(form: &Form, draws: &[BTreeSet<usize>]) -> Vec<Way> {
    // A draw is as likely as its topics' sets are few.
    let topic = |at: usize| form.items[at].json["topic"].as_str().unwrap_or_default();
    let weight = |drawn: &BTreeSet<usize>| {
        let mut topics: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        for at in (0..form.items.len()).filter(|&at| form.items[at].in_bank()) {
            let (all, taken) = topics.entry(topic(at)).or_default();
            (*all, *taken) = (*all + 1, *taken + usize::from(drawn.contains(&at)));
        }
        let choose = |(n, k): (usize, usize)| (0..k).fold(1.0, |sets, i| sets * (n - i) as f64 / (i + 1) as f64);
        topics.into_values().map(|of| 1.0 / choose(of)).product::<f64>()
    };
    let all: f64 = draws.iter().map(weight).sum();
    let mut ways = Vec::new();
    for drawn in draws {
        follow(form, drawn, 0, &mut Answers::new(), weight(drawn) / all, &mut ways);
    }
    ways
}

fn follow(form: &Form, drawn: &BTreeSet<usize>, at: usize, answers: &mut Answers, chance: f64, ways: &mut Vec<Way>) {
    let Some(entry) = form.items.get(at) else {
        return ways.push(Way { drawn: drawn.clone(), answers: answers.clone(), chance });
    };
    if !drawn.contains(&at) || !entry.asked(answers) {
        return follow(form, drawn, at + 1, answers, chance, ways);
    }
    let every = every_answer(entry);
    let share = chance / every.len() as f64;
    for said in every {
        answers.insert(entry.id.to_owned(), said);
        follow(form, drawn, at + 1, answers, share, ways);
    }
    answers.remove(entry.id);
}

/// What is wrong, as the ways show it.
fn wrong(form: &Form, ways: &[Way]) -> BTreeSet<(&'static str, String)> {
    let mut wrong = BTreeSet::new();
    let all: Vec<&Way> = ways.iter().collect();
    let mut place = 0;
    for (s, section) in list(&form.json["sections"]).iter().enumerate() {
        let at = format!("/sections/{s}");
        judge(&section["ask_if"], &format!("{at}/ask_if"), &all, &mut wrong);
        for (i, item) in list(&section["items"]).iter().enumerate() {
            let at = format!("{at}/items/{i}");
            if !ways.iter().any(|way| way.answers.contains_key(form.items[place].id)) {
                wrong.insert(("unreachable", at.clone()));
            }
            let section_holds = |way: &Way| section["ask_if"].is_null() || holds(&section["ask_if"], &way.answers);
            let gets_there = |way: &&&Way| way.drawn.contains(&place) && section_holds(way);
            let there: Vec<&Way> = all.iter().filter(gets_there).copied().collect();
            judge(&item["ask_if"], &format!("{at}/ask_if"), &there, &mut wrong);
            let alone = |id: &Value| list(&item["options"]).iter().any(|it| it["id"] == *id && it["exclusive"] == true);
            if item["type"] == "multiple" && list(&item["key"]).len() > 1 && list(&item["key"]).iter().any(alone) {
                wrong.insert(("key_unreachable", format!("{at}/key")));
            }
            place += 1;
        }
    }
    figures(form, ways, &mut wrong);
    wrong
}

fn judge(condition: &Value, at: &str, there: &[&Way], wrong: &mut BTreeSet<(&'static str, String)>) {
    let count = there.iter().filter(|way| !condition.is_null() && holds(condition, &way.answers)).count();
    if condition.is_null() || there.is_empty() {
        return;
    }
    let parts: Vec<(String, &Value)> = match &condition["of"] {
        Value::Array(parts) => parts.iter().enumerate().map(|(i, part)| (format!("{at}/of/{i}"), part)).collect(),
        Value::Null => Vec::new(),
        part => vec![(format!("{at}/of"), part)],
    };
    if count == there.len() {
        wrong.insert(("always_true", at.to_owned()));
    } else if count == 0 {
        wrong.insert(("never_true", at.to_owned()));
        for (at, part) in parts {
            if !there.iter().any(|way| holds(part, &way.answers)) {
                judge(part, &at, there, wrong);
            }
        }
    } else {
        for (i, option) in list(&condition["options"]).iter().enumerate() {
            let one = json!({ "op": "any_of", "item": condition["item"], "options": [option] });
            if !there.iter().any(|way| holds(&one, &way.answers)) {
                wrong.insert(("never_chosen", format!("{at}/options/{i}")));
            }
        }
        parts.iter().for_each(|(at, part)| judge(part, at, there, wrong));
    }
}

fn figures(form: &Form, ways: &[Way], wrong: &mut BTreeSet<(&'static str, String)>) {
    let indicators = list(&form.json["indicators"]);
    for (i, indicator) in indicators.iter().enumerate() {
        let options = form.entry(indicator["item"].as_str().unwrap()).options();
        if !ways.iter().any(|way| way.answers.contains_key(indicator["item"].as_str().unwrap())) {
            wrong.insert(("base_empty", format!("/indicators/{i}/item")));
        }
        if options.iter().all(|option| list(&indicator["positive"]).contains(&json!(option))) {
            wrong.insert(("always_positive", format!("/indicators/{i}/positive")));
        }
    }
    for (j, joint) in list(&form.json["joints"]).iter().enumerate() {
        let item = |part: &Value| {
            let indicator = indicators.iter().find(|indicator| indicator["id"] == *part);
            let id = indicator.map_or(part, |indicator| &indicator["item"]).as_str().unwrap().to_owned();
            form.items.iter().any(|entry| entry.id == id).then_some(id)
        };
        let of: Vec<String> = list(&joint["of"]).iter().filter_map(item).collect();
        if !ways.iter().any(|way| of.iter().all(|id| way.answers.contains_key(id))) {
            wrong.insert(("joint_empty", format!("/joints/{j}/of")));
        }
    }
    let most = ways.iter().map(|way| score(form, way)).max().unwrap();
    for (b, band) in list(&form.json["quiz"]["score_bands"]).iter().enumerate() {
        if band.as_u64() > Some(most) {
            wrong.insert(("band_empty", format!("/quiz/score_bands/{b}")));
        }
    }
    for (t, topic) in list(&form.json["quiz"]["topics"]).iter().enumerate() {
        if !form.items.iter().any(|entry| entry.json["topic"] == topic["id"]) {
            wrong.insert(("topic_empty", format!("/quiz/topics/{t}")));
        }
    }
}

/// Points of a respondent.
fn score(form: &Form, way: &Way) -> u64 {
    form.items.iter().filter(|entry| entry.right(way.answers.get(entry.id))).map(|entry| entry.points()).sum()
}

/// Every score that some way comes to is told and no other; what keeps scores from being compared is warned of.
fn points_agree(proof: &Proof, form: &Form, ways: &[Way], json: &Value) {
    let Some(points) = &proof.points else { return assert!(json["quiz"].is_null()) };
    let told: BTreeSet<u64> = points.scores.iter().flat_map(|&(first, last)| first.into()..=last.into()).collect();
    let scores: BTreeSet<u64> = ways.iter().map(|way| score(form, way)).collect();
    assert!(points.exact, "{json:#}");
    assert_eq!(told, scores, "{json:#}");
    let asked = |way: &Way| form.items.iter().filter(|it| way.answers.contains_key(it.id)).map(|it| it.points()).sum();
    let worth: Vec<u64> = ways.iter().map(asked).collect();
    let (least, most) = (*worth.iter().min().unwrap(), *worth.iter().max().unwrap());
    assert_eq!((u64::from(points.worth.least), u64::from(points.worth.most)), (least, most), "{json:#}");
    let highest = *scores.last().unwrap();
    for (code, wanted) in [
        ("score_gap", scores.len() as u64 <= highest),
        ("score_out_of_reach", highest < u64::from(points.max)),
        ("score_uneven", least < most),
    ] {
        assert_eq!(proof.warnings.iter().any(|warning| warning.code == code), wanted, "{code} in {json:#}");
    }
}

fn lengths_agree(proof: &Proof, ways: &[Way], json: &Value) {
    let mut spread: BTreeMap<u32, f64> = BTreeMap::new();
    ways.iter().for_each(|way| *spread.entry(way.answers.len() as u32).or_default() += way.chance);
    let exact = |it| Between { least: it, most: it };
    assert_eq!(proof.items.longest, exact(*spread.keys().next_back().unwrap()), "{json:#}");
    let mut below = 0.0;
    let median = spread.iter().find(|(_, chance)| {
        below += **chance;
        below >= 0.5 - 1e-9
    });
    assert_eq!(proof.items.median, exact(*median.unwrap().0), "{spread:?} in {json:#}");
}

/// Somebody answers so, and whoever does is asked the item.
fn leads_there(reached: &Value, form: &Form, ways: &[Way], json: &Value) {
    let says = |way: &&Way| {
        let said = list(&reached["answers"]).iter().all(|given| {
            let answer = serde_json::from_value::<Option<_>>(given["answer"].clone()).unwrap();
            way.answers.get(given["item"].as_str().unwrap()) == Some(&answer.map_or(Said::Nothing, |it| to_said(&it)))
        });
        let drawn = |id: &Value| way.drawn.contains(&form.place(id.as_str().unwrap()));
        said && list(&reached["drawn"]).iter().all(drawn) && !list(&reached["not_drawn"]).iter().any(drawn)
    };
    let (who, item) = (ways.iter().filter(says).collect::<Vec<_>>(), reached["item"].as_str().unwrap());
    assert!(!who.is_empty(), "nobody answers {reached} in {json:#}");
    assert!(who.iter().all(|way| way.answers.contains_key(item)), "{reached} leads elsewhere too in {json:#}");
}
