//! A share with its exact interval.

use statrs::distribution::{Beta, ContinuousCDF};

use super::proportion::Estimate;

/// Half of what a 95 % interval leaves out.
const TAIL: f64 = 0.025;

/// The share x / n with its 95 % Clopper–Pearson interval; `None` for an empty base.
///
/// C. J. Clopper, E. S. Pearson, The use of confidence or fiducial limits illustrated in the case of the binomial,
/// Biometrika 26 (1934): the shares under which neither x or more nor x or fewer is rarer than 2.5 %, which are
/// quantiles of beta distributions. It covers at least 95 % of the time and is wider than it need be; the interval
/// to show is [`wilson`](super::proportion::wilson), this one where a rule asks for a guarantee.
///
/// # Panics
/// If x > n.
pub fn clopper_pearson(x: u64, n: u64) -> Option<Estimate> {
    assert!(x <= n, "{x} of {n}");
    let (positive, negative) = (x as f64, (n - x) as f64);
    let rate = (n > 0).then(|| positive / n as f64)?;
    // Both shapes are 1 or more, so that there is always such a distribution.
    let quantile = |at, a, b| Beta::new(a, b).ok().map(|beta| beta.inverse_cdf(at));
    let low = if x == 0 { 0.0 } else { quantile(TAIL, positive, negative + 1.0)? };
    let high = if x == n { 1.0 } else { quantile(1.0 - TAIL, positive + 1.0, negative)? };
    Some(Estimate { x, n, rate, low, high })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistic::{close, vectors};

    #[test]
    fn agrees_with_an_independent_implementation() {
        for vector in vectors("clopper_pearson") {
            let it = clopper_pearson(vector["x"].as_u64().unwrap(), vector["n"].as_u64().unwrap()).unwrap();
            close(it.low, &vector["low"], 1e-9);
            close(it.high, &vector["high"], 1e-9);
        }
    }

    #[test]
    fn an_empty_base_gives_nothing() {
        assert_eq!(clopper_pearson(0, 0), None);
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod laws {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Counting the others mirrors it, and the share lies within.
        #[test]
        fn mirrors(n in 1u64..3000, part in 0.0..=1.0) {
            let x = (n as f64 * part) as u64;
            let (it, mirrored) = (clopper_pearson(x, n).unwrap(), clopper_pearson(n - x, n).unwrap());
            prop_assert!((it.low - (1.0 - mirrored.high)).abs() < 1e-9 && (it.high - (1.0 - mirrored.low)).abs() < 1e-9);
            prop_assert!(0.0 <= it.low && it.low <= it.rate && it.rate <= it.high && it.high <= 1.0);
        }

        /// At either end what was counted, or more of it, is as rare as it may be: 2.5 %, summed up one by one.
        #[test]
        fn ends_where_what_was_counted_is_rare(n in 1u64..200, part in 0.0..=1.0) {
            let x = (n as f64 * part) as u64;
            let it = clopper_pearson(x, n).unwrap();
            let tail = |p: f64, from: u64, to: u64| -> f64 {
                let chance = |k: u64| {
                    let ways: f64 = (1..=k).map(|i| ((n - k + i) as f64 / i as f64).ln()).sum();
                    (ways + k as f64 * p.ln() + (n - k) as f64 * (-p).ln_1p()).exp()
                };
                (from..=to).map(chance).sum()
            };
            prop_assert!(x == 0 || (tail(it.low, x, n) - TAIL).abs() < 1e-9);
            prop_assert!(x == n || (tail(it.high, 0, x) - TAIL).abs() < 1e-9);
        }
    }
}
