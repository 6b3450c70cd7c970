//! When an expression holds.

use crate::questionnaire::definition::{Condition, Negated, Several};

/// When an expression holds.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::xlsform) enum Truth {
    Always,
    Never,
    When(Condition),
}

impl Truth {
    /// How many conditions it is made of.
    pub(super) fn size(&self) -> usize {
        fn size(condition: &Condition) -> usize {
            1 + match condition {
                Condition::And(it) | Condition::Or(it) => it.of.iter().map(size).sum(),
                Condition::Not(it) => size(&it.of),
                Condition::AnyOf(_) | Condition::Count(_) | Condition::Range(_) => 0,
            }
        }
        match self {
            Self::Always | Self::Never => 0,
            Self::When(condition) => size(condition),
        }
    }

    pub(super) fn not(self) -> Self {
        match self {
            Self::Always => Self::Never,
            Self::Never => Self::Always,
            Self::When(it) => Self::When(Condition::Not(Negated { of: Box::new(it) })),
        }
    }

    /// The opposite, where nobody wrote a `not` that would have to be kept.
    pub(in crate::xlsform) fn opposite(self) -> Self {
        match self {
            Self::When(Condition::Not(it)) => Self::When(*it.of),
            other => other.not(),
        }
    }

    /// All of these.
    pub(super) fn all(parts: Vec<Self>) -> Self {
        if parts.contains(&Self::Never) {
            return Self::Never;
        }
        Self::joined(parts, &Self::Always, |of| Condition::And(Several { of }))
    }

    /// At least one of these.
    pub(super) fn any(parts: Vec<Self>) -> Self {
        if parts.contains(&Self::Always) {
            return Self::Always;
        }
        Self::joined(parts, &Self::Never, |of| Condition::Or(Several { of }))
    }

    /// The same for parts that nobody wrote as a list: what is always so is left out.
    pub(in crate::xlsform) fn every(parts: impl IntoIterator<Item = Self>) -> Self {
        Self::all(parts.into_iter().filter(|part| *part != Self::Always).collect())
    }

    /// The same for alternatives.
    pub(in crate::xlsform) fn some(parts: impl IntoIterator<Item = Self>) -> Self {
        Self::any(parts.into_iter().filter(|part| *part != Self::Never).collect())
    }

    /// One part stands for itself, but for one beside `true()` or `false()`: so is a list of one spelled.
    fn joined(parts: Vec<Self>, neutral: &Self, join: fn(Vec<Condition>) -> Condition) -> Self {
        let alone = parts.len() == 1;
        let mut of: Vec<Condition> = Vec::new();
        for part in parts {
            if let Self::When(condition) = part {
                of.push(condition);
            }
        }
        match of.pop() {
            None => neutral.clone(),
            Some(only) if of.is_empty() && alone => Self::When(only),
            Some(last) => {
                of.push(last);
                Self::When(join(of))
            }
        }
    }
}
