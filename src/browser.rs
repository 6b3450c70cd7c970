//! The browser's edge: the only files that know JavaScript.
//!
//! What is handed to the page is plain data; texts are in the language that it asks for. What goes
//! wrong is an `Error` whose `name` is a stable code, for which the page has its own words.

#[cfg(feature = "figures")]
mod figures;
#[cfg(feature = "shift")]
mod journal;
mod js;
#[cfg(any(feature = "shift", feature = "seal"))]
mod network;
#[cfg(feature = "place")]
mod place;
#[cfg(feature = "shift")]
mod post;
#[cfg(feature = "seal")]
mod sealer;
#[cfg(feature = "shift")]
mod shift;
#[cfg(any(feature = "shift", feature = "seal"))]
mod storage;
#[cfg(feature = "survey")]
mod survey;
#[cfg(any(feature = "survey", feature = "seal", feature = "place"))]
mod world;

#[cfg(feature = "figures")]
pub use self::figures::{associate, compare};
pub use self::js::Error;
#[cfg(feature = "place")]
pub use self::place::{read_qr, verify_place};
#[cfg(feature = "seal")]
pub use self::sealer::{Outbox, Sealer};
#[cfg(feature = "survey")]
pub use self::survey::{Sealing, Survey};
#[cfg(feature = "shift")]
pub use self::{journal::Journal, shift::Shift};

/// What is given back is wiped: nothing that a respondent answered stays in the module's memory once it is
/// forgotten. The allocator within is two kilobytes less on the wire than that of the standard library.
#[global_allocator]
static WIPED: zeroizing_alloc::ZeroAlloc<talc::wasm::WasmDynamicTalc> =
    zeroizing_alloc::ZeroAlloc(talc::wasm::new_wasm_dynamic_allocator());
