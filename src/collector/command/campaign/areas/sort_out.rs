//! Which rows are areas and which are regions.

use super::{Areas, Column, Kind, Row, Table};
use crate::{area::AreaCode, xlsform::Place};

impl Table<'_> {
    /// Tells areas from regions.
    pub(super) fn sort_out(&mut self, mut rows: Vec<Row>) -> Areas {
        let (at, kind_at) = (self.index(&Column::Code), self.index(&Column::Kind));
        rows.sort_by(|a, b| a.area.code.cmp(&b.area.code).then(a.line.cmp(&b.line)));
        let mut areas = Areas { areas: Vec::new(), regions: Vec::new() };
        // Sorted, what lies within a row stands right behind it.
        for (i, Row { line, area, kind }) in rows.iter().enumerate() {
            let code = &area.code;
            if let Some(first) = rows[..i].last().filter(|before| before.area.code == *code) {
                let message = format!("{} stands in row {} already", code.as_str(), first.line);
                self.fault("duplicate_code", *line, at, message);
                continue;
            }
            if let Some(short) = short_for(code).filter(|short| holds_others(&rows, short, code)) {
                let message = format!("write {short}, without the zeros: what lies in it begins so");
                self.fault("filled_up_code", *line, at, message);
                continue;
            }
            let within = rows[i + 1..].iter().find(|row| row.area.code != *code);
            let within = within.filter(|row| row.area.code.within(code));
            match (kind, within) {
                (Some(Kind::Area), Some(inner)) => {
                    let message = format!(
                        "is no area but a region: {} in row {} lies in it",
                        inner.area.code.as_str(),
                        inner.line
                    );
                    self.fault("area_within_area", *line, kind_at, message);
                }
                (Some(Kind::Region), None) => {
                    self.fault("region_without_area", *line, kind_at, "no area lies in this region");
                }
                (None, None) | (Some(Kind::Area), None) => areas.areas.push(area.clone()),
                (None | Some(Kind::Region), Some(_)) => areas.regions.push(area.clone()),
            }
        }
        if rows.is_empty() && self.faults.0.is_empty() {
            self.faults.add("no_area", Place::default(), "lists no area");
        }
        areas
    }
}

/// What a code of twelve digits is short for, if it was filled up with zeros.
fn short_for(code: &AreaCode) -> Option<String> {
    let digits = code.as_str();
    let level = |length: &usize| digits.len() == 12 && digits[*length..].bytes().all(|digit| digit == b'0');
    [2, 4, 6, 9].into_iter().find(level).map(|length| digits[..length].to_owned())
}

/// Whether other codes than one begin with some digits.
fn holds_others(rows: &[Row], digits: &str, than: &AreaCode) -> bool {
    let from = rows.partition_point(|row| row.area.code.as_str() < digits);
    let within = rows[from..].iter().take_while(|row| row.area.code.as_str().starts_with(digits));
    within.map(|row| &row.area.code).take(2).any(|code| code != than)
}
