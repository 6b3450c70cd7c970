//! Between a polynomial's coefficients and its values at roots of unity: the radix-2 transforms by decimation in
//! frequency (W. Gentleman, G. Sande, Fast Fourier transforms for fun and profit, 1966) and in time (J. Cooley,
//! J. Tukey, An algorithm for the machine calculation of complex Fourier series, 1965). What the one gives lies in the
//! order of the reversed bits of its place, and so the other takes it: nothing is moved.

use std::iter::successors;

use super::number::Number;

/// For polynomials of m coefficients. ζ is a 2m-th root of unity; ζ^m is −1.
pub(super) struct Transform {
    log: u32,
    /// R·ζ^k, for k below m.
    roots: Vec<Number>,
    /// R·ζ^k / m, in reversed order.
    twists: Vec<Number>,
    /// R² / 2m.
    shrink: Number,
}

impl Transform {
    /// From the binary logarithm of m, 1 to 8, and ζ.
    pub(super) fn new(log: u32, root: u128) -> Self {
        let (root, one) = (Number::new(root).times(&Number::R2), Number::fraction(0).tidy());
        let roots: Vec<_> = successors(Some(one), |power| Some(power.times(&root))).take(1 << log).collect();
        let small = Number::fraction(log).tidy();
        let twists = (0..1 << log).map(|place| roots[reversed(place, log)].times(&small)).collect();
        Self { log, roots, twists, shrink: Number::R2.times(&Number::fraction(log + 1).tidy()) }
    }

    /// From the values of a polynomial at the even powers of ζ, those at the odd powers. They are sums of m tidy
    /// numbers, as the values may be.
    pub(super) fn even_to_odd(&self, values: &mut [Number]) {
        self.to_coefficients(values);
        for (coefficient, twist) in values.iter_mut().zip(&self.twists) {
            *coefficient = coefficient.times(twist);
        }
        self.to_values(values);
    }

    /// The 2m coefficients of a polynomial from its values at the odd powers of ζ, and from that at 1: at the other
    /// even powers it is zero. All are given divided by R, the odd ones tidy.
    ///
    /// Modulo x^m − 1 the polynomial is the one through the even powers, all of whose coefficients are the value at 1
    /// divided by m; modulo x^m + 1 the one through the odd powers. Its lower half is half their sum, its upper half
    /// half their difference.
    pub(super) fn coefficients(&self, odd: &mut [Number], at_one: &Number) -> Vec<Number> {
        self.to_coefficients(odd);
        let even = at_one.times(&self.shrink);
        let halved = |power: usize| {
            let coefficient = odd[reversed(power, self.log)].times(&self.shrink);
            // ζ^−k is −ζ^(m − k).
            if power == 0 { coefficient } else { Number::ZERO - coefficient.times(&self.roots[odd.len() - power]) }
        };
        let odd: Vec<_> = (0..odd.len()).map(halved).collect();
        odd.iter().map(|&odd| even + odd).chain(odd.iter().map(|&odd| even - odd)).collect()
    }

    /// From values at the even powers of ζ to m times the coefficients, in reversed order.
    fn to_coefficients(&self, values: &mut [Number]) {
        let m = values.len();
        for half in successors(Some(m / 2), |half| (*half > 1).then_some(half / 2)) {
            for block in values.chunks_exact_mut(2 * half) {
                let (low, high) = block.split_at_mut(half);
                (low[0], high[0]) = (low[0] + high[0], low[0] - high[0]);
                for k in 1..half {
                    let difference = high[k] - low[k];
                    low[k] = low[k] + high[k];
                    high[k] = difference.times(&self.roots[m - k * (m / half)]);
                }
            }
        }
    }

    /// From coefficients in reversed order to values at the even powers of ζ.
    fn to_values(&self, coefficients: &mut [Number]) {
        let m = coefficients.len();
        for half in successors(Some(1), |half| (*half < m / 2).then_some(half * 2)) {
            for block in coefficients.chunks_exact_mut(2 * half) {
                let (low, high) = block.split_at_mut(half);
                (low[0], high[0]) = (low[0] + high[0], low[0] - high[0]);
                for k in 1..half {
                    let turned = high[k].times(&self.roots[k * (m / half)]);
                    (low[k], high[k]) = (low[k] + turned, low[k] - turned);
                }
            }
        }
    }
}

/// The place with its lowest bits in the opposite order.
fn reversed(place: usize, log: u32) -> usize {
    place.reverse_bits() >> (usize::BITS - log)
}
