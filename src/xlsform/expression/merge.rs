//! Neighbours in a chain that are one condition of a questionnaire.

use super::{Expression, Node, Operator, truth::Truth};
use crate::questionnaire::definition::{AnyOf, Condition, CountBounds, RangeBounds};

/// Joins neighbours that make one condition, but for those in brackets.
pub(super) fn merged(
    parts: &[Expression],
    truths: Vec<Truth>,
    join: fn(&Expression, &Truth, &Expression, &Truth) -> Option<Condition>,
) -> Vec<Truth> {
    let mut done: Vec<(&Expression, Truth)> = Vec::new();
    for (part, truth) in parts.iter().zip(truths) {
        let joined = done.last().and_then(|(before, earlier)| join(before, earlier, part, &truth));
        match (joined, done.last_mut()) {
            (Some(condition), Some(last)) => last.1 = Truth::When(condition),
            _ => done.push((part, truth)),
        }
    }
    done.into_iter().map(|(_, truth)| truth).collect()
}

/// Two options of one question, one `or` the other.
pub(super) fn either(left: &Expression, a: &Truth, right: &Expression, b: &Truth) -> Option<Condition> {
    let bare = |it: &Expression| !matches!(it.node, Node::Bracketed(_));
    match (a, b) {
        (Truth::When(Condition::AnyOf(a)), Truth::When(Condition::AnyOf(b)))
            if bare(left) && bare(right) && a.item == b.item =>
        {
            let options = a.options.iter().chain(&b.options).cloned().collect();
            Some(Condition::AnyOf(AnyOf { item: a.item.clone(), options }))
        }
        _ => None,
    }
}

/// A bound below `and` one above, in either order.
pub(super) fn bounds(left: &Expression, a: &Truth, right: &Expression, b: &Truth) -> Option<Condition> {
    between(left, a, right, b).or_else(|| between(right, b, left, a))
}

fn between(low: &Expression, least: &Truth, high: &Expression, most: &Truth) -> Option<Condition> {
    let ordered = |it: &Expression| matches!(&it.node, Node::Compare(operator, ..) if *operator != Operator::Equal);
    if !ordered(low) || !ordered(high) {
        return None;
    }
    match (least, most) {
        (Truth::When(Condition::Range(a)), Truth::When(Condition::Range(b)))
            if a.item == b.item && a.min.is_some() && a.max.is_none() && b.min.is_none() && b.max.is_some() =>
        {
            Some(Condition::Range(RangeBounds { item: a.item.clone(), min: a.min, max: b.max }))
        }
        // A bound above alone is told as *not more*, for who chose nothing is under it too.
        (Truth::When(Condition::Count(a)), Truth::When(Condition::Not(not))) => match &*not.of {
            Condition::Count(CountBounds { item, min: Some(over), max: None })
                if a.item == *item && a.max.is_none() =>
            {
                Some(Condition::Count(CountBounds { item: item.clone(), min: a.min, max: over.checked_sub(1) }))
            }
            _ => None,
        },
        _ => None,
    }
}
