//! What the results page reads: every figure of a campaign, from its released sums.

mod beside;
pub mod crossed;
pub mod fieldwork;
pub mod knowledge;
pub mod paging;
pub mod quality;
pub mod scale;
pub mod target;
pub mod view;
pub mod weighted;

use serde::Serialize;

use self::{
    beside::{clustered, ranked},
    crossed::{CrossedResult, crossed},
    fieldwork::{FieldworkResult, FieldworkSum},
    knowledge::{KeyResult, KnowledgeResult, key, knowledge},
    quality::{QualityResult, quality},
    scale::{ScaleResult, scale, unanswered},
    target::TargetResult,
    view::{Leaf, Line, View},
    weighted::WeightedResult,
};
use crate::{
    area::AreaCode,
    campaign::{Area, Campaign, Channel, Kind, places::Place},
    day::Day,
    disclosure::{
        Rule,
        bound::Bound,
        chains::Figure,
        points::ShownScore,
        shown::{Shown, ShownCategory},
    },
    layout::Counts,
    period::Period,
    questionnaire::{
        Questionnaire, Text,
        definition::{Base, ItemType},
    },
    statistic::{
        band::Band,
        clustering::Clustering,
        proportion::Estimate,
        ranking::Rank,
        rate::{Rate, rate},
    },
    tally::{BadTally, Tally},
};

/// Whose answers are looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct Selection {
    /// Areas within this one.
    pub area: Option<AreaCode>,
    /// This day or month only.
    pub period: Option<Period>,
}

/// What was fielded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct CampaignResult {
    /// Its name in addresses.
    pub id: String,
    /// Its heading.
    pub title: Text,
    /// Survey or quiz.
    pub kind: Kind,
    /// First day.
    pub opens: Day,
    /// Last day on which respondents are asked.
    pub closes: Day,
    /// In how many areas.
    pub areas: usize,
}

/// Every figure of a selection. Intervals are 95 % Wilson.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct Results {
    /// What was fielded.
    pub campaign: CampaignResult,
    /// Name of the questionnaire.
    pub questionnaire_id: String,
    /// Version of its wording.
    pub version: String,
    /// Its heading.
    pub title: Text,
    /// What these figures are of.
    pub selection: Selection,
    /// The selected area and what it lies in, by name, from the largest to the smallest.
    pub path: Vec<Area>,
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
    /// What is known of the topics of a quiz.
    pub knowledge: Option<KnowledgeResult>,
    /// How well a quiz measures; of the whole campaign only.
    pub quality: Option<QualityResult>,
    /// What only crossed answers tell; of the whole campaign only.
    pub crossed: Option<CrossedResult>,
    /// The rates of respondents weighted to a population; of a whole campaign for which it is known.
    pub weighted: Option<WeightedResult>,
    /// How it was asked.
    pub field: Vec<FieldResult>,
    /// How many rows the table of areas has, of which `areas` may be a page.
    pub rows: usize,
    /// The rates by area, one step down from the selected one, in the order of their codes.
    pub areas: Vec<AreaResult>,
    /// The rates by month or day, one step down from the selected period.
    pub periods: Vec<PeriodResult>,
    /// Sums that do not add up: sealed reports were forged. None of their respondents is in any figure, but for
    /// those who were in one before.
    pub faults: Vec<FaultResult>,
    /// What came of the doors; none where in each month of each area fewer than k were met.
    pub fieldwork: Option<FieldworkResult>,
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
    /// What does not add up, in English.
    pub fault: String,
    /// The same, to be said in other languages; none of a sum from before it was kept so.
    pub found: Option<BadTally>,
}

impl FaultResult {
    /// From what is kept of a fault: what was found as JSON, or, from before, in English.
    pub fn of((area, day, channel): (AreaCode, Day, Channel), n: u64, kept: String) -> Self {
        let found: Option<BadTally> = serde_json::from_str(&kept).ok();
        let fault = found.as_ref().map_or(kept, BadTally::to_string);
        Self { area, day, channel, n, fault, found }
    }
}

/// An indicator and its rate.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct IndicatorResult {
    /// Its name.
    pub id: String,
    /// Its heading.
    pub title: Text,
    /// Name of the item whose answers it counts.
    pub item: String,
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
    /// What it should reach, if that is set, and how it stands to that.
    pub target: Option<TargetResult>,
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
    /// Of an item with one answer: those who gave no opinion, of those who were asked; none where it is not told, and where
    /// everybody had to give one.
    pub unanswered: Option<Estimate>,
    /// Where on a scale the others stand; none where it is none, and where nothing is told.
    pub scale: Option<ScaleResult>,
    /// In a quiz, of an item with a key: what is right, and how many know it.
    pub key: Option<KeyResult>,
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
    /// How it stands to the indicator's target, by its own interval or bound; none without a target, or where what is
    /// told decides none.
    pub band: Option<Band>,
}

/// So many areas are ranked against each other: the work grows with the square.
pub const RANKED: usize = 400;

/// An area's row.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct AreaResult {
    /// Its code.
    pub code: AreaCode,
    /// Its name, if it has one.
    pub name: Option<Text>,
    /// How many of the campaign's areas it holds; 1 of itself.
    pub areas: usize,
    /// Respondents; none while nothing is released.
    pub n: Option<u64>,
    /// Respondents whose answers were in a step.
    pub told: u64,
    /// The rates; nothing while no respondents are told.
    pub indicators: Vec<TableRate>,
}

/// The row of a day or a month.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct PeriodResult {
    /// Which.
    pub period: Period,
    /// Respondents.
    pub n: u64,
    /// Respondents whose answers were in a step.
    pub told: u64,
    /// The rates.
    pub indicators: Vec<TableRate>,
}

impl Results {
    /// Computes every figure of a selection from the released leaves of a whole campaign. What is told is
    /// decided from all of them, so that no other selection gives away what this one does not tell.
    pub fn of(campaign: &Campaign, questionnaire: &Questionnaire, leaves: &[Leaf], selection: Selection) -> Self {
        let view = View::of(campaign, questionnaire, leaves, &selection);
        Self::shown(campaign, questionnaire, &view, selection)
    }

    /// Computes every figure of a view.
    pub fn shown(campaign: &Campaign, questionnaire: &Questionnaire, view: &View, selection: Selection) -> Self {
        let area = |(place, line): &(Place, Line)| AreaResult {
            code: place.code.clone(),
            name: place.name.clone(),
            areas: place.areas,
            n: Some(line.n).filter(|n| *n > 0),
            told: view.shown(campaign, questionnaire, line).respondents(),
            indicators: if line.n > 0 { rates(view.shown(campaign, questionnaire, line)) } else { Vec::new() },
        };
        let mut areas = ranked(questionnaire, view.areas.iter().map(area).collect());
        let period = |(period, line): &(Period, Line)| PeriodResult {
            period: *period,
            n: line.n,
            told: view.shown(campaign, questionnaire, line).respondents(),
            indicators: rates(view.shown(campaign, questionnaire, line)),
        };
        let mut periods: Vec<PeriodResult> = view.periods.iter().map(period).collect();
        let of = view.shown(campaign, questionnaire, &view.total);
        let (items, score) = (items(of), of.score());
        let indicators = target::totals(campaign, clustered(shown_indicators(of), &areas));
        target::rows(&indicators, &mut areas, &mut periods);
        Self {
            campaign: CampaignResult {
                id: campaign.id.clone(),
                title: campaign.title.clone(),
                kind: campaign.kind,
                opens: campaign.opens,
                closes: campaign.closes,
                areas: campaign.areas.len(),
            },
            questionnaire_id: questionnaire.definition.id.clone(),
            version: questionnaire.definition.version.clone(),
            title: questionnaire.definition.title.clone(),
            path: selection.area.as_ref().map_or_else(Vec::new, |area| campaign.path(area)),
            k: campaign.k,
            rule: Rule::of(campaign.k, campaign.rounding),
            n: view.total.n,
            told: of.respondents(),
            confidence: 0.95,
            indicators,
            knowledge: knowledge(questionnaire, &items, of.respondents()),
            items,
            quality: view.whole.as_ref().and_then(|whole| quality(of, score.as_ref(), whole)),
            score,
            crossed: view.whole.as_ref().and_then(|whole| crossed(of, whole)),
            weighted: None,
            field: field(of),
            rows: areas.len(),
            areas,
            periods,
            faults: view.faults.clone(),
            fieldwork: None,
            selection,
        }
    }

    /// Whose doors are told of: all that is selected, then each row of the table of areas. None: the whole campaign's.
    pub fn doors_of(&self) -> Vec<Option<&AreaCode>> {
        let rows = self.areas.iter().map(|row| Some(&row.code));
        [self.selection.area.as_ref()].into_iter().chain(rows).collect()
    }

    /// Adds what is told of the doors, in the order of [`Results::doors_of`].
    #[must_use]
    pub fn with_doors(self, told: &[FieldworkSum]) -> Self {
        let told = told.split_first();
        let fieldwork = told.and_then(|told| FieldworkResult::of(told, &self.areas, self.selection.period, self.k));
        Self { fieldwork, ..self }
    }
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
    let crate::questionnaire::Indicator { definition, item, .. } = &questionnaire.indicators[index];
    IndicatorResult {
        id: definition.id.clone(),
        title: definition.title.clone(),
        item: questionnaire.items[*item].definition.id.clone(),
        definition_version: definition.definition_version.clone(),
        base: definition.base,
        estimates,
        bound,
        clusters: None,
        target: None,
    }
}

fn shown_indicators(shown: Shown) -> Vec<IndicatorResult> {
    let result = |index| indicator(shown.questionnaire, index, shown.rate(index));
    (0..shown.questionnaire.indicators.len()).map(result).collect()
}

fn rates(shown: Shown) -> Vec<TableRate> {
    let result = |(index, indicator): (usize, &crate::questionnaire::Indicator)| {
        let (estimates, bound) = shown.rate(index);
        TableRate { id: indicator.definition.id.clone(), estimates, bound, rank: None, band: None }
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
            unanswered: unanswered(shown, index),
            scale: scale(shown, index),
            key: key(questionnaire, item, &categories),
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
