//! Half a million simulated respondents of the safety survey, led through the real session, encoded and
//! added; beside it the least that any such sum costs: as many random vectors of zeros and ones, of the
//! same length, added up. The two take turns, chunk by chunk; the figures are medians over the runs.
//!
//! Prints a table, writes `tests/output/native.json`, and fails when a figure is over its budget.
#![cfg(not(target_arch = "wasm32"))]

use std::{
    fs,
    hint::black_box,
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant},
};

use anxin::{layout::Cells, questionnaire::Questionnaire, response::Response, simulate::Respondents, tally::Tally};
use rand::{Rng, SeedableRng};
use rand_pcg::Pcg32;
use serde::Serialize;

const RESPONDENTS: usize = 500_000;
/// So many respondents, or vectors, are in memory at a time.
const CHUNK: usize = 4_000;
const RUNS: usize = 5;

/// Encoding and adding, against summing alone.
const RATIO: f64 = 10.0;
const PEAK_MB: f64 = 64.0;

/// A figure, as in `report.mjs`.
#[derive(Serialize)]
struct Row {
    what: &'static str,
    unit: &'static str,
    value: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    budget: Option<f64>,
}

/// What one run took.
#[derive(Default)]
struct Run {
    simulated: Duration,
    counted: Duration,
    summed: Duration,
}

fn main() -> ExitCode {
    let questionnaire = Arc::new(Questionnaire::parse(include_bytes!("../../www/instruments/safety.json")).unwrap());
    let runs: Vec<Run> = (0..RUNS).map(|seed| run(&questionnaire, seed as u64)).collect();
    let nanoseconds = |of: fn(&Run) -> Duration| {
        median(runs.iter().map(|run| of(run).as_nanos() as f64 / RESPONDENTS as f64).collect())
    };
    let (counted, summed) = (nanoseconds(|run| run.counted), nanoseconds(|run| run.summed));
    let ratio = median(runs.iter().map(|run| run.counted.as_secs_f64() / run.summed.as_secs_f64()).collect());
    let row = |what, unit, value, budget| Row { what, unit, value, budget };
    report(&[
        row("respondents", "", RESPONDENTS as f64, None),
        row("cells of a respondent", "", questionnaire.layout.len() as f64, None),
        row("encode and add", "ns a respondent", counted, None),
        row("sum a 0/1 vector of that length", "ns a vector", summed, None),
        row("encode and add / sum", "", ratio, Some(RATIO)),
        row("peak memory", "MB", peak_mb(), Some(PEAK_MB)),
        row(
            "simulated through the session",
            "respondents/s",
            1e9 / nanoseconds(|run| run.simulated + run.counted),
            None,
        ),
    ])
}

fn run(questionnaire: &Arc<Questionnaire>, seed: u64) -> Run {
    let mut run = Run::default();
    let mut line = Respondents::new(questionnaire.clone(), seed);
    let mut rng = Pcg32::seed_from_u64(seed);
    let (mut tally, mut cells) = (Tally::empty(questionnaire.layout.len()), Cells::default());
    let mut sums = vec![0; questionnaire.layout.len()];
    let mut vectors = vec![0; CHUNK * questionnaire.layout.len()];
    for _ in 0..RESPONDENTS / CHUNK {
        let start = Instant::now();
        let responses: Vec<Response> = line.by_ref().take(CHUNK).collect();
        run.simulated += start.elapsed();

        let start = Instant::now();
        for response in black_box(&responses) {
            cells.encode_again(questionnaire, response);
            tally.add(&cells);
        }
        black_box(&tally);
        run.counted += start.elapsed();

        rng.fill_bytes(&mut vectors);
        vectors.iter_mut().for_each(|byte| *byte &= 1);
        let start = Instant::now();
        sum(black_box(&vectors), &mut sums);
        black_box(&sums);
        run.summed += start.elapsed();
    }
    assert_eq!((tally.n as usize, tally.check(&questionnaire.layout)), (RESPONDENTS, Ok(())));
    run
}

/// Adds vectors up, one after the other.
fn sum(vectors: &[u8], sums: &mut [u64]) {
    for vector in vectors.chunks_exact(sums.len()) {
        sums.iter_mut().zip(vector).for_each(|(sum, byte)| *sum += u64::from(*byte));
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// The most memory that was resident at a time, as Linux tells it.
fn peak_mb() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib: Option<f64> = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok());
    kib.map_or(f64::NAN, |kib| kib * 1024.0 / 1e6)
}

/// Prints the figures, keeps them, and fails where one is over its budget or unknown.
fn report(rows: &[Row]) -> ExitCode {
    let mut kept = true;
    for Row { what, unit, value, budget } in rows {
        let held = budget.map(|budget| (format!("≤ {budget}"), *value <= budget));
        kept &= held.as_ref().is_none_or(|(_, held)| *held);
        let (budget, verdict) =
            held.map_or_else(Default::default, |(budget, held)| (budget, if held { "yes" } else { "NO" }));
        println!("{what:<34}{value:>14.2} {unit:<16}{budget:>8} {verdict}");
    }
    let output = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/output");
    fs::create_dir_all(output).unwrap();
    fs::write(format!("{output}/native.json"), serde_json::to_string_pretty(rows).unwrap() + "\n").unwrap();
    if kept { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
