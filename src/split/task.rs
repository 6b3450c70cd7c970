//! DAP tasks: what the two aggregators and the phone must agree upon.

use janus_messages::TaskId;
use prio::vdaf::{VdafError, prio3};
use sha2::{Digest, Sha256};

use crate::{area::AreaCode, campaign::Campaign, day::Day};

/// Prio3SumVec of VDAF-08.
pub type Vdaf = prio3::Prio3SumVec;

/// One campaign in one area.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Derived, so that a phone and both aggregators find it without asking.
    pub id: TaskId,
    /// Cells of the questionnaire's layout.
    pub cells: usize,
}

impl Task {
    /// Reports carry a time in whole days: that of their day's first second, in UTC.
    pub const PRECISION_SECONDS: u64 = 86_400;

    /// The task of an area of a campaign, whose questionnaire has so many cells.
    pub fn of(campaign: &Campaign, area: &AreaCode, cells: usize) -> Self {
        Self::named(&campaign.id, &campaign.questionnaire, area.as_str(), cells)
    }

    /// The same, for who knows a campaign by its names only. Another questionnaire is another task:
    /// sums of different layouts can never meet.
    pub fn named(campaign: &str, questionnaire: &str, area: &str, cells: usize) -> Self {
        let mut hash = Sha256::new();
        // None of the names can hold a zero byte.
        for part in ["anxin dap-09 task", campaign, questionnaire, area] {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
        Self { id: TaskId::from(<[u8; 32]>::from(hash.finalize())), cells }
    }

    /// The time that stands for a day.
    pub fn time(day: Day) -> u64 {
        u64::from(day.since_epoch()) * Self::PRECISION_SECONDS
    }
}

/// One bit a cell.
///
/// # Errors
/// For a layout without cells.
pub fn vdaf(cells: usize) -> Result<Vdaf, VdafError> {
    Vdaf::new_sum_vec(2, 1, cells, chunk_length(cells))
}

/// The chunk length that makes the proof shortest: the c with the least 2c + 2·(nextpow2(1 + ⌈n/c⌉) − 1).
pub fn chunk_length(cells: usize) -> usize {
    prio3::optimal_chunk_length(cells)
}
