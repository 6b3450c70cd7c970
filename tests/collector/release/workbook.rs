//! Figures as a workbook: what the table and the results tell, no more and no less.

use std::{collections::BTreeMap, io::Cursor};

use calamine::{Data, Reader, Xlsx};
use serde_json::Value;

use super::{
    Fielded, RESULTS,
    table::{QUERIES, csv, number},
};
use crate::{
    fixture::{Field, body},
    site::Reply,
};

/// The sheets of a workbook: heading and rows.
fn sheets(reply: &Reply) -> BTreeMap<String, Vec<Vec<Data>>> {
    assert_eq!(reply.status, 200, "{}", reply.text());
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(reply.body.clone())).unwrap();
    let sheet = |(name, range): (String, calamine::Range<Data>)| (name, range.rows().map(<[Data]>::to_vec).collect());
    book.worksheets().into_iter().map(sheet).collect()
}

/// A cell as the CSV has it; names are words here.
fn cell(data: &Data) -> String {
    match data {
        Data::Empty => String::new(),
        Data::String(text) => text.clone(),
        Data::Float(number) => number.to_string(),
        Data::Int(number) => number.to_string(),
        other => panic!("{other:?}"),
    }
}

const WORDS: [(&str, &str); 13] = [
    ("total", "Total"),
    ("area", "By area"),
    ("period", "By period"),
    ("all", "Everybody who was asked"),
    ("valid", "Those who gave an opinion"),
    ("told", "Told"),
    ("at_least", "At least the bound"),
    ("at_most", "At most the bound"),
    ("withheld", "Withheld, so that it gives nobody away"),
    ("too_few", "Too few to say"),
    ("red", "Red: the whole interval is below"),
    ("yellow", "Yellow: the interval holds the target"),
    ("blue", "Blue: the whole interval is at it or above"),
];

#[test]
fn the_workbook_tells_what_the_table_tells() {
    let it = Fielded::new();
    for query in QUERIES {
        let reply = it.collector.get(&format!("{RESULTS}.csv?{query}&lang=en"));
        let text = reply.text();
        let columns: Vec<String> =
            text.lines().next().unwrap().trim_start_matches('\u{feff}').split(',').map(str::to_owned).collect();
        let table = csv(&reply);
        let sheets = sheets(&it.collector.get(&format!("{RESULTS}.xlsx?{query}&lang=en")));
        assert_eq!(sheets.keys().collect::<Vec<_>>(), ["About", "Areas", "Indicators", "Items", "Periods"]);
        for (name, part) in [("Indicators", "total"), ("Areas", "area"), ("Periods", "period")] {
            let want: Vec<Vec<String>> = table
                .iter()
                .filter(|row| row["table"] == part)
                .map(|row| {
                    let named = |column: &String| {
                        let id = &row[column];
                        let known = ["table", "base", "defined_on", "flag", "band"].contains(&&**column);
                        let words = WORDS.iter().find(|(name, _)| known && name == id);
                        words.map_or_else(|| id.clone(), |(_, words)| (*words).to_owned())
                    };
                    columns.iter().map(named).collect()
                })
                .collect();
            let rows = &sheets[name][1..];
            let got: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(cell).collect()).collect();
            assert_eq!(got, want, "{query}: {name}");
            // Numbers are numbers, and codes are not.
            for row in rows {
                assert!(matches!(row[1], Data::String(_) | Data::Empty) && !matches!(row[12], Data::String(_)));
            }
        }
    }
}

#[test]
fn the_workbook_tells_what_was_answered_and_by_which_rule() {
    let it = Fielded::new();
    for (query, sheet, about) in [("lang=zh-CN", "题目", "说明"), ("area=330603&lang=en", "Items", "About")] {
        let results =
            it.collector.get(&format!("{RESULTS}?{}", query.replace("lang=zh-CN", "").replace("&lang=en", "")));
        let (results, sheets) = (results.json(), sheets(&it.collector.get(&format!("{RESULTS}.xlsx?{query}"))));
        let language = if sheet == "Items" { "en" } else { "zh-CN" };
        let mut want = Vec::new();
        let told = |it: &Value| if it.is_null() { String::new() } else { number(it.to_string()) };
        for item in results["items"].as_array().unwrap() {
            let text = |it: &Value| it.as_str().unwrap_or_default().to_owned();
            let head = [
                text(&item["section"][language]),
                text(&item["id"]),
                text(&item["text"][language]),
                told(&item["asked"]),
            ];
            let categories = item["categories"].as_array().unwrap();
            if categories.is_empty() {
                want.push([&head[..], &[(); 5].map(|()| String::new())].concat());
            }
            for category in categories {
                let own = [
                    text(&category["id"]),
                    text(&category["text"][language]),
                    told(&category["count"]),
                    told(&category["share"]),
                    told(&category["of"]),
                ];
                want.push([&head[..], &own].concat());
            }
        }
        for field in results["field"].as_array().unwrap() {
            for category in field["categories"].as_array().unwrap() {
                let text = |it: &Value| it.as_str().unwrap().to_owned();
                let none = String::new;
                want.push(vec![
                    none(),
                    text(&field["id"]),
                    none(),
                    none(),
                    text(&category["id"]),
                    none(),
                    told(&category["count"]),
                    none(),
                    none(),
                ]);
            }
        }
        let mut got: Vec<Vec<String>> = sheets[sheet][1..].iter().map(|row| row.iter().map(cell).collect()).collect();
        assert_eq!(got.len(), want.len());
        for (got, want) in got.iter_mut().zip(&want) {
            if ["dont_know", "refused", "no_answer", "not_asked"].contains(&&*got[4]) {
                assert!(!got[5].is_empty(), "special answers have words: {got:?}");
                got[5].clear();
            }
            assert_eq!(got, want);
        }
        let about: Vec<Vec<String>> = sheets[about].iter().map(|row| row.iter().map(cell).collect()).collect();
        let says = |value: &str| about.iter().any(|row| row[1] == value);
        for value in [&told(&results["n"]), &told(&results["told"]), "30", "0.95", results["version"].as_str().unwrap()]
        {
            assert!(says(value), "{value}: {about:?}");
        }
        let campaign = it.collector.get("/api/campaigns/safety-demo").json();
        assert!(says(campaign["questionnaire"].as_str().unwrap()) && says("2026-12-01"));
    }
}

#[test]
fn the_workbook_of_a_quiz_has_its_scores() {
    let it = Fielded::new();
    let mut field = Field::fetch(&it.collector, "anti-fraud-demo", 5);
    assert_eq!(it.collector.post("anti-fraud-demo", &body(&field.batch(300))).status, 201);
    let path = "/api/campaigns/anti-fraud-demo/results";
    let told = |it: &Value| if it.is_null() { String::new() } else { it.to_string() };
    let results = it.collector.get(path).json();
    let scores = results["score"]["distribution"].as_array().unwrap().iter().map(told);
    let sheets = sheets(&it.collector.get(&format!("{path}.xlsx?lang=en")));
    let rows = sheets["Items"].iter().filter(|row| cell(&row[1]) == "score");
    let got: Vec<(String, String)> = rows.map(|row| (cell(&row[4]), cell(&row[6]))).collect();
    let want: Vec<(String, String)> = scores.enumerate().map(|(score, count)| (score.to_string(), count)).collect();
    assert_eq!(got, want);
    assert!(want.iter().any(|(_, count)| !count.is_empty()), "nothing is told");
}
