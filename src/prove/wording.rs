//! Texts: whether they are there in every language, fit a phone, and do not lead.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::Deserialize;

use super::{Findings, item_at, reading};
use crate::questionnaire::{
    Item, Questionnaire, Text,
    definition::{ItemType, Required},
};

/// Word lists by primary language; a language without a list is not looked at.
const WORDS: &str = include_str!("words.json");

/// The words of a language.
#[derive(Deserialize)]
struct Words {
    /// What suggests an answer when it stands in a question.
    leading: Vec<String>,
}

/// What a text is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    /// A question or a statement, or the reason for an answer.
    Said,
    /// One of several answers.
    Option,
    /// Anything else.
    Other,
}

/// Every text of the questionnaire with its place.
fn texts(questionnaire: &Questionnaire) -> Vec<(String, Role, &Text)> {
    let definition = &questionnaire.definition;
    let (header, words) = (&definition.header, &definition.words);
    let mut texts = vec![
        ("/title".to_owned(), Role::Other, &definition.title),
        ("/header/table_number".into(), Role::Other, &header.table_number),
        ("/header/issued_by".into(), Role::Other, &header.issued_by),
        ("/header/approval_number".into(), Role::Other, &header.approval_number),
        ("/header/purpose".into(), Role::Other, &header.purpose),
        ("/header/organiser".into(), Role::Other, &header.organiser),
        ("/header/contact".into(), Role::Other, &header.contact),
        ("/header/retention".into(), Role::Other, &header.retention),
        ("/words/yes".into(), Role::Option, &words.yes),
        ("/words/no".into(), Role::Option, &words.no),
        ("/words/dont_know".into(), Role::Option, &words.dont_know),
        ("/words/refuse".into(), Role::Option, &words.refuse),
    ];
    for (s, section) in definition.sections.iter().enumerate() {
        texts.push((format!("/sections/{s}/title"), Role::Other, &section.title));
    }
    for (index, item) in questionnaire.items.iter().enumerate() {
        let at = item_at(questionnaire, index);
        texts.push((format!("{at}/text"), Role::Said, &item.definition.text));
        texts.push((format!("{at}/help"), Role::Said, &item.definition.help));
        texts.push((format!("{at}/explanation"), Role::Said, &item.definition.explanation));
        let (list, role) = match item.definition.kind {
            ItemType::YesNo => continue,
            ItemType::Integer => ("bins", Role::Other),
            _ => ("options", Role::Option),
        };
        for (o, option) in item.options.iter().enumerate() {
            texts.push((format!("{at}/{list}/{o}/text"), role, &option.text));
        }
    }
    for (i, indicator) in questionnaire.indicators.iter().enumerate() {
        texts.push((format!("/indicators/{i}/title"), Role::Other, &indicator.definition.title));
    }
    for (t, topic) in definition.quiz.iter().flat_map(|quiz| &quiz.topics).enumerate() {
        texts.push((format!("/quiz/topics/{t}/title"), Role::Other, &topic.title));
    }
    texts.retain(|(.., text)| !text.is_empty());
    texts
}

/// Notes texts that are missing in a language, or too long for a phone.
pub(super) fn texts_judged(questionnaire: &Questionnaire, findings: &mut Findings) {
    for (at, role, text) in texts(questionnaire) {
        for language in &questionnaire.definition.languages {
            let Some(words) = text.get(language).filter(|words| !words.is_empty()) else {
                findings.warn("untranslated", &at, format!("the text is missing in {language}"));
                continue;
            };
            let most = match role {
                Role::Said => reading::SAID_LINES,
                Role::Option => reading::OPTION_LINES,
                Role::Other => continue,
            };
            let lines = reading::lines(words);
            if lines > most {
                let message = format!("is {lines} lines long on a small phone; more than {most} are hard to take in");
                findings.warn("long_text", &format!("{at}/{language}"), message);
            }
        }
    }
}

/// Notes items that suggest an answer, or leave no way to say that one has none.
pub(super) fn items_judged(questionnaire: &Questionnaire, findings: &mut Findings) {
    for (index, item) in questionnaire.items.iter().enumerate() {
        if item.definition.kind == ItemType::Statement {
            continue;
        }
        let at = item_at(questionnaire, index);
        if !item.scored() {
            leading(&item.definition.text, &at, findings);
        }
        if let Some(why) = corners(item) {
            findings.warn("no_dont_know", &at, format!("offers no *don't know*: {why}"));
        }
    }
}

/// Why an item needs a *don't know* that it has not.
fn corners(item: &Item) -> Option<&'static str> {
    let out = item.definition.refuse || item.definition.required != Required::Required;
    match () {
        () if item.definition.dont_know => None,
        () if item.scored() => Some("who does not know must guess, and a lucky guess counts as knowledge"),
        () if item.definition.kind == ItemType::Rating => Some("who has no opinion must make one up"),
        () if !out => Some("there is no way on but by one of the options"),
        () => None,
    }
}

fn leading(text: &Text, at: &str, findings: &mut Findings) {
    static WORD_LISTS: LazyLock<BTreeMap<String, Words>> =
        LazyLock::new(|| serde_json::from_str(WORDS).unwrap_or_default());
    for (language, words) in text.iter() {
        let primary = language.split('-').next().unwrap_or_default().to_ascii_lowercase();
        let Some(list) = WORD_LISTS.get(&primary) else { continue };
        let said = words.to_lowercase().replace('’', "'");
        for phrase in list.leading.iter().filter(|phrase| says(&said, phrase)) {
            let message = format!("`{phrase}` may suggest an answer");
            findings.warn("leading", &format!("{at}/text/{language}"), message);
        }
    }
}

/// Whether a phrase is said, as a whole word where words are set apart.
fn says(text: &str, phrase: &str) -> bool {
    let part_of_word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    text.match_indices(phrase).any(|(start, _)| {
        !part_of_word(text[..start].chars().next_back()) && !part_of_word(text[start + phrase.len()..].chars().next())
    })
}
