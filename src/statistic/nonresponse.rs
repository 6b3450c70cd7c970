//! Item non-response: how many of those who were asked gave no opinion.

use serde::Serialize;

use super::{
    distribution::distribution,
    proportion::{Estimate, wilson},
};
use crate::{layout::SpecialCategory, questionnaire::Questionnaire, tally::Tally};

/// Shares of those who were asked, all with their 95 % Wilson intervals.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct NonResponse {
    /// Gave no opinion, for whatever reason.
    pub all: Estimate,
    /// *Don't know*; none where it is not offered.
    pub dont_know: Option<Estimate>,
    /// *Prefer not to say*; none where it is not offered.
    pub refused: Option<Estimate>,
    /// Passed over; none where an answer is required.
    pub no_answer: Option<Estimate>,
}

/// Item non-response: (don't know + refused + no answer) / asked; `None` for a statement, and where nobody was asked.
pub fn nonresponse(questionnaire: &Questionnaire, tally: &Tally, item: usize) -> Option<NonResponse> {
    let distribution = distribution(questionnaire, tally, item)?;
    let share = |special: SpecialCategory| {
        let category = distribution.categories.iter().find(|it| it.special && it.id == special.name())?;
        wilson(category.count, distribution.asked)
    };
    Some(NonResponse {
        all: wilson(distribution.asked - distribution.valid, distribution.asked)?,
        dont_know: share(SpecialCategory::DontKnow),
        refused: share(SpecialCategory::Refused),
        no_answer: share(SpecialCategory::NoAnswer),
    })
}
