//! Areas: administrative codes, a tree by prefix.
//!
//! The statistical codes have twelve digits: 2 for the province, 2 for the prefecture, 2 for the county, 3 for
//! the town, 3 for the village or community; grids lie below by further digits. A code of an upper level is
//! written without the zeros that would fill it up to twelve: `330602001`, not `330602001000`.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// An administrative code, e.g. `330602`: up to 24 digits. A longer code that starts with it lies within it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema), schemars(extend("pattern" = "^[0-9]{1,24}$")))]
#[serde(try_from = "String", into = "String")]
pub struct AreaCode(String);

/// What kind of area a code names, from the largest to the smallest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// 省: 2 digits.
    Province,
    /// 地级市: 4 digits.
    Prefecture,
    /// 县、区: 6 digits.
    County,
    /// 乡镇、街道: 9 digits.
    Town,
    /// 村、社区: 12 digits.
    Village,
    /// 网格: more than 12 digits.
    Grid,
}

/// The levels that have a length of their own, and it.
const LENGTHS: [(Level, usize); 5] =
    [(Level::Province, 2), (Level::Prefecture, 4), (Level::County, 6), (Level::Town, 9), (Level::Village, 12)];

/// The lengths of codes, from the largest areas down; beyond the village's, digit by digit.
pub fn lengths() -> impl Iterator<Item = usize> {
    LENGTHS.into_iter().map(|(_, length)| length).chain(13..=24)
}

/// What both codes begin with.
pub fn common<'t>(one: &'t str, other: &str) -> &'t str {
    let length = one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    &one[..length]
}

/// Not an area code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an area code is 1 to 24 digits")]
pub struct NotAnAreaCode;

impl AreaCode {
    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this area lies within another, or is it.
    pub fn within(&self, other: &AreaCode) -> bool {
        self.0.starts_with(&other.0)
    }

    /// What its first digits name, so many at most.
    #[must_use]
    pub fn first(&self, digits: usize) -> Self {
        Self(self.0.chars().take(digits).collect())
    }

    /// Its level; `None` for a length that the statistical codes do not have.
    pub fn level(&self) -> Option<Level> {
        match self.0.len() {
            length @ 0..=12 => LENGTHS.iter().find(|(_, own)| *own == length).map(|(level, _)| *level),
            _ => Some(Level::Grid),
        }
    }

    /// The area of the next level up that it lies in; `None` for a province. A grid's is its village.
    pub fn parent(&self) -> Option<AreaCode> {
        let (_, length) = LENGTHS.iter().rfind(|(_, length)| *length < self.0.len())?;
        Some(Self(self.0[..*length].to_owned()))
    }

    /// The areas that it lies in, from the smallest to its province.
    pub fn ancestors(&self) -> impl Iterator<Item = AreaCode> {
        std::iter::successors(self.parent(), AreaCode::parent)
    }
}

impl FromStr for AreaCode {
    type Err = NotAnAreaCode;

    fn from_str(text: &str) -> Result<Self, NotAnAreaCode> {
        let good = (1..=24).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        if good { Ok(Self(text.to_owned())) } else { Err(NotAnAreaCode) }
    }
}

impl TryFrom<String> for AreaCode {
    type Error = NotAnAreaCode;

    fn try_from(text: String) -> Result<Self, NotAnAreaCode> {
        text.parse()
    }
}

impl From<AreaCode> for String {
    fn from(code: AreaCode) -> Self {
        code.0
    }
}
