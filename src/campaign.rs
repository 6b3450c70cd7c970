//! Campaigns: a questionnaire fielded in areas over a period.

pub mod places;

use serde::{Deserialize, Serialize};

use crate::{
    area::AreaCode,
    day::Day,
    questionnaire::{Questionnaire, Text, limit},
};

/// The least k that a campaign may set.
pub const LEAST_K: u32 = 5;

/// A campaign, as the collector tells it to the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, try_from = "Unchecked")]
pub struct Campaign {
    /// Its name in addresses: a–z, 0–9 and hyphens.
    pub id: String,
    /// Its heading.
    pub title: Text,
    /// Survey or quiz.
    pub kind: Kind,
    /// Hash of the questionnaire.
    pub questionnaire: String,
    /// Where it is fielded, in the order of codes: of what lies within another area one finds the first by halving.
    pub areas: Vec<Area>,
    /// What the areas lie in, by name, so that one of many is found from the top down. Each holds one of the
    /// campaign's areas at least, and is none of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub regions: Vec<Area>,
    /// First day.
    pub opens: Day,
    /// Last day on which respondents are asked.
    pub closes: Day,
    /// So many days after the last one, what was counted in time is still taken: a tablet may have had no signal.
    pub grace_days: u16,
    /// No batch and no figure comes from fewer respondents.
    pub k: u32,
    /// Counts of answers are published as multiples of this, up to 10; 1, unless it is given: as they are.
    #[serde(default = "exact", skip_serializing_if = "is_exact")]
    pub rounding: u32,
    /// Who may read its results; everybody, unless it is given.
    #[serde(default, skip_serializing_if = "Access::is_public")]
    pub results: Access,
    /// What its indicators should reach, each one once. The campaign has them and not the questionnaire: a target
    /// changes without a question changing, and differs from place to place. No page of a respondent's is told them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(not(target_arch = "wasm32"), schemars(skip))]
    pub targets: Vec<Target>,
    /// How respondents are reached.
    pub channels: Vec<Channel>,
    /// Who adds up what single respondents send.
    pub aggregators: Aggregators,
    /// The key to which tablets seal what is for the collector alone ([`crate::mask`]): hexadecimal digits of an
    /// encoded HPKE configuration. Told by the collector, which keeps the other half.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deposit: Option<String>,
    /// The public key that checks the codes on posters (see `place`): Ed25519, 64 hexadecimal digits. Not part of
    /// what is kept: the collector fills it in when it tells of the campaign.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signer: Option<String>,
}

/// The two aggregators of sealed reports: addresses of DAP, without a slash at the end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Aggregators {
    /// Takes the reports.
    pub leader: String,
    /// Gets its parts from the leader.
    pub helper: String,
}

impl Default for Aggregators {
    /// Both in the collector itself.
    fn default() -> Self {
        Self { leader: "/dap/leader".into(), helper: "/dap/helper".into() }
    }
}

impl Aggregators {
    /// Whether one body, the collector's, runs both.
    pub fn one_body(&self) -> bool {
        *self == Self::default()
    }

    /// The other sites that a report goes to, or whose keys it needs: scheme, host and port.
    pub fn sites(&self) -> Vec<String> {
        let site = |address: &String| {
            let (scheme, rest) = address.split_once("://")?;
            Some(format!("{scheme}://{}", rest.split('/').next()?))
        };
        [&self.leader, &self.helper].into_iter().filter_map(site).collect()
    }

    /// An address on this site, or one on the web; nothing in it could end a header's value.
    fn good(&self) -> bool {
        [&self.leader, &self.helper].into_iter().all(|it| {
            let known = ["/", "https://", "http://"].into_iter().any(|start| it.starts_with(start));
            known
                && it.len() <= 200
                && it.bytes().all(|byte| byte.is_ascii_alphanumeric() || b":/._-[]".contains(&byte))
        })
    }
}

/// What an indicator should reach.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// Name of the indicator.
    pub indicator: String,
    /// Its rate on the base that it is defined on: above 0, to 1.
    pub share: f64,
}

/// Who may read a campaign's results.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// Everybody.
    #[default]
    Public,
    /// Who shows a token of the collector's.
    SignedIn,
}

impl Access {
    fn is_public(&self) -> bool {
        *self == Self::Public
    }
}

/// What a campaign does on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It has not opened.
    NotYet,
    /// Respondents are asked.
    Open,
    /// Nobody is asked any more; what was counted in time is still taken.
    Grace,
    /// Nothing is taken any more.
    Closed,
}

/// Survey or quiz.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// There are no right answers.
    Survey,
    /// There are.
    Quiz,
}

/// How respondents are reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// On a tablet that a volunteer carries.
    Tablet,
    /// On their own phones; and the rest of a tablet that was under k, which goes out the same way.
    Phone,
}

impl Channel {
    /// Its name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Tablet => "tablet",
            Self::Phone => "phone",
        }
    }
}

/// An area with its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Area {
    /// Its code.
    pub code: AreaCode,
    /// Its name.
    pub name: Text,
}

impl Campaign {
    /// One of its areas, by its code.
    pub fn area(&self, code: &AreaCode) -> Option<&Area> {
        self.areas.binary_search_by(|area| area.code.cmp(code)).ok().map(|index| &self.areas[index])
    }

    /// What an area lies in, by name, from the largest to the smallest.
    pub fn regions_of(&self, area: &AreaCode) -> Vec<&Area> {
        let mut regions: Vec<&Area> = self.regions.iter().filter(|region| area.within(&region.code)).collect();
        regions.sort_unstable_by_key(|region| region.code.as_str().len());
        regions
    }

    /// An area of the campaign or around some of them and what it lies in, as far as they have names, from the largest to
    /// the smallest.
    pub fn path(&self, area: &AreaCode) -> Vec<Area> {
        self.regions_of(area).into_iter().chain(self.area(area)).cloned().collect()
    }

    /// What an indicator should reach, if that is set.
    pub fn target(&self, indicator: &str) -> Option<f64> {
        self.targets.iter().find(|target| target.indicator == indicator).map(|target| target.share)
    }

    /// The targets whose indicators a questionnaire does not have.
    pub fn strange_targets<'c>(&'c self, questionnaire: &Questionnaire) -> impl Iterator<Item = &'c Target> {
        let known = |target: &Target| questionnaire.indicators.iter().any(|it| it.definition.id == target.indicator);
        self.targets.iter().filter(move |target| !known(target))
    }

    /// Whether respondents are asked on this day.
    pub fn open_on(&self, day: Day) -> bool {
        self.opens <= day && day <= self.closes
    }

    /// Whether what was counted in time is still taken on this day.
    pub fn takes_on(&self, day: Day) -> bool {
        self.opens <= day && !self.closed_on(day)
    }

    /// Whether nothing is taken any more.
    pub fn closed_on(&self, day: Day) -> bool {
        day > self.last_taking()
    }

    /// The last day on which what was counted in time is taken.
    pub fn last_taking(&self) -> Day {
        self.closes.plus_days(self.grace_days)
    }

    /// What it does on a day.
    pub fn state_on(&self, day: Day) -> State {
        match () {
            () if day < self.opens => State::NotYet,
            () if day <= self.closes => State::Open,
            () if self.takes_on(day) => State::Grace,
            () => State::Closed,
        }
    }

    /// Ends it early, on a day that is its last: what was counted up to then is taken as long as the grace lasts. One
    /// that was to open later never does, and takes nothing. Nothing happens to one that has ended, and none is ever
    /// made to last longer: a campaign never reopens.
    pub fn end(&mut self, today: Day) {
        if let (State::NotYet, Some(yesterday)) = (self.state_on(today), today.previous()) {
            (self.opens, self.closes, self.grace_days) = (yesterday, yesterday, 0);
        }
        self.closes = self.closes.min(today);
    }
}

/// Counts are not rounded.
fn exact() -> u32 {
    1
}

fn is_exact(rounding: &u32) -> bool {
    *rounding == exact()
}

/// A campaign before its checks.
#[derive(Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct Unchecked {
    id: String,
    title: Text,
    kind: Kind,
    questionnaire: String,
    areas: Vec<Area>,
    opens: Day,
    closes: Day,
    grace_days: u16,
    k: u32,
    #[serde(default = "exact")]
    rounding: u32,
    #[serde(default)]
    results: Access,
    #[serde(default)]
    targets: Vec<Target>,
    channels: Vec<Channel>,
    #[serde(default)]
    aggregators: Aggregators,
    #[serde(default)]
    deposit: Option<String>,
    #[serde(default)]
    regions: Vec<Area>,
    #[serde(default)]
    signer: Option<String>,
}

/// What is wrong with a campaign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadCampaign {
    /// The id has other characters, or none, or too many.
    #[error("a campaign's id is 1 to 64 of a–z, 0–9 and hyphens")]
    Id,
    /// k would let too few respondents through.
    #[error("k is 5 at least")]
    K,
    /// Counts cannot be rounded so.
    #[error("counts are rounded to multiples of 1 to 10")]
    Rounding,
    /// It closes before it opens.
    #[error("the campaign closes before it opens")]
    Period,
    /// The grace is longer than a year.
    #[error("the grace is 366 days at most")]
    Grace,
    /// Two areas overlap: a respondent would be counted in both.
    #[error("one area lies within another")]
    Areas,
    /// A region stands twice, is an area itself, or holds none.
    #[error("a region holds one of the campaign's areas at least, is none of them, and stands once")]
    Regions,
    /// There are too many targets, two of an indicator, or one that is no share.
    #[error("a target is above 0, to 1 (100 %), and an indicator has one at most")]
    Targets,
    /// An aggregator's address is none.
    #[error("an aggregator's address begins with https:// and holds letters, digits and :/._-[] only")]
    Aggregators,
}

impl TryFrom<Unchecked> for Campaign {
    type Error = BadCampaign;

    fn try_from(mut it: Unchecked) -> Result<Self, BadCampaign> {
        let named = (1..=64).contains(&it.id.len())
            && it.id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        it.areas.sort_unstable_by(|a, b| a.code.cmp(&b.code));
        // Sorted, an area stands right before those within it.
        let overlap = it.areas.windows(2).any(|pair| pair[1].code.within(&pair[0].code));
        match () {
            () if !named => Err(BadCampaign::Id),
            () if it.k < LEAST_K => Err(BadCampaign::K),
            () if !(1..=10).contains(&it.rounding) => Err(BadCampaign::Rounding),
            () if it.closes < it.opens => Err(BadCampaign::Period),
            () if it.grace_days > 366 => Err(BadCampaign::Grace),
            () if overlap || it.areas.is_empty() => Err(BadCampaign::Areas),
            () if !good_regions(&it.regions, &it.areas) => Err(BadCampaign::Regions),
            () if !good_targets(&it.targets) => Err(BadCampaign::Targets),
            () if !it.aggregators.good() => Err(BadCampaign::Aggregators),
            () => Ok(Self {
                id: it.id,
                title: it.title,
                kind: it.kind,
                questionnaire: it.questionnaire,
                areas: it.areas,
                opens: it.opens,
                closes: it.closes,
                grace_days: it.grace_days,
                k: it.k,
                rounding: it.rounding,
                results: it.results,
                targets: it.targets,
                channels: it.channels,
                aggregators: it.aggregators,
                deposit: it.deposit,
                regions: it.regions,
                signer: it.signer,
            }),
        }
    }
}

/// Whether each target is a share, and of an indicator of its own.
fn good_targets(targets: &[Target]) -> bool {
    let mut names: Vec<&str> = targets.iter().map(|target| &*target.indicator).collect();
    names.sort_unstable();
    names.len() <= limit::INDICATORS
        && names.windows(2).all(|pair| pair[0] != pair[1])
        && targets.iter().all(|target| target.share > 0.0 && target.share <= 1.0)
}

/// Whether each region holds one of the areas, which are sorted, and stands once.
fn good_regions(regions: &[Area], areas: &[Area]) -> bool {
    // The first area that is not before a region is the region itself, or within it, or it holds none.
    let holds = |region: &AreaCode| {
        areas
            .get(areas.partition_point(|area| area.code < *region))
            .is_some_and(|area| area.code != *region && area.code.within(region))
    };
    let mut codes: Vec<&AreaCode> = regions.iter().map(|region| &region.code).collect();
    codes.sort_unstable();
    codes.windows(2).all(|pair| pair[0] != pair[1]) && codes.into_iter().all(holds)
}
