//! A chain: the counts of one figure, level by level, from n alone to every category.
//!
//! Each level splits one class of categories of the level before into two. A count that two figures have in
//! common must come to the same decision in both; so figures that have one begin with the same levels.

/// A sum of cells, less a sum of others, as indices into [`Chain::cells`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Added.
    pub plus: Vec<usize>,
    /// Taken away.
    pub minus: Vec<usize>,
}

impl Count {
    /// Its value.
    pub fn of(&self, cells: &[u64]) -> u64 {
        let sum = |indices: &[usize]| indices.iter().map(|&index| cells[index]).sum::<u64>();
        sum(&self.plus).saturating_sub(sum(&self.minus))
    }
}

/// The levels of a figure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chain {
    /// The cells of the layout that it is made of.
    pub cells: Vec<usize>,
    /// The counts that become known at each level, in addition to n. The first level has none.
    pub levels: Vec<Vec<Count>>,
    /// The level from which on it is known how many were asked.
    pub reach: usize,
}

impl Chain {
    /// n alone.
    pub fn new() -> Self {
        Self { cells: Vec::new(), levels: vec![Vec::new()], reach: 0 }
    }

    /// Index of a cell of the layout.
    pub fn cell(&mut self, cell: usize) -> usize {
        self.cells.iter().position(|&it| it == cell).unwrap_or_else(|| {
            self.cells.push(cell);
            self.cells.len() - 1
        })
    }

    /// The first level at which a set of cells of the layout is counted: it is a sum of the level's counts.
    pub fn first(&self, cells: &[usize]) -> Option<usize> {
        let set: Vec<usize> =
            self.cells.iter().enumerate().filter(|(_, it)| cells.contains(it)).map(|(i, _)| i).collect();
        let counted = |counts: &Vec<Count>| {
            let within = |count: &&Count| count.minus.is_empty() && count.plus.iter().all(|it| set.contains(it));
            counts.iter().filter(within).map(|count| count.plus.len()).sum::<usize>() == set.len()
        };
        if set.len() < cells.len() || set.is_empty() { None } else { self.levels.iter().position(counted) }
    }

    /// Whether a set of cells is counted at a level.
    pub fn counts(&self, level: usize, cells: &[usize]) -> bool {
        self.first(cells).is_some_and(|first| first <= level)
    }

    /// The same levels up to one, as the beginning of another figure's chain.
    pub fn up_to(&self, level: usize) -> Self {
        Self { cells: self.cells.clone(), levels: self.levels[..=level].to_vec(), reach: level }
    }

    /// Splits a class of cells of the layout, level by level, until every cell stands alone.
    ///
    /// `sets` are worth telling from the rest; the first comes first where `lead` says so. Else that split comes
    /// first whose lesser side is greater, so that what is rare stays together longest; `sizes` has the
    /// campaign's count of each cell of the layout.
    pub fn refine(&mut self, class: &[usize], sets: &[Vec<usize>], lead: bool, sizes: &[u64]) {
        let class: Vec<usize> = class.iter().map(|&cell| self.cell(cell)).collect();
        let others: Vec<Count> = self.levels.last().into_iter().flatten().cloned().collect();
        let others: Vec<Count> =
            others.into_iter().filter(|count| !count.plus.iter().all(|it| class.contains(it))).collect();
        let mut classes = vec![class];
        let mut lead = if lead { sets.first() } else { None };
        loop {
            let split =
                lead.take().and_then(|set| self.cut(&classes, set)).or_else(|| self.next(&classes, sets, sizes));
            let Some((index, part)) = split else { return };
            classes[index].retain(|cell| !part.contains(cell));
            classes.push(part);
            let counts = classes.iter().map(|class| Count { plus: class.clone(), minus: Vec::new() });
            self.levels.push(counts.chain(others.iter().cloned()).collect());
        }
    }

    /// The part of the first class that a set of cells of the layout cuts in two.
    fn cut(&self, classes: &[Vec<usize>], set: &[usize]) -> Option<(usize, Vec<usize>)> {
        classes.iter().enumerate().find_map(|(index, class)| {
            let part = self.part(class, set);
            (!part.is_empty() && part.len() < class.len()).then_some((index, part))
        })
    }

    fn part(&self, class: &[usize], set: &[usize]) -> Vec<usize> {
        class.iter().copied().filter(|&cell| set.contains(&self.cells[cell])).collect()
    }

    /// The split whose lesser side is greatest; of equal ones the first: by a set rather than by one cell.
    fn next(&self, classes: &[Vec<usize>], sets: &[Vec<usize>], sizes: &[u64]) -> Option<(usize, Vec<usize>)> {
        let size = |part: &[usize]| part.iter().map(|&cell| sizes[self.cells[cell]]).sum::<u64>();
        let mut best: Option<(u64, usize, Vec<usize>)> = None;
        for (index, class) in classes.iter().enumerate().filter(|(_, class)| class.len() > 1) {
            let by_sets = sets.iter().map(|set| self.part(class, set));
            let alone = class.iter().map(|&cell| vec![cell]);
            for part in by_sets.chain(alone).filter(|part| !part.is_empty() && part.len() < class.len()) {
                let lesser = size(&part).min(size(class) - size(&part));
                if best.as_ref().is_none_or(|(most, ..)| lesser > *most) {
                    best = Some((lesser, index, part));
                }
            }
        }
        best.map(|(_, index, part)| (index, part))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The classes of each level, as cells of the layout.
    fn classes(chain: &Chain) -> Vec<Vec<Vec<usize>>> {
        let cells = |count: &Count| count.plus.iter().map(|&it| chain.cells[it]).collect::<Vec<_>>();
        chain.levels.iter().map(|counts| counts.iter().map(cells).collect()).collect()
    }

    #[test]
    fn what_is_rare_stays_together_longest() {
        let mut chain = Chain::new();
        // Safe, fairly safe, unsafe, very unsafe, don't know; how many are safe comes first.
        chain.refine(
            &[10, 11, 12, 13, 14],
            &[vec![10, 11], vec![14]],
            true,
            &[[0; 10].as_slice(), &[60, 30, 6, 1, 3]].concat(),
        );
        assert_eq!(
            classes(&chain),
            [
                vec![],
                vec![vec![12, 13, 14], vec![10, 11]],
                vec![vec![12, 13, 14], vec![11], vec![10]],
                vec![vec![13, 14], vec![11], vec![10], vec![12]],
                vec![vec![13], vec![11], vec![10], vec![12], vec![14]],
            ]
        );
        assert_eq!((chain.first(&[10, 11]), chain.first(&[12]), chain.first(&[14])), (Some(1), Some(3), Some(4)));
        assert_eq!((chain.first(&[10, 12]), chain.first(&[9])), (Some(3), None));
        assert!(chain.counts(4, &[10, 11]) && !chain.counts(1, &[10]));
    }
}
