//! What a tablet keeps: a journal, from which everything on it can be made again.
//!
//! Each step — a respondent, a door, an undo, a post's outcome — is one [`Entry`], written in one transaction
//! with whatever belongs to it (`crate::browser` writes it, the browser's database keeps it). [`Device`] is
//! what the entries add up to; after some of them it is written as a whole in the same transaction, and they go.
//! Whatever happens between two transactions, every respondent is in exactly one place:
//!
//! ```text
//! session ──Completed──▶ last ──Settled──▶ sum ──Closed (n ≥ k)──▶ outbox ──Posted──▶ gone
//!                          └──Undone──▶ nowhere        └──────Released──────▶ reports
//! ```
//!
//! The last door stands by itself for a while, so that it can be undone. A sum becomes a batch when its turn to
//! be posted has come: while an earlier one waits for a network it grows on, and the larger it is the less it
//! tells. A batch keeps its id, so that posting it again after a lost acknowledgement counts once.
//!
//! # What lies on the tablet tells nobody anything
//! A respondent's cells are masked before they are an entry ([`crate::mask`]), each with a mask of their own:
//! neither an entry, nor a sum, nor the difference of two, nor a batch that waits can be read without the
//! collector's key. Doors are counts by area, day, part of the day and number of the shift.
//!
//! # Sealed reports beside the sum
//! Each respondent is sealed too, as on a phone: what stays under k, or a batch that the collector does not take,
//! can go out as reports instead. A report is written with its respondent's entry, and goes in the transaction
//! after which nothing needs it. [`Entry::Released`] strikes the sum out and names its reports; from then on they
//! count, and not the sum. Each is then copied to where phones keep theirs ([`crate::outbox`]), and
//! [`Entry::HandedOn`] forgets them here. Cut off in between, they are copied again: under the same id, which is
//! counted once. A sum is released only whole: if one of its respondents has no report, it stays a sum.

mod entry;
mod shift;
mod state;
mod sum;

use serde::{Deserialize, Serialize};

use self::sum::{LARGEST, Limits, Sum};
pub use self::{
    entry::{Entry, Key, Outcome, Person, Pick, When},
    shift::{Hand, Shift},
    state::{Card, DoorsState, ShiftState, UnsentState},
};
use crate::{
    area::AreaCode,
    campaign::Campaign,
    day::Day,
    disposition::{Adults, Disposition, Doors, Visit},
    fieldwork::{Fieldwork, SHIFTS},
    response::Mode,
    tally::{Batch, BatchId},
};

/// So many posts may wait. When the outbox is full, sums grow on instead of being closed.
pub const OUTBOX: usize = 200;

/// So many adults a household may have.
pub const ADULTS: u32 = 20;

/// 1 and 2 were one document, written whole.
const VERSION: u32 = 3;

/// What the journal's entries add up to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Device {
    /// Version of this format.
    version: u32,
    /// Entries so far.
    seq: u64,
    /// The shift that is on.
    shift: Option<Shift>,
    /// What a sum of the shift's campaign must know.
    limits: Option<Limits>,
    /// The day of the last shift, and how many began on it.
    shifts: Option<(Day, u16)>,
    /// The last door, while it can be undone.
    last: Option<Last>,
    /// Sums that are not a batch yet.
    sums: Vec<Sum>,
    /// Counts of doors that are not posted yet.
    work: Vec<Work>,
    /// What is not acknowledged yet.
    outbox: Vec<Unsent>,
    /// Respondents in acknowledged batches.
    sent: u64,
    /// Reports that go out instead of a sum that is gone.
    released: Vec<String>,
    /// Seed of the key with which this tablet signs its files.
    signer: Option<String>,
    /// What came of the shift that ended last.
    card: Option<Ended>,
}

impl Default for Device {
    fn default() -> Self {
        Self {
            version: VERSION,
            seq: 0,
            shift: None,
            limits: None,
            shifts: None,
            last: None,
            sums: Vec::new(),
            work: Vec::new(),
            outbox: Vec::new(),
            sent: 0,
            released: Vec::new(),
            signer: None,
            card: None,
        }
    }
}

/// The last door.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Last {
    when: When,
    visit: Visit,
    person: Option<Person>,
}

/// Doors of one shift in one part of a day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Work {
    campaign: String,
    area: AreaCode,
    when: When,
    shift: u16,
    doors: Doors,
}

/// A shift that has ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ended {
    campaign: String,
    area: AreaCode,
    day: Day,
    number: u16,
    doors: Doors,
}

/// On its way to the collector.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unsent {
    /// Its campaign.
    pub campaign: String,
    /// What is posted; its id stays the same over all tries.
    pub post: Post,
    /// Tries so far.
    pub tries: u32,
    /// What came of the last one.
    pub problem: Option<String>,
    /// The collector answered that it does not take this: it is kept and shown, and tried again only by hand.
    pub refused: bool,
    /// It is in a file as well, by which it may be counted: its reports must not go out instead.
    exported: bool,
    /// The reports of its respondents, by name.
    held: Vec<String>,
}

/// What a tablet posts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Post {
    /// Respondents.
    Batch(Batch),
    /// Doors.
    Fieldwork(Fieldwork),
}

impl Post {
    /// Its name.
    pub fn id(&self) -> &BatchId {
        match self {
            Self::Batch(it) => &it.id,
            Self::Fieldwork(it) => &it.id,
        }
    }

    /// Respondents in it.
    fn respondents(&self) -> u64 {
        if let Self::Batch(it) = self { it.n } else { 0 }
    }
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
    /// More shifts in a day than anybody works.
    #[error("no more than {SHIFTS} shifts a day")]
    Shifts,
    /// Not an area of the campaign.
    #[error("not an area of this campaign")]
    Area,
    /// The campaign is not open today.
    #[error("the campaign is not open today")]
    Closed,
    /// A PIN is four to eight digits.
    #[error("a PIN is four to eight digits")]
    Pin,
    /// A step of the volunteer while a resident has the tablet, or the other way about.
    #[error("the tablet is in other hands")]
    Hand,
    /// A door of which this cannot be said.
    #[error("this cannot have come of such a door")]
    Visit,
    /// There is nothing to undo: the last door is on its way.
    #[error("there is nothing to undo any more")]
    Nothing,
    /// Another number of adults than a household has.
    #[error("a household has 1 to {ADULTS} adults")]
    Adults,
    /// A respondent of another questionnaire.
    #[error("the campaign fields another questionnaire")]
    Questionnaire,
}

/// The journal cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Damaged(String);

impl Device {
    /// Reads what is stored: the last whole state, and the entries after it. Nothing stored is an empty tablet.
    ///
    /// # Errors
    /// If something is damaged or from the future. It must then be left as it is.
    pub fn read(whole: Option<&str>, entries: &[String]) -> Result<Self, Damaged> {
        let damaged = |error: serde_json::Error| Damaged(error.to_string());
        let mut device = match whole {
            None => Self::default(),
            Some(text) => serde_json::from_str(text).map_err(damaged)?,
        };
        if device.version != VERSION {
            return Err(Damaged(format!("written by another version of this program: {}", device.version)));
        }
        for entry in entries {
            device.apply(&serde_json::from_str(entry).map_err(damaged)?);
        }
        Ok(device)
    }

    /// All of it, to be read again.
    pub fn write(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Entries so far.
    pub fn seq(&self) -> u64 {
        self.seq
    }

    // The steps. Each looks whether it can be taken, and changes nothing.

    /// Starts a shift. `random` is the PIN's salt and, for the first one, the seed of the tablet's own key.
    ///
    /// # Errors
    /// If one is on, or the campaign, the area or the PIN will not do.
    pub fn begin(
        &self,
        campaign: &Campaign,
        area: &str,
        mode: Mode,
        pin: &str,
        (salt, seed): ([u8; 16], [u8; 32]),
        today: Day,
    ) -> Result<Entry, BadStep> {
        if self.shift.is_some() {
            return Err(BadStep::ShiftOn);
        }
        let number = self.shifts.filter(|(day, _)| *day == today).map_or(1, |(_, number)| number + 1);
        if number > SHIFTS {
            return Err(BadStep::Shifts);
        }
        let shift = Shift::begin(campaign, area, mode, pin, salt, (today, number))?;
        let signer = self.signer.is_none().then(|| crate::questionnaire::hex(&seed));
        Ok(Entry::Begun { shift, k: campaign.k, closes: campaign.closes, signer })
    }

    /// Draws the adult to ask. What is drawn for a number of adults stays for this door: asking again draws no
    /// other one.
    ///
    /// # Errors
    /// If no shift is on, or nobody has so many adults.
    pub fn pick(&self, campaign: &Campaign, adults: u32, random: u64) -> Result<Entry, BadStep> {
        let shift = self.volunteers(campaign)?;
        match shift.pick {
            _ if !(1..=ADULTS).contains(&adults) => Err(BadStep::Adults),
            Some(pick) if pick.adults == adults => Ok(Entry::Picked(pick)),
            // Of 2⁶⁴ numbers, no class has more than one in 10¹⁸ too many.
            _ => Ok(Entry::Picked(Pick { adults, nth: (random % u64::from(adults)) as u32 + 1 })),
        }
    }

    /// The tablet goes into a resident's hands. `before` is what the door was counted under, if it was.
    ///
    /// # Errors
    /// If no shift is on, or nobody comes back to such a door.
    pub fn hand_over(&self, campaign: &Campaign, before: Option<Disposition>) -> Result<Entry, BadStep> {
        let shift = self.volunteers(campaign)?;
        let adults = Adults::of(shift.pick.map(|pick| pick.adults));
        let visit = Visit { outcome: Disposition::Completed, before, adults };
        possible(visit)?;
        Ok(Entry::HandedOver { visit })
    }

    /// Adds a respondent who hands in: everything, or what they had answered when they broke off.
    ///
    /// # Errors
    /// If no resident of this campaign has the tablet.
    pub fn complete(&self, campaign: &Campaign, person: Person, partial: bool, when: When) -> Result<Entry, BadStep> {
        match self.shift(campaign)?.hand {
            Hand::Resident if person.questionnaire != campaign.questionnaire => Err(BadStep::Questionnaire),
            Hand::Resident => Ok(Entry::Completed { when: self.sane(when), person, partial }),
            _ => Err(BadStep::Hand),
        }
    }

    /// A day within the shift's campaign: a clock that jumps in the middle of a shift must not cost a respondent.
    fn sane(&self, when: When) -> When {
        let first = self.shift.as_ref().map_or(when.day, |shift| shift.day);
        let last = self.limits.map_or(when.day, |limits| limits.closes);
        When { day: when.day.max(first).min(last), ..when }
    }

    /// The resident leaves before the end, and nothing is handed in: if anything was answered, the door counts as
    /// a break-off.
    ///
    /// # Errors
    /// If no resident of this campaign has the tablet.
    pub fn leave(&self, campaign: &Campaign, begun: Option<When>) -> Result<Entry, BadStep> {
        let begun = begun.map(|when| self.sane(when));
        if self.shift(campaign)?.hand == Hand::Resident { Ok(Entry::Left { begun }) } else { Err(BadStep::Hand) }
    }

    /// Seconds to wait before the next PIN is looked at.
    ///
    /// # Errors
    /// If no shift is on.
    pub fn pin_wait_seconds(&self, campaign: &Campaign) -> Result<u32, BadStep> {
        Ok(self.shift(campaign)?.pin_wait_seconds())
    }

    /// The volunteer takes the tablet back.
    ///
    /// # Errors
    /// If no shift is on.
    pub fn take_back(&self, campaign: &Campaign, pin: &str) -> Result<Entry, BadStep> {
        Ok(if self.shift(campaign)?.opens(pin) { Entry::TakenBack } else { Entry::WrongPin })
    }

    /// Ends the shift. What is under k stays on the tablet for the next one.
    ///
    /// # Errors
    /// If no shift is on.
    pub fn end(&self, campaign: &Campaign, pin: &str) -> Result<Entry, BadStep> {
        Ok(if self.shift(campaign)?.opens(pin) { Entry::Ended } else { Entry::WrongPin })
    }

    /// Counts a door at which nobody answered questions.
    ///
    /// # Errors
    /// If no shift is on, or this cannot have come of such a door.
    pub fn visit(&self, campaign: &Campaign, visit: Visit, when: When) -> Result<Entry, BadStep> {
        self.volunteers(campaign)?;
        possible(visit)?;
        // Nobody has completed anything who did not have the tablet.
        if visit.outcome == Disposition::Completed {
            Err(BadStep::Visit)
        } else {
            Ok(Entry::Visited { when: self.sane(when), visit })
        }
    }

    /// Takes the last door back.
    ///
    /// # Errors
    /// If no shift is on, or the last door stands.
    pub fn undo(&self, campaign: &Campaign) -> Result<Entry, BadStep> {
        self.volunteers(campaign)?;
        self.last.as_ref().map(|_| Entry::Undone).ok_or(BadStep::Nothing)
    }

    /// Lets the last door stand; nothing if it does.
    pub fn settle(&self) -> Option<Entry> {
        self.last.as_ref().map(|_| Entry::Settled)
    }

    /// Lets the reports go out instead of what they were added to: the sum of the shift's area, and every batch
    /// that the collector refused (so that it is counted nowhere). What is not whole stays as it is.
    ///
    /// # Errors
    /// If no shift is on.
    pub fn release(&self, campaign: &Campaign) -> Result<Entry, BadStep> {
        Ok(Entry::Released { sum: Key::of(campaign, &self.volunteers(campaign)?.area) })
    }

    /// What is ready to become a post: `random` names the first of it. To be asked again until nothing is. With
    /// `all`, whatever may become one, before its time.
    pub fn gather(&self, now: When, all: bool, random: [u8; 16]) -> Option<Entry> {
        if self.outbox.len() >= OUTBOX {
            return None;
        }
        let id = BatchId::new(random);
        let on = |campaign: &str, area: &AreaCode| {
            self.shift.as_ref().filter(|shift| shift.campaign == campaign && shift.area == *area)
        };
        let waits = |key: &Key| {
            self.outbox.iter().any(
                |it| matches!(&it.post, Post::Batch(batch) if it.campaign == key.campaign && batch.area == key.area),
            )
        };
        let ripe = |sum: &&Sum| {
            let older = sum.day < now.day || on(&sum.key.campaign, &sum.key.area).is_none();
            sum.enough() && (all || older || sum.n() >= LARGEST || !waits(&sum.key))
        };
        if let Some(sum) = self.sums.iter().find(ripe) {
            return Some(Entry::Closed { sum: sum.key.clone(), id });
        }
        let over = |work: &&Work| {
            all || work.when != now || on(&work.campaign, &work.area).is_none_or(|shift| shift.number != work.shift)
        };
        self.work.iter().find(over).map(|work| Entry::Gathered {
            campaign: work.campaign.clone(),
            area: work.area.clone(),
            when: work.when,
            shift: work.shift,
            id,
        })
    }

    /// What is to be posted; what was refused only if asked for.
    pub fn to_post(&self, refused_too: bool) -> Vec<Unsent> {
        self.outbox.iter().filter(|it| refused_too || !it.refused).cloned().collect()
    }

    /// The reports that go out instead of a sum that is gone.
    pub fn released(&self) -> &[String] {
        &self.released
    }

    /// The reports that are still needed.
    pub fn held(&self) -> impl Iterator<Item = &String> {
        let last = self.last.iter().filter_map(|it| it.person.as_ref()?.held.as_ref());
        let sums = self.sums.iter().flat_map(|it| &it.held);
        sums.chain(self.outbox.iter().flat_map(|it| &it.held)).chain(&self.released).chain(last)
    }

    /// Seed of the key with which this tablet signs its files.
    pub fn signer(&self) -> Option<&str> {
        self.signer.as_deref()
    }

    /// Takes a step that is in the journal.
    pub fn apply(&mut self, entry: &Entry) {
        self.seq += 1;
        match entry.clone() {
            Entry::Begun { shift, k, closes, signer } => {
                self.shifts = Some((shift.day, shift.number));
                self.limits = Some(Limits { k, closes });
                self.signer = signer.or(self.signer.take());
                (self.shift, self.card) = (Some(shift), None);
            }
            Entry::Picked(pick) => self.on_shift(|shift| shift.pick = Some(pick)),
            Entry::HandedOver { visit } => {
                self.settle_last();
                self.on_shift(|shift| (shift.hand, shift.visit) = (Hand::Resident, Some(visit)));
            }
            Entry::Completed { when, person, partial } => self.resident(Hand::Done, |visit| {
                let visit = if partial { ended(visit, Disposition::Partial) } else { visit };
                Last { when, visit, person: Some(person) }
            }),
            Entry::Left { begun: Some(when) } => self.resident(Hand::Left, |visit| Last {
                when,
                visit: ended(visit, Disposition::Refused),
                person: None,
            }),
            Entry::Left { begun: None } => self.on_shift(|shift| shift.hand = Hand::Left),
            Entry::TakenBack => self.on_shift(|shift| (shift.hand, shift.wrong_pins) = (Hand::Volunteer, 0)),
            Entry::WrongPin => self.on_shift(|shift| shift.wrong_pins = shift.wrong_pins.saturating_add(1)),
            Entry::Visited { when, visit } => {
                self.settle_last();
                self.on_shift(|shift| shift.pick = None);
                self.last = Some(Last { when, visit, person: None });
            }
            Entry::Undone => self.last = None,
            Entry::Settled => self.settle_last(),
            Entry::Closed { sum, id } => self.close(&sum, id),
            Entry::Gathered { campaign, area, when, shift, id } => {
                let is = |it: &Work| it.campaign == campaign && it.area == area && it.when == when && it.shift == shift;
                if let Some(at) = self.work.iter().position(is) {
                    let doors = self.work.remove(at).doors;
                    let post = Post::Fieldwork(Fieldwork { id, area, day: when.day, shift, part: when.part, doors });
                    self.outbox.push(Unsent::new(campaign, post, Vec::new()));
                }
            }
            Entry::Posted { id, outcome } => {
                if let Some(at) = self.outbox.iter().position(|it| *it.post.id() == id)
                    && self.outbox[at].posted(&outcome)
                {
                    self.sent += self.outbox.remove(at).post.respondents();
                }
            }
            Entry::Exported { ids } => {
                for it in self.outbox.iter_mut().filter(|it| ids.contains(it.post.id())) {
                    it.exported = true;
                }
            }
            Entry::Released { sum } => self.let_reports_go(&sum),
            Entry::HandedOn { names } => self.released.retain(|name| !names.contains(name)),
            Entry::Ended => {
                self.settle_last();
                self.card = self.shift.take().map(|it| Ended {
                    campaign: it.campaign,
                    area: it.area,
                    day: it.day,
                    number: it.number,
                    doors: it.doors,
                });
            }
        }
    }

    fn on_shift<T>(&mut self, change: impl FnOnce(&mut Shift) -> T) {
        self.shift.as_mut().map(change);
    }

    /// What the resident leaves behind; the household is done with.
    fn resident(&mut self, hand: Hand, last: impl FnOnce(Visit) -> Last) {
        let Some(shift) = &mut self.shift else { return };
        (shift.hand, shift.pick) = (hand, None);
        if let Some(visit) = shift.visit.take() {
            self.settle_last();
            self.last = Some(last(visit));
        }
    }

    /// The last door is added where it belongs, and can be undone no longer.
    fn settle_last(&mut self) {
        let (Some(last), Some(shift), Some(limits)) = (self.last.take(), &mut self.shift, self.limits) else { return };
        let (campaign, area, number) = (shift.campaign.clone(), shift.area.clone(), shift.number);
        // Only what can be counted has become an entry.
        let _ = shift.doors.add(last.visit);
        let when = last.when;
        let is = |it: &Work| it.campaign == campaign && it.area == area && it.when == when && it.shift == number;
        let at = self.work.iter().position(is).unwrap_or_else(|| {
            let (campaign, area) = (campaign.clone(), area.clone());
            self.work.push(Work { campaign, area, when, shift: number, doors: Doors::empty() });
            self.work.len() - 1
        });
        let _ = self.work[at].doors.add(last.visit);
        if let Some(person) = last.person {
            let key = Key { campaign, questionnaire: person.questionnaire.clone(), area };
            let at = self.sums.iter().position(|it| it.key == key).unwrap_or_else(|| {
                self.sums.push(Sum::empty(key, &limits, when.day));
                self.sums.len() - 1
            });
            self.sums[at].add(person, when.day);
        }
    }

    fn close(&mut self, key: &Key, id: BatchId) {
        let Some(at) = self.sums.iter().position(|it| it.key == *key) else { return };
        if let Some((batch, held)) = self.sums[at].close(id) {
            self.sums.remove(at);
            self.outbox.push(Unsent::new(key.campaign.clone(), Post::Batch(batch), held));
        }
    }

    fn let_reports_go(&mut self, key: &Key) {
        self.settle_last();
        let released = &mut self.released;
        self.sums.retain_mut(|it| {
            let goes = it.key == *key && it.whole();
            released.extend(it.held.drain(..if goes { it.held.len() } else { 0 }));
            !goes
        });
        self.outbox.retain_mut(|it| {
            let goes = it.releasable();
            released.extend(it.held.drain(..if goes { it.held.len() } else { 0 }));
            !goes
        });
    }

    fn shift(&self, campaign: &Campaign) -> Result<&Shift, BadStep> {
        self.shift.as_ref().filter(|shift| shift.campaign == campaign.id).ok_or(BadStep::NoShift)
    }

    /// The shift, while the tablet is in the volunteer's hands.
    fn volunteers(&self, campaign: &Campaign) -> Result<&Shift, BadStep> {
        let shift = self.shift(campaign)?;
        if shift.hand == Hand::Volunteer { Ok(shift) } else { Err(BadStep::Hand) }
    }
}

impl Key {
    fn of(campaign: &Campaign, area: &AreaCode) -> Self {
        let (id, questionnaire) = (campaign.id.clone(), campaign.questionnaire.clone());
        Self { campaign: id, questionnaire, area: area.clone() }
    }
}

impl Unsent {
    fn new(campaign: String, post: Post, held: Vec<String>) -> Self {
        Self { campaign, post, tries: 0, problem: None, refused: false, exported: false, held }
    }

    /// Its reports can go out instead: it is counted nowhere, and every respondent has one.
    fn releasable(&self) -> bool {
        let n = self.post.respondents();
        self.refused && !self.exported && n > 0 && self.held.len() as u64 == n
    }
}

/// A visit that came to another end than was hoped for.
fn ended(visit: Visit, outcome: Disposition) -> Visit {
    Visit { outcome, adults: Adults::Unknown, ..visit }
}

/// Whether it can be counted.
fn possible(visit: Visit) -> Result<(), BadStep> {
    Doors::empty().add(visit).map_err(|_| BadStep::Visit)
}
