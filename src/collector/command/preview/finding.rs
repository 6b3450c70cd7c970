//! What is found in a form, and where an author finds it: by sheet, row and column, or by line and column.

use std::{collections::BTreeMap, fmt};

use rust_xlsxwriter::utility::column_number_to_name;
use serde::Serialize;

use super::super::locate::Source;
use crate::{
    questionnaire::{self, Questionnaire},
    xlsform::{self, Workbook},
};

/// A fault or a warning.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Finding {
    /// Stable name of its kind.
    pub(super) code: &'static str,
    /// What is wrong, for people.
    pub(super) message: String,
    /// Name of the sheet, in a form.
    #[serde(skip_serializing_if = "Option::is_none")]
    sheet: Option<String>,
    /// Row of the sheet, or line of the file, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    row: Option<usize>,
    /// Column of the sheet, in letters; or of the line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<String>,
    /// Heading of the column, there or missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    heading: Option<String>,
    /// JSON pointer to it, where it was found in the questionnaire.
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<String>,
    /// The item that it concerns, by index.
    #[serde(skip_serializing_if = "Option::is_none")]
    item: Option<usize>,
    /// Name of what it concerns: an item, an indicator, a crosstab.
    #[serde(skip_serializing_if = "Option::is_none")]
    about: Option<String>,
}

impl Finding {
    /// Of the whole file.
    pub(super) fn of_file(code: &'static str, message: String) -> Self {
        Self { code, message, ..Self::default() }
    }

    /// Of a cell of a form.
    pub(super) fn of_cell(fault: xlsform::Fault) -> Self {
        let xlsform::Place { sheet, row, column, heading } = fault.place;
        let letters = u16::try_from(column).ok().and_then(|column| column.checked_sub(1)).map(column_number_to_name);
        Self {
            code: fault.code,
            message: fault.message,
            sheet: Some(sheet).filter(|it| !it.is_empty()),
            row: Some(row).filter(|row| *row > 0),
            column: letters,
            heading: Some(heading).filter(|it| !it.is_empty()),
            ..Self::default()
        }
    }

    /// Of a place in a questionnaire's file.
    pub(super) fn of_line(fault: questionnaire::Fault, source: &Source) -> Self {
        let (line, column) = match (fault.line, fault.column) {
            (Some(line), Some(column)) => (line, column),
            _ => source.place(&fault.at),
        };
        let place = Self { row: Some(line), column: Some(column.to_string()), ..Self::default() };
        Self { code: fault.code, message: fault.message, at: Some(fault.at), ..place }
    }

    /// Of a good questionnaire: told by the names that its author gave, and where these stand in the file.
    pub(super) fn of_meaning(fault: questionnaire::Fault, of: &Questionnaire, places: &Places) -> Self {
        let (item, about) = subject(of, &fault.at);
        let finding = match places {
            Places::Lines(source) => Self::of_line(fault, source),
            Places::Rows(rows) => {
                let row = about.as_ref().and_then(|name| rows.get(name)).copied();
                let sheet = row.map(|_| SURVEY.to_owned());
                Self { code: fault.code, message: fault.message, sheet, row, ..Self::default() }
            }
        };
        Self { item, about, ..finding }
    }
}

/// The sheet of a form whose rows have names.
const SURVEY: &str = "survey";

/// Where a questionnaire was written down.
pub(super) enum Origin {
    /// In JSON: the text.
    Lines(String),
    /// In a form: the rows of its questions, groups and calculations, from 1, by name.
    Rows(BTreeMap<String, usize>),
}

/// The same, to look places up in.
pub(super) enum Places<'o> {
    Lines(Source<'o>),
    Rows(&'o BTreeMap<String, usize>),
}

impl Origin {
    /// To look places up.
    pub(super) fn places(&self) -> Places<'_> {
        match self {
            Self::Lines(text) => Places::Lines(Source::new(text)),
            Self::Rows(rows) => Places::Rows(rows),
        }
    }

    /// Of a form.
    pub(super) fn rows(form: &Workbook) -> Self {
        let Some(grid) = form.sheets.iter().find(|grid| grid.name.trim().eq_ignore_ascii_case(SURVEY)) else {
            return Self::Rows(BTreeMap::new());
        };
        let heading = grid.cells.iter().find(|(_, text)| text.trim().eq_ignore_ascii_case("name"));
        let named = heading.map(|((above, column), _)| {
            let cells = grid.cells.iter().filter(move |((row, at), _)| at == column && row > above);
            cells.map(|((row, _), name)| (name.trim().to_owned(), row + 1))
        });
        Self::Rows(named.into_iter().flatten().collect())
    }
}

/// What a JSON pointer points into: an item by its index, and the name of whatever it is.
fn subject(questionnaire: &Questionnaire, at: &str) -> (Option<usize>, Option<String>) {
    let steps: Vec<&str> = at.split('/').skip(1).collect();
    let number = |step: Option<&&str>| step.and_then(|step| step.parse::<usize>().ok());
    let definition = &questionnaire.definition;
    match (steps.first().copied(), number(steps.get(1))) {
        (Some("sections"), Some(section)) => {
            let items = questionnaire.items.iter().enumerate().filter(|(_, item)| item.section == section);
            let item = number(steps.get(3)).and_then(|nth| items.map(|(index, _)| index).nth(nth));
            let of_item = item.map(|index| questionnaire.items[index].definition.id.clone());
            (item, of_item.or_else(|| definition.sections.get(section).map(|section| section.id.clone())))
        }
        (Some("indicators"), Some(index)) => {
            let indicator = questionnaire.indicators.get(index);
            (indicator.map(|it| it.item), indicator.map(|it| it.definition.id.clone()))
        }
        (Some("joints"), Some(index)) => (None, questionnaire.joints.get(index).map(|joint| joint.id.clone())),
        _ => (None, None),
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let heading = self.heading.as_ref().map(|heading| format!("({heading})"));
        let parts = [
            self.sheet.as_ref().map(|sheet| format!("sheet {sheet}")),
            self.row.map(|row| format!("{} {row}", if self.at.is_some() { "line" } else { "row" })),
            self.column.as_ref().map(|column| format!("column {column}")),
            heading,
            self.about.as_ref().map(|about| format!("`{about}`")),
        ];
        let place: Vec<String> = parts.into_iter().flatten().collect();
        let gap = if place.is_empty() { "" } else { ": " };
        write!(f, "{}{gap}{} [{}]", place.join(", ").replace(", (", " ("), self.message, self.code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_proved_is_told_by_the_names_that_the_author_gave() {
        let bytes = std::fs::read("www/instruments/safety.json").unwrap();
        let questionnaire = Questionnaire::parse(&bytes).unwrap();
        for (index, item) in questionnaire.items.iter().enumerate() {
            let first = questionnaire.items.iter().position(|it| it.section == item.section).unwrap();
            let at = format!("/sections/{}/items/{}/ask_if/of/1", item.section, index - first);
            assert_eq!(subject(&questionnaire, &at), (Some(index), Some(item.definition.id.clone())));
        }
        let (item, about) = subject(&questionnaire, "/indicators/0/positive");
        assert_eq!(item, Some(questionnaire.indicators[0].item));
        assert_eq!(about.as_deref(), Some(&*questionnaire.indicators[0].definition.id));
        assert_eq!(subject(&questionnaire, "/sections/0").1, Some(questionnaire.definition.sections[0].id.clone()));
        for at in ["", "/quiz/topics/0", "/sections/999/items/0", "/indicators/999", "/joints/x"] {
            assert_eq!(subject(&questionnaire, at), (None, None), "{at}");
        }
    }

    #[test]
    fn what_is_proved_of_a_form_is_told_by_its_rows() {
        let form = "| survey |\n| | type | label | name |\n| | note | Hello | hello |\n\n| | note | You | you |\n";
        let Origin::Rows(rows) = Origin::rows(&xlsform::workbook("form.md", form.as_bytes()).unwrap()) else {
            panic!("a form has rows");
        };
        assert_eq!(rows.into_iter().collect::<Vec<_>>(), [("hello".into(), 3), ("you".into(), 5)]);
    }
}
