//! Periods: what figures are of, a day or a month.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::day::Day;

/// A day, `YYYY-MM-DD`, or a month, `YYYY-MM`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(
    not(target_arch = "wasm32"),
    derive(schemars::JsonSchema),
    schemars(extend("pattern" = "^\\d{4}-\\d{2}(-\\d{2})?$"))
)]
#[serde(try_from = "String", into = "String")]
pub enum Period {
    /// A month: year and month.
    Month(u16, u8),
    /// A day.
    Day(Day),
}

/// Neither a day nor a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a period is written YYYY-MM-DD or YYYY-MM")]
pub struct NotAPeriod;

impl Period {
    /// The month that it is or lies in.
    #[must_use]
    pub fn month(self) -> Self {
        match self {
            Self::Day(day) => Self::Month(day.year(), day.month()),
            month => month,
        }
    }

    /// Whether a day lies within it.
    pub fn has(self, day: Day) -> bool {
        Self::Day(day) == self || Self::Day(day).month() == self
    }

    /// The least period that holds both; `None`: no month does.
    pub fn with(self, other: Self) -> Option<Self> {
        if self == other { Some(self) } else { Some(self.month()).filter(|month| *month == other.month()) }
    }

    /// A period, if any, and every longer one, to all time, which is none.
    pub fn around(period: Option<Self>) -> impl Iterator<Item = Option<Self>> {
        let month = period.map(Self::month).filter(|month| Some(*month) != period);
        [period, month].into_iter().flatten().map(Some).chain([None])
    }
}

impl FromStr for Period {
    type Err = NotAPeriod;

    fn from_str(text: &str) -> Result<Self, NotAPeriod> {
        match text.len() {
            // The first of a month is in every month.
            7 => format!("{text}-01").parse().map(|day: Day| Self::Day(day).month()).map_err(|_| NotAPeriod),
            _ => text.parse().map(Self::Day).map_err(|_| NotAPeriod),
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Month(year, month) => write!(f, "{year:04}-{month:02}"),
            Self::Day(day) => day.fmt(f),
        }
    }
}

impl TryFrom<String> for Period {
    type Error = NotAPeriod;

    fn try_from(text: String) -> Result<Self, NotAPeriod> {
        text.parse()
    }
}

impl From<Period> for String {
    fn from(period: Period) -> Self {
        period.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(text: &str) -> Period {
        text.parse().unwrap()
    }

    #[test]
    fn reads_and_writes() {
        for text in ["2026-11", "2026-11-23", "2024-02-29"] {
            assert_eq!(text.parse::<Period>().map(|it| it.to_string()), Ok(text.to_owned()));
        }
        for text in ["", "2026", "2026-13", "2026-1", "2026-02-30", "2026-11-2", "2026-11-231", "二〇二六-11"] {
            assert_eq!(text.parse::<Period>(), Err(NotAPeriod), "{text}");
        }
    }

    #[test]
    fn a_day_lies_in_a_month_and_in_all_time() {
        let (day, month) = (period("2026-11-23"), period("2026-11"));
        assert_eq!(Period::around(Some(day)).collect::<Vec<_>>(), [Some(day), Some(month), None]);
        assert_eq!(Period::around(Some(month)).collect::<Vec<_>>(), [Some(month), None]);
        assert_eq!(Period::around(None).collect::<Vec<_>>(), [None]);
        assert_eq!((day.with(day), day.with(period("2026-11-30"))), (Some(day), Some(month)));
        assert_eq!((day.with(month), day.with(period("2026-12-01"))), (Some(month), None));
    }
}
