//! What is counted: the one way in for a batch, fieldwork or a report, whether posted or carried in a file.

use std::sync::Arc;

use axum::http::StatusCode;
use janus_messages::{TaskId, problem_type::DapProblemType};
use tokio::sync::oneshot;

use super::{
    problem::{self, Problem},
    shared::Shared,
    store::{Added, Arrived, Known, Named},
};
use crate::{fieldwork::Fieldwork, mask, split::Refusal, tally::Batch};

/// Counts a batch to a campaign.
pub(super) fn batch(shared: &Shared, campaign: &str, bytes: &[u8]) -> Result<(Added, Batch), Problem> {
    let campaign = shared.campaign(campaign)?;
    let fielded = shared.fielded(&campaign.questionnaire)?;
    let batch = Batch::parse(bytes, &campaign, &fielded.questionnaire, shared.clock.today())?;
    let named = Named::batch(&batch)?;
    let added = match shared.store.counted(&campaign, &named)? {
        Some(counted) => counted,
        None => {
            Batch::in_time(&campaign, shared.clock.today())?;
            let keys = shared.keys.deposit()?;
            let tally = batch.open(&fielded.questionnaire.layout, |sealed| mask::open(&keys, sealed))?;
            shared.store.add_batch(&campaign, &named, &batch, &tally)?
        }
    };
    Ok((new(added)?, batch))
}

/// Counts fieldwork to a campaign.
pub(super) fn fieldwork(shared: &Shared, campaign: &str, bytes: &[u8]) -> Result<(Added, Fieldwork), Problem> {
    let campaign = shared.campaign(campaign)?;
    let fieldwork = Fieldwork::parse(bytes, &campaign, shared.clock.today())?;
    let named = Named::fieldwork(&fieldwork)?;
    let added = match shared.store.counted(&campaign, &named)? {
        Some(counted) => counted,
        None => {
            Fieldwork::in_time(&campaign, shared.clock.today())?;
            shared.store.add_fieldwork(&campaign, &named, &fieldwork)?
        }
    };
    Ok((new(added)?, fieldwork))
}

/// Verifies a report to a task, and leaves it to be added: the outcome comes when it is on disk.
pub(super) fn report(shared: &Shared, task: &str, bytes: &[u8]) -> Result<oneshot::Receiver<Option<Added>>, Problem> {
    let known = known(shared, task)?;
    let pair = shared.keys.pair()?;
    let verified = pair.verify(&known.task, bytes).map_err(|refusal| refused(&refusal, task))?;
    // It may have been ended since its task was first asked for.
    let (today, campaign) = (shared.clock.today(), shared.campaign(&known.campaign.id)?);
    if !campaign.takes_on(today) {
        return Err(dap(DapProblemType::ReportRejected, task, "the campaign takes nothing today"));
    }
    // A phone east of the collector may be a day ahead.
    if verified.day > today.plus_days(1) {
        return Err(dap(DapProblemType::ReportTooEarly, task, "its day is yet to come"));
    }
    if !campaign.open_on(verified.day) {
        return Err(dap(DapProblemType::ReportRejected, task, "nobody was asked on its day"));
    }
    Ok(shared.intake.add(pair, Arrived { known, verified }))
}

/// What a task's id stands for.
pub(super) fn known(shared: &Shared, task: &str) -> Result<Arc<Known>, Problem> {
    let unknown = || dap(DapProblemType::UnrecognizedTask, task, "");
    shared.task(&task.parse::<TaskId>().map_err(|_| unknown())?)?.ok_or_else(unknown)
}

/// A problem of DAP.
pub(super) fn dap(kind: DapProblemType, task: &str, detail: &str) -> Problem {
    let status = match kind {
        DapProblemType::UnrecognizedTask => StatusCode::NOT_FOUND,
        _ => StatusCode::BAD_REQUEST,
    };
    // Only what is a task's id is said back.
    let task = task.parse::<TaskId>().map_or_else(|_| String::new(), |task| task.to_string());
    Problem::dap(kind.type_uri(), status, kind.description(), detail, task)
}

fn refused(refusal: &Refusal, task: &str) -> Problem {
    let kind = match refusal {
        Refusal::Unreadable(_) => DapProblemType::InvalidMessage,
        Refusal::OutdatedKey(_) => DapProblemType::OutdatedConfig,
        Refusal::Rejected(_) => DapProblemType::ReportRejected,
    };
    dap(kind, task, &refusal.to_string())
}

/// Counted now or before, and not another one's name.
fn new(added: Added) -> Result<Added, Problem> {
    match added {
        Added::Conflict => Err(Problem::new(problem::CONFLICT, "nothing has changed").at("/id")),
        Added::Counted | Added::Repeated => Ok(added),
    }
}
