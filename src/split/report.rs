//! One respondent's sealed shares.

use janus_messages::{InputShareAad, Report as Message, ReportId, ReportMetadata, Role, TaskId, Time};
use prio::{
    codec::{Decode, Encode},
    vdaf::Client,
};
use zeroize::Zeroizing;

use super::{
    Recipients, Task,
    seal::{Recipient, length, seal},
    splitter,
};
use crate::{day::Day, layout::Cells};

/// So many bytes a report may have: twice that of the longest layout.
pub const REPORT_BYTES: usize = 1 << 20;

/// A report as it is uploaded. It is made once; every try posts the same bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    task: TaskId,
    id: ReportId,
    bytes: Vec<u8>,
}

/// A report could not be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CannotSplit {
    /// A cell beyond the task's layout, or a layout without cells.
    #[error("the cells are not of the task's layout")]
    Cells,
    /// The library refused.
    #[error("the cells could not be split or sealed")]
    Library,
}

/// Bytes that are no report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a report of DAP-09")]
pub struct NotAReport;

impl Report {
    /// Splits a respondent's cells and seals each share to its aggregator. The id is 16 random bytes,
    /// which are the VDAF's nonce too.
    ///
    /// # Errors
    /// If the cells do not fit the task, or a key is none.
    pub fn split(task: &Task, day: Day, cells: &Cells, id: [u8; 16], to: &Recipients) -> Result<Self, CannotSplit> {
        Self::split_ones(task, day, cells.ones(), id, to)
    }

    /// The same from the indices of the ones, each once.
    pub(crate) fn split_ones(
        task: &Task,
        day: Day,
        ones: &[u32],
        id: [u8; 16],
        to: &Recipients,
    ) -> Result<Self, CannotSplit> {
        let mut measurement = Zeroizing::new(vec![0; task.cells]);
        for &one in ones {
            *measurement.get_mut(one as usize).ok_or(CannotSplit::Cells)? = 1;
        }
        let splitter = splitter(task.cells).map_err(|_| CannotSplit::Cells)?;
        let (public, shares) = splitter.shard(&measurement, &id).map_err(|_| CannotSplit::Library)?;
        let metadata = ReportMetadata::new(id.into(), Time::from_seconds_since_epoch(Task::time(day)));
        let public = encode(&public)?;
        let aad = InputShareAad::new(task.id, metadata.clone(), public.clone());
        let [leader, helper] = shares.as_slice() else { return Err(CannotSplit::Library) };
        let recipients = Recipient::draw(&[&to.leader, &to.helper]).ok_or(CannotSplit::Library)?;
        // An encoded `Report`.
        let mut bytes = [encode(&metadata)?, length(&public)?.to_vec(), public].concat();
        let parts = [(Role::Leader, &to.leader, leader), (Role::Helper, &to.helper, helper)];
        for ((role, key, share), recipient) in parts.into_iter().zip(recipients) {
            bytes.extend(seal((role, key), recipient, &Zeroizing::new(encode(share)?), &aad)?);
        }
        Ok(Self { task: task.id, id: id.into(), bytes })
    }

    /// Reads a report again that waited on the device.
    ///
    /// # Errors
    /// If the bytes are none.
    pub fn parse(task: TaskId, bytes: Vec<u8>) -> Result<Self, NotAReport> {
        let message = Message::get_decoded(&bytes).map_err(|_| NotAReport)?;
        Ok(Self { task, id: *message.metadata().id(), bytes })
    }

    /// The task for which it is made.
    pub fn task(&self) -> TaskId {
        self.task
    }

    /// Its random name.
    pub fn id(&self) -> ReportId {
        self.id
    }

    /// What is uploaded.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// Bytes of a report of so many cells; what was answered makes no difference. 0 for a layout that cannot be split.
///
/// Metadata and public share, and two ciphertexts with the id of a key, an encapsulated one and a tag; in the
/// leader's the cells, the proof and a blind, in the helper's the seeds of its cells and its proof, and a blind.
#[cfg(not(target_arch = "wasm32"))]
pub fn report_bytes(cells: usize) -> usize {
    use prio::flp::Type;

    const ELEMENT: usize = 16;
    const SEED: usize = 16;
    const SEALED: usize = (1 + 2 + 32 + 4 + 16) + (2 + 4);
    let Ok(prover) = super::Prover::new(cells) else { return 0 };
    let leader = ELEMENT * (cells + prover.proof_len()) + SEED;
    (16 + 8) + (4 + 2 * SEED) + (SEALED + leader) + (SEALED + 3 * SEED)
}

fn encode(it: &impl Encode) -> Result<Vec<u8>, CannotSplit> {
    it.get_encoded().map_err(|_| CannotSplit::Library)
}
