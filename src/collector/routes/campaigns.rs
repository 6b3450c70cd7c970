//! Campaigns and their questionnaires.

use std::{borrow::Cow, sync::Arc};

use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};
use serde::Serialize;

use crate::{
    campaign::{Campaign, Channel},
    collector::{
        aggregators::deposit_key,
        content::{Brotli, Content, FOR_EVER},
        problem::Problem,
        shared::Shared,
        store::StoreError,
    },
};

#[derive(Serialize)]
struct Open {
    campaigns: Vec<Campaign>,
}

/// `GET /api/campaigns`
pub(super) async fn list(State(shared): State<Arc<Shared>>, asked: HeaderMap) -> Result<Response, Problem> {
    let work = |shared: &Shared| {
        let today = shared.clock.today();
        let open = shared.store.campaigns()?.into_iter().filter(|campaign| campaign.open_on(today));
        let mut campaigns: Vec<Campaign> = open.map(|campaign| Campaign::clone(&campaign)).collect();
        campaigns.iter_mut().try_for_each(|campaign| for_page(shared, campaign))?;
        Ok(json(&Open { campaigns })?)
    };
    Ok(shared.work(work).await?.answer(&asked))
}

/// `GET /api/campaigns/{id}`
pub(super) async fn show(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let work = move |shared: &Shared| {
        let mut campaign = Campaign::clone(&*shared.campaign(&id)?);
        for_page(shared, &mut campaign)?;
        Ok(json(&campaign)?)
    };
    Ok(shared.work(work).await?.answer(&asked))
}

/// Makes a campaign what the page is told: without its targets, for no page may suggest what is wanted; with the key
/// that checks posters and, where there are tablets, the one to which they seal. The keys are the collector's, and
/// change: nothing of them is stored with the campaign.
fn for_page(shared: &Shared, campaign: &mut Campaign) -> Result<(), StoreError> {
    campaign.targets.clear();
    campaign.signer = Some(shared.signer.clone());
    if campaign.channels.contains(&Channel::Tablet) {
        campaign.deposit = Some(deposit_key(&*shared.keys.deposit()?)?);
    }
    Ok(())
}

/// `GET /api/questionnaires/{hash}`
pub(super) async fn questionnaire(
    State(shared): State<Arc<Shared>>,
    Path(hash): Path<String>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let work = move |shared: &Shared| {
        let fielded = shared.fielded(&hash)?;
        Ok(Content {
            media: "application/json",
            keep: FOR_EVER,
            brotli: Brotli::Made(Cow::Owned(fielded.brotli().to_vec())),
            plain: Cow::Owned(fielded.bytes.clone()),
            tag: None,
        })
    };
    Ok(shared.work(work).await?.answer(&asked))
}

fn json(value: &impl Serialize) -> Result<Content, StoreError> {
    Ok(Content::json(serde_json::to_vec(value)?))
}
