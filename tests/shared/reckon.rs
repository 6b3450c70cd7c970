//! What must come out, counted from the raw answers: no cells, no layout, none of the library's sums.

use serde_json::Value;

use super::form::{Answers, Entry, Form, list};

/// One respondent, as the test kept them.
#[derive(Clone, Debug)]
pub(crate) struct Respondent {
    /// Answers to the items on the way, and to no others.
    pub(crate) answers: Answers,
    pub(crate) reversed: bool,
    pub(crate) mode: &'static str,
}

impl Respondent {
    pub(crate) fn score(&self, form: &Form) -> u64 {
        form.items.iter().filter(|entry| entry.right(self.answers.get(entry.id))).map(Entry::points).sum()
    }

    /// The points that were to be had.
    pub(crate) fn attainable(&self, form: &Form) -> u64 {
        form.items.iter().filter(|entry| self.answers.contains_key(entry.id)).map(Entry::points).sum()
    }
}

/// One block of a layout: what it counts, its categories by name.
#[derive(Debug, PartialEq)]
pub(crate) struct Table {
    /// `item q`, `options q`, `status q`, `correct q`, `indicator i`, `score`, `joint j`, `order`, `mode`.
    pub(crate) name: String,
    /// Of several sides one name each; a plain table has one side.
    pub(crate) categories: Vec<Vec<String>>,
}

fn names<S: ToString>(of: impl IntoIterator<Item = S>) -> Vec<String> {
    of.into_iter().map(|name| name.to_string()).collect()
}

fn plain(name: String, categories: Vec<String>) -> Table {
    Table { name, categories: categories.into_iter().map(|name| vec![name]).collect() }
}

/// Every table that a questionnaire counts, in the order of the cells.
pub(crate) fn tables(form: &Form) -> Vec<Table> {
    let mut tables = Vec::new();
    for entry in form.items.iter().filter(|entry| entry.kind != "statement") {
        if entry.kind == "multiple" {
            tables.push(plain(format!("options {}", entry.id), names(entry.options())));
            tables.push(plain(format!("status {}", entry.id), names(["answered"].into_iter().chain(entry.specials()))));
            if entry.scored() {
                tables.push(plain(format!("correct {}", entry.id), side(form, entry.id)));
            }
        } else {
            tables.push(plain(format!("item {}", entry.id), side(form, entry.id)));
        }
    }
    for indicator in list(&form.json["indicators"]) {
        let id = indicator["id"].as_str().unwrap();
        if form.entry(indicator["item"].as_str().unwrap()).kind == "multiple" {
            tables.push(plain(format!("indicator {id}"), side(form, id)));
        }
    }
    if form.json["quiz"].is_object() {
        tables.push(plain("score".into(), names(0..=highest(form))));
    }
    for joint in list(&form.json["joints"]) {
        let mut categories = vec![Vec::new()];
        for part in sides(joint) {
            let wider = |row: &Vec<String>| {
                side(form, part).into_iter().map(|name| [&row[..], &[name]].concat()).collect::<Vec<_>>()
            };
            categories = categories.iter().flat_map(wider).collect();
        }
        tables.push(Table { name: format!("joint {}", joint["id"].as_str().unwrap()), categories });
    }
    if form.items.iter().any(|entry| entry.json["order"] == "reversible") {
        tables.push(plain("order".into(), names(["forward", "reversed"])));
    }
    tables.push(plain("mode".into(), names(["self_completed", "read_aloud"])));
    tables
}

/// The categories into which a respondent falls: one a table, but for the options of a `multiple` item.
pub(crate) fn falls_into(form: &Form, table: &Table, respondent: &Respondent) -> Vec<Vec<String>> {
    let (what, id) = table.name.split_once(' ').unwrap_or((&table.name, ""));
    let category = match what {
        "options" => {
            let chosen = form.entry(id).chosen(respondent.answers.get(id)).unwrap_or_default();
            return table.categories.iter().filter(|name| chosen.contains(&name[0])).cloned().collect();
        }
        "status" => match form.entry(id).chosen(respondent.answers.get(id)) {
            Some(_) => "answered".into(),
            None => form.entry(id).category(respondent.answers.get(id)).into(),
        },
        "item" | "correct" | "indicator" => on_side(form, id, respondent),
        "score" => respondent.score(form).to_string(),
        "joint" => {
            let joint = list(&form.json["joints"]).iter().find(|joint| joint["id"] == id).unwrap();
            return vec![sides(joint).map(|part| on_side(form, part, respondent)).collect()];
        }
        "order" | "mode" => on_side(form, what, respondent),
        _ => panic!("no table {what}"),
    };
    vec![vec![category]]
}

/// How many respondents fall into each category of each table: the whole sum, cell by cell.
pub(crate) fn cells(form: &Form, respondents: &[Respondent]) -> Vec<u64> {
    let count = |table: &Table| {
        let fallen: Vec<Vec<Vec<String>>> = respondents.iter().map(|it| falls_into(form, table, it)).collect();
        let of = |category: &Vec<String>| fallen.iter().filter(|it| it.contains(category)).count() as u64;
        table.categories.iter().map(of).collect::<Vec<_>>()
    };
    tables(form).iter().flat_map(count).collect()
}

fn sides(joint: &Value) -> impl Iterator<Item = &str> {
    list(&joint["of"]).iter().filter_map(Value::as_str)
}

fn indicator<'d>(form: &Form<'d>, id: &str) -> Option<&'d Value> {
    list(&form.json["indicators"]).iter().find(|indicator| indicator["id"] == id)
}

/// The categories of one side of a crosstab: an item, an indicator or the score.
fn side(form: &Form, id: &str) -> Vec<String> {
    if id == "score" {
        return names(list(&form.json["quiz"]["score_bands"]));
    }
    if indicator(form, id).is_some() {
        return names(["negative", "positive", "outside"]);
    }
    match id {
        "order" => return names(["forward", "reversed"]),
        "mode" => return names(["self_completed", "read_aloud"]),
        _ => {}
    }
    let entry = form.entry(id);
    if entry.kind == "multiple" {
        return names(["wrong", "right", "not_asked"]);
    }
    names(entry.options().into_iter().chain(entry.specials()))
}

fn on_side(form: &Form, id: &str, respondent: &Respondent) -> String {
    if id == "score" {
        let score = respondent.score(form);
        let bands = list(&form.json["quiz"]["score_bands"]).iter().filter_map(Value::as_u64);
        return bands.filter(|lower| *lower <= score).max().unwrap().to_string();
    }
    if let Some(indicator) = indicator(form, id) {
        return match positive(form, indicator, respondent) {
            Some(true) => "positive",
            Some(false) => "negative",
            None => "outside",
        }
        .into();
    }
    match id {
        "order" => return if respondent.reversed { "reversed" } else { "forward" }.into(),
        "mode" => return respondent.mode.into(),
        _ => {}
    }
    let (entry, said) = (form.entry(id), respondent.answers.get(id));
    match said {
        Some(_) if entry.kind == "multiple" && entry.right(said) => "right",
        Some(_) if entry.kind == "multiple" => "wrong",
        _ => entry.category(said),
    }
    .into()
}

/// Whether a respondent counts as positive; `None` who gave no opinion.
pub(crate) fn positive(form: &Form, indicator: &Value, respondent: &Respondent) -> Option<bool> {
    let id = indicator["item"].as_str().unwrap();
    let chosen = form.entry(id).chosen(respondent.answers.get(id))?;
    Some(list(&indicator["positive"]).iter().any(|option| chosen.contains(option.as_str().unwrap())))
}

/// The highest score that a draw can give.
pub(crate) fn highest(form: &Form) -> u64 {
    let mut points: Vec<u64> = form.items.iter().filter(|entry| entry.scored()).map(Entry::points).collect();
    points.sort_unstable_by(|a, b| b.cmp(a));
    points.truncate(form.json["quiz"]["draw"].as_u64().unwrap_or(u64::MAX) as usize);
    points.iter().sum()
}

/// What *What is sent* must tell, line by line: the table's kind, and the words of each side.
pub(crate) fn told(form: &Form, respondent: &Respondent, language: &str) -> Vec<(String, Vec<String>)> {
    let mut lines = Vec::new();
    for table in tables(form) {
        let (what, id) = table.name.split_once(' ').unwrap_or((&table.name, ""));
        let joint = list(&form.json["joints"]).iter().find(|joint| what == "joint" && joint["id"] == id);
        let parts: Vec<&str> = joint.map_or_else(|| vec![id], |joint| sides(joint).collect());
        for category in falls_into(form, &table, respondent) {
            let words = parts.iter().zip(&category).map(|(part, name)| words(form, part, name, language)).collect();
            let kind = match what {
                "options" => "item",
                "order" | "mode" => "field",
                other => other,
            };
            lines.push((kind.to_owned(), words));
        }
    }
    lines
}

/// A category in words: an option's own, a range of scores, else its stable name.
fn words(form: &Form, part: &str, name: &str, language: &str) -> String {
    if part == "score" {
        let bands: Vec<u64> = list(&form.json["quiz"]["score_bands"]).iter().filter_map(Value::as_u64).collect();
        let lower: u64 = name.parse().unwrap();
        return match bands.iter().find(|next| **next > lower) {
            Some(next) => format!("{lower}–{}", next - 1),
            None => format!("{lower}+"),
        };
    }
    let entry = form.items.iter().find(|entry| entry.id == part);
    let option = entry.and_then(|entry| {
        let options = list(&entry.json[if entry.kind == "integer" { "bins" } else { "options" }]);
        match (entry.kind, name) {
            ("yes_no", "yes" | "no") => Some(&form.json["words"][name]),
            _ => options.iter().find(|option| option["id"] == name).map(|option| &option["text"]),
        }
    });
    option.map_or_else(|| name.to_owned(), |texts| form.say(texts, language))
}
