//! How long reading and answering takes, and how much of a phone a text fills: assumptions, each here alone.

use crate::questionnaire::{
    Item, Questionnaire, Text,
    definition::{Feedback, ItemType},
};

/// Han characters read a second: some 255 a minute read adults silently (the Chinese text of the IReST reading
/// charts), and many respondents are old, so two thirds of that.
const HAN_A_SECOND: f64 = 170.0 / 60.0;

/// Other words read a second: some 230 a minute (the English text of the same charts), two thirds of it.
const WORDS_A_SECOND: f64 = 150.0 / 60.0;

/// Making up one's mind and pressing two buttons: the answer, and *next*.
const ANSWER_SECONDS: f64 = 4.0;

/// Pressing *next* alone.
const NEXT_SECONDS: f64 = 1.0;

/// Width of a line on a screen of 320 px at 18 px, margins taken off, in widths of a Han character.
const LINE_EMS: f64 = 16.0;

/// Lines of a question, a hint or a reason that leave half of a screen of 568 px to the answers.
pub(super) const SAID_LINES: usize = 10;

/// Lines of an option: beyond them a list of options cannot be compared at a glance.
pub(super) const OPTION_LINES: usize = 4;

/// Lines that a text takes on a small phone.
pub(super) fn lines(words: &str) -> usize {
    let line = |line: &str| {
        let ems: f64 = line.chars().map(|c| if wide(c) { 1.0 } else { 0.5 }).sum();
        (ems / LINE_EMS).ceil().max(1.0) as usize
    };
    words.lines().map(line).sum()
}

/// As wide as high: Han characters, kana, hangul, and the punctuation between them.
fn wide(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}' | '\u{ffe0}'..='\u{ffe6}' | '\u{20000}'..='\u{3fffd}')
}

/// Seconds that an item takes in the default language, to the next whole one: its words are read, options and
/// what a quiz tells after the answer too, and the answer is given.
pub(super) fn seconds(questionnaire: &Questionnaire, item: &Item) -> u32 {
    let words = &questionnaire.definition.words;
    let specials = [(item.definition.dont_know, &words.dont_know), (item.definition.refuse, &words.refuse)];
    let specials = specials.into_iter().filter(|(offered, _)| *offered).map(|(_, text)| text);
    let told = questionnaire.definition.quiz.as_ref().is_some_and(|quiz| quiz.feedback == Feedback::Each);
    let options = item.options.iter().filter(|_| item.definition.kind != ItemType::Integer).map(|option| &option.text);
    let texts = [&item.definition.text, &item.definition.help].into_iter().chain(options).chain(specials);
    let texts = texts.chain(told.then_some(&item.definition.explanation));
    let read: f64 = texts.map(|text: &Text| read(questionnaire.say(text, questionnaire.default_language()))).sum();
    let answer = if item.definition.kind == ItemType::Statement { NEXT_SECONDS } else { ANSWER_SECONDS };
    (read + answer).ceil() as u32
}

/// Seconds that reading takes.
fn read(words: &str) -> f64 {
    let han = words.chars().filter(|c| wide(*c) && c.is_alphabetic()).count();
    let others = words.split(|c: char| wide(c) || c.is_whitespace()).filter(|word| !word.is_empty()).count();
    han as f64 / HAN_A_SECOND + others as f64 / WORDS_A_SECOND
}
