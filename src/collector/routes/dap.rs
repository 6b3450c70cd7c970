//! The embedded pair as DAP-09 aggregators: their keys, and the upload of reports.
//!
//! Answers can be read from any site, refusals too: a page must be able to tell one from a dead server.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{Path, Query, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use janus_messages::{HpkeConfigList, Report, Role, TaskId, problem_type::DapProblemType};
use serde::Deserialize;

use super::body::bounded;
use crate::{
    collector::{
        aggregators::configurations,
        problem::Problem,
        shared::Shared,
        store::{Added, Arrived, Known, StoreError},
    },
    split::{REPORT_BYTES, Refusal},
};

/// So long a phone may go by the keys that it has, in seconds.
const KEYS_KEEP: &str = "max-age=3600";

/// What stands after the question mark.
#[derive(Deserialize)]
pub(super) struct Asked {
    task_id: Option<String>,
}

/// `GET /dap/leader/hpke_config?task_id=`
pub(super) async fn leader_keys(shared: State<Arc<Shared>>, asked: Query<Asked>) -> Result<Response, Problem> {
    keys(shared, asked, Role::Leader).await
}

/// `GET /dap/helper/hpke_config?task_id=`
pub(super) async fn helper_keys(shared: State<Arc<Shared>>, asked: Query<Asked>) -> Result<Response, Problem> {
    keys(shared, asked, Role::Helper).await
}

async fn keys(State(shared): State<Arc<Shared>>, Query(asked): Query<Asked>, role: Role) -> Result<Response, Problem> {
    let work = move |shared: &Shared| {
        // The keys are the same for every task; a task that is none is told.
        if let Some(task) = asked.task_id {
            known(shared, &task)?;
        }
        Ok(configurations(&*shared.keys.pair()?, role)?)
    };
    let list = shared.work(work).await?;
    let headers = [(header::CONTENT_TYPE, HpkeConfigList::MEDIA_TYPE), (header::CACHE_CONTROL, KEYS_KEEP)];
    Ok((headers, list).into_response())
}

/// `PUT /dap/leader/tasks/{task}/reports`: 200 when it is counted, and on disk.
pub(super) async fn upload(
    State(shared): State<Arc<Shared>>,
    Path(task): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, Problem> {
    let too_large = || problem(DapProblemType::InvalidMessage, &task, "longer than a report can be");
    let bytes = bounded(body, REPORT_BYTES).await?.ok_or_else(too_large)?;
    if headers.get(header::CONTENT_TYPE).is_none_or(|media| media != Report::MEDIA_TYPE) {
        return Err(problem(DapProblemType::InvalidMessage, &task, "a report is application/dap-report"));
    }
    let named = task.clone();
    let work = move |shared: &Shared| {
        let known = known(shared, &task)?;
        let pair = shared.keys.pair()?;
        let verified = pair.verify(&known.task, &bytes).map_err(|refusal| refused(&refusal, &task))?;
        let (today, campaign) = (shared.clock.today(), &known.campaign);
        if !campaign.takes_on(today) {
            return Err(problem(DapProblemType::ReportRejected, &task, "the campaign takes nothing today"));
        }
        // A phone east of the collector may be a day ahead.
        if verified.day > today.plus_days(1) {
            return Err(problem(DapProblemType::ReportTooEarly, &task, "its day is yet to come"));
        }
        if !campaign.open_on(verified.day) {
            return Err(problem(DapProblemType::ReportRejected, &task, "nobody was asked on its day"));
        }
        Ok(shared.intake.add(pair, Arrived { known, verified }))
    };
    let outcome = shared.work(work).await?.await.ok().flatten();
    match outcome {
        Some(Added::Counted) => Ok(StatusCode::OK),
        Some(_) => {
            Err(problem(DapProblemType::ReportRejected, &named, "a report of this id is counted already").counted())
        }
        None => Err(StoreError::from("the report was not stored").into()),
    }
}

fn known(shared: &Shared, task: &str) -> Result<Arc<Known>, Problem> {
    let unknown = || problem(DapProblemType::UnrecognizedTask, task, "");
    shared.task(&task.parse::<TaskId>().map_err(|_| unknown())?)?.ok_or_else(unknown)
}

fn refused(refusal: &Refusal, task: &str) -> Problem {
    let kind = match refusal {
        Refusal::Unreadable(_) => DapProblemType::InvalidMessage,
        Refusal::OutdatedKey(_) => DapProblemType::OutdatedConfig,
        Refusal::Rejected(_) => DapProblemType::ReportRejected,
    };
    problem(kind, task, &refusal.to_string())
}

fn problem(kind: DapProblemType, task: &str, detail: &str) -> Problem {
    let status = match kind {
        DapProblemType::UnrecognizedTask => StatusCode::NOT_FOUND,
        _ => StatusCode::BAD_REQUEST,
    };
    // Only what is a task's id is said back.
    let task = task.parse::<TaskId>().map_or_else(|_| String::new(), |task| task.to_string());
    Problem::dap(kind.type_uri(), status, kind.description(), detail, task)
}

/// Lets the pages of any site ask, and read every answer.
pub(super) async fn any_site(request: Request, next: Next) -> Response {
    let mut response = if request.method() == Method::OPTIONS {
        let allow = [
            (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, PUT"),
            (header::ACCESS_CONTROL_ALLOW_HEADERS, "content-type"),
            (header::ACCESS_CONTROL_MAX_AGE, "86400"),
        ];
        (StatusCode::NO_CONTENT, allow).into_response()
    } else {
        next.run(request).await
    };
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}
