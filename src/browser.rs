//! The browser's edge: the only files that know JavaScript.
//!
//! What is handed to the page is plain data; texts are in the language that it asks for. What goes
//! wrong is an `Error` whose `name` is a stable code, for which the page has its own words.

mod js;
#[cfg(feature = "shift")]
mod post;
#[cfg(feature = "shift")]
mod shift;
#[cfg(feature = "shift")]
mod storage;
mod survey;
mod world;

#[cfg(feature = "shift")]
pub use self::shift::Shift;
pub use self::{js::Error, survey::Survey};

/// Two kilobytes less on the wire than the allocator of the standard library.
#[global_allocator]
static TALC: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();
