//! `anxin weight`: to which population a campaign's respondents are weighted.

mod population;

use std::{fmt::Write, path::PathBuf, process::ExitCode};

use super::{
    Failure,
    convert::read,
    dap::{Kept, campaign, questionnaire},
    print,
};
use crate::{
    campaign::Campaign,
    collector::store::Store,
    questionnaire::{Questionnaire, definition::Base},
    statistic::{
        margins::{AREA, CAP, Margin, Margins, MarginsFault},
        weighting::{match_areas, match_margins},
    },
};

const HELP: &str = "\
A table of the population is CSV: the first row names what it is grouped by and the people in a group, `population`;
then one row a group, by the names of options in the questionnaire.

  age,population            area,population
  under_30,21400            330602,1012000
  30_59,48800               330603,1096000
  60_up,30100               …

One table over several columns makes for post-stratification, several tables for raking. What they group by must be
crossed with the indicator in a joint block of the questionnaire; or they group by `area`, by the codes that the results
list first.";

/// Says to which population the respondents of a fielded campaign are weighted; without a table, tells to which they are.
/// Results show weighted rates beside the others from then on.
#[derive(clap::Args)]
#[command(after_help = HELP)]
pub(super) struct Weight {
    /// The campaign's id
    #[arg(long, value_name = "ID")]
    campaign: String,

    /// A table of the population (CSV); several are raked
    #[arg(long, value_name = "FILE", requires = "source")]
    population: Vec<PathBuf>,

    /// Where the figures of the population come from; told with the rates
    #[arg(long, value_name = "TEXT")]
    source: Option<String>,

    /// Nobody counts for more than so many times the average respondent
    #[arg(long, value_name = "TIMES", default_value_t = CAP)]
    cap: f64,

    /// Respondents are not weighted any more
    #[arg(long, conflicts_with = "population")]
    remove: bool,

    #[command(flatten)]
    kept: Kept,
}

/// Characters of a source.
const SOURCE_CHARS: usize = 200;

impl Weight {
    /// Sets or removes margins, and tells what they are.
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let store = self.kept.store()?;
        let campaign = campaign(&store, &self.campaign)?;
        let questionnaire = questionnaire(&store, &campaign)?;
        if self.remove {
            store.set_margins(&campaign, None)?;
        } else if let Some(source) = &self.source {
            let Some(margins) = self.margins(&campaign, &questionnaire, source)? else {
                return Ok(ExitCode::FAILURE);
            };
            store.set_margins(&campaign, Some(&margins))?;
        }
        print(&told(store.margins(&campaign)?.as_ref(), &questionnaire))?;
        Ok(ExitCode::SUCCESS)
    }

    /// The margins of the tables; nothing where a table is faulty, which is told.
    fn margins(
        &self,
        campaign: &Campaign,
        questionnaire: &Questionnaire,
        source: &str,
    ) -> Result<Option<Margins>, Failure> {
        if source.trim().is_empty() || source.chars().count() > SOURCE_CHARS {
            return Err(format!("--source has 1 to {SOURCE_CHARS} characters").into());
        }
        if self.population.is_empty() {
            return Err("--population names a table".into());
        }
        let (mut margins, mut faults) = (Vec::new(), String::new());
        for file in &self.population {
            match population::read(&read(file, population::FILE_BYTES)?) {
                Ok(margin) => margins.push(margin),
                Err(found) => found.0.iter().for_each(|it| {
                    let _ = writeln!(faults, "{}: {it}", file.display());
                }),
            }
        }
        if !faults.is_empty() {
            return print(&faults).map(|()| None);
        }
        let margins =
            Margins { joint: joint(questionnaire, &margins)?, source: source.to_owned(), cap: self.cap, margins };
        if margins.by_area() {
            let codes: Vec<_> = campaign.below(None).into_iter().map(|place| place.code).collect();
            match_areas(&codes.iter().collect::<Vec<_>>(), &margins)?;
        } else if fits(questionnaire, &margins).next().is_none() {
            // Of several indicators the first that the block knows says best what does not match.
            let fault = (0..questionnaire.indicators.len()).filter_map(|index| fault(questionnaire, &margins, index));
            let (other, why): (Vec<_>, Vec<_>) = fault.partition(|it| matches!(it, MarginsFault::NoIndicator { .. }));
            return Err(why.into_iter().chain(other).next().map_or("there is no indicator".into(), Failure::from));
        }
        Ok(Some(margins))
    }
}

fn fault(questionnaire: &Questionnaire, margins: &Margins, indicator: usize) -> Option<MarginsFault> {
    match_margins(questionnaire, margins, indicator, Base::Valid).err()
}

/// The indicators that margins fit.
fn fits<'q>(questionnaire: &'q Questionnaire, margins: &'q Margins) -> impl Iterator<Item = &'q str> {
    let ids = questionnaire.indicators.iter().map(|indicator| &*indicator.definition.id).enumerate();
    ids.filter(|(index, _)| margins.by_area() || fault(questionnaire, margins, *index).is_none()).map(|(_, id)| id)
}

/// The first joint block that crosses all groupings with something else; none for areas alone.
fn joint(questionnaire: &Questionnaire, margins: &[Margin]) -> Result<Option<String>, Failure> {
    let names: Vec<&String> = margins.iter().flat_map(|margin| &margin.of).collect();
    let groups: Vec<&str> = names.iter().map(|name| &***name).filter(|name| *name != AREA).collect();
    if groups.is_empty() {
        return Ok(None);
    }
    if groups.len() < names.len() {
        let groups = groups.join(" and ");
        return Err(format!(
            "respondents are weighted to areas or to groups, not to both at once: what is told of an area is crossed \
             with no group; give one table by {AREA} alone, or leave {AREA} out and add its people up by {groups}"
        )
        .into());
    }
    let blocks = questionnaire.joints.iter().map(|joint| {
        let parts = joint.parts.iter().map(|part| questionnaire.part_name(*part));
        (&joint.id, parts.collect::<Vec<_>>())
    });
    let crosses = |parts: &[&str]| names.iter().all(|name| parts.contains(&&***name));
    match blocks.clone().find(|(_, parts)| crosses(parts)) {
        Some((id, _)) => Ok(Some(id.clone())),
        None => {
            let blocks: Vec<String> = blocks.map(|(id, parts)| format!("{id} ({})", parts.join(" × "))).collect();
            let names: Vec<&str> = names.iter().map(|name| &***name).collect();
            let (names, blocks) = (names.join(" × "), blocks.join(", "));
            Err(format!(
                "no joint block of the questionnaire crosses {names}; what was not declared can never be computed; \
                 there are: {blocks}"
            )
            .into())
        }
    }
}

/// To what respondents are weighted, and of which indicators.
fn told(margins: Option<&Margins>, questionnaire: &Questionnaire) -> String {
    let Some(margins) = margins else { return "Respondents are not weighted.\n".to_owned() };
    let mut told = format!("Weighted by {} to: {}\n", margins.names().join(", "), margins.source);
    for margin in &margins.margins {
        let people: u64 = margin.population.iter().map(|it| it.count).sum();
        let _ = writeln!(told, "  {}: {} groups, {people} people", margin.of.join(" × "), margin.population.len());
    }
    let _ = writeln!(told, "Nobody counts for more than {} times the average respondent.", margins.cap);
    let _ = writeln!(told, "Rates: {}", fits(questionnaire, margins).collect::<Vec<_>>().join(", "));
    told
}
