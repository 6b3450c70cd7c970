//! Comparisons: of an answer with an option, a number or nothing; by cases where a value has some.

use super::{
    Expression, Node, Operator, Wrong,
    bounds::{count, equal},
    meaning::{SIZE, Scope, Subject, unknown},
    truth::Truth,
};
use crate::questionnaire::definition::ItemType;

/// A value in one of its cases.
#[derive(Clone, Debug)]
struct Case {
    /// When it is this value.
    guard: Vec<Truth>,
    value: Value,
}

#[derive(Clone, Debug)]
pub(super) enum Value {
    /// The answer to a question.
    Answer(String),
    /// How many options of a question were chosen.
    Count(String),
    Text(String),
    Number(i64),
    Truth(Truth),
}

/// Cases of a value at most.
const CASES: usize = 64;

impl Scope<'_> {
    /// Looks whether an expression means anything, a value or a condition.
    pub(in crate::xlsform) fn check(&self, it: &Expression) -> Result<(), Wrong> {
        self.cases(it).map(|_| ())
    }

    /// A comparison.
    pub(super) fn compare(&self, operator: Operator, left: &Expression, right: &Expression) -> Result<Truth, Wrong> {
        let (lefts, rights) = (self.cases(left)?, self.cases(right)?);
        let mut pairs = Vec::new();
        for a in &lefts {
            for b in &rights {
                let held = match self.hold(left.at, operator, &a.value, &b.value) {
                    // A text that stands in for an answer need not be one of its options.
                    Err(wrong)
                        if wrong.code == "unknown_option" && (self.lenient() || lefts.len() * rights.len() > 1) =>
                    {
                        if operator == Operator::Unequal {
                            Truth::Always
                        } else {
                            Truth::Never
                        }
                    }
                    held => held?,
                };
                pairs.push(([&a.guard[..], &b.guard[..]].concat(), held));
            }
        }
        by_case(left.at, pairs)
    }

    /// `selected(value, 'option')`.
    pub(super) fn selected(&self, of: &Expression, option: &Expression) -> Result<Truth, Wrong> {
        let Node::Text(option) = &option.node else {
            return Wrong::at("bad_expression", option.at, "`selected` looks for one option in quotation marks");
        };
        let mut pairs = Vec::new();
        for case in self.cases(of)? {
            let held = match &case.value {
                Value::Answer(name) => self.chosen(of.at, name, option)?,
                Value::Text(text) if text.split_whitespace().any(|it| it == option) => Truth::Always,
                Value::Text(_) => Truth::Never,
                _ => return Wrong::at("bad_expression", of.at, "`selected` looks into the answer to a question"),
            };
            pairs.push((case.guard, held));
        }
        by_case(of.at, pairs)
    }

    fn cases(&self, it: &Expression) -> Result<Vec<Case>, Wrong> {
        let one = |value| Ok(vec![Case { guard: Vec::new(), value }]);
        let cases = match &it.node {
            Node::Bracketed(inner) => self.cases(inner)?,
            Node::Text(text) => return one(Value::Text(text.clone())),
            Node::Number(number) => return one(Value::Number(*number)),
            Node::This => return one(Value::Answer(self.this(it.at)?.to_owned())),
            Node::Name(name) => match self.subject(it.at, name)? {
                Subject::Calculation(expression) => self.within(it.at, || self.cases(expression))?,
                _ => return one(Value::Answer(name.clone())),
            },
            Node::Call(name, arguments) => match (name.as_str(), &arguments[..]) {
                ("count-selected", [of]) => return one(Value::Count(self.counted(of)?)),
                ("if", [condition, then, other]) => {
                    let condition = self.truth(condition)?;
                    let mut cases = guarded(&condition, self.cases(then)?);
                    cases.extend(guarded(&condition.opposite(), self.cases(other)?));
                    cases
                }
                ("coalesce", [first, other]) => self.coalesce(first, other)?,
                ("count-selected" | "coalesce", _) => return Err(unknown(it.at, name, arguments.len())),
                _ => return one(Value::Truth(self.truth(it)?)),
            },
            _ => return one(Value::Truth(self.truth(it)?)),
        };
        let size: usize = cases.iter().flat_map(|case| &case.guard).map(Truth::size).sum();
        if cases.len() > CASES || size > 2 * SIZE {
            return Wrong::at("too_large", it.at, format_args!("has more than {CASES} cases, or too large ones"));
        }
        Ok(cases)
    }

    /// The first value, or the other where the first is empty.
    fn coalesce(&self, first: &Expression, other: &Expression) -> Result<Vec<Case>, Wrong> {
        let (firsts, others) = (self.cases(first)?, self.cases(other)?);
        let mut cases = Vec::new();
        for case in firsts {
            let there = self.hold(first.at, Operator::Unequal, &case.value, &Value::Text(String::new()))?;
            let absent = there.clone().opposite();
            for mut other in others.iter().filter(|_| absent != Truth::Never).cloned() {
                other.guard.splice(0..0, case.guard.iter().cloned().chain([absent.clone()]));
                cases.push(other);
            }
            if there != Truth::Never {
                cases.push(Case { guard: [case.guard, vec![there]].concat(), value: case.value });
            }
        }
        Ok(cases)
    }

    /// The question whose chosen options are counted.
    fn counted(&self, of: &Expression) -> Result<String, Wrong> {
        let name = match &of.node {
            Node::This => self.this(of.at)?,
            Node::Name(name) => name,
            _ => return Wrong::at("bad_expression", of.at, "`count-selected` counts the options chosen of a question"),
        };
        match self.subject(of.at, name)? {
            Subject::Item { kind: ItemType::Multiple, .. } => Ok(name.to_owned()),
            _ => Wrong::at(
                "bad_expression",
                of.at,
                format_args!("`{name}` is no select_multiple: there is nothing to count"),
            ),
        }
    }

    /// Whether a comparison of two values holds.
    fn hold(&self, at: usize, operator: Operator, left: &Value, right: &Value) -> Result<Truth, Wrong> {
        let known = |holds: bool| Ok(if holds { Truth::Always } else { Truth::Never });
        match (left, right) {
            (Value::Text(a), Value::Text(b)) => known(operator.holds(a, b)),
            (Value::Number(a), Value::Number(b)) => known(operator.holds(a, b)),
            (Value::Text(text), Value::Number(_)) | (Value::Number(_), Value::Text(text)) => match text.parse() {
                Ok(number) if matches!(left, Value::Text(_)) => self.hold(at, operator, &Value::Number(number), right),
                Ok(number) => self.hold(at, operator, left, &Value::Number(number)),
                // What is no number is unequal to every number, and neither more nor less.
                Err(_) => known(operator == Operator::Unequal),
            },
            (Value::Count(name), Value::Number(number)) => Ok(count(name, operator, *number)),
            (Value::Answer(name), Value::Number(_) | Value::Text(_)) => self.answer(at, operator, name, right),
            (Value::Truth(truth), Value::Text(text)) if matches!(text.as_str(), "true" | "false") => {
                equal(at, operator, truth.clone(), text == "true")
            }
            (Value::Truth(truth), Value::Truth(Truth::Always)) => equal(at, operator, truth.clone(), true),
            (Value::Truth(truth), Value::Truth(Truth::Never)) => equal(at, operator, truth.clone(), false),
            (Value::Number(_) | Value::Text(_) | Value::Truth(Truth::Always | Truth::Never), other)
                if !matches!(other, Value::Number(_) | Value::Text(_) | Value::Truth(Truth::Always | Truth::Never)) =>
            {
                self.hold(at, operator.flipped(), right, left)
            }
            _ => Wrong::at("bad_comparison", at, "an answer is compared with an option, a number or '', not with this"),
        }
    }
}

fn guarded(guard: &Truth, cases: Vec<Case>) -> Vec<Case> {
    let cases = if *guard == Truth::Never { Vec::new() } else { cases };
    let with = |case: Case| Case { guard: [vec![guard.clone()], case.guard].concat(), value: case.value };
    cases.into_iter().map(with).collect()
}

/// One case holds, and what is asked holds in it.
fn by_case(at: usize, pairs: Vec<(Vec<Truth>, Truth)>) -> Result<Truth, Wrong> {
    if pairs.len() > CASES {
        return Wrong::at("too_large", at, format_args!("has more than {CASES} cases"));
    }
    for same in [Truth::Always, Truth::Never] {
        if pairs.iter().all(|(_, held)| *held == same) {
            return Ok(same);
        }
    }
    match &pairs[..] {
        [(guard, held)] if guard.is_empty() => Ok(held.clone()),
        _ => Ok(Truth::some(pairs.into_iter().map(|(guard, held)| Truth::every([guard, vec![held]].concat())))),
    }
}
