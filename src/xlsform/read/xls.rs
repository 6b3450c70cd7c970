//! `.xls`, the format of Excel 97 to 2003.

use crate::xlsform::{fault::Faults, sheet::Workbook};

pub(super) const PASSWORD: &str = "is protected by a password; save it without one";

/// Reads a workbook.
pub(super) fn read(_: &[u8]) -> Result<Workbook, Faults> {
    Err(Faults::one("no_spreadsheet", "is an old kind of document that is not read yet"))
}
