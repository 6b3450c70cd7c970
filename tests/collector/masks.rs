//! Masked batches: the collector takes the masks off with a key of its own, and counts the same sum.

use std::{fs, process::ExitStatus};

use anxin::{
    mask::{ABOUT, Seed},
    questionnaire::hex,
    split::{deposit, deposit_key},
    tally::Batch,
};
use serde_json::{Value, json};

use crate::{
    fixture::{Field, body},
    site::{Collector, Reply, Site, anxin},
};

const SAFETY: &str = "safety-demo";
const RESULTS: &str = "/api/campaigns/safety-demo/results";

/// The same batch as a tablet makes it that masks each respondent, for the key that the campaign tells.
pub(crate) fn masked(batch: &Batch, key: &str) -> Batch {
    let key = deposit_key(key).unwrap();
    let mut cells: Vec<u32> = batch.cells.iter().map(|&cell| u32::try_from(cell).unwrap()).collect();
    let mut masks = Vec::new();
    for respondent in 0..batch.n {
        let seed = Seed::new([u8::try_from(respondent).unwrap() + 1; 32]);
        seed.mask(&mut cells);
        masks.push(hex(&deposit(&key, ABOUT, seed.bytes()).unwrap()));
    }
    Batch { cells: cells.into_iter().map(u64::from).collect(), masks, ..batch.clone() }
}

fn key(collector: &Collector) -> String {
    let campaign = collector.get("/api/campaigns/safety-demo").json();
    let listed = collector.get("/api/campaigns").json()["campaigns"][0].clone();
    assert_eq!(campaign["deposit"], listed["deposit"]);
    campaign["deposit"].as_str().unwrap().to_owned()
}

fn rotate(site: &Site, today: &str) -> ExitStatus {
    anxin().args(["dap", "rotate", "--today", today, "--data"]).arg(site.data()).output().unwrap().status
}

#[track_caller]
fn refused(reply: &Reply, kind: &str, at: &str) {
    let problem = reply.json();
    assert_eq!(
        (reply.status, &problem["type"], &problem["at"]),
        (422, &json!(format!("/problems/{kind}")), &json!(at))
    );
}

#[test]
fn a_masked_batch_counts_like_one_in_the_clear_and_once() {
    let site = Site::new();
    let collector = site.start();
    let mut field = Field::fetch(&collector, SAFETY, 21);
    let clear = field.batch(9);
    let posted = masked(&clear, &key(&collector));
    assert_ne!(posted.cells, clear.cells);
    assert_eq!(collector.post(SAFETY, &body(&posted)).status, 201);
    assert_eq!(collector.get(RESULTS).text(), field.results(std::slice::from_ref(&clear), None, None));
    assert_eq!(collector.post(SAFETY, &body(&posted)).status, 200);
    assert_eq!(collector.post(SAFETY, &body(&clear)).status, 409, "other content under the same name");
    assert!(collector.get(RESULTS).json()["campaign"]["deposit"].is_null(), "the key is no part of the campaign");

    // Its key is gone, and still the batch is known; another one cannot be read.
    drop(collector);
    fs::remove_file(site.data().join("deposit.json")).unwrap();
    let collector = site.start();
    assert_eq!(collector.post(SAFETY, &body(&posted)).status, 200);
    let next = masked(&field.batch(5), field.campaign.deposit.as_deref().unwrap());
    refused(&collector.post(SAFETY, &body(&next)), "unknown-mask", "/masks/0");
    assert_eq!(collector.get(RESULTS).text(), field.results(&[clear], None, None));
}

#[test]
fn a_mask_opens_after_its_key_was_replaced_while_its_campaign_runs() {
    let site = Site::new();
    let collector = site.start();
    let mut field = Field::fetch(&collector, SAFETY, 22);
    let old = key(&collector);
    assert!(rotate(&site, "2026-12-01").success() && rotate(&site, "2026-12-02").success());
    let new = key(&collector);
    assert_ne!(old, new, "a running collector takes it up");
    let batches = [field.batch(5), field.batch(6)];
    for (batch, key) in batches.iter().zip([&old, &new]) {
        assert_eq!(collector.post(SAFETY, &body(&masked(batch, key))).status, 201);
    }
    assert_eq!(collector.get(RESULTS).text(), field.results(&batches, None, None));
    // No campaign takes anything any more: the old keys go.
    assert!(rotate(&site, "2028-01-01").success());
    let kept: Value = serde_json::from_slice(&fs::read(site.data().join("deposit.json")).unwrap()).unwrap();
    assert_eq!(kept["hpke"].as_array().unwrap().len(), 2, "the newest, and the one that it replaced today");
}

#[test]
fn masks_that_do_not_fit_are_refused() {
    let site = Site::new();
    let collector = site.start();
    let mut field = Field::fetch(&collector, SAFETY, 23);
    let clear = field.batch(5);
    let good = masked(&clear, &key(&collector));
    let post = |batch: &Batch| collector.post(SAFETY, &body(batch));
    let swapped = Batch { masks: good.masks.iter().rev().cloned().collect(), ..good.clone() };
    let mut fewer = good.clone();
    fewer.masks.pop();
    refused(&post(&fewer), "wrong-masks", "/masks");
    let mut other = good.clone();
    other.masks[3] = good.masks[2].clone();
    refused(&post(&other), "cell-above-n", "/cells/0");
    for damaged in ["", "00", "zz", &good.masks[1][2..], &"0".repeat(4_000)] {
        let mut batch = good.clone();
        batch.masks[1] = damaged.to_owned();
        refused(&post(&batch), "unknown-mask", "/masks/1");
    }
    let mut wide = good.clone();
    wide.cells[2] = 1 << 32;
    refused(&post(&wide), "unknown-mask", "/masks/0");
    let mut shorter = good.clone();
    shorter.cells.pop();
    refused(&post(&shorter), "wrong-length", "/cells");
    assert_eq!(collector.get(RESULTS).json()["n"], 0);
    assert_eq!(post(&swapped).status, 201, "masks come off in any order");
}

#[cfg(unix)]
#[test]
fn the_key_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;

    let site = Site::new();
    drop(site.start());
    assert!(rotate(&site, "2026-12-01").success());
    let mode = fs::metadata(site.data().join("deposit.json")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}
