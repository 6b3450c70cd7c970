//! Conditions as expressions: what [`super::Scope::truth`] reads back as the very same condition.

use crate::questionnaire::definition::{AnyOf, Condition, CountBounds, RangeBounds};

/// Spells a condition.
pub(in crate::xlsform) fn spell(condition: &Condition) -> String {
    match condition {
        Condition::And(it) => chain(&it.of, " and ", "true()", &|left, right| bound_of(left) == bound_of(right)),
        Condition::Or(it) => chain(&it.of, " or ", "false()", &|left, right| options_of(left) == options_of(right)),
        Condition::Not(it) => format!("not({})", spell(&it.of)),
        Condition::AnyOf(it) => any_of(it),
        Condition::Count(it) => count(it),
        Condition::Range(it) => range(it),
    }
}

/// A text in quotation marks.
pub(in crate::xlsform) fn quoted(text: &str) -> String {
    let quote = if text.contains('\'') { '"' } else { '\'' };
    format!("{quote}{text}{quote}")
}

/// The parts of a chain; in brackets where the reader would else take a part apart or two together.
fn chain(of: &[Condition], word: &str, neutral: &str, merge: &dyn Fn(&Condition, &Condition) -> bool) -> String {
    let part = |(i, it): (usize, &Condition)| {
        let beside = of.get(i + 1).into_iter().chain(i.checked_sub(1).and_then(|before| of.get(before)));
        let spelled = spell(it);
        if joins(it) || beside.into_iter().any(|other| merge(it, other)) { format!("({spelled})") } else { spelled }
    };
    let mut parts: Vec<String> = of.iter().enumerate().map(part).collect();
    if parts.len() == 1 {
        parts.push(neutral.into());
    }
    parts.join(word)
}

/// Spelled with an `and` or an `or`.
fn joins(condition: &Condition) -> bool {
    match condition {
        Condition::And(_) | Condition::Or(_) => true,
        Condition::Not(_) => false,
        Condition::AnyOf(it) => it.options.len() > 1,
        Condition::Count(it) => it.max.is_some() && it.max != it.min,
        Condition::Range(it) => it.min.is_some() && it.max.is_some() && it.max != it.min,
    }
}

/// What could become one condition with a neighbour that has the same.
fn bound_of(condition: &Condition) -> Result<&str, *const Condition> {
    match condition {
        Condition::Count(it) => Ok(&it.item),
        Condition::Range(it) => Ok(&it.item),
        _ => Err(condition),
    }
}

fn options_of(condition: &Condition) -> Result<&str, *const Condition> {
    match condition {
        Condition::AnyOf(it) => Ok(&it.item),
        _ => Err(condition),
    }
}

fn any_of(it: &AnyOf) -> String {
    let option = |option: &String| format!("selected(${{{}}}, {})", it.item, quoted(option));
    it.options.iter().map(option).collect::<Vec<_>>().join(" or ")
}

fn count(it: &CountBounds) -> String {
    let counted = format!("count-selected(${{{}}})", it.item);
    if it.min.is_some_and(|min| min > 0) && it.min == it.max {
        return format!("{counted} = {}", it.min.unwrap_or_default());
    }
    // No bound, a bound of 0 and one of 1 mean the same, and are yet three files.
    let least = match it.min {
        None => format!("{counted} > 0"),
        Some(0) => format!("{counted} != 0"),
        Some(min) => format!("{counted} >= {min}"),
    };
    it.max.map_or(least.clone(), |max| format!("{least} and {counted} <= {max}"))
}

fn range(it: &RangeBounds) -> String {
    let number = format!("${{{}}}", it.item);
    match (it.min, it.max) {
        (Some(min), Some(max)) if min == max => format!("{number} = {min}"),
        (Some(min), Some(max)) => format!("{number} >= {min} and {number} <= {max}"),
        (Some(min), None) => format!("{number} >= {min}"),
        (None, Some(max)) => format!("{number} <= {max}"),
        // Any number at all: it is at most what none can be beyond.
        (None, None) => format!("{number} <= {}", i64::from(i32::MAX) + 1),
    }
}
