//! `choice_filter`: options that depend on earlier answers. All who are asked a question of ours choose among
//! the same options, and are counted in the same cells; so it becomes a question for each set of options.

use std::collections::HashMap;

use super::{
    Builder,
    item::Part,
    ways::{Driver, WAYS, Way, answer, answers, items_of, met, needed, ways, when},
};
use crate::{
    questionnaire::definition::ItemType,
    xlsform::{
        expression::{Scope, Subject, Truth, parse_with},
        table::Row,
    },
};

/// An option's row, and when the option is offered.
type Offer<'f> = (Row<'f>, Truth);

/// So often it is looked whether an option is offered on a way.
const LOOKS: usize = 5_000_000;

/// What a filter makes of a question.
struct Sets {
    /// Each way of answering, with its set; the first set is the empty one.
    ways: Vec<(Way, usize)>,
    /// The options of each set, by their numbers.
    options: Vec<Vec<usize>>,
}

impl<'f> Builder<'f> {
    /// A choice whose options depend on earlier answers. With a wrong filter it is asked with all options, so
    /// that what else is wrong is told.
    pub(super) fn filtered(&mut self, row: Row<'f>, kind: ItemType, rows: &[Row<'f>]) {
        let Some(offers) = self.offers(row, rows) else { return self.select_of(row, kind, rows, None) };
        let mut looked_at = Vec::new();
        for (_, offered) in &offers {
            if let Truth::When(condition) = offered {
                items_of(condition, &mut looked_at);
            }
        }
        let Some(drivers) = self.drivers(&looked_at) else {
            let message = "options can depend on earlier select_one alone: write a question for each set of options, \
                           each with its `relevant`";
            self.wrong("filter_not_kept", row, "choice_filter", message);
            return self.select_of(row, kind, rows, None);
        };
        let Some(sets) = sets(&drivers, &offers) else {
            let message = format!("looks at answers that can be given together in more than {WAYS} ways");
            self.wrong("too_large", row, "choice_filter", message);
            return self.select_of(row, kind, rows, None);
        };
        let needed = needed(drivers.len(), &sets.ways);
        if needed.is_empty() {
            let all = sets.options.get(sets.ways[0].1).into_iter().flatten();
            let always: Vec<Row> = all.map(|option| offers[*option].0).collect();
            if always.len() < 2 {
                self.wrong("too_few_options", row, "choice_filter", "leaves fewer than two options");
            }
            return self.select_of(row, kind, if always.len() < 2 { rows } else { &always }, None);
        }
        self.never_offered(row, &drivers, &offers, &sets);
        self.split(row, kind, &offers, &drivers, &needed, &sets);
    }

    /// A question for each set of options.
    fn split(
        &mut self,
        row: Row<'f>,
        kind: ItemType,
        offers: &[Offer<'f>],
        drivers: &[Driver],
        needed: &[usize],
        sets: &Sets,
    ) {
        let ends = ends(drivers, needed, sets);
        let mut names = Vec::new();
        for (set, options) in sets.options.iter().enumerate().skip(1) {
            let (told, end) = &ends[set - 1];
            if options.len() < 2 {
                let message = format!("leaves one option where {told}; a question has two at least");
                self.wrong("too_few_options", row, "choice_filter", message);
                continue;
            }
            let id = format!("{}_{end}", row.get("name"));
            names.push(id.clone());
            let offered = match when(drivers, needed, &sets.ways, set) {
                Truth::When(condition) => Some(condition),
                Truth::Always | Truth::Never => None,
            };
            let rows: Vec<Row> = options.iter().map(|option| offers[*option].0).collect();
            self.select_of(row, kind, &rows, Some(Part { id, offered, place: None }));
        }
        let told = format!("becomes a question for each set of options: {}", names.join(", "));
        self.warnings.add("split", row.place("choice_filter"), told);
        self.share(row, row.get("name"), Subject::Split(names));
    }

    fn never_offered(&mut self, row: Row, drivers: &[Driver], offers: &[Offer<'f>], sets: &Sets) {
        let names: Vec<&str> = drivers.iter().map(|driver| driver.name.as_str()).collect();
        for (option, (choice, _)) in offers.iter().enumerate() {
            if !sets.options.iter().any(|options| options.contains(&option)) {
                let (names, filtered) = (names.join("`, `"), row.get("name"));
                let message = format!("is offered to nobody: no answer to `{names}` passes the filter of `{filtered}`");
                self.wrong("never_offered", *choice, "name", message);
            }
        }
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
}

/// The ways by the options that they lead to; `None` if that is too much to look at.
fn sets(drivers: &[Driver], offers: &[Offer]) -> Option<Sets> {
    let ways = ways(drivers).filter(|ways| ways.len().saturating_mul(offers.len()) <= LOOKS)?;
    let mut sets = Sets { ways: Vec::new(), options: vec![Vec::new()] };
    let mut known: HashMap<Vec<usize>, usize> = HashMap::from([(Vec::new(), 0)]);
    for way in ways {
        let given = answers(drivers, &way);
        let offered = |truth: &Truth| match truth {
            Truth::Always => true,
            Truth::Never => false,
            Truth::When(condition) => met(condition, &given),
        };
        let left: Vec<usize> = (0..offers.len()).filter(|option| offered(&offers[*option].1)).collect();
        let set = *known.entry(left.clone()).or_insert_with(|| {
            sets.options.push(left);
            sets.options.len() - 1
        });
        sets.ways.push((way, set));
    }
    Some(sets)
}

/// Of each set the answers that lead to it, in words, and the end of its question's name: the last answer, or all
/// where that would not tell it from another set.
fn ends(drivers: &[Driver], needed: &[usize], sets: &Sets) -> Vec<(String, String)> {
    let values = |way: &Way| -> Vec<(&str, &str)> {
        needed.iter().map(|it| (drivers[*it].name.as_str(), answer(&drivers[*it], way[*it]))).collect()
    };
    let of_set = |set: usize| {
        let ways = || sets.ways.iter().filter(move |(_, it)| *it == set).map(|(way, _)| values(way));
        let answered = |way: &Vec<(&str, &str)>| way.iter().all(|(_, value)| !value.is_empty());
        ways().find(answered).or_else(|| ways().next()).unwrap_or_default()
    };
    let firsts: Vec<Vec<(&str, &str)>> = (1..sets.options.len()).map(of_set).collect();
    let end = |value: &str| if value.is_empty() { "other".to_owned() } else { value.to_owned() };
    let last = |way: &Vec<(&str, &str)>| end(way.last().map_or("", |(_, value)| value));
    let told = |way: &Vec<(&str, &str)>| {
        let told: Vec<String> = way.iter().map(|(name, value)| format!("`{name}` is '{value}'")).collect();
        let alone = firsts.iter().filter(|it| last(it) == last(way)).count() == 1;
        let all: Vec<String> = way.iter().map(|(_, value)| end(value)).collect();
        (told.join(" and "), if alone { last(way) } else { all.join("_") })
    };
    firsts.iter().map(told).collect()
}
