//! A place is believed as it was signed, and in no other way.

use anxin::{
    campaign::Campaign,
    day::Day,
    place::{BadPlace, Place},
    questionnaire::hex,
};
use ed25519_dalek::SigningKey;
use proptest::prelude::*;
use serde_json::Value;

use crate::area::{code, codes, json_of};

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn keys() -> impl Strategy<Value = SigningKey> {
    any::<[u8; 32]>().prop_map(|secret| SigningKey::from_bytes(&secret))
}

fn days() -> impl Strategy<Value = Day> {
    (1_u16..=9999, 1_u8..=12, 1_u8..=28).prop_map(|(year, month, day)| Day::new(year, month, day).unwrap())
}

fn campaign(areas: &[&str], key: &SigningKey) -> Campaign {
    let campaign = serde_json::from_value(json_of(areas, &[])).unwrap();
    Campaign { signer: Some(hex(key.verifying_key().as_bytes())), ..campaign }
}

proptest! {
    #[test]
    fn what_was_signed_is_believed(area in codes(), key in keys(), until in days()) {
        let campaign = campaign(&[area.as_str()], &key);
        let place = Place { campaign: campaign.id.clone(), area, until };
        let link = place.link("https://anxin.example.org", &key);
        for text in [place.sign(&key), link.clone(), format!("{link}\n"), link.replace("/drawn?p=", "/drawn/shift?x=1&p=")] {
            prop_assert_eq!(Place::verify(&campaign, &text, until), Ok(place.clone()));
        }
    }

    #[test]
    fn no_digit_can_be_another(area in "[0-9]{1,15}", key in keys(), at in any::<prop::sample::Index>(), by in 1_u8..10) {
        let campaign = campaign(&[&area], &key);
        let payload = Place { campaign: campaign.id.clone(), area: code(&area), until: day("2026-12-31") }.sign(&key);
        let mut bytes = payload.into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = b'0' + (bytes[at] - b'0' + by) % 10;
        let told = Place::verify(&campaign, std::str::from_utf8(&bytes).unwrap(), day("2026-12-01"));
        prop_assert!(matches!(told, Err(BadPlace::Forged | BadPlace::Unreadable)), "{:?}", told);
    }

    #[test]
    fn no_piece_or_neighbour_of_a_code_is_one(area in "[0-9]{1,15}", key in keys(), at in any::<prop::sample::Index>(), digit in "[0-9]") {
        let campaign = campaign(&[&area], &key);
        let payload = Place { campaign: campaign.id.clone(), area: code(&area), until: day("2026-12-31") }.sign(&key);
        let at = at.index(payload.len());
        for other in [payload[at + 1..].to_owned(), payload[..at].to_owned(), format!("{}{digit}{}", &payload[..at], &payload[at..])] {
            let told = Place::verify(&campaign, &other, day("2026-12-01"));
            prop_assert!(matches!(told, Err(BadPlace::Forged | BadPlace::Unreadable)), "{}: {:?}", other, told);
        }
    }

    #[test]
    fn nothing_makes_reading_fail_otherwise(text in "\\PC*", digits in "[0-9]{150,200}") {
        let campaign = campaign(&["330602"], &SigningKey::from_bytes(&[1; 32]));
        prop_assert!(Place::verify(&campaign, &text, day("2026-12-01")).is_err());
        prop_assert!(Place::verify(&campaign, &digits, day("2026-12-01")).is_err());
    }

    #[test]
    fn another_key_or_campaign_is_told(key in keys(), other in keys()) {
        prop_assume!(key.to_bytes() != other.to_bytes());
        let here = campaign(&["330602"], &key);
        let place = |id: &str| Place { campaign: id.to_owned(), area: code("330602"), until: day("2026-12-31") };
        let told = |text: &str, campaign: &Campaign| Place::verify(campaign, text, day("2026-12-01"));
        prop_assert_eq!(told(&place("drawn").sign(&other), &here), Err(BadPlace::Forged));
        prop_assert_eq!(told(&place("other").sign(&key), &here), Err(BadPlace::Forged));
        prop_assert_eq!(told(&place("other").link("https://x.example", &key), &here), Err(BadPlace::OtherCampaign));
        for signer in [None, Some(""), Some("00"), Some("zz")] {
            let here = Campaign { signer: signer.map(str::to_owned), ..here.clone() };
            prop_assert_eq!(told(&place("drawn").sign(&key), &here), Err(BadPlace::NoKey));
        }
    }
}

#[test]
fn a_day_and_an_area_are_held_to() {
    let key = SigningKey::from_bytes(&[7; 32]);
    let campaign = campaign(&["330602", "330603"], &key);
    let told = |area: &str, today: &str| {
        let place = Place { campaign: "drawn".into(), area: code(area), until: day("2026-12-10") };
        Place::verify(&campaign, &place.sign(&key), day(today)).map(|place| place.area.as_str().to_owned())
    };
    assert_eq!(told("330602", "2026-12-10"), Ok("330602".to_owned()), "on its last day");
    assert_eq!(told("330602", "2026-12-11"), Err(BadPlace::Expired { until: day("2026-12-10") }));
    for area in ["330604", "3306", "33060201", "0"] {
        assert_eq!(told(area, "2026-12-01"), Err(BadPlace::Area), "{area}");
    }
}

/// Codes made once, so that posters that hang stay good: what they say and how it is signed does not change.
#[test]
fn codes_of_today_are_read_for_ever() {
    let file = std::fs::read_to_string("tests/vectors/place.json").unwrap();
    let vectors: Value = serde_json::from_str(&file).unwrap();
    let campaign: Campaign = serde_json::from_value(vectors["campaign"].clone()).unwrap();
    let today = day(vectors["today"].as_str().unwrap());
    for vector in vectors["codes"].as_array().unwrap() {
        let told = Place::verify(&campaign, vector["text"].as_str().unwrap(), today);
        let told =
            told.map_or_else(|bad| format!("{bad:?}"), |place| format!("{} {}", place.area.as_str(), place.until));
        let told = told.split(" {").next().unwrap().to_owned();
        assert_eq!(told, vector["told"].as_str().unwrap(), "{}", vector["what"]);
    }
}
