//! The monthly report: its figures are those of the results of its month and of the month before, in every format.

use std::{collections::BTreeSet, fs, io::Cursor, process::Output};

use anxin::{
    campaign::Channel,
    fieldwork::{DayPart, Fieldwork},
    outgoing::request,
    statistic::{proportion::wilson, rate::rate},
    tally::{Batch, Tally},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use calamine::{Data, Reader, Xlsx};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{Fielded, RESULTS, SAFETY, assert_refused};
use crate::{
    doors::{doors, fieldwork},
    fixture::{Field, body},
    site::{Reply, Site, anxin},
};

const REPORT: &str = "/api/campaigns/safety-demo/report";

/// Long after the campaign, so that everything that is ever told is told.
const OVER: &str = "2028-01-01";

/// A campaign over two months and a day. In its second area fewer are content in the second month; in the third there
/// are too few to say; in the last, nobody.
fn over() -> Fielded {
    let site = Site::new();
    let collector = site.start();
    let mut field = Field::fetch(&collector, SAFETY, 77);
    drop(collector);
    let collector = site.start_on("2027-01-31");
    let mut id = 0;
    for day in ["2026-12-10", "2027-01-15"] {
        let december = day.starts_with("2026");
        for (area, content, others) in [
            (0, 330, 70),
            (1, if december { 360 } else { 240 }, if december { 40 } else { 160 }),
            (3, 180, 60),
            (4, 90, 50),
        ] {
            id += 1;
            let batch = batch(&mut field, (area, day, id), (content, others));
            assert_eq!(collector.post(SAFETY, &body(&batch)).status, 201);
        }
    }
    assert_eq!(collector.post(SAFETY, &body(&field.batch_of(7, 2, "2027-01-15"))).status, 201);
    drop(collector);
    let it = Fielded { collector: site.start_on(OVER), site };
    for (indicator, percent) in [("safety_satisfaction", "75"), ("walking_alone", "99"), ("fire_rate", "10")] {
        assert!(it.target(&["--indicator", indicator, "--percent", percent]).status.success());
    }
    it
}

/// So many in each batch give no opinion.
const SILENT: usize = 20;

/// A batch of so many who are content, and so many who are not.
fn batch(field: &mut Field, (area, day, id): (usize, &str, u8), (content, others): (usize, usize)) -> Batch {
    let questionnaire = field.questionnaire.clone();
    let mut tally = Tally::empty(questionnaire.layout.len());
    let (mut wanted, mut left) = ([others, content, SILENT], content + others + SILENT);
    while left > 0 {
        let one = field.tally(1);
        let it = rate(&questionnaire, &one, 0);
        let said = it.all.map(|_| it.valid.map_or(2, |it| it.x as usize));
        if let Some(said) = said.filter(|said| wanted[*said] > 0) {
            wanted[said] -= 1;
            left -= 1;
            tally.merge(&one);
        }
    }
    let area = field.campaign.areas[area].code.clone();
    Batch::close(&field.campaign, area, day.parse().unwrap(), Channel::Tablet, &tally, [id; 16]).unwrap()
}

/// The tables of a page: caption, headings and rows.
fn tables(reply: &Reply) -> Vec<(String, Vec<Vec<String>>)> {
    assert_eq!((reply.status, reply.header("content-type")), (200, "text/html; charset=utf-8"), "{}", reply.text());
    let text = reply.text();
    let words = |html: &str| {
        let text = html.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text)).collect::<String>();
        text.replace("&lt;", "<").replace("&amp;", "&").trim().to_owned()
    };
    let table = |html: &str| {
        let (caption, rest) = html.split_once("</caption>").unwrap();
        let rows = rest.split("</table>").next().unwrap().split("<tr>").skip(1);
        let cells = |row: &str| row.split("</th>").flat_map(|it| it.split("</td>")).map(words).collect::<Vec<_>>();
        let rows = rows.map(|row| {
            let mut cells = cells(row);
            cells.pop();
            cells
        });
        (words(&caption[caption.find('>').unwrap()..]).trim_start_matches('>').to_owned(), rows.collect())
    };
    text.split("<caption").skip(1).map(|html| table(&format!("<caption{html}"))).collect()
}

fn percent(share: &Value) -> String {
    share.as_f64().map_or("–".to_owned(), |share| format!("{:.1}%", share * 100.0))
}

fn results(it: &Fielded, query: &str) -> Value {
    it.collector.get(&format!("{RESULTS}?{query}")).json()
}

/// What is read of a rate: n, rate, interval, band and the month before.
fn wanted(rate: &Value, before: &Value, base: &str, band: &Value) -> [String; 5] {
    let (estimate, was) = (&rate["estimates"][base], &before["estimates"][base]["rate"]);
    let n = if estimate.is_null() { &rate["bound"]["n"] } else { &estimate["n"] };
    let range = estimate["low"].as_f64().zip(estimate["high"].as_f64());
    let band = match band.as_str() {
        Some("red") => "▼ Red",
        Some("yellow") => "◆ Yellow",
        Some("blue") => "▲ Blue",
        _ => "–",
    };
    [
        n.as_u64()
            .map_or("–".to_owned(), |n| if n < 1000 { n.to_string() } else { format!("{},{:03}", n / 1000, n % 1000) }),
        percent(&estimate["rate"]),
        range.map_or("–".to_owned(), |(low, high)| format!("{:.1}–{:.1}%", low * 100.0, high * 100.0)),
        band.to_owned(),
        percent(was),
    ]
}

/// Each rate in a page is one of the results, beside the one of the month before, and no other number stands there.
#[test]
fn the_page_tells_what_the_results_tell() {
    let it = over();
    for area in ["", "area=330602"] {
        let (now, before) =
            (results(&it, &format!("{area}&period=2027-01")), results(&it, &format!("{area}&period=2026-12")));
        let tables = tables(&it.collector.get(&format!("{REPORT}.html?{area}&period=2027-01&lang=en")));
        let indicators = now["indicators"].as_array().unwrap();
        assert_eq!(
            tables.len(),
            if area.is_empty() { 1 + indicators.len() } else { 1 },
            "an area alone has none below"
        );
        for (index, indicator) in indicators.iter().enumerate() {
            let (base, title) = (indicator["base"].as_str().unwrap(), indicator["title"]["en"].as_str().unwrap());
            let row = &tables[0].1[1 + index];
            let [n, rate, range, band, was] =
                wanted(indicator, &before["indicators"][index], base, &indicator["target"]["band"]);
            let got = [&row[0], &row[1], &row[3], &row[4], &row[5], &row[9], &row[10]];
            let version = indicator["definition_version"].as_str().unwrap();
            assert_eq!(got, [title, version, &n, &rate, &range, &band, &was], "{row:?}");
            let Some((caption, rows)) = tables.get(1 + index) else { continue };
            assert!(caption.starts_with(title) && caption.contains("definition version"), "{caption}");
            let rows = &rows[1..];
            assert_eq!(rows.len(), now["areas"].as_array().unwrap().len());
            for area in now["areas"].as_array().unwrap() {
                let code = area["code"].as_str().unwrap();
                let row = rows.iter().find(|row| row[2] == code).unwrap_or_else(|| panic!("{code} is missing"));
                let was = before["areas"].as_array().unwrap().iter().find(|it| it["code"] == code).unwrap();
                let own = &area["indicators"][index];
                let [n, rate, range, band, was] = wanted(own, &was["indicators"][index], base, &own["band"]);
                assert_eq!([&row[4], &row[5], &row[6], &row[7], &row[8]], [&n, &rate, &range, &band, &was], "{row:?}");
                assert_eq!(row[1], area["name"]["en"].as_str().unwrap());
                // No change without two rates.
                assert_eq!(row[9] == "–", rate == "–" || was == "–", "{row:?}");
            }
        }
    }
}

#[test]
fn what_fell_and_what_is_below_stands_first() {
    let it = over();
    let text = it.collector.get(&format!("{REPORT}.html?period=2027-01&lang=zh-CN")).text();
    let (_, rest) = text.split_once("<ul class=\"findings\">").unwrap();
    let findings: Vec<&str> = rest.split("</ul>").next().unwrap().lines().filter(|line| !line.is_empty()).collect();
    let kind = |name: &str| findings.iter().position(|line| line.contains(&format!("class=\"{name}\"")));
    assert!(kind("red") == Some(0) && kind("red") < kind("fall") && kind("fall") < kind("untold"), "{findings:#?}");
    let fell = findings.iter().find(|line| line.contains("个地区下降")).unwrap_or_else(|| panic!("{findings:#?}"));
    assert!(fell.contains("柯桥区 −30.0") && !fell.contains("越城区"), "{fell}");
    assert!(findings.iter().any(|line| line.contains("无法判断") && line.contains("嵊州市")), "{findings:#?}");
    // The same in the table.
    let tables = tables(&it.collector.get(&format!("{REPORT}.html?period=2027-01&lang=en")));
    let row = |code: &str| tables[1].1.iter().find(|row| row[2] == code).unwrap().clone();
    assert_eq!((&row("330603")[9], &row("330603")[11]), (&"−30.0".to_owned(), &"↓ fell".to_owned()));
    assert_eq!((&row("330602")[9], &row("330602")[11]), (&"±0.0".to_owned(), &"–".to_owned()));
}

fn sheets(bytes: Vec<u8>) -> Vec<(String, Vec<Vec<Data>>)> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    book.worksheets().into_iter().map(|(name, range)| (name, range.rows().map(<[Data]>::to_vec).collect())).collect()
}

#[test]
fn the_workbook_tells_what_the_results_tell() {
    let it = over();
    let (now, before) = (results(&it, "period=2027-01"), results(&it, "period=2026-12"));
    let reply = it.collector.get(&format!("{REPORT}.xlsx?period=2027-01&lang=en"));
    assert_eq!(reply.status, 200);
    let sheets = sheets(reply.body);
    let names: Vec<&str> = sheets.iter().map(|(name, _)| &**name).collect();
    assert_eq!(names, ["At a glance", "Indicators", "Areas", "Notes"]);
    let rows = &sheets[2].1;
    let column = |heading: &str| rows[0].iter().position(|it| *it == Data::String(heading.into())).unwrap();
    let number = |data: &Data| if let Data::Float(number) = data { Some(*number) } else { None };
    let mut changes = 0;
    for (index, indicator) in now["indicators"].as_array().unwrap().iter().enumerate() {
        let base = indicator["base"].as_str().unwrap();
        for area in now["areas"].as_array().unwrap() {
            let is = |row: &&Vec<Data>| {
                let text = |place: usize| row[place].to_string();
                text(column("Indicator id")) == indicator["id"].as_str().unwrap()
                    && text(column("Code")) == area["code"].as_str().unwrap()
            };
            let row = rows.iter().find(is).unwrap();
            let was = before["areas"].as_array().unwrap().iter().find(|it| it["code"] == area["code"]).unwrap();
            let (own, was) = (&area["indicators"][index], &was["indicators"][index]["estimates"][base]["rate"]);
            let estimate = &own["estimates"][base];
            for (heading, want) in [
                ("Respondents", &area["n"]),
                ("Rate", &estimate["rate"]),
                ("Interval, low", &estimate["low"]),
                ("Interval, high", &estimate["high"]),
                ("Month before", was),
                ("Bound", &own["bound"]["share"]),
                ("Rank", &own["rank"]["rank"]),
                ("Worst rank it may have", &own["rank"]["worst"]),
                ("Target", &indicator["target"]["share"]),
            ] {
                assert_eq!(number(&row[column(heading)]), want.as_f64(), "{heading}: {row:?}");
            }
            let change = estimate["rate"].as_f64().zip(was.as_f64()).map(|(now, was)| (now - was) * 100.0);
            let got = number(&row[column("Change (points)")]);
            assert!(
                got.zip(change).is_none_or(|(got, want)| (got - want).abs() < 1e-9)
                    && got.is_some() == change.is_some()
            );
            changes += usize::from(got.is_some());
        }
    }
    assert!(changes > 10, "no change is told");
}

/// The text of a PDF.
fn text(bytes: &[u8]) -> (usize, String) {
    let file = lopdf::Document::load_mem(bytes).unwrap();
    let pages: Vec<u32> = file.get_pages().into_keys().collect();
    (pages.len(), file.extract_text(&pages).unwrap())
}

#[test]
fn the_printed_pages_hold_the_figures_as_text() {
    let it = over();
    let now = results(&it, "period=2027-01");
    let reply = it.collector.get(&format!("{REPORT}.pdf?period=2027-01"));
    assert_eq!((reply.status, reply.header("content-type")), (200, "application/pdf"), "{}", reply.text());
    assert!(reply.header("content-disposition").ends_with("safety-demo-report-2027-01.pdf"));
    assert!(reply.body.len() < 500_000, "what is used of the font, and not the font: {}", reply.body.len());
    let (pages, text) = text(&reply.body);
    let text = text.replace('\n', "");
    for words in
        ["2027 年 1 月平安报表", "越城区", "柯桥区", "嵊州市", "2026 年 12 月", "▼ 红", "2028-01-01 生成", "名次"]
    {
        assert!(text.contains(words), "{words} is not in {text}");
    }
    for page in 1..=pages {
        assert!(text.contains(&format!("第 {page} 页，共 {pages} 页")), "{page}");
    }
    let mut told = 0;
    for area in now["areas"].as_array().unwrap() {
        for (rate, indicator) in
            area["indicators"].as_array().unwrap().iter().zip(now["indicators"].as_array().unwrap())
        {
            let estimate = &rate["estimates"][indicator["base"].as_str().unwrap()];
            if !estimate.is_null() {
                assert!(text.contains(&percent(&estimate["rate"])), "{rate}");
                told += 1;
            }
        }
    }
    assert!(told > 10);
    assert!(
        reply.body == it.collector.get(&format!("{REPORT}.pdf?period=2027-01")).body,
        "the same figures, the same file"
    );
}

/// The element of a structure, and what lies in it: the names of the tags, and how many texts there are in all.
fn structure(file: &lopdf::Document, of: &lopdf::Object, tags: &mut Vec<String>) -> usize {
    let of = file.dereference(of).unwrap().1;
    let Ok(element) = of.as_dict() else { return usize::from(of.as_i64().is_ok()) };
    // A text of another page than its element's is named with its page.
    if element.has(b"MCID") {
        return 1;
    }
    if let Ok(tag) = element.get(b"S").and_then(lopdf::Object::as_name) {
        tags.push(String::from_utf8_lossy(tag).into_owned());
    }
    match element.get(b"K").map(|kids| file.dereference(kids).unwrap().1) {
        Ok(lopdf::Object::Array(kids)) => kids.iter().map(|kid| structure(file, kid, tags)).sum(),
        Ok(kid) => structure(file, kid, tags),
        Err(_) => 0,
    }
}

/// Who hears the pages hears headings, lists and tables, in the language of the report.
#[test]
fn the_printed_pages_say_what_is_what() {
    let it = over();
    for (language, title) in [("zh-CN", "平安报表"), ("en", "Monthly report")] {
        let query = format!("period=2027-01&lang={language}");
        let file = it.collector.get(&format!("{REPORT}.pdf?{query}")).body;
        let page = it.collector.get(&format!("{REPORT}.html?{query}"));
        let file = lopdf::Document::load_mem(&file).unwrap();
        let root = file.catalog().unwrap();
        let decoded = |text: &lopdf::Object| lopdf::decode_text_string(file.dereference(text).unwrap().1).unwrap();
        assert_eq!(decoded(root.get(b"Lang").unwrap()), language);
        let marks = file.dereference(root.get(b"MarkInfo").unwrap()).unwrap().1.as_dict().unwrap();
        assert!(marks.get(b"Marked").unwrap().as_bool().unwrap());
        let info = file.dereference(file.trailer.get(b"Info").unwrap()).unwrap().1.as_dict().unwrap();
        assert!(decoded(info.get(b"Title").unwrap()).contains(title));

        let mut tags = Vec::new();
        let texts = structure(&file, root.get(b"StructTreeRoot").unwrap(), &mut tags);
        let count = |tag: &str| tags.iter().filter(|it| *it == tag).count();
        let html = |what: &str| page.text().matches(what).count();
        // Captions are headings here.
        assert_eq!((count("H1"), count("H2")), (1, 2 + html("<caption")));
        assert_eq!((count("Table"), count("TR"), count("TD")), (html("<table"), html("<tr>"), html("<td")));
        assert_eq!(count("TH"), html("<th "), "headings on further pages are not read again");
        assert_eq!((count("L"), count("LI")), (3, html("<li") + html("<dt>")));
        assert!(texts >= count("TH") + count("TD") + count("LI") + count("H2"), "{texts} texts");
    }
}

/// Whatever number stands in a report is in the results, or follows from two that are.
#[test]
fn a_report_tells_nothing_that_the_results_withhold() {
    let it = over();
    let (now, before) = (results(&it, "period=2027-01"), results(&it, "period=2026-12"));
    let mut rates = BTreeSet::new();
    for results in [&now, &before] {
        collect(results, &mut rates);
    }
    let mut untold = 0;
    for (_, rows) in tables(&it.collector.get(&format!("{REPORT}.html?period=2027-01&lang=en"))) {
        for row in &rows[1..] {
            untold += usize::from(row.iter().any(|cell| cell.starts_with("Withheld") || cell.starts_with("Too few")));
            let shares = row.iter().filter(|cell| cell.ends_with('%') && cell.len() < 7);
            for share in shares {
                assert!(rates.contains(share), "{share}: {row:?}");
            }
        }
    }
    assert!(untold >= 8, "nothing is withheld: {untold}");
}

fn collect(value: &Value, rates: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                if name == "rate" {
                    rates.insert(percent(field));
                }
                if name == "share" {
                    rates.extend(field.as_f64().map(|it| format!("{}%", (it * 10_000.0).round() / 100.0)));
                }
                collect(field, rates);
            }
        }
        Value::Array(values) => values.iter().for_each(|it| collect(it, rates)),
        _ => {}
    }
}

#[test]
fn a_month_without_anybody_and_the_first_month_say_so() {
    let it = over();
    let first = it.collector.get(&format!("{REPORT}.html?period=2026-12&lang=en"));
    assert!(first.text().contains("Nothing comparable is told of the month before"));
    for (_, rows) in tables(&first) {
        assert!(rows[1..].iter().all(|row| !row.iter().any(|cell| cell.contains('↑') || cell.contains('↓'))));
    }
    for format in ["html", "pdf", "xlsx"] {
        let none = it.collector.get(&format!("{REPORT}.{format}?period=2027-05&lang=en"));
        assert_eq!(none.status, 200);
        let told = match format {
            "html" => none.text(),
            "pdf" => text(&none.body).1.replace('\n', " "),
            _ => format!("{:?}", sheets(none.body.clone())),
        };
        assert!(told.contains("Nobody answered in this month"), "{told}");
        assert!(format != "html" || !told.contains("<table"));
    }
}

/// What was not looked for is not said to be absent.
#[test]
fn without_targets_none_is_said_to_be_met() {
    let it = over();
    let all = results(&it, "period=2026-12")["indicators"].as_array().unwrap().clone();
    for indicator in all.iter().filter(|indicator| !indicator["target"].is_null()) {
        assert!(it.target(&["--indicator", indicator["id"].as_str().unwrap(), "--remove"]).status.success());
    }
    let told = it.collector.get(&format!("{REPORT}.html?period=2026-12&lang=en")).text();
    assert!(told.contains("No targets are set") && !told.contains("below its target."), "{told}");
    assert!(told.contains("no changes are reported") && !told.contains("fell beyond chance."), "{told}");
}

/// The style is in the page, and the policy lets that one alone through; nothing runs.
#[test]
fn a_page_needs_nothing_beside_it() {
    let it = over();
    let reply = it.collector.get(&format!("{REPORT}.html?period=2027-01"));
    let text = reply.text();
    let style = text.split("<style>").nth(1).unwrap().split("</style>").next().unwrap();
    let hash = STANDARD.encode(Sha256::digest(style));
    let policy = reply.header("content-security-policy");
    assert!(
        policy.contains("default-src 'none'") && policy.contains(&format!("style-src 'sha256-{hash}'")),
        "{policy}"
    );
    assert!(!policy.contains("unsafe") && !policy.contains("script-src"), "{policy}");
    let body = text.replace(style, "");
    for word in ["<script", "style=\"", "<link", "src=", "href=", "onclick", "onload"] {
        assert!(!body.contains(word), "{word}");
    }
    assert!(text.contains("lang=\"zh-CN\"") && text.contains("scope=\"col\"") && text.contains("scope=\"row\""));
    assert_eq!(text.matches("<caption").count(), text.matches("<table").count());
    assert!(reply.header("content-disposition").starts_with("inline; "));
}

#[test]
fn reports_are_for_organisers_and_of_a_month() {
    let it = Fielded::signed_in();
    let (reader, organiser) = (it.made(&["--role", "reader"]), it.made(&["--role", "organiser", "--area", "330602"]));
    for format in ["html", "pdf", "xlsx"] {
        let path = format!("{REPORT}.{format}?period=2026-12");
        assert_refused(&it.collector.get(&path), 401, "sign-in", "");
        assert_refused(&it.with(&reader, &path), 403, "no-export", "");
        assert_refused(&it.with(&organiser, &format!("{path}&area=330603")), 403, "other-area", "area");
        let own = it.with(&organiser, &path);
        assert_eq!((own.status, own.header("cache-control")), (200, "private, no-cache"));
        assert!(own.header("content-disposition").ends_with(&format!("safety-demo-report-330602-2026-12.{format}")));
        assert!(format != "html" || !own.text().contains("柯桥"), "another area");
        let tag = own.header("etag").to_owned();
        let bearer = format!("Bearer {organiser}");
        let again = it.collector.ask("GET", &path, &[("authorization", &bearer), ("if-none-match", &tag)], &[]);
        assert_eq!(again.status, 304, "{format}");
        for (query, at) in [
            ("", "period"),
            ("?period=2026-13", "period"),
            ("?period=2026-12-01", "period"),
            ("?period=%E5%8D%81%E6%9C%88", "period"),
            ("?period=2026-12&area=x", "area"),
            ("?period=2026-12&lang=fr", "lang"),
            ("?period=2026-12&format=pdf", ""),
        ] {
            assert_refused(&it.with(&organiser, &format!("{REPORT}.{format}{query}")), 400, "bad-filter", at);
        }
    }
    assert_refused(&it.collector.get("/api/campaigns/no-such/report.html?period=2026-12"), 404, "unknown-campaign", "");
}

/// Runs `anxin report` where the data is.
fn run(it: &Fielded, arguments: &[&str]) -> Output {
    let all = [&["report", "--today", OVER, "--data", "."], arguments].concat();
    anxin().args(all).current_dir(it.site.data()).output().unwrap()
}

#[test]
fn the_command_writes_what_the_collector_sends() {
    let it = over();
    for format in ["html", "pdf", "xlsx"] {
        let file = format!("report.{format}");
        let output = run(&it, &["--campaign", SAFETY, "--period", "2027-01", "--lang", "en", "-o", &file]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(String::from_utf8(output.stdout).unwrap(), format!("{file}: 1267 respondents in 2027-01\n"));
        let sent = it.collector.get(&format!("{REPORT}.{format}?period=2027-01&lang=en"));
        assert!(fs::read(it.site.data().join(&file)).unwrap() == sent.body, "{file}");
    }
    let font = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf";
    for (arguments, words) in [
        (&["--period", "2027-01", "-o", "report.docx"][..], "must end in .html, .pdf or .xlsx"),
        (&["--period", "2027-01-15", "-o", "no.pdf"], "a report is of a month"),
        (&["--period", "2027-01", "-o", "no.pdf", "--font", "anxin.sqlite"], "anxin.sqlite is no font"),
        (&["--period", "2027-01", "-o", "no.pdf", "--font", font], "does not have these characters"),
        (&["-o", "no.pdf"], "--period"),
    ] {
        if arguments.contains(&font) && !std::path::Path::new(font).exists() {
            continue;
        }
        let output = run(&it, &[&["--campaign", SAFETY], arguments].concat());
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && told.contains(words), "{arguments:?}: {told}");
    }
    assert!(!it.site.data().join("no.pdf").exists());
}

/// Doors of two months: in every format the figures of the month, the month before beside them, and none that is untold.
#[test]
fn the_field_work_of_the_month_is_told() {
    use anxin::disposition::Disposition::{Completed, NobodyHome, Refused};
    let site = Site::new();
    drop(site.start());
    let collector = site.start_on("2027-01-31");
    for (number, area, day, outcomes) in [
        (1, "330602", "2026-12-10", [(Completed, 12), (Refused, 8), (NobodyHome, 20)]),
        (2, "330602", "2027-01-15", [(Completed, 30), (Refused, 6), (NobodyHome, 44)]),
        (3, "330603", "2027-01-15", [(Completed, 7), (Refused, 0), (NobodyHome, 3)]),
        (4, "330604", "2027-01-15", [(Completed, 4), (Refused, 0), (NobodyHome, 90)]),
    ] {
        let doors = doors(&outcomes);
        let it = Fieldwork { day: day.parse().unwrap(), ..fieldwork(number, area, DayPart::Morning, doors) };
        let bytes = request(&it, SAFETY).body().to_vec();
        let json = [("content-type", "application/json")];
        assert_eq!(collector.ask("POST", "/api/campaigns/safety-demo/fieldwork", &json, &bytes).status, 201);
    }
    let of_month = |month: &str| tables(&collector.get(&format!("{REPORT}.html?period={month}&lang=en")));
    let january = of_month("2027-01");
    assert_eq!(january.iter().map(|it| &*it.0).collect::<Vec<_>>(), ["At the doors", "At the doors, by area"]);
    let interval = |x, n| wilson(x, n).map(|it| format!("{:.1}–{:.1}%", it.low * 100.0, it.high * 100.0)).unwrap();
    let rr1 = interval(37, 90);
    assert_eq!(january[0].1[1][1..], ["37", "90", "41.1%", &rr1, "30.0%"], "response rate 1, and the month before");
    let here = interval(30, 80);
    for (row, want) in january[1].1[1..4].iter().zip([
        ["All areas", "", "90", "90", "43", "37", "41.1%", &rr1, "86.0%", "6.7%", "47.8%", "30.0%"],
        ["Yuecheng", "330602", "80", "80", "36", "30", "37.5%", &here, "83.3%", "7.5%", "45.0%", "30.0%"],
        ["Keqiao", "330603", "10", "10", "7", "7", "70.0%", &interval(7, 10), "100.0%", "0.0%", "70.0%", "–"],
    ]) {
        assert_eq!(row[1..], want[1..], "{row:?}");
    }
    assert!(january[1].1[4][2..].iter().all(|cell| cell == "–"), "four were met there: {:?}", january[1].1[4]);
    assert_eq!(of_month("2026-12")[0].1[1][1..4], ["12", "40", "30.0%"]);
    assert!(of_month("2027-02").is_empty(), "a month without doors");
    let alone = collector.get(&format!("{REPORT}.html?period=2027-01&area=330604&lang=en"));
    assert!(tables(&alone).is_empty(), "an area that is untold");

    let chinese = text(&collector.get(&format!("{REPORT}.pdf?period=2027-01")).body).1.replace('\n', "");
    for words in ["上门情况", "41.1%", "37.5%", "只计入当月见到人不少于 5 户的地区"] {
        assert!(chinese.contains(words), "{words} is not in {chinese}");
    }
    let report = sheets(collector.get(&format!("{REPORT}.xlsx?period=2027-01&lang=en")).body);
    let names: Vec<&str> = report.iter().map(|(name, _)| &**name).collect();
    assert_eq!(names, ["At a glance", "Doors", "Doors by area", "Notes"]);
    assert_eq!(report[1].1[1][3], Data::Float(37.0 / 90.0));
    assert_eq!((&report[2].1[2][4], &report[2].1[4][4]), (&Data::Float(36.0), &Data::Empty));

    // The export of the month has them too.
    let book = |query: &str| sheets(collector.get(&format!("{RESULTS}.xlsx?{query}&lang=en")).body);
    let january = book("period=2027-01");
    let rows = &january.iter().find(|(name, _)| name == "Doors").unwrap().1;
    let told: Vec<String> = rows[1].iter().take(10).map(ToString::to_string).collect();
    assert_eq!(told, ["", "", "2027-01", "90", "90", "43", "37", "RR1", "37", "90"]);
    assert_eq!(rows[1][10], Data::Float(37.0 / 90.0));
    let untold = rows.iter().find(|row| row[0] == Data::String("330604".into())).unwrap();
    assert!(untold[3..7].iter().chain(&untold[8..]).all(|cell| *cell == Data::Empty), "{untold:?}");
    assert!(book("period=2027-02").iter().all(|(name, _)| name != "Doors"));
}
