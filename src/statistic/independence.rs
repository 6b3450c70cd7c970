//! Whether the rows and columns of a crosstab have to do with each other.

use serde::Serialize;
use statrs::function::gamma::gamma_ur;

use super::fisher::fisher;

/// A test of independence, and how strong the association is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Independence {
    /// Respondents in the table.
    pub n: u64,
    /// Pearson's χ².
    pub chi2: f64,
    /// Degrees of freedom: (rows − 1) (columns − 1), of those that hold anybody.
    pub df: u64,
    /// Cramér's V: from 0 (nothing to do with each other) to 1.
    pub v: f64,
    /// p-value, from 0 to 1; none where χ² is no guide and there is no exact test: too few to say.
    pub p: Option<f64>,
    /// By Fisher's exact test, not by χ².
    pub exact: bool,
}

/// The least expected count of a cell under which χ² is no guide.
const LEAST_EXPECTED: f64 = 5.0;

/// Tests a table of counts, rows of columns; `None` if fewer than two rows or two columns hold anybody.
///
/// χ² = Σ (O − E)² / E without correction, V = √(χ² / (n · min(rows − 1, columns − 1))) (H. Cramér, Mathematical
/// Methods of Statistics (1946)). Where a cell expects fewer than 5, a table of two by two has Fisher's p-value and a
/// larger one none (W. G. Cochran, Some methods for strengthening the common χ² tests, Biometrics 10 (1954)).
///
/// # Panics
/// If rows differ in length.
pub fn independence(table: &[Vec<u64>]) -> Option<Independence> {
    let columns = table.first().map_or(0, Vec::len);
    assert!(table.iter().all(|row| row.len() == columns), "rows of one length");
    let held: Vec<usize> = (0..columns).filter(|&column| table.iter().any(|row| row[column] > 0)).collect();
    let some = table.iter().filter(|row| row.iter().any(|&count| count > 0));
    let table: Vec<Vec<u64>> = some.map(|row| held.iter().map(|&column| row[column]).collect()).collect();
    if table.len() < 2 || held.len() < 2 {
        return None;
    }
    let row_sums: Vec<u64> = table.iter().map(|row| row.iter().sum()).collect();
    let column_sums: Vec<u64> = (0..held.len()).map(|column| table.iter().map(|row| row[column]).sum()).collect();
    let n: u64 = row_sums.iter().sum();
    let (mut chi2, mut least) = (0.0, f64::INFINITY);
    for (row, row_sum) in table.iter().zip(&row_sums) {
        for (&observed, column_sum) in row.iter().zip(&column_sums) {
            let expected = *row_sum as f64 * *column_sum as f64 / n as f64;
            chi2 += (observed as f64 - expected).powi(2) / expected;
            least = least.min(expected);
        }
    }
    let (rows, columns) = (table.len() as u64 - 1, held.len() as u64 - 1);
    let df = rows * columns;
    let v = (chi2 / (n as f64 * rows.min(columns) as f64)).sqrt().min(1.0);
    let few = least < LEAST_EXPECTED;
    let p = match (few, &table[..]) {
        (false, _) => Some(if chi2 > 0.0 { gamma_ur(df as f64 / 2.0, chi2 / 2.0) } else { 1.0 }),
        (true, [a, b]) if df == 1 => Some(fisher([[a[0], a[1]], [b[0], b[1]]])),
        (true, _) => None,
    };
    Some(Independence { n, chi2, df, v, p, exact: few && p.is_some() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistic::{close, vectors};

    #[test]
    fn agrees_with_an_independent_implementation() {
        for vector in vectors("independence") {
            let table: Vec<Vec<u64>> = serde_json::from_value(vector["table"].clone()).unwrap();
            let it = independence(&table).unwrap();
            close(it.chi2, &vector["chi2"], 1e-9);
            close(it.v, &vector["v"], 1e-9);
            assert_eq!((it.df, it.exact), (vector["df"].as_u64().unwrap(), vector["exact"].as_bool().unwrap()));
            match it.p {
                Some(p) => close(p, &vector["p"], 1e-9),
                None => assert!(vector["p"].is_null(), "{vector}"),
            }
        }
    }

    #[test]
    fn one_row_or_column_says_nothing() {
        assert_eq!(independence(&[]), None);
        assert_eq!(independence(&[vec![3, 4], vec![0, 0]]), None);
        assert_eq!(independence(&[vec![3, 0, 0], vec![4, 0, 0]]), None);
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod laws {
    use proptest::prelude::*;

    use super::*;
    use crate::statistic::{difference::difference, proportion::wilson};

    proptest! {
        /// Rows and columns change places; empty ones count for nothing.
        #[test]
        fn turns(table in prop::collection::vec(prop::collection::vec(0u64..40, 3), 2..5)) {
            let mut turned: Vec<Vec<u64>> = (0..3).map(|c| table.iter().map(|row| row[c]).collect()).collect();
            turned.push(vec![0; table.len()]);
            let (it, turned) = (independence(&table), independence(&turned));
            prop_assert_eq!(it.is_some(), turned.is_some());
            if let (Some(it), Some(turned)) = (it, turned) {
                prop_assert!((it.chi2 - turned.chi2).abs() < 1e-9 && (it.v - turned.v).abs() < 1e-9);
                prop_assert_eq!((it.df, it.n, it.exact), (turned.df, turned.n, turned.exact));
                prop_assert!((0.0..=1.0).contains(&it.v) && it.p.is_none_or(|p| (0.0..=1.0).contains(&p)));
                prop_assert_eq!(it.p.is_some(), turned.p.is_some());
            }
        }

        /// Of two by two, χ² is the square of z, and says the same.
        #[test]
        fn is_the_square_of_z(cells in prop::array::uniform4(20u64..200)) {
            let [a, b, c, d] = cells;
            let it = independence(&[vec![a, b], vec![c, d]]).unwrap();
            let z = difference(&wilson(a, a + b).unwrap(), &wilson(c, c + d).unwrap(), 1.0);
            prop_assert!((it.chi2 - z.z.unwrap().powi(2)).abs() < 1e-9 && (it.p.unwrap() - z.p.unwrap()).abs() < 1e-9);
        }
    }
}
