//! Statistics: one a file, each a function of a tally.

pub mod distribution;
pub mod proportion;
pub mod rate;
pub mod score;
