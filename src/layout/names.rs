//! Names of cells, for tables that people read: ids, not words.

use super::{Block, Counts};
use crate::questionnaire::{Part, Questionnaire};

/// What a block counts: `item safe`, `joint age_safety`, `mode`.
pub fn block(questionnaire: &Questionnaire, counts: Counts) -> String {
    let item = |index: usize| questionnaire.items[index].definition.id.as_str();
    match counts {
        Counts::Item(index) => format!("item {}", item(index)),
        Counts::Options(index) => format!("options of {}", item(index)),
        Counts::Status(index) => format!("status of {}", item(index)),
        Counts::Correct(index) => format!("correctness of {}", item(index)),
        Counts::Indicator(index) => format!("indicator {}", questionnaire.indicators[index].definition.id),
        Counts::Score => "score".into(),
        Counts::Joint(index) => format!("joint {}", questionnaire.joints[index].id),
        Counts::Order => "order of options".into(),
        Counts::Mode => "mode".into(),
    }
}

/// The cells of a block, in their order.
pub fn cells(questionnaire: &Questionnaire, block: &Block) -> Vec<String> {
    match block.counts {
        Counts::Item(index) => item_cells(questionnaire, index),
        Counts::Options(index) => options(questionnaire, index),
        Counts::Status(index) => [vec!["answered".into()], specials(questionnaire, index)].concat(),
        Counts::Correct(_) => owned(&["wrong", "right", "not_asked"]),
        Counts::Indicator(_) => owned(&["negative", "positive", "outside"]),
        Counts::Score => (0..block.len).map(|score| score.to_string()).collect(),
        Counts::Joint(index) => joint(questionnaire, index),
        Counts::Order => owned(&["forward", "reversed"]),
        Counts::Mode => owned(&["self_completed", "read_aloud"]),
    }
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

fn options(questionnaire: &Questionnaire, index: usize) -> Vec<String> {
    questionnaire.items[index].options.iter().map(|option| option.id.clone()).collect()
}

fn specials(questionnaire: &Questionnaire, index: usize) -> Vec<String> {
    super::specials(&questionnaire.items[index]).map(|special| special.name().to_owned()).collect()
}

fn item_cells(questionnaire: &Questionnaire, index: usize) -> Vec<String> {
    [options(questionnaire, index), specials(questionnaire, index)].concat()
}

/// Every combination, the last part running fastest.
fn joint(questionnaire: &Questionnaire, index: usize) -> Vec<String> {
    questionnaire.joints[index].parts.iter().fold(Vec::new(), |so_far, &part| {
        let names = categories(questionnaire, part);
        if so_far.is_empty() {
            return names;
        }
        so_far.iter().flat_map(|left| names.iter().map(move |right| format!("{left}+{right}"))).collect()
    })
}

fn categories(questionnaire: &Questionnaire, part: Part) -> Vec<String> {
    match part {
        // Of a multiple item only whether it was right has one category a respondent.
        Part::Item(index) if questionnaire.layout.block(Counts::Item(index)).is_none() => {
            owned(&["wrong", "right", "not_asked"])
        }
        Part::Item(index) => item_cells(questionnaire, index),
        Part::Indicator(_) => owned(&["negative", "positive", "outside"]),
        Part::Order => owned(&["forward", "reversed"]),
        Part::Mode => owned(&["self_completed", "read_aloud"]),
        Part::Score => {
            let bands = questionnaire.definition.quiz.iter().flat_map(|quiz| &quiz.score_bands);
            bands.map(|from| format!("from_{from}")).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cell_of_the_shipped_instruments_has_a_name_of_its_own() {
        for file in std::fs::read_dir("www/instruments").unwrap() {
            let file = file.unwrap().path();
            let bytes = std::fs::read(&file).unwrap();
            let file = file.display();
            let questionnaire = Questionnaire::parse(&bytes).unwrap();
            for it in &questionnaire.layout.blocks {
                let mut names = cells(&questionnaire, it);
                assert_eq!(names.len(), it.len, "{file}: {}", block(&questionnaire, it.counts));
                names.sort_unstable();
                names.dedup();
                assert_eq!(names.len(), it.len, "{file}: {}", block(&questionnaire, it.counts));
            }
        }
    }
}
