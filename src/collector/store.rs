//! What the collector keeps, behind a narrow seam: [`sqlite`] today, PostgreSQL can stand beside it.
//!
//! Invariants of every store:
//! - What [`Store::add_batch`] has returned survives the process and the power.
//! - A batch is counted whole or not at all, and once: its id and the digest of its content are kept,
//!   its cells only as part of a sum.
//! - What [`Store::leaves`] gives has gone through [`crate::disclosure`].

mod blob;
mod sqlite;

use std::error::Error;

pub(super) use self::sqlite::Sqlite;
use crate::{campaign::Campaign, results::Leaf, tally::Batch};

/// Campaigns, questionnaires and sums.
pub(super) trait Store: Send + Sync {
    /// All campaigns, in the order in which they were added.
    fn campaigns(&self) -> Result<Vec<Campaign>, StoreError>;

    /// One campaign.
    fn campaign(&self, id: &str) -> Result<Option<Campaign>, StoreError>;

    /// A questionnaire's file, by its hash.
    fn questionnaire(&self, hash: &str) -> Result<Option<Vec<u8>>, StoreError>;

    /// Adds campaigns with the files of their questionnaires, all or none; nothing if there is a campaign already.
    fn begin(&self, fielded: &[(Campaign, &[u8])]) -> Result<(), StoreError>;

    /// What is known of a batch that was posted before: [`Added::Repeated`] or [`Added::Conflict`].
    fn counted(&self, campaign: &Campaign, batch: &Batch) -> Result<Option<Added>, StoreError>;

    /// Counts a batch that has been checked, and releases what may be shown.
    fn add_batch(&self, campaign: &Campaign, batch: &Batch) -> Result<Added, StoreError>;

    /// The released sums of a campaign.
    fn leaves(&self, campaign: &Campaign) -> Result<Vec<Leaf>, StoreError>;
}

/// What came of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Added {
    /// It is counted now.
    Counted,
    /// It was counted before; nothing has changed.
    Repeated,
    /// A batch of this id but with other content was counted before; nothing has changed.
    Conflict,
}

/// The store failed, or holds what it cannot have stored.
pub(super) type StoreError = Box<dyn Error + Send + Sync>;
