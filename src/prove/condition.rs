//! Conditions, and parts of them, that hold always or never, and options in them that nobody can have chosen.
//!
//! Looked at are those who get as far as the condition: for an item's own, those for whom its section's holds and
//! who may have drawn it.

use super::{Findings, circuit::Lit, item_at, model::Model, solve::Possible};
use crate::questionnaire::{Item, Rule, definition::Condition};

/// A condition or a part of one.
pub(super) struct Part {
    at: String,
    /// It holds of somebody who gets there; it does not.
    holds: Lit,
    fails: Lit,
    /// The options that it names, of those who get there.
    options: Vec<(String, Lit)>,
    parts: Vec<Part>,
}

/// All conditions of a questionnaire.
pub(super) fn conditions(model: &mut Model) -> Vec<Part> {
    let questionnaire = model.questionnaire;
    let mut conditions = Vec::new();
    for (s, section) in questionnaire.definition.sections.iter().enumerate() {
        let Some(first) = questionnaire.items.iter().find(|item| item.section == s) else { continue };
        if let (Some(rule), Some(condition)) = (rules(model, first).0, &section.ask_if) {
            conditions.push(part(model, condition, rule, format!("/sections/{s}/ask_if"), Lit::TRUE));
        }
    }
    for (index, item) in questionnaire.items.iter().enumerate() {
        let (section, own) = rules(model, item);
        if let (Some(rule), Some(condition)) = (own, &item.definition.ask_if) {
            let section = section.map_or(Lit::TRUE, |rule| model.holds(rule));
            let gets_there = model.circuit.all([model.valid, section, model.drawn[index]]);
            let at = format!("{}/ask_if", item_at(questionnaire, index));
            conditions.push(part(model, condition, rule, at, gets_there));
        }
    }
    conditions
}

/// The rule of an item's section, and its own.
fn rules<'q>(model: &Model<'q>, item: &'q Item) -> (Option<&'q Rule>, Option<&'q Rule>) {
    let section = model.questionnaire.definition.sections[item.section].ask_if.is_some();
    match (&item.ask_if, section, item.definition.ask_if.is_some()) {
        (Some(Rule::And(both)), true, true) => (both.first(), both.get(1)),
        (rule, true, _) => (rule.as_ref(), None),
        (rule, false, _) => (None, rule.as_ref()),
    }
}

fn part(model: &mut Model, condition: &Condition, rule: &Rule, at: String, gets_there: Lit) -> Part {
    let it = model.holds(rule);
    let (holds, fails) = (model.circuit.and(gets_there, it), model.circuit.and(gets_there, !it));
    let mut found = Part { holds, fails, options: Vec::new(), parts: Vec::new(), at };
    match (condition, rule) {
        (Condition::And(several), Rule::And(rules)) | (Condition::Or(several), Rule::Or(rules)) => {
            for (i, (condition, rule)) in several.of.iter().zip(rules).enumerate() {
                found.parts.push(part(model, condition, rule, format!("{}/of/{i}", found.at), gets_there));
            }
        }
        (Condition::Not(negated), Rule::Not(rule)) => {
            found.parts.push(part(model, &negated.of, rule, format!("{}/of", found.at), gets_there));
        }
        (Condition::AnyOf(any_of), Rule::AnyOf { item, .. }) => {
            for (i, name) in any_of.options.iter().enumerate() {
                let option = model.questionnaire.items[*item].options.iter().position(|option| option.id == *name);
                let one = Rule::AnyOf {
                    item: *item,
                    options: option.map_or(0, |option| 1 << option),
                    dont_know: name == "dont_know",
                    refused: name == "refused",
                    no_answer: name == "no_answer",
                };
                let chosen = model.holds(&one);
                found.options.push((format!("{}/options/{i}", found.at), model.circuit.and(gets_there, chosen)));
            }
        }
        _ => {}
    }
    found
}

/// Notes what is wrong with a condition; of what nobody gets to, nothing is.
pub(super) fn judge(part: &Part, whole: bool, possible: &mut Possible, findings: &mut Findings) {
    let it = if whole { "the condition" } else { "this part of the condition" };
    match (possible.ever(part.holds), possible.ever(part.fails)) {
        (false, false) => {}
        (false, true) => {
            findings.fault("never_true", &part.at, format!("{it} holds for nobody who gets here"));
            // What of it can never hold may be why.
            for part in &part.parts {
                if !possible.ever(part.holds) {
                    judge(part, false, possible, findings);
                }
            }
        }
        (true, false) => findings.fault("always_true", &part.at, format!("{it} holds for everybody who gets here")),
        (true, true) => {
            for (at, chosen) in &part.options {
                if !possible.ever(*chosen) {
                    findings.fault("never_chosen", at, "nobody who gets here can have chosen this".into());
                }
            }
            part.parts.iter().for_each(|part| judge(part, false, possible, findings));
        }
    }
}
