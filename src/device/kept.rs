//! The device's document and its reports in the browser's storage: the writes, in their order.

use super::{BadStep, Device};
use crate::{
    campaign::Campaign,
    outbox::{self, Full, Storage},
};

const KEY: &str = "anxin.device";

/// Why a step did not happen. What was stored before is still there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotKept {
    /// The document is damaged or from the future; it is left as it is.
    #[error("{0}")]
    Damaged(String),
    /// The step itself cannot be taken.
    #[error(transparent)]
    Step(#[from] BadStep),
    /// There is no room.
    #[error(transparent)]
    Full(#[from] Full),
}

/// Reads the document.
///
/// # Errors
/// If it is damaged.
pub fn read(storage: &impl Storage) -> Result<Device, NotKept> {
    Device::read(storage.get(KEY).as_deref()).map_err(NotKept::Damaged)
}

/// One step: reads the document, changes it, and writes it whole, or not at all.
///
/// # Errors
/// If it is damaged, the step cannot be taken or there is no room.
pub fn step<T>(
    storage: &mut impl Storage,
    change: impl FnOnce(&mut Device) -> Result<T, BadStep>,
) -> Result<T, NotKept> {
    let mut device = read(storage)?;
    let outcome = change(&mut device)?;
    storage.set(KEY, &device.write())?;
    Ok(outcome)
}

/// Lets reports go out instead of sums: see [`Device::release`].
///
/// # Errors
/// What was not released is still a sum; what was released goes out at the next [`settle`].
pub fn release(storage: &mut impl Storage, campaign: &Campaign) -> Result<(), NotKept> {
    step(storage, |device| device.release(campaign))?;
    settle(storage)
}

/// Ends what was begun when the device was cut off, and drops what is held for nothing any more. To be
/// called when the page opens and after every step that lets a sum go.
///
/// # Errors
/// It is then to be called again; nothing is lost.
pub fn settle(storage: &mut impl Storage) -> Result<(), NotKept> {
    let device = read(storage)?;
    for name in device.released() {
        outbox::release(storage, name)?;
    }
    if !device.released().is_empty() {
        step(storage, |device| {
            device.released_all();
            Ok(())
        })?;
    }
    let device = read(storage)?;
    outbox::sweep(storage, |name| device.holds(name));
    Ok(())
}
