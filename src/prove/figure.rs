//! What is computed must have somebody to be computed of.

use super::{Between, Findings, circuit::Lit, item_at, model::Model, points::Points, solve::Possible};
use crate::{
    item::members,
    questionnaire::{
        Part, Questionnaire,
        definition::{ItemType, Quiz},
    },
};

/// When all sides of each joint block are asked of the same respondent.
pub(super) fn joints(model: &mut Model) -> Vec<Lit> {
    let questionnaire = model.questionnaire;
    let item = |part: &Part| match part {
        Part::Item(item) => Some(*item),
        Part::Indicator(indicator) => Some(questionnaire.indicators[*indicator].item),
        Part::Score | Part::Order | Part::Mode => None,
    };
    let mut together = Vec::new();
    for joint in &questionnaire.joints {
        let asked: Vec<Lit> = joint.parts.iter().filter_map(item).map(|item| model.asked[item]).collect();
        together.push(model.circuit.all(asked));
    }
    together
}

/// Notes indicators and joint blocks that count nobody, or everybody alike.
pub(super) fn judge(model: &Model, joints: &[Lit], possible: &mut Possible, findings: &mut Findings) {
    let questionnaire = model.questionnaire;
    for (i, indicator) in questionnaire.indicators.iter().enumerate() {
        let (at, item) = (format!("/indicators/{i}"), &questionnaire.items[indicator.item]);
        if !possible.ever(model.asked[indicator.item]) {
            let id = &item.definition.id;
            findings.fault("base_empty", &format!("{at}/item"), format!("nobody is asked `{id}`, so it has no base"));
        }
        if indicator.positive.count_ones() as usize == item.options.len() {
            let message = "all options count as positive: the rate is 100 % whatever is answered".into();
            findings.fault("always_positive", &format!("{at}/positive"), message);
        }
    }
    for (j, &together) in joints.iter().enumerate() {
        if !possible.ever(together) {
            let message = "nobody is asked all of these: the crosstab stays empty".into();
            findings.fault("joint_empty", &format!("/joints/{j}/of"), message);
        }
    }
}

/// Notes keys that nobody can match, scores that nobody can reach and topics without items.
pub(super) fn quiz(questionnaire: &Questionnaire, points: Option<&Points>, findings: &mut Findings) {
    keys(questionnaire, findings);
    let (Some(quiz), Some(points)) = (&questionnaire.definition.quiz, points) else { return };
    scores(quiz, points, findings);
    for (t, topic) in quiz.topics.iter().enumerate() {
        if !questionnaire.items.iter().any(|item| item.topic == Some(t)) {
            findings.fault("topic_empty", &format!("/quiz/topics/{t}"), format!("no item belongs to `{}`", topic.id));
        }
    }
    let without = |item: &&crate::questionnaire::Item| item.scored() && item.topic.is_none();
    if !quiz.topics.is_empty() {
        for (index, item) in questionnaire.items.iter().enumerate().filter(|(_, item)| without(item)) {
            let message = format!("`{}` belongs to no topic, so a draw is not balanced over it", item.definition.id);
            findings.warn("topic_missing", &item_at(questionnaire, index), message);
        }
    }
}

fn scores(quiz: &Quiz, points: &Points, findings: &mut Findings) {
    let (most, max) = (points.most(), points.max);
    for (b, lower) in quiz.score_bands.iter().enumerate().filter(|(_, lower)| **lower > most) {
        let message = format!("starts at {lower}; nobody gets more than {most}");
        findings.fault("band_empty", &format!("/quiz/score_bands/{b}"), message);
    }
    if !points.exact {
        return;
    }
    if max > most {
        let message = format!("nobody gets more than {most} points, though full marks are {max}");
        findings.warn("score_out_of_reach", "/quiz", message);
    }
    let gaps = points.gaps();
    if !gaps.is_empty() {
        let message = format!("nobody gets {} points, though some get {most}", stretches(&gaps));
        findings.warn("score_gap", "/quiz", message);
    }
    let Between { least, most } = points.worth;
    if least < most {
        let message = format!("some are asked for {least} points, others for {most}: their scores do not compare");
        findings.warn("score_uneven", "/quiz", message);
    }
}

/// Scores in words: `0, 2 to 4`.
pub(crate) fn stretches(stretches: &[(u32, u32)]) -> String {
    let told = |(first, last): &(u32, u32)| {
        if first == last { first.to_string() } else { format!("{first} to {last}") }
    };
    stretches.iter().map(told).collect::<Vec<_>>().join(", ")
}

fn keys(questionnaire: &Questionnaire, findings: &mut Findings) {
    for (index, item) in questionnaire.items.iter().enumerate() {
        if item.definition.kind != ItemType::Multiple {
            continue;
        }
        let at = item_at(questionnaire, index);
        let alone = |option: usize| item.options.get(option).is_some_and(|option| option.exclusive);
        if item.key.count_ones() > 1 && members(item.key).any(alone) {
            let message = "names an option that stands alone beside others: nobody can answer so".into();
            findings.fault("key_unreachable", &format!("{at}/key"), message);
        }
        if item.options.iter().all(|option| option.exclusive) {
            let message = "every option stands alone: this is an item of type single".into();
            findings.warn("all_exclusive", &format!("{at}/options"), message);
        }
    }
}
