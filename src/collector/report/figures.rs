//! The figures of a report, in order: what the results of a month and of the month before tell, and what follows from
//! that alone.

use std::collections::BTreeMap;

use crate::{
    area::AreaCode,
    collector::export::figures::flag,
    disclosure::bound::Bound,
    questionnaire::Text,
    results::{AreaResult, IndicatorResult, Results},
    statistic::{
        adjustment::benjamini_hochberg,
        band::Band,
        change::{Period, change},
        difference::Difference,
        proportion::Estimate,
        ranking::Rank,
    },
};

/// A change is marked if, of all that are marked, no more than this share is expected to be chance.
pub(super) const LEVEL: f64 = 0.05;

/// A rate in a month, beside the month before.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    /// On the base that the indicator is defined on; none where it is not told.
    pub(super) estimate: Option<Estimate>,
    /// What is told of it instead.
    pub(super) bound: Option<Bound>,
    /// What is told, by name (see [`flag`]).
    pub(super) flag: &'static str,
    /// How it stands to the target.
    pub(super) band: Option<Band>,
    /// In a table of areas.
    pub(super) rank: Option<Rank>,
    /// The month before; none where that is not told.
    pub(super) before: Option<Estimate>,
    /// What changed; none where either month is not told, or they did not measure the same.
    pub(super) change: Option<Change>,
}

/// What changed from the month before.
#[derive(Clone, Copy, Debug)]
pub(super) struct Change {
    /// This month's rate less that of the month before.
    pub(super) difference: Difference,
    /// It is more than chance would do, many changes looked at together.
    pub(super) beyond_chance: bool,
}

/// A row of a table of areas.
#[derive(Debug)]
pub(super) struct AreaLine<'r> {
    /// Its code.
    pub(super) code: &'r AreaCode,
    /// Its name, if it has one.
    pub(super) name: Option<&'r Text>,
    /// Respondents; none while nothing is released.
    pub(super) n: Option<u64>,
    /// Its rate.
    pub(super) line: Line,
}

/// An indicator: of all that is selected, and area by area.
#[derive(Debug)]
pub(super) struct Rated<'r> {
    /// Which, and its figures of the month.
    pub(super) indicator: &'r IndicatorResult,
    /// All that is selected.
    pub(super) total: Line,
    /// One step down, the highest rate first, then those that are not told; none where there is nothing below.
    pub(super) areas: Vec<AreaLine<'r>>,
}

/// The figures of a month. The month before is of the same areas.
pub(super) fn figures<'r>(now: &'r Results, before: Option<&'r Results>) -> Vec<Rated<'r>> {
    let rows: BTreeMap<&AreaCode, &AreaResult> =
        before.iter().flat_map(|before| &before.areas).map(|area| (&area.code, area)).collect();
    let itself = |area: &AreaResult| now.areas.len() == 1 && now.selection.area.as_ref() == Some(&area.code);
    let rated = |(index, indicator): (usize, &'r IndicatorResult)| {
        let earlier = before.and_then(|before| before.indicators.iter().find(|it| it.id == indicator.id));
        let areas = now.areas.iter().filter(|area| !itself(area)).map(|area| AreaLine {
            code: &area.code,
            name: area.name.as_ref(),
            n: area.n,
            line: area_line(indicator, earlier, area, rows.get(&area.code).copied(), index),
        });
        let mut areas: Vec<AreaLine> = areas.collect();
        let rate = |area: &AreaLine| area.line.estimate.map_or(-1.0, |it| it.rate);
        areas.sort_by(|a, b| rate(b).total_cmp(&rate(a)));
        Rated { indicator, total: total_line(now, indicator, earlier), areas }
    };
    let mut rated: Vec<Rated> = now.indicators.iter().enumerate().map(rated).collect();
    mark(rated.iter_mut().map(|it| &mut it.total));
    mark(rated.iter_mut().flat_map(|it| &mut it.areas).map(|area| &mut area.line));
    rated
}

fn total_line(now: &Results, indicator: &IndicatorResult, earlier: Option<&IndicatorResult>) -> Line {
    let deff = |of: &IndicatorResult| of.clusters.map_or(1.0, |it| it.clustering.design_effect.deff);
    // Neither month is relied on to have less of an effect than the other.
    let deff = earlier.map_or(1.0, deff).max(deff(indicator));
    let estimate = indicator.estimates.on(indicator.base);
    let before = earlier.and_then(|earlier| earlier.estimates.on(earlier.base));
    Line {
        estimate,
        bound: indicator.bound,
        flag: flag(estimate.as_ref(), indicator.bound.as_ref(), now.told),
        band: indicator.target.and_then(|target| target.band),
        rank: None,
        before,
        change: changed(indicator, earlier, (estimate, before), deff),
    }
}

fn area_line(
    indicator: &IndicatorResult,
    earlier: Option<&IndicatorResult>,
    now: &AreaResult,
    before: Option<&AreaResult>,
    index: usize,
) -> Line {
    let rate = now.indicators.get(index);
    let estimate = rate.and_then(|rate| rate.estimates.on(indicator.base));
    let before = before.and_then(|area| area.indicators.iter().find(|it| it.id == indicator.id));
    let before = before.zip(earlier).and_then(|(rate, earlier)| rate.estimates.on(earlier.base));
    let bound = rate.and_then(|rate| rate.bound);
    Line {
        estimate,
        bound,
        flag: flag(estimate.as_ref(), bound.as_ref(), now.told),
        band: rate.and_then(|rate| rate.band),
        rank: rate.and_then(|rate| rate.rank),
        before,
        // Areas are the clusters: within one there is no effect of them.
        change: changed(indicator, earlier, (estimate, before), 1.0),
    }
}

/// The change of a rate, not marked yet.
fn changed<'r>(
    indicator: &'r IndicatorResult,
    earlier: Option<&'r IndicatorResult>,
    (now, before): (Option<Estimate>, Option<Estimate>),
    deff: f64,
) -> Option<Change> {
    let earlier = earlier.filter(|earlier| earlier.base == indicator.base)?;
    let period = |of: &'r IndicatorResult, rate| Period { definition_version: &of.definition_version, rate };
    let change = change(period(earlier, before), period(indicator, now), deff);
    Some(Change { difference: change.known()?, beyond_chance: false })
}

/// Marks the changes that are beyond chance, all of them looked at together.
fn mark<'l>(lines: impl Iterator<Item = &'l mut Line>) {
    let mut changes: Vec<&mut Change> = lines.filter_map(|line| line.change.as_mut()).collect();
    // Where everybody answered the same there is nothing to test.
    changes.retain(|change| change.difference.p.is_some());
    let p: Vec<f64> = changes.iter().filter_map(|change| change.difference.p).collect();
    for (change, p) in changes.into_iter().zip(benjamini_hochberg(&p)) {
        change.beyond_chance = p < LEVEL;
    }
}
