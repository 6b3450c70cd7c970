//! Proof before printing: what every respondent of a questionnaire can come to, told before the first is asked.
//!
//! ```text
//! Questionnaire ──▶ circuit: who is asked what, over free choices ──SAT──▶ what holds for somebody, for everybody
//!                                                                ──SAT──▶ the shortest list of answers to each item
//!                                                    ──decision diagram──▶ the longest way and the median, all scores
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
mod points;
mod reading;
mod solve;
mod way;
mod wording;

use std::collections::BTreeSet;

use serde::Serialize;

pub(crate) use self::figure::stretches;
use self::{
    circuit::Lit,
    model::Model,
    solve::Possible,
    way::{Rails, Way},
};
pub use self::{
    length::{Between, Length},
    points::Points,
};
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
    /// The scores of a quiz.
    pub points: Option<Points>,
    /// Cells of the layout.
    pub cells: usize,
    /// Bytes of one respondent's report.
    pub report_bytes: usize,
    /// What it took.
    pub effort: Effort,
    /// What is wrong.
    #[serde(skip)]
    pub faults: Vec<Fault>,
    /// What may be wrong.
    #[serde(skip)]
    pub warnings: Vec<Fault>,
}

/// What a proof took, the same on every machine: no way of answering is gone through on its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Effort {
    /// So often a solver was asked.
    pub solver_calls: usize,
    /// Dead ends that solvers ran into.
    pub conflicts: usize,
    /// Nodes of decision diagrams.
    pub diagram_nodes: usize,
}

impl Effort {
    fn add(&mut self, other: Self) {
        self.solver_calls += other.solver_calls;
        self.conflicts += other.conflicts;
        self.diagram_nodes += other.diagram_nodes;
    }
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
    let (mut findings, mut effort) = (Findings::default(), Effort::default());
    let mut model = Model::of(questionnaire);
    let conditions = condition::conditions(&mut model);
    let joints = figure::joints(&mut model);
    let scored = model.scores();
    let model = model;
    let mut possible = Possible::new(&model);
    let asked: BTreeSet<Lit> = model.asked.iter().copied().filter(|asked| possible.ever(*asked)).collect();
    let ways = Rails::of(&model).shortest_each(&asked, &mut effort);
    for (index, _) in model.asked.iter().enumerate().filter(|(_, lit)| !asked.contains(lit)) {
        let message = fault::unreachable(&questionnaire.items[index].definition.id);
        findings.fault("unreachable", &item_at(questionnaire, index), message);
    }
    for condition in &conditions {
        condition::judge(condition, true, &mut possible, &mut findings);
    }
    figure::judge(&model, &joints, &mut possible, &mut findings);
    let points = points::points(&model, &scored, &mut effort);
    figure::quiz(questionnaire, points.as_ref(), &mut findings);
    wording::texts_judged(questionnaire, &mut findings);
    wording::items_judged(questionnaire, &mut findings);
    let seconds: Vec<u32> = questionnaire.items.iter().map(|item| reading::seconds(questionnaire, item)).collect();
    let [items, seconds] = length::lengths(&model, [&vec![1; seconds.len()], &seconds], &mut effort);
    effort.add(possible.effort());
    let way = |(index, lit)| ways.get(lit).map(|way| reached(questionnaire, index, way));
    Proof {
        ways: model.asked.iter().enumerate().filter_map(way).collect(),
        items,
        seconds,
        points,
        cells: questionnaire.layout.len(),
        report_bytes: split::report_bytes(questionnaire.layout.len()),
        effort,
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
