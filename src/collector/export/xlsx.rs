//! A workbook: a sheet for the whole selection, for its areas, its periods, its items and its doors, and one that says what it
//! is.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};

use super::{
    Export, about, doors, figures, items,
    table::{Cell, Column, in_language, name_words},
    words,
};
use crate::collector::store::StoreError;

/// Widths of columns, in digits: no narrower, no wider.
const WIDTHS: (usize, usize) = (8, 48);

/// Excel's number for A4.
const A4: u8 = 9;

/// The file.
pub(super) fn write(export: &Export) -> Result<Vec<u8>, StoreError> {
    let (mut book, formats) = (Workbook::new(), Formats::new());
    let language = export.language;
    let name = |zh, en| in_language(language, zh, en);
    let title = words(&export.results.title, language);
    let created = ExcelDateTime::parse_from_str(&export.day.to_string())?;
    book.set_properties(&DocProperties::new().set_title(&title).set_creation_datetime(&created));
    let mut sheet = |sheet: &str, columns: &[Column], rows: &mut dyn Iterator<Item = Vec<Cell>>| {
        let to = book.add_worksheet().set_name(sheet)?;
        set_up(to, &title, Some(0))?;
        table(to, &formats, language, columns, rows)
    };
    sheet(name("指标", "Indicators"), &figures::COLUMNS, &mut figures::total(export))?;
    sheet(name("地区", "Areas"), &figures::COLUMNS, &mut figures::areas(export))?;
    sheet(name("时期", "Periods"), &figures::COLUMNS, &mut figures::periods(export))?;
    sheet(name("题目", "Items"), &items::COLUMNS, &mut items::rows(export))?;
    if let Some(told) = &export.results.fieldwork {
        sheet(name("上门", "Doors"), &doors::COLUMNS, &mut doors::rows(export, told).into_iter())?;
    }
    let to = book.add_worksheet().set_name(name("说明", "About"))?;
    set_up(to, &title, None)?;
    describe(to, &formats, export)?;
    Ok(book.save_to_buffer()?)
}

struct Formats {
    heading: Format,
    text: Format,
    count: Format,
    share: Format,
}

impl Formats {
    fn new() -> Self {
        let top = || Format::new().set_align(FormatAlign::Top);
        Self {
            heading: top().set_bold().set_text_wrap(),
            text: top().set_text_wrap(),
            count: top().set_num_format("#,##0"),
            share: top().set_num_format("0.00%"),
        }
    }
}

/// How it prints: A4 on its side, as wide as the page, with its title and the number of the page; a row that is a heading
/// stands on each page.
pub(in crate::collector) fn set_up(sheet: &mut Worksheet, title: &str, heading: Option<u32>) -> Result<(), XlsxError> {
    sheet.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0);
    if let Some(row) = heading {
        sheet.set_repeat_rows(row, row)?;
    }
    // An ampersand begins a code.
    sheet.set_footer(format!("&L{}&C&A&R&P / &N", title.replace('&', "&&")));
    Ok(())
}

/// A heading that stays in sight, and rows below it.
fn table(
    sheet: &mut Worksheet,
    formats: &Formats,
    language: &str,
    columns: &[Column],
    rows: &mut dyn Iterator<Item = Vec<Cell>>,
) -> Result<(), StoreError> {
    let headings = columns.iter().map(|column| column.heading(language));
    let mut widths: Vec<usize> = headings.clone().map(width).collect();
    for (column, heading) in (0..).zip(headings) {
        sheet.write_string_with_format(0, column, heading, &formats.heading)?;
    }
    let mut last = 0;
    for (row, cells) in (1..).zip(rows) {
        for ((column, cell), most) in (0..).zip(cells).zip(&mut widths) {
            *most = (*most).max(put(sheet, formats, language, (row, column), &cell)?);
        }
        last = row;
    }
    fit(sheet, &widths)?;
    sheet.set_freeze_panes(1, 0)?;
    sheet.autofilter(0, 0, last, columns.len() as u16 - 1)?;
    Ok(())
}

/// Names and values.
fn describe(sheet: &mut Worksheet, formats: &Formats, export: &Export) -> Result<(), XlsxError> {
    let mut widths = [0; 2];
    for (row, (name, value)) in (0..).zip(about::rows(export)) {
        sheet.write_string_with_format(row, 0, name, &formats.heading)?;
        let value = put(sheet, formats, export.language, (row, 1), &value)?;
        widths = [widths[0].max(width(name)), widths[1].max(value)];
    }
    fit(sheet, &widths)
}

/// Writes a cell, text always as text; tells its width.
fn put(
    sheet: &mut Worksheet,
    formats: &Formats,
    language: &str,
    (row, column): (u32, u16),
    cell: &Cell,
) -> Result<usize, XlsxError> {
    let mut text = |text: &str| sheet.write_string_with_format(row, column, text, &formats.text).map(|_| width(text));
    match cell {
        Cell::Empty => Ok(0),
        Cell::Text(it) => text(it),
        Cell::Name(name) => text(name_words(name, language)),
        Cell::Count(count) => {
            sheet.write_number_with_format(row, column, *count as f64, &formats.count)?;
            Ok(count.to_string().len() + 2)
        }
        Cell::Share(share) => sheet.write_number_with_format(row, column, *share, &formats.share).map(|_| 7),
    }
}

/// Makes columns so wide, in digits, within reason.
pub(in crate::collector) fn fit(sheet: &mut Worksheet, widths: &[usize]) -> Result<(), XlsxError> {
    for (column, &width) in (0..).zip(widths) {
        sheet.set_column_width(column, (width + 2).clamp(WIDTHS.0, WIDTHS.1) as f64)?;
    }
    Ok(())
}

/// How wide a text is, in digits: from the radicals of CJK on, a character is as wide as two.
pub(in crate::collector) fn width(text: &str) -> usize {
    text.chars().map(|it| if it >= '\u{2e80}' { 2 } else { 1 }).sum()
}
