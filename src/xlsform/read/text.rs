//! Forms kept as text, CSV or Markdown tables, as pyxform reads them: the first column names the sheet, in
//! a row of its own or beside the headings; what stands in the other columns belongs to it.
//!
//! ```text
//! | survey |                    |        |             |
//! |        | type               | name   | label       |
//! |        | select_one yes_no  | burgle | Burgled?    |
//! ```

use crate::xlsform::{
    fault::{Faults, Place},
    limit,
    sheet::{Grid, Workbook},
};

/// A text in UTF-8, with or without a byte order mark.
fn utf8(bytes: &[u8]) -> Result<&str, Faults> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let broken = |error: std::str::Utf8Error| {
        let line = bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
        let message = format!("is not UTF-8 in line {line}; save it as “CSV UTF-8”, or take .xlsx");
        Faults::one("not_utf8", message)
    };
    std::str::from_utf8(bytes).map_err(broken)
}

/// Reads CSV.
pub(super) fn csv(bytes: &[u8]) -> Result<Workbook, Faults> {
    let mut gather = Gather::new();
    for (line, cells) in records(utf8(bytes)?)? {
        gather.row(line - 1, cells.into_iter());
    }
    gather.done()
}

/// The records of a CSV file, each with its line from 1.
fn records(text: &str) -> Result<Vec<(usize, Vec<String>)>, Faults> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut records = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| Faults::one("broken_csv", format!("is no CSV: {error}")))?;
        let line = record.position().map_or(1, csv::Position::line);
        records.push((line as usize, record.iter().map(str::to_owned).collect()));
    }
    Ok(records)
}

/// A table of CSV with its headings in the first row: the choices of `select_one_from_file`.
pub(in crate::xlsform) fn plain_csv(name: &str, bytes: &[u8]) -> Result<Grid, Faults> {
    let (mut grid, mut left, mut faults) = (Grid::new(name), limit::TEXT_BYTES, Faults::default());
    for (line, cells) in records(utf8(bytes)?)? {
        for (column, text) in cells.into_iter().enumerate() {
            if let Err(fault) = grid.put(line - 1, column, text, &mut left) {
                faults.0.push(fault);
                return Err(faults);
            }
        }
    }
    Ok(grid)
}

/// Reads Markdown tables.
pub(super) fn markdown(bytes: &[u8]) -> Result<Workbook, Faults> {
    let mut gather = Gather::new();
    for (line, text) in utf8(bytes)?.lines().enumerate() {
        let Some(row) = text.trim().strip_prefix('|').and_then(|row| row.strip_suffix('|')) else { continue };
        let cells = cells(row);
        // A line of dashes between headings and rows is drawing.
        let drawn = |cell: &String| !cell.is_empty() && cell.bytes().all(|byte| matches!(byte, b'-' | b':'));
        if !cells.iter().all(drawn) {
            gather.row(line, cells.into_iter());
        }
    }
    gather.done()
}

/// The cells of a Markdown row, `\|` standing for a bar within one.
fn cells(row: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut escaped = false;
    for c in row.chars() {
        let last = cells.len() - 1;
        match (escaped, c) {
            (true, '|') => cells[last].push('|'),
            (true, c) => cells[last].extend(['\\', c]),
            (false, '\\') => {}
            (false, '|') => cells.push(String::new()),
            (false, c) => cells[last].push(c),
        }
        escaped = !escaped && c == '\\';
    }
    if escaped {
        let last = cells.len() - 1;
        cells[last].push('\\');
    }
    cells.iter().map(|cell| cell.trim().to_owned()).collect()
}

/// Gathers rows into the sheets that they belong to.
struct Gather {
    workbook: Workbook,
    left: usize,
    faults: Faults,
    full: bool,
}

impl Gather {
    fn new() -> Self {
        Self { workbook: Workbook::default(), left: limit::TEXT_BYTES, faults: Faults::default(), full: false }
    }

    fn row(&mut self, row: usize, mut cells: impl Iterator<Item = String>) {
        if self.full {
            return;
        }
        let sheet = cells.next().unwrap_or_default();
        if !sheet.trim().is_empty() {
            if self.workbook.sheet(sheet.trim()).is_some() {
                let place = Place { row: row + 1, ..Place::sheet(sheet.trim()) };
                self.faults.add("duplicate_sheet", place, format!("the sheet `{}` begins twice", sheet.trim()));
            }
            self.workbook.sheets.push(Grid::new(sheet.trim()));
        }
        let Some(grid) = self.workbook.sheets.last_mut() else {
            if cells.any(|cell| !cell.trim().is_empty()) {
                let message = format!("line {} belongs to no sheet: the first column names it", row + 1);
                self.faults.add("no_sheet", Place::default(), message);
                self.full = true;
            }
            return;
        };
        for (column, text) in cells.enumerate() {
            if let Err(fault) = grid.put(row, column + 1, text, &mut self.left) {
                self.faults.0.push(fault);
                self.full = true;
                return;
            }
        }
    }

    fn done(self) -> Result<Workbook, Faults> {
        if self.faults.0.is_empty() { Ok(self.workbook) } else { Err(self.faults) }
    }
}
