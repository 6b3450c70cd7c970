//! What is on view: the last good form, what is wrong with the file as it stands, what is proved.

use std::{path::Path, sync::Arc, time::Duration};

use tokio::{sync::watch, time::timeout};

use super::{
    super::Failure,
    finding::Finding,
    form::{Form, Proved},
};
use crate::{collector::world::random, questionnaire::hex};

/// So long a page waits for news before it asks again: less than any limit on a request.
const PATIENCE: Duration = Duration::from_secs(25);

/// What is on view at a moment.
#[derive(Clone, Default)]
pub(super) struct Now {
    /// Counts what happened.
    count: u64,
    /// The last good form.
    pub(super) form: Option<Arc<Form>>,
    /// The good one before it: a frame may be in the middle of loading it.
    before: Option<Arc<Form>>,
    /// What is wrong with the file as it stands: then the form is an older one.
    pub(super) faults: Vec<Finding>,
    /// What is proved of the form, once it is; or why nothing could be.
    pub(super) proof: Option<Arc<Result<Proved, Box<Finding>>>>,
    /// The program is stopping.
    stopping: bool,
}

impl Now {
    /// A form that may still be asked for, by the hash that the frames know it by.
    pub(super) fn form(&self, hash: &str) -> Option<&Arc<Form>> {
        [&self.form, &self.before].into_iter().flatten().find(|form| form.hash == hash)
    }
}

/// Where what is on view is laid down and taken up.
pub(super) struct Desk {
    /// Name of the file, without its folders.
    pub(super) file: String,
    /// Tells this run of the program from others, whose counts mean nothing here.
    run: String,
    now: watch::Sender<Now>,
}

impl Desk {
    /// Nothing is on view yet.
    ///
    /// # Errors
    /// If the system has no randomness.
    pub(super) fn new(file: &Path) -> Result<Self, Failure> {
        let name = file.file_name().unwrap_or(file.as_os_str()).to_string_lossy().into_owned();
        Ok(Self { file: name, run: hex(&random::<4>()?), now: watch::Sender::new(Now::default()) })
    }

    /// Shows what came of a save, and hands back a form that is to be proved.
    pub(super) fn show(&self, read: Result<Form, Vec<Finding>>) -> Option<Arc<Form>> {
        let mut good = None;
        self.now.send_modify(|now| {
            now.count += 1;
            match read {
                Ok(form) => {
                    let form = Arc::new(form);
                    good = Some(form.clone());
                    (now.faults, now.proof) = (Vec::new(), None);
                    now.before = now.form.replace(form);
                }
                Err(faults) => now.faults = faults,
            }
        });
        good
    }

    /// Shows what is proved of a form, if that is still on view.
    pub(super) fn proved(&self, of: &Arc<Form>, proof: Result<Proved, Box<Finding>>) {
        self.now.send_modify(|now| {
            if now.form.as_ref().is_some_and(|form| Arc::ptr_eq(form, of)) {
                (now.count, now.proof) = (now.count + 1, Some(Arc::new(proof)));
            }
        });
    }

    /// What is on view now.
    pub(super) fn now(&self) -> Now {
        self.now.borrow().clone()
    }

    /// Names a moment.
    pub(super) fn tag(&self, now: &Now) -> String {
        format!("{}-{}", self.run, now.count)
    }

    /// What is on view as soon as that is other than at a moment named before, or when the patience is over. Until the
    /// file was read the first time there is nothing to tell.
    pub(super) async fn after(&self, tag: &str) -> Now {
        let mut news = self.now.subscribe();
        let other = |now: &Now| now.stopping || (now.count > 0 && self.tag(now) != tag);
        match timeout(PATIENCE, news.wait_for(other)).await {
            Ok(Ok(now)) => now.clone(),
            _ => self.now(),
        }
    }

    /// Sends everybody away who waits.
    pub(super) fn stop(&self) {
        self.now.send_modify(|now| now.stopping = true);
    }
}
