//! `anxin check`: everything that is wrong with questionnaires, in JSON or as a form, each with its place, and what
//! their respondents can come to.

use std::{
    fmt::{self, Write},
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use serde::Serialize;

use super::{
    Failure,
    convert::{built, extension},
    form::Good,
    locate::Source,
    print,
};
use crate::{
    item::{Answer, Special},
    prove::{Between, Points, Proof, Reached, prove, stretches},
    questionnaire::{Fault, Questionnaire},
    xlsform::{self, Built},
};

/// What stands below the options in `--help`.
const MORE: &str = "\
Answers are finite, so all of them are looked at: every item must be reached by somebody, every condition must hold
for some and not for others, every rate and crosstab must have somebody to count. Then the longest way and the
median are told, where each answer is as likely as any other; the minutes rest on assumptions (README). Of a quiz
every score is told that somebody comes to.

A form (.xlsx, .xls, .csv, .md) is converted first, as by anxin convert; what is wrong with it is told by sheet, row
and column. What is proved of it is told by its place in the questionnaire that would be written.

Faults make the command fail. Warnings do not: they name what may be meant so.

  anxin check q.json
  anxin check --ways q.json
  anxin check form.xlsx";

/// Proves questionnaire files; fails if one of them has a fault.
#[derive(clap::Args)]
#[command(after_long_help = MORE)]
pub(super) struct Check {
    /// Questionnaire files, or forms in XLSForm
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
    good: Option<Proved>,
    faults: Vec<Found>,
    warnings: Vec<Found>,
}

/// One thing that was found.
#[derive(Serialize)]
#[serde(untagged)]
enum Found {
    /// In a questionnaire.
    Field(Fault),
    /// In a form.
    Cell(xlsform::Fault),
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(fault) => write!(f, "{fault}"),
            Self::Cell(fault) => write!(f, " {fault}"),
        }
    }
}

/// What a file without faults holds, and what is proved of it.
#[derive(Serialize)]
struct Proved {
    #[serde(flatten)]
    good: Good,
    proof: Proof,
}

impl Check {
    /// Checks all files and prints what was found.
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let reports: Vec<Report> = self.files.iter().map(|file| report(file)).collect();
        if self.json {
            print(&format!("{:#}\n", serde_json::to_value(&reports)?))?;
        } else {
            print(&reports.iter().map(|report| report.told(self.ways)).collect::<String>())?;
        }
        let good = reports.iter().all(|report| report.faults.is_empty());
        Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

/// What is found in a file.
fn report(path: &Path) -> Report {
    let file = path.display().to_string();
    let found = match extension(path).as_str() {
        "xlsx" | "xls" | "csv" | "md" => in_form(path),
        _ => in_json(path),
    };
    let (good, faults, warnings) = found.unwrap_or_else(|unread| (None, vec![Found::Field(unread)], Vec::new()));
    let good = good.filter(|_| faults.is_empty());
    Report { file, good, faults, warnings }
}

type Findings = (Option<Proved>, Vec<Found>, Vec<Found>);

fn in_form(path: &Path) -> Result<Findings, Fault> {
    let cells = |faults: xlsform::Faults| faults.0.into_iter().map(Found::Cell);
    match built(path).map_err(|error| unreadable(&error.kind()))? {
        Err(faults) => Ok((None, cells(faults).collect(), Vec::new())),
        Ok(Built { questionnaire, warnings, .. }) => {
            let (good, faults, proved) = proof(&questionnaire);
            let fields = |faults: Vec<Fault>| faults.into_iter().map(Found::Field);
            Ok((Some(good), fields(faults).collect(), cells(warnings).chain(fields(proved)).collect()))
        }
    }
}

fn in_json(path: &Path) -> Result<Findings, Fault> {
    let bytes = fs::read(path).map_err(|error| unreadable(&error))?;
    let (good, faults, warnings) = match Questionnaire::parse(&bytes) {
        Err(faults) => (None, faults.0, Vec::new()),
        Ok(questionnaire) => {
            let (good, faults, warnings) = proof(&questionnaire);
            (Some(good), faults, warnings)
        }
    };
    let text = String::from_utf8_lossy(&bytes);
    let source = Source::new(&text);
    let placed = |mut found: Vec<Fault>| {
        for fault in found.iter_mut().filter(|fault| fault.line.is_none()) {
            let (line, column) = source.place(&fault.at);
            (fault.line, fault.column) = (Some(line), Some(column));
        }
        found.sort_by_key(|fault| (fault.line, fault.column));
        found.into_iter().map(Found::Field).collect()
    };
    Ok((good, placed(faults), placed(warnings)))
}

/// What is proved of a questionnaire; its faults and warnings.
fn proof(questionnaire: &Questionnaire) -> (Proved, Vec<Fault>, Vec<Fault>) {
    let mut proof = prove(questionnaire);
    let (faults, warnings) = (std::mem::take(&mut proof.faults), std::mem::take(&mut proof.warnings));
    (Proved { good: Good::of(questionnaire), proof }, faults, warnings)
}

fn unreadable(why: &dyn fmt::Display) -> Fault {
    let message = format!("cannot be read: {why}");
    Fault { code: "unreadable", at: String::new(), message, line: None, column: None }
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
        if let Some(Proved { good: Good { id, version, items, cells, hash }, proof }) = &self.good {
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
    told.extend(proof.points.as_ref().map(score));
    let _ = writeln!(told, "  a report: {} bytes", proof.report_bytes);
    told
}

/// The scores that somebody comes to, in a line.
fn score(points: &Points) -> String {
    let others = if points.exact { "" } else { "; of others nothing is proved" };
    format!("  the score: {} of {}{others}\n", stretches(&points.scores), points.max)
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
