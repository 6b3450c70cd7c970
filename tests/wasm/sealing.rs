//! Handing in, in a browser: from module to module, into the storage, and out to a stand-in for the leader.

use anxin::{
    browser::{Outbox, Sealer, Sealing, Shift},
    split::Report,
};
use hpke::{Kem as _, Serializable, kem::X25519HkdfSha256 as Kem};
use janus_messages::{HpkeAeadId, HpkeConfig, HpkeConfigList, HpkeKdfId, HpkeKemId, HpkePublicKey, Report as Message};
use js_sys::{Function, JSON, Promise, Reflect};
use prio::codec::{Decode, Encode};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{
    edge::name,
    shift::{finished, hash, kept, next, storage, tablet},
};

/// A public key, whose private one nobody has.
pub(crate) fn config(id: u8, suite: HpkeAeadId) -> HpkeConfig {
    let (_, public) = Kem::gen_keypair();
    let public = HpkePublicKey::from(public.to_bytes().to_vec());
    HpkeConfig::new(id.into(), HpkeKemId::X25519HkdfSha256, HpkeKdfId::HkdfSha256, suite, public)
}

fn keys(id: u8, suite: HpkeAeadId) -> Vec<u8> {
    HpkeConfigList::new(vec![config(id, suite)]).get_encoded().unwrap()
}

fn sealer(closes: &str) -> Sealer {
    let (leader, helper) = (keys(1, HpkeAeadId::Aes128Gcm), keys(2, HpkeAeadId::Aes128Gcm));
    Sealer::new("one".into(), hash(), "330602".into(), closes, "/dap/leader".into(), &leader, &helper).ok().unwrap()
}

/// As the page hands it to the survey.
fn handed(sealer: Sealer) -> Sealing {
    JsValue::from(sealer).unchecked_into()
}

/// The stored text of a report, by the prefix of its key.
fn stored(prefix: &str, name: &str) -> Option<String> {
    storage().get_item(&format!("{prefix}{name}")).unwrap()
}

fn bytes(hexadecimal: &str) -> Vec<u8> {
    let digits: Vec<u8> = hexadecimal.bytes().map(|byte| char::from(byte).to_digit(16).unwrap() as u8).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

#[wasm_bindgen_test]
fn who_hands_in_is_sealed_and_forgotten() {
    storage().clear().unwrap();
    let mut survey = finished(1);
    let sealing = handed(sealer("9999-12-01"));
    assert!(survey.hand_in(&sealing).is_ok());
    assert_eq!(name(survey.view("en")), "NoRespondent");
    assert_eq!(name(survey.hand_in(&sealing)), "NoRespondent");
    let waiting = Outbox::waiting().ok().unwrap();
    let [name] = waiting.as_slice() else { panic!("{waiting:?}") };
    let text = stored("anxin.report.", name).unwrap();
    let report = Message::get_decoded(&bytes(text.lines().last().unwrap())).unwrap();
    assert_eq!(report.helper_encrypted_input_share().payload().len(), 48 + 6 + 16);
    assert_eq!(Outbox::refusal(name).ok().unwrap(), None);
    assert!(Outbox::leader(name).ok().unwrap().starts_with("/dap/leader/hpke_config?task_id="));
}

/// Who is not at the end, or for whom there is no room, keeps the answers.
#[wasm_bindgen_test]
fn what_cannot_be_kept_is_not_forgotten() {
    storage().clear().unwrap();
    let mut survey = finished(1);
    let refuses =
        Function::new_no_args("return { seal() { throw Object.assign(new Error('full'), { name: 'StorageFull' }) } }");
    let full: Sealing = refuses.call0(&JsValue::NULL).unwrap().unchecked_into();
    assert_eq!(name(survey.hand_in(&full)), "StorageFull");
    assert!(survey.view("en").is_ok());
    assert!(survey.hand_in(&handed(sealer("9999-12-01"))).is_ok());
    assert!(survey.start_seeded("self_completed", 2).is_ok());
    assert_eq!(name(survey.hand_in(&handed(sealer("9999-12-01")))), "NotFinished");
}

#[wasm_bindgen_test]
fn keys_of_another_suite_are_none() {
    let (good, other) = (keys(1, HpkeAeadId::Aes128Gcm), keys(1, HpkeAeadId::ChaCha20Poly1305));
    for (leader, helper) in [(&good, &other), (&other, &good), (&good, &vec![]), (&good, &b"<html>".to_vec())] {
        let made = Sealer::new("one".into(), hash(), "330602".into(), "9999-12-01", "/l".into(), leader, helper);
        assert_eq!(name(made), "NoKeys");
    }
}

/// What the leader is posted, and what its answers mean; the bytes are the same at every try.
#[wasm_bindgen_test]
async fn a_report_is_posted_until_it_is_counted() {
    storage().clear().unwrap();
    assert!(finished(1).hand_in(&handed(sealer("9999-12-01"))).is_ok());
    let report = Outbox::waiting().ok().unwrap().remove(0);
    let global = js_sys::global();
    let fetch = Reflect::get(&global, &"fetch".into()).unwrap();
    let stand_in = Function::new_with_args(
        "url, options",
        "(globalThis.reports ??= []).push([url, options]); return Promise.resolve(new Response(''));",
    );
    Reflect::set(&global, &"fetch".into(), &stand_in).unwrap();
    for _ in 0..2 {
        let promised: Promise = Outbox::post(&report, &JsValue::UNDEFINED).ok().unwrap();
        JsFuture::from(promised).await.unwrap();
    }
    Reflect::set(&global, &"fetch".into(), &fetch).unwrap();
    let posted = Function::new_no_args(
        "return JSON.stringify(reports.map(([url, o]) => [url, o.method, o.headers, o.credentials, [...o.body]]))",
    );
    let posted: serde_json::Value =
        serde_json::from_str(&posted.call0(&JsValue::NULL).unwrap().as_string().unwrap()).unwrap();
    assert_eq!(posted[0], posted[1]);
    let task = Sealer::task("one", &hash(), "330602");
    assert_eq!(posted[0][0], format!("/dap/leader/tasks/{task}/reports"));
    assert_eq!(posted[0][1], "PUT");
    assert_eq!(posted[0][2], serde_json::json!({ "content-type": "application/dap-report" }));
    assert_eq!(posted[0][3], "omit");
    let body: Vec<u8> = serde_json::from_value(posted[0][4].clone()).unwrap();
    assert!(Report::parse(task.parse().unwrap(), body).is_ok());

    let answered = |status, body: &str| Outbox::answered(&report, status, body.as_bytes()).ok().unwrap();
    let refusal = r#"{"type":"urn:ietf:params:ppm:dap:error:reportTooEarly","status":400}"#;
    for (status, body) in [(200, "<html>"), (500, ""), (404, "<html>"), (302, ""), (0, "")] {
        assert_eq!(answered(status, body), "unreachable", "{status} {body}");
        assert_eq!(Outbox::refusal(&report).ok().unwrap(), None);
    }
    assert_eq!(answered(400, refusal), "reportTooEarly");
    assert_eq!(Outbox::refusal(&report).ok().unwrap().as_deref(), Some("reportTooEarly"));
    assert_eq!(answered(503, ""), "unreachable");
    assert!(Outbox::discard(&report).is_ok());
    assert_eq!(Outbox::waiting().ok().unwrap().len(), 1, "only what was refused is forgotten");
    let counted = r#"{"type":"urn:ietf:params:ppm:dap:error:reportRejected","counted":true}"#;
    assert_eq!(answered(400, counted), "counted");
    assert!(Outbox::waiting().ok().unwrap().is_empty());
    assert_eq!(name(Outbox::post(&report, &JsValue::UNDEFINED)), "NoReport");
}

/// On a tablet the report lies in the journal, and goes out only instead of what it was added to.
#[wasm_bindgen_test]
async fn a_tablet_holds_what_it_seals() {
    let campaign = tablet().await;
    let state = || String::from(JSON::stringify(&Shift::current(&campaign).ok().unwrap()).unwrap());
    for seed in 1..=3 {
        next(&campaign, seed, Some(handed(sealer("9999-12-01")))).await;
    }
    assert!(state().contains(r#""releasable":true"#));
    let held = || kept()["reports"].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let mut before = held();
    assert_eq!(before.len(), 3);
    assert!(Outbox::waiting().ok().unwrap().is_empty(), "nobody posts what is held");
    assert_eq!(name(Shift::release(campaign.clone()).await), "OtherHands");
    assert_eq!(Shift::take_back(campaign.clone(), "2580".into()).await.ok(), Some(true));
    assert!(Shift::release(campaign.clone()).await.is_ok());
    let mut waiting = Outbox::waiting().ok().unwrap();
    before.sort();
    waiting.sort();
    assert_eq!(waiting, before);
    assert!(state().contains(r#""in_tally":0"#));
    assert!(held().is_empty());
}
