//! X25519 (RFC 7748) made for engines whose widest product has 64 bits: nine limbs of 29 bits, so that sums and
//! differences carry nothing, and the products of a multiplication are added up as they are.
//!
//! Nothing branches on a secret, nor looks anything up by one.

use std::array::from_fn;

use zeroize::{Zeroize, Zeroizing};

/// All columns of a square, written out: an engine keeps them in registers then.
macro_rules! square {
    ($a:expr, $($k:literal)+) => {
        [$(twice::<$k>($a)),+]
    };
}

/// Carries from one limb after the other to the next, written out as well.
macro_rules! carry {
    ($limbs:ident, $($i:literal)+) => {
        $(
            $limbs[$i + 1] += $limbs[$i] >> BITS;
            $limbs[$i] &= MASK;
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

/// What a secret makes of each point: of the base, the public key; of a public key, the shared secret (RFC 7748 §5).
///
/// One inversion does for all of them (Montgomery's trick): a fraction's denominator is inverted by multiplying the
/// inverse of the product of all with every other one. A denominator of 0 stands for 0, as there; it is 1 in the product.
pub fn x25519(mut secret: [u8; 32], points: &[[u8; 32]]) -> Zeroizing<Vec<[u8; 32]>> {
    secret[0] &= 248;
    secret[31] = secret[31] & 127 | 64;
    let mut product = Element::ONE;
    let fractions = points.iter().map(|point| {
        let (x, z) = ladder(&secret, point);
        let zero = z.is_zero();
        let (x, z, before) = (x.or(&Element::ZERO, zero), z.or(&Element::ONE, zero), product);
        product = before.times(&z);
        (x.times(&before), z)
    });
    let fractions: Vec<_> = fractions.collect();
    let mut inverse = product.inverted();
    let mut made = Zeroizing::new(vec![[0; 32]; points.len()]);
    for (made, (x, z)) in made.iter_mut().zip(&fractions).rev() {
        *made = x.times(&inverse).write();
        inverse = inverse.times(z);
    }
    secret.zeroize();
    made
}

/// The Montgomery ladder: the first coordinate as a fraction.
///
/// Of the two points of the ladder one was doubled last and the other added to; the names with a 2 are the former's,
/// those with a 3 the latter's. Their sum is the same either way, so that only what is doubled next is chosen: the
/// latter, if the secret's bit is another than before. The last bit is 0, and so it is the lower point that was
/// doubled at the end.
fn ladder(secret: &[u8; 32], point: &[u8; 32]) -> (Element, Element) {
    let (start, base) = (Element::read(point), *point == BASE);
    let (mut x2, mut z2, mut x3, mut z3) = (Element::ONE, Element::ZERO, start, Element::ONE);
    let mut last = 0;
    for bit in (0..255).rev() {
        let bit = i64::from(secret[bit / 8] >> (bit % 8) & 1);
        let other = -(bit ^ last);
        last = bit;
        let (a, b, c, d) = (x2.plus(&z2), x2.minus(&z2), x3.plus(&z3), x3.minus(&z3));
        let (aa, bb) = (a.or(&c, other).squared(), b.or(&d, other).squared());
        let (da, cb) = (d.times(&a), c.times(&b));
        let e = aa.minus(&bb);
        let difference = da.minus(&cb).squared();
        x3 = da.plus(&cb).squared();
        x2 = aa.times(&bb);
        z2 = e.times(&aa.plus(&e.multiple(A24)));
        z3 = if base { difference.multiple(9) } else { difference.times(&start) };
    }
    (x2, z2)
}

/// The sum of limb i times 2^(29·i), which is the number or differs from it by a multiple of p.
///
/// What was multiplied or read has limbs from 0 to 2^29, the second up to 2^16 below or beyond that. Two such may be
/// added or taken from each other before they are multiplied: limbs are below 2^29 + 2^17 in size then, nine products
/// of them below 2^62, and three products of sums of two as well.
#[derive(Clone, Copy)]
struct Element([i64; LIMBS]);

impl Element {
    const ZERO: Self = Self([0; LIMBS]);
    const ONE: Self = Self([1, 0, 0, 0, 0, 0, 0, 0, 0]);

    /// The highest bit is passed over.
    fn read(bytes: &[u8; 32]) -> Self {
        let mut limbs = from_fn(|i| {
            let bit = i * BITS as usize;
            let word = bytes[bit / 8..].iter().take(5).rev().fold(0, |word, &byte| word << 8 | i64::from(byte));
            word >> (bit % 8) & MASK
        });
        limbs[LIMBS - 1] &= (1 << LAST) - 1;
        Self(limbs)
    }

    /// The number itself, below p.
    fn write(&self) -> [u8; 32] {
        // Anything is less than 2^262 in size: once, it is between −2^12 and 2^255 + 2^12; twice, between 0 and
        // 2^255; and then without a borrow.
        let Self(mut limbs) = self.wrapped().wrapped().wrapped();
        // And p less, if 19 more are beyond 2^255.
        let mut more = limbs;
        more[0] += 19;
        limbs[0] += 19 * (Self(more).floored().0[8] >> LAST);
        let Self(mut limbs) = Self(limbs).floored();
        limbs[8] &= (1 << LAST) - 1;
        from_fn(|i| {
            let (limb, bit) = (8 * i / BITS as usize, 8 * i as u32 % BITS);
            let next = limbs.get(limb + 1).unwrap_or(&0);
            (limbs[limb] >> bit | next << (BITS - bit)) as u8
        })
    }

    /// −1 if it is a multiple of p, or else 0.
    fn is_zero(&self) -> i64 {
        (i64::from(self.write().iter().fold(0, |all, byte| all | byte)) - 1) >> 63
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

    /// The sum, but for 64·p, so that limbs are as small as a difference's.
    fn plus(&self, other: &Self) -> Self {
        Self(from_fn(|i| self.0[i] + other.0[i] - if i == 0 { MASK + 1 - WRAPPED } else { MASK }))
    }

    fn minus(&self, other: &Self) -> Self {
        Self(from_fn(|i| self.0[i] - other.0[i]))
    }

    #[inline(never)]
    fn times(&self, other: &Self) -> Self {
        Self::folded(product(&self.0, &other.0))
    }

    #[inline(never)]
    fn squared(&self) -> Self {
        Self::folded(square!(&self.0, 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16))
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

    /// What is beyond each limb's bits goes to the next, and from the last, as often 1,216, to the first.
    #[inline(always)]
    fn carried(mut limbs: [i64; LIMBS]) -> Self {
        carry!(limbs, 0 1 2 3 4 5 6 7);
        limbs[0] += WRAPPED * (limbs[8] >> BITS);
        limbs[8] &= MASK;
        carry!(limbs, 0);
        Self(limbs)
    }
}

/// The columns of a product: the sums of the limbs' products by the sum of their places.
///
/// Of nine products of thirds six are enough (Karatsuba), since a·b' + a'·b is (a + a')·(b + b') − a·b − a'·b'.
#[inline(always)]
fn product(a: &[i64; LIMBS], b: &[i64; LIMBS]) -> [i64; 2 * LIMBS - 1] {
    let ([a0, a1, a2], [b0, b1, b2]) = (thirds(a), thirds(b));
    let (low, middle, high) = (of_thirds(a0, b0), of_thirds(a1, b1), of_thirds(a2, b2));
    let lower = of_thirds(both(a0, a1), both(b0, b1));
    let outer = of_thirds(both(a0, a2), both(b0, b2));
    let upper = of_thirds(both(a1, a2), both(b1, b2));
    let c3: [_; 5] = from_fn(|i| lower[i] - low[i] - middle[i]);
    let c6: [_; 5] = from_fn(|i| outer[i] - low[i] - high[i] + middle[i]);
    let c9: [_; 5] = from_fn(|i| upper[i] - middle[i] - high[i]);
    [
        low[0],
        low[1],
        low[2],
        low[3] + c3[0],
        low[4] + c3[1],
        c3[2],
        c3[3] + c6[0],
        c3[4] + c6[1],
        c6[2],
        c6[3] + c9[0],
        c6[4] + c9[1],
        c9[2],
        c9[3] + high[0],
        c9[4] + high[1],
        high[2],
        high[3],
        high[4],
    ]
}

type Third = [i64; LIMBS / 3];

#[inline(always)]
fn thirds(&[a, b, c, d, e, f, g, h, i]: &[i64; LIMBS]) -> [Third; 3] {
    [[a, b, c], [d, e, f], [g, h, i]]
}

#[inline(always)]
fn both([a0, a1, a2]: Third, [b0, b1, b2]: Third) -> Third {
    [a0 + b0, a1 + b1, a2 + b2]
}

#[inline(always)]
fn of_thirds([a0, a1, a2]: Third, [b0, b1, b2]: Third) -> [i64; 5] {
    [a0 * b0, a0 * b1 + a1 * b0, a0 * b2 + a1 * b1 + a2 * b0, a1 * b2 + a2 * b1, a2 * b2]
}

/// The column of a square where the limbs' places add up to K; each product but the middle one is there twice.
#[inline(always)]
fn twice<const K: usize>(a: &[i64; LIMBS]) -> i64 {
    let pairs: i64 = (K.saturating_sub(LIMBS - 1)..K.div_ceil(2)).map(|i| a[i] * a[K - i]).sum();
    2 * pairs + if K.is_multiple_of(2) { a[K / 2] * a[K / 2] } else { 0 }
}
