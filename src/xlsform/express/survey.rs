//! The sheet `survey`: sections as groups, items as questions, indicators and joint blocks as calculations.

use super::{Sheet, lists::Lists};
use crate::{
    questionnaire::{
        Definition,
        definition::{AnyOf, Condition, Indicator, Item, ItemType, Joint, Order, RangeBounds, Required, Several},
    },
    xlsform::{
        build::YES_NO,
        expression::{quoted, spell},
    },
};

/// The sheet.
pub(super) fn sheet(definition: &Definition, lists: &Lists) -> Sheet {
    let columns = [
        "type",
        "name",
        "label*",
        "hint*",
        "required",
        "relevant",
        "constraint",
        "appearance",
        "parameters",
        "calculation",
        "anxin::required",
        "anxin::special",
        "anxin::order",
        "anxin::pinned",
        "anxin::bins",
        "anxin::key",
        "anxin::points",
        "anxin::explanation*",
        "anxin::topic",
        "anxin::source",
        "anxin::review",
        "anxin::indicator",
        "anxin::definition_version",
        "anxin::joint",
    ];
    let mut sheet = Sheet::new("survey", definition, &columns);
    sheet.always("label");
    for section in &definition.sections {
        start(&mut sheet, "begin_group", &section.id);
        sheet.put_text("label", &section.title);
        sheet.put("relevant", section.ask_if.as_ref().map(spell).unwrap_or_default());
        for it in &section.items {
            item(&mut sheet, it, lists);
        }
        // Named for people: which group ends here.
        start(&mut sheet, "end_group", &section.id);
    }
    for it in &definition.indicators {
        indicator(&mut sheet, it, definition);
    }
    for it in &definition.joints {
        joint(&mut sheet, it);
    }
    sheet
}

fn start(sheet: &mut Sheet, kind: &str, name: &str) {
    sheet.row();
    sheet.put("type", kind);
    sheet.put("name", name);
}

fn item(sheet: &mut Sheet, item: &Item, lists: &Lists) {
    let list = lists.of_options(&item.options).unwrap_or_default();
    let kind = match item.kind {
        ItemType::Single | ItemType::Rating => format!("select_one {list}"),
        ItemType::Multiple => format!("select_multiple {list}"),
        ItemType::YesNo => format!("select_one {YES_NO}"),
        ItemType::Integer => "integer".into(),
        ItemType::Statement => "note".into(),
    };
    start(sheet, &kind, &item.id);
    sheet.put_text("label", &item.text);
    sheet.put_text("hint", &item.help);
    let asked = item.kind != ItemType::Statement;
    match item.required {
        Required::Required if asked => sheet.put("required", "yes"),
        // A note that may be passed over is a note; the file says so all the same.
        Required::Optional if !asked => sheet.put("required", "no"),
        Required::Soft => sheet.put("anxin::required", "soft"),
        Required::Required | Required::Optional => {}
    }
    sheet.put("relevant", item.ask_if.as_ref().map(spell).unwrap_or_default());
    sheet.put("constraint", constraint(item));
    sheet.put("appearance", if item.kind == ItemType::Rating { "likert" } else { "" });
    match item.order {
        Order::Fixed => {}
        Order::Shuffled => sheet.put("parameters", "randomize=true"),
        Order::Reversible => sheet.put("anxin::order", item.order.name()),
    }
    let specials = [(item.dont_know, "dont_know"), (item.refuse, "refused")];
    let specials: Vec<&str> = specials.iter().filter(|(offered, _)| *offered).map(|(_, name)| *name).collect();
    sheet.put("anxin::special", specials.join(" "));
    let pinned = item.options.iter().filter(|option| option.pinned).map(|option| option.id.as_str());
    sheet.put("anxin::pinned", pinned.collect::<Vec<_>>().join(" "));
    sheet.put("anxin::bins", lists.of_bins(&item.bins).unwrap_or_default());
    sheet.put("anxin::key", item.key.join(" "));
    sheet.put("anxin::points", item.points.map(|points| points.to_string()).unwrap_or_default());
    sheet.put_text("anxin::explanation", &item.explanation);
    sheet.put("anxin::topic", &item.topic);
    sheet.put("anxin::source", &item.source);
    sheet.put("anxin::review", item.review.map(|review| review.name()).unwrap_or_default());
}

/// What other programs should hold an answer to as well: the ends of the bins, and options that stand alone.
fn constraint(item: &Item) -> String {
    if let (Some(first), Some(last)) = (item.bins.first(), item.bins.last()) {
        return format!(". >= {} and . <= {}", first.from, last.to);
    }
    let alone = item.options.iter().filter(|option| option.exclusive);
    let part = |id: &str| format!("not(selected(., {}) and count-selected(.) > 1)", quoted(id));
    alone.map(|option| part(&option.id)).collect::<Vec<_>>().join(" and ")
}

fn indicator(sheet: &mut Sheet, indicator: &Indicator, definition: &Definition) {
    start(sheet, "calculate", &indicator.id);
    sheet.put_text("label", &indicator.title);
    sheet.put("anxin::indicator", indicator.base.name());
    sheet.put("anxin::definition_version", &indicator.definition_version);
    let items = definition.sections.iter().flat_map(|section| &section.items);
    let bins = items.into_iter().find(|item| item.id == indicator.item).map(|item| &item.bins[..]).unwrap_or_default();
    let any = AnyOf { item: indicator.item.clone(), options: indicator.positive.clone() };
    let range = |id: &String| {
        let bin = bins.iter().find(|bin| bin.id == *id)?;
        let bounds = RangeBounds { item: indicator.item.clone(), min: Some(bin.from), max: Some(bin.to) };
        Some(Condition::Range(bounds))
    };
    let mut ranges: Vec<Condition> = indicator.positive.iter().filter_map(range).collect();
    let condition = match ranges.len() {
        0 => Condition::AnyOf(any),
        1 => ranges.remove(0),
        _ => Condition::Or(Several { of: ranges }),
    };
    sheet.put("calculation", spell(&condition));
}

fn joint(sheet: &mut Sheet, joint: &Joint) {
    start(sheet, "calculate", &joint.id);
    sheet.put("anxin::joint", joint.of.join(" "));
    // For other programs, which want a calculation: the answers beside each other.
    let part = |id: &String| match id.as_str() {
        "score" | "mode" | "order" => quoted(id),
        id => format!("${{{id}}}"),
    };
    let parts: Vec<String> = joint.of.iter().map(part).collect();
    sheet.put("calculation", format!("concat({})", parts.join(", ' ', ")));
}
