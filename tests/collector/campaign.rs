//! `anxin campaign`: a questionnaire becomes a campaign, is listed, and ends.

use std::{fmt::Write, fs, path::PathBuf, process::Output};

use serde_json::{Value, json};

use crate::{
    dap::{Phones, send},
    fixture::{Field, body},
    refusals::assert_problem,
    site::{Site, TODAY, anxin},
};

const SAFETY: &str = "www/instruments/safety.json";

/// Two districts with a community each, one of which has two grids.
const AREAS: &str = "code,name,name::English (en)
330602,越城区,Yuecheng
330602901001,南门社区,South Gate
330602901001001,南门社区第1网格,
330602901001002,南门社区第2网格,
330603,柯桥区,Keqiao
330603002003,湖东社区,East Lake
";

/// A file of the site's.
fn file(site: &Site, name: &str, content: &str) -> PathBuf {
    let path = site.data().with_file_name(name);
    fs::write(&path, content).unwrap();
    path
}

/// Runs `anxin campaign` on a day.
fn campaign_on(site: &Site, today: &str, arguments: &[&str]) -> Output {
    anxin().arg("campaign").args(arguments).args(["--today", today, "--data"]).arg(site.data()).output().unwrap()
}

/// Fields a questionnaire in the areas of [`AREAS`] until the end of the month.
fn new(site: &Site, questionnaire: &str, id: &str, more: &[&str]) -> Output {
    let areas = file(site, "areas.csv", AREAS);
    let closes: &[&str] = if more.contains(&"--closes") { &[] } else { &["--closes", "2026-12-31"] };
    let arguments = [&["new", questionnaire, "--id", id, "--areas", areas.to_str().unwrap()], closes, more].concat();
    campaign_on(site, TODAY, &arguments)
}

fn told(output: &Output) -> String {
    [&*output.stdout, &*output.stderr].map(String::from_utf8_lossy).concat()
}

#[track_caller]
fn good(output: Output) -> String {
    assert!(output.status.success(), "{}", told(&output));
    told(&output)
}

#[track_caller]
fn refused(output: &Output, words: &str) {
    let told = told(output);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains(words), "{words}: {told}");
}

fn list(site: &Site, today: &str) -> Vec<Value> {
    let told = good(campaign_on(site, today, &["list", "--json"]));
    serde_json::from_str(&told).unwrap()
}

/// The safety survey with something changed, as a file.
fn changed(site: &Site, name: &str, version: &str, change: impl Fn(&mut Value)) -> String {
    let mut value: Value = serde_json::from_slice(&fs::read(SAFETY).unwrap()).unwrap();
    value["version"] = json!(version);
    change(&mut value);
    file(site, name, &value.to_string()).to_str().unwrap().to_owned()
}

#[test]
fn a_collector_that_runs_takes_it_up() {
    let site = Site::new();
    let collector = site.start();
    let title = ["--title", "2026年12月群众安全感", "--title", "en=Safety, December"];
    let told = good(new(&site, SAFETY, "safety-12", &[&title[..], &["--k", "7", "--rounding", "5"]].concat()));
    for words in
        ["safety-12: 2026年12月群众安全感", "safety 2026.2, 15 items", "3 areas in 3 regions", "k = 7", "/c/safety-12"]
    {
        assert!(told.contains(words), "{words}: {told}");
    }
    let campaign = collector.get("/api/campaigns/safety-12").json();
    let codes = |field: &str| -> Vec<String> {
        campaign[field].as_array().unwrap().iter().map(|it| it["code"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(codes("areas"), ["330602901001001", "330602901001002", "330603002003"]);
    assert_eq!(codes("regions"), ["330602", "330602901001", "330603"]);
    assert_eq!(campaign["areas"][2]["name"], json!({ "zh-CN": "湖东社区", "en": "East Lake" }));
    assert_eq!(campaign["areas"][0]["name"], json!({ "zh-CN": "南门社区第1网格" }));
    assert_eq!(campaign["title"], json!({ "zh-CN": "2026年12月群众安全感", "en": "Safety, December" }));
    assert_eq!((&campaign["opens"], &campaign["grace_days"]), (&json!(TODAY), &json!(14)));
    assert!(campaign["deposit"].is_string() && campaign["signer"].is_string(), "tablets can seal, posters be checked");
    let mut field = Field::fetch(&collector, "safety-12", 1);
    assert_eq!(collector.post("safety-12", &body(&field.batch(8))).status, 201);
    let mut phones = Phones::fetch(&collector, "safety-12", 2);
    assert_eq!(send(&collector.address, &phones.one(2, TODAY).report).unwrap().status, 200);
    let ids: Vec<Value> = list(&site, TODAY).into_iter().map(|it| it["id"].clone()).collect();
    assert_eq!(ids, ["safety-demo", "participation-demo", "anti-fraud-demo", "town-demo", "safety-12"]);
    let file = collector.get(&format!("/api/questionnaires/{}", campaign["questionnaire"].as_str().unwrap()));
    assert!(file.header("cache-control").contains("immutable"), "published by its hash for good");
}

#[test]
fn a_new_directory_gets_what_a_collector_needs_and_no_demonstration() {
    let site = Site::new();
    good(new(&site, SAFETY, "safety-12", &[]));
    let collector = site.start();
    let campaigns = collector.get("/api/campaigns").json()["campaigns"].as_array().unwrap().clone();
    assert_eq!(campaigns.len(), 1);
    let mut field = Field::fetch(&collector, "safety-12", 1);
    assert_eq!(collector.post("safety-12", &body(&field.batch(6))).status, 201);
    let mut phones = Phones::fetch(&collector, "safety-12", 2);
    assert_eq!(send(&collector.address, &phones.one(0, TODAY).report).unwrap().status, 200);
    // What is refused makes no directory.
    let site = Site::new();
    refused(&new(&site, SAFETY, "Safety", &[]), "a campaign's id is 1 to 64");
    assert!(!site.data().exists());
}

#[test]
fn a_bare_collector_has_no_campaign() {
    let site = Site::new();
    let collector = site.start_with(TODAY, &["--bare"]);
    assert_eq!(collector.get("/api/campaigns").json(), json!({ "campaigns": [] }));
    assert_eq!(good(campaign_on(&site, TODAY, &["list"])), "There is no campaign.\n");
    good(new(&site, SAFETY, "first", &[]));
    assert_eq!(collector.get("/api/campaigns/first").status, 200);
}

#[test]
fn a_form_of_a_spreadsheet_is_fielded() {
    let site = Site::new();
    let told = good(new(&site, "tests/convert/forms/neighbourhood.xlsx", "neighbours", &[]));
    let json = fs::read("tests/convert/forms/neighbourhood.json").unwrap();
    let hash = anxin::questionnaire::Questionnaire::parse(&json).unwrap().hash;
    assert!(told.contains(&hash), "{told}");
    let faults = new(&site, "tests/convert/forms/bad_names.csv", "bad", &[]);
    refused(&faults, "bad_names.csv: sheet Yes, row 3: the sheet `Yes` begins twice [duplicate_sheet]");
}

#[test]
fn every_fault_of_a_table_is_told_at_once() {
    let site = Site::new();
    let table = "code,name,kind,name::en,name::fr,people
330602,越城区,,,,
330602001,府山街道,area,,,
330602001001,,,,,
330602001000,府山,,,,
3.30602E+11,北海,,,,
33 06,南门,,,,
330602001001,再来,,x,,
330603,柯桥,regoin,,,
330604,上虞,region,,,
330605,一\u{7}二,,,,
330606,多,,,,,更多
";
    let areas = file(&site, "bad.csv", table);
    let output = campaign_on(
        &site,
        TODAY,
        &["new", SAFETY, "--id", "x", "--closes", "2026-12-31", "--areas", areas.to_str().unwrap()],
    );
    let text = told(&output);
    let got: Vec<&str> = text.lines().map(|line| line.split_once("bad.csv: ").unwrap().1).collect();
    let want = [
        "row 1, column E (name::fr): the questionnaire has no such language; it is in: zh-CN, en [unknown_column]",
        "row 1, column F (people): no column `people` here; known: code, name, name::LANGUAGE, kind [unknown_column]",
        "row 3, column C (kind): is no area but a region: 330602001000 in row 5 lies in it [area_within_area]",
        "row 4, column B (name): an area needs a name [bad_name]",
        "row 5, column A (code): write 330602001, without the zeros: what lies in it begins so [filled_up_code]",
        "row 6, column A (code): `3.30602E+11` is what a spreadsheet makes of a long code; let its column hold text, and write the code again [bad_code]",
        "row 7, column A (code): `33 06`: an area code is 1 to 24 digits [bad_code]",
        "row 8, column A (code): 330602001001 stands in row 4 already [duplicate_code]",
        "row 9, column C (kind): `regoin` is neither area nor region; it may be left empty [unknown_kind]",
        "row 10, column C (kind): no area lies in this region [region_without_area]",
        "row 11, column B (name): a name stands in one line [bad_name]",
        "row 12, column G: stands under no heading [cell_without_column]",
    ];
    assert_eq!((got, output.status.code()), (want.to_vec(), Some(1)));
    assert!(!site.data().exists(), "nothing is fielded");
}

#[test]
fn what_is_no_table_is_told() {
    let site = Site::new();
    let long = format!("code,name\n330602,{}\n", "名".repeat(101));
    let rows: Vec<String> = (0..200_001).map(|i| format!("33{i:06},x")).collect();
    let many = format!("code,name\n{}\n", rows.join("\n"));
    for (table, words) in [
        (&b""[..], "is empty; its first row names the columns code and name [no_heading]"),
        (b"code,name\n", "lists no area [no_area]"),
        (b"\n \n,\n", "[no_heading]"),
        (b"330602,\xd4\xbd\xb3\xc7\n", "row 1: is not UTF-8; save the table as"),
        (b"code;name\n330602;x\n", "row 1, column name (not there): the table needs a column `name` [no_column]"),
        (b"code,name,code\n330602,x,\n", "row 1, column C (code): `code` stands here twice [duplicate_column]"),
        (b"name\nx\n", "the table needs a column `code`"),
        (long.as_bytes(), "a name has 100 characters at most, this one 101 [bad_name]"),
        (many.as_bytes(), "row 200002: no more than 200000 rows are taken [too_many_rows]"),
        (&vec![b'x'; (32 << 20) + 1], "is larger than 33554432 bytes [too_large]"),
    ] {
        let path = site.data().with_file_name("table.csv");
        fs::write(&path, table).unwrap();
        let arguments = ["new", SAFETY, "--id", "x", "--closes", "2026-12-31", "--areas", path.to_str().unwrap()];
        refused(&campaign_on(&site, TODAY, &arguments), words);
    }
    let arguments = ["new", SAFETY, "--id", "x", "--closes", "2026-12-31", "--areas", "no/such.csv"];
    refused(&campaign_on(&site, TODAY, &arguments), "no/such.csv: No such file");
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_are_no_fault() {
    let site = Site::new();
    let areas = file(&site, "windows.csv", "\u{feff}code,name\r\n\"330602\",\"越城, 区\"\r\n,\r\n");
    let arguments = ["new", SAFETY, "--id", "x", "--closes", "2026-12-31", "--areas", areas.to_str().unwrap()];
    assert!(good(campaign_on(&site, TODAY, &arguments)).contains("1 area in 0 regions"));
}

#[test]
fn what_cannot_be_fielded_is_told() {
    let site = Site::new();
    for (arguments, words) in [
        (&["--closes", "2026-11-30", "--opens", "2026-11-01"][..], "2026-11-30 is over: nobody could be asked"),
        (&["--opens", "2027-01-01"], "the campaign closes before it opens"),
        (&["--closes", "2028-01-01"], "the questionnaire is valid from 2026-01-01 to 2027-12-31"),
        (&["--opens", "2025-12-31"], "and would be fielded from 2025-12-31 to 2026-12-31"),
        (&["--k", "4"], "k is 5 at least"),
        (&["--rounding", "11"], "multiples of 1 to 10"),
        (&["--grace-days", "367"], "the grace is 366 days at most"),
        (&["--title", " "], "a title stands in one line"),
        (&["--title", "a", "--title", "zh-CN=b"], "there are two titles in zh-CN"),
    ] {
        refused(&new(&site, SAFETY, "x", arguments), words);
    }
    refused(&new(&site, "tests/vectors/bad/key_missing.json", "x", &[]), "[key_missing]");
    refused(&new(&site, "no/such.json", "x", &[]), "no/such.json: No such file");
    assert!(!site.data().exists());
}

/// A changed questionnaire is another version and another campaign, and their sums never meet.
#[test]
fn versions_never_mix() {
    let site = Site::new();
    let collector = site.start_with(TODAY, &["--bare"]);
    good(new(&site, SAFETY, "first", &[]));
    let word = |it: &mut Value| it["sections"][1]["items"][0]["text"]["en"] = json!("Do you feel safe?");
    let silent = changed(&site, "silent.json", "2026.2", word);
    refused(
        &new(&site, &silent, "second", &[]),
        "safety was changed since it was fielded in first, and still is 2026.2",
    );
    let shifted = changed(&site, "shifted.json", "2026.3", |it| it["indicators"][0]["positive"] = json!(["safe"]));
    refused(
        &new(&site, &shifted, "second", &[]),
        "the answers that count of the indicator safety_satisfaction was changed since 2026.2 (in first)",
    );
    let open = changed(&site, "open.json", "2026.3", |it| {
        word(it);
        it["indicators"][1]["definition_version"] = json!("2026.2");
    });
    refused(&new(&site, &open, "first", &[]), "there is a campaign first already; what is fielded stays as it is");
    let told = good(new(&site, &open, "second", &[]));
    assert!(told.contains("another version than 2026.2 in first: their sums never meet."), "{told}");
    assert!(told.contains("  compare with it: safety_satisfaction, public_order_rate"), "{told}");
    assert!(told.contains("  do not compare with it: another definition version: walking_alone\n"), "{told}");

    let (mut first, mut second) = (Field::fetch(&collector, "first", 1), Field::fetch(&collector, "second", 2));
    assert_ne!(first.questionnaire.hash, second.questionnaire.hash);
    let (one, two) = ([first.batch(30)], [second.batch(40)]);
    assert_problem(&collector.post("second", &body(&one[0])), 422, "wrong-questionnaire", "/questionnaire");
    assert_problem(&collector.post("first", &body(&two[0])), 422, "wrong-questionnaire", "/questionnaire");
    assert_eq!(collector.post("first", &body(&one[0])).status, 201);
    assert_eq!(collector.post("second", &body(&two[0])).status, 201);
    first.assert_sums(&site.data(), &one);
    second.assert_sums(&site.data(), &two);
    // The same questionnaire may be fielded again; its sums are another campaign's all the same.
    good(new(&site, SAFETY, "third", &[]));
    let shown = |id: &str| collector.get(&format!("/api/campaigns/{id}/results")).json()["n"].clone();
    assert_eq!((shown("first"), shown("second"), shown("third")), (json!(30), json!(40), json!(0)));
}

#[test]
fn results_may_be_for_those_who_are_signed_in_and_channels_be_fewer() {
    let site = Site::new();
    let told = good(new(&site, SAFETY, "closed-door", &["--results", "signed-in", "--channels", "phone"]));
    assert!(told.contains("anxin token new --role reader"), "{told}");
    let collector = site.start();
    assert_eq!(collector.get("/api/campaigns/closed-door/results").status, 401);
    let campaign = collector.get("/api/campaigns/closed-door").json();
    assert_eq!((&campaign["channels"], &campaign["deposit"]), (&json!(["phone"]), &Value::Null));
    let mut field = Field::fetch(&collector, "closed-door", 1);
    assert_problem(&collector.post("closed-door", &body(&field.batch(8))), 422, "unknown-channel", "/channel");
}

#[test]
fn the_list_tells_how_each_stands() {
    let site = Site::new();
    let collector = site.start_with(TODAY, &["--bare"]);
    good(new(&site, SAFETY, "soon", &["--opens", "2026-12-05", "--closes", "2026-12-10", "--grace-days", "2"]));
    good(new(&site, "www/instruments/anti_fraud.json", "quiz", &["--results", "signed-in"]));
    let states = ["2026-12-04", "2026-12-05", "2026-12-10", "2026-12-11", "2026-12-12", "2026-12-13"]
        .map(|day| list(&site, day)[0]["state"].as_str().unwrap().to_owned());
    assert_eq!(states, ["not_yet", "open", "open", "grace", "grace", "closed"]);
    let mut field = Field::fetch(&collector, "quiz", 1);
    assert_eq!(collector.post("quiz", &body(&field.batch(12))).status, 201);
    let quiz = &list(&site, TODAY)[1];
    let shown = collector.get("/api/campaigns/quiz").json();
    for (field, want) in [
        ("id", json!("quiz")),
        ("title", shown["title"].clone()),
        ("kind", json!("quiz")),
        ("questionnaire", json!({ "id": "anti_fraud", "version": "2026.1", "hash": shown["questionnaire"] })),
        ("areas", json!(3)),
        ("k", json!(5)),
        ("results", json!("signed_in")),
        ("one_body", json!(true)),
        ("respondents", json!(12)),
    ] {
        assert_eq!(quiz[field], want, "{field}");
    }
    let told = good(campaign_on(&site, TODAY, &["list"]));
    for words in [
        "soon  群众安全感问卷\n  not yet open: 2026-12-05 to 2026-12-10, 2 days of grace",
        "results for who is signed in",
        "12 respondents shown",
    ] {
        assert!(told.contains(words), "{words}: {told}");
    }
    let nowhere = Site::new();
    refused(&campaign_on(&nowhere, TODAY, &["list"]), "no collector has kept anything");
}

#[test]
fn who_is_asked_in_time_is_counted_after_an_early_end() {
    let site = Site::new();
    let collector = site.start_with(TODAY, &["--bare"]);
    good(new(&site, SAFETY, "early", &["--grace-days", "3"]));
    let (mut field, mut phones) = (Field::fetch(&collector, "early", 1), Phones::fetch(&collector, "early", 2));
    // The collector has seen the task, and its days, before the end.
    assert_eq!(send(&collector.address, &phones.one(0, "2026-12-02").report).unwrap().status, 200);
    let told = good(campaign_on(&site, TODAY, &["close", "early"]));
    for words in
        ["early: today, 2026-12-01, is its last day; it was 2026-12-31. It never reopens.", "Until 2026-12-04 is taken"]
    {
        assert!(told.contains(words), "{words}: {told}");
    }
    assert_eq!(collector.get("/api/campaigns/early").json()["closes"], TODAY);
    assert_eq!(collector.post("early", &body(&field.batch_of(6, 0, TODAY))).status, 201);
    assert_problem(&collector.post("early", &body(&field.batch_of(6, 0, "2026-12-02"))), 422, "wrong-day", "/day");
    assert_eq!(send(&collector.address, &phones.one(0, TODAY).report).unwrap().status, 200);
    let late = send(&collector.address, &phones.one(0, "2026-12-02").report).unwrap();
    assert_eq!((late.status, late.json()["detail"].as_str()), (400, Some("nobody was asked on its day")));
    assert!(good(campaign_on(&site, TODAY, &["close", "early"])).contains("Nothing has changed."));
    refused(&campaign_on(&site, "2026-12-02", &["close", "early"]), "early ended on 2026-12-01 already");
    refused(&new(&site, SAFETY, "early", &[]), "there is a campaign early already");
    drop(collector);
    let collector = site.start_on("2026-12-04");
    assert_eq!(collector.get("/api/campaigns").json(), json!({ "campaigns": [] }), "nobody is asked");
    assert_eq!(collector.post("early", &body(&field.batch_of(6, 0, TODAY))).status, 201);
    drop(collector);
    let collector = site.start_on("2026-12-05");
    assert_problem(&collector.post("early", &body(&field.batch_of(6, 0, TODAY))), 410, "campaign-closed", "");
}

#[test]
fn what_was_to_open_later_never_does() {
    let site = Site::new();
    good(new(&site, SAFETY, "never", &["--opens", "2026-12-10"]));
    let told = good(campaign_on(&site, TODAY, &["close", "never"]));
    assert_eq!(told, "never was to open on 2026-12-10: it never does. Its id stays taken.\n");
    assert_eq!(list(&site, "2026-12-10")[0]["state"], "closed");
    let collector = site.start_on("2026-12-10");
    let mut field = Field::fetch(&collector, "never", 1);
    assert_problem(&collector.post("never", &body(&field.batch_of(6, 0, "2026-11-30"))), 410, "campaign-closed", "");
    refused(&campaign_on(&site, TODAY, &["close", "other"]), "there is no campaign \"other\"; there are: never");
}

/// As many as the micro-grids of a prefecture.
#[test]
fn very_many_areas_are_fielded() {
    let site = Site::new();
    let collector = site.start_with(TODAY, &["--bare"]);
    let mut table = "code,name\n".to_owned();
    let mut regions = std::collections::BTreeSet::new();
    for i in 0..57_204 {
        let village = format!("3302{:02}{:03}{:03}", 1 + i / 9_600, 1 + i / 440 % 22, 1 + i / 22 % 20);
        regions.extend([village[..6].to_owned(), village[..9].to_owned(), village.clone()]);
        let _ = writeln!(table, "{village}{:03},第{i}微网格", i % 22 + 1);
    }
    let count = regions.len();
    regions.iter().for_each(|code| table += &format!("{code},区域{code}\n"));
    let areas = file(&site, "many.csv", &table);
    let arguments = ["new", SAFETY, "--id", "many", "--closes", "2026-12-31", "--areas", areas.to_str().unwrap()];
    let told = good(campaign_on(&site, TODAY, &arguments));
    assert!(told.contains(&format!("57204 areas in {count} regions")), "{told}");
    let mut phones = Phones::fetch(&collector, "many", 2);
    for area in [0, 30_000, 57_203] {
        assert_eq!(send(&collector.address, &phones.one(area, TODAY).report).unwrap().status, 200);
    }
    assert_eq!(list(&site, TODAY)[0]["areas"], 57_204);
}
