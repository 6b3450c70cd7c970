//! Expressions drawn at random: the condition that one becomes holds for the very answers for which XPath says
//! so. XPath is reckoned here by itself, on the expression, without the reader that is tested.

use anxin::{questionnaire::Rule, response::Given};

use crate::{shared::tape::Tape, workbench};

/// A condition.
enum Test {
    And(Vec<Test>),
    Or(Vec<Test>),
    Not(Box<Test>),
    If(Box<[Test; 3]>),
    Selected(usize, &'static str),
    Compare(&'static str, Value, Value),
    Known(bool),
}

/// A value.
enum Value {
    Answer(usize),
    Count,
    Text(&'static str),
    Number(i64),
    If(Box<(Test, Value, Value)>),
    Coalesce(Box<(Value, Value)>),
}

const NAMES: [&str; 4] = ["burgled", "overall", "problems", "age"];
const PROBLEMS: [&str; 4] = ["theft", "fraud", "noise", "none"];
/// What each question can be compared with.
const OPTIONS: [&[&str]; 4] = [
    &["yes", "no", "refused", ""],
    &["very", "fairly", "not", "dont_know", ""],
    &["theft", "fraud", "noise", "none"],
    &["16", "30", "60", "refused", ""],
];

fn test(tape: &mut Tape, depth: usize) -> Test {
    let some = |tape: &mut Tape| (0..2 + tape.below(2)).map(|_| test(tape, depth - 1)).collect();
    match if depth == 0 { 4 + tape.below(6) } else { tape.below(10) } {
        0 => Test::And(some(tape)),
        1 => Test::Or(some(tape)),
        2 => Test::Not(Box::new(test(tape, depth - 1))),
        3 => Test::If(Box::new([test(tape, depth - 1), test(tape, depth - 1), test(tape, depth - 1)])),
        4 => {
            let item = tape.below(3);
            Test::Selected(item, word(tape, &OPTIONS[item][..3]))
        }
        5 => Test::Compare(number_operator(tape), Value::Count, Value::Number(tape.below(6) as i64 - 1)),
        6 => Test::Compare(
            number_operator(tape),
            Value::Answer(3),
            Value::Number(*tape.pick(&[15, 16, 30, 59, 60, 121])),
        ),
        7 => compared(tape, depth),
        8 if tape.one_in(4) => Test::Known(tape.one_in(2)),
        _ => {
            let item = tape.below(4);
            let options: &[&str] = if item == 2 { &[""] } else { OPTIONS[item] };
            let (left, right) = (Value::Answer(item), Value::Text(word(tape, options)));
            let (left, right) = if tape.one_in(3) { (right, left) } else { (left, right) };
            Test::Compare(word(tape, &["=", "!="]), left, right)
        }
    }
}

/// A value with cases, compared.
fn compared(tape: &mut Tape, depth: usize) -> Test {
    let one = |tape: &mut Tape| match tape.below(3) {
        0 => Value::Text(word(tape, &["yes", "very", ""])),
        item => Value::Answer(item - 1),
    };
    let value = if tape.one_in(2) && depth > 0 {
        Value::If(Box::new((test(tape, depth - 1), one(tape), one(tape))))
    } else {
        Value::Coalesce(Box::new((Value::Answer(tape.below(2)), one(tape))))
    };
    Test::Compare(word(tape, &["=", "!="]), value, Value::Text(word(tape, &["yes", "very", "not"])))
}

fn word(tape: &mut Tape, of: &[&'static str]) -> &'static str {
    of[tape.below(of.len())]
}

fn number_operator(tape: &mut Tape) -> &'static str {
    word(tape, &["=", "!=", "<", "<=", ">", ">="])
}

impl Test {
    fn spelled(&self) -> String {
        let join = |of: &[Test], word: &str| {
            let part = |part: &Test| match part {
                Test::And(_) | Test::Or(_) => format!("({})", part.spelled()),
                part => part.spelled(),
            };
            let parts: Vec<String> = of.iter().map(part).collect();
            parts.join(word)
        };
        match self {
            Self::And(of) => join(of, " and "),
            Self::Or(of) => join(of, " or "),
            Self::Not(of) => format!("not({})", of.spelled()),
            Self::If(of) => format!("if({}, {}, {})", of[0].spelled(), of[1].spelled(), of[2].spelled()),
            Self::Selected(item, option) => format!("selected(${{{}}}, '{option}')", NAMES[*item]),
            Self::Compare(operator, left, right) => format!("{} {operator} {}", left.spelled(), right.spelled()),
            Self::Known(holds) => format!("{holds}()"),
        }
    }

    fn holds(&self, given: &[Given]) -> bool {
        match self {
            Self::And(of) => of.iter().all(|part| part.holds(given)),
            Self::Or(of) => of.iter().any(|part| part.holds(given)),
            Self::Not(of) => !of.holds(given),
            Self::If(of) => {
                if of[0].holds(given) {
                    of[1].holds(given)
                } else {
                    of[2].holds(given)
                }
            }
            Self::Selected(item, option) => text(*item, given[*item]).split(' ').any(|it| it == *option),
            Self::Compare(operator, left, right) => compare(operator, &left.of(given), &right.of(given)),
            Self::Known(holds) => *holds,
        }
    }
}

/// XPath 1.0, 3.4: texts are compared as texts only for equality, and only with texts.
fn compare(operator: &str, left: &Known, right: &Known) -> bool {
    if let (Known::Text(left), Known::Text(right), "=" | "!=") = (left, right, operator) {
        return (left == right) == (operator == "=");
    }
    let (left, right) = (left.number(), right.number());
    match operator {
        "=" => left == right,
        "!=" => left != right,
        "<" => left < right,
        "<=" => left <= right,
        ">" => left > right,
        _ => left >= right,
    }
}

/// What a value is for some answers.
enum Known {
    Text(String),
    Number(f64),
}

impl Known {
    fn number(&self) -> f64 {
        match self {
            Self::Text(text) => text.parse().unwrap_or(f64::NAN),
            Self::Number(number) => *number,
        }
    }
}

impl Value {
    fn spelled(&self) -> String {
        match self {
            Self::Answer(item) => format!("${{{}}}", NAMES[*item]),
            Self::Count => "count-selected(${problems})".into(),
            Self::Text(text) => format!("'{text}'"),
            Self::Number(number) => number.to_string(),
            Self::If(of) => format!("if({}, {}, {})", of.0.spelled(), of.1.spelled(), of.2.spelled()),
            Self::Coalesce(of) => format!("coalesce({}, {})", of.0.spelled(), of.1.spelled()),
        }
    }

    fn of(&self, given: &[Given]) -> Known {
        match self {
            Self::Answer(item) => Known::Text(text(*item, given[*item])),
            Self::Count => match given[2] {
                Given::Many(set) => Known::Number(f64::from(set.count_ones())),
                _ => Known::Number(0.0),
            },
            Self::Text(text) => Known::Text((*text).to_owned()),
            Self::Number(number) => Known::Number(*number as f64),
            Self::If(of) => {
                if of.0.holds(given) {
                    of.1.of(given)
                } else {
                    of.2.of(given)
                }
            }
            Self::Coalesce(of) => match of.0.of(given) {
                Known::Text(text) if text.is_empty() => of.1.of(given),
                first => first,
            },
        }
    }
}

/// An answer as XForms have it; a special answer is an option there.
fn text(item: usize, given: Given) -> String {
    match given {
        Given::One(option) => OPTIONS[item][usize::from(option)].to_owned(),
        Given::Many(set) => {
            let chosen = PROBLEMS.iter().enumerate().filter(|(i, _)| set & (1 << i) != 0);
            chosen.map(|(_, option)| *option).collect::<Vec<_>>().join(" ")
        }
        Given::Number(number) => number.to_string(),
        Given::DontKnow => "dont_know".into(),
        Given::Refused => "refused".into(),
        Given::NoAnswer | Given::NotAsked => String::new(),
    }
}

/// Every way of answering that a condition could tell from another.
fn answers() -> Vec<[Given; 5]> {
    let burgled = [Given::One(0), Given::One(1), Given::Refused, Given::NotAsked];
    let overall = [Given::One(0), Given::One(1), Given::One(2), Given::DontKnow, Given::NoAnswer, Given::NotAsked];
    let problems = (1..16).map(Given::Many).chain([Given::NoAnswer, Given::NotAsked]);
    let ages = [16, 29, 30, 31, 58, 59, 60, 61, 120].map(Given::Number).into_iter();
    let ages: Vec<Given> = ages.chain([Given::Refused, Given::NotAsked]).collect();
    let mut all = Vec::new();
    for problems in problems {
        for burgled in burgled {
            for overall in overall {
                all.extend(ages.iter().map(|age| [burgled, overall, problems, *age, Given::NotAsked]));
            }
        }
    }
    all
}

#[test]
fn a_condition_holds_when_its_expression_does() {
    let (answers, mut made) = (answers(), 0);
    for seed in 0..400 {
        let mut tape = Tape::seeded(seed);
        let test = test(&mut tape, 3);
        let spelled = test.spelled();
        let agrees = |rule: &dyn Fn(&[Given]) -> bool| {
            if let Some(given) = answers.iter().find(|given| rule(&given[..]) != test.holds(&given[..])) {
                panic!("{spelled}\nXPath says {} of {}", test.holds(&given[..]), told(given));
            }
        };
        match workbench::survey(&workbench::asked(&spelled)) {
            Ok(built) => {
                let rule: Option<Rule> = built.questionnaire.items[4].ask_if.clone();
                agrees(&|given| rule.as_ref().is_none_or(|rule| rule.holds(given)));
                made += 1;
            }
            Err(faults) if faults.0[0].code == "never_asked" => agrees(&|_| false),
            // Nobody gets there by answering all questions; the condition is too deep for a questionnaire; or an
            // answer is compared with an option that is another question's.
            Err(faults)
                if matches!(faults.0[0].code, "unreachable" | "over_limit" | "too_large" | "unknown_option") => {}
            Err(faults) => panic!("{spelled}\n{faults}"),
        }
    }
    assert!(made > 300, "{made}");
}

fn told(given: &[Given]) -> String {
    (0..4).map(|item| format!("{} '{}', ", NAMES[item], text(item, given[item]))).collect()
}
