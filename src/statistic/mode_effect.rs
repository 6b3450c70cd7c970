//! Mode effects: whether it matters how a question was asked.

use super::{
    crosstab::crosstab,
    difference::{Difference, difference},
    figure::Figure,
    proportion::{Estimate, wilson},
};
use crate::{
    questionnaire::{Part, Questionnaire, definition::ItemType},
    tally::Tally,
};

/// How a rate changes where the options are shown from last to first: reversed less forward. Each respondent's order
/// is drawn, so that a difference beyond chance is the order's.
///
/// Of those who gave an opinion. Not declared unless a joint block crosses the indicator, or its item, with `order`.
pub fn order_effect(questionnaire: &Questionnaire, tally: &Tally, indicator: usize) -> Figure<Difference> {
    effect(shares(questionnaire, tally, indicator, Part::Order))
}

/// How a rate changes where the questions are read aloud: read aloud less self-completed. Who is read to is not drawn:
/// a difference may as well be one between people.
///
/// Of those who gave an opinion. Not declared unless a joint block crosses the indicator, or its item, with `mode`.
pub fn mode_effect(questionnaire: &Questionnaire, tally: &Tally, indicator: usize) -> Figure<Difference> {
    effect(shares(questionnaire, tally, indicator, Part::Mode))
}

fn effect(shares: Figure<[Estimate; 2]>) -> Figure<Difference> {
    match shares {
        Figure::Known([changed, plain]) => Figure::Known(difference(&changed, &plain, 1.0)),
        Figure::NotDeclared => Figure::NotDeclared,
        _ => Figure::TooFew,
    }
}

/// The rate of an indicator among those who were asked in the other way, and in the usual one.
pub fn shares(questionnaire: &Questionnaire, tally: &Tally, indicator: usize, asked: Part) -> Figure<[Estimate; 2]> {
    let item = questionnaire.indicators[indicator].item;
    // Rows of the table that are positive: of an indicator the second, of its item those of its positive options.
    let (table, positive) = match crosstab(questionnaire, tally, Part::Indicator(indicator), asked) {
        // Of a `multiple` item a joint block counts whether the answer was right, not its options.
        Figure::NotDeclared if questionnaire.items[item].definition.kind != ItemType::Multiple => {
            (crosstab(questionnaire, tally, Part::Item(item), asked), questionnaire.indicators[indicator].positive)
        }
        table => (table, 0b10),
    };
    let table = match table {
        Figure::Known(table) => table,
        Figure::NotDeclared => return Figure::NotDeclared,
        _ => return Figure::TooFew,
    };
    let share = |column: usize| {
        let rows = || table.iter().enumerate().map(|(row, counts)| (positive & (1 << row) != 0, counts[column]));
        wilson(rows().filter(|(positive, _)| *positive).map(|(_, count)| count).sum(), rows().map(|it| it.1).sum())
    };
    share(1).zip(share(0)).map(<[Estimate; 2]>::from).into()
}
