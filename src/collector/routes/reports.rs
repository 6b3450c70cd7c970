//! Reports of a month go out.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, Uri, header},
    response::Response,
    routing::{MethodRouter, get},
};
use tokio::sync::Semaphore;

use super::{
    exports::{Filter, WORKBOOK},
    filter::{filters, value},
    results::{Told, for_asker, told},
};
use crate::{
    area::AreaCode,
    collector::{
        access::Act,
        content::Content,
        export,
        problem::{self, Problem},
        report::{Format, Month, NoReport, What, before, html, stem},
        shared::Shared,
        store::StoreError,
    },
    results::Selection,
};

/// Pages to print are made one at a time: a font with Chinese is large.
static PAGES: Semaphore = Semaphore::const_new(1);

/// `GET /api/campaigns/{id}/report.html?period=&area=&lang=`, and of the other formats.
pub(super) fn report(format: Format) -> MethodRouter<Arc<Shared>> {
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
    let no_month = || Problem::new(problem::BAD_FILTER, "a report is of a month, written YYYY-MM").at("period");
    let month: Month = value("period", filter.period)?.ok_or_else(no_month)?;
    let area: Option<AreaCode> = value("area", filter.area)?;
    let language: Option<String> = value("lang", filter.lang)?;
    let headers = asked.clone();
    let turn = match format {
        Format::Pdf => Some(PAGES.acquire().await.map_err(StoreError::from)?),
        Format::Xlsx => Some(WORKBOOK.acquire().await.map_err(StoreError::from)?),
        Format::Html => None,
    };
    let work = move |shared: &Shared| {
        // Kept until the work is done, though the asker may have gone.
        let _turn = turn;
        let of = |period| {
            let selection = Selection { area: area.clone(), period: Some(period) };
            told(shared, &headers, &id, Act::Export, selection)
        };
        let Told { fielded, results, alone, .. } = of(month.period())?;
        let before = before(month).map(of).transpose()?;
        let bad = |told| Problem::new(problem::BAD_FILTER, told).at("lang");
        let what = What {
            questionnaire: &fielded.questionnaire,
            month,
            now: &results,
            before: before.as_ref().map(|told| &told.results),
            language: &export::language(&fielded.questionnaire, language).map_err(bad)?,
            day: shared.clock.today(),
        };
        let bytes = format.write(&what, shared.font.as_deref())?;
        let content = Content::fresh(format.media(), bytes);
        let name = format!("filename*=UTF-8''{}.{}", stem(&results, month), format.end());
        Ok((if alone { content.private() } else { content }, name))
    };
    let (content, name) = shared.work(work).await?;
    let mut response = for_asker(content.answer(&asked));
    // A page is read where it is; files are taken away.
    let how = if format == Format::Html { "inline" } else { "attachment" };
    let name = HeaderValue::try_from(format!("{how}; {name}")).map_err(StoreError::from)?;
    response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    if format == Format::Html {
        let policy = HeaderValue::try_from(html::policy()).map_err(StoreError::from)?;
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    Ok(response)
}

impl From<NoReport> for Problem {
    fn from(none: NoReport) -> Self {
        match none {
            NoReport::Font(font) => Self::new(problem::NO_FONT, font.to_string()),
            NoReport::Failed(error) => error.into(),
        }
    }
}
