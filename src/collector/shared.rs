//! What every request works with: the store, the day, and the questionnaires read so far.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    sync::{Arc, Mutex, OnceLock, PoisonError, mpsc},
    thread,
    time::Duration,
};

use janus_messages::TaskId;
use tokio::sync::Semaphore;

use super::{
    aggregators::{Intake, KeyFiles},
    content::compressed,
    problem::{self, Problem},
    store::{Known, Store, StoreError},
    world::Clock,
};
use crate::{campaign::Campaign, questionnaire::Questionnaire, split::Task};

/// So many requests work at a time; the others wait their turn.
const AT_WORK: usize = 8;

/// So long a view waits for what is being decided.
const PATIENCE: Duration = Duration::from_secs(2);

/// A questionnaire that is fielded.
pub(super) struct Fielded {
    /// Its file.
    pub(super) bytes: Vec<u8>,
    /// What it says.
    pub(super) questionnaire: Questionnaire,
    brotli: OnceLock<Vec<u8>>,
}

impl Fielded {
    /// Its file in brotli at the highest quality: phones wait for it, and it never changes.
    pub(super) fn brotli(&self) -> &[u8] {
        self.brotli.get_or_init(|| compressed(&self.bytes, 11))
    }
}

/// What every request works with.
pub(super) struct Shared {
    /// What is kept.
    pub(super) store: Arc<dyn Store>,
    /// The embedded aggregators' keys.
    pub(super) keys: KeyFiles,
    /// Where verified reports are added.
    pub(super) intake: Intake,
    /// The day.
    pub(super) clock: Clock,
    /// The public half of the key that signs posters.
    pub(super) signer: String,
    /// What reports are printed with, instead of the machine's fonts.
    pub(super) font: Option<PathBuf>,
    /// By hash: no more than are fielded.
    fielded: Mutex<BTreeMap<String, Arc<Fielded>>>,
    /// By id: no more than are fielded.
    tasks: Mutex<BTreeMap<[u8; 32], Arc<Known>>>,
    room: Arc<Semaphore>,
    /// The campaigns of which it is being decided what is told, by id.
    deciding: Arc<Mutex<BTreeSet<String>>>,
}

/// A campaign is no longer among those that are being decided on when this goes, however the decision ended.
struct Deciding {
    id: String,
    among: Arc<Mutex<BTreeSet<String>>>,
}

impl Drop for Deciding {
    fn drop(&mut self) {
        self.among.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.id);
    }
}

impl Shared {
    /// Nothing read so far.
    pub(super) fn new(store: impl Store + 'static, keys: KeyFiles, signer: String, clock: Clock) -> Self {
        let (store, room): (Arc<dyn Store>, _) = (Arc::new(store), Arc::new(Semaphore::new(AT_WORK)));
        let intake = Intake::new(store.clone(), clock);
        let (fielded, tasks, deciding) = (Mutex::default(), Mutex::default(), Arc::default());
        Self { store, keys, intake, clock, signer, font: None, fielded, tasks, room, deciding }
    }

    /// Prints with a font of one's own.
    #[must_use]
    pub(super) fn printing_with(self, font: Option<PathBuf>) -> Self {
        Self { font, ..self }
    }

    /// Does work that waits for the disk or takes its time, beside the threads that serve.
    pub(super) async fn work<T: Send + 'static>(
        self: Arc<Self>,
        work: impl FnOnce(&Self) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let place = self.room.clone().acquire_owned().await.map_err(StoreError::from)?;
        // The place is kept until the work is done, though the asker may have gone.
        let task = tokio::task::spawn_blocking(move || {
            let _place = place;
            work(&self)
        });
        task.await.map_err(StoreError::from)?
    }

    /// A campaign by its id.
    pub(super) fn campaign(&self, id: &str) -> Result<Arc<Campaign>, Problem> {
        let unknown = || Problem::new(problem::UNKNOWN_CAMPAIGN, "");
        self.store.campaign(id)?.ok_or_else(unknown)
    }

    /// Sees to it that what is told of a campaign is decided. Who asks first waits for it a while; the others, and those
    /// who come later where there are many areas, are shown what was told before.
    pub(super) fn decide(&self, campaign: &Arc<Campaign>, fielded: &Arc<Fielded>) -> Result<(), Problem> {
        let begin = || self.deciding.lock().unwrap_or_else(PoisonError::into_inner).insert(campaign.id.clone());
        if !self.store.undecided(campaign)? || !begin() {
            return Ok(());
        }
        let (deciding, store) =
            (Deciding { id: campaign.id.clone(), among: self.deciding.clone() }, self.store.clone());
        let (campaign, fielded) = (campaign.clone(), fielded.clone());
        let (done, wait) = mpsc::channel::<()>();
        thread::spawn(move || {
            let (_done, _deciding) = (done, deciding);
            if let Err(error) = store.decide(&campaign, &fielded.questionnaire) {
                tracing::error!(%error, "the store failed");
            }
        });
        // Nothing is ever sent: the other end goes when it is done.
        let _ = wait.recv_timeout(PATIENCE);
        Ok(())
    }

    /// A DAP task by its id. A campaign's areas and questionnaire do not change once it is fielded.
    pub(super) fn task(&self, id: &TaskId) -> Result<Option<Arc<Known>>, Problem> {
        let tasks = || self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = tasks().get(id.as_ref()) {
            return Ok(Some(known.clone()));
        }
        let Some((campaign, area)) = self.store.task(id.as_ref())? else { return Ok(None) };
        let campaign = self.campaign(&campaign)?;
        let fielded = self.fielded(&campaign.questionnaire)?;
        let task = Task::of(&campaign, &area, fielded.questionnaire.layout.len());
        let known = Arc::new(Known { task, campaign, area, fielded });
        tasks().insert(*id.as_ref(), known.clone());
        Ok(Some(known))
    }

    /// A questionnaire by its hash.
    pub(super) fn fielded(&self, hash: &str) -> Result<Arc<Fielded>, Problem> {
        let read = || self.fielded.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(fielded) = read().get(hash) {
            return Ok(fielded.clone());
        }
        let unknown = || Problem::new(problem::UNKNOWN_QUESTIONNAIRE, "");
        let bytes = self.store.questionnaire(hash)?.ok_or_else(unknown)?;
        let questionnaire = Questionnaire::parse(&bytes).map_err(StoreError::from)?;
        let fielded = Arc::new(Fielded { bytes, questionnaire, brotli: OnceLock::new() });
        read().insert(hash.to_owned(), fielded.clone());
        Ok(fielded)
    }
}
