//! What the tests of statistics share: `tests/vectors/statistic.json`, and areas drawn at random.

use serde_json::Value;

use super::proportion::{Estimate, wilson};

/// The vectors of a statistic, made by `tests/vectors/statistic.py`.
pub(super) fn vectors(name: &str) -> Vec<Value> {
    let all: Value = serde_json::from_str(include_str!("../vectors/statistic.json")).unwrap();
    let vectors = all[name].as_array().unwrap_or_else(|| panic!("no vectors for {name}")).clone();
    assert!(!vectors.is_empty());
    vectors
}

/// Fails unless a figure lies so close to the vector's: absolutely, above 1 as a share of it.
pub(super) fn close(got: f64, want: &Value, tolerance: f64) {
    let want = want.as_f64().unwrap_or_else(|| panic!("{got}, not {want}"));
    assert!((got - want).abs() <= tolerance * want.abs().max(1.0), "{got}, not {want}");
}

/// A list of counts.
pub(super) fn counts(of: &Value) -> Vec<u64> {
    serde_json::from_value(of.clone()).unwrap()
}

/// A list of numbers.
pub(super) fn numbers(of: &Value) -> Vec<f64> {
    serde_json::from_value(of.clone()).unwrap()
}

/// Areas, from pairs of x and n.
pub(super) fn estimates(of: &Value) -> Vec<Estimate> {
    let pairs: Vec<(u64, u64)> = serde_json::from_value(of.clone()).unwrap();
    pairs.into_iter().map(|(x, n)| wilson(x, n).unwrap()).collect()
}

/// Areas at random, some of them unanimous.
#[cfg(not(target_arch = "wasm32"))]
pub(super) fn counted_areas(count: std::ops::Range<usize>) -> impl proptest::strategy::Strategy<Value = Vec<Estimate>> {
    use proptest::prelude::*;
    let area = (1u64..500, prop_oneof![Just(0.0), Just(1.0), 0.0..=1.0]);
    prop::collection::vec(area.prop_map(|(n, part)| wilson((n as f64 * part) as u64, n).unwrap()), count)
}
