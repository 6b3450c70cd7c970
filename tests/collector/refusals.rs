//! Bad batches: each is refused with what is wrong and where, and nothing of it is stored.

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpStream},
};

use serde_json::{Value, json};

use crate::{
    fixture::{Field, body},
    site::{Collector, Reply, Site, batches, until},
};

const SAFETY: &str = "safety-demo";

/// A problem document: status, name of its kind, place.
#[track_caller]
pub(crate) fn assert_problem(reply: &Reply, status: u16, kind: &str, at: &str) {
    let told = reply.text();
    assert_eq!(reply.header("content-type"), "application/problem+json", "{told}");
    let problem = reply.json();
    assert_eq!(problem["type"], format!("/problems/{kind}"), "{told}");
    assert_eq!((reply.status, &problem["status"]), (status, &json!(status)), "{told}");
    assert_eq!(problem["at"].as_str().unwrap_or_default(), at, "{told}");
    assert!(!problem["title"].as_str().unwrap().is_empty());
}

/// A collector that has counted one good batch, and another good one to spoil.
struct Spoiling {
    collector: Collector,
    counted: Value,
    good: Value,
    field: Field,
    before: String,
    _site: Site,
}

impl Spoiling {
    fn new() -> Self {
        let site = Site::new();
        let collector = site.start();
        let mut field = Field::fetch(&collector, SAFETY, 7);
        let counted = field.batch(8);
        assert_eq!(collector.post(SAFETY, &body(&counted)).status, 201);
        let good = serde_json::to_value(field.batch(6)).unwrap();
        let before = results(&collector);
        Self { collector, counted: serde_json::to_value(counted).unwrap(), good, field, before, _site: site }
    }

    /// Posts bytes; they must change nothing.
    #[track_caller]
    fn refused_bytes(&self, bytes: &[u8], status: u16, kind: &str, at: &str) -> Reply {
        let reply = self.collector.post(SAFETY, bytes);
        assert_problem(&reply, status, kind, at);
        assert_eq!(results(&self.collector), self.before, "something was stored");
        reply
    }

    /// Posts the good batch with fields changed; it must change nothing.
    #[track_caller]
    fn refused(&self, change: Value, status: u16, kind: &str, at: &str) {
        let mut batch = self.good.clone();
        batch.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        self.refused_bytes(&serde_json::to_vec(&batch).unwrap(), status, kind, at);
    }

    fn cells(&self) -> Vec<u64> {
        serde_json::from_value(self.good["cells"].clone()).unwrap()
    }
}

impl Drop for Spoiling {
    /// After all refusals the good batch is still good.
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert_eq!(self.collector.post(SAFETY, self.good.to_string().as_bytes()).status, 201);
        }
    }
}

fn results(collector: &Collector) -> String {
    collector.get("/api/campaigns/safety-demo/results").text()
}

#[test]
fn what_is_no_batch() {
    let it = Spoiling::new();
    let good = it.good.to_string();
    let cut = it.refused_bytes(&good.as_bytes()[..good.len() / 2], 422, "unreadable-batch", "");
    assert!(cut.json()["detail"].as_str().unwrap().contains("line 1 column"), "says where it breaks off");
    it.refused_bytes(b"hello", 422, "unreadable-batch", "");
    it.refused_bytes(b"[]", 422, "unreadable-batch", "");
    it.refused_bytes(format!("{good}{good}").as_bytes(), 422, "unreadable-batch", "");
    it.refused_bytes(b"\xff\xfe", 422, "unreadable-batch", "");
    it.refused(json!({ "note": "free text" }), 422, "unreadable-batch", "");
    it.refused(json!({ "n": -6 }), 422, "unreadable-batch", "");
    it.refused(json!({ "n": 6.5 }), 422, "unreadable-batch", "");
    it.refused(json!({ "id": "short" }), 422, "unreadable-batch", "");
    it.refused(json!({ "day": "2026-12-01T10:00:00" }), 422, "unreadable-batch", "");
    it.refused(json!({ "area": "越城" }), 422, "unreadable-batch", "");
}

#[test]
fn what_is_too_large() {
    let it = Spoiling::new();
    let padded = |size: usize| {
        let good = it.counted.to_string();
        [good.as_bytes(), &vec![b' '; size - good.len()]].concat()
    };
    assert_eq!(it.collector.post(SAFETY, &padded(1 << 20)).status, 200, "exactly 1 MiB may be");
    it.refused_bytes(&padded((1 << 20) + 1), 413, "too-large", "");
    it.refused_bytes(&padded(5 << 20), 413, "too-large", "");
}

#[test]
fn what_is_of_another_campaign() {
    let it = Spoiling::new();
    let good = it.good.to_string();
    assert_problem(&it.collector.post("no-such", good.as_bytes()), 404, "unknown-campaign", "");
    it.refused(json!({ "questionnaire": "0".repeat(64) }), 422, "wrong-questionnaire", "/questionnaire");
    it.refused(json!({ "area": "330600" }), 422, "unknown-area", "/area");
    it.refused(json!({ "area": "3306021" }), 422, "unknown-area", "/area");
    it.refused(json!({ "channel": "phone" }), 422, "unknown-channel", "/channel");
    it.refused(json!({ "day": "2026-11-30" }), 422, "wrong-day", "/day");
    it.refused(json!({ "day": "2026-12-03" }), 422, "wrong-day", "/day");
}

#[test]
fn what_is_no_sum_of_respondents() {
    let mut it = Spoiling::new();
    let mut longer = it.cells();
    longer.push(0);
    it.refused(json!({ "cells": longer }), 422, "wrong-length", "/cells");
    it.refused(json!({ "cells": [] }), 422, "wrong-length", "/cells");

    let mut above = it.cells();
    above[3] = 7;
    it.refused(json!({ "cells": above }), 422, "cell-above-n", "/cells/3");
    above[3] = u64::MAX;
    it.refused(json!({ "cells": above }), 422, "cell-above-n", "/cells/3");

    let blocks = it.field.questionnaire.layout.blocks.clone();
    for block in blocks.iter().filter(|block| block.one_hot()) {
        let mut cells = it.cells();
        let cell = (block.start..block.start + block.len).rfind(|&cell| cells[cell] < 6).unwrap();
        cells[cell] += 1;
        let reply = it.collector.post(SAFETY, &spoilt(&it.good, &cells));
        assert_problem(&reply, 422, "wrong-sum", &format!("/cells/{}", block.start));
    }

    let few = it.field.tally(4);
    it.refused(json!({ "n": 4, "cells": few.cells }), 422, "wrong-number", "/n");
    it.refused(json!({ "n": 0, "cells": vec![0; few.cells.len()] }), 422, "wrong-number", "/n");
    it.refused(json!({ "n": 100_001 }), 422, "wrong-number", "/n");
}

fn spoilt(good: &Value, cells: &[u64]) -> Vec<u8> {
    let mut batch = good.clone();
    batch["cells"] = json!(cells);
    serde_json::to_vec(&batch).unwrap()
}

#[test]
fn what_bears_the_name_of_another_batch() {
    let it = Spoiling::new();
    it.refused(json!({ "id": it.counted["id"] }), 409, "conflict", "/id");
    let mut elsewhere = it.counted.clone();
    elsewhere["area"] = json!("330683");
    it.refused_bytes(elsewhere.to_string().as_bytes(), 409, "conflict", "/id");
}

#[test]
fn what_comes_when_the_campaign_is_over() {
    let site = Site::new();
    let mut field = Field::fetch(&site.start(), SAFETY, 8);
    let in_time = field.batch_of(5, 0, "2027-11-30");
    let late = field.batch_of(5, 0, "2027-11-30");

    let collector = site.start_on("2027-12-14");
    assert_eq!(collector.post(SAFETY, &body(&in_time)).status, 201, "the last day of grace");
    let collector = site.start_on("2027-12-15");
    assert_problem(&collector.post(SAFETY, &body(&late)), 410, "campaign-closed", "");
    assert_eq!(collector.post(SAFETY, &body(&in_time)).status, 200, "counted in time, the acknowledgement lost");
    // When the campaign is over, the last answers are told.
    let want = field.results_at_last(&[in_time]);
    until(|| (results(&collector) == want).then_some(()));
}

#[test]
fn what_is_not_sent_as_json() {
    let it = Spoiling::new();
    let good = it.good.to_string();
    for media in ["text/plain", "application/x-www-form-urlencoded", "application/json5"] {
        let reply = it.collector.ask("POST", &batches(SAFETY), &[("content-type", media)], good.as_bytes());
        assert_problem(&reply, 415, "not-json", "");
    }
    let reply = it.collector.ask("POST", &batches(SAFETY), &[("content-type", "application/json")], &[]);
    assert_problem(&reply, 422, "unreadable-batch", "");
    assert_eq!(results(&it.collector), it.before);
}

#[test]
fn what_breaks_off_on_the_way() {
    let it = Spoiling::new();
    let good = it.good.to_string();
    let mut stream = TcpStream::connect(&it.collector.address).unwrap();
    write!(
        stream,
        "POST {} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        batches(SAFETY),
        good.len() + 1
    )
    .unwrap();
    stream.write_all(good.as_bytes()).unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    let mut told = String::new();
    let _ = stream.read_to_string(&mut told);
    assert!(!told.contains("counted"), "a body cut short was taken: {told}");
    assert_eq!(results(&it.collector), it.before);
}

#[test]
fn what_is_asked_wrongly() {
    let it = Spoiling::new();
    let get = |path: &str| it.collector.get(path);
    assert_problem(&get("/api/campaigns/safety-demo/results?area=x"), 400, "bad-filter", "area");
    assert_problem(&get("/api/campaigns/safety-demo/results?area="), 400, "bad-filter", "area");
    assert_problem(&get("/api/campaigns/safety-demo/results?period=2026-02-30"), 400, "bad-filter", "period");
    assert_problem(&get("/api/campaigns/safety-demo/results?sex=f"), 400, "bad-filter", "");
    assert_problem(&get("/api/campaigns/no-such/results"), 404, "unknown-campaign", "");
    assert_problem(&get("/api/campaigns/no-such"), 404, "unknown-campaign", "");
    assert_problem(&get("/api/campaigns/%FF"), 400, "bad-request", "");
    assert_problem(&get("/api/questionnaires/00"), 404, "unknown-questionnaire", "");
    assert_problem(&get("/api/nothing"), 404, "not-found", "");
    assert_problem(&get("/nothing"), 404, "not-found", "");
    assert_problem(&get("/../Cargo.toml"), 404, "not-found", "");
    assert_problem(&get("/%2e%2e/%2e%2e/Cargo.toml"), 404, "not-found", "");
    let reply = it.collector.ask("DELETE", "/api/campaigns/safety-demo", &[], &[]);
    assert_problem(&reply, 405, "wrong-method", "");
    assert_eq!(reply.header("allow"), "GET,HEAD");
}
