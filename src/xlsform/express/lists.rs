//! The sheet `choices`: options, bins and topics. Items with the same options share a list.

use super::Sheet;
use crate::{
    questionnaire::{
        Definition,
        definition::{Bin, Choice, ItemType},
    },
    xlsform::build::YES_NO,
};

/// The lists of a questionnaire, by name.
pub(super) struct Lists {
    options: Vec<(String, Vec<Choice>)>,
    bins: Vec<(String, Vec<Bin>)>,
    topics: String,
}

impl Lists {
    /// The lists that a questionnaire needs; each has the name of the first item that uses it.
    pub(super) fn of(definition: &Definition) -> Self {
        let mut lists = Self { options: Vec::new(), bins: Vec::new(), topics: String::new() };
        for item in definition.sections.iter().flat_map(|section| &section.items) {
            if !item.bins.is_empty() && lists.of_bins(&item.bins).is_none() {
                let name = lists.free(&item.id);
                lists.bins.push((name, item.bins.clone()));
            }
            if !item.options.is_empty() && lists.of_options(&item.options).is_none() {
                let name = lists.free(&item.id);
                lists.options.push((name, alike(&item.options)));
            }
        }
        lists.topics = lists.free("topics");
        lists
    }

    /// A name that no list has; the words for yes and no have one of their own.
    fn free(&self, wanted: &str) -> String {
        let mut name = wanted.to_owned();
        let taken = |name: &str| {
            name == YES_NO
                || self.options.iter().any(|(it, _)| it == name)
                || self.bins.iter().any(|(it, _)| it == name)
        };
        while taken(&name) {
            name.push_str("_list");
        }
        name
    }

    /// The list of these options.
    pub(super) fn of_options(&self, options: &[Choice]) -> Option<&str> {
        let wanted = alike(options);
        self.options.iter().find(|(_, options)| *options == wanted).map(|(name, _)| name.as_str())
    }

    /// The list of these bins.
    pub(super) fn of_bins(&self, bins: &[Bin]) -> Option<&str> {
        self.bins.iter().find(|(_, it)| it == bins).map(|(name, _)| name.as_str())
    }

    /// The list of the topics, if there are any.
    pub(super) fn of_topics(definition: &Definition) -> Option<String> {
        let topics = definition.quiz.as_ref().filter(|quiz| !quiz.topics.is_empty());
        topics.map(|_| Self::of(definition).topics)
    }

    /// The sheet.
    pub(super) fn sheet(&self, definition: &Definition) -> Sheet {
        let columns = ["list_name", "name", "label*", "from", "to"];
        let mut sheet = Sheet::new("choices", definition, &columns);
        for base in ["list_name", "name", "label"] {
            sheet.always(base);
        }
        let words = &definition.words;
        let items = definition.sections.iter().flat_map(|section| &section.items);
        let asked = items.into_iter().any(|item| item.kind == ItemType::YesNo);
        if asked || !words.yes.is_empty() || !words.no.is_empty() {
            for (name, text) in [("yes", &words.yes), ("no", &words.no)] {
                put(&mut sheet, YES_NO, name);
                sheet.put_text("label", text);
            }
        }
        for (list, options) in &self.options {
            for option in options {
                put(&mut sheet, list, &option.id);
                sheet.put_text("label", &option.text);
            }
        }
        for (list, bins) in &self.bins {
            for bin in bins {
                put(&mut sheet, list, &bin.id);
                sheet.put_text("label", &bin.text);
                sheet.put("from", bin.from.to_string());
                sheet.put("to", bin.to.to_string());
            }
        }
        for topic in definition.quiz.iter().flat_map(|quiz| &quiz.topics) {
            put(&mut sheet, &self.topics, &topic.id);
            sheet.put_text("label", &topic.title);
        }
        sheet
    }
}

fn put(sheet: &mut Sheet, list: &str, name: &str) {
    sheet.row();
    sheet.put("list_name", list);
    sheet.put("name", name);
}

/// Options as a list keeps them: that one keeps its place or stands alone, the item says.
fn alike(options: &[Choice]) -> Vec<Choice> {
    options.iter().map(|option| Choice { pinned: false, exclusive: false, ..option.clone() }).collect()
}
