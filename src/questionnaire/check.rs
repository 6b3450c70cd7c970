//! From a definition to a questionnaire, or to everything that is wrong with it.

mod condition;
mod figure;
mod head;
mod item;

use super::{
    Item, OptionSet, Questionnaire,
    definition::{self, Choice, Definition, Text},
    fault::{self, Faults, say},
    limit,
    read::Place,
    routing,
};
use crate::layout::Layout;

/// Names that a table gives to the special answers; no option may bear one.
const SPECIAL: [&str; 4] = ["dont_know", "refused", "no_answer", "not_asked"];

/// Checks a definition and resolves its references.
pub(super) fn check(mut definition: Definition, hash: String) -> Result<Questionnaire, Faults> {
    let mut checker = Checker { faults: Faults::default(), languages: definition.languages.clone() };
    let root = Place::ROOT;
    checker.head(&definition);
    let days = checker.validity(&definition.header, &root.field("header"));
    checker.names(&definition);
    let items = checker.items(&mut definition);
    let indicators = checker.indicators(&mut definition, &items, &root.field("indicators"));
    let joints = checker.joints(&mut definition, &items, &indicators, &root.field("joints"));
    checker.quiz(&definition, &items, &root.field("quiz"));
    if let (Some((valid_from, valid_until)), true) = (days, checker.faults.0.is_empty()) {
        checker.routing(&items, definition.quiz.as_ref().is_some_and(|quiz| quiz.draw.is_some()));
        let layout = Layout::default();
        let mut it = Questionnaire { hash, definition, valid_from, valid_until, items, indicators, joints, layout };
        it.layout = Layout::of(&it);
        checker.at_most(&root, "cells", it.layout.len(), limit::CELLS);
        if checker.faults.0.is_empty() {
            return Ok(it);
        }
    }
    Err(checker.faults)
}

struct Checker {
    faults: Faults,
    languages: Vec<String>,
}

impl Checker {
    fn add(&mut self, code: &'static str, at: &Place, message: String) {
        self.faults.add(code, at, message);
    }

    /// A text is there in the default language, and not too long in any.
    fn text(&mut self, at: &Place, text: &Text) {
        let Some(default) = self.languages.first() else { return };
        if text.get(default).is_none_or(|words| words.bytes().all(|byte| byte == b' ')) {
            let message = say!("the text is missing in the default language, {default}");
            self.add("text_missing", at, message);
        }
        for (language, words) in text.iter() {
            let at = at.field(language);
            if !self.languages.iter().any(|it| it == language) {
                self.add("unknown_language", &at, say!("`{language}` is not among the languages"));
            }
            // A character has four bytes at most; those of a text that is short enough need not be counted.
            if words.len() > limit::TEXT_CHARS && words.chars().count() > limit::TEXT_CHARS {
                self.add(
                    "text_too_long",
                    &at,
                    say!("is {} characters long, the limit is {}", words.chars().count(), limit::TEXT_CHARS),
                );
            }
        }
    }

    /// A text that may be left out.
    fn optional_text(&mut self, at: &Place, text: &Text) {
        if !text.is_empty() {
            self.text(at, text);
        }
    }

    /// A name is well formed and not taken.
    fn name<'t>(&mut self, at: &Place, id: &'t str, taken: &mut Vec<&'t str>) {
        let good = id.len() <= 40
            && id.starts_with(|first: char| first.is_ascii_lowercase())
            && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        if !good {
            self.add("bad_id", at, say!("`{id}`: an id is up to 40 of a–z, 0–9 and _, a letter first"));
        }
        if taken.contains(&id) {
            self.add("duplicate_id", at, say!("`{id}` stands here twice"));
        }
        taken.push(id);
    }

    fn at_most(&mut self, at: &Place, what: &str, count: usize, limit: usize) {
        if count > limit {
            self.add("over_limit", at, say!("{count} {what}, the limit is {limit}"));
        }
    }

    /// Names of sections, items, indicators and joint blocks.
    fn names(&mut self, definition: &Definition) {
        let root = Place::ROOT;
        let (sections, indicators, joints) = (root.field("sections"), root.field("indicators"), root.field("joints"));
        let (mut section_names, mut names, mut joint_names) = (Vec::new(), Vec::new(), Vec::new());
        for (s, section) in definition.sections.iter().enumerate() {
            let at = sections.index(s);
            self.name(&at.field("id"), &section.id, &mut section_names);
            for (i, item) in section.items.iter().enumerate() {
                self.name(&at.field("items").index(i).field("id"), &item.id, &mut names);
            }
        }
        if names.is_empty() {
            self.add("no_items", &sections, say!("needs one item at least"));
        }
        self.at_most(&sections, "items", names.len(), limit::ITEMS);
        // Joint blocks name items and indicators alike, so one name must not mean two things.
        for (i, indicator) in definition.indicators.iter().enumerate() {
            self.name(&indicators.index(i).field("id"), &indicator.id, &mut names);
        }
        if names.contains(&"score") {
            self.add("reserved_id", &root, say!("`score` means the score of the quiz"));
        }
        for (j, joint) in definition.joints.iter().enumerate() {
            self.name(&joints.index(j).field("id"), &joint.id, &mut joint_names);
        }
    }

    /// The set of the options that are named.
    fn options_named(&mut self, options: &[Choice], ids: &[String], at: &Place) -> OptionSet {
        let mut set = 0;
        for (i, id) in ids.iter().enumerate() {
            match options.iter().position(|option| option.id == *id) {
                Some(option) if option < 64 => set |= 1 << option,
                _ => self.add("unknown_option", &at.index(i), say!("there is no option `{id}`")),
            }
        }
        set
    }

    fn routing(&mut self, items: &[Item], draws: bool) {
        let mut left = routing::WAYS;
        for (index, item) in items.iter().enumerate() {
            if !routing::reachable(items, draws, index, &mut left) {
                let first = items.iter().position(|it| it.section == item.section).unwrap_or(index);
                let at = Place::ROOT.field("sections");
                let at = at.index(item.section);
                let at = at.field("items");
                self.add("unreachable", &at.index(index - first), fault::unreachable(&item.definition.id));
            }
        }
    }
}
