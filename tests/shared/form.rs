//! The questionnaire file read a second time, as plain JSON and by other means than the library's:
//! what can be answered, when an item is asked, which answers there are to tell apart.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// What a respondent did with an item that was on their way.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Said {
    Nothing,
    DontKnow,
    Refused,
    Options(BTreeSet<String>),
    Number(i64),
}

/// Answers by item; an item that was not asked is not among them.
pub(crate) type Answers = BTreeMap<String, Said>;

/// The items of all sections in their order.
pub(crate) struct Form<'d> {
    pub(crate) json: &'d Value,
    pub(crate) items: Vec<Entry<'d>>,
}

/// An item.
pub(crate) struct Entry<'d> {
    pub(crate) id: &'d str,
    pub(crate) kind: &'d str,
    pub(crate) json: &'d Value,
    section: &'d Value,
    /// Some respondents get a part of the scored items.
    draws: bool,
}

/// A list in the file; one that is not there is empty.
pub(crate) fn list(json: &Value) -> &[Value] {
    json.as_array().map_or(&[], Vec::as_slice)
}

fn text(json: &Value) -> &str {
    json.as_str().unwrap_or_default()
}

impl<'d> Form<'d> {
    pub(crate) fn of(json: &'d Value) -> Self {
        let draws = json["quiz"]["draw"].is_number();
        let entries = |section: &'d Value| {
            let entry =
                move |json: &'d Value| Entry { id: text(&json["id"]), kind: text(&json["type"]), json, section, draws };
            list(&section["items"]).iter().map(entry)
        };
        Self { json, items: list(&json["sections"]).iter().flat_map(entries).collect() }
    }

    pub(crate) fn entry(&self, id: &str) -> &Entry<'d> {
        self.items.iter().find(|entry| entry.id == id).unwrap_or_else(|| panic!("no item {id}"))
    }

    pub(crate) fn place(&self, id: &str) -> usize {
        self.items.iter().position(|entry| entry.id == id).unwrap_or_else(|| panic!("no item {id}"))
    }

    /// Words in a language, else in the default one.
    pub(crate) fn say(&self, texts: &Value, language: &str) -> String {
        let default = text(&self.json["languages"][0]);
        text(texts.get(language).unwrap_or(&texts[default])).to_owned()
    }
}

impl Entry<'_> {
    /// The conditions under which it is asked: all must hold.
    pub(crate) fn asked(&self, before: &Answers) -> bool {
        [&self.section["ask_if"], &self.json["ask_if"]].into_iter().all(|it| it.is_null() || holds(it, before))
    }

    /// Names of what can be chosen or counted.
    pub(crate) fn options(&self) -> Vec<&str> {
        match self.kind {
            "yes_no" => vec!["yes", "no"],
            "integer" => list(&self.json["bins"]).iter().map(|bin| text(&bin["id"])).collect(),
            _ => list(&self.json["options"]).iter().map(|option| text(&option["id"])).collect(),
        }
    }

    pub(crate) fn required(&self) -> &str {
        self.json["required"].as_str().unwrap_or("required")
    }

    pub(crate) fn scored(&self) -> bool {
        !list(&self.json["key"]).is_empty()
    }

    /// May be left out of a draw.
    pub(crate) fn in_bank(&self) -> bool {
        self.draws && self.scored()
    }

    pub(crate) fn points(&self) -> u64 {
        if self.scored() { self.json["points"].as_u64().unwrap_or(1) } else { 0 }
    }

    /// The special answers that can occur.
    pub(crate) fn specials(&self) -> Vec<&'static str> {
        let conditional = !self.section["ask_if"].is_null() || !self.json["ask_if"].is_null();
        let mut specials = Vec::new();
        specials.extend((self.json["dont_know"] == true).then_some("dont_know"));
        specials.extend((self.json["refuse"] == true).then_some("refused"));
        specials.extend((self.required() != "required").then_some("no_answer"));
        specials.extend((conditional || self.in_bank()).then_some("not_asked"));
        specials
    }

    /// What a table calls the answer of a respondent: the option, the bin or the special answer.
    /// Several options have no one name.
    pub(crate) fn category(&self, said: Option<&Said>) -> &str {
        match said {
            None => "not_asked",
            Some(Said::Nothing) => "no_answer",
            Some(Said::DontKnow) => "dont_know",
            Some(Said::Refused) => "refused",
            Some(Said::Options(chosen)) => self.options().into_iter().find(|id| chosen.contains(*id)).unwrap(),
            Some(Said::Number(number)) => {
                let within = |bin: &&Value| (bin["from"].as_i64()..=bin["to"].as_i64()).contains(&Some(*number));
                text(&list(&self.json["bins"]).iter().find(within).unwrap()["id"])
            }
        }
    }

    /// The options that an answer amounts to; none for a special one.
    pub(crate) fn chosen(&self, said: Option<&Said>) -> Option<BTreeSet<String>> {
        match said? {
            Said::Options(chosen) => Some(chosen.clone()),
            Said::Number(_) => Some([self.category(said).to_owned()].into()),
            Said::Nothing | Said::DontKnow | Said::Refused => None,
        }
    }

    /// The answer is exactly what the key names.
    pub(crate) fn right(&self, said: Option<&Said>) -> bool {
        let key: BTreeSet<String> = list(&self.json["key"]).iter().map(|id| text(id).to_owned()).collect();
        self.scored() && self.chosen(said) == Some(key)
    }
}

/// Whether a condition of the file holds over the answers so far.
pub(crate) fn holds(condition: &Value, before: &Answers) -> bool {
    let of = &condition["of"];
    let said = before.get(text(&condition["item"]));
    let bound = |name: &str, none: i64| condition[name].as_i64().unwrap_or(none);
    let bounded = |number: i64| bound("min", i64::MIN) <= number && number <= bound("max", i64::MAX);
    match text(&condition["op"]) {
        "and" => list(of).iter().all(|part| holds(part, before)),
        "or" => list(of).iter().any(|part| holds(part, before)),
        "not" => !holds(of, before),
        "any_of" => list(&condition["options"]).iter().any(|option| match said {
            None | Some(Said::Number(_)) => false,
            Some(Said::Nothing) => option == "no_answer",
            Some(Said::DontKnow) => option == "dont_know",
            Some(Said::Refused) => option == "refused",
            Some(Said::Options(chosen)) => chosen.contains(text(option)),
        }),
        "count" => matches!(said, Some(Said::Options(chosen)) if bounded(chosen.len() as i64)),
        "range" => matches!(said, Some(Said::Number(number)) if bounded(*number)),
        op => panic!("no operator {op}"),
    }
}
