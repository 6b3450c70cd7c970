//! `anxin dap`: the aggregators' keys, and what two other bodies are told.

use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use clap::Subcommand;
use janus_messages::Role;
use url::{Host, Url};

use super::{Failure, print};
use crate::{
    campaign::{Aggregators, Campaign},
    collector::{
        aggregators::{KeyFiles, write_private},
        janus::{self, Secrets},
        serve,
        store::{Sqlite, Store},
        world::Clock,
    },
    day::Day,
    questionnaire::Questionnaire,
};

/// Looks after the aggregators of sealed reports.
#[derive(clap::Args)]
pub(super) struct Dap {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make new keys for the collector's own two aggregators and for what tablets seal to it; a running collector
    /// takes them up by itself
    Rotate(Rotate),
    /// Write what two other bodies need to add up a campaign's reports, and lead the page to them
    Tasks(Tasks),
}

#[derive(clap::Args)]
struct Rotate {
    #[command(flatten)]
    kept: Kept,
}

#[derive(clap::Args)]
struct Tasks {
    /// The campaign's id
    #[arg(long, value_name = "ID")]
    campaign: String,

    /// Where the leader can be reached from phones, e.g. https://leader.example.org
    #[arg(long, value_name = "URL")]
    leader: String,

    /// Where the helper can be reached from phones, e.g. https://helper.example.net
    #[arg(long, value_name = "URL")]
    helper: String,

    /// Directory for leader-tasks.yaml and helper-tasks.yaml
    #[arg(long, value_name = "DIR", default_value = ".")]
    out: PathBuf,

    #[command(flatten)]
    kept: Kept,
}

/// What a collector has kept.
#[derive(clap::Args)]
pub(super) struct Kept {
    /// Directory that holds everything the collector keeps
    #[arg(long, value_name = "DIR", default_value = "anxin-data")]
    pub(super) data: PathBuf,

    /// For tests: a day on which time stands still
    #[arg(long, value_name = "YYYY-MM-DD", hide = true)]
    today: Option<Day>,
}

impl Kept {
    /// The day it is.
    pub(super) fn today(&self) -> Day {
        self.clock().today()
    }

    /// Tells the day.
    pub(super) fn clock(&self) -> Clock {
        Clock { stopped: self.today }
    }

    /// The store; there must be one.
    pub(super) fn store(&self) -> Result<Sqlite, Failure> {
        if !KeyFiles::are_in(&self.data) {
            let data = self.data.display();
            return Err(format!("no collector has kept anything in {data}; --data takes another directory").into());
        }
        self.named(Sqlite::open(&self.data))
    }

    /// The store; made, with all that a collector needs beside it, where there is none.
    pub(super) fn store_or_new(&self) -> Result<Sqlite, Failure> {
        Ok(serve::open(&self.data)?.0)
    }

    /// The collector's keys.
    pub(super) fn keys(&self) -> Result<KeyFiles, Failure> {
        self.named(KeyFiles::open(&self.data, false))
    }

    fn named<T>(&self, opened: Result<T, Failure>) -> Result<T, Failure> {
        opened.map_err(|error| format!("cannot open {}: {error}", self.data.display()).into())
    }
}

impl Dap {
    /// Does what it is asked.
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        match self.command {
            Command::Rotate(rotate) => rotate.run()?,
            Command::Tasks(tasks) => tasks.run()?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Rotate {
    fn run(self) -> Result<(), Failure> {
        let (store, today) = (self.kept.store()?, self.kept.today());
        let campaigns = store.campaigns()?;
        // A report may have waited on a phone since its campaign opened.
        let taking = campaigns.iter().filter(|campaign| !campaign.closed_on(today));
        let still_needed = taking.map(|campaign| campaign.opens).min().unwrap_or(today);
        let keys = self.kept.keys()?;
        keys.rotate(today, still_needed)?;
        let (pair, deposit) = (keys.pair()?, keys.deposit()?);
        let mut told = String::new();
        for (name, keys) in [("leader", &pair.leader), ("helper", &pair.helper), ("deposit", &*deposit)] {
            let ids = keys.ids();
            let old: Vec<String> = ids.iter().skip(1).map(u8::to_string).collect();
            let _ = writeln!(
                told,
                "{name}: new key {}; {} older kept for what is on its way: {}",
                ids.first().copied().unwrap_or_default(),
                old.len(),
                old.join(", "),
            );
        }
        print(&told)
    }
}

impl Tasks {
    fn run(self) -> Result<(), Failure> {
        let (store, today) = (self.kept.store()?, self.kept.today());
        let campaign = campaign(&store, &self.campaign)?;
        let at = Aggregators { leader: address("leader", &self.leader)?, helper: address("helper", &self.helper)? };
        if at.leader == at.helper {
            return Err("the leader and the helper have the same address: there must be two".into());
        }
        if campaign.closed_on(today) {
            return Err(format!("{} takes no reports any more", campaign.id).into());
        }
        let cells = questionnaire(&store, &campaign)?.layout.len();
        let secret = Secrets::open(&self.kept.data)?.get_or_make(&campaign.id)?;
        let pair = self.kept.keys()?.pair()?;
        fs::create_dir_all(&self.out).map_err(|error| format!("cannot make {}: {error}", self.out.display()))?;
        let mut files = Vec::new();
        for (role, name) in [(Role::Leader, "leader-tasks.yaml"), (Role::Helper, "helper-tasks.yaml")] {
            let path = self.out.join(name);
            let tasks = zeroize::Zeroizing::new(janus::tasks(role, &campaign, cells, &at, &pair, &secret)?);
            write_private(&path, tasks.as_bytes())
                .map_err(|error| format!("cannot write {}: {error}", path.display()))?;
            files.push(path);
        }
        store.change_campaign(&campaign.id, &|it| it.aggregators = at.clone())?;
        print(&told(&campaign, &at, &files, &self.kept.data, today))
    }
}

/// A campaign that there is.
pub(super) fn campaign(store: &impl Store, id: &str) -> Result<Arc<Campaign>, Failure> {
    if let Some(campaign) = store.campaign(id)? {
        return Ok(campaign);
    }
    let known: Vec<String> = store.campaigns()?.iter().map(|campaign| campaign.id.clone()).collect();
    Err(format!("there is no campaign {id:?}; there are: {}", known.join(", ")).into())
}

/// A campaign's questionnaire.
pub(super) fn questionnaire(store: &impl Store, campaign: &Campaign) -> Result<Questionnaire, Failure> {
    let bytes = store.questionnaire(&campaign.questionnaire)?.ok_or("the campaign's questionnaire is missing")?;
    Ok(Questionnaire::parse(&bytes)?)
}

/// Checks an aggregator's address; without a slash at its end.
fn address(who: &str, given: &str) -> Result<String, Failure> {
    let url = Url::parse(given).map_err(|error| format!("the {who}'s address {given:?} is none: {error}"))?;
    let here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    };
    let plain = url.username().is_empty() && url.password().is_none() && url.query().is_none();
    if !plain || url.fragment().is_some() {
        return Err(format!("the {who}'s address {given:?} may hold a host, a port and a path only").into());
    }
    if url.scheme() != "https" && !(url.scheme() == "http" && here) {
        let why = "anyone on the way could change what is sent";
        return Err(format!("the {who}'s address {given:?} must begin with https://: {why}").into());
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

/// What to do next.
fn told(campaign: &Campaign, at: &Aggregators, files: &[PathBuf], data: &Path, today: Day) -> String {
    let mut told = String::new();
    let _ = writeln!(
        told,
        "{}: a task for each of {} areas, for the leader and for the helper.\n",
        campaign.id,
        campaign.areas.len()
    );
    for ((who, url), path) in [("leader", &at.leader), ("helper", &at.helper)].into_iter().zip(files) {
        let _ = writeln!(told, "  {}  goes to the body that runs the {who}, {url}, and to nobody else", path.display());
    }
    let _ = write!(
        told,
        "
Next:
1. Hand each file over in a way that only its body can read it: in person, or encrypted to that body.
   Neither body may see the other's file. Then delete both files here; this command writes the same again.
2. Each body provisions its own, once: janus_cli provision-tasks --generate-missing-parameters FILE
   It makes its body's HPKE keys, which never leave it. Done again it deletes the reports that are there.
3. Keep a copy of {}: without it nobody can read the sums.
4. When the campaign is over: anxin collect --campaign {} --data {}

From now on phones upload to {}; until it has its tasks, reports wait on the phones.
",
        data.join(janus::FILE).display(),
        campaign.id,
        data.display(),
        at.leader,
    );
    let host = |url: &str| Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_owned));
    if host(&at.leader) == host(&at.helper) {
        told.push_str("\nBoth addresses are on one host. Whoever runs both aggregators can read every answer: that is one body.\n");
    }
    if campaign.opens <= today {
        told.push_str(
            "\nThe campaign has opened already. What this collector has added up stays; sums of fewer than k stay unread.\n",
        );
    }
    told
}
