//! What respondents of a quiz know: from the answers that are told, and nothing else.

use serde::Serialize;

use super::ItemResult;
use crate::{
    disclosure::shown::ShownCategory,
    item::{self, Count},
    questionnaire::{Item, Questionnaire, Text},
    statistic::{
        facility::{Facility, together},
        proportion::{Estimate, wilson},
    },
};

/// The key of a quiz item, and how many answered right.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct KeyResult {
    /// The options that are right.
    pub options: Vec<String>,
    /// The topic that the item belongs to.
    pub topic: Option<String>,
    /// Right answers, of those who were asked; none where it is not told how many gave the right one, and of an item with
    /// several answers, of which only the options are told, each alone.
    pub facility: Option<Facility>,
}

/// What is known, over all items of which it is told.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct KnowledgeResult {
    /// All topics together.
    pub all: KnownShare,
    /// Each topic, in the order of the questionnaire.
    pub topics: Vec<TopicResult>,
}

/// A topic.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct TopicResult {
    /// Its name.
    pub id: String,
    /// Its heading.
    pub title: Text,
    /// What is known of it.
    #[serde(flatten)]
    pub known: KnownShare,
}

/// Right answers among all answers to some items.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct KnownShare {
    /// How many of the items have a key.
    pub items: usize,
    /// Of how many of these it is told how many answered right: of no others is the share.
    pub told: usize,
    /// Answers, not respondents, are `x` and `n`; the interval is as wide as if all answers of a respondent hung together.
    pub share: Option<Estimate>,
}

/// The key of an item, by what is told of its answers.
pub(super) fn key(questionnaire: &Questionnaire, item: &Item, categories: &[ShownCategory]) -> Option<KeyResult> {
    let single = item::kind(item.definition.kind).count() != Count::MultiHot && item.key.is_power_of_two();
    let right = categories.get(item.key.trailing_zeros() as usize).filter(|_| single);
    let told = right.and_then(|right| wilson(right.count?, right.of?));
    item.scored().then(|| KeyResult {
        options: item.definition.key.clone(),
        topic: item.topic.and_then(|topic| Some(questionnaire.definition.quiz.as_ref()?.topics.get(topic)?.id.clone())),
        facility: told.map(Facility::of),
    })
}

/// What is known, by topic, of so many respondents; nothing where the questionnaire is no quiz.
pub(super) fn knowledge(questionnaire: &Questionnaire, items: &[ItemResult], n: u64) -> Option<KnowledgeResult> {
    let quiz = questionnaire.definition.quiz.as_ref()?;
    let share = |of: &dyn Fn(&KeyResult) -> bool| {
        let keys: Vec<&KeyResult> = items.iter().filter_map(|item| item.key.as_ref()).filter(|key| of(key)).collect();
        let told: Vec<Estimate> = keys.iter().filter_map(|key| Some(key.facility?.right)).collect();
        let share = together(told.iter().map(|right| (right.x, right.n)), n);
        KnownShare { items: keys.len(), told: told.len(), share }
    };
    let topic = |topic: &crate::questionnaire::definition::Topic| TopicResult {
        id: topic.id.clone(),
        title: topic.title.clone(),
        known: share(&|key| key.topic.as_ref() == Some(&topic.id)),
    };
    Some(KnowledgeResult { all: share(&|_| true), topics: quiz.topics.iter().map(topic).collect() })
}
