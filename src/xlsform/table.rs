//! Sheets read by their headings.

use std::collections::BTreeMap;

use super::{
    fault::{Faults, Place},
    language,
    sheet::Grid,
};
use crate::questionnaire::Text;

/// A sheet read by its headings.
#[derive(Debug, Default)]
pub(super) struct Table {
    name: String,
    heading_row: usize,
    columns: Vec<Column>,
    rows: Vec<(usize, BTreeMap<usize, String>)>,
}

/// A column by its heading.
#[derive(Debug)]
struct Column {
    at: usize,
    heading: String,
    /// The heading without the language.
    base: String,
    /// The language's tag; `None` stands for the default language.
    language: Option<String>,
}

impl Table {
    /// Reads a sheet: its first row that is not empty has the headings. A remark (`#…`) is passed over.
    pub(super) fn read(grid: &Grid, faults: &mut Faults) -> Self {
        let mut table = Self { name: grid.name.trim().to_ascii_lowercase(), ..Self::default() };
        let mut rows: BTreeMap<usize, BTreeMap<usize, String>> = BTreeMap::new();
        for ((row, column), text) in grid.cells.iter().filter(|(_, text)| !text.trim().is_empty()) {
            rows.entry(*row).or_default().insert(*column, text.clone());
        }
        if let Some((row, headings)) = rows.pop_first() {
            table.heading_row = row;
            for (at, heading) in headings {
                table.column(row, at, heading.trim(), faults);
            }
        }
        // What is remarked in a row of its own is passed over as well.
        let known = |cells: &BTreeMap<usize, String>| table.columns.iter().any(|column| cells.contains_key(&column.at));
        let rows = rows.into_iter().filter(|(_, cells)| known(cells)).collect();
        table.rows = rows;
        table
    }

    fn column(&mut self, row: usize, at: usize, heading: &str, faults: &mut Faults) {
        if heading.starts_with('#') {
            return;
        }
        let place = Place { sheet: self.name.clone(), row: row + 1, column: at + 1, heading: heading.into() };
        let mut parts = heading.split("::").map(str::trim);
        let mut base = known_as(&parts.next().unwrap_or_default().to_lowercase().replace(' ', "_"));
        if base == "anxin" {
            base = format!("anxin::{}", parts.next().unwrap_or_default());
        }
        let named = parts.collect::<Vec<_>>().join("::");
        let language = language::tag(&named).map(str::to_owned);
        // Only texts have languages; the others are told as unknown columns by their whole heading.
        if !named.is_empty() && language.is_none() && !["media", "bind", "body", "instance"].contains(&base.as_str()) {
            let message = format!("`{named}` names no language tag; write for example `{base}::English (en)`");
            faults.add("bad_language", place.clone(), message);
        }
        if self.columns.iter().any(|column| column.base == base && column.language == language) {
            faults.add("duplicate_column", place, format!("the column `{heading}` stands here twice"));
        }
        self.columns.push(Column { at, heading: heading.into(), base, language });
    }

    /// The sheet under its proper name; with `row`, one that has no row gets an empty one to tell faults by.
    pub(super) fn named(mut self, name: &str, row: bool) -> Self {
        self.name = name.into();
        if row && self.rows.is_empty() {
            self.rows.push((1, BTreeMap::new()));
        }
        self
    }

    /// The languages of its headings, in their order.
    pub(super) fn languages(&self) -> impl Iterator<Item = (&str, &str)> {
        self.columns.iter().filter_map(|column| {
            let named = column.heading.rsplit("::").next().unwrap_or_default().trim();
            column.language.as_deref().map(|tag| (tag, named))
        })
    }

    /// Whether it has a column without a language for what `base` names.
    pub(super) fn has_plain(&self, base: &str) -> bool {
        self.columns.iter().any(|column| column.base == base && column.language.is_none())
    }

    /// Notes texts that stand twice in the default language, with its name in the heading and without.
    pub(super) fn doubled(&self, default: &str, faults: &mut Faults) {
        for column in self.columns.iter().filter(|column| column.language.as_deref() == Some(default)) {
            if self.has_plain(&column.base) {
                let (heading, row) = (column.heading.clone(), self.heading_row + 1);
                let place = Place { sheet: self.name.clone(), row, column: column.at + 1, heading };
                let message = format!("the column `{}` stands here too, for the same language", column.base);
                faults.add("duplicate_column", place, message);
            }
        }
    }

    /// The rows below the headings.
    pub(super) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        (0..self.rows.len()).map(|line| Row { table: self, line })
    }

    /// Whether it has a column of this name.
    pub(super) fn has(&self, base: &str) -> bool {
        self.columns.iter().any(|column| column.base == base)
    }

    /// Notes columns that nobody knows, if anything stands in them.
    pub(super) fn unknown(&self, known: &dyn Fn(&str) -> bool, faults: &mut Faults) {
        for column in self.columns.iter().filter(|column| !known(&column.base)) {
            if let Some((row, _)) = self.rows.iter().find(|(_, cells)| cells.contains_key(&column.at)) {
                let place = Place {
                    sheet: self.name.clone(),
                    row: row + 1,
                    column: column.at + 1,
                    heading: column.heading.clone(),
                };
                let message = format!("there is no column `{}`; a remark's heading begins with `#`", column.heading);
                faults.add("unknown_column", place, message);
            }
        }
    }
}

/// What XLSForm calls a column today; it reads older names too.
fn known_as(base: &str) -> String {
    match base {
        "caption" => "label",
        "relevance" => "relevant",
        "calculate" => "calculation",
        "command" => "type",
        "tag" | "value" => "name",
        "constraining_message" => "constraint_message",
        "requiredmsg" => "required_message",
        "set_form_title" => "form_title",
        "set_form_id" => "form_id",
        other => other,
    }
    .to_owned()
}

/// A row below the headings.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row<'t> {
    table: &'t Table,
    line: usize,
}

impl<'t> Row<'t> {
    /// What stands under a heading, if the sheet has it.
    pub(super) fn column(&self, base: &str) -> Option<String> {
        self.table.has(base).then(|| self.get(base).to_owned())
    }

    fn cells(&self) -> &'t BTreeMap<usize, String> {
        &self.table.rows[self.line].1
    }

    /// What stands under a heading, as written; empty if nothing does.
    pub(super) fn raw(&self, base: &str) -> &'t str {
        let columns = self.table.columns.iter().filter(|column| column.base == base);
        columns.filter_map(|column| self.cells().get(&column.at)).map(String::as_str).next().unwrap_or("")
    }

    /// The same without white space around it.
    pub(super) fn get(&self, base: &str) -> &'t str {
        self.raw(base).trim()
    }

    /// The words that stand under a heading, between white space.
    pub(super) fn words(&self, base: &str) -> Vec<String> {
        self.raw(base).split_whitespace().map(str::to_owned).collect()
    }

    /// A text in all languages; a column without a language is in the default one.
    pub(super) fn text(&self, base: &str, languages: &[String]) -> Text {
        let column_of = |tag: &String| {
            self.table.columns.iter().filter(|column| column.base == base).find(|column| {
                let language = column.language.as_ref().or_else(|| languages.first());
                language == Some(tag) && self.cells().contains_key(&column.at)
            })
        };
        let words = languages.iter().filter_map(|tag| {
            let column = column_of(tag)?;
            Some((tag.clone(), self.cells()[&column.at].clone()))
        });
        words.collect()
    }

    /// The headings under which something stands, without their languages.
    pub(super) fn filled(&self) -> impl Iterator<Item = &'t str> {
        let cells = self.cells();
        self.table.columns.iter().filter(|column| cells.contains_key(&column.at)).map(|column| column.base.as_str())
    }

    /// The cell under a heading; a language chooses among several, else the first one that is filled.
    pub(super) fn place_in(&self, base: &str, language: Option<&str>) -> Place {
        let of_base = || self.table.columns.iter().filter(|column| column.base == base);
        let column = of_base()
            .find(|column| language.is_some() && column.language.as_deref() == language)
            .or_else(|| of_base().find(|column| self.cells().contains_key(&column.at)))
            .or_else(|| of_base().next());
        Place {
            sheet: self.table.name.clone(),
            row: self.table.rows[self.line].0 + 1,
            column: column.map_or(0, |column| column.at + 1),
            heading: column.map_or_else(|| base.to_owned(), |column| column.heading.clone()),
        }
    }

    /// The cell under a heading.
    pub(super) fn place(&self, base: &str) -> Place {
        self.place_in(base, None)
    }
}
