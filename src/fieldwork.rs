//! Fieldwork: what came of the doors of one shift, as a tablet tells it.
//!
//! It names an area, a day, the shift on that tablet and a part of the day; no door, no address, no time.
//! It is posted beside the batches of the same respondents and joined to them nowhere.

use serde::{Deserialize, Serialize};

use crate::{
    area::AreaCode,
    campaign::{Campaign, Channel},
    day::Day,
    disposition::{BadDoors, Doors},
    tally::BatchId,
};

/// So many bytes posted fieldwork may have.
pub const FIELDWORK_BYTES: usize = 1 << 14;

/// So many shifts a tablet may have in a day.
pub const SHIFTS: u16 = 100;

/// Part of a day: the finest time that is told of a door.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum DayPart {
    /// Until 12.
    Morning,
    /// From 12 to 18.
    Afternoon,
    /// From 18.
    Evening,
}

impl DayPart {
    /// Every part, in the day's order.
    pub const ALL: [Self; 3] = [Self::Morning, Self::Afternoon, Self::Evening];

    /// The part of a day in which an hour lies (0 to 23, on the tablet's clock).
    pub fn of_hour(hour: u32) -> Self {
        match hour {
            0..=11 => Self::Morning,
            12..=17 => Self::Afternoon,
            _ => Self::Evening,
        }
    }

    /// Its name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Morning => "morning",
            Self::Afternoon => "afternoon",
            Self::Evening => "evening",
        }
    }
}

/// The doors of one shift in one part of a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fieldwork {
    /// Its random name, by which a second post is known.
    pub id: BatchId,
    /// Where.
    pub area: AreaCode,
    /// When.
    pub day: Day,
    /// Number of the shift on that tablet that day, from 1 to [`SHIFTS`].
    pub shift: u16,
    /// The part of the day.
    pub part: DayPart,
    /// What came of the doors.
    pub doors: Doors,
}

/// Why fieldwork is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadFieldwork {
    /// Over [`FIELDWORK_BYTES`].
    #[error("is larger than {FIELDWORK_BYTES} bytes")]
    TooLarge,
    /// Not JSON, cut short, or not of this shape.
    #[error("{0}")]
    Unreadable(String),
    /// The campaign takes nothing any more, or not yet.
    #[error("the campaign took fieldwork from {from} to {until}")]
    Closed {
        /// First day.
        from: Day,
        /// Last day, grace included.
        until: Day,
    },
    /// On a day on which nobody was asked.
    #[error("{day} lies outside the campaign, or in the future")]
    Day {
        /// Its day.
        day: Day,
    },
    /// Not one of the campaign's areas.
    #[error("{area} is no area of the campaign")]
    Area {
        /// Its area.
        area: String,
    },
    /// The campaign has no tablets.
    #[error("the campaign has no tablets")]
    NoTablets,
    /// A tablet has not had so many shifts in a day.
    #[error("is of shift {shift}; a day has shifts 1 to {SHIFTS}")]
    Shift {
        /// Its number.
        shift: u16,
    },
    /// Nobody went to any door.
    #[error("counts no door")]
    Nothing,
    /// No counts of doors.
    #[error("{0}")]
    Doors(#[from] BadDoors),
}

impl BadFieldwork {
    /// JSON pointer to what is wrong.
    pub fn at(&self) -> &'static str {
        match self {
            Self::TooLarge | Self::Unreadable(_) | Self::Closed { .. } | Self::NoTablets => "",
            Self::Day { .. } => "/day",
            Self::Area { .. } => "/area",
            Self::Shift { .. } => "/shift",
            Self::Nothing | Self::Doors(_) => "/doors",
        }
    }
}

impl Fieldwork {
    /// Reads posted fieldwork. Parsing is checking; `today` is the collector's day.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn parse(bytes: &[u8], campaign: &Campaign, today: Day) -> Result<Self, BadFieldwork> {
        if bytes.len() > FIELDWORK_BYTES {
            return Err(BadFieldwork::TooLarge);
        }
        let it: Self = serde_json::from_slice(bytes).map_err(|error| BadFieldwork::Unreadable(error.to_string()))?;
        it.check(campaign, today)
    }

    /// Checks fieldwork that was read otherwise; the same counts are the same fieldwork afterwards.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn check(mut self, campaign: &Campaign, today: Day) -> Result<Self, BadFieldwork> {
        // A device east of the collector may be a day ahead.
        if !campaign.open_on(self.day) || self.day > today.plus_days(1) {
            return Err(BadFieldwork::Day { day: self.day });
        }
        if !campaign.areas.iter().any(|area| area.code == self.area) {
            return Err(BadFieldwork::Area { area: self.area.as_str().to_owned() });
        }
        if !campaign.channels.contains(&Channel::Tablet) {
            return Err(BadFieldwork::NoTablets);
        }
        if !(1..=SHIFTS).contains(&self.shift) {
            return Err(BadFieldwork::Shift { shift: self.shift });
        }
        self.doors.check()?;
        if self.doors.visits() == 0 {
            return Err(BadFieldwork::Nothing);
        }
        self.doors.tidy();
        Ok(self)
    }

    /// Whether the campaign still takes it on a day. Asked only of what was not counted before, as of a batch.
    ///
    /// # Errors
    /// [`BadFieldwork::Closed`].
    pub fn in_time(campaign: &Campaign, today: Day) -> Result<(), BadFieldwork> {
        let (from, until) = (campaign.opens, campaign.closes.plus_days(campaign.grace_days));
        if campaign.takes_on(today) { Ok(()) } else { Err(BadFieldwork::Closed { from, until }) }
    }
}
