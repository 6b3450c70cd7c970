//! What is told of some respondents: a sum for each figure and level, as it is kept.

use std::collections::BTreeMap;

use crate::leb128;

/// A sum that is told, at a level of a chain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Respondents.
    pub n: u64,
    /// The cells of the chain. Not they are told, but the level's counts of them.
    pub cells: Vec<u64>,
}

/// Every sum that is told of some respondents, by the figure's place among the chains and the level.
pub type Sums = BTreeMap<(usize, usize), Told>;

/// The same as bytes: figure, level, n, number of cells and cells of each, one after the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row(Vec<u8>);

impl Row {
    /// Adds a sum.
    pub fn push(&mut self, figure: usize, level: usize, told: &Told) {
        let head = [figure as u64, level as u64, told.n, told.cells.len() as u64];
        self.0.extend(leb128::encode(&head));
        self.0.extend(leb128::encode(&told.cells));
    }

    /// What was written.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Reads what was written; `None` if it is damaged.
    pub fn read(bytes: &[u8]) -> Option<Sums> {
        let counts = leb128::decode(bytes)?;
        let (mut rest, mut sums) = (counts.as_slice(), Sums::new());
        while let [figure, level, n, length, after @ ..] = rest {
            let (cells, after) = after.split_at_checked(usize::try_from(*length).ok()?)?;
            let key = (usize::try_from(*figure).ok()?, usize::try_from(*level).ok()?);
            sums.insert(key, Told { n: *n, cells: cells.to_vec() });
            rest = after;
        }
        rest.is_empty().then_some(sums)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_wrote_and_nothing_damaged() {
        let told = [Told { n: 30, cells: vec![20, 10] }, Told { n: 4_000_000, cells: vec![] }];
        let mut row = Row::default();
        row.push(0, 0, &told[0]);
        row.push(7, 300, &told[1]);
        let [first, second] = told;
        assert_eq!(Row::read(row.bytes()), Some(Sums::from([((0, 0), first), ((7, 300), second)])));
        assert_eq!(Row::read(&row.bytes()[1..]), None);
        assert_eq!((Row::read(&[]), Row::read(&[0, 0, 5])), (Some(Sums::new()), None));
    }
}
