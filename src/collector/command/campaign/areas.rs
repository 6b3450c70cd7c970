//! A campaign's areas from a table: CSV, one row an area or a region, the first row the headings.
//!
//! | column | holds |
//! |---|---|
//! | `code` | the administrative code, 1 to 24 digits |
//! | `name` | the name in the questionnaire's first language |
//! | `name::en`, `name::English (en)` | the name in another of its languages; may be empty |
//! | `kind` | `area`, `region`, or nothing: a code that others begin with is a region's |

mod sort_out;

use std::collections::BTreeMap;

use crate::{
    area::AreaCode,
    campaign::Area,
    questionnaire::Text,
    xlsform::{Faults, Place, language_tag},
};

/// Bounds on a table of areas.
mod limit {
    /// Size of the file, in bytes.
    pub(super) const FILE_BYTES: usize = 32 << 20;
    /// Areas and regions together.
    pub(super) const ROWS: usize = 200_000;
    /// Characters of a name.
    pub(super) const NAME_CHARS: usize = 100;
}

/// So much of a file is read: a byte more than it may have, by which one that is too large is known.
pub(super) const READ_BYTES: usize = limit::FILE_BYTES;

/// Where a campaign is fielded.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Areas {
    /// Where respondents are asked; none within another.
    pub(super) areas: Vec<Area>,
    /// What these lie in.
    pub(super) regions: Vec<Area>,
}

/// What a row says it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Area,
    Region,
}

/// What a column holds.
#[derive(Clone, PartialEq, Eq)]
enum Column {
    Code,
    Name(String),
    Kind,
}

struct Row {
    line: usize,
    area: Area,
    kind: Option<Kind>,
}

/// Reads a table; `languages` are the questionnaire's, the first of which every name needs.
///
/// # Errors
/// Every fault of the table, each with its row and column.
pub(super) fn read(bytes: &[u8], languages: &[String]) -> Result<Areas, Faults> {
    let mut table = Table { languages, columns: Vec::new(), headings: Vec::new(), faults: Faults::default() };
    let read = table.read(bytes);
    table.faults.sort();
    read.filter(|_| table.faults.0.is_empty()).ok_or(table.faults)
}

struct Table<'t> {
    languages: &'t [String],
    /// By column; nothing where its heading is not known.
    columns: Vec<Option<Column>>,
    headings: Vec<String>,
    faults: Faults,
}

impl Table<'_> {
    fn read(&mut self, bytes: &[u8]) -> Option<Areas> {
        let text = self.text(bytes)?;
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = match record {
                Ok(record) => record,
                Err(error) => {
                    self.faults.add("broken_csv", Place::default(), format!("is no CSV: {error}"));
                    return None;
                }
            };
            let line = record.position().map_or(1, csv::Position::line) as usize;
            let cells: Vec<&str> = record.iter().map(str::trim).collect();
            if cells.iter().all(|cell| cell.is_empty()) {
                continue;
            }
            if self.headings.is_empty() {
                self.heads(line, &cells)?;
            } else if rows.len() == limit::ROWS {
                let message = format!("no more than {} rows are taken", limit::ROWS);
                self.faults.add("too_many_rows", Place { row: line, ..Place::default() }, message);
                return None;
            } else {
                rows.extend(self.row(line, &cells));
            }
        }
        if self.headings.is_empty() {
            self.faults.add("no_heading", Place::default(), "is empty; its first row names the columns code and name");
            return None;
        }
        Some(self.sort_out(rows))
    }

    fn text<'b>(&mut self, bytes: &'b [u8]) -> Option<&'b str> {
        if bytes.len() > limit::FILE_BYTES {
            let message = format!("is larger than {} bytes", limit::FILE_BYTES);
            self.faults.add("too_large", Place::default(), message);
            return None;
        }
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        match std::str::from_utf8(bytes) {
            Ok(text) => Some(text),
            Err(error) => {
                let row = bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
                let place = Place { row, ..Place::default() };
                self.faults.add("not_utf8", place, "is not UTF-8; save the table as “CSV UTF-8”");
                None
            }
        }
    }

    /// Reads the headings; nothing if no row below them could be read.
    fn heads(&mut self, line: usize, cells: &[&str]) -> Option<()> {
        self.headings = cells.iter().map(|&cell| cell.to_owned()).collect();
        for (index, &heading) in cells.iter().enumerate() {
            let column = self.column(heading, line, index);
            if column.is_some() && self.columns.contains(&column) {
                self.fault("duplicate_column", line, index, format!("`{heading}` stands here twice"));
            }
            self.columns.push(column);
        }
        let name = Column::Name(self.languages.first()?.clone());
        let missing: Vec<&str> = [("code", Column::Code), ("name", name)]
            .into_iter()
            .filter(|(_, column)| !self.columns.contains(&Some(column.clone())))
            .map(|(heading, _)| heading)
            .collect();
        for heading in &missing {
            let place = Place { row: line, heading: (*heading).to_owned(), ..Place::default() };
            self.faults.add("no_column", place, format!("the table needs a column `{heading}`"));
        }
        missing.is_empty().then_some(())
    }

    fn column(&mut self, heading: &str, line: usize, index: usize) -> Option<Column> {
        match heading {
            "" => None,
            "code" => Some(Column::Code),
            "kind" => Some(Column::Kind),
            "name" => Some(Column::Name(self.languages.first()?.clone())),
            _ => {
                let named = heading.strip_prefix("name::").map(language_tag);
                let message = match named {
                    Some(Some(tag)) if self.languages.iter().any(|it| it == tag) => {
                        return Some(Column::Name(tag.to_owned()));
                    }
                    Some(_) => {
                        format!("the questionnaire has no such language; it is in: {}", self.languages.join(", "))
                    }
                    None => format!("no column `{heading}` here; known: code, name, name::LANGUAGE, kind"),
                };
                self.fault("unknown_column", line, index, message);
                None
            }
        }
    }

    fn row(&mut self, line: usize, cells: &[&str]) -> Option<Row> {
        let (mut code, mut kind, mut names) = (None, None, BTreeMap::new());
        for index in 0..cells.len().max(self.columns.len()) {
            let cell = cells.get(index).copied().unwrap_or_default();
            match self.columns.get(index).cloned().flatten() {
                Some(Column::Code) => code = self.code(cell, line, index),
                Some(Column::Kind) => kind = self.kind(cell, line, index),
                Some(Column::Name(language)) => {
                    if let Some(name) = self.name(cell, &language, line, index) {
                        names.insert(language, name);
                    }
                }
                None if !cell.is_empty() && self.headings.get(index).is_none_or(String::is_empty) => {
                    self.fault("cell_without_column", line, index, "stands under no heading");
                }
                None => {}
            }
        }
        Some(Row { line, area: Area { code: code?, name: names.into_iter().collect::<Text>() }, kind })
    }

    fn code(&mut self, cell: &str, line: usize, index: usize) -> Option<AreaCode> {
        let message = match cell.parse() {
            Ok(code) => return Some(code),
            Err(_) if cell.is_empty() => "an area needs a code".to_owned(),
            Err(_) if cell.parse::<f64>().is_ok_and(f64::is_finite) => format!(
                "`{cell}` is what a spreadsheet makes of a long code; let its column hold text, and write the code again"
            ),
            Err(error) => format!("`{}`: {error}", shortened(cell)),
        };
        self.fault("bad_code", line, index, message);
        None
    }

    fn kind(&mut self, cell: &str, line: usize, index: usize) -> Option<Kind> {
        match cell {
            "area" => Some(Kind::Area),
            "region" => Some(Kind::Region),
            "" => None,
            _ => {
                let message = format!("`{}` is neither area nor region; it may be left empty", shortened(cell));
                self.fault("unknown_kind", line, index, message);
                None
            }
        }
    }

    fn name(&mut self, cell: &str, language: &str, line: usize, index: usize) -> Option<String> {
        let message = match cell.chars().count() {
            0 if Some(language) == self.languages.first().map(String::as_str) => "an area needs a name".to_owned(),
            0 => return None,
            chars if chars > limit::NAME_CHARS => {
                format!("a name has {} characters at most, this one {chars}", limit::NAME_CHARS)
            }
            _ if cell.chars().any(char::is_control) => "a name stands in one line".to_owned(),
            _ => return Some(cell.to_owned()),
        };
        self.fault("bad_name", line, index, message);
        None
    }

    /// Where a column stands; the first column for one that is not there.
    fn index(&self, column: &Column) -> usize {
        self.columns.iter().position(|it| it.as_ref() == Some(column)).unwrap_or(0)
    }

    fn fault(&mut self, code: &'static str, row: usize, index: usize, message: impl Into<String>) {
        let heading = self.headings.get(index).cloned().unwrap_or_default();
        self.faults.add(code, Place { sheet: String::new(), row, column: index + 1, heading }, message);
    }
}

/// The beginning of what may be long.
fn shortened(cell: &str) -> String {
    let start: String = cell.chars().take(30).collect();
    if start.len() < cell.len() { start + "…" } else { start }
}
