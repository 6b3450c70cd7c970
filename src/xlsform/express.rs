//! From a definition to a workbook: the same in the words of XLSForm.

mod lists;
mod settings;
mod survey;

use std::collections::BTreeMap;

use self::lists::Lists;
use super::{
    build::build,
    language,
    sheet::{Grid, Workbook},
};
use crate::questionnaire::{
    Definition, Faults, Questionnaire, Text,
    json::Json,
    read::{Place, Read},
};

/// Why a questionnaire cannot be a form.
#[derive(Debug, thiserror::Error)]
pub enum NotKept {
    /// The file is no valid questionnaire.
    #[error("{0}")]
    Faulty(Faults),
    /// Read again, the form would not be the same questionnaire: told in words.
    #[error("a spreadsheet cannot keep it: {0}")]
    Different(String),
}

/// Makes a form of a questionnaire's file. The form is read again before it is given: it makes the very same
/// questionnaire.
///
/// # Errors
/// The file is not valid, or holds what cells cannot keep (a text of white space alone, a default written out).
pub fn express(bytes: &[u8]) -> Result<Workbook, NotKept> {
    let questionnaire = Questionnaire::parse(bytes).map_err(NotKept::Faulty)?;
    let json = Json::parse(bytes).map_err(|broken| NotKept::Faulty(Faults::broken(broken, bytes)))?;
    let mut definition = Definition::default();
    definition.read(&json, &Place::ROOT, &mut Faults::default());
    let workbook = workbook(&definition);
    let none = |_: &str| Err(std::io::ErrorKind::NotFound.into());
    let built = build(&workbook, &none).map_err(|faults| NotKept::Different(faults.to_string()))?;
    if built.questionnaire.hash == questionnaire.hash {
        return Ok(workbook);
    }
    let again = Json::parse(built.json.as_bytes()).unwrap_or(Json::Null);
    let place = difference(&json, &again, String::new()).unwrap_or_default();
    Err(NotKept::Different(format!("{place} would not come back as it is written")))
}

/// The JSON pointer of the first difference.
fn difference(a: &Json, b: &Json, at: String) -> Option<String> {
    match (a, b) {
        (Json::Object(a), Json::Object(b)) => {
            let names = a.iter().chain(b).map(|(name, _)| name);
            let of = |fields: &[(String, Json)], name: &str| {
                fields.iter().find(|(it, _)| it == name).map(|(_, it)| it.clone())
            };
            names.into_iter().find_map(|name| match (of(a, name), of(b, name)) {
                (Some(a), Some(b)) => difference(&a, &b, format!("{at}/{name}")),
                _ => Some(format!("{at}/{name}")),
            })
        }
        (Json::List(a), Json::List(b)) if a.len() == b.len() => {
            a.iter().zip(b).enumerate().find_map(|(i, (a, b))| difference(a, b, format!("{at}/{i}")))
        }
        _ => (a != b).then_some(at),
    }
}

fn workbook(definition: &Definition) -> Workbook {
    let lists = Lists::of(definition);
    let sheets = vec![
        survey::sheet(definition, &lists).into_grid(),
        lists.sheet(definition).into_grid(),
        settings::sheet(definition).into_grid(),
    ];
    Workbook { sheets }
}

/// A sheet in the making: columns come into being when something is put into them.
struct Sheet {
    name: &'static str,
    languages: Vec<String>,
    /// Headings in their order, and which of them have anything below.
    headings: Vec<(String, bool)>,
    rows: Vec<BTreeMap<String, String>>,
}

impl Sheet {
    /// An empty sheet; `columns` are those it may have, `*` marks one that has a text in each language.
    fn new(name: &'static str, definition: &Definition, columns: &[&str]) -> Self {
        let mut headings = Vec::new();
        for column in columns {
            match column.strip_suffix('*') {
                Some(base) => headings.extend(definition.languages.iter().map(|tag| (heading(base, tag), false))),
                None => headings.push(((*column).to_owned(), false)),
            }
        }
        Self { name, languages: definition.languages.clone(), headings, rows: Vec::new() }
    }

    fn row(&mut self) {
        self.rows.push(BTreeMap::new());
    }

    /// Puts a text into the last row; an empty one leaves the cell empty.
    fn put(&mut self, heading: &str, text: impl Into<String>) {
        let text = text.into();
        if let (Some(row), false) = (self.rows.last_mut(), text.is_empty()) {
            row.insert(heading.to_owned(), text);
        }
    }

    /// Puts a text in several languages into the last row.
    fn put_text(&mut self, base: &str, text: &Text) {
        for (tag, words) in text.iter() {
            self.put(&heading(base, tag), words);
        }
    }

    /// A column that is there even if it is empty: languages are told by headings.
    fn always(&mut self, base: &str) {
        let wanted: Vec<String> =
            self.languages.iter().map(|tag| heading(base, tag)).chain([base.to_owned()]).collect();
        for (heading, filled) in &mut self.headings {
            *filled |= wanted.contains(heading);
        }
    }

    fn into_grid(mut self) -> Grid {
        for (heading, filled) in &mut self.headings {
            *filled |= self.rows.iter().any(|row| row.contains_key(heading));
        }
        let mut grid = Grid::new(self.name);
        let shown = self.headings.iter().filter(|(_, filled)| *filled).enumerate();
        for (column, (heading, _)) in shown {
            grid.cells.insert((0, column), heading.clone());
            for (row, cells) in self.rows.iter().enumerate() {
                if let Some(text) = cells.get(heading) {
                    grid.cells.insert((row + 1, column), text.clone());
                }
            }
        }
        grid
    }
}

fn heading(base: &str, tag: &str) -> String {
    format!("{base}::{}", language::name(tag))
}
