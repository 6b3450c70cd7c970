//! The command line.

mod campaign;
mod check;
mod collect;
mod convert;
mod dap;
mod export;
mod form;
mod import;
mod locate;
mod measure;
mod measure_views;
mod poster;
mod preview;
mod report;
mod simulate;
mod target;
mod test;
mod token;
mod weight;

use std::{
    io::{self, Write},
    process::ExitCode,
};

use clap::{Parser, Subcommand};

use super::{schema, serve::Serve};
use crate::layout::names;

/// Surveys and quizzes that run whole in the browser, and from which nothing but aggregates can leave.
#[derive(Parser)]
#[command(version, disable_help_subcommand = true)]
struct Line {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the collector: serves the page, takes batches, shows results
    Serve(Serve),
    /// Check questionnaire files and tell everything that is wrong with them
    Check(check::Check),
    /// Make a questionnaire of a spreadsheet in XLSForm, or a spreadsheet of a questionnaire
    Convert(convert::Convert),
    /// Show a form in the browser as respondents will see it, anew whenever it is saved
    Preview(preview::Preview),
    /// Hold questionnaires to their tests: given answers, what is asked, scored and counted
    Test(test::Test),
    /// Lead made-up respondents through a questionnaire and print what comes of it
    Simulate(simulate::Simulate),
    /// Measure how many sealed reports a second this machine takes
    Measure(measure::Measure),
    /// Measure what a view of a campaign of very many areas takes
    MeasureViews(measure_views::MeasureViews),
    /// Look after the aggregators of sealed reports: their keys, or two other bodies' tasks
    Dap(dap::Dap),
    /// Count what tablets without a network handed over in files, each once
    Import(import::Import),
    /// Field a questionnaire as a campaign, list the campaigns, end one early
    Campaign(campaign::Campaign),
    /// Make a campaign's posters: a sheet to print for each area, with a signed QR code
    Poster(poster::Poster),
    /// Fetch a campaign's sums from the two bodies that add up its reports
    Collect(collect::Collect),
    /// Write a campaign's figures to a file: CSV, XLSX, JSON, or SPSS syntax with its data
    Export(export::Export),
    /// Write the report of a month, beside the month before: to print, as a page or as a workbook
    Report(report::Report),
    /// Say what an indicator should reach in a campaign that is fielded, or tell what all should
    Target(target::Target),
    /// Say to which population a campaign's respondents are weighted, or tell to which they are
    Weight(weight::Weight),
    /// Make, list and revoke the tokens by which figures are read that are not for everybody
    Token(token::Token),
    /// Print the JSON Schema of a questionnaire file
    Schema,
}

/// Why a command did not do what it was asked.
type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Does what the command line asks.
pub(super) fn run() -> ExitCode {
    let done = match Line::parse().command {
        Command::Serve(serve) => serve.run().map(|()| ExitCode::SUCCESS),
        Command::Check(check) => check.run(),
        Command::Convert(convert) => convert.run(),
        Command::Preview(preview) => preview.run(),
        Command::Test(test) => test.run(),
        Command::Simulate(simulate) => simulate.run(),
        Command::Measure(measure) => measure.run(),
        Command::MeasureViews(measure) => measure.run(),
        Command::Dap(dap) => dap.run(),
        Command::Import(import) => import.run(),
        Command::Campaign(campaign) => campaign.run(),
        Command::Poster(poster) => poster.run(),
        Command::Collect(collect) => collect.run(),
        Command::Export(export) => export.run(),
        Command::Report(report) => report.run(),
        Command::Target(target) => target.run(),
        Command::Weight(weight) => weight.run(),
        Command::Token(token) => token.run(),
        Command::Schema => print(&schema::text()).map(|()| ExitCode::SUCCESS),
    };
    done.unwrap_or_else(|failure| {
        eprintln!("anxin: {failure}");
        ExitCode::FAILURE
    })
}

/// Prints; a reader that has seen enough and hangs up is no failure.
fn print(text: &str) -> Result<(), Failure> {
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}
