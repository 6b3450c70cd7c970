//! A figure, or why there is none.

use serde::Serialize;

/// A figure that needs more than respondents: a declaration in the questionnaire, or that both sides were measured
/// in the same way. Where only respondents can be missing, an `Option` says as much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(tag = "state", content = "value", rename_all = "snake_case")]
pub enum Figure<T> {
    /// The figure.
    Known(T),
    /// Too few to say.
    TooFew,
    /// The questionnaire does not declare what it would be computed from: it can never be computed.
    NotDeclared,
    /// Not everybody was measured in the same way.
    NotComparable,
}

impl<T> Figure<T> {
    /// The figure, if there is one.
    pub fn known(self) -> Option<T> {
        match self {
            Self::Known(figure) => Some(figure),
            _ => None,
        }
    }

    /// What follows from the figure, if there is one; nothing means too few to say.
    pub fn and_then<U>(self, follows: impl FnOnce(T) -> Option<U>) -> Figure<U> {
        match self {
            Self::Known(figure) => follows(figure).into(),
            Self::TooFew => Figure::TooFew,
            Self::NotDeclared => Figure::NotDeclared,
            Self::NotComparable => Figure::NotComparable,
        }
    }
}

impl<T> From<Option<T>> for Figure<T> {
    /// Nothing means too few to say.
    fn from(figure: Option<T>) -> Self {
        figure.map_or(Self::TooFew, Self::Known)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_missing_is_told_by_name() {
        let told = |figure: Figure<f64>| serde_json::to_value(figure).unwrap();
        assert_eq!(told(Some(0.5).into()), json!({ "state": "known", "value": 0.5 }));
        assert_eq!(told(None.into()), json!({ "state": "too_few" }));
        assert_eq!(told(Figure::NotDeclared), json!({ "state": "not_declared" }));
        assert_eq!(told(Figure::NotComparable), json!({ "state": "not_comparable" }));
    }
}
