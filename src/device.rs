//! What a tablet keeps: sums under k, batches that are not yet acknowledged, the shift.
//!
//! The whole state is one document, read and written whole: each step — a respondent added, a batch
//! closed, an acknowledgement — is one write, and whatever happens between two writes, every respondent
//! is in exactly one place:
//!
//! ```text
//! session ──add──▶ tally (n < k) ──close──▶ outbox ──acknowledged──▶ gone
//!                        └── one write ──┘
//! ```
//!
//! A batch in the outbox keeps its id, so that posting it again after a lost acknowledgement counts once.
//!
//! # Sealed reports beside the tally
//! Each respondent is sealed too, as on a phone: what stays under k, or a batch that the collector does not
//! take, can go out as reports instead. A report lies under a key of its own ([`crate::outbox`]); the document
//! names those that are held. The order of the writes makes it safe to be cut off after any of them:
//!
//! ```text
//! add       1. hold the report               cut off: nobody names it; swept
//!           2. document: tally += cells, and the report's name
//! batch     3. document: tally and names move into the outbox together
//!           4. document: acknowledged, batch and names gone        then sweep
//! release   5. document: the sum is gone, its names are released   — from here on the reports count, not the sum
//!           6. each report moves from held to waiting              cut off: done again at the next step
//!           7. document: no name is released any more
//! ```
//!
//! A sum is released only whole: if one of its respondents has no report, it stays a sum.

pub mod kept;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::{
    area::AreaCode,
    campaign::{Campaign, Channel},
    day::Day,
    layout::{Cells, Layout},
    outgoing::Acknowledgement,
    response::Mode,
    tally::{Batch, BatchId, Tally},
};

/// So many batches may wait. When the outbox is full, tallies grow on instead of being closed.
pub const OUTBOX: usize = 200;

/// Wrong PINs that cost nothing.
const FREE_TRIES: u32 = 3;

/// The device's document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// Version of this format.
    version: u32,
    /// Sums that are not a batch yet.
    tallies: Vec<Waiting>,
    /// Batches that are not acknowledged yet.
    outbox: Vec<Unsent>,
    /// The shift that is on.
    shift: Option<Shift>,
    /// Respondents in acknowledged batches.
    sent: u64,
    /// Reports that go out instead of a sum that is gone.
    #[serde(default)]
    released: Vec<String>,
}

/// A sum of fewer than k respondents of one campaign and area.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Waiting {
    campaign: String,
    questionnaire: String,
    area: AreaCode,
    tally: Tally,
    /// The reports of its respondents, by name.
    #[serde(default)]
    held: Vec<String>,
}

/// A batch on its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unsent {
    /// Its campaign.
    pub campaign: String,
    /// The batch; its id stays the same over all tries.
    pub batch: Batch,
    /// Tries so far.
    pub tries: u32,
    /// What came of the last one.
    pub problem: Option<String>,
    /// The collector answered that it does not take this batch: it is kept and shown, and tried again only by hand.
    pub refused: bool,
    /// The reports of its respondents, by name.
    #[serde(default)]
    held: Vec<String>,
}

/// A volunteer's shift.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Shift {
    campaign: String,
    area: AreaCode,
    mode: Mode,
    salt: String,
    pin: String,
    handed_over: bool,
    wrong_pins: u32,
    completed: u32,
}

/// What the volunteer sees of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ShiftState {
    /// Where.
    pub area: AreaCode,
    /// How.
    pub mode: Mode,
    /// The tablet is in a resident's hands.
    pub handed_over: bool,
    /// Respondents in the tally that is not a batch yet.
    pub in_tally: u32,
    /// They can go out as sealed reports: each has one.
    pub releasable: bool,
    /// Respondents that make a batch.
    pub k: u32,
    /// Respondents in this shift.
    pub completed: u32,
    /// Batches that are not acknowledged, of every campaign.
    pub unsent: Vec<UnsentState>,
    /// Respondents in acknowledged batches, of every shift on this device.
    pub sent: u32,
}

/// A batch that is not acknowledged yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UnsentState {
    /// Respondents.
    pub n: u32,
    /// Tries so far.
    pub tries: u32,
    /// What came of the last one.
    pub problem: Option<String>,
    /// The collector does not take it.
    pub refused: bool,
    /// It can go out as sealed reports instead.
    pub releasable: bool,
}

/// Why a step was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadStep {
    /// There is no shift of this campaign.
    #[error("no shift of this campaign is on")]
    NoShift,
    /// There is one already.
    #[error("a shift is on already")]
    ShiftOn,
    /// Not an area of the campaign.
    #[error("not an area of this campaign")]
    Area,
    /// The campaign is not open today.
    #[error("the campaign is not open today")]
    Closed,
    /// A PIN is four to eight digits.
    #[error("a PIN is four to eight digits")]
    Pin,
    /// Written by a newer version of this program.
    #[error("written by a newer version of this program")]
    Version,
}

/// What came of a post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Stored; the batch may go.
    Acknowledged(Acknowledgement),
    /// The collector does not take it, and says why.
    Refused(String),
    /// No word from the collector; try again.
    Unreachable(String),
}

/// 1 had no reports.
const VERSION: u32 = 2;

impl Device {
    /// Reads the document; nothing stored yet is an empty one.
    ///
    /// # Errors
    /// If it is damaged or from the future. It must then be left as it is.
    pub fn read(document: Option<&str>) -> Result<Self, String> {
        let Some(document) = document else { return Ok(Self { version: VERSION, ..Self::default() }) };
        let device: Self = serde_json::from_str(document).map_err(|error| error.to_string())?;
        if (1..=VERSION).contains(&device.version) {
            Ok(Self { version: VERSION, ..device })
        } else {
            Err(BadStep::Version.to_string())
        }
    }

    /// The document to store.
    pub fn write(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The shift of a campaign, if it is on.
    pub fn state(&self, campaign: &Campaign) -> Option<ShiftState> {
        let shift = self.shift(campaign).ok()?;
        let waiting = self.tallies.iter().find(|it| it.is(campaign, &shift.area));
        let unsent = |it: &Unsent| UnsentState {
            n: it.batch.n as u32,
            tries: it.tries,
            problem: it.problem.clone(),
            refused: it.refused,
            releasable: it.refused && whole(&it.held, it.batch.n),
        };
        Some(ShiftState {
            area: shift.area.clone(),
            mode: shift.mode,
            handed_over: shift.handed_over,
            in_tally: waiting.map_or(0, |it| it.tally.n as u32),
            releasable: waiting.is_some_and(|it| whole(&it.held, it.tally.n)),
            k: campaign.k,
            completed: shift.completed,
            unsent: self.outbox.iter().map(unsent).collect(),
            sent: self.sent as u32,
        })
    }

    /// Starts a shift.
    ///
    /// # Errors
    /// If one is on, or the campaign, the area or the PIN will not do.
    pub fn begin(
        &mut self,
        campaign: &Campaign,
        area: &str,
        mode: Mode,
        pin: &str,
        salt: [u8; 16],
        today: Day,
    ) -> Result<(), BadStep> {
        let area = campaign.areas.iter().map(|it| &it.code).find(|code| code.as_str() == area).ok_or(BadStep::Area)?;
        let digits = (4..=8).contains(&pin.len()) && pin.bytes().all(|byte| byte.is_ascii_digit());
        match () {
            () if self.shift.is_some() => Err(BadStep::ShiftOn),
            () if !campaign.open_on(today) => Err(BadStep::Closed),
            () if !digits => Err(BadStep::Pin),
            () => {
                let salt = crate::questionnaire::hex(&salt);
                self.shift = Some(Shift {
                    campaign: campaign.id.clone(),
                    area: area.clone(),
                    mode,
                    pin: digest(&salt, pin),
                    salt,
                    handed_over: false,
                    wrong_pins: 0,
                    completed: 0,
                });
                Ok(())
            }
        }
    }

    /// The tablet goes into a resident's hands.
    ///
    /// # Errors
    /// If no shift is on.
    pub fn hand_over(&mut self, campaign: &Campaign) -> Result<(), BadStep> {
        self.shift_mut(campaign)?.handed_over = true;
        Ok(())
    }

    /// Seconds to wait before the next PIN is looked at: none for the first tries, then doubling
    /// up to a minute. There is no lock-out: a volunteer must always get back to their counts.
    ///
    /// # Errors
    /// If no shift is on.
    pub fn pin_wait_seconds(&self, campaign: &Campaign) -> Result<u32, BadStep> {
        let wrong = self.shift(campaign)?.wrong_pins;
        Ok(wrong.checked_sub(FREE_TRIES).map_or(0, |over| 1 << over.min(6)).min(60))
    }

    /// The volunteer takes the tablet back.
    ///
    /// # Errors
    /// If no shift is on.
    pub fn take_back(&mut self, campaign: &Campaign, pin: &str) -> Result<bool, BadStep> {
        let right = self.pin(campaign, pin)?;
        if right {
            self.shift_mut(campaign)?.handed_over = false;
        }
        Ok(right)
    }

    /// Ends the shift. What is under k stays on the device for the next one.
    ///
    /// # Errors
    /// If no shift is on.
    pub fn end(&mut self, campaign: &Campaign, pin: &str) -> Result<bool, BadStep> {
        let right = self.pin(campaign, pin)?;
        if right {
            self.shift = None;
        }
        Ok(right)
    }

    /// Adds a completed respondent, and closes the tally into a batch from k on. `held` names the
    /// respondent's report, if there are keys to seal one.
    ///
    /// # Errors
    /// If no shift is on.
    pub fn add(
        &mut self,
        campaign: &Campaign,
        layout: &Layout,
        cells: &Cells,
        held: Option<String>,
        today: Day,
        random: [u8; 16],
    ) -> Result<(), BadStep> {
        let shift = self.shift_mut(campaign)?;
        shift.completed += 1;
        let area = shift.area.clone();
        let at = self.tallies.iter().position(|it| it.is(campaign, &area)).unwrap_or_else(|| {
            self.tallies.push(Waiting {
                campaign: campaign.id.clone(),
                questionnaire: campaign.questionnaire.clone(),
                area: area.clone(),
                tally: Tally::empty(layout.len()),
                held: Vec::new(),
            });
            self.tallies.len() - 1
        });
        self.tallies[at].tally.add(cells);
        self.tallies[at].held.extend(held);
        if self.outbox.len() < OUTBOX {
            let day = today.min(campaign.closes);
            if let Some(batch) = Batch::close(campaign, area, day, Channel::Tablet, &self.tallies[at].tally, random) {
                let held = self.tallies.remove(at).held;
                self.outbox.push(Unsent {
                    campaign: campaign.id.clone(),
                    batch,
                    tries: 0,
                    problem: None,
                    refused: false,
                    held,
                });
            }
        }
        Ok(())
    }

    /// Lets the reports go out instead of what they were added to: the tally of the shift's area, and every
    /// batch that the collector refused (so that it is counted nowhere). What is not whole stays as it is.
    ///
    /// # Errors
    /// If no shift is on.
    pub fn release(&mut self, campaign: &Campaign) -> Result<(), BadStep> {
        let area = self.shift(campaign)?.area.clone();
        let released = &mut self.released;
        self.tallies.retain_mut(|it| {
            let goes = it.is(campaign, &area) && whole(&it.held, it.tally.n);
            released.extend(it.held.drain(..if goes { it.held.len() } else { 0 }));
            !goes
        });
        self.outbox.retain_mut(|it| {
            let goes = it.refused && whole(&it.held, it.batch.n);
            released.extend(it.held.drain(..if goes { it.held.len() } else { 0 }));
            !goes
        });
        Ok(())
    }

    /// The reports that go out instead of a sum that is gone.
    pub fn released(&self) -> &[String] {
        &self.released
    }

    /// They are on their way.
    pub fn released_all(&mut self) {
        self.released.clear();
    }

    /// Whether a held report is still needed.
    pub fn holds(&self, name: &str) -> bool {
        let held = self.tallies.iter().map(|it| &it.held).chain(self.outbox.iter().map(|it| &it.held));
        held.chain([&self.released]).any(|names| names.iter().any(|it| it == name))
    }

    /// Batches to post; those that were refused only if asked for.
    pub fn to_post(&self, refused_too: bool) -> Vec<Unsent> {
        self.outbox.iter().filter(|it| refused_too || !it.refused).cloned().collect()
    }

    /// Notes what came of a post. Only an acknowledgement that names the batch lets it go.
    pub fn posted(&mut self, id: &BatchId, outcome: Outcome) {
        let Some(at) = self.outbox.iter().position(|it| it.batch.id == *id) else { return };
        let unsent = &mut self.outbox[at];
        unsent.tries = unsent.tries.saturating_add(1);
        match outcome {
            Outcome::Acknowledged(it) if it.id == *id && it.counted => {
                self.sent += unsent.batch.n;
                self.outbox.remove(at);
            }
            Outcome::Acknowledged(_) => unsent.problem = Some("acknowledges something else".into()),
            Outcome::Refused(why) => {
                unsent.problem = Some(why);
                unsent.refused = true;
            }
            Outcome::Unreachable(why) => {
                unsent.problem = Some(why);
                unsent.refused = false;
            }
        }
    }

    fn shift(&self, campaign: &Campaign) -> Result<&Shift, BadStep> {
        self.shift.as_ref().filter(|shift| shift.campaign == campaign.id).ok_or(BadStep::NoShift)
    }

    fn shift_mut(&mut self, campaign: &Campaign) -> Result<&mut Shift, BadStep> {
        self.shift.as_mut().filter(|shift| shift.campaign == campaign.id).ok_or(BadStep::NoShift)
    }

    fn pin(&mut self, campaign: &Campaign, pin: &str) -> Result<bool, BadStep> {
        let shift = self.shift_mut(campaign)?;
        let right = bool::from(digest(&shift.salt, pin).as_bytes().ct_eq(shift.pin.as_bytes()));
        shift.wrong_pins = if right { 0 } else { shift.wrong_pins.saturating_add(1) };
        Ok(right)
    }
}

/// Every respondent of a sum has a report.
fn whole(held: &[String], n: u64) -> bool {
    n > 0 && held.len() as u64 == n
}

impl Waiting {
    /// A changed questionnaire, another area: another sum.
    fn is(&self, campaign: &Campaign, area: &AreaCode) -> bool {
        self.campaign == campaign.id && self.questionnaire == campaign.questionnaire && self.area == *area
    }
}

/// Salted and iterated, so that a look at the storage does not give the PIN away at once. It keeps a
/// resident out of the volunteer's screen; it is no protection against who takes the device apart.
fn digest(salt: &str, pin: &str) -> String {
    let mut hash = Sha256::digest([salt.as_bytes(), pin.as_bytes()].concat());
    for _ in 0..20_000 {
        hash = Sha256::digest(hash);
    }
    crate::questionnaire::hex(&hash)
}
