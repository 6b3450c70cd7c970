//! Every way of answering a small questionnaire: what can be said to an item, and what can be drawn.

use std::collections::BTreeSet;

use super::form::{Entry, Form, Said, list};

/// Everything that can be said to an item.
pub(crate) fn every_answer(entry: &Entry) -> Vec<Said> {
    let options = entry.options();
    let set = |ids: &[&str]| Said::Options(ids.iter().map(|id| (*id).to_owned()).collect());
    let mut answers = match entry.kind {
        "statement" => vec![Said::Nothing],
        "integer" => {
            let bins = list(&entry.json["bins"]);
            let (least, most) = (bins[0]["from"].as_i64().unwrap(), bins[bins.len() - 1]["to"].as_i64().unwrap());
            (least..=most).map(Said::Number).collect()
        }
        "multiple" => {
            let alone: Vec<bool> =
                list(&entry.json["options"]).iter().map(|option| option["exclusive"] == true).collect();
            let sets = 1..1u32 << options.len();
            let members = |set: u32| (0..options.len()).filter(move |i| set & (1 << i) != 0);
            let taken = sets.filter(|&set| set.count_ones() == 1 || members(set).all(|i| !alone[i]));
            taken.map(|taken| set(&members(taken).map(|i| options[i]).collect::<Vec<_>>())).collect()
        }
        _ => options.iter().map(|id| set(&[id])).collect(),
    };
    for special in entry.specials() {
        answers.extend(match special {
            "dont_know" => Some(Said::DontKnow),
            "refused" => Some(Said::Refused),
            "no_answer" => Some(Said::Nothing),
            _ => None,
        });
    }
    answers
}

/// Every set of items that may be drawn, balanced over topics; all items where there is no draw.
pub(crate) fn draws(form: &Form) -> Vec<BTreeSet<usize>> {
    let all: BTreeSet<usize> = (0..form.items.len()).collect();
    let bank: Vec<usize> = all.iter().copied().filter(|&at| form.items[at].in_bank()).collect();
    let Some(count) = form.json["quiz"]["draw"].as_u64() else { return vec![all] };
    let topic = |at: usize| form.items[at].json["topic"].as_str().unwrap_or_default();
    let balanced = |drawn: &BTreeSet<usize>| {
        let of = |topic_of: usize, among: &BTreeSet<usize>| {
            bank.iter().filter(|at| among.contains(at) && topic(**at) == topic(topic_of)).count()
        };
        bank.iter().all(|&a| bank.iter().all(|&b| of(a, drawn) <= of(b, drawn) + 1 || of(b, drawn) == of(b, &all)))
    };
    let left_out = (0..1u32 << bank.len()).filter(|set| u64::from(set.count_zeros()) + bank.len() as u64 - 32 == count);
    let drawn = |set: u32| {
        let passed_by = (0..bank.len()).filter(|i| set & (1 << i) != 0).map(|i| bank[i]).collect();
        all.difference(&passed_by).copied().collect::<BTreeSet<usize>>()
    };
    left_out.map(drawn).filter(balanced).collect()
}
