//! `anxin convert`: a spreadsheet to a questionnaire, and back.

use std::{
    fmt::Write,
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
    process::ExitCode,
};

use serde::Serialize;

use super::{Failure, form::Good, print};
use crate::{
    questionnaire::limit,
    xlsform::{self, Built, Faults, Workbook},
};

/// What stands below the options in `--help`.
const MORE: &str = "\
The kind of each file is told by its name: .xlsx, .xls, .csv and .md (Markdown tables) are forms, .json is a
questionnaire.

A form has the sheets survey, choices and settings of XLSForm (https://xlsform.org). In .csv and .md they stand
below each other, and the first column names the sheet. What XLSForm has no word for stands in columns whose
names begin with anxin::, for example anxin::special (dont_know, refused) or anxin::key; the README lists them.

Everything that is wrong is told at once, each with sheet, row and column, and then nothing is written. What is
left out without changing what is asked or counted is told as a warning.

  anxin convert form.xlsx -o q.json
  anxin convert q.json -o form.xlsx";

/// Makes a questionnaire of a form, or a form of a questionnaire.
#[derive(clap::Args)]
#[command(after_long_help = MORE)]
pub(super) struct Convert {
    /// The form or questionnaire to read
    #[arg(value_name = "FILE")]
    input: PathBuf,

    /// The file to write: .json from a form; .xlsx, .csv or .md from a questionnaire
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,

    /// Print JSON, for programs: each fault and warning with sheet, row, column and code
    #[arg(long)]
    json: bool,
}

/// What came of a form.
#[derive(Serialize)]
struct Report {
    file: String,
    #[serde(flatten)]
    good: Option<Good>,
    faults: Faults,
    warnings: Faults,
}

impl Convert {
    /// Converts, and tells what came of it.
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let (from, to) = (extension(&self.input), extension(&self.output));
        match (from.as_str(), to.as_str()) {
            ("json", "xlsx" | "csv" | "md") => self.express(&to),
            ("json", _) => Err("from a .json file becomes an .xlsx, .csv or .md file".into()),
            (_, "json") => self.build(),
            _ => Err("a form becomes a .json file; from there, any other kind of form".into()),
        }
    }

    fn build(&self) -> Result<ExitCode, Failure> {
        let file = self.input.display().to_string();
        let report = match built(&self.input)? {
            Ok(Built { json, questionnaire, warnings }) => {
                std::fs::write(&self.output, &json)?;
                Report { file, good: Some(Good::of(&questionnaire)), faults: Faults::default(), warnings }
            }
            Err(faults) => Report { file, good: None, faults, warnings: Faults::default() },
        };
        if self.json {
            print(&format!("{:#}\n", serde_json::to_value(&report)?))?;
        } else {
            print(&report.told(&self.output))?;
        }
        Ok(if report.good.is_some() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    fn express(&self, to: &str) -> Result<ExitCode, Failure> {
        if self.json {
            return Err("--json tells of a form; a questionnaire's faults are told by anxin check --json".into());
        }
        let bytes = read(&self.input, limit::FILE_BYTES)?;
        let form: Workbook = xlsform::express(&bytes).map_err(|error| format!("{}: {error}", self.input.display()))?;
        let written = match to {
            "csv" => xlsform::csv(&form).into_bytes(),
            "md" => {
                let lines = xlsform::markdown(&form);
                lines
                    .ok_or("a text has several lines, which a Markdown table does not keep: write .xlsx or .csv")?
                    .into_bytes()
            }
            _ => xlsform::xlsx(&form)?,
        };
        std::fs::write(&self.output, written)?;
        Ok(ExitCode::SUCCESS)
    }
}

impl Report {
    /// A line a fault, a warning and a good questionnaire.
    fn told(&self, output: &Path) -> String {
        let mut told = String::new();
        for fault in &self.faults.0 {
            let _ = writeln!(told, "{}: {fault}", self.file);
        }
        for warning in &self.warnings.0 {
            let _ = writeln!(told, "{}: {warning} (a warning)", self.file);
        }
        if let Some(Good { id, version, items, cells, hash }) = &self.good {
            let _ = writeln!(told, "{}: good: {id} {version}, {items} items, {cells} cells, {hash}", output.display());
        }
        told
    }
}

/// A form as a questionnaire, or its faults.
pub(super) fn built(path: &Path) -> io::Result<Result<Built, Faults>> {
    let bytes = read(path, xlsform::limit::FILE_BYTES)?;
    let beside = |file: &str| read(&path.with_file_name(file), xlsform::limit::FILE_BYTES);
    let form = xlsform::workbook(&path.display().to_string(), &bytes);
    Ok(form.and_then(|form| xlsform::build(&form, &beside)))
}

/// The ending of a file's name, in small letters.
pub(super) fn extension(path: &Path) -> String {
    path.extension().map(|it| it.to_string_lossy().to_ascii_lowercase()).unwrap_or_default()
}

/// Reads a file up to one byte beyond the limit, by which who is too large is known.
pub(super) fn read(path: &Path, limit: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let told = |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", path.display()));
    File::open(path).map_err(told)?.take(limit as u64 + 1).read_to_end(&mut bytes).map_err(told)?;
    Ok(bytes)
}
