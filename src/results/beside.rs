//! Areas beside each other: from what is told of them, and nothing else.

use super::{AreaResult, Clusters, IndicatorResult, RANKED};
use crate::{
    questionnaire::{Questionnaire, definition::Base},
    statistic::{clustering::clustering, design_effect::widened, proportion::Estimate, ranking::ranking},
};

/// The estimates of an indicator that are told of areas, with the index of each one's row.
fn told(areas: &[AreaResult], index: usize, base: Base) -> Vec<(usize, Estimate)> {
    let of = |(row, area): (usize, &AreaResult)| Some((row, area.indicators.get(index)?.estimates.on(base)?));
    areas.iter().enumerate().filter_map(of).collect()
}

/// Adds what clustering in areas does to each rate, from what is told of them.
pub(super) fn clustered(indicators: Vec<IndicatorResult>, areas: &[AreaResult]) -> Vec<IndicatorResult> {
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
pub(super) fn ranked(questionnaire: &Questionnaire, mut areas: Vec<AreaResult>) -> Vec<AreaResult> {
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
