//! A questionnaire as a circuit: who is asked what, over answers and draws that are free to be chosen.
//!
//! What a respondent would answer if they were asked is chosen freely, item by item; whether they are
//! asked follows. So every choice makes a respondent, and none needs to be left out but for draws.
//! Answers that no condition tells apart are one choice. A choice of one of several is a row of yes and no:
//! is it the first, else is it the second, …; thereby each yes or no has a chance of its own, and a
//! respondent who takes each answer with the same chance is a row of independent coins.

use super::circuit::{Circuit, Lit};
use crate::{
    item::{self, members},
    questionnaire::{
        Item, OptionSet, Questionnaire, Rule,
        definition::{ItemType, Required},
    },
    response::Given,
};

/// Who is asked what.
pub(super) struct Model<'q> {
    pub(super) questionnaire: &'q Questionnaire,
    pub(super) circuit: Circuit,
    /// When an item is drawn, by item.
    pub(super) drawn: Vec<Lit>,
    /// When an item is asked, by item.
    pub(super) asked: Vec<Lit>,
    answers: Vec<Answers>,
    pub(super) draw: Option<Draw>,
    /// What holds of every respondent: the draw is one that can come.
    pub(super) valid: Lit,
}

/// What would be answered to an item.
#[derive(Default)]
struct Answers {
    /// One of these, those together that no condition tells apart.
    classes: Vec<(Vec<Given>, Lit)>,
    /// Any set of options that may stand together.
    sets: Option<Sets>,
}

/// Sets of options of a `multiple` item.
struct Sets {
    /// A set is chosen, no special answer and no option that stands alone.
    any: Lit,
    /// The options that conditions tell apart.
    chosen: Vec<(usize, Lit)>,
    /// An option that stands for the others.
    rest: Option<usize>,
}

/// When an answer is right.
pub(super) struct Scored {
    /// The item is asked and answered so …
    pub(super) holds: Lit,
    /// … that these points are had, …
    pub(super) points: u32,
    /// … for certain; else other answers that no condition tells apart from the right one do without.
    pub(super) certain: bool,
}

/// Scored items of which not all are drawn.
pub(super) struct Draw {
    /// Inputs that tell whether an item was drawn, by topic. They come before all others.
    pub(super) topics: Vec<Vec<usize>>,
    /// So many of each topic are drawn for certain.
    pub(super) each: usize,
    /// So many topics have one more drawn.
    pub(super) more: usize,
}

impl<'q> Model<'q> {
    /// Builds it.
    pub(super) fn of(questionnaire: &'q Questionnaire) -> Self {
        let mut model = Self {
            questionnaire,
            circuit: Circuit::new(),
            drawn: Vec::new(),
            asked: Vec::new(),
            answers: Vec::new(),
            draw: None,
            valid: Lit::TRUE,
        };
        model.drawn = model.draws_of_items();
        let atoms = atoms(&questionnaire.items);
        for (index, item) in questionnaire.items.iter().enumerate() {
            let holds = item.ask_if.as_ref().map_or(Lit::TRUE, |rule| model.holds(rule));
            let asked = model.circuit.and(holds, model.drawn[index]);
            model.asked.push(asked);
            let answers = model.answers(index, item, &atoms[index]);
            model.answers.push(answers);
        }
        model
    }

    /// When a scored item is drawn, by item (see `quiz::draw`).
    fn draws_of_items(&mut self) -> Vec<Lit> {
        let items = &self.questionnaire.items;
        let mut drawn = vec![Lit::TRUE; items.len()];
        let mut topics: Vec<(Option<usize>, Vec<usize>)> = Vec::new();
        for (index, item) in items.iter().enumerate().filter(|(_, item)| item.scored()) {
            match topics.iter_mut().find(|(topic, _)| *topic == item.topic) {
                Some((_, members)) => members.push(index),
                None => topics.push((item.topic, vec![index])),
            }
        }
        let count = self.questionnaire.drawn();
        let taken = |turns: usize| topics.iter().map(|(_, members)| members.len().min(turns)).sum::<usize>();
        if taken(items.len()) <= count {
            return drawn;
        }
        let each = (0..items.len()).rfind(|&turns| taken(turns) <= count).unwrap_or_default();
        let more = count - taken(each);
        let (mut inputs, mut has_more) = (Vec::new(), Vec::new());
        for (_, members) in topics.iter().filter(|(_, members)| members.len() > each) {
            let first = self.circuit.inputs.len();
            let lits: Vec<Lit> = members.iter().map(|&index| self.circuit.input(index, 0.5, true)).collect();
            members.iter().zip(&lits).for_each(|(&index, &lit)| drawn[index] = lit);
            inputs.push((first..first + lits.len()).collect());
            let at_least = self.circuit.at_least(&lits, each + 2);
            self.valid = self.circuit.all([self.valid, at_least[each], !at_least[each + 2]]);
            has_more.push(at_least[each + 1]);
        }
        let at_least = self.circuit.at_least(&has_more, more + 1);
        self.valid = self.circuit.all([self.valid, at_least[more], !at_least[more + 1]]);
        self.draw = Some(Draw { topics: inputs, each, more });
        drawn
    }

    /// The choices among the answers to an item.
    fn answers(&mut self, index: usize, item: &Item, atoms: &[&Rule]) -> Answers {
        if atoms.is_empty() {
            return Answers::default();
        }
        let alone = options_where(item, |option| option.exclusive);
        let several = item.definition.kind == ItemType::Multiple;
        let free = if several { options_where(item, |option| !option.exclusive) } else { 0 };
        let single: Vec<(Given, f64)> = match item.definition.kind {
            ItemType::Multiple => members(alone).map(|option| (Given::Many(1 << option), 1.0)).collect(),
            ItemType::Integer => intervals(item, atoms),
            _ => (0..item.options.len()).map(|option| (Given::One(option as u8), 1.0)).collect(),
        };
        let specials = [
            (item.definition.dont_know, Given::DontKnow),
            (item.definition.refuse, Given::Refused),
            (item.definition.required != Required::Required, Given::NoAnswer),
        ];
        let specials = specials.into_iter().filter(|(offered, _)| *offered).map(|(_, given)| (given, 1.0));
        let mut given = vec![Given::NotAsked; self.questionnaire.items.len()];
        let mut told_apart: Vec<(Vec<bool>, Vec<Given>, f64)> = Vec::new();
        for (answer, weight) in single.into_iter().chain(specials) {
            given[index] = answer;
            let told: Vec<bool> = atoms.iter().map(|atom| atom.holds(&given)).collect();
            match told_apart.iter_mut().find(|(key, ..)| *key == told) {
                Some((_, alike, sum)) => {
                    alike.push(answer);
                    *sum += weight;
                }
                None => told_apart.push((told, vec![answer], weight)),
            }
        }
        let sets_weight = f64::from(free.count_ones()).exp2() - 1.0;
        let total = told_apart.iter().map(|(.., weight)| weight).sum::<f64>() + sets_weight;
        let (mut left, mut none) = (total, Lit::TRUE);
        let mut classes = Vec::new();
        let count = told_apart.len() + usize::from(free != 0);
        for (place, (_, alike, weight)) in told_apart.into_iter().enumerate() {
            let it = if place + 1 == count { Lit::TRUE } else { self.circuit.input(index, weight / left, true) };
            classes.push((alike, self.circuit.and(none, it)));
            none = self.circuit.and(none, !it);
            left -= weight;
        }
        let sets = (free != 0).then(|| self.sets(index, free, none, atoms));
        Answers { classes, sets }
    }

    /// The choice of a set that is not empty: which option is the first of it, and which of those after it are in it.
    fn sets(&mut self, index: usize, free: OptionSet, any: Lit, atoms: &[&Rule]) -> Sets {
        let counted = atoms.iter().any(|atom| matches!(atom, Rule::Count { .. }));
        let named = atoms.iter().fold(0, |set, atom| match atom {
            Rule::AnyOf { options, .. } => set | options,
            _ => set,
        });
        let named = if counted { free } else { free & named };
        let rest = members(free & !named).next();
        let mut left = f64::from(free.count_ones());
        let (mut begun, mut chosen) = (Lit::FALSE, Vec::new());
        for option in members(named) {
            let last = left == 1.0;
            let chance = (left - 1.0).exp2() / (left.exp2() - 1.0);
            let first = if last { Lit::TRUE } else { self.circuit.input(index, chance, true) };
            let later = if chosen.is_empty() { Lit::FALSE } else { self.circuit.input(index, 0.5, false) };
            let (as_first, as_later) = (self.circuit.and(!begun, first), self.circuit.and(begun, later));
            let in_it = self.circuit.or(as_first, as_later);
            begun = self.circuit.or(begun, first);
            chosen.push((option, self.circuit.and(any, in_it)));
            left -= 1.0;
        }
        Sets { any, chosen, rest }
    }

    /// When a condition holds; of a comparison that no condition makes, when it can hold.
    pub(super) fn holds(&mut self, rule: &Rule) -> Lit {
        match rule {
            Rule::And(rules) => {
                let lits: Vec<Lit> = rules.iter().map(|rule| self.holds(rule)).collect();
                self.circuit.all(lits)
            }
            Rule::Or(rules) => {
                let lits: Vec<Lit> = rules.iter().map(|rule| self.holds(rule)).collect();
                self.circuit.any(lits)
            }
            Rule::Not(rule) => !self.holds(rule),
            Rule::AnyOf { item, .. } | Rule::Count { item, .. } | Rule::Range { item, .. } => self.atom(*item, rule),
        }
    }

    fn atom(&mut self, item: usize, rule: &Rule) -> Lit {
        let mut given = vec![Given::NotAsked; self.questionnaire.items.len()];
        let Answers { classes, sets } = &self.answers[item];
        let mut ways = Vec::new();
        for (alike, lit) in classes {
            let holds = alike.iter().any(|&answer| {
                given[item] = answer;
                rule.holds(&given)
            });
            ways.extend(holds.then_some(*lit));
        }
        match (rule, sets) {
            (Rule::AnyOf { options, .. }, Some(sets)) => {
                ways.extend(sets.chosen.iter().filter(|(option, _)| options & (1 << option) != 0).map(|(_, lit)| *lit));
            }
            (Rule::Count { min, max, .. }, Some(sets)) => {
                let (any, chosen) = (sets.any, sets.chosen.iter().map(|(_, lit)| *lit).collect::<Vec<_>>());
                let bound = |count: u32| (count as usize).min(chosen.len() + 1);
                let (min, more) = (bound(*min), bound(max.saturating_add(1)));
                let at_least = self.circuit.at_least(&chosen, min.max(more));
                ways.push(self.circuit.all([any, at_least[min], !at_least[more]]));
            }
            _ => {}
        }
        let answered = self.circuit.any(ways);
        self.circuit.and(self.asked[item], answered)
    }

    /// When points are had, of all items that have a key which can be matched.
    pub(super) fn scores(&mut self) -> Vec<Scored> {
        let mut scores = Vec::new();
        for (index, item) in self.questionnaire.items.iter().enumerate().filter(|(_, item)| item.scored()) {
            for (right, certain) in self.right(index, item) {
                let holds = self.circuit.and(self.asked[index], right);
                if holds != Lit::FALSE {
                    scores.push(Scored { holds, points: item.points(), certain });
                }
            }
        }
        scores
    }

    /// When the answer to an item is right for certain, and when it may be.
    fn right(&mut self, index: usize, item: &Item) -> [(Lit, bool); 2] {
        let several = item.definition.kind == ItemType::Multiple;
        let free = if several { options_where(item, |option| !option.exclusive) } else { 0 };
        let Answers { classes, sets } = &self.answers[index];
        let (mut certain, mut maybe) = (Vec::new(), Vec::new());
        for (alike, lit) in classes {
            match alike.iter().filter(|answer| item::right(item, **answer)).count() {
                0 => {}
                count if count == alike.len() => certain.push(*lit),
                _ => maybe.push(*lit),
            }
        }
        if let Some(sets) = sets.as_ref().filter(|_| item.key & !free == 0) {
            let as_key = |(option, lit): &(usize, Lit)| if item.key >> option & 1 == 1 { *lit } else { !*lit };
            let named = sets.chosen.iter().fold(0, |set, (option, _)| set | 1u64 << option);
            let matched = self.circuit.all(sets.chosen.iter().map(as_key).chain([sets.any]));
            // Of one option that is left, both ways are open only if it need not be there for the set not to be empty.
            let others = match (free & !named).count_ones() {
                0 => false,
                1 => item.key & named != 0,
                _ => true,
            };
            if others { maybe.push(matched) } else { certain.push(matched) }
        }
        if classes.is_empty() && sets.is_none() {
            let can_be = !several || item.key & !free == 0 || item.key.is_power_of_two();
            let specials =
                item.definition.dont_know || item.definition.refuse || item.definition.required != Required::Required;
            let it = if can_be { Lit::TRUE } else { Lit::FALSE };
            if specials || item.options.len() > 1 { maybe.push(it) } else { certain.push(it) }
        }
        [(self.circuit.any(certain), true), (self.circuit.any(maybe), false)]
    }

    /// Whether an input tells of the draw.
    pub(super) fn draws(&self, input: usize) -> bool {
        self.draw.as_ref().is_some_and(|draw| draw.topics.iter().flatten().any(|&it| it == input))
    }

    /// What is answered to an item, given which choices were made.
    pub(super) fn given(&self, item: usize, holds: &dyn Fn(Lit) -> bool) -> Given {
        let Answers { classes, sets } = &self.answers[item];
        if let Some((alike, _)) = classes.iter().find(|(_, lit)| holds(*lit)) {
            return alike.first().copied().unwrap_or_default();
        }
        let Some(sets) = sets else { return Given::NoAnswer };
        let chosen = sets.chosen.iter().filter(|(_, lit)| holds(*lit)).fold(0, |set, (option, _)| set | (1 << option));
        Given::Many(if chosen == 0 { sets.rest.map_or(0, |option| 1 << option) } else { chosen })
    }
}

/// The comparisons that look at an item, by item.
fn atoms(items: &[Item]) -> Vec<Vec<&Rule>> {
    let mut atoms: Vec<Vec<&Rule>> = vec![Vec::new(); items.len()];
    for rule in items.iter().filter_map(|item| item.ask_if.as_ref()) {
        rule.visit(&mut |rule| match rule {
            Rule::AnyOf { item, .. } | Rule::Count { item, .. } | Rule::Range { item, .. } => {
                if !atoms[*item].contains(&rule) {
                    atoms[*item].push(rule);
                }
            }
            Rule::And(_) | Rule::Or(_) | Rule::Not(_) => {}
        });
    }
    atoms
}

fn options_where(item: &Item, holds: impl Fn(&crate::questionnaire::definition::Choice) -> bool) -> OptionSet {
    item.options.iter().enumerate().filter(|(_, option)| holds(option)).fold(0, |set, (i, _)| set | (1 << i))
}

/// The numbers that an item takes, cut where a condition or the key may tell them apart, and how many they are.
fn intervals(item: &Item, atoms: &[&Rule]) -> Vec<(Given, f64)> {
    let (least, most) = item::bounds(item);
    let mut cuts = vec![i64::from(least), i64::from(most) + 1];
    for atom in atoms {
        if let Rule::Range { min, max, .. } = atom {
            let inside = |cut: &i64| (i64::from(least)..=i64::from(most)).contains(cut);
            cuts.extend([i64::from(*min), i64::from(*max) + 1].into_iter().filter(inside));
        }
    }
    for bin in members(item.key).filter_map(|bin| item.definition.bins.get(bin)) {
        cuts.extend([i64::from(bin.from), i64::from(bin.to) + 1]);
    }
    cuts.sort_unstable();
    cuts.dedup();
    cuts.windows(2).map(|cut| (Given::Number(cut[0] as i32), (cut[1] - cut[0]) as f64)).collect()
}
