//! Files: who gets them, what they are called, what they may hold; and the command that writes them.

use std::{fs, io::Cursor, process::Output};

use calamine::{Reader, Xlsx};

use super::{Fielded, RESULTS, SAFETY, assert_refused};
use crate::site::{TODAY, anxin};

const FORMATS: [&str; 4] = ["csv", "xlsx", "json", "sps"];

#[test]
fn a_file_is_named_by_what_it_is_of() {
    let it = Fielded::new();
    for format in FORMATS {
        for (query, name) in [
            ("", "safety-demo"),
            ("?area=330602", "safety-demo-330602"),
            ("?area=330602&period=2026-12-02", "safety-demo-330602-2026-12-02"),
        ] {
            let reply = it.collector.get(&format!("{RESULTS}.{format}{query}"));
            let want = format!("attachment; filename*=UTF-8''{name}.{format}");
            assert_eq!((reply.status, reply.header("content-disposition")), (200, &*want));
        }
    }
    let syntax = it.collector.get(&format!("{RESULTS}.sps?area=330602")).text();
    assert!(syntax.contains("/FILE='safety-demo-330602.csv'"), "{syntax}");
}

#[test]
fn what_has_not_changed_is_not_sent_again() {
    for (it, keep) in [(Fielded::new(), "no-cache"), (Fielded::signed_in(), "private, no-cache")] {
        let token = (keep != "no-cache").then(|| it.made(&["--role", "organiser"]));
        let bearer = token.map(|token| format!("Bearer {token}"));
        let headers: Vec<(&str, &str)> = bearer.iter().map(|it| ("authorization", &**it)).collect();
        for format in FORMATS {
            let path = format!("{RESULTS}.{format}");
            let reply = it.collector.ask("GET", &path, &headers, &[]);
            assert_eq!((reply.status, reply.header("cache-control")), (200, keep), "{path}");
            assert_eq!(reply.header("vary"), "accept-encoding, authorization");
            let asked = [&headers[..], &[("if-none-match", reply.header("etag"))]].concat();
            let again = it.collector.ask("GET", &path, &asked, &[]);
            assert_eq!((again.status, again.body.len()), (304, 0), "{path}: the same figures make the same file");
            assert_eq!(again.header("cache-control"), keep);
            let other = it.collector.ask("GET", &format!("{path}?lang=en"), &asked, &[]);
            assert_eq!(other.status, if format == "json" { 304 } else { 200 }, "{path}");
        }
    }
}

/// A reader reads, an organiser takes away; nobody without a token gets what is not for everybody.
#[test]
fn files_are_for_organisers() {
    let it = Fielded::signed_in();
    let (reader, organiser) = (it.made(&["--role", "reader"]), it.made(&["--role", "organiser", "--area", "330602"]));
    for format in FORMATS {
        let path = format!("{RESULTS}.{format}");
        assert_refused(&it.collector.get(&path), 401, "sign-in", "");
        assert_refused(&it.with("anxin_000000000000_00", &path), 401, "bad-token", "");
        assert_refused(&it.with(&reader, &path), 403, "no-export", "");
        assert_refused(&it.with(&organiser, &format!("{path}?area=330603")), 403, "other-area", "area");
        let own = it.with(&organiser, &path);
        assert_eq!(own.status, 200);
        assert_eq!(
            own.header("content-disposition"),
            format!("attachment; filename*=UTF-8''safety-demo-330602.{format}")
        );
        let other = |name| format != "json" && own.text().contains(name);
        assert!(!other("330603") && !other("柯桥"), "{format}: another area");
        // Who shows a token is held to it for public figures too.
        assert_refused(&it.with(&reader, &format!("/api/campaigns/town-demo/results.{format}")), 403, "no-export", "");
        assert_eq!(it.collector.get(&format!("/api/campaigns/town-demo/results.{format}")).status, 200);
    }
    assert_eq!(it.with(&reader, RESULTS).status, 200);
}

#[test]
fn what_makes_no_file_is_told() {
    let it = Fielded::new();
    for format in FORMATS {
        for (query, at) in [
            ("lang=fr", "lang"),
            ("lang=", "lang"),
            (&*format!("lang={}", "e".repeat(65)), "lang"),
            ("area=x", "area"),
            ("period=2026-13-01", "period"),
            ("format=csv", ""),
        ] {
            assert_refused(&it.collector.get(&format!("{RESULTS}.{format}?{query}")), 400, "bad-filter", at);
        }
        let nowhere = it.collector.get(&format!("/api/campaigns/no-such/results.{format}"));
        assert_refused(&nowhere, 404, "unknown-campaign", "");
    }
    assert_refused(&it.collector.get(&format!("{RESULTS}.pdf")), 404, "not-found", "");
    assert_eq!(it.collector.ask("POST", &format!("{RESULTS}.csv"), &[], &[]).status, 405);
}

/// A name that a spreadsheet would take for a formula is words in a file.
#[test]
fn no_name_is_a_formula() {
    let it = Fielded::new();
    let store = rusqlite::Connection::open(it.site.data().join("anxin.sqlite")).unwrap();
    let sql =
        "UPDATE campaign SET json = json_set(json, '$.areas[0].name.en', ?2, '$.areas[1].name.en', ?3) WHERE id = ?1";
    let (link, lines) = ("=HYPERLINK(\"http://x\",\"a, b\")", "+1\n+2");
    assert_eq!(store.execute(sql, [SAFETY, link, lines]), Ok(1));
    let reply = it.collector.get(&format!("{RESULTS}.csv?lang=en"));
    let text = reply.text();
    assert!(text.contains("330602,\"'=HYPERLINK(\"\"http://x\"\",\"\"a, b\"\")\",") && text.contains("330603,'+1 +2,"));
    let cells: Vec<String> = csv::Reader::from_reader(text.as_bytes())
        .records()
        .flat_map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>())
        .collect();
    assert!(!cells.iter().any(|cell| cell.starts_with(['=', '+', '-', '@', '\t', '\r'])));
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(it.collector.get(&format!("{RESULTS}.xlsx?lang=en")).body)).unwrap();
    for (name, sheet) in book.worksheets() {
        assert!(book.worksheet_formula(&name).unwrap().is_empty(), "{name} has a formula");
        let there = sheet.used_cells().any(|(.., cell)| *cell == calamine::Data::String(link.to_owned()));
        assert_eq!(there, name == "Areas", "as it is, for it is text");
    }
    // In syntax a quote ends nothing but its label.
    let sql = "UPDATE campaign SET json = json_set(json, '$.areas[0].name.en', ?2) WHERE id = ?1";
    assert_eq!(store.execute(sql, [SAFETY, "x' . ERASE FILE='y'."]), Ok(1));
    let syntax = it.collector.get(&format!("{RESULTS}.sps?lang=en")).text();
    assert!(syntax.contains("  '330602' 'x'' . ERASE FILE=''y''.'\n"), "{syntax}");
}

/// Each column of the data is a variable, wide enough, and each value has a label.
#[test]
fn syntax_reads_the_data() {
    let it = Fielded::new();
    let (data, syntax) =
        (it.collector.get(&format!("{RESULTS}.csv")).text(), it.collector.get(&format!("{RESULTS}.sps")).text());
    let mut reader = csv::Reader::from_reader(data.trim_start_matches('\u{feff}').as_bytes());
    let columns: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let (_, rest) = syntax.split_once("/VARIABLES=\n").unwrap();
    let variables: Vec<(&str, &str)> =
        rest.lines().take_while(|line| line.trim() != ".").map(|line| line.trim().split_once(' ').unwrap()).collect();
    assert_eq!(variables.iter().map(|(name, _)| *name).collect::<Vec<_>>(), columns);
    for row in reader.records() {
        for ((name, format), value) in variables.iter().zip(row.unwrap().iter()) {
            match format.strip_prefix('A') {
                Some(width) => assert!(value.len() <= width.parse::<usize>().unwrap(), "{name}: {value}"),
                None => assert!(value.is_empty() || value.parse::<f64>().is_ok(), "{name}: {value}"),
            }
            if ["table", "base", "defined_on", "flag", "band", "indicator", "area"].contains(name) && !value.is_empty()
            {
                let (_, labels) = syntax.split_once(&format!("VALUE LABELS {name}\n")).unwrap();
                assert!(labels.split("\n  .\n").next().unwrap().contains(&format!("  '{value}' '")), "{name}: {value}");
            }
        }
    }
    assert!(syntax.starts_with("\u{feff}* Encoding: UTF-8.") && syntax.contains("  rate '比率'"));
    assert!(syntax.lines().all(|line| line.len() < 256), "a line that is too long");
}

/// Runs `anxin export` where the data is.
fn export(it: &Fielded, arguments: &[&str]) -> Output {
    let all = [&["export", "--today", TODAY, "--data", "."], arguments].concat();
    anxin().args(all).current_dir(it.site.data()).output().unwrap()
}

#[test]
fn the_command_writes_what_the_collector_sends() {
    let it = Fielded::signed_in();
    let token = it.made(&["--role", "organiser"]);
    for format in FORMATS {
        for (options, query) in [
            (&["--lang", "en"][..], "lang=en"),
            (&["--area", "330602", "--period", "2026-12-02"], "area=330602&period=2026-12-02"),
        ] {
            let file =
                format!("safety-demo{}.{format}", if query.contains("area") { "-330602-2026-12-02" } else { "" });
            let output = export(&it, &[&["--campaign", SAFETY, "-o", &file], options].concat());
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            let told = String::from_utf8(output.stdout).unwrap();
            assert!(told.contains(&file) && told.lines().count() == if format == "sps" { 2 } else { 1 }, "{told}");
            let sent = it.with(&token, &format!("{RESULTS}.{format}?{query}"));
            assert!(fs::read(it.site.data().join(&file)).unwrap() == sent.body, "{file}");
        }
    }
}

#[test]
fn what_the_command_cannot_do_is_told() {
    let it = Fielded::new();
    for (arguments, words) in [
        (&["--campaign", SAFETY, "-o", "results.pdf"][..], "must end in .csv, .xlsx, .json or .sps"),
        (&["--campaign", SAFETY, "-o", "results"], "must end in"),
        (&["--campaign", "no-such", "-o", "a.csv"], "there is no campaign \"no-such\""),
        (&["--campaign", SAFETY, "--lang", "fr", "-o", "a.csv"], "is not in fr; it is in: zh-CN, en"),
        (&["--campaign", SAFETY, "--area", "x", "-o", "a.csv"], "an area code is 1 to 24 digits"),
        (&["--campaign", SAFETY, "-o", "no/such/folder.csv"], "cannot write no/such/folder.csv"),
        (&["--campaign", SAFETY], "--output"),
    ] {
        let output = export(&it, arguments);
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && output.stdout.is_empty() && told.contains(words), "{arguments:?}: {told}");
    }
    assert!(!it.site.data().join("a.csv").exists());
}
