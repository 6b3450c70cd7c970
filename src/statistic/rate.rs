//! Indicators: named rates, on both bases.

use serde::Serialize;

use super::{
    distribution::distribution,
    proportion::{Estimate, wilson},
};
use crate::{
    layout::Counts,
    questionnaire::{Questionnaire, definition::Base},
    tally::Tally,
};

/// A rate on both bases; `None` where nobody is in the base: too few to say.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct Rate {
    /// Of everybody who was asked.
    pub all: Option<Estimate>,
    /// Of those who gave an opinion.
    pub valid: Option<Estimate>,
}

impl Rate {
    /// The rate on one of the bases.
    pub fn on(&self, base: Base) -> Option<Estimate> {
        match base {
            Base::All => self.all,
            Base::Valid => self.valid,
        }
    }
}

/// The rate of an indicator, by index.
pub fn rate(questionnaire: &Questionnaire, tally: &Tally, index: usize) -> Rate {
    let indicator = &questionnaire.indicators[index];
    let Some(distribution) = distribution(questionnaire, tally, indicator.item) else {
        return Rate { all: None, valid: None };
    };
    // Over a multiple item a respondent may have chosen several positive options: a cell of its own counts them once.
    let positive = match questionnaire.layout.block(Counts::Indicator(index)) {
        Some(block) => block.of(&tally.cells)[1],
        None => {
            let options = distribution.categories.iter().take(questionnaire.items[indicator.item].options.len());
            options
                .enumerate()
                .filter(|(i, _)| indicator.positive & (1 << i) != 0)
                .map(|(_, category)| category.count)
                .sum()
        }
    };
    Rate { all: wilson(positive, distribution.asked), valid: wilson(positive, distribution.valid) }
}
