//! The browser's edge: the only files that know JavaScript.
//!
//! What is handed to the page is plain data; texts are in the language that it asks for. What goes
//! wrong is an `Error` whose `name` is a stable code, for which the page has its own words.

#[cfg(feature = "shift")]
mod post;
#[cfg(feature = "shift")]
mod shift;
#[cfg(feature = "shift")]
mod storage;
mod survey;
mod world;

use serde::Serialize;

#[global_allocator]
static TALC: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

use wasm_bindgen::JsValue;

/// An error of the page: `name` is a stable code, the message is for developers.
pub(crate) fn error(name: &str, message: impl std::fmt::Display) -> js_sys::Error {
    let error = js_sys::Error::new(&message.to_string());
    error.set_name(name);
    error
}

/// Plain data for the page: objects, lists, texts, numbers, `null`.
pub(crate) fn plain(value: &impl Serialize) -> Result<JsValue, js_sys::Error> {
    value.serialize(&serde_wasm_bindgen::Serializer::json_compatible()).map_err(|it| error("Internal", it))
}
