//! Comparisons with a number, as bounds.

use super::{Operator, Wrong, truth::Truth};
use crate::questionnaire::definition::{Condition, CountBounds, RangeBounds};

pub(super) fn equal(at: usize, operator: Operator, truth: Truth, wanted: bool) -> Result<Truth, Wrong> {
    match operator {
        Operator::Equal => Ok(if wanted { truth } else { truth.opposite() }),
        Operator::Unequal => Ok(if wanted { truth.opposite() } else { truth }),
        _ => Wrong::at("bad_comparison", at, "true and false have no order"),
    }
}

/// Who chose nothing has chosen 0.
pub(super) fn count(name: &str, operator: Operator, number: i64) -> Truth {
    let most = i64::from(u32::MAX);
    let number = number.clamp(-1, most);
    let counted = |min: Option<i64>, max: Option<i64>| {
        let bound = |it: Option<i64>| it.map(|it| it as u32);
        Truth::When(Condition::Count(CountBounds { item: name.into(), min: bound(min), max: bound(max) }))
    };
    match operator {
        Operator::AtLeast if number <= 0 => Truth::Always,
        Operator::AtLeast => counted(Some(number), None),
        Operator::More if number < 0 => Truth::Always,
        Operator::More if number == 0 => counted(None, None),
        Operator::More if number == most => Truth::Never,
        Operator::More => counted(Some(number + 1), None),
        Operator::AtMost if number < 0 => Truth::Never,
        Operator::AtMost if number == most => Truth::Always,
        Operator::AtMost => counted(Some(number + 1), None).opposite(),
        Operator::Less if number <= 0 => Truth::Never,
        Operator::Less => counted(Some(number), None).opposite(),
        Operator::Equal if number < 0 => Truth::Never,
        Operator::Equal if number == 0 => counted(None, None).opposite(),
        Operator::Equal => counted(Some(number), Some(number)),
        Operator::Unequal if number == 0 => counted(Some(0), None),
        Operator::Unequal => count(name, Operator::Equal, number).opposite(),
    }
}

/// Who gave no number is neither under nor over one.
pub(super) fn range(name: &str, operator: Operator, number: i64) -> Truth {
    let (least, most) = match operator {
        Operator::Equal => (Some(number), Some(number)),
        Operator::Unequal => return range(name, Operator::Equal, number).opposite(),
        Operator::AtLeast => (Some(number), None),
        Operator::More => (number.checked_add(1), None),
        Operator::AtMost => (None, Some(number)),
        Operator::Less => (None, number.checked_sub(1)),
    };
    let (floor, ceiling) = (i64::from(i32::MIN), i64::from(i32::MAX));
    if least.is_some_and(|least| least > ceiling) || most.is_some_and(|most| most < floor) {
        return Truth::Never;
    }
    // A bound that no number can be beyond is none.
    let min = least.filter(|least| *least >= floor).map(|least| least as i32);
    let max = most.filter(|most| *most <= ceiling).map(|most| most as i32);
    Truth::When(Condition::Range(RangeBounds { item: name.into(), min, max }))
}
