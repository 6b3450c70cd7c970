//! `anxin import`: what tablets without a network handed over in files.
//!
//! Each batch, each shift's fieldwork and each report is counted as if it had been posted: by the same checks, in
//! a transaction of its own, once. So a file may be imported twice, beside a collector that runs, and after a
//! power cut in its middle; what is refused of it keeps nothing else from being counted.

use std::{
    fmt::Write,
    fs,
    io::Read,
    path::{Path, PathBuf},
    process::ExitCode,
};

use super::{Failure, dap::Kept, print};
use crate::{
    campaign::Campaign,
    collector::{
        count,
        problem::Problem,
        shared::Shared,
        store::{Added, StoreError},
    },
    outgoing::request,
    parcel::{BadParcel, PARCEL_BYTES, Parcel, Sealed},
    questionnaire::unhex,
};

/// Counts what tablets without a network handed over in files.
#[derive(clap::Args)]
pub(super) struct Import {
    /// Files that tablets made for this collector
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    #[command(flatten)]
    kept: Kept,
}

impl Import {
    /// Imports every file; success if all that is in them is counted, now or before.
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let shared = Shared::new(self.kept.store()?, self.kept.keys()?, String::new(), self.kept.clock());
        let mut all = true;
        for file in &self.files {
            let (told, whole) = match import(&shared, file) {
                Ok(outcome) => (outcome.told(), outcome.refused.is_empty()),
                Err(why) => (format!("  refused: {why}; nothing of it is counted\n"), false),
            };
            all &= whole;
            print(&format!("{}\n{told}", file.display()))?;
        }
        Ok(if all { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

/// What came of a file.
#[derive(Default)]
struct Outcome {
    tablet: String,
    campaign: String,
    now: Counts,
    before: Counts,
    refused: Vec<String>,
}

/// Numbers of what is counted.
#[derive(Default, PartialEq, Eq)]
struct Counts {
    batches: u64,
    respondents: u64,
    shifts: u64,
    doors: u64,
    reports: u64,
}

fn import(shared: &Shared, path: &Path) -> Result<Outcome, Failure> {
    let keys = shared.keys.deposit()?;
    let (parcel, tablet) = Parcel::open(&read(path)?, &keys)?;
    let campaign = shared.campaign(&parcel.campaign);
    let campaign = campaign.map_err(|_| format!("this collector has no campaign {:?}", parcel.campaign))?;
    if parcel.questionnaire != campaign.questionnaire {
        return Err(format!("the tablet has asked another questionnaire than that of {}", campaign.id).into());
    }
    let mut outcome = Outcome { tablet: tablet.to_string(), campaign: campaign.id.clone(), ..Outcome::default() };
    for batch in &parcel.batches {
        let counted = count::batch(shared, &campaign.id, request(batch, &campaign.id).body());
        outcome.note(&format!("batch {} of {} respondents", batch.id.as_str(), batch.n), counted, |counts, batch| {
            counts.batches += 1;
            counts.respondents += batch.n;
        });
    }
    for fieldwork in &parcel.fieldwork {
        let counted = count::fieldwork(shared, &campaign.id, request(fieldwork, &campaign.id).body());
        let name = format!("fieldwork {} of {} doors", fieldwork.id.as_str(), fieldwork.doors.total());
        outcome.note(&name, counted, |counts, fieldwork| {
            counts.shifts += 1;
            counts.doors += fieldwork.doors.total();
        });
    }
    reports(shared, &campaign, &parcel.reports, &mut outcome);
    Ok(outcome)
}

/// Reports that are sealed to the collector's own pair; those for two other bodies only these can open.
fn reports(shared: &Shared, campaign: &Campaign, reports: &[Sealed], outcome: &mut Outcome) {
    if !campaign.aggregators.one_body() && !reports.is_empty() {
        let (count, leader) = (reports.len(), &campaign.aggregators.leader);
        let why =
            format!("{count} reports are sealed to two other bodies: the tablet itself must send them, to {leader}");
        outcome.refused.push(why);
        return;
    }
    for (number, sealed) in reports.iter().enumerate() {
        outcome.note(&format!("report {}", number + 1), report(shared, campaign, sealed), |counts, ()| {
            counts.reports += 1;
        });
    }
}

fn report(shared: &Shared, campaign: &Campaign, sealed: &Sealed) -> Result<(Added, ()), Problem> {
    let unreadable = |why| count::dap(janus_messages::problem_type::DapProblemType::InvalidMessage, &sealed.task, why);
    if count::known(shared, &sealed.task)?.campaign.id != campaign.id {
        return Err(unreadable("it is of another campaign"));
    }
    let bytes = unhex(&sealed.report).ok_or_else(|| unreadable("it is damaged"))?;
    let added = count::report(shared, &sealed.task, &bytes)?.blocking_recv().ok().flatten();
    Ok((added.ok_or_else(|| StoreError::from("the report was not stored"))?, ()))
}

/// A file, if it is no longer than one can be.
fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let unreadable = |error| format!("cannot be read: {error}");
    let mut bytes = Vec::new();
    let file = fs::File::open(path).map_err(unreadable)?;
    file.take(PARCEL_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() > PARCEL_BYTES { Err(BadParcel::TooLarge.into()) } else { Ok(bytes) }
}

impl Outcome {
    fn note<T>(&mut self, name: &str, counted: Result<(Added, T), Problem>, add: impl Fn(&mut Counts, T)) {
        match counted {
            Ok((Added::Counted, it)) => add(&mut self.now, it),
            Ok((_, it)) => add(&mut self.before, it),
            Err(problem) => self.refused.push(format!("{name}: {}", problem.told())),
        }
    }

    fn told(&self) -> String {
        let mut told = format!("  from tablet {}, for {}\n", self.tablet, self.campaign);
        let _ = writeln!(told, "  counted now: {}", self.now.told());
        if self.before != Counts::default() {
            let _ = writeln!(told, "  counted before: {}", self.before.told());
        }
        for why in &self.refused {
            let _ = writeln!(told, "  refused: {why}");
        }
        told
    }
}

impl Counts {
    fn told(&self) -> String {
        let Self { batches, respondents, shifts, doors, reports } = self;
        let parts = [
            (*batches > 0).then(|| format!("{respondents} respondents in {}", number(*batches, "batch", "batches"))),
            (*shifts > 0)
                .then(|| format!("{doors} doors in {}", number(*shifts, "part of a shift", "parts of shifts"))),
            (*reports > 0).then(|| number(*reports, "report", "reports")),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        if parts.is_empty() { "nothing".into() } else { parts.join(", ") }
    }
}

/// A number with what it counts.
pub(super) fn number(count: u64, one: &str, more: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { more })
}
