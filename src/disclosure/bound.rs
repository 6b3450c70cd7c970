//! What is told of a rate that is not: a bound, so wide that it gives nobody away.

use serde::Serialize;

/// The bounds that are told of a rate which is not: at least so much, or at most what this leaves of 1.
pub const BOUNDS: [f64; 6] = [0.99, 0.98, 0.95, 0.9, 0.8, 0.5];

/// What is known of a rate that is not told.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct Bound {
    /// Which end it is.
    pub side: Side,
    /// The end, from 0 to 1.
    pub share: f64,
    /// Respondents who were asked.
    pub n: u64,
}

/// An end of the range in which a rate lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The rate is not lower.
    AtLeast,
    /// The rate is not higher.
    AtMost,
}

/// The closest bound that leaves room: k respondents more could be on the other side, and it would still hold.
pub fn bound(x: u64, n: u64, k: u32) -> Option<Bound> {
    let k = u64::from(k);
    let holds = |others: u64, share: &f64| {
        let room = (n as f64 * (1.0 - share) + 1e-9) as u64;
        room + 1 >= 2 * k && others + k <= room
    };
    let least =
        BOUNDS.into_iter().find(|share| holds(n - x, share)).map(|share| Bound { side: Side::AtLeast, share, n });
    let most = || BOUNDS.into_iter().find(|share| holds(x, share)).map(|share| (100.0 - share * 100.0).round() / 100.0);
    least.or_else(|| most().map(|share| Bound { side: Side::AtMost, share, n }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_leaves_room() {
        let told = |x, n| bound(x, n, 5).map(|it| (it.side, it.share));
        assert_eq!(told(196, 200), Some((Side::AtLeast, 0.95)));
        assert_eq!(told(195, 200), Some((Side::AtLeast, 0.95)), "five more leave 95 %");
        assert_eq!(
            told(194, 200),
            Some((Side::AtLeast, 0.9)),
            "complementary: of so many who are not, the bound is wider"
        );
        assert_eq!(told(179, 179), Some((Side::AtLeast, 0.9)), "95 % would leave room for 8 alone");
        assert_eq!((told(2, 200), told(100, 200)), (Some((Side::AtMost, 0.05)), None));
        assert_eq!((told(17, 17), told(18, 18)), (None, Some((Side::AtLeast, 0.5))));
    }
}
