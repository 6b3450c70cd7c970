//! `anxin target`: what the indicators of a campaign should reach.

use std::{fmt::Write, process::ExitCode};

use super::{
    Failure,
    dap::{Kept, campaign, questionnaire},
    print,
};
use crate::{
    campaign::{Campaign, Target as Share},
    collector::store::Store,
    questionnaire::Questionnaire,
};

/// Says what an indicator of a fielded campaign should reach; without an indicator, tells what all should. Results show
/// it from then on, a respondent's page never.
#[derive(clap::Args)]
pub(super) struct Target {
    /// The campaign's id
    #[arg(long, value_name = "ID")]
    campaign: String,

    /// Name of the indicator
    #[arg(long, value_name = "NAME")]
    indicator: Option<String>,

    /// Its rate should reach this, above 0, to 100; up to two decimals count
    #[arg(long, value_name = "PERCENT", requires = "indicator")]
    percent: Option<f64>,

    /// It has no target any more
    #[arg(long, requires = "indicator", conflicts_with = "percent")]
    remove: bool,

    #[command(flatten)]
    kept: Kept,
}

impl Target {
    /// Sets or removes a target, and tells what all are.
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let store = self.kept.store()?;
        let campaign = campaign(&store, &self.campaign)?;
        let questionnaire = questionnaire(&store, &campaign)?;
        let Some(indicator) = self.indicator else {
            return print(&told(&campaign, &questionnaire)).map(|()| ExitCode::SUCCESS);
        };
        let mut changed = Campaign::clone(&campaign);
        changed.targets.retain(|target| target.indicator != indicator);
        match (self.percent, self.remove) {
            (Some(percent), _) => changed.targets.push(Share { indicator, share: share(percent)? }),
            (None, true) if changed.targets.len() == campaign.targets.len() => {
                return Err(format!("{indicator:?} has no target").into());
            }
            (None, true) => {}
            (None, false) => return Err("--percent sets a target, --remove takes it away".into()),
        }
        // One of an indicator that there is not can be removed, but not set.
        if let Some(strange) = changed.strange_targets(&questionnaire).find(|it| !campaign.targets.contains(it)) {
            let known: Vec<&str> = questionnaire.indicators.iter().map(|it| &*it.definition.id).collect();
            let name = &strange.indicator;
            return Err(format!("there is no indicator {name:?}; there are: {}", known.join(", ")).into());
        }
        store.change_campaign(&campaign.id, &|it| it.targets.clone_from(&changed.targets))?;
        print(&told(&changed, &questionnaire))?;
        Ok(ExitCode::SUCCESS)
    }
}

/// A share with four decimals, as it is written.
fn share(percent: f64) -> Result<f64, Failure> {
    let share = (percent * 100.0).round() / 10_000.0;
    if share > 0.0 && share <= 1.0 { Ok(share) } else { Err("a target is above 0 and at most 100 percent".into()) }
}

/// Each indicator and what it should reach.
fn told(campaign: &Campaign, questionnaire: &Questionnaire) -> String {
    let mut told = String::new();
    for indicator in &questionnaire.indicators {
        let id = &indicator.definition.id;
        let target = campaign.target(id).map_or("no target".to_owned(), |share| format!("{} %", percent(share)));
        let _ = writeln!(told, "{id:32}  {target}");
    }
    told
}

/// A share in percent, without the noise of its last digits.
fn percent(share: f64) -> f64 {
    (share * 1_000_000.0).round() / 10_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentage_is_a_share_of_few_digits() {
        for (given, want) in [(95.0, 0.95), (97.46, 0.9746), (100.0, 1.0), (0.01, 0.0001), (99.999, 1.0)] {
            assert_eq!(share(given).ok(), Some(want));
        }
        assert_eq!([0.95, 0.9746, 1.0].map(percent), [95.0, 97.46, 100.0]);
        for bad in [0.0, -1.0, 100.1, f64::NAN, f64::INFINITY, 0.001] {
            assert!(share(bad).is_err(), "{bad}");
        }
    }
}
