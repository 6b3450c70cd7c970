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
        figures::released,
        problem::Problem,
        shared::{Fielded, Shared},
        store::StoreError,
    },
    results::{Results, Selection, paging::Page},
};

/// What stands after the question mark.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Filter {
    area: Option<String>,
    period: Option<String>,
    rows: Option<String>,
    after: Option<String>,
}

/// `GET /api/campaigns/{id}/results?area=&period=&rows=&after=`
pub(super) async fn show(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    address: Uri,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let filter: Filter = filters(&address)?;
    let selection = Selection { area: value("area", filter.area)?, period: value("period", filter.period)? };
    let page = Page { rows: value("rows", filter.rows)?.unwrap_or_default(), after: value("after", filter.after)? };
    let headers = asked.clone();
    let work = move |shared: &Shared| {
        let Told { results, alone, .. } = told(shared, &headers, &id, Act::Read, selection)?;
        let (results, next) = results.page(&page);
        let links = links(&results, &page, next.as_ref());
        let content = Content::json(serde_json::to_vec(&results).map_err(StoreError::from)?);
        Ok((if alone { content.private() } else { content }, links))
    };
    let (content, links) = shared.work(work).await?;
    let mut response = for_asker(content.answer(&asked));
    response
        .headers_mut()
        .extend(links.and_then(|links| HeaderValue::try_from(links).ok()).map(|it| (header::LINK, it)));
    Ok(response)
}

/// Where the first page is and the one that follows (RFC 8288), if this one is not all.
fn links(results: &Results, page: &Page, next: Option<&Page>) -> Option<String> {
    // Codes, periods and ids have nothing that an address would have to escape.
    let link = |page: &Page, relation: &str| {
        let Selection { area, period } = &results.selection;
        let after = page.after.as_ref().map(|after| format!("&after={}", after.as_str())).unwrap_or_default();
        let area = area.as_ref().map(|area| format!("&area={}", area.as_str())).unwrap_or_default();
        let period = period.map(|period| format!("&period={period}")).unwrap_or_default();
        let (id, rows) = (&results.campaign.id, page.rows.get());
        format!("</api/campaigns/{id}/results?rows={rows}{after}{area}{period}>; rel=\"{relation}\"")
    };
    let first = (next.is_some() || page.after.is_some()).then(|| link(&Page { after: None, ..page.clone() }, "first"));
    let links: Vec<String> = first.into_iter().chain(next.map(|next| link(next, "next"))).collect();
    (!links.is_empty()).then(|| links.join(", "))
}

/// What may be told to who asks.
pub(super) struct Told {
    /// Of which campaign.
    pub(super) campaign: Arc<Campaign>,
    /// Its questionnaire.
    pub(super) fielded: Arc<Fielded>,
    /// The figures.
    pub(super) results: Results,
    /// They are for who asks alone.
    pub(super) alone: bool,
}

/// The figures of a selection, if who asks may have them in this way.
///
/// # Errors
/// If they may not; if there is no such campaign.
pub(super) fn told(
    shared: &Shared,
    asked: &HeaderMap,
    id: &str,
    act: Act,
    selection: Selection,
) -> Result<Told, Problem> {
    let asker = Asker::of(shared, asked)?;
    let campaign = shared.campaign(id)?;
    let area = asker.area(&campaign, act, selection.area)?;
    let (fielded, alone) = (shared.fielded(&campaign.questionnaire)?, asker.alone(&campaign));
    let selection = Selection { area, ..selection };
    shared.decide(&campaign, &fielded)?;
    let results = released(&*shared.store, &campaign, &fielded.questionnaire, selection)?;
    Ok(Told { campaign, fielded, results, alone })
}

/// Says that the answer is another one for who shows another token.
pub(super) fn for_asker(mut response: Response) -> Response {
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept-encoding, authorization"));
    response
}
