//! `anxin check`: everything that is wrong with questionnaire files, each with its place, and what their
//! respondents can come to.

use std::{fmt::Write, fs, path::PathBuf, process::ExitCode};

use serde::Serialize;

use super::{Failure, locate::Source, print};
use crate::{
    item::{Answer, Special},
    prove::{Between, Proof, Reached, prove},
    questionnaire::{Fault, Questionnaire},
};

/// What stands below the options in `--help`.
const MORE: &str = "\
Answers are finite, so all of them are looked at: every item must be reached by somebody, every condition must hold
for some and not for others, every rate and crosstab must have somebody to count. Then the longest way and the
median are told, where each answer is as likely as any other; the minutes rest on assumptions (README).

Faults make the command fail. Warnings do not: they name what may be meant so.

  anxin check q.json
  anxin check --ways q.json";

/// Proves questionnaire files; fails if one of them has a fault.
#[derive(clap::Args)]
#[command(after_long_help = MORE)]
pub(super) struct Check {
    /// Questionnaire files
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Print JSON, for programs
    #[arg(long)]
    json: bool,

    /// Tell the shortest list of answers that leads to each item
    #[arg(long)]
    ways: bool,
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
    proof: Proof,
}

impl Check {
    /// Checks all files and prints what was found.
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let reports: Vec<Report> = self.files.iter().map(report).collect();
        if self.json {
            print(&format!("{:#}\n", serde_json::to_value(&reports)?))?;
        } else {
            print(&reports.iter().map(|report| report.told(self.ways)).collect::<String>())?;
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
            let mut proof = prove(&questionnaire);
            report.faults = std::mem::take(&mut proof.faults);
            report.warnings = std::mem::take(&mut proof.warnings);
            report.good = report.faults.is_empty().then_some(Good {
                items: questionnaire.items.len(),
                cells: questionnaire.layout.len(),
                id: questionnaire.definition.id,
                version: questionnaire.definition.version,
                hash: questionnaire.hash,
                proof,
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

impl Report {
    /// A line a fault and a warning; a few lines a good file.
    fn told(&self, ways: bool) -> String {
        let mut told = String::new();
        for fault in &self.faults {
            let _ = writeln!(told, "{}:{fault}", self.file);
        }
        for warning in &self.warnings {
            let _ = writeln!(told, "{}:{warning} (a warning)", self.file);
        }
        if let Some(Good { id, version, items, cells, hash, proof }) = &self.good {
            let _ = writeln!(told, "{}: good: {id} {version}, {items} items, {cells} cells, {hash}", self.file);
            told += &proved(proof);
            if ways {
                proof.ways.iter().for_each(|reached| told += &way(reached));
            }
        }
        told
    }
}

/// How long it takes, and what a report weighs.
fn proved(proof: &Proof) -> String {
    let minutes = |seconds: u32| format!("{:.1}", f64::from(seconds) / 60.0);
    let figures = [
        ("the longest way", proof.items.longest, proof.seconds.longest),
        ("the median way", proof.items.median, proof.seconds.median),
    ];
    let mut told = String::new();
    for (what, items, seconds) in figures {
        let (items, minutes) = (between(items, |it| it.to_string()), between(seconds, minutes));
        let _ = writeln!(told, "  {what}: {items} items, {minutes} minutes");
    }
    let _ = writeln!(told, "  a report: {} bytes", proof.report_bytes);
    told
}

fn between(figure: Between, told: impl Fn(u32) -> String) -> String {
    let (least, most) = (told(figure.least), told(figure.most));
    if least == most { least } else { format!("{least} to {most}") }
}

/// The shortest list of answers that leads to an item, in a line.
fn way(reached: &Reached) -> String {
    let mut steps: Vec<String> = reached.drawn.iter().map(|item| format!("{item} drawn")).collect();
    steps.extend(reached.not_drawn.iter().map(|item| format!("{item} not drawn")));
    for given in &reached.answers {
        let answer = match &given.answer {
            None => "no answer".into(),
            Some(Answer::Options(options)) => options.join(" + "),
            Some(Answer::Number(number)) => number.to_string(),
            Some(Answer::Special(Special::DontKnow)) => "don't know".into(),
            Some(Answer::Special(Special::Refused)) => "refused".into(),
        };
        steps.push(format!("{} = {answer}", given.item));
    }
    let steps = if steps.is_empty() { "everybody".into() } else { steps.join(", ") };
    format!("  {}: {steps}\n", reached.item)
}
