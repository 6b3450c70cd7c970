//! The device's document in the browser's storage.

use web_sys::Storage;

use super::js::{Error, error};
use crate::device::{BadStep, Device};

const KEY: &str = "anxin.device";

fn storage() -> Result<Storage, Error> {
    let denied = || error("StorageDenied", "the browser gives no storage");
    web_sys::window().and_then(|window| window.local_storage().ok().flatten()).ok_or_else(denied)
}

/// Reads the document.
pub(super) fn read() -> Result<Device, Error> {
    let document = storage()?.get_item(KEY).map_err(|_| error("StorageDenied", "the storage cannot be read"))?;
    Device::read(document.as_deref()).map_err(|it| error("StorageDamaged", it))
}

/// One step: reads the document, changes it, and writes it whole, or not at all.
pub(super) fn step<T>(change: impl FnOnce(&mut Device) -> Result<T, BadStep>) -> Result<T, Error> {
    let mut device = read()?;
    let outcome = change(&mut device).map_err(|it| error(step_name(it), it))?;
    storage()?.set_item(KEY, &device.write()).map_err(|_| error("StorageFull", "the storage takes nothing more"))?;
    Ok(outcome)
}

fn step_name(step: BadStep) -> &'static str {
    match step {
        BadStep::NoShift => "NoShift",
        BadStep::ShiftOn => "ShiftOn",
        BadStep::Area => "WrongArea",
        BadStep::Closed => "Closed",
        BadStep::Pin => "BadPin",
        BadStep::Version => "StorageDamaged",
    }
}
