//! The sheet `survey`, row by row: groups are sections, questions are items.

use super::{Builder, condition::Pending, refused};
use crate::{
    questionnaire::{
        Text,
        definition::{ItemType, Section},
    },
    xlsform::{expression::Subject, table::Row},
};

/// What a row of the survey is, by its type.
enum Kind<'t> {
    Begin,
    End,
    Item(ItemType, &'t str),
    /// Options in a file beside the form.
    FromFile(ItemType, &'t str),
    Range,
    Calculate,
    Refused(&'t str),
    /// A choice that names no list.
    NoList,
}

/// Where the rows have got to.
#[derive(Default)]
struct Progress<'f> {
    /// The group that is open.
    group: Option<Row<'f>>,
    /// Groups within it that are open: each was told.
    within: usize,
    /// The last section is one that no group made.
    loose: bool,
    loose_sections: usize,
}

impl<'f> Builder<'f> {
    /// Goes through the rows.
    pub(super) fn survey(&mut self) {
        self.quiz();
        let mut progress = Progress::default();
        let survey = self.form.survey;
        for row in survey.rows() {
            self.row(row, &mut progress);
        }
        if let Some(begun) = progress.group {
            self.wrong("open_group", begun, "type", format!("the group `{}` has no end_group", begun.get("name")));
        }
    }

    fn row(&mut self, row: Row<'f>, progress: &mut Progress<'f>) {
        let kind = kind_of(row.get("type"));
        match kind {
            Kind::Begin => self.begin(row, progress),
            Kind::End if progress.within > 0 => progress.within -= 1,
            Kind::End if progress.group.take().is_some() => {}
            Kind::End => self.wrong("no_group", row, "type", "no group is open that could end here"),
            Kind::Calculate => self.calculate(row),
            Kind::Refused(name) => self.refuse(row, name),
            Kind::NoList => {
                self.wrong(
                    "no_list",
                    row,
                    "type",
                    "its options stand in a list of the sheet choices: `select_one list`",
                );
                self.pass_over(row);
            }
            Kind::Item(..) | Kind::FromFile(..) | Kind::Range if row.get("name").is_empty() => {
                self.wrong("no_name", row, "name", "a question has a name");
            }
            Kind::Item(kind, list) => {
                self.section(progress);
                self.item(row, kind, list);
            }
            Kind::FromFile(kind, file) => {
                self.section(progress);
                let rows = self.external(file, row);
                self.select(row, kind, &rows);
            }
            Kind::Range => {
                self.section(progress);
                self.range(row);
            }
        }
    }

    fn begin(&mut self, row: Row<'f>, progress: &mut Progress<'f>) {
        if let Some(outer) = progress.group {
            let message = format!(
                "`{}` begins within `{}`: sections do not nest; end that group first, and say in `relevant` when the inner one is asked",
                row.get("name"),
                outer.get("name")
            );
            self.wrong("nested_group", row, "type", message);
            progress.within += 1;
        }
        if row.get("name").is_empty() {
            self.wrong("no_name", row, "name", "a group has a name");
        }
        self.only(row, &["name", "label", "relevant", "appearance"]);
        if !row.get("appearance").is_empty() {
            self.left_out(row, "appearance", "the page shows one question at a time");
        }
        let section = self.definition.sections.len();
        self.places.section(format!("/sections/{section}"), row);
        let title = self.label(row);
        self.definition.sections.push(Section { id: row.get("name").into(), title, ..Section::default() });
        self.names.entry(row.get("name").into()).or_insert(Subject::Silent("a group"));
        self.pending.push(Pending::Section { section, row });
        progress.group.get_or_insert(row);
        progress.loose = false;
    }

    /// Sees to it that there is a section for a question: one beside all groups has the form's title.
    fn section(&mut self, progress: &mut Progress<'f>) {
        if progress.group.is_some() || progress.loose {
            return;
        }
        let groups = self.form.survey.rows().filter(|row| matches!(kind_of(row.get("type")), Kind::Begin));
        let taken: Vec<&str> = groups.map(|row| row.get("name")).collect();
        let id = loop {
            progress.loose_sections += 1;
            let number = progress.loose_sections;
            let id = if number == 1 { "main".to_owned() } else { format!("main_{number}") };
            if !taken.contains(&id.as_str()) {
                break id;
            }
        };
        let title: Text = self.definition.title.clone();
        self.definition.sections.push(Section { id, title, ..Section::default() });
        progress.loose = true;
    }

    fn refuse(&mut self, row: Row<'f>, name: &str) {
        match refused::kind(name) {
            Some(instead) => self.wrong("type_not_kept", row, "type", format!("`{name}` cannot be kept: {instead}")),
            None if name.is_empty() => self.wrong("no_type", row, "type", "a row has a type"),
            None => self.wrong("unknown_type", row, "type", format!("there is no type `{name}`")),
        }
        self.pass_over(row);
    }

    /// Remembers a row that is not kept: what names it is not told again.
    pub(super) fn pass_over(&mut self, row: Row) {
        if !row.get("name").is_empty() {
            self.refused.push(row.get("name").into());
            self.names.entry(row.get("name").into()).or_insert(Subject::Refused);
        }
    }

    /// Notes cells that a row of this kind does not take.
    pub(super) fn only(&mut self, row: Row, taken: &[&str]) {
        for base in row.filled().filter(|base| *base != "type" && !taken.contains(base)) {
            match refused::column(base) {
                Some(instead) => self.wrong("column_not_kept", row, base, format!("cannot be kept: {instead}")),
                None if matches!(base, "constraint_message" | "required_message" | "guidance_hint") => {}
                // Columns that nobody knows are told once, not in each row.
                None if !super::settings::known(base) => {}
                None => {
                    let message = format!("a row of type `{}` takes no {base}", row.get("type"));
                    self.wrong("column_not_taken", row, base, message);
                }
            }
        }
        for base in ["constraint_message", "required_message"] {
            if !row.get(base).is_empty() {
                self.left_out(row, base, "the page says in its own words what is missing or out of bounds");
            }
        }
        if !row.text("guidance_hint", &self.languages).is_empty() {
            self.left_out(row, "guidance_hint", "a respondent sees `hint` alone");
        }
    }
}

/// Reads a type. XLSForm has some with a space and with an underscore.
fn kind_of(text: &str) -> Kind<'_> {
    let mut words = text.split_whitespace();
    let (first, rest) = (words.next().unwrap_or_default(), words.collect::<Vec<_>>());
    match (first.to_ascii_lowercase().as_str(), &rest[..]) {
        ("begin_group", []) | ("begin", ["group"]) => Kind::Begin,
        ("end_group", []) | ("end", ["group"]) => Kind::End,
        ("begin_repeat", []) | ("begin", ["repeat"]) => Kind::Refused("begin_repeat"),
        ("end_repeat", []) | ("end", ["repeat"]) => Kind::Refused("end_repeat"),
        ("select_one", [list]) | ("select", ["one", list]) => Kind::Item(ItemType::Single, list),
        ("select_multiple", [list]) | ("select", ["multiple", list]) => Kind::Item(ItemType::Multiple, list),
        ("select", ["one", "from", list]) => Kind::Item(ItemType::Single, list),
        ("select", ["all", "that", "apply", "from", list]) => Kind::Item(ItemType::Multiple, list),
        ("select_one_from_file", [file]) => Kind::FromFile(ItemType::Single, file),
        ("select_multiple_from_file", [file]) => Kind::FromFile(ItemType::Multiple, file),
        ("integer" | "int", []) => Kind::Item(ItemType::Integer, ""),
        ("note" | "acknowledge" | "trigger", []) => Kind::Item(ItemType::Statement, ""),
        ("range", []) => Kind::Range,
        ("calculate", []) => Kind::Calculate,
        ("rank", _) => Kind::Refused("rank"),
        ("select_one_external", _) => Kind::Refused("select_one_external"),
        ("select_one" | "select_multiple", []) => Kind::NoList,
        ("select_one" | "select_multiple", [_, "or_other"]) => Kind::Refused("or_other"),
        _ => Kind::Refused(text),
    }
}
