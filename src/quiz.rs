//! Keys, points, and draws from a bank.

use rand::{Rng, seq::SliceRandom};

use crate::{item, questionnaire::Questionnaire, response::Response};

/// Points of a respondent: the sum over the items answered right.
pub fn score(questionnaire: &Questionnaire, response: &Response) -> u32 {
    let answered = questionnaire.items.iter().zip(&response.given);
    answered.filter(|(item, given)| item::right(item, **given)).map(|(item, _)| item.points()).sum()
}

/// The score group that a score falls into.
pub fn band(questionnaire: &Questionnaire, score: u32) -> usize {
    let bands = questionnaire.definition.quiz.as_ref().map_or(&[][..], |quiz| &quiz.score_bands);
    bands.iter().rposition(|&lower| lower <= score).unwrap_or_default()
}

/// Whether a score passes; `None` where no mark is set.
pub fn passes(questionnaire: &Questionnaire, score: u32, max: u32) -> Option<bool> {
    let percent = questionnaire.definition.quiz.as_ref()?.pass_percent?;
    Some(u64::from(score) * 100 >= u64::from(max) * u64::from(percent))
}

/// Draws the scored items of one respondent, balanced over topics: each topic gives its next item
/// in turn, in an order drawn anew, so that no topic is ahead of another by more than one item
/// unless the other is used up. Items without a key are always asked.
///
/// Returns one flag an item.
pub fn draw(questionnaire: &Questionnaire, rng: &mut impl Rng) -> Vec<bool> {
    let items = &questionnaire.items;
    let count = questionnaire.drawn();
    let mut asked: Vec<bool> = items.iter().map(|item| !item.scored()).collect();
    let mut topics: Vec<Vec<usize>> = Vec::new();
    let mut keys = Vec::new();
    for (index, item) in items.iter().enumerate().filter(|(_, item)| item.scored()) {
        match keys.iter().position(|key| *key == item.topic) {
            Some(topic) => topics[topic].push(index),
            None => {
                keys.push(item.topic);
                topics.push(vec![index]);
            }
        }
    }
    topics.shuffle(rng);
    topics.iter_mut().for_each(|topic| topic.shuffle(rng));
    let longest = topics.iter().map(Vec::len).max().unwrap_or_default();
    let turns = (0..longest).flat_map(|turn| topics.iter().filter_map(move |topic| topic.get(turn)));
    turns.take(count).for_each(|&index| asked[index] = true);
    asked
}
