//! Sealed reports that wait on the device, each under a key of its own.
//!
//! ```text
//!  phone    split ──put──▶ waiting ──acknowledged──▶ gone
//!  tablet   journal ──wait──▶ waiting ──acknowledged──▶ gone
//! ```
//!
//! What waits is posted until it is acknowledged, always the same bytes. A tablet keeps its reports in its
//! journal ([`crate::device`]) and leaves here those that go out instead of a sum.

#[cfg(feature = "split")]
mod sealed;

#[cfg(feature = "split")]
pub use self::sealed::{Outcome, Waiting, discard, find, meaning, put, tried};

/// The browser's storage: texts by key. Each call is done whole or not at all.
pub trait Storage {
    /// The text of a key.
    fn get(&self, key: &str) -> Option<String>;
    /// Writes the text of a key.
    ///
    /// # Errors
    /// If the storage takes nothing more.
    fn set(&mut self, key: &str, text: &str) -> Result<(), Full>;
    /// Removes a key.
    fn remove(&mut self, key: &str);
    /// The keys there are.
    fn keys(&self) -> Vec<String>;
}

/// The storage takes nothing more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the storage takes nothing more")]
pub struct Full;

const WAITING: &str = "anxin.report.";

/// Leaves a report to be posted, under its name.
///
/// # Errors
/// If the storage is full; nothing is written then.
pub fn wait(storage: &mut impl Storage, name: &str, text: &str) -> Result<(), Full> {
    storage.set(&key(name), text)
}

/// The names of the reports that wait.
pub fn waiting(storage: &impl Storage) -> Vec<String> {
    storage.keys().iter().filter_map(|key| Some(key.strip_prefix(WAITING)?.to_owned())).collect()
}

fn key(name: &str) -> String {
    [WAITING, name].concat()
}
