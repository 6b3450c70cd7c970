//! The keys in the data directory, and the way a report takes to the embedded pair of aggregators.
//!
//! ```text
//!  PUT ──▶ verify both shares (one of as many workers as cores) ──▶ queue ──▶ one writer:
//!          everything that waits, in one transaction ──on disk──▶ answer
//!          (while they come one on another's heels, it lets some more come first)
//! ```

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{self, RecvTimeoutError},
    },
    thread,
    time::{Duration, Instant, SystemTime},
};

use janus_messages::Role;
use prio::codec::Encode;
use tokio::sync::oneshot;

use super::{
    store::{Added, Arrived, Store, StoreError},
    world::{self, Clock},
};
use crate::{
    day::Day,
    questionnaire::hex,
    split::{Keys, Pair},
};

/// So many verified reports may wait for the disk.
const QUEUE: usize = 256;

/// While reports come together, the writer gathers for so many times as long as the last transaction took:
/// a transaction costs about the same for one report as for fifty, and the cores are there to verify.
const GATHER: u32 = 8;

/// And never longer than this.
const GATHER_LONGEST: Duration = Duration::from_millis(50);

/// So long the writer waits for a report before it looks whether another day has begun.
const NEXT_LOOK: Duration = Duration::from_secs(3_600);

/// The keys in the data directory, each in a file that only its owner can read: those of the pair's two
/// aggregators, and the deposit key, to which tablets seal what is for the collector alone.
pub(super) struct KeyFiles {
    directory: PathBuf,
    /// What was read last, and the files' times then.
    read: Mutex<Option<([SystemTime; 2], Arc<Pair>)>>,
    deposit: Mutex<Option<(SystemTime, Arc<Keys>)>>,
}

const FILES: [&str; 2] = ["dap-leader.json", "dap-helper.json"];

const DEPOSIT: &str = "deposit.json";

impl KeyFiles {
    /// Whether a directory is one in which a collector has run.
    pub(super) fn are_in(directory: &Path) -> bool {
        FILES.iter().all(|name| directory.join(name).exists())
    }

    /// The keys of a data directory; made, if `new` ones will do, where there are none.
    pub(super) fn open(directory: &Path, new: bool) -> Result<Self, StoreError> {
        let files = Self { directory: directory.to_owned(), read: Mutex::default(), deposit: Mutex::default() };
        match FILES.map(|name| directory.join(name).exists()) {
            [true, true] => {}
            [false, false] if !new => {
                return Err("the aggregators' keys (dap-leader.json, dap-helper.json) are missing, and without \
                    them the reports that are under k cannot be read: please put them back"
                    .into());
            }
            [false, false] => {
                let verify = world::random()?;
                for name in FILES {
                    files.write(name, &Keys::new(world::random()?, verify))?;
                }
            }
            _ => return Err("the keys of one aggregator are missing: without them its sums cannot be read".into()),
        }
        files.pair()?;
        // Directories that are older than it have none.
        if !directory.join(DEPOSIT).exists() {
            files.write(DEPOSIT, &Keys::new(world::random()?, world::random()?))?;
        }
        files.deposit()?;
        Ok(files)
    }

    /// Both aggregators' keys as they are now: `anxin dap rotate` may have changed them.
    pub(super) fn pair(&self) -> Result<Arc<Pair>, StoreError> {
        let times = [self.time(FILES[0])?, self.time(FILES[1])?];
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, pair)) = read.as_ref().filter(|(then, _)| *then == times) {
            return Ok(pair.clone());
        }
        let [leader, helper] = FILES.map(|name| self.read(name));
        let pair = Arc::new(Pair { leader: leader?, helper: helper? });
        if pair.leader.verify() != pair.helper.verify() {
            return Err("the two aggregators' keys do not belong together".into());
        }
        *read = Some((times, pair.clone()));
        Ok(pair)
    }

    /// The deposit keys as they are now.
    pub(super) fn deposit(&self) -> Result<Arc<Keys>, StoreError> {
        let time = self.time(DEPOSIT)?;
        let mut read = self.deposit.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, keys)) = read.as_ref().filter(|(then, _)| *then == time) {
            return Ok(keys.clone());
        }
        let keys = Arc::new(self.read(DEPOSIT)?);
        *read = Some((time, keys.clone()));
        Ok(keys)
    }

    /// Makes new keys to seal to. Those replaced before `still_needed` go.
    pub(super) fn rotate(&self, today: Day, still_needed: Day) -> Result<(), StoreError> {
        for name in FILES.into_iter().chain([DEPOSIT]) {
            let mut keys = self.read(name)?;
            keys.rotate(today, still_needed);
            self.write(name, &keys)?;
        }
        Ok(())
    }

    fn time(&self, name: &str) -> io::Result<SystemTime> {
        fs::metadata(self.directory.join(name))?.modified()
    }

    fn read(&self, name: &str) -> Result<Keys, StoreError> {
        let path = self.directory.join(name);
        let text = zeroize::Zeroizing::new(fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?);
        Ok(serde_json::from_slice(&text).map_err(|error| format!("{}: {error}", path.display()))?)
    }

    /// Writes a file whole, or leaves the old one.
    fn write(&self, name: &str, keys: &Keys) -> Result<(), StoreError> {
        write_private(&self.directory.join(name), &zeroize::Zeroizing::new(serde_json::to_vec(keys)?))?;
        Ok(())
    }
}

/// Writes a file that only its owner can read; whole, or not at all.
pub(super) fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    use io::Write;

    let beside = path.with_extension("new");
    // What an earlier try left may be readable by others.
    let _ = fs::remove_file(&beside);
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    if let Some(directory) = path.parent() {
        fs::File::open(directory)?.sync_all()?;
    }
    Ok(())
}

/// The configurations of an aggregator, as they are told.
pub(super) fn configurations(pair: &Pair, role: Role) -> Result<Vec<u8>, StoreError> {
    let keys = if role == Role::Leader { &pair.leader } else { &pair.helper };
    Ok(keys.config_list()?)
}

/// The deposit key as it is told.
pub(super) fn deposit_key(keys: &Keys) -> Result<String, StoreError> {
    Ok(hex(&keys.newest().ok_or("there is no deposit key")?.get_encoded()?))
}

/// The one writer, which takes whatever waits into one transaction.
pub(super) struct Intake {
    queue: mpsc::SyncSender<Waiting>,
}

type Told = oneshot::Sender<Option<Added>>;

struct Waiting {
    pair: Arc<Pair>,
    arrived: Arrived,
    told: Told,
}

impl Intake {
    /// Starts the writer.
    pub(super) fn new(store: Arc<dyn Store>, clock: Clock) -> Self {
        let (queue, arriving) = mpsc::sync_channel::<Waiting>(QUEUE);
        thread::spawn(move || {
            let (mut forgotten, mut gather) = (None, Duration::ZERO);
            loop {
                // Once a day the ids go that nothing is refused by any more, whether or not a report comes; and of
                // a campaign that is over, the last answers are told.
                let today = clock.today();
                if forgotten != Some(today) {
                    match store.forget_reports(today).and_then(|()| store.take_last_steps(today)) {
                        Ok(()) => forgotten = Some(today),
                        Err(error) => tracing::error!(%error, "the store failed"),
                    }
                }
                match arriving.recv_timeout(NEXT_LOOK) {
                    Ok(first) => {
                        let group = gathered(first, &arriving, gather);
                        let (together, start) = (group.len() > 1, Instant::now());
                        add(&*store, group);
                        // One that comes alone is never kept waiting.
                        let longer = (start.elapsed() * GATHER).min(GATHER_LONGEST);
                        gather = if together { longer } else { Duration::ZERO };
                    }
                    Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => break,
                }
            }
        });
        Self { queue }
    }

    /// Leaves a report to the writer: the outcome comes when it is on disk, nothing if the store failed.
    /// Waits while the queue is full.
    pub(super) fn add(&self, pair: Arc<Pair>, arrived: Arrived) -> oneshot::Receiver<Option<Added>> {
        let (told, outcome) = oneshot::channel();
        // The writer lives as long as this does.
        let _ = self.queue.send(Waiting { pair, arrived, told });
        outcome
    }
}

/// What comes within a time, and then what waits; no more than the queue holds, and the first.
fn gathered(first: Waiting, arriving: &mpsc::Receiver<Waiting>, time: Duration) -> Vec<Waiting> {
    let (mut group, until) = (vec![first], Instant::now() + time);
    while group.len() <= QUEUE
        && let Ok(next) = arriving.recv_timeout(until.saturating_duration_since(Instant::now()))
    {
        group.push(next);
    }
    group
}

/// Adds what waits, in one transaction for each state of the keys: as a rule one.
fn add(store: &dyn Store, waiting: Vec<Waiting>) {
    let mut groups: Vec<(Arc<Pair>, Vec<Arrived>, Vec<Told>)> = Vec::new();
    for Waiting { pair, arrived, told } in waiting {
        if groups.last().is_none_or(|(last, ..)| !Arc::ptr_eq(last, &pair)) {
            groups.push((pair, Vec::new(), Vec::new()));
        }
        if let Some((_, reports, tellers)) = groups.last_mut() {
            reports.push(arrived);
            tellers.push(told);
        }
    }
    for (pair, reports, tellers) in groups {
        let outcomes = store.add_reports(&pair, &reports).unwrap_or_else(|error| {
            tracing::error!(%error, "the store failed");
            Vec::new()
        });
        let outcomes = outcomes.into_iter().map(Some).chain(std::iter::repeat(None));
        for (told, outcome) in tellers.into_iter().zip(outcomes) {
            // Who has gone does not hear it; the same report will be known when it comes again.
            let _ = told.send(outcome);
        }
    }
}
