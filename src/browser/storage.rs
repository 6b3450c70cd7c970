//! The browser's storage.

use super::js::{Error, error};
use crate::outbox::{Full, Storage};

/// What the browser keeps for this site.
pub(super) struct Local(web_sys::Storage);

/// The storage, if the browser gives any.
pub(super) fn open() -> Result<Local, Error> {
    let denied = || error("StorageDenied", "the browser gives no storage");
    web_sys::window().and_then(|window| window.local_storage().ok().flatten()).map(Local).ok_or_else(denied)
}

impl Storage for Local {
    fn get(&self, key: &str) -> Option<String> {
        self.0.get_item(key).ok().flatten()
    }

    fn set(&mut self, key: &str, text: &str) -> Result<(), Full> {
        self.0.set_item(key, text).map_err(|_| Full)
    }

    fn remove(&mut self, key: &str) {
        // What cannot be removed is there again at the next sweep, or is acknowledged again.
        let _ = self.0.remove_item(key);
    }

    fn keys(&self) -> Vec<String> {
        (0..self.0.length().unwrap_or_default()).filter_map(|index| self.0.key(index).ok().flatten()).collect()
    }
}

/// What is thrown when the storage is full.
pub(super) fn full(why: Full) -> Error {
    error("StorageFull", why)
}
