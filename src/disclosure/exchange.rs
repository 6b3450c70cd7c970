//! What is told of a figure that crosses answers with each other: a range, so wide that it gives nobody away.
//!
//! Such a figure is a function of a joint block of the whole campaign, whose counts are never told. Those of its parts
//! are, by area and day, so that the rule of [`super`] holds only while answers may have been exchanged: who shifts an
//! untold count by one takes two respondents and exchanges one answer of theirs; every told sum stays as it was. An
//! exchange moves the figure, by so much at most. The range leaves room for [`ROOM`]·k exchanges on either side, and ends
//! on coarse steps: k for a shift by k respondents, and as many again since one between an opinion and none also
//! changes of whom the figure is. It is told of the whole campaign and of nothing within it.

use serde::Serialize;

/// A range leaves room for so many times k exchanges.
pub const ROOM: u32 = 2;

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
    /// Its least and its greatest value.
    pub ends: [f64; 2],
    /// The ends of ranges are so many of these to 1.
    pub steps: f64,
    /// A range that is wider says too little to be told.
    pub widest: f64,
}

/// Correlations, and differences of shares.
pub const DIFFERENCE: Scale = Scale { ends: [-1.0, 1.0], steps: 20.0, widest: 0.4 };

/// Shares.
pub const SHARE: Scale = Scale { ends: [0.0, 1.0], steps: 200.0, widest: 0.1 };

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
    /// A figure that one exchange moves by `each` at most, with the lower and the upper end of its interval; `None` where
    /// its range would be too wide.
    pub fn told(&self, figure: f64, (low, high): (f64, f64), each: f64, k: u32) -> Option<Ranged> {
        let room = f64::from(ROOM) * f64::from(k) * each;
        let range = self.around(figure, figure, room);
        let narrow = range.high - range.low <= self.widest + 1e-9;
        (narrow && room.is_finite()).then(|| Ranged { range, interval: self.around(low, high, room) })
    }

    /// The steps around two values with room on either side.
    fn around(&self, low: f64, high: f64, room: f64) -> Range {
        let [least, most] = self.ends;
        // A value that is on a step but for rounding stays on it.
        let down = ((low - room) * self.steps + 1e-9).floor() / self.steps;
        let up = ((high + room) * self.steps - 1e-9).ceil() / self.steps;
        Range { low: down.clamp(least, most), high: up.clamp(least, most) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_leaves_room() {
        let told = DIFFERENCE.told(0.43, (0.38, 0.48), 0.005, 5).unwrap();
        assert_eq!(told.range, Range { low: 0.35, high: 0.5 }, "0.38 to 0.48, on steps of 0.05");
        assert_eq!(told.interval, Range { low: 0.3, high: 0.55 });
        assert_eq!(DIFFERENCE.told(0.43, (0.0, 0.8), 0.02, 5), None, "0.2 to either side, and more on steps");
        assert_eq!(DIFFERENCE.told(0.43, (0.0, 0.8), f64::INFINITY, 5), None);
        assert_eq!(DIFFERENCE.told(0.99, (0.95, 1.0), 0.005, 5).unwrap().range, Range { low: 0.9, high: 1.0 });
        assert_eq!(SHARE.told(0.75, (0.7, 0.8), 0.0, 5).unwrap().range, Range { low: 0.75, high: 0.75 });
    }
}
