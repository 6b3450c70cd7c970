//! Comparisons of an answer with an option, a number or nothing.

use super::{
    Operator, Wrong,
    bounds::range,
    compare::Value,
    meaning::{Scope, Subject, answered},
    truth::Truth,
};
use crate::questionnaire::definition::{AnyOf, Condition, ItemType};

impl Scope<'_> {
    /// How an answer compares.
    pub(super) fn answer(&self, at: usize, operator: Operator, name: &str, with: &Value) -> Result<Truth, Wrong> {
        if let (Subject::Split(parts), Value::Text(text)) = (self.subject(at, name)?, with) {
            return match operator {
                Operator::Unequal => Ok(self.answer(at, Operator::Equal, name, with)?.opposite()),
                // Unanswered is who answered none of them.
                Operator::Equal if text.is_empty() => {
                    let parts = parts.iter().map(|part| self.answer(at, operator, part, with));
                    Ok(Truth::every(parts.collect::<Result<Vec<_>, _>>()?))
                }
                _ => self.chosen(at, name, text),
            };
        }
        let Subject::Item { kind, options, specials, numbers } = self.subject(at, name)? else {
            return Wrong::at("no_answer", at, format_args!("`{name}` has no answer"));
        };
        let text = match with {
            Value::Number(number) if *kind == ItemType::Integer => return Ok(range(name, operator, *number)),
            Value::Number(number) if !numbers.is_empty() => {
                let fit = options.iter().zip(numbers).filter(|(_, it)| operator.holds(*it, number));
                let fit: Vec<String> = fit.map(|(option, _)| option.clone()).collect();
                // Unanswered is unequal to every number too.
                if operator == Operator::Unequal {
                    return Ok(self.answer(at, Operator::Equal, name, with)?.opposite());
                }
                let any = AnyOf { item: name.into(), options: fit };
                return Ok(if any.options.is_empty() { Truth::Never } else { Truth::When(Condition::AnyOf(any)) });
            }
            Value::Number(number) => number.to_string(),
            Value::Text(text) => text.clone(),
            _ => String::new(),
        };
        match operator {
            Operator::Unequal => Ok(self.answer(at, Operator::Equal, name, with)?.opposite()),
            Operator::Equal if text.is_empty() => Ok(Truth::When(answered(name, *kind, options, specials)).opposite()),
            _ if text.parse::<i64>().is_ok() && (*kind == ItemType::Integer || !numbers.is_empty()) => {
                self.answer(at, operator, name, &Value::Number(text.parse().unwrap_or_default()))
            }
            Operator::Equal if *kind == ItemType::Multiple => Wrong::at(
                "bad_comparison",
                at,
                format_args!("several options can be chosen of `{name}`: write selected(${{{name}}}, '{text}')"),
            ),
            Operator::Equal => self.chosen(at, name, &text),
            _ => Wrong::at(
                "bad_comparison",
                at,
                format_args!("the options of `{name}` have no order: compare with = or !="),
            ),
        }
    }

    /// Whether an option was chosen, or a special answer given.
    pub(super) fn chosen(&self, at: usize, name: &str, option: &str) -> Result<Truth, Wrong> {
        if let Subject::Split(parts) = self.subject(at, name)? {
            // Some of them have the option, others have not.
            let (has, lacks): (Vec<_>, Vec<_>) =
                parts.iter().map(|part| self.chosen(at, part, option)).partition(Result::is_ok);
            let found = if has.is_empty() { lacks } else { has };
            return found.into_iter().collect::<Result<Vec<_>, _>>().map(Truth::some);
        }
        let Subject::Item { kind, options, specials, .. } = self.subject(at, name)? else {
            return Wrong::at("no_answer", at, format_args!("`{name}` has no answer"));
        };
        let choosable = *kind != ItemType::Integer;
        if (choosable && options.iter().any(|it| it == option)) || specials.contains(&option) {
            return Ok(Truth::When(Condition::AnyOf(AnyOf { item: name.into(), options: vec![option.into()] })));
        }
        let options = options.iter().map(String::as_str).filter(|_| choosable);
        let known: Vec<&str> = options.chain(specials.iter().copied()).take(60).collect();
        let known = if known.is_empty() { "none".into() } else { known.join(", ") };
        Wrong::at("unknown_option", at, format_args!("`{name}` has no option `{option}`; it has {known}"))
    }
}
