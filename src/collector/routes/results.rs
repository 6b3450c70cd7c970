//! Figures go out.

use std::{str::FromStr, sync::Arc};

use axum::{
    extract::{Path, Query, State, rejection::QueryRejection},
    http::HeaderMap,
    response::Response,
};
use serde::Deserialize;

use crate::{
    collector::{
        content::Content,
        problem::{self, Problem},
        shared::Shared,
        store::StoreError,
    },
    results::{Results, Selection},
};

/// What stands after the question mark.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Filter {
    area: Option<String>,
    period: Option<String>,
}

/// `GET /api/campaigns/{id}/results?area=&period=`
pub(super) async fn show(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    filter: Result<Query<Filter>, QueryRejection>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let Query(filter) = filter.map_err(|error| Problem::new(problem::BAD_FILTER, error.body_text()))?;
    let selection = Selection { area: read("area", filter.area)?, period: read("period", filter.period)? };
    let work = move |shared: &Shared| {
        let campaign = shared.campaign(&id)?;
        let fielded = shared.fielded(&campaign.questionnaire)?;
        shared.decide(&campaign, &fielded)?;
        let view = shared.store.view(&campaign, &fielded.questionnaire, &selection)?;
        let doors = shared.store.doors(&campaign)?;
        let results = Results::shown(&campaign, &fielded.questionnaire, &view, selection).with_doors(&doors);
        Ok(Content::json(serde_json::to_vec(&results).map_err(StoreError::from)?))
    };
    Ok(shared.work(work).await?.answer(&asked))
}

fn read<T: FromStr<Err: ToString>>(name: &str, given: Option<String>) -> Result<Option<T>, Problem> {
    let bad = |error: T::Err| Problem::new(problem::BAD_FILTER, error.to_string()).at(name);
    given.map(|text| text.parse().map_err(bad)).transpose()
}
