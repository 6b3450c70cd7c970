//! Figures computed from released ones, where they are read. A module of its own, loaded when something is compared.

use wasm_bindgen::prelude::*;

use super::js::{Error, error, plain};
use crate::statistic::{
    associations::associations,
    pairs::pairs,
    proportion::{Estimate, wilson},
};

/// Compares shares by pairs. Four counts a pair: who counts as positive and who is in the base, of the first share and
/// of the second; nobody may be in both. The answer has one entry a pair, in that order.
///
/// Throws `BadCounts` if one of the bases is empty, less than its positives, or missing.
#[wasm_bindgen(unchecked_return_type = "import('../types.js').Pair[]")]
pub fn compare(counts: &[u32]) -> Result<JsValue, Error> {
    let share = |x: u32, n: u32| (x <= n).then(|| wilson(x.into(), n.into())).flatten();
    let pair = |four: &[u32]| match *four {
        [x, n, other_x, other_n] => share(x, n).zip(share(other_x, other_n)),
        _ => None,
    };
    let read: Option<Vec<(Estimate, Estimate)>> = counts.chunks(4).map(pair).collect();
    let read = read.ok_or_else(|| error("BadCounts", "counts come by four, each base with its positives before it"))?;
    Ok(plain(&pairs(&read, 1.0)))
}

/// Tells of each question whether the answers of two groups of respondents are alike. `answers`: how many answers each
/// question has; `counts`: of each question how many of the first gave each of them, and how many of the second; nobody
/// may be in both. The answer has one entry a question, in that order; none where one group, or one answer, has all.
///
/// Throws `BadCounts` if there are more counts than that, or fewer.
#[wasm_bindgen(unchecked_return_type = "(import('../types.js').Association | null)[]")]
pub fn associate(counts: &[u32], answers: &[u32]) -> Result<JsValue, Error> {
    let mut rest = counts;
    let mut row = |answers: u32| {
        let (row, after) = rest.split_at_checked(answers as usize)?;
        rest = after;
        Some(row.iter().map(|&count| count.into()).collect())
    };
    let read: Option<Vec<Vec<Vec<u64>>>> = answers.iter().map(|&n| Some(vec![row(n)?, row(n)?])).collect();
    let read = read.filter(|_| rest.is_empty()).ok_or_else(|| error("BadCounts", "two counts of each answer"))?;
    Ok(plain(&associations(&read)))
}
