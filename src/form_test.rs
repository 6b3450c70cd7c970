//! Tests of a questionnaire, as its author writes them: given answers, what is asked, scored and counted.
//!
//! ```text
//! { "questionnaire": "q.json",
//!   "cases": [ { "name": "who is under 16 is not asked on", "answers": { "age": "under_16" },
//!                "expect": { "visible": ["age", "thanks"], "cells": { "item safe": "not_asked" } } } ] }
//! ```
//!
//! A case is one respondent, led through the real [`crate::session::Session`] as the page leads one. It is expected to
//! come to the end unless it says otherwise, and to be asked everything that it answers. Nothing is read or drawn here:
//! the same tests run on the command line (`anxin test`) and in a browser.

mod run;

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

use crate::{
    day::Day,
    questionnaire::{Faults, json::Json},
    response::Mode,
};

/// Size of a file, in bytes.
pub const FILE_BYTES: usize = 1 << 20;

/// A file of tests.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormTest {
    /// The questionnaire's file, as seen from this one.
    pub questionnaire: String,
    /// The respondents.
    pub cases: Vec<Case>,
}

/// One respondent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// What is to be shown.
    pub name: String,
    /// Decides on the draw and on the order of options; 1 unless it is given.
    #[serde(default = "one")]
    seed: u64,
    /// How it is asked.
    #[serde(default)]
    mode: Mode,
    /// The day on which it is asked; the first on which the questionnaire is valid, unless it is given.
    #[serde(default)]
    day: Option<Day>,
    /// What is answered, by item. The respondent stays at an item that is not here, unless there is nothing to answer.
    #[serde(default)]
    answers: BTreeMap<String, Written>,
    /// What is answered to items that `answers` does not name.
    #[serde(default)]
    others: Option<Others>,
    /// What is to come of it.
    #[serde(default)]
    expect: Expected,
}

fn one() -> u64 {
    1
}

/// An answer as it is written.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    /// Passed over.
    Nothing(()),
    /// A number.
    Number(i64),
    /// An option, `dont_know` or `refused`.
    One(String),
    /// Options.
    Many(Vec<String>),
}

/// An answer to any item.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Others {
    /// The first option.
    First,
    /// *Don't know*.
    DontKnow,
    /// *Prefer not to say*.
    Refused,
    /// What the key names.
    Right,
    /// One option that is not what the key names.
    Wrong,
}

/// What is to come of a case; nothing that is not given is looked at.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Expected {
    /// The items that are shown, in order.
    visible: Option<Vec<String>>,
    /// Items that are not shown.
    not_visible: Vec<String>,
    /// The score at the end of a quiz.
    score: Option<Score>,
    /// Whether the respondent comes to the end; they do, unless something is refused.
    ended: Option<bool>,
    /// Whether they count as positive, as negative, or (`null`) not to those who gave an opinion.
    indicators: BTreeMap<String, Option<bool>>,
    /// In which cell of a block they are counted, by the names that `anxin simulate` prints.
    cells: BTreeMap<String, Names>,
    /// What keeps them from going on.
    refused: Option<Refused>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
enum Score {
    Points(u32),
    Of(Points),
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Points {
    points: u32,
    max: u32,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Names {
    One(String),
    Many(Vec<String>),
}

/// Why there is no way on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Refused {
    /// The questionnaire is not valid yet.
    NotYet,
    /// It is not valid any more.
    Expired,
    /// An item needs an answer.
    Required,
    /// A number is out of bounds.
    OutOfRange,
    /// An item does not take such an answer.
    WrongAnswer,
}

/// What came of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// The case's name.
    pub name: String,
    /// What was not as expected; nothing if all was.
    pub failed: Vec<Mismatch>,
}

/// Something that was not as expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mismatch {
    /// What was looked at.
    pub what: String,
    /// What was to come.
    pub expected: String,
    /// What came.
    pub got: String,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: expected {}, got {}", self.what, self.expected, self.got)
    }
}

/// A file that is no file of tests.
#[derive(Debug, thiserror::Error)]
pub enum BadTest {
    /// It is too large.
    #[error("is larger than {FILE_BYTES} bytes")]
    TooLarge,
    /// It is no JSON.
    #[error("{0}")]
    Broken(Faults),
    /// It says something else than a test does.
    #[error("{0}")]
    Other(#[from] serde_json::Error),
    /// It would pass whatever the questionnaire is.
    #[error("has no cases")]
    NoCases,
}

impl FormTest {
    /// Reads a file.
    ///
    /// # Errors
    /// If it is no file of tests.
    pub fn parse(bytes: &[u8]) -> Result<Self, BadTest> {
        if bytes.len() > FILE_BYTES {
            return Err(BadTest::TooLarge);
        }
        // Names that stand twice are told, where serde takes the last.
        Json::parse(bytes).map_err(|broken| BadTest::Broken(Faults::broken(broken, bytes)))?;
        let test: Self = serde_json::from_slice(bytes)?;
        if test.cases.is_empty() { Err(BadTest::NoCases) } else { Ok(test) }
    }
}
