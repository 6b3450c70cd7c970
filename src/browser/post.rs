//! The one function that reaches the network. It takes only what is [`Outgoing`].

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Headers, Request, RequestInit, Response};

use super::world;
use crate::{
    device::Outcome,
    outgoing::{Acknowledgement, Outgoing, body},
};

/// After so long without an answer a try is given up.
const TIMEOUT_MS: f64 = 30_000.0;

/// Posts a batch, and tells what came of it.
pub(super) async fn post(campaign: &str, outgoing: &impl Outgoing) -> Outcome {
    match exchange(&outgoing.path(campaign), body(outgoing)).await {
        Ok((200 | 201, text)) => match serde_json::from_str::<Acknowledgement>(&text) {
            Ok(acknowledgement) => Outcome::Acknowledged(acknowledgement),
            // A captive portal, say.
            Err(_) => Outcome::Unreachable("answered, but not by the collector".into()),
        },
        Ok((status @ (400 | 404 | 409 | 410 | 413 | 422), text)) => match problem(&text) {
            Some(detail) => Outcome::Refused(detail),
            None => Outcome::Unreachable(status.to_string()),
        },
        Ok((status, _)) => Outcome::Unreachable(status.to_string()),
        Err(why) => Outcome::Unreachable(why),
    }
}

/// What a problem document of the collector says.
fn problem(text: &str) -> Option<String> {
    let problem: serde_json::Value = serde_json::from_str(text).ok()?;
    Some(format!("{}: {}", problem.get("title")?.as_str()?, problem.get("detail")?.as_str()?))
}

async fn exchange(path: &str, body: Vec<u8>) -> Result<(u16, String), String> {
    let told = |it: wasm_bindgen::JsValue| String::from(js_sys::Error::from(it).message());
    let window = web_sys::window().ok_or("no window")?;
    let headers = Headers::new().map_err(told)?;
    headers.set("content-type", "application/json").map_err(told)?;
    let abort = AbortController::new().map_err(told)?;
    let options = RequestInit::new();
    options.set_method("POST");
    options.set_headers(&headers);
    options.set_body(&js_sys::Uint8Array::from(body.as_slice()));
    options.set_signal(Some(&abort.signal()));
    options.set_credentials(web_sys::RequestCredentials::Omit);
    let request = Request::new_with_str_and_init(path, &options).map_err(told)?;
    let give_up = wasm_bindgen::closure::Closure::once_into_js(move || abort.abort());
    world::later(give_up.unchecked_ref(), TIMEOUT_MS);
    let response: Response = JsFuture::from(window.fetch_with_request(&request)).await.map_err(told)?.unchecked_into();
    let text = JsFuture::from(response.text().map_err(told)?).await.map_err(told)?;
    Ok((response.status(), text.as_string().unwrap_or_default()))
}
