//! What came of the doors, as far as it is told.
//!
//! The least of which anything is told is an area in a month. It is in figures if k doors or more were met in it, and
//! every figure is a sum of such: of areas, of months, of all time. So no figure, and nothing that two figures differ
//! by, is of fewer than k who were met. A part of a day tells on its own of those who opened: an area's month is in the
//! figures of parts only if in each of its parts k or more opened, or nobody.
//!
//! What is told grows as fieldwork arrives, shift by shift, and is not held back until k more have come: who reads twice
//! while a tablet posts sees what a shift came to. Nothing that was told goes, but where a call-back takes it back; and
//! of parts, an area's month while too few have opened in another of its parts.
//!
//! A call-back names what the door was counted under, not when. In the month after, it takes one such outcome off that
//! month, while the month before keeps its own: a month by itself has the door in both, and as many fewer of that
//! outcome in the later one as there are to take. All months together have it once.

use std::collections::BTreeMap;

use serde::Serialize;

use super::AreaResult;
use crate::{
    area::AreaCode,
    disclosure,
    disposition::{Disposition, Doors},
    fieldwork::DayPart,
    period::Period,
    questionnaire::Text,
    statistic::{
        outcome::{Classes, Outcome},
        proportion::{Estimate, wilson},
    },
};

/// The sum of the fieldwork of an area in a part of some of a month's days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoorsLeaf {
    /// Where.
    pub area: AreaCode,
    /// In which month.
    pub month: Period,
    /// Which part of the day.
    pub part: DayPart,
    /// What came of the doors.
    pub doors: Doors,
}

/// What came of the doors of the selected areas, in a month or at all times: a door that was called back at on another
/// day is still one door.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct FieldworkResult {
    /// The month that is selected, or in which the selected day lies: doors are told of no less. None: of all time.
    pub period: Option<Period>,
    /// All areas below that are told.
    pub total: DoorsResult,
    /// Each row.
    pub areas: Vec<AreaDoors>,
    /// When somebody opens: all areas that are told together.
    pub parts: Vec<PartResult>,
}

/// The doors of a row.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct AreaDoors {
    /// Its code.
    pub code: AreaCode,
    /// Its name, if it has one.
    pub name: Option<Text>,
    /// Its doors; none where in each month of each of its areas fewer than k were met.
    pub doors: Option<DoorsResult>,
}

/// Doors and AAPOR's rates of them.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct DoorsResult {
    /// Doors, by what came of them.
    pub doors: u64,
    /// Visits, call-backs among them.
    pub visits: u64,
    /// Doors at which somebody eligible was met.
    pub contacts: u64,
    /// Doors at which somebody answered to the end.
    pub completes: u64,
    /// Response rate 1.
    pub rr1: Option<Estimate>,
    /// Response rate 2.
    pub rr2: Option<Estimate>,
    /// Cooperation rate 1.
    pub coop1: Option<Estimate>,
    /// Refusal rate 1.
    pub ref1: Option<Estimate>,
    /// Contact rate 1.
    pub con1: Option<Estimate>,
}

/// A rate of doors.
type Rate = fn(&DoorsResult) -> Option<Estimate>;

/// AAPOR's rates by their names, in the order in which they are told.
pub const RATES: [(&str, Rate); 5] = [
    ("RR1", |it| it.rr1),
    ("RR2", |it| it.rr2),
    ("COOP1", |it| it.coop1),
    ("REF1", |it| it.ref1),
    ("CON1", |it| it.con1),
];

/// How often somebody opens in a part of the day.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct PartResult {
    /// The part.
    pub part: DayPart,
    /// Share of visits at which somebody opened; none where that were fewer than k.
    pub opened: Option<Estimate>,
}

/// The fieldwork of an area in a month.
struct AreaMonth {
    doors: Doors,
    parts: BTreeMap<DayPart, Doors>,
}

impl AreaMonth {
    fn empty() -> Self {
        Self { doors: Doors::empty(), parts: BTreeMap::new() }
    }

    fn add(&mut self, leaf: &DoorsLeaf) {
        self.doors.merge(&leaf.doors);
        self.parts.entry(leaf.part).or_insert_with(Doors::empty).merge(&leaf.doors);
    }

    /// Whether its parts tell of nobody, or of k or more.
    fn tells_parts(&self, k: u32) -> bool {
        self.parts.values().map(Doors::opened).all(|opened| opened == 0 || disclosure::enough(opened, k))
    }
}

impl FieldworkResult {
    /// From the doors of every area, the rows of a table of areas, what period is selected, and k.
    pub(super) fn of(rows: &[AreaResult], leaves: &[DoorsLeaf], selected: Option<Period>, k: u32) -> Option<Self> {
        let period = selected.map(Period::month);
        let mut told: BTreeMap<(&AreaCode, Period), AreaMonth> = BTreeMap::new();
        for leaf in leaves.iter().filter(|leaf| period.is_none_or(|month| leaf.month == month)) {
            told.entry((&leaf.area, leaf.month)).or_insert_with(AreaMonth::empty).add(leaf);
        }
        told.retain(|(area, _), it| {
            disclosure::enough(it.doors.met(), k) && rows.iter().any(|row| area.within(&row.code))
        });
        let total = Some(sum(told.values().map(|it| &it.doors))).filter(|_| !told.is_empty())?;
        let row = |row: &AreaResult| {
            let within = told.iter().filter(|((area, _), _)| area.within(&row.code));
            let mut within = within.map(|(_, it)| &it.doors).peekable();
            let doors = within.peek().is_some().then(|| DoorsResult::of(&sum(within)));
            AreaDoors { code: row.code.clone(), name: row.name.clone(), doors }
        };
        let part = |part| {
            let whole = told.values().filter(|it| it.tells_parts(k));
            let doors = sum(whole.filter_map(|it| it.parts.get(&part)));
            let opened = wilson(doors.opened(), doors.visits()).filter(|it| disclosure::enough(it.x, k));
            PartResult { part, opened }
        };
        Some(Self {
            period,
            total: DoorsResult::of(&total),
            areas: rows.iter().map(row).collect(),
            parts: DayPart::ALL.map(part).into(),
        })
    }
}

fn sum<'d>(all: impl Iterator<Item = &'d Doors>) -> Doors {
    all.fold(Doors::empty(), |mut sum, doors| {
        sum.merge(doors);
        sum
    })
}

impl DoorsResult {
    fn of(doors: &Doors) -> Self {
        let Outcome { rr1, rr2, coop1, ref1, con1, .. } = Classes::of(doors).outcome(None);
        // A month may call back at more doors than it came to first: all that it came to are those with an outcome.
        let total = Disposition::ALL.into_iter().map(|it| doors.ended(it)).sum();
        let (visits, contacts, completes) = (doors.visits(), doors.contacts(), doors.completes());
        Self { doors: total, visits, contacts, completes, rr1, rr2, coop1, ref1, con1 }
    }
}
