//! Clustering: how much more alike the respondents of one area are than those of different areas.

use serde::Serialize;

use super::{design_effect::DesignEffect, proportion::Estimate};

/// The intraclass correlation of an indicator between areas, and what it does to an interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct Clustering {
    /// Areas with respondents.
    pub areas: usize,
    /// Respondents in all of them.
    pub n: u64,
    /// Intraclass correlation ρ, to 1; under 0 where areas differ less than chance would have them.
    pub icc: f64,
    /// Respondents of the area of an average respondent: Σm² / Σm.
    pub mean_size: f64,
    /// Effect on a rate over all areas.
    pub design_effect: DesignEffect,
}

/// The design effect of clusters: 1 + (m − 1) ρ.
///
/// L. Kish, Survey Sampling (1965), §5.4; for clusters of unequal sizes m is the size of the cluster of an average
/// respondent (Kish, Weighting in deft², Survey Statistician 17 (1987)).
pub fn deff(size: f64, icc: f64) -> f64 {
    1.0 + (size - 1.0) * icc
}

/// Clustering from each area's base and positives; `None` with fewer than two areas, with one respondent in each, or
/// where everybody answered the same.
///
/// One-way analysis of variance: ρ = (MSB − MSW) / (MSB + (m₀ − 1) MSW), with m₀ = (n − Σm²/n) / (areas − 1).
/// M. S. Ridout, C. G. B. Demétrio, D. Firth, Estimating intraclass correlation for binary data, Biometrics 55 (1999).
pub fn clustering(areas: &[Estimate]) -> Option<Clustering> {
    let sum = |f: &dyn Fn(&Estimate) -> f64| areas.iter().map(f).sum::<f64>();
    let (count, respondents) = (areas.len() as f64, sum(&|area| area.n as f64));
    if areas.len() < 2 || respondents <= count {
        return None;
    }
    let mean = sum(&|area| area.x as f64) / respondents;
    let within = sum(&|area| area.n as f64 * area.rate * (1.0 - area.rate)) / (respondents - count);
    let between = sum(&|area| area.n as f64 * (area.rate - mean).powi(2)) / (count - 1.0);
    let mean_size = sum(&|area| (area.n as f64).powi(2)) / respondents;
    let m0 = (respondents - mean_size) / (count - 1.0);
    let all = between + (m0 - 1.0) * within;
    let icc = (all > 0.0).then(|| (between - within) / all)?;
    let n = areas.iter().map(|area| area.n).sum();
    let design_effect = DesignEffect::new(n, deff(mean_size, icc));
    Some(Clustering { areas: areas.len(), n, icc, mean_size, design_effect })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistic::{close, estimates, proportion::wilson, vectors};

    #[test]
    fn agrees_with_an_independent_implementation() {
        for vector in vectors("clustering") {
            let it = clustering(&estimates(&vector["areas"])).unwrap();
            close(it.icc, &vector["icc"], 1e-9);
            close(it.mean_size, &vector["mean_size"], 1e-9);
            close(it.design_effect.deff, &vector["deff"], 1e-9);
        }
    }

    /// Published examples of the formula.
    #[test]
    fn effects_of_clusters() {
        for (size, icc, want) in [(10.0, 0.02, 1.18), (20.0, 0.05, 1.95), (50.0, 0.02, 1.98)] {
            assert!((deff(size, icc) - want).abs() < 1e-9);
        }
    }

    #[test]
    fn too_few_to_say() {
        let area = |x, n| wilson(x, n).unwrap();
        assert_eq!(clustering(&[]), None);
        assert_eq!(clustering(&[area(3, 9)]), None);
        assert_eq!(clustering(&[area(0, 1), area(1, 1), area(1, 1)]), None);
        assert_eq!(clustering(&[area(9, 9), area(5, 5)]), None);
        // Areas of one mind each: all that differs, differs between them.
        let apart = clustering(&[area(9, 9), area(0, 9)]).unwrap();
        assert!((apart.icc - 1.0).abs() < 1e-12 && (apart.design_effect.n_eff - 2.0).abs() < 1e-9);
        // Areas that are more alike than chance: the interval does not become narrower than that of chance.
        let alike = clustering(&[area(5, 10), area(5, 10)]).unwrap();
        assert!(alike.icc < 0.0 && alike.design_effect.deff == 1.0);
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod laws {
    use proptest::prelude::*;

    use super::*;
    use crate::statistic::counted_areas;

    proptest! {
        /// Areas come in any order; counting the others changes nothing.
        #[test]
        fn neither_order_nor_side_matters(areas in counted_areas(2..12), by in 0usize..12) {
            let mut turned: Vec<Estimate> = areas.clone();
            turned.rotate_left(by % areas.len());
            turned.reverse();
            let other = |it: &Estimate| crate::statistic::proportion::wilson(it.n - it.x, it.n).unwrap();
            let others: Vec<Estimate> = areas.iter().map(other).collect();
            let it = clustering(&areas);
            for same in [clustering(&turned), clustering(&others)] {
                prop_assert_eq!(same.is_some(), it.is_some());
                if let (Some(same), Some(it)) = (same, it) {
                    prop_assert!((same.icc - it.icc).abs() < 1e-9 && it.icc <= 1.0 + 1e-12);
                    prop_assert!((same.design_effect.deff - it.design_effect.deff).abs() < 1e-7);
                }
            }
        }
    }
}
