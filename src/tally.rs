//! Sums of cell vectors: tallies on a device and in the collector, and the batches between them.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{
    area::AreaCode,
    campaign::{Campaign, Channel, LEAST_K},
    day::Day,
    layout::{Cells, Counts, Layout},
    mask::Seed,
    questionnaire::{Questionnaire, unhex},
};

/// So many bytes a posted batch may have.
pub const BATCH_BYTES: usize = 1 << 20;

/// So many respondents a batch may sum up.
pub const BATCH_RESPONDENTS: u64 = 100_000;

/// So many bytes a sealed mask may have.
const MASK_BYTES: usize = 256;

/// A sum of cell vectors over n respondents. Merging is addition, so any order will do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Respondents.
    pub n: u64,
    /// One count a cell of the layout.
    pub cells: Vec<u64>,
}

impl Tally {
    /// Nobody yet.
    pub fn empty(cells: usize) -> Self {
        Self { n: 0, cells: vec![0; cells] }
    }

    /// Adds one respondent.
    ///
    /// # Panics
    /// If the cells are of another layout.
    pub fn add(&mut self, cells: &Cells) {
        self.n += 1;
        for &one in cells.ones() {
            self.cells[one as usize] += 1;
        }
    }

    /// Adds another tally of the same layout.
    ///
    /// # Panics
    /// If the tallies differ in length.
    pub fn merge(&mut self, other: &Tally) {
        assert_eq!(self.cells.len(), other.cells.len(), "tallies of different layouts");
        self.n += other.n;
        for (sum, cell) in self.cells.iter_mut().zip(&other.cells) {
            *sum += cell;
        }
    }

    /// What has come since an earlier state of it.
    ///
    /// # Panics
    /// If it is no earlier state: of another layout, or with more in a cell.
    #[must_use]
    pub fn since(&self, before: &Tally) -> Tally {
        assert_eq!(self.cells.len(), before.cells.len(), "tallies of different layouts");
        let cells = self.cells.iter().zip(&before.cells).map(|(now, before)| now - before).collect();
        Tally { n: self.n - before.n, cells }
    }

    /// Whether this can be a sum of respondents in a layout.
    ///
    /// # Errors
    /// The first thing that gives it away.
    pub fn check(&self, layout: &Layout) -> Result<(), BadTally> {
        if self.cells.len() != layout.len() {
            return Err(BadTally::Length { got: self.cells.len(), want: layout.len() });
        }
        if let Some(cell) = self.cells.iter().position(|&count| count > self.n) {
            return Err(BadTally::CellAboveN { cell, count: self.cells[cell], n: self.n });
        }
        for (index, block) in layout.blocks.iter().enumerate() {
            let sum: u64 = block.of(&self.cells).iter().sum();
            if block.one_hot() && sum != self.n {
                return Err(BadTally::BlockSum { block: index, start: block.start, sum, n: self.n });
            }
            // An option is chosen by nobody who did not answer.
            if let Counts::Options(item) = block.counts {
                let answered = layout.block(Counts::Status(item)).map_or(self.n, |status| self.cells[status.start]);
                if let Some(option) = block.of(&self.cells).iter().position(|&count| count > answered) {
                    let cell = block.start + option;
                    return Err(BadTally::CellAboveN { cell, count: self.cells[cell], n: answered });
                }
                if sum < answered {
                    return Err(BadTally::BlockSum { block: index, start: block.start, sum, n: answered });
                }
            }
        }
        Ok(())
    }
}

/// Why a tally cannot be a sum of respondents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum BadTally {
    /// Another layout.
    #[error("has {got} cells, the questionnaire's layout has {want}")]
    Length {
        /// Cells there are.
        got: usize,
        /// Cells there should be.
        want: usize,
    },
    /// More ones than respondents.
    #[error("cell {cell} counts {count} of {n} respondents")]
    CellAboveN {
        /// Index of the cell.
        cell: usize,
        /// What it holds.
        count: u64,
        /// Respondents who can have been counted there.
        n: u64,
    },
    /// A block into which every respondent falls once does not add up.
    #[error("block {block} (from cell {start}) sums to {sum}, not to {n}")]
    BlockSum {
        /// Index of the block.
        block: usize,
        /// Its first cell.
        start: usize,
        /// What it sums to.
        sum: u64,
        /// What it must sum to.
        n: u64,
    },
}

/// A random name of a batch, by which a second post of the same batch is known: 32 hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BatchId(String);

/// Not a batch id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a batch id is 32 hexadecimal digits")]
pub struct NotABatchId;

impl BatchId {
    /// From 16 random bytes.
    pub fn new(random: [u8; 16]) -> Self {
        Self(crate::questionnaire::hex(&random))
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for BatchId {
    type Err = NotABatchId;

    fn from_str(text: &str) -> Result<Self, NotABatchId> {
        let good = text.len() == 32 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if good { Ok(Self(text.to_owned())) } else { Err(NotABatchId) }
    }
}

impl TryFrom<String> for BatchId {
    type Error = NotABatchId;

    fn try_from(text: String) -> Result<Self, NotABatchId> {
        text.parse()
    }
}

impl From<BatchId> for String {
    fn from(id: BatchId) -> Self {
        id.0
    }
}

/// A tally of n ≥ k respondents from one device: one of the two things that may be posted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Batch {
    /// Its random name.
    pub id: BatchId,
    /// Hash of the questionnaire.
    pub questionnaire: String,
    /// Where.
    pub area: AreaCode,
    /// On which day the batch was closed.
    pub day: Day,
    /// How.
    pub channel: Channel,
    /// Respondents.
    pub n: u64,
    /// Their sum; or, where there are masks, their masked sum modulo 2³².
    pub cells: Vec<u64>,
    /// One sealed seed a respondent, in hexadecimal digits ([`crate::mask`]); or none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub masks: Vec<String>,
}

/// Why a batch is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadBatch {
    /// Over [`BATCH_BYTES`].
    #[error("is larger than {BATCH_BYTES} bytes")]
    TooLarge,
    /// Not JSON, cut short, or not of this shape.
    #[error("{0}")]
    Unreadable(String),
    /// Of another questionnaire than the campaign's.
    #[error("the campaign fields the questionnaire {want}, not {got}")]
    Questionnaire {
        /// The hash in the batch.
        got: String,
        /// The campaign's.
        want: String,
    },
    /// The campaign takes nothing any more, or not yet.
    #[error("the campaign took batches from {from} to {until}")]
    Closed {
        /// First day.
        from: Day,
        /// Last day, grace included.
        until: Day,
    },
    /// Counted on a day on which nobody was asked.
    #[error("{day} lies outside the campaign, or in the future")]
    Day {
        /// The batch's day.
        day: Day,
    },
    /// Not one of the campaign's areas.
    #[error("{area} is no area of the campaign")]
    Area {
        /// The batch's area.
        area: String,
    },
    /// Not one of the campaign's channels, or one that sends no batches.
    #[error("the campaign takes no batches from the channel {channel}")]
    Channel {
        /// The batch's channel.
        channel: &'static str,
    },
    /// Too few respondents, or more than one device can have had.
    #[error("sums up {n} respondents; a batch has {k} to {BATCH_RESPONDENTS}")]
    Respondents {
        /// How many.
        n: u64,
        /// The campaign's k.
        k: u32,
    },
    /// Another number of masks than of respondents.
    #[error("has {got} masks for {n} respondents")]
    Masks {
        /// Masks there are.
        got: usize,
        /// Respondents.
        n: u64,
    },
    /// A mask that this collector cannot open, or a masked cell of more than 32 bits.
    #[error("mask or cell {index} cannot be read with this collector's keys")]
    Mask {
        /// Which one.
        index: usize,
    },
    /// No sum of respondents.
    #[error("{0}")]
    Tally(#[from] BadTally),
}

impl BadBatch {
    /// JSON pointer to what is wrong.
    pub fn at(&self) -> String {
        match self {
            Self::TooLarge | Self::Unreadable(_) | Self::Closed { .. } => String::new(),
            Self::Questionnaire { .. } => "/questionnaire".into(),
            Self::Day { .. } => "/day".into(),
            Self::Area { .. } => "/area".into(),
            Self::Channel { .. } => "/channel".into(),
            Self::Respondents { .. } => "/n".into(),
            Self::Masks { .. } => "/masks".into(),
            Self::Mask { index } => format!("/masks/{index}"),
            Self::Tally(BadTally::CellAboveN { cell, .. }) => format!("/cells/{cell}"),
            Self::Tally(BadTally::BlockSum { start, .. }) => format!("/cells/{start}"),
            Self::Tally(BadTally::Length { .. }) => "/cells".into(),
        }
    }
}

impl Batch {
    /// Closes a tally: `None` under k, so that a batch of fewer cannot be made.
    pub fn close(
        campaign: &Campaign,
        area: AreaCode,
        day: Day,
        channel: Channel,
        tally: &Tally,
        random: [u8; 16],
    ) -> Option<Self> {
        (tally.n >= u64::from(campaign.k)).then(|| Self {
            id: BatchId::new(random),
            questionnaire: campaign.questionnaire.clone(),
            area,
            day,
            channel,
            n: tally.n,
            cells: tally.cells.clone(),
            masks: Vec::new(),
        })
    }

    /// The batch of a masked sum, with one mask a respondent: `None` under k.
    #[expect(clippy::too_many_arguments, reason = "a batch has so many parts")]
    pub fn masked(
        k: u32,
        questionnaire: String,
        area: AreaCode,
        day: Day,
        channel: Channel,
        cells: &[u32],
        masks: Vec<String>,
        id: BatchId,
    ) -> Option<Self> {
        let (n, cells) = (masks.len() as u64, cells.iter().map(|&cell| cell.into()).collect());
        let enough = n >= u64::from(k.max(LEAST_K));
        enough.then_some(Self { id, questionnaire, area, day, channel, n, cells, masks })
    }

    /// Reads a posted batch. Parsing is checking; `today` is the collector's day.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn parse(
        bytes: &[u8],
        campaign: &Campaign,
        questionnaire: &Questionnaire,
        today: Day,
    ) -> Result<Self, BadBatch> {
        if bytes.len() > BATCH_BYTES {
            return Err(BadBatch::TooLarge);
        }
        let batch: Self = serde_json::from_slice(bytes).map_err(|error| BadBatch::Unreadable(error.to_string()))?;
        if batch.questionnaire != campaign.questionnaire {
            return Err(BadBatch::Questionnaire { got: batch.questionnaire, want: campaign.questionnaire.clone() });
        }
        // A device east of the collector may be a day ahead.
        if !campaign.open_on(batch.day) || batch.day > today.plus_days(1) {
            return Err(BadBatch::Day { day: batch.day });
        }
        if !campaign.areas.iter().any(|area| area.code == batch.area) {
            return Err(BadBatch::Area { area: batch.area.as_str().to_owned() });
        }
        // A phone's one respondent is no batch, whatever it says: phones send sealed reports.
        if batch.channel == Channel::Phone || !campaign.channels.contains(&batch.channel) {
            return Err(BadBatch::Channel { channel: batch.channel.name() });
        }
        if batch.n < u64::from(campaign.k) || batch.n > BATCH_RESPONDENTS {
            return Err(BadBatch::Respondents { n: batch.n, k: campaign.k });
        }
        if batch.masks.is_empty() {
            batch.tally().check(&questionnaire.layout)?;
        } else if batch.masks.len() as u64 != batch.n {
            return Err(BadBatch::Masks { got: batch.masks.len(), n: batch.n });
        }
        Ok(batch)
    }

    /// The sum, once the masks are off. `withdraw` opens a sealed seed.
    ///
    /// # Errors
    /// If a mask cannot be opened, or what is under them is no sum of respondents.
    pub fn open(&self, layout: &Layout, withdraw: impl Fn(&[u8]) -> Option<Seed>) -> Result<Tally, BadBatch> {
        if self.masks.is_empty() {
            return Ok(self.tally());
        }
        let cells = self.cells.iter().map(|&cell| u32::try_from(cell)).collect::<Result<Vec<_>, _>>();
        let mut cells = cells.map_err(|_| BadBatch::Mask { index: 0 })?;
        for (index, mask) in self.masks.iter().enumerate() {
            let seed = Some(mask).filter(|it| it.len() <= 2 * MASK_BYTES).and_then(|it| withdraw(&unhex(it)?));
            seed.ok_or(BadBatch::Mask { index })?.unmask(&mut cells);
        }
        let tally = Tally { n: self.n, cells: cells.into_iter().map(u64::from).collect() };
        tally.check(layout)?;
        Ok(tally)
    }

    /// Whether the campaign still takes it on a day. Asked only of a batch that was not counted before: a
    /// device that lost the acknowledgement must hear, however late, that nothing is left to send.
    ///
    /// # Errors
    /// [`BadBatch::Closed`].
    pub fn in_time(campaign: &Campaign, today: Day) -> Result<(), BadBatch> {
        let (from, until) = (campaign.opens, campaign.closes.plus_days(campaign.grace_days));
        if campaign.takes_on(today) { Ok(()) } else { Err(BadBatch::Closed { from, until }) }
    }

    /// The sum it carries.
    pub fn tally(&self) -> Tally {
        Tally { n: self.n, cells: self.cells.clone() }
    }
}
