//! `anxin export`: figures as files, by whoever holds the data directory.

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
        export::{Export as What, Format, language},
        figures::released,
        store::Store,
    },
    period::Period,
    results::Selection,
};

/// Writes a campaign's figures, as the collector tells them, to a file.
#[derive(clap::Args)]
pub(super) struct Export {
    /// The campaign's id
    #[arg(long, value_name = "ID")]
    campaign: String,

    /// Only the areas whose code begins like this
    #[arg(long, value_name = "PREFIX")]
    area: Option<AreaCode>,

    /// This month or day only; without it, all time together
    #[arg(long, value_name = "YYYY-MM[-DD]")]
    period: Option<Period>,

    /// Language of headings, titles and names; without it, the questionnaire's first
    #[arg(long, value_name = "TAG")]
    lang: Option<String>,

    /// File to write; its name ends in .csv, .xlsx, .json or .sps. Beside an .sps, the .csv that it reads is written too
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,

    #[command(flatten)]
    kept: Kept,
}

impl Export {
    /// Writes the file, or two, and tells which.
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let formats = formats(&self.output)?;
        let store = self.kept.store()?;
        let campaign = campaign(&store, &self.campaign)?;
        let questionnaire = questionnaire(&store, &campaign)?;
        let language = &language(&questionnaire, self.lang)?;
        let selection = Selection { area: self.area, period: self.period };
        store.decide(&campaign, &questionnaire)?;
        let results = &released(&store, &campaign, &questionnaire, selection)?;
        let stem = self.output.file_stem().and_then(|stem| stem.to_str()).ok_or("the file's name is not Unicode")?;
        let (day, stem) = (self.kept.today(), stem.to_owned());
        let what = What { campaign: &campaign, questionnaire: &questionnaire, results, language, day, stem };
        for format in formats {
            let file = self.output.with_extension(format.end());
            let bytes = format.write(&what)?;
            fs::write(&file, bytes).map_err(|error| format!("cannot write {}: {error}", file.display()))?;
            print(&format!("{}: figures of {} respondents\n", file.display(), results.n))?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// The formats to write, by the end of the file's name.
fn formats(file: &Path) -> Result<Vec<Format>, Failure> {
    let end = file.extension().and_then(|end| end.to_str()).unwrap_or_default();
    match Format::ALL.into_iter().find(|format| format.end() == end) {
        Some(Format::Spss) => Ok(vec![Format::Csv, Format::Spss]),
        Some(format) => Ok(vec![format]),
        None => Err(format!("{}: the name must end in .csv, .xlsx, .json or .sps", file.display()).into()),
    }
}
