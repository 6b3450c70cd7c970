//! SPSS syntax that reads the CSV of the same name, with labels for its variables and values. PSPP reads it too.

use std::{collections::BTreeMap, fmt::Write};

use super::{
    Export,
    csv::{MARK, harmless},
    figures::{COLUMNS, areas, periods, total},
    table::{Cell, Kind, NAMES, in_language},
    words,
};

/// So many bytes a label of a value may have; that of a variable, twice as many.
const LABEL: usize = 120;

/// The file.
pub(super) fn write(export: &Export) -> Vec<u8> {
    let (language, stem) = (export.language, &export.stem);
    let title = words(&export.results.title, language);
    let hint = in_language(
        language,
        "将本文件与数据文件放在同一文件夹，并先用 CD 命令进入该文件夹",
        "Keep this file beside the data, and make their folder the current one first (CD)",
    );
    let mut out = format!("{MARK}* Encoding: UTF-8.\n* {}.\n* {hint}.\n\n", title.replace(['.', '\''], " "));
    out.push_str("SET DECIMAL=DOT.\nGET DATA\n  /TYPE=TXT\n");
    let _ = writeln!(out, "  /FILE='{stem}.csv'\n  /ENCODING='UTF8'\n  /ARRANGEMENT=DELIMITED\n  /DELCASE=LINE");
    out.push_str("  /FIRSTCASE=2\n  /DELIMITERS=','\n  /QUALIFIER='\"'\n  /VARIABLES=\n");
    for (column, width) in COLUMNS.iter().zip(widths(export)) {
        let format = match column.kind {
            Kind::Text | Kind::Name => format!("A{}", width.max(1)),
            Kind::Count => "F12.0".to_owned(),
            Kind::Share => "F24.16".to_owned(),
        };
        let _ = writeln!(out, "    {} {format}", column.id);
    }
    out.push_str("  .\n\nVARIABLE LABELS\n");
    for column in &COLUMNS {
        let _ = writeln!(out, "  {} {}", column.id, quoted(column.heading(language), 2 * LABEL));
    }
    out.push_str("  .\n");
    for variable in ["table", "base", "defined_on", "flag", "band"] {
        let of = if variable == "defined_on" { "base" } else { variable };
        let names = NAMES.iter().filter(|(column, ..)| *column == of);
        let labels = names.map(|(_, name, zh, en)| ((*name).to_owned(), in_language(language, zh, en).to_owned()));
        value_labels(&mut out, variable, labels);
    }
    let indicators = export.results.indicators.iter();
    value_labels(&mut out, "indicator", indicators.map(|it| (it.id.clone(), words(&it.title, language))));
    let named = export.results.areas.iter().filter_map(|it| Some((it, it.name.as_ref()?)));
    value_labels(&mut out, "area", named.map(|(it, name)| (it.code.as_str().to_owned(), words(name, language))));
    out.push_str(
        "\nFORMATS rate low high exact_low exact_high confidence bound target (F8.4).\n\
         VARIABLE LEVEL rate low high exact_low exact_high bound target (SCALE).\n",
    );
    out.push_str("EXECUTE.\n");
    out.into_bytes()
}

/// So many bytes the longest cell of each column has.
fn widths(export: &Export) -> Vec<usize> {
    let mut widths = vec![0; COLUMNS.len()];
    for row in total(export).chain(areas(export)).chain(periods(export)) {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(match cell {
                Cell::Text(text) => harmless(text).len(),
                Cell::Name(name) => name.len(),
                Cell::Empty | Cell::Count(_) | Cell::Share(_) => 0,
            });
        }
    }
    // A name's labels are longer than what stands in the data, and may be of others than do.
    let names = |column: &str| NAMES.iter().filter(move |(it, ..)| *it == column).map(|(_, name, ..)| name.len()).max();
    for (width, column) in widths.iter_mut().zip(&COLUMNS) {
        let of = if column.id == "defined_on" { "base" } else { column.id };
        *width = (*width).max(names(of).unwrap_or_default());
    }
    widths
}

fn value_labels(out: &mut String, variable: &str, labels: impl Iterator<Item = (String, String)>) {
    // A value that stands twice would be an error.
    let labels: BTreeMap<String, String> = labels.collect();
    if labels.is_empty() {
        return;
    }
    let _ = writeln!(out, "VALUE LABELS {variable}");
    for (value, label) in labels {
        let _ = writeln!(out, "  {} {}", quoted(&value, usize::MAX), quoted(&label, LABEL));
    }
    out.push_str("  .\n");
}

/// A text in quotes, cut to so many bytes.
fn quoted(text: &str, most: usize) -> String {
    let cut = text.floor_char_boundary(most.min(text.len()));
    format!("'{}'", text[..cut].replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_label_ends_before_its_quote() {
        assert_eq!(quoted("It's 安全", 100), "'It''s 安全'");
        assert_eq!(quoted("安全感", 7), "'安全'");
        assert_eq!(quoted("''", 1), "''''");
    }
}
