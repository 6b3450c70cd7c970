//! The sizes of a population's groups from a table: CSV, one row a group, the first row the headings.

use std::str::from_utf8;

use crate::{
    statistic::margins::{Margin, Population},
    xlsform::{Faults, Place},
};

/// Size of a file, in bytes.
pub(super) const FILE_BYTES: usize = 1 << 20;

/// Groups of a margin.
const ROWS: usize = 5_000;

/// Columns of a table.
const COLUMNS: usize = 8;

/// The heading of the people in a group.
const PEOPLE: &str = "population";

/// Reads a table.
///
/// # Errors
/// Every fault of it, each with its row and column.
pub(super) fn read(bytes: &[u8]) -> Result<Margin, Faults> {
    let mut faults = Faults::default();
    let margin = table(bytes, &mut faults);
    margin.filter(|_| faults.0.is_empty()).ok_or(faults)
}

fn table(bytes: &[u8], faults: &mut Faults) -> Option<Margin> {
    let Ok(text) = from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)) else {
        faults.add("not_utf8", Place::default(), "is not UTF-8; save the table as “CSV UTF-8”");
        return None;
    };
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut headings: Vec<String> = Vec::new();
    let mut population = Vec::new();
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                faults.add("broken_csv", Place::default(), format!("is no CSV: {error}"));
                return None;
            }
        };
        let row = record.position().map_or(1, csv::Position::line) as usize;
        let cells: Vec<&str> = record.iter().map(str::trim).collect();
        if cells.iter().all(|cell| cell.is_empty()) {
            continue;
        }
        if headings.is_empty() {
            headings = cells.iter().map(|cell| (*cell).to_owned()).collect();
            heads(row, &headings, faults)?;
        } else if population.len() == ROWS {
            faults.add("too_many_rows", at(row), format!("no more than {ROWS} rows are taken"));
            return None;
        } else {
            population.extend(group(row, &headings, &cells, faults));
        }
    }
    if headings.is_empty() {
        faults.add("empty", Place::default(), "has no rows");
    }
    let of = headings.into_iter().filter(|heading| heading != PEOPLE).collect();
    Some(Margin { of, population })
}

/// A whole row.
fn at(row: usize) -> Place {
    Place { row, ..Place::default() }
}

/// Whether the headings name groups and people, each once.
fn heads(row: usize, headings: &[String], faults: &mut Faults) -> Option<()> {
    let before = faults.0.len();
    for (index, heading) in headings.iter().enumerate() {
        let place = Place { column: index + 1, heading: heading.clone(), ..at(row) };
        if heading.is_empty() {
            faults.add("no_heading", place, "the column has no heading");
        } else if headings[..index].contains(heading) {
            faults.add("repeated_heading", place, "the heading stands twice");
        }
    }
    if !headings.iter().any(|heading| heading == PEOPLE) {
        let place = Place { heading: PEOPLE.to_owned(), ..at(row) };
        faults.add("no_population", place, "no column tells how many people are in a group");
    }
    if !(2..=COLUMNS).contains(&headings.len()) {
        faults.add("columns", at(row), format!("a table has 2 to {COLUMNS} columns"));
    }
    (faults.0.len() == before).then_some(())
}

/// One group.
fn group(row: usize, headings: &[String], cells: &[&str], faults: &mut Faults) -> Option<Population> {
    let before = faults.0.len();
    let (mut is, mut count) = (Vec::new(), 0);
    if cells.len() > headings.len() {
        faults.add("too_many_cells", at(row), "has more cells than there are headings");
    }
    for (index, heading) in headings.iter().enumerate() {
        let cell = cells.get(index).copied().unwrap_or_default();
        let place = Place { column: index + 1, heading: heading.clone(), ..at(row) };
        if heading != PEOPLE {
            is.push(cell.to_owned());
            if cell.is_empty() {
                faults.add("no_group", place, "names no group");
            }
            continue;
        }
        // As people write it: 1,012,000 or 1 012 000.
        let digits: String = cell.chars().filter(|c| !matches!(c, ',' | ' ' | '\u{a0}' | '，')).collect();
        match digits.parse::<u64>() {
            Ok(people) if people <= u64::from(u32::MAX) => count = people,
            _ => faults.add("no_number", place, format!("“{cell}” is no number of people: whole, 0 to 4,294,967,295")),
        }
    }
    (faults.0.len() == before).then_some(Population { is, count })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> Vec<(&'static str, usize, usize)> {
        let told = read(text.as_bytes()).unwrap_err();
        told.0.iter().map(|fault| (fault.code, fault.place.row, fault.place.column)).collect()
    }

    #[test]
    fn a_table_is_a_margin() {
        let text = "\u{feff}age,sex,population\r\nyoung,f,\"1,200\"\r\n\r\nold, m ,7\r\n";
        let margin = read(text.as_bytes()).unwrap();
        assert_eq!(margin.of, ["age", "sex"]);
        let group = |is: [&str; 2], count| Population { is: is.map(str::to_owned).into(), count };
        assert_eq!(margin.population, [group(["young", "f"], 1200), group(["old", "m"], 7)]);
        let first = read("population,area\n5,3306".as_bytes()).unwrap();
        assert_eq!((first.of, first.population[0].count), (vec!["area".to_owned()], 5), "in any order");
    }

    #[test]
    fn every_fault_has_its_place() {
        assert_eq!(faults(""), [("empty", 0, 0)]);
        assert_eq!(faults("age,people\nyoung,1"), [("no_population", 1, 0)]);
        assert_eq!(faults("age,age,population"), [("repeated_heading", 1, 2)]);
        assert_eq!(faults("population\n5"), [("columns", 1, 0)]);
        assert_eq!(
            faults("age,population\n,1\nold,many\nold,-1\nyoung,1,2\nolder,1.5"),
            [
                ("no_group", 2, 1),
                ("no_number", 3, 2),
                ("no_number", 4, 2),
                ("too_many_cells", 5, 0),
                ("no_number", 6, 2)
            ]
        );
        let long: String =
            std::iter::once("a,population\n".to_owned()).chain((0..=ROWS).map(|i| format!("g{i},1\n"))).collect();
        assert_eq!(faults(&long), [("too_many_rows", ROWS + 2, 0)]);
        assert_eq!(read(b"a,population\n\xff,1").unwrap_err().0[0].code, "not_utf8");
    }
}
