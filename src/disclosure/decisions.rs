//! What is told: decided once for a campaign, from every step that it took; each view only looks it up.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    FIRST_STEP,
    areas::Areas,
    chain::Chain,
    chains::{Figure, chains},
    group::{Piece, Rest, Safe, group},
};
use crate::{area::AreaCode, campaign::Campaign, day::Day, questionnaire::Questionnaire, results::Leaf};

/// What a figure is of: a set of areas, and a day or all days. The same respondents have one key, however they
/// were selected.
pub type Key = (usize, Option<Day>);

/// A sum that is told, at a level of a chain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Respondents.
    pub n: u64,
    /// The cells of the chain. Not they are told, but the level's counts of them.
    pub cells: Vec<u64>,
}

/// One level of a chain while the steps go by.
#[derive(Clone, Debug, Default)]
struct Level {
    /// What waits: all of it together is not safe.
    pending: Vec<Piece>,
    /// Keys of which a part is in an atom that is not within them.
    cut: BTreeSet<Key>,
    told: BTreeMap<Key, Told>,
}

/// What is told of every figure of a campaign.
#[derive(Clone, Debug)]
pub struct Decisions {
    areas: Areas,
    figures: Vec<(Figure, Chain, Vec<Level>)>,
}

impl Decisions {
    /// Decides from the steps of all leaves. Nearly linear in the number of cells: each step's leaves go once
    /// through each level, and no further where they are not told.
    pub fn of(campaign: &Campaign, questionnaire: &Questionnaire, leaves: &[Leaf]) -> Self {
        let areas = Areas::of(&campaign.areas);
        let steps = steps(&areas, leaves);
        // Which categories are rare is settled when the first answers are told: an order that changed would tell
        // apart what was told together before.
        let mut sizes = vec![0; questionnaire.layout.len()];
        for piece in steps.values().next().into_iter().flatten() {
            sizes.iter_mut().zip(&piece.cells).for_each(|(sum, cell)| *sum += cell);
        }
        let levels = |(figure, chain): (Figure, Chain)| {
            let mut levels = vec![Level::default(); chain.levels.len()];
            for pieces in steps.values() {
                let own =
                    |piece: &Piece| Piece { cells: chain.cells.iter().map(|&it| piece.cells[it]).collect(), ..*piece };
                step(&areas, &chain, &mut levels, pieces.iter().map(own).collect(), campaign.k);
            }
            (figure, chain, levels)
        };
        Self { figures: chains(questionnaire, &sizes).into_iter().map(levels).collect(), areas }
    }

    /// The key of the areas within one, or of all, on a day or on all; `None` if there are no such areas.
    pub fn key(&self, area: Option<&AreaCode>, day: Option<Day>) -> Option<Key> {
        Some((self.areas.within(area)?, day))
    }

    /// The chain of a figure.
    pub fn chain(&self, figure: Figure) -> Option<&Chain> {
        self.find(figure).map(|(_, chain, _)| chain)
    }

    /// The figures, in order.
    pub fn figures(&self) -> impl Iterator<Item = Figure> {
        self.figures.iter().map(|(figure, ..)| *figure)
    }

    /// What is told at a level.
    pub fn told(&self, figure: Figure, level: usize, key: Key) -> Option<&Told> {
        self.find(figure)?.2.get(level)?.told.get(&key)
    }

    fn find(&self, figure: Figure) -> Option<&(Figure, Chain, Vec<Level>)> {
        self.figures.iter().find(|(it, ..)| *it == figure)
    }
}

/// The respondents of each step by area and day; how they were reached is not told apart.
fn steps(areas: &Areas, leaves: &[Leaf]) -> BTreeMap<u32, Vec<Piece>> {
    let mut sums: BTreeMap<(u32, usize, Day), Piece> = BTreeMap::new();
    for leaf in leaves {
        let Some(node) = areas.area(&leaf.area) else { continue };
        for (number, tally) in &leaf.steps {
            let empty = || Piece { node, day: Some(leaf.day), n: 0, cells: vec![0; tally.cells.len()] };
            let sum = sums.entry((*number, node, leaf.day)).or_insert_with(empty);
            sum.n += tally.n;
            sum.cells.iter_mut().zip(&tally.cells).for_each(|(sum, cell)| *sum += cell);
        }
    }
    let mut steps: BTreeMap<u32, Vec<Piece>> = BTreeMap::new();
    for ((number, ..), piece) in sums {
        steps.entry(number).or_default().push(piece);
    }
    steps
}

/// Takes a step: at each level its pieces are put together into atoms, which are the next level's pieces. What
/// is not safe even all together waits for the next step. So do, at the first level, the few of an area who would
/// take a neighbour's many with them: whoever waits does so for their number, and not for what they said.
fn step(areas: &Areas, chain: &Chain, levels: &mut [Level], mut pieces: Vec<Piece>, k: u32) {
    let mut cut = BTreeSet::new();
    for (level, counts) in levels.iter_mut().zip(&chain.levels) {
        level.pending.append(&mut pieces);
        level.cut.append(&mut cut);
        // The first level has no counts but n.
        let (k, rest) = if counts.is_empty() { (FIRST_STEP * k, Rest::Waits) } else { (k, Rest::TakesOne) };
        let atoms = group(areas, &level.pending, Safe { counts, k }, rest);
        if atoms.is_empty() {
            return;
        }
        let mut waits = vec![true; level.pending.len()];
        for atom in &atoms {
            for &member in &atom.members {
                let piece = &level.pending[member];
                waits[member] = false;
                let below = areas.around(piece.node).take_while(|&node| node != atom.sum.node);
                level.cut.extend(below.flat_map(|node| keys(node, piece.day)));
                if atom.sum.day.is_none() {
                    level
                        .cut
                        .extend(areas.around(piece.node).filter_map(|node| piece.day.map(|day| (node, Some(day)))));
                }
            }
        }
        for atom in atoms {
            let within = areas.around(atom.sum.node).flat_map(|node| keys(node, atom.sum.day));
            for key in within.filter(|key| !level.cut.contains(key)) {
                let told = level.told.entry(key).or_insert_with(|| Told { n: 0, cells: vec![0; atom.sum.cells.len()] });
                told.n += atom.sum.n;
                told.cells.iter_mut().zip(&atom.sum.cells).for_each(|(sum, cell)| *sum += cell);
            }
            pieces.push(atom.sum);
        }
        level.pending =
            level.pending.drain(..).zip(waits).filter_map(|(piece, waits)| waits.then_some(piece)).collect();
        cut = std::mem::take(&mut level.cut);
    }
}

fn keys(node: usize, day: Option<Day>) -> impl Iterator<Item = Key> {
    [Some((node, None)), day.map(|day| (node, Some(day)))].into_iter().flatten()
}
