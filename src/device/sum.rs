//! Sums of masked respondents, before they are a batch.

use serde::{Deserialize, Serialize};

use super::{Key, Person};
use crate::{
    campaign::{Campaign, Channel},
    day::Day,
    tally::{Batch, BatchId},
};

/// So many respondents make a batch even while another one waits: a post stays small.
pub(super) const LARGEST: usize = 500;

/// A sum of one campaign and area that is not a batch yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sum {
    pub(super) key: Key,
    /// Respondents that make a batch.
    pub(super) k: u32,
    /// The day of the latest respondent.
    pub(super) day: Day,
    /// Masked.
    cells: Vec<u32>,
    /// One sealed seed a respondent.
    masks: Vec<String>,
    /// The reports of its respondents, by name.
    pub(super) held: Vec<String>,
}

impl Sum {
    /// Of nobody.
    pub(super) fn empty(key: Key, campaign: &Limits, day: Day) -> Self {
        Self { key, k: campaign.k, day, cells: Vec::new(), masks: Vec::new(), held: Vec::new() }
    }

    /// Respondents.
    pub(super) fn n(&self) -> usize {
        self.masks.len()
    }

    /// Adds a respondent of the same questionnaire.
    pub(super) fn add(&mut self, person: Person, day: Day) {
        self.cells.resize(self.cells.len().max(person.cells.len()), 0);
        for (sum, cell) in self.cells.iter_mut().zip(&person.cells) {
            *sum = sum.wrapping_add(*cell);
        }
        self.masks.push(person.mask);
        self.held.extend(person.held);
        self.day = day;
    }

    /// Whether a batch can be made of it.
    pub(super) fn enough(&self) -> bool {
        self.n() >= self.k as usize
    }

    /// Whether each of its respondents has a report.
    pub(super) fn whole(&self) -> bool {
        self.n() > 0 && self.held.len() == self.n()
    }

    /// The batch, and the reports of its respondents; nothing under k.
    pub(super) fn close(&self, id: BatchId) -> Option<(Batch, Vec<String>)> {
        let Key { questionnaire, area, .. } = self.key.clone();
        let (day, cells, masks) = (self.day, &self.cells, self.masks.clone());
        let batch = Batch::masked(self.k, questionnaire, area, day, Channel::Tablet, cells, masks, id)?;
        Some((batch, self.held.clone()))
    }
}

/// What a sum must know of its campaign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Limits {
    pub(super) k: u32,
    pub(super) closes: Day,
}

impl From<&Campaign> for Limits {
    fn from(it: &Campaign) -> Self {
        Self { k: it.k, closes: it.closes }
    }
}
