//! The log tells how the collector fares, and nothing of respondents.

use serde_json::Value;

use crate::{
    fixture::{Field, body},
    site::{Site, batches},
};

#[test]
fn holds_method_route_status_and_duration_only() {
    let site = Site::new();
    let collector = site.start();
    let mut field = Field::fetch(&collector, "safety-demo", 11);
    let batch = field.batch(5);
    let headers = [
        ("content-type", "application/json"),
        ("user-agent", "Mozilla/5.0 MicroMessenger"),
        ("x-forwarded-for", "203.0.113.9"),
        ("cookie", "openid=o6_bm"),
    ];
    let path = format!("{}?openid=o6_bm", batches("safety-demo"));
    assert_eq!(collector.ask("POST", &path, &headers, &body(&batch)).status, 201);
    assert_eq!(collector.ask("POST", &path, &headers, b"{\"secret\":1}").status, 422);
    assert_eq!(collector.get("/api/campaigns/safety-demo/results?area=330602").status, 200);
    collector.get("/c/safety-demo?area=330602");
    assert_eq!(collector.get("/private/path").status, 404);
    assert_eq!(collector.ask("SECRET", "/", &[], &[]).status, 405);
    collector.terminate();
    collector.ended();

    let log = site.log();
    let mut routes = Vec::new();
    for line in log.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        let event = line.as_object().unwrap();
        assert_eq!(event["timestamp"], "2026-12-01", "no time finer than a day");
        if event["message"] == "answered" {
            let fields: Vec<&String> = event.keys().collect();
            assert_eq!(fields, ["level", "message", "method", "ms", "route", "status", "timestamp"]);
            routes.push(format!(
                "{} {} {}",
                event["method"].as_str().unwrap(),
                event["route"].as_str().unwrap(),
                event["status"]
            ));
        }
    }
    for route in [
        "POST /api/campaigns/{id}/batches 201",
        "POST /api/campaigns/{id}/batches 422",
        "GET /api/campaigns/{id}/results 200",
        "GET /{*file} 404",
        "other / 405",
    ] {
        assert!(routes.iter().any(|it| it == route), "{route} is not in the log:\n{log}");
    }
    let words = [
        "127.0.0.1",
        "203.0.113",
        "Mozilla",
        "openid",
        "o6_bm",
        "330602",
        "safety",
        "private",
        "secret",
        "SECRET",
        batch.id.as_str(),
    ];
    for word in words {
        assert!(!log.contains(word), "{word} is in the log:\n{log}");
    }
}
