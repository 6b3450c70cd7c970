//! Which address does what, all of it by `GET`.
//!
//! | address | answer |
//! |---|---|
//! | `/` | the preview's page |
//! | `/c/preview` | the respondents' page, in the frames |
//! | `/api/campaigns/preview`, `/api/questionnaires/{hash}` | what that page asks for |
//! | `/preview/state?since=&lang=` | what is on view, once it is other than `since` |
//! | `/preview/respondent?form=&seed=&mode=&answers=&lang=` | what comes of answers |
//! | `/preview/simulated?form=&seed=&lang=` | a simulated respondent |
//! | `/preview/way?form=&item=&lang=` | who is asked an item |
//! | `/preview/cells?form=&block=` | names of a block's cells |
//! | `/…` | the pages' files |

use std::{net::IpAddr, sync::Arc};

use axum::{
    Router,
    extract::{Path, Query, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    middleware::{Next, from_fn},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::{
    desk::Desk,
    form::{CAMPAIGN, Form},
    respondent::Respondent,
    view::view,
};
use crate::{
    collector::{
        content::Content,
        guard::guard,
        problem::{self, Problem},
        routes::page,
    },
    response::Mode,
};

/// The preview's page frames the respondents' page and is framed by nobody.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// So many bytes a query may have: answers to three hundred items.
const QUERY: usize = 24 * 1024;

type Shared = State<Arc<Desk>>;

/// The preview as a service.
pub(super) fn router(desk: Arc<Desk>) -> Router {
    Router::new()
        .route("/", get(preview))
        .route("/c/preview", get(framed))
        .route("/api/campaigns/preview", get(campaign))
        .route("/api/questionnaires/{hash}", get(questionnaire))
        .route("/preview/state", get(state))
        .route("/preview/respondent", get(respondent))
        .route("/preview/simulated", get(simulated))
        .route("/preview/way", get(way))
        .route("/preview/cells", get(cells))
        .route("/{*file}", get(file))
        .fallback(nothing)
        .layer(from_fn(guard))
        .layer(from_fn(this_machine))
        .with_state(desk)
}

async fn nothing() -> Problem {
    Problem::new(problem::NOT_FOUND, "")
}

/// Who was led here under another name (DNS rebinding) is a page of somebody else's, and must not read the form.
async fn this_machine(asked: Request, next: Next) -> Response {
    let host = asked.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = host
        .rsplit_once(':')
        .map_or(host, |(name, port)| if port.bytes().all(|digit| digit.is_ascii_digit()) { name } else { host });
    let ip: Option<IpAddr> = name.trim_start_matches('[').trim_end_matches(']').parse().ok();
    if name.eq_ignore_ascii_case("localhost") || ip.is_some_and(|ip| ip.is_loopback()) {
        next.run(asked).await
    } else {
        (StatusCode::MISDIRECTED_REQUEST, "A preview is for its own machine alone.\n").into_response()
    }
}

/// `GET /`: the preview. A frame that is led home stays with the form.
async fn preview(asked: HeaderMap) -> Response {
    if asked.get("sec-fetch-dest").is_some_and(|destination| destination == "iframe") {
        return Redirect::to(&format!("/c/{CAMPAIGN}")).into_response();
    }
    let mut response = page::document("preview.html", &asked);
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}

/// `GET /c/preview`
async fn framed(asked: HeaderMap) -> Response {
    page::document("index.html", &asked)
}

/// `GET /api/campaigns/preview`
async fn campaign(State(desk): Shared, asked: HeaderMap) -> Result<Response, Problem> {
    let form = desk.now().form.ok_or_else(|| Problem::new(problem::UNKNOWN_CAMPAIGN, ""))?;
    json(&form.campaign, &asked)
}

/// `GET /api/questionnaires/{hash}`
async fn questionnaire(State(desk): Shared, Path(hash): Path<String>, asked: HeaderMap) -> Result<Response, Problem> {
    let now = desk.now();
    let form = now.form(&hash).ok_or_else(|| Problem::new(problem::UNKNOWN_QUESTIONNAIRE, ""))?;
    Ok(Content::json(form.file.clone()).private().answer(&asked))
}

#[derive(Deserialize)]
struct Since {
    #[serde(default)]
    since: String,
    #[serde(default)]
    lang: String,
}

/// `GET /preview/state`: waits for news.
async fn state(State(desk): Shared, address: Uri, asked: HeaderMap) -> Result<Response, Problem> {
    let Since { since, lang } = query(&address)?;
    let now = desk.after(&since).await;
    json(&view(&desk, &now, &lang), &asked)
}

#[derive(Deserialize)]
struct Answered {
    form: String,
    seed: u32,
    mode: Mode,
    #[serde(default)]
    answers: String,
    #[serde(default)]
    lang: String,
}

/// `GET /preview/respondent`
async fn respondent(State(desk): Shared, address: Uri, asked: HeaderMap) -> Result<Response, Problem> {
    let Answered { form, seed, mode, answers, lang } = query(&address)?;
    let form = known(&desk, &form)?;
    let bad = || Problem::new(problem::BAD_FILTER, "there are no such answers").at("answers");
    let respondent = Respondent::read(&form.questionnaire, seed, mode, &answers).ok_or_else(bad)?;
    json(&respondent.told(&form.questionnaire, &lang), &asked)
}

#[derive(Deserialize)]
struct Seeded {
    form: String,
    seed: u32,
    #[serde(default)]
    lang: String,
}

/// `GET /preview/simulated`
async fn simulated(State(desk): Shared, address: Uri, asked: HeaderMap) -> Result<Response, Problem> {
    let Seeded { form, seed, lang } = query(&address)?;
    let form = known(&desk, &form)?;
    json(&Respondent::simulated(&form.questionnaire, seed).told(&form.questionnaire, &lang), &asked)
}

#[derive(Deserialize)]
struct Sought {
    form: String,
    item: String,
    #[serde(default)]
    lang: String,
}

/// `GET /preview/way`
async fn way(State(desk): Shared, address: Uri, asked: HeaderMap) -> Result<Response, Problem> {
    let Sought { form, item, lang } = query(&address)?;
    let form = known(&desk, &form)?;
    let now = desk.now();
    let proved = now.proof.as_deref().and_then(|proved| proved.as_ref().ok());
    let way = proved.and_then(|proved| proved.proof.ways.iter().find(|way| way.item == item));
    let found = way.and_then(|way| Respondent::reaching(&form.questionnaire, way));
    let respondent = found.ok_or_else(|| Problem::new(problem::NOT_FOUND, "no way to it is known"))?;
    json(&respondent.told(&form.questionnaire, &lang), &asked)
}

#[derive(Deserialize)]
struct Named {
    form: String,
    block: usize,
}

/// `GET /preview/cells`
async fn cells(State(desk): Shared, address: Uri, asked: HeaderMap) -> Result<Response, Problem> {
    let Named { form, block } = query(&address)?;
    let names = known(&desk, &form)?.cell_names(block).ok_or_else(|| Problem::new(problem::NOT_FOUND, ""))?;
    json(&names, &asked)
}

/// `GET /…`: a file of the pages. Without the service worker: what is kept of an earlier form must not be shown.
async fn file(Path(path): Path<String>, asked: HeaderMap) -> Response {
    let content = page::content(&path).filter(|_| path != page::WORKER.0);
    content.map_or_else(|| Problem::new(problem::NOT_FOUND, "").into_response(), |content| content.answer(&asked))
}

/// The form by the hash that a frame or the page knows; it may have been saved again since.
fn known(desk: &Desk, hash: &str) -> Result<Arc<Form>, Problem> {
    desk.now().form(hash).cloned().ok_or_else(|| Problem::new(problem::UNKNOWN_QUESTIONNAIRE, "").at("form"))
}

fn query<T: DeserializeOwned>(address: &Uri) -> Result<T, Problem> {
    if address.query().is_some_and(|query| query.len() > QUERY) {
        return Err(Problem::new(problem::BAD_FILTER, "is too long"));
    }
    let read = Query::try_from_uri(address).map_err(|error| Problem::new(problem::BAD_FILTER, error.body_text()))?;
    Ok(read.0)
}

fn json(value: &impl Serialize, asked: &HeaderMap) -> Result<Response, Problem> {
    let bytes = serde_json::to_vec(value).map_err(|_| Problem::new(problem::FAILED, ""))?;
    Ok(Content::json(bytes).private().answer(asked))
}
