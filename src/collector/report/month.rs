//! The month of a report.

use std::str::FromStr;

use crate::period::Period;

/// A month, `YYYY-MM`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::collector) struct Month(u16, u8);

/// Not a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a report is of a month, written YYYY-MM")]
pub(in crate::collector) struct NotAMonth;

impl Month {
    /// The month as a period.
    pub(in crate::collector) fn period(self) -> Period {
        Period::Month(self.0, self.1)
    }

    /// The month before; the first of all has none.
    pub(in crate::collector) fn before(self) -> Option<Self> {
        match self {
            Self(year, month @ 2..) => Some(Self(year, month - 1)),
            Self(year, _) => year.checked_sub(1).map(|year| Self(year, 12)),
        }
    }

    /// Year and number.
    pub(super) fn parts(self) -> (u16, u8) {
        (self.0, self.1)
    }
}

impl FromStr for Month {
    type Err = NotAMonth;

    fn from_str(text: &str) -> Result<Self, NotAMonth> {
        match text.parse() {
            Ok(Period::Month(year, month)) => Ok(Self(year, month)),
            _ => Err(NotAMonth),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_follows_another() {
        let before = |text: &str| Some(text.parse::<Month>().ok()?.before()?.period().to_string());
        assert_eq!(before("2026-10").as_deref(), Some("2026-09"));
        assert_eq!(before("2026-01").as_deref(), Some("2025-12"));
        for text in ["", "2026", "2026-10-01", "2026-13", "2026-1", "十月"] {
            assert_eq!(text.parse::<Month>(), Err(NotAMonth), "{text}");
        }
    }
}
