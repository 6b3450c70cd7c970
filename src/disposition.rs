//! Dispositions: what came of a door, and how many doors came to what.
//!
//! Doors are counted and nothing else about them is kept: which door it was stays on the volunteer's paper.
//! So a call-back cannot look up what the door was counted under; the visit says it, and takes it back:
//!
//! ```text
//!  morning   nobody home                       outcomes {nobody_home: 1}
//!  evening   completed, before nobody home     outcomes {completed: 1}    callbacks {nobody_home: 1}
//!  merged    one door: completed
//! ```
//!
//! All of it is addition, so shifts, days and tablets combine in any order.
//!
//! Codes and classes: AAPOR, Standard Definitions (10th edition, 2023), the table for in-person household surveys.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// So many visits one device may count in one shift.
pub const VISITS: u64 = 10_000;

/// What came of a door.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Disposition {
    /// One adult of the household answered to the end.
    Completed,
    /// One began, broke off, and let count what they had answered.
    Partial,
    /// Whoever came to the door, or the adult who was picked, did not want to; or broke off.
    Refused,
    /// Nobody opened.
    NobodyHome,
    /// The building or the yard is locked: the door itself was not reached.
    CannotGetIn,
    /// Nobody in the household may be asked: too young, or not resident.
    NotEligible,
    /// No language in common.
    Language,
    /// Anything else that came of a household, e.g. too ill to answer.
    Other,
}

/// AAPOR's classes, of which all outcome rates are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Class {
    /// Complete interview.
    I,
    /// Partial interview.
    P,
    /// Refusal and break-off.
    R,
    /// Non-contact.
    NC,
    /// Other, eligible.
    O,
    /// Unknown whether there is a household.
    UH,
    /// A household, unknown whether anybody in it is eligible.
    UR,
    /// Unknown, other.
    UO,
    /// Not eligible.
    NE,
}

impl Disposition {
    /// Every disposition, in the order of the buttons.
    pub const ALL: [Self; 8] = [
        Self::Completed,
        Self::Partial,
        Self::Refused,
        Self::NobodyHome,
        Self::CannotGetIn,
        Self::NotEligible,
        Self::Language,
        Self::Other,
    ];

    /// Its name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::Partial => "partial",
            Self::Refused => "refused",
            Self::NobodyHome => "nobody_home",
            Self::CannotGetIn => "cannot_get_in",
            Self::NotEligible => "not_eligible",
            Self::Language => "language",
            Self::Other => "other",
        }
    }

    /// AAPOR's code: 2.23 and 2.24 are those of the in-person table (2.21 and 2.22 are a telephone's).
    pub fn code(self) -> &'static str {
        match self {
            Self::Completed => "1.1",
            Self::Partial => "1.2",
            Self::Refused => "2.11",
            Self::NobodyHome => "2.24",
            Self::CannotGetIn => "2.23",
            Self::NotEligible => "4.7",
            Self::Language => "2.33",
            Self::Other => "2.36",
        }
    }

    /// AAPOR's class.
    ///
    /// A door on a volunteer's list is a dwelling of the area, so behind a closed one there is a household:
    /// *nobody home* and *cannot get in* are non-contacts, not of unknown eligibility. That never flatters:
    /// as unknowns they would leave the denominator of RR3 to RR6 in part. So no disposition is of unknown
    /// eligibility here; the classes of unknowns are AAPOR's, for the rates to be whole.
    pub fn class(self) -> Class {
        match self {
            Self::Completed => Class::I,
            Self::Partial => Class::P,
            Self::Refused => Class::R,
            Self::NobodyHome | Self::CannotGetIn => Class::NC,
            Self::Language | Self::Other => Class::O,
            Self::NotEligible => Class::NE,
        }
    }

    /// Whether somebody may come back to such a door: nobody was asked, nor found to be none to ask.
    pub fn may_be_called_back(self) -> bool {
        !matches!(self, Self::Completed | Self::NotEligible)
    }
}

/// Adults in a household of which one was picked with equal chance: the respondent's weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Adults {
    /// Lives without other adults.
    One,
    /// Two.
    Two,
    /// Three.
    Three,
    /// Four.
    Four,
    /// Five or more.
    FiveOrMore,
    /// Was not asked, or not told.
    Unknown,
}

impl Adults {
    /// Every class.
    pub const ALL: [Self; 6] = [Self::One, Self::Two, Self::Three, Self::Four, Self::FiveOrMore, Self::Unknown];

    /// The class of a number of adults; none, or a household without one, is unknown.
    pub fn of(count: Option<u32>) -> Self {
        match count {
            None | Some(0) => Self::Unknown,
            Some(1) => Self::One,
            Some(2) => Self::Two,
            Some(3) => Self::Three,
            Some(4) => Self::Four,
            Some(_) => Self::FiveOrMore,
        }
    }
}

/// A volunteer at a door. It lives on the device, for as long as it may be undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Visit {
    /// What came of it.
    pub outcome: Disposition,
    /// Of a call-back: what the door was counted under before. None for a door that was not counted yet.
    pub before: Option<Disposition>,
    /// Of a completed one: adults in the household. Of all others it is not looked at.
    pub adults: Adults,
}

/// How many doors came to what. Counts of 0 are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Doors {
    /// Visits by their outcome.
    outcomes: BTreeMap<Disposition, u64>,
    /// Of these visits the call-backs, by what their doors were counted under before.
    callbacks: BTreeMap<Disposition, u64>,
    /// Completed respondents by the adults in their household.
    adults: BTreeMap<Adults, u64>,
}

/// Why counts cannot be those of doors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadDoors {
    /// More than one device can have seen in one shift.
    #[error("counts more than {VISITS} visits")]
    TooMany,
    /// More call-backs than visits.
    #[error("{callbacks} of {visits} visits are call-backs")]
    Callbacks {
        /// Call-backs.
        callbacks: u64,
        /// Visits.
        visits: u64,
    },
    /// Nobody comes back to a door that is done with.
    #[error("nobody calls back at a door that was {}", .0.name())]
    NoCallback(Disposition),
    /// Each completed respondent has one household.
    #[error("{households} households of {completed} completed respondents")]
    Households {
        /// Households by adults.
        households: u64,
        /// Completed respondents.
        completed: u64,
    },
}

impl Doors {
    /// No door yet.
    pub fn empty() -> Self {
        Self::default()
    }

    /// Counts a visit.
    ///
    /// # Errors
    /// [`BadDoors::NoCallback`]; nothing is counted then.
    pub fn add(&mut self, visit: Visit) -> Result<(), BadDoors> {
        if let Some(before) = visit.before {
            if !before.may_be_called_back() {
                return Err(BadDoors::NoCallback(before));
            }
            add(&mut self.callbacks, before, 1);
        }
        add(&mut self.outcomes, visit.outcome, 1);
        if visit.outcome == Disposition::Completed {
            add(&mut self.adults, visit.adults, 1);
        }
        Ok(())
    }

    /// Adds the doors of another shift, day or tablet.
    pub fn merge(&mut self, other: &Self) {
        other.outcomes.iter().for_each(|(&key, &count)| add(&mut self.outcomes, key, count));
        other.callbacks.iter().for_each(|(&key, &count)| add(&mut self.callbacks, key, count));
        other.adults.iter().for_each(|(&key, &count)| add(&mut self.adults, key, count));
    }

    /// Takes off doors that were merged.
    pub fn take_off(&mut self, other: &Self) {
        other.outcomes.iter().for_each(|(key, count)| take_off(&mut self.outcomes, key, *count));
        other.callbacks.iter().for_each(|(key, count)| take_off(&mut self.callbacks, key, *count));
        other.adults.iter().for_each(|(key, count)| take_off(&mut self.adults, key, *count));
        self.tidy();
    }

    /// Visits, call-backs among them.
    pub fn visits(&self) -> u64 {
        self.outcomes.values().sum()
    }

    /// Visits to doors that were counted before.
    pub fn callbacks(&self) -> u64 {
        self.callbacks.values().sum()
    }

    /// Doors: each once, however often somebody came.
    pub fn total(&self) -> u64 {
        self.visits().saturating_sub(self.callbacks())
    }

    /// Doors that ended with a disposition. A call-back may be in before the shift that came first; until that
    /// one is in too, its earlier outcome counts as none.
    pub fn ended(&self, disposition: Disposition) -> u64 {
        let of = |counts: &BTreeMap<_, _>| counts.get(&disposition).copied().unwrap_or(0);
        of(&self.outcomes).saturating_sub(of(&self.callbacks))
    }

    /// Doors of a class.
    pub fn class(&self, class: Class) -> u64 {
        Disposition::ALL.into_iter().filter(|it| it.class() == class).map(|it| self.ended(it)).sum()
    }

    /// Doors of eligible households at which somebody was met: AAPOR's I + P + R + O.
    pub fn contacts(&self) -> u64 {
        [Class::I, Class::P, Class::R, Class::O].into_iter().map(|class| self.class(class)).sum()
    }

    /// Visits that met somebody eligible, less call-backs at doors where somebody had been met. No more than
    /// [`Doors::contacts`]; and it adds up, as those do not where what is called back at was counted elsewhere.
    pub fn met(&self) -> u64 {
        let met = |counts: &BTreeMap<Disposition, u64>| -> u64 {
            let met = |it: &Disposition| !matches!(it.class(), Class::NC | Class::NE);
            counts.iter().filter(|(it, _)| met(it)).map(|(_, count)| count).sum()
        };
        met(&self.outcomes).saturating_sub(met(&self.callbacks))
    }

    /// Doors at which somebody answered to the end.
    pub fn completes(&self) -> u64 {
        self.ended(Disposition::Completed)
    }

    /// Visits at which somebody opened.
    pub fn opened(&self) -> u64 {
        let closed = [Disposition::NobodyHome, Disposition::CannotGetIn];
        let of = |it| self.outcomes.get(it).copied().unwrap_or(0);
        self.visits() - closed.iter().map(of).sum::<u64>()
    }

    /// Completed respondents by the adults in their household.
    pub fn adults(&self, class: Adults) -> u64 {
        self.adults.get(&class).copied().unwrap_or(0)
    }

    /// Leaves out the counts of 0, so that the same doors are written the same way.
    pub fn tidy(&mut self) {
        self.outcomes.retain(|_, count| *count > 0);
        self.callbacks.retain(|_, count| *count > 0);
        self.adults.retain(|_, count| *count > 0);
    }

    /// Whether one device can have counted this in one shift.
    ///
    /// # Errors
    /// The first thing that gives it away.
    pub fn check(&self) -> Result<(), BadDoors> {
        let counts = self.outcomes.values().chain(self.callbacks.values()).chain(self.adults.values());
        // Each first, so that their sums cannot overflow.
        if counts.into_iter().any(|&count| count > VISITS) || self.visits() > VISITS {
            return Err(BadDoors::TooMany);
        }
        let called_back = |&it: &Disposition| self.callbacks.get(&it).is_some_and(|&count| count > 0);
        if let Some(done) = Disposition::ALL.into_iter().filter(|it| !it.may_be_called_back()).find(called_back) {
            return Err(BadDoors::NoCallback(done));
        }
        let (visits, callbacks) = (self.visits(), self.callbacks());
        if callbacks > visits {
            return Err(BadDoors::Callbacks { callbacks, visits });
        }
        let (households, completed) = (self.adults.values().sum(), self.completes());
        if households == completed { Ok(()) } else { Err(BadDoors::Households { households, completed }) }
    }
}

fn add<K: Ord>(counts: &mut BTreeMap<K, u64>, key: K, count: u64) {
    *counts.entry(key).or_default() += count;
}

fn take_off<K: Ord>(counts: &mut BTreeMap<K, u64>, key: &K, count: u64) {
    if let Some(sum) = counts.get_mut(key) {
        *sum = sum.saturating_sub(count);
    }
}
