//! Views on disk: how many respondents each place and period has, kept with every sum that is added; and what is told
//! of them, kept with every decision. A view reads its own rows and no others, however many areas there are.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, params};

use super::{StoreError, sqlite::channel, steps};
use crate::{
    area::AreaCode,
    campaign::Campaign,
    day::Day,
    disclosure::{
        chains::Chains,
        decisions::{Decisions, Steps},
        row::Row,
    },
    leb128,
    period::Period,
    questionnaire::Questionnaire,
    results::{
        FaultResult, Selection,
        view::{Line, View},
    },
    tally::Tally,
};

/// Adds respondents, or takes them off, to every place and period that an area and a day lie in.
pub(super) fn reach(db: &Connection, campaign: &Campaign, area: &str, day: Day, more: i64) -> Result<(), StoreError> {
    if more == 0 {
        return Ok(());
    }
    let mut statement = db
        .prepare_cached("INSERT INTO reach VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE SET n = n + excluded.n")?;
    for period in Period::around(Some(Period::Day(day))).map(text) {
        for digits in 0..=area.len() {
            statement.execute(params![campaign.id, campaign.questionnaire, &area[..digits], period, more])?;
        }
    }
    Ok(())
}

/// All time has no name.
pub(super) fn text(period: Option<Period>) -> String {
    period.map(|period| period.to_string()).unwrap_or_default()
}

/// The number of the last step that was taken, and of the last that was decided on.
pub(super) fn numbers(db: &Connection, campaign: &Campaign) -> Result<(u32, u32), StoreError> {
    let name = [&campaign.id, &campaign.questionnaire];
    let number = |sql| db.prepare_cached(sql)?.query_row(name, |row| row.get(0)).optional();
    let taken = number("SELECT number FROM pace WHERE campaign = ?1 AND questionnaire = ?2")?;
    let decided = number("SELECT number FROM decision WHERE campaign = ?1 AND questionnaire = ?2")?;
    Ok((taken.unwrap_or(0), decided.unwrap_or(0)))
}

/// The steps that were taken and the number of the last; nothing if that was decided on already.
pub(super) fn undecided(db: &Connection, campaign: &Campaign) -> Result<Option<(u32, Steps)>, StoreError> {
    let (taken, decided) = numbers(db, campaign)?;
    Ok(if taken == decided { None } else { Some((taken, steps::all(db, campaign)?)) })
}

/// Keeps what was decided after a step, with the count of each cell in the first and in all, unless somebody else was
/// faster.
pub(super) fn keep(
    db: &Connection,
    campaign: &Campaign,
    number: u32,
    (sizes, total): (&[u64], &Tally),
    decisions: &Decisions,
) -> Result<(), StoreError> {
    if numbers(db, campaign)?.1 >= number {
        return Ok(());
    }
    // A key that is told stays told: each row is written over.
    let mut statement = db.prepare_cached("INSERT OR REPLACE INTO told VALUES (?1, ?2, ?3, ?4, ?5)")?;
    for (area, period, row) in decisions.rows() {
        let (campaign, questionnaire) = (&campaign.id, &campaign.questionnaire);
        statement.execute(params![campaign, questionnaire, area, text(period), row.bytes()])?;
    }
    db.prepare_cached("INSERT OR REPLACE INTO decision VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?.execute(params![
        campaign.id,
        campaign.questionnaire,
        number,
        leb128::encode(sizes),
        total.n,
        leb128::encode(&total.cells)
    ])?;
    Ok(())
}

/// What a selection shows.
pub(super) fn view(
    db: &Connection,
    campaign: &Campaign,
    questionnaire: &Questionnaire,
    selection: &Selection,
) -> Result<View, StoreError> {
    let Selection { area, period } = selection;
    let name = [&campaign.id, &campaign.questionnaire];
    let sizes = db
        .prepare_cached("SELECT sizes, n, cells FROM decision WHERE campaign = ?1 AND questionnaire = ?2")?
        .query_row(name, |row| Ok((row.get::<_, Vec<u8>>(0)?, steps::tally(row, 1))))
        .optional()?;
    let (sizes, whole) = match sizes {
        Some((bytes, whole)) => (leb128::decode(&bytes).ok_or("a decision is damaged")?, whole?),
        None => (vec![0; questionnaire.layout.len()], Tally::empty(questionnaire.layout.len())),
    };
    let whole = (*selection == Selection::default()).then_some(whole);
    let code = area.as_ref().map_or("", AreaCode::as_str);
    let prefix = campaign.prefix(area.as_ref());
    let total = line(db, campaign, (code, prefix), *period)?;
    let mut areas = Vec::new();
    for place in campaign.below(area.as_ref()) {
        let line = line(db, campaign, (place.code.as_str(), Some(&place.prefix)), *period)?;
        areas.push((place, line));
    }
    let mut periods = Vec::new();
    for below in View::periods(&days(db, campaign, code)?, *period) {
        periods.push((below, line(db, campaign, (code, prefix), Some(below))?));
    }
    let faults = faults(db, campaign, code, *period)?;
    Ok(View { chains: Chains::of(questionnaire, &sizes), total, areas, periods, whole, faults })
}

/// The respondents of a place, by its code and by the longest beginning that its areas' codes have in common.
fn line(
    db: &Connection,
    campaign: &Campaign,
    (code, prefix): (&str, Option<&str>),
    period: Option<Period>,
) -> Result<Line, StoreError> {
    let (campaign, questionnaire, period) = (&campaign.id, &campaign.questionnaire, text(period));
    let n = db
        .prepare_cached("SELECT n FROM reach WHERE campaign = ?1 AND questionnaire = ?2 AND area = ?3 AND period = ?4")?
        .query_row([campaign, questionnaire, code, &period], |row| row.get(0))
        .optional()?;
    let Some(prefix) = prefix else { return Ok(Line::default()) };
    let sums = db
        .prepare_cached(
            "SELECT sums FROM told WHERE campaign = ?1 AND questionnaire = ?2 AND area = ?3 AND period = ?4",
        )?
        .query_row([campaign, questionnaire, prefix, &period], |row| row.get::<_, Vec<u8>>(0))
        .optional()?;
    let sums = sums.map(|bytes| Row::read(&bytes).ok_or("what is told is damaged")).transpose()?;
    Ok(Line { n: n.unwrap_or(0), sums: sums.unwrap_or_default() })
}

/// The days on which somebody answered.
fn days(db: &Connection, campaign: &Campaign, code: &str) -> Result<BTreeSet<Day>, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT period FROM reach
         WHERE campaign = ?1 AND questionnaire = ?2 AND area = ?3 AND length(period) = 10 AND n > 0",
    )?;
    let mut rows = statement.query([&campaign.id, &campaign.questionnaire, code])?;
    let mut days = BTreeSet::new();
    while let Some(row) = rows.next()? {
        days.insert(row.get_ref(0)?.as_str()?.parse()?);
    }
    Ok(days)
}

/// The sums that do not add up, by day.
fn faults(
    db: &Connection,
    campaign: &Campaign,
    code: &str,
    period: Option<Period>,
) -> Result<Vec<FaultResult>, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT area, day, channel, shown_n, fault FROM tally
         WHERE campaign = ?1 AND questionnaire = ?2 AND fault IS NOT NULL AND shown_n IS NOT NULL
             AND substr(area, 1, length(?3)) = ?3 AND substr(day, 1, length(?4)) = ?4",
    )?;
    let mut rows = statement.query([&campaign.id, &campaign.questionnaire, code, &text(period)])?;
    let mut faults = Vec::new();
    while let Some(row) = rows.next()? {
        let leaf = [row.get_ref(0)?.as_str()?, row.get_ref(1)?.as_str()?, row.get_ref(2)?.as_str()?];
        let stepped = steps::of_leaf(db, campaign, leaf)?.map_or(0, |sum| sum.n);
        let leaf = (leaf[0].parse()?, leaf[1].parse()?, channel(leaf[2])?);
        faults.push(FaultResult::of(leaf, row.get::<_, u64>(3)? - stepped, row.get(4)?));
    }
    faults.sort_by(|a, b| (a.day, &a.area, a.channel).cmp(&(b.day, &b.area, b.channel)));
    Ok(faults)
}
