//! Distributions as a table: one row an answer.

use super::{
    Export,
    table::{Cell, Column, Kind, NAMES, column, name_words},
    words,
};
use crate::{
    disclosure::shown::ShownCategory,
    results::{FieldResult, ItemResult},
};

/// What each row tells.
pub(super) const COLUMNS: [Column; 9] = [
    column("section", Kind::Text, "部分", "Section"),
    column("item", Kind::Text, "题目代码", "Item id"),
    column("text", Kind::Text, "题目", "Question"),
    column("asked", Kind::Count, "被问人数", "Asked"),
    column("category", Kind::Text, "答案代码", "Answer id"),
    column("category_text", Kind::Text, "答案", "Answer"),
    column("count", Kind::Count, "人数", "Count"),
    column("share", Kind::Share, "占比", "Share of those asked"),
    column("of", Kind::Count, "占比的基数", "Base of the share"),
];

/// The answers to every item; of an item of which nothing is told, one row that says so; then the scores of a quiz, and
/// how it was asked.
pub(super) fn rows<'e>(export: &'e Export) -> impl Iterator<Item = Vec<Cell>> + 'e {
    let items = export.results.items.iter().flat_map(|item| item_rows(export, item));
    items.chain(score(export)).chain(export.results.field.iter().flat_map(field))
}

fn item_rows(export: &Export, item: &ItemResult) -> Vec<Vec<Cell>> {
    let head = || {
        vec![
            Cell::Text(words(&item.section, export.language)),
            Cell::Text(item.id.clone()),
            Cell::Text(words(&item.text, export.language)),
            Cell::count(item.asked),
        ]
    };
    if item.categories.is_empty() {
        return vec![[head(), vec![Cell::Empty; COLUMNS.len() - 4]].concat()];
    }
    item.categories.iter().map(|category| [head(), answer(export, category)].concat()).collect()
}

fn answer(export: &Export, category: &ShownCategory) -> Vec<Cell> {
    let special = NAMES.iter().find(|(column, name, ..)| *column == "special" && *name == category.id);
    let text = match (&category.text, special) {
        (Some(text), _) => words(text, export.language),
        (None, Some((_, name, ..))) => name_words(name, export.language).to_owned(),
        (None, None) => String::new(),
    };
    vec![
        Cell::Text(category.id.clone()),
        Cell::Text(text),
        Cell::count(category.count),
        Cell::share(category.share),
        Cell::count(category.of),
    ]
}

/// Respondents by score.
fn score(export: &Export) -> Vec<Vec<Cell>> {
    let Some(score) = &export.results.score else { return Vec::new() };
    let row = |(points, count): (usize, &Option<u64>)| plain("score", score.n, points.to_string(), *count);
    score.distribution.iter().enumerate().map(row).collect()
}

/// Respondents by how they were asked.
fn field(field: &FieldResult) -> Vec<Vec<Cell>> {
    field.categories.iter().map(|category| plain(field.id, None, category.id.to_owned(), category.count)).collect()
}

/// A row of what is no item.
fn plain(id: &str, n: Option<u64>, category: String, count: Option<u64>) -> Vec<Cell> {
    vec![
        Cell::Empty,
        Cell::Text(id.to_owned()),
        Cell::Empty,
        Cell::count(n),
        Cell::Text(category),
        Cell::Empty,
        Cell::count(count),
        Cell::Empty,
        Cell::Empty,
    ]
}
