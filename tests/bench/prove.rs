//! Questionnaires of 200 items with dense routing, parsed and proved: how long it takes and how much memory.
#![cfg(not(target_arch = "wasm32"))]

#[path = "../shared/mod.rs"]
mod shared;

use std::{fs, process::ExitCode, time::Instant};

use anxin::{prove::prove, questionnaire::Questionnaire};

const ITEMS: usize = 200;
const RUNS: u64 = 5;
const SECONDS: f64 = 1.0;
const PEAK_MB: f64 = 200.0;

fn main() -> ExitCode {
    let files: Vec<String> = (0..RUNS).map(|seed| shared::dense::dense(ITEMS, seed).to_string()).collect();
    let mut slowest = 0.0f64;
    for (seed, file) in files.iter().enumerate() {
        let start = Instant::now();
        let Ok(questionnaire) = Questionnaire::parse(file.as_bytes()) else { return ExitCode::FAILURE };
        let parsed = start.elapsed().as_secs_f64();
        let proof = prove(&questionnaire);
        let all = start.elapsed().as_secs_f64();
        slowest = slowest.max(all);
        let (longest, proven) = (proof.items.longest, proof.ways.iter().filter(|way| way.shortest).count());
        println!(
            "{seed}: {all:.3} s, of which {parsed:.3} s to parse; {} ways ({proven} proved shortest), {} faults, the longest {} to {}",
            proof.ways.len(),
            proof.faults.len(),
            longest.least,
            longest.most,
        );
    }
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok());
    let peak = peak.unwrap_or(f64::NAN) / 1024.0;
    println!("slowest of {RUNS}: {slowest:.3} s (limit {SECONDS} s); peak memory {peak:.0} MB (limit {PEAK_MB} MB)");
    ExitCode::SUCCESS
}
