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

// Of clusters and weights.
#[cfg(feature = "statistic")]
pub mod clustering;
#[cfg(feature = "statistic")]
pub mod design_effect;
#[cfg(feature = "statistic")]
pub mod margins;
#[cfg(feature = "statistic")]
pub mod post_stratification;
#[cfg(feature = "statistic")]
pub mod raking;
#[cfg(feature = "statistic")]
pub mod strata;
#[cfg(feature = "statistic")]
pub mod weighting;

// Comparisons.
#[cfg(feature = "statistic")]
pub mod adjustment;
#[cfg(feature = "statistic")]
pub mod against_rest;
#[cfg(feature = "statistic")]
pub mod change;
#[cfg(feature = "statistic")]
pub mod crosstab;
#[cfg(feature = "statistic")]
pub mod difference;
#[cfg(feature = "statistic")]
pub mod fisher;
#[cfg(feature = "statistic")]
pub mod independence;
#[cfg(feature = "statistic")]
pub mod mode_effect;
#[cfg(feature = "statistic")]
pub mod ranking;

// Of a quiz.
#[cfg(feature = "statistic")]
pub mod discrimination;
#[cfg(feature = "statistic")]
pub mod distractors;
#[cfg(feature = "statistic")]
pub mod facility;
#[cfg(feature = "statistic")]
pub mod reliability;

// What goes together with what.
#[cfg(feature = "statistic")]
pub mod correlation;
#[cfg(feature = "statistic")]
pub mod drivers;

#[cfg(all(test, feature = "statistic"))]
#[path = "../tests/statistic/vectors.rs"]
mod vectors;
#[cfg(all(test, feature = "statistic"))]
use vectors::*;
