//! `rank`: an order of options. An order as a whole is not counted, what stands at each of its places is: a choice
//! of one for each place. All who are asked a question of ours choose among the same options, so from the second
//! place on there is a question for each set of options that may be left.

use super::{Builder, item::Part};
use crate::{
    questionnaire::{
        Text,
        definition::{AnyOf, Condition, ItemType, Several},
    },
    xlsform::{expression::Subject, table::Row},
};

/// Questions that a rank may become: all places of six options, four of seven, three of ten, two of 63.
const QUESTIONS: usize = 64;

/// The words for the places, as many as the limit lets come up.
const WORDS: [(&str, &str); 5] = [
    ("第一位", "first place"),
    ("第二位", "second place"),
    ("第三位", "third place"),
    ("第四位", "fourth place"),
    ("第五位", "fifth place"),
];

impl<'f> Builder<'f> {
    /// An order of the options of a list.
    pub(super) fn rank(&mut self, row: Row<'f>, list: &str) {
        let rows = self.list(list, row, "type");
        let name = row.get("name").to_owned();
        let count = rows.len();
        if count == 0 {
            return self.pass_over(row);
        }
        let wanted = self.number(row, "anxin::places").unwrap_or(count);
        if wanted == 0 || wanted > count {
            let message = format!("of {count} options 1 to {count} can have places");
            self.wrong("bad_places", row, "anxin::places", message);
            return self.pass_over(row);
        }
        // What is left for the last place follows.
        let places = wanted.min(count - 1).max(1);
        if questions(count, places) > QUESTIONS {
            let fits = (1..places).rev().find(|places| questions(count, *places) <= QUESTIONS).unwrap_or(1);
            let message = format!(
                "{wanted} places of {count} options are more than {QUESTIONS} questions, one for each place and each \
                 set of options that may be left: write {fits} or fewer into anxin::places, or ask with \
                 `select_multiple` for the few that matter"
            );
            self.wrong("rank_too_long", row, "anxin::places", message);
            return self.pass_over(row);
        }
        if self.likert(row) {
            self.left_out(row, "appearance", "a rank is asked place by place");
        }
        let mut told = Vec::new();
        let mut before: Vec<(Vec<usize>, String)> = Vec::new();
        for place in 1..=places {
            let taken = subsets(count, place - 1);
            let names = names(&format!("{name}_{place}"), &taken, &rows);
            for (taken, id) in taken.iter().zip(&names) {
                let left: Vec<Row> = (0..count).filter(|it| !taken.contains(it)).map(|it| rows[it]).collect();
                let part = Part { id: id.clone(), offered: offered(taken, &before, &rows), place: Some(place) };
                self.select_of(row, ItemType::Single, &left, Some(part));
            }
            told.extend(names.iter().take(1).cloned().chain((names.len() > 1).then(|| "…".to_owned())));
            if place > 1 {
                self.share(row, &format!("{name}_{place}"), Subject::Split(names.clone()));
            }
            before = taken.into_iter().zip(names).collect();
        }
        let told = format!(
            "becomes a question for each place and each set of options that may be left, {} in all: {}",
            questions(count, places),
            told.join(", ")
        );
        self.warnings.add("split", row.place("type"), told);
        self.share(row, &name, Subject::Ranked);
    }
}

/// How many questions places become: for each place the ways of choosing what stands before it.
fn questions(options: usize, places: usize) -> usize {
    let mut ways = 1_usize;
    let mut sum = 0_usize;
    for taken in 0..places {
        sum = sum.saturating_add(ways);
        ways = ways.saturating_mul(options - taken) / (taken + 1);
    }
    sum
}

/// All sets of so many of the first `of` numbers, in their order.
fn subsets(of: usize, size: usize) -> Vec<Vec<usize>> {
    let mut sets = vec![Vec::new()];
    for _ in 0..size {
        let longer = |set: &Vec<usize>| {
            let set = set.clone();
            (set.last().map_or(0, |last| last + 1)..of).map(move |next| [&set[..], &[next]].concat())
        };
        sets = sets.iter().flat_map(longer).collect();
    }
    sets
}

/// The names of a place's questions: they end with the options that have a place already; with their numbers where
/// that would be too long or the same twice.
fn names(place: &str, taken: &[Vec<usize>], rows: &[Row]) -> Vec<String> {
    let ends = |end: &dyn Fn(usize) -> String| -> Vec<String> {
        let name = |set: &Vec<usize>| set.iter().fold(place.to_owned(), |name, it| format!("{name}_{}", end(*it)));
        taken.iter().map(name).collect()
    };
    let names = ends(&|it| rows[it].get("name").to_owned());
    let mut sorted = names.clone();
    sorted.sort_unstable();
    sorted.dedup();
    let fit = sorted.len() == names.len() && names.iter().all(|name| name.len() <= 40);
    if fit { names } else { ends(&|it| (it + 1).to_string()) }
}

/// When just these options have the places before: one of them has the last of those, the others the ones before it.
fn offered(taken: &[usize], before: &[(Vec<usize>, String)], rows: &[Row]) -> Option<Condition> {
    let chosen = taken.iter().filter_map(|last| {
        let (_, item) = before.iter().find(|(set, _)| {
            set.len() + 1 == taken.len() && !set.contains(last) && set.iter().all(|it| taken.contains(it))
        })?;
        Some(Condition::AnyOf(AnyOf { item: item.clone(), options: vec![rows[*last].get("name").into()] }))
    });
    let mut of: Vec<Condition> = chosen.collect();
    if of.len() < 2 { of.pop() } else { Some(Condition::Or(Several { of })) }
}

/// A question with the place that it asks for, in the words of each language; in others than these its number.
pub(super) fn placed(text: &Text, place: usize) -> Text {
    let words = WORDS.get(place - 1);
    let end = |tag: &str| match (tag.split('-').next(), words) {
        (Some("zh"), Some((words, _))) => format!("（{words}）"),
        (Some("en"), Some((_, words))) => format!(" ({words})"),
        _ => format!(" ({place})"),
    };
    text.iter().map(|(tag, words)| (tag.to_owned(), format!("{}{}", words.trim_end(), end(tag)))).collect()
}
