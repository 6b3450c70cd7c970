//! `anxin measure-views`: what a view of a campaign of very many areas and months takes, beside the bare sum of the
//! same rows in the same store.
//!
//! The data directory is kept, so that a browser can be pointed at it.

use std::{
    fmt::Write as _,
    fs,
    io::{Read, Write as _},
    net::{SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant},
};

use rusqlite::{Connection, params};
use serde::Serialize;
use serde_json::json;
use tokio::net::TcpListener;

use super::{Failure, print};
use crate::{
    area::AreaCode,
    campaign::{Area, Campaign, Channel},
    collector::{
        aggregators::KeyFiles,
        demonstration,
        listen::listen,
        routes,
        shared::Shared,
        signer,
        store::{Sqlite, Store, tell_doors},
        world::Clock,
    },
    day::Day,
    fieldwork::DayPart,
    layout::Cells,
    leb128,
    questionnaire::Questionnaire,
    simulate::Respondents,
    tally::Tally,
};

/// Respondents of an area in a month.
const RESPONDENTS: usize = 8;
/// So many sums are made up; the leaves take turns with them.
const SUMS: usize = 200;
/// The last month of each step: each as long as all before it.
const STEPS: [u16; 5] = [1, 2, 4, 8, u16::MAX];

/// Fills a data directory with a made-up campaign of very many areas and months, and measures its views
#[derive(clap::Args)]
pub(super) struct MeasureViews {
    /// Questionnaire file that the made-up respondents answer
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// How many areas
    #[arg(long, value_name = "N", default_value_t = 57_204, value_parser = clap::value_parser!(u32).range(1..=200_000))]
    areas: u32,

    /// How many months
    #[arg(long, value_name = "N", default_value_t = 12, value_parser = clap::value_parser!(u16).range(1..=12))]
    months: u16,

    /// Directory to fill; it is made, and must not be there
    #[arg(long, value_name = "DIR")]
    data: PathBuf,

    /// Print JSON, for programs
    #[arg(long)]
    json: bool,
}

/// What was measured.
#[derive(Serialize)]
struct Measured {
    areas: u32,
    months: u16,
    cells: usize,
    respondents: u64,
    /// Seconds in which it was decided what is told, beside the work of the collector.
    decided: f64,
    /// Most memory in use until then, in bytes.
    peak: Option<u64>,
    views: Vec<Viewed>,
}

/// A view.
#[derive(Serialize)]
struct Viewed {
    view: String,
    /// Rows of the store that the view sums up.
    rows: u64,
    /// Milliseconds to the end of the answer, asked first after a start.
    cold: f64,
    /// The same, asked again: the median of some.
    warm: f64,
    /// Milliseconds in which those rows are read and added up, and nothing else.
    sum: f64,
    /// Length of the answer.
    bytes: usize,
}

impl MeasureViews {
    /// Fills, measures and prints.
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let bytes = fs::read(&self.file).map_err(|error| format!("{}: {error}", self.file.display()))?;
        let questionnaire = Arc::new(Questionnaire::parse(&bytes)?);
        fs::create_dir(&self.data).map_err(|error| format!("cannot make {}: {error}", self.data.display()))?;
        let campaign = campaign(&questionnaire, self.areas, self.months)?;
        let store = Sqlite::open(&self.data)?;
        store.begin(&[(campaign.clone(), &bytes)])?;
        fill(&self.data, &campaign, &questionnaire, self.months)?;
        let start = Instant::now();
        store.decide(&campaign, &questionnaire)?;
        let decided = start.elapsed().as_secs_f64();
        let peak = super::measure::peak();
        drop(store);
        let measured = Measured {
            areas: self.areas,
            months: self.months,
            cells: questionnaire.layout.len(),
            respondents: u64::from(self.areas) * u64::from(self.months) * RESPONDENTS as u64,
            decided,
            peak,
            views: views(&self.data, &campaign)?,
        };
        print(&if self.json { serde_json::to_string(&measured)? + "\n" } else { told(&measured) })?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Six counties of some twenty towns of some twenty villages of some twenty grids each.
fn campaign(questionnaire: &Questionnaire, areas: u32, months: u16) -> Result<Campaign, Failure> {
    let like = demonstration::campaign(&questionnaire.definition.id, questionnaire, Day::new(2026, 1, 1)?);
    let place = |code: String, name: String| -> Result<Area, Failure> {
        Ok(Area {
            code: code.parse()?,
            name: [("zh-CN".to_owned(), name.clone()), ("en".to_owned(), name)].into_iter().collect(),
        })
    };
    let (mut grids, mut regions) = (Vec::new(), std::collections::BTreeMap::new());
    for grid in 0..areas {
        let (village, town, county) = (grid / 22, grid / 440, grid / 9_600);
        let code = format!("3306{:02}{:03}{:03}", 2 + county, town % 100 + 1, village % 20 + 1);
        for length in [6, 9, 12] {
            let code = &code[..length];
            regions.entry(code.to_owned()).or_insert_with(|| format!("区域{code}"));
        }
        grids.push(place(format!("{code}{:03}", grid % 22 + 1), format!("网格{grid}"))?);
    }
    let regions = regions.into_iter().map(|(code, name)| place(code, name)).collect::<Result<_, _>>()?;
    Ok(Campaign { id: "many".to_owned(), areas: grids, regions, closes: Day::new(2026, months as u8, 28)?, ..like })
}

/// Writes what the collector would have written, had all these respondents come by batches.
fn fill(data: &Path, campaign: &Campaign, questionnaire: &Arc<Questionnaire>, months: u16) -> Result<(), Failure> {
    let mut people = Respondents::new(questionnaire.clone(), 1);
    let sum = |_| {
        let mut tally = Tally::empty(questionnaire.layout.len());
        people.by_ref().take(RESPONDENTS).for_each(|response| tally.add(&Cells::encode(questionnaire, &response)));
        leb128::encode(&tally.cells)
    };
    let sums: Vec<Vec<u8>> = (0..SUMS).map(sum).collect();
    let mut db = Connection::open(data.join("anxin.sqlite"))?;
    db.pragma_update(None, "synchronous", "OFF")?;
    let (transaction, n) = (db.transaction()?, RESPONDENTS as u64);
    {
        let mut tally = transaction.prepare(
            "INSERT INTO tally (campaign, questionnaire, area, day, channel, n, cells, shown_n, shown_cells)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?6, ?7)",
        )?;
        let mut step = transaction.prepare("INSERT INTO step VALUES (?1, ?2, ?3, ?4, ?5, ?8, ?6, ?7)")?;
        let mut door = transaction.prepare("INSERT INTO door VALUES (?1, ?2, ?3, ?4, ?5)")?;
        let doors = [doors("completed"), doors("refused")].map(|it| it.to_string());
        let mut reach = transaction
            .prepare("INSERT INTO reach VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE SET n = n + excluded.n")?;
        let (id, questionnaire, channel) = (&campaign.id, &campaign.questionnaire, Channel::Tablet.name());
        for (index, area) in campaign.areas.iter().enumerate() {
            let code = area.code.as_str();
            for month in 1..=months {
                let (day, cells) = (format!("2026-{month:02}-15"), &sums[(index * 7 + usize::from(month)) % SUMS]);
                let number = 1 + STEPS.iter().take_while(|last| **last < month).count();
                tally.execute(params![id, questionnaire, code, day, channel, n, cells])?;
                step.execute(params![id, questionnaire, code, day, channel, n, cells, number])?;
                for (part, doors) in DayPart::ALL.iter().zip(&doors) {
                    door.execute(params![id, code, day, part.name(), doors])?;
                }
                for period in [&day, &day[..7], ""] {
                    for digits in 0..=code.len() {
                        reach.execute(params![id, questionnaire, &code[..digits], period, n])?;
                    }
                }
            }
        }
        let all = campaign.areas.len() as u64 * u64::from(months) * n;
        let last = 1 + STEPS.iter().take_while(|last| **last < months).count();
        transaction.execute("INSERT INTO pace VALUES (?1, ?2, ?3, ?3, ?4)", params![id, questionnaire, all, last])?;
    }
    tell_doors(&transaction, campaign)?;
    Ok(transaction.commit()?)
}

/// What came of as many doors of an area in a part of a day as are told.
fn doors(met: &str) -> serde_json::Value {
    json!({ "outcomes": { met: RESPONDENTS, "nobody_home": RESPONDENTS }, "callbacks": { "nobody_home": 1 } })
}

/// Measures views from the whole down to a grid.
fn views(data: &Path, campaign: &Campaign) -> Result<Vec<Viewed>, Failure> {
    let code = campaign.areas[campaign.areas.len() / 2].code.as_str();
    let whole = [("all", "", ""), ("all, a month", "", "2026-01")];
    let parts = [(6, "a county"), (9, "a town"), (12, "a village"), (15, "a grid")];
    let parts =
        parts.into_iter().flat_map(|(digits, name)| [(name, &code[..digits], ""), (name, &code[..digits], "2026-01")]);
    let view = |(name, area, period): (&str, &str, &str)| {
        let (rows, sum) = bare(data, campaign, area, period)?;
        let (cold, warm, bytes) = served(data, campaign, area, period)?;
        let view =
            if period.is_empty() || name.contains("month") { name.to_owned() } else { format!("{name}, a month") };
        Ok(Viewed { view, rows, cold, warm, sum, bytes })
    };
    whole.into_iter().chain(parts).map(view).collect()
}

/// Reads and adds up the rows that a view is of: how many they are, and the milliseconds.
fn bare(data: &Path, campaign: &Campaign, area: &str, period: &str) -> Result<(u64, f64), Failure> {
    let db = Connection::open(data.join("anxin.sqlite"))?;
    let start = Instant::now();
    let mut statement = db.prepare(
        "SELECT shown_cells FROM tally WHERE campaign = ?1 AND questionnaire = ?2 AND area >= ?3 AND area < ?3 || ':'
             AND substr(day, 1, length(?4)) = ?4",
    )?;
    let mut rows = statement.query(params![campaign.id, campaign.questionnaire, area, period])?;
    let (mut count, mut sum): (u64, Vec<u64>) = (0, Vec::new());
    while let Some(row) = rows.next()? {
        let cells = leb128::decode(row.get_ref(0)?.as_blob()?).ok_or("cells are damaged")?;
        sum.resize(cells.len(), 0);
        sum.iter_mut().zip(cells).for_each(|(sum, cell)| *sum += cell);
        count += 1;
    }
    std::hint::black_box(sum);
    Ok((count, milliseconds(start.elapsed())))
}

/// Asks a collector that has just started, and asks it again: milliseconds of both, and the length of the answer.
fn served(data: &Path, campaign: &Campaign, area: &str, period: &str) -> Result<(f64, f64, usize), Failure> {
    let clock = Clock { stopped: Some(Day::new(2026, 12, 31)?) };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
    let address = listener.local_addr()?;
    let shared =
        Shared::new(Sqlite::open(data)?, KeyFiles::open(data, true)?, signer::public(&signer::open(data)?), clock);
    runtime.spawn(listen(listener, routes::router(Arc::new(shared)), std::future::pending()));
    let mut path = format!("/api/campaigns/{}/results?", campaign.id);
    if let Ok(area) = area.parse::<AreaCode>() {
        let _ = write!(path, "area={}&", area.as_str());
    }
    if !period.is_empty() {
        let _ = write!(path, "period={period}");
    }
    let (cold, bytes) = ask(address, &path)?;
    let again = (0..9).map(|_| Ok(ask(address, &path)?.0)).collect::<Result<Vec<f64>, Failure>>();
    let mut again = again?;
    again.sort_unstable_by(f64::total_cmp);
    Ok((cold, again[again.len() / 2], bytes))
}

fn ask(address: SocketAddr, path: &str) -> Result<(f64, usize), Failure> {
    let start = Instant::now();
    let mut stream = TcpStream::connect(address)?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    if !answer.starts_with(b"HTTP/1.1 200") {
        return Err(format!("{path}: {}", String::from_utf8_lossy(&answer)).into());
    }
    let took = milliseconds(start.elapsed());
    if !String::from_utf8_lossy(&answer).contains("\"fieldwork\":{") {
        return Err(format!("{path} tells of no doors").into());
    }
    Ok((took, answer.len()))
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// A table for people.
fn told(measured: &Measured) -> String {
    let Measured { areas, months, cells, respondents, decided, peak, views } = measured;
    let peak = peak.map_or_else(String::new, |bytes| format!(", {:.0} MB at most", bytes as f64 / 1e6));
    let mut told = format!(
        "{areas} areas, {months} months, {cells} cells, {respondents} respondents; decided in {decided:.1} s{peak}\n\n\
         {:<24}{:>10}{:>10}{:>10}{:>10}{:>10}\n",
        "view", "rows", "cold ms", "warm ms", "sum ms", "bytes"
    );
    for Viewed { view, rows, cold, warm, sum, bytes } in views {
        let _ = writeln!(told, "{view:<24}{rows:>10}{cold:>10.1}{warm:>10.1}{sum:>10.1}{bytes:>10}");
    }
    told
}
