//! Fieldwork on disk: the sum of each area, day and part of the day; and what is told of them (see
//! [`crate::results::fieldwork`]), kept for every place and month with every sum that is added, so that a view reads its
//! own rows and no others.

use std::{collections::BTreeMap, mem};

use rusqlite::{Connection, OptionalExtension, params};

use super::{StoreError, views::text};
use crate::{
    area::{AreaCode, common},
    campaign::Campaign,
    disposition::Doors,
    fieldwork::{DayPart, Fieldwork},
    period::Period,
    results::fieldwork::FieldworkSum,
};

/// Adds fieldwork to its area's day and part, and to what is told.
pub(super) fn add(db: &Connection, campaign: &Campaign, fieldwork: &Fieldwork) -> Result<(), StoreError> {
    let Fieldwork { area, day, part, doors, .. } = fieldwork;
    let month = Period::Day(*day).month();
    let mut sum = area_month(db, campaign, area, month)?;
    let before = sum.clone().told(campaign.k);
    sum.add(*part, doors);
    let after = sum.told(campaign.k);

    let name = [&campaign.id, area.as_str(), &day.to_string(), part.name()];
    let kept = db
        .prepare_cached("SELECT doors FROM door WHERE campaign = ?1 AND area = ?2 AND day = ?3 AND part = ?4")?
        .query_row(name, |row| row.get::<_, String>(0))
        .optional()?;
    let mut all: Doors = kept.map_or_else(|| Ok(Doors::empty()), |text| serde_json::from_str(&text))?;
    all.merge(doors);
    let [id, area, day, part] = name;
    db.prepare_cached("INSERT OR REPLACE INTO door VALUES (?1, ?2, ?3, ?4, ?5)")?.execute([
        id,
        area,
        day,
        part,
        &serde_json::to_string(&all)?,
    ])?;

    if before == after {
        return Ok(());
    }
    for period in [Some(month), None] {
        for digits in 0..=area.len() {
            let mut told = read(db, campaign, &area[..digits], period)?;
            // Taken off after the other is added: no count is under 0 in between.
            after.iter().for_each(|sum| told.merge(sum));
            before.iter().for_each(|sum| told.take_off(sum));
            write(db, campaign, &area[..digits], period, &told)?;
        }
    }
    Ok(())
}

/// What is told of the doors within an area (none: of all), in a month or at all times.
pub(super) fn told(
    db: &Connection,
    campaign: &Campaign,
    area: Option<&AreaCode>,
    month: Option<Period>,
) -> Result<FieldworkSum, StoreError> {
    read(db, campaign, area.map_or("", AreaCode::as_str), month)
}

/// Keeps what is told of all fieldwork of every campaign, in a store that does not keep it yet.
pub(super) fn tell_all(db: &Connection) -> Result<(), StoreError> {
    let mut statement = db.prepare("SELECT json FROM campaign")?;
    let mut campaigns = statement.query([])?;
    while let Some(row) = campaigns.next()? {
        tell_campaign(db, &serde_json::from_str(row.get_ref(0)?.as_str()?)?)?;
    }
    Ok(())
}

/// Keeps what is told of a campaign's fieldwork, of which nothing is kept yet.
pub(in crate::collector) fn tell_campaign(db: &Connection, campaign: &Campaign) -> Result<(), StoreError> {
    let mut places = Places { db, campaign, area: String::new(), told: vec![BTreeMap::new()] };
    let mut statement = db.prepare(
        "SELECT area, substr(day, 1, 7) AS month, part, doors FROM door WHERE campaign = ?1 ORDER BY area, month",
    )?;
    let mut rows = statement.query([&campaign.id])?;
    let (mut name, mut sum) = ((String::new(), None), FieldworkSum::default());
    while let Some(row) = rows.next()? {
        let here = (row.get(0)?, Some(row.get_ref(1)?.as_str()?.parse()?));
        if name != here {
            places.add(mem::replace(&mut name, here), mem::take(&mut sum))?;
        }
        sum.add(part(row.get_ref(2)?.as_str()?)?, &serde_json::from_str(row.get_ref(3)?.as_str()?)?);
    }
    places.add(name, sum)?;
    places.leave(None)
}

/// The places that an area lies in, while areas come in the order of their codes: there may be a hundred thousand.
struct Places<'p> {
    db: &'p Connection,
    campaign: &'p Campaign,
    area: String,
    /// By the number of digits of a place.
    told: Vec<BTreeMap<Option<Period>, FieldworkSum>>,
}

impl Places<'_> {
    /// Adds the sum of an area's month.
    fn add(&mut self, (area, month): (String, Option<Period>), sum: FieldworkSum) -> Result<(), StoreError> {
        self.leave(Some(&area))?;
        let Some(told) = sum.told(self.campaign.k) else { return Ok(()) };
        for place in &mut self.told {
            for period in [month, None] {
                place.entry(period).or_default().merge(&told);
            }
        }
        Ok(())
    }

    /// Keeps what is told of every place in which the next area does not lie; without one, of all.
    fn leave(&mut self, next: Option<&str>) -> Result<(), StoreError> {
        let stay = next.map_or(0, |next| common(&self.area, next).len() + 1);
        for (digits, told) in self.told.drain(stay..).enumerate() {
            for (period, sum) in told {
                write(self.db, self.campaign, &self.area[..stay + digits], period, &sum)?;
            }
        }
        if let Some(next) = next {
            self.area = next.to_owned();
            self.told.resize(next.len() + 1, BTreeMap::new());
        }
        Ok(())
    }
}

/// The sum of an area's month.
fn area_month(
    db: &Connection,
    campaign: &Campaign,
    area: &AreaCode,
    month: Period,
) -> Result<FieldworkSum, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT part, doors FROM door WHERE campaign = ?1 AND area = ?2 AND day >= ?3 AND day < ?3 || ':'",
    )?;
    let mut rows = statement.query([&campaign.id, area.as_str(), &month.to_string()])?;
    let mut sum = FieldworkSum::default();
    while let Some(row) = rows.next()? {
        sum.add(part(row.get_ref(0)?.as_str()?)?, &serde_json::from_str(row.get_ref(1)?.as_str()?)?);
    }
    Ok(sum)
}

fn part(name: &str) -> Result<DayPart, StoreError> {
    Ok(DayPart::ALL.into_iter().find(|it| it.name() == name).ok_or("a part of the day is unknown")?)
}

fn read(db: &Connection, campaign: &Campaign, place: &str, period: Option<Period>) -> Result<FieldworkSum, StoreError> {
    let sum = db
        .prepare_cached("SELECT sum FROM told_door WHERE campaign = ?1 AND area = ?2 AND period = ?3")?
        .query_row([&campaign.id, place, &text(period)], |row| row.get::<_, String>(0))
        .optional()?;
    Ok(sum.map_or_else(|| Ok(FieldworkSum::default()), |text| serde_json::from_str(&text))?)
}

fn write(
    db: &Connection,
    campaign: &Campaign,
    place: &str,
    period: Option<Period>,
    sum: &FieldworkSum,
) -> Result<(), StoreError> {
    db.prepare_cached("INSERT OR REPLACE INTO told_door VALUES (?1, ?2, ?3, ?4)")?.execute(params![
        campaign.id,
        place,
        text(period),
        serde_json::to_string(sum)?
    ])?;
    Ok(())
}
