//! X25519 (RFC 7748) made for engines whose widest product has 64 bits: nine limbs of 29 bits with a sign, so that sums
//! and differences carry nothing, and the 81 products of a multiplication are added up as they are.
//!
//! Nothing branches on a secret, nor looks anything up by one.

use std::array::from_fn;

/// All columns of a product, written out: an engine keeps them in registers then.
macro_rules! columns {
    ($column:ident, $a:expr, $b:expr) => {
        columns!($column, $a, $b, 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16)
    };
    ($column:ident, $a:expr, $b:expr, $($k:literal)+) => {
        [$($column::<$k>($a, $b)),+]
    };
}

/// Carries from one limb after the other to the next, written out as well.
macro_rules! carry {
    ($limbs:ident, $($i:literal)+) => {
        $(
            let carry = nearest($limbs[$i]);
            $limbs[$i] -= carry << BITS;
            $limbs[$i + 1] += carry;
        )+
    };
}

const LIMBS: usize = 9;
const BITS: u32 = 29;
const MASK: i64 = (1 << BITS) - 1;
/// Bits of the last limb below 2^255.
const LAST: u32 = 255 - 8 * BITS;
/// 2^261 modulo p = 2^255 − 19.
const WRAPPED: i64 = 19 << 6;
/// (486662 − 2) / 4, the curve's constant.
const A24: i64 = 121_665;

/// The base point.
pub const BASE: [u8; 32] = {
    let mut base = [0; 32];
    base[0] = 9;
    base
};

/// The shared secret, or the public key if the point is the base (RFC 7748 §5: the Montgomery ladder).
///
/// Of the two points of the ladder one was doubled last and the other added to; the names with a 2 are the former's,
/// those with a 3 the latter's. Their sum is the same either way, so that only what is doubled next is chosen: the
/// latter, if the secret's bit is another than before. The last bit is 0, and so it is the lower point that was
/// doubled at the end.
pub fn x25519(mut secret: [u8; 32], point: [u8; 32]) -> [u8; 32] {
    secret[0] &= 248;
    secret[31] = secret[31] & 127 | 64;
    let (start, base) = (Element::read(&point), point == BASE);
    let (mut x2, mut z2, mut x3, mut z3) = (Element::ONE, Element::ZERO, start, Element::ONE);
    let mut last = 0;
    for bit in (0..255).rev() {
        let bit = i64::from(secret[bit / 8] >> (bit % 8) & 1);
        let other = -(bit ^ last);
        last = bit;
        let (a, b, c, d) = (x2.plus(&z2), x2.minus(&z2), x3.plus(&z3), x3.minus(&z3));
        let (da, cb) = (d.times(&a), c.times(&b));
        x3 = da.plus(&cb).squared();
        z3 = da.minus(&cb).squared();
        z3 = if base { z3.multiple(9) } else { z3.times(&start) };
        let (aa, bb) = (a.or(&c, other).squared(), b.or(&d, other).squared());
        let e = aa.minus(&bb);
        x2 = aa.times(&bb);
        z2 = e.times(&aa.plus(&e.multiple(A24)));
    }
    zeroize::Zeroize::zeroize(&mut secret);
    x2.times(&z2.inverted()).write()
}

/// The sum of limb i times 2^(29·i), which is the number or differs from it by a multiple of p.
///
/// What was multiplied or read has limbs below 2^28 + 2^14 or 2^29 in size. Two such may be added or taken from each
/// other before they are multiplied: nine products of 2^29 + 2^15 by as much are less than 2^62.
#[derive(Clone, Copy)]
struct Element([i64; LIMBS]);

impl Element {
    const ZERO: Self = Self([0; LIMBS]);
    const ONE: Self = Self([1, 0, 0, 0, 0, 0, 0, 0, 0]);

    /// The highest bit is passed over.
    fn read(bytes: &[u8; 32]) -> Self {
        let mut limbs = [0; LIMBS];
        for bit in 0..255 {
            limbs[bit / BITS as usize] |= i64::from(bytes[bit / 8] >> (bit % 8) & 1) << (bit % BITS as usize);
        }
        Self(limbs)
    }

    /// The number itself, below p.
    fn write(&self) -> [u8; 32] {
        // Anything is less than 2^262 in size: once, it is between −2^12 and 2^255 + 2^12; twice, between 0 and
        // 2^255; and then without a borrow.
        let Self(mut limbs) = self.wrapped().wrapped().wrapped();
        // And p less, if 19 more are beyond 2^255.
        let mut more = *self;
        more.0 = limbs;
        more.0[0] += 19;
        limbs[0] += 19 * (more.floored().0[8] >> LAST);
        let Self(mut limbs) = Self(limbs).floored();
        limbs[8] &= (1 << LAST) - 1;
        let mut bytes = [0; 32];
        for bit in 0..255 {
            bytes[bit / 8] |= ((limbs[bit / BITS as usize] >> (bit % BITS as usize) & 1) as u8) << (bit % 8);
        }
        bytes
    }

    /// Limbs of 29 bits, but for the last, which has the sign and the rest.
    fn floored(&self) -> Self {
        let Self(mut limbs) = *self;
        for i in 0..LIMBS - 1 {
            limbs[i + 1] += limbs[i] >> BITS;
            limbs[i] &= MASK;
        }
        Self(limbs)
    }

    /// The same with what is beyond 2^255 brought back.
    fn wrapped(&self) -> Self {
        let Self(mut limbs) = self.floored();
        limbs[0] += 19 * (limbs[8] >> LAST);
        limbs[8] &= (1 << LAST) - 1;
        Self(limbs)
    }

    /// The other where the mask is −1; this one where it is 0.
    fn or(&self, other: &Self, mask: i64) -> Self {
        Self(from_fn(|i| self.0[i] ^ (self.0[i] ^ other.0[i]) & mask))
    }

    /// So many times the number, if that is less than 2^17.
    fn multiple(&self, times: i64) -> Self {
        Self::carried(self.0.map(|limb| times * limb))
    }

    fn plus(&self, other: &Self) -> Self {
        Self(from_fn(|i| self.0[i] + other.0[i]))
    }

    fn minus(&self, other: &Self) -> Self {
        Self(from_fn(|i| self.0[i] - other.0[i]))
    }

    #[inline(never)]
    fn times(&self, other: &Self) -> Self {
        Self::folded(columns!(once, &self.0, &other.0))
    }

    #[inline(never)]
    fn squared(&self) -> Self {
        Self::folded(columns!(twice, &self.0, &self.0))
    }

    #[inline(never)]
    fn squared_times(&self, times: usize) -> Self {
        let mut power = self.squared();
        for _ in 1..times {
            power = power.squared();
        }
        power
    }

    /// The number to the power of p − 2 = 2^255 − 21, which is its inverse, by powers of 2^n − 1.
    fn inverted(&self) -> Self {
        let two = self.squared();
        let nine = two.squared_times(2).times(self);
        let eleven = nine.times(&two);
        let ones_5 = eleven.squared().times(&nine);
        let ones_10 = ones_5.squared_times(5).times(&ones_5);
        let ones_20 = ones_10.squared_times(10).times(&ones_10);
        let ones_40 = ones_20.squared_times(20).times(&ones_20);
        let ones_50 = ones_40.squared_times(10).times(&ones_10);
        let ones_100 = ones_50.squared_times(50).times(&ones_50);
        let ones_200 = ones_100.squared_times(100).times(&ones_100);
        let ones_250 = ones_200.squared_times(50).times(&ones_50);
        ones_250.squared_times(5).times(&eleven)
    }

    /// From a product's columns.
    #[inline(always)]
    fn folded(columns: [i64; 2 * LIMBS - 1]) -> Self {
        let mut limbs = from_fn(|i| columns[i]);
        let mut carry = 0;
        for i in 0..LIMBS - 1 {
            let beyond = columns[LIMBS + i];
            limbs[i] += WRAPPED * ((beyond & MASK) + carry);
            carry = beyond >> BITS;
        }
        limbs[LIMBS - 1] += WRAPPED * carry;
        Self::carried(limbs)
    }

    /// Carries to the nearest, so that limbs are as small as can be on both sides of zero; in two chains, since each
    /// step waits for the one before.
    #[inline(always)]
    fn carried(mut limbs: [i64; LIMBS]) -> Self {
        carry!(limbs, 0 4 1 5 2 6 3 7 4);
        let beyond = nearest(limbs[8]);
        limbs[8] -= beyond << BITS;
        limbs[0] += WRAPPED * beyond;
        carry!(limbs, 0);
        Self(limbs)
    }
}

/// How many 2^29 a limb is, to the nearest.
#[inline(always)]
fn nearest(limb: i64) -> i64 {
    (limb + (1 << (BITS - 1))) >> BITS
}

/// The column of a product where the limbs' places add up to K.
#[inline(always)]
fn once<const K: usize>(a: &[i64; LIMBS], b: &[i64; LIMBS]) -> i64 {
    (K.saturating_sub(LIMBS - 1)..=K.min(LIMBS - 1)).map(|i| a[i] * b[K - i]).sum()
}

/// The same of a square, where each product but the middle one is there twice.
#[inline(always)]
fn twice<const K: usize>(a: &[i64; LIMBS], _: &[i64; LIMBS]) -> i64 {
    let pairs: i64 = (K.saturating_sub(LIMBS - 1)..K.div_ceil(2)).map(|i| a[i] * a[K - i]).sum();
    2 * pairs + if K.is_multiple_of(2) { a[K / 2] * a[K / 2] } else { 0 }
}
