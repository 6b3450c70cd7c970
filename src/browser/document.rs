//! The device's document in the browser's storage: what goes wrong, in the page's names.

use super::{
    js::{Error, error},
    storage::{Local, open},
};
use crate::device::{
    BadStep, Device,
    kept::{self, NotKept},
};

/// Reads the document.
pub(super) fn read() -> Result<Device, Error> {
    kept::read(&open()?).map_err(named)
}

/// One step of the document alone.
pub(super) fn step<T>(change: impl FnOnce(&mut Device) -> Result<T, BadStep>) -> Result<T, Error> {
    with(|storage| kept::step(storage, change))
}

/// Steps that write more than the document.
pub(super) fn with<T>(steps: impl FnOnce(&mut Local) -> Result<T, NotKept>) -> Result<T, Error> {
    steps(&mut open()?).map_err(named)
}

fn named(why: NotKept) -> Error {
    let name = match why {
        NotKept::Damaged(_) | NotKept::Step(BadStep::Version) => "StorageDamaged",
        NotKept::Full(_) => "StorageFull",
        NotKept::Step(BadStep::NoShift) => "NoShift",
        NotKept::Step(BadStep::ShiftOn) => "ShiftOn",
        NotKept::Step(BadStep::Area) => "WrongArea",
        NotKept::Step(BadStep::Closed) => "Closed",
        NotKept::Step(BadStep::Pin) => "BadPin",
    };
    error(name, why)
}
