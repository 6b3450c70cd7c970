//! One respondent: the same definition, seed and answers give the same screens, score and cells.

use anxin::{
    item::Answer,
    layout::Cells,
    response::Mode,
    session::{Line, Session},
    tally::Tally,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{
    questionnaires,
    shared::{
        Sample,
        walk::{replay, to_answer, walk},
    },
    tapes,
};

fn cells(sample: &Sample, session: &Session) -> Vec<u32> {
    Cells::encode(&sample.questionnaire, &session.finish().unwrap()).ones().to_vec()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Whoever gives the same answers sees the same screens and counts the same, on every run.
    #[test]
    fn the_same_answers_give_the_same_screens_score_and_cells(sample in questionnaires(), seed: u64, mut tape in tapes()) {
        let walked = walk(&sample, seed, &mut tape, 0);
        let (once, screens) = replay(&sample, seed, walked.mode, &walked.respondent.answers);
        let (twice, again) = replay(&sample, seed, walked.mode, &walked.respondent.answers);
        prop_assert!(screens == again);
        prop_assert_eq!(cells(&sample, &once), cells(&sample, &twice));
    }

    /// Going back and forth, answers changed and changed back, answers refused, answers to items that
    /// left the way: nothing of it can be told from a respondent who went straight to the end.
    #[test]
    fn detours_leave_no_trace(sample in questionnaires(), seed: u64, mut tape in tapes()) {
        let walked = walk(&sample, seed, &mut tape, 60);
        let (straight, screens) = replay(&sample, seed, walked.mode, &walked.respondent.answers);
        prop_assert_eq!(cells(&sample, &walked.session), cells(&sample, &straight));
        prop_assert!(walked.session.view("en") == *screens.last().unwrap());
    }

    /// The way gets no longer for who goes straight on, and at its end it is as long as it was.
    #[test]
    fn the_way_never_gets_longer_on_going_on(sample in questionnaires(), seed: u64, mut tape in tapes()) {
        let walked = walk(&sample, seed, &mut tape, 0);
        let (_, screens) = replay(&sample, seed, walked.mode, &walked.respondent.answers);
        prop_assert!(screens.is_sorted_by(|a, b| a.progress.total >= b.progress.total && a.progress.done <= b.progress.done));
        let end = screens.last().unwrap().progress;
        prop_assert_eq!((end.done, end.total as usize), (end.total, walked.respondent.answers.len()));
    }

    /// Whoever breaks off, wherever, is a respondent like any other: what was answered stays, the rest is refused or
    /// left out, and every block adds up. Going on afterwards is as if nothing had happened.
    #[test]
    fn who_breaks_off_can_be_counted(sample in questionnaires(), seed: u64, mut tape in tapes(), until in 0usize..12) {
        let walked = walk(&sample, seed, &mut tape, 0);
        let mut session = Session::start(sample.questionnaire.clone(), seed, walked.mode);
        let mut given = Vec::new();
        while let Some(at) = session.item().filter(|_| given.len() < until) {
            let said = walked.respondent.answers.get(&sample.questionnaire.items[at].definition.id);
            let _ = session.answer(said.and_then(to_answer).as_ref());
            let before = session.view("en");
            session.forward();
            session.forward();
            if session.item() == Some(at) {
                break;
            }
            given.push(before);
        }
        let before = session.view("en");
        let quiz = sample.questionnaire.definition.quiz.is_some();
        if let Some(response) = session.break_off() {
            prop_assert!(!quiz, "a quiz would score it");
            let mut tally = Tally::empty(sample.questionnaire.layout.len());
            tally.add(&Cells::encode(&sample.questionnaire, &response));
            prop_assert_eq!(tally.check(&sample.questionnaire.layout), Ok(()));
        }
        if let (Some(whole), false) = (session.finish(), quiz) {
            let same = session.break_off().is_none_or(|partial| {
                Cells::encode(&sample.questionnaire, &partial) == Cells::encode(&sample.questionnaire, &whole)
            });
            prop_assert!(same, "at the end nothing is left to refuse");
        }
        prop_assert!(session.view("en") == before, "breaking off changes nothing for who goes on");
    }

    /// The language changes the words and nothing else.
    #[test]
    fn languages_differ_in_words_only(sample in questionnaires(), seed: u64, mut tape in tapes()) {
        let mut session = Session::start(sample.questionnaire.clone(), seed, Mode::SelfCompleted);
        let answers = walk(&sample, seed, &mut tape, 0).respondent.answers;
        while let Some(item) = session.view("en").item {
            let bare = |language| wordless(json!(session.view(language)));
            prop_assert_eq!(bare("en"), bare("zh-CN"));
            // Of a language that there is not, the default one is told.
            prop_assert!(session.view("xx") == session.view(sample.questionnaire.default_language()));
            if let Some(answer) = answers.get(&item.id).filter(|_| !item.locked).and_then(to_answer) {
                prop_assert!(session.answer(Some(&answer)).is_ok());
            }
            session.forward();
        }
    }

    /// Reading aloud shows the same screens, and counts the same but for the mode.
    #[test]
    fn the_mode_changes_one_cell(sample in questionnaires(), seed: u64, mut tape in tapes()) {
        let answers = walk(&sample, seed, &mut tape, 0).respondent.answers;
        let (alone, screens) = replay(&sample, seed, Mode::SelfCompleted, &answers);
        let (aloud, others) = replay(&sample, seed, Mode::ReadAloud, &answers);
        prop_assert!(screens == others);
        let (mut alone, mut aloud) = (cells(&sample, &alone), cells(&sample, &aloud));
        prop_assert_eq!(alone.pop().map(|cell| cell + 1), aloud.pop());
        prop_assert_eq!(alone, aloud);
    }

    /// Before the end there is no respondent, and nothing to send.
    #[test]
    fn nothing_is_to_be_had_before_the_end(sample in questionnaires(), seed: u64) {
        let mut session = Session::start(sample.questionnaire.clone(), seed, Mode::SelfCompleted);
        prop_assert_eq!(session.finish().is_none(), session.item().is_some());
        prop_assert_eq!(session.sent("en").is_empty(), session.item().is_some());
        session.back();
        prop_assert_eq!(session.view("en").progress.done, 0);
    }
}

/// A screen without what differs between languages.
fn wordless(mut view: Value) -> Value {
    const WORDS: [&str; 5] = ["text", "section", "help", "title", "explanation"];
    match &mut view {
        Value::Object(fields) => {
            fields.retain(|name, _| !WORDS.contains(&name.as_str()));
            // In a review what was chosen and what is right are told in words.
            fields.values_mut().for_each(|field| *field = wordless(field.take()));
        }
        Value::Array(values) => values.iter_mut().for_each(|value| *value = wordless(value.take())),
        _ => {}
    }
    view
}

/// The small survey asks for reasons of those who feel little safe. Who gives one, goes back and feels
/// safe after all is counted as not asked; who feels unsafe again finds their reason where it was.
#[test]
fn answers_to_items_that_left_the_way_do_not_count() {
    let sample = Sample::parse(include_bytes!("../vectors/good/survey.json"));
    let mut session = Session::start(sample.questionnaire.clone(), 1, Mode::SelfCompleted);
    let answers = |session: &mut Session, id: &str, option: &str| {
        while session.view("en").item.is_none_or(|item| item.id != id) {
            session.back();
        }
        assert!(session.answer(Some(&Answer::Options(vec![option.into()]))).is_ok());
        session.forward();
    };
    let finishes = |session: &mut Session| {
        while let Some(item) = session.view("en").item {
            let number = Answer::Number(30);
            let _ = session.answer(Some(&number).filter(|_| item.id == "age"));
            session.forward();
        }
        let of_why = |line: Line| (line.of == ["Why?"]).then(|| line.value.join("+"));
        session.sent("en").into_iter().filter_map(of_why).collect::<Vec<_>>()
    };
    answers(&mut session, "safe", "little");
    answers(&mut session, "why", "dark");
    assert_eq!(finishes(&mut session), ["Dark streets", "answered"]);
    answers(&mut session, "safe", "yes_very");
    assert_eq!(finishes(&mut session), ["not_asked"]);
    answers(&mut session, "safe", "little");
    assert_eq!(session.view("en").item.unwrap().chosen.map(|it| json!(it)), Some(json!({ "options": ["dark"] })));
    session.forward();
    assert_eq!(finishes(&mut session), ["Dark streets", "answered"]);
}
