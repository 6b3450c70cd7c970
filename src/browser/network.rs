//! The network. What is sent is made by [`crate::outgoing`] alone, and this is the only place that sends.

use wasm_bindgen::prelude::*;

use crate::outgoing::Request;

// Declared here rather than taken from `web-sys`: a phone pays for every byte of glue.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = fetch)]
    fn fetch(url: &str, options: &js_sys::Object) -> js_sys::Promise;
}

/// Sends a request, once; what is promised is a `Response`. The signal, if there is one, gives it up.
pub(super) fn begin(request: &Request, signal: &JsValue) -> js_sys::Promise {
    let headers = object([("content-type", request.media().into())]);
    let options = object([
        ("method", request.method().into()),
        ("headers", headers.into()),
        ("body", js_sys::Uint8Array::from(request.body()).into()),
        ("credentials", "omit".into()),
        ("signal", signal.clone()),
    ]);
    fetch(request.url(), &options)
}

fn object<const N: usize>(fields: [(&str, JsValue); N]) -> js_sys::Object {
    let object = js_sys::Object::new();
    for (name, value) in fields {
        // A plain object takes everything.
        let _ = js_sys::Reflect::set(&object, &name.into(), &value);
    }
    object
}

#[cfg(feature = "shift")]
pub(super) use wait::send;

#[cfg(feature = "shift")]
mod wait {
    use wasm_bindgen::prelude::*;
    use wasm_bindgen_futures::JsFuture;
    use web_sys::{AbortController, Response};

    use super::begin;
    use crate::{browser::world, outgoing::Request};

    /// After so long without an answer a try is given up.
    const TIMEOUT_MS: f64 = 30_000.0;

    /// Sends a request and waits: the status and the body, or why nothing came back.
    pub(in crate::browser) async fn send(request: &Request) -> Result<(u16, Vec<u8>), String> {
        let abort = AbortController::new().map_err(told)?;
        let answer = begin(request, &abort.signal());
        let give_up = wasm_bindgen::closure::Closure::once_into_js(move || abort.abort());
        world::later(give_up.unchecked_ref(), TIMEOUT_MS);
        let response: Response = JsFuture::from(answer).await.map_err(told)?.unchecked_into();
        let body = JsFuture::from(response.array_buffer().map_err(told)?).await.map_err(told)?;
        Ok((response.status(), js_sys::Uint8Array::new(&body).to_vec()))
    }

    fn told(error: JsValue) -> String {
        js_sys::Error::from(error).message().into()
    }
}
