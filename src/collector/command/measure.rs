//! `anxin measure`: how many sealed reports a second this machine takes, beside the least that any such
//! collector has to do for them on the same machine.
//!
//! ```text
//!  made-up respondents ──split──▶ a pool of reports ──┬─▶ bare: two HPKE openings and the proof, nothing else
//!                                                     └─▶ pair: verify ──▶ Intake ──▶ Store, on disk
//!  the next pool, until there were enough reports; then some more over HTTP, from clients on this machine
//! ```
//!
//! The two take turns over each pool, on as many threads as there are cores.

use std::{
    fmt::Write as _,
    fs,
    io::{self, Read, Write},
    net::{SocketAddr, TcpStream},
    num::NonZero,
    path::{Path, PathBuf},
    process::{self, ExitCode},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use hpke::{Deserializable, OpModeR, aead, kdf, kem};
use janus_messages::{HpkeCiphertext, InputShareAad, PlaintextInputShare, Report as Message, Role};
use prio::{
    codec::{Decode, Encode, ParameterizedDecode},
    vdaf::{
        Aggregator, PrepareTransition,
        prio3::{Prio3InputShare, Prio3PublicShare},
    },
};
use serde::{Deserialize, Serialize};
use tokio::{net::TcpListener, sync::oneshot};

use super::{Failure, print};
use crate::{
    campaign::{Campaign, LEAST_K},
    collector::{
        aggregators::KeyFiles,
        demonstration,
        listen::listen,
        routes,
        shared::Shared,
        signer,
        store::{Added, Arrived, Known, Sqlite, Store},
        world::{self, Clock},
    },
    layout::Cells,
    questionnaire::Questionnaire,
    results::Selection,
    simulate::Respondents,
    split::{Keys, Pair, Recipients, Report, Task, Vdaf, vdaf},
};

/// So many reports are in memory at a time.
const POOL: u64 = 4_000;

/// Connections that hand reports in over HTTP.
const CLIENTS: usize = 64;

/// No more than so many reports go over HTTP.
const OVER_HTTP: u64 = 20_000;

/// Measures how many sealed reports a second this machine takes.
#[derive(clap::Args)]
pub(super) struct Measure {
    /// Questionnaire file that the made-up respondents answer; the longer, the more work. The safety survey if
    /// there is none
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,

    /// How many reports
    #[arg(long, short = 'n', value_name = "N", default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(10..))]
    reports: u64,

    /// Directory on the disk to be measured: a new one is made in it, and removed at the end
    #[arg(long, value_name = "DIR", default_value = ".")]
    data: PathBuf,

    /// Print JSON, for programs
    #[arg(long)]
    json: bool,
}

/// What was measured.
#[derive(Serialize)]
struct Measured {
    cells: usize,
    report_bytes: usize,
    reports: u64,
    cores: usize,
    /// Reports a second.
    bare: f64,
    pair: f64,
    /// Of the bare loop.
    share: f64,
    /// Cores that the process kept busy while the pair was at work.
    busy: Option<f64>,
    http: f64,
    /// Most memory in use after a tenth of the reports, and after all, in bytes.
    peak_at_a_tenth: Option<u64>,
    peak: Option<u64>,
}

/// Time spent, and reports, by one of the ways.
#[derive(Default)]
struct Spent {
    time: Duration,
    reports: usize,
}

impl Spent {
    fn add(&mut self, time: Duration, reports: usize) {
        self.time += time;
        self.reports += reports;
    }

    fn rate(&self) -> f64 {
        self.reports as f64 / self.time.as_secs_f64()
    }
}

impl Measure {
    /// Measures and prints.
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let bytes = match &self.file {
            Some(file) => fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?,
            None => include_bytes!("../../../www/instruments/safety.json").to_vec(),
        };
        let measured = measure(&bytes, self.reports, &self.data)?;
        let told = if self.json { serde_json::to_string(&measured)? + "\n" } else { told(&measured) };
        print(&told)?;
        Ok(ExitCode::SUCCESS)
    }
}

fn measure(bytes: &[u8], reports: u64, data: &Path) -> Result<Measured, Failure> {
    let site = Site::open(bytes, data)?;
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let (mut bare, mut pair, mut http) = (Spent::default(), Spent::default(), Spent::default());
    let (mut busy, mut begun) = (Duration::ZERO, 0);
    let (mut peak_at_a_tenth, mut report_bytes) = (None, 0);
    // The first thousandth is for warming up.
    let lead: Vec<Sealed> = site.pool(cores, 0, (reports / 1_000).max(5))?;
    site.bare(cores, &lead)?;
    site.pair(cores, &lead)?;
    let mut counted = lead.len() as u64;
    let mut turn = 1;
    while begun < reports {
        // A pool ends where the memory is looked at.
        let tenth = (reports / 10).saturating_sub(begun);
        let size = POOL.min(reports - begun).min(if tenth > 0 { tenth } else { POOL });
        let pool = site.pool(cores, turn, size)?;
        report_bytes = pool[0].bytes.len();
        // Who comes second finds the reports in the cache.
        for second in [false, true] {
            if turn.is_multiple_of(2) == second {
                bare.add(site.bare(cores, &pool)?, pool.len());
            } else {
                let before = processor_time();
                pair.add(site.pair(cores, &pool)?, pool.len());
                busy += processor_time().zip(before).map_or(Duration::ZERO, |(now, then)| now.saturating_sub(then));
            }
        }
        (begun, turn, counted) = (begun + size, turn + 1, counted + size);
        if begun == reports / 10 {
            peak_at_a_tenth = peak();
        }
    }
    let peak = peak();
    let server = site.serve()?;
    let mut over_http = 0;
    while over_http < (reports / 5).clamp(5, OVER_HTTP) {
        let pool = site.pool(cores, turn, POOL.min((reports / 5).clamp(5, OVER_HTTP) - over_http))?;
        http.add(server.hand_in(&pool)?, pool.len());
        (turn, over_http, counted) = (turn + 1, over_http + pool.len() as u64, counted + pool.len() as u64);
    }
    drop(server);
    site.check(counted)?;
    Ok(Measured {
        cells: site.questionnaire.layout.len(),
        report_bytes,
        reports,
        cores,
        bare: bare.rate(),
        pair: pair.rate(),
        share: pair.rate() / bare.rate(),
        busy: processor_time().map(|_| busy.as_secs_f64() / pair.time.as_secs_f64()),
        http: http.rate(),
        peak_at_a_tenth,
        peak,
    })
}

/// A table for people.
fn told(it: &Measured) -> String {
    let mut told = String::new();
    let mut line = |what: &str, value: String| {
        let _ = writeln!(told, "{what:<58}{value:>14}");
    };
    line("cells of a respondent", it.cells.to_string());
    line("bytes of a report", it.report_bytes.to_string());
    line("reports", it.reports.to_string());
    line("cores", it.cores.to_string());
    line("two openings and the proof, nothing else", format!("{:.0} a second", it.bare));
    line("the collector: verified, added, on disk", format!("{:.0} a second", it.pair));
    line("  of the above", format!("{:.2}", it.share));
    if let Some(busy) = it.busy {
        line("  cores kept busy", format!("{busy:.2}"));
    }
    line("over HTTP, from clients that share the cores", format!("{:.0} a second", it.http));
    let mb = |bytes: u64| format!("{:.1} MB", bytes as f64 / 1e6);
    if let (Some(tenth), Some(all)) = (it.peak_at_a_tenth, it.peak) {
        line("most memory in use, clients included, after a tenth", mb(tenth));
        line("most memory in use, clients included, after all", mb(all));
    }
    told
}

/// A collector of its own, in a directory that goes with it.
struct Site {
    shared: Arc<Shared>,
    questionnaire: Arc<Questionnaire>,
    campaign: Campaign,
    areas: Vec<Arc<Known>>,
    bare: Bare,
    to: Recipients,
    // Last, so that it goes last.
    _directory: Directory,
}

/// What needs to be known of a report beforehand, so that the bare loop has nothing else to do.
struct Sealed {
    bytes: Vec<u8>,
    area: usize,
    message: Message,
    aad: Vec<u8>,
}

impl Site {
    fn open(bytes: &[u8], data: &Path) -> Result<Self, Failure> {
        let questionnaire = Questionnaire::parse(bytes).map_err(|faults| format!("it has faults:\n{faults}"))?;
        let clock = Clock { stopped: Some(Clock::default().today()) };
        let demonstration = demonstration::campaigns(clock.today())?;
        let (like, _) = demonstration.first().ok_or("there is no demonstration")?;
        let campaign = Campaign {
            id: "measure".into(),
            title: questionnaire.definition.title.clone(),
            questionnaire: questionnaire.hash.clone(),
            k: LEAST_K,
            ..like.clone()
        };
        let directory = Directory::make(data)?;
        let store = Sqlite::open(&directory.0)?;
        store.begin(&[(campaign.clone(), bytes)])?;
        let (keys, signer) = (KeyFiles::open(&directory.0, true)?, signer::public(&signer::open(&directory.0)?));
        let shared = Arc::new(Shared::new(store, keys, signer, clock));
        let cells = questionnaire.layout.len();
        let known = |area| shared.task(&Task::of(&campaign, area, cells).id).ok().flatten().ok_or("a task is missing");
        let areas = campaign.areas.iter().map(|area| known(&area.code)).collect::<Result<Vec<_>, _>>()?;
        let pair = shared.keys.pair()?;
        let newest = |keys: &Keys| keys.newest().ok_or("a key is missing");
        let to = Recipients { leader: newest(&pair.leader)?, helper: newest(&pair.helper)? };
        let bare = Bare::new(&pair, &areas)?;
        let questionnaire = Arc::new(questionnaire);
        Ok(Self { shared, questionnaire, campaign, areas, bare, to, _directory: directory })
    }

    /// Reports of made-up respondents, in all areas by turns.
    fn pool(&self, cores: usize, turn: u64, size: u64) -> Result<Vec<Sealed>, Failure> {
        let today = self.shared.clock.today();
        let part = |core: usize| {
            let line = Respondents::new(self.questionnaire.clone(), turn * cores as u64 + core as u64);
            let mine = (core as u64..size).step_by(cores);
            line.zip(mine).map(|(response, number)| {
                let area = number as usize % self.areas.len();
                let task = &self.areas[area].task;
                let cells = Cells::encode(&self.questionnaire, &response);
                let report = Report::split(task, today, &cells, world::random()?, &self.to)?;
                let message = Message::get_decoded(report.bytes())?;
                let public = message.public_share().to_vec();
                let aad = InputShareAad::new(task.id, message.metadata().clone(), public).get_encoded()?;
                Ok(Sealed { bytes: report.bytes().to_vec(), area, message, aad })
            })
        };
        let parts = on_threads(cores, |core| part(core).collect::<Result<Vec<_>, Failure>>())?;
        Ok(parts.into_iter().flatten().collect())
    }

    fn bare(&self, cores: usize, pool: &[Sealed]) -> Result<Duration, Failure> {
        let (start, next) = (Instant::now(), AtomicUsize::new(0));
        on_threads(cores, |_| {
            while let Some(sealed) = pool.get(next.fetch_add(1, Ordering::Relaxed)) {
                self.bare.verify(sealed).ok_or("the bare loop does not take a report")?;
            }
            Ok(())
        })?;
        Ok(start.elapsed())
    }

    /// What a request does between its body and its answer.
    fn pair(&self, cores: usize, pool: &[Sealed]) -> Result<Duration, Failure> {
        let (start, next) = (Instant::now(), AtomicUsize::new(0));
        on_threads(cores, |_| {
            let mut told: Vec<oneshot::Receiver<_>> = Vec::new();
            while let Some(sealed) = pool.get(next.fetch_add(1, Ordering::Relaxed)) {
                let id = self.areas[sealed.area].task.id;
                let known = self.shared.task(&id).ok().flatten().ok_or("a task is missing")?;
                let pair = self.shared.keys.pair()?;
                let verified = pair.verify(&known.task, &sealed.bytes)?;
                told.push(self.shared.intake.add(pair, Arrived { known, verified }));
            }
            told.into_iter().try_for_each(|told| match told.blocking_recv() {
                Ok(Some(Added::Counted)) => Ok(()),
                _ => Err("a report was not counted".into()),
            })
        })?;
        Ok(start.elapsed())
    }

    fn serve(&self) -> Result<Server<'_>, Failure> {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
        let address = listener.local_addr()?;
        runtime.spawn(listen(listener, routes::router(self.shared.clone()), std::future::pending()));
        Ok(Server { site: self, address, _runtime: runtime })
    }

    /// Every report is in the sums, but those for which k is not reached yet.
    fn check(&self, counted: u64) -> Result<(), Failure> {
        let fielded = self.shared.store.questionnaire(&self.campaign.questionnaire)?.ok_or("it is not fielded")?;
        let questionnaire = Questionnaire::parse(&fielded)?;
        let view = self.shared.store.view(&self.campaign, &questionnaire, &Selection::default())?;
        let shown = view.total.n;
        let waiting = counted.checked_sub(shown).ok_or("more was counted than handed in")?;
        // A figure on view may be up to k behind its sum, and fewer than k are not in a sum.
        if !view.faults.is_empty() || waiting >= 2 * u64::from(LEAST_K) * self.areas.len() as u64 {
            return Err(format!("the sums are wrong: {shown} of {counted} reports").into());
        }
        Ok(())
    }
}

/// The collector's own server, beside its clients.
struct Server<'s> {
    site: &'s Site,
    address: SocketAddr,
    _runtime: tokio::runtime::Runtime,
}

impl Server<'_> {
    /// Clients that hand in one report after the other, each on a connection that stays open.
    fn hand_in(&self, pool: &[Sealed]) -> Result<Duration, Failure> {
        let (start, next) = (Instant::now(), AtomicUsize::new(0));
        on_threads(CLIENTS, |_| {
            let mut connection = TcpStream::connect(self.address)?;
            connection.set_nodelay(true)?;
            while let Some(Sealed { bytes, area, .. }) = pool.get(next.fetch_add(1, Ordering::Relaxed)) {
                let task = self.site.areas[*area].task.id;
                let (media, length) = (Message::MEDIA_TYPE, bytes.len());
                let mut request = format!(
                    "PUT /dap/leader/tasks/{task}/reports HTTP/1.1\r\nhost: {}\r\ncontent-type: {media}\r\n\
                     content-length: {length}\r\n\r\n",
                    self.address
                )
                .into_bytes();
                request.extend_from_slice(bytes);
                connection.write_all(&request)?;
                let head = head(&mut connection)?;
                if !head.starts_with(b"HTTP/1.1 200 ") {
                    return Err(String::from_utf8_lossy(&head).into());
                }
            }
            Ok(())
        })?;
        Ok(start.elapsed())
    }
}

/// The head of an answer that has no body.
fn head(connection: &mut TcpStream) -> io::Result<Vec<u8>> {
    let (mut head, mut part) = (Vec::new(), [0; 1024]);
    while !head.ends_with(b"\r\n\r\n") {
        let read = connection.read(&mut part)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        head.extend_from_slice(&part[..read]);
    }
    Ok(head)
}

type Kem = kem::X25519HkdfSha256;
type PrivateKey = <Kem as hpke::Kem>::PrivateKey;

/// The least that two aggregators do: written once more on the bare libraries, with everything at hand that
/// is the same for many reports.
struct Bare {
    vdaf: Vdaf,
    keys: [PrivateKey; 2],
    verify_keys: Vec<[u8; 16]>,
}

impl Bare {
    fn new(pair: &Pair, areas: &[Arc<Known>]) -> Result<Self, Failure> {
        /// What of an aggregator's keys is needed, as its file has it.
        #[derive(Deserialize)]
        struct File {
            hpke: [Private; 1],
        }
        #[derive(Deserialize)]
        struct Private {
            private: [u8; 32],
        }

        let private = |keys: &Keys| -> Result<_, Failure> {
            let File { hpke: [Private { private }] } = serde_json::from_value(serde_json::to_value(keys)?)?;
            Ok(PrivateKey::from_bytes(&private)?)
        };
        Ok(Self {
            vdaf: vdaf(areas.first().map_or(0, |known| known.task.cells))?,
            keys: [private(&pair.leader)?, private(&pair.helper)?],
            verify_keys: areas.iter().map(|known| pair.verify_key(&known.task)).collect(),
        })
    }

    fn verify(&self, Sealed { area, message, aad, .. }: &Sealed) -> Option<()> {
        let public = Prio3PublicShare::get_decoded_with_param(&self.vdaf, message.public_share()).ok()?;
        let prepare = |role: Role, index: usize, sealed: &HpkeCiphertext| {
            let info = [b"dap-09 input share".as_slice(), &[Role::Client as u8, role as u8]].concat();
            let encapsulated = <Kem as hpke::Kem>::EncappedKey::from_bytes(sealed.encapsulated_key()).ok()?;
            let plain = hpke::single_shot_open::<aead::AesGcm128, kdf::HkdfSha256, Kem>(
                &OpModeR::Base,
                &self.keys[index],
                &encapsulated,
                &info,
                sealed.payload(),
                aad,
            );
            let plain = PlaintextInputShare::get_decoded(&plain.ok()?).ok()?;
            let share = Prio3InputShare::get_decoded_with_param(&(&self.vdaf, index), plain.payload()).ok()?;
            let nonce = message.metadata().id().as_ref();
            self.vdaf.prepare_init(&self.verify_keys[*area], index, &(), nonce, &public, &share).ok()
        };
        let (leader, leader_says) = prepare(Role::Leader, 0, message.leader_encrypted_input_share())?;
        let (helper, helper_says) = prepare(Role::Helper, 1, message.helper_encrypted_input_share())?;
        let message = self.vdaf.prepare_shares_to_prepare_message(&(), [leader_says, helper_says]).ok()?;
        for state in [leader, helper] {
            let next = self.vdaf.prepare_next(state, message.clone()).ok()?;
            std::hint::black_box(matches!(next, PrepareTransition::Finish(_)).then_some(next)?);
        }
        Some(())
    }
}

/// A directory that is removed when this goes.
struct Directory(PathBuf);

impl Directory {
    fn make(beside: &Path) -> Result<Self, Failure> {
        let path = beside.join(format!("anxin-measure-{}", process::id()));
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(Self(path))
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            eprintln!("anxin: {} is left: {error}", self.0.display());
        }
    }
}

/// Does work on so many threads; the first failure is the outcome.
fn on_threads<T: Send>(threads: usize, work: impl Fn(usize) -> Result<T, Failure> + Sync) -> Result<Vec<T>, Failure> {
    let work = &work;
    thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|thread| scope.spawn(move || work(thread))).collect();
        let failed = |_| Err("a thread failed".into());
        running.into_iter().map(|thread| thread.join().unwrap_or_else(failed)).collect()
    })
}

/// The most memory that was resident at a time, as Linux tells it.
pub(super) fn peak() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<u64>().ok()? * 1024)
}

/// The processor time that all threads have used so far, as Linux tells it.
fn processor_time() -> Option<Duration> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // The name in brackets may hold anything.
    let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace().skip(11);
    let ticks = fields.next()?.parse::<u64>().ok()? + fields.next()?.parse::<u64>().ok()?;
    Some(Duration::from_millis(ticks * 10))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_take_every_report() {
        let bytes = include_bytes!("../../../www/instruments/participation.json");
        let measured = measure(bytes, 60, &std::env::temp_dir()).unwrap();
        assert!(measured.bare > 0.0 && measured.pair > 0.0 && measured.http > 0.0);
        assert!(told(&measured).contains("cells of a respondent"));
    }
}
