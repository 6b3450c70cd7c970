//! Correlation of two scales, with its interval.

use serde::Serialize;

use super::proportion::Z_95;

/// Pearson's correlation of two scales, each point one step from the next.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Correlation {
    /// Respondents who gave an opinion on both.
    pub n: u64,
    /// From −1 to 1.
    pub r: f64,
    /// Lower end of the 95 % interval; none for n under 4 and for an r of ±1.
    pub low: Option<f64>,
    /// Upper end of the interval.
    pub high: Option<f64>,
}

/// The correlation of rows and columns of a table of counts, by their places; `None` where rows or columns do not
/// vary.
///
/// The interval is R. A. Fisher's (On the probable error of a coefficient of correlation, Metron 1 (1921)); it is
/// right for large n, and for scales with ceilings only roughly.
pub fn correlation(table: &[Vec<u64>]) -> Option<Correlation> {
    let sum = |f: &dyn Fn(f64, f64) -> f64| -> f64 {
        let row = |(x, row): (usize, &Vec<u64>)| -> f64 {
            row.iter().enumerate().map(|(y, &count)| f(x as f64, y as f64) * count as f64).sum()
        };
        table.iter().enumerate().map(row).sum()
    };
    let n: u64 = table.iter().flatten().sum();
    let (mean_x, mean_y) = (sum(&|x, _| x) / n as f64, sum(&|_, y| y) / n as f64);
    let (x, y) = (sum(&|x, _| (x - mean_x).powi(2)), sum(&|_, y| (y - mean_y).powi(2)));
    let held = |row: &Vec<u64>| row.iter().any(|&count| count > 0);
    let rows = table.iter().filter(|row| held(row)).count();
    let width = table.first().map_or(0, Vec::len);
    let columns = (0..width).filter(|&column| table.iter().any(|row| row[column] > 0)).count();
    // Counted, not by variances that rounding may leave just above 0.
    let varied = rows > 1 && columns > 1;
    let r = varied.then(|| sum(&|x, y| (x - mean_x) * (y - mean_y)) / (x * y).sqrt())?.clamp(-1.0, 1.0);
    let (low, high) = fisher_interval(r, n).unzip();
    Some(Correlation { n, r, low, high })
}

/// The most that the correlation of a table moves if two of its respondents exchange their rows: as far as they and their
/// columns can lie apart, by the spread of both scales, which stays. Infinite where either does not vary.
pub fn by_exchange(table: &[Vec<u64>]) -> f64 {
    let columns = table.first().map_or(0, Vec::len);
    let column = |column: usize| table.iter().map(|row| row[column]).sum::<u64>();
    let rows = spread(table.iter().map(|row| row.iter().sum()));
    let columns_spread = spread((0..columns).map(column));
    (table.len().saturating_sub(1) * columns.saturating_sub(1)) as f64 / (rows * columns_spread).sqrt()
}

/// Σ (x − mean)² of a scale, by how many respondents are at each of its points.
fn spread(counts: impl Iterator<Item = u64> + Clone) -> f64 {
    let points = || counts.clone().enumerate().map(|(x, count)| (x as f64, count as f64));
    let n: f64 = points().map(|(_, count)| count).sum();
    let mean = points().map(|(x, count)| x * count).sum::<f64>() / n;
    points().map(|(x, count)| (x - mean).powi(2) * count).sum()
}

/// Fisher's 95 % interval of a correlation of n pairs: tanh(artanh r ± z / √(n − 3)); `None` for n under 4 and r = ±1.
pub fn fisher_interval(r: f64, n: u64) -> Option<(f64, f64)> {
    let sensible = n > 3 && r.abs() < 1.0 - f64::EPSILON;
    let half = Z_95 / (n as f64 - 3.0).sqrt();
    sensible.then(|| ((r.atanh() - half).tanh(), (r.atanh() + half).tanh()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistic::{close, vectors};

    #[test]
    fn agrees_with_an_independent_implementation() {
        for vector in vectors("correlation") {
            let table: Vec<Vec<u64>> = serde_json::from_value(vector["table"].clone()).unwrap();
            let it = correlation(&table).unwrap();
            close(it.r, &vector["r"], 1e-9);
            close(it.low.unwrap(), &vector["low"], 1e-9);
            close(it.high.unwrap(), &vector["high"], 1e-9);
        }
    }

    #[test]
    fn too_few_to_say() {
        assert_eq!(correlation(&[]), None);
        assert_eq!(correlation(&[vec![3, 4], vec![0, 0]]), None);
        assert_eq!(correlation(&[vec![3, 0], vec![4, 0]]), None);
        let three = correlation(&[vec![1, 1], vec![0, 1]]).unwrap();
        assert!((three.r - 0.5).abs() < 1e-12 && three.low.is_none());
        let perfect = correlation(&[vec![9, 0], vec![0, 7]]).unwrap();
        assert!((perfect.r - 1.0).abs() < 1e-12 && perfect.high.is_none());
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod laws {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// No exchange of two respondents' rows moves it by more.
        #[test]
        fn an_exchange_moves_it_no_further(
            table in prop::collection::vec(prop::collection::vec(0u64..9, 4), 5),
            (a, b) in ((0usize..5, 0usize..4), (0usize..5, 0usize..4)),
        ) {
            let mut changed = table.clone();
            for (row, column) in [a, b] {
                prop_assume!(changed[row][column] > 0);
                changed[row][column] -= 1;
            }
            changed[a.0][b.1] += 1;
            changed[b.0][a.1] += 1;
            if let (Some(before), Some(after)) = (correlation(&table), correlation(&changed)) {
                prop_assert!((before.r - after.r).abs() <= by_exchange(&table) + 1e-9);
            }
        }

        /// Turning one scale round negates it and mirrors the interval; changing places does nothing.
        #[test]
        fn turns(table in prop::collection::vec(prop::collection::vec(0u64..40, 4), 4)) {
            let swapped: Vec<Vec<u64>> = (0..4).map(|c| table.iter().map(|row| row[c]).collect()).collect();
            let turned: Vec<Vec<u64>> = table.iter().rev().cloned().collect();
            let close = |a: Option<f64>, b: Option<f64>| a.zip(b).is_none_or(|(a, b)| (a - b).abs() < 1e-9);
            if let Some(it) = correlation(&table) {
                let (swapped, turned) = (correlation(&swapped).unwrap(), correlation(&turned).unwrap());
                prop_assert!(it.r.abs() <= 1.0 && (it.r - swapped.r).abs() < 1e-9 && (it.r + turned.r).abs() < 1e-9);
                prop_assert!(close(it.low, turned.high.map(|high| -high)));
                prop_assert!(it.low.is_none_or(|low| -1.0 <= low && low <= it.r));
                prop_assert_eq!(it.low.is_some(), it.n > 3 && it.r.abs() < 1.0 - f64::EPSILON);
            }
        }
    }
}
