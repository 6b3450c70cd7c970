//! Counts the records of an `.xls` workbook (MS-XLS) before anything is made of them: a few bytes can name
//! a far corner, or one long text a thousand times.

use std::collections::HashMap;

use crate::xlsform::{
    fault::{Faults, Place},
    limit,
};

/// Cells of all sheets' rectangles together.
const AREA: u64 = 2_000_000;
/// Bytes of text that all cells together can come to.
const TEXT: u64 = 128 << 20;
/// Bytes that one text can have: 65,535 characters of three bytes.
const LONGEST: u64 = 3 * 65_535;

/// What was counted.
#[derive(Default)]
struct Scan {
    /// Sheets by the offset at which they begin.
    sheets: HashMap<usize, String>,
    begun: usize,
    sheet: String,
    depth: usize,
    /// The largest row and column of the sheet.
    corner: (u64, u64),
    area: u64,
    /// How often each shared text is used, and how many bytes they all take.
    uses: HashMap<[u8; 4], u64>,
    shared: u64,
    in_shared: bool,
    faults: Faults,
}

/// Refuses a workbook that would take too much memory, has a password or formulas.
pub(super) fn scan(stream: &[u8]) -> Result<(), Faults> {
    let mut scan = Scan::default();
    let mut at = 0;
    while let Some(header) = stream.get(at..at + 4) {
        let length = usize::from(word(header, 2));
        let Some(data) = stream.get(at + 4..at + 4 + length) else { break };
        scan.record(word(header, 0), data, at)?;
        at += 4 + length;
    }
    scan.end_sheet();
    if scan.begun < scan.sheets.len() {
        return Err(Faults::one("damaged", "is a damaged workbook: a sheet is not where it should be"));
    }
    let mut uses: Vec<u64> = scan.uses.into_values().collect();
    uses.sort_unstable_by_key(|uses| std::cmp::Reverse(*uses));
    // At the worst the texts that are used most are the longest.
    let longest = LONGEST.min(2 * scan.shared).max(1);
    let most = uses.iter().take((2 * scan.shared).div_ceil(longest) as usize).sum::<u64>() * longest;
    if scan.area > AREA || most > TEXT {
        let message = "repeats so much that it may not fit into memory; save it as .xlsx";
        return Err(Faults::one("too_large", message));
    }
    if scan.faults.0.is_empty() { Ok(()) } else { Err(scan.faults) }
}

fn word(data: &[u8], at: usize) -> u16 {
    data.get(at..at + 2).map_or(0, |bytes| u16::from_le_bytes([bytes[0], bytes[1]]))
}

impl Scan {
    fn record(&mut self, kind: u16, data: &[u8], at: usize) -> Result<(), Faults> {
        // CONTINUE belongs to the record before it.
        self.in_shared = kind == 0x00fc || (self.in_shared && kind == 0x003c);
        self.shared += if self.in_shared { data.len() as u64 } else { 0 };
        match kind {
            // FILEPASS
            0x002f => return Err(Faults::one("password", super::PASSWORD)),
            // BOUNDSHEET8
            0x0085 => self.bound_sheet(data),
            // BOF, EOF
            0x0809 => self.begin(at),
            0x000a => self.depth = self.depth.saturating_sub(1),
            // DIMENSIONS, by which room is reserved
            0x0200 if self.depth == 1 => {
                let long = |at| u64::from(word(data, at)) | u64::from(word(data, at + 2)) << 16;
                let (rows, columns) = (long(4).saturating_sub(long(0)), word(data, 10).saturating_sub(word(data, 8)));
                if long(4) < long(0) || word(data, 10) < word(data, 8) || rows * u64::from(columns) > AREA {
                    return Err(Faults::one("too_large", "says that it has millions of cells; save it as .xlsx"));
                }
            }
            // NUMBER, LABEL, RSTRING, BOOLERR, RK, LABELSST, MULRK, FORMULA
            0x0203 | 0x0204 | 0x00d6 | 0x0205 | 0x027e | 0x00fd | 0x00bd | 0x0006 if self.depth == 1 => {
                self.cell(kind, data);
            }
            _ => {}
        }
        Ok(())
    }

    fn bound_sheet(&mut self, data: &[u8]) {
        let offset = usize::from(word(data, 0)) | usize::from(word(data, 2)) << 16;
        let (length, wide) =
            (usize::from(data.get(6).copied().unwrap_or(0)), data.get(7).is_some_and(|flags| flags & 1 != 0));
        let rest = data.get(8..).unwrap_or_default();
        let units: Vec<u16> = if wide {
            rest.chunks_exact(2).take(length).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect()
        } else {
            rest.iter().take(length).map(|byte| u16::from(*byte)).collect()
        };
        // Two sheets in one place would be read twice; the count then tells.
        let name = String::from_utf16_lossy(&units);
        if self.sheets.insert(offset, name).is_some() {
            self.sheets.insert(usize::MAX, String::new());
        }
    }

    fn begin(&mut self, at: usize) {
        self.depth += 1;
        if let Some(name) = self.sheets.get(&at).filter(|_| self.depth == 1) {
            self.sheet.clone_from(name);
            self.begun += 1;
            self.end_sheet();
        }
    }

    fn end_sheet(&mut self) {
        self.area = self.area.saturating_add(self.corner.0 * self.corner.1);
        self.corner = (0, 0);
    }

    fn cell(&mut self, kind: u16, data: &[u8]) {
        let row = usize::from(word(data, 0));
        // MULRK ends with its last column.
        let column = usize::from(word(data, if kind == 0x00bd { data.len().saturating_sub(2) } else { 2 }));
        self.corner = (self.corner.0.max(row as u64 + 1), self.corner.1.max(column as u64 + 1));
        if kind == 0x00fd {
            let index = data.get(6..10).and_then(|bytes| bytes.try_into().ok()).unwrap_or_default();
            *self.uses.entry(index).or_default() += 1;
        }
        let ours = super::super::SHEETS.iter().any(|name| self.sheet.trim().eq_ignore_ascii_case(name));
        if kind == 0x0006 && ours && self.faults.0.len() < limit::FAULTS {
            let place = Place { sheet: self.sheet.clone(), row: row + 1, column: column + 1, heading: String::new() };
            let message = "holds a formula, which is not read from an .xls file; write the value, or save it as .xlsx";
            self.faults.add("formula_in_xls", place, message);
        }
    }
}
