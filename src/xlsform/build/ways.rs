//! The ways of answering what a `choice_filter` looks at: towns, then villages of the town, then what depends on
//! both. Each driver is a choice of one, or the questions that one became; a way has an answer to each, or none.

use std::collections::{BTreeMap, HashMap};

use super::{Builder, condition::Pending};
use crate::{
    questionnaire::definition::{AnyOf, Condition, ItemType, Negated, Several},
    xlsform::expression::{Subject, Truth},
};

/// What options depend on.
pub(super) struct Driver {
    /// Name of the question in the form.
    pub(super) name: String,
    parts: Vec<Part>,
    /// It or a group around it has a condition: there may be no answer.
    passable: bool,
}

/// One of the questions that a driver is.
struct Part {
    item: String,
    answers: Vec<String>,
    /// When it is asked, if its driver is; always if not said.
    offered: Option<Condition>,
}

/// What was answered to a driver: which of its parts, and which of the answers; nothing if it was not asked.
pub(super) type State = Option<(usize, usize)>;

/// An answer to each driver.
pub(super) type Way = Vec<State>;

/// Answers by item.
pub(super) type Answers<'d> = HashMap<&'d str, &'d str>;

/// So many ways are looked at.
pub(super) const WAYS: usize = 10_000;

impl Builder<'_> {
    /// The choices that these items are or are parts of, and all that those depend on, in the order in which they
    /// are asked; `None` if one is no choice of one.
    pub(super) fn drivers(&self, looked_at: &[String]) -> Option<Vec<Driver>> {
        let mut drivers: BTreeMap<usize, Driver> = BTreeMap::new();
        let mut wanted: Vec<String> = looked_at.to_vec();
        while let Some(item) = wanted.pop() {
            if drivers.values().any(|driver| driver.parts.iter().any(|part| part.item == item)) {
                continue;
            }
            let split = self.names.iter().find_map(|(name, subject)| match subject {
                Subject::Split(parts) if parts.contains(&item) => Some((name.clone(), parts.clone())),
                _ => None,
            });
            let (name, items) = split.unwrap_or_else(|| (item.clone(), vec![item]));
            let (mut parts, mut at, mut passable) = (Vec::new(), 0, false);
            for item in items {
                let (position, may_be_passed_by, offered) = self.asked_when(&item)?;
                offered.iter().for_each(|condition| items_of(condition, &mut wanted));
                let answers = self.answers_of(&item)?;
                (at, passable) = (position, passable || may_be_passed_by);
                parts.push(Part { item, answers, offered });
            }
            drivers.insert(at, Driver { name, parts, passable });
        }
        Some(drivers.into_values().collect())
    }

    /// Where an item stands, whether its row or a group around it has a condition, and what it became a part by.
    fn asked_when(&self, item: &str) -> Option<(usize, bool, Option<Condition>)> {
        let conditional = |row: &crate::xlsform::table::Row| !row.get("relevant").is_empty();
        let mut around = (usize::MAX, false);
        for (position, pending) in self.pending.iter().enumerate() {
            match pending {
                Pending::Section { section, groups } => around = (*section, groups.iter().any(conditional)),
                Pending::Item { section, item: index, row, offered }
                    if self.definition.sections[*section].items[*index].id == item =>
                {
                    let within = around.0 == *section && around.1;
                    return Some((position, conditional(row) || within, offered.clone()));
                }
                _ => {}
            }
        }
        None
    }

    /// All answers to a choice of one.
    fn answers_of(&self, name: &str) -> Option<Vec<String>> {
        match self.names.get(name)? {
            Subject::Item {
                kind: ItemType::Single | ItemType::Rating | ItemType::YesNo, options, specials, ..
            } => {
                let specials = specials.iter().map(|special| (*special).to_owned());
                Some(options.iter().cloned().chain(specials).collect())
            }
            _ => None,
        }
    }
}

/// All ways that there are; `None` if they are more than [`WAYS`].
pub(super) fn ways(drivers: &[Driver]) -> Option<Vec<Way>> {
    let mut ways: Vec<Way> = vec![Vec::new()];
    for driver in drivers {
        let mut longer = Vec::new();
        for way in ways {
            let given = answers(drivers, &way);
            let asked = |part: &Part| part.offered.as_ref().is_none_or(|condition| met(condition, &given));
            let parts = driver.parts.iter().enumerate().filter(|(_, part)| asked(part));
            let mut states: Vec<State> =
                parts.flat_map(|(at, part)| (0..part.answers.len()).map(move |answer| Some((at, answer)))).collect();
            if driver.passable || states.is_empty() {
                states.push(None);
            }
            longer.extend(states.into_iter().map(|state| [&way[..], &[state]].concat()));
            if longer.len() > WAYS {
                return None;
            }
        }
        ways = longer;
    }
    Some(ways)
}

/// A way as answers.
pub(super) fn answers<'d>(drivers: &'d [Driver], way: &[State]) -> Answers<'d> {
    let given = drivers.iter().zip(way).filter_map(|(driver, state)| {
        let (part, answer) = (*state)?;
        let part = &driver.parts[part];
        Some((part.item.as_str(), part.answers[answer].as_str()))
    });
    given.collect()
}

/// The answer to a driver; empty if it was not asked.
pub(super) fn answer(driver: &Driver, state: State) -> &str {
    state.map_or("", |(part, answer)| &driver.parts[part].answers[answer])
}

/// Whether a condition over choices of one holds.
pub(super) fn met(condition: &Condition, given: &Answers) -> bool {
    match condition {
        Condition::And(it) => it.of.iter().all(|part| met(part, given)),
        Condition::Or(it) => it.of.iter().any(|part| met(part, given)),
        Condition::Not(it) => !met(&it.of, given),
        Condition::AnyOf(it) => {
            given.get(it.item.as_str()).is_some_and(|answer| it.options.iter().any(|it| it == answer))
        }
        Condition::Count(_) | Condition::Range(_) => false,
    }
}

/// The drivers without which the sets could not be told apart: who chose a village has told the town.
pub(super) fn needed(drivers: usize, ways: &[(Way, usize)]) -> Vec<usize> {
    let mut needed: Vec<usize> = (0..drivers).collect();
    for dropped in 0..drivers {
        let rest: Vec<usize> = needed.iter().copied().filter(|driver| *driver != dropped).collect();
        let mut seen: HashMap<Way, usize> = HashMap::new();
        let told = ways.iter().all(|(way, set)| {
            let part: Way = rest.iter().map(|driver| way[*driver]).collect();
            *seen.entry(part).or_insert(*set) == *set
        });
        if told {
            needed = rest;
        }
    }
    needed
}

/// When the answers lead to a set: told over the needed drivers, the first of them first.
pub(super) fn when(drivers: &[Driver], needed: &[usize], ways: &[(Way, usize)], set: usize) -> Truth {
    let Some((first, rest)) = needed.split_first() else {
        return if ways.iter().any(|(_, it)| *it == set) { Truth::Always } else { Truth::Never };
    };
    let mut states: Vec<State> = Vec::new();
    let mut by_state: HashMap<State, Vec<(Way, usize)>> = HashMap::new();
    for (way, set) in ways {
        let state = way[*first];
        by_state.entry(state).or_insert_with(|| {
            states.push(state);
            Vec::new()
        });
        by_state.entry(state).or_default().push((way.clone(), *set));
    }
    let mut cases: Vec<(Truth, Vec<State>)> = Vec::new();
    for state in &states {
        let then = when(drivers, rest, &by_state[state], set);
        match cases.iter_mut().find(|(case, _)| *case == then) {
            Some((_, same)) => same.push(*state),
            None => cases.push((then, vec![*state])),
        }
    }
    if let [(then, _)] = cases.as_slice() {
        return then.clone();
    }
    let cases = cases.into_iter().filter(|(then, _)| *then != Truth::Never);
    Truth::some(cases.map(|(then, of)| Truth::every([gives(&drivers[*first], &of, &states), then])))
}

/// When a driver is in one of these states, of all that can be.
fn gives(driver: &Driver, states: &[State], all: &[State]) -> Truth {
    let any = |states: &[State]| {
        let parts = driver.parts.iter().enumerate().map(|(at, part)| {
            let of = states.iter().flatten().filter(|(it, _)| *it == at);
            AnyOf { item: part.item.clone(), options: of.map(|(_, answer)| part.answers[*answer].clone()).collect() }
        });
        let mut of: Vec<Condition> = parts.filter(|part| !part.options.is_empty()).map(Condition::AnyOf).collect();
        if of.len() < 2 { of.pop() } else { Some(Condition::Or(Several { of })) }
    };
    if !states.contains(&None) {
        return any(states).map_or(Truth::Never, Truth::When);
    }
    let others: Vec<State> = all.iter().copied().filter(|state| !states.contains(state)).collect();
    any(&others).map_or(Truth::Always, |of| Truth::When(Condition::Not(Negated { of: Box::new(of) })))
}

/// The items that a condition looks at, each once.
pub(super) fn items_of(condition: &Condition, into: &mut Vec<String>) {
    let item = match condition {
        Condition::And(it) | Condition::Or(it) => return it.of.iter().for_each(|part| items_of(part, into)),
        Condition::Not(it) => return items_of(&it.of, into),
        Condition::AnyOf(it) => &it.item,
        Condition::Count(it) => &it.item,
        Condition::Range(it) => &it.item,
    };
    if !into.contains(item) {
        into.push(item.clone());
    }
}
