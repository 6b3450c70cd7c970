//! The tablet channel in a browser: its journal, its posts. Stand-ins for the page's database and for the
//! collector keep what they are told; the page's own database is looked at in `tests/browser`.

use anxin::{
    browser::{Journal, Shift, Survey},
    questionnaire::Questionnaire,
};
use janus_messages::HpkeAeadId;
use js_sys::{Function, Reflect};
use prio::codec::Encode;
use serde_json::{Value, json};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{
    edge::{name, told},
    sealing::config,
};

const SURVEY: &str = include_str!("../vectors/good/survey.json");

/// As `www/journal.js`, in memory: `window.kept`. `window.before` runs once before the next step is written.
const JOURNAL: &str = "
    const kept = window.kept = { head: 0, whole: undefined, entries: [], reports: {} };
    return window.journal = {
        load: async () => [kept.head, kept.whole, [...kept.entries]],
        report: async (name) => kept.reports[name],
        commit: async (after, { entry, whole, hold, drop }) => {
            const before = window.before;
            window.before = undefined;
            await before?.();
            if (kept.head !== after) return false;
            kept.head = after + 1;
            if (hold) kept.reports[hold[0]] = hold[1];
            for (const name of drop) delete kept.reports[name];
            if (whole == null) kept.entries.push(entry);
            else [kept.entries, kept.whole] = [[], whole];
            return true;
        },
    };";

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
        "deposit": hex(&config(3, HpkeAeadId::Aes128Gcm).get_encoded().unwrap()),
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

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Has the page do this.
pub(crate) fn page(script: &str) -> JsValue {
    Function::new_no_args(script).call0(&JsValue::NULL).unwrap()
}

/// What the journal's stand-in keeps.
pub(crate) fn kept() -> Value {
    told(&page("return window.kept"))
}

/// A tablet on which nothing is kept.
async fn blank() {
    storage().clear().unwrap();
    let journal: Journal = page(JOURNAL).unchecked_into();
    assert!(Shift::open(journal).await.is_ok());
}

/// The same tablet, switched off and on.
async fn reopen() -> Result<(), JsValue> {
    Shift::open(page("return window.journal").unchecked_into()).await
}

/// A new tablet on which a shift is on.
async fn desk() -> String {
    blank().await;
    let campaign = campaign();
    let begun = Shift::begin(campaign.clone(), "330602".into(), "self_completed".into(), "2580".into()).await;
    assert!(begun.is_ok());
    campaign
}

/// One that is handed over to the first resident.
pub(crate) async fn tablet() -> String {
    let campaign = desk().await;
    assert!(Shift::hand_over(campaign.clone(), None).await.is_ok());
    campaign
}

/// The resident hands in, and the next one gets the tablet.
pub(crate) async fn next(campaign: &str, seed: u32, sealer: Option<anxin::browser::Sealing>) {
    assert!(Shift::complete(campaign.into(), &mut finished(seed), false, sealer).await.is_ok());
    assert_eq!(Shift::take_back(campaign.into(), "2580".into()).await.ok(), Some(true));
    assert!(Shift::hand_over(campaign.into(), None).await.is_ok());
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
async fn a_respondent_is_added_once_and_forgotten() {
    let campaign = tablet().await;
    let complete = async |survey: &mut Survey| Shift::complete(campaign.clone(), survey, false, None).await;
    let mut survey = finished(1);
    assert!(complete(&mut survey).await.is_ok());
    assert_eq!(name(survey.view("en")), "NoRespondent");
    assert_eq!(name(complete(&mut survey).await), "NoRespondent");
    let now = state(&campaign);
    assert_eq!((&now["in_tally"], &now["completed"], &now["hand"]), (&json!(1), &json!(1), &json!("done")));
    // Whoever answers now has got the tablet from nobody.
    let mut other = finished(2);
    assert_eq!(name(complete(&mut other).await), "OtherHands");
    assert!(other.view("en").is_ok());
    assert_eq!(Shift::take_back(campaign.clone(), "2580".into()).await.ok(), Some(true));
    assert!(Shift::hand_over(campaign.clone(), None).await.is_ok());
    assert!(survey.start_seeded("self_completed", 2).is_ok());
    assert_eq!(name(complete(&mut survey).await), "NotFinished");
    assert!(complete(&mut other).await.is_ok());
    assert_eq!(state(&campaign)["in_tally"], 2);
}

/// Two looks at what is kept, and their difference, tell nothing: every cell is under a mask.
#[wasm_bindgen_test]
async fn what_is_kept_is_masked() {
    let campaign = tablet().await;
    for seed in [1, 1] {
        next(&campaign, seed, None).await;
    }
    let people: Vec<Vec<u64>> = kept()["entries"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|entry| {
            let entry: Value = serde_json::from_str(entry.as_str().unwrap()).unwrap();
            serde_json::from_value(entry["completed"]["person"]["cells"].clone()).ok()
        })
        .collect();
    let [one, other] = people.as_slice() else { panic!("{people:?}") };
    let small = |cells: &[u64]| cells.iter().filter(|cell| **cell <= 1).count();
    let apart: Vec<u64> = one.iter().zip(other).map(|(one, other)| one.abs_diff(*other)).collect();
    assert_eq!((small(one), small(other), small(&apart)), (0, 0, 0));
}

#[wasm_bindgen_test]
async fn steps_that_are_not_taken_are_told_by_name() {
    blank().await;
    let campaign = campaign();
    let begins = async |campaign: &str, area: &str, mode: &str, pin: &str| {
        Shift::begin(campaign.into(), area.into(), mode.into(), pin.into()).await
    };
    let begin = async |area: &str, mode: &str, pin: &str| begins(&campaign, area, mode, pin).await;
    assert_eq!(told(&Shift::current(&campaign).ok().unwrap()), Value::Null);
    assert_eq!(told(&Shift::card(&campaign).ok().unwrap()), Value::Null);
    assert_eq!(name(Shift::hand_over(campaign.clone(), None).await), "NoShift");
    assert_eq!(name(Shift::undo(campaign.clone()).await), "NoShift");
    assert_eq!(name(Shift::take_back(campaign.clone(), "2580".into()).await), "NoShift");
    assert_eq!(name(begin("330699", "self_completed", "2580").await), "WrongArea");
    assert_eq!(name(begin("330602", "by_post", "2580").await), "WrongMode");
    assert_eq!(name(begin("330602", "self_completed", "258").await), "BadPin");
    let over = campaign.replace("9999-12-01", "2000-12-01");
    assert_eq!(name(begins(&over, "330602", "self_completed", "2580").await), "Closed");
    assert_eq!(name(Shift::current("{}")), "FaultyCampaign");
    assert_eq!(kept()["head"], 0, "a step that was not taken is kept");
    assert!(begin("330602", "self_completed", "2580").await.is_ok());
    assert_eq!(name(begin("330602", "self_completed", "2580").await), "ShiftOn");
    assert_eq!(name(Shift::undo(campaign.clone()).await), "NothingToUndo");
    for adults in [0, 21] {
        assert_eq!(name(Shift::pick(campaign.clone(), adults).await), "WrongAdults");
    }
    let visit = async |outcome: &str, before: Option<&str>| {
        Shift::visit(campaign.clone(), outcome.into(), before.map(str::to_owned)).await
    };
    assert_eq!(name(visit("completed", None).await), "WrongVisit");
    assert_eq!(name(visit("asleep", None).await), "WrongVisit");
    assert_eq!(name(visit("refused", Some("completed")).await), "WrongVisit");
    assert_eq!(name(Shift::leave(campaign.clone(), true).await), "OtherHands");
    let keyless = {
        let mut json: Value = serde_json::from_str(&campaign).unwrap();
        json.as_object_mut().unwrap().remove("deposit");
        json.to_string()
    };
    assert!(Shift::hand_over(campaign.clone(), None).await.is_ok());
    assert_eq!(name(visit("refused", None).await), "OtherHands");
    assert_eq!(name(Shift::complete(keyless, &mut finished(1), false, None).await), "NoKeys");
    assert_eq!(kept()["head"], 2);
}

/// What is drawn is anybody of the household, and stays.
#[wasm_bindgen_test]
async fn an_adult_who_is_drawn_stays_drawn() {
    let campaign = desk().await;
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..40 {
        assert!(Shift::pick(campaign.clone(), 3).await.is_ok());
        let drawn = state(&campaign)["pick"].clone();
        assert!(Shift::pick(campaign.clone(), 3).await.is_ok());
        assert!(reopen().await.is_ok());
        assert_eq!(state(&campaign)["pick"], drawn);
        seen.insert(drawn["nth"].as_u64().unwrap());
        assert!(Shift::visit(campaign.clone(), "refused".into(), None).await.is_ok());
        assert_eq!(state(&campaign)["pick"], Value::Null, "another door is another household");
    }
    // One of three is missing in 40 draws once in four million runs.
    assert_eq!(seen, [1, 2, 3].into());
}

/// Another tab may take a step at any time: it is neither lost nor written over.
#[wasm_bindgen_test]
async fn a_step_that_comes_second_is_taken_after_the_first() {
    let campaign = desk().await;
    assert!(Shift::visit(campaign.clone(), "refused".into(), None).await.is_ok());
    // the other tab's: the same door again
    page("window.before = () => { kept.entries.push(kept.entries[kept.entries.length - 1]); kept.head += 1; }");
    assert!(Shift::visit(campaign.clone(), "nobody_home".into(), None).await.is_ok());
    assert_eq!(state(&campaign)["doors"]["total"], 3);
    page("kept.entries.push(kept.entries[1]); kept.head += 1;");
    assert_eq!(state(&campaign)["doors"]["total"], 3);
    assert!(Shift::refresh().await.is_ok());
    assert_eq!(state(&campaign)["doors"]["total"], 4);
    // Always second: it is told, and nothing is taken.
    page("window.commit = journal.commit; journal.commit = async () => false");
    assert_eq!(name(Shift::visit(campaign.clone(), "refused".into(), None).await), "StorageBusy");
    page("journal.commit = window.commit");
    assert_eq!(state(&campaign)["doors"]["total"], 4);
}

/// A step that cannot be kept is not taken, and the answers are still there.
#[wasm_bindgen_test]
async fn what_cannot_be_kept_is_not_taken() {
    let campaign = tablet().await;
    page("window.before = () => { throw Object.assign(new Error('full'), { name: 'StorageFull' }) }");
    let mut survey = finished(1);
    assert_eq!(name(Shift::complete(campaign.clone(), &mut survey, false, None).await), "StorageFull");
    assert_eq!((&state(&campaign)["in_tally"], &state(&campaign)["hand"]), (&json!(0), &json!("resident")));
    assert!(!told(&survey.sent("en").ok().unwrap()).as_array().unwrap().is_empty());
    assert!(Shift::complete(campaign.clone(), &mut survey, false, None).await.is_ok());
    assert_eq!(state(&campaign)["in_tally"], 1);
}

/// After every number of steps the tablet is the same again, switched off and on.
#[wasm_bindgen_test]
async fn what_is_kept_is_what_is_there() {
    let campaign = tablet().await;
    for seed in 0..12 {
        next(&campaign, seed, None).await;
        let before = state(&campaign);
        assert!(reopen().await.is_ok());
        assert_eq!(state(&campaign), before);
        assert!(kept()["entries"].as_array().unwrap().len() < 16);
    }
    assert_eq!(state(&campaign)["completed"], 12);
}

/// What cannot be read is told and left as it is.
#[wasm_bindgen_test]
async fn a_damaged_journal_is_not_overwritten() {
    let campaign = tablet().await;
    for seed in 0..8 {
        next(&campaign, seed, None).await;
    }
    let good = kept();
    assert!(good["whole"].is_string() && !good["entries"].as_array().unwrap().is_empty());
    for damage in [
        "kept.head += 1",
        "kept.entries.pop()",
        "kept.entries[0] = kept.entries[0].slice(1)",
        "kept.entries[0] = '{\"burnt\":null}'",
        "kept.whole = undefined",
        "kept.whole = kept.whole.slice(0, -1)",
        "kept.whole = kept.whole.replace('\"version\":3', '\"version\":4')",
    ] {
        page(&format!("Object.assign(kept, {good}); {damage}"));
        let before = kept();
        assert_ne!(before, good, "{damage}");
        assert_eq!(name(reopen().await), "StorageDamaged", "{damage}");
        assert_eq!(name(Shift::refresh().await), "StorageDamaged", "{damage}");
        assert_eq!(kept(), before);
    }
}

#[wasm_bindgen_test]
async fn only_the_pin_takes_the_tablet_back() {
    let campaign = tablet().await;
    assert_eq!(Shift::take_back(campaign.clone(), "2581".into()).await.ok(), Some(false));
    assert_eq!(state(&campaign)["hand"], "resident");
    assert_eq!(Shift::take_back(campaign.clone(), "2580".into()).await.ok(), Some(true));
    assert_eq!(state(&campaign)["hand"], "volunteer");
    assert_eq!(Shift::end(campaign.clone(), "0000".into()).await.ok(), Some(false));
    assert_eq!(Shift::end(campaign.clone(), "2580".into()).await.ok(), Some(true));
    assert_eq!(state(&campaign), Value::Null);
    assert_eq!(told(&Shift::card(&campaign).ok().unwrap())["doors"]["total"], 0);
}

/// At k respondents a batch waits; it stays until the collector acknowledges it by its id, and what is
/// posted is the masked sum, its masks and nothing else.
#[wasm_bindgen_test]
async fn a_batch_is_posted_until_it_is_acknowledged() {
    let campaign = tablet().await;
    for seed in 0..5 {
        next(&campaign, seed, None).await;
    }
    let unsent = |state: &Value| (state["in_tally"].clone(), state["sent"].clone(), state["unsent"].clone());
    let waits = |problem: &str, tries: u32, refused: bool| {
        let one = json!({
            "n": 5, "doors": 0, "tries": tries, "problem": problem, "refused": refused, "releasable": false,
            "exported": false,
        });
        (json!(0), json!(0), json!([one]))
    };
    assert_eq!(unsent(&state(&campaign)), (json!(5), json!(0), json!([])));
    let sends = async || {
        assert!(Shift::send().await.is_ok());
        unsent(&state(&campaign))
    };
    answers("return Promise.resolve(new Response('<title>Log in</title>'))");
    assert_eq!(sends().await, waits("answered, but not by the collector", 1, false));
    answers("return Promise.resolve(new Response('', { status: 503 }))");
    assert_eq!(sends().await, waits("503", 2, false));
    answers("return Promise.reject(new TypeError('no network'))");
    assert_eq!(sends().await, waits("no network", 3, false));
    answers(
        "return Promise.resolve(new Response('{\"title\":\"Not taken\",\"detail\":\"too late\"}', { status: 410 }))",
    );
    assert_eq!(sends().await, waits("Not taken: too late", 4, true));
    answers(
        "return Promise.resolve(new Response('{\"id\":\"00000000000000000000000000000000\",\"counted\":true}', { status: 201 }))",
    );
    assert_eq!(sends().await.2[0]["problem"], "acknowledges something else");
    answers(COLLECTOR);
    assert!(reopen().await.is_ok());
    assert_eq!(sends().await, (json!(0), json!(5), json!([])));
    assert_eq!(sends().await, (json!(0), json!(5), json!([])), "nothing is left to post");

    let posted = told(&Reflect::get(&web_sys::window().unwrap(), &"posted".into()).unwrap());
    assert_eq!(posted.as_array().unwrap().len(), 1);
    let post = &posted[0];
    assert_eq!((&post["method"], &post["credentials"]), (&json!("POST"), &json!("omit")));
    assert_eq!(post["path"], "/api/campaigns/one/batches");
    let body: Value = serde_json::from_str(post["body"].as_str().unwrap()).unwrap();
    let fields: std::collections::BTreeSet<&str> = body.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(fields, ["area", "cells", "channel", "day", "id", "masks", "n", "questionnaire"].into());
    assert_eq!((&body["n"], &body["area"], &body["channel"]), (&json!(5), &json!("330602"), &json!("tablet")));
    assert_eq!(body["masks"].as_array().unwrap().len(), 5);
}
