//! What the page draws: plain data, in the language of the reader.

use serde::Serialize;

use super::Session;
use crate::{
    item::{self, Answer, Control, Shown, Special},
    questionnaire::{
        Item,
        definition::{Required, Review, Text},
    },
    quiz,
    response::Given,
};

/// What was chosen, as the page hands it over and gets it back.
pub type Chosen = Option<Answer>;

/// One screen.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct View {
    /// `item` or `end`.
    pub at: &'static str,
    /// How far.
    pub progress: Progress,
    /// Heading of the section.
    pub section: Option<String>,
    /// There is an item to go back to.
    pub can_back: bool,
    /// The item, unless at the end.
    pub item: Option<ItemView>,
    /// The quiz's result, at the end of one.
    pub result: Option<ResultView>,
}

/// How far the respondent is, as the answers stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// Items behind them.
    pub done: u32,
    /// Items on their way, as far as it can be told: it may get shorter as they answer.
    pub total: u32,
}

/// An item on a screen.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct ItemView {
    /// Its name.
    pub id: String,
    /// The question.
    pub text: String,
    /// The hint.
    pub help: Option<String>,
    /// Whether it may be passed over.
    pub required: Required,
    /// What to draw.
    pub control: Control,
    /// *Don't know* and *prefer not to say*, where offered.
    pub specials: Vec<SpecialView>,
    /// What is chosen now.
    pub chosen: Chosen,
    /// Why there is no way on.
    pub problem: Option<Problem>,
    /// The answer stands.
    pub locked: bool,
    /// What was right, once the answer stands.
    pub feedback: Option<FeedbackView>,
}

/// A special option on a screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SpecialView {
    /// Which one.
    pub id: Special,
    /// Its words.
    pub text: String,
}

/// Why there is no way on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Problem {
    /// An answer is needed.
    Required,
    /// An answer is wished for; going on once more passes the item over.
    Soft,
    /// The number is out of bounds.
    Range,
}

/// Right or wrong, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FeedbackView {
    /// The answer was right.
    pub correct: bool,
    /// Names of the right options.
    pub key: Vec<String>,
    /// The reason.
    pub explanation: Option<String>,
    /// Where the fact comes from.
    pub source: Option<String>,
}

/// The result of a quiz.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct ResultView {
    /// Points.
    pub score: u32,
    /// Points that were to be had.
    pub max: u32,
    /// Share of the points, in whole percent, rounded down.
    pub percent: u32,
    /// Whether the mark was reached, where one is set.
    pub passed: Option<bool>,
    /// By topic.
    pub topics: Vec<TopicView>,
    /// Every item with its reason.
    pub review: Vec<ReviewView>,
}

/// One topic in a result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TopicView {
    /// Its heading.
    pub title: String,
    /// Items answered right.
    pub correct: u32,
    /// Items asked.
    pub asked: u32,
}

/// One item in a review.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct ReviewView {
    /// Its name.
    pub id: String,
    /// The question.
    pub text: String,
    /// What was chosen, in words.
    pub chosen: Vec<String>,
    /// What is right, in words.
    pub key: Vec<String>,
    /// The answer was right.
    pub correct: bool,
    /// The reason.
    pub explanation: Option<String>,
    /// Where the fact comes from.
    pub source: Option<String>,
    /// An expert still has to confirm the item.
    pub review_needed: bool,
}

impl Session {
    /// The screen to draw, in a language of the questionnaire (the default one for any other).
    pub fn view(&self, language: &str) -> View {
        let questionnaire = &self.questionnaire;
        let way = self.way();
        let done = way.iter().filter(|&&index| index < self.at).count();
        let progress = Progress { done: done as u32, total: self.possible() as u32 };
        let item = self.item();
        let section = item.map(|at| {
            let section = &questionnaire.definition.sections[questionnaire.items[at].section];
            questionnaire.say(&section.title, language).to_owned()
        });
        View {
            at: if item.is_some() { "item" } else { "end" },
            progress,
            section,
            can_back: self.before().is_some(),
            item: item.map(|at| self.item_view(at, language)),
            result: if item.is_none() { self.result(language) } else { None },
        }
    }

    fn item_view(&self, at: usize, language: &str) -> ItemView {
        let questionnaire = &self.questionnaire;
        let item = &questionnaire.items[at];
        let shown = |index: usize| Shown {
            id: item.options[index].id.clone(),
            text: questionnaire.say(&item.options[index].text, language).to_owned(),
            exclusive: item.options[index].exclusive,
        };
        let order = &self.orders[at];
        let options = if order.is_empty() {
            (0..item.options.len()).map(shown).collect()
        } else {
            order.iter().map(|&index| shown(usize::from(index))).collect()
        };
        let words = &questionnaire.definition.words;
        let special = |offered: bool, id, text: &Text| {
            offered.then(|| SpecialView { id, text: questionnaire.say(text, language).to_owned() })
        };
        let specials = [
            special(item.definition.dont_know, Special::DontKnow, &words.dont_know),
            special(item.definition.refuse, Special::Refused, &words.refuse),
        ];
        ItemView {
            id: item.definition.id.clone(),
            text: questionnaire.say(&item.definition.text, language).to_owned(),
            help: self.optional(&item.definition.help, language),
            required: item.definition.required,
            control: item::kind(item.definition.kind).control(item, options),
            specials: specials.into_iter().flatten().collect(),
            chosen: item::chosen(item, self.given[at]),
            problem: self.problem,
            locked: self.locked[at],
            feedback: self.locked[at].then(|| FeedbackView {
                correct: item::right(item, self.given[at]),
                key: item::members(item.key).map(|index| item.options[index].id.clone()).collect(),
                explanation: self.optional(&item.definition.explanation, language),
                source: given_text(&item.definition.source),
            }),
        }
    }

    fn optional(&self, text: &Text, language: &str) -> Option<String> {
        given_text(self.questionnaire.say(text, language))
    }

    fn result(&self, language: &str) -> Option<ResultView> {
        let questionnaire = &self.questionnaire;
        let definition = questionnaire.definition.quiz.as_ref()?;
        let response = self.response();
        let asked: Vec<(&Item, Given)> = questionnaire
            .items
            .iter()
            .zip(response.given.iter().copied())
            .filter(|(item, given)| item.scored() && *given != Given::NotAsked)
            .collect();
        let score = quiz::score(questionnaire, &response);
        let max = asked.iter().map(|(item, _)| item.points()).sum();
        let topics = definition.topics.iter().enumerate().filter_map(|(topic, it)| {
            let of_topic = asked.iter().filter(|(item, _)| item.topic == Some(topic));
            let asked = of_topic.clone().count() as u32;
            let correct = of_topic.filter(|(item, given)| item::right(item, *given)).count() as u32;
            (asked > 0).then(|| TopicView { title: questionnaire.say(&it.title, language).to_owned(), correct, asked })
        });
        Some(ResultView {
            score,
            max,
            percent: (score * 100).checked_div(max).unwrap_or_default(),
            passed: quiz::passes(questionnaire, score, max),
            topics: topics.collect(),
            review: asked.iter().map(|(item, given)| self.review(item, *given, language)).collect(),
        })
    }

    fn review(&self, item: &Item, given: Given, language: &str) -> ReviewView {
        let questionnaire = &self.questionnaire;
        let say = |text: &Text| questionnaire.say(text, language).to_owned();
        let options = |set| item::members(set).map(|index| say(&item.options[index].text)).collect();
        let words = &questionnaire.definition.words;
        ReviewView {
            id: item.definition.id.clone(),
            text: say(&item.definition.text),
            chosen: match given {
                Given::DontKnow => vec![say(&words.dont_know)],
                Given::Refused => vec![say(&words.refuse)],
                Given::Many(set) => options(set),
                Given::Number(number) => vec![number.to_string()],
                _ => item::option_of(item, given).map_or_else(Vec::new, |option| options(1 << option)),
            },
            key: options(item.key),
            correct: item::right(item, given),
            explanation: self.optional(&item.definition.explanation, language),
            source: given_text(&item.definition.source),
            review_needed: item.definition.review == Some(Review::Needed),
        }
    }
}

fn given_text(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}
