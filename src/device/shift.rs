//! A volunteer's shift, and the PIN that keeps residents out of it.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::{BadStep, Pick};
use crate::{
    area::AreaCode,
    campaign::Campaign,
    day::Day,
    disposition::{Doors, Visit},
    questionnaire::hex,
    response::Mode,
};

/// Wrong PINs that cost nothing.
const FREE_TRIES: u32 = 3;

/// A shift that is on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shift {
    /// Its campaign.
    pub campaign: String,
    /// Where.
    pub area: AreaCode,
    /// How people are asked.
    pub mode: Mode,
    /// The day on which it began.
    pub day: Day,
    /// Its number on this tablet on that day, from 1.
    pub number: u16,
    salt: String,
    pin: String,
    pub(super) wrong_pins: u32,
    /// In whose hands the tablet is.
    pub(super) hand: Hand,
    /// The adult that was drawn for the next interview.
    pub(super) pick: Option<Pick>,
    /// The visit that the interview belongs to, but for its outcome.
    pub(super) visit: Option<Visit>,
    /// What came of its doors, but for the last one.
    pub(super) doors: Doors,
}

/// In whose hands the tablet is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hand {
    /// The volunteer's.
    Volunteer,
    /// A resident's, who answers.
    Resident,
    /// A resident's, who has handed in: counted, whatever happens until the volunteer has it back.
    Done,
    /// A resident's, who has left.
    Left,
}

impl Shift {
    /// A new one.
    ///
    /// # Errors
    /// If the campaign, the area or the PIN will not do.
    pub(super) fn begin(
        campaign: &Campaign,
        area: &str,
        mode: Mode,
        pin: &str,
        salt: [u8; 16],
        (day, number): (Day, u16),
    ) -> Result<Self, BadStep> {
        let area = campaign.areas.iter().map(|it| &it.code).find(|code| code.as_str() == area).ok_or(BadStep::Area)?;
        let digits = (4..=8).contains(&pin.len()) && pin.bytes().all(|byte| byte.is_ascii_digit());
        match () {
            () if !campaign.open_on(day) => Err(BadStep::Closed),
            () if !digits => Err(BadStep::Pin),
            () => {
                let salt = hex(&salt);
                Ok(Self {
                    campaign: campaign.id.clone(),
                    area: area.clone(),
                    mode,
                    day,
                    number,
                    pin: digest(&salt, pin),
                    salt,
                    wrong_pins: 0,
                    hand: Hand::Volunteer,
                    pick: None,
                    visit: None,
                    doors: Doors::empty(),
                })
            }
        }
    }

    /// Seconds to wait before the next PIN is looked at: none for the first tries, then doubling
    /// up to a minute. There is no lock-out: a volunteer must always get back to their counts.
    pub(super) fn pin_wait_seconds(&self) -> u32 {
        self.wrong_pins.checked_sub(FREE_TRIES).map_or(0, |over| 1 << over.min(6)).min(60)
    }

    /// Whether it is the PIN.
    pub(super) fn opens(&self, pin: &str) -> bool {
        bool::from(digest(&self.salt, pin).as_bytes().ct_eq(self.pin.as_bytes()))
    }
}

/// Salted and iterated, so that a look at the storage does not give the PIN away at once. It keeps a
/// resident out of the volunteer's screen; it is no protection against who takes the device apart.
fn digest(salt: &str, pin: &str) -> String {
    let mut hash = Sha256::digest([salt.as_bytes(), pin.as_bytes()].concat());
    for _ in 0..20_000 {
        hash = Sha256::digest(hash);
    }
    hex(&hash)
}
