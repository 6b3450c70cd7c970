//! Rates as a table: one row a figure. The one place that reads them from the results for CSV, SPSS and XLSX.

use super::{
    Export,
    table::{Cell, Column, Kind, column, in_language},
    words,
};
use crate::{
    disclosure::bound::{Bound, Side},
    questionnaire::definition::Base,
    results::{IndicatorResult, TableRate},
    statistic::{band::Band, clopper_pearson::clopper_pearson, proportion::Estimate, ranking::Rank, rate::Rate},
};

/// What each row tells.
pub(super) const COLUMNS: [Column; 25] = [
    column("table", Kind::Name, "表", "Table"),
    column("area", Kind::Text, "地区代码", "Area code"),
    column("area_name", Kind::Text, "地区", "Area"),
    column("period", Kind::Text, "时期", "Period"),
    column("respondents", Kind::Count, "应答人数", "Respondents"),
    column("indicator", Kind::Text, "指标代码", "Indicator id"),
    column("title", Kind::Text, "指标", "Indicator"),
    column("definition_version", Kind::Text, "定义版本", "Definition version"),
    column("base", Kind::Name, "基数", "Base"),
    column("defined_on", Kind::Name, "指标定义的基数", "Base it is defined on"),
    column("x", Kind::Count, "符合人数", "Positive"),
    column("n", Kind::Count, "基数人数", "In the base"),
    column("rate", Kind::Share, "比率", "Rate"),
    column("low", Kind::Share, "区间下限", "Interval, low"),
    column("high", Kind::Share, "区间上限", "Interval, high"),
    column("exact_low", Kind::Share, "精确区间下限", "Exact interval, low"),
    column("exact_high", Kind::Share, "精确区间上限", "Exact interval, high"),
    column("confidence", Kind::Share, "置信度", "Confidence"),
    column("flag", Kind::Name, "公布情况", "What is told"),
    column("bound", Kind::Share, "界限", "Bound"),
    column("rank", Kind::Count, "名次", "Rank"),
    column("rank_best", Kind::Count, "最好可能名次", "Best rank it may have"),
    column("rank_worst", Kind::Count, "最差可能名次", "Worst rank it may have"),
    column("target", Kind::Share, "目标", "Target"),
    column("band", Kind::Name, "与目标相比", "Against the target"),
];

/// Where and when the figures of a row are, and of how many respondents.
struct Head {
    table: &'static str,
    area: String,
    area_name: String,
    period: String,
    /// None while nothing is released.
    respondents: Option<u64>,
    /// Of how many of them answers are told.
    told: u64,
}

/// The figures of all areas and periods of the selection together.
pub(super) fn total<'e>(export: &'e Export) -> impl Iterator<Item = Vec<Cell>> + 'e {
    let head = head(export);
    export.results.indicators.iter().flat_map(move |indicator| rows(export, &head, indicator, &Told::total(indicator)))
}

/// The figures of each area.
pub(super) fn areas<'e>(export: &'e Export) -> impl Iterator<Item = Vec<Cell>> + 'e {
    let period = head(export).period;
    export.results.areas.iter().flat_map(move |area| {
        let head = Head {
            table: "area",
            area: area.code.as_str().to_owned(),
            area_name: area.name.as_ref().map(|name| words(name, export.language)).unwrap_or_default(),
            period: period.clone(),
            respondents: area.n,
            told: area.told,
        };
        table(export, head, &area.indicators)
    })
}

/// The figures of each month or day.
pub(super) fn periods<'e>(export: &'e Export) -> impl Iterator<Item = Vec<Cell>> + 'e {
    export.results.periods.iter().flat_map(move |it| {
        let (period, respondents) = (it.period.to_string(), Some(it.n));
        let head = Head { table: "period", period, respondents, told: it.told, ..head(export) };
        table(export, head, &it.indicators)
    })
}

/// The head of the rows of the whole selection.
fn head(export: &Export) -> Head {
    let (campaign, selection) = (export.campaign, &export.results.selection);
    let known = || campaign.areas.iter().chain(&campaign.regions);
    let (area, area_name) = match &selection.area {
        None => (String::new(), in_language(export.language, "全部地区", "All areas").to_owned()),
        Some(code) => {
            let name = known().find(|area| area.code == *code).map(|area| words(&area.name, export.language));
            (code.as_str().to_owned(), name.unwrap_or_default())
        }
    };
    // An interval of days is written as in ISO 8601.
    let all = || format!("{}/{}", campaign.opens, campaign.closes);
    let period = selection.period.map_or_else(all, |period| period.to_string());
    let (respondents, told) = (Some(export.results.n), export.results.told);
    Head { table: "total", area, area_name, period, respondents, told }
}

/// The rows of an area or a period, which has no rates where nothing of it is released.
fn table(export: &Export, head: Head, rates: &[TableRate]) -> Vec<Vec<Cell>> {
    let indicators = export.results.indicators.iter().enumerate();
    let of = |(index, indicator)| rows(export, &head, indicator, &Told::row(rates.get(index)));
    indicators.flat_map(of).collect()
}

/// What is told of an indicator in a row.
#[derive(Clone, Copy)]
struct Told {
    rate: Rate,
    bound: Option<Bound>,
    rank: Option<Rank>,
    band: Option<Band>,
}

impl Told {
    fn total(of: &IndicatorResult) -> Self {
        let band = of.target.and_then(|target| target.band);
        Self { rate: of.estimates, bound: of.bound, rank: None, band }
    }

    /// Nothing where nothing is released.
    fn row(of: Option<&TableRate>) -> Self {
        let none = Self { rate: Rate { all: None, valid: None }, bound: None, rank: None, band: None };
        of.map_or(none, |it| Self { rate: it.estimates, bound: it.bound, rank: it.rank, band: it.band })
    }
}

/// What is told of a rate, by name: of an estimate and a bound, of so many respondents whose answers were in a step.
pub(in crate::collector) fn flag(estimate: Option<&Estimate>, bound: Option<&Bound>, told: u64) -> &'static str {
    match (estimate, bound) {
        (Some(_), _) => "told",
        (None, Some(Bound { side: Side::AtLeast, .. })) => "at_least",
        (None, Some(Bound { side: Side::AtMost, .. })) => "at_most",
        (None, None) if told == 0 => "too_few",
        (None, None) => "withheld",
    }
}

/// The rows of an indicator: on the base that it is defined on, then on the other one.
fn rows(export: &Export, head: &Head, indicator: &IndicatorResult, told: &Told) -> [Vec<Cell>; 2] {
    let (results, own) = (export.results, indicator.base);
    let other = if own == Base::All { Base::Valid } else { Base::All };
    [own, other].map(|base| {
        let estimate = told.rate.on(base);
        // For who has to guarantee a coverage.
        let exact = estimate.and_then(|it| clopper_pearson(it.x, it.n));
        // A bound is of those who were asked; ranks and targets, of the rates on the indicator's own base.
        let bound = told.bound.filter(|_| base == Base::All);
        let (rank, band) = (told.rank.filter(|_| base == own), told.band.filter(|_| base == own));
        let target = indicator.target.filter(|_| base == own);
        let place = |of: fn(&Rank) -> usize| Cell::count(rank.as_ref().map(|rank| of(rank) as u64));
        vec![
            Cell::Name(head.table),
            Cell::Text(head.area.clone()),
            Cell::Text(head.area_name.clone()),
            Cell::Text(head.period.clone()),
            Cell::count(head.respondents),
            Cell::Text(indicator.id.clone()),
            Cell::Text(words(&indicator.title, export.language)),
            Cell::Text(indicator.definition_version.clone()),
            Cell::Name(base.name()),
            Cell::Name(own.name()),
            Cell::count(estimate.map(|it| it.x)),
            Cell::count(estimate.map(|it| it.n).or(bound.map(|it| it.n))),
            Cell::share(estimate.map(|it| it.rate)),
            Cell::share(estimate.map(|it| it.low)),
            Cell::share(estimate.map(|it| it.high)),
            Cell::share(exact.map(|it| it.low)),
            Cell::share(exact.map(|it| it.high)),
            Cell::share(estimate.map(|_| results.confidence)),
            Cell::Name(flag(estimate.as_ref(), bound.as_ref(), head.told)),
            Cell::share(bound.map(|it| it.share)),
            place(|rank| rank.rank),
            place(|rank| rank.best),
            place(|rank| rank.worst),
            Cell::share(target.map(|it| it.share)),
            band.map_or(Cell::Empty, |band| Cell::Name(band.name())),
        ]
    })
}
