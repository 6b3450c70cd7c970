//! What an expression means: a condition over the answers to earlier items.

use std::{cell::Cell, collections::HashMap};

use super::{
    Expression, Node, Wrong,
    merge::{bounds, either, merged},
    truth::Truth,
};
use crate::questionnaire::definition::{AnyOf, Condition, ItemType, RangeBounds, Several};

/// What a name stands for.
#[derive(Debug)]
pub(in crate::xlsform) enum Subject {
    /// A question.
    Item {
        kind: ItemType,
        /// Its options, by name.
        options: Vec<String>,
        /// The special answers that it offers, by name.
        specials: Vec<&'static str>,
        /// The numbers that its options stand for, if they do.
        numbers: Vec<i64>,
    },
    /// A calculation; it is put in wherever it is named.
    Calculation(Expression),
    /// A question that became several, by the options that they offer.
    Split(Vec<String>),
    /// A rank, whose places are asked one by one under names of their own.
    Ranked,
    /// Something without an answer.
    Silent(&'static str),
    /// A row that was refused: what names it is passed over, for the author was told.
    Refused,
}

/// The names that an expression may use.
pub(in crate::xlsform) struct Scope<'s> {
    names: &'s HashMap<String, Subject>,
    /// The question that `.` stands for.
    this: Option<&'s str>,
    /// Parts that may still be made: calculations that name calculations grow fast.
    left: Cell<usize>,
    /// Calculations within calculations.
    depth: Cell<usize>,
    lenient: bool,
}

/// So many conditions an expression may become.
pub(super) const SIZE: usize = 1_000;

/// Code of what is wrong only because something else was refused.
pub(in crate::xlsform) const SILENT: &str = "";

const FUNCTIONS: &str = "selected, count-selected, if, coalesce, not, true, false";

/// Whether a question has an answer, special ones included.
pub(super) fn answered(name: &str, kind: ItemType, options: &[String], specials: &[&str]) -> Condition {
    let given = specials.iter().filter(|it| **it != "no_answer").map(|it| (*it).to_owned());
    if kind != ItemType::Integer {
        let options = options.iter().cloned().chain(given).collect();
        return Condition::AnyOf(AnyOf { item: name.into(), options });
    }
    let number = Condition::Range(RangeBounds { item: name.into(), min: None, max: None });
    let special = AnyOf { item: name.into(), options: given.collect() };
    if special.options.is_empty() {
        number
    } else {
        Condition::Or(Several { of: vec![number, Condition::AnyOf(special)] })
    }
}

impl<'s> Scope<'s> {
    /// Names, and the question that `.` stands for.
    pub(in crate::xlsform) fn new(names: &'s HashMap<String, Subject>, this: Option<&'s str>) -> Self {
        Self { names, this, left: Cell::new(2_000), depth: Cell::new(0), lenient: false }
    }

    /// The same where an answer may be compared with what is none of its options, and is then unequal to it.
    pub(in crate::xlsform) fn of_columns(names: &'s HashMap<String, Subject>) -> Self {
        Self { lenient: true, ..Self::new(names, None) }
    }

    pub(super) fn lenient(&self) -> bool {
        self.lenient
    }

    /// When an expression holds. Cases within cases multiply, so what comes of each part is measured.
    pub(in crate::xlsform) fn truth(&self, it: &Expression) -> Result<Truth, Wrong> {
        let left = self.left.get().checked_sub(1);
        let truth = left.map(|left| {
            self.left.set(left);
            self.whole(it)
        });
        match truth.transpose()? {
            Some(truth) if truth.size() <= SIZE => Ok(truth),
            _ => Wrong::at("too_large", it.at, "grows too large with the cases and calculations in it"),
        }
    }

    fn whole(&self, it: &Expression) -> Result<Truth, Wrong> {
        match &it.node {
            Node::Bracketed(inner) => self.truth(inner),
            Node::And(parts) => Ok(Truth::all(merged(parts, self.truths(parts)?, bounds))),
            Node::Or(parts) => Ok(Truth::any(merged(parts, self.truths(parts)?, either))),
            Node::Compare(operator, left, right) => self.compare(*operator, left, right),
            Node::Call(name, arguments) => self.call(it.at, name, arguments),
            Node::Name(name) => match self.subject(it.at, name)? {
                Subject::Calculation(expression) => self.within(it.at, || self.truth(expression)),
                _ => Wrong::at("no_condition", it.at, format_args!("`${{{name}}}` alone is no condition: compare it")),
            },
            _ => Wrong::at("no_condition", it.at, "a value alone is no condition: compare it"),
        }
    }

    fn truths(&self, parts: &[Expression]) -> Result<Vec<Truth>, Wrong> {
        parts.iter().map(|part| self.truth(part)).collect()
    }

    fn call(&self, at: usize, name: &str, arguments: &[Expression]) -> Result<Truth, Wrong> {
        match (name, arguments) {
            ("true", []) => Ok(Truth::Always),
            ("false", []) => Ok(Truth::Never),
            ("not", [of]) => self.truth(of).map(Truth::not),
            ("selected", [of, option]) => self.selected(of, option),
            ("if", [condition, then, other]) => {
                let condition = self.truth(condition)?;
                let (then, other) = (self.truth(then)?, self.truth(other)?);
                let not = condition.clone().opposite();
                Ok(Truth::some([Truth::every([condition, then]), Truth::every([not, other])]))
            }
            ("count-selected" | "coalesce", _) => {
                Wrong::at("no_condition", at, format_args!("`{name}` gives a value: compare it"))
            }
            _ => Err(unknown(at, name, arguments.len())),
        }
    }

    /// What a name stands for.
    pub(super) fn subject(&self, at: usize, name: &str) -> Result<&'s Subject, Wrong> {
        match self.names.get(name) {
            Some(Subject::Refused) => Wrong::at(SILENT, at, "names a row that was refused"),
            Some(Subject::Silent(what)) => {
                Wrong::at("no_answer", at, format_args!("`{name}` is {what}: it has no answer"))
            }
            Some(Subject::Ranked) => Wrong::at(
                "no_answer",
                at,
                format_args!("`{name}` is a rank, asked place by place: name one, `${{{name}_1}}`"),
            ),
            Some(subject) => Ok(subject),
            None => Wrong::at("unknown_item", at, format_args!("there is no question `{name}`")),
        }
    }

    /// The question that `.` stands for.
    pub(super) fn this(&self, at: usize) -> Result<&'s str, Wrong> {
        self.this.map_or_else(
            || Wrong::at("no_this", at, "`.` stands for the answer to a question only in its `constraint`"),
            Ok,
        )
    }

    /// Looks into a calculation.
    pub(super) fn within<T>(&self, at: usize, look: impl FnOnce() -> Result<T, Wrong>) -> Result<T, Wrong> {
        self.depth.set(self.depth.get() + 1);
        let seen = if self.depth.get() > 16 {
            Wrong::at("circle", at, "calculations name each other in a circle, or 16 deep")
        } else {
            look()
        };
        self.depth.set(self.depth.get() - 1);
        seen
    }
}

/// A function that there is not, or not with so many arguments.
pub(super) fn unknown(at: usize, name: &str, arguments: usize) -> Wrong {
    let known = FUNCTIONS.split(", ").any(|it| it == name);
    let message = if known {
        format!("`{name}` takes another number of values than {arguments} (at character {at})")
    } else {
        format!("there is no function `{name}` here; known are {FUNCTIONS} (at character {at})")
    };
    Wrong { code: "unknown_function", message }
}
