//! A share with its interval.

use serde::Serialize;

/// Standard normal quantile at 0.975: two-sided 95 %.
pub const Z_95: f64 = 1.959_963_984_540_054;

/// A share of n respondents, with its 95 % Wilson score interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct Estimate {
    /// Respondents who count as positive.
    pub x: u64,
    /// Respondents in the base.
    pub n: u64,
    /// x / n, from 0 to 1.
    pub rate: f64,
    /// Lower end of the interval, from 0 to `rate`.
    pub low: f64,
    /// Upper end of the interval, from `rate` to 1.
    pub high: f64,
}

/// The share x / n with its Wilson interval; `None` for an empty base.
///
/// E. B. Wilson, Probable inference, the law of succession, and statistical inference,
/// J. Am. Stat. Assoc. 22 (1927): the p for which |x/n − p| = z √(p(1−p)/n).
/// It treats respondents as drawn independently; clustering and weights widen it.
///
/// # Panics
/// If x > n.
pub fn wilson(x: u64, n: u64) -> Option<Estimate> {
    assert!(x <= n, "{x} of {n}");
    if n == 0 {
        return None;
    }
    let (p, count, z2) = (x as f64 / n as f64, n as f64, Z_95 * Z_95);
    let centre = (p + z2 / (2.0 * count)) / (1.0 + z2 / count);
    let half = Z_95 * (p * (1.0 - p) / count + z2 / (4.0 * count * count)).sqrt() / (1.0 + z2 / count);
    // At the ends the formula gives 0 and 1 exactly; rounding must not push past them.
    let low = if x == 0 { 0.0 } else { (centre - half).max(0.0) };
    let high = if x == n { 1.0 } else { (centre + half).min(1.0) };
    Some(Estimate { x, n, rate: p, low, high })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made with statsmodels' `proportion_confint(x, n, method="wilson")`; see tests/vectors/wilson.py.
    #[test]
    fn agrees_with_an_independent_implementation() {
        let vectors: serde_json::Value = serde_json::from_str(include_str!("../../tests/vectors/wilson.json")).unwrap();
        let vectors = vectors.as_array().unwrap();
        assert!(vectors.len() >= 10);
        for vector in vectors {
            let estimate = wilson(vector["x"].as_u64().unwrap(), vector["n"].as_u64().unwrap()).unwrap();
            for (got, want) in [(estimate.low, "low"), (estimate.high, "high")] {
                let want = vector[want].as_f64().unwrap();
                assert!((got - want).abs() < 1e-9, "{vector}: got {got}");
            }
        }
    }

    #[test]
    fn an_empty_base_gives_nothing() {
        assert_eq!(wilson(0, 0), None);
    }
}
