//! What is told: decided once for a campaign, from every step that it took; each view only looks it up.

use std::{
    collections::{BTreeMap, BTreeSet},
    num::NonZero,
    thread,
};

use super::{
    FIRST_STEP,
    areas::Areas,
    chain::Chain,
    chains::{Chains, Figure},
    group::{Piece, Rest, Safe, group},
    row::{Row, Sums, Told},
};
use crate::{area::AreaCode, campaign::Campaign, day::Day, period::Period, questionnaire::Questionnaire, tally::Tally};

/// What a figure is of: a set of areas, and a period or all time. The same respondents have one key, however they
/// were selected.
pub type Key = (usize, Option<Period>);

/// The respondents of each step by area and day; how they were reached is not told apart.
#[derive(Clone, Debug)]
pub struct Steps {
    areas: Areas,
    sums: BTreeMap<u32, BTreeMap<(usize, Day), Slice>>,
}

/// The respondents of an area and a day in a step.
#[derive(Clone, Debug)]
struct Slice {
    n: u64,
    /// Half as wide as elsewhere: there are many.
    cells: Vec<u32>,
}

impl Steps {
    /// None yet.
    pub fn new(campaign: &Campaign) -> Self {
        Self { areas: Areas::of(&campaign.areas), sums: BTreeMap::new() }
    }

    /// Adds the respondents of an area and a day to a step, by its number. Those of an area that is not the campaign's
    /// are left out.
    pub fn add(&mut self, area: &AreaCode, day: Day, step: u32, tally: &Tally) {
        let Some(node) = self.areas.area(area) else { return };
        let empty = || Slice { n: 0, cells: vec![0; tally.cells.len()] };
        let sum = self.sums.entry(step).or_default().entry((node, day)).or_insert_with(empty);
        sum.n += tally.n;
        // So many respondents no campaign has.
        let add = |(sum, cell): (&mut u32, &u64)| *sum = sum.saturating_add(u32::try_from(*cell).unwrap_or(u32::MAX));
        sum.cells.iter_mut().zip(&tally.cells).for_each(add);
    }

    /// The sum of all steps.
    pub fn total(&self, cells: usize) -> Tally {
        let mut total = Tally::empty(cells);
        for slice in self.sums.values().flat_map(BTreeMap::values) {
            total.n += slice.n;
            total.cells.iter_mut().zip(&slice.cells).for_each(|(sum, cell)| *sum += u64::from(*cell));
        }
        total
    }

    /// The campaign's count of each cell of the layout in its first step. Which categories are rare is settled when the
    /// first answers are told: an order that changed would tell apart what was told together before.
    pub fn sizes(&self, cells: usize) -> Vec<u64> {
        let mut sizes = vec![0; cells];
        for slice in self.sums.values().next().into_iter().flat_map(BTreeMap::values) {
            sizes.iter_mut().zip(&slice.cells).for_each(|(sum, cell)| *sum += u64::from(*cell));
        }
        sizes
    }
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
    chains: Chains,
    rows: BTreeMap<Key, Row>,
}

impl Decisions {
    /// Decides from all steps. Nearly linear in the number of cells: each step goes once through each level, and no
    /// further where it is not told.
    pub fn of(steps: &Steps, questionnaire: &Questionnaire, k: u32) -> Self {
        let Steps { areas, sums } = steps;
        let chains = Chains::of(questionnaire, &steps.sizes(questionnaire.layout.len()));
        let mut rows: BTreeMap<Key, Row> = BTreeMap::new();
        let levels = |(_, chain): &(Figure, Chain)| {
            let mut levels = vec![Level::default(); chain.levels.len()];
            for slices in sums.values() {
                let own = |(&(node, day), slice): (&(usize, Day), &Slice)| Piece {
                    node,
                    period: Some(Period::Day(day)),
                    n: slice.n,
                    cells: chain.cells.iter().map(|&cell| u64::from(slice.cells[cell])).collect(),
                };
                step(areas, chain, &mut levels, slices.iter().map(own).collect(), k);
            }
            levels
        };
        for (number, some) in chains.all().chunks(cores()).enumerate() {
            let first = number * cores();
            for (index, levels) in side_by_side(some, &levels).into_iter().enumerate() {
                for (level, Level { told, .. }) in levels.into_iter().enumerate() {
                    told.into_iter()
                        .for_each(|(key, told)| rows.entry(key).or_default().push(first + index, level, &told));
                }
            }
        }
        Self { areas: areas.clone(), chains, rows }
    }

    /// The key of the areas within one, or of all, in a period or at all times; `None` if there are no such areas.
    pub fn key(&self, area: Option<&AreaCode>, period: Option<Period>) -> Option<Key> {
        Some((self.areas.within(area)?, period))
    }

    /// The chains of all figures.
    pub fn chains(&self) -> &Chains {
        &self.chains
    }

    /// The chain of a figure.
    pub fn chain(&self, figure: Figure) -> Option<&Chain> {
        self.chains.chain(figure)
    }

    /// Everything that is told, by what it is of: the longest prefix that the areas have in common, and the period.
    pub fn rows(&self) -> impl Iterator<Item = (&str, Option<Period>, &Row)> {
        self.rows.iter().map(|((node, period), row)| (self.areas.prefix(*node), *period, row))
    }

    /// The figures, in order.
    pub fn figures(&self) -> impl Iterator<Item = Figure> {
        self.chains.all().iter().map(|(figure, _)| *figure)
    }

    /// What is told of a key.
    pub fn sums(&self, key: Key) -> Sums {
        self.rows.get(&key).and_then(|row| Row::read(row.bytes())).unwrap_or_default()
    }
}

/// So many chains at a time: they know nothing of each other.
fn cores() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}

/// Does the same with each of some, a thread each if they are several.
fn side_by_side<T: Sync, R: Send>(some: &[T], work: &(impl Fn(&T) -> R + Sync)) -> Vec<R> {
    if let [one] = some {
        return vec![work(one)];
    }
    thread::scope(|scope| {
        let threads: Vec<_> = some.iter().map(|it| scope.spawn(|| work(it))).collect();
        let joined = threads.into_iter().map(thread::ScopedJoinHandle::join);
        joined.map(|done| done.unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    })
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
        let (k, rest) =
            if counts.is_empty() { (FIRST_STEP.saturating_mul(k), Rest::Waits) } else { (k, Rest::TakesOne) };
        let atoms = group(areas, &level.pending, Safe { counts, k }, rest);
        if atoms.is_empty() {
            return;
        }
        let mut waits = vec![true; level.pending.len()];
        for atom in &atoms {
            for &member in &atom.members {
                waits[member] = false;
                let Piece { node, period, .. } = level.pending[member];
                let below = areas.around(node).take_while(|&node| node != atom.sum.node);
                level.cut.extend(below.flat_map(|node| keys(node, period)));
                let within = Period::around(period).take_while(|period| *period != atom.sum.period);
                level.cut.extend(within.flat_map(|period| areas.around(node).map(move |node| (node, period))));
            }
        }
        for atom in atoms {
            let within = areas.around(atom.sum.node).flat_map(|node| keys(node, atom.sum.period));
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

fn keys(node: usize, period: Option<Period>) -> impl Iterator<Item = Key> {
    Period::around(period).map(move |period| (node, period))
}
