//! Errors as RFC 9457 problem documents: what is wrong, and where.
//!
//! `type` is a path that names the kind for programs: `/problems/` and one of the names below, stable
//! for good. `detail` is for people; `at` is a JSON pointer into what was posted, or the name of the
//! query parameter. The store's failures are logged, not told.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use super::store::StoreError;
use crate::{
    fieldwork::BadFieldwork,
    tally::{BadBatch, BadTally},
};

/// Kinds of problems: name, status, title.
pub(super) type Kind = (&'static str, StatusCode, &'static str);

pub(super) const BAD_REQUEST: Kind = ("bad-request", StatusCode::BAD_REQUEST, "The request cannot be read");
pub(super) const BAD_FILTER: Kind = ("bad-filter", StatusCode::BAD_REQUEST, "There is no such selection");
pub(super) const CUT_SHORT: Kind = ("cut-short", StatusCode::BAD_REQUEST, "The body ends before its time");
pub(super) const SIGN_IN: Kind =
    ("sign-in", StatusCode::UNAUTHORIZED, "These figures are for those who are signed in: show a token");
pub(super) const BAD_TOKEN: Kind = ("bad-token", StatusCode::UNAUTHORIZED, "There is no such token, or no more");
pub(super) const OTHER_AREA: Kind = ("other-area", StatusCode::FORBIDDEN, "The token is for another area");
pub(super) const NO_EXPORT: Kind = ("no-export", StatusCode::FORBIDDEN, "The token lets read figures, not export them");
pub(super) const NOT_FOUND: Kind = ("not-found", StatusCode::NOT_FOUND, "There is nothing here");
pub(super) const UNKNOWN_CAMPAIGN: Kind = ("unknown-campaign", StatusCode::NOT_FOUND, "There is no such campaign");
pub(super) const UNKNOWN_QUESTIONNAIRE: Kind =
    ("unknown-questionnaire", StatusCode::NOT_FOUND, "There is no such questionnaire");
pub(super) const WRONG_METHOD: Kind = ("wrong-method", StatusCode::METHOD_NOT_ALLOWED, "This is not done here");
pub(super) const TOO_SLOW: Kind = ("too-slow", StatusCode::REQUEST_TIMEOUT, "The request took too long");
pub(super) const CONFLICT: Kind =
    ("conflict", StatusCode::CONFLICT, "One of this id with other content is counted already");
pub(super) const CLOSED: Kind = ("campaign-closed", StatusCode::GONE, "The campaign is closed");
pub(super) const TOO_LARGE: Kind = ("too-large", StatusCode::PAYLOAD_TOO_LARGE, "The body is too large");
pub(super) const NOT_JSON: Kind =
    ("not-json", StatusCode::UNSUPPORTED_MEDIA_TYPE, "This is taken as application/json only");
pub(super) const NO_FONT: Kind = (
    "no-font",
    StatusCode::SERVICE_UNAVAILABLE,
    "No font here has what is to be printed: take the page or the workbook",
);
pub(super) const FAILED: Kind = ("failed", StatusCode::INTERNAL_SERVER_ERROR, "The collector failed");

/// A batch or fieldwork is refused: all of these are 422.
const fn refused(name: &'static str, title: &'static str) -> Kind {
    (name, StatusCode::UNPROCESSABLE_ENTITY, title)
}

/// An error as it is told.
#[derive(Debug, Serialize)]
pub(super) struct Problem {
    #[serde(rename = "type")]
    kind: String,
    title: &'static str,
    #[serde(serialize_with = "number")]
    status: StatusCode,
    #[serde(skip_serializing_if = "String::is_empty")]
    detail: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    at: String,
    /// The DAP task it is about.
    #[serde(rename = "taskid", skip_serializing_if = "String::is_empty")]
    task: String,
    /// What is refused is counted already: who sent it may forget it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    counted: bool,
}

fn number<S: serde::Serializer>(status: &StatusCode, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_u16(status.as_u16())
}

impl Problem {
    /// A problem of a kind.
    pub(super) fn new((name, status, title): Kind, detail: impl Into<String>) -> Self {
        let kind = format!("/problems/{name}");
        Self { kind, title, status, detail: detail.into(), at: String::new(), task: String::new(), counted: false }
    }

    /// A problem of DAP, whose types are names of their own.
    pub(super) fn dap(kind: &str, status: StatusCode, title: &'static str, detail: &str, task: String) -> Self {
        Self { kind: kind.into(), title, status, detail: detail.into(), at: String::new(), task, counted: false }
    }

    /// Says that what was sent is counted already.
    #[must_use]
    pub(super) fn counted(self) -> Self {
        Self { counted: true, ..self }
    }

    /// Says where it is.
    #[must_use]
    pub(super) fn at(self, at: impl Into<String>) -> Self {
        Self { at: at.into(), ..self }
    }

    /// What is wrong, as a sentence.
    pub(super) fn told(&self) -> String {
        let parts = [self.title, &self.detail].into_iter().filter(|part| !part.is_empty());
        parts.collect::<Vec<_>>().join(": ")
    }

    /// The problem behind an error that the HTTP library answered on its own.
    pub(super) fn of_status(status: StatusCode) -> Self {
        let kind = [BAD_REQUEST, NOT_FOUND, WRONG_METHOD].into_iter().find(|kind| kind.1 == status);
        Self::new(kind.unwrap_or(FAILED), "")
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let headers = [(header::CONTENT_TYPE, MEDIA), (header::CACHE_CONTROL, "no-store")];
        let mut response = (self.status, headers, serde_json::to_vec(&self).unwrap_or_default()).into_response();
        if self.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

/// Media type of a problem document.
pub(super) const MEDIA: &str = "application/problem+json";

impl From<BadBatch> for Problem {
    fn from(bad: BadBatch) -> Self {
        let kind = match &bad {
            BadBatch::TooLarge => TOO_LARGE,
            BadBatch::Unreadable(_) => refused("unreadable-batch", "This is no batch"),
            BadBatch::Questionnaire { .. } => refused("wrong-questionnaire", "The batch is of another questionnaire"),
            BadBatch::Closed { .. } => CLOSED,
            BadBatch::Day { .. } => refused("wrong-day", "Nobody was asked on that day"),
            BadBatch::Area { .. } => refused("unknown-area", "The campaign has no such area"),
            BadBatch::Channel { .. } => refused("unknown-channel", "The campaign has no such channel"),
            BadBatch::Respondents { .. } => refused("wrong-number", "The batch has too few or too many respondents"),
            BadBatch::Masks { .. } => {
                refused("wrong-masks", "The batch has another number of masks than of respondents")
            }
            BadBatch::Mask { .. } => refused("unknown-mask", "The batch is masked for another collector"),
            BadBatch::Tally(BadTally::Length { .. }) => refused("wrong-length", "The cells are of another layout"),
            BadBatch::Tally(BadTally::CellAboveN { .. }) => refused("cell-above-n", "A cell counts too many"),
            BadBatch::Tally(BadTally::BlockSum { .. }) => refused("wrong-sum", "A block of cells does not add up"),
        };
        Self::new(kind, bad.to_string()).at(bad.at())
    }
}

impl From<BadFieldwork> for Problem {
    fn from(bad: BadFieldwork) -> Self {
        let kind = match &bad {
            BadFieldwork::TooLarge => TOO_LARGE,
            BadFieldwork::Unreadable(_) => refused("unreadable-fieldwork", "This is no fieldwork"),
            BadFieldwork::Closed { .. } => CLOSED,
            BadFieldwork::Day { .. } => refused("wrong-day", "Nobody was asked on that day"),
            BadFieldwork::Area { .. } => refused("unknown-area", "The campaign has no such area"),
            BadFieldwork::NoTablets => refused("unknown-channel", "The campaign has no such channel"),
            BadFieldwork::Shift { .. } => refused("wrong-shift", "A tablet has no such shift"),
            BadFieldwork::Nothing => refused("no-doors", "Nobody went to any door"),
            BadFieldwork::Doors(_) => refused("wrong-doors", "The doors do not add up"),
        };
        Self::new(kind, bad.to_string()).at(bad.at())
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the store failed");
        Self::new(FAILED, "what was posted may not be stored; please try again")
    }
}
