//! Disclosure control: what of the collector's sums may be shown, and when.
//!
//! # The rule
//! 1. **Respondents** of an area, day and channel — a *leaf* — are shown as they stood when they last grew by
//!    k or more ([`release`]). Every table's n is a sum of such steps: no two differ by fewer than k.
//! 2. **Answers** are shown as they stood at the last *step* of the campaign. A step is taken when at least
//!    [`FIRST_STEP`]·k respondents have come since the last one, and as many as before it ([`due`]); another
//!    one when the campaign is closed. It depends on how many came, never on what they said, and the
//!    respondents of a step are protected as a table of their own: so is the difference of two releases. Of an
//!    area and day with fewer than [`FIRST_STEP`]·k of them it is told together with others around it; fewer
//!    than that even together wait for the next step.
//! 3. **Counts**: a count is told only if k or more are counted and k or more are not: neither few, nobody,
//!    all but few nor all. Categories that are too rare are not told apart from each other; which are, is one
//!    order a figure, fixed when the first step is taken ([`chains`]). Nor are the rarest scores of a quiz: all scores
//!    add up to the points of all right answers.
//! 4. **Complementary suppression**: what stays untold in an area is put together with the least of its
//!    neighbours that can be told, until their sum is told safely; that neighbour goes untold too. The groups
//!    made so are the *atoms*. Every figure that is ever told is a sum of atoms, whatever the area prefix, the
//!    day and the release; so no subtraction of figures leaves less than an atom ([`group`], [`decisions`]).
//! 5. **Bounds**: a rate that is not told is bounded, *at least 95 %*, in coarse steps that leave at least k
//!    respondents of room ([`bound`]).
//! 6. **Crossed answers**: what only answers crossed with each other tell, such as a correlation, is told of the
//!    whole campaign alone, as a range with room for 2k exchanges of answers ([`exchange`]); so is the reliability of
//!    a quiz, with room for 2k respondents ([`crate::results::quality`]).
//! 7. **Rounding**, where the campaign chose it: counts of answers to the nearest multiple, rates of those.
//!
//! # Why nothing is pinned
//! Level by level a figure has finer categories and coarser atoms: U₁ × C₁, U₂ × C₂, …, where the atoms of each
//! level are unions of those before and its categories split them. Such nested margins are decomposable, so what they
//! say of a cell is exactly its Fréchet interval, [max(0, ΣM − ΣS), min M] over the margins M and their intersections S
//! (Dobra and Fienberg, PNAS 97 (2000)); as each margin and each difference of a margin and an intersection is k
//! or more, so is the interval's width. A bound leaves room for k on its side, so that a shift of k respondents
//! between two neighbours stays within it. **Protection interval: whoever knows every figure that was ever
//! shown, and n of every area, day and step, can narrow an untold count to no fewer than k + 1 values in a row,
//! the true one among them.** `tests/laws/attack/` attacks it by linear programming.
//!
//! Sources: Hundepool et al., Handbook on Statistical Disclosure Control, ch. 5 (frequency tables: threshold rule, group
//! disclosure by zeros and 100 %, secondary suppression, linked tables, differencing, rounding); OECD Glossary,
//! *threshold rule*.
//!
//! # Its limits
//! - What cannot be told of an area by day is summed over the days of its month, then over areas around it, and only
//!   then over months: months come before areas, areas before days. Where areas are small, they have no figure of
//!   their own even over a year; who wants that fields a campaign without months.
//! - A figure of an area may lack the respondents of steps in which they were too few there to be told; its n
//!   says of how many it is. Of a whole campaign, fewer than [`FIRST_STEP`]·k may still wait at its end.
//! - The rule's own reasons are not hidden: who knows it learns from a missing figure that something near it is small.
//! - How many respondents were asked a question is told like n, except where one answer to one question decides
//!   it: then both follow that question's atoms. Figures of different questions are else looked at one by one.
//! - Whoever knows some respondents' answers can subtract those.

pub mod areas;
pub mod bound;
pub mod categories;
pub mod chain;
pub mod chains;
pub mod decisions;
pub mod exchange;
pub mod group;
pub mod points;
pub mod row;
pub mod shown;

use serde::Serialize;

use crate::tally::Tally;

/// The first step is of so many times k respondents.
pub const FIRST_STEP: u32 = 6;

/// The rule in force, as it is printed with the figures.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct Rule {
    /// No count is told unless so many are counted, and so many are not; n moves by so many.
    pub k: u32,
    /// The first answers are told of so many respondents; then, of twice as many each time.
    pub first: u32,
    /// Counts of answers are multiples of this; 1: they are not rounded.
    pub rounding: u32,
    /// The bounds that are told of a rate which is not.
    pub bounds: Vec<f64>,
}

impl Rule {
    /// The rule of a campaign's k and rounding.
    pub fn of(k: u32, rounding: u32) -> Self {
        Self { k, first: FIRST_STEP.saturating_mul(k), rounding, bounds: bound::BOUNDS.to_vec() }
    }
}

/// Whether so many people are enough to tell what came of them.
pub fn enough(people: u64, k: u32) -> bool {
    people >= u64::from(k)
}

/// What is shown of a leaf from now on: its sum, if it grew by k respondents or more since `shown`,
/// else nothing new.
pub fn release<'t>(shown: Option<&Tally>, sum: &'t Tally, k: u32) -> Option<&'t Tally> {
    let before = shown.map_or(0, |tally| tally.n);
    (sum.n >= before + u64::from(k)).then_some(sum)
}

/// Whether a step is to be taken: of all leaves together, `shown` respondents are shown, and the answers of
/// `told` of them were in the steps before.
pub fn due(shown: u64, told: u64, k: u32) -> bool {
    shown.saturating_sub(told) >= told.max(u64::from(FIRST_STEP) * u64::from(k))
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// However respondents trickle in, each state shown is k or more respondents ahead of the one
        /// before, and never more than k − 1 behind the sum.
        #[test]
        fn steps_are_never_under_k(k in 5u32..20, arrivals in prop::collection::vec(1u64..12, 1..60)) {
            let mut sum = Tally::empty(0);
            let mut shown: Option<Tally> = None;
            for n in arrivals {
                sum.merge(&Tally { n, cells: vec![] });
                let before = shown.as_ref().map_or(0, |tally| tally.n);
                if let Some(next) = release(shown.as_ref(), &sum, k) {
                    prop_assert!(next.n - before >= u64::from(k));
                    shown = Some(next.clone());
                }
                prop_assert!(sum.n - shown.as_ref().map_or(0, |tally| tally.n) < u64::from(k));
            }
        }
    }

    #[test]
    fn a_step_is_as_many_as_came_before() {
        assert!(!due(29, 0, 5) && due(30, 0, 5));
        assert!(!due(59, 30, 5) && due(60, 30, 5));
        assert!(!due(30, 30, 5) && !due(119, 60, 5) && due(120, 60, 5));
    }
}
