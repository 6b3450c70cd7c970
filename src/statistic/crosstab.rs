//! Crosstabs that the questionnaire declares.

use super::figure::Figure;
use crate::{
    layout::{Counts, width},
    questionnaire::{Part, Questionnaire, definition::ItemType},
    tally::Tally,
};

/// Respondents by the categories of `a` (rows) and of `b` (columns), special answers and *not asked* left out: of an
/// item its options (wrong and right for a `multiple` one), of an indicator negative and positive, of the score its
/// groups. Not declared if no joint block crosses the two.
pub fn crosstab(questionnaire: &Questionnaire, tally: &Tally, a: Part, b: Part) -> Figure<Vec<Vec<u64>>> {
    let Some(mut table) = every_category(questionnaire, tally, a, b) else { return Figure::NotDeclared };
    table.truncate(opinions(questionnaire, a));
    table.iter_mut().for_each(|row| row.truncate(opinions(questionnaire, b)));
    if table.iter().flatten().all(|&count| count == 0) { Figure::TooFew } else { Figure::Known(table) }
}

/// The same with every category. What else a joint block crosses is summed up.
pub(super) fn every_category(questionnaire: &Questionnaire, tally: &Tally, a: Part, b: Part) -> Option<Vec<Vec<u64>>> {
    let joint = questionnaire.joints.iter().position(|it| it.parts.contains(&a) && it.parts.contains(&b))?;
    let place = |part| questionnaire.joints[joint].parts.iter().position(|it| *it == part);
    let (row, column) = (place(a)?, place(b)?);
    let mut table = vec![vec![0; width(questionnaire, b)]; width(questionnaire, a)];
    for (at, count) in cells(questionnaire, tally, joint)? {
        table[at[row]][at[column]] += count;
    }
    Some(table)
}

/// The cells of a joint block: the category of each of its parts, and how many fall there.
pub(super) fn cells<'t>(
    questionnaire: &'t Questionnaire,
    tally: &'t Tally,
    joint: usize,
) -> Option<impl Iterator<Item = (Vec<usize>, u64)> + 't> {
    let block = questionnaire.layout.block(Counts::Joint(joint))?.of(&tally.cells);
    let widths: Vec<usize> = questionnaire.joints[joint].parts.iter().map(|it| width(questionnaire, *it)).collect();
    Some(block.iter().enumerate().map(move |(cell, &count)| {
        let mut rest = cell;
        let mut at: Vec<usize> = widths.iter().rev().map(|width| (rest % width, rest /= width).0).collect();
        at.reverse();
        (at, count)
    }))
}

/// How many of a part's categories are opinions; the others come after them.
pub(super) fn opinions(questionnaire: &Questionnaire, part: Part) -> usize {
    match part {
        Part::Item(index) if questionnaire.items[index].definition.kind == ItemType::Multiple => 2,
        Part::Item(index) => questionnaire.items[index].options.len(),
        Part::Indicator(_) | Part::Order | Part::Mode => 2,
        Part::Score => width(questionnaire, part),
    }
}
