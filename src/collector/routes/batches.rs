//! Batches come in.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::body::bounded;
use crate::{
    collector::{
        problem::{self, Problem},
        shared::Shared,
        store::{Added, StoreError},
    },
    outgoing::Acknowledgement,
    tally::{BATCH_BYTES, BadBatch, Batch},
};

/// `POST /api/campaigns/{id}/batches`: 201 when it is counted, 200 when it was counted before.
pub(super) async fn add(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let bytes = bounded(body, BATCH_BYTES).await?.ok_or(BadBatch::TooLarge)?;
    if !is_json(&headers) {
        return Err(Problem::new(problem::NOT_JSON, ""));
    }
    let work = move |shared: &Shared| {
        let campaign = shared.campaign(&id)?;
        let fielded = shared.fielded(&campaign.questionnaire)?;
        let batch = Batch::parse(&bytes, &campaign, &fielded.questionnaire, shared.clock.today())?;
        let added = match shared.store.counted(&campaign, &batch)? {
            Some(counted) => counted,
            None => {
                Batch::in_time(&campaign, shared.clock.today())?;
                let tally = batch.open(&fielded.questionnaire.layout, |_| None)?;
                shared.store.add_batch(&campaign, &batch, &tally)?
            }
        };
        Ok((added, batch.id))
    };
    let (added, id) = shared.work(work).await?;
    let status = match added {
        Added::Counted => StatusCode::CREATED,
        Added::Repeated => StatusCode::OK,
        Added::Conflict => return Err(Problem::new(problem::CONFLICT, "nothing has changed").at("/id")),
    };
    let told = serde_json::to_vec(&Acknowledgement { id, counted: true }).map_err(StoreError::from)?;
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
    Ok((status, headers, told).into_response())
}

fn is_json(headers: &HeaderMap) -> bool {
    let media = headers.get(header::CONTENT_TYPE).and_then(|media| media.to_str().ok()).unwrap_or_default();
    media.split(';').next().is_some_and(|media| media.trim().eq_ignore_ascii_case("application/json"))
}
