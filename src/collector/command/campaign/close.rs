//! `anxin campaign close`: a campaign ends before its last day.

use std::{fmt::Write, process::ExitCode};

use crate::{
    campaign::{Campaign, Channel, State},
    collector::{
        command::{
            Failure,
            dap::{Kept, campaign},
            print,
        },
        store::Store,
    },
    day::Day,
};

/// Ends a campaign before its last day.
#[derive(clap::Args)]
pub(super) struct Close {
    /// The campaign's id
    #[arg(value_name = "ID")]
    campaign: String,

    #[command(flatten)]
    kept: Kept,
}

impl Close {
    /// Ends it, and tells what that means for whom.
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let (store, today) = (self.kept.store()?, self.kept.today());
        let before = campaign(&store, &self.campaign)?;
        if let State::Grace | State::Closed = before.state_on(today) {
            return Err(format!("{} ended on {} already", before.id, before.closes).into());
        }
        store.change_campaign(&before.id, &|campaign| campaign.end(today))?;
        print(&told(&before, &*campaign(&store, &self.campaign)?, today))?;
        Ok(ExitCode::SUCCESS)
    }
}

/// What came of it.
fn told(before: &Campaign, after: &Campaign, today: Day) -> String {
    let id = &after.id;
    if before.state_on(today) == State::NotYet {
        return format!("{id} was to open on {}: it never does. Its id stays taken.\n", before.opens);
    }
    let until = after.last_taking();
    let mut told = match before.closes == today {
        true => format!("{id}: today, {today}, was its last day before, too. Nothing has changed.\n"),
        false => format!("{id}: today, {today}, is its last day; it was {}. It never reopens.\n", before.closes),
    };
    let _ = writeln!(told, "Until {until} is taken what was answered up to today and has not arrived yet:");
    if after.channels.contains(&Channel::Phone) {
        told.push_str("- Reports that wait on phones go out by themselves when the page is opened with a network.\n");
    }
    if after.channels.contains(&Channel::Tablet) {
        told.push_str(
            "- Tablets send what waits on them, or hand it over in a file (`anxin import`). What is under k on one goes out \
             as single reports when its volunteer says so in a shift: let them do it today, no shift begins later.\n",
        );
    }
    let _ = writeln!(
        told,
        "Not taken is what is answered after today: a phone or a tablet that has had no network since before may still \
         ask, and is refused. Let volunteers know."
    );
    if !after.aggregators.one_body() {
        let _ = writeln!(
            told,
            "The two bodies' tasks still run to {}, as they were made: they may take reports of later days, which \
             `anxin collect` leaves out. Collect after {until}.",
            before.last_taking()
        );
    }
    told
}
