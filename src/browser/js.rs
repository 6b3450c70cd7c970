//! What is asked of JavaScript itself. Declared here rather than taken from `js-sys`, the whole of which
//! would be loaded by every phone for the sake of three classes.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// An error of the page: its `name` is a stable code, its message is for developers.
    pub type Error;
    #[wasm_bindgen(constructor)]
    fn new(message: &str) -> Error;
    #[wasm_bindgen(method, setter)]
    fn set_name(this: &Error, name: &str);
}

/// What tells the time, for whom the time matters.
#[cfg(any(feature = "survey", feature = "seal", feature = "place"))]
#[wasm_bindgen]
extern "C" {
    /// A moment, in the time of the device.
    pub(super) type Date;
    #[wasm_bindgen(constructor)]
    pub(super) fn now() -> Date;
    #[wasm_bindgen(method, js_name = getFullYear)]
    pub(super) fn year(this: &Date) -> u16;
    /// From 0.
    #[wasm_bindgen(method, js_name = getMonth)]
    pub(super) fn month(this: &Date) -> u8;
    #[wasm_bindgen(method, js_name = getDate)]
    pub(super) fn day(this: &Date) -> u8;
    /// From 0 to 23.
    #[cfg(feature = "shift")]
    #[wasm_bindgen(method, js_name = getHours)]
    pub(super) fn hour(this: &Date) -> u32;
}

/// An error of the page.
pub(super) fn error(name: &str, message: impl ToString) -> Error {
    let error = Error::new(&message.to_string());
    error.set_name(name);
    error
}

#[cfg(feature = "survey")]
pub(super) use data::given;
#[cfg(any(feature = "survey", feature = "figures"))]
pub(super) use data::plain;

#[cfg(any(feature = "survey", feature = "figures"))]
mod data {
    use serde::Serialize;
    use wasm_bindgen::prelude::*;

    #[wasm_bindgen]
    extern "C" {
        #[wasm_bindgen(js_namespace = JSON, js_name = parse)]
        fn from_json(text: &str) -> JsValue;
        #[cfg(feature = "survey")]
        #[wasm_bindgen(catch, js_namespace = JSON, js_name = stringify)]
        fn to_json(value: &JsValue) -> Result<Option<String>, JsValue>;
    }

    /// Plain data for the page.
    pub(in crate::browser) fn plain(value: &impl Serialize) -> JsValue {
        // Nothing that is handed over can fail to be written: names are texts, and there are no maps.
        from_json(&serde_json::to_string(value).unwrap_or_default())
    }

    /// Plain data from the page, as JSON; what is no data is `null`.
    #[cfg(feature = "survey")]
    pub(in crate::browser) fn given(value: &JsValue) -> String {
        to_json(value).ok().flatten().unwrap_or_else(|| "null".into())
    }
}
