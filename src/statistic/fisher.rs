//! Fisher's exact test of a table of two by two.

/// How far two chances may lie apart by rounding alone and still be the same.
const SAME: f64 = 1e-7;

/// The two-sided p-value of Fisher's exact test, from 0 to 1: how often chance gives a table that is as rare as this
/// one or rarer, with the same sums of rows and columns.
///
/// R. A. Fisher, The logic of inductive inference, J. R. Stat. Soc. 98 (1935). The chances are hypergeometric; each
/// follows from its neighbour, so that no factorial is ever taken.
pub fn fisher(table: [[u64; 2]; 2]) -> f64 {
    let [[a, b], [c, d]] = table;
    // With the first cell at k, chances as multiples of that of the table itself.
    let mut rare = 1.0;
    let mut all = 1.0;
    let mut add = |chance: f64| {
        all += chance;
        rare += if chance <= 1.0 + SAME { chance } else { 0.0 };
    };
    let mut chance = 1.0;
    for step in 0..b.min(c) {
        let [up, down] = [(b - step) as f64 * (c - step) as f64, (a + step + 1) as f64 * (d + step + 1) as f64];
        chance *= up / down;
        add(chance);
    }
    chance = 1.0;
    for step in 0..a.min(d) {
        let [up, down] = [(a - step) as f64 * (d - step) as f64, (b + step + 1) as f64 * (c + step + 1) as f64];
        chance *= up / down;
        add(chance);
    }
    rare / all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistic::{close, vectors};

    #[test]
    fn agrees_with_an_independent_implementation() {
        for vector in vectors("fisher") {
            close(fisher(serde_json::from_value(vector["table"].clone()).unwrap()), &vector["p"], 1e-9);
        }
    }

    /// Where only one table has these sums, it is no surprise.
    #[test]
    fn the_only_table_is_certain() {
        assert_eq!(fisher([[0, 0], [0, 0]]), 1.0);
        assert_eq!(fisher([[7, 3], [0, 0]]), 1.0);
        assert_eq!(fisher([[7, 0], [3, 0]]), 1.0);
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod laws {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Rows and columns, and the two of each, change places.
        #[test]
        fn turns(cells in prop::array::uniform4(0u64..60)) {
            let [a, b, c, d] = cells;
            let it = fisher([[a, b], [c, d]]);
            prop_assert!(it > 0.0 && it <= 1.0);
            for same in [[[a, c], [b, d]], [[c, d], [a, b]], [[b, a], [d, c]]] {
                prop_assert!((it - fisher(same)).abs() < 1e-12);
            }
        }

        /// The chances of a table and of all that are rarer, taken one by one from binomial coefficients.
        #[test]
        fn adds_up_the_rarer_tables(cells in prop::array::uniform4(0u64..12)) {
            let [a, b, c, d] = cells;
            let choose = |n: u64, k: u64| if k > n { 0.0 } else { (0..k).map(|i| (n - i) as f64 / (i + 1) as f64).product() };
            let chance = |k: u64| choose(a + b, k) * choose(c + d, (a + c).wrapping_sub(k)) / choose(a + b + c + d, a + c);
            let chances = (0..=a + c).map(chance);
            let rarer: f64 = chances.filter(|it| *it <= chance(a) * (1.0 + SAME)).sum();
            prop_assert!((fisher([[a, b], [c, d]]) - rarer).abs() < 1e-9);
        }
    }
}
