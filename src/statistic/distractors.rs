//! Distractors: which options of a quiz item draw those who know little, and those who know much.

use serde::Serialize;

use super::{crosstab::every_category, figure::Figure};
use crate::{
    layout::specials,
    questionnaire::{Part, Questionnaire, definition::ItemType},
    tally::Tally,
};

/// The answers to a quiz item by score group.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Distractors {
    /// The lowest score of each group.
    pub groups: Vec<u32>,
    /// Who was asked, by group.
    pub asked: Vec<u64>,
    /// The options, then the special answers; for a `multiple` item `wrong` and `right`.
    pub answers: Vec<Answer>,
}

/// One answer by score group.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Answer {
    /// Name of the option, or of the special answer.
    pub id: String,
    /// It is the right one.
    pub key: bool,
    /// It was written as an option; else a special answer, or of a `multiple` item.
    pub option: bool,
    /// How many gave it, by group.
    pub counts: Vec<u64>,
    /// Their share of those asked, by group; none where nobody was.
    pub shares: Vec<Option<f64>>,
    /// What is wrong with it.
    pub flag: Option<Flag>,
}

/// What can be wrong with an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Flag {
    /// A distractor that nobody chose; of shares that are told as ranges: hardly anybody (see [`HARDLY`]).
    Unused,
    /// A distractor that a greater share of the highest group chose than of the lowest: perhaps it is right too.
    DrawsUpper,
    /// A key that a smaller share of the highest group chose than of the lowest: perhaps it is wrong.
    RepelsUpper,
}

/// A distractor that fewer choose does not work.
///
/// T. M. Haladyna, S. M. Downing, How many options is enough for a multiple-choice test item?, Educ. Psychol. Meas. 53
/// (1993).
pub const HARDLY: f64 = 0.05;

/// The answers to a quiz item by score group; not declared without a key or its joint block with the score.
pub fn distractors(questionnaire: &Questionnaire, tally: &Tally, index: usize) -> Figure<Distractors> {
    let item = &questionnaire.items[index];
    let quiz = questionnaire.definition.quiz.as_ref().filter(|_| item.scored());
    let table = every_category(questionnaire, tally, Part::Item(index), Part::Score);
    let Some((quiz, table)) = quiz.zip(table) else { return Figure::NotDeclared };
    // Name, whether it is right, whether it was written as an option.
    let names: Vec<(String, bool, bool)> = if item.definition.kind == ItemType::Multiple {
        [("wrong", false), ("right", true), ("not_asked", false)].map(|(id, key)| (id.to_owned(), key, false)).into()
    } else {
        let option = |(i, id): (usize, &String)| (id.clone(), item.key == 1 << i, true);
        let options = item.options.iter().map(|it| &it.id).enumerate().map(option);
        options.chain(specials(item).map(|it| (it.name().to_owned(), false, false))).collect()
    };
    let rows: Vec<_> =
        names.into_iter().zip(table).filter(|((id, _, option), _)| *option || id != "not_asked").collect();
    let group = |group: usize| rows.iter().map(|(_, counts)| counts[group]).sum();
    let asked: Vec<u64> = (0..quiz.score_bands.len()).map(group).collect();
    if asked.iter().all(|&asked| asked == 0) {
        return Figure::TooFew;
    }
    let answer = |((id, key, option), counts): ((String, bool, bool), Vec<u64>)| {
        let share = |(&count, &asked): (&u64, &u64)| (asked > 0).then(|| count as f64 / asked as f64);
        let shares: Vec<Option<f64>> = counts.iter().zip(&asked).map(share).collect();
        let flag = flag(key, &counts, &shares).filter(|_| option);
        Answer { id, key, option, counts, shares, flag }
    };
    let answers = rows.into_iter().map(answer).collect();
    Figure::Known(Distractors { groups: quiz.score_bands.clone(), asked, answers })
}

fn flag(key: bool, counts: &[u64], shares: &[Option<f64>]) -> Option<Flag> {
    let ends = shares.first().copied().flatten().zip(shares.last().copied().flatten());
    match (key, ends) {
        (false, _) if counts.iter().all(|&count| count == 0) => Some(Flag::Unused),
        (false, Some((lower, upper))) if upper > lower => Some(Flag::DrawsUpper),
        (true, Some((lower, upper))) if upper < lower => Some(Flag::RepelsUpper),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_tell_what_is_wrong() {
        let of = |key, lower, upper| flag(key, &[1, 1], &[lower, upper]);
        assert_eq!(of(false, Some(0.1), Some(0.2)), Some(Flag::DrawsUpper));
        assert_eq!(of(false, Some(0.2), Some(0.1)), None);
        assert_eq!(of(true, Some(0.9), Some(0.8)), Some(Flag::RepelsUpper));
        assert_eq!(of(true, Some(0.8), Some(0.9)), None);
        assert_eq!(of(false, Some(0.1), None), None);
        assert_eq!(flag(false, &[0, 0], &[Some(0.0), Some(0.0)]), Some(Flag::Unused));
        assert_eq!(flag(true, &[0, 0], &[Some(0.0), Some(0.0)]), None);
    }
}
