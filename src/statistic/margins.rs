//! Margins: how large the groups of the population are to which respondents are weighted.

use serde::{Deserialize, Serialize};

/// So many times the average respondent one may count for, if the file does not say otherwise.
pub const CAP: f64 = 5.0;

/// The name by which a margin groups by area, unless the joint block crosses something of that name.
pub const AREA: &str = "area";

/// A margins file. One margin over all groups makes for post-stratification, several for raking.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Margins {
    /// Where the figures come from, told with every weighted rate.
    pub source: String,
    /// The joint block that crosses the groups with the indicator; none to weight by `area` alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joint: Option<String>,
    /// So many times the average respondent one counts for at most: 1 or more.
    #[serde(default = "cap")]
    pub cap: f64,
    /// The population, by one or several groupings.
    pub margins: Vec<Margin>,
}

/// The population by one grouping.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Margin {
    /// What it is grouped by: items or indicators that the joint block crosses, or `area`.
    pub of: Vec<String>,
    /// Every combination of their options, once. A group that is not to be described has a population of 0.
    pub population: Vec<Population>,
}

/// The size of a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Population {
    /// One option of each: by its name, an area by its code.
    pub is: Vec<String>,
    /// People in it.
    pub count: u64,
}

fn cap() -> f64 {
    CAP
}

/// Why respondents cannot be weighted to margins.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum MarginsFault {
    /// No margin, or one of nothing.
    #[error("the margins name no groups")]
    Empty,
    /// A cap under 1.
    #[error("the cap is {0}; nobody can count for less than the average if nobody may count for more: 1 or more")]
    Cap(f64),
    /// A joint block that the questionnaire does not declare.
    #[error("the questionnaire declares no joint block `{0}`")]
    UnknownJoint(String),
    /// A joint block that does not count the indicator.
    #[error("the joint block `{joint}` crosses neither the indicator `{indicator}` nor its item")]
    NoIndicator {
        /// The joint block.
        joint: String,
        /// The indicator.
        indicator: String,
    },
    /// A joint block over the indicator cannot tell who was asked and gave no opinion.
    #[error(
        "the joint block `{0}` counts who gave an opinion only; for the base of all who were asked it would have to cross the item itself"
    )]
    Base(String),
    /// A grouping that is not counted.
    #[error("`{0}` is not crossed by the joint block")]
    UnknownGrouping(String),
    /// A grouping named twice in a margin.
    #[error("`{0}` is named twice in one margin")]
    RepeatedGrouping(String),
    /// A group that does not exist.
    #[error("the margin of {of}: there is no group {group}")]
    UnknownGroup {
        /// The margin.
        of: String,
        /// The group.
        group: String,
    },
    /// A group named twice.
    #[error("the margin of {of}: the group {group} is named twice")]
    RepeatedGroup {
        /// The margin.
        of: String,
        /// The group.
        group: String,
    },
    /// A group without a size.
    #[error("the margin of {of} does not say how large the group {group} is")]
    MissingGroup {
        /// The margin.
        of: String,
        /// The group.
        group: String,
    },
    /// Nobody in the population.
    #[error("the margin of {0} counts nobody")]
    NoPopulation(String),
    /// Margins of different populations.
    #[error("the margin of {of} counts {count} people, the first one {first}: not the same population")]
    OtherPopulation {
        /// The margin.
        of: String,
        /// Its people.
        count: u64,
        /// Those of the first margin.
        first: u64,
    },
    /// Nobody answered for a group of the population.
    #[error("nobody of the group {group} of the margin of {of} answered: join it with another")]
    NobodyAnswered {
        /// The margin.
        of: String,
        /// The group.
        group: String,
    },
    /// No weights fit all margins.
    #[error("no weights fit all margins at once")]
    NoFit,
}

/// How far the totals of two margins may lie apart, as a share: figures of different days never agree.
const SAME_POPULATION: f64 = 0.01;

impl Margin {
    /// The shares of the population by group, over these categories of its groupings: rows of the first, and so on.
    pub(super) fn shares(&self, groupings: &[&[String]]) -> Result<Vec<f64>, MarginsFault> {
        let of = self.of.join(" × ");
        let say = |is: &[String]| is.join(" × ");
        let mut counts: Vec<Option<u64>> = vec![None; groupings.iter().map(|it| it.len()).product()];
        for Population { is, count } in &self.population {
            let unknown = || MarginsFault::UnknownGroup { of: of.clone(), group: say(is) };
            if is.len() != groupings.len() {
                return Err(unknown());
            }
            let place = is.iter().zip(groupings).try_fold(0, |place, (name, categories)| {
                Some(place * categories.len() + categories.iter().position(|it| it == name)?)
            });
            let slot = &mut counts[place.ok_or_else(unknown)?];
            if slot.replace(*count).is_some() {
                return Err(MarginsFault::RepeatedGroup { of, group: say(is) });
            }
        }
        if let Some(group) = counts.iter().position(Option::is_none) {
            return Err(MarginsFault::MissingGroup { of, group: group_name(groupings, group) });
        }
        let total = self.total();
        if total == 0 {
            return Err(MarginsFault::NoPopulation(of));
        }
        Ok(counts.into_iter().flatten().map(|count| count as f64 / total as f64).collect())
    }

    fn total(&self) -> u64 {
        self.population.iter().map(|it| it.count).sum()
    }
}

impl Margins {
    /// By what respondents are grouped, each named once.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for name in self.margins.iter().flat_map(|margin| &margin.of) {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        names
    }

    /// Whether they group by area and by nothing else.
    pub fn by_area(&self) -> bool {
        self.joint.is_none() && self.names() == [AREA]
    }

    /// What can be told without the questionnaire.
    pub(super) fn check(&self) -> Result<(), MarginsFault> {
        if self.cap.is_nan() || self.cap < 1.0 {
            return Err(MarginsFault::Cap(self.cap));
        }
        if self.margins.is_empty() || self.margins.iter().any(|margin| margin.of.is_empty()) {
            return Err(MarginsFault::Empty);
        }
        let first = self.margins[0].total();
        for margin in &self.margins {
            if let Some((_, twice)) = margin.of.iter().enumerate().find(|(i, name)| margin.of[..*i].contains(name)) {
                return Err(MarginsFault::RepeatedGrouping(twice.clone()));
            }
            let count = margin.total();
            if count.abs_diff(first) as f64 > SAME_POPULATION * first as f64 {
                return Err(MarginsFault::OtherPopulation { of: margin.of.join(" × "), count, first });
            }
        }
        Ok(())
    }
}

/// The name of a group by its place among all.
pub(super) fn group_name(groupings: &[&[String]], mut place: usize) -> String {
    let name = |categories: &&[String]| {
        let name = categories[place % categories.len()].clone();
        place /= categories.len();
        name
    };
    let mut names: Vec<String> = groupings.iter().rev().map(name).collect();
    names.reverse();
    names.join(" × ")
}
