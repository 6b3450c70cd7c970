//! From a file to a workbook. What a file is, its first bytes say; its name decides only among texts.

mod text;
mod xls;
mod xlsx;

use std::panic::{UnwindSafe, catch_unwind};

pub(super) use self::text::plain_csv;
use super::{fault::Faults, limit, sheet::Workbook};

/// Names of the sheets that are read; others are the author's own.
const SHEETS: [&str; 3] = ["survey", "choices", "settings"];

/// Reads a form's file.
///
/// # Errors
/// What keeps the file from being read (too large, no spreadsheet, protected by a password, …), or every cell
/// that cannot be taken (an error of a formula, merged cells, too far down or to the right, …).
pub fn workbook(name: &str, bytes: &[u8]) -> Result<Workbook, Faults> {
    if bytes.len() > limit::FILE_BYTES {
        let message = format!("is {} bytes or more, the limit is {}", bytes.len(), limit::FILE_BYTES);
        return Err(Faults::one("too_large", message));
    }
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).unwrap_or_default();
    match bytes {
        [b'P', b'K', 3 | 5, 4 | 6, ..] => unbroken(|| xlsx::read(bytes)),
        [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, ..] => unbroken(|| xls::read(bytes)),
        _ => match extension.as_str() {
            "csv" => text::csv(bytes),
            "md" => text::markdown(bytes),
            "xlsx" | "xls" => Err(Faults::one("no_spreadsheet", "is no spreadsheet: it begins as none does")),
            _ => Err(Faults::one("unknown_kind", "is of an unknown kind; take .xlsx, .xls, .csv or .md")),
        },
    }
}

/// A damaged file may be more than the library that reads it has thought of; it is refused all the same.
fn unbroken(read: impl FnOnce() -> Result<Workbook, Faults> + UnwindSafe) -> Result<Workbook, Faults> {
    catch_unwind(read).unwrap_or_else(|_| Err(Faults::one("damaged", "is a damaged workbook")))
}
