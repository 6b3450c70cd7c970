//! The collector's books in memory: what is shown of each leaf, and the steps that a campaign takes. An independent
//! reckoning of what the store does on disk.

use std::collections::BTreeMap;

use anxin::{
    area::AreaCode,
    campaign::Channel,
    day::Day,
    disclosure::{due, release},
    results::view::Leaf,
    tally::Tally,
};

pub(crate) type Name = (AreaCode, Day, Channel);

/// A leaf's sum and what is shown of it.
struct Kept {
    sum: Tally,
    shown: Option<Tally>,
    fault: Option<String>,
    steps: Vec<(u32, Tally)>,
}

/// All leaves of a campaign.
pub(crate) struct Releases {
    k: u32,
    kept: BTreeMap<Name, Kept>,
    shown: u64,
    told: u64,
    number: u32,
}

impl Releases {
    pub(crate) fn new(k: u32) -> Self {
        Self { k, kept: BTreeMap::new(), shown: 0, told: 0, number: 0 }
    }

    /// Adds to a leaf, and takes a step if it is due.
    pub(crate) fn add(&mut self, name: Name, tally: &Tally, fault: Option<&str>) {
        self.hold(name, tally, fault);
        if due(self.shown, self.told, self.k) {
            self.step();
        }
    }

    /// Adds to a leaf, and takes no step.
    pub(crate) fn hold(&mut self, name: Name, tally: &Tally, fault: Option<&str>) {
        let empty = || Kept { sum: Tally::empty(tally.cells.len()), shown: None, fault: None, steps: Vec::new() };
        let kept = self.kept.entry(name).or_insert_with(empty);
        kept.sum.merge(tally);
        kept.fault = kept.fault.take().or(fault.map(str::to_owned));
        if let Some(now) = release(kept.shown.as_ref(), &kept.sum, self.k).cloned() {
            self.shown += now.n - kept.shown.as_ref().map_or(0, |before| before.n);
            kept.shown = Some(now);
        }
    }

    /// Takes a step, due or not, as when the campaign is over.
    pub(crate) fn step(&mut self) {
        self.number += 1;
        for kept in self.kept.values_mut().filter(|kept| kept.fault.is_none()) {
            let Some(mut grown) = kept.shown.clone() else { continue };
            for (_, before) in &kept.steps {
                grown = grown.since(before);
            }
            if grown.n > 0 {
                kept.steps.push((self.number, grown));
            }
        }
        self.told = self.shown;
    }

    /// The sums, shown or not.
    pub(crate) fn sums(&self) -> impl Iterator<Item = (Name, &Tally)> {
        self.kept.iter().map(|(name, kept)| (name.clone(), &kept.sum))
    }

    /// What the collector's store would give.
    pub(crate) fn leaves(&self) -> Vec<Leaf> {
        let leaf = |((area, day, channel), kept): (&Name, &Kept)| {
            Some(Leaf {
                area: area.clone(),
                day: *day,
                channel: *channel,
                tally: kept.shown.clone()?,
                fault: kept.fault.clone(),
                steps: kept.steps.clone(),
            })
        };
        self.kept.iter().filter_map(leaf).collect()
    }
}
