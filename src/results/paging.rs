//! Tables of areas page by page. Everything is computed of the whole first, so that no figure depends on the page.

use std::str::FromStr;

use super::Results;
use crate::area::AreaCode;

/// So many rows a page has at most. No table of areas has more: a level of codes has three digits at most.
pub const MOST: usize = 1_000;

/// How many rows a page has at most: 1 to [`MOST`]; 400 if nobody says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rows(usize);

/// Not a number of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a page has 1 to {MOST} rows")]
pub struct NotRows;

/// Which rows of the tables of areas are looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// So many at most.
    pub rows: Rows,
    /// Those behind this code alone, in the order of codes; it need not be a row's.
    pub after: Option<AreaCode>,
}

impl Default for Rows {
    fn default() -> Self {
        Self(400)
    }
}

impl Rows {
    /// How many.
    pub fn get(self) -> usize {
        self.0
    }
}

impl FromStr for Rows {
    type Err = NotRows;

    fn from_str(text: &str) -> Result<Self, NotRows> {
        let rows = text.parse().ok().filter(|rows| (1..=MOST).contains(rows));
        rows.map(Self).ok_or(NotRows)
    }
}

impl Results {
    /// Leaves a page of the tables of areas, and all else as it is; with the page that follows, if one does.
    #[must_use]
    pub fn page(mut self, page: &Page) -> (Self, Option<Page>) {
        let first = page.after.as_ref().map_or(0, |after| self.areas.partition_point(|row| row.code <= *after));
        let end = self.areas.len().min(first + page.rows.get());
        let next = (end < self.areas.len()).then(|| self.areas[end - 1].code.clone());
        self.areas.truncate(end);
        self.areas.drain(..first);
        if let Some(fieldwork) = &mut self.fieldwork {
            // The doors of the same rows.
            fieldwork.areas.truncate(end);
            fieldwork.areas.drain(..first);
        }
        (self, next.map(|code| Page { rows: page.rows, after: Some(code) }))
    }
}
