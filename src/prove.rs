//! Proof before printing: what every respondent of a questionnaire can come to, told before the first is asked.
//!
//! ```text
//! Questionnaire ──▶ circuit: who is asked what, over free choices ──SAT──▶ what holds for somebody, for everybody
//!                                                                ──SAT──▶ the shortest list of answers to each item
//!                                                    ──decision diagram──▶ the longest way and the median
//! ```
//!
//! Answers are finite, and only those count that a condition tells apart, so every respondent is a row of yes and
//! no. Whether one exists of whom something holds is decided by a SAT solver and never guessed: two hundred items
//! whose conditions look far back would burst any diagram of all states, and are a small task to it. Sums along
//! the way are what a diagram can do and a solver cannot; where one grows too large, bounds are told instead of a
//! figure. A draw from a bank is a choice like an answer, kept to the draws that can come.
//!
//! Conditions look back only, so every path ends; that is checked when a questionnaire is parsed. So is whether an
//! item can be reached, as far as a phone can tell; what is believed there is proved here.
//!
//! What is wrong is a fault; what may be meant so is a warning.

mod circuit;
mod condition;
mod diagram;
mod figure;
mod length;
mod model;
mod people;
mod reading;
mod solve;
mod way;
mod wording;

use std::collections::HashMap;

use serde::Serialize;

pub use self::length::{Between, Length};
use self::{model::Model, solve::Possible, way::Way};
use crate::{
    item::{self, Answer},
    questionnaire::{Fault, Questionnaire, fault},
    split,
};

/// What is proved of a questionnaire.
#[derive(Clone, Serialize)]
pub struct Proof {
    /// The way to each item that somebody is asked, in the order of the items.
    pub ways: Vec<Reached>,
    /// How many items are asked of a respondent, statements included.
    pub items: Length,
    /// How many seconds a respondent takes, as assumed in `prove::reading`.
    pub seconds: Length,
    /// Cells of the layout.
    pub cells: usize,
    /// Bytes of one respondent's report.
    pub report_bytes: usize,
    /// What is wrong.
    #[serde(skip)]
    pub faults: Vec<Fault>,
    /// What may be wrong.
    #[serde(skip)]
    pub warnings: Vec<Fault>,
}

/// The fewest answers that lead to an item: it is asked of whoever gives them, whatever else they answer.
#[derive(Clone, Serialize)]
pub struct Reached {
    /// The item.
    pub item: String,
    /// The answers, in the order asked; none where everybody is asked.
    pub answers: Vec<Given>,
    /// Items of the bank that must be drawn.
    pub drawn: Vec<String>,
    /// Items of the bank that must not be drawn.
    pub not_drawn: Vec<String>,
    /// Proved to be the fewest.
    pub shortest: bool,
}

/// An answer on a way.
#[derive(Clone, Serialize)]
pub struct Given {
    /// The item.
    pub item: String,
    /// What is answered; nothing where the item is passed over.
    pub answer: Option<Answer>,
}

/// What was found.
#[derive(Default)]
struct Findings {
    faults: Vec<Fault>,
    warnings: Vec<Fault>,
}

impl Findings {
    fn fault(&mut self, code: &'static str, at: &str, message: String) {
        self.faults.push(Fault { code, at: at.to_owned(), message, line: None, column: None });
    }

    fn warn(&mut self, code: &'static str, at: &str, message: String) {
        self.warnings.push(Fault { code, at: at.to_owned(), message, line: None, column: None });
    }
}

/// Proves what can be proved of a questionnaire.
pub fn prove(questionnaire: &Questionnaire) -> Proof {
    let mut findings = Findings::default();
    let mut model = Model::of(questionnaire);
    let conditions = condition::conditions(&mut model);
    let joints = figure::joints(&mut model);
    let model = model;
    let mut possible = Possible::new(&model);
    let mut ways = Vec::new();
    let mut known: HashMap<circuit::Lit, Option<Way>> = HashMap::new();
    for (index, &asked) in model.asked.iter().enumerate() {
        if possible.ever(asked) {
            let way = known.entry(asked).or_insert_with(|| way::shortest(&model, asked));
            ways.extend(way.as_ref().map(|way| reached(questionnaire, index, way)));
        } else {
            let message = fault::unreachable(&questionnaire.items[index].definition.id);
            findings.fault("unreachable", &item_at(questionnaire, index), message);
        }
    }
    for condition in &conditions {
        condition::judge(condition, true, &mut possible, &mut findings);
    }
    figure::judge(&model, &joints, &mut possible, &mut findings);
    figure::quiz(&model, &mut findings);
    wording::texts_judged(questionnaire, &mut findings);
    wording::items_judged(questionnaire, &mut findings);
    let seconds: Vec<u32> = questionnaire.items.iter().map(|item| reading::seconds(questionnaire, item)).collect();
    Proof {
        ways,
        items: length::length(&model, &vec![1; seconds.len()]),
        seconds: length::length(&model, &seconds),
        cells: questionnaire.layout.len(),
        report_bytes: split::report_bytes(questionnaire.layout.len()),
        faults: findings.faults,
        warnings: findings.warnings,
    }
}

fn reached(questionnaire: &Questionnaire, index: usize, way: &Way) -> Reached {
    let id = |index: usize| questionnaire.items[index].definition.id.clone();
    let answer = |(&index, &given)| Given { item: id(index), answer: item::chosen(&questionnaire.items[index], given) };
    let drawn = |drawn: bool| way.drawn.iter().filter(|(_, it)| **it == drawn).map(|(&index, _)| id(index)).collect();
    Reached {
        item: id(index),
        answers: way.answered.iter().map(answer).collect(),
        drawn: drawn(true),
        not_drawn: drawn(false),
        shortest: way.shortest,
    }
}

/// The place of an item in its file, as a JSON pointer.
fn item_at(questionnaire: &Questionnaire, index: usize) -> String {
    let section = questionnaire.items[index].section;
    let first = questionnaire.items.iter().position(|item| item.section == section).unwrap_or(index);
    format!("/sections/{section}/items/{}", index - first)
}
