//! Several crosstabs looked at at once.

use serde::Serialize;

use super::{
    adjustment::holm_of,
    independence::{Independence, independence},
};

/// A test of independence, as one of several.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Association {
    /// The test, as if it were the only one.
    #[serde(flatten)]
    pub independence: Independence,
    /// Its p-value as one of so many, by Holm; none where it has none.
    pub holm: Option<f64>,
}

/// Tests each table of counts, rows of columns, in the order given. Those that hold fewer than two rows or two columns,
/// and those in which there are too few to say, do not count as tests.
///
/// # Panics
/// If the rows of a table differ in length.
pub fn associations(tables: &[Vec<Vec<u64>>]) -> Vec<Option<Association>> {
    let found: Vec<Option<Independence>> = tables.iter().map(|table| independence(table)).collect();
    let adjusted = holm_of(found.iter().map(|it| it.and_then(|it| it.p)));
    let one = |(found, holm): (Option<Independence>, _)| found.map(|independence| Association { independence, holm });
    found.into_iter().zip(adjusted).map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_tested_takes_nothing_from_the_rest() {
        let clear = vec![vec![390, 10, 40], vec![360, 40, 40]];
        let one_answer = vec![vec![40, 0], vec![9, 0]];
        let too_few = vec![vec![3, 2, 1], vec![1, 2, 3]];
        let few = vec![vec![8, 2], vec![1, 9]];
        let alone = associations(std::slice::from_ref(&clear));
        let beside = associations(&[one_answer, clear.clone(), too_few]);
        assert_eq!(beside[1], alone[0]);
        let [None, Some(_), Some(few_to_say)] = beside[..] else { panic!("{beside:?}") };
        assert_eq!((few_to_say.independence.p, few_to_say.holm), (None, None));
        let [Some(one), Some(two)] = associations(&[clear.clone(), clear])[..] else { panic!() };
        assert!((one.holm.unwrap() - 2.0 * alone[0].unwrap().holm.unwrap()).abs() < 1e-12 && one == two);
        let exact = associations(&[few])[0].unwrap();
        assert!(exact.independence.exact && exact.holm == exact.independence.p);
    }
}
