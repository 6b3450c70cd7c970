//! What came of the doors in the month: AAPOR's rates, when somebody opens, and each area.

use super::{
    compose::Composer,
    document::{Cell, Table},
};
use crate::{
    collector::export::words,
    results::{
        Results,
        fieldwork::{AreaDoors, DoorsResult, FieldworkResult, RATES},
    },
    statistic::proportion::Estimate,
};

/// Nothing where nothing is told of the month.
pub(super) fn tables(it: &Composer, before: Option<&Results>) -> Vec<Table> {
    let Some(now) = &it.now.fieldwork else { return Vec::new() };
    let before = before.and_then(|before| before.fieldwork.as_ref());
    let mut tables = vec![rates(it, now, before)];
    // An area of its own has nothing below.
    if now.areas.iter().any(|area| it.now.selection.area.as_ref() != Some(&area.code)) {
        tables.push(areas(it, now, before));
    }
    tables
}

/// Each rate of all doors, and how often somebody opened.
fn rates(it: &Composer, now: &FieldworkResult, before: Option<&FieldworkResult>) -> Table {
    let (of, outcomes) = (&it.words.columns, &it.words.outcomes);
    let row = |name: &str, told: Option<Estimate>, before: Option<Estimate>| {
        vec![
            Cell::Text(name.to_owned()),
            told.map_or(Cell::Empty, |it| Cell::Count(it.x)),
            told.map_or(Cell::Empty, |it| Cell::Count(it.n)),
            Cell::share(told.map(|it| it.rate)),
            told.map_or(Cell::Empty, |it| Cell::Range(it.low, it.high)),
            Cell::share(before.map(|it| it.rate)),
        ]
    };
    let names = [outcomes.rr1, outcomes.rr2, outcomes.coop1, outcomes.ref1, outcomes.con1];
    let rates = names.into_iter().zip(RATES);
    let rates = rates.map(|(name, (_, rate))| row(name, rate(&now.total), before.and_then(|it| rate(&it.total))));
    let parts = now.parts.iter().map(|part| {
        let earlier = before.and_then(|before| before.parts.iter().find(|it| it.part == part.part));
        row((outcomes.opened)(part.part), part.opened, earlier.and_then(|it| it.opened))
    });
    Table {
        caption: it.words.tables.doors.to_owned(),
        sheet: it.words.tables.doors_sheet,
        lead: Vec::new(),
        columns: vec![of.outcome, of.outcome_x, of.outcome_n, of.rate, of.interval, of.before],
        rows: rates.chain(parts).collect(),
    }
}

/// The doors of all areas together, and of each.
fn areas(it: &Composer, now: &FieldworkResult, before: Option<&FieldworkResult>) -> Table {
    let of = &it.words.columns;
    let rr1 = |doors: &DoorsResult| doors.rr1.map(|it| it.rate);
    let row = |name: String, code: &str, doors: Option<&DoorsResult>, before: Option<&DoorsResult>| {
        let count = |count: fn(&DoorsResult) -> u64| doors.map_or(Cell::Empty, |it| Cell::Count(count(it)));
        let rate = |rate: fn(&DoorsResult) -> Option<Estimate>| Cell::share(doors.and_then(rate).map(|it| it.rate));
        let interval = doors.and_then(|it| it.rr1);
        vec![
            Cell::Text(name),
            Cell::Text(code.to_owned()),
            count(|it| it.doors),
            count(|it| it.visits),
            count(|it| it.contacts),
            count(|it| it.completes),
            rate(|it| it.rr1),
            interval.map_or(Cell::Empty, |it| Cell::Range(it.low, it.high)),
            rate(|it| it.coop1),
            rate(|it| it.ref1),
            rate(|it| it.con1),
            Cell::share(before.and_then(rr1)),
        ]
    };
    let area = |area: &AreaDoors| {
        let code = area.code.as_str();
        let name = area.name.as_ref().map_or_else(|| code.to_owned(), |name| words(name, it.language));
        let earlier = before.and_then(|before| before.areas.iter().find(|it| it.code == area.code));
        row(name, code, area.doors.as_ref(), earlier.and_then(|it| it.doors.as_ref()))
    };
    let place = it.now.selection.area.as_ref();
    let name = it.now.path.last().filter(|last| Some(&last.code) == place);
    let name = name.map_or_else(|| it.words.everywhere.to_owned(), |last| words(&last.name, it.language));
    let total = row(name, place.map_or("", |code| code.as_str()), Some(&now.total), before.map(|it| &it.total));
    Table {
        caption: it.words.tables.doors_areas.to_owned(),
        sheet: it.words.tables.doors_areas_sheet,
        lead: Vec::new(),
        columns: vec![
            of.area,
            of.code,
            of.doors,
            of.visits,
            of.contacts,
            of.completes,
            of.rr1,
            of.interval,
            of.coop1,
            of.ref1,
            of.con1,
            of.rr1_before,
        ],
        rows: [total].into_iter().chain(now.areas.iter().map(area)).collect(),
    }
}
