//! `anxin simulate`: made-up respondents, through the real session, into the real tally.

use std::{fmt::Write, fs, path::PathBuf, process::ExitCode, sync::Arc};

use serde::Serialize;

use super::{Failure, names, print};
use crate::{
    layout::Cells,
    questionnaire::Questionnaire,
    results::{self, IndicatorResult},
    simulate::Respondents,
    statistic::{
        distribution::{Distribution, distribution},
        proportion::Estimate,
    },
    tally::Tally,
};

/// Leads made-up respondents through a questionnaire; prints the tally and every indicator.
#[derive(clap::Args)]
pub(super) struct Simulate {
    /// Questionnaire file
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// How many respondents
    #[arg(long, short = 'n', value_name = "N", default_value_t = 1000)]
    respondents: u64,

    /// The same seed gives the same respondents
    #[arg(long, short, value_name = "S", default_value_t = 1)]
    seed: u64,

    /// Print JSON, for programs
    #[arg(long)]
    json: bool,
}

/// What comes of it.
#[derive(Serialize)]
struct Outcome {
    hash: String,
    seed: u64,
    n: u64,
    cells: Vec<u64>,
    indicators: Vec<IndicatorResult>,
    items: Vec<Item>,
}

#[derive(Serialize)]
struct Item {
    id: String,
    #[serde(flatten)]
    distribution: Distribution,
}

impl Simulate {
    /// Simulates and prints.
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let bytes = fs::read(&self.file).map_err(|error| format!("{}: {error}", self.file.display()))?;
        let parsed =
            Questionnaire::parse(&bytes).map_err(|faults| format!("{} has faults:\n{faults}", self.file.display()));
        let questionnaire = Arc::new(parsed?);
        let tally = tally(&questionnaire, self.respondents, self.seed);
        if self.json {
            let outcome = outcome(&questionnaire, tally, self.seed);
            print(&format!("{}\n", serde_json::to_string(&outcome)?))?;
        } else {
            print(&told(&questionnaire, &tally))?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// The sum of so many respondents, of whom one at a time is in memory.
fn tally(questionnaire: &Arc<Questionnaire>, respondents: u64, seed: u64) -> Tally {
    let mut tally = Tally::empty(questionnaire.layout.len());
    let mut cells = Cells::default();
    let mut line = Respondents::new(questionnaire.clone(), seed);
    for response in (0..respondents).map_while(|_| line.next()) {
        cells.encode_again(questionnaire, &response);
        tally.add(&cells);
    }
    tally
}

fn outcome(questionnaire: &Questionnaire, tally: Tally, seed: u64) -> Outcome {
    let item = |index: usize| {
        let distribution = distribution(questionnaire, &tally, index)?;
        Some(Item { id: questionnaire.items[index].definition.id.clone(), distribution })
    };
    Outcome {
        hash: questionnaire.hash.clone(),
        seed,
        n: tally.n,
        indicators: results::indicators(questionnaire, &tally),
        items: (0..questionnaire.items.len()).filter_map(item).collect(),
        cells: tally.cells,
    }
}

/// Tables for people.
fn told(questionnaire: &Questionnaire, tally: &Tally) -> String {
    let mut told = String::new();
    let definition = &questionnaire.definition;
    let _ = writeln!(told, "{} {} {}", definition.id, definition.version, questionnaire.hash);
    let _ = writeln!(told, "{} respondents, {} cells\n", tally.n, tally.cells.len());
    if !questionnaire.indicators.is_empty() {
        let _ = writeln!(
            told,
            "{:<32}{:>8}{:>12}{:>12}{:>9}  95 % interval",
            "indicator", "base", "positive", "of", "rate"
        );
    }
    for indicator in results::indicators(questionnaire, tally) {
        for (base, estimate) in [("all", indicator.estimates.all), ("valid", indicator.estimates.valid)] {
            let _ = writeln!(told, "{:<32}{base:>8}{}", indicator.id, rate(estimate));
        }
    }
    for block in &questionnaire.layout.blocks {
        let _ = writeln!(told, "\n{}", names::block(questionnaire, block.counts));
        for (name, count) in names::cells(questionnaire, block).iter().zip(block.of(&tally.cells)) {
            let _ = writeln!(told, "  {name:<48}{count:>12}");
        }
    }
    told
}

fn rate(estimate: Option<Estimate>) -> String {
    let Some(Estimate { x, n, rate, low, high }) = estimate else { return "  nobody in the base".into() };
    let percent = |share: f64| format!("{:.1} %", share * 100.0);
    format!("{x:>12}{n:>12}{:>9}  {} – {}", percent(rate), percent(low), percent(high))
}
