//! The code on a poster, as a volunteer's tablet reads it. A module of its own, loaded when a code is scanned.

use wasm_bindgen::prelude::*;

use super::{
    js::{Error, error},
    world,
};
use crate::{
    campaign::Campaign,
    place::{BadPlace, Place},
};

/// What the first QR code in a picture says, in shades of grey, a byte a pixel, line by line; nothing if there is
/// none that can be read.
#[wasm_bindgen]
pub fn read_qr(grey: &[u8], width: u32, height: u32) -> Option<String> {
    let (width, height) = (width as usize, height as usize);
    if width == 0 || height == 0 || grey.len() != width.checked_mul(height)? {
        return None;
    }
    let mut picture = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| grey[y * width + x]);
    picture.detect_grids().iter().find_map(|grid| grid.decode().ok()).map(|(_, text)| text)
}

/// Checks what a code says, an address or its payload alone, without a network: the area to which it leads.
///
/// Throws `FaultyCampaign`, and of the code `NoPlace`, `OtherCampaign`, `NoSigner`, `ForgedPlace`, `ExpiredPlace`
/// or `WrongArea`.
#[wasm_bindgen]
pub fn verify_place(campaign_json: &str, text: &str) -> Result<String, Error> {
    let campaign: Campaign = serde_json::from_str(campaign_json).map_err(|it| error("FaultyCampaign", it))?;
    let place = Place::verify(&campaign, text, world::today()?).map_err(|bad| error(name(bad), bad))?;
    Ok(place.area.into())
}

/// The stable code of what is wrong.
fn name(bad: BadPlace) -> &'static str {
    match bad {
        BadPlace::Unreadable => "NoPlace",
        BadPlace::OtherCampaign => "OtherCampaign",
        BadPlace::NoKey => "NoSigner",
        BadPlace::Forged => "ForgedPlace",
        BadPlace::Expired { .. } => "ExpiredPlace",
        BadPlace::Area => "WrongArea",
    }
}
