//! Statistics: one a file, each a function of a tally, or of counted doors.

pub mod distribution;
pub mod outcome;
pub mod proportion;
pub mod rate;
pub mod score;
