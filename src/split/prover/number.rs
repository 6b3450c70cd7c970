//! Numbers modulo p = 2^128 − 7·2^66 + 1, the prime of the VDAF's `Field128`, made for engines whose widest product
//! has 64 bits: five limbs of 26 bits and room above them, so that sums carry nothing and products are added up as
//! they are.
//!
//! Multiplication is Montgomery's (P. Montgomery, Modular multiplication without trial division, 1985) with
//! R = 2^130. Since p is 1 below 2^66, what a step adds is the negated lowest limb times p, which is two shifts and a
//! multiplication by 7. Nothing branches on a number, nor looks anything up by one.

use std::ops::{Add, Sub};

const P: u128 = u128::MAX - (7 << 66) + 2;
const BITS: u32 = 26;
const MASK: i64 = (1 << BITS) - 1;

/// The sum of limb i times 2^(26·i), which is the number or differs from it by a multiple of p.
///
/// It is *tidy* when it is less than p + 2^100 in size, and each limb less than 2^26 + 2^20. As many as 256 tidy
/// numbers may be added to or taken from each other, and the sum still be multiplied by a tidy one: of the five
/// products of a column each is less than 2^60.2.
#[derive(Clone, Copy, Debug)]
pub(super) struct Number([i64; 5]);

impl Number {
    pub(super) const ZERO: Self = Self([0; 5]);
    pub(super) const ONE: Self = Self([1, 0, 0, 0, 0]);
    /// 2^260: what is multiplied by it comes out R times as large. From 2^128 = 7·2^66 − 1 modulo p follows
    /// 2^130 = 7·2^68 − 4; squared, and once more so: 343·2^74 − 56·2^68 − 12528.
    pub(super) const R2: Self = Self::new((343 << 74) - (56 << 68) - 12_528);

    /// Tidy.
    pub(super) const fn new(number: u128) -> Self {
        let (low, high) = (number as u64, (number >> 64) as u64);
        let [a, b, c, d] = [low, low >> BITS, low >> (2 * BITS) | high << 12, high >> 14];
        Self([a as i64 & MASK, b as i64 & MASK, c as i64 & MASK, d as i64 & MASK, (high >> 40) as i64])
    }

    /// R / 2^log for log ≤ 26: a factor that divides. Tidy from 2 on.
    pub(super) const fn fraction(log: u32) -> Self {
        Self([0, 0, 0, 0, 1 << (BITS - log)])
    }

    /// The number itself, below p.
    pub(super) fn value(&self) -> u128 {
        // Once more, since the first time limbs may be left that are a little below zero or too large.
        let Self(limbs) = self.tidy().tidy().carry();
        let number = limbs.iter().rev().fold(0, |number: u128, &limb| (number << BITS).wrapping_add(limb as u128));
        let (less, below) = number.overflowing_sub(P);
        let keep = u128::from(below).wrapping_neg();
        number & keep | less & !keep
    }

    /// Both numbers' product, divided by R; tidy, if one of the two is and the other a sum of at most 256.
    pub(super) fn times(&self, other: &Self) -> Self {
        let (Self(a), Self(b)) = (self, other);
        let mut columns = [0; 9];
        for i in 0..5 {
            for j in 0..5 {
                columns[i + j] += a[i] * b[j];
            }
        }
        for i in 0..5 {
            let add = columns[i].wrapping_neg() & MASK;
            columns[i + 1] += (columns[i] + add) >> BITS;
            columns[i + 2] -= (7 * add) << 14;
            columns[i + 4] += add << 24;
        }
        Self([columns[5], columns[6], columns[7], columns[8], 0]).tidy()
    }

    /// The same number, tidy, if it is a sum of at most 2^30 tidy ones.
    pub(super) fn tidy(&self) -> Self {
        let Self(mut limbs) = self.carry();
        // What is beyond 2^128, times p.
        let beyond = limbs[4] >> 24;
        limbs[0] -= beyond;
        limbs[2] += (7 * beyond) << 14;
        limbs[4] &= (1 << 24) - 1;
        Self(limbs)
    }

    fn carry(&self) -> Self {
        let Self(mut limbs) = *self;
        for i in 0..4 {
            limbs[i + 1] += limbs[i] >> BITS;
            limbs[i] &= MASK;
        }
        Self(limbs)
    }

    /// The number where the mask is −1; zero where it is 0.
    pub(super) fn masked(&self, mask: i64) -> Self {
        Self(self.0.map(|limb| limb & mask))
    }
}

impl Add for Number {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(std::array::from_fn(|i| self.0[i] + other.0[i]))
    }
}

impl Sub for Number {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(std::array::from_fn(|i| self.0[i] - other.0[i]))
    }
}
