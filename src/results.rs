//! What the results page reads: every figure of a campaign, from its released sums.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    area::AreaCode,
    campaign::{Area, Campaign, Channel},
    day::Day,
    disclosure::{
        self, Rule,
        bound::Bound,
        chains::Figure,
        decisions::Decisions,
        points::ShownScore,
        shown::{Shown, ShownCategory},
    },
    disposition::Doors,
    fieldwork::DayPart,
    layout::Counts,
    questionnaire::{
        Questionnaire, Text,
        definition::{Base, ItemType},
    },
    statistic::{
        clustering::{Clustering, clustering},
        design_effect::widened,
        outcome::{Classes, Outcome},
        proportion::{Estimate, wilson},
        ranking::{Rank, ranking},
        rate::{Rate, rate},
    },
    tally::Tally,
};

/// The released sum of an area, day and channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// Where.
    pub area: AreaCode,
    /// When.
    pub day: Day,
    /// How.
    pub channel: Channel,
    /// The sum.
    pub tally: Tally,
    /// Why the sum is known to be wrong.
    pub fault: Option<String>,
    /// What of it was in each step of the campaign (see [`crate::disclosure`]), by the step's number.
    pub steps: Vec<(u32, Tally)>,
}

impl Leaf {
    /// Respondents who are shown: where the sum is wrong, those of the steps before.
    fn n(&self) -> u64 {
        if self.fault.is_none() { self.tally.n } else { self.steps.iter().map(|(_, tally)| tally.n).sum() }
    }
}

/// The sum of the fieldwork of an area in a part of its days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoorsLeaf {
    /// Where.
    pub area: AreaCode,
    /// Which part of the day.
    pub part: DayPart,
    /// What came of the doors.
    pub doors: Doors,
}

/// Which leaves are looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct Selection {
    /// Areas within this one.
    pub area: Option<AreaCode>,
    /// This day only.
    pub day: Option<Day>,
}

impl Selection {
    fn takes(&self, leaf: &Leaf) -> bool {
        self.area.as_ref().is_none_or(|area| leaf.area.within(area)) && self.day.is_none_or(|day| leaf.day == day)
    }
}

/// Every figure of a selection. Intervals are 95 % Wilson.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct Results {
    /// What was fielded.
    pub campaign: Campaign,
    /// Name of the questionnaire.
    pub questionnaire_id: String,
    /// Version of its wording.
    pub version: String,
    /// Its heading.
    pub title: Text,
    /// What these figures are of.
    pub selection: Selection,
    /// No figure comes from fewer respondents, none changes by fewer.
    pub k: u32,
    /// By which rule figures are told or not.
    pub rule: Rule,
    /// Respondents.
    pub n: u64,
    /// Respondents whose answers were in a step: of no more are the answers below.
    pub told: u64,
    /// Confidence of the intervals.
    pub confidence: f64,
    /// The rates.
    pub indicators: Vec<IndicatorResult>,
    /// The distributions.
    pub items: Vec<ItemResult>,
    /// The score of a quiz.
    pub score: Option<ShownScore>,
    /// How it was asked.
    pub field: Vec<FieldResult>,
    /// The rates by area of the campaign (those in the selection), all days of the selection together.
    pub areas: Vec<AreaResult>,
    /// The rates by day, all areas of the selection together.
    pub days: Vec<DayResult>,
    /// Sums that do not add up: sealed reports were forged. None of their respondents is in any figure, but for
    /// those who were in one before.
    pub faults: Vec<FaultResult>,
    /// What came of the doors; none where nobody was met at k of them.
    pub fieldwork: Option<FieldworkResult>,
}

/// What came of the doors of the selected areas, all days together: a door that was called back at on another
/// day is still one door.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct FieldworkResult {
    /// All areas below that are told.
    pub total: DoorsResult,
    /// Each area; none where fewer than k were met.
    pub areas: Vec<AreaDoors>,
    /// When somebody opens: all areas that are told together.
    pub parts: Vec<PartResult>,
}

/// The doors of an area.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct AreaDoors {
    /// Its code.
    pub code: AreaCode,
    /// Its name.
    pub name: Text,
    /// Its doors; none where fewer than k were met.
    pub doors: Option<DoorsResult>,
}

/// Doors and AAPOR's rates of them.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct DoorsResult {
    /// Doors.
    pub doors: u64,
    /// Visits, call-backs among them.
    pub visits: u64,
    /// Doors at which somebody eligible was met.
    pub contacts: u64,
    /// Doors at which somebody answered to the end.
    pub completes: u64,
    /// Response rate 1.
    pub rr1: Option<Estimate>,
    /// Response rate 2.
    pub rr2: Option<Estimate>,
    /// Cooperation rate 1.
    pub coop1: Option<Estimate>,
    /// Refusal rate 1.
    pub ref1: Option<Estimate>,
    /// Contact rate 1.
    pub con1: Option<Estimate>,
}

/// How often somebody opens in a part of the day.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct PartResult {
    /// The part.
    pub part: DayPart,
    /// Share of visits at which somebody opened; none where that was under k.
    pub opened: Option<Estimate>,
}

/// A sum that does not add up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct FaultResult {
    /// Where.
    pub area: AreaCode,
    /// When.
    pub day: Day,
    /// How.
    pub channel: Channel,
    /// Reports that were added.
    pub n: u64,
    /// What does not add up.
    pub fault: String,
}

/// An indicator and its rate.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct IndicatorResult {
    /// Its name.
    pub id: String,
    /// Its heading.
    pub title: Text,
    /// Rates compare only while this stays the same.
    pub definition_version: String,
    /// The base that it is defined on.
    pub base: Base,
    /// The rate on both bases; none where it is not told.
    pub estimates: Rate,
    /// What is told of it instead.
    pub bound: Option<Bound>,
    /// How alike the respondents of an area are, on the indicator's base; none with fewer than two areas told.
    pub clusters: Option<Clusters>,
}

/// What clustering in areas does to a rate.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct Clusters {
    /// From the areas whose rates are told, and nothing else.
    pub clustering: Clustering,
    /// The rate with the interval that this clustering leaves.
    pub widened: Estimate,
}

/// An item and its distribution.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct ItemResult {
    /// Its name.
    pub id: String,
    /// What kind of question.
    #[serde(rename = "type")]
    pub kind: ItemType,
    /// The question.
    pub text: Text,
    /// Its section's heading.
    pub section: Text,
    /// Respondents who were asked; none where it is not told.
    pub asked: Option<u64>,
    /// The answers; none if it is not told how many were asked.
    pub categories: Vec<ShownCategory>,
}

/// One way in which it was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct FieldResult {
    /// `order` or `mode`.
    pub id: &'static str,
    /// Counts by category.
    pub categories: Vec<FieldCategory>,
}

/// A count of respondents asked in one way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct FieldCategory {
    /// `forward`, `reversed`, `self_completed`, `read_aloud`.
    pub id: &'static str,
    /// Respondents; none where it is not told.
    pub count: Option<u64>,
}

/// A rate in a table by area or day.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct TableRate {
    /// Name of the indicator.
    pub id: String,
    /// The rate on both bases; none where it is not told.
    pub estimates: Rate,
    /// What is told of it instead.
    pub bound: Option<Bound>,
    /// In a table of areas: its rank, and the ranks that cannot be told from it; none where the rate is not told,
    /// fewer than two are, or there are more than [`RANKED`].
    pub rank: Option<Rank>,
}

/// So many areas are ranked against each other: the work grows with the square.
pub const RANKED: usize = 400;

/// An area's row.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct AreaResult {
    /// Its code.
    pub code: AreaCode,
    /// Its name.
    pub name: Text,
    /// Respondents; none while nothing is released.
    pub n: Option<u64>,
    /// The rates.
    pub indicators: Vec<TableRate>,
}

/// A day's row.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct DayResult {
    /// The day.
    pub day: Day,
    /// Respondents.
    pub n: u64,
    /// The rates.
    pub indicators: Vec<TableRate>,
}

impl Results {
    /// Computes every figure of a selection from the released leaves of the whole campaign. What is told is
    /// decided from all of them, so that no other selection gives away what this one does not tell.
    pub fn of(campaign: Campaign, questionnaire: &Questionnaire, leaves: &[Leaf], selection: Selection) -> Self {
        let decisions = Decisions::of(&campaign, questionnaire, leaves);
        let shown = |area: Option<&AreaCode>, day: Option<Day>| Shown {
            decisions: &decisions,
            questionnaire,
            key: decisions.key(area, day),
            k: campaign.k,
            rounding: campaign.rounding,
        };
        let total = shown(selection.area.as_ref(), selection.day);
        let taken: Vec<&Leaf> = leaves.iter().filter(|leaf| selection.takes(leaf)).collect();
        let (by_area, by_day) = (count(&taken, |leaf| &leaf.area), count(&taken, |leaf| leaf.day));
        let in_selection = |area: &&Area| selection.area.as_ref().is_none_or(|within| area.code.within(within));
        let area = |area: &Area| {
            let n = by_area.get(&area.code).copied();
            AreaResult {
                code: area.code.clone(),
                name: area.name.clone(),
                n,
                indicators: n.map_or_else(Vec::new, |_| rates(shown(Some(&area.code), selection.day))),
            }
        };
        let areas = ranked(questionnaire, campaign.areas.iter().filter(in_selection).map(area).collect());
        let day = |(&day, &n): (&Day, &u64)| DayResult {
            day,
            n,
            indicators: rates(shown(selection.area.as_ref(), Some(day))),
        };
        Self {
            questionnaire_id: questionnaire.definition.id.clone(),
            version: questionnaire.definition.version.clone(),
            title: questionnaire.definition.title.clone(),
            k: campaign.k,
            rule: Rule::of(campaign.k, campaign.rounding),
            n: by_day.values().sum(),
            told: total.respondents(),
            confidence: 0.95,
            indicators: clustered(shown_indicators(total), &areas),
            items: items(total),
            score: total.score(),
            field: field(total),
            areas,
            days: by_day.iter().map(day).collect(),
            faults: faults(&taken),
            fieldwork: None,
            selection,
            campaign,
        }
    }

    /// Adds what came of the doors.
    #[must_use]
    pub fn with_doors(self, leaves: &[DoorsLeaf]) -> Self {
        let fieldwork = fieldwork(&self, leaves);
        Self { fieldwork, ..self }
    }
}

/// The total is of the areas that are told, so that it tells nothing of the others.
fn fieldwork(results: &Results, leaves: &[DoorsLeaf]) -> Option<FieldworkResult> {
    let sum = |keep: &dyn Fn(&DoorsLeaf) -> bool| {
        let mut sum = Doors::empty();
        leaves.iter().filter(|leaf| keep(leaf)).for_each(|leaf| sum.merge(&leaf.doors));
        sum
    };
    let met = |doors: &Doors| disclosure::enough(doors.contacts(), results.k);
    let rows = results.areas.iter().map(|area| (area, sum(&|leaf| leaf.area == area.code)));
    let rows: Vec<_> = rows.map(|(area, doors)| (area, Some(doors).filter(met))).collect();
    let told = |leaf: &DoorsLeaf| rows.iter().any(|(area, doors)| area.code == leaf.area && doors.is_some());
    let total = Some(sum(&told)).filter(met)?;
    let area = |(area, doors): &(&AreaResult, Option<Doors>)| AreaDoors {
        code: area.code.clone(),
        name: area.name.clone(),
        doors: doors.as_ref().map(DoorsResult::of),
    };
    let part = |part| {
        let doors = sum(&|leaf| leaf.part == part && told(leaf));
        let opened = wilson(doors.opened(), doors.visits()).filter(|it| disclosure::enough(it.x, results.k));
        PartResult { part, opened }
    };
    Some(FieldworkResult {
        total: DoorsResult::of(&total),
        areas: rows.iter().map(area).collect(),
        parts: DayPart::ALL.map(part).into(),
    })
}

impl DoorsResult {
    fn of(doors: &Doors) -> Self {
        let Outcome { rr1, rr2, coop1, ref1, con1, .. } = Classes::of(doors).outcome(None);
        let (total, visits) = (doors.total(), doors.visits());
        let (contacts, completes) = (doors.contacts(), doors.completes());
        Self { doors: total, visits, contacts, completes, rr1, rr2, coop1, ref1, con1 }
    }
}

/// The estimates of an indicator that are told of areas, with the index of each one's row.
fn told(areas: &[AreaResult], index: usize, base: Base) -> Vec<(usize, Estimate)> {
    let of = |(row, area): (usize, &AreaResult)| Some((row, area.indicators.get(index)?.estimates.on(base)?));
    areas.iter().enumerate().filter_map(of).collect()
}

/// Adds what clustering in areas does to each rate, from what is told of them.
fn clustered(indicators: Vec<IndicatorResult>, areas: &[AreaResult]) -> Vec<IndicatorResult> {
    let with = |(index, indicator): (usize, IndicatorResult)| {
        let estimates: Vec<Estimate> = told(areas, index, indicator.base).into_iter().map(|(_, it)| it).collect();
        let clusters =
            clustering(&estimates).zip(indicator.estimates.on(indicator.base)).map(|(clustering, estimate)| Clusters {
                clustering,
                widened: widened(estimate, clustering.design_effect.deff),
            });
        IndicatorResult { clusters, ..indicator }
    };
    indicators.into_iter().enumerate().map(with).collect()
}

/// Ranks the areas by each indicator, from what is told of them.
fn ranked(questionnaire: &Questionnaire, mut areas: Vec<AreaResult>) -> Vec<AreaResult> {
    for (index, indicator) in questionnaire.indicators.iter().enumerate() {
        let (rows, estimates): (Vec<usize>, Vec<Estimate>) =
            told(&areas, index, indicator.definition.base).into_iter().unzip();
        if (2..=RANKED).contains(&rows.len()) {
            // Areas are the clusters: within one there is no effect of them.
            for (row, rank) in rows.into_iter().zip(ranking(&estimates, 1.0)) {
                areas[row].indicators[index].rank = Some(rank);
            }
        }
    }
    areas
}

/// Respondents by what a leaf is of; nothing where there are none.
fn count<'l, K: Ord>(leaves: &[&'l Leaf], of: impl Fn(&'l Leaf) -> K) -> BTreeMap<K, u64> {
    let mut counts = BTreeMap::new();
    for leaf in leaves.iter().filter(|leaf| leaf.n() > 0) {
        *counts.entry(of(leaf)).or_insert(0) += leaf.n();
    }
    counts
}

/// The leaves that do not add up, by day.
fn faults(leaves: &[&Leaf]) -> Vec<FaultResult> {
    let fault = |leaf: &&Leaf| {
        Some(FaultResult {
            area: leaf.area.clone(),
            day: leaf.day,
            channel: leaf.channel,
            n: leaf.tally.n - leaf.n(),
            fault: leaf.fault.clone()?,
        })
    };
    let mut faults: Vec<FaultResult> = leaves.iter().filter_map(fault).collect();
    faults.sort_by(|a, b| (a.day, &a.area, a.channel).cmp(&(b.day, &b.area, b.channel)));
    faults
}

/// Every indicator of a questionnaire over a tally, with nothing held back: not to be published.
pub fn indicators(questionnaire: &Questionnaire, tally: &Tally) -> Vec<IndicatorResult> {
    let result = |index| indicator(questionnaire, index, (rate(questionnaire, tally, index), None));
    (0..questionnaire.indicators.len()).map(result).collect()
}

fn indicator(
    questionnaire: &Questionnaire,
    index: usize,
    (estimates, bound): (Rate, Option<Bound>),
) -> IndicatorResult {
    let definition = &questionnaire.indicators[index].definition;
    IndicatorResult {
        id: definition.id.clone(),
        title: definition.title.clone(),
        definition_version: definition.definition_version.clone(),
        base: definition.base,
        estimates,
        bound,
        clusters: None,
    }
}

fn shown_indicators(shown: Shown) -> Vec<IndicatorResult> {
    let result = |index| indicator(shown.questionnaire, index, shown.rate(index));
    (0..shown.questionnaire.indicators.len()).map(result).collect()
}

fn rates(shown: Shown) -> Vec<TableRate> {
    let result = |(index, indicator): (usize, &crate::questionnaire::Indicator)| {
        let (estimates, bound) = shown.rate(index);
        TableRate { id: indicator.definition.id.clone(), estimates, bound, rank: None }
    };
    shown.questionnaire.indicators.iter().enumerate().map(result).collect()
}

fn items(shown: Shown) -> Vec<ItemResult> {
    let questionnaire = shown.questionnaire;
    let result = |(index, item): (usize, &crate::questionnaire::Item)| {
        let (asked, categories) = shown.item(index)?;
        Some(ItemResult {
            id: item.definition.id.clone(),
            kind: item.definition.kind,
            text: item.definition.text.clone(),
            section: questionnaire.definition.sections[item.section].title.clone(),
            asked,
            categories: asked.map_or_else(Vec::new, |_| categories),
        })
    };
    questionnaire.items.iter().enumerate().filter_map(result).collect()
}

fn field(shown: Shown) -> Vec<FieldResult> {
    let blocks = [
        ("order", Figure::Order, Counts::Order, ["forward", "reversed"]),
        ("mode", Figure::Mode, Counts::Mode, ["self_completed", "read_aloud"]),
    ];
    let result = |(id, figure, counts, names): (&'static str, Figure, Counts, [&'static str; 2])| {
        let told = shown.ways(figure, counts)?;
        let categories = names.into_iter().zip(told).map(|(id, count)| FieldCategory { id, count }).collect();
        Some(FieldResult { id, categories })
    };
    blocks.into_iter().filter_map(result).collect()
}
