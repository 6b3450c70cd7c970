//! `anxin report`: the report of a month, by whoever holds the data directory.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use super::{
    Failure,
    dap::{Kept, campaign, questionnaire},
    print,
};
use crate::{
    area::AreaCode,
    collector::{
        export::language,
        figures::released,
        report::{Format, Month, What, before},
        store::Store,
    },
    results::Selection,
};

/// Writes the report of a month: the figures that the collector tells, beside those of the month before.
#[derive(clap::Args)]
pub(super) struct Report {
    /// The campaign's id
    #[arg(long, value_name = "ID")]
    campaign: String,

    /// The month
    #[arg(long, value_name = "YYYY-MM")]
    period: Month,

    /// Only the areas whose code begins like this
    #[arg(long, value_name = "PREFIX")]
    area: Option<AreaCode>,

    /// Language of words, titles and names; without it, the questionnaire's first
    #[arg(long, value_name = "TAG")]
    lang: Option<String>,

    /// File to write; its name ends in .html, .pdf or .xlsx
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,

    /// For a .pdf: a font that has Chinese, instead of the machine's
    #[arg(long, value_name = "FILE")]
    font: Option<PathBuf>,

    #[command(flatten)]
    kept: Kept,
}

impl Report {
    /// Writes the file and tells so.
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let format = format(&self.output)?;
        let store = self.kept.store()?;
        let campaign = campaign(&store, &self.campaign)?;
        let questionnaire = questionnaire(&store, &campaign)?;
        let language = &language(&questionnaire, self.lang)?;
        store.decide(&campaign, &questionnaire)?;
        let of = |period| {
            let selection = Selection { area: self.area.clone(), period: Some(period) };
            released(&store, &campaign, &questionnaire, selection)
        };
        let (now, before) = (of(self.period.period())?, before(self.period).map(of).transpose()?);
        let what = What {
            questionnaire: &questionnaire,
            month: self.period,
            now: &now,
            before: before.as_ref(),
            language,
            day: self.kept.today(),
        };
        let bytes = format.write(&what, self.font.as_deref())?;
        let file = self.output.display();
        fs::write(&self.output, bytes).map_err(|error| format!("cannot write {file}: {error}"))?;
        print(&format!("{file}: {} respondents in {}\n", now.n, self.period.period()))?;
        Ok(ExitCode::SUCCESS)
    }
}

/// The format to write, by the end of the file's name.
fn format(file: &Path) -> Result<Format, Failure> {
    let end = file.extension().and_then(|end| end.to_str()).unwrap_or_default();
    let known = Format::ALL.into_iter().find(|format| format.end() == end);
    known.ok_or_else(|| format!("{}: the name must end in .html, .pdf or .xlsx", file.display()).into())
}
