//! What can be wrong with a file, collected so that an author sees all of it at once.

use std::fmt;

use serde::Serialize;

use super::{json::Broken, read::Place};

/// What is wrong, for people. Only the command line tells authors what is wrong; a phone, which gets
/// only questionnaires that passed there, is spared the sentences: code and place are enough.
macro_rules! say {
    ($($words:tt)*) => {
        if cfg!(target_arch = "wasm32") { String::new() } else { format!($($words)*) }
    };
}

pub(crate) use say;

/// Of an item that nobody is asked.
pub(crate) fn unreachable(id: &str) -> String {
    say!("no way of answering leads to `{id}`")
}

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// Stable name of the kind of fault, e.g. `duplicate_id`.
    pub code: &'static str,
    /// JSON pointer (RFC 6901) to the place, `""` for the whole file.
    pub at: String,
    /// What is wrong, for people.
    pub message: String,
    /// Line, from 1, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// Column, from 1, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
}

/// All that is wrong with a file; never empty as an error.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Faults(pub Vec<Fault>);

impl Faults {
    /// Adds what is wrong elsewhere: a value that could not be read has no meaning that could be wrong too.
    pub(crate) fn add_unless_below(&mut self, meanings: Faults) {
        let unread = |fault: &&Fault| fault.code != "unknown_field";
        let unread: Vec<String> = self.0.iter().filter(unread).map(|fault| fault.at.clone()).collect();
        self.0.extend(meanings.0.into_iter().filter(|fault| !unread.iter().any(|at| fault.at.starts_with(at))));
    }

    /// Notes a fault at a place.
    pub(crate) fn add(&mut self, code: &'static str, at: &Place, message: String) {
        self.0.push(Fault { code, at: at.to_string(), message, line: None, column: None });
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let (Some(line), Some(column)) = (self.line, self.column) {
            write!(f, "{line}:{column}: ")?;
        }
        let at = if self.at.is_empty() { "/" } else { &self.at };
        write!(f, "{at}: {} [{}]", self.message, self.code)
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, fault) in self.0.iter().enumerate() {
            if i > 0 {
                writeln!(f)?;
            }
            write!(f, "{fault}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}

impl Faults {
    /// The one fault of a document that is no JSON; `bytes` is the document.
    pub(crate) fn broken(broken: Broken, bytes: &[u8]) -> Self {
        let before = &bytes[..broken.offset.min(bytes.len())];
        let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
        // Columns are counted in characters; the bytes that continue one do not count.
        let column = before[line_start..].iter().filter(|byte| **byte & 0xc0 != 0x80).count() + 1;
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        Self(vec![Fault {
            code: "broken_json",
            at: String::new(),
            message: broken.what.into(),
            line: Some(line),
            column: Some(column),
        }])
    }
}
