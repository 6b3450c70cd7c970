//! What the proofs let through and the sum gives away.

use anxin::{layout::Counts, split::vdaf};
use serde_json::json;

use super::{K, Phones, SAFETY, count, forge::Draft, put};
use crate::site::{Site, TODAY};

/// Two ones where everyone has one: each cell is 0 or 1, so the proof holds.
#[test]
fn a_sum_that_does_not_add_up_is_told_and_not_shown() {
    let site = Site::new();
    let collector = site.start();
    let mut phones = Phones::fetch(&collector, SAFETY, 1);
    let (told, elsewhere) = (phones.some(2 * K, 0, TODAY), phones.some(K, 1, TODAY));
    let (tomorrow, forged) = (phones.some(K, 0, "2026-12-02"), phones.field.person());
    count(&collector, elsewhere.iter().chain(&tomorrow).chain(&told[..K - 1]));

    let task = phones.task(0);
    let mode = *phones.field.questionnaire.layout.block(Counts::Mode).unwrap();
    let mut measurement = vec![0; task.cells];
    forged.ones().iter().for_each(|&one| measurement[one as usize] = 1);
    measurement[mode.start..mode.start + 2].fill(1);
    let mut draft = Draft::of(&task, &vdaf(task.cells).unwrap(), &measurement, &phones.to);
    draft.time = anxin::split::Task::time(TODAY.parse().unwrap());
    assert_eq!(put(&collector, &task.id.to_string(), &draft.bytes()).status, 200);

    let honest = [(1, TODAY, phones.sum(&elsewhere)), (0, "2026-12-02", phones.sum(&tomorrow))];
    let honest: serde_json::Value = serde_json::from_str(&phones.field.results_of(&honest)).unwrap();
    // It stays a fault, however many honest ones are added.
    for (n, more) in [(K, &told[..0]), (2 * K, &told[K - 1..2 * K - 1])] {
        count(&collector, more);
        let mut results = collector.get("/api/campaigns/safety-demo/results").json();
        let faults = results["faults"].take();
        results["faults"] = json!([]);
        assert_eq!(results, honest, "nobody of the faulty sum is in any figure");
        let fault = &faults[0];
        assert_eq!(faults.as_array().unwrap().len(), 1);
        let area = phones.field.campaign.areas[0].code.as_str();
        let named = json!([fault["area"], fault["day"], fault["channel"], fault["n"]]);
        assert_eq!(named, json!([area, TODAY, "phone", n]));
        let said = fault["fault"].as_str().unwrap();
        assert!(said.contains(&format!("(from cell {}) sums to {}, not to {K}", mode.start, K + 1)), "{said}");
        let found = &fault["found"];
        let numbers = json!([found["code"], found["start"], found["sum"], found["n"]]);
        assert_eq!(numbers, json!(["block_sum", mode.start, K + 1, K]), "{found}");
    }
    let of_the_other = collector.get("/api/campaigns/safety-demo/results?area=330603").json();
    assert_eq!((&of_the_other["n"], &of_the_other["faults"]), (&json!(K), &json!([])));

    // One that was kept as it was said, before what was found was kept.
    let store = rusqlite::Connection::open(site.data().join("anxin.sqlite")).unwrap();
    let old = "block 2 (from cell 9) sums to 6, not to 5";
    assert_eq!(store.execute("UPDATE tally SET fault = ?1 WHERE fault IS NOT NULL", [old]), Ok(1));
    let faults = collector.get("/api/campaigns/safety-demo/results").json()["faults"].take();
    assert_eq!((&faults[0]["fault"], &faults[0]["found"]), (&json!(old), &json!(null)));
}
