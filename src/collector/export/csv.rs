//! CSV, RFC 4180: UTF-8 with a byte-order mark, without which Excel would read Chinese as something else.

use csv::{Terminator, WriterBuilder};

use super::{
    Export,
    figures::{COLUMNS, areas, periods, total},
    table::Cell,
};
use crate::collector::store::StoreError;

/// The byte-order mark.
pub(super) const MARK: &str = "\u{feff}";

/// The file: one row a figure, all tables below each other; the names of the columns are the same in every language.
pub(super) fn write(export: &Export) -> Result<Vec<u8>, StoreError> {
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(MARK.as_bytes().to_vec());
    writer.write_record(COLUMNS.iter().map(|column| column.id))?;
    for row in total(export).chain(areas(export)).chain(periods(export)) {
        writer.write_record(row.into_iter().map(cell))?;
    }
    writer.into_inner().map_err(|error| error.to_string().into())
}

/// A cell as it is written. Numbers have all their digits.
fn cell(cell: Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => harmless(text),
        Cell::Name(name) => name.to_owned(),
        Cell::Count(count) => count.to_string(),
        Cell::Share(share) => share.to_string(),
    }
}

/// Words that no spreadsheet takes for a formula.
pub(super) fn harmless(text: String) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for (text, want) in [
            ("=1+1", "'=1+1"),
            ("+86", "'+86"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("\r=1", "'\r=1"),
            ("越城区", "越城区"),
            ("a=b", "a=b"),
            ("", ""),
        ] {
            assert_eq!(cell(Cell::Text(text.to_owned())), want);
        }
        assert_eq!(cell(Cell::Share(0.1)), "0.1");
    }
}
