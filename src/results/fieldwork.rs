//! What came of the doors, as far as it is told.

use std::collections::BTreeMap;

use serde::Serialize;

use super::AreaResult;
use crate::{
    area::AreaCode,
    disclosure,
    disposition::Doors,
    fieldwork::DayPart,
    questionnaire::Text,
    statistic::{
        outcome::{Classes, Outcome},
        proportion::{Estimate, wilson},
    },
};

/// The sum of the fieldwork of an area in a part of its days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoorsLeaf {
    /// Where.
    pub area: AreaCode,
    /// Which part of the day.
    pub part: DayPart,
    /// What came of the doors.
    pub doors: Doors,
}

/// What came of the doors of the selected areas, all days together: a door that was called back at on another
/// day is still one door.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct FieldworkResult {
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
    /// Its doors; none where in each of its areas fewer than k were met.
    pub doors: Option<DoorsResult>,
}

/// Doors and AAPOR's rates of them.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct DoorsResult {
    /// Doors.
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

/// How often somebody opens in a part of the day.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct PartResult {
    /// The part.
    pub part: DayPart,
    /// Share of visits at which somebody opened; none where that was under k.
    pub opened: Option<Estimate>,
}

impl FieldworkResult {
    /// From the doors of every area, the rows of a table of areas, and k. An area where fewer than k were met is in no
    /// figure, so that none tells anything of it.
    pub(super) fn of(rows: &[AreaResult], leaves: &[DoorsLeaf], k: u32) -> Option<Self> {
        let mut areas: BTreeMap<&AreaCode, Doors> = BTreeMap::new();
        for leaf in leaves {
            areas.entry(&leaf.area).or_insert_with(Doors::empty).merge(&leaf.doors);
        }
        areas.retain(|area, doors| {
            disclosure::enough(doors.contacts(), k) && rows.iter().any(|row| area.within(&row.code))
        });
        let sum = |doors: &mut dyn Iterator<Item = &Doors>| {
            let mut sum = Doors::empty();
            doors.for_each(|doors| sum.merge(doors));
            sum
        };
        let total = Some(sum(&mut areas.values())).filter(|_| !areas.is_empty())?;
        let row = |row: &AreaResult| {
            let mut within = areas.iter().filter(|(area, _)| area.within(&row.code)).map(|(_, doors)| doors).peekable();
            let doors = within.peek().is_some().then(|| DoorsResult::of(&sum(&mut within)));
            AreaDoors { code: row.code.clone(), name: row.name.clone(), doors }
        };
        let part = |part| {
            let told = leaves.iter().filter(|leaf| leaf.part == part && areas.contains_key(&leaf.area));
            let doors = sum(&mut told.map(|leaf| &leaf.doors));
            let opened = wilson(doors.opened(), doors.visits()).filter(|it| disclosure::enough(it.x, k));
            PartResult { part, opened }
        };
        Some(Self {
            total: DoorsResult::of(&total),
            areas: rows.iter().map(row).collect(),
            parts: DayPart::ALL.map(part).into(),
        })
    }
}

impl DoorsResult {
    fn of(doors: &Doors) -> Self {
        let Outcome { rr1, rr2, coop1, ref1, con1, .. } = Classes::of(doors).outcome(None);
        let (total, visits) = (doors.total(), doors.visits());
        let (contacts, completes) = (doors.contacts(), doors.completes());
        Self { doors: total, visits, contacts, completes, rr1, rr2, coop1, ref1, con1 }
    }
}
