//! `anxin check`: everything that is wrong with questionnaire files, each with its place.

use std::{fmt::Write, fs, path::PathBuf, process::ExitCode};

use serde::Serialize;
use serde_json::Value;

use super::{Failure, locate::Source, print};
use crate::questionnaire::{Fault, Questionnaire};

/// Checks questionnaire files; fails if one of them has a fault.
#[derive(clap::Args)]
pub(super) struct Check {
    /// Questionnaire files
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Print JSON, for programs
    #[arg(long)]
    json: bool,
}

/// What was found in a file.
#[derive(Serialize)]
struct Report {
    file: String,
    #[serde(flatten)]
    good: Option<Good>,
    faults: Vec<Fault>,
    warnings: Vec<Fault>,
}

/// What a file without faults holds.
#[derive(Serialize)]
struct Good {
    id: String,
    version: String,
    items: usize,
    cells: usize,
    hash: String,
}

impl Check {
    /// Checks all files and prints what was found.
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let reports: Vec<Report> = self.files.iter().map(report).collect();
        if self.json {
            print(&format!("{:#}\n", serde_json::to_value(&reports)?))?;
        } else {
            print(&reports.iter().map(Report::told).collect::<String>())?;
        }
        let good = reports.iter().all(|report| report.faults.is_empty());
        Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

fn report(path: &PathBuf) -> Report {
    let mut report = Report { file: path.display().to_string(), good: None, faults: Vec::new(), warnings: Vec::new() };
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            report.faults.push(fault("unreadable", "", format!("cannot be read: {error}")));
            return report;
        }
    };
    match Questionnaire::parse(&bytes) {
        Ok(questionnaire) => {
            report.warnings = untranslated(&bytes, &questionnaire.definition.languages);
            report.good = Some(Good {
                items: questionnaire.items.len(),
                cells: questionnaire.layout.len(),
                id: questionnaire.definition.id,
                version: questionnaire.definition.version,
                hash: questionnaire.hash,
            });
        }
        Err(faults) => report.faults = faults.0,
    }
    let text = String::from_utf8_lossy(&bytes);
    let source = Source::new(&text);
    for found in [&mut report.faults, &mut report.warnings] {
        for fault in found.iter_mut().filter(|fault| fault.line.is_none()) {
            let (line, column) = source.place(&fault.at);
            (fault.line, fault.column) = (Some(line), Some(column));
        }
        found.sort_by_key(|fault| (fault.line, fault.column));
    }
    report
}

fn fault(code: &'static str, at: &str, message: String) -> Fault {
    Fault { code, at: at.to_owned(), message, line: None, column: None }
}

/// Texts that are missing in a language that the file says it has: the page shows the default one.
fn untranslated(bytes: &[u8], languages: &[String]) -> Vec<Fault> {
    let mut missing = Vec::new();
    if let Ok(value) = serde_json::from_slice(bytes) {
        visit(&value, String::new(), languages, &mut missing);
    }
    missing
}

fn visit(value: &Value, at: String, languages: &[String], missing: &mut Vec<Fault>) {
    match value {
        // Known by its keys: no other object of the format has nothing but languages.
        Value::Object(text) if text.contains_key(&languages[0]) && text.keys().all(|key| languages.contains(key)) => {
            let lacks =
                |language: &&String| text.get(*language).is_none_or(|words| words.as_str().is_none_or(str::is_empty));
            for language in languages.iter().filter(lacks) {
                missing.push(fault("untranslated", &at, format!("the text is missing in {language}")));
            }
        }
        Value::Object(fields) => fields.iter().for_each(|(key, value)| {
            let key = key.replace('~', "~0").replace('/', "~1");
            visit(value, format!("{at}/{key}"), languages, missing);
        }),
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(i, value)| visit(value, format!("{at}/{i}"), languages, missing));
        }
        _ => {}
    }
}

impl Report {
    /// A line a fault, a warning, or a good file.
    fn told(&self) -> String {
        let mut told = String::new();
        for fault in &self.faults {
            let _ = writeln!(told, "{}:{fault}", self.file);
        }
        for warning in &self.warnings {
            let _ = writeln!(told, "{}:{warning} (a warning)", self.file);
        }
        if let Some(Good { id, version, items, cells, hash }) = &self.good {
            let _ = writeln!(told, "{}: good: {id} {version}, {items} items, {cells} cells, {hash}", self.file);
        }
        told
    }
}
