//! Checks of the items, and their resolution.

use super::{
    Checker, Choice, Definition, Item, Place, SPECIAL,
    definition::{self, ItemType, Quiz, Text, Words},
    limit, say,
};
use crate::{item, questionnaire::Rule};

impl Checker {
    /// Moves the items out of their sections, and the options out of the items, and resolves them.
    pub(super) fn items(&mut self, definition: &mut Definition) -> Vec<Item> {
        let mut items: Vec<Item> = Vec::new();
        let Definition { sections, quiz, words, .. } = definition;
        let all: Vec<String> = sections.iter().flat_map(|section| &section.items).map(|item| item.id.clone()).collect();
        let draws = quiz.as_ref().is_some_and(|quiz| quiz.draw.is_some());
        let at = Place::ROOT.field("sections");
        for (s, section) in sections.iter_mut().enumerate() {
            let at = at.index(s);
            self.text(&at.field("title"), &section.title);
            let section_rule = self.condition(section.ask_if.as_ref(), &at.field("ask_if"), &items, &all);
            let at = at.field("items");
            for (i, mut item) in std::mem::take(&mut section.items).into_iter().enumerate() {
                let at = at.index(i);
                item::kind(item.kind).check(&item, &at, &mut self.faults);
                let options = item::kind(item.kind).options(&mut item, words);
                self.item(&item, &options, words, &at);
                let own = self.condition(item.ask_if.as_ref(), &at.field("ask_if"), &items, &all);
                let ask_if = match (section_rule.clone(), own) {
                    (Some(section), Some(own)) => Some(Rule::And(vec![section, own])),
                    (section, own) => section.or(own),
                };
                let key = self.options_named(&options, &item.key, &at.field("key"));
                let topic = self.scoring(&item, quiz.as_ref(), &at);
                let may_be_passed_by = ask_if.is_some() || (draws && key != 0);
                items.push(Item { definition: item, section: s, ask_if, options, key, topic, may_be_passed_by });
            }
        }
        items
    }

    fn item(&mut self, item: &definition::Item, options: &[Choice], words: &Words, at: &Place) {
        self.text(&at.field("text"), &item.text);
        self.optional_text(&at.field("help"), &item.help);
        if item.kind == ItemType::YesNo {
            self.words_used(at, "yes", &words.yes);
            self.words_used(at, "no", &words.no);
        } else {
            self.options(options, &at.field(if item.kind == ItemType::Integer { "bins" } else { "options" }));
        }
        if item.dont_know {
            self.words_used(at, "dont_know", &words.dont_know);
        }
        if item.refuse {
            self.words_used(at, "refuse", &words.refuse);
        }
    }

    fn options(&mut self, options: &[Choice], at: &Place) {
        self.at_most(at, "options", options.len(), limit::OPTIONS);
        let mut names = Vec::new();
        for (i, option) in options.iter().enumerate() {
            let at = at.index(i);
            self.name(&at.field("id"), &option.id, &mut names);
            self.text(&at.field("text"), &option.text);
            if SPECIAL.contains(&option.id.as_str()) {
                self.add("reserved_id", &at.field("id"), say!("`{}` has a meaning of its own", option.id));
            }
        }
    }

    fn words_used(&mut self, at: &Place, name: &str, text: &Text) {
        if text.is_empty() {
            self.add("words_missing", at, say!("uses the wording `{name}`, which /words does not give"));
        }
    }

    /// Key, points, reason and topic; gives the topic's index.
    fn scoring(&mut self, item: &definition::Item, quiz: Option<&Quiz>, at: &Place) -> Option<usize> {
        let asked = item.kind != ItemType::Statement;
        let Some(quiz) = quiz else {
            if !item.key.is_empty() || item.points.is_some() || !item.explanation.is_empty() || !item.topic.is_empty() {
                self.add(
                    "field_not_taken",
                    at,
                    say!("key, points, explanation and topic belong to a quiz, and this questionnaire has no /quiz"),
                );
            }
            return None;
        };
        if asked && item.key.is_empty() {
            self.add("key_missing", at, say!("an item of a quiz needs a key"));
        }
        if asked && item.kind != ItemType::Multiple && item.key.len() > 1 {
            self.add("bad_key", &at.field("key"), say!("only one answer can be given here, so the key names one"));
        }
        if item.points.is_some_and(|points| points == 0 || points > limit::POINTS) {
            self.add("bad_points", &at.field("points"), say!("points run from 1 to {}", limit::POINTS));
        }
        if asked {
            self.text(&at.field("explanation"), &item.explanation);
        }
        if item.topic.is_empty() {
            return None;
        }
        let topic = quiz.topics.iter().position(|topic| topic.id == item.topic);
        if topic.is_none() {
            self.add("unknown_topic", &at.field("topic"), say!("there is no topic `{}`", item.topic));
        }
        topic
    }
}
