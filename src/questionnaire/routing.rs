//! Conditions with their references resolved, and the proof that an item can be reached.

use super::{Item, OptionSet};
use crate::{item, response::Given};

/// When an item is asked, as a function of the answers to earlier items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// All hold.
    And(Vec<Rule>),
    /// At least one holds.
    Or(Vec<Rule>),
    /// It does not hold.
    Not(Box<Rule>),
    /// One of the options was chosen, or the answer was one of the special ones.
    AnyOf {
        /// Index of an earlier item.
        item: usize,
        /// Its options.
        options: OptionSet,
        /// *Don't know* counts.
        dont_know: bool,
        /// Refused counts.
        refused: bool,
        /// Passed over counts.
        no_answer: bool,
    },
    /// So many options were chosen; an item that was not answered has no count.
    Count {
        /// Index of an earlier item.
        item: usize,
        /// At least.
        min: u32,
        /// At most.
        max: u32,
    },
    /// The number lies within these bounds.
    Range {
        /// Index of an earlier item.
        item: usize,
        /// No less.
        min: i32,
        /// No more.
        max: i32,
    },
}

impl Rule {
    /// Whether it holds, given what was answered so far (by item index).
    pub fn holds(&self, given: &[Given]) -> bool {
        match self {
            Self::And(rules) => rules.iter().all(|rule| rule.holds(given)),
            Self::Or(rules) => rules.iter().any(|rule| rule.holds(given)),
            Self::Not(rule) => !rule.holds(given),
            Self::AnyOf { item, options, dont_know, refused, no_answer } => match given[*item] {
                Given::One(option) => options & (1 << option) != 0,
                Given::Many(chosen) => options & chosen != 0,
                Given::DontKnow => *dont_know,
                Given::Refused => *refused,
                Given::NoAnswer => *no_answer,
                Given::Number(_) | Given::NotAsked => false,
            },
            Self::Count { item, min, max } => match given[*item] {
                Given::Many(chosen) => (*min..=*max).contains(&chosen.count_ones()),
                _ => false,
            },
            Self::Range { item, min, max } => match given[*item] {
                Given::Number(number) => (*min..=*max).contains(&number),
                _ => false,
            },
        }
    }

    /// Whether it holds, as far as that can be told while some items are still to be answered: `None` if
    /// their answers decide.
    pub fn decided(&self, given: &[Given], open: &[bool]) -> Option<bool> {
        match self {
            Self::And(rules) => decided_by(rules, false, given, open),
            Self::Or(rules) => decided_by(rules, true, given, open),
            Self::Not(rule) => rule.decided(given, open).map(|holds| !holds),
            Self::AnyOf { item, .. } | Self::Count { item, .. } | Self::Range { item, .. } => {
                (!open[*item]).then(|| self.holds(given))
            }
        }
    }

    /// The items it looks at.
    fn items(&self) -> Vec<usize> {
        let mut items = Vec::new();
        self.visit(&mut |rule| {
            if let Self::AnyOf { item, .. } | Self::Count { item, .. } | Self::Range { item, .. } = rule {
                items.push(*item);
            }
        });
        items
    }

    /// Shows each of its parts, itself first.
    pub(crate) fn visit<'r>(&'r self, see: &mut impl FnMut(&'r Rule)) {
        see(self);
        match self {
            Self::And(rules) | Self::Or(rules) => rules.iter().for_each(|rule| rule.visit(see)),
            Self::Not(rule) => rule.visit(see),
            Self::AnyOf { .. } | Self::Count { .. } | Self::Range { .. } => {}
        }
    }
}

/// One rule that is `decisive` decides; all that are not decide the other way; else it is open.
fn decided_by(rules: &[Rule], decisive: bool, given: &[Given], open: &[bool]) -> Option<bool> {
    let mut all = true;
    for rule in rules {
        match rule.decided(given, open) {
            Some(holds) if holds == decisive => return Some(decisive),
            Some(_) => {}
            None => all = false,
        }
    }
    all.then_some(!decisive)
}

/// So many states are looked at before an item is believed to be reachable.
const STATES: usize = 1 << 16;

/// Whether some way of answering leads to the item: every distinguishable answer to every item
/// that its condition rests on is tried, up to [`STATES`] of them. With `draws`, a scored item may not
/// be drawn even where its condition holds.
pub(super) fn reachable(items: &[Item], draws: bool, target: usize) -> bool {
    let Some(rule) = &items[target].ask_if else { return true };
    let mut wanted = vec![false; items.len()];
    let mut open = vec![rule];
    while let Some(rule) = open.pop() {
        for index in rule.items() {
            if !std::mem::replace(&mut wanted[index], true) {
                open.extend(items[index].ask_if.as_ref());
            }
        }
    }
    let needed: Vec<usize> = (0..items.len()).filter(|&index| wanted[index]).collect();
    let rules: Vec<&Rule> = needed.iter().filter_map(|&index| items[index].ask_if.as_ref()).chain([rule]).collect();
    let mut answers = Vec::with_capacity(needed.len());
    for &index in &needed {
        let Some(mut distinct) = distinct_answers(items, index, &rules) else { return true };
        distinct.extend((draws && items[index].scored()).then_some(Given::NotAsked));
        answers.push(distinct);
    }
    let mut given = vec![Given::NotAsked; items.len()];
    let mut budget = STATES;
    search(items, &needed, &answers, rule, &mut given, &mut budget)
}

/// Goes through the answers to the needed items in order, keeping to the routing.
fn search(
    items: &[Item],
    needed: &[usize],
    answers: &[Vec<Given>],
    target: &Rule,
    given: &mut Vec<Given>,
    budget: &mut usize,
) -> bool {
    let Some((&index, rest)) = needed.split_first() else {
        *budget = budget.saturating_sub(1);
        return *budget == 0 || target.holds(given);
    };
    let asked = items[index].ask_if.as_ref().is_none_or(|rule| rule.holds(given));
    let not_asked = [Given::NotAsked];
    let choices = if asked { &answers[0][..] } else { &not_asked[..] };
    for &answer in choices {
        given[index] = answer;
        if search(items, rest, &answers[1..], target, given, budget) {
            return true;
        }
    }
    given[index] = Given::NotAsked;
    false
}

/// One answer for each way in which the rules can tell answers to this item apart; `None` if there are too many.
fn distinct_answers(items: &[Item], index: usize, rules: &[&Rule]) -> Option<Vec<Given>> {
    let mut given = vec![Given::NotAsked; items.len()];
    let mut atoms = Vec::new();
    for rule in rules {
        rule.visit(&mut |atom| match atom {
            Rule::AnyOf { item, .. } | Rule::Count { item, .. } | Rule::Range { item, .. } if *item == index => {
                atoms.push(atom.clone());
            }
            _ => {}
        });
    }
    let mut seen: Vec<Vec<bool>> = Vec::new();
    let mut answers = item::candidates(&items[index], &atoms)?;
    answers.retain(|&answer| {
        given[index] = answer;
        let told: Vec<bool> = atoms.iter().map(|atom| atom.holds(&given)).collect();
        let new = !seen.contains(&told);
        seen.extend(new.then_some(told));
        new
    });
    Some(answers)
}
