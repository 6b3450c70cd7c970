//! What stands after the question mark.

use std::str::FromStr;

use axum::{extract::Query, http::Uri};
use serde::de::DeserializeOwned;

use crate::collector::problem::{self, Problem};

/// So many bytes a filter's value may have.
const LONGEST: usize = 64;

/// So many bytes all filters together may have, escapes and names included.
const QUERY: usize = 1024;

/// Reads the filters of an address.
///
/// # Errors
/// If there are others, or too much of them.
pub(super) fn filters<T: DeserializeOwned>(address: &Uri) -> Result<T, Problem> {
    if address.query().is_some_and(|query| query.len() > QUERY) {
        return Err(Problem::new(problem::BAD_FILTER, too_long()));
    }
    let read = Query::try_from_uri(address).map_err(|error| Problem::new(problem::BAD_FILTER, error.body_text()))?;
    Ok(read.0)
}

/// Reads a filter's value.
///
/// # Errors
/// If it is too long, or none of its kind.
pub(super) fn value<T: FromStr<Err: ToString>>(name: &str, given: Option<String>) -> Result<Option<T>, Problem> {
    let bad = |told: String| Problem::new(problem::BAD_FILTER, told).at(name);
    let read = |text: String| {
        let short = Some(text).filter(|text| text.len() <= LONGEST).ok_or_else(|| bad(too_long()))?;
        short.parse().map_err(|error: T::Err| bad(error.to_string()))
    };
    given.map(read).transpose()
}

fn too_long() -> String {
    format!("a filter has {LONGEST} bytes at most")
}
