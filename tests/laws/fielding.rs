//! What a campaign does on which day, ended or not; and which rates compare between questionnaires.

use anxin::{
    campaign::{Campaign, State},
    day::Day,
    questionnaire::{Comparison, Questionnaire, comparison},
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::questionnaires;

fn days() -> impl Strategy<Value = Day> {
    (0_u16..900).prop_map(|days| Day::new(2026, 1, 1).unwrap().plus_days(days))
}

fn campaigns() -> impl Strategy<Value = Campaign> {
    (days(), 0_u16..400, 0_u16..60).prop_map(|(opens, open, grace_days)| {
        let value = json!({
            "id": "c", "title": {}, "kind": "survey", "questionnaire": "", "areas": [{ "code": "33", "name": {} }],
            "opens": opens, "closes": opens.plus_days(open), "grace_days": grace_days, "k": 5, "channels": ["phone"],
        });
        serde_json::from_value(value).unwrap()
    })
}

proptest! {
    #[test]
    fn states_follow_each_other(campaign in campaigns(), day in days()) {
        let state = campaign.state_on(day);
        prop_assert_eq!(campaign.open_on(day), state == State::Open);
        prop_assert_eq!(campaign.takes_on(day), matches!(state, State::Open | State::Grace));
        prop_assert_eq!(campaign.closed_on(day), state == State::Closed);
        prop_assert!((state as u8) <= campaign.state_on(day.plus_days(1)) as u8);
    }

    /// Whoever was asked in time is counted in time; nobody is asked longer than before; it never reopens.
    #[test]
    fn what_is_ended_stays_so(before in campaigns(), today in days(), day in days()) {
        let mut ended = before.clone();
        ended.end(today);
        let kept: Campaign = serde_json::from_value(serde_json::to_value(&ended).unwrap()).unwrap();
        prop_assert_eq!(&kept, &ended);
        prop_assert_eq!(ended.open_on(day), before.open_on(day) && day <= today || only_in_name(&before, &ended, today, day));
        if before.open_on(today) {
            prop_assert_eq!(ended.closes, today);
            prop_assert_eq!(ended.last_taking(), today.plus_days(before.grace_days));
        }
        if before.opens <= today {
            prop_assert_eq!(ended.opens, before.opens);
            prop_assert_eq!(ended.grace_days, before.grace_days);
        } else {
            prop_assert_eq!(ended.state_on(today), State::Closed);
        }
        let mut again = ended.clone();
        again.end(today);
        prop_assert_eq!(again, ended);
    }

    #[test]
    fn a_questionnaire_compares_with_itself(sample in questionnaires()) {
        let questionnaire = &sample.questionnaire;
        for indicator in &questionnaire.indicators {
            let same = comparison(questionnaire, questionnaire, &indicator.definition.id);
            prop_assert_eq!(same, Some(Comparison::Same));
        }
        prop_assert_eq!(comparison(questionnaire, questionnaire, "no such"), None);
    }
}

/// One that never opened lies in a day that is over, on which nothing was taken.
fn only_in_name(before: &Campaign, ended: &Campaign, today: Day, day: Day) -> bool {
    before.opens > today && day == ended.closes && day < today && ended.closed_on(today)
}

#[test]
fn rates_compare_by_what_they_count() {
    let safety: Value = serde_json::from_slice(include_bytes!("../../www/instruments/safety.json")).unwrap();
    let parse = |value: &Value| Questionnaire::parse(value.to_string().as_bytes()).unwrap();
    let earlier = parse(&safety);
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut value = safety.clone();
        change(&mut value);
        comparison(&earlier, &parse(&value), "safety_satisfaction")
    };
    let overall = "/sections/1/items/0";
    let at = |value: &mut Value, pointer: &str, to: Value| *value.pointer_mut(pointer).unwrap() = to;
    assert_eq!(changed(&|it| at(it, "/indicators/0/definition_version", json!("2027.1"))), Some(Comparison::Other));
    let counts = Some(Comparison::Changed("the answers that count"));
    assert_eq!(changed(&|it| at(it, "/indicators/0/positive", json!(["safe"]))), counts);
    assert_eq!(changed(&|it| at(it, "/indicators/0/base", json!("all"))), Some(Comparison::Changed("the base")));
    let answers = Some(Comparison::Changed("what can be answered"));
    assert_eq!(changed(&|it| at(it, &format!("{overall}/dont_know"), json!(false))), answers);
    let middle = json!({ "id": "middle", "text": { "zh-CN": "一般", "en": "So so" } });
    let middle =
        |it: &mut Value| it.pointer_mut(overall).unwrap()["options"].as_array_mut().unwrap().insert(2, middle.clone());
    assert_eq!(changed(&middle), answers);
    // Other words and another order of what counts are no other definition.
    assert_eq!(
        changed(&|it| at(it, &format!("{overall}/text/en"), json!("Do you feel safe?"))),
        Some(Comparison::Same)
    );
    let turned = json!(["fairly_safe", "safe"]);
    assert_eq!(changed(&|it| at(it, "/indicators/0/positive", turned.clone())), Some(Comparison::Same));
}
