//! The steps of a campaign on disk: what of its leaves was shown when answers were last told. See [`crate::disclosure`].

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, params};

use super::{StoreError, blob};
use crate::{campaign::Campaign, tally::Tally};

/// A leaf of a campaign: area, day and channel, as they are written.
pub(super) type LeafName = (String, String, String);

/// What of each leaf was in each step.
pub(super) fn all(db: &Connection, campaign: &Campaign) -> Result<BTreeMap<LeafName, Vec<(u32, Tally)>>, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT area, day, channel, number, n, cells FROM step WHERE campaign = ?1 AND questionnaire = ?2
         ORDER BY area, day, channel, number",
    )?;
    let mut rows = statement.query([&campaign.id, &campaign.questionnaire])?;
    let mut steps: BTreeMap<LeafName, Vec<(u32, Tally)>> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let cells = blob::decode(row.get_ref(5)?.as_blob()?).ok_or("cells are damaged")?;
        let tally = Tally { n: row.get(4)?, cells };
        steps.entry((row.get(0)?, row.get(1)?, row.get(2)?)).or_default().push((row.get(3)?, tally));
    }
    Ok(steps)
}

/// Says that so many respondents more are shown.
pub(super) fn pace(db: &Connection, campaign: &Campaign, more: u64) -> Result<(), StoreError> {
    db.prepare_cached(
        "INSERT INTO pace VALUES (?1, ?2, ?3, 0, 0) ON CONFLICT DO UPDATE SET shown = shown + excluded.shown",
    )?
    .execute(params![campaign.id, campaign.questionnaire, more])?;
    Ok(())
}

/// Takes a step if it is due: by how many respondents are shown, and how many were at the last step.
pub(super) fn take(db: &Connection, campaign: &Campaign, due: impl Fn(u64, u64) -> bool) -> Result<(), StoreError> {
    let name = [&campaign.id, &campaign.questionnaire];
    let mut statement =
        db.prepare_cached("SELECT shown, told, number + 1 FROM pace WHERE campaign = ?1 AND questionnaire = ?2")?;
    let pace = statement.query_row(name, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional()?;
    let Some((shown, told, number)) = pace else { return Ok(()) };
    if !due(shown, told) {
        return Ok(());
    }
    for ((area, day, channel), tally) in grown(db, campaign)? {
        db.prepare_cached("INSERT INTO step VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")?.execute(params![
            campaign.id,
            campaign.questionnaire,
            area,
            day,
            channel,
            number,
            tally.n,
            blob::encode(&tally.cells),
        ])?;
    }
    let number: u32 = number;
    db.prepare_cached("UPDATE pace SET told = shown, number = ?3 WHERE campaign = ?1 AND questionnaire = ?2")?
        .execute(params![campaign.id, campaign.questionnaire, number])?;
    Ok(())
}

/// By how much each leaf that adds up has grown since the last step.
fn grown(db: &Connection, campaign: &Campaign) -> Result<Vec<(LeafName, Tally)>, StoreError> {
    let steps = all(db, campaign)?;
    let mut statement = db.prepare_cached(
        "SELECT area, day, channel, shown_n, shown_cells FROM tally
         WHERE campaign = ?1 AND questionnaire = ?2 AND shown_n IS NOT NULL AND fault IS NULL",
    )?;
    let mut rows = statement.query([&campaign.id, &campaign.questionnaire])?;
    let mut grown = Vec::new();
    while let Some(row) = rows.next()? {
        let name: LeafName = (row.get(0)?, row.get(1)?, row.get(2)?);
        let cells = blob::decode(row.get_ref(4)?.as_blob()?).ok_or("cells are damaged")?;
        let mut tally = Tally { n: row.get(3)?, cells };
        for (_, before) in steps.get(&name).into_iter().flatten() {
            tally = tally.since(before);
        }
        if tally.n > 0 {
            grown.push((name, tally));
        }
    }
    Ok(grown)
}
