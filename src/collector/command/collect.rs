//! `anxin collect`: the sums that two other bodies have added up.

use std::{error::Error, fmt::Write, process::ExitCode, time::Duration};

use janus_collector::{CollectionJob, Collector, Error as Refused, ExponentialBackoff};
use janus_messages::{Interval, Query, Time, problem_type::DapProblemType, query_type::TimeInterval};
use tokio::time::{Instant, timeout_at};
use url::Url;

use super::{
    Failure,
    dap::{Kept, campaign, questionnaire},
    print,
};
use crate::{
    area::AreaCode,
    campaign::Campaign,
    collector::{
        janus::{Asked, Days, Secrets},
        store::{Added, Collected, Sqlite, Store, StoreError},
    },
    day::Day,
    layout::Layout,
    split::{Task, Vdaf, vdaf},
    tally::Tally,
};

/// So long a request is tried again that fails.
const TRY_AGAIN: Duration = Duration::from_secs(10);

/// More respondents than there are people.
const TOO_MANY: u64 = 1 << 33;

/// Asks the leader for a campaign's sums and adds them, each once.
#[derive(clap::Args)]
pub(super) struct Collect {
    /// The campaign's id
    #[arg(long, value_name = "ID")]
    campaign: String,

    /// This area only
    #[arg(long, value_name = "CODE")]
    area: Option<AreaCode>,

    /// First day of the reports; without it, all days of the campaign
    #[arg(long, value_name = "YYYY-MM-DD", requires = "until")]
    from: Option<Day>,

    /// Last day of the reports
    #[arg(long, value_name = "YYYY-MM-DD", requires = "from")]
    until: Option<Day>,

    /// So long to wait for the aggregators
    #[arg(long, value_name = "SECONDS", default_value_t = 600)]
    wait: u64,

    #[command(flatten)]
    kept: Kept,
}

/// What came of an area.
enum Outcome {
    /// Its sum is added now.
    Added { n: u64, fault: Option<String> },
    /// Its sum was added before.
    Before,
    /// There is nothing to add, and nothing is wrong.
    Nothing(String),
    /// Its sum could not be had.
    Failed(String),
}

impl Collect {
    /// Collects and tells what came of it.
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let store = self.kept.store()?;
        let campaign = campaign(&store, &self.campaign)?;
        let (from, until) = self.days(&campaign)?;
        let codes: Vec<AreaCode> = campaign.areas.iter().map(|area| area.code.clone()).collect();
        if let Some(area) = self.area.as_ref().filter(|area| !codes.contains(area)) {
            let code = area.as_str();
            return Err(format!("{code} is no area of {}", campaign.id).into());
        }
        if campaign.aggregators.one_body() {
            let why = "the collector runs both aggregators itself, and shows their sums already";
            return Err(format!("there is nothing to collect for {}: {why}", campaign.id).into());
        }
        let layout = questionnaire(&store, &campaign)?.layout;
        let mut secrets = Secrets::open(&self.kept.data)?;
        if secrets.get(&campaign.id).is_none() {
            return Err(format!("there are no keys for {}: anxin dap tasks makes them", campaign.id).into());
        }
        let days = codes.into_iter().filter(|code| self.area.as_ref().is_none_or(|area| area == code));
        let days: Vec<Days> = days.map(|area| Days { area, from, until }).collect();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let mut work = Work { store: &store, campaign: &campaign, layout: &layout, secrets, wait: self.wait };
        let outcomes = runtime.block_on(work.collect(days))?;
        print(&told(&campaign, (from, until), &outcomes))?;
        let failed = outcomes.iter().any(|(_, outcome)| matches!(outcome, Outcome::Failed(_)));
        Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    }

    /// The days to ask for: what is collected is closed, so none to which reports may still come.
    fn days(&self, campaign: &Campaign) -> Result<(Day, Day), Failure> {
        let (id, today) = (&campaign.id, self.kept.today());
        let closed = "days that are collected are closed, and a report that comes later is refused";
        let Some((from, until)) = self.from.zip(self.until) else {
            if !campaign.closed_on(today) {
                let last = campaign.closes.plus_days(campaign.grace_days);
                let how = "collect after that, or name days that are over with --from and --until";
                return Err(format!("{id} takes reports until {last}; {closed}: {how}").into());
            }
            return Ok((campaign.opens, campaign.closes));
        };
        if until < from {
            return Err(format!("{until} comes before {from}").into());
        }
        if !campaign.open_on(from) || !campaign.open_on(until) {
            return Err(format!("{id} is open from {} to {}", campaign.opens, campaign.closes).into());
        }
        if until >= today {
            return Err(format!("{until} is not over; {closed}").into());
        }
        Ok((from, until))
    }
}

/// What collecting works with.
struct Work<'w> {
    store: &'w Sqlite,
    campaign: &'w Campaign,
    layout: &'w Layout,
    secrets: Secrets,
    wait: u64,
}

/// A collection that the leader works on.
struct Running {
    days: Days,
    task: Task,
    collector: Collector<Vdaf>,
    job: CollectionJob<(), TimeInterval>,
}

impl Work<'_> {
    /// All are asked for first, so that the aggregators can work on all at once.
    async fn collect(&mut self, days: Vec<Days>) -> Result<Vec<(AreaCode, Outcome)>, Failure> {
        let deadline = Instant::now() + Duration::from_secs(self.wait);
        let mut outcomes = Vec::new();
        let mut running = Vec::new();
        for days in days {
            let area = days.area.clone();
            match self.ask(days, deadline).await? {
                Ok(job) => running.push(job),
                Err(outcome) => outcomes.push((area, outcome)),
            }
        }
        for running in running {
            let outcome = match timeout_at(deadline, running.collector.poll_until_complete(&running.job)).await {
                Ok(Ok(collection)) => self.add(&running, collection.report_count(), collection.aggregate_result())?,
                Ok(Err(refused)) => self.refused(&refused),
                Err(_) => self.refused(&Refused::CollectPollTimeout),
            };
            outcomes.push((running.days.area, outcome));
        }
        outcomes.sort_by(|(a, _), (b, _)| a.cmp(b));
        Ok(outcomes)
    }

    /// Notes a collection, and asks for it.
    async fn ask(&mut self, days: Days, deadline: Instant) -> Result<Result<Running, Outcome>, Failure> {
        let task = Task::of(self.campaign, &days.area, self.layout.len());
        let job = days.job(&task)?;
        let secret = self.secrets.get(&self.campaign.id).ok_or("the keys are gone")?;
        let known = secret.asked.iter().find(|asked| asked.days == days);
        let new = known.is_none();
        if known.is_some_and(|asked| asked.added.is_some()) {
            return Ok(Err(Outcome::Before));
        }
        if let Some(Asked { days: Days { from, until, .. }, .. }) =
            secret.asked.iter().find(|asked| new && asked.days.overlap(&days))
        {
            let why = format!("{from} to {until} were asked for before; a day can be collected once");
            return Ok(Err(Outcome::Failed(why)));
        }
        if new {
            secret.asked.push(Asked { days: days.clone(), job: job.to_string(), added: None });
        }
        let builder = Collector::builder(
            task.id,
            Url::parse(&self.campaign.aggregators.leader)?,
            secret.collector.clone(),
            secret.keys.clone(),
            vdaf(task.cells)?,
        );
        let pace = |first, last, in_all| ExponentialBackoff {
            initial_interval: Duration::from_secs(first),
            max_interval: Duration::from_secs(last),
            max_elapsed_time: Some(in_all),
            ..ExponentialBackoff::default()
        };
        let wait = Duration::from_secs(self.wait);
        let builder = builder.with_http_request_backoff(pace(1, 5, TRY_AGAIN.min(wait)));
        let collector = builder.with_collect_poll_backoff(pace(1, 30, wait)).build()?;
        self.secrets.write()?;

        let query = Query::new_time_interval(interval(&days)?);
        let asking = collector.start_collection_with_id(job, query, &());
        let refused = match timeout_at(deadline, asking).await {
            Ok(Ok(job)) => return Ok(Ok(Running { days, task, collector, job })),
            Ok(Err(refused)) => refused,
            Err(_) => Refused::CollectPollTimeout,
        };
        // What the leader would not begin is not closed either.
        if new && matches!(&refused, Refused::Http(answer) if answer.status().is_client_error()) {
            self.note(&days, None)?;
        }
        Ok(Err(self.refused(&refused)))
    }

    /// Checks a sum and adds it, once.
    fn add(&mut self, running: &Running, n: u64, cells: &[u128]) -> Result<Outcome, Failure> {
        let k = self.campaign.k;
        if n < u64::from(k) || n > TOO_MANY {
            return Ok(Outcome::Failed(format!(
                "the aggregators handed out a sum of {n}, and k is {k}: it is not kept"
            )));
        }
        let tally = Tally { n, cells: cells.iter().map(|&cell| u64::try_from(cell).unwrap_or(u64::MAX)).collect() };
        let fault = tally.check(self.layout).err().map(|bad| bad.to_string());
        // A sum with a fault is told but not shown; no cell of it may run over when it meets another.
        let tally = Tally { n, cells: tally.cells.iter().map(|&cell| cell.min(n)).collect() };
        let days = &running.days;
        let id = days.sum(&running.task);
        let collected = Collected { id, area: days.area.clone(), day: days.until, tally, fault: fault.clone() };
        let added = self.store.add_collected(self.campaign, &collected)?;
        self.note(days, Some(n))?;
        Ok(if added == Added::Counted { Outcome::Added { n, fault } } else { Outcome::Before })
    }

    /// Notes that a sum is added, or that it was not asked for.
    fn note(&mut self, days: &Days, added: Option<u64>) -> Result<(), StoreError> {
        let secret = self.secrets.get(&self.campaign.id).ok_or("the keys are gone")?;
        match added {
            Some(_) => secret.asked.iter_mut().filter(|asked| asked.days == *days).for_each(|it| it.added = added),
            None => secret.asked.retain(|asked| asked.days != *days),
        }
        self.secrets.write()
    }

    /// Why there is no sum, for people.
    fn refused(&self, refused: &Refused) -> Outcome {
        let leader = &self.campaign.aggregators.leader;
        Outcome::Failed(match refused {
            Refused::Http(answer) => match answer.dap_problem_type() {
                Some(DapProblemType::InvalidBatchSize) => {
                    return Outcome::Nothing(format!("nothing: fewer than {} reports", self.campaign.k));
                }
                Some(DapProblemType::UnauthorizedRequest) => {
                    "the leader does not know this collector: it needs the leader-tasks.yaml of this data directory"
                        .into()
                }
                Some(DapProblemType::UnrecognizedTask) => {
                    "the leader does not know the task: leader-tasks.yaml is not provisioned there".into()
                }
                Some(DapProblemType::BatchOverlap | DapProblemType::BatchQueriedTooManyTimes) => {
                    "the leader has handed out some of these days before, by another request".into()
                }
                _ if answer.type_uri().is_some_and(|uri| uri.ends_with("#collection-job-abandoned")) => {
                    "the leader gave up: too few of the reports were in order, or the helper did not answer; \
                     its log tells which"
                        .into()
                }
                _ => {
                    let why = answer.detail().or(answer.title()).unwrap_or("without a reason");
                    format!("the leader answered {}: {}", answer.status(), printable(why))
                }
            },
            Refused::HttpClient(error) => format!("{leader} cannot be reached: {}", chain(error)),
            Refused::CollectPollTimeout => format!(
                "not ready after {} seconds; the same command goes on with it, --wait SECONDS waits longer",
                self.wait
            ),
            other => format!("the leader's answer cannot be read: {other}"),
        })
    }
}

fn interval(days: &Days) -> Result<Interval, StoreError> {
    let (start, last) = (Task::time(days.from), Task::time(days.until));
    let duration = janus_messages::Duration::from_seconds(last + Task::PRECISION_SECONDS - start);
    Ok(Interval::new(Time::from_seconds_since_epoch(start), duration)?)
}

/// An error with what lies under it.
fn chain(error: &dyn Error) -> String {
    let mut told = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let _ = write!(told, ": {cause}");
        next = cause.source();
    }
    told
}

/// What another machine wrote, for a terminal.
fn printable(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).take(200).collect()
}

/// A line an area.
fn told(campaign: &Campaign, (from, until): (Day, Day), outcomes: &[(AreaCode, Outcome)]) -> String {
    let mut told = format!("{} from {from} to {until}\n", campaign.id);
    for (area, outcome) in outcomes {
        let words = match outcome {
            Outcome::Added { n, fault: None } => format!("{n} respondents added"),
            Outcome::Added { n, fault: Some(fault) } => {
                format!("the sum of {n} reports does not add up, and is shown as a fault: {fault}")
            }
            Outcome::Before => "added before; nothing has changed".into(),
            Outcome::Nothing(why) | Outcome::Failed(why) => why.clone(),
        };
        let _ = writeln!(told, "  {:<12} {words}", area.as_str());
    }
    told
}
