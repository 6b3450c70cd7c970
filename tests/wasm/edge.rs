//! The edge to JavaScript: what the page hands over and gets back.

use std::sync::Arc;

use anxin::{
    browser::Survey,
    questionnaire::Questionnaire,
    response::Mode,
    session::{Session, View},
};
use js_sys::JSON;
use serde_json::{Value, json};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::shared::walk::plain;

const SURVEY: &str = include_str!("../vectors/good/survey.json");
const QUIZ: &str = include_str!("../vectors/good/quiz.json");

/// Plain data as the page has it, told as JSON.
pub(crate) fn told(value: &JsValue) -> Value {
    serde_json::from_str(&String::from(JSON::stringify(value).unwrap())).unwrap()
}

/// What is thrown is an `Error`; its name is what the page goes by.
#[track_caller]
pub(crate) fn name<T>(outcome: Result<T, impl Into<JsValue>>) -> String {
    let thrown: JsValue = outcome.err().expect("nothing is thrown").into();
    assert!(thrown.is_instance_of::<js_sys::Error>());
    js_sys::Error::from(thrown).name().into()
}

/// A value as the page would write it down.
fn script(text: &str) -> JsValue {
    js_sys::Function::new_no_args(&format!("return {text}")).call0(&JsValue::NULL).unwrap()
}

fn survey(text: &str) -> Survey {
    Survey::new(text.as_bytes(), None).ok().expect("a good file")
}

/// The small survey with other days of validity.
fn valid(from: &str, until: &str) -> Survey {
    let mut json: Value = serde_json::from_str(SURVEY).unwrap();
    (json["header"]["valid_from"], json["header"]["valid_until"]) = (json!(from), json!(until));
    survey(&json.to_string())
}

fn view(survey: &Survey) -> Value {
    told(&survey.view("en").ok().expect("a screen"))
}

/// Answers with what a script hands over, and goes on.
fn goes_on(survey: &mut Survey, answer: &str) {
    assert!(survey.answer(script(answer)).is_ok(), "{answer}");
    assert!(survey.forward().is_ok());
}

#[wasm_bindgen_test]
fn a_file_is_taken_only_if_it_is_good_and_the_right_one() {
    let hash = Questionnaire::parse(SURVEY.as_bytes()).unwrap().hash;
    let new = |text: &str, hash: &str| Survey::new(text.as_bytes(), Some(hash.to_owned()));
    assert!(new(SURVEY, &hash).is_ok());
    assert_eq!(name(new(SURVEY, &hash.replace(&hash[..1], "x"))), "WrongHash");
    assert_eq!(name(new("{", &hash)), "FaultyDefinition");
    assert_eq!(name(Survey::new(include_bytes!("../vectors/bad/circle.json"), None)), "FaultyDefinition");
}

#[wasm_bindgen_test]
fn the_cover_tells_the_header_and_whether_it_opens() {
    let cover = |survey: &Survey| told(&survey.cover("en").ok().unwrap());
    let open = cover(&valid("2000-01-01", "9999-12-31"));
    assert_eq!(open["status"], "open");
    for (survey, status) in
        [(valid("2000-01-01", "2000-12-31"), "expired"), (valid("9000-01-01", "9999-12-31"), "not_yet")]
    {
        let mut other = cover(&survey);
        assert_eq!(other["status"], status);
        (other["status"], other["header"]) = (open["status"].clone(), open["header"].clone());
        assert_eq!(other, open);
    }
    for field in ["table_number", "issued_by", "approval_number", "purpose", "organiser", "contact", "retention"] {
        assert!(open["header"][field].as_str().is_some_and(|words| !words.is_empty()), "{field}");
    }
    assert_eq!((&open["quiz"], &open["items"]), (&Value::Null, &json!(4)));
    let quiz = cover(&survey(QUIZ));
    assert_eq!(quiz["quiz"], json!({ "draw": 2, "pass_percent": 80, "feedback": "each" }));
}

#[wasm_bindgen_test]
fn a_respondent_starts_only_while_it_is_valid() {
    let mut open = valid("2000-01-01", "9999-12-31");
    assert!(open.start("self_completed").is_ok() && open.start("read_aloud").is_ok());
    assert_eq!(name(open.start("by_post")), "WrongMode");
    assert_eq!(name(valid("2000-01-01", "2000-12-31").start("self_completed")), "Expired");
    assert_eq!(name(valid("9000-01-01", "9999-12-31").start("self_completed")), "Expired");
}

#[wasm_bindgen_test]
fn nobody_answers_before_the_start_and_after_the_stop() {
    let mut survey = survey(SURVEY);
    let nobody = |survey: &mut Survey| {
        assert_eq!(name(survey.view("en")), "NoRespondent");
        assert_eq!(name(survey.answer(JsValue::NULL)), "NoRespondent");
        assert_eq!(name(survey.forward()), "NoRespondent");
        assert_eq!(name(survey.back()), "NoRespondent");
        assert_eq!(name(survey.sent("en")), "NoRespondent");
    };
    nobody(&mut survey);
    assert!(survey.start_seeded("self_completed", 1).is_ok());
    assert_eq!(view(&survey)["at"], "item");
    survey.stop();
    nobody(&mut survey);
}

/// The screens that the page gets are those of the session, in each language.
#[wasm_bindgen_test]
fn the_page_gets_the_screens_of_the_session() {
    for text in [SURVEY, QUIZ] {
        let mut survey = survey(text);
        let questionnaire = Arc::new(Questionnaire::parse(text.as_bytes()).unwrap());
        for seed in 0..8 {
            assert!(survey.start_seeded("read_aloud", seed).is_ok());
            let mut session = Session::start(questionnaire.clone(), seed.into(), Mode::ReadAloud);
            loop {
                for language in ["zh-CN", "en", "fr"] {
                    assert_eq!(told(&survey.view(language).ok().unwrap()), plain(&session.view(language)));
                    assert_eq!(told(&survey.sent(language).ok().unwrap()), plain(&session.sent(language)));
                }
                let View { item: Some(item), .. } = session.view("en") else { break };
                let control = plain(&item.control);
                let answer = match control["kind"].as_str().unwrap() {
                    "number" => json!({ "number": control["min"] }),
                    "none" => Value::Null,
                    _ => json!({ "options": [control["options"][0]["id"]] }),
                };
                let taken = survey.answer(JSON::parse(&answer.to_string()).unwrap()).is_ok();
                assert_eq!(taken, session.answer(serde_json::from_value(answer).ok().as_ref()).is_ok());
                assert!(survey.forward().is_ok());
                session.forward();
            }
        }
    }
}

/// Every shape of an answer that there is, and none that there is not.
#[wasm_bindgen_test]
fn answers_are_taken_in_their_shapes_only() {
    let mut survey = survey(SURVEY);
    assert!(survey.start_seeded("self_completed", 1).is_ok());
    let chosen = |survey: &Survey| view(survey)["item"]["chosen"].clone();
    for wrong in [
        "{}",
        "[]",
        "1",
        "'little'",
        "true",
        "{ options: 'little' }",
        "{ options: [1] }",
        "{ options: [] }",
        "{ options: ['other'] }",
        "{ options: ['little', 'yes_very'] }",
        "{ special: 'maybe' }",
        "{ special: null }",
        "{ number: 3 }",
        "{ number: '3' }",
        "{ number: 1.5 }",
        "{ options: ['little'], number: 3 }",
        "{ option: ['little'] }",
        "{ special: 'dont_know', options: ['little'] }",
    ] {
        assert_eq!(name(survey.answer(script(wrong))), "WrongAnswer", "{wrong}");
        assert_eq!(chosen(&survey), Value::Null, "{wrong}");
    }
    for right in ["{ options: ['little'] }", "{ special: 'dont_know' }", "{ special: 'refused' }"] {
        assert!(survey.answer(script(right)).is_ok());
        assert_eq!(chosen(&survey), told(&script(right)));
        assert!(survey.answer(JsValue::NULL).is_ok());
        assert_eq!(chosen(&survey), Value::Null);
    }
}

/// A number out of bounds, or no whole number at all, is told on the screen.
#[wasm_bindgen_test]
fn a_number_out_of_bounds_is_told_by_the_next_view() {
    let mut survey = survey(SURVEY);
    assert!(survey.start_seeded("self_completed", 1).is_ok());
    goes_on(&mut survey, "{ options: ['yes_very'] }");
    goes_on(&mut survey, "null");
    assert_eq!(view(&survey)["item"]["id"], "age");
    for out in ["15", "111", "-1", "39.5", "1e21", "-1e21", "4294967312"] {
        assert!(survey.answer(script(&format!("{{ number: {out} }}"))).is_ok());
        assert!(survey.forward().is_ok());
        assert_eq!(view(&survey)["item"]["problem"], "range", "{out}");
    }
    for fits in ["16", "110", "40.0", "4e1"] {
        assert!(survey.answer(script(&format!("{{ number: {fits} }}"))).is_ok());
        assert_eq!(view(&survey)["item"]["problem"], Value::Null, "{fits}");
    }
    assert_eq!(name(survey.answer(script("{ number: NaN }"))), "WrongAnswer");
}

/// The last bin may have no end to speak of; what is no whole number lies out of its bounds too.
#[wasm_bindgen_test]
fn a_fraction_is_out_of_the_widest_bounds() {
    let mut survey = survey(&SURVEY.replace("\"to\": 110", &format!("\"to\": {}", i32::MAX)));
    assert!(survey.start_seeded("self_completed", 1).is_ok());
    goes_on(&mut survey, "{ options: ['yes_very'] }");
    goes_on(&mut survey, "null");
    for (number, problem) in [("2147483647", Value::Null), ("39.5", json!("range")), ("2147483648", json!("range"))] {
        assert!(survey.answer(script(&format!("{{ number: {number} }}"))).is_ok());
        assert_eq!(view(&survey)["item"]["problem"], problem, "{number}");
    }
}

/// The whole of a small quiz as the page takes it: feedback at once, an answer that then stands, the
/// result at the end, and nothing to send before it.
#[wasm_bindgen_test]
fn a_quiz_runs_from_start_to_result() {
    let mut survey = survey(QUIZ);
    assert!(survey.start_seeded("self_completed", 3).is_ok());
    for _ in 0..2 {
        assert_eq!(told(&survey.sent("en").ok().unwrap()), json!([]));
        let item = view(&survey)["item"].clone();
        assert!(survey.forward().is_ok());
        assert_eq!(view(&survey)["item"]["problem"], "required");
        let key = match item["id"].as_str().unwrap() {
            "q1" => "{ options: ['no'] }",
            "q2" => "{ options: ['a'] }",
            _ => "{ options: ['b', 'a'] }",
        };
        goes_on(&mut survey, key);
        let told = view(&survey)["item"].clone();
        assert_eq!((&told["locked"], &told["feedback"]["correct"]), (&json!(true), &json!(true)), "{told}");
        assert_eq!(name(survey.answer(JsValue::NULL)), "WrongAnswer", "the answer stands");
        assert!(survey.forward().is_ok());
    }
    let end = view(&survey);
    let result = &end["result"];
    assert_eq!(
        (&end["at"], &result["score"], &result["max"], &result["passed"]),
        (&json!("end"), &json!(4), &json!(4), &json!(true))
    );
    assert_eq!(result["review"].as_array().unwrap().len(), 2);
    assert!(!told(&survey.sent("en").ok().unwrap()).as_array().unwrap().is_empty());
}
