//! Phones and the embedded pair of aggregators: sealed reports in, sums out.

mod crash;
mod faults;
mod flow;
mod refusals;
mod rest;
mod upload;

#[path = "../../split/forge.rs"]
#[allow(dead_code)]
mod forge;

use std::{fs, path::Path};

use anxin::{
    layout::Cells,
    outgoing,
    split::{AtRest, Keys, Pair, Recipients, Report, Task, choose},
    tally::Tally,
};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use rusqlite::{Connection, OpenFlags, OptionalExtension, params};
use serde_json::json;

use crate::{
    fixture::Field,
    site::{Collector, Reply, try_ask},
};

const SAFETY: &str = "safety-demo";
/// The k of the demonstration.
const K: usize = 5;

/// The respondents of a campaign, each with a phone.
pub(crate) struct Phones {
    field: Field,
    to: Recipients,
    rng: Pcg64Mcg,
}

/// One respondent's report, and what they answered.
pub(crate) struct Told {
    pub(crate) report: Report,
    cells: Cells,
}

impl Phones {
    /// Asks the collector for the campaign and the aggregators' keys. Respondents follow from the seed.
    pub(crate) fn fetch(collector: &Collector, campaign: &str, seed: u64) -> Self {
        let field = Field::fetch(collector, campaign, seed);
        let to = recipients(collector, &task(&field, 0));
        Self { field, to, rng: Pcg64Mcg::seed_from_u64(seed) }
    }

    fn task(&self, area: usize) -> Task {
        task(&self.field, area)
    }

    /// The next respondent, in an area (by index) on a day.
    pub(crate) fn one(&mut self, area: usize, day: &str) -> Told {
        let (cells, id) = (self.field.person(), self.rng.random());
        Told { report: self.report(area, day, &cells, id), cells }
    }

    /// The next n.
    fn some(&mut self, n: usize, area: usize, day: &str) -> Vec<Told> {
        (0..n).map(|_| self.one(area, day)).collect()
    }

    /// A respondent's report under an id.
    fn report(&self, area: usize, day: &str, cells: &Cells, id: [u8; 16]) -> Report {
        Report::split(&self.task(area), day.parse().unwrap(), cells, id, &self.to).unwrap()
    }

    /// What all of them together answered.
    fn sum<'t>(&self, told: impl IntoIterator<Item = &'t Told>) -> Tally {
        let mut tally = Tally::empty(self.field.questionnaire.layout.len());
        told.into_iter().for_each(|one| tally.add(&one.cells));
        tally
    }

    /// Every figure, as the collector tells it.
    fn results(&self, collector: &Collector) -> String {
        collector.get(&format!("/api/campaigns/{}/results", self.field.campaign.id)).text()
    }
}

fn task(field: &Field, area: usize) -> Task {
    Task::of(&field.campaign, &field.campaign.areas[area].code, field.questionnaire.layout.len())
}

fn recipients(collector: &Collector, task: &Task) -> Recipients {
    let key = |role: &str| {
        let reply = collector.get(&format!("/dap/{role}/hpke_config?task_id={}", task.id));
        assert_eq!(reply.status, 200, "{}", reply.text());
        choose(&reply.body).unwrap()
    };
    Recipients { leader: key("leader"), helper: key("helper") }
}

/// Uploads a report as the page does.
pub(crate) fn send(address: &str, report: &Report) -> Result<Reply, ureq::Error> {
    let request = outgoing::request(report, "/dap/leader");
    try_ask(address, request.method(), request.url(), &[("content-type", request.media())], request.body())
}

/// Uploads reports that are all counted.
#[track_caller]
fn count<'t>(collector: &Collector, told: impl IntoIterator<Item = &'t Told>) {
    for one in told {
        let reply = send(&collector.address, &one.report).unwrap();
        assert_eq!((reply.status, reply.text().as_str()), (200, ""));
    }
}

/// Uploads any bytes.
fn put(collector: &Collector, task: &str, bytes: &[u8]) -> Reply {
    let path = format!("/dap/leader/tasks/{task}/reports");
    collector.ask("PUT", &path, &[("content-type", "application/dap-report")], bytes)
}

/// A problem document of DAP that any site may read.
#[track_caller]
fn assert_problem(reply: &Reply, kind: &str, task: &str) {
    let told = reply.text();
    assert_eq!(reply.header("content-type"), "application/problem+json", "{told}");
    assert_eq!(reply.header("access-control-allow-origin"), "*", "{told}");
    let (problem, status) = (reply.json(), if kind == "unrecognizedTask" { 404 } else { 400 });
    assert_eq!(problem["type"], format!("urn:ietf:params:ppm:dap:error:{kind}"), "{told}");
    assert_eq!((reply.status, &problem["status"]), (status, &json!(status)), "{told}");
    assert_eq!(problem["taskid"].as_str().unwrap_or_default(), task, "{told}");
    assert!(!problem["title"].as_str().unwrap().is_empty(), "{told}");
}

/// Refused because it is counted already: what the page takes for a success.
#[track_caller]
fn assert_repeated(reply: &Reply, task: &Task) {
    assert_problem(reply, "reportRejected", &task.id.to_string());
    assert_eq!(reply.json()["counted"], true);
}

/// The store's file beside a collector that may be at work.
fn store(data: &Path) -> Connection {
    Connection::open_with_flags(data.join("anxin.sqlite"), OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap()
}

/// Both aggregators' keys.
fn keys(data: &Path) -> Pair {
    let keys = |name| -> Keys { serde_json::from_slice(&fs::read(data.join(name)).unwrap()).unwrap() };
    Pair { leader: keys("dap-leader.json"), helper: keys("dap-helper.json") }
}

/// The sums of shares under k, with the place to which they are sealed.
fn shares(data: &Path, task: &Task, day: &str) -> Option<(AtRest, String)> {
    let sql = "SELECT number, n, leader, helper FROM share JOIN task ON number = task WHERE id = ?1 AND day = ?2";
    let row = store(data).query_row(sql, params![task.id.as_ref(), day], |row| {
        let number: i64 = row.get(0)?;
        Ok((AtRest { n: row.get(1)?, leader: row.get(2)?, helper: row.get(3)? }, format!("{number} {day}")))
    });
    row.optional().unwrap()
}

/// Everything that is counted of phones, released or still under k.
fn counted(data: &Path, phones: &Phones, area: usize, day: &str) -> Tally {
    let (task, campaign) = (phones.task(area), &phones.field.campaign);
    let mut sum = Tally::empty(task.cells);
    if let Some((at_rest, place)) = shares(data, &task, day) {
        sum.merge(&at_rest.open(&keys(data), &place, task.cells).unwrap().combine(1).unwrap());
    }
    let sql = "SELECT n, cells FROM tally WHERE campaign = ?1 AND area = ?2 AND day = ?3 AND channel = 'phone'";
    let leaf = store(data).query_row(sql, params![campaign.id, campaign.areas[area].code.as_str(), day], |row| {
        Ok(Tally { n: row.get(0)?, cells: leb128(row.get_ref(1)?.as_blob()?) })
    });
    if let Some(leaf) = leaf.optional().unwrap() {
        sum.merge(&leaf);
    }
    sum
}

fn leb128(bytes: &[u8]) -> Vec<u64> {
    let (mut cells, mut shift) = (vec![0], 0);
    for byte in bytes {
        *cells.last_mut().unwrap() |= u64::from(byte & 0x7f) << shift;
        shift += 7;
        if byte & 0x80 == 0 {
            cells.push(0);
            shift = 0;
        }
    }
    cells.pop();
    cells
}
