//! `.xlsx`, by calamine: unpacked once before, to count; then read cell by cell, because a sheet with one
//! cell in its far corner is a small file and an enormous rectangle.

use std::io::{Cursor, Read, copy, sink};

use calamine::{DataRef, Dimensions, Reader, Xlsx, XlsxError};

use crate::xlsform::{
    fault::{Faults, Place, letters},
    limit,
    sheet::{Grid, Workbook},
};

/// Reads a workbook.
pub(super) fn read(bytes: &[u8]) -> Result<Workbook, Faults> {
    unpacked(bytes)?;
    let mut xlsx: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    let (mut workbook, mut faults, mut left) = (Workbook::default(), Faults::default(), limit::TEXT_BYTES);
    for name in xlsx.sheet_names() {
        let known = super::SHEETS.iter().any(|it| name.trim().eq_ignore_ascii_case(it));
        if !known {
            continue;
        }
        let mut grid = Grid::new(name.trim());
        for merged in xlsx.merge_cells_by_sheet_name(&name).map_err(broken)? {
            merged_cells(&grid, &merged, &mut faults);
        }
        cells(&mut xlsx, &name, &mut grid, &mut left, &mut faults)?;
        workbook.sheets.push(grid);
    }
    faults.sort();
    if faults.0.is_empty() { Ok(workbook) } else { Err(faults) }
}

/// Refuses an archive that unpacks to more than the limit. What its directory says of sizes may be a lie, so
/// all of it is unpacked, into nothing.
fn unpacked(bytes: &[u8]) -> Result<(), Faults> {
    let damaged = |error: &dyn std::fmt::Display| Faults::one("damaged", format!("is a damaged archive: {error}"));
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
    if archive.index_for_name("xl/workbook.xml").is_none() {
        let message = "is an archive, but no Excel workbook (.xlsx): it has no part xl/workbook.xml";
        return Err(Faults::one("no_spreadsheet", message));
    }
    let mut left = limit::UNPACKED_BYTES;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|error| damaged(&error))?;
        let strings = part.name_raw().to_ascii_lowercase().ends_with(b"sharedstrings.xml");
        let mut part = part.take(left);
        left -= if strings {
            let mut xml = Vec::new();
            part.read_to_end(&mut xml).map_err(|error| damaged(&error))?;
            if count_of_strings(&xml) > xml.len() {
                return Err(damaged(&"it counts more texts than it has bytes"));
            }
            xml.len() as u64
        } else {
            copy(&mut part, &mut sink()).map_err(|error| damaged(&error))?
        };
        if left == 0 {
            let message = format!("unpacks to more than {} MiB", limit::UNPACKED_BYTES >> 20);
            return Err(Faults::one("too_large", message));
        }
    }
    Ok(())
}

/// The largest number that may be a count of shared strings: the library takes memory for as many.
fn count_of_strings(xml: &[u8]) -> usize {
    const NAME: &[u8] = b"uniqueCount";
    let places = xml.windows(NAME.len()).enumerate().filter(|(_, word)| *word == NAME);
    let count = |(at, _): (usize, &[u8])| {
        let rest = xml[at + NAME.len()..].iter().skip_while(|byte| !byte.is_ascii_alphanumeric());
        let digits = rest.take_while(|byte| byte.is_ascii_digit());
        digits.fold(0_usize, |number, digit| number.saturating_mul(10).saturating_add(usize::from(digit - b'0')))
    };
    places.map(count).max().unwrap_or(0)
}

fn broken(error: XlsxError) -> Faults {
    match error {
        XlsxError::Password => Faults::one("password", super::xls::PASSWORD),
        error => Faults::one("damaged", format!("is a damaged workbook: {error}")),
    }
}

/// A merged cell stands for several, and which of them is a question's is a guess.
pub(super) fn merged_cells(grid: &Grid, at: &Dimensions, faults: &mut Faults) {
    let cell = |(row, column): (u32, u32)| format!("{}{}", letters(column as usize + 1), row + 1);
    let place = grid.place(at.start.0 as usize, at.start.1 as usize);
    let message =
        format!("the cells {}:{} are merged; a cell stands alone: unmerge them", cell(at.start), cell(at.end));
    faults.add("merged_cells", place, message);
}

fn cells(
    xlsx: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    grid: &mut Grid,
    left: &mut usize,
    faults: &mut Faults,
) -> Result<(), Faults> {
    let mut reader = match xlsx.worksheet_cells_reader(name) {
        Ok(reader) => reader,
        Err(XlsxError::NotAWorksheet(kind)) => {
            faults.add("no_worksheet", Place::sheet(name), format!("is no worksheet but a {kind}"));
            return Ok(());
        }
        Err(error) => return Err(broken(error)),
    };
    while let Some(cell) = reader.next_cell_with_formula_metadata().map_err(broken)? {
        let (row, column) = (cell.pos.0 as usize, cell.pos.1 as usize);
        match text(&cell.value) {
            Ok(_) if cell.value == DataRef::Empty && cell.formula.is_some() => {
                let message = "holds a formula that was never computed; open the form in a spreadsheet program and \
                               save it, or write the value";
                faults.add("formula_without_value", grid.place(row, column), message);
            }
            Ok(text) => {
                if let Err(fault) = grid.put(row, column, text, left) {
                    // What lies beyond a limit is not read on.
                    faults.0.push(fault);
                    return Ok(());
                }
            }
            Err(message) => faults.add("cell_error", grid.place(row, column), message),
        }
    }
    Ok(())
}

/// What a cell says, as a text.
fn text(value: &DataRef) -> Result<String, String> {
    Ok(match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(value) => value.to_string(),
        DataRef::DateTime(time) => day(time)?,
        DataRef::Error(error) => return Err(format!("shows the error {error}")),
    })
}

/// A day as it is written in a form.
pub(super) fn day(time: &calamine::ExcelDateTime) -> Result<String, String> {
    match (time.is_datetime(), time.to_ymd_hms_milli()) {
        (true, (year, month, day, 0, 0, 0, 0)) => Ok(format!("{year:04}-{month:02}-{day:02}")),
        _ => Err("holds a time of day; write a day, or a text".into()),
    }
}
