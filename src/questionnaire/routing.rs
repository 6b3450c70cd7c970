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
        self.decided(given, &[]) == Some(true)
    }

    /// Whether it holds, as far as that can be told while some items are still to be answered: `None` if
    /// their answers decide.
    pub fn decided(&self, given: &[Given], open: &[bool]) -> Option<bool> {
        let (item, holds) = match self {
            Self::And(rules) => return decided_by(rules, false, given, open),
            Self::Or(rules) => return decided_by(rules, true, given, open),
            Self::Not(rule) => return rule.decided(given, open).map(|holds| !holds),
            Self::AnyOf { item, options, dont_know, refused, no_answer } => (
                *item,
                match given[*item] {
                    Given::One(option) => options & (1 << option) != 0,
                    Given::Many(chosen) => options & chosen != 0,
                    Given::DontKnow => *dont_know,
                    Given::Refused => *refused,
                    Given::NoAnswer => *no_answer,
                    Given::Number(_) | Given::NotAsked => false,
                },
            ),
            Self::Count { item, min, max } => {
                (*item, matches!(given[*item], Given::Many(chosen) if (*min..=*max).contains(&chosen.count_ones())))
            }
            Self::Range { item, min, max } => {
                (*item, matches!(given[*item], Given::Number(number) if (*min..=*max).contains(&number)))
            }
        };
        (open.get(item) != Some(&true)).then_some(holds)
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

/// So many ways of answering are looked at in all before an item is believed to be reachable, …
pub(super) const WAYS: u32 = 1 << 16;

/// … and so many for each item in any case, …
const TRY: u32 = 64;

/// … from so many beginnings.
const TRIES: usize = 16;

/// Whether some way of answering leads to the item: every distinguishable answer to every item that its condition
/// rests on is tried, as far as `left` allows, from which is taken what a long search takes. With `draws`, a scored
/// item may not be drawn even where its condition holds.
pub(super) fn reachable(items: &[Item], draws: bool, target: usize, left: &mut u32) -> bool {
    let Some(rule) = &items[target].ask_if else { return true };
    let mut atoms = vec![Vec::new(); items.len()];
    let mut rules = vec![rule];
    while let Some(rule) = rules.pop() {
        rule.visit(&mut |atom| {
            if let Rule::AnyOf { item, .. } | Rule::Count { item, .. } | Rule::Range { item, .. } = atom {
                if atoms[*item].is_empty() {
                    rules.extend(&items[*item].ask_if);
                }
                atoms[*item].push(atom.clone());
            }
        });
    }
    let mut steps = Vec::new();
    for (item, atoms) in atoms.iter().enumerate().filter(|(_, atoms)| !atoms.is_empty()) {
        let Some(mut answers) = distinct_answers(items, item, atoms) else { return true };
        answers.extend((draws && items[item].scored()).then_some(Given::NotAsked));
        steps.push((item, answers));
    }
    let (given, open) = (vec![Given::NotAsked; items.len()], vec![true; items.len()]);
    let mut search = Search { items, rule, given, open, left: 0 };
    for turn in 0..TRIES {
        search.left = TRY;
        if search.leads_there(&steps) {
            return true;
        }
        if search.left > 0 {
            return false;
        }
        // Another beginning.
        for (place, (_, answers)) in steps.iter_mut().enumerate() {
            let by = (place * turn + 1) % answers.len();
            answers.rotate_left(by);
        }
    }
    search.left = *left;
    let found = search.leads_there(&steps);
    *left = search.left.max(1);
    found || search.left == 0
}

/// A search for a way of answering under which a condition holds.
struct Search<'q> {
    items: &'q [Item],
    rule: &'q Rule,
    given: Vec<Given>,
    /// Those still to be answered.
    open: Vec<bool>,
    /// So many ways may still be looked at.
    left: u32,
}

impl Search<'_> {
    /// Goes through the answers to items in order, keeping to the routing, until they decide.
    fn leads_there(&mut self, steps: &[(usize, Vec<Given>)]) -> bool {
        let decided = self.rule.decided(&self.given, &self.open);
        let (None, Some(((item, answers), rest))) = (decided, steps.split_first()) else {
            self.left -= 1;
            return decided == Some(true);
        };
        let asked = self.items[*item].ask_if.as_ref().is_none_or(|rule| rule.holds(&self.given));
        let choices = if asked { &answers[..] } else { &[Given::NotAsked] };
        self.open[*item] = false;
        let found = choices.iter().any(|&answer| {
            self.given[*item] = answer;
            self.left > 0 && self.leads_there(rest)
        });
        self.open[*item] = true;
        found
    }
}

/// One answer for each way in which the comparisons tell answers to this item apart; `None` if there are too many.
fn distinct_answers(items: &[Item], index: usize, atoms: &[Rule]) -> Option<Vec<Given>> {
    let mut given = vec![Given::NotAsked; items.len()];
    let mut seen: Vec<Vec<bool>> = Vec::new();
    let mut answers = item::candidates(&items[index], atoms)?;
    answers.retain(|&answer| {
        given[index] = answer;
        let told: Vec<bool> = atoms.iter().map(|atom| atom.holds(&given)).collect();
        let new = !seen.contains(&told);
        seen.extend(new.then_some(told));
        new
    });
    Some(answers)
}
