//! Figures go out as files.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, Uri, header},
    response::Response,
    routing::{MethodRouter, get},
};
use serde::Deserialize;
use tokio::sync::Semaphore;

use super::{
    filter::{filters, value},
    results::{Told, for_asker, told},
};
use crate::{
    collector::{
        access::Act,
        content::Content,
        export::{self, Export, Format},
        problem::{self, Problem},
        shared::Shared,
        store::StoreError,
    },
    results::Selection,
};

/// Workbooks are made one at a time: each may need much memory.
pub(super) static WORKBOOK: Semaphore = Semaphore::const_new(1);

/// What stands after the question mark where figures go out as files, a month's report among them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Filter {
    pub(super) area: Option<String>,
    pub(super) period: Option<String>,
    pub(super) lang: Option<String>,
}

/// `GET /api/campaigns/{id}/results.csv?area=&period=&lang=`, and of the other formats.
pub(super) fn export(format: Format) -> MethodRouter<Arc<Shared>> {
    get(move |State(shared): State<Arc<Shared>>, Path(id): Path<String>, address: Uri, asked: HeaderMap| {
        file(format, shared, id, address, asked)
    })
}

async fn file(
    format: Format,
    shared: Arc<Shared>,
    id: String,
    address: Uri,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let filter: Filter = filters(&address)?;
    let selection = Selection { area: value("area", filter.area)?, period: value("period", filter.period)? };
    let language: Option<String> = value("lang", filter.lang)?;
    let headers = asked.clone();
    let turn = match format {
        Format::Xlsx => Some(WORKBOOK.acquire().await.map_err(StoreError::from)?),
        Format::Csv | Format::Json | Format::Spss => None,
    };
    let work = move |shared: &Shared| {
        // Kept until the work is done, though the asker may have gone.
        let _turn = turn;
        let Told { campaign, fielded, results, alone } = told(shared, &headers, &id, Act::Export, selection)?;
        let questionnaire = &fielded.questionnaire;
        let bad = |told| Problem::new(problem::BAD_FILTER, told).at("lang");
        let language = &export::language(questionnaire, language).map_err(bad)?;
        let (day, stem) = (shared.clock.today(), export::stem(&results));
        let name = format!("attachment; filename*=UTF-8''{stem}.{}", format.end());
        let export = Export { campaign: &campaign, questionnaire, results: &results, language, day, stem };
        let bytes = format.write(&export)?;
        let content = Content::fresh(format.media(), bytes);
        let name = HeaderValue::try_from(name).map_err(StoreError::from)?;
        Ok((if alone { content.private() } else { content }, name))
    };
    let (content, name) = shared.work(work).await?;
    let mut response = for_asker(content.answer(&asked));
    response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    Ok(response)
}
