//! What is told of a figure that crosses answers with each other: a range, so wide that it gives nobody away.
//!
//! Such a figure is a function of a joint block of the whole campaign, whose counts are never told. Those of its parts
//! are, by area and day, so that the rule of [`super`] holds only while answers may have been exchanged: who shifts an
//! untold count by one takes two respondents and exchanges one answer of theirs; every told sum stays as it was. An
//! exchange moves the figure, by so much at most. [`ROOM`]·k exchanges are the room that there must be: k for a shift by
//! k respondents, and as many again since one between an opinion and none also changes of whom the figure is.
//!
//! The figure lies in a cell of a grid, at least as wide as that room; what is told is the cell and one more on either
//! side. So no such exchanges leave the range; and who knows this rule, and every margin by which the room was reckoned,
//! narrows the figure to its cell and no further. Ends that were rounded one by one, the figure less its room and the
//! figure and its room, would give it away: each says in which step it lies, both together in which part of a step.
//!
//! It is told of the whole campaign and of nothing within it.

use serde::Serialize;

/// A range leaves room for so many times k exchanges.
pub const ROOM: u32 = 2;

/// For so many exchanges a range leaves room.
pub fn exchanges(k: u32) -> f64 {
    f64::from(ROOM) * f64::from(k)
}

/// Where a figure lies.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct Range {
    /// Not below this.
    pub low: f64,
    /// Not above this.
    pub high: f64,
}

impl Range {
    /// Its middle, where a chart draws it.
    pub fn middle(&self) -> f64 {
        f64::midpoint(self.low, self.high)
    }
}

/// How a kind of figure is told.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// Its least and its greatest value; infinite where there is none.
    pub ends: [f64; 2],
    /// The ends of ranges are so many of these to 1.
    pub steps: f64,
    /// A range that is wider says too little to be told.
    pub widest: f64,
}

/// Correlations, and differences of shares.
pub const DIFFERENCE: Scale = Scale { ends: [-1.0, 1.0], steps: 20.0, widest: 0.45 };

/// Shares.
pub const SHARE: Scale = Scale { ends: [0.0, 1.0], steps: 200.0, widest: 0.12 };

/// Shares of a part of the respondents, which is small.
pub const PART: Scale = Scale { ends: [0.0, 1.0], steps: 50.0, widest: 0.3 };

/// Reliabilities.
pub const RELIABILITY: Scale = Scale { ends: [f64::NEG_INFINITY, 1.0], steps: 50.0, widest: 0.3 };

/// Errors of measurement, in points.
pub const POINTS: Scale = Scale { ends: [0.0, f64::INFINITY], steps: 20.0, widest: 1.0 };

/// A figure that is told as a range, and its 95 % interval, as wide as both.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub struct Ranged {
    /// Where the figure of the respondents lies.
    pub range: Range,
    /// Where the figure of everybody whom they stand for lies: the interval, from the range's lower end to its upper one.
    pub interval: Range,
}

impl Scale {
    /// A figure that the exchanges move by `room` at most; `None` where its range would be too wide. `interval` is the
    /// interval of a figure anywhere in the range, from the range's lower end to its upper one.
    pub fn told(&self, figure: f64, room: f64, interval: impl FnOnce(Range) -> (f64, f64)) -> Option<Ranged> {
        let [least, most] = self.ends.map(|end| end * self.steps);
        // Room that is so many steps but for rounding is no more.
        let width = (room * self.steps - 1e-9).ceil().max(1.0);
        let (first, last) = ((least / width).ceil(), (most / width).floor() - 1.0);
        let fits = room.is_finite() && figure.is_finite() && first <= last;
        // The outermost cells reach to the ends: whoever all answered alike share theirs with others.
        let cell = fits.then(|| (figure * self.steps / width).floor().clamp(first, last))?;
        let end = |cells: f64| (cells * width).clamp(least, most) / self.steps;
        let range = Range { low: end(cell - 1.0), high: end(cell + 2.0) };
        let (low, high) = interval(range);
        let narrow = range.high - range.low <= self.widest + 1e-9 && !low.is_nan() && !high.is_nan();
        let low = ((low.min(range.low) * self.steps + 1e-9).floor().clamp(least, most)) / self.steps;
        let high = ((high.max(range.high) * self.steps - 1e-9).ceil().clamp(least, most)) / self.steps;
        // No 0 is less than 0.
        narrow.then_some(Ranged { range, interval: Range { low: low + 0.0, high: high + 0.0 } })
    }
}

/// The interval of a figure, from whose lower end to itself, and from itself to whose upper end, it is as far anywhere in
/// the range.
pub fn as_far(figure: f64, (low, high): (f64, f64)) -> impl FnOnce(Range) -> (f64, f64) {
    move |range| (range.low - (figure - low), range.high + (high - figure))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_leaves_room() {
        let none = |range: Range| (range.low, range.high);
        let told = DIFFERENCE.told(0.43, 0.05, as_far(0.43, (0.38, 0.48))).unwrap();
        assert_eq!(told.range, Range { low: 0.35, high: 0.5 }, "0.4 to 0.45, and 0.05 on either side");
        assert_eq!(told.interval, Range { low: 0.3, high: 0.55 });
        assert_eq!(DIFFERENCE.told(0.43, 0.2, none), None, "0.2, and as much on either side");
        assert_eq!(DIFFERENCE.told(0.43, f64::INFINITY, none), None);
        assert_eq!(DIFFERENCE.told(0.99, 0.05, none).unwrap().range, Range { low: 0.9, high: 1.0 });
        assert_eq!(SHARE.told(0.75, 0.005, none).unwrap().range, Range { low: 0.745, high: 0.76 });
        assert_eq!(POINTS.told(1.3, 0.1, none).unwrap().range, Range { low: 1.2, high: 1.5 });
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod laws {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Who knows the rule and the room narrows a figure to no less than the room; and no move by the room leaves it.
        #[test]
        fn a_range_is_that_of_many_figures(
            scale in prop::sample::select(vec![DIFFERENCE, SHARE, PART, RELIABILITY]),
            (at, room) in (0.0f64..=1.0, 0.001f64..0.15),
        ) {
            let least = scale.ends[0].max(-1.0);
            let figure = least + at * (1.0 - least);
            let told = |figure: f64| scale.told(figure, room, |range| (range.low - 0.1, range.high + 0.1));
            let Some(it) = told(figure) else { return Ok(()) };
            let held = |value: f64| it.range.low - 1e-12 <= value && value <= it.range.high + 1e-12;
            prop_assert!(held((figure - room).max(least)) && held((figure + room).min(1.0)));
            let others = (-2000..=2000).map(|step| figure + f64::from(step) * room / 1000.0);
            let same: Vec<f64> = others.filter(|it| (scale.ends[0]..=1.0).contains(it)).filter(|other| told(*other) == Some(it)).collect();
            let width = same.last().unwrap() - same[0];
            prop_assert!(width >= room * 0.997, "{width} of {room}");
        }
    }
}
