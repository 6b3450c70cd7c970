//! Where in the form stands what the parser found: from JSON pointers to cells.

use std::collections::HashMap;

use super::settings::UNDETERMINED;
use crate::{
    questionnaire::Fault,
    xlsform::{
        fault::Place,
        table::{Row, Table},
    },
};

/// A row, and which of its columns an object's fields come from.
#[derive(Clone, Copy, Debug)]
struct Anchor<'t> {
    row: Row<'t>,
    columns: &'static [(&'static str, &'static str)],
    /// The column of the object itself, and of fields that have none.
    own: &'static str,
}

/// Rows by the JSON pointer of what was made of them.
#[derive(Debug, Default)]
pub(super) struct Places<'t>(HashMap<String, Anchor<'t>>);

/// Of a question.
const ITEM: &[(&str, &str)] = &[
    ("id", "name"),
    ("type", "type"),
    ("text", "label"),
    ("help", "hint"),
    ("required", "required"),
    ("dont_know", "anxin::special"),
    ("refuse", "anxin::special"),
    ("ask_if", "relevant"),
    ("order", "anxin::order"),
    ("options", "type"),
    ("bins", "anxin::bins"),
    ("key", "anxin::key"),
    ("points", "anxin::points"),
    ("explanation", "anxin::explanation"),
    ("topic", "anxin::topic"),
    ("source", "anxin::source"),
    ("review", "anxin::review"),
];
const SECTION: &[(&str, &str)] = &[("id", "name"), ("title", "label"), ("ask_if", "relevant")];
const CHOICE: &[(&str, &str)] =
    &[("id", "name"), ("text", "label"), ("title", "label"), ("from", "from"), ("to", "to")];
const INDICATOR: &[(&str, &str)] = &[
    ("id", "name"),
    ("title", "label"),
    ("base", "anxin::indicator"),
    ("definition_version", "anxin::definition_version"),
    ("item", "calculation"),
    ("positive", "calculation"),
];
const JOINT: &[(&str, &str)] = &[("id", "name"), ("of", "anxin::joint")];

impl<'t> Places<'t> {
    fn put(&mut self, at: String, row: Row<'t>, columns: &'static [(&'static str, &'static str)], own: &'static str) {
        self.0.insert(at, Anchor { row, columns, own });
    }

    pub(super) fn section(&mut self, at: String, row: Row<'t>) {
        self.put(at, row, SECTION, "name");
    }

    /// A part of a condition that several rows make together.
    pub(super) fn condition(&mut self, at: String, row: Row<'t>) {
        self.put(at, row, &[], "relevant");
    }

    pub(super) fn item(&mut self, at: String, row: Row<'t>) {
        self.put(at, row, ITEM, "name");
    }

    /// An option, a topic or a word of an answer.
    pub(super) fn choice(&mut self, at: String, row: Row<'t>) {
        self.put(at, row, CHOICE, "label");
    }

    pub(super) fn bin(&mut self, at: String, row: Row<'t>) {
        self.put(at, row, CHOICE, "from");
    }

    pub(super) fn indicator(&mut self, at: String, row: Row<'t>) {
        self.put(at, row, INDICATOR, "name");
    }

    pub(super) fn joint(&mut self, at: String, row: Row<'t>) {
        self.put(at, row, JOINT, "name");
    }

    /// The cell that a pointer leads to.
    pub(super) fn find(&self, pointer: &str, settings: &Table) -> Place {
        let steps: Vec<&str> = pointer.split('/').skip(1).collect();
        for length in (1..=steps.len()).rev() {
            let Some(anchor) = self.0.get(&format!("/{}", steps[..length].join("/"))) else { continue };
            let rest = &steps[length..];
            let column = rest.first().and_then(|field| anchor.columns.iter().find(|(name, _)| name == field));
            let language = rest.last().copied();
            return match column {
                // `randomize=true` is an order too.
                Some((_, "anxin::order")) if anchor.row.get("anxin::order").is_empty() => {
                    anchor.row.place("parameters")
                }
                Some((_, base)) => anchor.row.place_in(base, language),
                // A question that nobody gets to.
                None if rest.is_empty() && !anchor.row.get("relevant").is_empty() => anchor.row.place("relevant"),
                None => anchor.row.place_in(anchor.own, language),
            };
        }
        match (steps.as_slice(), settings.rows().next()) {
            // A section that no group made has the form's title.
            (["sections", _, "title", language @ ..], Some(row)) => {
                row.place_in("form_title", language.first().copied())
            }
            (["sections", ..], _) => Place::sheet("survey"),
            ([] | ["indicators" | "joints"], _) | (_, None) => Place::default(),
            (["words", word @ ("yes" | "no"), ..], _) => {
                Place { heading: format!("label of {word} in the list yes_no"), ..Place::sheet("choices") }
            }
            (steps, Some(row)) => {
                let base = match steps {
                    ["id", ..] => "form_id".into(),
                    ["title", ..] => "form_title".into(),
                    ["version", ..] => "version".into(),
                    ["languages", ..] => "default_language".into(),
                    ["header" | "words" | "quiz", field, ..] => format!("anxin::{field}"),
                    _ => "anxin::feedback".into(),
                };
                row.place_in(&base, steps.last().copied())
            }
        }
    }
}

/// What the parser says, in words of the form.
pub(super) fn told(fault: &Fault) -> String {
    match fault.code {
        "words_missing" => fault.message.replace(
            "which /words does not give",
            "for which the form has no words: they stand in the sheet settings, or in the list yes_no of choices",
        ),
        "field_not_taken" => {
            fault.message.replace("has no /quiz", "is none: the sheet settings has no anxin::feedback")
        }
        "bad_id" => match fault.message.split('`').nth(1).and_then(better_name) {
            Some(better) => format!("{}; `{better}` would do", fault.message),
            None => fault.message.clone(),
        },
        "text_missing" => fault.message.replace(&format!(", {UNDETERMINED}"), ""),
        _ => fault.message.clone(),
    }
}

/// A name like this one that is well formed: XLSForm takes `1`, `Yes` and `no-answer` too.
fn better_name(name: &str) -> Option<String> {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
    let mut better: String = name.trim().chars().map(plain).collect();
    if !better.starts_with(|first: char| first.is_ascii_lowercase()) {
        better.insert_str(0, "n_");
    }
    better.truncate(40);
    name.contains(|c: char| c.is_ascii_alphanumeric()).then_some(better)
}
