//! `anxin poster`: a campaign's posters, a sheet an area.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use url::{Host, Url};

use super::{
    Failure,
    dap::{Kept, campaign, questionnaire},
    print,
};
use crate::{
    area::AreaCode,
    campaign::Area,
    collector::{
        poster::{Sheet, page},
        signer,
    },
    day::Day,
    place::Place,
};

/// Makes a page to print: for each area a sheet with the statutory marks and a QR code that opens the survey there.
#[derive(clap::Args)]
pub(super) struct Poster {
    /// The campaign's id
    #[arg(long, value_name = "ID")]
    campaign: String,

    /// Where residents' phones reach the collector, e.g. https://anxin.example.org
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080")]
    origin: String,

    /// Last day on which the codes are taken; without it, the campaign's last day
    #[arg(long, value_name = "YYYY-MM-DD")]
    until: Option<Day>,

    /// Only the areas whose code begins like this
    #[arg(long, value_name = "PREFIX")]
    areas: Option<AreaCode>,

    /// Language of the sheets; without it, the questionnaire's first
    #[arg(long, value_name = "TAG")]
    language: Option<String>,

    /// File to write, `-` for the standard output; without it, ID-posters.html
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,

    #[command(flatten)]
    kept: Kept,
}

impl Poster {
    /// Makes the page and tells where it is.
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let store = self.kept.store()?;
        let campaign = campaign(&store, &self.campaign)?;
        let questionnaire = questionnaire(&store, &campaign)?;
        let languages = &questionnaire.definition.languages;
        let language = self.language.as_ref().or(languages.first()).ok_or("the questionnaire has no language")?;
        if !languages.contains(language) {
            return Err(format!("the questionnaire is not in {language}; it is in: {}", languages.join(", ")).into());
        }
        let (origin, here) = origin(&self.origin)?;
        let (until, today) = (self.until.unwrap_or(campaign.closes), self.kept.today());
        if until > campaign.closes {
            return Err(format!("{} is open until {} only", campaign.id, campaign.closes).into());
        }
        if until < today {
            return Err(format!("{until} is over: nobody could use the codes").into());
        }
        let wanted = |area: &&Area| self.areas.as_ref().is_none_or(|prefix| area.code.within(prefix));
        let areas: Vec<&Area> = campaign.areas.iter().filter(wanted).collect();
        if let (true, Some(prefix)) = (areas.is_empty(), &self.areas) {
            return Err(format!("{} has no area whose code begins with {}", campaign.id, prefix.as_str()).into());
        }
        let key = signer::open(&self.kept.data)?;
        let sheet = |area: &Area| {
            let place = Place { campaign: campaign.id.clone(), area: area.code.clone(), until };
            let link = place.link(&origin, &key);
            Sheet {
                campaign: &campaign,
                questionnaire: &questionnaire,
                language,
                area: area.clone(),
                origin: &origin,
                link,
                until,
            }
        };
        let html = page(areas.iter().map(|area| sheet(area)))?;
        let file = self.output.unwrap_or_else(|| format!("{}-posters.html", campaign.id).into());
        if file == Path::new("-") {
            return print(&html).map(|()| ExitCode::SUCCESS);
        }
        if file.extension().is_some_and(|end| end.eq_ignore_ascii_case("pdf")) {
            return Err("the sheets are written as a page: open it in a browser and print it, to paper or to a PDF; \
                --output takes a name that ends in .html"
                .into());
        }
        fs::write(&file, html).map_err(|error| format!("cannot write {}: {error}", file.display()))?;
        print(&told(&file, areas.len(), until, here))?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Scheme, host and port; and whether only this machine gets there.
fn origin(given: &str) -> Result<(String, bool), Failure> {
    let url = Url::parse(given).map_err(|error| format!("the origin {given:?} is no address: {error}"))?;
    let here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    };
    let origin = url.origin().ascii_serialization();
    if url.as_str().trim_end_matches('/') != origin {
        return Err(format!("the origin {given:?} may hold a host and a port only").into());
    }
    if url.scheme() != "https" && !(url.scheme() == "http" && here) {
        return Err(
            format!("the origin {given:?} must begin with https://: phones keep and seal nothing without it").into()
        );
    }
    Ok((origin, here))
}

fn told(file: &Path, sheets: usize, until: Day, here: bool) -> String {
    let sheets = if sheets == 1 { "1 sheet".to_owned() } else { format!("{sheets} sheets") };
    let file = file.display();
    let mut told =
        format!("{file}: {sheets}, good until {until}. Open it in a browser and print it (A4, or to a PDF).\n");
    if here {
        told.push_str(
            "The codes lead to this machine alone; --origin https://… names the address that phones can reach.\n",
        );
    }
    told
}
