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

use serde::{Deserialize, Serialize};

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

/// Fieldwork added up: of an area in a month, or of many such as far as they are told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldworkSum {
    /// What came of the doors.
    doors: Doors,
    /// The same by part of the day; of many, where all of an area's month is told by part.
    parts: BTreeMap<DayPart, Doors>,
}

impl FieldworkSum {
    /// Adds the doors of an area's month in a part of a day.
    pub fn add(&mut self, part: DayPart, doors: &Doors) {
        self.doors.merge(doors);
        self.parts.entry(part).or_default().merge(doors);
    }

    /// What of an area's month is in figures: nothing, all of it, or all but its parts.
    pub fn told(mut self, k: u32) -> Option<Self> {
        if !disclosure::enough(self.doors.met(), k) {
            return None;
        }
        let tells = |opened: u64| opened == 0 || disclosure::enough(opened, k);
        if !self.parts.values().map(Doors::opened).all(tells) {
            self.parts.clear();
        }
        Some(self)
    }

    /// Adds what is told of another area or month.
    pub fn merge(&mut self, other: &Self) {
        self.doors.merge(&other.doors);
        other.parts.iter().for_each(|(part, doors)| self.parts.entry(*part).or_default().merge(doors));
    }

    /// Takes off what was added by [`FieldworkSum::merge`].
    pub fn take_off(&mut self, other: &Self) {
        self.doors.take_off(&other.doors);
        other.parts.iter().for_each(|(part, doors)| self.parts.entry(*part).or_default().take_off(doors));
    }

    /// Whether nobody went to any door.
    pub fn is_empty(&self) -> bool {
        self.doors.visits() == 0
    }
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

impl FieldworkResult {
    /// From what is told of all that is selected and of each row of a table of areas, the selected period, and k.
    pub(super) fn of(
        (total, areas): (&FieldworkSum, &[FieldworkSum]),
        rows: &[AreaResult],
        selected: Option<Period>,
        k: u32,
    ) -> Option<Self> {
        let row = |(row, sum): (&AreaResult, &FieldworkSum)| AreaDoors {
            code: row.code.clone(),
            name: row.name.clone(),
            doors: (!sum.is_empty()).then(|| DoorsResult::of(&sum.doors)),
        };
        let part = |part| {
            let opened = total.parts.get(&part).and_then(|doors| wilson(doors.opened(), doors.visits()));
            PartResult { part, opened: opened.filter(|it| disclosure::enough(it.x, k)) }
        };
        (!total.is_empty()).then(|| Self {
            period: selected.map(Period::month),
            total: DoorsResult::of(&total.doors),
            areas: rows.iter().zip(areas).map(row).collect(),
            parts: DayPart::ALL.map(part).into(),
        })
    }
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
