//! A poster's code in the browser: found in a picture, and checked with the campaign's key.

use anxin::{
    browser::{read_qr, verify_place},
    place::Place,
    questionnaire::hex,
};
use ed25519_dalek::SigningKey;
use qrcode::{Color, EcLevel, QrCode};
use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{edge::name, shift};

/// The campaign of the shift's tests, with a key.
fn campaign() -> String {
    let mut campaign: Value = serde_json::from_str(&shift::campaign()).unwrap();
    campaign["signer"] = json!(hex(key(1).verifying_key().as_bytes()));
    campaign.to_string()
}

fn key(byte: u8) -> SigningKey {
    SigningKey::from_bytes(&[byte; 32])
}

fn link(campaign: &str, area: &str, until: &str, by: u8) -> String {
    let place = Place { campaign: campaign.into(), area: area.parse().unwrap(), until: until.parse().unwrap() };
    place.link("https://anxin.example.org", &key(by))
}

/// A picture of a code: dots a module, and how dark it is.
fn picture(text: &str, dots: usize, (dark, light): (u8, u8)) -> (Vec<u8>, u32) {
    let code = QrCode::with_error_correction_level(text, EcLevel::Q).unwrap();
    let (width, colours) = (code.width(), code.to_colors());
    let side = (width + 8) * dots;
    let shade = |at: usize| {
        let (x, y) = ((at % side / dots).wrapping_sub(4), (at / side / dots).wrapping_sub(4));
        if x < width && y < width && colours[y * width + x] == Color::Dark { dark } else { light }
    };
    ((0..side * side).map(shade).collect(), side as u32)
}

#[wasm_bindgen_test]
fn a_code_is_found_in_a_picture() {
    let link = link("one", "330602", "9999-12-31", 1);
    for (dots, shades) in [(3, (0, 255)), (5, (60, 140)), (11, (30, 250))] {
        let (mut grey, side) = picture(&link, dots, shades);
        assert_eq!(read_qr(&grey, side, side).as_ref(), Some(&link), "{dots} {shades:?}");
        // Torn at one side, where no mark is to be found by.
        let torn = side as usize / 12;
        for row in grey.chunks_mut(side as usize).skip(side as usize / 2).take(torn) {
            row[side as usize - torn..].fill(shades.1);
        }
        assert_eq!(read_qr(&grey, side, side).as_ref(), Some(&link), "{dots} {shades:?}, torn");
    }
}

#[wasm_bindgen_test]
fn a_picture_without_a_code_holds_none() {
    assert_eq!(read_qr(&[200; 640 * 480], 640, 480), None);
    let noise: Vec<u8> = (0..640_u32 * 480).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    assert_eq!(read_qr(&noise, 640, 480), None);
    for (bytes, width, height) in
        [(0, 0, 0), (10, 0, 10), (10, 10, 0), (10, 10, 10), (1, 1, 1), (10, 10, 1), (7, u32::MAX, u32::MAX)]
    {
        assert_eq!(read_qr(&vec![0; bytes], width, height), None, "{width} × {height}");
    }
    let (grey, side) = picture("x", 4, (0, 255));
    assert_eq!(read_qr(&grey[..grey.len() / 2], side, side / 2), None, "half of one");
}

#[wasm_bindgen_test]
fn what_a_code_says_is_checked_and_each_fault_has_its_name() {
    let campaign = campaign();
    let told = |text: &str| name(verify_place(&campaign, text));
    let good = link("one", "330602", "9999-12-31", 1);
    assert_eq!(verify_place(&campaign, &good).ok().as_deref(), Some("330602"));
    assert_eq!(verify_place(&campaign, good.split("p=").nth(1).unwrap()).ok().as_deref(), Some("330602"));
    assert_eq!(told("https://example.org/"), "NoPlace");
    assert_eq!(told(&good[..good.len() - 1]), "NoPlace");
    assert_eq!(told(&link("one", "330602", "9999-12-31", 2)), "ForgedPlace");
    assert_eq!(told(&good.replace("p=330602", "p=330603")), "ForgedPlace");
    assert_eq!(told(&link("two", "330602", "9999-12-31", 1)), "OtherCampaign");
    assert_eq!(told(&link("one", "330602", "2000-12-31", 1)), "ExpiredPlace");
    assert_eq!(told(&link("one", "330699", "9999-12-31", 1)), "WrongArea");
    assert_eq!(name(verify_place(&shift::campaign(), &good)), "NoSigner");
    assert_eq!(name(verify_place("{}", &good)), "FaultyCampaign");
}
