//! Lists of options, bins and topics: the sheet `choices`, and CSV files beside the form.

use std::{cell::OnceCell, collections::BTreeMap};

use super::{Builder, refused};
use crate::{
    questionnaire::{
        Text,
        definition::{Bin, Choice, Topic},
    },
    xlsform::{
        fault::{Faults, Place},
        limit,
        read::plain_csv,
        table::{Row, Table},
    },
};

/// Rows of the lists, in their order.
pub(super) type Lists<'f> = BTreeMap<String, Vec<Row<'f>>>;

/// So many files beside a form are read at most.
const FILES: usize = 16;

/// Files beside the form, each read once.
#[derive(Default)]
pub(super) struct External([OnceCell<(String, Table)>; FILES]);

/// The list of the words for yes and no.
pub(in crate::xlsform) const YES_NO: &str = "yes_no";

impl<'f> Builder<'f> {
    /// Sorts the rows of the sheet into lists.
    pub(super) fn lists(&mut self) {
        for row in self.form.choices.rows() {
            let (list, name) = (row.get("list_name"), row.get("name"));
            match (list.is_empty(), name.is_empty()) {
                (true, _) => self.wrong("no_list", row, "list_name", "a choice belongs to a list: name it"),
                (_, true) => self.wrong("no_name", row, "name", "a choice has a name"),
                _ => self.lists.entry(list.to_owned()).or_default().push(row),
            }
        }
        if self.is_yes_no(YES_NO) {
            let rows = self.lists[YES_NO].clone();
            for (word, row) in ["yes", "no"].into_iter().zip(rows) {
                self.places.choice(format!("/words/{word}"), row);
                let text = row.text("label", &self.languages);
                let words = &mut self.definition.words;
                *(if word == "yes" { &mut words.yes } else { &mut words.no }) = text;
            }
        }
    }

    /// Whether a list holds the words for yes and no, and nothing else.
    pub(super) fn is_yes_no(&self, list: &str) -> bool {
        let rows = self.lists.get(list).filter(|_| list == YES_NO);
        rows.is_some_and(|rows| rows.iter().map(|row| row.get("name")).eq(["yes", "no"]))
    }

    /// The rows of a list that a cell names.
    pub(super) fn list(&mut self, list: &str, row: Row<'f>, base: &str) -> Vec<Row<'f>> {
        let found = self.lists.get(list).cloned().unwrap_or_default();
        if found.is_empty() {
            self.wrong("unknown_list", row, base, format!("the sheet choices has no list `{list}`"));
        }
        found
    }

    /// The options of a list; `at` is where their item's options stand.
    pub(super) fn options(&mut self, rows: &[Row<'f>], at: &str) -> Vec<Choice> {
        let mut options = Vec::new();
        for (i, row) in rows.iter().enumerate() {
            self.places.choice(format!("{at}/{i}"), *row);
            for base in row.filled().filter(|base| matches!(*base, "media" | "image" | "big-image" | "audio" | "video"))
            {
                let instead = refused::column(base).unwrap_or_default();
                self.wrong("column_not_kept", *row, base, format!("cannot be kept: {instead}"));
            }
            let text = self.label(*row);
            if matches!(row.get("name"), "dont_know" | "refused" | "no_answer" | "not_asked") {
                let message = format!(
                    "`{}` has a meaning of its own; a question offers it by its column anxin::special, and the sheet \
                     settings has its words",
                    row.get("name")
                );
                self.wrong("reserved_id", *row, "name", message);
            }
            options.push(Choice { id: row.get("name").into(), text, ..Choice::default() });
        }
        options
    }

    /// The bins of a list.
    pub(super) fn bins(&mut self, rows: &[Row<'f>], at: &str) -> Vec<Bin> {
        let mut bins = Vec::new();
        for (i, row) in rows.iter().enumerate() {
            self.places.bin(format!("{at}/{i}"), *row);
            for base in ["from", "to"] {
                if row.get(base).is_empty() {
                    self.wrong(
                        "no_bound",
                        *row,
                        base,
                        "a bin has its smallest number in the column from, its largest in to",
                    );
                }
            }
            let (from, to) = (self.number(*row, "from"), self.number(*row, "to"));
            let text = self.label(*row);
            let (from, to) = (from.unwrap_or_default(), to.unwrap_or_default());
            bins.push(Bin { id: row.get("name").into(), text, from, to });
        }
        bins
    }

    /// The topics of a list.
    pub(super) fn topics(&mut self, rows: &[Row<'f>]) -> Vec<Topic> {
        let mut topics = Vec::new();
        for (t, row) in rows.iter().enumerate() {
            self.places.choice(format!("/quiz/topics/{t}"), *row);
            let title = self.label(*row);
            topics.push(Topic { id: row.get("name").into(), title });
        }
        topics
    }

    /// A text that respondents read.
    pub(super) fn text(&mut self, row: Row, base: &str) -> Text {
        let text = row.text(base, &self.languages);
        if let Some((tag, _)) = text.iter().find(|(_, words)| words.contains("${")) {
            let message = "a text cannot repeat an answer (`${…}`): say it in words that hold for everybody";
            self.faults.add("text_not_kept", row.place_in(base, Some(tag)), message);
        }
        text
    }

    /// A row's label.
    pub(super) fn label(&mut self, row: Row) -> Text {
        self.text(row, "label")
    }

    /// The choices in a file beside the form.
    pub(super) fn external(&mut self, file: &str, row: Row<'f>) -> Vec<Row<'f>> {
        let plain = file
            .strip_suffix(".csv")
            .is_some_and(|stem| !stem.is_empty() && !stem.contains(['/', '\\', ':']) && !stem.starts_with('.'));
        if !plain {
            let message = format!("`{file}`: choices outside the form stand in a CSV file beside it, `name.csv`");
            self.wrong("bad_file", row, "type", message);
            return Vec::new();
        }
        let external = self.external;
        let Some(cell) = external.0.iter().find(|cell| cell.get().is_none_or(|(name, _)| name == file)) else {
            self.wrong("bad_file", row, "type", format!("more than {FILES} files beside the form"));
            return Vec::new();
        };
        let (_, table) = cell.get_or_init(|| (file.to_owned(), self.file_table(file, row)));
        table.rows().filter(|row| !row.get("name").is_empty()).collect()
    }

    fn file_table(&mut self, file: &str, row: Row) -> Table {
        let read = (self.file)(file).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => format!("there is no file `{file}` beside the form"),
            _ => format!("`{file}` cannot be read: {error}"),
        });
        let whole = read.and_then(|bytes| match bytes.len() {
            0..=limit::FILE_BYTES => plain_csv(file, &bytes).map_err(|faults| format!("`{file}`: {faults}")),
            _ => Err(format!("`{file}` is larger than {} bytes", limit::FILE_BYTES)),
        });
        match whole {
            Ok(grid) => {
                let mut faults = Faults::default();
                let table = Table::read(&grid, &mut faults);
                if !table.has_plain("name") {
                    faults.add("no_column", Place::sheet(file), "has no column `name`");
                } else if table.rows().all(|row| row.get("name").is_empty()) {
                    faults.add("no_choices", Place::sheet(file), "has no choices");
                }
                for (_, name) in table.languages().filter(|(tag, _)| !self.languages.iter().any(|it| it == tag)) {
                    faults.add(
                        "unknown_language",
                        Place::sheet(file),
                        format!("the form itself has no text in {name}"),
                    );
                }
                self.faults.0.append(&mut faults.0);
                table
            }
            Err(message) => {
                self.wrong("bad_file", row, "type", message);
                Table::default()
            }
        }
    }
}
