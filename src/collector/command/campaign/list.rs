//! `anxin campaign list`: what is fielded, and how it stands.

use std::{fmt::Write, process::ExitCode};

use serde::Serialize;

use crate::{
    campaign::{Access, Campaign, Channel, Kind, State},
    collector::{
        command::{
            Failure,
            dap::{Kept, questionnaire},
            import::number,
            print,
        },
        store::Store,
    },
    day::Day,
    questionnaire::{Questionnaire, Text},
    results::Selection,
};

/// Lists the campaigns.
#[derive(clap::Args)]
pub(super) struct List {
    /// Print JSON, for programs
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    kept: Kept,
}

/// A campaign in the list.
#[derive(Serialize)]
struct Line<'c> {
    id: &'c str,
    title: &'c Text,
    kind: Kind,
    questionnaire: Version,
    opens: Day,
    closes: Day,
    grace_days: u16,
    state: State,
    areas: usize,
    regions: usize,
    k: u32,
    rounding: u32,
    results: Access,
    channels: &'c [Channel],
    /// Whether one body adds up the sealed reports.
    one_body: bool,
    /// Respondents as the results show them: in steps of k.
    respondents: u64,
}

/// Which questionnaire is fielded.
#[derive(Serialize)]
struct Version {
    id: String,
    version: String,
    hash: String,
}

impl List {
    /// Prints the list.
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let (store, today) = (self.kept.store()?, self.kept.today());
        let campaigns = store.campaigns()?;
        let mut lines = Vec::with_capacity(campaigns.len());
        let mut headings = Vec::with_capacity(campaigns.len());
        for campaign in &campaigns {
            let questionnaire = questionnaire(&store, campaign)?;
            headings.push(questionnaire.say(&campaign.title, questionnaire.default_language()).to_owned());
            // What anybody may see of it, and no more.
            let respondents = store.view(campaign, &questionnaire, &Selection::default())?.total.n;
            let Questionnaire { definition, hash, .. } = questionnaire;
            let version = Version { id: definition.id, version: definition.version, hash };
            lines.push(line(campaign, version, respondents, today));
        }
        if self.json {
            print(&format!("{:#}\n", serde_json::to_value(&lines)?))?;
        } else if lines.is_empty() {
            print("There is no campaign.\n")?;
        } else {
            print(&lines.iter().zip(&headings).map(|(line, heading)| line.told(heading)).collect::<String>())?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn line(campaign: &Campaign, questionnaire: Version, respondents: u64, today: Day) -> Line<'_> {
    Line {
        id: &campaign.id,
        title: &campaign.title,
        kind: campaign.kind,
        questionnaire,
        opens: campaign.opens,
        closes: campaign.closes,
        grace_days: campaign.grace_days,
        state: campaign.state_on(today),
        areas: campaign.areas.len(),
        regions: campaign.regions.len(),
        k: campaign.k,
        rounding: campaign.rounding,
        results: campaign.results,
        channels: &campaign.channels,
        one_body: campaign.aggregators.one_body(),
        respondents,
    }
}

impl Line<'_> {
    fn told(&self, heading: &str) -> String {
        let mut told = String::new();
        let state = match self.state {
            State::NotYet => "not yet open",
            State::Open => "open",
            State::Grace => "over, in its grace",
            State::Closed => "closed",
        };
        let results = if self.results == Access::Public { "everybody" } else { "who is signed in" };
        let Version { id: name, version, hash } = &self.questionnaire;
        let _ = writeln!(
            told,
            "{}  {heading}\n  {state}: {} to {}, {} of grace\n  {name} {version}, {}\n  {}, k = {}, results for {results}, {}; {} shown",
            self.id,
            self.opens,
            self.closes,
            number(u64::from(self.grace_days), "day", "days"),
            &hash[..12],
            number(self.areas as u64, "area", "areas"),
            self.k,
            if self.one_body { "one body adds up" } else { "two bodies add up" },
            number(self.respondents, "respondent", "respondents"),
        );
        told
    }
}
