//! Fieldwork as a table: one row a rate.

use super::{
    Export,
    table::{Cell, Column, Kind, column, in_language},
    words,
};
use crate::{
    fieldwork::DayPart,
    questionnaire::Text,
    results::fieldwork::{DoorsResult, FieldworkResult, RATES},
    statistic::proportion::Estimate,
};

/// What each row tells.
pub(super) const COLUMNS: [Column; 13] = [
    column("area", Kind::Text, "地区代码", "Area code"),
    column("area_name", Kind::Text, "地区", "Area"),
    column("period", Kind::Text, "时期", "Period"),
    column("doors", Kind::Count, "户数", "Doors"),
    column("visits", Kind::Count, "上门次数", "Visits"),
    column("contacts", Kind::Count, "见到人", "Somebody met"),
    column("completes", Kind::Count, "完成", "Completed"),
    column("outcome", Kind::Text, "上门结果", "What came of it"),
    column("x", Kind::Count, "符合", "Positive"),
    column("n", Kind::Count, "基数", "In the base"),
    column("rate", Kind::Share, "比率", "Rate"),
    column("low", Kind::Share, "区间下限", "Interval, low"),
    column("high", Kind::Share, "区间上限", "Interval, high"),
];

/// AAPOR's rates of all that is selected and of each row, and how often somebody opened; of a row of which nothing is
/// told, its name alone.
pub(super) fn rows(export: &Export, told: &FieldworkResult) -> Vec<Vec<Cell>> {
    let (results, language) = (export.results, export.language);
    let all = || format!("{}/{}", export.campaign.opens, export.campaign.closes);
    let period = told.period.map_or_else(all, |month| month.to_string());
    let head = |code: &str, name: Option<&Text>, doors: Option<&DoorsResult>| {
        let count = |count: fn(&DoorsResult) -> u64| Cell::count(doors.map(count));
        vec![
            Cell::Text(code.to_owned()),
            Cell::Text(name.map(|name| words(name, language)).unwrap_or_default()),
            Cell::Text(period.clone()),
            count(|it| it.doors),
            count(|it| it.visits),
            count(|it| it.contacts),
            count(|it| it.completes),
        ]
    };
    let selected = results.selection.area.as_ref();
    let name = results.path.last().filter(|last| Some(&last.code) == selected).map(|last| &last.name);
    let total = head(selected.map_or("", |code| code.as_str()), name, Some(&told.total));
    let parts = told.parts.iter().map(|it| [total.clone(), rate(opened(it.part, language), it.opened)].concat());
    let areas = told.areas.iter().filter(|area| selected != Some(&area.code)).flat_map(|area| {
        let head = head(area.code.as_str(), area.name.as_ref(), area.doors.as_ref());
        rates(area.doors.as_ref()).map(|rate| [head.clone(), rate].concat())
    });
    let all = rates(Some(&told.total)).map(|rate| [total.clone(), rate].concat());
    all.into_iter().chain(parts).chain(areas).collect()
}

/// AAPOR's rates, by their names.
fn rates(doors: Option<&DoorsResult>) -> [Vec<Cell>; 5] {
    RATES.map(|(name, of)| rate(name, doors.and_then(of)))
}

fn rate(name: &str, estimate: Option<Estimate>) -> Vec<Cell> {
    vec![
        Cell::Text(name.to_owned()),
        Cell::count(estimate.map(|it| it.x)),
        Cell::count(estimate.map(|it| it.n)),
        Cell::share(estimate.map(|it| it.rate)),
        Cell::share(estimate.map(|it| it.low)),
        Cell::share(estimate.map(|it| it.high)),
    ]
}

/// What a part's share of visits is of.
fn opened(part: DayPart, language: &str) -> &'static str {
    match part {
        DayPart::Morning => in_language(language, "有人开门，上午", "Opened, morning"),
        DayPart::Afternoon => in_language(language, "有人开门，下午", "Opened, afternoon"),
        DayPart::Evening => in_language(language, "有人开门，晚上", "Opened, evening"),
    }
}
