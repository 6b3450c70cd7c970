//! The network. What is sent is made by [`crate::outgoing`] alone.

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Headers, RequestInit, Response};

use super::world;
use crate::outgoing::Request;

/// After so long without an answer a try is given up.
const TIMEOUT_MS: f64 = 30_000.0;

/// What came back.
pub(super) struct Answer {
    /// The status.
    pub(super) status: u16,
    /// The body.
    pub(super) body: Vec<u8>,
}

/// Why nothing came back: offline, nobody there, or an answer that the browser keeps from us.
pub(super) type Silence = String;

/// Sends a request, once.
pub(super) async fn send(request: &Request) -> Result<Answer, Silence> {
    let options = RequestInit::new();
    let headers = Headers::new().map_err(told)?;
    headers.set("content-type", request.media()).map_err(told)?;
    options.set_method(request.method());
    options.set_headers(&headers);
    options.set_body(&js_sys::Uint8Array::from(request.body()));
    exchange(request.url(), &options).await
}

/// Fetches something public.
pub(super) async fn get(url: &str) -> Result<Answer, Silence> {
    exchange(url, &RequestInit::new()).await
}

async fn exchange(url: &str, options: &RequestInit) -> Result<Answer, Silence> {
    let window = web_sys::window().ok_or("no window")?;
    let abort = AbortController::new().map_err(told)?;
    options.set_signal(Some(&abort.signal()));
    options.set_credentials(web_sys::RequestCredentials::Omit);
    let fetched = window.fetch_with_str_and_init(url, options);
    let give_up = wasm_bindgen::closure::Closure::once_into_js(move || abort.abort());
    world::later(give_up.unchecked_ref(), TIMEOUT_MS);
    let response: Response = JsFuture::from(fetched).await.map_err(told)?.unchecked_into();
    let body = JsFuture::from(response.array_buffer().map_err(told)?).await.map_err(told)?;
    Ok(Answer { status: response.status(), body: js_sys::Uint8Array::new(&body).to_vec() })
}

fn told(error: wasm_bindgen::JsValue) -> Silence {
    js_sys::Error::from(error).message().into()
}
