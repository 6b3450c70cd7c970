//! What several suites share: questionnaires drawn at random, respondents led by hand through the
//! real session, and an independent reckoning of what must come out. Runs natively and in a browser.
#![allow(dead_code, reason = "each suite uses its part")]

pub(crate) mod author;
pub(crate) mod dense;
pub(crate) mod form;
pub(crate) mod reckon;
pub(crate) mod releases;
pub(crate) mod search;
pub(crate) mod tape;
pub(crate) mod walk;

use std::{fmt, sync::Arc};

use anxin::questionnaire::{Definition, Questionnaire};
use serde_json::Value;

use self::{author::Size, form::Form, tape::Tape};

/// A valid questionnaire in each of its shapes.
pub(crate) struct Sample {
    pub(crate) definition: Definition,
    pub(crate) json: Value,
    pub(crate) questionnaire: Arc<Questionnaire>,
}

impl Sample {
    /// Draws one. Conditions under which nobody gets to an item are taken out again; any other fault
    /// is one of the author or of the parser.
    pub(crate) fn draw(tape: &mut Tape, size: &Size) -> Self {
        let mut definition = author::definition(tape, size);
        loop {
            let json = serde_json::to_value(&definition).unwrap();
            match Questionnaire::parse(json.to_string().as_bytes()) {
                Ok(questionnaire) => return Self { definition, json, questionnaire: Arc::new(questionnaire) },
                Err(faults) => {
                    for fault in faults.0 {
                        assert_eq!(fault.code, "unreachable", "{fault:?}\n{json:#}");
                        repair(&mut definition, &fault.at);
                    }
                }
            }
        }
    }

    /// One of the questionnaires that have a number.
    pub(crate) fn numbered(number: u64) -> Self {
        Self::draw(&mut Tape::seeded(number), &author::USUAL)
    }

    /// From a file.
    pub(crate) fn parse(bytes: &[u8]) -> Self {
        let questionnaire = Questionnaire::parse(bytes).unwrap_or_else(|faults| panic!("{faults}"));
        // The definition as written is not kept by a questionnaire; nobody asks for it here.
        let (definition, json) = (Definition::default(), serde_json::from_slice(bytes).unwrap());
        Self { definition, json, questionnaire: Arc::new(questionnaire) }
    }

    pub(crate) fn form(&self) -> Form<'_> {
        Form::of(&self.json)
    }
}

impl fmt::Debug for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.json)
    }
}

/// Takes out the condition of the item at `/sections/S/items/I`, or else of its section.
fn repair(definition: &mut Definition, at: &str) {
    let steps: Vec<usize> = at.split('/').filter_map(|step| step.parse().ok()).collect();
    let section = &mut definition.sections[steps[0]];
    if section.items[steps[1]].ask_if.take().is_none() {
        section.ask_if = None;
    }
}
