//! Files of tablets without a network: each batch, shift and report counted once, whatever way it also came, and
//! nothing of a file that was altered.

use std::{
    fs,
    path::PathBuf,
    process::{Output, Stdio},
    thread,
    time::Duration,
};

use anxin::{
    disposition::Disposition::{Completed, NobodyHome},
    fieldwork::{DayPart, Fieldwork},
    parcel::{Fingerprint, MAGIC, Parcel, Sealed, seal},
    questionnaire::hex,
    split::{Recipients, Report, Task, choose, deposit_key},
    tally::Batch,
};

use crate::{
    doors::{doors, fieldwork},
    fixture::{Field, body},
    masks::masked,
    site::{Collector, Site, TODAY, anxin},
};

const SAFETY: &str = "safety-demo";
const RESULTS: &str = "/api/campaigns/safety-demo/results";
const SEED: [u8; 32] = [7; 32];

/// A tablet that has no network, and the organiser's desk.
struct Desk {
    site: Site,
    field: Field,
}

impl Desk {
    /// The tablet has fetched the campaign before it went out.
    fn new(seed: u64) -> (Self, Collector) {
        let site = Site::new();
        let collector = site.start();
        let field = Field::fetch(&collector, SAFETY, seed);
        (Self { site, field }, collector)
    }

    fn key(&self) -> &str {
        self.field.campaign.deposit.as_deref().unwrap()
    }

    fn parcel(&self, batches: &[Batch], fieldwork: &[Fieldwork], reports: &[Report]) -> Parcel {
        let report = |it: &Report| Sealed { task: it.task().to_string(), report: hex(it.bytes()) };
        Parcel {
            version: 1,
            campaign: SAFETY.into(),
            questionnaire: self.field.campaign.questionnaire.clone(),
            batches: batches.to_vec(),
            fieldwork: fieldwork.to_vec(),
            reports: reports.iter().map(report).collect(),
        }
    }

    /// The file of a parcel.
    fn file(&self, parcel: &Parcel) -> Vec<u8> {
        seal(&deposit_key(self.key()).unwrap(), &parcel.pack(&SEED)).unwrap()
    }

    fn save(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.site.data().with_file_name(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    fn import(&self, files: &[&PathBuf]) -> Output {
        self.import_on(TODAY, files)
    }

    fn import_on(&self, today: &str, files: &[&PathBuf]) -> Output {
        let data = self.site.data();
        anxin().arg("import").args(files).args(["--today", today, "--data"]).arg(data).output().unwrap()
    }

    /// Imports one file; gives what is said of it, without its name.
    #[track_caller]
    fn says(&self, name: &str, bytes: &[u8], code: i32) -> String {
        let path = self.save(name, bytes);
        let output = self.import(&[&path]);
        let said = told(&output);
        assert_eq!(output.status.code(), Some(code), "{said}{}", String::from_utf8_lossy(&output.stderr));
        said.strip_prefix(&format!("{}\n", path.display())).unwrap().to_owned()
    }

    /// A file that is refused as a whole.
    #[track_caller]
    fn refused(&self, bytes: &[u8], why: &str) {
        assert_eq!(self.says("refused", bytes, 1), format!("  refused: {why}; nothing of it is counted\n"));
    }

    /// Reports of so many respondents, as the tablet sealed them when it had the keys.
    fn reports(&mut self, collector: &Collector, n: usize) -> Vec<Report> {
        let area = self.field.campaign.areas[0].code.clone();
        let task = Task::of(&self.field.campaign, &area, self.field.questionnaire.layout.len());
        let key =
            |who: &str| choose(&collector.get(&format!("/dap/{who}/hpke_config?task_id={}", task.id)).body).unwrap();
        let to = Recipients { leader: key("leader"), helper: key("helper") };
        let people: Vec<_> = (0..n).map(|_| self.field.person()).collect();
        let report = |(i, cells)| Report::split(&task, TODAY.parse().unwrap(), cells, [i as u8; 16], &to).unwrap();
        people.iter().enumerate().map(report).collect()
    }
}

fn told(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn tablet() -> String {
    format!("  from tablet {}, for safety-demo\n", Fingerprint::of_seed(&SEED))
}

fn shift(number: u64) -> Fieldwork {
    fieldwork(number, "330602", DayPart::Evening, doors(&[(Completed, 11), (NobodyHome, 9)]))
}

#[test]
fn everything_in_a_file_is_counted_and_once() {
    let (mut desk, collector) = Desk::new(31);
    let batches = [desk.field.batch(5), desk.field.batch(6)];
    let sent = [masked(&batches[0], desk.key()), batches[1].clone()];
    let reports = desk.reports(&collector, 7);
    drop(collector);
    let file = desk.file(&desk.parcel(&sent, &[shift(1), shift(2)], &reports));
    let counts = "11 respondents in 2 batches, 40 doors in 2 parts of shifts, 7 reports\n";
    assert_eq!(desk.says("a", &file, 0), format!("{}  counted now: {counts}", tablet()));
    let again = format!("{}  counted now: nothing\n  counted before: {counts}", tablet());
    assert_eq!(desk.says("a", &file, 0), again);

    let collector = desk.site.start();
    let results = collector.get(RESULTS).json();
    // Of the seven reports the first five are shown; two are under k.
    assert_eq!((results["n"].as_u64(), results["fieldwork"]["total"]["doors"].as_u64()), (Some(16), Some(40)));
    for batch in &sent {
        assert_eq!(collector.post(SAFETY, &body(batch)).status, 200, "posted when there is a network after all");
    }
    assert_eq!(desk.says("a", &file, 0), again, "while the collector runs");
    assert_eq!(collector.get(RESULTS).json(), results);
}

#[test]
fn a_file_and_the_network_and_another_file_may_overlap() {
    let (mut desk, collector) = Desk::new(32);
    let batches: Vec<Batch> = [5, 6, 7].map(|n| desk.field.batch(n)).into();
    assert_eq!(collector.post(SAFETY, &body(&batches[0])).status, 201);
    let first = desk.save("first", &desk.file(&desk.parcel(&batches[..2], &[shift(1)], &[])));
    let second = desk.save("second", &desk.file(&desk.parcel(&batches[1..], &[shift(1)], &[])));
    let output = desk.import(&[&first, &second]);
    assert_eq!(
        told(&output),
        format!(
            "{}\n{tablet}  counted now: 6 respondents in 1 batch, 20 doors in 1 part of a shift\n  \
             counted before: 5 respondents in 1 batch\n\
             {}\n{tablet}  counted now: 7 respondents in 1 batch\n  \
             counted before: 6 respondents in 1 batch, 20 doors in 1 part of a shift\n",
            first.display(),
            second.display(),
            tablet = tablet(),
        )
    );
    assert!(output.status.success());
    let posted: Vec<Batch> = batches.clone();
    let want: serde_json::Value = serde_json::from_str(&desk.field.results(&posted, None, None)).unwrap();
    let got = collector.get(RESULTS).json();
    assert_eq!((&got["n"], &got["items"], &got["areas"]), (&want["n"], &want["items"], &want["areas"]));
}

#[test]
fn a_file_that_was_altered_is_refused_whole() {
    let (mut desk, collector) = Desk::new(33);
    let batches = [desk.field.batch(5), desk.field.batch(6)];
    let parcel = desk.parcel(&batches, &[shift(1)], &[]);
    let good = desk.file(&parcel);
    let sealed = "the file does not open: it was made for another collector, was altered, or its key has gone";
    let cut = "the file is cut short, or damaged";
    let signature = "the tablet's signature does not hold: the file was altered, or put together from several";

    for at in [MAGIC.len() + 3, MAGIC.len() + 40, good.len() / 2, good.len() - 1] {
        let mut altered = good.clone();
        altered[at] ^= 1;
        let said = desk.says("altered", &altered, 1);
        assert!(
            [sealed, cut].iter().any(|why| said == format!("  refused: {why}; nothing of it is counted\n")),
            "{said}"
        );
    }
    for length in [7, MAGIC.len(), MAGIC.len() + 20, good.len() / 2, good.len() - 1] {
        desk.refused(&good[..length], cut);
    }
    desk.refused(&[&good[..], b"more"].concat(), cut);
    desk.refused(b"", "this is no file of a tablet");
    desk.refused(b"%PDF-1.7", "this is no file of a tablet");
    desk.refused(b"anxin parcel 2\n...", "the file is of another version of Anxin than this one");

    // Whoever has the key that the campaign tells can seal, but not sign for a tablet.
    let key = deposit_key(desk.key()).unwrap();
    let packed = parcel.pack(&SEED);
    let other = desk.parcel(&batches[..1], &[], &[]).pack(&SEED);
    desk.refused(&seal(&key, &[&packed[..96], &other[96..]].concat()).unwrap(), signature);
    let another = parcel.pack(&[8; 32]);
    desk.refused(&seal(&key, &[&another[..32], &packed[32..]].concat()).unwrap(), signature);
    desk.refused(&seal(&key, b"short").unwrap(), signature);
    desk.refused(
        &desk.file(&Parcel { version: 2, ..parcel.clone() }),
        "the file is of another version of Anxin than this one",
    );
    let elsewhere = Parcel { campaign: "elsewhere".into(), ..parcel.clone() };
    desk.refused(&desk.file(&elsewhere), "this collector has no campaign \"elsewhere\"");
    let asked = Parcel { questionnaire: "0".repeat(64), ..parcel.clone() };
    desk.refused(&desk.file(&asked), "the tablet has asked another questionnaire than that of safety-demo");

    assert_eq!(collector.get(RESULTS).text(), desk.field.results(&[], None, None), "nothing is counted");
    assert!(desk.says("good", &good, 0).contains("counted now: 11 respondents in 2 batches"));
}

#[test]
fn a_file_for_another_collector_does_not_open() {
    let (mut desk, collector) = Desk::new(34);
    let (other, _elsewhere) = Desk::new(34);
    let batch = desk.field.batch(5);
    let sealed = "the file does not open: it was made for another collector, was altered, or its key has gone";
    desk.refused(&other.file(&desk.parcel(&[batch], &[], &[])), sealed);
    assert_eq!(collector.get(RESULTS).json()["n"], 0);
}

#[test]
fn what_is_refused_in_a_file_keeps_nothing_else_from_being_counted() {
    let (mut desk, collector) = Desk::new(35);
    let batches: Vec<Batch> = [5, 6, 7].map(|n| desk.field.batch(n)).into();
    let mut wrong = batches[0].clone();
    wrong.cells[0] += 1;
    let taken = Batch { id: batches[2].id.clone(), ..batches[1].clone() };
    assert_eq!(collector.post(SAFETY, &body(&batches[2])).status, 201);
    let mut far = shift(1);
    far.area = "440100".parse().unwrap();
    let mut parcel = desk.parcel(&[wrong, batches[1].clone(), taken], &[far, shift(2)], &[]);
    parcel.reports.push(Sealed { task: "none".into(), report: "00".into() });
    parcel.reports.push(Sealed { task: parcel.reports[0].task.clone(), report: "xx".into() });
    let said = desk.says("mixed", &desk.file(&parcel), 1);
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines[1], "  counted now: 6 respondents in 1 batch, 20 doors in 1 part of a shift");
    let refused = [
        format!("batch {} of 5 respondents: A block of cells does not add up", batches[0].id.as_str()),
        format!("batch {} of 6 respondents: One of this id with other content", batches[2].id.as_str()),
        format!("fieldwork {} of 20 doors: The campaign has no such area", shift(1).id.as_str()),
        "report 1: ".into(),
        "report 2: ".into(),
    ];
    assert_eq!(lines.len(), 2 + refused.len(), "{said}");
    for (line, why) in lines[2..].iter().zip(&refused) {
        assert!(line.starts_with(&format!("  refused: {why}")), "{line}");
    }
    assert_eq!(collector.get(RESULTS).json()["n"], 13);

    let late = desk.save("late", &desk.file(&desk.parcel(&batches, &[shift(2), shift(3)], &[])));
    let output = desk.import_on("2028-01-01", &[&late]);
    let said = told(&output);
    assert!(said.contains("counted before: 13 respondents in 2 batches, 20 doors in 1 part of a shift\n"), "{said}");
    assert_eq!(said.matches("The campaign is closed").count(), 2, "{said}");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn a_file_that_is_not_there_or_no_collector() {
    let (desk, collector) = Desk::new(36);
    drop(collector);
    let output = desk.import(&[&desk.site.data().with_file_name("nowhere")]);
    assert!(told(&output).contains("refused: cannot be read"), "{}", told(&output));
    assert_eq!(output.status.code(), Some(1));
    let empty = Site::new();
    let output = anxin().args(["import", "x", "--data"]).arg(empty.data()).output().unwrap();
    assert!(String::from_utf8_lossy(&output.stderr).contains("no collector has kept anything in"));
}

#[test]
fn reports_for_two_other_bodies_are_left_to_the_tablet() {
    let (mut desk, collector) = Desk::new(37);
    let reports = desk.reports(&collector, 2);
    let batch = desk.field.batch(5);
    let file = desk.file(&desk.parcel(&[batch], &[], &reports));
    let out = desk.site.data().with_file_name("out");
    let tasks = anxin()
        .args(["dap", "tasks", "--campaign", SAFETY, "--leader", "https://leader.example", "--helper"])
        .args(["https://helper.example", "--today", TODAY, "--out"])
        .arg(&out)
        .arg("--data")
        .arg(desk.site.data())
        .stdout(Stdio::null())
        .status();
    assert!(tasks.unwrap().success());
    assert_eq!(
        desk.says("bodies", &file, 1),
        format!(
            "{}  counted now: 5 respondents in 1 batch\n  refused: 2 reports are sealed to two other bodies: \
             the tablet itself must send them, to https://leader.example\n",
            tablet()
        )
    );
}

/// Imports are killed in their middle, while tablets post the same batches to the collector that runs: in the end
/// each is counted once.
#[test]
fn killed_in_the_middle_beside_a_collector_that_runs() {
    const BATCHES: usize = 120;
    let (mut desk, collector) = Desk::new(38);
    let batches: Vec<Batch> = (0..BATCHES).map(|i| desk.field.batch_of(5 + i % 3, i % 3, TODAY)).collect();
    let path = desk.save("many", &desk.file(&desk.parcel(&batches, &[], &[])));
    thread::scope(|scope| {
        scope.spawn(|| {
            for batch in batches.iter().rev().take(BATCHES / 3) {
                assert!([200, 201].contains(&collector.post(SAFETY, &body(batch)).status));
            }
        });
        for pause in [40, 90, 60] {
            let mut command = anxin();
            command.arg("import").arg(&path).args(["--today", TODAY, "--data"]).arg(desk.site.data());
            let mut import = command.stdout(Stdio::null()).spawn().unwrap();
            thread::sleep(Duration::from_millis(pause));
            import.kill().unwrap();
            import.wait().unwrap();
        }
    });
    let output = desk.import(&[&path]);
    assert!(output.status.success(), "{}", told(&output));
    desk.field.assert_sums(&desk.site.data(), &batches);
    assert_eq!(
        collector.get(RESULTS).json()["n"],
        batches.iter().map(|batch| batch.n).sum::<u64>(),
        "every batch once"
    );
}
