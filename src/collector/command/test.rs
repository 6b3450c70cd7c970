//! `anxin test`: questionnaires held to the tests that their authors wrote.

use std::{
    fmt::Write,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use serde::Serialize;

use super::{Failure, convert::read, form, import::number, print};
use crate::form_test::{FILE_BYTES, FormTest, Outcome};

/// What stands below the options in `--help`.
const MORE: &str = "\
A file of tests names its questionnaire and gives cases, each a respondent:

  { \"questionnaire\": \"q.json\",
    \"cases\": [ {
      \"name\": \"who feels unsafe is asked why\",
      \"answers\": { \"overall\": \"unsafe\", \"why\": [\"dark\"], \"age\": 40, \"sex\": \"refused\", \"note\": null },
      \"expect\": { \"visible\": [\"overall\", \"why\", \"age\", \"sex\", \"note\"], \"indicators\": { \"safe\": false },
                  \"cells\": { \"item sex\": \"refused\", \"options of why\": [\"dark\"] } } } ] }

A case may also have: seed, mode (self_completed, read_aloud), day, and others (first, dont_know, refused, right or
wrong: what is answered to items that are not named). It may expect: visible, not_visible, score (n, or points and
max), ended, indicators (true, false, or null for no opinion), cells (by the names that `anxin simulate` prints) and
refused (not_yet, expired, required, out_of_range, wrong_answer).";

/// Holds questionnaires to their tests; fails if something is not as expected.
#[derive(clap::Args)]
#[command(after_long_help = MORE)]
pub(super) struct Test {
    /// Files of tests
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Print JSON, for programs
    #[arg(long)]
    json: bool,
}

/// What came of a file.
#[derive(Serialize)]
struct Report {
    file: String,
    /// What kept it from being run, a line each.
    faults: String,
    cases: Vec<Outcome>,
}

impl Test {
    /// Runs all files and prints what was not as expected.
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let reports: Vec<Report> = self.files.iter().map(|file| report(file)).collect();
        if self.json {
            print(&format!("{:#}\n", serde_json::to_value(&reports)?))?;
        } else {
            print(&reports.iter().map(Report::told).collect::<String>())?;
        }
        Ok(if reports.iter().all(Report::good) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

fn report(path: &Path) -> Report {
    let file = path.display().to_string();
    let (faults, cases) = match outcomes(path) {
        Ok(Ok(cases)) => (String::new(), cases),
        Ok(Err(faults)) => (faults, Vec::new()),
        Err(error) => (format!("{file}: {error}\n"), Vec::new()),
    };
    Report { file, faults, cases }
}

/// What came of the cases, or what is wrong with the questionnaire.
fn outcomes(path: &Path) -> Result<Result<Vec<Outcome>, String>, Failure> {
    let bytes = read(path, FILE_BYTES).map_err(|error| format!("cannot be read: {}", error.kind()))?;
    let test = FormTest::parse(&bytes)?;
    let questionnaire = form::questionnaire(&path.with_file_name(&test.questionnaire))?;
    Ok(questionnaire.map(|(_, questionnaire)| test.run(&Arc::new(questionnaire))))
}

impl Report {
    fn good(&self) -> bool {
        self.faults.is_empty() && self.cases.iter().all(|case| case.failed.is_empty())
    }

    /// A line for whatever is not as expected, and one for the file.
    fn told(&self) -> String {
        let mut told = self.faults.clone();
        for case in &self.cases {
            for failed in &case.failed {
                let _ = writeln!(told, "{}: case “{}”: {failed}", self.file, case.name);
            }
        }
        let (all, bad) = (self.cases.len(), self.cases.iter().filter(|case| !case.failed.is_empty()).count());
        if bad > 0 {
            let _ = writeln!(told, "{}: {bad} of {} not as expected", self.file, number(all as u64, "case", "cases"));
        } else if self.good() {
            let _ = writeln!(told, "{}: good: {}", self.file, number(all as u64, "case", "cases"));
        }
        told
    }
}
