//! The one place where time and randomness come in.

use crate::day::Day;

/// Tells the day.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Clock {
    /// A day on which it stands still, for tests.
    pub(super) stopped: Option<Day>,
}

impl Clock {
    /// The day it is where the collector stands.
    ///
    /// # Panics
    /// If the machine's clock is outside the calendar.
    pub(super) fn today(self) -> Day {
        self.stopped.unwrap_or_else(|| {
            // Written YYYY-MM-DD, as a Day is read.
            jiff::Zoned::now().date().to_string().parse().expect("a year from 1 to 9999")
        })
    }
}

/// Random bytes from the system.
pub(super) fn random<const N: usize>() -> Result<[u8; N], getrandom::Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}
