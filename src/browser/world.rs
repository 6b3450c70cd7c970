//! The one place where time and randomness come in.

use super::js::{Date, Error, error};
use crate::day::Day;
#[cfg(feature = "shift")]
use crate::{device::When, fieldwork::DayPart};

/// Today, where the device is.
pub(super) fn today() -> Result<Day, Error> {
    day(&Date::now())
}

/// Today, and what part of it.
#[cfg(feature = "shift")]
pub(super) fn now() -> Result<When, Error> {
    let now = Date::now();
    Ok(When { day: day(&now)?, part: DayPart::of_hour(now.hour()) })
}

fn day(now: &Date) -> Result<Day, Error> {
    Day::new(now.year(), now.month() + 1, now.day()).map_err(|it| error("Clock", it))
}

/// Random bytes from the browser.
pub(super) fn random<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|it| error("Randomness", it))?;
    Ok(bytes)
}

#[cfg(feature = "shift")]
pub(super) use timer::{later, pause};

#[cfg(feature = "shift")]
mod timer {
    use wasm_bindgen::prelude::*;

    #[wasm_bindgen]
    extern "C" {
        #[wasm_bindgen(js_name = setTimeout)]
        fn set_timeout(then: &js_sys::Function, milliseconds: f64) -> JsValue;
    }

    /// Lets some time pass.
    pub(in crate::browser) async fn pause(milliseconds: f64) {
        let mut start = |resolve: js_sys::Function, _| later(&resolve, milliseconds);
        // A timer has nothing to fail with.
        let _ = wasm_bindgen_futures::JsFuture::from(js_sys::Promise::new(&mut start)).await;
    }

    /// Calls back after some time.
    pub(in crate::browser) fn later(then: &js_sys::Function, milliseconds: f64) {
        set_timeout(then, milliseconds);
    }
}
