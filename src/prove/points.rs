//! Scores: every one that a respondent of a quiz can come to, and what their items are worth.
//!
//! Who is asked an item gets its points if they answer as its key says. Where no condition looks at the answer, both
//! can come, so that a set of scores becomes that set with and without the points. Such sets are the values of a
//! decision diagram that asks what conditions look at, and of the draw. Where the routing is too entangled for one,
//! only scores are told that respondents who were drawn come to.

use std::collections::HashMap;

use rand::SeedableRng;
use rand_pcg::Pcg32;
use serde::Serialize;

use super::{
    Between, Effort,
    circuit::{Circuit, Lit, Node},
    diagram::{Diagrams, Root, TooEntangled},
    model::{Model, Scored},
    people,
};

/// So many sets of scores at most; above, they are too entangled.
const SETS: usize = 1 << 12;

/// So many times 64 respondents are drawn where a diagram would be too large.
const ROUNDS: usize = 16;

/// What a quiz can come to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Points {
    /// Full marks, as a respondent is told them: of the items drawn that are worth most.
    pub max: u32,
    /// Every score that some respondent comes to, as stretches without a gap, each from its first to its last score.
    pub scores: Vec<(u32, u32)>,
    /// These are all; else they are some.
    pub exact: bool,
    /// What the items that a respondent is asked are worth together: of whoever is asked least and most.
    pub worth: Between,
}

impl Points {
    /// No score is higher.
    pub(super) fn most(&self) -> u32 {
        if self.exact { self.scores.last().map_or(0, |(_, last)| *last) } else { self.max }
    }

    /// The scores below the highest to which nobody comes, as stretches.
    pub(super) fn gaps(&self) -> Vec<(u32, u32)> {
        let before = std::iter::once(0).chain(self.scores.iter().map(|(_, last)| last + 1));
        before
            .zip(&self.scores)
            .filter(|(from, (first, _))| from < first)
            .map(|(from, (first, _))| (from, first - 1))
            .collect()
    }
}

/// A set of scores: bit `i` of word `j` stands for `64 j + i`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Scores(Vec<u64>);

impl Scores {
    fn nought() -> Self {
        Self(vec![1])
    }

    fn and(&mut self, others: &Self) {
        self.0.resize(self.0.len().max(others.0.len()), 0);
        self.0.iter_mut().zip(&others.0).for_each(|(word, other)| *word |= other);
    }

    fn more(&self, points: u32) -> Self {
        let (words, bits) = ((points / 64) as usize, points % 64);
        let mut more = vec![0; words + self.0.len() + 1];
        for (i, word) in self.0.iter().enumerate() {
            let shifted = u128::from(*word) << bits;
            more[words + i] |= shifted as u64;
            more[words + i + 1] |= (shifted >> 64) as u64;
        }
        while more.last() == Some(&0) {
            more.pop();
        }
        Self(more)
    }

    /// With the points of something that adds them for certain, or may.
    fn with(&self, scored: &Scored) -> Self {
        let mut more = self.more(scored.points);
        if !scored.certain {
            more.and(self);
        }
        more
    }

    fn stretches(&self) -> Vec<(u32, u32)> {
        let mut stretches: Vec<(u32, u32)> = Vec::new();
        let bits = 64 * self.0.len() as u32;
        for score in (0..bits).filter(|score| self.0[(score / 64) as usize] >> (score % 64) & 1 == 1) {
            match stretches.last_mut() {
                Some((_, last)) if *last + 1 == score => *last = score,
                _ => stretches.push((score, score)),
            }
        }
        stretches
    }
}

/// The scores of a quiz; `None` if it is none.
pub(super) fn points(model: &Model, scored: &[Scored], effort: &mut Effort) -> Option<Points> {
    let max = model.questionnaire.max_score()?;
    let mut diagrams = Diagrams::new(&model.circuit);
    let exact = scores(model, scored, &mut diagrams).and_then(|scores| Ok((scores, worth(model, &mut diagrams)?)));
    effort.diagram_nodes += diagrams.len();
    let (scores, exact, worth) = match exact {
        Ok((scores, worth)) => (scores, true, worth),
        Err(TooEntangled) => (some_scores(model, scored), false, Between { least: 0, most: max }),
    };
    Some(Points { max, scores: scores.stretches(), exact, worth })
}

/// The input of the draw that something is, if it is one.
fn drawn(model: &Model, holds: Lit) -> Option<usize> {
    match model.circuit.nodes[holds.node()] {
        Node::Input(input) if !holds.negated() && model.draws(input) => Some(input),
        _ => None,
    }
}

fn scores(model: &Model, scored: &[Scored], diagrams: &mut Diagrams) -> Result<Scores, TooEntangled> {
    let (mut sets, mut known) = (vec![Scores::nought()], HashMap::from([(Scores::nought(), 0)]));
    let (mut sum, mut weights): (Root, HashMap<usize, Vec<u32>>) = (Root::value(0), HashMap::new());
    let entangled = |it: &&Scored| it.holds != Lit::TRUE && drawn(model, it.holds).is_none();
    for scored in scored.iter().filter(entangled) {
        let mut more = |set: u32| {
            let with = sets[set as usize].with(scored);
            let place = *known.entry(with.clone()).or_insert(sets.len().min(SETS) as u32);
            if place as usize == sets.len() {
                sets.push(with);
            }
            place.min(sets.len() as u32 - 1)
        };
        sum = diagrams.add(sum, scored.holds, &mut more)?;
        if sets.len() >= SETS {
            return Err(TooEntangled);
        }
    }
    for scored in scored {
        if let Some(input) = drawn(model, scored.holds) {
            let adds = if scored.certain { vec![scored.points] } else { vec![0, scored.points] };
            weights.insert(input, adds);
        }
    }
    let mut all = Scores::default();
    for (set, more) in diagrams.spread(sum, model.draw.as_ref(), &weights).into_keys() {
        all.and(&sets[set as usize].more(more));
    }
    Ok(scored.iter().filter(|it| it.holds == Lit::TRUE).fold(all, |all, scored| all.with(scored)))
}

/// What the items asked are worth.
fn worth(model: &Model, diagrams: &mut Diagrams) -> Result<Between, TooEntangled> {
    let (mut sum, mut always, mut weights) = (Root::value(0), 0, HashMap::new());
    for (&asked, item) in model.asked.iter().zip(&model.questionnaire.items) {
        match drawn(model, asked) {
            _ if item.points() == 0 => {}
            Some(input) => {
                weights.insert(input, vec![item.points()]);
            }
            None if asked == Lit::TRUE => always += item.points(),
            None => sum = diagrams.add(sum, asked, &mut |sum| sum + item.points())?,
        }
    }
    let spread = diagrams.spread(sum, model.draw.as_ref(), &weights);
    let worth = || spread.keys().map(|(value, more)| always + value + more);
    Ok(Between { least: worth().min().unwrap_or_default(), most: worth().max().unwrap_or_default() })
}

/// The scores of respondents who were drawn.
fn some_scores(model: &Model, scored: &[Scored]) -> Scores {
    let mut rng = Pcg32::seed_from_u64(0);
    let (mut words, mut all) = (Vec::new(), Scores::default());
    for _ in 0..ROUNDS {
        model.circuit.evaluate(&people::choices(model, &mut rng), &mut words);
        for respondent in 0..64 {
            let holds = |it: &&Scored| Circuit::told(&words, it.holds) >> respondent & 1 == 1;
            all.and(&scored.iter().filter(holds).fold(Scores::nought(), |scores, it| scores.with(it)));
        }
    }
    all
}
