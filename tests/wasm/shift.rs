//! The tablet channel in a browser: its storage, its posts. A stand-in for the collector answers; what
//! it was sent is kept by it.

use anxin::{
    browser::{Shift, Survey},
    questionnaire::Questionnaire,
};
use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::edge::{name, told};

const SURVEY: &str = include_str!("../vectors/good/survey.json");
const KEY: &str = "anxin.device";

/// The small survey, valid whenever this runs.
pub(crate) fn definition() -> String {
    let mut json: Value = serde_json::from_str(SURVEY).unwrap();
    (json["header"]["valid_from"], json["header"]["valid_until"]) = (json!("2000-01-01"), json!("9999-12-31"));
    json.to_string()
}

/// Its name.
pub(crate) fn hash() -> String {
    Questionnaire::parse(definition().as_bytes()).unwrap().hash
}

pub(crate) fn campaign() -> String {
    let area = |code| json!({ "code": code, "name": { "zh-CN": "地" } });
    json!({
        "id": "one", "title": { "zh-CN": "调查" }, "kind": "survey",
        "questionnaire": hash(),
        "areas": [area("330602"), area("330603")],
        "opens": "2000-01-01", "closes": "9999-12-01", "grace_days": 14, "k": 5, "channels": ["tablet"],
    })
    .to_string()
}

pub(crate) fn storage() -> web_sys::Storage {
    web_sys::window().unwrap().local_storage().unwrap().unwrap()
}

/// Has the page's `fetch` do this with the `request`.
fn answers(script: &str) {
    let script = format!("const request = new Request(url, options); {script}");
    let fetch = js_sys::Function::new_with_args("url, options", &script);
    js_sys::Reflect::set(&web_sys::window().unwrap(), &"fetch".into(), &fetch).unwrap();
}

const COLLECTOR: &str = "
    return request.text().then((body) => {
        (window.posted ??= []).push({ body, path: new URL(request.url).pathname, credentials: request.credentials, method: request.method });
        return new Response(JSON.stringify({ id: JSON.parse(body).id, counted: true }), { status: 201 });
    });";

/// A new tablet, handed over to the first resident.
pub(crate) fn tablet() -> String {
    storage().clear().unwrap();
    let campaign = campaign();
    assert!(Shift::begin(&campaign, "330602", "self_completed", "2580").is_ok());
    assert!(Shift::hand_over(&campaign).is_ok());
    campaign
}

fn state(campaign: &str) -> Value {
    told(&Shift::current(campaign).ok().unwrap())
}

/// A respondent at the end.
pub(crate) fn finished(seed: u32) -> Survey {
    let mut survey = Survey::new(definition().as_bytes(), None).ok().unwrap();
    assert!(survey.start_seeded("self_completed", seed).is_ok());
    for answer in
        [json!({ "options": ["yes_very"] }), Value::Null, json!({ "number": 30 }), json!({ "options": ["yes"] })]
    {
        assert!(survey.answer(js_sys::JSON::parse(&answer.to_string()).unwrap()).is_ok() || answer.is_null());
        assert!(survey.forward().is_ok());
    }
    survey
}

#[wasm_bindgen_test]
fn a_respondent_is_added_once_and_forgotten() {
    let campaign = tablet();
    let mut survey = finished(1);
    assert!(Shift::add(&campaign, &mut survey, None).is_ok());
    assert_eq!(name(Shift::add(&campaign, &mut survey, None)), "NoRespondent");
    let state = state(&campaign);
    assert_eq!((&state["in_tally"], &state["completed"], &state["handed_over"]), (&json!(1), &json!(1), &json!(true)));
    assert!(survey.start_seeded("self_completed", 2).is_ok());
    assert_eq!(name(Shift::add(&campaign, &mut survey, None)), "NotFinished");
    let mut other = Survey::new(SURVEY.as_bytes(), None).ok().unwrap();
    assert!(other.start_seeded("self_completed", 2).is_ok());
    assert_eq!(name(Shift::add(&campaign, &mut other, None)), "NotFinished");
}

#[wasm_bindgen_test]
fn steps_that_are_not_taken_are_told_by_name() {
    storage().clear().unwrap();
    let campaign = campaign();
    let begin = |area: &str, mode: &str, pin: &str| Shift::begin(&campaign, area, mode, pin);
    assert_eq!(told(&Shift::current(&campaign).ok().unwrap()), Value::Null);
    assert_eq!(name(Shift::hand_over(&campaign)), "NoShift");
    assert_eq!(name(begin("330699", "self_completed", "2580")), "WrongArea");
    assert_eq!(name(begin("330602", "by_post", "2580")), "WrongMode");
    assert_eq!(name(begin("330602", "self_completed", "258")), "BadPin");
    let over = campaign.replace("9999-12-01", "2000-12-01");
    assert_eq!(name(Shift::begin(&over, "330602", "self_completed", "2580")), "Closed");
    assert_eq!(name(Shift::current("{}")), "FaultyCampaign");
    assert!(begin("330602", "self_completed", "2580").is_ok());
    assert_eq!(name(begin("330602", "self_completed", "2580")), "ShiftOn");
}

/// What cannot be read is told and left as it is, whatever the step.
#[wasm_bindgen_test]
async fn a_damaged_document_is_not_overwritten() {
    let campaign = tablet();
    assert!(Shift::add(&campaign, &mut finished(1), None).is_ok());
    let good = storage().get_item(KEY).unwrap().unwrap();
    for document in ["{", &good[..good.len() - 1], &good.replace("\"version\":2", "\"version\":3")] {
        storage().set_item(KEY, document).unwrap();
        let mut survey = finished(2);
        assert_eq!(name(Shift::current(&campaign)), "StorageDamaged");
        assert_eq!(name(Shift::begin(&campaign, "330602", "self_completed", "2580")), "StorageDamaged");
        assert_eq!(name(Shift::hand_over(&campaign)), "StorageDamaged");
        assert_eq!(name(Shift::add(&campaign, &mut survey, None)), "StorageDamaged");
        assert_eq!(name(Shift::take_back(campaign.clone(), "2580".into()).await), "StorageDamaged");
        assert_eq!(name(Shift::send(campaign.clone()).await), "StorageDamaged");
        assert_eq!(name(Shift::end(campaign.clone(), "2580".into()).await), "StorageDamaged");
        assert_eq!(storage().get_item(KEY).unwrap().as_deref(), Some(document));
        // The answers are still there.
        assert!(!told(&survey.sent("en").ok().unwrap()).as_array().unwrap().is_empty());
    }
}

#[wasm_bindgen_test]
async fn only_the_pin_takes_the_tablet_back() {
    let campaign = tablet();
    assert_eq!(Shift::take_back(campaign.clone(), "2581".into()).await.ok(), Some(false));
    assert_eq!(state(&campaign)["handed_over"], true);
    assert_eq!(Shift::take_back(campaign.clone(), "2580".into()).await.ok(), Some(true));
    assert_eq!(state(&campaign)["handed_over"], false);
    assert_eq!(Shift::end(campaign.clone(), "0000".into()).await.ok(), Some(false));
    assert_eq!(Shift::end(campaign.clone(), "2580".into()).await.ok(), Some(true));
    assert_eq!(state(&campaign), Value::Null);
}

/// At k respondents a batch waits; it stays until the collector acknowledges it by its id, and what is
/// posted is the sum and nothing else.
#[wasm_bindgen_test]
async fn a_batch_is_posted_until_it_is_acknowledged() {
    let campaign = tablet();
    for seed in 0..5 {
        assert!(Shift::add(&campaign, &mut finished(seed), None).is_ok());
    }
    let unsent = |state: &Value| (state["in_tally"].clone(), state["sent"].clone(), state["unsent"].clone());
    let kept = |problem: Value, tries: u32, refused: bool| {
        (
            json!(0),
            json!(0),
            json!([{ "n": 5, "tries": tries, "problem": problem, "refused": refused, "releasable": false }]),
        )
    };
    assert_eq!(unsent(&state(&campaign)), kept(Value::Null, 0, false));
    let sends = async || told(&Shift::send(campaign.clone()).await.ok().unwrap());
    answers("return Promise.resolve(new Response('<title>Log in</title>'))");
    assert_eq!(unsent(&sends().await), kept(json!("answered, but not by the collector"), 1, false));
    answers("return Promise.resolve(new Response('', { status: 503 }))");
    assert_eq!(unsent(&sends().await), kept(json!("503"), 2, false));
    answers("return Promise.reject(new TypeError('no network'))");
    assert_eq!(unsent(&sends().await), kept(json!("no network"), 3, false));
    answers(
        "return Promise.resolve(new Response('{\"title\":\"Not taken\",\"detail\":\"too late\"}', { status: 410 }))",
    );
    assert_eq!(unsent(&sends().await), kept(json!("Not taken: too late"), 4, true));
    answers(
        "return Promise.resolve(new Response('{\"id\":\"00000000000000000000000000000000\",\"counted\":true}', { status: 201 }))",
    );
    assert_eq!(unsent(&sends().await).2[0]["problem"], "acknowledges something else");
    answers(COLLECTOR);
    assert_eq!(unsent(&sends().await), (json!(0), json!(5), json!([])));
    assert_eq!(unsent(&sends().await), (json!(0), json!(5), json!([])), "nothing is left to post");

    let posted = told(&js_sys::Reflect::get(&web_sys::window().unwrap(), &"posted".into()).unwrap());
    assert_eq!(posted.as_array().unwrap().len(), 1);
    let post = &posted[0];
    assert_eq!((&post["method"], &post["credentials"]), (&json!("POST"), &json!("omit")));
    assert_eq!(post["path"], "/api/campaigns/one/batches");
    let body: Value = serde_json::from_str(post["body"].as_str().unwrap()).unwrap();
    let fields: std::collections::BTreeSet<&str> = body.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(fields, ["area", "cells", "channel", "day", "id", "n", "questionnaire"].into());
    assert_eq!((&body["n"], &body["area"], &body["channel"]), (&json!(5), &json!("330602"), &json!("tablet")));
}
