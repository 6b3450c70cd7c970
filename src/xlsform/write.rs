//! From a workbook to a file.

use std::collections::BTreeMap;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook as Xlsx, XlsxError};

use super::sheet::{Grid, Workbook};

/// Writes `.xlsx`: headings stand fast, texts wrap. The same form is the same file.
///
/// # Errors
/// What the library cannot write: a text longer than a cell.
pub fn xlsx(form: &Workbook) -> Result<Vec<u8>, XlsxError> {
    let mut xlsx = Xlsx::new();
    // The hour of writing is nobody's business, and would make two files of one form.
    xlsx.set_properties(&DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?));
    let (bold, wrapped) = (Format::new().set_bold(), Format::new().set_text_wrap().set_align(FormatAlign::Top));
    for grid in &form.sheets {
        let sheet = xlsx.add_worksheet();
        sheet.set_name(&grid.name)?.set_freeze_panes(1, 0)?;
        let mut widths: BTreeMap<u16, usize> = BTreeMap::new();
        for ((row, column), text) in &grid.cells {
            let column = u16::try_from(*column).unwrap_or(u16::MAX);
            sheet.write_string_with_format(*row as u32, column, text, if *row == 0 { &bold } else { &wrapped })?;
            let width = widths.entry(column).or_default();
            *width = text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>().max(*width);
        }
        for (column, width) in widths {
            sheet.set_column_width(column, (width + 2).min(50) as f64)?;
        }
    }
    xlsx.save_to_buffer()
}

/// The rows of all sheets, the first column naming the sheet.
fn rows(form: &Workbook) -> impl Iterator<Item = Vec<String>> {
    form.sheets.iter().flat_map(|grid| {
        let columns = grid.cells.keys().map(|(_, column)| column + 2).max().unwrap_or(1);
        let mut rows = vec![vec![String::new(); columns]];
        rows[0][0].clone_from(&grid.name);
        let last = grid.cells.keys().map(|(row, _)| row + 1).max().unwrap_or(0);
        rows.extend((0..last).map(|row| {
            let cell = |column| grid.cells.get(&(row, column)).cloned().unwrap_or_default();
            std::iter::once(String::new()).chain((0..columns - 1).map(cell)).collect()
        }));
        rows
    })
}

/// Writes `.csv`, all sheets below each other.
pub fn csv(form: &Workbook) -> String {
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    for row in rows(form) {
        // Writing to memory does not fail.
        let _ = writer.write_record(&row);
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

/// Writes Markdown tables, all sheets below each other; `None` where a text has several lines or white space
/// at its ends, which a table does not keep.
pub fn markdown(form: &Workbook) -> Option<String> {
    let kept = |text: &String| !text.contains(['\n', '\r']) && text.trim() == text;
    let cells = |grid: &Grid| grid.cells.values().all(kept);
    let line = |row: Vec<String>| {
        let cells: Vec<String> = row.iter().map(|cell| cell.replace('|', "\\|")).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    form.sheets.iter().all(cells).then(|| rows(form).map(line).collect())
}
