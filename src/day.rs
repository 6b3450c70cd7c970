//! Days: the finest time that is ever stored.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A day of the Gregorian calendar, `YYYY-MM-DD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema), schemars(extend("format" = "date")))]
#[serde(try_from = "String", into = "String")]
pub struct Day {
    year: u16,
    month: u8,
    day: u8,
}

/// Not a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a day is written YYYY-MM-DD")]
pub struct NotADay;

impl Day {
    /// A day by its numbers.
    ///
    /// # Errors
    /// If the calendar has no such day.
    pub fn new(year: u16, month: u8, day: u8) -> Result<Self, NotADay> {
        let it = Self { year, month, day };
        let fits = (1..=9999).contains(&year) && (1..=12).contains(&month) && (1..=it.month_length()).contains(&day);
        if fits { Ok(it) } else { Err(NotADay) }
    }

    /// Its year.
    pub fn year(self) -> u16 {
        self.year
    }

    /// Its month, from 1 to 12.
    pub fn month(self) -> u8 {
        self.month
    }

    /// Its day of the month, from 1 on.
    pub fn day_of_month(self) -> u8 {
        self.day
    }

    /// The day `count` days later.
    #[must_use]
    pub fn plus_days(self, count: u16) -> Self {
        (0..count).fold(self, |day, _| day.next())
    }

    /// The day before; `None` for the calendar's first.
    pub fn previous(self) -> Option<Self> {
        match (self.day, self.month, self.year) {
            (2.., ..) => Some(Self { day: self.day - 1, ..self }),
            (_, 2.., _) => {
                let month = Self { month: self.month - 1, ..self };
                Some(Self { day: month.month_length(), ..month })
            }
            (_, _, 2..) => Some(Self { year: self.year - 1, month: 12, day: 31 }),
            _ => None,
        }
    }

    /// Days since 1970-01-01, which is 0; days before it count as 0.
    pub fn since_epoch(self) -> u32 {
        // Years begin in March, so that the leap day is the last one.
        let (year, month) = if self.month > 2 { (self.year, self.month - 3) } else { (self.year - 1, self.month + 9) };
        let (year, month, day) = (u32::from(year), u32::from(month), u32::from(self.day));
        let of_year = (153 * month + 2) / 5 + day - 1;
        (365 * year + year / 4 - year / 100 + year / 400 + of_year).saturating_sub(719_468)
    }

    /// The day that begins so many seconds after 1970 began; `None` for a time within a day, or beyond
    /// the calendar.
    pub fn of_epoch(seconds: u64, seconds_a_day: u64) -> Option<Self> {
        let days = seconds.is_multiple_of(seconds_a_day).then_some(seconds / seconds_a_day)?;
        let days = u32::try_from(days).ok()?.checked_add(719_468)?;
        // The inverse of the above, by eras of 400 years.
        let (era, of_era) = (days / 146_097, days % 146_097);
        let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let month = (5 * of_year + 2) / 153;
        let day = of_year - (153 * month + 2) / 5 + 1;
        let (month, over) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
        Self::new(u16::try_from(era * 400 + year + over).ok()?, month as u8, day as u8).ok()
    }

    fn next(self) -> Self {
        if self.day < self.month_length() {
            Self { day: self.day + 1, ..self }
        } else if self.month < 12 {
            Self { month: self.month + 1, day: 1, ..self }
        } else {
            Self { year: self.year + 1, month: 1, day: 1 }
        }
    }

    fn month_length(self) -> u8 {
        match self.month {
            2 if self.year.is_multiple_of(4) && (!self.year.is_multiple_of(100) || self.year.is_multiple_of(400)) => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        }
    }
}

impl FromStr for Day {
    type Err = NotADay;

    fn from_str(text: &str) -> Result<Self, NotADay> {
        let digits = |range: std::ops::Range<usize>| -> Result<u16, NotADay> {
            let part = text.get(range).filter(|part| part.bytes().all(|byte| byte.is_ascii_digit())).ok_or(NotADay)?;
            part.parse().map_err(|_| NotADay)
        };
        let dashes = text.len() == 10 && text.as_bytes()[4] == b'-' && text.as_bytes()[7] == b'-';
        let (year, month, day) = (digits(0..4)?, digits(5..7)?, digits(8..10)?);
        if dashes { Self::new(year, month as u8, day as u8) } else { Err(NotADay) }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl TryFrom<String> for Day {
    type Error = NotADay;

    fn try_from(text: String) -> Result<Self, NotADay> {
        text.parse()
    }
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        day.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes() {
        for text in ["2026-11-23", "2024-02-29", "2000-02-29"] {
            assert_eq!(text.parse::<Day>().map(|day| day.to_string()), Ok(text.to_owned()));
        }
        for text in [
            "2026-02-29",
            "1900-02-29",
            "2026-13-01",
            "2026-1-01",
            "2026-11-23 ",
            "",
            "２０２６-11-23",
            "2026-00-10",
            "2026-01-32",
            "+026-01-01",
        ] {
            assert_eq!(text.parse::<Day>(), Err(NotADay), "{text}");
        }
    }

    #[test]
    fn counts_days_since_the_epoch_and_back() {
        let mut day: Day = "1970-01-01".parse().unwrap();
        for count in 0..60_000 {
            assert_eq!(day.since_epoch(), count);
            assert_eq!(Day::of_epoch(u64::from(count) * 86_400, 86_400), Some(day));
            assert_eq!(day.next().previous(), Some(day));
            day = day.next();
        }
        assert_eq!("2026-11-23".parse::<Day>().unwrap().since_epoch(), 20_780);
        assert_eq!(Day::of_epoch(86_401, 86_400), None, "within a day");
        assert_eq!(Day::of_epoch(u64::MAX / 86_400 * 86_400, 86_400), None, "beyond the calendar");
    }

    #[test]
    fn counts_days_over_months_and_years() {
        let day: Day = "2026-12-25".parse().unwrap();
        assert_eq!(day.plus_days(14).to_string(), "2027-01-08");
        assert_eq!("2024-02-28".parse::<Day>().unwrap().plus_days(366).to_string(), "2025-02-28");
        assert_eq!("0001-01-01".parse::<Day>().unwrap().previous(), None);
    }
}
