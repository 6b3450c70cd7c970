//! What a respondent is shown before the start.

use serde::Serialize;

use super::{Questionnaire, definition::Feedback};
use crate::day::Day;

/// The header in the language of the reader.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cover {
    /// The heading.
    pub title: String,
    /// The languages that can be chosen; the first is the default.
    pub languages: Vec<String>,
    /// Whether it opens today.
    pub status: Status,
    /// The marks and what the respondent is told.
    pub header: HeaderView,
    /// What makes it a quiz.
    pub quiz: Option<QuizView>,
    /// Questions that a respondent may get, at most.
    pub items: u32,
}

/// Whether a questionnaire opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It does.
    Open,
    /// Its validity has not begun.
    NotYet,
    /// Its validity is over.
    Expired,
}

/// The header of a questionnaire in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeaderView {
    /// 表号.
    pub table_number: String,
    /// 制定机关.
    pub issued_by: String,
    /// 批准或备案文号.
    pub approval_number: String,
    /// First day of validity.
    pub valid_from: String,
    /// Last day of validity.
    pub valid_until: String,
    /// What the answers are for.
    pub purpose: String,
    /// Who fields it.
    pub organiser: String,
    /// Whom to ask.
    pub contact: String,
    /// What is kept.
    pub retention: String,
}

/// What a respondent is told of a quiz.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct QuizView {
    /// Items drawn.
    pub draw: u32,
    /// The mark, in percent of the points.
    pub pass_percent: Option<u32>,
    /// When the answers are told.
    pub feedback: Feedback,
}

impl Questionnaire {
    /// Whether it opens on a day.
    pub fn status(&self, today: Day) -> Status {
        match () {
            () if today < self.valid_from => Status::NotYet,
            () if today > self.valid_until => Status::Expired,
            () => Status::Open,
        }
    }

    /// What is shown before the start.
    pub fn cover(&self, language: &str, today: Day) -> Cover {
        let say = |text| self.say(text, language).to_owned();
        let (definition, header) = (&self.definition, &self.definition.header);
        let unscored = self.items.iter().filter(|item| !item.scored() && !item.options.is_empty()).count();
        Cover {
            title: say(&definition.title),
            languages: definition.languages.clone(),
            status: self.status(today),
            header: HeaderView {
                table_number: say(&header.table_number),
                issued_by: say(&header.issued_by),
                approval_number: say(&header.approval_number),
                valid_from: header.valid_from.clone(),
                valid_until: header.valid_until.clone(),
                purpose: say(&header.purpose),
                organiser: say(&header.organiser),
                contact: say(&header.contact),
                retention: say(&header.retention),
            },
            quiz: definition.quiz.as_ref().map(|quiz| QuizView {
                draw: self.drawn() as u32,
                pass_percent: quiz.pass_percent,
                feedback: quiz.feedback,
            }),
            items: (unscored + self.drawn()) as u32,
        }
    }
}
