//! Sealed reports that wait on the device, each under a key of its own.
//!
//! ```text
//!  phone    split ──put──▶ waiting ──acknowledged──▶ gone
//!
//!  tablet   split ──hold──▶ held ──release──▶ waiting ──acknowledged──▶ gone
//!                             └──swept, once no tally or batch names it──▶ gone
//! ```
//!
//! What waits is posted until it is acknowledged, always the same bytes. What is held is posted by nobody:
//! it lies beside the tablet's tally, which already counts its respondent ([`crate::device`]).

#[cfg(feature = "split")]
mod sealed;

#[cfg(feature = "split")]
pub use self::sealed::{Outcome, Waiting, discard, find, hold, meaning, put, tried};

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
const HELD: &str = "anxin.held.";

/// A report that was held goes out instead of its tally. To be called again after a crash: it ends the same.
///
/// # Errors
/// If the storage is full; the report is then still held.
pub fn release(storage: &mut impl Storage, name: &str) -> Result<(), Full> {
    if let Some(text) = storage.get(&key(HELD, name)) {
        storage.set(&key(WAITING, name), &text)?;
        storage.remove(&key(HELD, name));
    }
    Ok(())
}

/// Drops the reports that are held for nothing any more.
pub fn sweep(storage: &mut impl Storage, keep: impl Fn(&str) -> bool) {
    for stored in storage.keys() {
        if stored.strip_prefix(HELD).is_some_and(|name| !keep(name)) {
            storage.remove(&stored);
        }
    }
}

/// The names of the reports that wait.
pub fn waiting(storage: &impl Storage) -> Vec<String> {
    storage.keys().iter().filter_map(|key| Some(key.strip_prefix(WAITING)?.to_owned())).collect()
}

fn key(prefix: &str, name: &str) -> String {
    [prefix, name].concat()
}
