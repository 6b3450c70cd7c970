//! The sheet `survey`, row by row: groups are sections, questions are items.

use std::collections::HashSet;

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
    /// An order of options, by their list.
    Rank(&'t str),
    Calculate,
    Refused(&'t str),
    /// A choice that names no list.
    NoList,
}

/// Where the rows have got to.
#[derive(Default)]
struct Progress<'f> {
    /// The groups that are open, the outermost first.
    groups: Vec<Open<'f>>,
    /// Groups within them that are too deep: each was told.
    too_deep: usize,
    /// The last section is that of the innermost group, or of the rows beside all groups.
    current: bool,
    loose_sections: usize,
    /// The names of all groups.
    taken: HashSet<&'f str>,
}

/// A group that is open.
struct Open<'f> {
    row: Row<'f>,
    /// Sections that were made of it: one, and one more after each group within it.
    sections: usize,
    /// Something is asked in it, or in a group within it.
    filled: bool,
}

/// Groups nest so deep at most; each has a condition that is joined to those around it.
const DEPTH: usize = 8;

impl<'f> Builder<'f> {
    /// Goes through the rows.
    pub(super) fn survey(&mut self) {
        self.quiz();
        let survey = self.form.survey;
        let groups = survey.rows().filter(|row| matches!(kind_of(row.get("type")), Kind::Begin));
        let mut progress = Progress { taken: groups.map(|row| row.get("name")).collect(), ..Progress::default() };
        for row in survey.rows() {
            self.row(row, &mut progress);
        }
        for Open { row, .. } in progress.groups {
            self.wrong("open_group", row, "type", format!("the group `{}` has no end_group", row.get("name")));
        }
    }

    fn row(&mut self, row: Row<'f>, progress: &mut Progress<'f>) {
        let kind = kind_of(row.get("type"));
        match kind {
            Kind::Begin => self.begin(row, progress),
            Kind::End if progress.too_deep > 0 => progress.too_deep -= 1,
            Kind::End => self.end(row, progress),
            Kind::Calculate => self.calculate(row),
            Kind::Refused(name) => self.refuse(row, name),
            Kind::NoList => {
                let message = format!("its options stand in a list of the sheet choices: `{} list`", row.get("type"));
                self.wrong("no_list", row, "type", message);
                self.pass_over(row);
            }
            Kind::Item(..) | Kind::FromFile(..) | Kind::Range | Kind::Rank(_) if row.get("name").is_empty() => {
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
            Kind::Rank(list) => {
                self.section(progress);
                self.rank(row, list);
            }
        }
    }

    fn begin(&mut self, row: Row<'f>, progress: &mut Progress<'f>) {
        if progress.groups.len() == DEPTH || progress.too_deep > 0 {
            if progress.too_deep == 0 {
                self.wrong("nested_too_deep", row, "type", format!("groups nest {DEPTH} deep at most"));
            }
            progress.too_deep += 1;
            return;
        }
        if row.get("name").is_empty() {
            self.wrong("no_name", row, "name", "a group has a name");
        }
        self.only(row, &["name", "label", "relevant", "appearance"]);
        if !row.get("appearance").is_empty() {
            self.left_out(row, "appearance", "the page shows one question at a time");
        }
        self.names.entry(row.get("name").into()).or_insert(Subject::Silent("a group"));
        progress.groups.push(Open { row, sections: 0, filled: false });
        progress.current = false;
    }

    fn end(&mut self, row: Row<'f>, progress: &mut Progress<'f>) {
        // A group that asks nothing is a section that asks nothing, and is told as one.
        if progress.groups.last().is_some_and(|group| !group.filled) {
            progress.current = false;
            self.section(progress);
        }
        if progress.groups.pop().is_none() {
            self.wrong("no_group", row, "type", "no group is open that could end here");
        }
        progress.current = false;
    }

    /// Sees to it that there is a section for a question. Sections do not nest: a group within another is a
    /// section of its own, asked if all groups around it are, and what comes after it in the outer group is
    /// another one. A question beside all groups is in one that has the form's title.
    fn section(&mut self, progress: &mut Progress<'f>) {
        if std::mem::replace(&mut progress.current, true) {
            return;
        }
        progress.groups.iter_mut().for_each(|group| group.filled = true);
        let groups: Vec<Row> = progress.groups.iter().map(|group| group.row).collect();
        let Some(group) = progress.groups.last_mut() else {
            let id = free("main", &mut progress.loose_sections, &progress.taken);
            let title: Text = self.definition.title.clone();
            return self.definition.sections.push(Section { id, title, ..Section::default() });
        };
        let name = group.row.get("name");
        let id = if group.sections == 0 { name.to_owned() } else { free(name, &mut group.sections, &progress.taken) };
        group.sections = group.sections.max(1);
        let section = self.definition.sections.len();
        self.places.section(format!("/sections/{section}"), group.row);
        let titles: Vec<Text> = groups.iter().rev().map(|row| self.label(*row)).collect();
        // One without a heading stands under that of the group around it.
        let title = titles.into_iter().find(|title| !title.is_empty()).unwrap_or_default();
        self.definition.sections.push(Section { id, title, ..Section::default() });
        self.pending.push(Pending::Section { section, groups });
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
        for (base, what) in [("constraint_message", "out of bounds"), ("required_message", "missing")] {
            for (tag, words) in row.text(base, &self.languages).iter() {
                let words: String = words.trim().chars().take(40).collect();
                let message = format!("`{words}` is left out: the page says in its own words what is {what}");
                self.warnings.add("left_out", row.place_in(base, Some(tag)), message);
            }
        }
        if !row.text("guidance_hint", &self.languages).is_empty() {
            self.left_out(row, "guidance_hint", "a respondent sees `hint` alone");
        }
    }
}

/// A name for a section that no group has: `name`, else `name_2` and so on.
fn free(name: &str, made: &mut usize, taken: &HashSet<&str>) -> String {
    loop {
        *made += 1;
        let id = if *made == 1 { name.to_owned() } else { format!("{name}_{made}") };
        if !taken.contains(id.as_str()) {
            return id;
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
        ("rank", [list]) => Kind::Rank(list),
        ("select_one_external", _) => Kind::Refused("select_one_external"),
        ("select_one" | "select_multiple" | "rank", []) => Kind::NoList,
        ("select_one" | "select_multiple", [_, "or_other"]) => Kind::Refused("or_other"),
        _ => Kind::Refused(text),
    }
}
