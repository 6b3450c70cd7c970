//! Which address does what.
//!
//! | address | answer |
//! |---|---|
//! | `GET /api/campaigns` | the campaigns that are open today |
//! | `GET /api/campaigns/{id}` | one campaign |
//! | `POST /api/campaigns/{id}/batches` | counts a batch |
//! | `POST /api/campaigns/{id}/fieldwork` | counts what came of a tablet's doors |
//! | `GET /api/campaigns/{id}/results?area=&period=&rows=&after=` | every figure that may be shown |
//! | `GET /api/campaigns/{id}/results.csv?area=&period=&lang=` | the same rates as a table, one row a figure |
//! | `GET /api/campaigns/{id}/results.xlsx?area=&period=&lang=` | the same figures as a workbook |
//! | `GET /api/campaigns/{id}/results.json?area=&period=&lang=` | the same figures as a file |
//! | `GET /api/campaigns/{id}/results.sps?area=&period=&lang=` | SPSS syntax that reads the table |
//! | `GET /api/campaigns/{id}/report.html?period=&area=&lang=` | the report of a month, as a page that prints |
//! | `GET /api/campaigns/{id}/report.pdf?period=&area=&lang=` | the same as pages to print |
//! | `GET /api/campaigns/{id}/report.xlsx?period=&area=&lang=` | the same as a workbook |
//! | `GET /api/openapi.json` | what of this programs may read, in OpenAPI 3.1 |
//! | `GET /dap/leader/hpke_config`, `/dap/helper/hpke_config` | the embedded aggregators' keys (DAP-09) |
//! | `PUT /dap/leader/tasks/{task}/reports` | counts a sealed report (DAP-09) |
//! | `GET /api/questionnaires/{hash}` | a questionnaire's file |
//! | `GET /schema.json` | JSON Schema of a questionnaire's file |
//! | `GET /healthz` | whether the collector works, its store included |
//! | `GET /`, `/c/{id}`, `/c/{id}/shift`, `/c/{id}/results` | the page |
//! | `GET /…` | the page's files |

mod batches;
mod body;
mod campaigns;
mod dap;
mod exports;
mod filter;
pub(super) mod page;
mod reports;
mod results;

use std::sync::Arc;

use axum::{
    Router,
    extract::State,
    http::HeaderMap,
    middleware::from_fn,
    response::Response,
    routing::{any, get, post, put},
};

use super::{
    content::Content,
    export::Format,
    guard::guard,
    log::log,
    openapi,
    problem::{self, Problem},
    report, schema,
    shared::Shared,
};

/// The whole collector as a service.
pub(super) fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/api/campaigns", get(campaigns::list))
        .route("/api/campaigns/{id}", get(campaigns::show))
        .route("/api/campaigns/{id}/batches", post(batches::add))
        .route("/api/campaigns/{id}/fieldwork", post(batches::add_fieldwork))
        .route("/api/campaigns/{id}/results", get(results::show))
        .route("/api/campaigns/{id}/results.csv", exports::export(Format::Csv))
        .route("/api/campaigns/{id}/results.xlsx", exports::export(Format::Xlsx))
        .route("/api/campaigns/{id}/results.json", exports::export(Format::Json))
        .route("/api/campaigns/{id}/results.sps", exports::export(Format::Spss))
        .route("/api/campaigns/{id}/report.html", reports::report(report::Format::Html))
        .route("/api/campaigns/{id}/report.pdf", reports::report(report::Format::Pdf))
        .route("/api/campaigns/{id}/report.xlsx", reports::report(report::Format::Xlsx))
        .route("/api/openapi.json", get(description))
        .route("/api/questionnaires/{hash}", get(campaigns::questionnaire))
        .route("/api/{*rest}", any(nothing))
        .merge(dap())
        .route("/schema.json", get(schema_file))
        .route("/healthz", get(health))
        .route("/", get(page::list))
        .route("/c/{id}", get(page::survey))
        .route("/c/{id}/shift", get(page::shift))
        .route("/c/{id}/results", get(page::results))
        .route("/help", get(page::help))
        .route("/{*file}", get(page::file))
        .fallback(nothing)
        .layer(from_fn(guard))
        .layer(from_fn(log))
        .with_state(shared)
}

fn dap() -> Router<Arc<Shared>> {
    Router::new()
        .route("/dap/leader/hpke_config", get(dap::leader_keys))
        .route("/dap/helper/hpke_config", get(dap::helper_keys))
        .route("/dap/leader/tasks/{task}/reports", put(dap::upload))
        .route("/dap/{*rest}", any(nothing))
        .layer(from_fn(dap::any_site))
}

async fn nothing() -> Problem {
    Problem::new(problem::NOT_FOUND, "")
}

/// `GET /healthz`
async fn health(State(shared): State<Arc<Shared>>) -> Result<&'static str, Problem> {
    shared.work(|shared| Ok(shared.store.campaigns()?)).await?;
    Ok("ok\n")
}

/// `GET /api/openapi.json`
async fn description(asked: HeaderMap) -> Response {
    Content::json(openapi::text().into_bytes()).answer(&asked)
}

/// `GET /schema.json`
async fn schema_file(asked: HeaderMap) -> Response {
    Content::json(schema::text().into_bytes()).answer(&asked)
}
