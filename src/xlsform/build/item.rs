//! One question.

use super::{Builder, condition::Pending, rank};
use crate::{
    questionnaire::{
        Text,
        definition::{Choice, Condition, Item, ItemType, Required, Review},
    },
    xlsform::{expression::Subject, table::Row},
};

/// Columns that a question takes.
const TAKEN: &[&str] = &[
    "name",
    "label",
    "hint",
    "required",
    "relevant",
    "constraint",
    "appearance",
    "parameters",
    "anxin::required",
    "anxin::special",
    "anxin::order",
    "anxin::key",
    "anxin::points",
    "anxin::explanation",
    "anxin::topic",
    "anxin::source",
    "anxin::review",
];

/// One of several questions that a row became.
pub(super) struct Part {
    /// Its name.
    pub(super) id: String,
    /// When it is asked, beyond what the row says; `None` if whenever the row says so.
    pub(super) offered: Option<Condition>,
    /// The place of a rank that it asks for, from 1.
    pub(super) place: Option<usize>,
}

impl<'f> Builder<'f> {
    /// A question whose options, if it has any, stand in a list.
    pub(super) fn item(&mut self, row: Row<'f>, kind: ItemType, list: &str) {
        match kind {
            ItemType::Single | ItemType::Multiple => {
                let rows = self.list(list, row, "type");
                let plain = !self.likert(row) && !self.randomized(row) && row.get("choice_filter").is_empty();
                let yes_no = kind == ItemType::Single && self.is_yes_no(list) && plain;
                if yes_no {
                    let item = self.asked(row, ItemType::YesNo);
                    self.keep(row, item, vec!["yes".into(), "no".into()], Vec::new());
                } else {
                    self.select(row, kind, &rows);
                }
            }
            ItemType::Integer => self.integer(row),
            _ => {
                if row.get("type") != "note" {
                    self.left_out(row, "type", "a text is read and gone on from; that it was read is not counted");
                }
                let item = self.asked(row, kind);
                self.keep(row, item, Vec::new(), Vec::new());
            }
        }
    }

    /// A choice of one or several.
    pub(super) fn select(&mut self, row: Row<'f>, kind: ItemType, rows: &[Row<'f>]) {
        let kind = if kind == ItemType::Single && self.likert(row) { ItemType::Rating } else { kind };
        if row.get("choice_filter").is_empty() {
            return self.select_of(row, kind, rows, None);
        }
        self.filtered(row, kind, rows);
    }

    /// The same with the options that are left, and what part of the row's question it is.
    pub(super) fn select_of(&mut self, row: Row<'f>, kind: ItemType, rows: &[Row<'f>], part: Option<Part>) {
        let mut item = self.asked(row, kind);
        let at = self.next();
        item.options = self.options(rows, &format!("{at}/options"));
        self.pin(row, &mut item, part.is_some());
        let ids = item.options.iter().map(|option| option.id.clone()).collect();
        let mut offered = None;
        if let Some(part) = part {
            (item.id, offered) = (part.id, part.offered);
            item.text = part.place.map_or(item.text.clone(), |place| rank::placed(&item.text, place));
        }
        self.keep(row, item, ids, Vec::new());
        if let Some(Pending::Item { offered: when, .. }) = self.pending.last_mut() {
            *when = offered;
        }
    }

    /// Lets options keep their places.
    fn pin(&mut self, row: Row, item: &mut Item, part: bool) {
        for word in row.words("anxin::pinned") {
            match item.options.iter_mut().find(|option| option.id == word) {
                Some(option) => option.pinned = true,
                // It may be another part's.
                None if part => {}
                None => self.wrong("unknown_option", row, "anxin::pinned", format!("there is no option `{word}`")),
            }
        }
    }

    /// A number, counted in the bins of a list.
    fn integer(&mut self, row: Row<'f>) {
        if row.get("anxin::bins").is_empty() {
            let message =
                "a number is counted in bins: name a list of the sheet choices whose rows have the columns from and to";
            self.wrong("no_bins", row, "anxin::bins", message);
        }
        let mut item = self.asked(row, ItemType::Integer);
        if !row.get("anxin::bins").is_empty() {
            let rows = self.list(row.get("anxin::bins"), row, "anxin::bins");
            let at = self.next();
            item.bins = self.bins(&rows, &format!("{at}/bins"));
        }
        self.keep(row, item, Vec::new(), Vec::new());
    }

    /// A point on a range: with bins a number, else a scale with a point for each step.
    pub(super) fn range(&mut self, row: Row<'f>) {
        let (start, end, step) = (self.bound(row, "start", 1), self.bound(row, "end", 10), self.bound(row, "step", 1));
        if !row.get("anxin::bins").is_empty() {
            if step != 1 {
                self.wrong(
                    "bad_range",
                    row,
                    "parameters",
                    "with bins every whole number can be given: leave `step` out",
                );
            }
            return self.integer(row);
        }
        if step < 1 || end <= start || (end - start) % step != 0 || (end - start) / step > 49 {
            let message = "from `start` to `end` go 2 to 50 points, `step` apart; a wider range has anxin::bins";
            self.wrong("bad_range", row, "parameters", message);
            return self.pass_over(row);
        }
        let mut item = self.asked(row, ItemType::Rating);
        let numbers: Vec<i64> = (0..=(end - start) / step).map(|point| start + point * step).collect();
        let words =
            |number: &i64| -> Text { self.languages.iter().map(|tag| (tag.clone(), number.to_string())).collect() };
        let id = |number: &i64| format!("{}{}", if *number < 0 { 'm' } else { 'p' }, number.unsigned_abs());
        let point = |number| Choice { id: id(number), text: words(number), ..Choice::default() };
        item.options = numbers.iter().map(point).collect();
        let ids = item.options.iter().map(|option| option.id.clone()).collect();
        self.keep(row, item, ids, numbers);
    }

    /// What all questions have.
    fn asked(&mut self, row: Row<'f>, kind: ItemType) -> Item {
        let own: &[&str] = match kind {
            ItemType::Integer => &["anxin::bins"],
            ItemType::Single if row.get("type").starts_with("rank") => &["anxin::pinned", "anxin::places"],
            ItemType::Single | ItemType::Multiple | ItemType::Rating => &["anxin::pinned", "choice_filter"],
            ItemType::YesNo | ItemType::Statement => &[],
        };
        self.only(row, &[TAKEN, own].concat());
        self.appearance(row);
        let special = row.words("anxin::special");
        for word in special.iter().filter(|word| !matches!(word.as_str(), "dont_know" | "refused")) {
            self.wrong("unknown_value", row, "anxin::special", format!("`{word}` is none of dont_know, refused"));
        }
        let explanation = self.text(row, "anxin::explanation");
        Item {
            id: row.get("name").into(),
            kind,
            text: self.label(row),
            help: self.text(row, "hint"),
            required: self.required(row, kind),
            dont_know: special.iter().any(|word| word == "dont_know"),
            refuse: special.iter().any(|word| word == "refused"),
            order: self.order(row, kind),
            key: row.words("anxin::key"),
            points: self.number(row, "anxin::points"),
            explanation,
            topic: row.get("anxin::topic").into(),
            source: row.raw("anxin::source").into(),
            review: self.one_of(row, "anxin::review", &[("", None), ("needed", Some(Review::Needed))]),
            ..Item::default()
        }
    }

    /// Where the next item stands.
    fn next(&self) -> String {
        let section = self.definition.sections.len() - 1;
        format!("/sections/{section}/items/{}", self.definition.sections[section].items.len())
    }

    /// Gives one name to the questions that a row became.
    pub(super) fn share(&mut self, row: Row, name: &str, subject: Subject) {
        if self.names.get(name).is_some_and(|it| !matches!(it, Subject::Silent(_))) {
            return self.wrong("duplicate_id", row, "name", format!("`{name}` stands here twice"));
        }
        self.names.insert(name.into(), subject);
    }

    fn keep(&mut self, row: Row<'f>, item: Item, options: Vec<String>, numbers: Vec<i64>) {
        self.places.item(self.next(), row);
        let specials = [
            (item.dont_know, "dont_know"),
            (item.refuse, "refused"),
            (item.required != Required::Required, "no_answer"),
        ];
        let specials = specials.iter().filter(|(offered, _)| *offered).map(|(_, name)| *name).collect();
        let subject = match item.kind {
            ItemType::Statement => Subject::Silent("a note"),
            kind => Subject::Item { kind, options, specials, numbers },
        };
        // The parser sees questions alone.
        if matches!(self.names.get(&item.id), Some(Subject::Calculation(_) | Subject::Split(_) | Subject::Ranked)) {
            self.wrong("duplicate_id", row, "name", format!("`{}` stands here twice", item.id));
        }
        // A group and a question may share a name; a question is meant then.
        let taken = self.names.get(&item.id).is_some_and(|it| !matches!(it, Subject::Silent(_)));
        if !taken {
            self.names.insert(item.id.clone(), subject);
        }
        let section = self.definition.sections.len() - 1;
        let items = &mut self.definition.sections[section].items;
        self.pending.push(Pending::Item { section, item: items.len(), row, offered: None });
        items.push(item);
    }
}
