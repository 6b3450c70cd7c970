//! A questionnaire's name is the hash of what it says, however it is written.

use anxin::questionnaire::{
    Definition, Part, Questionnaire,
    definition::{self, ItemType},
    hash_of,
};
use proptest::prelude::*;
use serde_json::Value;

use crate::{
    questionnaires,
    shared::{Sample, tape::Tape},
    tapes,
};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Nothing of a definition is lost on being read: put together again from what was read, it has the
    /// same name.
    #[test]
    fn what_was_read_can_be_written_again(sample in questionnaires()) {
        let again = restored(&sample.questionnaire);
        prop_assert_eq!(serde_json::to_value(&again).unwrap(), sample.json.clone());
        let bytes = serde_json::to_vec(&again).unwrap();
        prop_assert_eq!(Questionnaire::parse(&bytes).unwrap().hash, sample.questionnaire.hash.clone());
    }

    /// The hash is SHA-256 over the form with sorted fields and no white space, made here by `serde_json`.
    #[test]
    fn the_hash_is_that_of_the_canonical_form(sample in questionnaires()) {
        prop_assert_eq!(&sample.questionnaire.hash, &hash_of(sorted(&sample.json).to_string().as_bytes()));
    }

    /// White space, the order of fields and the way in which characters are escaped change nothing.
    #[test]
    fn the_way_of_writing_changes_nothing(sample in questionnaires(), mut tape in tapes()) {
        let mut text = String::new();
        scribble(&sample.json, &mut tape, &mut text);
        let again = Questionnaire::parse(text.as_bytes()).unwrap();
        prop_assert_eq!(&again.hash, &sample.questionnaire.hash);
        let layout = |it: &Questionnaire| it.layout.clone();
        prop_assert_eq!(layout(&again), layout(&sample.questionnaire));
        let content = |it: &Sample| format!("{:?}", it.questionnaire.items);
        prop_assert_eq!(format!("{:?}", again.items), content(&sample));
    }

    /// Any other wording is another questionnaire.
    #[test]
    fn another_word_is_another_name(sample in questionnaires(), which: prop::sample::Index) {
        let mut json = sample.json.clone();
        let mut texts = Vec::new();
        words(&mut json, &mut texts);
        let (word, count) = (which.index(texts.len()), texts.len());
        texts[word].push('。');
        let again = Questionnaire::parse(json.to_string().as_bytes()).unwrap();
        prop_assert_ne!(&again.hash, &sample.questionnaire.hash, "word {} of {}", word, count);
    }
}

/// The same of files that people wrote: every word of them is there again.
#[test]
fn what_people_wrote_can_be_written_again() {
    for text in [include_str!("../vectors/good/survey.json"), include_str!("../vectors/good/quiz.json")] {
        let again = restored(&Questionnaire::parse(text.as_bytes()).unwrap());
        assert_eq!(serde_json::to_value(again).unwrap(), serde_json::from_str::<Value>(text).unwrap());
    }
}

/// The definition that a questionnaire was read from.
fn restored(questionnaire: &Questionnaire) -> Definition {
    let mut definition = questionnaire.definition.clone();
    for item in &questionnaire.items {
        let written = matches!(item.definition.kind, ItemType::Single | ItemType::Multiple | ItemType::Rating);
        let options = if written { item.options.clone() } else { Vec::new() };
        definition.sections[item.section].items.push(definition::Item { options, ..item.definition.clone() });
    }
    definition.indicators = questionnaire.indicators.iter().map(|it| it.definition.clone()).collect();
    let name = |part: &Part| match part {
        Part::Item(index) => questionnaire.items[*index].definition.id.clone(),
        Part::Indicator(index) => questionnaire.indicators[*index].definition.id.clone(),
        Part::Score => "score".into(),
        Part::Order => "order".into(),
        Part::Mode => "mode".into(),
    };
    let joint = |it: &anxin::questionnaire::Joint| definition::Joint {
        id: it.id.clone(),
        of: it.parts.iter().map(name).collect(),
    };
    definition.joints = questionnaire.joints.iter().map(joint).collect();
    definition
}

/// With the fields of every object in the order of their names.
fn sorted(json: &Value) -> Value {
    match json {
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().map(|(name, value)| (name.clone(), sorted(value))).collect();
            fields.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(fields.into_iter().collect())
        }
        Value::Array(values) => values.iter().map(sorted).collect(),
        other => other.clone(),
    }
}

/// Every text that a reader sees.
fn words<'j>(json: &'j mut Value, into: &mut Vec<&'j mut String>) {
    match json {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(text) => into.extend(["zh-CN", "en"].contains(&name.as_str()).then_some(text)),
                    value => words(value, into),
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| words(value, into)),
        _ => {}
    }
}

/// Writes JSON as nobody would: fields in any order, white space anywhere, characters as escapes.
fn scribble(json: &Value, tape: &mut Tape, into: &mut String) {
    const SPACES: [&str; 6] = ["", "", " ", "\n", "\t", "\r\n  "];
    let space = |tape: &mut Tape, into: &mut String| into.push_str(SPACES[tape.below(SPACES.len())]);
    space(tape, into);
    match json {
        Value::Object(fields) => {
            let mut fields: Vec<(&String, &Value)> = fields.iter().collect();
            into.push('{');
            while !fields.is_empty() {
                let (name, value) = fields.remove(tape.below(fields.len()));
                space(tape, into);
                escaped(name, tape, into);
                space(tape, into);
                into.push(':');
                scribble(value, tape, into);
                into.push_str(if fields.is_empty() { "" } else { "," });
            }
            into.push('}');
        }
        Value::Array(values) => {
            into.push('[');
            for (i, value) in values.iter().enumerate() {
                into.push_str(if i > 0 { "," } else { "" });
                scribble(value, tape, into);
            }
            into.push(']');
        }
        Value::String(text) => escaped(text, tape, into),
        other => into.push_str(&other.to_string()),
    }
    space(tape, into);
}

/// A string in which some characters are written as `\u` escapes, in pairs where need be.
fn escaped(text: &str, tape: &mut Tape, into: &mut String) {
    into.push('"');
    for c in text.chars() {
        if c < ' ' || c == '"' || c == '\\' || tape.one_in(8) {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                let upper = tape.one_in(2);
                into.push_str(&if upper { format!("\\u{unit:04X}") } else { format!("\\u{unit:04x}") });
            }
        } else {
            into.push(c);
        }
    }
    into.push('"');
}
