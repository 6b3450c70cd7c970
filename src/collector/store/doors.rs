//! Fieldwork on disk, as a view reads it: the rows of its areas, by the primary key, and of its month.

use rusqlite::{Connection, params};

use super::StoreError;
use crate::{
    area::AreaCode,
    campaign::Campaign,
    fieldwork::DayPart,
    period::Period,
    results::{Selection, fieldwork::DoorsLeaf},
};

/// The rows of a selection; of a day, those of its month.
pub(super) fn leaves(
    db: &Connection,
    campaign: &Campaign,
    Selection { area, period }: &Selection,
) -> Result<Vec<DoorsLeaf>, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT area, substr(day, 1, 7), part, doors FROM door
         WHERE campaign = ?1 AND area >= ?2 AND area < ?3 AND (?4 IS NULL OR substr(day, 1, 7) = ?4)",
    )?;
    let from = area.as_ref().map_or("", AreaCode::as_str);
    // The character after 9 stands behind every code that begins so.
    let (until, month) = (format!("{from}:"), period.map(|period| period.month().to_string()));
    let mut rows = statement.query(params![campaign.id, from, until, month])?;
    let mut leaves = Vec::new();
    while let Some(row) = rows.next()? {
        let part = row.get_ref(2)?.as_str()?;
        leaves.push(DoorsLeaf {
            area: row.get_ref(0)?.as_str()?.parse()?,
            month: row.get_ref(1)?.as_str()?.parse::<Period>()?,
            part: DayPart::ALL.into_iter().find(|it| it.name() == part).ok_or("a part of the day is unknown")?,
            doors: serde_json::from_str(row.get_ref(3)?.as_str()?)?,
        });
    }
    Ok(leaves)
}
