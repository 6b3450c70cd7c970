//! `anxin poster`: sheets whose codes another reader reads back, and a tablet believes.

use std::{fs, path::Path, process::Output};

use anxin::{campaign::Campaign, place::Place};

use crate::site::{Collector, Site, TODAY, anxin};

/// Posters of a campaign on the standard output.
fn poster(site: &Site, arguments: &[&str]) -> Output {
    let arguments = [&["poster", "--today", TODAY], arguments, &["--data"]].concat();
    anxin().args(arguments).arg(site.data()).output().unwrap()
}

#[track_caller]
fn page(site: &Site, arguments: &[&str]) -> String {
    let output = poster(site, &[arguments, &["-o", "-"]].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn campaign(collector: &Collector, id: &str) -> Campaign {
    serde_json::from_value(collector.get(&format!("/api/campaigns/{id}")).json()).unwrap()
}

/// What the codes of a page say: its drawings as dots, read by the reader of another author.
fn codes(page: &str) -> Vec<String> {
    page.split("<svg ").skip(1).map(|drawing| read(drawing.split("</svg>").next().unwrap())).collect()
}

/// Dots a module.
const SCALE: usize = 4;

fn read(drawing: &str) -> String {
    let width: usize = drawing.split("viewBox=\"0 0 ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
    let mut dark = vec![false; width * width];
    let path = drawing.rsplit("<path d=\"").next().unwrap().split('"').next().unwrap();
    for stretch in path.split('M').skip(1) {
        // X Y h LENGTH v1 …
        let (place, rest) = stretch.split_once('h').unwrap();
        let (x, y) = place.split_once(' ').unwrap();
        let (x, y): (usize, usize) = (x.parse().unwrap(), y.parse().unwrap());
        let length: usize = rest.split_once("v1").unwrap().0.parse().unwrap();
        dark[y * width + x..][..length].fill(true);
    }
    let side = width * SCALE;
    let shade = |x: usize, y: usize| if dark[y / SCALE * width + x / SCALE] { 20 } else { 235 };
    let mut picture = rqrr::PreparedImage::prepare_from_greyscale(side, side, shade);
    let grids = picture.detect_grids();
    assert_eq!(grids.len(), 1);
    let (meta, text) = grids[0].decode().unwrap();
    assert_eq!(meta.ecc_level, 3, "quartile: a quarter of it may be lost");
    assert!(meta.version.0 <= 9, "version {}: its modules are small", meta.version.0);
    text
}

#[test]
fn each_area_has_a_sheet_whose_code_opens_it() {
    let site = Site::new();
    let collector = site.start();
    for id in ["safety-demo", "town-demo"] {
        let campaign = campaign(&collector, id);
        let page = page(&site, &["--campaign", id, "--origin", "https://anxin.example.org"]);
        let codes = codes(&page);
        assert_eq!((codes.len(), page.matches("<section>").count()), (campaign.areas.len(), campaign.areas.len()));
        for (code, area) in codes.iter().zip(&campaign.areas) {
            assert!(code.starts_with(&format!("https://anxin.example.org/c/{id}?p=")), "{code}");
            let place = Place::verify(&campaign, code, TODAY.parse().unwrap()).unwrap();
            assert_eq!((&place.area, place.until), (&area.code, campaign.closes));
            assert!(page.contains(&format!(">{}<", area.name.get("zh-CN").unwrap())));
        }
    }
}

#[test]
fn a_sheet_bears_the_marks_and_says_what_it_is() {
    let site = Site::new();
    let _collector = site.start();
    let sheet = page(&site, &["--campaign", "town-demo", "--areas", "330602901003002"]);
    for words in [
        "<html lang=\"zh-CN\">",
        "<dt>表号</dt><dd>演示1表</dd>",
        "<dt>制定机关</dt><dd>示例机关（演示）</dd>",
        "<dt>批准或备案文号</dt><dd>演示用，未经备案</dd>",
        "<dt>有效期限</dt><dd>2026年1月1日至2027年12月31日</dd>",
        "群众安全感问卷（按网格）",
        "只和别人的加在一起算总数",
        "春晖社区第2网格",
        "越城区 · 示范街道 · 春晖社区 · 330602901003002",
        "http://127.0.0.1:8080/c/town-demo<",
        "2027年11月30日截止",
        "@page { size: A4",
    ] {
        assert!(sheet.contains(words), "{words}");
    }
    assert!(!sheet.contains("<script") && !sheet.contains("src="), "it needs nothing beside it");
    let sheet =
        page(&site, &["--campaign", "safety-demo", "--areas", "330681", "--language", "en", "--until", "2026-12-24"]);
    for words in ["<html lang=\"en\">", "How safe residents feel", "Zhuji", "Open until 2026-12-24", "Form number"] {
        assert!(sheet.contains(words), "{words}");
    }
}

#[test]
fn the_key_is_made_once_and_for_its_owner_alone() {
    let site = Site::new();
    let collector = site.start();
    let signer = campaign(&collector, "safety-demo").signer.unwrap();
    assert_eq!(signer.len(), 64);
    assert_eq!(campaign(&collector, "town-demo").signer.as_deref(), Some(&*signer));
    assert_eq!(collector.get("/api/campaigns").json()["campaigns"][0]["signer"], *signer);
    let file = site.data().join("place-signer.key");
    let secret = fs::read_to_string(&file).unwrap();
    assert!(!secret.contains(&signer));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    drop(collector);
    // Codes that hang stay good over a restart; a key that cannot be read is told, not replaced.
    let code = codes(&page(&site, &["--campaign", "safety-demo", "--areas", "330602"])).remove(0);
    let collector = site.start();
    let told = Place::verify(&campaign(&collector, "safety-demo"), &code, TODAY.parse().unwrap());
    assert_eq!(told.unwrap().area.as_str(), "330602");
    drop(collector);
    fs::write(&file, "not a key").unwrap();
    let output = poster(&site, &["--campaign", "safety-demo", "-o", "-"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("place-signer.key"));
    assert_eq!(fs::read_to_string(&file).unwrap(), "not a key");
}

#[test]
fn what_makes_no_posters_is_told() {
    let site = Site::new();
    let told = |arguments: &[&str]| {
        let output =
            poster(&site, &[arguments, &["-o", "-"][..if arguments.contains(&"-o") { 0 } else { 2 }]].concat());
        assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0), "{arguments:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(told(&["--campaign", "safety-demo"]).contains("no collector has kept anything"));
    drop(site.start());
    for (arguments, words) in [
        (&["--campaign", "no-such"][..], "there is no campaign \"no-such\"; there are: safety-demo,"),
        (&["--campaign", "safety-demo", "--areas", "3307"], "has no area whose code begins with 3307"),
        (&["--campaign", "safety-demo", "--until", "2027-12-01"], "is open until 2027-11-30 only"),
        (&["--campaign", "safety-demo", "--until", "2026-11-30"], "2026-11-30 is over"),
        (&["--campaign", "safety-demo", "--language", "fr"], "is not in fr; it is in: zh-CN, en"),
        (&["--campaign", "safety-demo", "--origin", "http://anxin.example.org"], "must begin with https://"),
        (&["--campaign", "safety-demo", "--origin", "https://anxin.example.org/x"], "a host and a port only"),
        (&["--campaign", "safety-demo", "--origin", "anxin.example.org"], "is no address"),
        (&["--campaign", "safety-demo", "-o", "a.pdf"], "print it, to paper or to a PDF"),
        (&["--campaign", "safety-demo", "-o", "no/such/folder.html"], "cannot write no/such/folder.html"),
    ] {
        let told = told(arguments);
        assert!(told.contains(words) && told.lines().count() == 1, "{arguments:?}: {told}");
    }
}

#[test]
fn a_file_is_written_and_told() {
    let site = Site::new();
    drop(site.start());
    let folder = site.data();
    let run = |arguments: &[&str]| {
        let output = anxin()
            .args([&["poster", "--campaign", "town-demo", "--today", TODAY, "--data", "."], arguments].concat())
            .current_dir(&folder)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let told = run(&[]);
    assert!(
        told.contains("town-demo-posters.html: 16 sheets, good until 2027-11-30.") && told.contains("--origin"),
        "{told}"
    );
    assert!(Path::new(&folder.join("town-demo-posters.html")).exists());
    let told = run(&["--areas", "330602901001001", "--origin", "https://anxin.example.org", "-o", "one.html"]);
    assert!(told.contains("one.html: 1 sheet, ") && !told.contains("--origin"), "{told}");
}
