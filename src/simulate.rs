//! People who are made up, led through the real session: for tests, for piloting a questionnaire,
//! for load.

use std::sync::Arc;

use rand::{Rng, RngExt, SeedableRng};
use rand_pcg::Pcg32;

use crate::{
    item,
    questionnaire::Questionnaire,
    response::{Mode, Response},
    session::Session,
};

/// An endless line of simulated respondents; the same seed gives the same line on every machine.
pub struct Respondents {
    questionnaire: Arc<Questionnaire>,
    rng: Pcg32,
}

impl Respondents {
    /// Starts a line.
    pub fn new(questionnaire: Arc<Questionnaire>, seed: u64) -> Self {
        Self { questionnaire, rng: Pcg32::seed_from_u64(seed) }
    }
}

impl Iterator for Respondents {
    type Item = Response;

    fn next(&mut self) -> Option<Response> {
        let mode = mode(&mut self.rng);
        let mut session = Session::start(self.questionnaire.clone(), self.rng.next_u64(), mode);
        answer(&mut session, &mut self.rng);
        session.finish()
    }
}

/// How a simulated respondent is asked: every fourth by a volunteer who reads aloud.
pub fn mode(rng: &mut Pcg32) -> Mode {
    if rng.random_range(0..4u32) == 0 { Mode::ReadAloud } else { Mode::SelfCompleted }
}

/// Leads a simulated respondent from where they are to the end.
pub fn answer(session: &mut Session, rng: &mut Pcg32) {
    let questionnaire = session.questionnaire().clone();
    while let Some(index) = session.item() {
        let item = &questionnaire.items[index];
        let given = item::imagine(item, rng);
        if let Some(answer) = item::chosen(item, given) {
            // What was imagined from the item's own options is always taken.
            let _ = session.answer(Some(&answer));
        }
        session.forward();
    }
}
