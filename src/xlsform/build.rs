//! From a workbook to a questionnaire, or to everything that is wrong with the form.
//!
//! The rows are gone through twice: first come the questions, then what names them (`relevant`,
//! `constraint`, `calculation`), so that a name may be looked up wherever it stands. What comes of it is
//! read by the one parser, whose faults are led back to their cells.

mod choices;
mod condition;
mod constraint;
mod filter;
mod item;
mod manner;
mod places;
mod rank;
mod refused;
mod settings;
mod survey;
mod ways;

pub(super) use self::choices::YES_NO;
use std::{collections::HashMap, io};

use self::{choices::Lists, condition::Pending, places::Places};
use super::{
    expression::Subject,
    fault::{Fault, Faults, Place},
    sheet::Workbook,
    table::{Row, Table},
};
use crate::questionnaire::{Definition, Questionnaire};

/// A questionnaire that was made of a form.
#[derive(Debug)]
pub struct Built {
    /// Its file, laid out for people.
    pub json: String,
    /// What is in the file.
    pub questionnaire: Questionnaire,
    /// What was left out of the form without changing what is asked or counted.
    pub warnings: Faults,
}

/// Makes a questionnaire of a form; `file` reads a file beside it, for `select_one_from_file`.
///
/// # Errors
/// All that is wrong with the form, each with its cell.
pub fn build(form: &Workbook, file: &dyn Fn(&str) -> io::Result<Vec<u8>>) -> Result<Built, Faults> {
    let mut faults = Faults::default();
    let mut table = |name: &str| {
        let grid = form.sheet(name);
        let table = grid.map_or_else(Table::default, |grid| Table::read(grid, &mut faults));
        (table, grid.is_some())
    };
    let (mut survey, mut choices, mut settings) = (table("survey"), table("choices"), table("settings"));
    for (name, (table, there)) in [("survey", &mut survey), ("choices", &mut choices), ("settings", &mut settings)] {
        // Only a form without a single list can do without choices.
        if !*there && name != "choices" {
            faults.add("no_sheet", Place::default(), format!("there is no sheet `{name}`"));
        }
        *table = std::mem::take(table).named(name, name == "settings");
    }
    let (survey, choices, settings) = (survey.0, choices.0, (settings.0, settings.1));
    let external = choices::External::default();
    let mut builder = Builder {
        form: Sheets { survey: &survey, choices: &choices, settings: &settings.0 },
        external: &external,
        file,
        languages: Vec::new(),
        lists: Lists::default(),
        definition: Definition::default(),
        faults,
        warnings: Faults::default(),
        places: Places::default(),
        names: HashMap::new(),
        pending: Vec::new(),
        refused: Vec::new(),
    };
    builder.columns();
    builder.settings();
    builder.lists();
    builder.survey();
    builder.conditions();
    builder.done(settings.1)
}

/// The sheets, read by their headings.
#[derive(Clone, Copy)]
struct Sheets<'f> {
    survey: &'f Table,
    choices: &'f Table,
    settings: &'f Table,
}

struct Builder<'f> {
    form: Sheets<'f>,
    external: &'f choices::External,
    file: &'f dyn Fn(&str) -> io::Result<Vec<u8>>,
    languages: Vec<String>,
    lists: Lists<'f>,
    definition: Definition,
    faults: Faults,
    warnings: Faults,
    places: Places<'f>,
    names: HashMap<String, Subject>,
    pending: Vec<Pending<'f>>,
    /// Names of rows that were refused.
    refused: Vec<String>,
}

impl Builder<'_> {
    /// Notes what is wrong with a cell.
    fn wrong(&mut self, code: &'static str, row: Row, base: &str, message: impl Into<String>) {
        self.faults.add(code, row.place(base), message);
    }

    /// Notes what is left out.
    fn left_out(&mut self, row: Row, base: &str, why: &str) {
        self.warnings.add("left_out", row.place(base), format!("is left out: {why}"));
    }

    /// Reads a whole number, or notes that it is none.
    fn number<T: std::str::FromStr>(&mut self, row: Row, base: &str) -> Option<T> {
        let text = row.get(base);
        if text.is_empty() {
            return None;
        }
        let number = text.parse().ok();
        if number.is_none() {
            self.wrong("bad_number", row, base, format!("`{text}` is no whole number that can stand here"));
        }
        number
    }

    /// Reads one of several words, or notes that it is none of them; the first if the cell is empty.
    fn one_of<T: Copy>(&mut self, row: Row, base: &str, words: &[(&str, T)]) -> T {
        let text = row.get(base).to_ascii_lowercase();
        if let Some((_, value)) = words.iter().find(|(word, _)| *word == text) {
            return *value;
        }
        if !text.is_empty() {
            let known: Vec<&str> = words.iter().map(|(word, _)| *word).filter(|word| !word.is_empty()).collect();
            self.wrong("unknown_value", row, base, format!("`{text}` is none of {}", known.join(", ")));
        }
        words[0].1
    }

    /// The finished questionnaire, or all that is wrong.
    fn done(mut self, has_settings: bool) -> Result<Built, Faults> {
        // A definition serialises: it is texts and numbers.
        let json = serde_json::to_string_pretty(&self.definition).unwrap_or_default() + "\n";
        match Questionnaire::parse(json.as_bytes()) {
            Ok(questionnaire) if self.faults.0.is_empty() => {
                self.warnings.sort();
                return Ok(Built { json, questionnaire, warnings: self.warnings });
            }
            Ok(_) => {}
            Err(found) => {
                let told: Vec<Place> = self.faults.0.iter().map(|fault| fault.place.clone()).collect();
                for fault in found.0 {
                    let place = self.places.find(&fault.at, self.form.settings);
                    if !told.contains(&place) && !self.follows(&fault) {
                        self.faults.0.push(Fault { code: fault.code, place, message: places::told(&fault) });
                    }
                }
            }
        }
        // Where there are no settings, none of them can be wrong.
        self.faults.0.retain(|fault| has_settings || fault.place.sheet != "settings");
        self.faults.sort();
        Err(self.faults)
    }

    /// Whether a fault is there only because a row was refused.
    fn follows(&self, fault: &crate::questionnaire::Fault) -> bool {
        let named = |name: &String| fault.message.contains(&format!("`{name}`"));
        match fault.code {
            "unknown_item" => self.refused.iter().any(named),
            // An indicator over a refused row has neither item nor options.
            "no_positive" => self.refused.iter().any(String::is_empty),
            "no_items" | "draw_too_large" => !self.faults.0.is_empty(),
            _ => false,
        }
    }
}
