//! *What is sent*: the cells of one respondent, in words.

use serde::Serialize;

use super::Session;
use crate::{
    layout::{Block, Cells, Counts, specials},
    questionnaire::{Part, Questionnaire, definition::ItemType},
};

/// One cell that holds a one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// What kind of block it stands in.
    pub kind: LineKind,
    /// What was counted: the item's words, or those of each side of a joint block.
    pub of: Vec<String>,
    /// The category: the option's words, or a stable name (`dont_know`, `not_asked`, `positive`, `right`, `forward`, …).
    pub value: Vec<String>,
}

/// Kinds of blocks, as told to a respondent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LineKind {
    /// An answer.
    Item,
    /// Whether several options were answered at all.
    Status,
    /// Right or wrong.
    Correct,
    /// A rate.
    Indicator,
    /// The score.
    Score,
    /// A crosstab.
    Joint,
    /// How it was asked.
    Field,
}

impl Session {
    /// Every cell of this respondent that holds a one, in words; nothing before the end.
    pub fn sent(&self, language: &str) -> Vec<Line> {
        let Some(response) = self.finish() else { return Vec::new() };
        let questionnaire = &self.questionnaire;
        let cells = Cells::encode(questionnaire, &response);
        let mut blocks = questionnaire.layout.blocks.iter();
        let mut block = blocks.next();
        let mut lines = Vec::with_capacity(cells.ones.len());
        for &one in &cells.ones {
            while block.is_some_and(|it| it.start + it.len <= one as usize) {
                block = blocks.next();
            }
            if let Some(block) = block {
                lines.push(line(questionnaire, block, one as usize - block.start, language));
            }
        }
        lines
    }
}

fn line(questionnaire: &Questionnaire, block: &Block, cell: usize, language: &str) -> Line {
    let item_text = |index: usize| questionnaire.say(&questionnaire.items[index].definition.text, language).to_owned();
    let one = |kind, of: String, value: String| Line { kind, of: vec![of], value: vec![value] };
    let field = |part| {
        let value = part_value(questionnaire, part, cell, language, false);
        one(LineKind::Field, part_text(questionnaire, part, language), value)
    };
    match block.counts {
        Counts::Item(index) | Counts::Options(index) => {
            one(LineKind::Item, item_text(index), part_value(questionnaire, Part::Item(index), cell, language, false))
        }
        Counts::Status(index) => {
            let special = cell.checked_sub(1).and_then(|cell| specials(&questionnaire.items[index]).nth(cell));
            one(LineKind::Status, item_text(index), special.map_or("answered", |it| it.name()).to_owned())
        }
        Counts::Correct(index) => {
            one(LineKind::Correct, item_text(index), part_value(questionnaire, Part::Item(index), cell, language, true))
        }
        Counts::Indicator(index) => {
            let part = Part::Indicator(index);
            one(
                LineKind::Indicator,
                part_text(questionnaire, part, language),
                part_value(questionnaire, part, cell, language, true),
            )
        }
        Counts::Score => one(LineKind::Score, "score".to_owned(), cell.to_string()),
        Counts::Joint(index) => {
            let mut rest = cell;
            let (mut of, mut value) = (Vec::new(), Vec::new());
            for &part in questionnaire.joints[index].parts.iter().rev() {
                let width = crate::layout::width(questionnaire, part);
                of.insert(0, part_text(questionnaire, part, language));
                value.insert(0, part_value(questionnaire, part, rest % width, language, true));
                rest /= width;
            }
            Line { kind: LineKind::Joint, of, value }
        }
        Counts::Order => field(Part::Order),
        Counts::Mode => field(Part::Mode),
    }
}

fn part_text(questionnaire: &Questionnaire, part: Part, language: &str) -> String {
    match part {
        Part::Item(index) => questionnaire.say(&questionnaire.items[index].definition.text, language).to_owned(),
        Part::Indicator(index) => {
            questionnaire.say(&questionnaire.indicators[index].definition.title, language).to_owned()
        }
        Part::Score => "score".to_owned(),
        Part::Order => "order".to_owned(),
        Part::Mode => "mode".to_owned(),
    }
}

/// The words of a category; `crossed` tells an option of a `multiple` item from its correctness.
fn part_value(questionnaire: &Questionnaire, part: Part, cell: usize, language: &str, crossed: bool) -> String {
    match part {
        Part::Item(index) => {
            let item = &questionnaire.items[index];
            if crossed && item.definition.kind == ItemType::Multiple {
                return ["wrong", "right", "not_asked"][cell].to_owned();
            }
            match item.options.get(cell) {
                Some(option) => questionnaire.say(&option.text, language).to_owned(),
                None => specials(item).nth(cell - item.options.len()).map_or("", |it| it.name()).to_owned(),
            }
        }
        Part::Indicator(_) => ["negative", "positive", "outside"][cell].to_owned(),
        Part::Order => ["forward", "reversed"][cell].to_owned(),
        Part::Mode => ["self_completed", "read_aloud"][cell].to_owned(),
        Part::Score => {
            let bands = questionnaire.definition.quiz.as_ref().map_or(&[][..], |quiz| &quiz.score_bands);
            match (bands.get(cell), bands.get(cell + 1)) {
                (Some(from), Some(next)) => format!("{from}–{}", next - 1),
                (Some(from), None) => format!("{from}+"),
                _ => String::new(),
            }
        }
    }
}
