//! A respondent led by hand through the real session: forth and back, with answers changed, taken
//! back and refused. The walker keeps the answers itself and knows at each step what the session must
//! show next; where it does not, the walk panics.

use std::collections::{BTreeMap, BTreeSet};

use anxin::{
    item::{Answer, Control, Refusal, Shown, Special},
    response::Mode,
    session::{ItemView, LineKind, Session, View},
};
use serde_json::{Value, json};

use super::{
    Sample,
    form::{Answers, Form, Said},
    reckon::Respondent,
    tape::Tape,
};

/// A respondent at the end.
pub(crate) struct Walked {
    pub(crate) session: Session,
    pub(crate) respondent: Respondent,
    pub(crate) seed: u64,
    pub(crate) mode: Mode,
}

/// Leads a respondent to the end, by so many detours at most.
pub(crate) fn walk(sample: &Sample, seed: u64, tape: &mut Tape, detours: usize) -> Walked {
    let mode = if tape.one_in(3) { Mode::ReadAloud } else { Mode::SelfCompleted };
    let session = Session::start(sample.questionnaire.clone(), seed, mode);
    let mut walker = Walker::new(sample, session);
    for _ in 0..detours {
        walker.detour(tape);
    }
    while walker.session.item().is_some() {
        walker.answer(tape);
        walker.forward();
    }
    let respondent = walker.respondent(mode);
    Walked { session: walker.session, respondent, seed, mode }
}

/// Leads a respondent straight to the end with given answers; gives every screen.
pub(crate) fn replay(sample: &Sample, seed: u64, mode: Mode, answers: &Answers) -> (Session, Vec<View>) {
    let mut session = Session::start(sample.questionnaire.clone(), seed, mode);
    let mut screens = vec![session.view("en")];
    while let Some(item) = screens.last().and_then(|view| view.item.as_ref()) {
        let open = !item.locked && item.problem.is_none();
        if let Some(answer) = answers.get(&item.id).filter(|_| open).and_then(to_answer) {
            assert_eq!(session.answer(Some(&answer)), Ok(()));
        }
        session.forward();
        screens.push(session.view("en"));
        assert!(screens.len() < 2_000, "no end in sight");
    }
    (session, screens)
}

/// As the page hands it over.
pub(crate) fn to_answer(said: &Said) -> Option<Answer> {
    match said {
        Said::Nothing => None,
        Said::DontKnow => Some(Answer::Special(Special::DontKnow)),
        Said::Refused => Some(Answer::Special(Special::Refused)),
        Said::Options(chosen) => Some(Answer::Options(chosen.iter().cloned().collect())),
        Said::Number(number) => Some(Answer::Number(*number)),
    }
}

struct Walker<'s> {
    form: Form<'s>,
    session: Session,
    /// The items shown on the way here, by place; the last one is on view.
    path: Vec<usize>,
    /// Answers, also to items that have left the way.
    said: Answers,
    locked: BTreeSet<usize>,
    /// Items of the bank of which it is known whether they were drawn.
    drawn: BTreeMap<usize, bool>,
    problem: Option<&'static str>,
    each: bool,
}

impl<'s> Walker<'s> {
    fn new(sample: &'s Sample, session: Session) -> Self {
        let each = sample.json["quiz"]["feedback"] == "each";
        let (path, said, locked, drawn) = (Vec::new(), Answers::new(), BTreeSet::new(), BTreeMap::new());
        let mut walker = Self { form: sample.form(), session, path, said, locked, drawn, problem: None, each };
        walker.arrives(0);
        walker
    }

    fn item(&self) -> Option<ItemView> {
        self.session.view("en").item
    }

    /// One step that need not lead to the end.
    fn detour(&mut self, tape: &mut Tape) {
        let step = tape.below(8);
        match step {
            _ if self.session.item().is_none() => self.back(),
            0..=1 => self.forward(),
            2..=3 => self.back(),
            4 => self.refused(tape),
            5 => self.take(None, Ok(())),
            _ => self.answer(tape),
        }
    }

    /// Answers the item on view, if it can still be answered.
    fn answer(&mut self, tape: &mut Tape) {
        let item = self.item().unwrap();
        if let Some(answer) = imagine(&item, tape).filter(|_| !item.locked) {
            self.take(Some(answer), Ok(()));
        }
    }

    /// Tries what the item does not take.
    fn refused(&mut self, tape: &mut Tape) {
        let item = self.item().unwrap();
        let id = |id: &str| id.to_owned();
        let mut wrong = vec![Answer::Options(vec![id("nobody_named_it")])];
        for special in [Special::DontKnow, Special::Refused] {
            if !item.specials.iter().any(|it| it.id == special) {
                wrong.push(Answer::Special(special));
            }
        }
        match &item.control {
            Control::One { options, .. } => {
                wrong.extend([Answer::Options(vec![]), Answer::Number(0)]);
                wrong.push(Answer::Options(options.iter().map(|option| option.id.clone()).collect()));
            }
            Control::Many { options } => {
                let alone = options.iter().find(|option| option.exclusive);
                let other = alone.and_then(|alone| options.iter().find(|option| option.id != alone.id));
                wrong.extend(alone.zip(other).map(|(a, b)| Answer::Options(vec![a.id.clone(), b.id.clone()])));
            }
            Control::Number { min, max } => {
                if tape.one_in(2) {
                    let out = *tape.pick(&[i64::from(min - 1), i64::from(max + 1), i64::MAX, i64::MIN]);
                    return self.take(Some(Answer::Number(out)), Err(Refusal::OutOfRange));
                }
                wrong.push(Answer::Options(vec![]));
            }
            Control::None => wrong.push(Answer::Options(vec![])),
        }
        let answer = tape.pick(&wrong).clone();
        self.take(Some(answer), Err(Refusal::WrongAnswer));
    }

    /// Answers; what is not taken leaves the item without an answer.
    fn take(&mut self, answer: Option<Answer>, want: Result<(), Refusal>) {
        let at = self.path[self.path.len() - 1];
        let want = if self.locked.contains(&at) { Err(Refusal::WrongAnswer) } else { want };
        assert!(self.session.answer(answer.as_ref()) == want, "{} at {}", json!(answer), self.form.items[at].id);
        if !self.locked.contains(&at) {
            let said = answer.filter(|_| want.is_ok()).map_or(Said::Nothing, |answer| to_said(&answer));
            self.said.insert(self.form.items[at].id.to_owned(), said);
            self.problem = (want == Err(Refusal::OutOfRange)).then_some("range");
        }
        self.shows();
    }

    fn back(&mut self) {
        let end = self.session.item().is_none();
        self.session.back();
        if !end && self.path.len() > 1 {
            self.path.pop();
            self.problem = None;
        }
        self.shows();
    }

    fn forward(&mut self) {
        let Some(&at) = self.path.last().filter(|_| self.session.item().is_some()) else {
            return self.session.forward();
        };
        let entry = &self.form.items[at];
        let unanswered = entry.kind != "statement" && *self.said_of(entry.id) == Said::Nothing;
        let (required, told) = (entry.required(), self.problem);
        let (locks, id) = (self.each && entry.scored() && !self.locked.contains(&at), entry.id);
        self.session.forward();
        self.problem = match (unanswered, required) {
            (true, _) if told == Some("range") => told,
            (true, "required") => Some("required"),
            (true, "soft") if told != Some("soft") => Some("soft"),
            _ => None,
        };
        if self.problem.is_none() && locks {
            self.locked.insert(at);
        } else if self.problem.is_none() {
            return self.arrives(at + 1);
        }
        assert_eq!(self.item().map(|item| item.id).as_deref(), Some(id));
        self.shows();
    }

    /// A new screen, of an item from here on or the end. Whatever was left out on the way here must
    /// not be asked, and what is shown must be.
    fn arrives(&mut self, from: usize) {
        let shown = self.item().map(|item| self.form.place(&item.id));
        let answers = self.on_way();
        for at in from..shown.unwrap_or(self.form.items.len()) {
            let entry = &self.form.items[at];
            if entry.asked(&answers) {
                assert!(entry.in_bank(), "{} is left out, and its condition holds over {answers:?}", entry.id);
                assert!(!*self.drawn.entry(at).or_insert(false), "{} was drawn, and is left out", entry.id);
            }
        }
        if let Some(at) = shown {
            assert!(at >= from, "{} again", self.form.items[at].id);
            assert!(self.form.items[at].asked(&answers), "{} over {answers:?}", self.form.items[at].id);
            let drawn = *self.drawn.entry(at).or_insert(true);
            assert!(drawn || !self.form.items[at].in_bank(), "{} was not drawn", self.form.items[at].id);
            self.path.push(at);
        }
        self.shows();
    }

    fn said_of(&self, id: &str) -> &Said {
        self.said.get(id).unwrap_or(&Said::Nothing)
    }

    /// The answers of the items on the path.
    fn on_way(&self) -> Answers {
        let answer = |&at: &usize| (self.form.items[at].id.to_owned(), self.said_of(self.form.items[at].id).clone());
        self.path.iter().map(answer).collect()
    }

    /// The screen is the one that it must be.
    fn shows(&self) {
        let view = self.session.view("en");
        assert!(view == self.session.view("en"), "looking changes nothing");
        let behind = self.path.len() - usize::from(view.item.is_some());
        // The end of a quiz has told the answers: there is no way back.
        let told = view.item.is_none() && self.form.json["quiz"].is_object();
        assert_eq!((view.progress.done as usize, view.can_back), (behind, behind > 0 && !told));
        assert!(view.progress.total >= view.progress.done + u32::from(view.item.is_some()));
        if !self.form.json["quiz"]["draw"].is_number() {
            assert!(view.progress.total as usize >= self.way().len(), "fewer than the items on the way");
        }
        let Some(item) = &view.item else { return assert_eq!(view.at, "end") };
        let entry = &self.form.items[self.path[self.path.len() - 1]];
        assert_eq!((view.at, item.id.as_str()), ("item", entry.id));
        assert_eq!(item.text, self.form.say(&entry.json["text"], "en"));
        assert_eq!(json!(item.problem), json!(self.problem), "at {}", item.id);
        assert_eq!(item.locked, self.locked.contains(&self.path[self.path.len() - 1]));
        let chosen = item.chosen.as_ref().map_or(Said::Nothing, to_said);
        assert_eq!(chosen, *self.said_of(entry.id), "at {}", item.id);
        let correct = item.feedback.as_ref().map(|feedback| feedback.correct);
        assert_eq!(correct, item.locked.then(|| entry.right(Some(&chosen))), "at {}", item.id);
    }

    /// All items that are asked as the answers stand, also those ahead.
    fn way(&self) -> Answers {
        let mut way = Answers::new();
        for entry in &self.form.items {
            if entry.asked(&way) {
                way.insert(entry.id.to_owned(), self.said_of(entry.id).clone());
            }
        }
        way
    }

    /// The respondent at the end. In which direction the options ran is read off the screens, where
    /// there were any to see, and else off what is told to be sent.
    fn respondent(&self, mode: Mode) -> Respondent {
        let lines = self.session.sent("en");
        let order = lines.iter().find(|line| line.kind == LineKind::Field && line.of == ["order"]);
        let reversed = order.is_some_and(|line| line.value == ["reversed"]);
        let mode = if mode == Mode::ReadAloud { "read_aloud" } else { "self_completed" };
        Respondent { answers: self.on_way(), reversed, mode }
    }
}

pub(crate) fn to_said(answer: &Answer) -> Said {
    match answer {
        Answer::Special(Special::DontKnow) => Said::DontKnow,
        Answer::Special(Special::Refused) => Said::Refused,
        Answer::Number(number) => Said::Number(*number),
        // Nothing ticked is no answer.
        Answer::Options(ids) if ids.is_empty() => Said::Nothing,
        Answer::Options(ids) => Said::Options(ids.iter().cloned().collect()),
    }
}

/// An answer that the screen offers; now and then none where the item may be passed over.
fn imagine(item: &ItemView, tape: &mut Tape) -> Option<Answer> {
    if json!(item.required) != "required" && tape.one_in(4) {
        return None;
    }
    if !item.specials.is_empty() && tape.one_in(5) {
        return Some(Answer::Special(tape.pick(&item.specials).id));
    }
    let ids = |options: &[&Shown]| options.iter().map(|option| option.id.clone()).collect();
    match &item.control {
        Control::None => None,
        Control::Number { min, max } => {
            Some(Answer::Number(i64::from(*min) + tape.below((max - min + 1) as usize) as i64))
        }
        Control::One { options, .. } => Some(Answer::Options(vec![tape.pick(options).id.clone()])),
        Control::Many { options } => {
            let (alone, free): (Vec<&Shown>, Vec<&Shown>) = options.iter().partition(|option| option.exclusive);
            let exclusive = free.is_empty() || (!alone.is_empty() && tape.one_in(4));
            Some(Answer::Options(if exclusive { ids(&[*tape.pick(&alone)]) } else { ids(&tape.some_of(&free)) }))
        }
    }
}

/// JSON of a value, for comparisons by content.
pub(crate) fn plain(value: &impl serde::Serialize) -> Value {
    serde_json::to_value(value).unwrap()
}
