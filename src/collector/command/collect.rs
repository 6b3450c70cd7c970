//! `anxin collect`: the sums that two other bodies have added up.

use std::{error::Error, fmt::Write, process::ExitCode, sync::Arc, time::Duration};

use janus_collector::{Collector, Error as Refused, ExponentialBackoff};
use janus_messages::{CollectionJobId, Interval, Query, Time, problem_type::DapProblemType};
use tokio::{
    sync::Semaphore,
    task::JoinSet,
    time::{Instant, timeout_at},
};
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
        janus::{Asked, Days, Secret, Secrets},
        store::{Added, Collected, Sqlite, Store, StoreError},
    },
    day::Day,
    layout::Layout,
    split::{Task, Vdaf, vdaf},
    tally::{BadTally, Tally},
};

/// So long a request is tried again that fails.
const TRY_AGAIN: Duration = Duration::from_secs(10);

/// So many requests to begin are under way at a time.
const AT_ONCE: usize = 8;

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
    Added { n: u64, fault: Option<BadTally> },
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

/// A collection that is noted, so that it can be asked for.
struct Noted {
    days: Days,
    task: Task,
    collector: Collector<Vdaf>,
    job: CollectionJobId,
    /// Whether it was not asked for before.
    new: bool,
}

/// What the leader made of a request.
enum Answer {
    Sum(u64, Vec<u128>),
    /// It would not begin.
    NotBegun(Refused),
    /// It began, and has no sum.
    NoSum(Refused),
}

impl Noted {
    /// Asks for it, and waits for it.
    async fn ask(&self, room: &Semaphore, deadline: Instant) -> Answer {
        let query = match interval(&self.days) {
            Ok(interval) => Query::new_time_interval(interval),
            Err(error) => return Answer::NotBegun(Refused::Message(error)),
        };
        let begin = async {
            let _place = room.acquire().await;
            self.collector.start_collection_with_id(self.job, query, &()).await
        };
        let job = match timeout_at(deadline, begin).await {
            Ok(Ok(job)) => job,
            Ok(Err(refused)) => return Answer::NotBegun(refused),
            Err(_) => return Answer::NotBegun(Refused::CollectPollTimeout),
        };
        match timeout_at(deadline, self.collector.poll_until_complete(&job)).await {
            Ok(Ok(sum)) => Answer::Sum(sum.report_count(), sum.aggregate_result().clone()),
            Ok(Err(refused)) => Answer::NoSum(refused),
            Err(_) => Answer::NoSum(Refused::CollectPollTimeout),
        }
    }
}

impl Work<'_> {
    /// All are noted, then asked for at once, so that the aggregators can work on all; each is added when it is there.
    async fn collect(&mut self, days: Vec<Days>) -> Result<Vec<(AreaCode, Outcome)>, Failure> {
        let deadline = Instant::now() + Duration::from_secs(self.wait);
        let room = Arc::new(Semaphore::new(AT_ONCE));
        let mut outcomes = Vec::new();
        let mut noted = Vec::new();
        for days in days {
            let area = days.area.clone();
            match self.note(days)? {
                Ok(it) => noted.push(it),
                Err(outcome) => outcomes.push((area, outcome)),
            }
        }
        self.secrets.write()?;
        let mut running = JoinSet::new();
        for noted in noted {
            let room = room.clone();
            running.spawn(async move {
                let answer = noted.ask(&room, deadline).await;
                (noted, answer)
            });
        }
        while let Some(done) = running.join_next().await {
            let (noted, answer) = done?;
            let outcome = match answer {
                Answer::Sum(n, cells) => self.add(&noted, n, &cells)?,
                Answer::NoSum(refused) => self.refused(&refused),
                Answer::NotBegun(refused) => {
                    if closes_nothing(&refused, noted.new) {
                        self.asked()?.retain(|asked| asked.days != noted.days);
                        self.secrets.write()?;
                    }
                    self.refused(&refused)
                }
            };
            outcomes.push((noted.days.area, outcome));
        }
        outcomes.sort_by(|(a, _), (b, _)| a.cmp(b));
        Ok(outcomes)
    }

    fn secret(&mut self) -> Result<&mut Secret, StoreError> {
        Ok(self.secrets.get(&self.campaign.id).ok_or("the keys are gone")?)
    }

    fn asked(&mut self) -> Result<&mut Vec<Asked>, StoreError> {
        Ok(&mut self.secret()?.asked)
    }

    /// Notes a collection that may be asked for.
    fn note(&mut self, days: Days) -> Result<Result<Noted, Outcome>, Failure> {
        let task = Task::of(self.campaign, &days.area, self.layout.len());
        let (leader, wait) = (Url::parse(&self.campaign.aggregators.leader)?, Duration::from_secs(self.wait));
        let job = days.job(&task)?;
        let secret = self.secret()?;
        let known = secret.asked.iter().find(|asked| asked.days == days);
        if known.is_some_and(|asked| asked.added.is_some()) {
            return Ok(Err(Outcome::Before));
        }
        let new = known.is_none();
        if new {
            if let Some(Asked { days: Days { from, until, .. }, .. }) =
                secret.asked.iter().find(|asked| asked.days.overlap(&days))
            {
                let why = format!("{from} to {until} were asked for before; a day can be collected once");
                return Ok(Err(Outcome::Failed(why)));
            }
            secret.asked.push(Asked { days: days.clone(), job: job.to_string(), added: None });
        }
        let (token, keys) = (secret.collector.clone(), secret.keys.clone());
        let pace = |first, last, in_all| ExponentialBackoff {
            initial_interval: Duration::from_secs(first),
            max_interval: Duration::from_secs(last),
            max_elapsed_time: Some(in_all),
            ..ExponentialBackoff::default()
        };
        let collector = Collector::builder(task.id, leader, token, keys, vdaf(task.cells)?)
            .with_http_request_backoff(pace(1, 5, TRY_AGAIN.min(wait)))
            .with_collect_poll_backoff(pace(1, 30, wait))
            .build()?;
        Ok(Ok(Noted { days, task, collector, job, new }))
    }

    /// Checks a sum and adds it, once.
    fn add(&mut self, noted: &Noted, n: u64, cells: &[u128]) -> Result<Outcome, Failure> {
        let k = self.campaign.k;
        if n < u64::from(k) || n > TOO_MANY {
            return Ok(Outcome::Failed(format!(
                "the aggregators handed out a sum of {n}, and k is {k}: it is not kept"
            )));
        }
        let tally = Tally { n, cells: cells.iter().map(|&cell| u64::try_from(cell).unwrap_or(u64::MAX)).collect() };
        let fault = tally.check(self.layout).err();
        // A sum with a fault is told but not shown; no cell of it may run over when it meets another.
        let tally = Tally { n, cells: tally.cells.iter().map(|&cell| cell.min(n)).collect() };
        let days = &noted.days;
        let id = days.sum(&noted.task);
        let collected = Collected { id, area: days.area.clone(), day: days.until, tally, fault: fault.clone() };
        let added = self.store.add_collected(self.campaign, &collected)?;
        self.asked()?.iter_mut().filter(|asked| asked.days == *days).for_each(|asked| asked.added = Some(n));
        self.secrets.write()?;
        Ok(if added == Added::Counted { Outcome::Added { n, fault } } else { Outcome::Before })
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

/// Whether the leader would not begin a collection, so that its days may be asked for in another way. It
/// begins again what it has begun before; of that only too few reports say for sure that it had not.
fn closes_nothing(refused: &Refused, new: bool) -> bool {
    let Refused::Http(answer) = refused else { return false };
    (new && answer.status().is_client_error()) || answer.dap_problem_type() == Some(&DapProblemType::InvalidBatchSize)
}

fn interval(days: &Days) -> Result<Interval, janus_messages::Error> {
    let (start, last) = (Task::time(days.from), Task::time(days.until));
    let duration = janus_messages::Duration::from_seconds(last + Task::PRECISION_SECONDS - start);
    Interval::new(Time::from_seconds_since_epoch(start), duration)
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
