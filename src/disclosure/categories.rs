//! Which cells of the layout count which answers to an item.

use crate::{
    item::{self, Count, members},
    layout::{Block, Counts, SpecialCategory, specials},
    questionnaire::{Item, OptionSet, Questionnaire},
};

/// The cells of a block.
pub fn cells(block: &Block) -> Vec<usize> {
    (block.start..block.start + block.len).collect()
}

/// The cells of an item's options and special answers, those who were not asked left out: all who were.
pub fn asked(questionnaire: &Questionnaire, index: usize) -> Vec<usize> {
    let not_asked = special(questionnaire, index, SpecialCategory::NotAsked);
    item_cells(questionnaire, index).into_iter().filter(|cell| Some(*cell) != not_asked).collect()
}

/// The cells of those who were asked and gave no opinion.
pub fn silent(questionnaire: &Questionnaire, index: usize) -> Vec<usize> {
    let kinds = [SpecialCategory::DontKnow, SpecialCategory::Refused, SpecialCategory::NoAnswer];
    kinds.into_iter().filter_map(|kind| special(questionnaire, index, kind)).collect()
}

/// The cell of a special answer, if it can occur.
pub fn special(questionnaire: &Questionnaire, index: usize, kind: SpecialCategory) -> Option<usize> {
    let item = &questionnaire.items[index];
    let before = if multiple(item) { 1 } else { item.options.len() };
    let place = specials(item).position(|it| it == kind)?;
    item_cells(questionnaire, index).get(before + place).copied()
}

/// The cells of the options in a set.
pub fn options(questionnaire: &Questionnaire, index: usize, set: OptionSet) -> Vec<usize> {
    let cells = item_cells(questionnaire, index);
    members(set).filter_map(|option| cells.get(option).copied()).collect()
}

/// Whether several options can be chosen.
pub fn multiple(item: &Item) -> bool {
    item::kind(item.definition.kind).count() == Count::MultiHot
}

/// The cells that every respondent falls into one of; of a `multiple` item those of its status.
fn item_cells(questionnaire: &Questionnaire, index: usize) -> Vec<usize> {
    let counts = if multiple(&questionnaire.items[index]) { Counts::Status(index) } else { Counts::Item(index) };
    questionnaire.layout.block(counts).map(cells).unwrap_or_default()
}
