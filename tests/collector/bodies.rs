//! Two bodies: new keys for the collector's own aggregators, task files for two others, and their sums.

mod stand_in;

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::Arc,
    thread,
    time::Duration,
};

use anxin::{
    campaign::{Campaign, Channel},
    layout::Cells,
    questionnaire::Questionnaire,
    results::{Results, Selection},
    simulate::Respondents,
    split::{Recipients, Report, Task, choose},
    tally::Tally,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use janus_core::{
    auth_tokens::AuthenticationTokenHash,
    hpke::{HpkeApplicationInfo, Label},
    vdaf::{VdafInstance, vdaf_dp_strategies::Prio3SumVec},
};
use janus_messages::{HpkeConfig, InputShareAad, PlaintextInputShare, ReportMetadata, Role, Time};
use prio::{
    codec::Encode,
    vdaf::{Client, prio3::Prio3},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use self::stand_in::{Bodies, Entry, entries};
use crate::{
    fixture::Field,
    releases::Releases,
    site::{Collector, Reply, Site, TODAY, anxin, try_ask},
};

const SAFETY: &str = "safety-demo";
const HELPER: &str = "http://localhost:9";
/// The campaign opens on [`TODAY`], closes on 2027-11-30 and takes reports for 14 days more.
const LAST: &str = "2027-12-14";
const OVER: &str = "2027-12-15";

fn base64url(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).unwrap()
}

fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    parts.iter().for_each(|part| hash.update(part));
    hash.finalize().into()
}

/// Runs a command on a site's data on a day.
fn run(site: &Site, today: &str, words: &[&str]) -> Output {
    command(site, today, words).output().unwrap()
}

fn command(site: &Site, today: &str, words: &[&str]) -> Command {
    let mut command = anxin();
    command.args(words).args(["--today", today, "--data"]).arg(site.data());
    command
}

#[track_caller]
fn good(output: &Output) -> String {
    assert!(output.status.success(), "{}{}", told(output), String::from_utf8_lossy(&output.stderr));
    told(output)
}

#[track_caller]
fn fails(output: &Output, with: &str) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.starts_with("anxin: ") && said.contains(with) && said.lines().count() == 1, "{said}");
}

fn told(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn private(path: &Path) {
    assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600, "{}", path.display());
}

fn tasks(site: &Site, leader: &str, helper: &str) -> (String, [PathBuf; 2]) {
    let out = site.data().with_file_name("out");
    let words = ["dap", "tasks", "--campaign", SAFETY, "--leader", leader, "--helper", helper];
    let words = [&words[..], &["--out", out.to_str().unwrap()]].concat();
    (good(&run(site, TODAY, &words)), ["leader", "helper"].map(|who| out.join(format!("{who}-tasks.yaml"))))
}

#[test]
fn new_keys_for_a_collector_that_runs() {
    let site = Site::new();
    let collector = site.start();
    let field = People::of(&collector, 1);
    let task = field.task(0);
    let keys = |who: &str| {
        let list = collector.get(&format!("/dap/{who}/hpke_config?task_id={}", task.id)).body;
        choose(&list).unwrap()
    };
    let old = Recipients { leader: keys("leader"), helper: keys("helper") };
    let said = good(&run(&site, TODAY, &["dap", "rotate"]));
    assert_eq!(
        said,
        "leader: new key 2; 1 older kept for what is on its way: 1\n\
         helper: new key 2; 1 older kept for what is on its way: 1\n\
         deposit: new key 2; 1 older kept for what is on its way: 1\n"
    );
    let new = Recipients { leader: keys("leader"), helper: keys("helper") };
    for (old, new) in [(&old.leader, &new.leader), (&old.helper, &new.helper)] {
        assert_eq!((u8::from(*old.id()), u8::from(*new.id())), (1, 2));
        assert_ne!(old.public_key(), new.public_key());
    }
    for name in ["dap-leader.json", "dap-helper.json"] {
        private(&site.data().join(name));
    }
    // Sealed before and after; and mixed, by a phone that fetched one list before and one after.
    let mixed = Recipients { leader: old.leader.clone(), helper: new.helper.clone() };
    for (to, cells) in [&old, &new, &mixed, &old, &new].into_iter().zip(field.cells(5)) {
        let path = format!("/dap/leader/tasks/{}/reports", task.id);
        let reply = put(&collector.address, &path, field.report(&task, TODAY, &cells, to).bytes());
        assert_eq!(reply.status, 200, "{}", reply.text());
    }
    let results = collector.get(&format!("/api/campaigns/{SAFETY}/results")).json();
    assert_eq!(results["n"], 5);
    // Once nothing can be on its way, the next keys push the older ones out.
    good(&run(&site, "2028-06-01", &["dap", "rotate"]));
    let said = good(&run(&site, "2028-06-02", &["dap", "rotate"]));
    assert!(said.starts_with("leader: new key 4; 1 older kept for what is on its way: 3\n"), "{said}");
}

#[test]
fn commands_without_a_collector() {
    let site = Site::new();
    let nothing = "no collector has kept anything in";
    fails(&run(&site, TODAY, &["dap", "rotate"]), nothing);
    fails(&run(&site, TODAY, &["collect", "--campaign", SAFETY]), nothing);
    assert!(!site.data().exists());
}

#[test]
fn task_files() {
    let site = Site::new();
    let collector = site.start();
    let campaign = Field::fetch(&collector, SAFETY, 1).campaign;
    let (said, files) = tasks(&site, "https://leader.example.org/", "https://helper.example.net:8443/dap/");
    for part in ["leader-tasks.yaml", "helper-tasks.yaml", "provision-tasks", "anxin collect", "has opened already"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert!(!said.contains("one body"), "{said}");
    let secrets = site.data().join("dap-collector.json");
    files.iter().chain([&secrets]).for_each(|path| private(path));

    let secret: Value = serde_json::from_slice(&fs::read(&secrets).unwrap()).unwrap();
    let secret = &secret[SAFETY];
    let verify = fs::read(site.data().join("dap-leader.json")).unwrap();
    let verify: Value = serde_json::from_slice(&verify).unwrap();
    let verify: Vec<u8> = serde_json::from_value(verify["verify"].clone()).unwrap();
    let [leader, helper] = files.each_ref().map(|path| entries(path));
    assert_eq!((leader.len(), helper.len()), (campaign.areas.len(), campaign.areas.len()));
    for ((area, leader), helper) in campaign.areas.iter().zip(&leader).zip(&helper) {
        for entry in [leader, helper] {
            assert_common(entry, &campaign, area.code.as_str(), &verify, secret);
        }
        assert_eq!((leader.role, helper.role), (Role::Leader, Role::Helper));
        assert_eq!(leader.peer_aggregator_endpoint.as_str(), "https://helper.example.net:8443/dap/");
        assert_eq!(helper.peer_aggregator_endpoint.as_str(), "https://leader.example.org/");
        // The leader can show what the helper can only check; the helper cannot show it to anyone.
        let token = leader.aggregator_auth_token.as_ref().unwrap();
        assert_eq!(token.as_str(), secret["aggregator"]["token"]);
        assert_eq!(base64url(token.as_str()).len(), 32);
        let hash =
            |hash: &AuthenticationTokenHash| base64url(serde_json::to_value(hash).unwrap()["hash"].as_str().unwrap());
        let of = |token: &Value| sha256(&[token.as_str().unwrap().as_bytes()]).to_vec();
        assert_eq!(hash(helper.aggregator_auth_token_hash.as_ref().unwrap()), of(&secret["aggregator"]["token"]));
        assert_eq!(hash(leader.collector_auth_token_hash.as_ref().unwrap()), of(&secret["collector"]["token"]));
        assert!(leader.aggregator_auth_token_hash.is_none());
        assert!(helper.aggregator_auth_token.is_none() && helper.collector_auth_token_hash.is_none());
    }
    let texts = files.each_ref().map(|path| fs::read_to_string(path).unwrap());
    for hidden in [&secret["keys"]["private_key"], &secret["collector"]["token"]] {
        assert!(texts.iter().all(|text| !text.contains(hidden.as_str().unwrap())), "a body could collect");
    }
    assert!(
        !texts[1].contains(secret["aggregator"]["token"].as_str().unwrap()),
        "the helper could speak as the leader"
    );

    // The page of a collector that runs goes there from now on.
    let shown = collector.get(&format!("/api/campaigns/{SAFETY}")).json();
    assert_eq!(shown["aggregators"]["leader"], "https://leader.example.org");
    assert_eq!(shown["aggregators"]["helper"], "https://helper.example.net:8443/dap");

    // Again: the same. Elsewhere: the same secrets.
    let again = tasks(&site, "https://leader.example.org", "https://helper.example.net:8443/dap").1;
    assert_eq!(again.each_ref().map(|path| fs::read_to_string(path).unwrap()), texts);
    let moved = tasks(&site, "https://moved.example.org", "https://helper.example.net:8443/dap").1;
    assert_eq!(fs::read_to_string(&moved[0]).unwrap(), texts[0]);
    assert_eq!(
        fs::read_to_string(&moved[1]).unwrap(),
        texts[1].replace("https://leader.example.org/", "https://moved.example.org/")
    );
}

/// What both bodies are told, derived anew.
fn assert_common(entry: &Entry, campaign: &Campaign, area: &str, verify: &[u8], secret: &Value) {
    let names = ["anxin dap-09 task", &campaign.id, &campaign.questionnaire, area].map(|name| format!("{name}\0"));
    let id = sha256(&names.each_ref().map(|name| name.as_bytes()));
    assert_eq!(entry.task_id.as_ref(), &id);
    assert_eq!(base64url(&entry.vdaf_verify_key), sha256(&[b"anxin dap-09 verify", verify, &id])[..16]);
    let VdafInstance::Prio3SumVec { bits: 1, length, chunk_length, dp_strategy: Prio3SumVec::NoDifferentialPrivacy } =
        entry.vdaf
    else {
        panic!("{:?}", entry.vdaf)
    };
    let proof = |chunk: usize| 2 * chunk + 2 * ((1 + length.div_ceil(chunk)).next_power_of_two() - 1) + 1;
    assert_eq!(proof(chunk_length), (1..=length).map(proof).min().unwrap());
    assert_eq!(entry.query_type, "TimeInterval");
    assert_eq!(entry.max_batch_query_count, 1);
    // 2027-12-15T00:00:00Z, as `date` tells it: the end of the last day on which a report is taken.
    assert_eq!(entry.task_expiration, Some(1_828_828_800));
    assert_eq!(entry.report_expiry_age, None);
    assert_eq!(entry.min_batch_size, 5);
    assert_eq!((entry.time_precision, entry.tolerable_clock_skew), (86_400, 86_400));
    let config: HpkeConfig = serde_json::from_value(secret["keys"]["config"].clone()).unwrap();
    assert_eq!(entry.collector_hpke_config, config);
    assert!(entry.hpke_keys.is_empty(), "each body makes its own");
}

#[test]
fn addresses_that_will_not_do() {
    let site = Site::new();
    let collector = site.start();
    let before = collector.get(&format!("/api/campaigns/{SAFETY}")).text();
    let ask = |campaign: &str, leader: &str, helper: &str| {
        let words = ["dap", "tasks", "--campaign", campaign, "--leader", leader, "--helper", helper, "--out"];
        let out = site.data().with_file_name("out");
        run(&site, TODAY, &[&words[..], &[out.to_str().unwrap()]].concat())
    };
    let (a, b) = ("https://a.example", "https://b.example");
    fails(&ask("other", a, b), "there is no campaign \"other\"; there are: safety-demo, participation-demo");
    fails(&ask(SAFETY, "http://a.example", b), "the leader's address \"http://a.example\" must begin with https://");
    fails(&ask(SAFETY, a, "http://127.0.0.1.example"), "the helper's address");
    fails(&ask(SAFETY, a, "ftp://b.example"), "must begin with https://");
    fails(&ask(SAFETY, "a.example", b), "the leader's address \"a.example\" is none");
    fails(&ask(SAFETY, "https://user:word@a.example", b), "a host, a port and a path only");
    fails(&ask(SAFETY, "https://a.example/?x=1", b), "a host, a port and a path only");
    fails(&ask(SAFETY, a, "https://a.example/"), "the same address");
    assert!(!site.data().with_file_name("out").exists() && !site.data().join("dap-collector.json").exists());
    assert_eq!(collector.get(&format!("/api/campaigns/{SAFETY}")).text(), before);

    let said = good(&ask(SAFETY, "https://a.example:1", "https://a.example:2"));
    assert!(said.contains("that is one body"), "{said}");
    let words = ["dap", "tasks", "--campaign", SAFETY, "--leader", a, "--helper", b];
    fails(&run(&site, OVER, &words), "safety-demo takes no reports any more");
}

/// Respondents of a campaign, and the reports that their phones make.
struct People {
    campaign: Campaign,
    questionnaire: Arc<Questionnaire>,
    seed: u64,
}

impl People {
    fn of(collector: &Collector, seed: u64) -> Self {
        let Field { campaign, questionnaire, .. } = Field::fetch(collector, SAFETY, seed);
        Self { campaign, questionnaire, seed }
    }

    fn task(&self, area: usize) -> Task {
        Task::of(&self.campaign, &self.campaign.areas[area].code, self.questionnaire.layout.len())
    }

    fn cells(&self, n: usize) -> Vec<Cells> {
        let line = Respondents::new(self.questionnaire.clone(), self.seed);
        line.take(n).map(|response| Cells::encode(&self.questionnaire, &response)).collect()
    }

    fn report(&self, task: &Task, day: &str, cells: &Cells, to: &Recipients) -> Report {
        let mut id = [0; 16];
        getrandom::fill(&mut id).unwrap();
        Report::split(task, day.parse().unwrap(), cells, id, to).unwrap()
    }

    /// Uploads the first n respondents' reports from an area on a day; their sum.
    fn upload(&self, bodies: &Bodies, area: usize, day: &str, n: usize) -> Tally {
        let (task, to) = (self.task(area), bodies.recipients());
        let mut tally = Tally::empty(task.cells);
        for cells in self.cells(n) {
            upload(bodies, &task, self.report(&task, day, &cells, &to).bytes());
            tally.add(&cells);
        }
        tally
    }

    /// What the results page must be told.
    fn results(&self, campaign: &Value, sums: &[(usize, &str, &Tally, Option<&str>)]) -> String {
        let mut releases = Releases::new(self.campaign.k);
        for &(area, day, tally, fault) in sums {
            let leaf = (self.campaign.areas[area].code.clone(), day.parse().unwrap(), Channel::Phone);
            releases.add(leaf, tally, fault);
        }
        let mut campaign: Campaign = serde_json::from_value(campaign.clone()).unwrap();
        // Results do not tell the collector's key.
        (campaign.deposit, campaign.signer) = (None, None);
        let results = Results::of(&campaign, &self.questionnaire, &releases.leaves(), Selection::default());
        serde_json::to_string(&results).unwrap()
    }
}

fn upload(bodies: &Bodies, task: &Task, report: &[u8]) {
    let address = bodies.leader.strip_prefix("http://").unwrap();
    assert_eq!(put(address, &format!("/tasks/{}/reports", task.id), report).status, 200);
}

fn put(address: &str, path: &str, report: &[u8]) -> Reply {
    try_ask(address, "PUT", path, &[("content-type", "application/dap-report")], report).unwrap()
}

/// A report whose every cell is 1: each is 0 or 1, so the proof holds, but no respondent is like that.
fn forged(task: &Task, day: &str, to: &Recipients) -> Vec<u8> {
    let vdaf = Prio3::new_sum_vec(2, 1, task.cells, anxin::split::chunk_length(task.cells)).unwrap();
    let id = [77; 16];
    let (public, shares) = vdaf.shard(&vec![1; task.cells], &id).unwrap();
    let time = Time::from_seconds_since_epoch(Task::time(day.parse().unwrap()));
    let metadata = ReportMetadata::new(id.into(), time);
    let public = public.get_encoded().unwrap();
    let aad = InputShareAad::new(task.id, metadata.clone(), public.clone()).get_encoded().unwrap();
    let seal = |index: usize, role, config| {
        let plain = PlaintextInputShare::new(Vec::new(), shares[index].get_encoded().unwrap()).get_encoded().unwrap();
        let info = HpkeApplicationInfo::new(&Label::InputShare, &Role::Client, &role);
        janus_core::hpke::seal(config, &info, &plain, &aad).unwrap()
    };
    let (leader, helper) = (seal(0, Role::Leader, &to.leader), seal(1, Role::Helper, &to.helper));
    janus_messages::Report::new(metadata, public, leader, helper).get_encoded().unwrap()
}

/// A site whose safety campaign two stand-ins add up.
fn with_bodies() -> (Site, Collector, Bodies, People) {
    let site = Site::new();
    let collector = site.start();
    let bodies = Bodies::start();
    let (_, [leader, _]) = tasks(&site, &bodies.leader, HELPER);
    bodies.provision(&leader);
    let people = People::of(&collector, 3);
    (site, collector, bodies, people)
}

fn results(collector: &Collector) -> String {
    collector.get(&format!("/api/campaigns/{SAFETY}/results")).text()
}

fn shown(collector: &Collector) -> Value {
    collector.get(&format!("/api/campaigns/{SAFETY}")).json()
}

/// A line of what `anxin collect` says.
#[track_caller]
fn line<'t>(said: &'t str, area: &str) -> &'t str {
    let line = said.lines().find(|line| line.trim_start().starts_with(area)).unwrap_or_else(|| panic!("{said}"));
    line.trim_start().strip_prefix(area).unwrap().trim_start()
}

#[test]
fn sums_of_two_bodies() {
    let (site, collector, bodies, people) = with_bodies();
    let mut sum = people.upload(&bodies, 0, "2026-12-01", 4);
    sum.merge(&people.upload(&bodies, 0, "2027-11-30", 7));
    people.upload(&bodies, 1, "2026-12-05", 4);
    let mut spoilt = people.upload(&bodies, 2, "2026-12-05", 6);
    let (task, to) = (people.task(2), bodies.recipients());
    upload(&bodies, &task, &forged(&task, "2026-12-05", &to));
    spoilt.n += 1;
    spoilt.cells.iter_mut().for_each(|cell| *cell += 1);
    people.upload(&bodies, 3, "2026-12-05", 4);
    // Taken, and dropped by the helper: its share is sealed to another key.
    let task = people.task(3);
    let wrong = Recipients { helper: to.leader.clone(), ..to };
    upload(&bodies, &task, people.report(&task, "2026-12-05", &people.cells(1)[0], &wrong).bytes());

    let collect = ["collect", "--campaign", SAFETY];
    fails(&run(&site, LAST, &collect), "safety-demo takes reports until 2027-12-14");
    assert_eq!(bodies.asked().len(), 0);
    let output = run(&site, OVER, &collect);
    let said = told(&output);
    assert_eq!(output.status.code(), Some(1), "one area has failed: {said}");
    assert!(output.stderr.is_empty());
    assert!(said.starts_with("safety-demo from 2026-12-01 to 2027-11-30\n"), "{said}");
    assert_eq!(line(&said, "330602"), "11 respondents added");
    assert_eq!(line(&said, "330603"), "nothing: fewer than 5 reports");
    let fault = spoilt.check(&people.questionnaire.layout).unwrap_err();
    assert_eq!(
        line(&said, "330604"),
        format!("the sum of 7 reports does not add up, and is shown as a fault: {fault}")
    );
    assert!(line(&said, "330624").starts_with("the leader gave up: too few of the reports were in order"), "{said}");
    assert_eq!(line(&said, "330681"), "nothing: fewer than 5 reports");
    let day = "2027-11-30";
    let want =
        people.results(&shown(&collector), &[(0, day, &sum, None), (2, day, &spoilt, Some(&json!(fault).to_string()))]);
    assert_eq!(results(&collector), want);
    let faults = collector.get(&format!("/api/campaigns/{SAFETY}/results")).json()["faults"].clone();
    assert_eq!((&faults[0]["area"], &faults[0]["n"]), (&"330604".into(), &7.into()));

    // A second time nothing is asked that is there, and nothing is added.
    bodies.asked();
    for area in ["330602", "330604"] {
        let said = good(&run(&site, OVER, &[&collect[..], &["--area", area]].concat()));
        assert_eq!(line(&said, area), "added before; nothing has changed");
    }
    assert_eq!(bodies.asked().len(), 0);
    // Nor if it is not known any more that it was asked.
    forget_what_was_asked(&site);
    let said = good(&run(&site, OVER, &[&collect[..], &["--area", "330602"]].concat()));
    assert_eq!(line(&said, "330602"), "added before; nothing has changed");
    assert_eq!(bodies.asked().len(), 2, "asked and answered again");
    assert_eq!(results(&collector), want);
}

/// What a copy of the file from before holds.
fn forget_what_was_asked(site: &Site) {
    let path = site.data().join("dap-collector.json");
    let mut secrets: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    secrets[SAFETY]["asked"] = Value::Array(Vec::new());
    fs::write(path, secrets.to_string()).unwrap();
}

#[test]
fn single_days() {
    let (site, collector, bodies, people) = with_bodies();
    let first = people.upload(&bodies, 0, "2026-12-02", 5);
    let second = people.upload(&bodies, 0, "2026-12-04", 6);
    let ask = |from: &str, until: &str| {
        let words = ["collect", "--campaign", SAFETY, "--area", "330602", "--from", from, "--until", until];
        run(&site, "2026-12-06", &words)
    };
    fails(&ask("2026-12-02", "2026-12-01"), "2026-12-01 comes before 2026-12-02");
    fails(&ask("2026-11-30", "2026-12-01"), "safety-demo is open from 2026-12-01 to 2027-11-30");
    fails(&ask("2026-12-04", "2026-12-06"), "2026-12-06 is not over");
    assert_eq!(line(&good(&ask("2026-12-01", "2026-12-01")), "330602"), "nothing: fewer than 5 reports");
    assert_eq!(line(&good(&ask("2026-12-02", "2026-12-03")), "330602"), "5 respondents added");
    let over = ask("2026-12-03", "2026-12-05");
    assert_eq!(over.status.code(), Some(1));
    assert!(told(&over).contains("2026-12-02 to 2026-12-03 were asked for before"), "{}", told(&over));
    assert_eq!(line(&good(&ask("2026-12-04", "2026-12-05")), "330602"), "6 respondents added");
    let sums = [(0, "2026-12-03", &first, None), (0, "2026-12-05", &second, None)];
    assert_eq!(results(&collector), people.results(&shown(&collector), &sums));
}

#[test]
fn killed_between_asking_and_adding() {
    let (site, collector, bodies, people) = with_bodies();
    let sum = people.upload(&bodies, 0, "2026-12-02", 8);
    let words = ["collect", "--campaign", SAFETY, "--area", "330602"];
    let start = || command(&site, OVER, &words).stdout(Stdio::null()).spawn().unwrap();

    // While the leader works on it.
    let (polled, answer) = bodies.hold();
    let mut child = start();
    polled.recv().unwrap();
    fails(&run(&site, OVER, &words), "another anxin is at work on");
    child.kill().unwrap();
    child.wait().unwrap();
    answer.send(()).unwrap();

    // When the answer is there, and the disk does not take it: the store is kept busy meanwhile.
    let (polled, answer) = bodies.hold();
    let mut child = start();
    polled.recv().unwrap();
    let busy = rusqlite::Connection::open(site.data().join("anxin.sqlite")).unwrap();
    busy.execute_batch("BEGIN IMMEDIATE").unwrap();
    answer.send(()).unwrap();
    thread::sleep(Duration::from_secs(1));
    assert!(child.try_wait().unwrap().is_none(), "it waits for the store");
    child.kill().unwrap();
    child.wait().unwrap();
    busy.execute_batch("ROLLBACK").unwrap();
    assert_eq!(results(&collector), people.results(&shown(&collector), &[]), "nothing is added yet");

    let said = good(&run(&site, OVER, &words));
    assert_eq!(line(&said, "330602"), "8 respondents added");
    let want = people.results(&shown(&collector), &[(0, "2027-11-30", &sum, None)]);
    assert_eq!(results(&collector), want);
    let said = good(&run(&site, OVER, &words));
    assert_eq!(line(&said, "330602"), "added before; nothing has changed");
    assert_eq!(results(&collector), want);
    // Always the same collection: the leader would refuse another one of the same days.
    let mut jobs: Vec<String> =
        bodies.asked().iter().map(|asked| asked.rsplit(' ').next().unwrap().to_owned()).collect();
    jobs.sort_unstable();
    jobs.dedup();
    assert_eq!(jobs.len(), 1);
}

#[test]
fn leaders_that_do_not_answer_as_they_should() {
    let (site, collector, bodies, people) = with_bodies();
    people.upload(&bodies, 0, "2026-12-02", 8);
    let before = results(&collector);
    let words = ["collect", "--campaign", SAFETY, "--area", "330602", "--wait", "3"];
    let ask = || run(&site, OVER, &words);
    let fails_with = |part: &str| {
        let output = ask();
        assert_eq!(output.status.code(), Some(1));
        assert!(line(&told(&output), "330602").contains(part), "{}", told(&output));
        assert_eq!(results(&collector), before);
    };

    let (polled, answer) = bodies.hold();
    fails_with("not ready after 3 seconds; the same command goes on with it");
    polled.recv().unwrap();
    answer.send(()).unwrap();

    // Another collector's token.
    let path = site.data().join("dap-collector.json");
    let good_secrets = fs::read(&path).unwrap();
    let mut secrets: Value = serde_json::from_slice(&good_secrets).unwrap();
    secrets[SAFETY]["collector"]["token"] = "another".into();
    fs::write(&path, secrets.to_string()).unwrap();
    fails_with("the leader does not know this collector");
    // Another collector's key.
    let mut secrets: Value = serde_json::from_slice(&good_secrets).unwrap();
    secrets[SAFETY]["keys"]["private_key"] = URL_SAFE_NO_PAD.encode([9; 32]).into();
    fs::write(&path, secrets.to_string()).unwrap();
    fails_with("the leader's answer cannot be read");
    // Nobody there.
    fs::write(&path, &good_secrets).unwrap();
    tasks(&site, "http://127.0.0.1:9", HELPER);
    let output = ask();
    assert!(told(&output).contains("http://127.0.0.1:9 cannot be reached"), "{}", told(&output));
    // Back again.
    tasks(&site, &bodies.leader, HELPER);
    assert_eq!(line(&good(&ask()), "330602"), "8 respondents added");
}

#[test]
fn bodies_that_tell_too_few() {
    let (site, collector, bodies, people) = with_bodies();
    let mut sum = people.upload(&bodies, 0, "2026-12-02", 8);
    people.upload(&bodies, 1, "2026-12-02", 6);
    bodies.hide(2);
    let output = run(&site, OVER, &["collect", "--campaign", SAFETY]);
    let said = told(&output);
    assert_eq!(line(&said, "330603"), "the aggregators handed out a sum of 4, and k is 5: it is not kept");
    sum.n = 6;
    let fault = sum.check(&people.questionnaire.layout).unwrap_err();
    assert!(line(&said, "330602").ends_with(&format!("shown as a fault: {fault}")), "{said}");
    let want = people.results(&shown(&collector), &[(0, "2027-11-30", &sum, Some(&json!(fault).to_string()))]);
    assert_eq!(results(&collector), want);
}

#[test]
fn collecting_what_the_collector_adds_up_itself() {
    let site = Site::new();
    let _collector = site.start();
    fails(&run(&site, OVER, &["collect", "--campaign", SAFETY]), "the collector runs both aggregators itself");
    fails(&run(&site, OVER, &["collect", "--campaign", "other"]), "there is no campaign \"other\"");
    fails(&run(&site, OVER, &["collect", "--campaign", SAFETY, "--area", "1"]), "1 is no area of safety-demo");
}
