//! Leads the respondent of a case and compares.

use std::sync::Arc;

use super::{Case, Expected, FormTest, Mismatch, Names, Others, Outcome, Points, Refused, Score, Written};
use crate::{
    item::{self, Answer, Refusal, Special},
    layout::{Cells, names},
    questionnaire::{
        Item, Questionnaire, Status,
        definition::{Bin, ItemType},
    },
    session::{Problem, Session},
    statistic::rate::rate,
    tally::Tally,
};

/// So often *on* is pressed on one screen: to be asked for an answer, to be told what was right, and to go on.
const PRESSES: usize = 3;

impl FormTest {
    /// Runs every case.
    pub fn run(&self, questionnaire: &Arc<Questionnaire>) -> Vec<Outcome> {
        self.cases.iter().map(|case| outcome(case, questionnaire)).collect()
    }
}

fn outcome(case: &Case, questionnaire: &Arc<Questionnaire>) -> Outcome {
    let mut failed = unknown(case, questionnaire);
    if failed.is_empty() {
        failed = compared(case, &Walk::of(case, questionnaire));
    }
    Outcome { name: case.name.clone(), failed }
}

/// Names that mean nothing in this questionnaire.
fn unknown(case: &Case, questionnaire: &Questionnaire) -> Vec<Mismatch> {
    let Expected { visible, not_visible, indicators, cells, .. } = &case.expect;
    let items = case.answers.keys().chain(visible.iter().flatten()).chain(not_visible);
    let items =
        items.filter(|id| questionnaire.item(id).is_none()).map(|id| mismatch("answers or visible", "an item", id));
    let known = |id: &&String| questionnaire.indicators.iter().any(|it| it.definition.id == **id);
    let indicators = indicators.keys().filter(|id| !known(id)).map(|id| mismatch("indicators", "an indicator", id));
    let blocks = || questionnaire.layout.blocks.iter().map(|block| names::block(questionnaire, block.counts));
    let blocks: Vec<String> = cells.keys().filter(|name| !blocks().any(|it| it == **name)).cloned().collect();
    let cells = blocks.iter().map(|name| mismatch("cells", "a block that `anxin simulate` prints", name));
    items.chain(indicators).chain(cells).collect()
}

/// One respondent on their way.
struct Walk {
    session: Session,
    /// The items that were shown, in order.
    visible: Vec<String>,
    refused: Option<Refused>,
}

impl Walk {
    /// Leads a respondent as far as they come.
    fn of(case: &Case, questionnaire: &Arc<Questionnaire>) -> Self {
        let session = Session::start(questionnaire.clone(), case.seed, case.mode);
        let mut walk = Self { session, visible: Vec::new(), refused: None };
        match questionnaire.status(case.day.unwrap_or(questionnaire.valid_from)) {
            Status::Open => while walk.step(case) {},
            Status::NotYet => walk.refused = Some(Refused::NotYet),
            Status::Expired => walk.refused = Some(Refused::Expired),
        }
        walk
    }

    /// Answers the item on view and goes on; `false` where the way ends.
    fn step(&mut self, case: &Case) -> bool {
        let Some(at) = self.session.item() else { return false };
        let questionnaire = self.session.questionnaire().clone();
        let item = &questionnaire.items[at];
        self.visible.push(item.definition.id.clone());
        let answer = match (case.answers.get(&item.definition.id), case.others) {
            _ if item.definition.kind == ItemType::Statement => None,
            (Some(Written::Nothing(())), _) => None,
            (Some(written), _) => Some(given(written)),
            (None, Some(others)) => Some(any(others, item)),
            (None, None) => return false,
        };
        if let Some(Err(refusal)) = answer.map(|answer| self.session.answer(Some(&answer))) {
            self.refused = Some(match refusal {
                Refusal::OutOfRange => Refused::OutOfRange,
                Refusal::WrongAnswer => Refused::WrongAnswer,
            });
            return false;
        }
        for _ in 0..PRESSES {
            self.session.forward();
            if self.session.item() != Some(at) {
                return true;
            }
            let view = self.session.view(questionnaire.default_language());
            if view.item.is_some_and(|item| item.problem == Some(Problem::Required)) {
                self.refused = Some(Refused::Required);
                break;
            }
        }
        false
    }
}

/// An answer as the page gives it.
fn given(written: &Written) -> Answer {
    match written {
        Written::Number(number) => Answer::Number(*number),
        Written::One(name) if name == "dont_know" => Answer::Special(Special::DontKnow),
        Written::One(name) if name == "refused" => Answer::Special(Special::Refused),
        Written::One(name) => Answer::Options(vec![name.clone()]),
        Written::Many(names) => Answer::Options(names.clone()),
        Written::Nothing(()) => Answer::Options(Vec::new()),
    }
}

/// An answer to an item of any kind.
fn any(others: Others, item: &Item) -> Answer {
    let wrong = || (0..item.options.len()).find(|option| 1 << option != item.key);
    let options = match others {
        Others::DontKnow => return Answer::Special(Special::DontKnow),
        Others::Refused => return Answer::Special(Special::Refused),
        Others::First => vec![0],
        Others::Right => item::members(item.key).collect(),
        Others::Wrong => wrong().into_iter().collect(),
    };
    match options.first().and_then(|&option| item.definition.bins.get(option)) {
        Some(Bin { from, .. }) => Answer::Number(i64::from(*from)),
        None => Answer::Options(options.into_iter().map(|option| item.options[option].id.clone()).collect()),
    }
}

/// What was not as expected.
fn compared(case: &Case, walk: &Walk) -> Vec<Mismatch> {
    let (expect, mut failed) = (&case.expect, Vec::new());
    let mut hold = |what: &str, expected: String, got: String| {
        if expected != got {
            failed.push(Mismatch { what: what.to_owned(), expected, got });
        }
    };
    let stopped = || walk.visible.last().map_or_else(String::new, |item| format!(" at {item}"));
    let refused = |why: Option<Refused>, at: String| why.map_or("nothing".into(), |why| format!("{why:?}{at}"));
    let at = if expect.refused == walk.refused { String::new() } else { stopped() };
    hold("refused", refused(expect.refused, String::new()), refused(walk.refused, at));
    let ended = |ended: bool, at: String| if ended { "the end".to_owned() } else { format!("no end{at}") };
    let wanted = expect.ended.unwrap_or(expect.refused.is_none());
    let came = walk.session.item().is_none();
    hold("ended", ended(wanted, String::new()), ended(came, if came == wanted { String::new() } else { stopped() }));
    if let Some(visible) = &expect.visible {
        hold("visible", listed(visible), listed(&walk.visible));
    }
    let shown: Vec<&String> = expect.not_visible.iter().filter(|id| walk.visible.contains(id)).collect();
    hold("not visible", "none of them".into(), if shown.is_empty() { "none of them".into() } else { listed(&shown) });
    if walk.refused.is_none() {
        let idle: Vec<&String> = case.answers.keys().filter(|id| !walk.visible.contains(id)).collect();
        hold(
            "answers",
            "each to be asked for".into(),
            if idle.is_empty() { "each to be asked for".into() } else { format!("never asked: {}", listed(&idle)) },
        );
    }
    if let Some(score) = expect.score {
        let result = walk.session.view("").result;
        let got = result.map(|result| match score {
            Score::Points(_) => Score::Points(result.score),
            Score::Of(_) => Score::Of(Points { points: result.score, max: result.max }),
        });
        hold("score", score.told(), got.map_or("none".into(), Score::told));
    }
    figures(expect, walk, &mut hold);
    failed
}

/// Compares what is counted of a respondent.
fn figures(expect: &Expected, walk: &Walk, hold: &mut dyn FnMut(&str, String, String)) {
    if expect.indicators.is_empty() && expect.cells.is_empty() {
        return;
    }
    let questionnaire = walk.session.questionnaire();
    let Some(response) = walk.session.finish() else {
        return hold("indicators and cells", "a respondent who came to the end".into(), "one who did not".into());
    };
    let cells = Cells::encode(questionnaire, &response);
    let mut tally = Tally::empty(questionnaire.layout.len());
    tally.add(&cells);
    for (index, indicator) in questionnaire.indicators.iter().enumerate() {
        let Some(expected) = expect.indicators.get(&indicator.definition.id) else { continue };
        let got = rate(questionnaire, &tally, index).valid.map(|estimate| estimate.x == 1);
        let told = |it: Option<bool>| it.map_or("null".to_owned(), |it| it.to_string());
        hold(&format!("indicator {}", indicator.definition.id), told(*expected), told(got));
    }
    for block in &questionnaire.layout.blocks {
        let name = names::block(questionnaire, block.counts);
        let Some(expected) = expect.cells.get(&name) else { continue };
        let counts = block.of(&tally.cells);
        let got = names::cells(questionnaire, block).into_iter().zip(counts).filter(|(_, count)| **count == 1);
        let expected = match expected {
            Names::One(name) => vec![name.clone()],
            Names::Many(names) => names.clone(),
        };
        hold(&name, listed(&sorted(expected)), listed(&sorted(got.map(|(name, _)| name).collect())));
    }
}

impl Score {
    fn told(self) -> String {
        match self {
            Self::Points(points) => points.to_string(),
            Self::Of(Points { points, max }) => format!("{points} of {max}"),
        }
    }
}

fn sorted(mut names: Vec<String>) -> Vec<String> {
    names.sort_unstable();
    names
}

fn listed(names: &[impl AsRef<str>]) -> String {
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    format!("[{}]", names.join(", "))
}

fn mismatch(what: &str, expected: &str, got: &str) -> Mismatch {
    Mismatch { what: what.to_owned(), expected: expected.to_owned(), got: format!("`{got}`, of which there is none") }
}
