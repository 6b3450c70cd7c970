//! A leader and a helper in the place of two Janus: provisioned from the same task files, with prio and
//! janus's own messages. They verify every report, add what is in order, and hand out sums sealed to the
//! collector. Like Janus they take any upload, and check the least batch size against the uploads first.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    sync::{Arc, Mutex, mpsc},
    thread,
};

use anxin::split::Recipients;
use janus_core::{
    auth_tokens::{AuthenticationToken, AuthenticationTokenHash},
    hpke::{self, HpkeApplicationInfo, HpkeKeypair, Label},
    vdaf::VdafInstance,
};
use janus_messages::{
    AggregateShareAad, BatchSelector, Collection, CollectionReq, HpkeAeadId, HpkeCiphertext, HpkeConfig, HpkeKdfId,
    HpkeKemId, InputShareAad, Interval, PartialBatchSelector, PlaintextInputShare, Report, Role, TaskId,
    query_type::TimeInterval,
};
use prio::{
    codec::{Decode, Encode, ParameterizedDecode},
    field::Field128,
    vdaf::{
        Aggregatable, AggregateShare, Aggregator, OutputShare, PrepareTransition,
        prio3::{Prio3, Prio3InputShare, Prio3PublicShare, Prio3SumVec},
    },
};
use serde::Deserialize;

/// A task file's entry, as Janus 0.7 has it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    pub(super) task_id: TaskId,
    pub(super) peer_aggregator_endpoint: url::Url,
    pub(super) query_type: String,
    pub(super) vdaf: VdafInstance,
    pub(super) role: Role,
    pub(super) vdaf_verify_key: String,
    pub(super) max_batch_query_count: u64,
    pub(super) task_expiration: Option<u64>,
    pub(super) report_expiry_age: Option<u64>,
    pub(super) min_batch_size: u64,
    pub(super) time_precision: u64,
    pub(super) tolerable_clock_skew: u64,
    pub(super) collector_hpke_config: HpkeConfig,
    pub(super) aggregator_auth_token: Option<AuthenticationToken>,
    pub(super) aggregator_auth_token_hash: Option<AuthenticationTokenHash>,
    pub(super) collector_auth_token_hash: Option<AuthenticationTokenHash>,
    pub(super) hpke_keys: Vec<HpkeKeypair>,
}

/// Reads a task file.
pub(super) fn entries(path: &Path) -> Vec<Entry> {
    yaml_serde::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// Both bodies.
#[derive(Clone)]
pub(super) struct Bodies {
    /// The leader's address.
    pub(super) leader: String,
    state: Arc<Mutex<State>>,
}

struct State {
    keys: [HpkeKeypair; 2],
    tasks: BTreeMap<String, Task>,
    /// Told of the next poll; its answer waits for a word.
    gate: Option<(mpsc::Sender<()>, mpsc::Receiver<()>)>,
    /// So many reports too few are told of a sum.
    hidden: u64,
    /// Method and path of what the collector asked.
    asked: Vec<String>,
}

struct Task {
    entry: Entry,
    vdaf: Prio3SumVec,
    verify_key: [u8; 16],
    ids: BTreeSet<[u8; 16]>,
    /// By time: uploads, reports in order, and both sums.
    sums: BTreeMap<u64, (u64, u64, [AggregateShare<Field128>; 2])>,
    jobs: BTreeMap<String, (Interval, u32)>,
}

impl Bodies {
    /// Listens; without tasks yet.
    pub(super) fn start() -> Self {
        let key = |id: u8| {
            let suite = (HpkeKemId::X25519HkdfSha256, HpkeKdfId::HkdfSha256, HpkeAeadId::Aes128Gcm);
            HpkeKeypair::generate(id.into(), suite.0, suite.1, suite.2).unwrap()
        };
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let leader = format!("http://{}", listener.local_addr().unwrap());
        let state = State { keys: [key(7), key(8)], tasks: BTreeMap::new(), gate: None, hidden: 0, asked: Vec::new() };
        let bodies = Self { leader, state: Arc::new(Mutex::new(state)) };
        let serving = bodies.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let serving = serving.clone();
                thread::spawn(move || serving.serve(stream.unwrap()));
            }
        });
        bodies
    }

    /// What `janus_cli provision-tasks` does with the leader's file.
    pub(super) fn provision(&self, leader_tasks: &Path) {
        let mut state = self.state.lock().unwrap();
        for entry in entries(leader_tasks) {
            let VdafInstance::Prio3SumVec { bits, length, chunk_length, .. } = entry.vdaf else { panic!() };
            let vdaf = Prio3::new_sum_vec(2, bits, length, chunk_length).unwrap();
            let verify_key = super::base64url(&entry.vdaf_verify_key).try_into().unwrap();
            let (ids, sums, jobs) = (BTreeSet::new(), BTreeMap::new(), BTreeMap::new());
            state.tasks.insert(entry.task_id.to_string(), Task { entry, vdaf, verify_key, ids, sums, jobs });
        }
    }

    /// The bodies' public keys.
    pub(super) fn recipients(&self) -> Recipients {
        let state = self.state.lock().unwrap();
        Recipients { leader: state.keys[0].config().clone(), helper: state.keys[1].config().clone() }
    }

    /// Holds the next poll: tells when it is there, and answers at a word.
    pub(super) fn hold(&self) -> (mpsc::Receiver<()>, mpsc::Sender<()>) {
        let ((tell, told), (word, wait)) = (mpsc::channel(), mpsc::channel());
        self.state.lock().unwrap().gate = Some((tell, wait));
        (told, word)
    }

    /// Tells so many reports too few from now on.
    pub(super) fn hide(&self, reports: u64) {
        self.state.lock().unwrap().hidden = reports;
    }

    /// What the collector has asked since this was asked last.
    pub(super) fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.state.lock().unwrap().asked)
    }

    fn serve(&self, mut stream: TcpStream) {
        let Some((method, path, token, body)) = request(&stream) else { return };
        let steps: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        let answer = match steps[..] {
            ["tasks", task, "reports"] if method == "PUT" => self.upload(task, &body),
            ["tasks", task, "collection_jobs", job] => self.collection(&method, task, job, token, &body),
            _ => Answer { status: 404, ..Answer::default() },
        };
        let head = format!(
            "HTTP/1.1 {} x\r\ncontent-type: {}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
            answer.status,
            answer.media,
            answer.body.len()
        );
        // Who asked may have been killed.
        let _ = stream.write_all(&[head.as_bytes(), &answer.body].concat());
    }

    fn upload(&self, task: &str, body: &[u8]) -> Answer {
        let mut state = self.state.lock().unwrap();
        let keys = state.keys.clone();
        let Some(task) = state.tasks.get_mut(task) else { return Answer::problem(404, "unrecognizedTask") };
        let Ok(report) = Report::get_decoded(body) else { return Answer::problem(400, "invalidMessage") };
        if task.ids.insert(*report.metadata().id().as_ref()) {
            let length = task.vdaf_length();
            let empty = || AggregateShare::from(vec![Field128::from(0); length]);
            let shares = task.verify(&keys, &report);
            let time = report.metadata().time().as_seconds_since_epoch();
            let sum = task.sums.entry(time).or_insert((0, 0, [empty(), empty()]));
            sum.0 += 1;
            for (sum, share) in sum.2.iter_mut().zip(shares.iter().flatten()) {
                sum.accumulate(share).unwrap();
            }
            sum.1 += u64::from(shares.is_some());
        }
        Answer { status: 200, ..Answer::default() }
    }

    fn collection(
        &self,
        method: &str,
        task: &str,
        job: &str,
        token: Option<AuthenticationToken>,
        body: &[u8],
    ) -> Answer {
        let mut state = self.state.lock().unwrap();
        state.asked.push(format!("{method} {task} {job}"));
        if let Some((tell, wait)) = (method == "POST").then(|| state.gate.take()).flatten() {
            drop(state);
            tell.send(()).unwrap();
            let _ = wait.recv();
            state = self.state.lock().unwrap();
        }
        let hidden = state.hidden;
        let Some(task) = state.tasks.get_mut(task) else { return Answer::problem(404, "unrecognizedTask") };
        let hash = task.entry.collector_auth_token_hash.as_ref().unwrap();
        if token.is_none_or(|token| !hash.validate(&token)) {
            return Answer::problem(403, "unauthorizedRequest");
        }
        if method == "PUT" { task.begin(job, body) } else { task.answer(job, hidden) }
    }
}

impl Task {
    fn vdaf_length(&self) -> usize {
        let VdafInstance::Prio3SumVec { length, .. } = self.entry.vdaf else { panic!() };
        length
    }

    /// Both output shares of a report that is in order.
    fn verify(&self, keys: &[HpkeKeypair; 2], report: &Report) -> Option<[OutputShare<Field128>; 2]> {
        let (metadata, public) = (report.metadata(), report.public_share());
        let aad = InputShareAad::new(self.entry.task_id, metadata.clone(), public.to_vec()).get_encoded().unwrap();
        let public = Prio3PublicShare::get_decoded_with_param(&self.vdaf, public).ok()?;
        let prepare = |index: usize, role, sealed: &HpkeCiphertext| {
            let info = HpkeApplicationInfo::new(&Label::InputShare, &Role::Client, &role);
            let plain = hpke::open(&keys[index], &info, sealed, &aad).ok()?;
            let plain = PlaintextInputShare::get_decoded(&plain).ok()?;
            let share = Prio3InputShare::get_decoded_with_param(&(&self.vdaf, index), plain.payload()).ok()?;
            self.vdaf.prepare_init(&self.verify_key, index, &(), metadata.id().as_ref(), &public, &share).ok()
        };
        let (leader, from_leader) = prepare(0, Role::Leader, report.leader_encrypted_input_share())?;
        let (helper, from_helper) = prepare(1, Role::Helper, report.helper_encrypted_input_share())?;
        let message = self.vdaf.prepare_shares_to_prepare_message(&(), [from_leader, from_helper]).ok()?;
        let finish = |state| match self.vdaf.prepare_next(state, message.clone()) {
            Ok(PrepareTransition::Finish(share)) => Some(share),
            _ => None,
        };
        Some([finish(leader)?, finish(helper)?])
    }

    fn begin(&mut self, job: &str, body: &[u8]) -> Answer {
        let request = CollectionReq::<TimeInterval>::get_decoded(body).unwrap();
        assert!(request.aggregation_parameter().is_empty());
        let asked = *request.query().batch_interval();
        let whole = |seconds: u64| seconds.is_multiple_of(self.entry.time_precision);
        assert!(whole(ends(&asked).0) && whole(ends(&asked).1), "whole days");
        if let Some((known, _)) = self.jobs.get(job) {
            return if *known == asked {
                Answer { status: 201, ..Answer::default() }
            } else {
                Answer::problem(400, "invalidMessage")
            };
        }
        if self.jobs.values().any(|(other, _)| ends(other).0 < ends(&asked).1 && ends(&asked).0 < ends(other).1) {
            return Answer::problem(400, "batchOverlap");
        }
        let uploads: u64 = self.within(&asked).map(|(uploads, ..)| uploads).sum();
        if uploads < self.entry.min_batch_size {
            return Answer::problem(400, "invalidBatchSize");
        }
        self.jobs.insert(job.to_owned(), (asked, 0));
        Answer { status: 201, ..Answer::default() }
    }

    fn answer(&mut self, job: &str, hidden: u64) -> Answer {
        let Some((asked, polls)) = self.jobs.get_mut(job) else { return Answer::problem(404, "invalidMessage") };
        *polls += 1;
        if *polls == 1 {
            return Answer { status: 202, ..Answer::default() };
        }
        let asked = *asked;
        let n: u64 = self.within(&asked).map(|(_, n, _)| n).sum();
        if n < self.entry.min_batch_size {
            let uri = "https://docs.divviup.org/references/janus-errors#collection-job-abandoned";
            return Answer::problem_of(500, uri);
        }
        let selector = BatchSelector::<TimeInterval>::new_time_interval(asked);
        let aad = AggregateShareAad::new(self.entry.task_id, Vec::new(), selector).get_encoded().unwrap();
        let seal = |index: usize, role| {
            let mut sum = AggregateShare::from(vec![Field128::from(0); self.vdaf_length()]);
            self.within(&asked).for_each(|(.., sums)| sum.merge(&sums[index]).unwrap());
            let info = HpkeApplicationInfo::new(&Label::AggregateShare, &role, &Role::Collector);
            hpke::seal(&self.entry.collector_hpke_config, &info, &sum.get_encoded().unwrap(), &aad).unwrap()
        };
        let sealed = (seal(0, Role::Leader), seal(1, Role::Helper));
        let selector = PartialBatchSelector::new_time_interval();
        let collection = Collection::<TimeInterval>::new(selector, n - hidden, asked, sealed.0, sealed.1);
        let media = Collection::<TimeInterval>::MEDIA_TYPE;
        Answer { status: 200, media, body: collection.get_encoded().unwrap() }
    }

    fn within(&self, asked: &Interval) -> impl Iterator<Item = (u64, u64, &[AggregateShare<Field128>; 2])> {
        let (start, end) = ends(asked);
        self.sums.range(start..end).map(|(_, (uploads, n, sums))| (*uploads, *n, sums))
    }
}

fn ends(interval: &Interval) -> (u64, u64) {
    let start = interval.start().as_seconds_since_epoch();
    (start, start + interval.duration().as_seconds())
}

#[derive(Default)]
struct Answer {
    status: u16,
    media: &'static str,
    body: Vec<u8>,
}

impl Answer {
    fn problem(status: u16, name: &str) -> Self {
        Self::problem_of(status, &format!("urn:ietf:params:ppm:dap:error:{name}"))
    }

    fn problem_of(status: u16, uri: &str) -> Self {
        let body = serde_json::json!({ "type": uri, "status": status }).to_string().into_bytes();
        Self { status, media: "application/problem+json", body }
    }
}

/// Method, path, bearer token and body.
fn request(stream: &TcpStream) -> Option<(String, String, Option<AuthenticationToken>, Vec<u8>)> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split(' ').map(str::to_owned);
    let (method, path) = (words.next()?, words.next()?);
    let (mut token, mut length) = (None, 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        match name.to_ascii_lowercase().as_str() {
            "authorization" => {
                let bearer = value.strip_prefix("Bearer ").unwrap();
                token = Some(AuthenticationToken::new_bearer_token_from_string(bearer).unwrap());
            }
            "content-length" => length = value.parse().unwrap(),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((method, path, token, body))
}
