//! Bad forms: what is told, and of which cell.

use std::{fmt::Write, fs};

use crate::workbench::survey;

/// Set, the file with what is expected is written anew; read the difference before it is kept.
const BLESS: &str = "ANXIN_BLESS";

#[test]
fn every_fault_is_told_with_its_cell() {
    let golden = "tests/convert/bad.txt";
    let want = fs::read_to_string(golden).unwrap();
    let mut got = String::new();
    for (i, case) in want.split("## ").enumerate() {
        if i == 0 {
            got.push_str(case);
            continue;
        }
        let rows: Vec<&str> = case.lines().skip(1).filter(|line| line.starts_with('|')).collect();
        let told = survey(&rows.join("\n")).err().map(|faults| faults.to_string()).unwrap_or_else(|| "good".into());
        let _ = writeln!(got, "## {}\n{}", case.lines().next().unwrap(), rows.join("\n"));
        told.lines().for_each(|line| writeln!(got, "> {line}").unwrap());
        got.push('\n');
    }
    if std::env::var_os(BLESS).is_some() {
        fs::write(golden, &got).unwrap();
    }
    for (got, want) in got.lines().zip(want.lines()) {
        assert_eq!(got, want, "if this is meant: {BLESS}=1 cargo test --test convert bad");
    }
    assert_eq!(got.lines().count(), want.lines().count());
}
