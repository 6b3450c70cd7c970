//! What the page is told of a form, in the language of its reader: plain data, drawn by `www/preview.js`.

use serde::Serialize;

use super::{
    desk::{Desk, Now},
    finding::Finding,
    form::{Form, Proved},
};
use crate::{
    item::{self, Control, Shown},
    layout::{Block, Counts, names},
    prove::Length,
    questionnaire::{
        Item, Part, Questionnaire, Rule, Status,
        definition::{ItemType, Order, Required, Text},
    },
    session::SpecialView,
};

/// What is on view.
#[derive(Serialize)]
pub(super) struct View<'n> {
    /// Names this moment.
    tag: String,
    /// The file's name.
    file: &'n str,
    /// What is wrong with the file as it stands; then the form is the last good one.
    faults: &'n [Finding],
    form: Option<FormView<'n>>,
}

/// A form.
#[derive(Serialize)]
struct FormView<'n> {
    /// The hash by which the frames know it.
    hash: &'n str,
    id: &'n str,
    version: &'n str,
    title: &'n str,
    status: Status,
    valid_from: &'n str,
    valid_until: &'n str,
    /// Scored items, and how many of them a respondent gets; of a quiz.
    bank: Option<(usize, usize)>,
    sections: Vec<&'n str>,
    items: Vec<ItemView<'n>>,
    blocks: Vec<BlockView<'n>>,
    cells: usize,
    /// What was left out of it.
    warnings: &'n [Finding],
    proof: ProofView<'n>,
}

/// How far the proof is.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum ProofView<'n> {
    /// It is at work.
    AtWork,
    /// It could not be made.
    Failed(&'n Finding),
    /// What was proved.
    Done { items: Length, seconds: Length, report_bytes: usize, faults: &'n [Finding], warnings: &'n [Finding] },
}

#[derive(Serialize)]
struct ItemView<'n> {
    id: &'n str,
    #[serde(rename = "type")]
    kind: ItemType,
    section: usize,
    text: &'n str,
    help: Option<&'n str>,
    required: Required,
    order: Order,
    control: Control,
    specials: Vec<SpecialView>,
    /// Names of the right options, of a quiz item.
    key: Vec<&'n str>,
    /// When it is asked; always, where there is no condition.
    ask_if: Option<Condition<'n>>,
}

/// A condition, its names resolved; the page puts it into a sentence.
#[derive(Serialize)]
#[serde(tag = "op", rename_all = "snake_case")]
enum Condition<'n> {
    And {
        of: Vec<Condition<'n>>,
    },
    Or {
        of: Vec<Condition<'n>>,
    },
    Not {
        of: Box<Condition<'n>>,
    },
    /// One of these was answered to an item (by index).
    AnyOf {
        item: usize,
        options: Vec<&'n str>,
        specials: Vec<&'static str>,
    },
    /// So many options were chosen.
    Count {
        item: usize,
        min: u32,
        max: Option<u32>,
    },
    /// The number lies within bounds.
    Range {
        item: usize,
        min: Option<i32>,
        max: Option<i32>,
    },
}

/// A block of the layout.
#[derive(Serialize)]
struct BlockView<'n> {
    /// As `anxin simulate` prints it.
    name: String,
    /// What it counts, in words; nothing where its name says it.
    of: Vec<&'n str>,
    start: usize,
    len: usize,
    /// Every respondent falls into exactly one of its cells.
    one_hot: bool,
}

impl Form {
    /// The names of the cells of a block, as `anxin simulate` prints them.
    pub(super) fn cell_names(&self, block: usize) -> Option<Vec<String>> {
        self.questionnaire.layout.blocks.get(block).map(|block| names::cells(&self.questionnaire, block))
    }
}

/// What is on view now, in a language.
pub(super) fn view<'n>(desk: &'n Desk, now: &'n Now, language: &str) -> View<'n> {
    let proof = match now.proof.as_deref() {
        None => ProofView::AtWork,
        Some(Err(failure)) => ProofView::Failed(failure),
        Some(Ok(Proved { proof, faults, warnings })) => ProofView::Done {
            items: proof.items,
            seconds: proof.seconds,
            report_bytes: proof.report_bytes,
            faults,
            warnings,
        },
    };
    let form = now.form.as_deref().map(|form| form_view(form, proof, language));
    View { tag: desk.tag(now), file: &desk.file, faults: &now.faults, form }
}

fn form_view<'n>(form: &'n Form, proof: ProofView<'n>, language: &str) -> FormView<'n> {
    let it = &*form.questionnaire;
    let scored = it.items.iter().filter(|item| item.scored()).count();
    FormView {
        hash: &form.hash,
        id: &it.definition.id,
        version: &it.definition.version,
        title: it.say(&it.definition.title, language),
        status: form.status,
        valid_from: &it.definition.header.valid_from,
        valid_until: &it.definition.header.valid_until,
        bank: it.definition.quiz.as_ref().map(|_| (scored, it.drawn())),
        sections: it.definition.sections.iter().map(|section| it.say(&section.title, language)).collect(),
        items: it.items.iter().map(|item| item_view(it, item, language)).collect(),
        blocks: it.layout.blocks.iter().map(|block| block_view(it, block, language)).collect(),
        cells: it.layout.len(),
        warnings: &form.warnings,
        proof,
    }
}

fn item_view<'n>(of: &'n Questionnaire, item: &'n Item, language: &str) -> ItemView<'n> {
    let definition = &item.definition;
    let written = item.options.iter().map(|option| Shown {
        id: option.id.clone(),
        text: of.say(&option.text, language).to_owned(),
        exclusive: option.exclusive,
    });
    let words = &of.definition.words;
    let special =
        |offered: bool, id, text: &Text| offered.then(|| SpecialView { id, text: of.say(text, language).to_owned() });
    let specials = [
        special(definition.dont_know, item::Special::DontKnow, &words.dont_know),
        special(definition.refuse, item::Special::Refused, &words.refuse),
    ];
    ItemView {
        id: &definition.id,
        kind: definition.kind,
        section: item.section,
        text: of.say(&definition.text, language),
        help: Some(of.say(&definition.help, language)).filter(|help| !help.is_empty()),
        required: definition.required,
        order: definition.order,
        control: item::kind(definition.kind).control(item, written.collect()),
        specials: specials.into_iter().flatten().collect(),
        key: item::members(item.key).map(|option| &*item.options[option].id).collect(),
        ask_if: item.ask_if.as_ref().map(|rule| condition(of, rule, language)),
    }
}

fn condition<'n>(of: &'n Questionnaire, rule: &'n Rule, language: &str) -> Condition<'n> {
    let several = |rules: &'n [Rule]| rules.iter().map(|rule| condition(of, rule, language)).collect();
    match rule {
        Rule::And(rules) => Condition::And { of: several(rules) },
        Rule::Or(rules) => Condition::Or { of: several(rules) },
        Rule::Not(rule) => Condition::Not { of: Box::new(condition(of, rule, language)) },
        Rule::AnyOf { item, options, dont_know, refused, no_answer } => {
            let text = |option: usize| of.say(&of.items[*item].options[option].text, language);
            let specials = [(dont_know, "dont_know"), (refused, "refused"), (no_answer, "no_answer")];
            Condition::AnyOf {
                item: *item,
                options: item::members(*options).map(text).collect(),
                specials: specials.into_iter().filter(|(counts, _)| **counts).map(|(_, name)| name).collect(),
            }
        }
        Rule::Count { item, min, max } => {
            Condition::Count { item: *item, min: *min, max: Some(*max).filter(|max| *max != u32::MAX) }
        }
        Rule::Range { item, min, max } => Condition::Range {
            item: *item,
            min: Some(*min).filter(|min| *min != i32::MIN),
            max: Some(*max).filter(|max| *max != i32::MAX),
        },
    }
}

fn block_view<'n>(of: &'n Questionnaire, block: &Block, language: &str) -> BlockView<'n> {
    let item = |index: usize| of.say(&of.items[index].definition.text, language);
    let indicator = |index: usize| of.say(&of.indicators[index].definition.title, language);
    let words = match block.counts {
        Counts::Item(index) | Counts::Options(index) | Counts::Status(index) | Counts::Correct(index) => {
            vec![item(index)]
        }
        Counts::Indicator(index) => vec![indicator(index)],
        Counts::Joint(index) => of.joints[index]
            .parts
            .iter()
            .map(|part| match *part {
                Part::Item(index) => item(index),
                Part::Indicator(index) => indicator(index),
                Part::Score => "score",
                Part::Order => "order",
                Part::Mode => "mode",
            })
            .collect(),
        Counts::Score => vec!["score"],
        Counts::Order => vec!["order"],
        Counts::Mode => vec!["mode"],
    };
    BlockView {
        name: names::block(of, block.counts),
        of: words,
        start: block.start,
        len: block.len,
        one_hot: block.one_hot(),
    }
}
