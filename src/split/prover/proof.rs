//! The proof that each of n numbers is 0 or 1, for whom that is true (draft-irtf-cfrg-vdaf-08, §7.3.3 and §7.4.3).
//!
//! A call of the circuit's gadget takes a chunk of c numbers x and adds up their r^i·x · (x − 1), where i counts the
//! numbers from 1 on. Through each wire's random seed and its values in the calls goes a polynomial of degree below
//! m, with these for values at the even powers of ζ, the 2m-th root of unity; the proof is the seeds and the
//! coefficients of the sum over the chunk of the products of both wires' polynomials.
//!
//! Of that sum, the even powers tell what is known: the seeds' products at 1, and elsewhere zero, since x is 0 or 1.
//! So only the odd powers are reckoned, two transforms of m for each wire, and one for the sum.

use super::{number::Number, transform::Transform};

/// What the proof is made from.
pub(super) struct Statement<'s> {
    /// For each number −1 where it is 1, and 0 where it is 0.
    pub(super) masks: &'s [i64],
    /// Both seeds of each of the c pairs of wires.
    pub(super) seeds: &'s [u128],
    /// r.
    pub(super) joint: u128,
    /// The binary logarithm of m.
    pub(super) log: u32,
    /// ζ.
    pub(super) root: u128,
}

impl Statement<'_> {
    /// The 2m − 1 coefficients.
    pub(super) fn coefficients(&self) -> Vec<u128> {
        let (chunk, m) = (self.seeds.len() / 2, 1 << self.log);
        let transform = Transform::new(self.log, self.root);
        let weighted = self.weighted();
        let (mut sums, mut at_one) = (vec![Number::ZERO; m], Number::ZERO);
        let (mut left, mut right) = (sums.clone(), sums.clone());
        for (place, seeds) in self.seeds.chunks_exact(2).enumerate() {
            (left[0], right[0]) = (Number::new(seeds[0]), Number::new(seeds[1]));
            at_one = at_one + left[0].times(&right[0]);
            left[1..].fill(Number::ZERO);
            right[1..].fill(Number::ZERO);
            for call in 1..=self.masks.len().div_ceil(chunk) {
                // A chunk that is not full is filled up with zeros.
                let at = (call - 1) * chunk + place;
                if let Some(&weighted) = weighted.get(at) {
                    left[call] = weighted;
                }
                right[call] = Number::ZERO - Number::ONE.masked(!self.masks.get(at).copied().unwrap_or(0));
            }
            transform.even_to_odd(&mut left);
            transform.even_to_odd(&mut right);
            for ((sum, left), right) in sums.iter_mut().zip(&left).zip(&right) {
                *sum = *sum + left.tidy().times(&right.tidy());
            }
        }
        sums.iter_mut().for_each(|sum| *sum = sum.tidy());
        let all = transform.coefficients(&mut sums, &at_one.tidy());
        all[..2 * m - 1].iter().map(Number::value).collect()
    }

    /// r^i·x of each number.
    fn weighted(&self) -> Vec<Number> {
        let joint = Number::new(self.joint).times(&Number::R2);
        let mut power = Number::ONE;
        let weighted = self.masks.iter().map(|&mask| {
            power = power.times(&joint);
            power.masked(mask)
        });
        weighted.collect()
    }
}
