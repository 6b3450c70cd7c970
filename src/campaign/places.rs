//! The rows of a table of areas: one step down from an area, or from the whole campaign.

use super::{Area, Campaign};
use crate::{
    area::{AreaCode, common, lengths},
    questionnaire::Text,
};

/// An area of a campaign, or what holds some of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its code.
    pub code: AreaCode,
    /// Its name, if it has one.
    pub name: Option<Text>,
    /// How many of the campaign's areas lie in it, or are it.
    pub areas: usize,
    /// The longest beginning that the codes of those have in common.
    pub prefix: String,
}

/// So many rows a table of areas has at most, but where codes do not tell them apart.
pub const BELOW: usize = 400;

impl Campaign {
    /// The areas within one, or all.
    pub fn within(&self, area: Option<&AreaCode>) -> &[Area] {
        let Some(area) = area else { return &self.areas };
        // Sorted, they stand together.
        let from = &self.areas[self.areas.partition_point(|it| it.code < *area)..];
        &from[..from.partition_point(|it| it.code.within(area))]
    }

    /// The longest beginning that the codes of the areas within one, or of all, have in common; `None` if there are none.
    pub fn prefix(&self, area: Option<&AreaCode>) -> Option<&str> {
        shared(self.within(area))
    }

    /// The regions and areas that lie in one, or in the whole campaign, and in none that is between; itself if it is one
    /// of the campaign's areas. Where more than [`BELOW`] have nothing between, they are put together by the digits
    /// of the next level of codes.
    pub fn below(&self, area: Option<&AreaCode>) -> Vec<Place> {
        let areas = self.within(area);
        let inside = |it: &&Area| area.is_none_or(|area| it.code.within(area) && it.code != *area);
        let mut named: Vec<&Area> = self.regions.iter().filter(inside).chain(areas).collect();
        named.sort_unstable_by(|a, b| a.code.cmp(&b.code));
        // Sorted, what lies in a place stands right behind it.
        let mut places: Vec<Place> = Vec::new();
        for it in named {
            if places.last().is_none_or(|last| !it.code.within(&last.code)) {
                let within = self.within(Some(&it.code));
                places.push(Place {
                    code: it.code.clone(),
                    name: Some(it.name.clone()),
                    areas: within.len(),
                    prefix: shared(within).unwrap_or_default().to_owned(),
                });
            }
        }
        if places.len() > BELOW { put_together(places, area) } else { places }
    }
}

/// What the codes of some sorted areas begin with: what the first and the last have in common, all have.
fn shared(sorted: &[Area]) -> Option<&str> {
    Some(common(sorted.first()?.code.as_str(), sorted.last()?.code.as_str()))
}

/// Places without anything between them, by the digits of the highest level that tells some of them apart.
fn put_together(places: Vec<Place>, area: Option<&AreaCode>) -> Vec<Place> {
    let longer = area.map_or(0, |area| area.as_str().len());
    for length in lengths().filter(|length| *length > longer) {
        let mut together: Vec<Place> = Vec::new();
        for place in &places {
            let code = place.code.first(length);
            match together.last_mut().filter(|last| last.code == code) {
                Some(last) => {
                    let prefix = common(&last.prefix, &place.prefix).to_owned();
                    *last = Place { name: None, areas: last.areas + place.areas, prefix, code };
                }
                None => together.push(Place { code, ..place.clone() }),
            }
        }
        if together.len() > 1 {
            return together;
        }
    }
    places
}
