//! Who may read figures: everybody, or who shows a token, held to its area, its role and its days.

use serde_json::json;

use super::{Fielded, RESULTS, areas, assert_refused, id};
use crate::site::Collector;

#[test]
fn figures_for_those_who_are_signed_in_need_a_token() {
    let it = Fielded::signed_in();
    assert_refused(&it.collector.get(RESULTS), 401, "sign-in", "");
    let head = it.collector.ask("HEAD", RESULTS, &[], &[]);
    assert_eq!((head.status, head.header("etag")), (401, ""));
    let reply = it.with(&it.made(&["--role", "reader"]), RESULTS);
    assert_eq!((reply.status, &reply.json()["n"]), (200, &json!(1047)));
    assert_eq!(it.with(&it.made(&["--role", "reader"]), "/api/campaigns/safety-demo").json()["results"], "signed_in");
    // Respondents need no token, and other campaigns stay as they are.
    assert_eq!(it.collector.get("/api/campaigns/safety-demo").status, 200);
    assert_eq!(it.collector.get("/api/campaigns/town-demo/results").status, 200);
}

#[test]
fn a_public_campaign_says_nothing_of_it() {
    let it = Fielded::new();
    let reply = it.collector.get(RESULTS);
    assert_eq!((reply.status, reply.header("cache-control")), (200, "no-cache"));
    assert!(it.collector.get("/api/campaigns/safety-demo").json().get("results").is_none());
    let proxy = it.collector.ask("GET", RESULTS, &[("authorization", "Basic YTpi")], &[]);
    assert_eq!((proxy.status, proxy.body), (200, reply.body), "another's scheme is no token");
}

#[test]
fn a_wrong_token_is_refused_whichever_campaign_it_is_for() {
    let it = Fielded::signed_in();
    let good = it.made(&["--role", "reader"]);
    let other = it.made(&["--role", "reader"]);
    let secret = |token: &str| token.split('_').nth(2).unwrap().to_owned();
    let last = if good.ends_with('0') { '1' } else { '0' };
    let wrong = [
        format!("{}{last}", &good[..good.len() - 1]),
        format!("anxin_{}_{}", id(&good), secret(&other)),
        format!("anxin_000000000000_{}", secret(&good)),
        format!("{good}0"),
        good.to_uppercase(),
        secret(&good),
        format!("anxin_{}_", id(&good)),
        format!("other_{}_{}", id(&good), secret(&good)),
        "anxin".to_owned(),
        String::new(),
    ];
    for path in [RESULTS, "/api/campaigns/town-demo/results", "/api/campaigns/no-such/results"] {
        for token in &wrong {
            assert_refused(&it.with(token, path), 401, "bad-token", "");
        }
        let twice = [("authorization", &*format!("Bearer {good}")), ("authorization", &format!("Bearer {good}"))];
        assert_refused(&it.collector.ask("GET", path, &twice, &[]), 401, "bad-token", "");
        assert_refused(&it.collector.ask("GET", path, &[("authorization", "bearer")], &[]), 401, "bad-token", "");
    }
    let reply = it.collector.ask("GET", RESULTS, &[("authorization", &format!("bearer  {good}"))], &[]);
    assert_eq!(reply.status, 200, "schemes have no case");
}

#[test]
fn what_is_revoked_is_refused_at_once() {
    let it = Fielded::signed_in();
    let (token, other) = (it.made(&["--role", "reader"]), it.made(&["--role", "reader"]));
    assert_eq!(it.with(&token, RESULTS).status, 200);
    assert!(it.token(&["revoke", id(&token)]).status.success());
    assert_refused(&it.with(&token, RESULTS), 401, "bad-token", "");
    assert_eq!(it.with(&other, RESULTS).status, 200);
    assert!(!it.token(&["revoke", id(&token)]).status.success(), "it is gone");
}

#[test]
fn the_last_day_of_a_token_is_its_last() {
    let it = Fielded::signed_in();
    let token = it.made(&["--role", "reader", "--expires", "2026-12-02"]);
    let ask =
        |collector: &Collector| collector.ask("GET", RESULTS, &[("authorization", &format!("Bearer {token}"))], &[]);
    assert_eq!(ask(&it.site.start_on("2026-12-02")).status, 200);
    assert_refused(&ask(&it.site.start_on("2026-12-03")), 401, "bad-token", "");
}

#[test]
fn a_token_for_an_area_reads_that_area() {
    for it in [Fielded::new(), Fielded::signed_in()] {
        let all = it.with(&it.made(&["--role", "reader"]), RESULTS).json();
        assert_eq!(areas(&all).len(), 6);
        let token = it.made(&["--role", "reader", "--area", "330602"]);
        let own = it.with(&token, RESULTS);
        assert_eq!((own.status, areas(&own.json()), &own.json()["n"]), (200, vec!["330602"], &json!(350)));
        assert_eq!(own.json()["selection"]["area"], "330602", "it says so");
        assert_eq!(it.with(&token, &format!("{RESULTS}?area=330602")).body, own.body);
        for outside in ["33", "3", "330603", "33060"] {
            let reply = it.with(&token, &format!("{RESULTS}?area={outside}"));
            assert_refused(&reply, 403, "other-area", "area");
            assert_eq!(reply.json()["detail"], "the token is for areas within 330602");
        }
        let day = it.with(&token, &format!("{RESULTS}?period=2026-12-02")).json();
        assert_eq!((areas(&day), &day["n"]), (vec!["330602"], &json!(150)));
        let within = it.with(&token, &format!("{RESULTS}?area=330602001")).json();
        assert_eq!((areas(&within).len(), &within["n"]), (0, &json!(0)), "no finer than the campaign's areas");
        let wide = it.with(&it.made(&["--role", "reader", "--area", "33"]), RESULTS).json();
        assert_eq!((areas(&wide), &wide["n"]), (areas(&all), &all["n"]));
        let elsewhere = it.with(&it.made(&["--role", "reader", "--area", "44"]), RESULTS).json();
        assert_eq!((areas(&elsewhere).len(), &elsewhere["n"]), (0, &json!(0)));
    }
}

/// What a token brings, or a campaign that is not for everybody, is kept by nobody on the way; and not sent twice.
#[test]
fn what_is_for_one_reader_is_kept_by_no_other() {
    for (it, open) in [(Fielded::new(), true), (Fielded::signed_in(), false)] {
        let token = it.made(&["--role", "reader", "--area", "330602"]);
        let reply = it.with(&token, RESULTS);
        assert_eq!(reply.header("cache-control"), "private, no-cache");
        assert_eq!(reply.header("vary"), "accept-encoding, authorization");
        let tag = reply.header("etag").to_owned();
        let again = |headers: &[(&str, &str)]| {
            it.collector.ask("GET", RESULTS, &[headers, &[("if-none-match", &*tag)]].concat(), &[])
        };
        let same = again(&[("authorization", &format!("Bearer {token}"))]);
        assert_eq!((same.status, same.body.len(), same.header("cache-control")), (304, 0, "private, no-cache"));
        if open {
            assert_eq!(again(&[]).status, 200, "all areas are something else");
        } else {
            assert_refused(&again(&[]), 401, "sign-in", "");
        }
    }
}

#[test]
fn filters_are_few_and_short() {
    let it = Fielded::new();
    let long = "3".repeat(65);
    for (query, at) in [
        (format!("area={long}"), "area"),
        (format!("period={long}"), "period"),
        (format!("area={}", "3".repeat(25)), "area"),
        (format!("area={}", "3".repeat(5_000)), ""),
        (format!("{long}=1"), ""),
        ("area=330602&area=330603".to_owned(), ""),
        ("lang=en".to_owned(), ""),
        ("token=x".to_owned(), ""),
        ("area=%ff".to_owned(), "area"),
    ] {
        let reply = it.collector.get(&format!("{RESULTS}?{query}"));
        assert_refused(&reply, 400, "bad-filter", at);
        assert!(reply.body.len() < 500, "{}", reply.text());
    }
}

/// A token stands in no address, and in no log.
#[test]
fn the_log_knows_no_token() {
    let it = Fielded::signed_in();
    let token = it.made(&["--role", "reader"]);
    for token in [&token, "anxin_000000000000_wrong"] {
        it.with(token, RESULTS);
    }
    let log = it.site.log();
    assert!(log.contains("/api/campaigns/{id}/results") && !log.contains("anxin_"), "{log}");
    assert!(!log.contains(id(&token)) && !log.contains("办公室"));
}
