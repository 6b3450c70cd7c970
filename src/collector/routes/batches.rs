//! Batches come in.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use http_body_util::BodyExt;

use crate::{
    collector::{
        problem::{self, Problem},
        shared::Shared,
        store::{Added, StoreError},
    },
    outgoing::Acknowledgement,
    tally::{BATCH_BYTES, BadBatch, Batch},
};

/// So much of a body that is too large is read and dropped, so that its sender hears why: one that is
/// cut off while it still writes hears nothing.
const HEARD_OUT: usize = 8 * BATCH_BYTES;

/// `POST /api/campaigns/{id}/batches`: 201 when it is counted, 200 when it was counted before.
pub(super) async fn add(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let bytes = bounded(body).await?;
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
                shared.store.add_batch(&campaign, &batch)?
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

/// The body, if it is no larger than a batch may be.
async fn bounded(mut body: Body) -> Result<Vec<u8>, Problem> {
    let (mut bytes, mut seen) = (Vec::new(), 0);
    while let Some(frame) = body.frame().await {
        let cut_short = |_| Problem::new(problem::CUT_SHORT, "");
        let Ok(data) = frame.map_err(cut_short)?.into_data() else { continue };
        seen += data.len();
        if seen <= BATCH_BYTES {
            bytes.extend_from_slice(&data);
        } else if seen > HEARD_OUT {
            break;
        }
    }
    if seen <= BATCH_BYTES { Ok(bytes) } else { Err(BadBatch::TooLarge.into()) }
}

fn is_json(headers: &HeaderMap) -> bool {
    let media = headers.get(header::CONTENT_TYPE).and_then(|media| media.to_str().ok()).unwrap_or_default();
    media.split(';').next().is_some_and(|media| media.trim().eq_ignore_ascii_case("application/json"))
}
