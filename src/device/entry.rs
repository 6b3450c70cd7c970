//! The steps of a tablet's day, as they lie in its journal.

use serde::{Deserialize, Serialize};

use super::{Shift, Unsent};
use crate::{
    area::AreaCode, day::Day, disposition::Visit, fieldwork::DayPart, outgoing::Acknowledgement, tally::BatchId,
};

/// One step: whole in the journal, or not at all. Chance and time are in it, so that the same entries give the
/// same tablet again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entry {
    /// A shift begins.
    Begun {
        /// It.
        shift: Shift,
        /// Respondents that make a batch.
        k: u32,
        /// The campaign's last day.
        closes: Day,
        /// Seed of the key with which this tablet signs its files, on its first shift: 64 hexadecimal digits.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        signer: Option<String>,
    },
    /// One adult of a household was drawn.
    Picked(Pick),
    /// The tablet goes into a resident's hands.
    HandedOver {
        /// The visit to which it belongs, but for its outcome.
        visit: Visit,
    },
    /// The resident has handed in.
    Completed {
        /// When.
        when: When,
        /// The respondent.
        person: Person,
        /// They broke off, and let count what they had answered.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        partial: bool,
    },
    /// The resident left before the end, and the answers are gone.
    Left {
        /// When, if anything had been answered: the door then counts as a break-off, which is a refusal.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        begun: Option<When>,
    },
    /// The volunteer has the tablet back.
    TakenBack,
    /// Somebody typed a PIN that is not it.
    WrongPin,
    /// A door at which nobody answered questions.
    Visited {
        /// When.
        when: When,
        /// What came of it.
        visit: Visit,
    },
    /// The last door was a mistake.
    Undone,
    /// The last door stands.
    Settled,
    /// A sum becomes a batch.
    Closed {
        /// Which sum.
        sum: Key,
        /// The batch's name.
        id: BatchId,
    },
    /// Counts of doors are ready to go.
    Gathered {
        /// Which.
        campaign: String,
        /// Where.
        area: AreaCode,
        /// When.
        when: When,
        /// Number of the shift.
        shift: u16,
        /// Their name.
        id: BatchId,
    },
    /// What came of a post.
    Posted {
        /// Of what.
        id: BatchId,
        /// What came of it.
        outcome: Outcome,
    },
    /// What waits was put into a file, which may be counted without a word to this tablet.
    Exported {
        /// What.
        ids: Vec<BatchId>,
    },
    /// Sealed reports go out instead of the sum of the shift's area and of refused batches.
    Released {
        /// Which sum.
        sum: Key,
    },
    /// Released reports are where phones keep theirs.
    HandedOn {
        /// Which.
        names: Vec<String>,
    },
    /// The shift is over.
    Ended,
}

impl Entry {
    /// Whether a report that was held may be needed no longer after it.
    pub fn lets_go(&self) -> bool {
        matches!(self, Self::Undone | Self::Posted { .. } | Self::HandedOn { .. })
    }
}

/// When a door was counted: nothing finer is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct When {
    /// The day.
    pub day: Day,
    /// Part of it.
    pub part: DayPart,
}

/// One adult of a household, drawn with equal chance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pick {
    /// Adults in the household, 1 to 20.
    pub adults: u32,
    /// The one to ask, counted from the oldest: 1 to `adults`.
    pub nth: u32,
}

/// A respondent as they lie on the tablet: unreadable there.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Hash of the questionnaire.
    pub questionnaire: String,
    /// Their cells under a mask of their own.
    pub cells: Vec<u32>,
    /// Its seed, sealed to the collector, in hexadecimal digits.
    pub mask: String,
    /// Name of their sealed report, if there were keys to make one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<String>,
}

impl std::fmt::Debug for Person {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Person").finish_non_exhaustive()
    }
}

/// What names a sum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// The campaign.
    pub campaign: String,
    /// Hash of its questionnaire: a changed one makes another sum.
    pub questionnaire: String,
    /// Where.
    pub area: AreaCode,
}

/// What came of a post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Stored; what was posted may go.
    Acknowledged(Acknowledgement),
    /// The collector does not take it, and says why.
    Refused(String),
    /// No word from the collector; try again.
    Unreachable(String),
}

impl Unsent {
    /// Notes what came of a post; whether it is acknowledged, and may go.
    pub(super) fn posted(&mut self, outcome: &Outcome) -> bool {
        self.tries = self.tries.saturating_add(1);
        match outcome {
            Outcome::Acknowledged(it) if it.id == *self.post.id() && it.counted => return true,
            Outcome::Acknowledged(_) => self.problem = Some("acknowledges something else".into()),
            Outcome::Refused(why) => {
                self.problem = Some(why.clone());
                self.refused = true;
            }
            Outcome::Unreachable(why) => {
                self.problem = Some(why.clone());
                self.refused = false;
            }
        }
        false
    }
}
