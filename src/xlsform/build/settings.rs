//! The sheet `settings`, and the headings of all sheets: languages, title, header, words, quiz.

use super::{Builder, refused};
use crate::{
    questionnaire::{
        Text,
        definition::{Feedback, Header, Quiz},
    },
    xlsform::{language, table::Table},
};

/// Columns of the survey.
const SURVEY: &[&str] = &[
    "type",
    "name",
    "label",
    "hint",
    "guidance_hint",
    "constraint",
    "constraint_message",
    "required",
    "required_message",
    "relevant",
    "appearance",
    "parameters",
    "calculation",
    "anxin::required",
    "anxin::special",
    "anxin::order",
    "anxin::pinned",
    "anxin::bins",
    "anxin::places",
    "anxin::key",
    "anxin::points",
    "anxin::explanation",
    "anxin::topic",
    "anxin::source",
    "anxin::review",
    "anxin::indicator",
    "anxin::definition_version",
    "anxin::joint",
];
const CHOICES: &[&str] = &["list_name", "name", "label", "from", "to"];
const SETTINGS: &[&str] = &[
    "form_title",
    "anxin::title",
    "form_id",
    "version",
    "default_language",
    "anxin::table_number",
    "anxin::issued_by",
    "anxin::approval_number",
    "anxin::valid_from",
    "anxin::valid_until",
    "anxin::purpose",
    "anxin::organiser",
    "anxin::contact",
    "anxin::retention",
    "anxin::dont_know",
    "anxin::refuse",
    "anxin::draw",
    "anxin::pass_percent",
    "anxin::feedback",
    "anxin::score_bands",
    "anxin::topics",
];
/// Settings of other programs that change nothing in what is asked.
const STYLE: &[&str] = &[
    "style",
    "instance_name",
    "public_key",
    "submission_url",
    "auto_send",
    "auto_delete",
    "prefix",
    "allow_choice_duplicates",
    "clean_text_values",
    "omit_instanceid",
    "namespaces",
];

/// The tag of a language that nobody told (BCP 47).
pub(super) const UNDETERMINED: &str = "und";

/// Whether the survey has a column of this name.
pub(super) fn known(base: &str) -> bool {
    SURVEY.contains(&base)
}

impl Builder<'_> {
    /// Columns that nobody knows, and the languages that the headings name.
    pub(super) fn columns(&mut self) {
        let form = self.form;
        let survey = |base: &str| SURVEY.contains(&base) || refused::column(base).is_some();
        // Other columns of choices serve filters.
        let choices = |base: &str| CHOICES.contains(&base) || !base.starts_with("anxin::");
        form.survey.unknown(&survey, &mut self.faults);
        form.choices.unknown(&choices, &mut self.faults);
        form.settings.unknown(&|base| SETTINGS.contains(&base) || STYLE.contains(&base), &mut self.faults);
        self.languages = self.languages_of(&[form.survey, form.choices, form.settings]);
        for table in [form.survey, form.choices, form.settings] {
            table.doubled(self.languages.first().map_or(UNDETERMINED, String::as_str), &mut self.faults);
        }
        self.definition.languages.clone_from(&self.languages);
    }

    /// The default language first, then as the headings name them.
    fn languages_of(&mut self, tables: &[&Table]) -> Vec<String> {
        let mut named: Vec<(&str, &str)> = Vec::new();
        for (tag, name) in tables.iter().flat_map(|table| table.languages()) {
            if !named.iter().any(|(it, _)| *it == tag) {
                named.push((tag, name));
            }
        }
        let Some(row) = self.form.settings.rows().next() else { return Vec::new() };
        let told = row.get("default_language");
        let by_name =
            |(tag, name): &&(&str, &str)| *tag == told || *name == told || name.starts_with(&format!("{told} ("));
        let default = named.iter().find(by_name).map(|(tag, _)| *tag).or_else(|| language::tag(told));
        let default = match (default, told.is_empty()) {
            (Some(tag), false) => Some(tag),
            (None, false) => {
                let message = format!("`{told}` names no language of this form; write for example `English (en)`");
                self.wrong("bad_language", row, "default_language", message);
                None
            }
            (_, true) => named.first().map(|(tag, _)| *tag),
        };
        if default.is_none() && told.is_empty() {
            let message = "say in which language the form is written, for example `中文 (zh-CN)` or `English (en)`";
            self.wrong("no_language", row, "default_language", message);
        }
        // Texts are read all the same, so that what else is wrong is told.
        let default = default.or(Some(UNDETERMINED));
        let others = named.iter().map(|(tag, _)| *tag).filter(|tag| Some(*tag) != default);
        default.into_iter().chain(others).map(str::to_owned).collect()
    }

    /// Title, header, words and quiz.
    pub(super) fn settings(&mut self) {
        let mut rows = self.form.settings.rows();
        let Some(row) = rows.next() else { return };
        if let Some(second) = rows.next() {
            self.wrong("second_row", second, "", "the sheet settings has one row below its headings");
        }
        for base in STYLE.iter().filter(|base| !row.get(base).is_empty()) {
            self.left_out(row, base, "it belongs to other programs");
        }
        let text = |base: &str| -> Text { row.text(base, &self.languages) };
        let header = Header {
            table_number: text("anxin::table_number"),
            issued_by: text("anxin::issued_by"),
            approval_number: text("anxin::approval_number"),
            valid_from: row.get("anxin::valid_from").into(),
            valid_until: row.get("anxin::valid_until").into(),
            purpose: text("anxin::purpose"),
            organiser: text("anxin::organiser"),
            contact: text("anxin::contact"),
            retention: text("anxin::retention"),
        };
        // XLSForm has a title in one language.
        let (title, others) = (text("form_title"), text("anxin::title"));
        let title =
            [&title, &others].into_iter().flat_map(Text::iter).map(|(tag, words)| (tag.to_owned(), words.to_owned()));
        let title: Text = title.collect();
        let (dont_know, refuse) = (text("anxin::dont_know"), text("anxin::refuse"));
        let definition = &mut self.definition;
        definition.format = 1;
        definition.id = row.get("form_id").into();
        definition.version = row.raw("version").into();
        (definition.title, definition.header) = (title, header);
        (definition.words.dont_know, definition.words.refuse) = (dont_know, refuse);
    }

    /// What makes it a quiz: read after the lists, because one of them has the topics.
    pub(super) fn quiz(&mut self) {
        let Some(row) = self.form.settings.rows().next() else { return };
        let feedback = self.one_of(
            row,
            "anxin::feedback",
            &[("", None), ("each", Some(Feedback::Each)), ("end", Some(Feedback::End))],
        );
        let Some(feedback) = feedback else {
            for base in ["anxin::draw", "anxin::pass_percent", "anxin::score_bands", "anxin::topics"] {
                if !row.get(base).is_empty() && row.get("anxin::feedback").is_empty() {
                    self.wrong(
                        "no_feedback",
                        row,
                        base,
                        "belongs to a quiz, and a quiz has anxin::feedback: `each` or `end`",
                    );
                }
            }
            return;
        };
        let (draw, pass_percent) = (self.number(row, "anxin::draw"), self.number(row, "anxin::pass_percent"));
        let mut score_bands = Vec::new();
        for band in row.words("anxin::score_bands") {
            match band.parse() {
                Ok(band) => score_bands.push(band),
                Err(_) => self.wrong(
                    "bad_number",
                    row,
                    "anxin::score_bands",
                    format!("`{band}` is no whole number that can stand here"),
                ),
            }
        }
        let mut topics = Vec::new();
        if !row.get("anxin::topics").is_empty() {
            let rows = self.list(row.get("anxin::topics"), row, "anxin::topics");
            topics = self.topics(&rows);
        }
        self.definition.quiz = Some(Quiz { draw, pass_percent, feedback, score_bands, topics });
    }
}
