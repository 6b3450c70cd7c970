//! Figures as files, for a spreadsheet, for SPSS or for a program.
//!
//! ```text
//!                     ┌─▶ csv ◀── spss (syntax that reads it)
//!  Results ──▶ figures ─▶ xlsx ◀── items, doors, about ◀── Results
//!          └─▶ json
//! ```
//!
//! A file is a function of [`Results`], which hold back what is not told: what the JSON does not tell, no file does.
//! [`table`] is the waist: a figure is a row of cells there, and each format writes cells.

mod about;
mod csv;
mod doors;
pub(super) mod figures;
mod items;
mod json;
mod spss;
pub(super) mod table;
pub(super) mod xlsx;

use super::store::StoreError;
use crate::{
    campaign::Campaign,
    day::Day,
    questionnaire::{Questionnaire, Text},
    results::Results,
};

/// What is exported.
pub(super) struct Export<'e> {
    /// What was fielded, whole.
    pub(super) campaign: &'e Campaign,
    /// What was asked.
    pub(super) questionnaire: &'e Questionnaire,
    /// The figures.
    pub(super) results: &'e Results,
    /// Language of headings, titles and names.
    pub(super) language: &'e str,
    /// The day of the export.
    pub(super) day: Day,
    /// The file's name without its end.
    pub(super) stem: String,
}

/// Kinds of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// One row a figure, UTF-8 with a byte-order mark: Excel opens it.
    Csv,
    /// A workbook with real numbers.
    Xlsx,
    /// The results as they are.
    Json,
    /// SPSS syntax that reads the CSV of the same name.
    Spss,
}

impl Format {
    /// All of them.
    pub(super) const ALL: [Self; 4] = [Self::Csv, Self::Xlsx, Self::Json, Self::Spss];

    /// How the names of its files end.
    pub(super) fn end(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Json => "json",
            Self::Spss => "sps",
        }
    }

    /// Its media type.
    pub(super) fn media(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Json => "application/json",
            Self::Spss => "text/plain; charset=utf-8",
        }
    }

    /// The file.
    ///
    /// # Errors
    /// If there are more figures than it can hold; if its library fails.
    pub(super) fn write(self, export: &Export) -> Result<Vec<u8>, StoreError> {
        match self {
            Self::Csv => csv::write(export),
            Self::Xlsx => xlsx::write(export),
            Self::Json => json::write(export),
            Self::Spss => Ok(spss::write(export)),
        }
    }
}

/// The language of an export: the one that is asked for, or the questionnaire's first.
///
/// # Errors
/// If the questionnaire is not in it; tells in which it is.
pub(super) fn language(questionnaire: &Questionnaire, asked: Option<String>) -> Result<String, String> {
    let languages = &questionnaire.definition.languages;
    let language = asked.or(languages.first().cloned()).ok_or("the questionnaire has no language")?;
    if languages.contains(&language) {
        return Ok(language);
    }
    Err(format!("the questionnaire is not in {language}; it is in: {}", languages.join(", ")))
}

/// Names a file by what it is of: campaign, and area and period where they are chosen. ASCII alone.
pub(super) fn stem(results: &Results) -> String {
    let selection = &results.selection;
    let area = selection.area.as_ref().map(|area| format!("-{}", area.as_str()));
    let period = selection.period.map(|period| format!("-{period}"));
    format!("{}{}{}", results.campaign.id, area.unwrap_or_default(), period.unwrap_or_default())
}

/// Words in a language, or in the first that there is; in one line.
pub(super) fn words(text: &Text, language: &str) -> String {
    let words = text.get(language).or_else(|| text.iter().next().map(|(_, words)| words)).unwrap_or_default();
    words.replace(char::is_control, " ")
}
