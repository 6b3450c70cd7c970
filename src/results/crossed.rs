//! What only crossed answers tell: drivers and mode effects; how well a quiz measures stands in [`super::quality`]. Of the
//! whole campaign, each as a range (see [`crate::disclosure::exchange`]); the performance of a driver is the rate that is
//! told anyway.

use serde::Serialize;

use crate::{
    disclosure::{
        exchange::{DIFFERENCE, Range, Ranged, as_far, exchanges},
        shown::Shown,
    },
    questionnaire::{Part, Questionnaire, Text},
    statistic::{
        correlation::{Correlation, by_exchange, correlation, fisher_interval},
        difference::difference,
        drivers::{self, Driver, Map, Quadrant},
        figure::Figure,
        mode_effect::shares,
        proportion::Estimate,
    },
    tally::Tally,
};

/// Everything that is told of crossed answers.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct CrossedResult {
    /// What goes together with the overall judgement; none where the questionnaire crosses no scales.
    pub drivers: Option<DriversResult>,
    /// Whether it matters how it was asked: of each indicator that the questionnaire crosses with it.
    pub effects: Vec<EffectResult>,
}

/// The domains on the importance–performance map.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct DriversResult {
    /// Name of the overall item.
    pub overall: String,
    /// Its words.
    pub text: Text,
    /// Where the map is cut, by the means of the domains on it: importance. None for fewer than two.
    pub importance: Option<f64>,
    /// And performance.
    pub performance: Option<f64>,
    /// The domains, in the order asked.
    pub domains: Vec<DomainResult>,
}

/// A domain.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct DomainResult {
    /// Name of its item.
    pub id: String,
    /// The heading of its indicator; without one, the question.
    pub title: Text,
    /// Correlation with the overall item, best points upwards; none where too few are told. It tells no cause.
    pub importance: Option<Ranged>,
    /// Rate of its indicator among those who gave an opinion; none where it is not told.
    pub performance: Option<Estimate>,
    /// What to do about it; none where the range of its importance or the interval of its performance crosses a cut.
    pub quadrant: Option<Quadrant>,
}

/// What a way of asking does to a rate.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct EffectResult {
    /// Name of the indicator.
    pub indicator: String,
    /// `order`: reversed less forward, each drawn. `mode`: read aloud less self-completed, neither drawn.
    pub asked: &'static str,
    /// The difference of the rates among those who gave an opinion; none where too few are told.
    pub difference: Option<Ranged>,
}

/// From the sum of all steps of the whole campaign, and what is shown of it; nothing where nothing is crossed.
pub(super) fn crossed(shown: Shown, whole: &Tally) -> Option<CrossedResult> {
    let (questionnaire, k) = (shown.questionnaire, shown.k);
    let found = CrossedResult { drivers: drivers(shown, whole), effects: effects(questionnaire, whole, k) };
    (found != CrossedResult::default()).then_some(found)
}

fn drivers(shown: Shown, whole: &Tally) -> Option<DriversResult> {
    let questionnaire = shown.questionnaire;
    let overall = drivers::overall(questionnaire)?;
    let tables = drivers::tables(questionnaire, whole, overall);
    let importance = |table: &Figure<Vec<Vec<u64>>>| {
        let Figure::Known(table) = table else { return None };
        let Correlation { n, r, .. } = correlation(table)?;
        DIFFERENCE.told(r, exchanges(shown.k) * by_exchange(table), |range| around_correlations(range, n))
    };
    let performance = |item| {
        let indicator = questionnaire.indicators.iter().position(|it| it.item == item)?;
        shown.rate(indicator).0.valid
    };
    let told: Vec<(usize, Option<Ranged>, Option<Estimate>)> =
        tables.iter().map(|(item, table)| (*item, importance(table), performance(*item))).collect();
    // On the map a domain stands at the middle of what is told.
    let on = |(item, importance, performance): &(usize, Option<Ranged>, Option<Estimate>)| Driver {
        item: *item,
        importance: importance.map(|it| Correlation { n: 0, r: it.range.middle(), low: None, high: None }).into(),
        performance: (*performance).into(),
    };
    let map = drivers::map(&told.iter().map(on).collect::<Vec<_>>());
    let domain = |(place, (item, importance, performance)): (usize, (usize, Option<Ranged>, Option<Estimate>))| {
        let definition = &questionnaire.items[item].definition;
        let indicator = questionnaire.indicators.iter().find(|it| it.item == item);
        let title = indicator.map_or(&definition.text, |it| &it.definition.title).clone();
        let on_a_side = |map: &Map| {
            let (range, performance) = (importance?.range, performance?);
            let clear = |low: f64, high: f64, cut: f64| high < cut || cut <= low;
            let sure = clear(range.low, range.high, map.importance)
                && clear(performance.low, performance.high, map.performance);
            map.quadrants[place].filter(|_| sure)
        };
        let quadrant = map.as_ref().and_then(on_a_side);
        DomainResult { id: definition.id.clone(), title, importance, performance, quadrant }
    };
    let definition = &questionnaire.items[overall].definition;
    Some(DriversResult {
        overall: definition.id.clone(),
        text: definition.text.clone(),
        importance: map.as_ref().map(|map| map.importance),
        performance: map.as_ref().map(|map| map.performance),
        domains: told.into_iter().enumerate().map(domain).collect(),
    })
}

/// The interval of correlations of n pairs that lie in a range: it grows with them. There is none of ±1.
pub(super) fn around_correlations(range: Range, n: u64) -> (f64, f64) {
    let [low, high] = [range.low, range.high].map(|r| fisher_interval(r, n));
    (low.map_or(-1.0, |it| it.0), high.map_or(1.0, |it| it.1))
}

/// A difference of two shares: an exchange moves it by one respondent of either.
pub(super) fn apart([a, b]: [Estimate; 2], k: u32) -> Option<Ranged> {
    let it = difference(&a, &b, 1.0);
    let each = 1.0 / a.n as f64 + 1.0 / b.n as f64;
    DIFFERENCE.told(it.difference, exchanges(k) * each, as_far(it.difference, (it.low, it.high)))
}

fn effects(questionnaire: &Questionnaire, whole: &Tally, k: u32) -> Vec<EffectResult> {
    let effect = |index: usize, (asked, part): (&'static str, Part)| {
        let difference = match shares(questionnaire, whole, index, part) {
            Figure::NotDeclared => return None,
            Figure::Known(shares) => apart(shares, k),
            _ => None,
        };
        let indicator = questionnaire.indicators[index].definition.id.clone();
        Some(EffectResult { indicator, asked, difference })
    };
    let of = |index| [("order", Part::Order), ("mode", Part::Mode)].map(|way| effect(index, way));
    (0..questionnaire.indicators.len()).flat_map(of).flatten().collect()
}
