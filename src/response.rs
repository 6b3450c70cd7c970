//! What one respondent answered. It lives in a [`crate::session::Session`] and nowhere else.
//!
//! A [`Response`] has no serialisation and does not print, so that it cannot be logged, stored or
//! posted by accident; it is overwritten with zeros when dropped.
//!
//! ```compile_fail
//! fn printable<T: std::fmt::Debug>() {}
//! printable::<anxin::response::Response>();
//! ```
//!
//! ```compile_fail
//! fn storable<T: serde::Serialize>() {}
//! storable::<anxin::response::Response>();
//! ```

use serde::{Deserialize, Serialize};
use zeroize::{DefaultIsZeroes, Zeroize, ZeroizeOnDrop};

use crate::questionnaire::OptionSet;

/// What was given to one item.
// Debug is for the routing proof, which deals in imagined answers; a Response hides it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Given {
    /// The item was not on this respondent's way.
    #[default]
    NotAsked,
    /// Asked, and passed over.
    NoAnswer,
    /// *Don't know*.
    DontKnow,
    /// *Prefer not to say*.
    Refused,
    /// One option, by index.
    One(u8),
    /// A set of options (empty: none of them).
    Many(OptionSet),
    /// A number.
    Number(i32),
}

impl DefaultIsZeroes for Given {}

/// How it was asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// The respondent reads and taps.
    #[default]
    SelfCompleted,
    /// The volunteer reads aloud and taps.
    ReadAloud,
}

impl DefaultIsZeroes for Mode {}

/// A finished respondent: one entry an item, in the questionnaire's order.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Response {
    /// What was given, by item index.
    pub(crate) given: Vec<Given>,
    /// Reversible options ran from last to first.
    pub(crate) reversed: bool,
    /// How it was asked.
    pub(crate) mode: Mode,
}
