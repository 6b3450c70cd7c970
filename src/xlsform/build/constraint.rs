//! Constraints. A questionnaire knows two: the bounds of a number, which its bins are, and options that
//! stand alone. Whatever an author writes is held against these by what it lets pass, not by its spelling.

use super::Builder;
use crate::{
    questionnaire::definition::{Bin, Condition, Item, ItemType},
    xlsform::{
        expression::{Expression, Node, Scope, Truth, parse},
        table::Row,
    },
};

/// An answer to the one question that a condition looks at.
#[derive(Clone, Copy)]
pub(super) enum Answer<'a> {
    Number(i32),
    /// Which options, of those that are named, and how many in all.
    Chosen(&'a [&'a str], u32),
}

/// Options that one part of a constraint may name: all sets of them are tried.
const NAMED: usize = 8;

impl Builder<'_> {
    /// Takes a question's constraint into the question.
    pub(super) fn constraint(&mut self, row: Row, item: &mut Item) {
        let text = row.get("constraint");
        let Some(truth) = self.truth(row, "constraint", Some(&item.id)) else { return };
        if let Truth::When(condition) = &truth
            && !about(condition, &item.id)
        {
            let message = "a constraint that looks at other answers is not kept: ask in `relevant` instead";
            return self.wrong("constraint_not_kept", row, "constraint", message);
        }
        match (item.kind, &truth) {
            (_, Truth::Always) => {}
            (_, Truth::Never) => self.wrong("never_met", row, "constraint", "no answer meets this"),
            (ItemType::Integer, Truth::When(condition)) => {
                if let Some(number) = refused_number(&item.bins, condition) {
                    let message = format!(
                        "refuses {number}, which a bin takes: begin the first bin and end the last where the constraint does"
                    );
                    self.wrong("constraint_not_kept", row, "constraint", message);
                }
            }
            (ItemType::Multiple, Truth::When(_)) => match self.alone(text, item) {
                Some(alone) => {
                    for option in item.options.iter_mut().filter(|option| alone.contains(&option.id)) {
                        option.exclusive = true;
                    }
                }
                None => {
                    let message = "of a select_multiple only options that stand alone are kept, for example \
                                   not(selected(., 'none') and count-selected(.) > 1)";
                    self.wrong("constraint_not_kept", row, "constraint", message);
                }
            },
            _ => {
                let message =
                    "an option that may not be chosen is left out of the list; use `relevant` to ask only some";
                self.wrong("constraint_not_kept", row, "constraint", message);
            }
        }
    }

    /// The options that stand alone, if that is all the constraint says; each part of a chain by itself.
    fn alone(&self, text: &str, item: &Item) -> Option<Vec<String>> {
        let expression = parse(text).ok()?;
        let parts = match expression.node {
            Node::And(parts) => parts,
            _ => vec![expression],
        };
        let mut alone = Vec::new();
        for part in parts {
            alone.extend(self.alone_in(&part, item)?);
        }
        Some(alone)
    }

    fn alone_in(&self, part: &Expression, item: &Item) -> Option<Vec<String>> {
        let condition = match Scope::new(&self.names, Some(&item.id)).truth(part).ok()? {
            Truth::Always => return Some(Vec::new()),
            Truth::Never => return None,
            Truth::When(condition) => condition,
        };
        let mut named = Vec::new();
        options(&condition, &mut named);
        if named.len() > NAMED {
            return None;
        }
        let others = (item.options.len() - named.len()) as u32;
        // Sets of the named options, each with so many of the others.
        let sets = (0_usize..1 << named.len()).map(|set| {
            let chosen = named.iter().enumerate().filter(|(i, _)| set & (1 << i) != 0);
            chosen.map(|(_, option)| option.as_str()).collect::<Vec<&str>>()
        });
        let sets: Vec<(Vec<&str>, u32)> =
            sets.flat_map(|set| (0..=others).map(move |more| (set.clone(), set.len() as u32 + more))).collect();
        let passes = |chosen: &[&str], count| holds(&condition, Answer::Chosen(chosen, count));
        let alone: Vec<String> = named
            .iter()
            .filter(|option| {
                sets.iter().all(|(set, count)| *count < 2 || !set.contains(&option.as_str()) || !passes(set, *count))
            })
            .cloned()
            .collect();
        let right = |(set, count): &(Vec<&str>, u32)| {
            *count == 0
                || passes(set, *count) == (*count == 1 || !set.iter().any(|option| alone.iter().any(|it| it == option)))
        };
        sets.iter().all(right).then_some(alone)
    }
}

/// A number that a bin takes and the constraint does not.
fn refused_number(bins: &[Bin], condition: &Condition) -> Option<i32> {
    let mut edges: Vec<i32> = bins.iter().flat_map(|bin| [bin.from, bin.to]).collect();
    bounds(condition, &mut edges);
    edges.sort_unstable();
    let (first, last) = (bins.first()?.from, bins.last()?.to);
    edges.into_iter().find(|edge| (first..=last).contains(edge) && !holds(condition, Answer::Number(*edge)))
}

/// The numbers at which a condition may change.
fn bounds(condition: &Condition, into: &mut Vec<i32>) {
    match condition {
        Condition::And(it) | Condition::Or(it) => it.of.iter().for_each(|part| bounds(part, into)),
        Condition::Not(it) => bounds(&it.of, into),
        Condition::Range(it) => {
            into.extend(it.min.into_iter().flat_map(|min| [min.saturating_sub(1), min]));
            into.extend(it.max.into_iter().flat_map(|max| [max, max.saturating_add(1)]));
        }
        Condition::AnyOf(_) | Condition::Count(_) => {}
    }
}

/// The options that a condition names, each once.
fn options(condition: &Condition, into: &mut Vec<String>) {
    match condition {
        Condition::And(it) | Condition::Or(it) => it.of.iter().for_each(|part| options(part, into)),
        Condition::Not(it) => options(&it.of, into),
        Condition::AnyOf(it) => {
            for option in &it.options {
                if !into.contains(option) && !matches!(option.as_str(), "dont_know" | "refused" | "no_answer") {
                    into.push(option.clone());
                }
            }
        }
        Condition::Count(_) | Condition::Range(_) => {}
    }
}

/// Whether a condition looks at this item alone.
fn about(condition: &Condition, id: &str) -> bool {
    match condition {
        Condition::And(it) | Condition::Or(it) => it.of.iter().all(|part| about(part, id)),
        Condition::Not(it) => about(&it.of, id),
        Condition::AnyOf(it) => it.item == id,
        Condition::Count(it) => it.item == id,
        Condition::Range(it) => it.item == id,
    }
}

/// Whether a condition holds for an answer.
pub(super) fn holds(condition: &Condition, answer: Answer) -> bool {
    match (condition, answer) {
        (Condition::And(it), _) => it.of.iter().all(|part| holds(part, answer)),
        (Condition::Or(it), _) => it.of.iter().any(|part| holds(part, answer)),
        (Condition::Not(it), _) => !holds(&it.of, answer),
        (Condition::AnyOf(it), Answer::Chosen(chosen, _)) => it.options.iter().any(|it| chosen.contains(&it.as_str())),
        (Condition::Count(it), Answer::Chosen(_, count)) => {
            count > 0 && (it.min.unwrap_or(0)..=it.max.unwrap_or(u32::MAX)).contains(&count)
        }
        (Condition::Range(it), Answer::Number(number)) => {
            (it.min.unwrap_or(i32::MIN)..=it.max.unwrap_or(i32::MAX)).contains(&number)
        }
        _ => false,
    }
}
