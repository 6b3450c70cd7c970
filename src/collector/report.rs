//! The monthly report: figures of a month beside those of the month before, to print, to send round, to compute with.
//!
//! ```text
//!  Results of the month ──┐                                ┌─▶ html
//!                         ├─▶ figures ──▶ document ──words─┼─▶ pdf
//!  of the month before ───┘                                └─▶ xlsx
//! ```
//!
//! A report is a function of [`Results`], which hold back what is not told: what they do not tell, no report does.
//! [`document`] is the waist: a cell is a figure there, and each writer says how it is read.

mod compose;
mod document;
mod doors;
mod figures;
mod glance;
pub(super) mod html;
mod month;
pub(super) mod pdf;
mod words;
mod xlsx;

use std::path::Path;

pub(super) use self::{month::Month, pdf::fonts::NoFont};
use super::store::StoreError;
use crate::{day::Day, period::Period, questionnaire::Questionnaire, results::Results};

/// What is reported.
pub(super) struct What<'w> {
    /// What was asked.
    pub(super) questionnaire: &'w Questionnaire,
    /// The month.
    pub(super) month: Month,
    /// Its results.
    pub(super) now: &'w Results,
    /// Those of the month before and the same area; none where there is no such month.
    pub(super) before: Option<&'w Results>,
    /// Language of words, titles and names.
    pub(super) language: &'w str,
    /// The day on which it is made.
    pub(super) day: Day,
}

/// Kinds of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// A page that needs nothing beside it.
    Html,
    /// Pages to print.
    Pdf,
    /// A workbook with real numbers.
    Xlsx,
}

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoReport {
    /// No font has what is to be written.
    #[error(transparent)]
    Font(#[from] NoFont),
    /// A library failed.
    #[error("{0}")]
    Failed(StoreError),
}

impl Format {
    /// All of them.
    pub(super) const ALL: [Self; 3] = [Self::Html, Self::Pdf, Self::Xlsx];

    /// How the names of its files end.
    pub(super) fn end(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Pdf => "pdf",
            Self::Xlsx => "xlsx",
        }
    }

    /// Its media type.
    pub(super) fn media(self) -> &'static str {
        match self {
            Self::Html => "text/html; charset=utf-8",
            Self::Pdf => "application/pdf",
            Self::Xlsx => super::export::Format::Xlsx.media(),
        }
    }

    /// The file; a font of one's own is for pages to print alone.
    ///
    /// # Errors
    /// If no font has what is to be written; if a library fails.
    pub(super) fn write(self, what: &What, font: Option<&Path>) -> Result<Vec<u8>, NoReport> {
        let document = compose::document(what);
        match self {
            Self::Html => Ok(html::write(&document).into_bytes()),
            Self::Pdf => pdf::write(&document, what.day, font),
            Self::Xlsx => xlsx::write(&document, what.day).map_err(NoReport::Failed),
        }
    }
}

/// The period before a report's month, to compare with.
pub(super) fn before(month: Month) -> Option<Period> {
    month.before().map(Month::period)
}

/// Names a file by what it is of: campaign, area and month. ASCII alone.
pub(super) fn stem(results: &Results, month: Month) -> String {
    let area = results.selection.area.as_ref().map(|area| format!("-{}", area.as_str())).unwrap_or_default();
    format!("{}-report{area}-{}", results.campaign.id, month.period())
}
