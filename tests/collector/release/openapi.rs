//! `GET /api/openapi.json`: what is described is what is answered.

use std::collections::BTreeSet;

use anxin::{disposition::Disposition, fieldwork::DayPart, outgoing::request};
use jsonschema::Validator;
use serde_json::{Value, json};

use super::{Fielded, RESULTS, SAFETY};
use crate::{
    doors::{doors, fieldwork},
    fixture::{Field, body},
    site::{Collector, Reply},
};

fn description(collector: &Collector) -> Value {
    let reply = collector.get("/api/openapi.json");
    assert_eq!((reply.status, reply.header("content-type")), (200, "application/json"));
    reply.json()
}

/// Method, path and query of each address under `/api` in the table of `routes.rs`.
fn table() -> Vec<(String, String, Vec<String>)> {
    let text = include_str!("../../../src/collector/routes.rs");
    let rows = text.lines().filter_map(|line| line.strip_prefix("//! | `")?.split_once('`'));
    let addresses =
        rows.filter_map(|(address, _)| address.split_once(' ')).filter(|(_, path)| path.starts_with("/api"));
    let row = |(method, address): (&str, &str)| {
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        let names = query.split('&').filter_map(|it| it.strip_suffix('=')).map(str::to_owned);
        (method.to_lowercase(), path.to_owned(), names.collect())
    };
    addresses.map(row).collect()
}

#[test]
fn every_address_is_described() {
    let it = Fielded::new();
    let api = description(&it.collector);
    let mut described = BTreeSet::new();
    for (path, operations) in api["paths"].as_object().unwrap() {
        described.extend(operations.as_object().unwrap().keys().map(|method| (method.clone(), path.clone())));
    }
    let table = table();
    assert!(table.len() > 10, "{table:?}");
    let listed: BTreeSet<_> = table.iter().map(|(method, path, _)| (method.clone(), path.clone())).collect();
    assert_eq!(listed, described);
    // The table has what the router has.
    let text = include_str!("../../../src/collector/routes.rs");
    let routes = text.split(".route(\"").skip(1).map(|rest| rest.split('"').next().unwrap());
    let routes: BTreeSet<&str> = routes.filter(|path| path.starts_with("/api") && !path.contains('*')).collect();
    assert_eq!(listed.iter().map(|(_, path)| &**path).collect::<BTreeSet<_>>(), routes);
    for (method, path, query) in table {
        let parameters = api["paths"][&path][&method]["parameters"].as_array().unwrap();
        let parameter =
            |it: &Value| api.pointer(it["$ref"].as_str().unwrap().strip_prefix('#').unwrap()).unwrap().clone();
        let parameters: Vec<Value> = parameters.iter().map(parameter).collect();
        let named = |place: &str| -> Vec<String> {
            let there = parameters.iter().filter(|it| it["in"] == place);
            there.map(|it| it["name"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(named("query"), query, "{path}");
        let holes: Vec<String> =
            path.split('{').skip(1).map(|rest| rest.split('}').next().unwrap().to_owned()).collect();
        assert_eq!(named("path"), holes, "{path}");
    }
}

/// A schema of the description that takes no field but those it names.
fn strict(api: &Value, schema: &Value) -> Validator {
    fn close(value: &mut Value) {
        if let Value::Object(object) = value {
            if object.get("properties").is_some_and(Value::is_object) && !object.contains_key("additionalProperties") {
                object.insert("additionalProperties".into(), json!(false));
            }
            object.values_mut().for_each(close);
        } else if let Value::Array(values) = value {
            values.iter_mut().for_each(close);
        }
    }
    let mut schema = json!({ "allOf": [schema], "components": { "schemas": api["components"]["schemas"] } });
    close(&mut schema);
    jsonschema::draft202012::new(&schema).unwrap()
}

/// The schema of what an operation answers.
fn answer<'a>(api: &'a Value, path: &str, status: &str) -> &'a Value {
    let response = &api["paths"][path]["get"]["responses"][status];
    let response = response["$ref"].as_str().map_or(response, |at| api.pointer(&at[1..]).unwrap());
    let content = response["content"].as_object().unwrap_or_else(|| panic!("{path} {status}"));
    &content.values().next().unwrap()["schema"]
}

#[track_caller]
fn assert_fits(api: &Value, path: &str, reply: &Reply) {
    let validator = strict(api, answer(api, path, &reply.status.to_string()));
    let faults: Vec<String> =
        validator.iter_errors(&reply.json()).map(|it| format!("{}: {it}", it.instance_path())).collect();
    assert!(faults.is_empty(), "{path}: {faults:#?}");
}

#[test]
fn answers_are_as_they_are_described() {
    let it = Fielded::signed_in();
    let api = description(&it.collector);
    let mut quiz = Field::fetch(&it.collector, "anti-fraud-demo", 5);
    assert_eq!(it.collector.post("anti-fraud-demo", &body(&quiz.batch(300))).status, 201);
    let doors = doors(&[(Disposition::Completed, 9), (Disposition::NobodyHome, 6)]);
    let doors = request(&fieldwork(1, "330602", DayPart::Morning, doors), SAFETY).body().to_vec();
    let json = [("content-type", "application/json")];
    assert_eq!(it.collector.ask("POST", "/api/campaigns/safety-demo/fieldwork", &json, &doors).status, 201);
    let (reader, organiser) = (it.made(&["--role", "reader"]), it.made(&["--role", "organiser", "--area", "330602"]));
    let results = "/api/campaigns/{id}/results";
    for (path, reply) in [
        ("/api/campaigns", it.collector.get("/api/campaigns")),
        ("/api/campaigns/{id}", it.collector.get("/api/campaigns/safety-demo")),
        ("/api/campaigns/{id}", it.collector.get("/api/campaigns/town-demo")),
        ("/api/campaigns/{id}", it.collector.get("/api/campaigns/no-such")),
        ("/api/openapi.json", it.collector.get("/api/openapi.json")),
        (results, it.with(&reader, RESULTS)),
        (results, it.with(&organiser, &format!("{RESULTS}?period=2026-12-02"))),
        (results, it.collector.get("/api/campaigns/participation-demo/results")),
        (results, it.collector.get("/api/campaigns/anti-fraud-demo/results")),
        (results, it.collector.get("/api/campaigns/town-demo/results")),
        (results, it.collector.get(RESULTS)),
        (results, it.with("anxin_0_0", RESULTS)),
        (results, it.with(&organiser, &format!("{RESULTS}?area=330603"))),
        (results, it.collector.get(&format!("{RESULTS}?area=x"))),
        ("/api/campaigns/{id}/results.json", it.with(&organiser, &format!("{RESULTS}.json"))),
        ("/api/campaigns/{id}/results.csv", it.with(&reader, &format!("{RESULTS}.csv"))),
        ("/api/campaigns/{id}/results.sps", it.collector.get(&format!("{RESULTS}.sps?lang=fr"))),
    ] {
        assert_fits(&api, path, &reply);
    }
    assert!(!it.with(&reader, RESULTS).json()["fieldwork"].is_null());
    for end in ["csv", "xlsx", "json", "sps"] {
        let content = &api["paths"][format!("{results}.{end}")]["get"]["responses"]["200"]["content"];
        let media = it.with(&organiser, &format!("{RESULTS}.{end}")).header("content-type").to_owned();
        assert_eq!(content.as_object().unwrap().keys().collect::<Vec<_>>(), [&media]);
    }
}

#[test]
fn what_is_other_than_described_does_not_fit() {
    let it = Fielded::new();
    let api = description(&it.collector);
    let good = it.collector.get(RESULTS).json();
    let validator = strict(&api, answer(&api, "/api/campaigns/{id}/results", "200"));
    assert!(validator.is_valid(&good));
    for (pointer, bad) in [
        ("/n", json!("1")),
        ("/n", json!(-1)),
        ("/told", Value::Null),
        ("/areas/0/code", json!("越城")),
        ("/indicators/0/base", json!("some")),
        ("/indicators/0/estimates/all", json!({ "x": 1 })),
        ("/selection", json!({})),
        ("/campaign/more", json!(1)),
    ] {
        let mut results = good.clone();
        match results.pointer_mut(pointer) {
            Some(it) => *it = bad,
            None => results["campaign"]["more"] = bad,
        }
        assert!(!validator.is_valid(&results), "{pointer}");
    }
}

/// Which figures need a token, and that no other address does.
#[test]
fn tokens_are_described() {
    let it = Fielded::new();
    let api = description(&it.collector);
    for (path, operations) in api["paths"].as_object().unwrap() {
        for operation in operations.as_object().unwrap().values() {
            let want = if path.contains("/results") || path.contains("/report.") {
                json!([{}, { "token": [] }])
            } else {
                Value::Null
            };
            assert_eq!(operation["security"], want, "{path}");
        }
    }
    let scheme = &api["components"]["securitySchemes"]["token"];
    assert_eq!((&scheme["type"], &scheme["scheme"]), (&json!("http"), &json!("bearer")));
    assert!(!api.to_string().contains("[`"), "links of another documentation");
}
