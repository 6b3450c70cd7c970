//! One respondent: where they are, what they answered, what to draw next.
//!
//! ```text
//! Session ──view──▶ page ──answer, forward, back──▶ Session ──finish──▶ Response
//! ```
//!
//! A session does no I/O and knows no clock. The same questionnaire, seed and answers give the same
//! screens, the same score and the same cells on every machine.

mod sent;
mod view;

use std::sync::Arc;

use rand::{RngExt, SeedableRng, seq::SliceRandom};
use rand_pcg::Pcg32;
use zeroize::Zeroize;

pub use self::{
    sent::{Line, LineKind},
    view::{Chosen, FeedbackView, ItemView, Problem, Progress, ResultView, ReviewView, SpecialView, TopicView, View},
};
use crate::{
    item::{self, Answer, Refusal},
    questionnaire::{
        Questionnaire,
        definition::{Feedback, ItemType, Order, Required},
    },
    quiz,
    response::{Given, Mode, Response},
};

/// One respondent's run through a questionnaire.
#[derive(Clone)]
pub struct Session {
    questionnaire: Arc<Questionnaire>,
    /// Scored items that were drawn, and all others; by item.
    drawn: Vec<bool>,
    /// Order in which options are shown, by item; empty where it is the written one.
    orders: Vec<Vec<u8>>,
    /// What was answered so far, by item; kept when an item leaves the way, in case it comes back.
    given: Vec<Given>,
    /// Items whose feedback was shown: their answers stand.
    locked: Vec<bool>,
    reversed: bool,
    mode: Mode,
    /// The item on view; the number of items at the end.
    at: usize,
    problem: Option<Problem>,
}

impl Session {
    /// Starts a respondent. The seed decides on the draw, on the order of options and on nothing else.
    pub fn start(questionnaire: Arc<Questionnaire>, seed: u64, mode: Mode) -> Self {
        let mut rng = Pcg32::seed_from_u64(seed);
        let reversed = rng.random_range(0..2u32) == 1;
        let drawn = quiz::draw(&questionnaire, &mut rng);
        let orders = questionnaire.items.iter().map(|item| order(item, reversed, &mut rng)).collect();
        let count = questionnaire.items.len();
        let mut session = Self {
            questionnaire,
            drawn,
            orders,
            given: vec![Given::NoAnswer; count],
            locked: vec![false; count],
            reversed,
            mode,
            at: 0,
            problem: None,
        };
        session.at = session.next_from(0);
        session
    }

    /// The questionnaire being answered.
    pub fn questionnaire(&self) -> &Arc<Questionnaire> {
        &self.questionnaire
    }

    /// Which items were drawn, one flag an item; those without a key always are.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn drawn(&self) -> &[bool] {
        &self.drawn
    }

    /// Index of the item on view; `None` at the end.
    pub fn item(&self) -> Option<usize> {
        (self.at < self.given.len()).then_some(self.at)
    }

    /// Answers the item on view, or takes its answer back (`None`).
    ///
    /// # Errors
    /// [`Refusal::WrongAnswer`] for what the control cannot give, or at the end, or on an item whose
    /// feedback was shown; [`Refusal::OutOfRange`] for a number out of bounds, which the view tells too.
    /// In both cases the item is left without an answer.
    pub fn answer(&mut self, answer: Option<&Answer>) -> Result<(), Refusal> {
        let at = self.item().filter(|&at| !self.locked[at]).ok_or(Refusal::WrongAnswer)?;
        let given = answer.map_or(Ok(Given::NoAnswer), |answer| item::accept(&self.questionnaire.items[at], answer));
        self.given[at] = *given.as_ref().unwrap_or(&Given::NoAnswer);
        self.problem = (given == Err(Refusal::OutOfRange)).then_some(Problem::Range);
        given.map(|_| ())
    }

    /// Goes on: to the feedback where a quiz gives it at once, else to the next item or the end.
    /// Where there is no way on yet, the view tells why.
    pub fn forward(&mut self) {
        let Some(at) = self.item() else { return };
        let item = &self.questionnaire.items[at];
        let unanswered = self.given[at] == Given::NoAnswer && item.definition.kind != ItemType::Statement;
        if unanswered && self.problem == Some(Problem::Range) {
            return;
        }
        match item.definition.required {
            Required::Required if unanswered => return self.problem = Some(Problem::Required),
            Required::Soft if unanswered && self.problem != Some(Problem::Soft) => {
                return self.problem = Some(Problem::Soft);
            }
            _ => {}
        }
        self.problem = None;
        if item.scored() && self.feedback() == Some(Feedback::Each) && !self.locked[at] {
            self.locked[at] = true;
            return;
        }
        self.at = self.next_from(at + 1);
    }

    /// Goes back one item, if there is one; not from the end of a quiz, which has told the answers.
    pub fn back(&mut self) {
        if let Some(before) = self.before() {
            self.at = before;
            self.problem = None;
        }
    }

    /// The finished respondent; `None` before the end.
    ///
    /// Answers to items that are no longer on the way are not part of it.
    pub fn finish(&self) -> Option<Response> {
        self.item().is_none().then(|| self.response())
    }

    /// The respondent who stops here and lets count what was answered: what is still to be asked is refused, or
    /// left without an answer. `None` in a quiz, which would score it, where an item can be neither, and of who has
    /// not answered anything.
    pub fn break_off(&self) -> Option<Response> {
        let nothing = self.given.iter().all(|given| *given == Given::NoAnswer);
        if nothing || self.questionnaire.definition.quiz.is_some() {
            return None;
        }
        let mut rest = self.clone();
        while let Some(at) = rest.item() {
            let definition = &self.questionnaire.items[at].definition;
            if rest.given[at] == Given::NoAnswer && definition.kind != ItemType::Statement {
                match definition.required {
                    _ if definition.refuse => rest.given[at] = Given::Refused,
                    Required::Required => return None,
                    _ => {}
                }
            }
            rest.at = rest.next_from(at + 1);
        }
        rest.finish()
    }

    /// What holds if the respondent stopped here: items off the way are not asked.
    fn response(&self) -> Response {
        let mut given = vec![Given::NotAsked; self.given.len()];
        for (index, item) in self.questionnaire.items.iter().enumerate() {
            if self.drawn[index] && item.ask_if.as_ref().is_none_or(|rule| rule.holds(&given)) {
                given[index] = self.given[index];
            }
        }
        Response { given, reversed: self.reversed, mode: self.mode }
    }

    /// Items on the way, by index, as the answers stand.
    fn way(&self) -> Vec<usize> {
        let response = self.response();
        (0..response.given.len()).filter(|&index| response.given[index] != Given::NotAsked).collect()
    }

    /// How many items the way may still have: those on it, and those that answers still to be given may
    /// put on it. It shrinks as the respondent answers, and never grows but by going back.
    fn possible(&self) -> usize {
        let (mut given, mut open) = (vec![Given::NotAsked; self.given.len()], vec![false; self.given.len()]);
        let mut count = 0;
        for (index, item) in self.questionnaire.items.iter().enumerate().filter(|(index, _)| self.drawn[*index]) {
            let asked = item.ask_if.as_ref().map_or(Some(true), |rule| rule.decided(&given, &open));
            if asked != Some(false) {
                count += 1;
                given[index] = self.given[index];
                open[index] = asked.is_none() || (index >= self.at && self.given[index] == Given::NoAnswer);
            }
        }
        count
    }

    fn next_from(&self, index: usize) -> usize {
        self.way().into_iter().find(|&on_way| on_way >= index).unwrap_or(self.given.len())
    }

    fn before(&self) -> Option<usize> {
        let told = self.item().is_none() && self.feedback().is_some();
        if told {
            return None;
        }
        self.way().into_iter().rfind(|&on_way| on_way < self.at)
    }

    fn feedback(&self) -> Option<Feedback> {
        self.questionnaire.definition.quiz.as_ref().map(|quiz| quiz.feedback)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.given.zeroize();
    }
}

/// The order in which an item's options are shown; empty for the written one.
fn order(item: &crate::questionnaire::Item, reversed: bool, rng: &mut Pcg32) -> Vec<u8> {
    let mut free: Vec<u8> = (0..item.options.len() as u8).filter(|&i| !item.options[usize::from(i)].pinned).collect();
    match item.definition.order {
        Order::Shuffled => free.shuffle(rng),
        Order::Reversible if reversed => free.reverse(),
        _ => return Vec::new(),
    }
    let mut free = free.into_iter();
    let place = |i: u8| if item.options[usize::from(i)].pinned { Some(i) } else { free.next() };
    (0..item.options.len() as u8).filter_map(place).collect()
}
