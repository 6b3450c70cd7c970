//! Files that are no forms, or would take more memory than a form may.

use std::{
    fs,
    io::{Cursor, Write},
};

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg32;
use rust_xlsxwriter::{Format, Formula, Workbook};
use zip::{ZipWriter, write::SimpleFileOptions};

use crate::workbench::{CHOICES, SETTINGS, convert};

/// The one line that is told of a file.
#[track_caller]
fn told(name: &str, bytes: &[u8], want: &str) {
    match convert(name, bytes) {
        Err(faults) => assert_eq!(faults.to_string(), want, "{name}"),
        Ok(built) => panic!("{name} is good: {}", built.json),
    }
}

/// A workbook with one sheet, `survey`.
fn xlsx(fill: impl FnOnce(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("survey").unwrap();
    for (column, heading) in ["type", "name", "label"].into_iter().enumerate() {
        sheet.write_string(0, column as u16, heading).unwrap();
    }
    fill(sheet);
    book.save_to_buffer().unwrap()
}

pub(crate) fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn file(name: &str) -> Vec<u8> {
    fs::read(format!("tests/convert/forms/{name}")).unwrap()
}

#[test]
fn what_is_no_spreadsheet() {
    told("form.xlsx", b"hello", "is no spreadsheet: it begins as none does [no_spreadsheet]");
    told("form.xls", b"", "is no spreadsheet: it begins as none does [no_spreadsheet]");
    told("form.docx", b"hello", "is of an unknown kind; take .xlsx, .xls, .csv or .md [unknown_kind]");
    let want = "is an archive, but no Excel workbook (.xlsx): it has no part xl/workbook.xml [no_spreadsheet]";
    told("form.xlsx", &archive(&[("word/document.xml", b"<w/>")]), want);
    let mut container = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    container.create_stream("/WordDocument").unwrap().write_all(b"hello").unwrap();
    let container = container.into_inner().into_inner();
    told("form.xls", &container, "is an Office document, but no Excel workbook [no_spreadsheet]");
}

#[test]
fn what_is_damaged() {
    for (name, cut) in [("neighbourhood.xlsx", 2), ("neighbourhood.xls", 2), ("neighbourhood.xls", 3)] {
        let bytes = file(name);
        let faults = convert(name, &bytes[..bytes.len() / cut]).unwrap_err();
        assert_eq!(faults.0.len(), 1);
        assert_eq!(faults.0[0].code, "damaged", "{faults}");
    }
    let parts: [(&str, &[u8]); 1] = [("xl/workbook.xml", b"<workbook><sheets><sheet name='survey'")];
    assert_eq!(convert("form.xlsx", &archive(&parts)).unwrap_err().0[0].code, "damaged");
}

/// Room is taken for what a file says that it has.
#[test]
fn what_counts_more_texts_than_it_has() {
    let strings = b"<sst uniqueCount='99999999999999'></sst>";
    let bytes = archive(&[("xl/workbook.xml", b"<workbook/>"), ("xl/sharedStrings.xml", strings)]);
    told("form.xlsx", &bytes, "is a damaged archive: it counts more texts than it has bytes [damaged]");
}

#[test]
fn what_has_a_password() {
    told("password.xlsx", &file("password.xlsx"), "is protected by a password; save it without one [password]");
}

#[test]
fn what_is_not_utf_8() {
    // 问 in GBK, as Excel saves CSV in China.
    let want = "is not UTF-8 in line 2; save it as “CSV UTF-8”, or take .xlsx [not_utf8]";
    told("form.csv", b"survey\n,\xce\xca", want);
}

#[test]
fn what_is_too_large() {
    let want = "is 8388609 bytes or more, the limit is 8388608 [too_large]";
    told("form.xlsx", &vec![0; (8 << 20) + 1], want);
    // A zip bomb: 100 MB of nothing in 100 kB.
    let nothing = vec![b' '; 100 << 20];
    let bomb = archive(&[("xl/workbook.xml", b"<workbook/>"), ("xl/worksheets/sheet1.xml", &nothing)]);
    assert!(bomb.len() < 200_000);
    told("bomb.xlsx", &bomb, "unpacks to more than 32 MiB [too_large]");
}

#[test]
fn a_hundred_thousand_rows() {
    let bytes = xlsx(|sheet| {
        for row in 1..100_000 {
            sheet.write_string(row, 0, "note").unwrap();
        }
    });
    let want = "sheet survey, row 20001: this row is not empty; a sheet has 20000 rows at most [too_many_rows]";
    told("form.xlsx", &bytes, want);
    let csv = format!("survey\n,type\n{}", ",note\n".repeat(100_000));
    told("form.csv", csv.as_bytes(), want);
}

/// Far corners and repeated texts are small in the file and large in memory.
#[test]
fn what_is_small_in_the_file_alone() {
    let corner = xlsx(|sheet| {
        sheet.write_string(1_048_575, 16_383, "far away").unwrap();
    });
    let want = "sheet survey, row 1048576: this row is not empty; a sheet has 20000 rows at most [too_many_rows]";
    told("form.xlsx", &corner, want);
    let wide = xlsx(|sheet| {
        sheet.write_string(1, 256, "far away").unwrap();
    });
    told(
        "form.xlsx",
        &wide,
        "sheet survey, row 2, column IW: this cell is not empty; the last column is IV [too_many_columns]",
    );
    let often = xlsx(|sheet| {
        let text = "x".repeat(30_000);
        for row in 1..1_000 {
            sheet.write_string(row, 2, &text).unwrap();
        }
    });
    let want =
        "sheet survey, row 561, column C: with this cell the form has more than 16777216 bytes of text [too_much_text]";
    told("form.xlsx", &often, want);
    let long = format!("| survey |\n| | type |\n| | {} |", "x".repeat(40_000));
    told("form.md", long.as_bytes(), "sheet survey, row 3, column B: is longer than 32767 characters [cell_too_long]");
    told("corner.xls", &file("corner.xls"), "says that it has millions of cells; save it as .xlsx [too_large]");
}

/// All of them at once, each with its cell.
#[test]
fn formulas_errors_and_merged_cells() {
    told(
        "bad_cells.xlsx",
        &file("bad_cells.xlsx"),
        "sheet survey, row 2, column C: holds a formula that was never computed; open the form in a spreadsheet \
         program and save it, or write the value [formula_without_value]\n\
         sheet survey, row 2, column D: shows the error #REF! [cell_error]\n\
         sheet survey, row 10, column C: the cells C10:E10 are merged; a cell stands alone: unmerge them [merged_cells]\n\
         sheet choices, row 2, column A: the cells A2:A3 are merged; a cell stands alone: unmerge them [merged_cells]\n\
         sheet settings, row 2, column I: holds a time of day; write a day, or a text [cell_error]",
    );
    told(
        "merged.xls",
        &file("merged.xls"),
        "sheet survey, row 3, column A: the cells A3:B4 are merged; a cell stands alone: unmerge them [merged_cells]",
    );
    told(
        "formula.xls",
        &file("formula.xls"),
        "sheet survey, row 3, column C: holds a formula, which is not read from an .xls file; write the value, or save \
         it as .xlsx [formula_in_xls]",
    );
}

/// A formula that was computed is its value.
#[test]
fn a_computed_formula_is_read() {
    let bytes = xlsx(|sheet| {
        sheet.write_string(1, 0, "text").unwrap();
        sheet.write_formula_with_format(1, 1, Formula::new("\"wh\"&\"y\"").set_result("why"), &Format::new()).unwrap();
    });
    let faults = convert("form.xlsx", &bytes).unwrap_err().to_string();
    assert!(faults.contains("row 2, column A (type): `text` cannot be kept"), "{faults}");
    assert!(!faults.contains("formula"), "{faults}");
}

#[test]
fn sheets_that_are_missing() {
    let survey = "| survey |\n| | type | name | label |\n| | select_one yes_no | a | A? |\n";
    told("form.md", format!("{CHOICES}{SETTINGS}").as_bytes(), "there is no sheet `survey` [no_sheet]");
    told("form.md", format!("{survey}{CHOICES}").as_bytes(), "there is no sheet `settings` [no_sheet]");
    let want = "sheet survey, row 3, column B (type): the sheet choices has no list `yes_no` [unknown_list]";
    told("form.md", format!("{survey}{SETTINGS}").as_bytes(), want);
    told("form.md", b"", "there is no sheet `settings` [no_sheet]\nthere is no sheet `survey` [no_sheet]");
    let twice = format!("{survey}{survey}{CHOICES}{SETTINGS}");
    told("form.md", twice.as_bytes(), "sheet survey, row 4: the sheet `survey` begins twice [duplicate_sheet]");
    told("form.csv", b",type,name\n", "line 1 belongs to no sheet: the first column names it [no_sheet]");
}

/// What the page must say before the start has its columns, whether they are there or not.
#[test]
fn settings_that_are_missing() {
    let survey = "| survey |\n| | type | name | label |\n| | note | a | A |\n";
    let settings = "| settings |\n| | form_title | anxin::valid_from | anxin::draw |\n| | Form | soon | 3 |\n";
    let text = "the text is missing in the default language [text_missing]";
    let mut want = String::new();
    for (column, message) in [
        ("anxin::approval_number", text),
        ("anxin::contact", text),
        ("anxin::issued_by", text),
        ("anxin::organiser", text),
        ("anxin::purpose", text),
        ("anxin::retention", text),
        ("anxin::table_number", text),
        ("anxin::valid_until", "`` is no day; a day is written YYYY-MM-DD [bad_day]"),
        (
            "default_language",
            "say in which language the form is written, for example `中文 (zh-CN)` or `English (en)` [no_language]",
        ),
        ("form_id", "``: an id is up to 40 of a–z, 0–9 and _, a letter first [bad_id]"),
    ] {
        want += &format!("sheet settings, row 6, column {column} (not there): {message}\n");
    }
    want += "sheet settings, row 6, column C (anxin::valid_from): `soon` is no day; a day is written YYYY-MM-DD [bad_day]\n\
             sheet settings, row 6, column D (anxin::draw): belongs to a quiz, and a quiz has anxin::feedback: `each` or \
             `end` [no_feedback]";
    told("form.md", format!("{survey}{settings}").as_bytes(), &want);
}

/// Bytes that somebody has changed: refused or read, and told in words whatever the library thinks of them.
#[test]
fn what_was_tampered_with() {
    for name in ["neighbourhood.xlsx", "neighbourhood.xls", "merged.xls", "neighbourhood.csv", "neighbourhood.md"] {
        let good = file(name);
        for seed in 0..200 {
            let (mut rng, mut bytes) = (Pcg32::seed_from_u64(seed), good.clone());
            for _ in 0..=rng.random_range(0..12_u32) {
                let at = rng.random_range(0..bytes.len() as u32) as usize;
                bytes[at] = if rng.random_range(0..3_u32) == 0 { 0xff } else { rng.random_range(0..=255_u32) as u8 };
            }
            if let Err(faults) = convert(name, &bytes) {
                assert!(!faults.0.is_empty(), "{name} {seed}");
            }
        }
    }
}
