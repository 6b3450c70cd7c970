//! Figures as CSV and as a file of JSON: what the results tell, no more and no less.

use std::collections::{BTreeMap, BTreeSet};

use anxin::statistic::clopper_pearson::clopper_pearson;
use serde_json::{Value, json};

use super::{Fielded, RESULTS};
use crate::site::Reply;

/// A row of a table, by the names of its columns; what is not told is empty.
pub(super) type Row = BTreeMap<String, String>;

/// The rows of a CSV file.
pub(super) fn csv(reply: &Reply) -> Vec<Row> {
    assert_eq!((reply.status, reply.header("content-type")), (200, "text/csv; charset=utf-8"), "{}", reply.text());
    let text = String::from_utf8(reply.body.clone()).unwrap();
    let text = text.strip_prefix('\u{feff}').expect("Excel knows UTF-8 by its mark");
    assert!(text.ends_with("\r\n") && text.matches('\n').count() == text.matches("\r\n").count());
    csv::Reader::from_reader(text.as_bytes()).deserialize().map(Result::unwrap).collect()
}

/// The rows that the JSON makes.
fn rows(results: &Value, language: &str) -> Vec<Row> {
    let words = |text: &Value| text[language].as_str().unwrap().to_owned();
    let campaign = &results["campaign"];
    let text = |it: &Value| it.as_str().unwrap_or_default().to_owned();
    let whole = format!("{}/{}", text(&campaign["opens"]), text(&campaign["closes"]));
    let (area, period) = (&results["selection"]["area"], &results["selection"]["period"]);
    let period = period.as_str().map_or(whole, str::to_owned);
    let name = match area.as_str() {
        None => if language == "en" { "All areas" } else { "全部地区" }.to_owned(),
        Some(code) => {
            let found = results["path"].as_array().unwrap().iter().find(|it| it["code"] == code);
            found.map(|it| words(&it["name"])).unwrap_or_default()
        }
    };
    let mut rows = Vec::new();
    let mut table = |table: &str, area: String, name: String, period: String, of: &Value| {
        let total = table == "total";
        let (n, rates) = (&of["n"], &of["indicators"]);
        for (index, indicator) in results["indicators"].as_array().unwrap().iter().enumerate() {
            let own = indicator["base"].as_str().unwrap();
            for base in if own == "all" { ["all", "valid"] } else { ["valid", "all"] } {
                let rate = &rates[index];
                let (estimate, bound) = (&rate["estimates"][base], &rate["bound"]);
                let (bound, rank) = (
                    if base == "all" { bound } else { &Value::Null },
                    if base == own { &rate["rank"] } else { &Value::Null },
                );
                let told = |it: &Value| if it.is_null() { String::new() } else { it.to_string() };
                let flag = match (estimate.is_null(), &bound["side"]) {
                    (false, _) => "told".to_owned(),
                    (true, Value::String(side)) => side.clone(),
                    _ if of["told"] == 0 => "too_few".to_owned(),
                    _ => "withheld".to_owned(),
                };
                let confidence = if estimate.is_null() { String::new() } else { told(&results["confidence"]) };
                let count = |name: &str| estimate[name].as_u64();
                let exact = json!(count("x").zip(count("n")).and_then(|(x, n)| clopper_pearson(x, n)));
                let base_n = if estimate.is_null() { &bound["n"] } else { &estimate["n"] };
                let row = [
                    ("table", table.to_owned()),
                    ("area", area.clone()),
                    ("area_name", name.clone()),
                    ("period", period.clone()),
                    ("respondents", told(n)),
                    ("indicator", text(&indicator["id"])),
                    ("title", words(&indicator["title"])),
                    ("definition_version", text(&indicator["definition_version"])),
                    ("base", base.to_owned()),
                    ("defined_on", own.to_owned()),
                    ("x", told(&estimate["x"])),
                    ("n", told(base_n)),
                    ("rate", told(&estimate["rate"])),
                    ("low", told(&estimate["low"])),
                    ("high", told(&estimate["high"])),
                    ("exact_low", told(&exact["low"])),
                    ("exact_high", told(&exact["high"])),
                    ("confidence", confidence),
                    ("flag", flag),
                    ("bound", told(&bound["share"])),
                    ("rank", told(&rank["rank"])),
                    ("rank_best", told(&rank["best"])),
                    ("rank_worst", told(&rank["worst"])),
                    ("target", if base == own { told(&indicator["target"]["share"]) } else { String::new() }),
                    (
                        "band",
                        if base == own {
                            text(if total { &rate["target"]["band"] } else { &rate["band"] })
                        } else {
                            String::new()
                        },
                    ),
                ];
                rows.push(row.map(|(name, it)| (name.to_owned(), number(it))).into());
            }
        }
    };
    table("total", text(area), name.clone(), period.clone(), results);
    for it in results["areas"].as_array().unwrap() {
        table("area", text(&it["code"]), words(&it["name"]), period.clone(), it);
    }
    for it in results["periods"].as_array().unwrap() {
        table("period", text(area), name.clone(), text(&it["period"]), it);
    }
    rows
}

/// A number written in one way: JSON says 0.0 where a table says 0.
pub(super) fn number(text: String) -> String {
    if text.contains('.') { text.parse::<f64>().map_or(text, |it| it.to_string()) } else { text }
}

pub(super) const QUERIES: [&str; 6] =
    ["", "area=33", "area=330602", "area=330604", "period=2026-12-02", "area=330603&period=2026-12-01"];

#[test]
fn the_table_tells_what_the_results_tell() {
    let it = Fielded::new();
    let (mut flags, mut bands, mut ranked) = (BTreeMap::<String, usize>::new(), BTreeSet::new(), 0);
    for query in QUERIES {
        let results = it.collector.get(&format!("{RESULTS}?{query}")).json();
        for language in ["zh-CN", "en"] {
            let got = csv(&it.collector.get(&format!("{RESULTS}.csv?{query}&lang={language}")));
            let want = rows(&results, language);
            assert_eq!(got.len(), want.len(), "{query}");
            for (got, want) in got.iter().zip(&want) {
                assert_eq!(got, want, "{query} {language}");
                bands.insert(got["band"].clone());
                ranked += usize::from(!got["rank_worst"].is_empty());
                *flags.entry(got["flag"].clone()).or_default() += 1;
            }
        }
        let first = it.collector.get(&format!("{RESULTS}.csv?{query}"));
        assert_eq!(csv(&first), rows(&results, "zh-CN"), "the questionnaire's first language");
    }
    for flag in ["told", "at_least", "withheld", "too_few"] {
        assert!(flags.get(flag).is_some_and(|count| *count > 5), "{flag} is not among {flags:?}");
    }
    assert!(ranked > 5, "no area is ranked");
    assert_eq!(bands.iter().map(|it| &**it).collect::<Vec<_>>(), ["", "blue", "red", "yellow"]);
    // What is not told has no number at all.
    for row in csv(&it.collector.get(&format!("{RESULTS}.csv"))).iter().filter(|row| row["flag"] != "told") {
        assert!(
            ["x", "rate", "low", "high", "exact_low", "exact_high"].iter().all(|column| row[*column].is_empty()),
            "{row:?}"
        );
    }
}

#[test]
fn the_file_is_the_results() {
    let it = Fielded::new();
    for query in QUERIES {
        let file = it.collector.get(&format!("{RESULTS}.json?{query}"));
        assert_eq!(file.json(), it.collector.get(&format!("{RESULTS}?{query}")).json());
        assert!(file.text().contains("\n  \"n\": "), "for people to read");
    }
}
