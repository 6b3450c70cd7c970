//! The device's document in the browser's storage.

use super::{
    js::{Error, error},
    storage::{full, open},
};
use crate::{
    device::{BadStep, Device},
    outbox::Storage,
};

const KEY: &str = "anxin.device";

/// Reads the document.
pub(super) fn read() -> Result<Device, Error> {
    Device::read(open()?.get(KEY).as_deref()).map_err(|it| error("StorageDamaged", it))
}

/// One step: reads the document, changes it, and writes it whole, or not at all.
pub(super) fn step<T>(change: impl FnOnce(&mut Device) -> Result<T, BadStep>) -> Result<T, Error> {
    let mut device = read()?;
    let outcome = change(&mut device).map_err(|it| error(step_name(it), it))?;
    open()?.set(KEY, &device.write()).map_err(full)?;
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
