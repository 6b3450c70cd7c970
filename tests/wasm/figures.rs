//! Figures compared where they are read.

use anxin::browser::{associate, compare};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::edge::name;

/// A number in what was answered.
fn number(pairs: &JsValue, at: u32, name: &str) -> Option<f64> {
    let pair = js_sys::Reflect::get_u32(pairs, at).unwrap();
    js_sys::Reflect::get(&pair, &name.into()).unwrap().as_f64()
}

/// The textbook example of the native tests, twice: each p-value counts double.
#[wasm_bindgen_test]
fn agrees_with_the_textbook() {
    let pairs = compare(&[390, 400, 376, 400, 390, 400, 376, 400, 5, 5, 7, 7]).ok().unwrap();
    assert_eq!(js_sys::Array::from(&pairs).length(), 3);
    for at in 0..2 {
        assert!((number(&pairs, at, "difference").unwrap() - 0.035).abs() < 1e-12);
        assert!((number(&pairs, at, "p").unwrap() - 0.014_139_994_5).abs() < 1e-9);
        assert!((number(&pairs, at, "holm").unwrap() - 2.0 * 0.014_139_994_5).abs() < 1e-9);
        assert!(number(&pairs, at, "low").unwrap() > 0.0 && number(&pairs, at, "high").unwrap() < 0.07);
    }
    assert_eq!((number(&pairs, 2, "difference"), number(&pairs, 2, "holm")), (Some(0.0), None));
}

#[wasm_bindgen_test]
fn refuses_what_is_no_share() {
    for bad in [&[1, 2, 3][..], &[1, 2, 3, 2], &[0, 0, 1, 2], &[1, 2, 0, 0], &[5; 7]] {
        assert_eq!(name(compare(bad)), "BadCounts", "{bad:?}");
    }
    assert_eq!(js_sys::Array::from(&compare(&[]).ok().unwrap()).length(), 0);
}

/// A table of two by two has the p-value of its two shares; where few are expected, Fisher's.
#[wasm_bindgen_test]
fn tables_are_tested_beside_each_other() {
    let counts = [390, 10, 376, 24, 5, 0, 7, 0, 8, 2, 1, 9];
    let found = associate(&counts, &[2, 2, 2]).ok().unwrap();
    assert_eq!(js_sys::Array::from(&found).length(), 3);
    assert!(js_sys::Reflect::get_u32(&found, 1).unwrap().is_null(), "one answer has all");
    assert!((number(&found, 0, "p").unwrap() - 0.014_139_994_5).abs() < 1e-9);
    assert!((number(&found, 0, "holm").unwrap() - 0.014_139_994_5).abs() < 1e-9);
    // Of the C(20, 9) ways to have these sums, C(10, 8)·C(10, 1) make this table, C(10, 9) a rarer one; on the other
    // side as many.
    let exact = number(&found, 2, "p").unwrap();
    assert!((exact - 2.0 * (450.0 + 10.0) / 167_960.0).abs() < 1e-9);
    assert!((number(&found, 2, "holm").unwrap() - 2.0 * exact).abs() < 1e-12);
    for (counts, answers) in [(&[1, 2, 3][..], &[2][..]), (&[1, 2, 3, 4, 5], &[2]), (&[], &[1]), (&[1], &[])] {
        assert_eq!(name(associate(counts, answers)), "BadCounts", "{counts:?}");
    }
}
