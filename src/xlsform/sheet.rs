//! Sheets: cells as they stand in the file.

use std::collections::BTreeMap;

use super::{
    fault::{Fault, Place, letters},
    limit,
};

/// The sheets of a form, by whatever kind of file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Workbook {
    /// The sheets, in the order of the file.
    pub sheets: Vec<Grid>,
}

/// A sheet's cells by row and column, from 0; those that are empty are not there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grid {
    /// The sheet's name.
    pub name: String,
    /// What stands in the cells.
    pub cells: BTreeMap<(usize, usize), String>,
}

impl Workbook {
    /// The sheet of this name.
    pub(super) fn sheet(&self, name: &str) -> Option<&Grid> {
        self.sheets.iter().find(|grid| grid.name.trim().eq_ignore_ascii_case(name))
    }
}

impl Grid {
    /// A sheet without cells.
    pub(super) fn new(name: &str) -> Self {
        Self { name: name.into(), cells: BTreeMap::new() }
    }

    /// A cell's place.
    pub(super) fn place(&self, row: usize, column: usize) -> Place {
        Place { sheet: self.name.clone(), row: row + 1, column: column + 1, heading: String::new() }
    }

    /// Puts a text into a cell, within the limits; `left` is how many bytes of text the form may still have.
    pub(super) fn put(&mut self, row: usize, column: usize, text: String, left: &mut usize) -> Result<(), Fault> {
        if text.is_empty() {
            return Ok(());
        }
        let fault = |code, place, message| Err(Fault { code, place, message });
        let place = self.place(row, column);
        if row >= limit::ROWS {
            let message = format!("this row is not empty; a sheet has {} rows at most", limit::ROWS);
            return fault("too_many_rows", Place { column: 0, ..place }, message);
        }
        if column >= limit::COLUMNS {
            let last = letters(limit::COLUMNS);
            return fault("too_many_columns", place, format!("this cell is not empty; the last column is {last}"));
        }
        if text.len() > limit::CELL_CHARS && text.chars().count() > limit::CELL_CHARS {
            let message = format!("is longer than {} characters", limit::CELL_CHARS);
            return fault("cell_too_long", place, message);
        }
        let Some(rest) = left.checked_sub(text.len()) else {
            let message = format!("with this cell the form has more than {} bytes of text", limit::TEXT_BYTES);
            return fault("too_much_text", place, message);
        };
        *left = rest;
        self.cells.insert((row, column), text);
        Ok(())
    }
}
