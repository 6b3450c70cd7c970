//! What the collector keeps, behind a narrow seam: [`sqlite`] today, PostgreSQL can stand beside it.
//!
//! Invariants of every store:
//! - What [`Store::add_batch`] has returned survives the process and the power.
//! - A batch is counted whole or not at all, and once: its id and the digest of its content are kept,
//!   its cells only as part of a sum. The same holds of fieldwork.
//! - Of a report nothing is kept but its id, which goes when the campaign takes no more. Its shares are
//!   added to the two aggregators' sums of shares, each sealed with its aggregator's key; the two sums are
//!   put together, and become part of a leaf, only from k respondents on.
//! - What [`Store::view`] gives has gone through [`crate::disclosure`].
//! - Of a token nothing is kept but its SHA-256 and what it is good for; what is revoked is gone.

mod doors;
mod migrations;
mod sqlite;
mod steps;
mod tokens;
mod views;

use std::{error::Error, sync::Arc};

use serde::Serialize;
use sha2::{Digest, Sha256};

pub(super) use self::{doors::tell_campaign as tell_doors, sqlite::Sqlite, tokens::Tokens};
use super::shared::Fielded;
use crate::{
    area::AreaCode,
    campaign::Campaign,
    day::Day,
    fieldwork::Fieldwork,
    period::Period,
    questionnaire::Questionnaire,
    results::{Selection, fieldwork::FieldworkSum, view::View},
    split::{Pair, Task, Verified},
    statistic::margins::Margins,
    tally::{BadTally, Batch, BatchId, Tally},
};

/// Campaigns, questionnaires, sums and tokens.
pub(super) trait Store: Tokens + Send + Sync {
    /// All campaigns, in the order in which they were added.
    fn campaigns(&self) -> Result<Vec<Arc<Campaign>>, StoreError>;

    /// One campaign.
    fn campaign(&self, id: &str) -> Result<Option<Arc<Campaign>>, StoreError>;

    /// A questionnaire's file, by its hash.
    fn questionnaire(&self, hash: &str) -> Result<Option<Vec<u8>>, StoreError>;

    /// Adds campaigns with the files of their questionnaires, all or none; nothing if there is a campaign already.
    fn begin(&self, fielded: &[(Campaign, &[u8])]) -> Result<(), StoreError>;

    /// Adds a campaign with the file of its questionnaire, whole or not at all; `false` if there is one of its id.
    fn add_campaign(&self, campaign: &Campaign, file: &[u8]) -> Result<bool, StoreError>;

    /// Changes a campaign; `false` if there is none of this id. What is fielded where under which k never changes.
    fn change_campaign(&self, id: &str, change: &dyn Fn(&mut Campaign)) -> Result<bool, StoreError>;

    /// What is known of a batch or of fieldwork that was posted before: [`Added::Repeated`] or [`Added::Conflict`].
    fn counted(&self, campaign: &Campaign, named: &Named) -> Result<Option<Added>, StoreError>;

    /// Counts a batch that has been checked, and releases what may be shown. `tally` is what is under its masks.
    fn add_batch(&self, campaign: &Campaign, named: &Named, batch: &Batch, tally: &Tally) -> Result<Added, StoreError>;

    /// Counts fieldwork that has been checked.
    fn add_fieldwork(&self, campaign: &Campaign, named: &Named, fieldwork: &Fieldwork) -> Result<Added, StoreError>;

    /// The id of the campaign and the area of a DAP task.
    fn task(&self, id: &[u8; 32]) -> Result<Option<(String, AreaCode)>, StoreError>;

    /// Adds verified reports, all or none: the outcome of each, in order.
    fn add_reports(&self, pair: &Pair, reports: &[Arrived]) -> Result<Vec<Added>, StoreError>;

    /// Forgets the ids of reports to campaigns that take nothing any more.
    fn forget_reports(&self, today: Day) -> Result<(), StoreError>;

    /// Takes the last step of campaigns that take nothing any more: what came since the one before it.
    fn take_last_steps(&self, today: Day) -> Result<(), StoreError>;

    /// What two other bodies have added up, once a collection; `fault` is what does not add up in it.
    fn add_collected(&self, campaign: &Campaign, collected: &Collected) -> Result<Added, StoreError>;

    /// Whether a campaign has taken a step since what is told of it was decided.
    fn undecided(&self, campaign: &Campaign) -> Result<bool, StoreError>;

    /// Decides what is told of a campaign by now. It reads every sum of its steps: of many areas that takes its time.
    fn decide(&self, campaign: &Campaign, questionnaire: &Questionnaire) -> Result<(), StoreError>;

    /// What a selection of a campaign shows, as it was decided last.
    fn view(
        &self,
        campaign: &Campaign,
        questionnaire: &Questionnaire,
        selection: &Selection,
    ) -> Result<View, StoreError>;

    /// The population to which a campaign's respondents are weighted, if it is known.
    fn margins(&self, campaign: &Campaign) -> Result<Option<Margins>, StoreError>;

    /// Says to which population a campaign's respondents are weighted from now on.
    fn set_margins(&self, campaign: &Campaign, margins: Option<&Margins>) -> Result<(), StoreError>;

    /// What is told of the doors within each of some areas (none: of all), in a month or at all times.
    fn doors(
        &self,
        campaign: &Campaign,
        areas: &[Option<&AreaCode>],
        month: Option<Period>,
    ) -> Result<Vec<FieldworkSum>, StoreError>;
}

/// By what a second post of the same batch or fieldwork is known.
pub(super) struct Named {
    id: BatchId,
    /// SHA-256 of the content, not of the bytes: white space makes no other batch.
    digest: Vec<u8>,
}

impl Named {
    /// A batch, as it was posted: masks and all, so that a second post is known though their key has gone.
    pub(super) fn batch(batch: &Batch) -> Result<Self, StoreError> {
        Self::of(&batch.id, batch)
    }

    /// Fieldwork.
    pub(super) fn fieldwork(fieldwork: &Fieldwork) -> Result<Self, StoreError> {
        Self::of(&fieldwork.id, fieldwork)
    }

    fn of(id: &BatchId, content: &impl Serialize) -> Result<Self, StoreError> {
        Ok(Self { id: id.clone(), digest: Sha256::digest(serde_json::to_vec(content)?).to_vec() })
    }
}

/// A DAP task that is fielded.
pub(super) struct Known {
    /// Its id and layout.
    pub(super) task: Task,
    /// Its campaign, as it was when the task was first asked for: whoever needs its days asks anew.
    pub(super) campaign: Arc<Campaign>,
    /// Its area.
    pub(super) area: AreaCode,
    /// Its questionnaire.
    pub(super) fielded: Arc<Fielded>,
}

/// A report that both aggregators verified.
pub(super) struct Arrived {
    /// Where it belongs.
    pub(super) known: Arc<Known>,
    /// Its shares.
    pub(super) verified: Verified,
}

/// A collection from two other bodies.
pub(super) struct Collected {
    /// Names it: what is collected twice under one name is added once.
    pub(super) id: String,
    /// Where.
    pub(super) area: AreaCode,
    /// The last day of its reports.
    pub(super) day: Day,
    /// The sum.
    pub(super) tally: Tally,
    /// What does not add up in it.
    pub(super) fault: Option<BadTally>,
}

/// What came of a batch or a report.
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
