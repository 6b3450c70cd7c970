//! `multiple`: any number of options; an exclusive one stands alone.

use rand::{Rng, RngExt};

use super::{Answer, Control, Count, Kind, Refusal, Shown, Takes, set_of};
use crate::{
    questionnaire::{Faults, Item, OptionSet, Rule, definition, definition::Order, read::Place},
    response::Given,
};

pub(super) struct Multiple;

/// So many sets of options are tried in the proof that an item can be reached, before it is believed.
const SETS: usize = 4_096;

impl Kind for Multiple {
    fn check(&self, item: &definition::Item, at: &Place, faults: &mut Faults) {
        let order = &[Order::Fixed, Order::Reversible, Order::Shuffled];
        Takes { options: true, bins: false, order, specials: true, key: true }.check(item, at, faults);
    }

    fn count(&self) -> Count {
        Count::MultiHot
    }

    fn control(&self, _: &Item, shown: Vec<Shown>) -> Control {
        Control::Many { options: shown }
    }

    fn accept(&self, item: &Item, answer: &Answer) -> Result<Given, Refusal> {
        let Answer::Options(ids) = answer else { return Err(Refusal::WrongAnswer) };
        let set = set_of(item, ids).ok_or(Refusal::WrongAnswer)?;
        if set & exclusive(item) != 0 && set.count_ones() > 1 {
            return Err(Refusal::WrongAnswer);
        }
        // Nothing ticked is no answer; "none of these" is an option.
        Ok(if set == 0 { Given::NoAnswer } else { Given::Many(set) })
    }

    fn imagine(&self, item: &Item, rng: &mut dyn Rng) -> Given {
        let set = (0..item.options.len())
            .filter(|_| rng.random_range(0..3u32) == 0)
            .fold(0, |set, option| set | (1 << option));
        let alone = exclusive(item);
        if set & !alone != 0 {
            return Given::Many(set & !alone);
        }
        let any = if alone != 0 { alone.trailing_zeros() } else { rng.random_range(0..item.options.len() as u32) };
        Given::Many(1 << any)
    }

    fn candidates(&self, item: &Item, atoms: &[Rule]) -> Option<Vec<Given>> {
        let alone = exclusive(item);
        // Options that no atom tells apart are interchangeable: only how many of them matters.
        let mut groups: Vec<(Vec<bool>, Vec<usize>)> = Vec::new();
        for option in (0..item.options.len()).filter(|option| alone & (1 << option) == 0) {
            let told: Vec<bool> = atoms
                .iter()
                .map(|atom| matches!(atom, Rule::AnyOf { options, .. } if options & (1 << option) != 0))
                .collect();
            match groups.iter_mut().find(|(key, _)| *key == told) {
                Some((_, members)) => members.push(option),
                None => groups.push((told, vec![option])),
            }
        }
        let mut sets: Vec<OptionSet> = vec![0];
        for (_, members) in &groups {
            let mut wider = Vec::new();
            for set in &sets {
                let mut set = *set;
                wider.push(set);
                for option in members {
                    set |= 1 << option;
                    wider.push(set);
                }
            }
            if wider.len() > SETS {
                return None;
            }
            sets = wider;
        }
        sets.retain(|set| *set != 0);
        sets.extend(super::members(alone).map(|option| 1 << option));
        Some(sets.into_iter().map(Given::Many).collect())
    }
}

fn exclusive(item: &Item) -> OptionSet {
    item.options.iter().enumerate().filter(|(_, option)| option.exclusive).fold(0, |set, (i, _)| set | (1 << i))
}
