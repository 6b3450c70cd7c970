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
        let mode = if self.rng.random_range(0..4u32) == 0 { Mode::ReadAloud } else { Mode::SelfCompleted };
        let mut session = Session::start(self.questionnaire.clone(), self.rng.next_u64(), mode);
        while let Some(index) = session.item() {
            let item = &self.questionnaire.items[index];
            let given = item::imagine(item, &mut self.rng);
            if let Some(answer) = item::chosen(item, given) {
                // What was imagined from the item's own options is always taken.
                let _ = session.answer(Some(&answer));
            }
            session.forward();
        }
        session.finish()
    }
}
