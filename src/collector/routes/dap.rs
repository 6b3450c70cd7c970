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
use janus_messages::{HpkeConfigList, Report, Role, problem_type::DapProblemType};
use serde::Deserialize;

use super::body::bounded;
use crate::{
    collector::{
        aggregators::configurations,
        count,
        problem::Problem,
        shared::Shared,
        store::{Added, StoreError},
    },
    split::REPORT_BYTES,
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
            count::known(shared, &task)?;
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
    let too_large = || count::dap(DapProblemType::InvalidMessage, &task, "longer than a report can be");
    let bytes = bounded(body, REPORT_BYTES).await?.ok_or_else(too_large)?;
    if headers.get(header::CONTENT_TYPE).is_none_or(|media| media != Report::MEDIA_TYPE) {
        return Err(count::dap(DapProblemType::InvalidMessage, &task, "a report is application/dap-report"));
    }
    let named = task.clone();
    let work = move |shared: &Shared| count::report(shared, &task, &bytes);
    let outcome = shared.work(work).await?.await.ok().flatten();
    match outcome {
        Some(Added::Counted) => Ok(StatusCode::OK),
        Some(_) => {
            Err(count::dap(DapProblemType::ReportRejected, &named, "a report of this id is counted already").counted())
        }
        None => Err(StoreError::from("the report was not stored").into()),
    }
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
