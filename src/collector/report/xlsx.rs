//! A workbook: what is seen at a glance, the tables with real numbers, and how they are meant.

use rust_xlsxwriter::{Color, DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};

use super::{
    compose::words_of,
    document::{Cell, Document, Table},
};
use crate::{
    collector::{
        export::{
            table::name_words,
            xlsx::{fit, set_up, width},
        },
        store::StoreError,
    },
    day::Day,
    statistic::band::Band,
};

/// The file.
pub(super) fn write(document: &Document, day: Day) -> Result<Vec<u8>, StoreError> {
    let (mut book, formats) = (Workbook::new(), Formats::new());
    let created = ExcelDateTime::parse_from_str(&day.to_string())?;
    book.set_properties(&DocProperties::new().set_title(&document.title).set_creation_datetime(&created));
    let names = &words_of(&document.language).tables;
    let mut writer = Writer { document, formats };
    writer.overview(book.add_worksheet().set_name(names.overview_sheet)?)?;
    // Tables of a sheet follow each other.
    for tables in document.tables.chunk_by(|one, next| one.sheet == next.sheet) {
        if let Some(first) = tables.first() {
            writer.tables(book.add_worksheet().set_name(first.sheet)?, tables)?;
        }
    }
    writer.notes(book.add_worksheet().set_name(names.notes_sheet)?)?;
    Ok(book.save_to_buffer()?)
}

struct Formats {
    title: Format,
    heading: Format,
    text: Format,
    count: Format,
    share: Format,
    points: Format,
    mean: Format,
    bands: [Format; 3],
}

impl Formats {
    fn new() -> Self {
        let top = || Format::new().set_align(FormatAlign::Top);
        let band = |fill: u32, ink: u32| {
            top().set_background_color(Color::RGB(fill)).set_font_color(Color::RGB(ink)).set_text_wrap()
        };
        Self {
            title: top().set_bold().set_font_size(16),
            heading: top().set_bold().set_text_wrap(),
            text: top().set_text_wrap(),
            count: top().set_num_format("#,##0"),
            share: top().set_num_format("0.0%"),
            mean: top().set_num_format("0.0"),
            points: top().set_num_format("+0.0;-0.0;0.0"),
            bands: [band(0x00fb_dcd9, 0x007d_1510), band(0x00fb_f0c4, 0x0057_4200), band(0x00d9_e8fc, 0x0010_3f80)],
        }
    }

    fn band(&self, band: Band) -> &Format {
        let [red, yellow, blue] = &self.bands;
        match band {
            Band::Red => red,
            Band::Yellow => yellow,
            Band::Blue => blue,
        }
    }
}

struct Writer<'d> {
    document: &'d Document,
    formats: Formats,
}

impl Writer<'_> {
    /// What it is of, and what is seen at a glance.
    fn overview(&mut self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let document = self.document;
        set_up(sheet, &document.running, None)?;
        sheet.write_string_with_format(0, 0, &document.title, &self.formats.title)?;
        let mut row = 2;
        for (name, value) in &document.facts {
            sheet.write_string_with_format(row, 0, *name, &self.formats.heading)?;
            self.put(sheet, (row, 1), value)?;
            row += 1;
        }
        row += 1;
        sheet.write_string_with_format(row, 0, document.glance, &self.formats.heading)?;
        for finding in &document.findings {
            row += 1;
            sheet.write_string_with_format(row, 0, finding.mark.sign(), &self.formats.text)?;
            sheet.write_string_with_format(row, 1, &finding.text, &self.formats.text)?;
        }
        sheet.set_column_width(0, 32)?.set_column_width(1, 110)?;
        Ok(())
    }

    /// Tables of the same columns, below each other under one heading.
    fn tables(&mut self, sheet: &mut Worksheet, tables: &[Table]) -> Result<(), StoreError> {
        set_up(sheet, &self.document.running, Some(0))?;
        let Some(first) = tables.first() else { return Ok(()) };
        let lead = first.lead.iter().map(|(heading, _)| *heading);
        let columns = first.columns.iter().flat_map(|column| match column.apart {
            [] => vec![column.heading],
            apart => apart.to_vec(),
        });
        let headings: Vec<&str> = lead.chain(columns).collect();
        let mut widths: Vec<usize> = headings.iter().map(|heading| width(heading).min(16)).collect();
        for (column, heading) in (0..).zip(&headings) {
            sheet.write_string_with_format(0, column, *heading, &self.formats.heading)?;
        }
        let mut row = 0;
        for table in tables {
            for cells in &table.rows {
                row += 1;
                let mut column: u16 = 0;
                let lead = table.lead.iter().map(|(_, cell)| (cell, 1));
                let own = table.columns.iter().zip(cells).map(|(of, cell)| (cell, of.apart.len().max(1) as u16));
                for (cell, takes) in lead.chain(own) {
                    let wide = self.put(sheet, (row, column), cell)?;
                    if let Some(most) = widths.get_mut(usize::from(column)) {
                        *most = (*most).max(wide);
                    }
                    column += takes;
                }
            }
        }
        fit(sheet, &widths)?;
        sheet.set_freeze_panes(1, 0)?;
        sheet.autofilter(0, 0, row, headings.len() as u16 - 1)?;
        Ok(())
    }

    /// How the figures are meant.
    fn notes(&mut self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        set_up(sheet, &self.document.running, None)?;
        sheet.write_string_with_format(0, 0, self.document.how_to_read, &self.formats.heading)?;
        for (row, note) in (1..).zip(&self.document.notes) {
            sheet.write_string_with_format(row, 0, note, &self.formats.text)?;
        }
        sheet.set_column_width(0, 130)?;
        Ok(())
    }

    /// Writes a figure, several numbers into cells beside each other; tells the first one's width.
    fn put(&self, sheet: &mut Worksheet, (row, column): (u32, u16), cell: &Cell) -> Result<usize, XlsxError> {
        let (formats, language) = (&self.formats, &*self.document.language);
        let mut number = |place: u16, number: f64, format: &Format| {
            sheet.write_number_with_format(row, column + place, number, format).map(|_| 8)
        };
        match cell {
            Cell::Empty => Ok(0),
            Cell::Count(count) => number(0, *count as f64, &formats.count),
            Cell::Share(share) | Cell::Set(share) => number(0, *share, &formats.share),
            Cell::Mean(mean) => number(0, *mean, &formats.mean),
            Cell::Points(points) => number(0, points * 100.0, &formats.points),
            Cell::Range(low, high) => number(1, *high, &formats.share).and(number(0, *low, &formats.share)),
            Cell::PointsRange(low, high) => {
                number(1, high * 100.0, &formats.points).and(number(0, low * 100.0, &formats.points))
            }
            Cell::Places(rank) => {
                for (place, rank) in (0..).zip([rank.rank, rank.best, rank.worst]) {
                    number(place, rank as f64, &formats.count)?;
                }
                Ok(8)
            }
            Cell::Flag(name, bound) => {
                if let Some(bound) = bound {
                    number(1, bound.share, &formats.share)?;
                }
                let words = name_words(name, language);
                sheet.write_string_with_format(row, column, words, &formats.text).map(|_| width(words))
            }
            Cell::Band(band) => {
                let text = cell.text(language);
                sheet.write_string_with_format(row, column, &text, formats.band(*band)).map(|_| width(&text))
            }
            Cell::Text(_) | Cell::Beyond(_) => {
                let text = cell.text(language);
                sheet.write_string_with_format(row, column, &text, &formats.text).map(|_| width(&text))
            }
        }
    }
}
