//! A respondent whom an author makes up, answer by answer, or has made up: which items they are asked, and what is
//! counted of them. The session is the one that phones run.

use std::{collections::BTreeMap, fmt::Write, sync::Arc};

use rand::SeedableRng;
use rand_pcg::Pcg32;
use serde::Serialize;

use crate::{
    item::{self, Answer, Special},
    layout::Cells,
    prove::{self, Reached},
    questionnaire::{Item, Questionnaire, definition::ItemType},
    response::{Given, Mode},
    session::{Line, Session},
    simulate,
};

/// So often *on* is pressed on one screen: to be asked for an answer, to be told what was right, and to go on.
const PRESSES: usize = 3;

/// So many seeds are tried for a draw in which an item can be reached.
const SEEDS: u32 = 1 << 16;

/// What an author chose: the seed of draw and order, how it is asked, and answers by item, in whatever order.
pub(super) struct Respondent {
    seed: u32,
    mode: Mode,
    /// By item; `None` for one that is passed over.
    answers: BTreeMap<usize, Option<Answer>>,
}

/// What is known of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Standing {
    /// They are asked.
    Asked,
    /// Answers that are still to be given decide.
    Open,
    /// They are not asked.
    Passed,
    /// It was not drawn from the bank.
    NotDrawn,
}

/// A respondent, as the page is told of them.
#[derive(Serialize)]
pub(super) struct Told {
    seed: u32,
    mode: Mode,
    /// Answers in the notation of [`Respondent::read`].
    answers: String,
    /// What is known of each item.
    standing: Vec<Standing>,
    /// The first item that is asked and has no answer that is taken; none at the end.
    at: Option<usize>,
    /// The result of a quiz, at its end.
    score: Option<Score>,
    /// What is counted, at the end.
    cells: Option<Vec<Cell>>,
}

#[derive(Serialize)]
struct Score {
    score: u32,
    max: u32,
    percent: u32,
    passed: Option<bool>,
}

/// A cell that holds a one.
#[derive(Serialize)]
struct Cell {
    /// Its index in the layout.
    cell: u32,
    #[serde(flatten)]
    line: Line,
}

impl Respondent {
    /// Reads a notation as short as an address needs it: `0.1_2.0.3_4n30_5d_6r_7x`: of item 0 option 1, of item 2
    /// options 0 and 3, of item 4 the number 30; item 5 don't know, 6 refused, 7 passed over.
    pub(super) fn read(questionnaire: &Questionnaire, seed: u32, mode: Mode, answers: &str) -> Option<Self> {
        let entries = answers.split('_').filter(|entry| !entry.is_empty());
        let answers = entries.map(|entry| answer(questionnaire, entry)).collect::<Option<_>>()?;
        Some(Self { seed, mode, answers })
    }

    /// Who answers like everybody else who is simulated.
    pub(super) fn simulated(questionnaire: &Arc<Questionnaire>, seed: u32) -> Self {
        let mut rng = Pcg32::seed_from_u64(seed.into());
        let mode = simulate::mode(&mut rng);
        let mut session = Session::start(questionnaire.clone(), seed.into(), mode);
        simulate::answer(&mut session, &mut rng);
        let given = session.finish().map(|response| response.given.clone()).unwrap_or_default();
        let answered = |(index, given): (usize, Given)| {
            let item = &questionnaire.items[index];
            let asked = given != Given::NotAsked && item.definition.kind != ItemType::Statement;
            asked.then(|| (index, item::chosen(item, given)))
        };
        Self { seed, mode, answers: given.into_iter().enumerate().filter_map(answered).collect() }
    }

    /// Who is asked an item, whatever they answer to what is not on the way there: by the way that was proved, with a
    /// draw that allows it. `None` if no such draw is found.
    pub(super) fn reaching(questionnaire: &Arc<Questionnaire>, way: &Reached) -> Option<Self> {
        let index = |id: &String| questionnaire.item(id);
        let drawn = |seed: &u32| {
            let session = Session::start(questionnaire.clone(), (*seed).into(), Mode::SelfCompleted);
            let is = |id: &String| index(id).is_some_and(|index| session.drawn()[index]);
            way.drawn.iter().all(is) && !way.not_drawn.iter().any(is)
        };
        let seed = (1..SEEDS).find(drawn)?;
        let answered = |given: &prove::Given| Some((index(&given.item)?, given.answer.clone()));
        let answers = way.answers.iter().map(answered).collect::<Option<_>>()?;
        Some(Self { seed, mode: Mode::SelfCompleted, answers })
    }

    /// What comes of their answers.
    pub(super) fn told(&self, questionnaire: &Arc<Questionnaire>, language: &str) -> Told {
        let mut session = Session::start(questionnaire.clone(), self.seed.into(), self.mode);
        let standing = self.standing(questionnaire, session.drawn());
        while session.item().is_some_and(|at| self.step(&mut session, at)) {}
        let result = session.view(language).result;
        let cells = session.finish().map(|response| {
            let cells = Cells::encode(questionnaire, &response);
            let lines = cells.ones().iter().copied().zip(session.sent(language));
            lines.map(|(cell, line)| Cell { cell, line }).collect()
        });
        Told {
            seed: self.seed,
            mode: self.mode,
            answers: self.written(questionnaire),
            standing,
            at: session.item(),
            score: result.map(|it| Score { score: it.score, max: it.max, percent: it.percent, passed: it.passed }),
            cells,
        }
    }

    /// Answers an item and goes on; `false` where there is no way on.
    fn step(&self, session: &mut Session, at: usize) -> bool {
        let statement = session.questionnaire().items[at].definition.kind == ItemType::Statement;
        match self.answers.get(&at) {
            _ if statement => {}
            Some(answer) if session.answer(answer.as_ref()).is_ok() => {}
            _ => return false,
        }
        for _ in 0..PRESSES {
            session.forward();
            if session.item() != Some(at) {
                return true;
            }
        }
        false
    }

    /// What is known of each item, also of those that stand after one without an answer.
    fn standing(&self, questionnaire: &Questionnaire, drawn: &[bool]) -> Vec<Standing> {
        let count = questionnaire.items.len();
        let (mut given, mut open) = (vec![Given::NotAsked; count], vec![false; count]);
        let mut standing = Vec::with_capacity(count);
        for (index, item) in questionnaire.items.iter().enumerate() {
            let asked = item.ask_if.as_ref().map_or(Some(true), |rule| rule.decided(&given, &open));
            let it = match asked {
                _ if !drawn[index] => Standing::NotDrawn,
                Some(true) => Standing::Asked,
                None => Standing::Open,
                Some(false) => Standing::Passed,
            };
            if matches!(it, Standing::Asked | Standing::Open) {
                let answered = self.given(item, index);
                given[index] = answered.unwrap_or_default();
                open[index] = it == Standing::Open || answered.is_none();
            }
            standing.push(it);
        }
        standing
    }

    /// What an item is answered, if it is and that is taken.
    fn given(&self, item: &Item, index: usize) -> Option<Given> {
        match self.answers.get(&index) {
            _ if item.definition.kind == ItemType::Statement => Some(Given::NoAnswer),
            Some(Some(answer)) => item::accept(item, answer).ok(),
            Some(None) => Some(Given::NoAnswer),
            None => None,
        }
    }

    fn written(&self, questionnaire: &Questionnaire) -> String {
        let mut written = String::new();
        for (&index, answer) in &self.answers {
            let _ = write!(written, "{}{index}", if written.is_empty() { "" } else { "_" });
            match answer {
                None => written.push('x'),
                Some(Answer::Special(Special::DontKnow)) => written.push('d'),
                Some(Answer::Special(Special::Refused)) => written.push('r'),
                Some(Answer::Number(number)) => {
                    let _ = write!(written, "n{number}");
                }
                Some(Answer::Options(ids)) => {
                    let options = &questionnaire.items[index].options;
                    let places = ids.iter().filter_map(|id| options.iter().position(|option| option.id == *id));
                    places.for_each(|place| {
                        let _ = write!(written, ".{place}");
                    });
                }
            }
        }
        written
    }
}

/// Reads one answer of the notation.
fn answer(questionnaire: &Questionnaire, entry: &str) -> Option<(usize, Option<Answer>)> {
    let end = entry.find(|c: char| !c.is_ascii_digit())?;
    let (index, rest) = (entry[..end].parse().ok()?, &entry[end..]);
    let item: &Item = questionnaire.items.get(index)?;
    let answer = match rest.split_at_checked(1)? {
        ("x", "") => None,
        ("d", "") => Some(Answer::Special(Special::DontKnow)),
        ("r", "") => Some(Answer::Special(Special::Refused)),
        ("n", number) => Some(Answer::Number(number.parse().ok()?)),
        (".", places) => {
            let option = |place: &str| Some(item.options.get(place.parse::<usize>().ok()?)?.id.clone());
            Some(Answer::Options(places.split('.').map(option).collect::<Option<_>>()?))
        }
        _ => return None,
    };
    Some((index, answer))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prove::prove;

    /// Surveys, a quiz whose items are all asked, and one that draws from a bank.
    const FORMS: [&str; 4] = ["safety", "participation", "pingan_law_quiz", "anti_fraud"];

    fn form(name: &str) -> Arc<Questionnaire> {
        let bytes = std::fs::read(format!("www/instruments/{name}.json")).unwrap();
        Arc::new(Questionnaire::parse(&bytes).unwrap())
    }

    fn reread(questionnaire: &Questionnaire, respondent: &Respondent) -> Respondent {
        let written = respondent.written(questionnaire);
        Respondent::read(questionnaire, respondent.seed, respondent.mode, &written).unwrap()
    }

    #[test]
    fn who_is_simulated_comes_to_the_end_and_is_told_as_the_session_has_them() {
        for questionnaire in FORMS.map(form) {
            for seed in 0..50 {
                let respondent = Respondent::simulated(&questionnaire, seed);
                let told = respondent.told(&questionnaire, "en");
                assert_eq!(told.at, None);
                assert!(!told.standing.contains(&Standing::Open), "nothing is left to be decided");
                let asked = told.standing.iter().filter(|it| **it == Standing::Asked).count();
                let statements = |(index, item): (usize, &Item)| {
                    item.definition.kind == ItemType::Statement && told.standing[index] == Standing::Asked
                };
                let statements = questionnaire.items.iter().enumerate().filter(|it| statements(*it)).count();
                assert_eq!(asked, respondent.answers.len() + statements, "an answer an item that is asked");
                let cells = told.cells.unwrap();
                let one_hot = questionnaire.layout.blocks.iter().filter(|block| block.one_hot());
                for block in one_hot {
                    let inside = |cell: &&Cell| (block.start..block.start + block.len).contains(&(cell.cell as usize));
                    assert_eq!(cells.iter().filter(inside).count(), 1);
                }
                assert_eq!(told.score.is_some(), questionnaire.definition.quiz.is_some());
                let again = reread(&questionnaire, &respondent).told(&questionnaire, "en");
                assert_eq!(again.answers, told.answers);
                assert_eq!(again.cells.unwrap().len(), cells.len());
            }
        }
    }

    /// Whatever is not answered yet, nothing is said that the session contradicts later.
    #[test]
    fn what_is_decided_stays_decided() {
        for questionnaire in FORMS.map(form) {
            for seed in 0..20 {
                let mut respondent = Respondent::simulated(&questionnaire, seed);
                let end = respondent.told(&questionnaire, "en").standing;
                while respondent.answers.pop_last().is_some() {
                    let told = respondent.told(&questionnaire, "en");
                    for (now, then) in told.standing.iter().zip(&end) {
                        assert!(*now == Standing::Open || now == then);
                    }
                    assert_eq!(told.at.map(|at| told.standing[at]), Some(Standing::Asked));
                    assert!(told.cells.is_none() && told.score.is_none(), "nothing is counted before the end");
                }
            }
        }
    }

    #[test]
    fn every_item_is_reached_by_the_way_that_was_proved() {
        for questionnaire in FORMS.map(form) {
            let ways = prove(&questionnaire).ways;
            assert_eq!(ways.len(), questionnaire.items.len());
            for way in &ways {
                let respondent = Respondent::reaching(&questionnaire, way).unwrap();
                let told = respondent.told(&questionnaire, "en");
                assert_eq!(told.standing[questionnaire.item(&way.item).unwrap()], Standing::Asked, "{}", way.item);
            }
        }
    }

    #[test]
    fn what_is_no_answer_is_refused() {
        let questionnaire = form("safety");
        let read = |answers| Respondent::read(&questionnaire, 1, Mode::SelfCompleted, answers);
        assert!(read("").is_some_and(|it| it.answers.is_empty()));
        assert!(read("0.1_1d_2r_3x_4n-5").is_some_and(|it| it.answers.len() == 5));
        for answers in
            ["0", "x", "0.", "0.99", "99.0", "0d1", "0n", "0nx", "0q", "-1.0", "0.1.", "0题", "99999999999999999999x"]
        {
            assert!(read(answers).is_none(), "{answers}");
        }
        // Taken as notation, but not by the item: the respondent stays there.
        let told = read("0n5").unwrap().told(&questionnaire, "en");
        assert_eq!((told.at, told.standing[0]), (Some(0), Standing::Asked));
    }
}
