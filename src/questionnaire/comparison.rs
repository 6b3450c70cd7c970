//! Whether an indicator measures the same in two questionnaires.

use super::{Indicator, Questionnaire};

/// How an indicator of an earlier questionnaire stands to that of the same name in a later one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// The same definition version, and nothing speaks against it: rates compare.
    Same,
    /// Another definition version: rates do not compare.
    Other,
    /// The definition version is the same, but this is not: rates would be compared that mean different things.
    Changed(&'static str),
}

/// Compares an indicator, by its name; `None` if one of the two questionnaires does not have it.
///
/// What a question says is for its author to judge: other words may ask the same. What can be chosen, what of it
/// counts and of whom the rate is a share is the definition.
pub fn comparison(earlier: &Questionnaire, later: &Questionnaire, id: &str) -> Option<Comparison> {
    let indicator = |of: &Questionnaire| of.indicators.iter().position(|it| it.definition.id == id);
    let (before, after) = (&earlier.indicators[indicator(earlier)?], &later.indicators[indicator(later)?]);
    let (was, is) = (&before.definition, &after.definition);
    let changed = |same: bool, what| (!same).then_some(Comparison::Changed(what));
    Some(match () {
        () if was.definition_version != is.definition_version => Comparison::Other,
        () => changed(was.base == is.base, "the base")
            .or_else(|| changed(sorted(&was.positive) == sorted(&is.positive), "the answers that count"))
            .or_else(|| changed(options(earlier, before) == options(later, after), "what can be answered"))
            .unwrap_or(Comparison::Same),
    })
}

fn sorted(names: &[String]) -> Vec<&str> {
    let mut names: Vec<&str> = names.iter().map(String::as_str).collect();
    names.sort_unstable();
    names
}

/// What can be answered to an indicator's question, in no order.
fn options<'q>(questionnaire: &'q Questionnaire, indicator: &Indicator) -> Vec<&'q str> {
    let item = &questionnaire.items[indicator.item];
    let special = [(item.definition.dont_know, "dont_know"), (item.definition.refuse, "refused")];
    let specials = special.into_iter().filter(|(offered, _)| *offered).map(|(_, name)| name);
    let mut names: Vec<&str> = item
        .options
        .iter()
        .map(|option| option.id.as_str())
        .chain(specials)
        .chain([item.definition.kind.name()])
        .collect();
    names.sort_unstable();
    names
}
