//! Choices, one after the other: from proptest, which shrinks them, or from a seed.

use rand::{Rng, SeedableRng};
use rand_pcg::Pcg32;

/// A finite line of choices. After its end every choice is the first one, so that a shorter tape
/// makes a simpler thing.
#[derive(Clone, Debug)]
pub(crate) struct Tape {
    choices: Vec<u32>,
    at: usize,
}

impl Tape {
    pub(crate) fn new(choices: Vec<u32>) -> Self {
        Self { choices, at: 0 }
    }

    pub(crate) fn seeded(seed: u64) -> Self {
        let mut rng = Pcg32::seed_from_u64(seed);
        Self::new((0..4_000).map(|_| rng.next_u32()).collect())
    }

    /// A number from 0 to n − 1.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        let choice = self.choices.get(self.at).copied().unwrap_or_default();
        self.at += 1;
        choice as usize % n
    }

    /// True once in n times.
    pub(crate) fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == n - 1
    }

    pub(crate) fn pick<'t, T>(&mut self, from: &'t [T]) -> &'t T {
        &from[self.below(from.len())]
    }

    /// Some of these, at least one, in their order.
    pub(crate) fn some_of<T: Clone>(&mut self, from: &[T]) -> Vec<T> {
        let first = self.below(from.len());
        let taken: Vec<bool> = (0..from.len()).map(|i| self.one_in(3) || i == first).collect();
        from.iter().zip(taken).filter(|(_, taken)| *taken).map(|(it, _)| it.clone()).collect()
    }
}
