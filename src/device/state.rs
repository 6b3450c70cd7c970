//! What the volunteer sees of it.

use serde::Serialize;

use super::{Device, Hand, Key, Pick, Post, Sum};
use crate::{
    area::AreaCode,
    campaign::Campaign,
    day::Day,
    disposition::{Disposition, Doors},
    response::Mode,
    statistic::outcome::{Classes, Outcome},
};

/// The shift that is on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ShiftState {
    /// Where.
    pub area: AreaCode,
    /// How.
    pub mode: Mode,
    /// Its number on this tablet today.
    pub number: u16,
    /// In whose hands the tablet is.
    pub hand: Hand,
    /// The adult that was drawn for the next interview.
    pub pick: Option<Pick>,
    /// What came of the last door, while it can be undone.
    pub undo: Option<Disposition>,
    /// Respondents in the sum that is not a batch yet.
    pub in_tally: u32,
    /// They can go out as sealed reports: each has one.
    pub releasable: bool,
    /// Respondents that make a batch.
    pub k: u32,
    /// Respondents in this shift.
    pub completed: u32,
    /// What is not acknowledged, of every campaign.
    pub unsent: Vec<UnsentState>,
    /// Respondents on this tablet who are not in an acknowledged batch, of every campaign.
    pub waiting: u32,
    /// Respondents in acknowledged batches, of every shift on this tablet.
    pub sent: u32,
    /// What came of this shift's doors.
    pub doors: DoorsState,
}

/// What is not acknowledged yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UnsentState {
    /// Respondents; none for counts of doors.
    pub n: u32,
    /// Doors; none for respondents.
    pub doors: u32,
    /// Tries so far.
    pub tries: u32,
    /// What came of the last one.
    pub problem: Option<String>,
    /// The collector does not take it.
    pub refused: bool,
    /// It can go out as sealed reports instead.
    pub releasable: bool,
    /// It is in a file as well.
    pub exported: bool,
}

/// What came of a shift's doors.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DoorsState {
    /// Doors.
    pub total: u32,
    /// Visits to doors that had been counted before.
    pub callbacks: u32,
    /// Doors where somebody was met.
    pub contacts: u32,
    /// Doors where somebody answered to the end.
    pub completes: u32,
    /// Doors by what came of them, in the order of [`Disposition::ALL`].
    pub ended: Vec<(&'static str, u32)>,
    /// AAPOR's rates.
    pub rates: Outcome,
}

/// The shift that ended last.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Card {
    /// Where.
    pub area: AreaCode,
    /// When.
    pub day: Day,
    /// Its number on this tablet on that day.
    pub number: u16,
    /// What came of its doors.
    pub doors: DoorsState,
}

impl From<&Doors> for DoorsState {
    fn from(doors: &Doors) -> Self {
        let classes = Classes::of(doors);
        Self {
            total: doors.total() as u32,
            callbacks: doors.callbacks() as u32,
            contacts: doors.contacts() as u32,
            completes: doors.completes() as u32,
            ended: Disposition::ALL.map(|it| (it.name(), doors.ended(it) as u32)).to_vec(),
            rates: classes.outcome(classes.proportional()),
        }
    }
}

impl Device {
    /// The shift of a campaign, if it is on.
    pub fn state(&self, campaign: &Campaign) -> Option<ShiftState> {
        let shift = self.shift(campaign).ok()?;
        let key = Key::of(campaign, &shift.area);
        let sum = self.sums.iter().find(|it| it.key == key);
        let person = self.last.as_ref().and_then(|it| it.person.as_ref());
        let mut doors = shift.doors.clone();
        if let Some(last) = &self.last {
            // Only what can be counted has become an entry.
            let _ = doors.add(last.visit);
        }
        let doors = DoorsState::from(&doors);
        let whole = sum.is_none_or(Sum::whole) && person.is_none_or(|it| it.held.is_some());
        let in_tally = sum.map_or(0, Sum::n) + usize::from(person.is_some());
        Some(ShiftState {
            area: shift.area.clone(),
            mode: shift.mode,
            number: shift.number,
            hand: shift.hand,
            pick: shift.pick,
            undo: self.last.as_ref().map(|it| it.visit.outcome),
            in_tally: in_tally as u32,
            releasable: in_tally > 0 && whole,
            k: campaign.k,
            completed: doors.completes,
            unsent: self.unsent(),
            waiting: self.waiting(),
            sent: self.sent as u32,
            doors,
        })
    }

    /// The shift of a campaign that ended last, if no other has begun since.
    pub fn card(&self, campaign: &Campaign) -> Option<Card> {
        let card = self.card.as_ref().filter(|it| it.campaign == campaign.id)?;
        let doors = DoorsState::from(&card.doors);
        Some(Card { area: card.area.clone(), day: card.day, number: card.number, doors })
    }

    /// What is not acknowledged yet.
    pub fn unsent(&self) -> Vec<UnsentState> {
        let state = |it: &super::Unsent| UnsentState {
            n: it.post.respondents() as u32,
            doors: if let Post::Fieldwork(it) = &it.post { it.doors.visits() as u32 } else { 0 },
            tries: it.tries,
            problem: it.problem.clone(),
            refused: it.refused,
            releasable: it.releasable(),
            exported: it.exported,
        };
        self.outbox.iter().map(state).collect()
    }

    /// Respondents on this tablet who are not in an acknowledged batch.
    pub fn waiting(&self) -> u32 {
        let last = self.last.iter().filter(|it| it.person.is_some()).count();
        let sums: usize = self.sums.iter().map(Sum::n).sum();
        let outbox: u64 = self.outbox.iter().map(|it| it.post.respondents()).sum();
        (last + sums) as u32 + outbox as u32
    }
}
