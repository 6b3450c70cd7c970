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
        count,
        problem::{self, Problem},
        shared::Shared,
        store::{Added, StoreError},
    },
    fieldwork::{BadFieldwork, FIELDWORK_BYTES},
    outgoing::Acknowledgement,
    tally::{BATCH_BYTES, BadBatch, BatchId},
};

/// `POST /api/campaigns/{id}/batches`: 201 when it is counted, 200 when it was counted before.
pub(super) async fn add(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let bytes = json(&headers, body, BATCH_BYTES, BadBatch::TooLarge).await?;
    let (added, batch) = shared.work(move |shared| count::batch(shared, &id, &bytes)).await?;
    acknowledged(added, batch.id)
}

/// `POST /api/campaigns/{id}/fieldwork`: 201 when it is counted, 200 when it was counted before.
pub(super) async fn add_fieldwork(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let bytes = json(&headers, body, FIELDWORK_BYTES, BadFieldwork::TooLarge).await?;
    let (added, fieldwork) = shared.work(move |shared| count::fieldwork(shared, &id, &bytes)).await?;
    acknowledged(added, fieldwork.id)
}

/// A body of JSON, if it has so many bytes at most.
async fn json(headers: &HeaderMap, body: Body, most: usize, too_large: impl Into<Problem>) -> Result<Vec<u8>, Problem> {
    let bytes = bounded(body, most).await?.ok_or_else(|| too_large.into())?;
    if is_json(headers) { Ok(bytes) } else { Err(Problem::new(problem::NOT_JSON, "")) }
}

fn acknowledged(added: Added, id: BatchId) -> Result<Response, Problem> {
    let status = if added == Added::Counted { StatusCode::CREATED } else { StatusCode::OK };
    let told = serde_json::to_vec(&Acknowledgement { id, counted: true }).map_err(StoreError::from)?;
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
    Ok((status, headers, told).into_response())
}

fn is_json(headers: &HeaderMap) -> bool {
    let media = headers.get(header::CONTENT_TYPE).and_then(|media| media.to_str().ok()).unwrap_or_default();
    media.split(';').next().is_some_and(|media| media.trim().eq_ignore_ascii_case("application/json"))
}
