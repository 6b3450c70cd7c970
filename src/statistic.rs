//! Statistics: one a file, each a function of a tally, or of counts taken from one or from several.
//!
//! Intervals are of 95 %. *Too few to say* is a value: `None`, or [`figure::Figure::TooFew`]. No respondent loads
//! any of it: what a module does not call, the linker leaves out.

pub mod distribution;
pub mod outcome;
pub mod proportion;
pub mod rate;
pub mod score;

// Of one item or indicator.
pub mod clopper_pearson;
pub mod figure;
pub mod mean_index;
pub mod nonresponse;
pub mod sample_size;
pub mod scale;

// Of clusters and weights.
pub mod clustering;
pub mod design_effect;
pub mod margins;
pub mod post_stratification;
pub mod raking;
pub mod strata;
pub mod weighting;

// Comparisons.
pub mod adjustment;
pub mod against_rest;
pub mod associations;
pub mod band;
pub mod change;
pub mod crosstab;
pub mod difference;
pub mod fisher;
pub mod independence;
pub mod mode_effect;
pub mod pairs;
pub mod ranking;

// Of a quiz.
pub mod discrimination;
pub mod distractors;
pub mod facility;
pub mod reliability;

// What goes together with what.
pub mod correlation;
pub mod drivers;

#[cfg(test)]
#[path = "../tests/statistic/vectors.rs"]
mod vectors;
#[cfg(test)]
use vectors::*;
