//! Reports in, figures out: the same figures as from a tablet.

use anxin::{campaign::Channel, split::vdaf, tally::Tally};
use janus_messages::{Duration, HpkeConfigList, Time};
use prio::codec::Decode;
use serde_json::{Value, json};

use super::{K, Phones, SAFETY, assert_problem, count, counted, keys, put, shares, store};
use crate::{
    fixture::{Field, body},
    site::{Site, TODAY},
};

const TOMORROW: &str = "2026-12-02";

#[test]
fn the_keys_can_be_fetched_from_anywhere() {
    let site = Site::new();
    let collector = site.start();
    let field = Field::fetch(&collector, SAFETY, 1);
    let task = super::task(&field, 0).id;
    let mut seen = Vec::new();
    for role in ["leader", "helper"] {
        for query in [format!("?task_id={task}"), String::new()] {
            let reply = collector.get(&format!("/dap/{role}/hpke_config{query}"));
            assert_eq!(reply.status, 200);
            assert_eq!(reply.header("content-type"), "application/dap-hpke-config-list");
            assert_eq!(reply.header("cache-control"), "max-age=3600");
            assert_eq!(reply.header("access-control-allow-origin"), "*");
            let list = HpkeConfigList::get_decoded(&reply.body).unwrap();
            assert_eq!(list.hpke_configs().len(), 1);
            seen.push(list.hpke_configs()[0].clone());
        }
        for other in ["x".repeat(43), "A".repeat(43), "short".into(), String::new()] {
            let reply = collector.get(&format!("/dap/{role}/hpke_config?task_id={other}"));
            assert_problem(&reply, "unrecognizedTask", if other.starts_with('A') { &other } else { "" });
        }
    }
    assert_eq!((&seen[0], &seen[2]), (&seen[1], &seen[3]), "the same for every task");
    assert_ne!(seen[0].public_key(), seen[2].public_key());
    let pair = keys(&site.data());
    assert_eq!((pair.leader.newest().as_ref(), pair.helper.newest().as_ref()), (Some(&seen[0]), Some(&seen[2])));
}

/// One at a time: nothing under k, and from then on steps of k, by area and day.
#[test]
fn figures_come_in_steps_of_k() {
    let site = Site::new();
    let collector = site.start();
    let mut phones = Phones::fetch(&collector, SAFETY, 1);
    let leaves = [(0, TODAY), (1, TODAY), (0, TOMORROW)];
    let told = leaves.map(|(area, day)| phones.some(2 * K + 2, area, day));
    let nothing = phones.results(&collector);
    let mut sent = [0; 3];
    for _ in 0..2 * K + 2 {
        for i in 0..leaves.len() {
            count(&collector, &told[i][sent[i]..=sent[i]]);
            sent[i] += 1;
            let enough = (0..leaves.len()).filter(|&j| sent[j] >= K);
            let shown = enough.map(|j| (leaves[j].0, leaves[j].1, phones.sum(&told[j][..sent[j] / K * K])));
            let shown: Vec<_> = shown.collect();
            let got = phones.results(&collector);
            assert_eq!(got, phones.field.results_of(&shown), "after {sent:?}");
            assert_eq!(got == nothing, shown.is_empty());
        }
    }
    for ((area, day), told) in leaves.into_iter().zip(&told) {
        assert_eq!(counted(&site.data(), &phones, area, day), phones.sum(told));
        assert_eq!(shares(&site.data(), &phones.task(area), day).unwrap().0.n, 2, "the rest waits for others");
    }
}

/// The same people on phones in one area and on a tablet in another, in each of the instruments.
#[test]
fn phones_give_the_figures_of_a_tablet() {
    let site = Site::new();
    let collector = site.start();
    for campaign in [SAFETY, "participation-demo", "anti-fraud-demo"] {
        let mut phones = Phones::fetch(&collector, campaign, 5);
        let mut tablet = Field::fetch(&collector, campaign, 5);
        count(&collector, &phones.some(8 * K, 0, TODAY));
        let batch = tablet.batch_of(8 * K, 1, TODAY);
        assert_eq!(collector.post(campaign, &body(&batch)).status, 201);

        let figures = |area: usize| {
            let code = phones.field.campaign.areas[area].code.as_str();
            let path = format!("/api/campaigns/{campaign}/results?area={code}");
            let mut results = collector.get(&path).json();
            assert_eq!(results["areas"].as_array().unwrap().len(), 1);
            let all = results.as_object_mut().unwrap();
            // What is told of the answers depends on who came together with whom: phones come one by one.
            all.retain(|name, _| ["n", "faults", "title", "version", "fieldwork"].contains(&name.as_str()));
            results
        };
        let on_phones = figures(0);
        assert_eq!(on_phones, figures(1), "{campaign}");
        assert_eq!((&on_phones["n"], &on_phones["faults"]), (&json!(8 * K), &Value::Array(vec![])));

        let sql = "SELECT channel, n, cells, shown_n, shown_cells, fault FROM tally WHERE campaign = ?1 ORDER BY area";
        let store = store(&site.data());
        let mut statement = store.prepare(sql).unwrap();
        type Sum = (u64, Vec<u8>, Option<u64>, Option<Vec<u8>>, Option<String>);
        let row = |row: &rusqlite::Row| -> rusqlite::Result<(String, Sum)> {
            Ok((row.get(0)?, (row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?)))
        };
        let rows: Vec<_> = statement.query_map([campaign], row).unwrap().map(Result::unwrap).collect();
        let [(one, phone), (other, tablet)] = rows.as_slice() else { panic!("{rows:?}") };
        assert_eq!([one.as_str(), other], [Channel::Phone.name(), Channel::Tablet.name()]);
        assert_eq!(phone, tablet, "cell for cell");
    }
}

/// Another body's client, with nothing of ours but the parameters of the task.
#[test]
fn reports_of_another_client_are_counted() {
    let site = Site::new();
    let collector = site.start();
    let mut phones = Phones::fetch(&collector, SAFETY, 3);
    let task = phones.task(2);
    let people: Vec<_> = (0..K + 1).map(|_| phones.field.person()).collect();
    let at = |role: &str| format!("http://{}/dap/{role}/", collector.address).parse().unwrap();
    let upload = async {
        let (precision, vdaf) = (Duration::from_seconds(86_400), vdaf(task.cells).unwrap());
        let client = janus_client::Client::builder(task.id, at("leader"), at("helper"), precision, vdaf).build().await;
        let client = client.unwrap();
        for person in &people {
            let mut measurement = vec![0; task.cells];
            person.ones().iter().for_each(|&one| measurement[one as usize] = 1);
            // The client rounds down to the day.
            let time = Time::from_seconds_since_epoch(anxin::split::Task::time(TODAY.parse().unwrap()) + 40_000);
            client.upload_with_time(&measurement, time).await.unwrap();
        }
    };
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(upload);

    let mut all = Tally::empty(task.cells);
    people.iter().for_each(|person| all.add(person));
    assert_eq!(counted(&site.data(), &phones, 2, TODAY), all);
    let mut first = Tally::empty(task.cells);
    people[..K].iter().for_each(|person| first.add(person));
    assert_eq!(phones.results(&collector), phones.field.results_of(&[(2, TODAY, first)]));
}

/// What a browser asks before it uploads from another site.
#[test]
fn any_site_may_upload() {
    let site = Site::new();
    let collector = site.start();
    let mut phones = Phones::fetch(&collector, SAFETY, 4);
    let (told, task) = (phones.one(0, TODAY), phones.task(0).id.to_string());
    let path = format!("/dap/leader/tasks/{task}/reports");
    let origin = ("origin", "https://elsewhere.example");
    let asked = [("access-control-request-method", "PUT"), ("access-control-request-headers", "content-type"), origin];
    let reply = collector.ask("OPTIONS", &path, &asked, &[]);
    assert_eq!((reply.status, reply.body.len()), (204, 0));
    assert_eq!(reply.header("access-control-allow-origin"), "*");
    assert!(reply.header("access-control-allow-methods").split(", ").any(|method| method == "PUT"));
    assert_eq!(reply.header("access-control-allow-headers"), "content-type");

    let headers = [("content-type", "application/dap-report"), origin];
    let reply = collector.ask("PUT", &path, &headers, told.report.bytes());
    assert_eq!((reply.status, reply.header("access-control-allow-origin")), (200, "*"));

    // Nothing is hidden from the page, whoever refuses.
    let unreadable = collector.get("/dap/leader/hpke_config?task_id=%FF&task_id=");
    let refused = [
        (404, collector.get("/dap/nothing")),
        (405, collector.ask("POST", &path, &headers, told.report.bytes())),
        (400, unreadable),
        (400, put(&collector, "%FF", told.report.bytes())),
    ];
    for (status, reply) in refused {
        let seen = (reply.status, reply.header("access-control-allow-origin"), reply.header("content-type"));
        assert_eq!(seen, (status, "*", "application/problem+json"), "{}", reply.text());
    }
}
