//! `choice_filter`: options that depend on an earlier answer. All who are asked a question of ours choose among
//! the same options, and are counted in the same cells; so it becomes a question for each set of options.

use super::{
    Builder,
    condition::Pending,
    constraint::{Answer, holds},
};
use crate::{
    questionnaire::definition::{AnyOf, Condition, ItemType, Negated},
    xlsform::{
        expression::{Scope, Subject, Truth, parse_with},
        table::Row,
    },
};

/// An option's row, and when the option is offered.
type Offer<'f> = (Row<'f>, Truth);

/// Answers that lead to the same options, and these; the empty answer is none, because nothing was asked.
type Set<'f> = (Vec<String>, Vec<Row<'f>>);

impl<'f> Builder<'f> {
    /// A choice whose options depend on an earlier answer. With a wrong filter it is asked with all options, so
    /// that what else is wrong is told.
    pub(super) fn filtered(&mut self, row: Row<'f>, kind: ItemType, rows: &[Row<'f>]) {
        let Some(offers) = self.offers(row, rows) else { return self.select_of(row, kind, rows, None) };
        let mut looked_at = Vec::new();
        for (_, offered) in &offers {
            if let Truth::When(condition) = offered {
                items(condition, &mut looked_at);
            }
        }
        match looked_at.as_slice() {
            [] => {
                let always = offers.iter().filter(|(_, offered)| *offered == Truth::Always);
                let always: Vec<Row> = always.map(|(row, _)| *row).collect();
                if always.len() < 2 {
                    self.wrong("too_few_options", row, "choice_filter", "leaves fewer than two options");
                }
                self.select_of(row, kind, if always.len() < 2 { rows } else { &always }, None);
            }
            [driver] if self.answers(driver).is_some() => self.split(row, kind, &offers, driver),
            _ => {
                let message = "options can depend on one earlier select_one: write a question for each set of options, \
                               each with its `relevant`";
                self.wrong("filter_not_kept", row, "choice_filter", message);
                self.select_of(row, kind, rows, None);
            }
        }
    }

    /// A question for each set of options.
    fn split(&mut self, row: Row<'f>, kind: ItemType, offers: &[Offer<'f>], driver: &str) {
        let answers = self.answers(driver).unwrap_or_default();
        let sets = sets(offers, &answers);
        let offered = |it: &Row| sets.iter().any(|(_, rows)| rows.iter().any(|row| row.same(it)));
        for (option, _) in offers.iter().filter(|(option, _)| !offered(option)) {
            let message =
                format!("is offered to nobody: no answer to `{driver}` passes the filter of `{}`", row.get("name"));
            self.wrong("never_offered", *option, "name", message);
        }
        let mut names = Vec::new();
        for (values, rows) in &sets {
            let value = values.iter().find(|value| !value.is_empty()).map_or("", String::as_str);
            if rows.len() < 2 {
                let message = format!("leaves one option where `{driver}` is '{value}'; a question has two at least");
                self.wrong("too_few_options", row, "choice_filter", message);
                continue;
            }
            let name = format!("{}_{}", row.get("name"), if value.is_empty() { "other" } else { value });
            names.push(name.clone());
            self.select_of(row, kind, rows, Some((name, when(driver, values, &answers))));
        }
        let told = format!("becomes a question for each set of options: {}", names.join(", "));
        self.warnings.add("split", row.place("choice_filter"), told);
        self.names.entry(row.get("name").into()).or_insert(Subject::Split(names));
    }

    /// When each option is offered; `None` if the filter is wrong.
    fn offers(&mut self, row: Row<'f>, rows: &[Row<'f>]) -> Option<Vec<Offer<'f>>> {
        let mut offers = Vec::new();
        for choice in rows {
            let parsed = parse_with(row.get("choice_filter"), &|word| choice.column(word));
            match parsed.and_then(|filter| Scope::of_columns(&self.names).truth(&filter)) {
                Ok(truth) => offers.push((*choice, truth)),
                Err(wrong) => {
                    if !wrong.code.is_empty() {
                        self.wrong(wrong.code, row, "choice_filter", wrong.message);
                    }
                    return None;
                }
            }
        }
        Some(offers)
    }

    /// All answers to a choice of one; the empty one where it may not be asked.
    fn answers(&self, name: &str) -> Option<Vec<String>> {
        let Subject::Item { kind: ItemType::Single | ItemType::Rating | ItemType::YesNo, options, specials, .. } =
            self.names.get(name)?
        else {
            return None;
        };
        let specials = specials.iter().map(|special| (*special).to_owned());
        let none = self.may_be_passed_by(name).then(String::new);
        Some(options.iter().cloned().chain(specials).chain(none).collect())
    }

    /// Whether a question or its group has a condition.
    fn may_be_passed_by(&self, name: &str) -> bool {
        let mut group = None;
        for pending in &self.pending {
            match pending {
                Pending::Section { section, row } => group = Some((*section, *row)),
                Pending::Item { section, row, .. } if row.get("name") == name => {
                    let group = group.filter(|(it, _)| it == section);
                    return !row.get("relevant").is_empty()
                        || group.is_some_and(|(_, it)| !it.get("relevant").is_empty());
                }
                _ => {}
            }
        }
        true
    }
}

/// The answers by the options that they lead to; those that lead to none are not asked.
fn sets<'f>(offers: &[Offer<'f>], answers: &[String]) -> Vec<Set<'f>> {
    let mut sets: Vec<(Vec<String>, Vec<usize>)> = Vec::new();
    for answer in answers {
        let chosen: &[&str] = if answer.is_empty() { &[] } else { &[answer] };
        let offered = |truth: &Truth| match truth {
            Truth::Always => true,
            Truth::Never => false,
            Truth::When(condition) => holds(condition, Answer::Chosen(chosen, chosen.len() as u32)),
        };
        let left: Vec<usize> = (0..offers.len()).filter(|option| offered(&offers[*option].1)).collect();
        match sets.iter_mut().find(|(_, options)| *options == left) {
            _ if left.is_empty() => {}
            Some((values, _)) => values.push(answer.clone()),
            None => sets.push((vec![answer.clone()], left)),
        }
    }
    let rows = |options: Vec<usize>| options.into_iter().map(|option| offers[option].0).collect();
    sets.into_iter().map(|(values, options)| (values, rows(options))).collect()
}

/// When one of these answers was given.
fn when(item: &str, values: &[String], answers: &[String]) -> Option<Condition> {
    let any = |options: Vec<String>| Condition::AnyOf(AnyOf { item: item.into(), options });
    if !values.contains(&String::new()) {
        return Some(any(values.to_vec()));
    }
    let others: Vec<String> = answers.iter().filter(|answer| !values.contains(answer)).cloned().collect();
    (!others.is_empty()).then(|| Condition::Not(Negated { of: Box::new(any(others)) }))
}

/// The items that a condition looks at, each once.
fn items(condition: &Condition, into: &mut Vec<String>) {
    let item = match condition {
        Condition::And(it) | Condition::Or(it) => return it.of.iter().for_each(|part| items(part, into)),
        Condition::Not(it) => return items(&it.of, into),
        Condition::AnyOf(it) => &it.item,
        Condition::Count(it) => &it.item,
        Condition::Range(it) => &it.item,
    };
    if !into.contains(item) {
        into.push(item.clone());
    }
}
