//! What is wrong with a form, told by sheet, row and column.

use std::fmt;

use serde::Serialize;

/// A cell of a form, or a whole row, sheet or file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Place {
    /// Name of the sheet; empty for the whole file.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub sheet: String,
    /// Row, from 1; 0 for the whole sheet. In a text file it is the line.
    #[serde(skip_serializing_if = "none")]
    pub row: usize,
    /// Column, from 1; 0 for the whole row, or where the sheet has no such column.
    #[serde(skip_serializing_if = "none", serialize_with = "as_letters")]
    pub column: usize,
    /// Heading of the column, as the form has it or should have it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub heading: String,
}

impl Place {
    /// A whole sheet.
    pub(super) fn sheet(name: &str) -> Self {
        Self { sheet: name.into(), ..Self::default() }
    }

    /// Survey first, as an author reads; then by row and column.
    fn rank(&self) -> (usize, &str, usize, usize, &str) {
        let known = ["", "survey", "choices", "settings"].iter().position(|name| *name == self.sheet);
        (known.unwrap_or(4), &self.sheet, self.row, self.column, &self.heading)
    }
}

fn none(number: &usize) -> bool {
    *number == 0
}

fn as_letters<S: serde::Serializer>(column: &usize, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&letters(*column))
}

/// The letters of a column, from 1.
pub(super) fn letters(column: usize) -> String {
    let mut left = column;
    let mut letters = Vec::new();
    while left > 0 {
        letters.push(b'A' + ((left - 1) % 26) as u8);
        left = (left - 1) / 26;
    }
    letters.iter().rev().map(|letter| char::from(*letter)).collect()
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut gap = "";
        for (there, part) in [
            (!self.sheet.is_empty(), format!("sheet {}", self.sheet)),
            (self.row > 0, format!("row {}", self.row)),
            (self.column > 0, format!("column {}", letters(self.column))),
        ] {
            if there {
                write!(f, "{gap}{part}")?;
                gap = ", ";
            }
        }
        match (self.column, self.heading.as_str()) {
            (_, "") => Ok(()),
            (0, heading) => write!(f, "{gap}column {heading} (not there)"),
            (_, heading) => write!(f, " ({heading})"),
        }
    }
}

/// One thing that is wrong with a form, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// Stable name of the kind of fault, e.g. `type_not_kept`.
    pub code: &'static str,
    /// Where it is wrong.
    #[serde(flatten)]
    pub place: Place,
    /// What is wrong, for people.
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let gap = if self.place == Place::default() { "" } else { ": " };
        write!(f, "{}{gap}{} [{}]", self.place, self.message, self.code)
    }
}

/// All that is wrong with a form; never empty as an error.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Faults(pub Vec<Fault>);

impl Faults {
    /// Notes a fault at a place.
    pub(crate) fn add(&mut self, code: &'static str, place: Place, message: impl Into<String>) {
        self.0.push(Fault { code, place, message: message.into() });
    }

    /// The one fault of a whole file.
    pub(super) fn one(code: &'static str, message: impl Into<String>) -> Self {
        Self(vec![Fault { code, place: Place::default(), message: message.into() }])
    }

    /// In the order of the form, each once: a list that ten questions share is told once. Of very many the
    /// first are kept.
    pub(crate) fn sort(&mut self) {
        let key = |fault: &Fault| (fault.code, fault.message.clone());
        self.0.sort_by(|a, b| a.place.rank().cmp(&b.place.rank()).then_with(|| key(a).cmp(&key(b))));
        self.0.dedup();
        let left = self.0.len().saturating_sub(super::limit::FAULTS);
        if left > 0 {
            self.0.truncate(super::limit::FAULTS);
            self.add("more_faults", Place::default(), format!("and {left} more"));
        }
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, fault) in self.0.iter().enumerate() {
            write!(f, "{}{fault}", if i > 0 { "\n" } else { "" })?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}
