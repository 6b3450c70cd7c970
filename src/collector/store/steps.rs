//! The steps of a campaign on disk: what of its leaves was shown when answers were last told. See [`crate::disclosure`].

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::StoreError;
use crate::{campaign::Campaign, disclosure::decisions::Steps, leb128, tally::Tally};

/// Every step of a campaign.
pub(super) fn all(db: &Connection, campaign: &Campaign) -> Result<Steps, StoreError> {
    let mut steps = Steps::new(campaign);
    let mut statement =
        db.prepare_cached("SELECT area, day, number, n, cells FROM step WHERE campaign = ?1 AND questionnaire = ?2")?;
    let mut rows = statement.query([&campaign.id, &campaign.questionnaire])?;
    while let Some(row) = rows.next()? {
        let (area, day) = (row.get::<_, String>(0)?.parse()?, row.get::<_, String>(1)?.parse()?);
        steps.add(&area, day, row.get(2)?, &tally(row, 3)?);
    }
    Ok(steps)
}

/// How many of a leaf's respondents are in its steps, and their sum.
pub(super) fn of_leaf(db: &Connection, campaign: &Campaign, leaf: [&str; 3]) -> Result<Option<Tally>, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT n, cells FROM step
         WHERE campaign = ?1 AND questionnaire = ?2 AND area = ?3 AND day = ?4 AND channel = ?5",
    )?;
    let [area, day, channel] = leaf;
    let mut rows = statement.query([&campaign.id, &campaign.questionnaire, area, day, channel])?;
    let mut sum: Option<Tally> = None;
    while let Some(row) = rows.next()? {
        let step = tally(row, 0)?;
        match &mut sum {
            Some(sum) => sum.merge(&step),
            None => sum = Some(step),
        }
    }
    Ok(sum)
}

/// A tally in two columns: n and cells.
pub(super) fn tally(row: &Row, column: usize) -> Result<Tally, StoreError> {
    let cells = leb128::decode(row.get_ref(column + 1)?.as_blob()?).ok_or("cells are damaged")?;
    Ok(Tally { n: row.get(column)?, cells })
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
    let mut statement = db.prepare_cached(
        "SELECT area, day, channel, shown_n, shown_cells FROM tally
         WHERE campaign = ?1 AND questionnaire = ?2 AND shown_n IS NOT NULL AND fault IS NULL",
    )?;
    let mut insert = db.prepare_cached("INSERT INTO step VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")?;
    let number: u32 = number;
    // Leaf by leaf: there may be a million.
    let mut rows = statement.query(name)?;
    while let Some(row) = rows.next()? {
        let leaf = [row.get_ref(0)?.as_str()?, row.get_ref(1)?.as_str()?, row.get_ref(2)?.as_str()?];
        let shown = tally(row, 3)?;
        let grown = of_leaf(db, campaign, leaf)?.map_or(shown.clone(), |before| shown.since(&before));
        if grown.n > 0 {
            let [area, day, channel] = leaf;
            let cells = leb128::encode(&grown.cells);
            let (campaign, questionnaire) = (&campaign.id, &campaign.questionnaire);
            insert.execute(params![campaign, questionnaire, area, day, channel, number, grown.n, cells])?;
        }
    }
    db.prepare_cached("UPDATE pace SET told = shown, number = ?3 WHERE campaign = ?1 AND questionnaire = ?2")?
        .execute(params![campaign.id, campaign.questionnaire, number])?;
    Ok(())
}
