//! `anxin preview` as a process: what the page is told at every save, good or bad, and that nothing gets out.

use std::{
    fs,
    io::{BufRead, BufReader, ErrorKind, Read, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::site::{Reply, Site, TODAY, anxin, try_ask, until};

/// A preview of a file in a directory of its own.
struct Preview {
    child: Child,
    address: String,
    file: PathBuf,
}

impl Preview {
    /// Starts one of a file that a test has written.
    fn of(file: PathBuf) -> Self {
        let arguments = ["--listen", "127.0.0.1:0", "--today", TODAY];
        let mut child = anxin()
            .arg("preview")
            .arg(&file)
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut told = String::new();
        lines.read_line(&mut told).unwrap();
        let (_, rest) = told.split_once("http://").unwrap_or_else(|| panic!("no address in {told:?}"));
        let address = rest.split('/').next().unwrap().to_owned();
        // What it says of every save must find a reader.
        std::thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
        Self { child, address, file }
    }

    fn get(&self, path: &str) -> Reply {
        try_ask(&self.address, "GET", path, &[], &[]).unwrap()
    }

    /// What is on view now.
    fn state(&self) -> Value {
        self.get("/preview/state?lang=en").json()
    }

    /// What is on view once that holds.
    fn once(&self, holds: impl Fn(&Value) -> bool) -> Value {
        until(|| Some(self.state()).filter(&holds))
    }

    /// What is on view once everything about the form is proved.
    fn proved(&self) -> Value {
        self.once(|state| state["form"]["proof"]["done"].is_object())
    }

    /// Saves the file as spreadsheets do: a new one takes the old one's place.
    fn save(&self, content: &[u8]) {
        let new = self.file.with_file_name("new.tmp");
        fs::write(&new, content).unwrap();
        fs::rename(new, &self.file).unwrap();
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn directory(name: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("preview-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&directory);
    fs::create_dir_all(&directory).unwrap();
    directory
}

/// The safety survey, with other words in place of some.
fn safety(from: &str, to: &str) -> String {
    let json = fs::read_to_string("www/instruments/safety.json").unwrap();
    assert!(json.contains(from));
    json.replace(from, to)
}

/// The same as a workbook.
fn workbook(directory: &Path, json: &str) -> Vec<u8> {
    let (from, to) = (directory.join("q.json"), directory.join("q.xlsx"));
    fs::write(&from, json).unwrap();
    assert!(anxin().arg("convert").arg(&from).arg("-o").arg(&to).status().unwrap().success());
    fs::read(to).unwrap()
}

#[test]
fn a_saved_form_is_on_view_at_once_and_a_broken_one_keeps_the_last_good_one_there() {
    let directory = directory("saves");
    let file = directory.join("form.xlsx");
    let title = "How safe residents feel";
    fs::write(&file, workbook(&directory, &safety(title, "First"))).unwrap();
    let preview = Preview::of(file);
    let first = preview.state();
    assert_eq!((&first["form"]["title"], &first["file"]), (&"First".into(), &"form.xlsx".into()));
    assert_eq!((first["faults"].clone(), first["form"]["items"].as_array().unwrap().len()), (Value::Array(vec![]), 15));

    // Whoever waits is told of a save without asking again.
    let second = workbook(&directory, &safety(title, "Second"));
    let waiting = format!("/preview/state?lang=en&since={}", preview.proved()["tag"].as_str().unwrap());
    let start = Instant::now();
    preview.save(&second);
    let told = preview.get(&waiting).json();
    assert_eq!(told["form"]["title"], "Second");
    assert!(start.elapsed() < Duration::from_secs(15), "{:?}", start.elapsed());

    for bytes in [&b"This is no spreadsheet."[..], &second[..second.len() / 2]] {
        preview.save(bytes);
        let broken = preview.once(|state| state["faults"] != Value::Array(vec![]));
        assert!(["no_spreadsheet", "damaged"].contains(&broken["faults"][0]["code"].as_str().unwrap()), "{broken}");
        assert_eq!((&broken["form"]["title"], &broken["form"]["hash"]), (&"Second".into(), &told["form"]["hash"]));
        preview.save(&second);
        preview.once(|state| state["faults"] == Value::Array(vec![]));
    }
    preview.save(&workbook(&directory, &safety(title, "Third")));
    preview.once(|state| state["form"]["title"] == "Third");

    fs::remove_file(&preview.file).unwrap();
    let gone = preview.once(|state| state["faults"] != Value::Array(vec![]));
    assert_eq!((&gone["faults"][0]["code"], &gone["form"]["title"]), (&"unreadable".into(), &"Third".into()));
    preview.save(&second);
    preview.once(|state| state["form"]["title"] == "Second" && state["faults"] == Value::Array(vec![]));
}

#[test]
fn faults_are_told_by_their_cells_or_lines_and_what_is_too_large_is_refused() {
    let directory = directory("faults");
    let file = directory.join("form.csv");
    fs::write(&file, "survey,,\n,type,name\n,text,why\n,date,when\n").unwrap();
    let preview = Preview::of(file);
    let state = preview.state();
    assert_eq!(state["form"], Value::Null, "there was no good one yet");
    let places: Vec<_> =
        state["faults"].as_array().unwrap().iter().map(|it| (&it["sheet"], &it["row"], &it["column"])).collect();
    let (sheet, column) = (Value::from("survey"), Value::from("B"));
    assert_eq!(places[1..], [(&sheet, &3.into(), &column), (&sheet, &4.into(), &column)], "{state}");
    assert_eq!(preview.get("/api/campaigns/preview").status, 404, "the frames have nothing to show");

    let rows = format!("survey,,\n,type,name\n{}", ",text,why\n".repeat(100_000));
    preview.save(rows.as_bytes());
    preview.once(|state| state["faults"][0]["code"] == "too_many_rows");
    preview.save(&vec![b','; 9 << 20]);
    preview.once(|state| state["faults"][0]["code"] == "too_large");

    let json = Preview::of({
        let file = directory.join("q.json");
        fs::write(&file, safety("\"type\": \"yes_no\"", "\"type\": \"perhaps\"")).unwrap();
        file
    });
    let faults = json.state()["faults"].clone();
    let line = safety("", "").lines().position(|line| line.contains("\"type\": \"yes_no\"")).unwrap() + 1;
    assert_eq!((&faults[0]["code"], &faults[0]["row"]), (&"unknown_value".into(), &line.into()), "{faults}");
}

#[test]
fn what_is_proved_and_counted_is_told() {
    let directory = directory("told");
    let file = directory.join("q.json");
    fs::write(&file, safety("", "")).unwrap();
    let preview = Preview::of(file);
    let form = &preview.proved()["form"];
    let hash = form["hash"].as_str().unwrap();
    let done = &form["proof"]["done"];
    assert_eq!((&done["faults"], &form["cells"]), (&Value::Array(vec![]), &534.into()));
    assert!(done["report_bytes"].as_u64().unwrap() > 534);
    let blocks = form["blocks"].as_array().unwrap();
    assert_eq!(blocks.iter().map(|block| block["len"].as_u64().unwrap()).sum::<u64>(), 534);
    let names = preview.get(&format!("/preview/cells?form={hash}&block=0")).json();
    assert_eq!(names.as_array().unwrap().len() as u64, blocks[0]["len"].as_u64().unwrap());

    let simulated = preview.get(&format!("/preview/simulated?form={hash}&seed=7&lang=en")).json();
    assert_eq!(simulated, preview.get(&format!("/preview/simulated?form={hash}&seed=7&lang=en")).json());
    assert_ne!(simulated, preview.get(&format!("/preview/simulated?form={hash}&seed=8&lang=en")).json());
    let ones = blocks.iter().filter(|block| block["one_hot"] == true).count();
    assert!(simulated["cells"].as_array().unwrap().len() >= ones);
    let (mode, answers) = (simulated["mode"].as_str().unwrap(), simulated["answers"].as_str().unwrap());
    let by_hand = format!("/preview/respondent?form={hash}&seed=7&mode={mode}&answers={answers}&lang=en");
    assert_eq!(preview.get(&by_hand).json(), simulated, "the same answers, the same cells");

    // An item that has a condition is led to by answers that make it asked.
    let items = form["items"].as_array().unwrap();
    let asked_if = items.iter().position(|item| item["ask_if"].is_object()).unwrap();
    let id = items[asked_if]["id"].as_str().unwrap();
    let way = preview.get(&format!("/preview/way?form={hash}&item={id}&lang=en")).json();
    assert_eq!(way["standing"][asked_if], "asked");
    let nothing = format!("/preview/respondent?form={hash}&seed=1&mode=self_completed&lang=en");
    assert_eq!(preview.get(&nothing).json()["standing"][asked_if], "open");

    for (path, status) in [
        (format!("/preview/way?form={hash}&item=nobody"), 404),
        (format!("/preview/cells?form={hash}&block=9999"), 404),
        (format!("/preview/respondent?form={hash}&seed=1&mode=self_completed&answers=0.99"), 400),
        (format!("/preview/respondent?form={hash}&seed=-1&mode=self_completed"), 400),
        (format!("/preview/respondent?form={hash}&seed=1&mode=by_post"), 400),
        (format!("/preview/respondent?form={hash}&seed=1&mode=self_completed&answers={}", "0d_".repeat(9_000)), 400),
        ("/preview/simulated?form=0&seed=1".to_owned(), 404),
    ] {
        assert_eq!(preview.get(&path).status, status, "{path}");
    }
}

#[test]
fn frames_get_what_respondents_get_and_can_send_nothing() {
    let directory = directory("frames");
    let file = directory.join("q.json");
    fs::write(&file, safety("", "")).unwrap();
    let preview = Preview::of(file);
    let hash = preview.state()["form"]["hash"].as_str().unwrap().to_owned();
    let campaign = preview.get("/api/campaigns/preview").json();
    assert_eq!((&campaign["questionnaire"], &campaign["channels"]), (&hash.clone().into(), &Value::Array(vec![])));
    let questionnaire = preview.get(&format!("/api/questionnaires/{hash}"));
    assert_eq!(questionnaire.body, fs::read("www/instruments/safety.json").unwrap());

    if Path::new("www/dist/preview.html").exists() {
        let page = preview.get("/");
        assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
        let policy = page.header("content-security-policy");
        assert!(policy.contains("frame-src 'self';") && policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        let framed = preview.get("/c/preview");
        assert!(framed.header("content-security-policy").contains("frame-ancestors 'self'"));
        let site = Site::new();
        let collector = site.start();
        let script = page.text().split('"').find(|it| it.starts_with("/preview/")).unwrap().to_owned();
        assert_eq!(preview.get(&script).status, 200);
        for path in ["/preview.html", &script] {
            assert_eq!(collector.get(path).status, 404, "a collector has no previews: {path}");
        }
    }
    for path in ["/sw.js", "/dap/leader/hpke_config", "/api/campaigns", "/api/campaigns/other", "/c/preview/shift"] {
        assert_eq!(preview.get(path).status, 404, "{path}");
    }
    for path in ["/", "/dap/leader/tasks/x/reports", "/api/campaigns/preview/batches", "/preview/state"] {
        let reply = try_ask(&preview.address, "POST", path, &[], b"{}").unwrap();
        assert!([404, 405].contains(&reply.status), "{path}: {}", reply.status);
    }
    assert_eq!(fs::read_dir(&directory).unwrap().count(), 1, "nothing is kept beside the form");
}

#[test]
fn it_is_for_this_machine_alone() {
    let directory = directory("alone");
    let file = directory.join("q.json");
    fs::write(&file, safety("", "")).unwrap();
    let preview = Preview::of(file.clone());
    let port = preview.address.rsplit_once(':').unwrap().1;
    for (host, status) in [
        (format!("127.0.0.1:{port}"), "200"),
        (format!("localhost:{port}"), "200"),
        (format!("[::1]:{port}"), "200"),
        (format!("evil.example:{port}"), "421"),
        ("127.0.0.1.evil.example".to_owned(), "421"),
        (String::new(), "421"),
    ] {
        let mut stream = TcpStream::connect(&preview.address).unwrap();
        write!(stream, "GET /preview/state HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n").unwrap();
        let mut reply = String::new();
        stream.read_to_string(&mut reply).unwrap();
        assert_eq!(reply.split(' ').nth(1), Some(status), "{host}");
    }
    for (arguments, want) in [
        (&["--listen", "0.0.0.0:0"][..], "for this machine alone"),
        (&["--listen", &preview.address][..], "--listen takes another address"),
    ] {
        let output = anxin().arg("preview").arg(&file).args(arguments).output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && told.contains(want), "{told}");
    }
    let output = anxin().args(["preview", "nowhere.xlsx"]).output().unwrap();
    assert!(String::from_utf8(output.stderr).unwrap().starts_with("anxin: nowhere.xlsx: "));
}

#[test]
fn a_list_of_choices_beside_the_form_is_followed_too() {
    let directory = directory("beside");
    for name in ["neighbourhood.xlsx", "places.csv"] {
        fs::copy(format!("tests/convert/forms/{name}"), directory.join(name)).unwrap();
    }
    let (preview, places) = (Preview::of(directory.join("neighbourhood.xlsx")), directory.join("places.csv"));
    let list = fs::read_to_string(&places).unwrap();
    let offers = |words: &str| {
        let words = Value::from(words);
        move |state: &Value| {
            let options = state["form"]["items"].as_array().into_iter().flatten();
            options.filter_map(|item| item["control"]["options"].as_array()).flatten().any(|it| it["text"] == words)
        }
    };
    preview.once(offers("The park"));
    fs::write(&places, list.replace("The park", "The pond")).unwrap();
    preview.once(offers("The pond"));
    fs::remove_file(&places).unwrap();
    preview.once(|state| state["faults"][0]["code"] == "bad_file");
    fs::write(&places, list).unwrap();
    preview.once(|state| offers("The park")(state) && state["faults"] == Value::Array(vec![]));
}

/// Nobody waits for a page that waits for news.
#[test]
fn it_stops_when_it_is_told_to() {
    let directory = directory("stops");
    let file = directory.join("q.json");
    fs::write(&file, safety("", "")).unwrap();
    let mut preview = Preview::of(file);
    let path = format!("/preview/state?since={}", preview.proved()["tag"].as_str().unwrap());
    let mut waiting = TcpStream::connect(&preview.address).unwrap();
    write!(waiting, "GET {path} HTTP/1.1\r\nhost: {}\r\n\r\n", preview.address).unwrap();
    // No answer comes while there is no news.
    waiting.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
    let told = waiting.read(&mut [0]).unwrap_err().kind();
    assert!(matches!(told, ErrorKind::WouldBlock | ErrorKind::TimedOut), "{told}");
    let start = Instant::now();
    let kill = std::process::Command::new("sh").arg("-c").arg(format!("kill -TERM {}", preview.child.id())).status();
    assert!(kill.unwrap().success());
    let status = until(|| preview.child.try_wait().unwrap());
    assert!(status.success() && start.elapsed() < Duration::from_secs(10), "{status} after {:?}", start.elapsed());
}
