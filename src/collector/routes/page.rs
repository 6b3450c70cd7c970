//! The page, built into the program: what `make page` leaves in `www/dist/`, each text with its brotli.
//!
//! What is there for `anxin preview` is not served by a collector.

use std::{borrow::Cow, sync::Arc};

use axum::{
    extract::{Path, Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Redirect, Response},
};
use rust_embed::RustEmbed;
use serde::Deserialize;

use crate::{
    area::AreaCode,
    campaign::{Access, Campaign},
    collector::{
        content::{ASK_AGAIN, Brotli, Content, FOR_EVER},
        guard::{PERMISSIONS_POLICY, WITH_CAMERA, policy_with},
        problem::{self, Problem},
        shared::Shared,
    },
    period::Period,
};

/// In a debug build the files are read when asked for, unless the feature `embed` is on.
#[derive(RustEmbed)]
#[folder = "www/dist/"]
#[allow_missing = true]
struct Dist;

/// What a program without the page answers.
const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Anxin</title>\
    <p>This program was built without its page. Run <code>make build</code>, then start it again.</p></html>\n";

/// `GET /`: the campaigns.
pub(super) async fn list(asked: HeaderMap) -> Response {
    ahead(index(&asked), "</api/campaigns>; rel=preload; as=fetch; crossorigin")
}

/// `GET /c/{id}`: a respondent takes part.
pub(super) async fn survey(
    shared: State<Arc<Shared>>,
    id: Path<String>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    taking_part(shared, id, &asked, "pkg/anxin_bg-").await
}

/// `GET /c/{id}/shift`: a volunteer's tablet, which may read a poster with its camera.
pub(super) async fn shift(shared: State<Arc<Shared>>, id: Path<String>, asked: HeaderMap) -> Result<Response, Problem> {
    let mut response = taking_part(shared, id, &asked, "pkg/anxin_shift_bg-").await?;
    response.headers_mut().insert(PERMISSIONS_POLICY, HeaderValue::from_static(WITH_CAMERA));
    Ok(response)
}

/// What the page will ask for is named in the headers, so that it is on its way before the first
/// script runs.
async fn taking_part(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    asked: &HeaderMap,
    module: &str,
) -> Result<Response, Problem> {
    let Some(campaign) = campaign(shared, id.clone()).await? else { return Ok(unknown(asked)) };
    let hash = &campaign.questionnaire;
    let preload = |path: &str| format!("</{path}>; rel=preload; as=fetch; crossorigin");
    let links: Vec<_> = named(module, ".wasm")
        .as_deref()
        .into_iter()
        .chain([&*format!("api/campaigns/{id}"), &*format!("api/questionnaires/{hash}")])
        .map(preload)
        .collect();
    let mut response = ahead(index(asked), &links.join(", "));
    let sites = campaign.aggregators.sites();
    if !sites.is_empty() {
        response.headers_mut().extend(policy_with(&sites).map(|policy| (header::CONTENT_SECURITY_POLICY, policy)));
    }
    Ok(response)
}

/// `GET /c/{id}/results`: the figures.
pub(super) async fn results(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    address: Uri,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let Some(campaign) = campaign(shared, id).await? else { return Ok(unknown(&asked)) };
    let scripts = ["results-", "words-desk-"].into_iter().filter_map(|start| named(start, ".js"));
    let scripts = scripts.map(|path| format!("</{path}>; rel=modulepreload"));
    let style = named("results-", ".css").map(|path| format!("</{path}>; rel=preload; as=style"));
    // Those that only who shows a token may have, the page asks for itself.
    let public = (campaign.results == Access::Public).then(|| figures(&campaign.id, &address)).flatten();
    let links: Vec<String> = scripts.chain(style).chain(public).collect();
    Ok(ahead(index(&asked), &links.join(", ")))
}

/// The figures that the page at an address will ask for, by the same filters; nothing where they are none. Of rows in an
/// order or compared it asks for all: that is its own to say.
fn figures(id: &str, address: &Uri) -> Option<String> {
    #[derive(Deserialize)]
    struct Filters {
        area: Option<AreaCode>,
        period: Option<String>,
        order: Option<String>,
        compare: Option<String>,
    }
    let Query(Filters { area, period, order, compare }) = Query::try_from_uri(address).ok()?;
    if order.or(compare).is_some() {
        return None;
    }
    let period = period.map(|period| period.parse::<Period>()).transpose().ok()?;
    let area = area.map(|area| format!("area={}", area.as_str()));
    let filters: Vec<String> = area.into_iter().chain(period.map(|period| format!("period={period}"))).collect();
    Some(format!("</api/campaigns/{id}/results?{}>; rel=preload; as=fetch; crossorigin", filters.join("&")))
}

/// The page's service worker, which runs under a policy of its own: it loads what its own site has.
pub(in crate::collector) const WORKER: (&str, &str) = ("sw.js", "default-src 'none'; connect-src 'self'");

/// What begins so is an author's, and no page of a collector's.
const PREVIEW: &str = "preview";

/// `GET /help`: the book, whose pages name each other from `/help/` on.
pub(super) async fn help() -> Redirect {
    Redirect::permanent("/help/")
}

/// `GET /…`: a file of the page.
pub(super) async fn file(Path(mut path): Path<String>, asked: HeaderMap) -> Response {
    if path == "help/" {
        path += "index.html";
    }
    let Some(content) = content(&path).filter(|_| !path.starts_with(PREVIEW)) else {
        return Problem::new(problem::NOT_FOUND, "").into_response();
    };
    let mut response = content.answer(&asked);
    if path == WORKER.0 {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(WORKER.1));
    }
    response
}

/// The path of the file whose name begins so, goes on with the hash of its content, and ends so.
fn named(start: &str, end: &str) -> Option<Cow<'static, str>> {
    Dist::iter().find(|path| path.starts_with(start) && path.ends_with(end))
}

/// A campaign by its id; `None` if there is no such one.
async fn campaign(shared: Arc<Shared>, id: String) -> Result<Option<Arc<Campaign>>, Problem> {
    shared.work(move |shared| Ok(shared.store.campaign(&id)?)).await
}

/// The page says in the reader's language that there is no such campaign.
fn unknown(asked: &HeaderMap) -> Response {
    (StatusCode::NOT_FOUND, index(asked)).into_response()
}

fn index(asked: &HeaderMap) -> Response {
    document("index.html", asked)
}

/// One of the documents that are built in.
pub(in crate::collector) fn document(name: &str, asked: &HeaderMap) -> Response {
    let media = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
    let not_built = || (StatusCode::SERVICE_UNAVAILABLE, media, NOT_BUILT).into_response();
    content(name).map_or_else(not_built, |content| content.answer(asked))
}

/// Names what the page will ask for.
fn ahead(mut response: Response, links: &str) -> Response {
    response.headers_mut().extend(HeaderValue::try_from(links).map(|links| (header::LINK, links)));
    response
}

/// Scripts, styles and modules are named by their content (`.ci/page.mjs`); the worker alone is known by its name.
pub(in crate::collector) fn content(path: &str) -> Option<Content> {
    let media = media(path)?;
    let file = Dist::get(path)?;
    let by_content = path != WORKER.0 && [".js", ".css", ".wasm"].iter().any(|end| path.ends_with(end));
    Some(Content {
        media,
        keep: if by_content { FOR_EVER } else { ASK_AGAIN },
        tag: (!by_content).then(|| crate::questionnaire::hex(&file.metadata.sha256_hash()[..8])),
        plain: file.data,
        brotli: Dist::get(&format!("{path}.br")).map_or(Brotli::Never, |file| Brotli::Made(file.data)),
    })
}

/// The media type of a file by the end of its name; what has none is not sent.
fn media(path: &str) -> Option<&'static str> {
    Some(match path.rsplit_once('.')?.1 {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => return None,
    })
}
