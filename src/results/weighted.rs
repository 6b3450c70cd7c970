//! Rates of respondents who are weighted to the margins of a population.

use serde::Serialize;

use super::Results;
use crate::{
    area::AreaCode,
    disclosure::exchange::{Range, Ranged, SHARE, as_far, exchanges},
    questionnaire::{Questionnaire, definition::Base},
    statistic::{
        margins::Margins,
        strata::Stratum,
        weighting::{WeightedRate, match_margins, weighted_by_area, weighted_rate},
    },
    tally::Tally,
};

/// Weighted rates, and to what respondents are weighted.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct WeightedResult {
    /// Where the sizes of the groups come from.
    pub source: String,
    /// By what respondents are grouped: items or indicators, or `area`.
    pub by: Vec<String>,
    /// No respondent counts for more than so many times the average.
    pub cap: f64,
    /// The rates, of indicators that are crossed with the groups.
    pub rates: Vec<WeightedIndicator>,
}

/// The weighted rate of an indicator.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct WeightedIndicator {
    /// Name of the indicator.
    pub id: String,
    /// Of whom the rate is.
    pub base: Base,
    /// The rate; none where too few are told. By `area` it is exact, a function of the areas' rates that are told.
    pub rate: Option<Ranged>,
    /// Kish's effect of the weights, to a tenth; none without a rate.
    pub design_effect: Option<f64>,
    /// By `area`: share of the population in areas whose rates are told; the others are left out.
    pub covered: Option<f64>,
}

/// By which the effect of weights is told: it follows from the sizes of the groups, which are not.
const TENTHS: f64 = 10.0;

impl Results {
    /// Adds weighted rates to the figures of a whole campaign, from the sum of its steps.
    #[must_use]
    pub fn with_margins(self, questionnaire: &Questionnaire, whole: Option<&Tally>, margins: Option<&Margins>) -> Self {
        let weighted = whole.zip(margins).map(|(whole, margins)| WeightedResult {
            source: margins.source.clone(),
            by: margins.names(),
            cap: margins.cap,
            rates: if margins.by_area() {
                self.by_area(margins)
            } else {
                self.by_groups(questionnaire, whole, margins)
            },
        });
        Self { weighted, ..self }
    }

    /// What the areas' rates tell, if their populations are as they are.
    fn by_area(&self, margins: &Margins) -> Vec<WeightedIndicator> {
        let rate = |index: usize| {
            let indicator = &self.indicators[index];
            let told = self.areas.iter().map(|area| {
                let estimate = area.indicators.get(index).and_then(|rate| rate.estimates.on(indicator.base));
                (&area.code, estimate.map_or_else(Stratum::default, |it| Stratum { n: it.n, x: it.x }))
            });
            let told: Vec<(&AreaCode, Stratum)> = told.collect();
            let (weighted, covered) = weighted_by_area(&told, margins).ok().unzip();
            let weighted = weighted.flatten();
            let exact = |it: WeightedRate| Ranged {
                range: Range { low: it.rate, high: it.rate },
                interval: Range { low: it.low, high: it.high },
            };
            WeightedIndicator {
                id: indicator.id.clone(),
                base: indicator.base,
                rate: weighted.map(exact),
                design_effect: weighted.map(|it| it.design_effect.deff),
                covered,
            }
        };
        (0..self.indicators.len()).map(rate).collect()
    }

    /// What the joint block tells, of those indicators that it counts.
    fn by_groups(&self, questionnaire: &Questionnaire, whole: &Tally, margins: &Margins) -> Vec<WeightedIndicator> {
        let rate = |(index, indicator): (usize, &super::IndicatorResult)| {
            // A joint block of the indicator itself knows those who gave an opinion alone.
            let bases = [indicator.base, Base::Valid];
            let base = bases.into_iter().find(|base| match_margins(questionnaire, margins, index, *base).is_ok())?;
            // No margin tells areas apart, so that all respondents may be of one.
            let everywhere = &self.areas.first()?.code;
            let weighted = weighted_rate(questionnaire, &[(everywhere, whole)], margins, index, base).ok();
            let room = |it: &WeightedRate| exchanges(self.k) * it.heaviest / it.n as f64;
            let told = |it: WeightedRate| SHARE.told(it.rate, room(&it), as_far(it.rate, (it.low, it.high)));
            let rate = weighted.and_then(told);
            let effect = |it: WeightedRate| (it.design_effect.deff * TENTHS).round() / TENTHS;
            Some(WeightedIndicator {
                id: indicator.id.clone(),
                base,
                design_effect: rate.and(weighted).map(effect),
                rate,
                covered: None,
            })
        };
        self.indicators.iter().enumerate().filter_map(rate).collect()
    }
}
