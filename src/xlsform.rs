//! XLSForm: questionnaires as spreadsheets, the way people who field surveys share them, and back.
//!
//! ```text
//!  .xlsx .xls .csv .md ──read──▶ Workbook ──build──▶ Definition ──parse = check──▶ Questionnaire, or Faults by cell
//!  .xlsx      .csv .md ◀─write── Workbook ◀─express─ Definition ◀─────────────────┘
//! ```
//!
//! What XLSForm has a word for is written in that word; what only this program knows stands in columns
//! whose names begin with `anxin::`. What a form asks for and aggregates cannot keep (free text, positions,
//! pictures, dates to the day, repeats) is refused, each row with what to use instead.
//!
//! A form that is made of a questionnaire gives the same questionnaire again, to the byte of its canonical
//! form. For that, brackets in a condition count: `a and (b and c)` is not `a and b and c`.

mod build;
mod express;
mod expression;
mod fault;
mod language;
mod read;
mod sheet;
mod table;
mod write;

pub use self::{
    build::{Built, build},
    express::{NotKept, express},
    fault::{Fault, Faults, Place},
    read::workbook,
    sheet::{Grid, Workbook},
    write::{csv, markdown, xlsx},
};

pub(crate) use self::language::tag as language_tag;

/// Bounds on a form; a file beyond them is refused before it takes memory.
pub mod limit {
    /// Size of the file, in bytes.
    pub const FILE_BYTES: usize = 8 << 20;
    /// Size of all parts of an `.xlsx` file together once they are unpacked, in bytes.
    pub const UNPACKED_BYTES: u64 = 32 << 20;
    /// Rows of a sheet.
    pub const ROWS: usize = 20_000;
    /// Columns of a sheet.
    pub const COLUMNS: usize = 256;
    /// Characters in one cell.
    pub const CELL_CHARS: usize = 32_767;
    /// Text of all cells together, in bytes.
    pub const TEXT_BYTES: usize = 16 << 20;
    /// Faults that are told; what comes after them is counted.
    pub const FAULTS: usize = 1_000;
}
