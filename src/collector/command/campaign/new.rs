//! `anxin campaign new`: a questionnaire becomes a campaign.

use std::{fmt::Write, path::PathBuf, process::ExitCode};

use clap::ValueEnum;
use serde_json::json;

use super::{areas, versions};
use crate::{
    campaign::{Access, Campaign, Channel, Kind, LEAST_K},
    collector::{
        command::{Failure, convert::read, dap::Kept, form, import::number, print},
        store::Store,
    },
    day::Day,
    questionnaire::{Questionnaire, Text, limit},
};

/// What stands below the options in `--help`.
const MORE: &str = "\
The table of areas is a CSV file in UTF-8. Its first row names the columns:

  code       the administrative code: 330602 for a district, 330602001002 for a community, further digits for grids
  name       the name in the questionnaire's first language
  name::en   the name in another of its languages (as many as there are)
  kind       area, region or nothing: without it, a code that others begin with is that of a region

Respondents are asked in areas; regions are what these lie in, so that one of many is found from the top down.
Everything that is wrong is told at once, each with its row and column, and then nothing is fielded.

  anxin campaign new q.json --id safety-2026 --areas areas.csv --opens 2026-12-01 --closes 2026-12-31";

/// Fields a questionnaire in areas over a period.
#[derive(clap::Args)]
#[command(after_long_help = MORE)]
pub(super) struct New {
    /// The questionnaire: JSON, or a form in XLSForm (.xlsx, .xls, .csv, .md)
    #[arg(value_name = "FILE")]
    questionnaire: PathBuf,

    /// The campaign's name in addresses, for good: a–z, 0–9 and hyphens
    #[arg(long)]
    id: String,

    /// Its heading, `zh-CN=…` for one language; without it, the questionnaire's
    #[arg(long, value_name = "[TAG=]WORDS")]
    title: Vec<String>,

    /// Table of the areas in which it is fielded (CSV)
    #[arg(long, value_name = "FILE")]
    areas: PathBuf,

    /// First day; without it, today
    #[arg(long, value_name = "YYYY-MM-DD")]
    opens: Option<Day>,

    /// Last day on which respondents are asked
    #[arg(long, value_name = "YYYY-MM-DD")]
    closes: Day,

    /// So many days after the last one, what was counted in time is still taken
    #[arg(long, value_name = "DAYS", default_value_t = 14)]
    grace_days: u16,

    /// No batch and no figure comes from fewer respondents; 5 at least
    #[arg(long, value_name = "N", default_value_t = LEAST_K)]
    k: u32,

    /// Counts of answers are published as multiples of this, up to 10
    #[arg(long, value_name = "N", default_value_t = 1)]
    rounding: u32,

    /// Who may read the results: everybody, or who shows a token (`anxin token`)
    #[arg(long, value_enum, default_value_t = Readers::Public)]
    results: Readers,

    /// How respondents are reached
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = [Way::Phone, Way::Tablet])]
    channels: Vec<Way>,

    #[command(flatten)]
    kept: Kept,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Readers {
    Public,
    SignedIn,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Way {
    Phone,
    Tablet,
}

impl New {
    /// Fields, and tells what is fielded and what to do next.
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let (file, questionnaire) = match form::questionnaire(&self.questionnaire)? {
            Ok(it) => it,
            Err(faults) => return print(&faults).map(|()| ExitCode::FAILURE),
        };
        let table = read(&self.areas, areas::READ_BYTES)?;
        let areas = match areas::read(&table, &questionnaire.definition.languages) {
            Ok(areas) => areas,
            Err(faults) => {
                let file = self.areas.display();
                print(&faults.0.iter().map(|fault| format!("{file}: {fault}\n")).collect::<String>())?;
                return Ok(ExitCode::FAILURE);
            }
        };
        let campaign = self.campaign(&questionnaire, areas)?;
        let store = self.kept.store_or_new()?;
        if store.campaign(&campaign.id)?.is_some() {
            return Err(taken(&campaign.id));
        }
        let versions = versions::compared(&store, &questionnaire)?;
        if !store.add_campaign(&campaign, &file)? {
            return Err(taken(&campaign.id));
        }
        print(&told(&campaign, &questionnaire, &versions, self.kept.today()))?;
        Ok(ExitCode::SUCCESS)
    }

    fn campaign(&self, questionnaire: &Questionnaire, areas: areas::Areas) -> Result<Campaign, Failure> {
        let today = self.kept.today();
        let opens = self.opens.unwrap_or(today);
        if self.closes < today {
            return Err(format!("{} is over: nobody could be asked", self.closes).into());
        }
        let Questionnaire { valid_from, valid_until, .. } = questionnaire;
        if opens < *valid_from || *valid_until < self.closes {
            return Err(format!(
                "the questionnaire is valid from {valid_from} to {valid_until} (/header/valid_from, /header/valid_until), \
                 and would be fielded from {opens} to {}",
                self.closes
            )
            .into());
        }
        let results = if self.results == Readers::Public { Access::Public } else { Access::SignedIn };
        let channel = |way: Way, channel| self.channels.contains(&way).then_some(channel);
        let channels = [channel(Way::Tablet, Channel::Tablet), channel(Way::Phone, Channel::Phone)];
        // Reading is checking.
        Ok(serde_json::from_value(json!({
            "id": self.id,
            "title": self.title(questionnaire)?,
            "kind": if questionnaire.definition.quiz.is_some() { Kind::Quiz } else { Kind::Survey },
            "questionnaire": questionnaire.hash,
            "areas": areas.areas,
            "regions": areas.regions,
            "opens": opens,
            "closes": self.closes,
            "grace_days": self.grace_days,
            "k": self.k,
            "rounding": self.rounding,
            "results": results,
            "channels": channels.into_iter().flatten().collect::<Vec<_>>(),
        }))?)
    }

    /// The questionnaire's title with what is given instead.
    fn title(&self, questionnaire: &Questionnaire) -> Result<Text, Failure> {
        let languages = &questionnaire.definition.languages;
        let mut words: Vec<(String, String)> = Vec::new();
        for given in &self.title {
            let tagged = given.split_once('=').filter(|(tag, _)| languages.iter().any(|it| it == tag));
            let (tag, title) = tagged.unwrap_or((questionnaire.default_language(), given));
            if title.trim().is_empty()
                || title.chars().count() > limit::TEXT_CHARS
                || title.chars().any(char::is_control)
            {
                return Err(format!("a title stands in one line of 1 to {} characters", limit::TEXT_CHARS).into());
            }
            if words.iter().any(|(it, _)| it == tag) {
                return Err(format!("there are two titles in {tag}").into());
            }
            words.push((tag.to_owned(), title.trim().to_owned()));
        }
        let own = questionnaire.definition.title.iter().filter(|(tag, _)| !words.iter().any(|(it, _)| it == tag));
        let own: Vec<(String, String)> = own.map(|(tag, title)| (tag.to_owned(), title.to_owned())).collect();
        Ok(own.into_iter().chain(words).collect())
    }
}

fn taken(id: &str) -> Failure {
    let why = "what is fielded stays as it is: another one needs another id";
    format!("there is a campaign {id} already; {why}").into()
}

/// What is fielded, and what comes next.
fn told(campaign: &Campaign, questionnaire: &Questionnaire, versions: &str, today: Day) -> String {
    let Campaign { id, opens, closes, grace_days, k, .. } = campaign;
    let definition = &questionnaire.definition;
    let areas = number(campaign.areas.len() as u64, "area", "areas");
    let regions = number(campaign.regions.len() as u64, "region", "regions");
    let grace = number(u64::from(*grace_days), "day", "days");
    let mut told = format!(
        "{id}: {}\n  {} {}, {} items, {} cells, {}\n  {areas} in {regions}; open from {opens} to {closes}, {grace} of grace; k = {k}\n",
        questionnaire.say(&campaign.title, questionnaire.default_language()),
        definition.id,
        definition.version,
        questionnaire.items.len(),
        questionnaire.layout.len(),
        questionnaire.hash,
    );
    told.push_str(versions);
    let unsigned = questionnaire.items.iter().filter(|item| item.definition.review.is_some()).count();
    if unsigned > 0 {
        let unsigned = number(unsigned as u64, "item is", "items are");
        let _ = writeln!(told, "  {unsigned} marked `review: needed`: an expert has still to sign.");
    }
    let when = if campaign.open_on(today) {
        "A collector that runs asks it now"
    } else {
        "A collector that runs asks it from its first day on"
    };
    let _ = write!(
        told,
        "
{when}: /c/{id} for residents, /c/{id}/shift for volunteers, /c/{id}/results for readers.
Next:
  anxin poster --campaign {id} --origin https://…    a sheet to print for each area
  anxin dap tasks --campaign {id} --leader … --helper …    before it opens, if two bodies add up its reports
"
    );
    if campaign.results == Access::SignedIn {
        told.push_str("  anxin token new --role reader --name …    for whoever may read its results\n");
    }
    told
}
