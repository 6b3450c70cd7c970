//! From a file to a workbook. What a file is, its first bytes say; its name decides only among texts.

mod text;
mod xls;
mod xlsx;

pub(super) use self::text::plain_csv;
use super::{fault::Faults, limit, sheet::Workbook};

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
        [b'P', b'K', 3 | 5, 4 | 6, ..] => xlsx::read(bytes),
        [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, ..] => xls::read(bytes),
        _ => match extension.as_str() {
            "csv" => text::csv(bytes),
            "md" => text::markdown(bytes),
            "xlsx" | "xls" => Err(Faults::one("no_spreadsheet", "is no spreadsheet: it begins as none does")),
            _ => Err(Faults::one("unknown_kind", "is of an unknown kind; take .xlsx, .xls, .csv or .md")),
        },
    }
}
