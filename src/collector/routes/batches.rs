//! Batches and fieldwork come in.

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
        store::{Added, Named, StoreError},
    },
    fieldwork::{BadFieldwork, FIELDWORK_BYTES, Fieldwork},
    mask,
    outgoing::Acknowledgement,
    tally::{BATCH_BYTES, BadBatch, Batch, BatchId},
};

/// `POST /api/campaigns/{id}/batches`: 201 when it is counted, 200 when it was counted before.
pub(super) async fn add(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let bytes = json(&headers, body, BATCH_BYTES, BadBatch::TooLarge).await?;
    let work = move |shared: &Shared| {
        let campaign = shared.campaign(&id)?;
        let fielded = shared.fielded(&campaign.questionnaire)?;
        let batch = Batch::parse(&bytes, &campaign, &fielded.questionnaire, shared.clock.today())?;
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
        Ok((added, batch.id))
    };
    acknowledged(shared.work(work).await?)
}

/// `POST /api/campaigns/{id}/fieldwork`: 201 when it is counted, 200 when it was counted before.
pub(super) async fn add_fieldwork(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let bytes = json(&headers, body, FIELDWORK_BYTES, BadFieldwork::TooLarge).await?;
    let work = move |shared: &Shared| {
        let campaign = shared.campaign(&id)?;
        let fieldwork = Fieldwork::parse(&bytes, &campaign, shared.clock.today())?;
        let named = Named::fieldwork(&fieldwork)?;
        let added = match shared.store.counted(&campaign, &named)? {
            Some(counted) => counted,
            None => {
                Fieldwork::in_time(&campaign, shared.clock.today())?;
                shared.store.add_fieldwork(&campaign, &named, &fieldwork)?
            }
        };
        Ok((added, fieldwork.id))
    };
    acknowledged(shared.work(work).await?)
}

/// A body of JSON, if it has so many bytes at most.
async fn json(headers: &HeaderMap, body: Body, most: usize, too_large: impl Into<Problem>) -> Result<Vec<u8>, Problem> {
    let bytes = bounded(body, most).await?.ok_or_else(|| too_large.into())?;
    if is_json(headers) { Ok(bytes) } else { Err(Problem::new(problem::NOT_JSON, "")) }
}

fn acknowledged((added, id): (Added, BatchId)) -> Result<Response, Problem> {
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
