//! Each of many areas against all others together.

use serde::Serialize;

use super::{
    adjustment::{benjamini_hochberg, holm},
    difference::{Difference, difference},
    proportion::{Estimate, wilson},
};

/// An area's rate less that of all other areas together.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct AgainstRest {
    /// The difference, as if it were the only one looked at.
    pub difference: Difference,
    /// Its p-value, as one of so many areas, by Holm; none where everybody answered the same.
    pub holm: Option<f64>,
    /// The same by Benjamini and Hochberg.
    pub benjamini_hochberg: Option<f64>,
}

/// Compares each area with the sum of the others under a design effect (1: none), in the order given; `None` for
/// fewer than two areas. Each comparison is of different respondents, since nobody is in both.
pub fn against_rest(areas: &[Estimate], deff: f64) -> Option<Vec<AgainstRest>> {
    let (x, n) = areas.iter().fold((0, 0), |(x, n), area| (x + area.x, n + area.n));
    let rest = |area: &Estimate| wilson(x - area.x, n - area.n);
    let against = |area| Some(difference(area, &rest(area)?, deff));
    let differences: Vec<Difference> = areas.iter().map(against).collect::<Option<_>>()?;
    // All areas have the same pooled share: either there is a p-value for each or for none.
    let p: Option<Vec<f64>> = differences.iter().map(|it| it.p).collect();
    let (holm, mild) = (p.as_deref().map(holm), p.as_deref().map(benjamini_hochberg));
    let of = |adjusted: &Option<Vec<f64>>, area: usize| adjusted.as_ref().map(|it| it[area]);
    let rows = differences.iter().enumerate().map(|(area, &difference)| AgainstRest {
        difference,
        holm: of(&holm, area),
        benjamini_hochberg: of(&mild, area),
    });
    Some(rows.collect()).filter(|rows: &Vec<_>| !rows.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistic::{close, estimates, vectors};

    #[test]
    fn agrees_with_an_independent_implementation() {
        for vector in vectors("against_rest") {
            let rows = against_rest(&estimates(&vector["areas"]), 1.0).unwrap();
            assert_eq!(rows.len(), vector["p"].as_array().unwrap().len());
            for (i, row) in rows.iter().enumerate() {
                close(row.difference.p.unwrap(), &vector["p"][i], 1e-9);
                close(row.holm.unwrap(), &vector["holm"][i], 1e-9);
                close(row.benjamini_hochberg.unwrap(), &vector["benjamini_hochberg"][i], 1e-9);
            }
        }
    }

    #[test]
    fn too_few_to_say() {
        assert_eq!(against_rest(&[], 1.0), None);
        assert_eq!(against_rest(&[wilson(3, 9).unwrap()], 1.0), None);
        let same = against_rest(&[wilson(9, 9).unwrap(), wilson(5, 5).unwrap()], 1.0).unwrap();
        assert_eq!((same[1].holm, same[1].benjamini_hochberg), (None, None));
    }
}
