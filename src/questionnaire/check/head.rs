//! Checks of what stands before the items.

use super::{Checker, Definition, Place, definition::Header, say};
use crate::day::Day;

impl Checker {
    pub(super) fn head(&mut self, definition: &Definition) {
        let root = Place::ROOT;
        if definition.format != 1 {
            self.add(
                "unknown_format",
                &root.field("format"),
                say!("format {} is unknown; this program reads 1", definition.format),
            );
        }
        self.name(&root.field("id"), &definition.id, &mut Vec::new());
        if definition.languages.is_empty() {
            self.add("no_language", &root.field("languages"), say!("needs one language at least"));
        }
        for (i, language) in definition.languages.iter().enumerate() {
            let tag = (2..=35).contains(&language.len())
                && language.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
            if !tag || definition.languages[..i].contains(language) {
                let at = root.field("languages");
                self.add("bad_language", &at.index(i), say!("`{language}` is no language tag, or stands here twice"));
            }
        }
        self.text(&root.field("title"), &definition.title);
        let (at, header) = (root.field("header"), &definition.header);
        self.text(&at.field("table_number"), &header.table_number);
        self.text(&at.field("issued_by"), &header.issued_by);
        self.text(&at.field("approval_number"), &header.approval_number);
        self.text(&at.field("purpose"), &header.purpose);
        self.text(&at.field("organiser"), &header.organiser);
        self.text(&at.field("contact"), &header.contact);
        self.text(&at.field("retention"), &header.retention);
        let (at, words) = (root.field("words"), &definition.words);
        self.optional_text(&at.field("yes"), &words.yes);
        self.optional_text(&at.field("no"), &words.no);
        self.optional_text(&at.field("dont_know"), &words.dont_know);
        self.optional_text(&at.field("refuse"), &words.refuse);
    }

    /// First and last day of validity.
    pub(super) fn validity(&mut self, header: &Header, at: &Place) -> Option<(Day, Day)> {
        let from = self.day(&header.valid_from, &at.field("valid_from"));
        let until = self.day(&header.valid_until, &at.field("valid_until"));
        let (from, until) = (from?, until?);
        if until < from {
            self.add("bad_validity", &at.field("valid_until"), say!("lies before valid_from"));
        }
        Some((from, until))
    }

    fn day(&mut self, text: &str, at: &Place) -> Option<Day> {
        let day = text.parse().ok();
        if day.is_none() {
            self.add("bad_day", at, say!("`{text}` is no day; a day is written YYYY-MM-DD"));
        }
        day
    }
}
