//! What the results page reads: every figure of a campaign, from its released sums.

use serde::Serialize;

use crate::{
    area::AreaCode,
    campaign::{Area, Campaign, Channel},
    day::Day,
    disclosure,
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
        distribution::{Category, distribution},
        outcome::{Classes, Outcome},
        proportion::{Estimate, wilson},
        ranking::{Rank, ranking},
        rate::{Rate, rate},
        score::{Score, score},
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
    /// Respondents.
    pub n: u64,
    /// Confidence of the intervals.
    pub confidence: f64,
    /// The rates.
    pub indicators: Vec<IndicatorResult>,
    /// The distributions.
    pub items: Vec<ItemResult>,
    /// The score of a quiz.
    pub score: Option<Score>,
    /// How it was asked.
    pub field: Vec<FieldResult>,
    /// The rates by area of the campaign (those in the selection), all days of the selection together.
    pub areas: Vec<AreaResult>,
    /// The rates by day, all areas of the selection together.
    pub days: Vec<DayResult>,
    /// Sums that do not add up: sealed reports were forged. None of their respondents is in any figure.
    pub faults: Vec<FaultResult>,
    /// What came of the doors; none where nobody was met at k of them.
    pub fieldwork: Option<FieldworkResult>,
}

/// What came of the doors of the selected areas, all days together: a door that was called back at on another
/// day is still one door.
#[derive(Clone, Debug, PartialEq, Serialize)]
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
pub struct PartResult {
    /// The part.
    pub part: DayPart,
    /// Share of visits at which somebody opened; none where that was under k.
    pub opened: Option<Estimate>,
}

/// A sum that does not add up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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
pub struct IndicatorResult {
    /// Its name.
    pub id: String,
    /// Its heading.
    pub title: Text,
    /// Rates compare only while this stays the same.
    pub definition_version: String,
    /// The base that it is defined on.
    pub base: Base,
    /// The rate on both bases.
    pub estimates: Rate,
    /// How alike the respondents of an area are, on the indicator's base; none with fewer than two areas told.
    pub clusters: Option<Clusters>,
}

/// What clustering in areas does to a rate.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Clusters {
    /// From the areas whose rates are told, and nothing else.
    pub clustering: Clustering,
    /// The rate with the interval that this clustering leaves.
    pub widened: Estimate,
}

/// An item and its distribution.
#[derive(Clone, Debug, PartialEq, Serialize)]
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
    /// Respondents who were asked; none if they are fewer than k.
    pub asked: Option<u64>,
    /// The answers; none if fewer than k were asked.
    pub categories: Vec<Category>,
}

/// One way in which it was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldResult {
    /// `order` or `mode`.
    pub id: &'static str,
    /// Counts by category.
    pub categories: Vec<FieldCategory>,
}

/// A count of respondents asked in one way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldCategory {
    /// `forward`, `reversed`, `self_completed`, `read_aloud`.
    pub id: &'static str,
    /// Respondents.
    pub count: u64,
}

/// A rate in a table by area or day.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TableRate {
    /// Name of the indicator.
    pub id: String,
    /// The rate on both bases.
    pub estimates: Rate,
    /// In a table of areas: its rank, and the ranks that cannot be told from it; none where the rate is not told,
    /// fewer than two are, or there are more than [`RANKED`].
    pub rank: Option<Rank>,
}

/// So many areas are ranked against each other: the work grows with the square.
pub const RANKED: usize = 400;

/// An area's row.
#[derive(Clone, Debug, PartialEq, Serialize)]
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
pub struct DayResult {
    /// The day.
    pub day: Day,
    /// Respondents.
    pub n: u64,
    /// The rates.
    pub indicators: Vec<TableRate>,
}

impl Results {
    /// Computes every figure of a selection from released leaves.
    pub fn of(campaign: Campaign, questionnaire: &Questionnaire, leaves: &[Leaf], selection: Selection) -> Self {
        let (faulty, taken): (Vec<&Leaf>, Vec<&Leaf>) =
            leaves.iter().filter(|leaf| selection.takes(leaf)).partition(|leaf| leaf.fault.is_some());
        let fault = |leaf: &Leaf| FaultResult {
            area: leaf.area.clone(),
            day: leaf.day,
            channel: leaf.channel,
            n: leaf.tally.n,
            fault: leaf.fault.clone().unwrap_or_default(),
        };
        let mut faults: Vec<FaultResult> = faulty.into_iter().map(fault).collect();
        faults.sort_by(|a, b| (a.day, &a.area, a.channel).cmp(&(b.day, &b.area, b.channel)));
        let sum = |keep: &dyn Fn(&Leaf) -> bool| {
            let mut sum = Tally::empty(questionnaire.layout.len());
            taken.iter().filter(|leaf| keep(leaf)).for_each(|leaf| sum.merge(&leaf.tally));
            sum
        };
        let total = sum(&|_| true);
        let in_selection = |area: &&Area| selection.area.as_ref().is_none_or(|within| area.code.within(within));
        let areas = campaign.areas.iter().filter(in_selection).map(|area| {
            let sum = sum(&|leaf| leaf.area == area.code);
            let rates = if sum.n > 0 { table_rates(questionnaire, &sum, campaign.k) } else { Vec::new() };
            AreaResult {
                code: area.code.clone(),
                name: area.name.clone(),
                n: (sum.n > 0).then_some(sum.n),
                indicators: rates,
            }
        });
        let areas = ranked(questionnaire, areas.collect());
        let mut days: Vec<Day> = taken.iter().map(|leaf| leaf.day).collect();
        days.sort_unstable();
        days.dedup();
        let days = days.into_iter().map(|day| {
            let sum = sum(&|leaf| leaf.day == day);
            DayResult { day, n: sum.n, indicators: table_rates(questionnaire, &sum, campaign.k) }
        });
        let days = days.collect();
        Self {
            questionnaire_id: questionnaire.definition.id.clone(),
            version: questionnaire.definition.version.clone(),
            title: questionnaire.definition.title.clone(),
            k: campaign.k,
            n: total.n,
            confidence: 0.95,
            indicators: clustered(indicators(questionnaire, &total, campaign.k), &areas),
            items: items(questionnaire, &total, campaign.k),
            score: score(questionnaire, &total),
            field: field(questionnaire, &total),
            areas,
            days,
            faults,
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

/// Every indicator of a questionnaire over a tally, on bases of k respondents or more (0: all).
pub fn indicators(questionnaire: &Questionnaire, tally: &Tally, k: u32) -> Vec<IndicatorResult> {
    let result = |(index, indicator): (usize, &crate::questionnaire::Indicator)| IndicatorResult {
        id: indicator.definition.id.clone(),
        title: indicator.definition.title.clone(),
        definition_version: indicator.definition.definition_version.clone(),
        base: indicator.definition.base,
        estimates: disclosure::show_rate(rate(questionnaire, tally, index), k),
        clusters: None,
    };
    questionnaire.indicators.iter().enumerate().map(result).collect()
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

fn table_rates(questionnaire: &Questionnaire, tally: &Tally, k: u32) -> Vec<TableRate> {
    let result = |(index, indicator): (usize, &crate::questionnaire::Indicator)| TableRate {
        id: indicator.definition.id.clone(),
        estimates: disclosure::show_rate(rate(questionnaire, tally, index), k),
        rank: None,
    };
    questionnaire.indicators.iter().enumerate().map(result).collect()
}

fn items(questionnaire: &Questionnaire, tally: &Tally, k: u32) -> Vec<ItemResult> {
    let result = |(index, item): (usize, &crate::questionnaire::Item)| {
        let shown = disclosure::show_distribution(distribution(questionnaire, tally, index)?, k);
        Some(ItemResult {
            id: item.definition.id.clone(),
            kind: item.definition.kind,
            text: item.definition.text.clone(),
            section: questionnaire.definition.sections[item.section].title.clone(),
            asked: shown.as_ref().map(|it| it.asked),
            categories: shown.map_or_else(Vec::new, |it| it.categories),
        })
    };
    questionnaire.items.iter().enumerate().filter_map(result).collect()
}

fn field(questionnaire: &Questionnaire, tally: &Tally) -> Vec<FieldResult> {
    let blocks =
        [("order", Counts::Order, ["forward", "reversed"]), ("mode", Counts::Mode, ["self_completed", "read_aloud"])];
    let result = |(id, counts, names): (&'static str, Counts, [&'static str; 2])| {
        let cells = questionnaire.layout.block(counts)?.of(&tally.cells);
        let categories = names.into_iter().zip(cells).map(|(id, &count)| FieldCategory { id, count }).collect();
        Some(FieldResult { id, categories })
    };
    blocks.into_iter().filter_map(result).collect()
}
