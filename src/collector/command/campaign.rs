//! `anxin campaign`: fields questionnaires, lists what is fielded, ends it.
//!
//! What is fielded stays as it is: the questionnaire under its hash, the areas, k. Another wording is another
//! questionnaire and another campaign, and the sums of two campaigns never meet. A collector that runs takes all of
//! it up with the next request.

mod areas;
mod close;
mod list;
mod new;
mod versions;

use std::process::ExitCode;

use clap::Subcommand;

use super::Failure;

/// Fields questionnaires, lists campaigns and ends them.
#[derive(clap::Args)]
pub(super) struct Campaign {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Field a questionnaire in areas over a period; a running collector takes it up at once
    New(new::New),
    /// List the campaigns: what they are, how they stand, how many respondents they show
    List(list::List),
    /// End a campaign before its last day; it never opens again
    Close(close::Close),
}

impl Campaign {
    /// Does what it is asked.
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        match self.command {
            Command::New(new) => new.run(),
            Command::List(list) => list.run(),
            Command::Close(close) => close.run(),
        }
    }
}
