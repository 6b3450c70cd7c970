//! `.xls`, the format of Excel 97 to 2003, by calamine: it reads all sheets at once, as rectangles, so the
//! records are counted before.

mod scan;

use std::io::{Cursor, Read};

use calamine::{Data, Reader, Xls, XlsError};

use super::xlsx::{day, merged_cells};
use crate::xlsform::{
    fault::Faults,
    limit,
    sheet::{Grid, Workbook},
};

pub(super) const PASSWORD: &str = "is protected by a password; save it without one";

/// Reads a workbook.
pub(super) fn read(bytes: &[u8]) -> Result<Workbook, Faults> {
    scan::scan(&stream(bytes)?)?;
    let mut xls: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(broken)?;
    let (mut workbook, mut faults, mut left) = (Workbook::default(), Faults::default(), limit::TEXT_BYTES);
    for name in xls.sheet_names() {
        if !super::SHEETS.iter().any(|it| name.trim().eq_ignore_ascii_case(it)) {
            continue;
        }
        let mut grid = Grid::new(name.trim());
        for merged in xls.merge_cells_by_sheet_name(&name).map_err(broken)? {
            merged_cells(&grid, &merged, &mut faults);
        }
        let range = xls.worksheet_range(&name).map_err(broken)?;
        let (top, first) = range.start().unwrap_or_default();
        for (row, column, value) in range.used_cells() {
            let (row, column) = (row + top as usize, column + first as usize);
            match text(value) {
                Ok(text) => faults.0.extend(grid.put(row, column, text, &mut left).err()),
                Err(message) => faults.add("cell_error", grid.place(row, column), message),
            }
        }
        workbook.sheets.push(grid);
    }
    faults.sort();
    if faults.0.is_empty() { Ok(workbook) } else { Err(faults) }
}

/// The stream that holds the workbook. An `.xlsx` with a password is a container of the same kind.
fn stream(bytes: &[u8]) -> Result<Vec<u8>, Faults> {
    let damaged = |error: std::io::Error| Faults::one("damaged", format!("is a damaged document: {error}"));
    let mut container = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(damaged)?;
    if container.is_stream("/EncryptedPackage") {
        return Err(Faults::one("password", PASSWORD));
    }
    let Some(name) = ["/Workbook", "/Book"].into_iter().find(|name| container.is_stream(name)) else {
        return Err(Faults::one("no_spreadsheet", "is an Office document, but no Excel workbook"));
    };
    let mut stream = Vec::new();
    let mut part = container.open_stream(name).map_err(damaged)?.take(limit::FILE_BYTES as u64);
    part.read_to_end(&mut stream).map_err(damaged)?;
    Ok(stream)
}

fn broken(error: XlsError) -> Faults {
    match error {
        XlsError::Password => Faults::one("password", PASSWORD),
        error => Faults::one("damaged", format!("is a damaged workbook: {error}")),
    }
}

/// What a cell says, as a text.
fn text(value: &Data) -> Result<String, String> {
    Ok(match value {
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Float(number) => number.to_string(),
        Data::Int(number) => number.to_string(),
        Data::Bool(value) => value.to_string(),
        Data::DateTime(time) => day(time)?,
        Data::Error(error) => return Err(format!("shows the error {error}")),
        _ => String::new(),
    })
}
