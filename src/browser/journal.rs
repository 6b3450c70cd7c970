//! The tablet's journal: what is in the browser's database, and what it adds up to here.

use std::{cell::RefCell, collections::BTreeSet};

use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::js::{Error, error, given, plain};
use crate::device::{BadStep, Device, Entry};

#[wasm_bindgen]
extern "C" {
    /// The database, which the page opens: `www/journal.js`. What goes there is masked, sealed or counted.
    #[wasm_bindgen(typescript_type = "typeof import('../journal.js').journal")]
    #[derive(Clone)]
    pub type Journal;
    #[wasm_bindgen(method, catch)]
    async fn load(this: &Journal) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    async fn commit(this: &Journal, after: f64, step: JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    async fn report(this: &Journal, name: &str) -> Result<JsValue, JsValue>;
}

/// After so many entries the whole state is written, and they go: opening stays quick, and a step small.
const WHOLE_EVERY: u64 = 16;

/// So often a step is tried again because another one came first.
const TRIES: usize = 20;

thread_local! {
    static OPEN: RefCell<Option<(Journal, Device)>> = const { RefCell::new(None) };
}

/// What one transaction writes.
#[derive(Serialize)]
struct Step<'a> {
    entry: String,
    whole: Option<String>,
    hold: Option<(&'a str, &'a str)>,
    drop: Vec<String>,
}

/// Reads the journal.
pub(super) async fn open(journal: Journal) -> Result<(), JsValue> {
    let device = read(&journal).await?;
    OPEN.set(Some((journal, device)));
    Ok(())
}

/// Reads again what another tab may have written.
pub(super) async fn refresh() -> Result<(), JsValue> {
    let device = read(&opened()?).await?;
    renew(device);
    Ok(())
}

async fn read(journal: &Journal) -> Result<Device, JsValue> {
    let (head, whole, entries): (u64, Option<String>, Vec<String>) =
        serde_json::from_str(&given(&journal.load().await?)).map_err(|it| error("StorageDamaged", it))?;
    let device = Device::read(whole.as_deref(), &entries).map_err(|it| error("StorageDamaged", it))?;
    if device.seq() == head {
        Ok(device)
    } else {
        Err(error("StorageDamaged", format!("{head} entries, {} of them there", device.seq())).into())
    }
}

/// Looks at the tablet.
pub(super) fn look<T>(at: impl FnOnce(&Device) -> T) -> Result<T, Error> {
    OPEN.with_borrow(|open| open.as_ref().map(|(_, device)| at(device))).ok_or_else(closed)
}

/// Takes a step: in the journal first, then here. Another step may come first, in this tab or another one; then
/// it is asked for again, of the tablet as it is then. `held` is a report that belongs to it: name and text.
pub(super) async fn step(
    held: Option<(&str, &str)>,
    mut next: impl FnMut(&Device) -> Result<Option<Entry>, BadStep>,
) -> Result<bool, JsValue> {
    let journal = opened()?;
    for _ in 0..TRIES {
        let Some(entry) = look(&mut next)?.map_err(named)? else { return Ok(false) };
        let (before, mut device) = look(|device| (device.seq(), device.clone()))?;
        device.apply(&entry);
        let whole = (device.seq() % WHOLE_EVERY == 0).then(|| device.write());
        let drop = if entry.lets_go() { look(|before| needless(before, &device))? } else { Vec::new() };
        let step = Step { entry: serde_json::to_string(&entry).unwrap_or_default(), whole, hold: held, drop };
        if journal.commit(before as f64, plain(&step)).await?.is_truthy() {
            renew(device);
            return Ok(true);
        }
        refresh().await?;
    }
    Err(error("StorageBusy", "other steps came first, again and again").into())
}

/// A sealed report that is held.
pub(super) async fn report(name: &str) -> Result<Option<String>, JsValue> {
    Ok(opened()?.report(name).await?.as_string())
}

/// Reports that nothing names any more.
fn needless(before: &Device, after: &Device) -> Vec<String> {
    let needed: BTreeSet<_> = after.held().collect();
    before.held().filter(|name| !needed.contains(name)).cloned().collect()
}

/// The later one stands: a step that was taken meanwhile is in it.
fn renew(device: Device) {
    OPEN.with_borrow_mut(|open| {
        if let Some((_, old)) = open.as_mut().filter(|(_, old)| old.seq() < device.seq()) {
            *old = device;
        }
    });
}

fn opened() -> Result<Journal, Error> {
    OPEN.with_borrow(|open| open.as_ref().map(|(journal, _)| journal.clone())).ok_or_else(closed)
}

fn closed() -> Error {
    error("StorageDenied", "the journal is not open")
}

/// A step that cannot be taken, in the page's names.
pub(super) fn named(why: BadStep) -> Error {
    let name = match why {
        BadStep::NoShift => "NoShift",
        BadStep::ShiftOn => "ShiftOn",
        BadStep::Shifts => "TooManyShifts",
        BadStep::Area => "WrongArea",
        BadStep::Closed => "Closed",
        BadStep::Pin => "BadPin",
        BadStep::Hand => "OtherHands",
        BadStep::Visit => "WrongVisit",
        BadStep::Nothing => "NothingToUndo",
        BadStep::Adults => "WrongAdults",
        BadStep::Questionnaire => "WrongHash",
    };
    error(name, why)
}
