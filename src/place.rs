//! Places: where a poster hangs, as its code says it, signed by the collector and checked without a network.
//!
//! ```text
//! https://host/c/safety-demo?p=3306022027113012…
//!                              └area─┘└until─┘└ signature, 155 digits
//! ```
//!
//! The payload is digits alone. A QR code packs three of them into ten bits, which is as dense as 64 bytes can be
//! had; base64url would cost a third more, since its letters are stored as bytes. The area and the last day stand in
//! it as people write them, and no messenger's idea of what belongs to a link can cut or change a digit unseen.
//!
//! Who takes what for granted:
//! - A volunteer's tablet checks all of it ([`Place::verify`]) with the key that came with the campaign: an area once
//!   chosen there stands for a whole shift.
//! - A resident's phone reads the area and the day and does not carry the signature's check: a resident may choose
//!   any area from the list anyway, so that a forged code gains nothing there.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};

use crate::{area::AreaCode, campaign::Campaign, day::Day, questionnaire::unhex};

/// Where a code leads, until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The campaign's id.
    pub campaign: String,
    /// The area.
    pub area: AreaCode,
    /// Last day on which the code is taken.
    pub until: Day,
}

/// Why a code is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadPlace {
    /// It is no code of ours.
    #[error("this is no code of a poster")]
    Unreadable,
    /// It leads to another campaign.
    #[error("the code is of another campaign")]
    OtherCampaign,
    /// The campaign does not tell the key that checks it.
    #[error("the campaign does not tell the key that checks its codes")]
    NoKey,
    /// The signature is not that of the collector: the code was made by somebody else, or altered.
    #[error("the code was not signed by the campaign's collector, or was altered")]
    Forged,
    /// Its last day is over.
    #[error("the code was good until {until}")]
    Expired {
        /// That day.
        until: Day,
    },
    /// The campaign has no such area.
    #[error("the code's area is none of the campaign's")]
    Area,
}

/// Digits of a day, `YYYYMMDD`.
const DAY: usize = 8;

/// Digits of a signature: 64 bytes are less than 10¹⁵⁵.
const SIGNATURE: usize = 155;

impl Place {
    /// What is signed: no other message of ours begins like it, and none of its parts can hold a line's end.
    fn message(&self) -> Vec<u8> {
        format!("anxin place 1\n{}\n{}\n{}", self.campaign, self.area.as_str(), self.until).into_bytes()
    }

    /// The payload of a code: the area, the last day and the signature, in digits.
    pub fn sign(&self, key: &SigningKey) -> String {
        let until: String = self.until.to_string().split('-').collect();
        format!("{}{until}{}", self.area.as_str(), decimal(key.sign(&self.message()).to_bytes()))
    }

    /// The address that a code holds.
    pub fn link(&self, origin: &str, key: &SigningKey) -> String {
        format!("{origin}/c/{}?p={}", self.campaign, self.sign(key))
    }

    /// Reads what a code holds, the address or its payload alone, and checks it against a campaign and the day.
    ///
    /// # Errors
    /// The first thing that is wrong with it. The host of the address is not looked at: the signature says whose it is.
    pub fn verify(campaign: &Campaign, text: &str, today: Day) -> Result<Self, BadPlace> {
        let (id, payload) = split(text).ok_or(BadPlace::Unreadable)?;
        let (area, until, signature) = read(payload).ok_or(BadPlace::Unreadable)?;
        if id.is_some_and(|id| id != campaign.id) {
            return Err(BadPlace::OtherCampaign);
        }
        let key = campaign.signer.as_deref().and_then(public).ok_or(BadPlace::NoKey)?;
        let place = Self { campaign: campaign.id.clone(), area, until };
        key.verify_strict(&place.message(), &signature).map_err(|_| BadPlace::Forged)?;
        match () {
            () if until < today => Err(BadPlace::Expired { until }),
            () if campaign.area(&place.area).is_none() => Err(BadPlace::Area),
            () => Ok(place),
        }
    }
}

/// The campaign's id, if there is one, and the payload.
fn split(text: &str) -> Option<(Option<&str>, &str)> {
    let text = text.trim();
    if !text.contains("://") {
        return Some((None, text));
    }
    let (path, query) = text.split_once('?')?;
    let (_, id) = path.split_once("/c/")?;
    let payload = query.split('&').find_map(|pair| pair.strip_prefix("p="))?;
    Some((id.split('/').next(), payload))
}

/// Area, last day and signature; the last two have a fixed length.
fn read(payload: &str) -> Option<(AreaCode, Day, Signature)> {
    if !payload.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (rest, signature) = payload.split_at_checked(payload.len().checked_sub(SIGNATURE)?)?;
    let (area, until) = rest.split_at_checked(rest.len().checked_sub(DAY)?)?;
    let until = format!("{}-{}-{}", &until[..4], &until[4..6], &until[6..]);
    Some((area.parse().ok()?, until.parse().ok()?, Signature::from_bytes(&bytes(signature)?)))
}

/// A public key as a campaign tells it.
fn public(digits: &str) -> Option<VerifyingKey> {
    VerifyingKey::from_bytes(&unhex(digits)?.try_into().ok()?).ok()
}

/// A number of 64 bytes, the greatest first, in as many digits as the greatest such number has.
fn decimal(mut number: [u8; 64]) -> String {
    let mut digits = [b'0'; SIGNATURE];
    for digit in digits.iter_mut().rev() {
        let mut rest = 0;
        for byte in &mut number {
            let value = rest * 256 + u32::from(*byte);
            (*byte, rest) = ((value / 10) as u8, value % 10);
        }
        *digit += rest as u8;
    }
    digits.into_iter().map(char::from).collect()
}

/// The inverse; `None` for what does not fit: each number is written in one way.
fn bytes(digits: &str) -> Option<[u8; 64]> {
    let mut number = [0; 64];
    for digit in digits.bytes() {
        let mut carry = u32::from(digit - b'0');
        for byte in number.iter_mut().rev() {
            let value = u32::from(*byte) * 10 + carry;
            (*byte, carry) = (value as u8, value >> 8);
        }
        if carry > 0 {
            return None;
        }
    }
    Some(number)
}
