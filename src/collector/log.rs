//! The log: one line a request, with its method, route, status and duration, and nothing else.
//!
//! It holds no address, user agent, path, query or body, and its time is a day: who reads it learns
//! how the collector fares, and nothing of respondents.

use std::{fmt, io::IsTerminal, time::Instant};

use axum::{
    extract::{MatchedPath, Request},
    http::Method,
    middleware::Next,
    response::Response,
};
use tracing_subscriber::fmt::{format::Writer, time::FormatTime};

use super::world::Clock;

/// Writes to standard error from now on: for people at a terminal, else as JSON, a line an event.
pub(super) fn start(clock: Clock) {
    let format = tracing_subscriber::fmt().with_writer(std::io::stderr).with_target(false).with_timer(clock);
    if std::io::stderr().is_terminal() {
        format.compact().init();
    } else {
        format.json().flatten_event(true).init();
    }
}

impl FormatTime for Clock {
    fn format_time(&self, to: &mut Writer<'_>) -> fmt::Result {
        write!(to, "{}", self.today())
    }
}

/// Logs a request once it is answered.
pub(super) async fn log(request: Request, next: Next) -> Response {
    let start = Instant::now();
    let method = method(request.method());
    let route = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    let route = route.as_ref().map_or("none", MatchedPath::as_str);
    let ms = start.elapsed().as_millis() as u64;
    tracing::info!(method, route, status = response.status().as_u16(), ms, "answered");
    response
}

/// The name of a common method; a made-up one could say anything.
fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
