//! The part of XPath that XLSForm's `relevant`, `constraint` and `calculate` are written in and that
//! conditions over options and numbers can hold: comparisons, `and`, `or`, `not`, `selected`,
//! `count-selected`, `if`, `coalesce`, `.` and `${name}`.
//!
//! ```text
//!  text ──tokens──▶ Token ──parse──▶ Expression ──Scope::truth──▶ Truth: always, never, or a Condition
//!  text ◀──────────────spell───────────────────────────────────────────────────────────── Condition
//! ```

mod answer;
mod bounds;
mod compare;
mod meaning;
mod merge;
mod parse;
mod spell;
mod token;
mod truth;

pub(super) use self::{
    meaning::{Scope, Subject},
    parse::{parse, parse_with},
    spell::{quoted, spell},
    truth::Truth,
};

/// What is wrong with an expression; the message ends with the character, from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    pub(super) code: &'static str,
    pub(super) message: String,
}

/// An expression as written.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Expression {
    /// Its first character, from 1.
    pub(super) at: usize,
    pub(super) node: Node,
}

/// What an expression is made of.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    /// `'words'`.
    Text(String),
    /// A whole number.
    Number(i64),
    /// `.`: the answer to this very question.
    This,
    /// `${name}`.
    Name(String),
    /// `function(…)`.
    Call(String, Vec<Expression>),
    /// `a = b`, `a < b`, …
    Compare(Operator, Box<Expression>, Box<Expression>),
    /// `a and b and …`.
    And(Vec<Expression>),
    /// `a or b or …`.
    Or(Vec<Expression>),
    /// `(a)`: brackets count, see [`crate::xlsform`].
    Bracketed(Box<Expression>),
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    Unequal,
    Less,
    AtMost,
    More,
    AtLeast,
}

impl Operator {
    /// The operator with its sides exchanged.
    pub(super) fn flipped(self) -> Self {
        match self {
            Self::Less => Self::More,
            Self::AtMost => Self::AtLeast,
            Self::More => Self::Less,
            Self::AtLeast => Self::AtMost,
            same => same,
        }
    }

    /// Whether two values stand in this order.
    pub(super) fn holds<T: PartialOrd>(self, left: &T, right: &T) -> bool {
        match self {
            Self::Equal => left == right,
            Self::Unequal => left != right,
            Self::Less => left < right,
            Self::AtMost => left <= right,
            Self::More => left > right,
            Self::AtLeast => left >= right,
        }
    }
}

impl Wrong {
    pub(super) fn at<T>(code: &'static str, at: usize, message: impl std::fmt::Display) -> Result<T, Self> {
        Err(Self { code, message: format!("{message} (at character {at})") })
    }
}
