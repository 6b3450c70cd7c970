//! Laws: what holds for every questionnaire and every respondent, tried on random ones.
#![cfg(not(target_arch = "wasm32"))]

mod area;
mod attack;
mod batch;
mod chance;
mod counting;
mod coverage;
mod crossed;
mod doors;
mod fielding;
mod fieldwork;
mod mask;
mod naming;
mod outcome;
mod place;
mod quality;
mod ranks;
mod routing;
mod scale;
mod session;
#[path = "../shared/mod.rs"]
mod shared;
mod statistic;

use proptest::prelude::*;
use shared::{Sample, author::USUAL, tape::Tape};

/// Any valid questionnaire. It shrinks to one with fewer and simpler items.
fn questionnaires() -> impl Strategy<Value = Sample> {
    tapes().prop_map(|mut tape| Sample::draw(&mut tape, &USUAL))
}

/// A line of choices, for an author or a respondent.
fn tapes() -> impl Strategy<Value = Tape> {
    prop::collection::vec(any::<u32>(), 0..500).prop_map(Tape::new)
}
