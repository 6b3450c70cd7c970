//! Batches in, figures out.

use anxin::statistic::proportion::wilson;
use serde_json::{Value, json};

use crate::{
    fixture::{Field, body},
    site::Site,
};

const RESULTS: &str = "/api/campaigns/safety-demo/results";

#[test]
fn people_become_a_rate_with_its_interval() {
    let site = Site::new();
    let collector = site.start();
    let mut field = Field::fetch(&collector, "safety-demo", 1);
    let batch = field.batch(400);

    let reply = collector.post("safety-demo", &body(&batch));
    assert_eq!(reply.status, 201, "{}", reply.text());
    assert_eq!(reply.json(), json!({ "id": batch.id, "counted": true }));

    let results = collector.get(RESULTS).json();
    assert_eq!((&results["n"], &results["k"], &results["confidence"]), (&json!(400), &json!(5), &json!(0.95)));
    assert_eq!(
        results["rule"],
        json!({ "k": 5, "first": 30, "rounding": 1, "bounds": [0.99, 0.98, 0.95, 0.9, 0.8, 0.5] })
    );
    let indicator = &results["indicators"][0];
    let estimate = &indicator["estimates"][indicator["base"].as_str().unwrap()];
    let want = wilson(estimate["x"].as_u64().unwrap(), estimate["n"].as_u64().unwrap()).unwrap();
    assert_eq!(estimate, &serde_json::to_value(want).unwrap());
    let counted: u64 =
        results["items"][0]["categories"].as_array().unwrap().iter().map(|it| it["count"].as_u64().unwrap()).sum();
    assert_eq!(counted, 400);
}

/// Half of the simulated residents do not pass the screening, and few are asked what makes them feel unsafe: a
/// count is told only where k or more are counted and k or more are not.
#[test]
fn neither_few_nor_all_but_few_are_told() {
    let site = Site::new();
    let collector = site.start();
    let mut field = Field::fetch(&collector, "safety-demo", 1);
    assert_eq!(collector.post("safety-demo", &body(&field.batch(29))).status, 201);
    let results = collector.get(RESULTS).json();
    assert_eq!((&results["n"], &results["told"]), (&json!(29), &json!(0)));
    assert!(
        results["items"].as_array().unwrap().iter().all(|item| item["asked"].is_null()),
        "too few for a first step"
    );

    assert_eq!(collector.post("safety-demo", &body(&field.batch(40))).status, 201);
    let results = collector.get(RESULTS).json();
    let (mut told, mut hidden) = (0, 0);
    for item in results["items"].as_array().unwrap() {
        for category in item["categories"].as_array().unwrap() {
            let Some(count) = category["count"].as_u64() else {
                hidden += 1;
                continue;
            };
            told += 1;
            let of = category["of"].as_u64().unwrap_or(69);
            assert!(count >= 5 && of >= count + 5 || category["id"] == "not_asked", "{category}");
        }
    }
    assert!(told > 10 && hidden > 10, "{told} told, {hidden} hidden");
    for indicator in results["indicators"].as_array().unwrap() {
        for estimate in ["all", "valid"].map(|base| &indicator["estimates"][base]) {
            let Some(x) = estimate["x"].as_u64() else { continue };
            assert!(x >= 5 && estimate["n"].as_u64().unwrap() >= x + 5, "{indicator}");
        }
    }
}

/// What a row of a table says of an area or a day, its own page says too, and whatever prefix leads there.
#[test]
fn a_figure_is_the_same_wherever_it_stands() {
    let site = Site::new();
    let collector = site.start();
    let mut field = Field::fetch(&collector, "safety-demo", 6);
    for (n, area, day) in [(200, 0, "2026-12-01"), (90, 1, "2026-12-01"), (150, 0, "2026-12-02"), (7, 2, "2026-12-02")]
    {
        assert_eq!(collector.post("safety-demo", &body(&field.batch_of(n, area, day))).status, 201);
    }
    let get = |query: &str| collector.get(&format!("{RESULTS}?{query}")).json();
    let rates = |row: &Value| -> Vec<Value> {
        let rate = |it: &Value| json!([it["id"], it["estimates"], it["bound"]]);
        row["indicators"].as_array().unwrap().iter().map(rate).collect()
    };
    let all = get("");
    for area in all["areas"].as_array().unwrap().iter().filter(|area| !area["n"].is_null()) {
        let own = get(&format!("area={}", area["code"].as_str().unwrap()));
        assert_eq!((rates(area), &area["n"]), (rates(&own), &own["n"]));
        assert_eq!(rates(area), rates(&own["areas"][0]));
    }
    for day in all["periods"].as_array().unwrap() {
        let own = get(&format!("period={}", day["period"].as_str().unwrap()));
        assert_eq!((rates(day), &day["n"]), (rates(&own), &own["n"]));
    }
    for prefix in ["3", "33", "3306"] {
        assert_eq!(rates(&get(&format!("area={prefix}"))), rates(&all));
    }
    assert!(rates(&all).iter().any(|rate| !rate[1]["all"].is_null()), "nothing is told");
}

/// What is kept for views on disk is what the leaves give, from the whole down to a grid and from all time down to a day.
#[test]
fn every_view_is_that_of_all_leaves() {
    const TOWN: &str = "/api/campaigns/town-demo/results";
    let site = Site::new();
    drop(site.start());
    let collector = site.start_on("2027-01-20");
    let mut field = Field::fetch(&collector, "town-demo", 9);
    let mut batches = Vec::new();
    for (number, n) in [60, 45, 9, 120, 5, 80, 33, 200, 7, 64].into_iter().enumerate() {
        let day = ["2026-12-28", "2026-12-31", "2027-01-02"][number % 3];
        batches.push(field.batch_of(n, number * 3 % 16, day));
        assert_eq!(collector.post("town-demo", &body(batches.last().unwrap())).status, 201);
        assert_eq!(collector.get(TOWN).status, 200, "each step is told when it is taken");
    }
    let grid = batches[3].area.as_str();
    let mut told = 0;
    for area in [None, Some("33"), Some("330602901"), Some(&grid[..12]), Some(grid), Some("330603")] {
        for period in [None, Some("2026-12"), Some("2027-01"), Some("2027-01-02"), Some("2026-12-29")] {
            let query = [area.map(|it| format!("area={it}")), period.map(|it| format!("period={it}"))];
            let query = query.into_iter().flatten().collect::<Vec<_>>().join("&");
            let got = collector.get(&format!("{TOWN}?{query}"));
            assert_eq!(got.text(), field.results(&batches, area, period), "{query}");
            told += got.json()["told"].as_u64().unwrap();
        }
    }
    assert!(told > 1_000, "{told}");
    let whole = collector.get(TOWN).json();
    assert_eq!(whole["areas"][0]["name"]["en"], "Yuecheng", "one step down, and no more");
    assert_eq!((&whole["areas"][0]["areas"], whole["areas"].as_array().unwrap().len()), (&json!(16), 1));
    assert_eq!(whole["periods"][1]["period"], "2027-01");
    let town = collector.get(&format!("{TOWN}?area=330602901&period=2026-12")).json();
    assert_eq!(town["areas"].as_array().unwrap().len(), 8);
    assert_eq!(town["path"].as_array().unwrap().len(), 2);
    assert_eq!(town["periods"][0]["period"], "2026-12-28");
}

#[test]
fn figures_grow_in_steps_and_can_be_selected() {
    let site = Site::new();
    let collector = site.start();
    let mut field = Field::fetch(&collector, "safety-demo", 2);
    assert_eq!(collector.get(RESULTS).text(), field.results(&[], None, None), "nobody yet");
    let batches = [
        field.batch_of(5, 0, "2026-12-01"),
        field.batch_of(6, 0, "2026-12-01"),
        field.batch_of(7, 1, "2026-12-01"),
        field.batch_of(8, 1, "2026-12-02"),
    ];
    for posted in 1..=batches.len() {
        assert_eq!(collector.post("safety-demo", &body(&batches[posted - 1])).status, 201);
        assert_eq!(collector.get(RESULTS).text(), field.results(&batches[..posted], None, None), "after {posted}");
    }
    let results = collector.get(RESULTS).json();
    assert_eq!(results["n"], 26);
    assert_eq!(results["areas"][2]["n"], json!(null), "nobody was asked there");

    for (query, area, day) in [
        ("?area=33", Some("33"), None),
        ("?area=330603", Some("330603"), None),
        ("?period=2026-12-02", None, Some("2026-12-02")),
        ("?area=330602&period=2026-12-02", Some("330602"), Some("2026-12-02")),
        ("?", None, None),
    ] {
        let got = collector.get(&format!("{RESULTS}{query}"));
        assert_eq!(got.text(), field.results(&batches, area, day), "{query}");
    }
}

#[test]
fn a_batch_counts_once_however_often_it_is_posted() {
    let site = Site::new();
    let collector = site.start();
    let mut field = Field::fetch(&collector, "safety-demo", 3);
    let batch = field.batch(5);
    let spaced = serde_json::to_vec_pretty(&batch).unwrap();
    assert_eq!(collector.post("safety-demo", &body(&batch)).status, 201);
    for again in [body(&batch), spaced] {
        let reply = collector.post("safety-demo", &again);
        assert_eq!((reply.status, reply.json()), (200, json!({ "id": batch.id, "counted": true })));
    }
    assert_eq!(collector.get(RESULTS).text(), field.results(&[batch], None, None));
}

#[test]
fn campaigns_are_apart() {
    let site = Site::new();
    let collector = site.start();
    for (seed, id) in ["participation-demo", "anti-fraud-demo"].into_iter().enumerate() {
        let mut field = Field::fetch(&collector, id, seed as u64);
        let batch = field.batch(9);
        assert_eq!(collector.post(id, &body(&batch)).status, 201);
        let results = collector.get(&format!("/api/campaigns/{id}/results"));
        assert_eq!(results.text(), field.results(&[batch], None, None), "{id}");
        assert_eq!(results.json()["score"].is_null(), id != "anti-fraud-demo");
    }
    assert_eq!(collector.get(RESULTS).json()["n"], 0);
}

#[test]
fn sums_outlive_the_process() {
    let site = Site::new();
    let collector = site.start();
    let mut field = Field::fetch(&collector, "safety-demo", 4);
    let batch = field.batch(12);
    assert_eq!(collector.post("safety-demo", &body(&batch)).status, 201);
    collector.terminate();
    assert_eq!(collector.ended().code(), Some(0));

    let collector = site.start_on("2026-12-05");
    assert_eq!(collector.get(RESULTS).text(), field.results(std::slice::from_ref(&batch), None, None));
    assert_eq!(collector.post("safety-demo", &body(&batch)).status, 200, "its id is still known");
}

/// What an earlier version showed stays shown, as the first step.
#[test]
fn sums_of_before_there_were_steps_are_the_first() {
    let site = Site::new();
    let collector = site.start();
    let mut field = Field::fetch(&collector, "safety-demo", 8);
    let batches = [field.batch(40), field.batch(7)];
    assert_eq!(collector.post("safety-demo", &body(&batches[0])).status, 201);
    drop(collector);
    let file = rusqlite::Connection::open(site.data().join("anxin.sqlite")).unwrap();
    file.execute_batch(
        "DROP TABLE step; DROP TABLE pace; DROP TABLE reach; DROP TABLE told; DROP TABLE told_door; DROP TABLE decision; DROP TABLE margins; DROP TABLE token; DROP INDEX fault; DROP TRIGGER campaign_changes; DROP INDEX changes; ALTER TABLE campaign DROP COLUMN changes;
             PRAGMA user_version = 3;",
    )
    .unwrap();
    drop(file);

    let collector = site.start();
    assert_eq!(collector.get(RESULTS).text(), field.results(&batches[..1], None, None));
    assert_eq!(collector.post("safety-demo", &body(&batches[1])).status, 201);
    assert_eq!(collector.get(RESULTS).text(), field.results(&batches, None, None));
}

/// What was decided before crossed answers were told is decided once more, and nothing else comes of it.
#[test]
fn what_was_decided_before_is_decided_again() {
    let site = Site::new();
    let collector = site.start();
    let mut field = Field::fetch(&collector, "safety-demo", 8);
    assert_eq!(collector.post("safety-demo", &body(&field.batch(60))).status, 201);
    let before = collector.get(RESULTS).json();
    drop(collector);
    let file = rusqlite::Connection::open(site.data().join("anxin.sqlite")).unwrap();
    file.execute_batch(
        "DROP TABLE told_door; DROP INDEX changes; DROP TABLE margins; ALTER TABLE decision DROP COLUMN n; ALTER TABLE decision DROP COLUMN cells;
             PRAGMA user_version = 6;",
    )
    .unwrap();
    drop(file);
    let after = site.start().get(RESULTS).json();
    assert!(before["told"] == 60 && before["crossed"]["drivers"].is_object());
    assert_eq!(before, after);
}

#[test]
fn a_closed_campaign_is_no_longer_listed_but_still_shown() {
    let site = Site::new();
    drop(site.start());
    let ids = |day: &str| -> Vec<String> {
        let campaigns = site.start_on(day).get("/api/campaigns").json();
        campaigns["campaigns"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap().to_owned()).collect()
    };
    let demos = ["safety-demo", "participation-demo", "anti-fraud-demo", "town-demo"];
    assert_eq!(ids("2026-12-01"), demos);
    assert_eq!(ids("2027-11-30"), demos, "the last day");
    assert_eq!(ids("2027-12-01"), Vec::<String>::new());
    let collector = site.start_on("2027-12-01");
    assert_eq!(collector.get("/api/campaigns/safety-demo").json()["closes"], "2027-11-30");
    assert_eq!(collector.get(RESULTS).status, 200);
}
