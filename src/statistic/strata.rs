//! Strata: the respondents of each group of the population, and how many of them are positive.

use super::{
    crosstab::{cells, opinions},
    margins::{AREA, Margins, MarginsFault},
    rate::rate,
};
use crate::{
    area::AreaCode,
    layout::{SpecialCategory, specials},
    questionnaire::{
        Part, Questionnaire,
        definition::{Base, ItemType},
    },
    tally::Tally,
};

/// One group of respondents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stratum {
    /// Respondents in the base.
    pub n: u64,
    /// Those who are positive.
    pub x: u64,
}

/// Every combination of groupings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Strata {
    /// Names of the groupings and of their groups.
    pub(super) groupings: Vec<(String, Vec<String>)>,
    /// One a combination, rows of the first grouping and so on.
    pub(super) strata: Vec<Stratum>,
    /// Respondents in the base who gave no opinion on a grouping.
    pub(super) left_out: u64,
}

/// An indicator, the base of its rate, and the joint block that crosses it with groupings.
pub(super) struct Outcome<'q> {
    questionnaire: &'q Questionnaire,
    indicator: usize,
    base: Base,
    /// The joint block and which of its parts tells who is positive; none where only areas are told apart.
    joint: Option<(usize, usize)>,
}

/// A grouping that can be told apart: a part of the joint block by its place, or the area.
struct Grouping {
    name: String,
    groups: Vec<String>,
    place: Option<usize>,
}

impl<'q> Outcome<'q> {
    /// Finds the indicator in the margins' joint block.
    pub(super) fn of(
        questionnaire: &'q Questionnaire,
        margins: &Margins,
        indicator: usize,
        base: Base,
    ) -> Result<Self, MarginsFault> {
        let Some(name) = &margins.joint else { return Ok(Self { questionnaire, indicator, base, joint: None }) };
        let joint = questionnaire.joints.iter().position(|joint| joint.id == *name);
        let joint = joint.ok_or_else(|| MarginsFault::UnknownJoint(name.clone()))?;
        let item = questionnaire.indicators[indicator].item;
        let place = |part| questionnaire.joints[joint].parts.iter().position(|it| *it == part);
        // Of a `multiple` item a joint block counts whether the answer was right, not the indicator.
        let multiple = questionnaire.items[item].definition.kind == ItemType::Multiple;
        let by_item = place(Part::Item(item)).filter(|_| !multiple);
        let outcome = match (by_item, place(Part::Indicator(indicator)), base) {
            (Some(outcome), _, _) | (None, Some(outcome), Base::Valid) => outcome,
            (None, Some(_), Base::All) => return Err(MarginsFault::Base(name.clone())),
            (None, None, _) => {
                let indicator = questionnaire.indicators[indicator].definition.id.clone();
                return Err(MarginsFault::NoIndicator { joint: name.clone(), indicator });
            }
        };
        Ok(Self { questionnaire, indicator, base, joint: Some((joint, outcome)) })
    }

    fn parts(&self) -> &'q [Part] {
        self.joint.map_or(&[], |(joint, _)| &self.questionnaire.joints[joint].parts)
    }

    /// Whether who falls into a category of the part that tells it is positive; `None` outside of the base.
    fn positive(&self, category: usize) -> Option<bool> {
        let indicator = &self.questionnaire.indicators[self.indicator];
        let item = &self.questionnaire.items[indicator.item];
        match self.joint.map(|(_, place)| self.parts()[place]) {
            Some(Part::Item(_)) => match category.checked_sub(item.options.len()) {
                None => Some(indicator.positive & (1 << category) != 0),
                Some(special) => {
                    let asked = specials(item).nth(special) != Some(SpecialCategory::NotAsked);
                    (self.base == Base::All && asked).then_some(false)
                }
            },
            _ => [Some(false), Some(true), None][category],
        }
    }

    /// The respondents in the base: the category of each part of the joint block, whether positive, how many.
    fn respondents(&self, tally: &Tally) -> Vec<(Vec<usize>, bool, u64)> {
        let Some((joint, place)) = self.joint else {
            let rate = rate(self.questionnaire, tally, self.indicator);
            let estimate = if self.base == Base::All { rate.all } else { rate.valid };
            return estimate.map_or_else(Vec::new, |it| vec![(vec![], true, it.x), (vec![], false, it.n - it.x)]);
        };
        let cells = cells(self.questionnaire, tally, joint).into_iter().flatten();
        let in_base = |(at, count): (Vec<usize>, u64)| self.positive(at[place]).map(|positive| (at, positive, count));
        cells.filter_map(in_base).collect()
    }

    /// The groupings that margins name, in the order of the joint block, the area last.
    fn groupings(&self, areas: &[(&AreaCode, &Tally)], margins: &Margins) -> Result<Vec<Grouping>, MarginsFault> {
        let outcome = self.joint.map(|(_, place)| place);
        let parts = self.parts().iter().enumerate().filter(|(place, _)| Some(*place) != outcome);
        let of_part = |(place, part): (usize, &Part)| {
            let (name, groups) = groups(self.questionnaire, *part);
            Grouping { name, groups, place: Some(place) }
        };
        let mut groupings: Vec<Grouping> = parts.map(of_part).collect();
        if groupings.iter().all(|it| it.name != AREA) {
            let mut codes: Vec<String> = areas.iter().map(|(code, _)| code.as_str().to_owned()).collect();
            codes.sort_unstable();
            codes.dedup();
            groupings.push(Grouping { name: AREA.to_owned(), groups: codes, place: None });
        }
        let names = || margins.margins.iter().flat_map(|margin| &margin.of);
        match names().find(|name| groupings.iter().all(|it| it.name != **name)) {
            Some(unknown) => Err(MarginsFault::UnknownGrouping(unknown.clone())),
            None => Ok(groupings.into_iter().filter(|it| names().any(|name| it.name == *name)).collect()),
        }
    }

    /// Counts the strata over the tallies of areas. What no margin speaks of is summed up.
    pub(super) fn strata(&self, areas: &[(&AreaCode, &Tally)], margins: &Margins) -> Result<Strata, MarginsFault> {
        let groupings = self.groupings(areas, margins)?;
        let mut strata = vec![Stratum::default(); groupings.iter().map(|it| it.groups.len()).product()];
        let mut left_out = 0;
        for (code, tally) in areas {
            for (at, positive, count) in self.respondents(tally) {
                let group = |it: &Grouping| match it.place {
                    Some(place) => Some(at[place]).filter(|group| *group < it.groups.len()),
                    None => it.groups.iter().position(|area| area == code.as_str()),
                };
                let place = groupings.iter().try_fold(0, |place, it| Some(place * it.groups.len() + group(it)?));
                match place {
                    Some(place) => {
                        strata[place].n += count;
                        strata[place].x += if positive { count } else { 0 };
                    }
                    None => left_out += count,
                }
            }
        }
        Ok(Strata { groupings: groupings.into_iter().map(|it| (it.name, it.groups)).collect(), strata, left_out })
    }
}

/// A part's name, and those of its groups.
fn groups(questionnaire: &Questionnaire, part: Part) -> (String, Vec<String>) {
    let fixed = |names: [&str; 2]| names.map(str::to_owned).into();
    let groups = match part {
        Part::Item(index) => {
            let item = &questionnaire.items[index];
            let options = item.options.iter().take(opinions(questionnaire, part)).map(|option| option.id.clone());
            let multiple = item.definition.kind == ItemType::Multiple;
            if multiple { fixed(["wrong", "right"]) } else { options.collect() }
        }
        Part::Indicator(_) => fixed(["negative", "positive"]),
        Part::Order => fixed(["forward", "reversed"]),
        Part::Mode => fixed(["self_completed", "read_aloud"]),
        Part::Score => {
            let bands = questionnaire.definition.quiz.as_ref().map_or(&[][..], |quiz| &quiz.score_bands);
            bands.iter().map(u32::to_string).collect()
        }
    };
    (questionnaire.part_name(part).to_owned(), groups)
}
