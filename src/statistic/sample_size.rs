//! How many respondents an interval of a wished width takes.

use super::proportion::Z_95;

/// Respondents whom a 95 % interval of ± `half_width` around a share of `rate` takes, times a design effect.
///
/// W. G. Cochran, Sampling Techniques (1977), §4.4: n = z² p (1 − p) / e², rounded up. Shares and widths run from 0
/// to 1 (a percentage point is 0.01). `None` outside of that, and for an effect under 1.
pub fn sample_size(rate: f64, half_width: f64, deff: f64) -> Option<u64> {
    let sensible = (0.0..=1.0).contains(&rate) && half_width > 0.0 && half_width < 1.0 && deff >= 1.0;
    let n = Z_95 * Z_95 * rate * (1.0 - rate) / (half_width * half_width) * deff;
    (sensible && n.is_finite()).then_some(n.ceil() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of the three rates that Shaoxing published for 2024, at ± 2, 1 and 0.5 points.
    #[test]
    fn sizes_for_the_three_rates() {
        for (rate, want) in [(0.9746, [238, 951, 3804]), (0.9574, [392, 1567, 6267]), (0.8713, [1077, 4308, 17231])] {
            let got = [0.02, 0.01, 0.005].map(|half_width| sample_size(rate, half_width, 1.0).unwrap());
            assert_eq!(got, want);
        }
        assert_eq!(sample_size(0.5, 0.05, 2.0), Some(769));
    }

    #[test]
    fn what_makes_no_sense_has_no_size() {
        for (rate, half_width, deff) in
            [(1.1, 0.01, 1.0), (f64::NAN, 0.01, 1.0), (0.5, 0.0, 1.0), (0.5, 1e-200, 1.0), (0.5, 0.01, 0.9)]
        {
            assert_eq!(sample_size(rate, half_width, deff), None);
        }
    }
}
