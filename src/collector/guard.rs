//! What holds for every answer: headers that keep the page to itself, problem documents, a deadline.

use std::time::Duration;

use axum::{
    extract::Request,
    http::{HeaderName, HeaderValue, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::problem::{self, Problem};

/// So long a request may take, its body included: a batch over a bad line on a staircase.
const DEADLINE: Duration = Duration::from_secs(60);

/// The page loads only what comes from here, runs nothing written inline, and sends nothing elsewhere.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' data:; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'self'";

/// The policy of a page that may send reports to other sites too: to these alone.
pub(super) fn policy_with(sites: &[String]) -> Option<HeaderValue> {
    let connect = format!("connect-src 'self' {};", sites.join(" "));
    HeaderValue::try_from(CONTENT_SECURITY_POLICY.replace("connect-src 'self';", &connect)).ok()
}

/// What a page may ask of the device it runs on.
pub(super) const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");

/// The camera, for this page alone, and nothing else.
pub(super) const WITH_CAMERA: &str = "accelerometer=(), camera=(self), display-capture=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()";

/// On every answer.
static ALWAYS: [(HeaderName, &str); 1] = [(header::X_CONTENT_TYPE_OPTIONS, "nosniff")];

/// On documents, the only ones that run anything: on a script they would be bytes that a phone waits for.
static DOCUMENT: [(HeaderName, &str); 5] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (
        PERMISSIONS_POLICY,
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()",
    ),
];

/// Answers within the deadline, with every error as a problem document and the headers on all.
pub(super) async fn guard(request: Request, next: Next) -> Response {
    let answered = tokio::time::timeout(DEADLINE, next.run(request)).await;
    let mut response = match answered {
        Ok(response) if told(&response) => response,
        Ok(response) => {
            // The library's own refusals say it in plain text; which methods are allowed stays, and who may read it.
            let mut told = Problem::of_status(response.status()).into_response();
            let kept = [header::ALLOW, header::ACCESS_CONTROL_ALLOW_ORIGIN];
            let kept = kept.map(|name| response.headers().get(&name).cloned().map(|value| (name, value)));
            told.headers_mut().extend(kept.into_iter().flatten());
            told
        }
        Err(_) => Problem::new(problem::TOO_SLOW, "").into_response(),
    };
    let document =
        response.headers().get(header::CONTENT_TYPE).is_some_and(|media| media.as_bytes().starts_with(b"text/html"));
    let headers = ALWAYS.iter().chain(if document { &DOCUMENT[..] } else { &[] });
    for (name, value) in headers {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// No error, or one in a form of ours.
fn told(response: &Response) -> bool {
    let status = response.status();
    let media = response.headers().get(header::CONTENT_TYPE);
    let ours = [problem::MEDIA, "text/html; charset=utf-8"];
    !(status.is_client_error() || status.is_server_error())
        || media.is_some_and(|media| ours.iter().any(|it| media == it))
}
