//! Post-stratification: each group of respondents counts for as much as it has people.

/// One weight for each respondent of a stratum, from respondents and shares of the population by stratum:
/// w = (N_h / N) / (n_h / n), where n are the respondents of strata that hold anybody of the population. `None` if
/// nobody answered in a stratum that does.
///
/// D. Holt, T. M. F. Smith, Post stratification, J. R. Stat. Soc. A 142 (1979).
pub fn post_stratify(n: &[u64], shares: &[f64]) -> Option<Vec<f64>> {
    let in_population = || n.iter().zip(shares).filter(|(_, share)| **share > 0.0);
    let total: u64 = in_population().map(|(n, _)| n).sum();
    if in_population().any(|(n, _)| *n == 0) {
        return None;
    }
    let weight = |(n, share): (&u64, &f64)| if *share > 0.0 { share * total as f64 / *n as f64 } else { 0.0 };
    Some(n.iter().zip(shares).map(weight).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_bring_respondents_to_the_population() {
        // Half of the people, a tenth of the respondents; and a group that is not to be described.
        assert_eq!(post_stratify(&[10, 90, 7], &[0.5, 0.5, 0.0]), Some(vec![5.0, 50.0 / 90.0, 0.0]));
        assert_eq!(post_stratify(&[10, 0], &[0.5, 0.5]), None);
        assert_eq!(post_stratify(&[10, 0], &[1.0, 0.0]), Some(vec![1.0, 0.0]));
    }
}
