//! Figures go out.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, Uri, header},
    response::Response,
};
use serde::Deserialize;

use super::filter::{filters, value};
use crate::{
    campaign::Campaign,
    collector::{
        access::{Act, Asker},
        content::Content,
        problem::Problem,
        shared::Shared,
        store::{Store, StoreError},
    },
    questionnaire::Questionnaire,
    results::{Results, Selection},
};

/// What stands after the question mark.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Filter {
    area: Option<String>,
    day: Option<String>,
}

/// `GET /api/campaigns/{id}/results?area=&day=`
pub(super) async fn show(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    address: Uri,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let filter: Filter = filters(&address)?;
    let selection = Selection { area: value("area", filter.area)?, day: value("day", filter.day)? };
    let headers = asked.clone();
    let work = move |shared: &Shared| {
        let asker = Asker::of(shared, &headers)?;
        let campaign = shared.campaign(&id)?;
        let area = asker.area(&campaign, Act::Read, selection.area)?;
        let fielded = shared.fielded(&campaign.questionnaire)?;
        let alone = asker.alone(&campaign);
        let results = released(&*shared.store, campaign, &fielded.questionnaire, Selection { area, ..selection })?;
        let content = Content::json(serde_json::to_vec(&results).map_err(StoreError::from)?);
        Ok(if alone { content.private() } else { content })
    };
    Ok(for_asker(shared.work(work).await?.answer(&asked)))
}

/// Every figure of a selection, as the store has released it.
pub(super) fn released(
    store: &dyn Store,
    campaign: Campaign,
    questionnaire: &Questionnaire,
    selection: Selection,
) -> Result<Results, StoreError> {
    let (leaves, doors) = (store.leaves(&campaign)?, store.doors(&campaign)?);
    Ok(Results::of(campaign, questionnaire, &leaves, selection).with_doors(&doors))
}

/// Says that the answer is another one for who shows another token.
pub(super) fn for_asker(mut response: Response) -> Response {
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept-encoding, authorization"));
    response
}
