//! Fieldwork: counted once, refused when it is none, shown from k contacts on, and never lost once acknowledged.

use std::{collections::BTreeSet, sync::mpsc, thread};

use anxin::{
    disposition::{Adults, Disposition, Doors, Visit},
    fieldwork::{DayPart, Fieldwork},
    outgoing::request,
    statistic::proportion::wilson,
    tally::BatchId,
};
use serde_json::{Value, json};

use crate::site::{Collector, Reply, Site, TODAY, try_ask};

const SAFETY: &str = "safety-demo";
const RESULTS: &str = "/api/campaigns/safety-demo/results";
const PATH: &str = "/api/campaigns/safety-demo/fieldwork";
const JSON: (&str, &str) = ("content-type", "application/json");

/// Doors with so many of each outcome.
pub(crate) fn doors(outcomes: &[(Disposition, usize)]) -> Doors {
    let mut doors = Doors::empty();
    for &(outcome, count) in outcomes {
        (0..count).for_each(|_| doors.add(Visit { outcome, before: None, adults: Adults::Two }).unwrap());
    }
    doors
}

/// Fieldwork of today's first shift.
pub(crate) fn fieldwork(number: u64, area: &str, part: DayPart, doors: Doors) -> Fieldwork {
    let mut random = [0xd0; 16];
    random[8..].copy_from_slice(&number.to_be_bytes());
    Fieldwork {
        id: BatchId::new(random),
        area: area.parse().unwrap(),
        day: TODAY.parse().unwrap(),
        shift: 1,
        part,
        doors,
    }
}

fn body(fieldwork: &Fieldwork) -> Vec<u8> {
    request(fieldwork, SAFETY).body().to_vec()
}

fn post(collector: &Collector, body: &[u8]) -> Reply {
    collector.ask("POST", PATH, &[JSON], body)
}

fn shown(collector: &Collector) -> Value {
    collector.get(RESULTS).json()["fieldwork"].clone()
}

use Disposition::{Completed, NobodyHome, Refused};

#[test]
fn doors_become_rates_from_k_contacts_on() {
    let site = Site::new();
    let collector = site.start();
    assert_eq!(shown(&collector), json!(null));
    let first = fieldwork(1, "330602", DayPart::Morning, doors(&[(Completed, 3), (Refused, 1), (NobodyHome, 6)]));
    assert_eq!(request(&first, SAFETY).url(), PATH);
    let reply = post(&collector, &body(&first));
    assert_eq!((reply.status, reply.json()), (201, json!({ "id": first.id, "counted": true })));
    assert_eq!(shown(&collector), json!(null), "four were met, k is 5");

    // In the evening somebody comes back to two of the closed doors.
    let mut evening = doors(&[(Completed, 2)]);
    for outcome in [Completed, NobodyHome] {
        evening.add(Visit { outcome, before: Some(NobodyHome), adults: Adults::Unknown }).unwrap();
    }
    let second = fieldwork(2, "330602", DayPart::Evening, evening);
    assert_eq!(post(&collector, &body(&second)).status, 201);
    // Elsewhere too few were met.
    let elsewhere = fieldwork(3, "330603", DayPart::Evening, doors(&[(Completed, 4), (NobodyHome, 40)]));
    assert_eq!(post(&collector, &body(&elsewhere)).status, 201);

    let told = shown(&collector);
    let total = &told["total"];
    assert_eq!(
        (&total["doors"], &total["visits"], &total["contacts"], &total["completes"]),
        (&json!(12), &json!(14), &json!(7), &json!(6)),
        "of the area that is told alone: {told}"
    );
    for (rate, x, n) in [("rr1", 6, 12), ("rr2", 6, 12), ("coop1", 6, 7), ("ref1", 1, 12), ("con1", 7, 12)] {
        assert_eq!(total[rate], serde_json::to_value(wilson(x, n)).unwrap(), "{rate}");
    }
    let area = |i: usize| told["areas"][i]["doors"].clone();
    assert_eq!((&area(0), area(1), area(2)), (total, json!(null), json!(null)));
    // In the morning four opened, in the evening three.
    assert!(told["parts"].as_array().unwrap().iter().all(|part| part["opened"].is_null()), "{told}");

    let third = fieldwork(4, "330602", DayPart::Morning, doors(&[(Refused, 1)]));
    assert_eq!(post(&collector, &body(&third)).status, 201);
    assert_eq!(shown(&collector)["parts"][0]["opened"], json!(null), "what is left of all were the three");
    let fourth = fieldwork(5, "330602", DayPart::Evening, doors(&[(Refused, 2)]));
    assert_eq!(post(&collector, &body(&fourth)).status, 201);
    let opened: Vec<Value> = (0..3).map(|part| shown(&collector)["parts"][part]["opened"].clone()).collect();
    assert_eq!(opened, [wilson(5, 11), None, wilson(5, 6)].map(|it| serde_json::to_value(it).unwrap()));
    let only = |query: &str| collector.get(&format!("{RESULTS}{query}")).json()["fieldwork"].clone();
    assert_eq!(only("?area=330603"), json!(null));
    assert_eq!(only("?area=330602&period=2026-12-01")["total"]["doors"], 15);
}

#[test]
fn doors_are_told_by_month_and_of_all_time() {
    let site = Site::new();
    drop(site.start());
    let collector = site.start_on("2027-01-31");
    for (number, area, day, met) in [
        (1, "330602", "2026-12-10", 9),
        (2, "330602", "2026-12-31", 2),
        (3, "330603", "2026-12-10", 4),
        (4, "330602", "2027-01-15", 4),
        (5, "330603", "2027-01-01", 7),
    ] {
        let doors = doors(&[(Completed, met), (NobodyHome, 10)]);
        let it = Fieldwork { day: day.parse().unwrap(), ..fieldwork(number, area, DayPart::Morning, doors) };
        assert_eq!(post(&collector, &body(&it)).status, 201);
    }
    let told = |query: &str| {
        let it = collector.get(&format!("{RESULTS}{query}")).json()["fieldwork"].clone();
        let row = |i: usize| it["areas"][i]["doors"]["completes"].clone();
        json!([it["period"], it["total"]["completes"], it["total"]["doors"], row(0), row(1)])
    };
    let none = json!([null, null, null, null, null]);
    let december = json!(["2026-12", 11, 31, 11, null]);
    assert_eq!(told("?period=2026-12"), december);
    for day in ["2026-12-10", "2026-12-25"] {
        assert_eq!(told(&format!("?period={day}")), december, "a day tells its month");
    }
    assert_eq!(told("?period=2027-01"), json!(["2027-01", 7, 17, null, 7]));
    assert_eq!(told(""), json!([null, 18, 48, 11, 7]), "months in which too few were met are in no sum");
    assert_eq!(told("?area=330602"), json!([null, 11, 31, 11, null]));
    assert_eq!((told("?area=330602&period=2027-01"), told("?period=2027-02")), (none.clone(), none));
    let export = collector.get(&format!("{RESULTS}.json?period=2027-01")).json();
    assert_eq!(export["fieldwork"]["total"]["completes"], 7);
}

/// Kept sum by sum, and reckoned from all fieldwork by a collector that finds a store from before it was kept.
#[test]
fn what_is_told_of_doors_is_kept_as_it_would_be_reckoned() {
    let site = Site::new();
    drop(site.start());
    let collector = site.start_on("2027-02-28");
    let town = "/api/campaigns/town-demo";
    let areas = collector.get(town).json()["areas"].clone();
    let areas: Vec<&str> = areas.as_array().unwrap().iter().map(|it| it["code"].as_str().unwrap()).take(4).collect();
    let months = ["2026-12", "2027-01", "2027-02"];
    let views = || {
        let codes = areas.iter().flat_map(|code| (2..=code.len()).map(move |digits| &code[..digits]));
        let places: BTreeSet<String> = codes.map(|code| format!("area={code}")).chain([String::new()]).collect();
        let periods = months.into_iter().map(|month| format!("&period={month}")).chain([String::new()]);
        let periods: Vec<String> = periods.collect();
        let all = places.iter().flat_map(|place| periods.iter().map(move |period| format!("?{place}{period}")));
        all.map(|query| query.replace("?&", "?")).collect::<Vec<String>>()
    };
    let read = |collector: &Collector| -> Vec<Value> {
        views()
            .iter()
            .map(|query| collector.get(&format!("{town}/results{query}")).json()["fieldwork"].clone())
            .collect()
    };
    let mut told = Vec::new();
    for number in 0..60u64 {
        let turn = |of: u64| (number * 7919 / 13 % of) as usize;
        let mut doors = match number {
            0 => doors(&[(Completed, 3), (Refused, 2)]),
            _ => doors(&[(Completed, turn(4)), (Refused, turn(3)), (NobodyHome, 1 + turn(5))]),
        };
        // Who was met before is called back at in vain: less is told than was.
        for _ in 0..if number % 4 == 0 && number > 0 { 4 } else { 0 } {
            doors.add(Visit { outcome: NobodyHome, before: Some(Refused), adults: Adults::Unknown }).unwrap();
        }
        let day = format!("{}-{:02}", months[(number / 4 % 3) as usize], 1 + turn(28));
        let part = DayPart::ALL[turn(3)];
        let it = fieldwork(number, areas[(number % 4) as usize], part, doors);
        let it = Fieldwork { day: day.parse().unwrap(), ..it };
        assert_eq!(collector.ask("POST", &format!("{town}/fieldwork"), &[JSON], &body(&it)).status, 201);
        told.push(
            collector.get(&format!("{town}/results")).json()["fieldwork"]["total"]["contacts"].as_u64().unwrap_or(0),
        );
    }
    assert!(!told.is_sorted(), "something was told no more: {told:?}");
    let kept = read(&collector);
    assert!(kept.iter().filter(|it| it.is_object()).count() > 20 && kept.iter().any(Value::is_null));
    drop(collector);
    let file = rusqlite::Connection::open(site.data().join("anxin.sqlite")).unwrap();
    file.execute_batch("DROP TABLE told_door; PRAGMA user_version = 8;").unwrap();
    drop(file);
    assert_eq!(read(&site.start_on("2027-02-28")), kept);
}

#[test]
fn fieldwork_counts_once_and_outlives_the_process() {
    let site = Site::new();
    let collector = site.start();
    let first = fieldwork(1, "330602", DayPart::Morning, doors(&[(Completed, 9)]));
    let spaced = serde_json::to_vec_pretty(&first).unwrap();
    // Counts of 0 say nothing.
    let mut padded = serde_json::to_value(&first).unwrap();
    padded["doors"]["outcomes"]["refused"] = json!(0);
    assert_eq!(post(&collector, &body(&first)).status, 201);
    let told = shown(&collector);
    drop(collector);
    let collector = site.start();
    for again in [body(&first), spaced, padded.to_string().into_bytes()] {
        let reply = post(&collector, &again);
        assert_eq!((reply.status, reply.json()), (200, json!({ "id": first.id, "counted": true })));
    }
    let other = Fieldwork { doors: doors(&[(Completed, 8)]), ..first.clone() };
    let conflict = post(&collector, &body(&other));
    assert_eq!((conflict.status, &conflict.json()["type"]), (409, &json!("/problems/conflict")));
    assert_eq!(shown(&collector), told);
    let late = site.start_on("2027-12-15");
    assert_eq!(post(&late, &body(&first)).status, 200, "counted in time, the acknowledgement lost");
    let gone = post(&late, &body(&fieldwork(2, "330602", DayPart::Morning, doors(&[(Completed, 9)]))));
    assert_eq!((gone.status, &gone.json()["type"]), (410, &json!("/problems/campaign-closed")));
}

#[test]
fn what_is_no_fieldwork_is_refused() {
    let site = Site::new();
    let collector = site.start();
    let good = fieldwork(1, "330602", DayPart::Morning, doors(&[(Completed, 9)]));
    let refused = |bytes: &[u8], status: u16, kind: &str, at: &str| {
        let reply = post(&collector, bytes);
        let problem = reply.json();
        assert_eq!(reply.header("content-type"), "application/problem+json");
        assert_eq!(problem["type"], format!("/problems/{kind}"), "{problem}");
        assert_eq!((reply.status, problem["at"].as_str().unwrap_or_default()), (status, at), "{problem}");
        assert_eq!(shown(&collector), json!(null), "something was stored");
    };
    let text = serde_json::to_string(&good).unwrap();
    refused(&text.as_bytes()[..text.len() / 2], 422, "unreadable-fieldwork", "");
    refused(b"[]", 422, "unreadable-fieldwork", "");
    refused(&[text.as_bytes(), &vec![b' '; 1 << 14]].concat(), 413, "too-large", "");
    for (change, status, kind, at) in [
        (json!({ "address": "3-201" }), 422, "unreadable-fieldwork", ""),
        (json!({ "part": "night" }), 422, "unreadable-fieldwork", ""),
        (json!({ "day": "2026-12-01T09:12" }), 422, "unreadable-fieldwork", ""),
        (json!({ "shift": -1 }), 422, "unreadable-fieldwork", ""),
        (json!({ "doors": { "outcomes": { "asleep": 1 } } }), 422, "unreadable-fieldwork", ""),
        (json!({ "shift": 0 }), 422, "wrong-shift", "/shift"),
        (json!({ "shift": 101 }), 422, "wrong-shift", "/shift"),
        (json!({ "area": "3306021" }), 422, "unknown-area", "/area"),
        (json!({ "day": "2026-12-03" }), 422, "wrong-day", "/day"),
        (json!({ "doors": {} }), 422, "no-doors", "/doors"),
        (json!({ "doors": { "outcomes": { "refused": 10_001 } } }), 422, "wrong-doors", "/doors"),
        (json!({ "doors": { "outcomes": { "completed": 2 } } }), 422, "wrong-doors", "/doors"),
    ] {
        let mut it = serde_json::to_value(&good).unwrap();
        it.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        refused(it.to_string().as_bytes(), status, kind, at);
    }
    let media = collector.ask("POST", PATH, &[("content-type", "text/plain")], text.as_bytes());
    assert_eq!((media.status, &media.json()["type"]), (415, &json!("/problems/not-json")));
    let unknown = collector.ask("POST", "/api/campaigns/none/fieldwork", &[JSON], text.as_bytes());
    assert_eq!(unknown.status, 404);
    assert_eq!(post(&collector, text.as_bytes()).status, 201, "after all refusals the good one is still good");
}

/// Killed outright while tablets post: what was acknowledged is there, and posted again all of it is there once.
#[test]
fn killed_during_posts() {
    const SHIFTS: usize = 60;
    let site = Site::new();
    let all: Vec<Fieldwork> = (0..SHIFTS)
        .map(|i| {
            let area = ["330602", "330603"][i % 2];
            fieldwork(i as u64, area, DayPart::ALL[i % 3], doors(&[(Completed, 1 + i % 4), (NobodyHome, i % 5)]))
        })
        .collect();
    let mut acknowledged = [false; SHIFTS];
    for kill_after in [7, 11, 5] {
        let mut collector = site.start();
        let address = collector.address.clone();
        let pending: Vec<usize> = (0..SHIFTS).filter(|&i| !acknowledged[i]).collect();
        let (tell, told) = mpsc::channel();
        thread::scope(|scope| {
            for poster in 0..3 {
                let (tell, address, pending, all) = (tell.clone(), &address, &pending, &all);
                scope.spawn(move || {
                    for &i in pending.iter().skip(poster).step_by(3) {
                        let Ok(reply) = try_ask(address, "POST", PATH, &[JSON], &body(&all[i])) else { return };
                        assert!([200, 201].contains(&reply.status), "{}", reply.text());
                        tell.send(i).unwrap();
                    }
                });
            }
            drop(tell);
            told.iter().take(kill_after).for_each(|i| acknowledged[i] = true);
            collector.kill();
            told.iter().for_each(|i| acknowledged[i] = true);
        });
        let collector = site.start();
        for i in (0..SHIFTS).filter(|&i| acknowledged[i]) {
            assert_eq!(post(&collector, &body(&all[i])).status, 200, "{i} was acknowledged and is gone");
        }
    }
    assert!(acknowledged.iter().any(|it| !it), "nothing was interrupted");
    let collector = site.start();
    for it in &all {
        assert!([200, 201].contains(&post(&collector, &body(it)).status));
    }
    let mut sum = Doors::empty();
    all.iter().for_each(|it| sum.merge(&it.doors));
    let total = &shown(&collector)["total"];
    assert_eq!((&total["doors"], &total["completes"]), (&json!(sum.total()), &json!(sum.completes())), "each once");
}
