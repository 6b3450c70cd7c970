//! Both aggregators in one process: opened, verified and added in memory, then forgotten.

use std::fmt;

use janus_messages::{HpkeCiphertext, InputShareAad, Report as Message, ReportId, Role};
use prio::{
    codec::{Decode, Encode, ParameterizedDecode},
    field::Field128,
    vdaf::{
        Aggregatable, AggregateShare, Aggregator, Collector, OutputShare, PrepareTransition,
        prio3::{Prio3InputShare, Prio3PublicShare},
    },
};
use sha2::{Digest, Sha256};

use super::{Keys, REPORT_BYTES, Task, seal::open, vdaf};
use crate::{day::Day, tally::Tally};

/// The two aggregators' keys.
pub struct Pair {
    /// The leader's.
    pub leader: Keys,
    /// The helper's.
    pub helper: Keys,
}

/// A report that both aggregators found to be in order: its shares, still apart.
pub struct Verified {
    /// Its name.
    pub id: ReportId,
    /// Its day.
    pub day: Day,
    /// What each aggregator adds.
    pub shares: Shares,
}

/// One respondent's output shares.
pub struct Shares {
    leader: OutputShare<Field128>,
    helper: OutputShare<Field128>,
}

/// Each aggregator's sum of shares over n respondents. It prints n alone: of one respondent both sums
/// together are the answers.
#[derive(Clone, PartialEq, Eq)]
pub struct Sum {
    /// Respondents.
    pub n: u64,
    pub(super) leader: AggregateShare<Field128>,
    pub(super) helper: AggregateShare<Field128>,
}

/// Why a report is refused: DAP-09 §3.2 has a name for each.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Not a report, cut short, or longer than one can be.
    #[error("not a report of DAP-09: {0}")]
    Unreadable(&'static str),
    /// Sealed to a key that this aggregator does not have (any more).
    #[error("sealed to a key that is not known here ({0})")]
    OutdatedKey(u8),
    /// A share does not open, is of another task, or the proof does not hold.
    #[error("{0}")]
    Rejected(&'static str),
}

impl Pair {
    /// Opens and verifies both shares of a report.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn verify(&self, task: &Task, bytes: &[u8]) -> Result<Verified, Refusal> {
        if bytes.len() > REPORT_BYTES {
            return Err(Refusal::Unreadable("too long"));
        }
        let report = Message::get_decoded(bytes).map_err(|_| Refusal::Unreadable("cut short, or of another shape"))?;
        let metadata = report.metadata();
        let day = Day::of_epoch(metadata.time().as_seconds_since_epoch(), Task::PRECISION_SECONDS);
        let day = day.ok_or(Refusal::Rejected("its time is not that of a day"))?;
        let shares = self.shares(task, &report)?;
        Ok(Verified { id: *metadata.id(), day, shares })
    }

    fn shares(&self, task: &Task, report: &Message) -> Result<Shares, Refusal> {
        let vdaf = vdaf(task.cells).map_err(|_| Refusal::Rejected("the task has no cells"))?;
        let public = Prio3PublicShare::get_decoded_with_param(&vdaf, report.public_share())
            .map_err(|_| Refusal::Unreadable("its public share"))?;
        let aad = InputShareAad::new(task.id, report.metadata().clone(), report.public_share().to_vec());
        let aad = aad.get_encoded().map_err(|_| Refusal::Unreadable("its public share"))?;
        let (nonce, verify_key) = (report.metadata().id().as_ref(), self.verify_key(task));
        let prepare = |role: Role, keys: &Keys, index, sealed: &HpkeCiphertext| {
            let id = u8::from(*sealed.config_id());
            let key = keys.private(id).ok_or(Refusal::OutdatedKey(id))?;
            let share = open(role, &key, sealed, &aad).ok_or(Refusal::Rejected("a share does not open"))?;
            let share = Prio3InputShare::get_decoded_with_param(&(&vdaf, index), &share)
                .map_err(|_| Refusal::Rejected("a share is not of this task"))?;
            vdaf.prepare_init(&verify_key, index, &(), nonce, &public, &share)
                .map_err(|_| Refusal::Rejected("a share cannot be verified"))
        };
        let (leader, leader_says) = prepare(Role::Leader, &self.leader, 0, report.leader_encrypted_input_share())?;
        let (helper, helper_says) = prepare(Role::Helper, &self.helper, 1, report.helper_encrypted_input_share())?;
        let forged = |_| Refusal::Rejected("the proof does not hold");
        let message = vdaf.prepare_shares_to_prepare_message(&(), [leader_says, helper_says]).map_err(forged)?;
        let finish = |state| match vdaf.prepare_next(state, message.clone()) {
            Ok(PrepareTransition::Finish(share)) => Ok(share),
            _ => Err(Refusal::Rejected("the proof does not hold")),
        };
        Ok(Shares { leader: finish(leader)?, helper: finish(helper)? })
    }

    /// Known to both aggregators and to no client, so that none can make a proof for it.
    pub fn verify_key(&self, task: &Task) -> [u8; 16] {
        verify_key(self.leader.verify(), task)
    }
}

/// The verification key of a task.
pub(super) fn verify_key(secret: &[u8; 32], task: &Task) -> [u8; 16] {
    let hash = Sha256::new().chain_update("anxin dap-09 verify").chain_update(secret).chain_update(task.id.as_ref());
    let mut key = [0; 16];
    key.copy_from_slice(&hash.finalize()[..16]);
    key
}

impl fmt::Debug for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sum").field("n", &self.n).finish_non_exhaustive()
    }
}

impl Sum {
    /// Nobody yet.
    pub fn empty(cells: usize) -> Self {
        let zero = || AggregateShare::from(vec![Field128::from(0); cells]);
        Self { n: 0, leader: zero(), helper: zero() }
    }

    /// Each aggregator adds its share of a respondent.
    ///
    /// # Panics
    /// If the shares are of another layout.
    pub fn add(&mut self, shares: &Shares) {
        self.n += 1;
        let fits = self.leader.accumulate(&shares.leader).and_then(|()| self.helper.accumulate(&shares.helper));
        assert!(fits.is_ok(), "shares of another layout");
    }

    /// Each aggregator adds another sum of the same layout to its own.
    ///
    /// # Panics
    /// If the sums differ in length.
    pub fn merge(&mut self, other: &Sum) {
        self.n += other.n;
        let fits = self.leader.merge(&other.leader).and_then(|()| self.helper.merge(&other.helper));
        assert!(fits.is_ok(), "sums of different layouts");
    }

    /// The two sums put together: what is known of n respondents. `None` for fewer than k, so that
    /// the shares of fewer are never put together.
    pub fn combine(&self, k: u32) -> Option<Tally> {
        if self.n < u64::from(k) {
            return None;
        }
        let vdaf = vdaf(self.leader.as_ref().len()).ok()?;
        let shares = [self.leader.clone(), self.helper.clone()];
        let cells = vdaf.unshard(&(), shares, usize::try_from(self.n).ok()?).ok()?;
        let cells = cells.into_iter().map(|cell| u64::try_from(cell).ok()).collect::<Option<_>>()?;
        Some(Tally { n: self.n, cells })
    }
}
