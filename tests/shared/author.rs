//! An author who writes questionnaires at random: every question type and every field that the
//! format has, and nothing that it forbids but conditions that nobody can meet.

use anxin::questionnaire::{
    Definition, Text,
    definition::{
        AnyOf, Base, Bin, Choice, Condition, CountBounds, Feedback, Header, Indicator, Item, ItemType, Joint, Negated,
        Order, Quiz, RangeBounds, Required, Review, Section, Several, Topic, Words,
    },
};

use super::tape::Tape;

/// How large a questionnaire may become.
pub(crate) struct Size {
    sections: usize,
    items: usize,
    options: usize,
    /// Numbers in a bin.
    numbers: usize,
    /// Now and then an item with as many options as there may be.
    long_lists: bool,
}

pub(crate) const USUAL: Size = Size { sections: 3, items: 4, options: 5, numbers: 9, long_lists: true };
/// So small that every way of answering can be tried.
pub(crate) const SMALL: Size = Size { sections: 2, items: 2, options: 3, numbers: 2, long_lists: false };

/// Longer ways with fewer answers each, so that conditions rest on conditions.
pub(crate) const CHAINED: Size = Size { sections: 3, items: 2, options: 2, numbers: 2, long_lists: false };

/// Writes a questionnaire.
pub(crate) fn definition(tape: &mut Tape, size: &Size) -> Definition {
    let quiz = tape.one_in(3);
    let mut languages = vec!["zh-CN".to_owned(), "en".to_owned()];
    match tape.below(4) {
        2 => languages.truncate(1),
        3 => languages.reverse(),
        _ => {}
    }
    let topics = if quiz { tape.below(4) } else { 0 };
    let even = quiz && tape.one_in(2);
    Author { tape, size, languages, quiz, topics, even, items: Vec::new() }.definition()
}

struct Author<'t> {
    tape: &'t mut Tape,
    size: &'t Size,
    languages: Vec<String>,
    quiz: bool,
    topics: usize,
    /// Without conditions, and a point for each item.
    even: bool,
    /// Those written so far.
    items: Vec<Item>,
}

impl Author<'_> {
    fn definition(&mut self) -> Definition {
        let sections: Vec<Section> = (0..=self.tape.below(self.size.sections)).map(|s| self.section(s)).collect();
        let quiz = self.quiz.then(|| self.quiz(&sections));
        let indicators = self.indicators();
        let joints = self.joints(&indicators, quiz.as_ref());
        Definition {
            format: 1,
            id: "drawn".into(),
            version: format!("{}", self.tape.below(100)),
            languages: self.languages.clone(),
            title: self.text("title"),
            header: self.header(),
            words: Words {
                yes: self.text("yes"),
                no: self.text("no"),
                dont_know: self.text("don't know"),
                refuse: self.text("rather not"),
            },
            sections,
            indicators,
            joints,
            quiz,
        }
    }

    /// Words in the default language, mostly in the others too.
    fn text(&mut self, of: &str) -> Text {
        const ODD: [&str; 4] = ["", "「\"引\\号\"」", "\n\t\u{7f}", "😀\u{2028}"];
        let odd = *self.tape.pick(&ODD);
        let languages = self.languages.clone();
        let mut words: Vec<(String, String)> = Vec::new();
        for (i, language) in languages.into_iter().enumerate() {
            if i == 0 || !self.tape.one_in(4) {
                words.push((language.clone(), format!("{of}{odd} {language}")));
            }
        }
        words.into_iter().collect()
    }

    fn header(&mut self) -> Header {
        Header {
            table_number: self.text("table"),
            issued_by: self.text("issuer"),
            approval_number: self.text("approval"),
            valid_from: "2020-02-29".into(),
            valid_until: "2099-12-31".into(),
            purpose: self.text("purpose"),
            organiser: self.text("organiser"),
            contact: self.text("contact"),
            retention: self.text("retention"),
        }
    }

    fn section(&mut self, s: usize) -> Section {
        let ask_if = if self.tape.one_in(4) { self.condition(2) } else { None };
        let count = 1 + self.tape.below(self.size.items);
        let items = (0..count).map(|_| self.item()).collect();
        Section { id: format!("s{s}"), title: self.text("section"), ask_if, items }
    }

    fn item(&mut self) -> Item {
        const KINDS: [ItemType; 6] = [
            ItemType::Single,
            ItemType::Multiple,
            ItemType::Integer,
            ItemType::YesNo,
            ItemType::Rating,
            ItemType::Statement,
        ];
        const ORDERS: [Order; 3] = [Order::Fixed, Order::Reversible, Order::Shuffled];
        let kind = *self.tape.pick(&KINDS);
        let asks = kind != ItemType::Statement;
        let orders = match kind {
            ItemType::Single | ItemType::Multiple => &ORDERS[..],
            ItemType::Rating | ItemType::YesNo => &ORDERS[..2],
            ItemType::Integer | ItemType::Statement => &ORDERS[..1],
        };
        let id = format!("q{}", self.items.len());
        let mut item = Item {
            text: self.text(&id),
            id,
            kind,
            help: if self.tape.one_in(3) { self.text("help") } else { Text::default() },
            required: *self.tape.pick(&[Required::Required, Required::Soft, Required::Optional]),
            dont_know: asks && self.tape.one_in(3),
            refuse: asks && self.tape.one_in(3),
            ask_if: if self.tape.one_in(3) { self.condition(3) } else { None },
            order: *self.tape.pick(orders),
            ..Item::default()
        };
        match kind {
            ItemType::Single | ItemType::Multiple | ItemType::Rating => item.options = self.options(kind),
            ItemType::Integer => item.bins = self.bins(),
            ItemType::YesNo | ItemType::Statement => {}
        }
        if self.quiz && asks {
            self.score(&mut item);
        }
        self.items.push(item.clone());
        item
    }

    fn options(&mut self, kind: ItemType) -> Vec<Choice> {
        let long = self.size.long_lists && self.tape.one_in(20);
        let count = if long { 50 } else { 2 + self.tape.below(self.size.options - 1) };
        let several = kind == ItemType::Multiple;
        let option = |i: usize| Choice {
            id: format!("o{i}"),
            text: self.text(&format!("option {i}")),
            pinned: self.tape.one_in(4),
            exclusive: several && self.tape.one_in(5),
        };
        (0..count).map(option).collect()
    }

    fn bins(&mut self) -> Vec<Bin> {
        let mut from = self.tape.below(20) as i32 - 5;
        let count = 1 + self.tape.below(4);
        let bin = |i: usize| {
            let to = from + self.tape.below(self.size.numbers) as i32;
            let bin = Bin { id: format!("b{i}"), text: self.text("bin"), from, to };
            from = to + 1;
            bin
        };
        (0..count).map(bin).collect()
    }

    fn score(&mut self, item: &mut Item) {
        let options = options_of(item);
        item.key = if item.kind == ItemType::Multiple {
            self.tape.some_of(&options)
        } else {
            vec![self.tape.pick(&options).clone()]
        };
        item.points = (!self.even && self.tape.one_in(3)).then(|| 1 + self.tape.below(3) as u32);
        item.explanation = self.text("because");
        item.topic =
            self.tape.below(self.topics + 1).checked_sub(1).map_or_else(String::new, |topic| format!("t{topic}"));
        item.source = if self.tape.one_in(2) { "S1".into() } else { String::new() };
        item.review = self.tape.one_in(4).then_some(Review::Needed);
    }

    fn condition(&mut self, depth: usize) -> Option<Condition> {
        if self.even {
            return None;
        }
        let form = if depth == 0 { 0 } else { self.tape.below(6) };
        Some(match form {
            0..=2 => return self.comparison(),
            3 => Condition::And(Several { of: vec![self.condition(depth - 1)?, self.condition(depth - 1)?] }),
            4 => Condition::Or(Several { of: vec![self.condition(depth - 1)?, self.condition(depth - 1)?] }),
            _ => Condition::Not(Negated { of: Box::new(self.condition(depth - 1)?) }),
        })
    }

    /// A condition on one earlier item, if there is one that can be asked about.
    fn comparison(&mut self) -> Option<Condition> {
        let earlier: Vec<Item> = self.items.iter().filter(|it| it.kind != ItemType::Statement).cloned().collect();
        if earlier.is_empty() {
            return None;
        }
        let item = self.tape.pick(&earlier);
        let specials = [
            (item.dont_know, "dont_know"),
            (item.refuse, "refused"),
            (item.required != Required::Required, "no_answer"),
        ];
        let mut answers = if item.kind == ItemType::Integer { Vec::new() } else { options_of(item) };
        answers.extend(specials.iter().filter(|(offered, _)| *offered).map(|(_, name)| (*name).to_owned()));
        let id = item.id.clone();
        let bounds = self.tape.below(2) == 0;
        Some(match item.kind {
            ItemType::Multiple if bounds => {
                let min = self.tape.below(4) as u32;
                let max = self.tape.one_in(2).then(|| min + self.tape.below(3) as u32);
                Condition::Count(CountBounds { item: id, min: Some(min).filter(|min| *min > 0), max })
            }
            ItemType::Integer if bounds || answers.is_empty() => {
                let least = item.bins[0].from - 1 + self.tape.below(8) as i32;
                let most = least + self.tape.below(8) as i32;
                let (min, max) = *self.tape.pick(&[(Some(least), None), (None, Some(most)), (Some(least), Some(most))]);
                Condition::Range(RangeBounds { item: id, min, max })
            }
            _ => Condition::AnyOf(AnyOf { item: id, options: self.tape.some_of(&answers) }),
        })
    }

    fn quiz(&mut self, sections: &[Section]) -> Quiz {
        let scored: Vec<&Item> = self.items.iter().filter(|item| !item.key.is_empty()).collect();
        let bank = scored.len();
        let draw = (bank > 0 && self.tape.one_in(2)).then(|| 1 + self.tape.below(bank) as u32);
        // A pass mark is taken only where everybody has the same points to reach.
        let points = |item: &&Item| item.points.unwrap_or(1);
        let even = (draw.is_none() || scored.windows(2).all(|pair| points(&pair[0]) == points(&pair[1])))
            && scored.iter().all(|item| item.ask_if.is_none())
            && sections.iter().all(|section| section.ask_if.is_none());
        let mut lower = 0;
        let mut band = || {
            lower += 1 + self.tape.below(4) as u32;
            lower
        };
        let mut score_bands = vec![0, band(), band()];
        score_bands.truncate(self.tape.below(4));
        Quiz {
            draw,
            pass_percent: (even && self.tape.one_in(2)).then(|| 1 + self.tape.below(100) as u32),
            feedback: *self.tape.pick(&[Feedback::End, Feedback::Each]),
            score_bands,
            topics: (0..self.topics).map(|t| Topic { id: format!("t{t}"), title: self.text("topic") }).collect(),
        }
    }

    fn indicators(&mut self) -> Vec<Indicator> {
        let measured: Vec<Item> = self.items.iter().filter(|it| it.kind != ItemType::Statement).cloned().collect();
        let count = if measured.is_empty() { 0 } else { self.tape.below(4) };
        let indicator = |i| {
            let item = self.tape.pick(&measured);
            Indicator {
                id: format!("i{i}"),
                title: self.text("rate"),
                item: item.id.clone(),
                positive: self.tape.some_of(&options_of(item)),
                base: *self.tape.pick(&[Base::Valid, Base::All]),
                definition_version: "1".into(),
            }
        };
        (0..count).map(indicator).collect()
    }

    fn joints(&mut self, indicators: &[Indicator], quiz: Option<&Quiz>) -> Vec<Joint> {
        let crossed = |item: &&Item| match item.kind {
            ItemType::Statement => false,
            ItemType::Multiple => !item.key.is_empty(),
            _ => item.options.len() < 20,
        };
        let items = self.items.iter().filter(crossed).map(|item| item.id.clone());
        let mut sides: Vec<String> = items.chain(indicators.iter().map(|it| it.id.clone())).collect();
        sides.extend(quiz.filter(|quiz| !quiz.score_bands.is_empty()).map(|_| "score".to_owned()));
        let count = if sides.len() < 2 { 0 } else { self.tape.below(3) };
        let joint = |j| {
            let parts = 2 + self.tape.below(sides.len().min(4) - 1);
            let start = self.tape.below(sides.len());
            let of = (0..parts).map(|p| sides[(start + p) % sides.len()].clone()).collect();
            Joint { id: format!("j{j}"), of }
        };
        (0..count).map(joint).collect()
    }
}

/// What can be chosen of an item, or counted, by name.
fn options_of(item: &Item) -> Vec<String> {
    match item.kind {
        ItemType::YesNo => vec!["yes".into(), "no".into()],
        ItemType::Integer => item.bins.iter().map(|bin| bin.id.clone()).collect(),
        _ => item.options.iter().map(|option| option.id.clone()).collect(),
    }
}
