//! The browser's edge: the only files that know JavaScript.
//!
//! What is handed to the page is plain data; texts are in the language that it asks for. What goes
//! wrong is an `Error` whose `name` is a stable code, for which the page has its own words.

#[cfg(feature = "shift")]
mod journal;
mod js;
#[cfg(any(feature = "shift", feature = "split"))]
mod network;
#[cfg(feature = "shift")]
mod post;
#[cfg(feature = "split")]
mod sealer;
#[cfg(feature = "shift")]
mod shift;
#[cfg(any(feature = "shift", feature = "split"))]
mod storage;
#[cfg(feature = "survey")]
mod survey;
mod world;

pub use self::js::Error;
#[cfg(feature = "split")]
pub use self::sealer::{Depositor, Outbox, Sealer};
#[cfg(feature = "survey")]
pub use self::survey::{Sealing, Survey};
#[cfg(feature = "shift")]
pub use self::{journal::Journal, shift::Shift};

/// Two kilobytes less on the wire than the allocator of the standard library.
#[global_allocator]
static TALC: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();
