//! Tables of areas page by page, where areas are many and nothing lies between them and the whole.

use std::fmt::Write;

use anxin::{
    disposition::{Disposition::Completed, Disposition::NobodyHome},
    fieldwork::DayPart,
    outgoing::request,
};
use serde_json::{Value, json};

use super::assert_refused;
use crate::{
    doors::{doors, fieldwork},
    fixture::{Field, body},
    site::{Collector, Reply, Site, TODAY, anxin},
};

const FLAT: &str = "/api/campaigns/flat/results";

/// So many areas the campaign has.
const AREAS: usize = 900;

/// So many rows a page has if nobody says how many.
const PAGE: usize = 400;

/// A collector with a campaign of many areas without regions, in some of which people were asked.
fn flat() -> (Collector, Site) {
    let site = Site::new();
    let collector = site.start();
    let mut table = "code,name\n".to_owned();
    (0..AREAS).for_each(|i| writeln!(table, "{},第{i}网格", code(i)).unwrap());
    let file = site.data().with_file_name("areas.csv");
    std::fs::write(&file, table).unwrap();
    let new =
        ["campaign", "new", "www/instruments/safety.json", "--id", "flat", "--closes", "2026-12-31", "--today", TODAY];
    let output = anxin().args(new).arg("--areas").arg(file).arg("--data").arg(site.data()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut field = Field::fetch(&collector, "flat", 7);
    // Each of them but one takes the campaign a step on, so that something is told of it.
    for (i, (area, n)) in [(0, 200), (5, 7), (399, 250), (400, 500), (799, 1_000), (899, 2_000)].into_iter().enumerate()
    {
        assert_eq!(collector.post("flat", &body(&field.batch_of(n, area, TODAY))).status, 201);
        let doors = fieldwork(i as u64, &code(area), DayPart::Morning, doors(&[(Completed, 9), (NobodyHome, 6)]));
        let (path, json) = ("/api/campaigns/flat/fieldwork", [("content-type", "application/json")]);
        assert_eq!(collector.ask("POST", path, &json, request(&doors, "flat").body()).status, 201);
    }
    (collector, site)
}

/// The code of an area.
fn code(index: usize) -> String {
    format!("330602{index:03}")
}

/// The address that an answer names.
fn link(reply: &Reply, relation: &str) -> Option<String> {
    let end = format!(">; rel=\"{relation}\"");
    let links: Vec<_> = reply.header("link").split(", ").filter_map(|link| link.strip_suffix(&end)).collect();
    assert!(links.len() < 2, "{}", reply.header("link"));
    links.first().map(|link| link.strip_prefix('<').unwrap().to_owned())
}

/// What an answer tells beside rows.
fn rest(results: &Value) -> Value {
    let mut rest = results.clone();
    rest["areas"] = json!(null);
    rest["fieldwork"]["areas"] = json!(null);
    rest
}

fn rows<'a>(results: &'a Value, table: &str) -> &'a Vec<Value> {
    results.pointer(table).and_then(Value::as_array).unwrap()
}

#[test]
fn all_pages_are_the_whole() {
    let (collector, _site) = flat();
    let whole = collector.get(&format!("{FLAT}?rows=1000"));
    assert_eq!((link(&whole, "first"), link(&whole, "next")), (None, None), "nothing is left");
    let whole = whole.json();
    assert_eq!((&whole["rows"], rows(&whole, "/areas").len()), (&json!(AREAS), AREAS));
    let told = |table| rows(&whole, table).iter().filter(|row| row["n"].is_u64() || row["doors"].is_object()).count();
    assert_eq!((told("/areas"), told("/fieldwork/areas")), (6, 6));
    let rank = |area: usize, indicator: usize| &rows(&whole, "/areas")[area]["indicators"][indicator]["rank"];
    assert!((0..8).any(|it| rank(0, it).is_object() && rank(899, it).is_object()), "areas of two pages are ranked");
    assert!(whole["indicators"][0]["clusters"].is_object());
    for (query, size) in [("", PAGE), ("?rows=333", 333), ("?rows=899", 899), ("?period=2026-12&rows=300", 300)] {
        let month = if query.contains("period") { "period=2026-12&" } else { "" };
        let whole = collector.get(&format!("{FLAT}?{month}rows=1000")).json();
        let first = format!("{FLAT}{query}");
        let mut pages = vec![collector.get(&first)];
        while let Some(next) = link(pages.last().unwrap(), "next") {
            pages.push(collector.get(&next));
            assert!(pages.len() <= AREAS.div_ceil(size), "a walk without end");
        }
        let told: Vec<Value> = pages.iter().map(Reply::json).collect();
        let last = AREAS - size * (pages.len() - 1);
        for (i, page) in told.iter().enumerate() {
            assert_eq!(rows(page, "/areas").len(), if i + 1 < told.len() { size } else { last }, "{query}");
            assert_eq!(rest(page), rest(&whole), "{query}: a figure depends on the page");
            assert_eq!(collector.get(&link(&pages[i], "first").unwrap()).body, pages[0].body);
        }
        for table in ["/areas", "/fieldwork/areas"] {
            let walked: Vec<&Value> = told.iter().flat_map(|page| rows(page, table)).collect();
            assert_eq!(walked, rows(&whole, table).iter().collect::<Vec<_>>(), "{query}: {table}");
        }
    }
}

#[test]
fn a_page_stands_behind_any_code() {
    let (collector, _site) = flat();
    let codes = |query: &str| -> Vec<String> {
        let page = collector.get(&format!("{FLAT}?{query}")).json();
        rows(&page, "/areas").iter().map(|row| row["code"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(codes("rows=2&after=33"), [code(0), code(1)]);
    assert_eq!(codes("rows=1&after=330602"), [code(0)]);
    assert_eq!(codes("rows=2&after=330602005001"), [code(6), code(7)], "within a row is behind it");
    assert_eq!(codes("rows=2&after=330602898"), [code(899)]);
    let behind = collector.get(&format!("{FLAT}?after=330602899"));
    assert!(rows(&behind.json(), "/areas").is_empty() && behind.json()["rows"] == AREAS);
    assert_eq!((link(&behind, "next"), link(&behind, "first")), (None, Some(format!("{FLAT}?rows=400"))));
    // A selected area is its own table; small ones are no pages.
    let one = collector.get(&format!("{FLAT}?area={}", code(5)));
    assert_eq!((&one.json()["rows"], one.header("link")), (&json!(1), ""));
    // Who has a page already does not get it again, but for its links.
    let page = collector.get(FLAT);
    let again = collector.ask("GET", FLAT, &[("if-none-match", page.header("etag"))], &[]);
    assert_eq!((again.status, again.header("link")), (304, page.header("link")));
}

#[test]
fn what_is_no_page_is_refused() {
    let site = Site::new();
    let collector = site.start();
    for (query, at) in [
        ("rows=0", "rows"),
        ("rows=1001", "rows"),
        ("rows=-1", "rows"),
        ("rows=1.5", "rows"),
        ("rows=", "rows"),
        ("rows=all", "rows"),
        ("rows=99999999999999999999", "rows"),
        ("after=", "after"),
        ("after=x", "after"),
        ("after=3306021234567890123456789", "after"),
        ("rows=1&rows=2", ""),
    ] {
        let reply = collector.get(&format!("{}?{query}", super::RESULTS));
        assert_refused(&reply, 400, "bad-filter", at);
    }
    assert_eq!(collector.get(&format!("{}?rows=1000&after=33", super::RESULTS)).status, 200);
    let reply = collector.get(&format!("{}?rows=0", super::RESULTS)).json();
    assert_eq!(reply["detail"], "a page has 1 to 1000 rows");
    // A file is whole.
    assert_refused(&collector.get(&format!("{}.csv?rows=1", super::RESULTS)), 400, "bad-filter", "");
}

#[test]
fn files_are_whole() {
    let (collector, _site) = flat();
    let file = collector.get(&format!("{FLAT}.json")).json();
    assert_eq!((&file["rows"], rows(&file, "/areas").len()), (&json!(AREAS), AREAS));
    let table = super::table::csv(&collector.get(&format!("{FLAT}.csv")));
    let last = table.iter().rfind(|row| row["table"] == "area").unwrap();
    assert_eq!(last["area"], code(899));
}
