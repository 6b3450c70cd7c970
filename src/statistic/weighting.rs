//! Weighted rates: respondents brought to the margins of a population.

use serde::Serialize;

use super::{
    design_effect::{DesignEffect, kish, wilson_effective},
    margins::{Margins, MarginsFault, group_name},
    post_stratification::post_stratify,
    raking::{Grouped, NoWeights, rake},
    strata::{Outcome, Strata, Stratum},
};
use crate::{
    area::AreaCode,
    questionnaire::{Questionnaire, definition::Base},
    tally::Tally,
};

/// A rate of weighted respondents, with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct WeightedRate {
    /// Respondents in the base who count for something.
    pub n: u64,
    /// Respondents in the base who do not: no opinion on a grouping, or of a group outside of the population.
    pub left_out: u64,
    /// Respondents whose weight was capped: the margins are met the less the more these are.
    pub capped: u64,
    /// So many times the average respondent counts who counts for most; 1 or more.
    pub heaviest: f64,
    /// From 0 to 1.
    pub rate: f64,
    /// Lower end of the interval: Wilson, of the effective number of respondents.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
    /// Kish's effect of the weights. A clustering's effect comes on top.
    pub design_effect: DesignEffect,
}

/// The rate of an indicator on a base, its respondents weighted to margins; over the tallies of areas, since margins
/// may tell areas apart. One margin that names every group makes for post-stratification, several for raking.
///
/// # Errors
/// What in the margins does not match the strata.
pub fn weighted_rate(
    questionnaire: &Questionnaire,
    areas: &[(&AreaCode, &Tally)],
    margins: &Margins,
    indicator: usize,
    base: Base,
) -> Result<WeightedRate, MarginsFault> {
    margins.check()?;
    let strata = Outcome::of(questionnaire, margins, indicator, base)?.strata(areas, margins)?;
    let groupings = margins.margins.iter().map(|margin| {
        let named = |name: &String| strata.groupings.iter().position(|(it, _)| it == name);
        let places: Vec<usize> = margin.of.iter().filter_map(named).collect();
        let groups: Vec<&[String]> = places.iter().map(|&place| &strata.groupings[place].1[..]).collect();
        Ok(Grouped { shares: margin.shares(&groups)?, group: grouped(&strata, &places) })
    });
    let groupings: Vec<Grouped> = groupings.collect::<Result<_, MarginsFault>>()?;
    let n: Vec<u64> = strata.strata.iter().map(|it| it.n).collect();
    let weights = rake(&n, &groupings).map_err(|reason| match reason {
        NoWeights::NoFit => MarginsFault::NoFit,
        NoWeights::NobodyAnswered { grouping, group } => {
            let of = &margins.margins[grouping].of;
            let groups = of.iter().filter_map(|name| strata.groupings.iter().find(|(it, _)| it == name));
            let groups: Vec<&[String]> = groups.map(|(_, groups)| &groups[..]).collect();
            MarginsFault::NobodyAnswered { of: of.join(" × "), group: group_name(&groups, group) }
        }
    })?;
    let rate = of_weights(&strata.strata, &weights, margins.cap).ok_or(MarginsFault::NoFit)?;
    Ok(WeightedRate { left_out: rate.left_out + strata.left_out, ..rate })
}

/// Whether margins match an indicator, its base and the joint block: what can be told before anybody has answered.
///
/// # Errors
/// What in the margins does not match.
pub fn match_margins(
    questionnaire: &Questionnaire,
    margins: &Margins,
    indicator: usize,
    base: Base,
) -> Result<(), MarginsFault> {
    match weighted_rate(questionnaire, &[], margins, indicator, base) {
        Ok(_) | Err(MarginsFault::NobodyAnswered { .. } | MarginsFault::NoFit) => Ok(()),
        Err(fault) => Err(fault),
    }
}

/// Whether margins match areas: what can be told before anybody has answered.
///
/// # Errors
/// What in the margins does not match.
pub fn match_areas(areas: &[&AreaCode], margins: &Margins) -> Result<(), MarginsFault> {
    let nobody: Vec<(&AreaCode, Stratum)> = areas.iter().map(|area| (*area, Stratum::default())).collect();
    weighted_by_area(&nobody, margins).map(drop)
}

/// The rate of areas' respondents, each area weighted to its population, and the share of the population that lives in
/// areas with respondents: of the others nothing is known, so they are left out. No rate where nobody is left.
///
/// # Errors
/// What in the margins does not match the areas.
pub fn weighted_by_area(
    areas: &[(&AreaCode, Stratum)],
    margins: &Margins,
) -> Result<(Option<WeightedRate>, f64), MarginsFault> {
    margins.check()?;
    let codes: Vec<String> = areas.iter().map(|(code, _)| code.as_str().to_owned()).collect();
    let mut shares = margins.margins[0].shares(&[&codes])?;
    let strata: Vec<Stratum> = areas.iter().map(|(_, stratum)| *stratum).collect();
    shares.iter_mut().zip(&strata).filter(|(_, stratum)| stratum.n == 0).for_each(|(share, _)| *share = 0.0);
    let covered = shares.iter().sum::<f64>();
    shares.iter_mut().filter(|_| covered > 0.0).for_each(|share| *share /= covered);
    let rate = if covered > 0.0 { post_stratified(&strata, &shares, margins.cap) } else { None };
    Ok((rate, covered))
}

/// The group of each stratum in a margin over some of the groupings.
fn grouped(strata: &Strata, places: &[usize]) -> Vec<usize> {
    let group = |stratum: usize| {
        let mut rest = stratum;
        let mut at: Vec<usize> =
            strata.groupings.iter().rev().map(|(_, groups)| (rest % groups.len(), rest /= groups.len()).0).collect();
        at.reverse();
        places.iter().fold(0, |group, &place| group * strata.groupings[place].1.len() + at[place])
    };
    (0..strata.strata.len()).map(group).collect()
}

/// The post-stratified rate of strata with shares of the population; `None` if nobody answered in a stratum that the
/// population has. Without a cap (infinity) it is Σ (N_h / N) p_h.
pub fn post_stratified(strata: &[Stratum], shares: &[f64], cap: f64) -> Option<WeightedRate> {
    let n: Vec<u64> = strata.iter().map(|it| it.n).collect();
    of_weights(strata, &post_stratify(&n, shares)?, cap)
}

/// The rate of strata under weights, capped at so many times the average; `None` if nobody counts.
pub fn of_weights(strata: &[Stratum], weights: &[f64], cap: f64) -> Option<WeightedRate> {
    let n: Vec<u64> = strata.iter().map(|it| it.n).collect();
    let (weights, capped) = capped(&n, weights, cap);
    let counted: Vec<(u64, f64)> = n.iter().copied().zip(weights.iter().copied()).collect();
    let design_effect = kish(&counted)?;
    let sum =
        |of: fn(&Stratum) -> u64| strata.iter().zip(&weights).map(|(it, weight)| of(it) as f64 * weight).sum::<f64>();
    let rate = (sum(|it| it.x) / sum(|it| it.n)).clamp(0.0, 1.0);
    let (low, high) = wilson_effective(rate, design_effect.n_eff);
    let left_out = counted.iter().filter(|(_, weight)| *weight == 0.0).map(|(n, _)| n).sum();
    let n = n.iter().sum::<u64>() - left_out;
    let average = counted.iter().map(|(n, weight)| *n as f64 * weight).sum::<f64>() / n as f64;
    let heaviest = counted.iter().filter(|(n, _)| *n > 0).map(|(_, weight)| weight / average).fold(1.0, f64::max);
    Some(WeightedRate { n, left_out, capped, heaviest, rate, low, high, design_effect })
}

/// Weights of which none is above `cap` times the average, and how many respondents were capped. What is cut off goes
/// to the others in proportion, so that the average stays; until none is above.
///
/// F. Potter, A study of procedures to identify and trim extreme sampling weights, Proc. Survey Research Methods, Am.
/// Stat. Assoc. (1990).
pub fn capped(n: &[u64], weights: &[f64], cap: f64) -> (Vec<f64>, u64) {
    let counting = || (0..n.len()).filter(|&it| n[it] > 0 && weights[it] > 0.0);
    let (respondents, total) =
        counting().fold((0, 0.0), |(count, sum), it| (count + n[it], sum + n[it] as f64 * weights[it]));
    let most = cap * total / respondents as f64;
    let (mut at_cap, mut factor) = (vec![false; n.len()], 1.0);
    // Each round caps a stratum more, or is the last.
    loop {
        let above: Vec<usize> =
            counting().filter(|&it| !at_cap[it] && weights[it] * factor > most * (1.0 + ROUNDING)).collect();
        if above.is_empty() {
            break;
        }
        above.into_iter().for_each(|it| at_cap[it] = true);
        let held: u64 = counting().filter(|&it| at_cap[it]).map(|it| n[it]).sum();
        let free: f64 = counting().filter(|&it| !at_cap[it]).map(|it| n[it] as f64 * weights[it]).sum();
        factor = if free > 0.0 { (total - held as f64 * most) / free } else { 1.0 };
    }
    let weight = |it: usize| if at_cap[it] { most } else { weights[it] * factor };
    let capped = (0..n.len()).filter(|&it| at_cap[it]).map(|it| n[it]).sum();
    ((0..n.len()).map(weight).collect(), capped)
}

/// A weight so little above the cap, as a share, is at the cap.
const ROUNDING: f64 = 1e-12;

#[cfg(all(test, not(target_arch = "wasm32")))]
#[path = "../../tests/statistic/weighting.rs"]
mod tests;
