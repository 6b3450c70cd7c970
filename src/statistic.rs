//! Statistics: one a file, each a function of a tally, or of counts taken from one or from several.
//!
//! Intervals are of 95 %. *Too few to say* is a value: `None`, or [`figure::Figure::TooFew`]. What needs more than sums
//! and Wilson's interval is under the feature `statistic`, which no respondent loads.

pub mod distribution;
pub mod outcome;
pub mod proportion;
pub mod rate;
pub mod score;

// Of one item or indicator.
#[cfg(feature = "statistic")]
pub mod clopper_pearson;
#[cfg(feature = "statistic")]
pub mod figure;
#[cfg(feature = "statistic")]
pub mod mean_index;
#[cfg(feature = "statistic")]
pub mod nonresponse;
#[cfg(feature = "statistic")]
pub mod sample_size;
#[cfg(feature = "statistic")]
pub mod scale;

#[cfg(all(test, feature = "statistic"))]
#[path = "../tests/statistic/vectors.rs"]
mod vectors;
#[cfg(all(test, feature = "statistic"))]
use vectors::*;
