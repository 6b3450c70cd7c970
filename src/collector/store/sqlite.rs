//! The store on SQLite: one file in the data directory, one writer, readers beside it. All SQL is here and in the files
//! beside it.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use rusqlite::{Connection, OptionalExtension, Row, Transaction, TransactionBehavior, params, types::ValueRef};
use sha2::{Digest, Sha256};

use super::{
    Added, Arrived, Collected, Known, Named, Store, StoreError, doors,
    migrations::{DOORS_TOLD, MIGRATIONS},
    steps, views,
};
use crate::{
    area::AreaCode,
    campaign::{Campaign, Channel},
    collector::world,
    day::Day,
    disclosure::{self, decisions::Decisions},
    fieldwork::Fieldwork,
    leb128,
    period::Period,
    questionnaire::Questionnaire,
    results::{Selection, fieldwork::FieldworkSum, view::View},
    split::{AtRest, Pair, Sum, Task},
    statistic::margins::Margins,
    tally::{BadTally, Batch, Tally},
};

/// The file in the data directory.
const FILE: &str = "anxin.sqlite";

/// Campaigns, questionnaires and sums in one SQLite file.
pub(in crate::collector) struct Sqlite {
    path: PathBuf,
    writer: Mutex<Connection>,
    /// Readers that are not at work. Their number is bounded by the work that [`crate::collector::shared`] lets in.
    readers: Mutex<Vec<Connection>>,
    /// The campaigns that were read, by id, and how often each had been changed: one of a hundred thousand areas takes
    /// its time.
    read: Mutex<BTreeMap<String, (u64, Arc<Campaign>)>>,
}

impl Sqlite {
    /// Opens the store in a directory, making or migrating its file.
    pub(in crate::collector) fn open(directory: &Path) -> Result<Self, StoreError> {
        let path = directory.join(FILE);
        let mut writer = connect(&path)?;
        migrate(&mut writer)?;
        Ok(Self { path, writer: Mutex::new(writer), readers: Mutex::default(), read: Mutex::default() })
    }

    /// Whether there are sums of shares, which only their aggregators' keys open.
    pub(in crate::collector) fn holds_shares(&self) -> Result<bool, StoreError> {
        self.read(|db| Ok(db.query_row("SELECT EXISTS (SELECT 1 FROM share)", [], |row| row.get(0))?))
    }

    pub(super) fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let idle = lock(&self.readers).pop();
        let reader = idle.map_or_else(|| connect(&self.path), Ok)?;
        let result = work(&reader)?;
        lock(&self.readers).push(reader);
        Ok(result)
    }

    /// A transaction that is on disk when this returns, or has not happened.
    pub(super) fn write<T>(&self, work: impl FnOnce(&Transaction) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let mut writer = lock(&self.writer);
        let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let result = work(&transaction)?;
        transaction.commit()?;
        Ok(result)
    }
}

impl Store for Sqlite {
    fn campaigns(&self) -> Result<Vec<Arc<Campaign>>, StoreError> {
        let ids: Vec<String> = self.read(|db| {
            let mut statement = db.prepare_cached("SELECT id FROM campaign ORDER BY rowid")?;
            let ids = statement.query_map([], |row| row.get(0))?;
            Ok(ids.collect::<Result<_, _>>()?)
        })?;
        ids.iter().filter_map(|id| self.campaign(id).transpose()).collect()
    }

    fn campaign(&self, id: &str) -> Result<Option<Arc<Campaign>>, StoreError> {
        self.read(|db| {
            // From the index alone: to a column behind the text of many areas, all of it would be read.
            let mut changes = db.prepare_cached("SELECT changes FROM campaign INDEXED BY changes WHERE id = ?1")?;
            let Some(changes) = changes.query_row([id], |row| row.get::<_, u64>(0)).optional()? else {
                return Ok(None);
            };
            if let Some((_, campaign)) = lock(&self.read).get(id).filter(|(known, _)| *known == changes) {
                return Ok(Some(campaign.clone()));
            }
            let mut statement = db.prepare_cached("SELECT changes, json FROM campaign WHERE id = ?1")?;
            let mut rows = statement.query([id])?;
            let Some(row) = rows.next()? else { return Ok(None) };
            let changes = row.get(0)?;
            let campaign: Arc<Campaign> = Arc::new(serde_json::from_str(row.get_ref(1)?.as_str()?)?);
            lock(&self.read).insert(id.to_owned(), (changes, campaign.clone()));
            Ok(Some(campaign))
        })
    }

    fn questionnaire(&self, hash: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.read(|db| {
            let mut statement = db.prepare_cached("SELECT bytes FROM questionnaire WHERE hash = ?1")?;
            Ok(statement.query_row([hash], |row| row.get(0)).optional()?)
        })
    }

    fn begin(&self, fielded: &[(Campaign, &[u8])]) -> Result<(), StoreError> {
        self.write(|db| {
            if !db.query_row("SELECT EXISTS (SELECT 1 FROM campaign)", [], |row| row.get(0))? {
                for (campaign, file) in fielded {
                    insert(db, campaign, file)?;
                }
            }
            name_all_tasks(db)
        })
    }

    fn add_campaign(&self, campaign: &Campaign, file: &[u8]) -> Result<bool, StoreError> {
        self.write(|db| {
            let new = insert(db, campaign, file)?;
            if new {
                name_tasks(db, campaign)?;
            }
            Ok(new)
        })
    }

    fn change_campaign(&self, id: &str, change: &dyn Fn(&mut Campaign)) -> Result<bool, StoreError> {
        self.write(|db| {
            let sql = "SELECT json FROM campaign WHERE id = ?1";
            let text: Option<String> = db.query_row(sql, [id], |row| row.get(0)).optional()?;
            let Some(text) = text else { return Ok(false) };
            let mut campaign = serde_json::from_str(&text)?;
            change(&mut campaign);
            Ok(db.execute("UPDATE campaign SET json = ?2 WHERE id = ?1", [id, &checked(&campaign)?])? == 1)
        })
    }

    fn counted(&self, campaign: &Campaign, named: &Named) -> Result<Option<Added>, StoreError> {
        self.read(|db| known(db, campaign, named))
    }

    fn add_batch(&self, campaign: &Campaign, named: &Named, batch: &Batch, tally: &Tally) -> Result<Added, StoreError> {
        self.write(|db| {
            if let Some(known) = known(db, campaign, named)? {
                return Ok(known);
            }
            know(db, campaign, named)?;
            add_to_leaf(db, campaign, (&batch.area, batch.day, batch.channel), tally, None)?;
            Ok(Added::Counted)
        })
    }

    fn add_fieldwork(&self, campaign: &Campaign, named: &Named, fieldwork: &Fieldwork) -> Result<Added, StoreError> {
        self.write(|db| {
            if let Some(known) = known(db, campaign, named)? {
                return Ok(known);
            }
            know(db, campaign, named)?;
            doors::add(db, campaign, fieldwork)?;
            Ok(Added::Counted)
        })
    }

    fn task(&self, id: &[u8; 32]) -> Result<Option<(String, AreaCode)>, StoreError> {
        self.read(|db| {
            let mut statement = db.prepare_cached("SELECT campaign, area FROM task WHERE id = ?1")?;
            let mut rows = statement.query([id])?;
            let Some(row) = rows.next()? else { return Ok(None) };
            Ok(Some((row.get(0)?, row.get::<_, String>(1)?.parse()?)))
        })
    }

    fn add_reports(&self, pair: &Pair, reports: &[Arrived]) -> Result<Vec<Added>, StoreError> {
        self.write(|db| {
            let mut sums: BTreeMap<(i64, Day), (&Known, Sum)> = BTreeMap::new();
            let mut outcomes = Vec::with_capacity(reports.len());
            for Arrived { known, verified } in reports {
                let task = task_number(db, &known.task)?;
                let new = db
                    .prepare_cached("INSERT OR IGNORE INTO report VALUES (?1, ?2)")?
                    .execute(params![task, verified.id.as_ref()])?;
                outcomes.push(if new == 1 { Added::Counted } else { Added::Repeated });
                if new == 1 {
                    let empty = || (&**known, Sum::empty(known.task.cells));
                    sums.entry((task, verified.day)).or_insert_with(empty).1.add(&verified.shares);
                }
            }
            for ((task, day), (known, mut sum)) in sums {
                if let Some(under_k) = shares(db, pair, task, day, known.task.cells)? {
                    sum.merge(&under_k);
                }
                put_shares(db, pair, (task, day), known, sum)?;
            }
            Ok(outcomes)
        })
    }

    fn forget_reports(&self, today: Day) -> Result<(), StoreError> {
        for campaign in self.campaigns()?.iter().filter(|campaign| campaign.closed_on(today)) {
            self.write(|db| {
                let sql = "DELETE FROM report WHERE task IN (SELECT number FROM task WHERE campaign = ?1)";
                Ok(db.execute(sql, [&campaign.id])?)
            })?;
        }
        // Gone is gone from the write-ahead log too.
        Ok(lock(&self.writer).query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?)
    }

    fn take_last_steps(&self, today: Day) -> Result<(), StoreError> {
        for campaign in self.campaigns()?.iter().filter(|campaign| campaign.closed_on(today)) {
            self.write(|db| steps::take(db, campaign, |shown, told| shown > told))?;
        }
        Ok(())
    }

    fn add_collected(&self, campaign: &Campaign, collected: &Collected) -> Result<Added, StoreError> {
        self.write(|db| {
            let digest = Sha256::digest(serde_json::to_vec(&collected.tally)?).to_vec();
            let new = db.prepare_cached("INSERT OR IGNORE INTO batch VALUES (?1, ?2, ?3)")?.execute(params![
                campaign.id,
                collected.id,
                digest
            ])?;
            if new == 0 {
                return Ok(Added::Repeated);
            }
            let leaf = (&collected.area, collected.day, Channel::Phone);
            add_to_leaf(db, campaign, leaf, &collected.tally, collected.fault.as_ref())?;
            Ok(Added::Counted)
        })
    }

    fn undecided(&self, campaign: &Campaign) -> Result<bool, StoreError> {
        self.read(|db| views::numbers(db, campaign)).map(|(taken, decided)| taken != decided)
    }

    fn decide(&self, campaign: &Campaign, questionnaire: &Questionnaire) -> Result<(), StoreError> {
        let undecided = self.read(|db| views::undecided(&*db.unchecked_transaction()?, campaign))?;
        let Some((number, steps)) = undecided else { return Ok(()) };
        let (sizes, total) = (steps.sizes(questionnaire.layout.len()), steps.total(questionnaire.layout.len()));
        // Nothing waits for this but who wants to see it.
        let decisions = Decisions::of(&steps, questionnaire, campaign.k);
        self.write(|db| views::keep(db, campaign, number, (&sizes, &total), &decisions))
    }

    fn view(
        &self,
        campaign: &Campaign,
        questionnaire: &Questionnaire,
        selection: &Selection,
    ) -> Result<View, StoreError> {
        self.read(|db| views::view(&*db.unchecked_transaction()?, campaign, questionnaire, selection))
    }

    fn margins(&self, campaign: &Campaign) -> Result<Option<Margins>, StoreError> {
        self.read(|db| {
            let mut statement = db.prepare_cached("SELECT json FROM margins WHERE campaign = ?1")?;
            let json = statement.query_row([&campaign.id], |row| row.get::<_, String>(0)).optional()?;
            Ok(json.map(|json| serde_json::from_str(&json)).transpose()?)
        })
    }

    fn set_margins(&self, campaign: &Campaign, margins: Option<&Margins>) -> Result<(), StoreError> {
        self.write(|db| {
            match margins {
                Some(margins) => db
                    .prepare_cached("INSERT OR REPLACE INTO margins VALUES (?1, ?2)")?
                    .execute(params![campaign.id, serde_json::to_string(margins)?])?,
                None => db.prepare_cached("DELETE FROM margins WHERE campaign = ?1")?.execute([&campaign.id])?,
            };
            Ok(())
        })
    }

    fn doors(
        &self,
        campaign: &Campaign,
        areas: &[Option<&AreaCode>],
        month: Option<Period>,
    ) -> Result<Vec<FieldworkSum>, StoreError> {
        self.read(|db| {
            let db = db.unchecked_transaction()?;
            areas.iter().map(|area| doors::told(&db, campaign, *area, month)).collect()
        })
    }
}

/// What is known of a name.
fn known(db: &Connection, campaign: &Campaign, named: &Named) -> Result<Option<Added>, StoreError> {
    let mut statement = db.prepare_cached("SELECT digest FROM batch WHERE campaign = ?1 AND id = ?2")?;
    let known = statement.query_row([&campaign.id, named.id.as_str()], |row| row.get::<_, Vec<u8>>(0)).optional()?;
    Ok(known.map(|known| if known == named.digest { Added::Repeated } else { Added::Conflict }))
}

/// Keeps a name.
fn know(db: &Connection, campaign: &Campaign, named: &Named) -> Result<(), StoreError> {
    let mut statement = db.prepare_cached("INSERT INTO batch VALUES (?1, ?2, ?3)")?;
    statement.execute(params![campaign.id, named.id.as_str(), named.digest])?;
    Ok(())
}

/// A leaf of a campaign.
type LeafName<'l> = (&'l AreaCode, Day, Channel);

/// Adds a sum to a leaf, and releases what may be shown of it.
fn add_to_leaf(
    db: &Connection,
    campaign: &Campaign,
    leaf: LeafName,
    added: &Tally,
    fault: Option<&BadTally>,
) -> Result<(), StoreError> {
    let (area, day, channel) = (leaf.0.as_str(), leaf.1.to_string(), leaf.2.name());
    let mut statement = db.prepare_cached(
        "SELECT n, cells, shown_n, shown_cells, fault FROM tally
         WHERE campaign = ?1 AND questionnaire = ?2 AND area = ?3 AND day = ?4 AND channel = ?5",
    )?;
    let mut rows = statement.query(params![campaign.id, campaign.questionnaire, area, day, channel])?;
    let (mut sum, shown, faulty) = match rows.next()? {
        Some(row) => (tally(row, 0)?.ok_or("a sum is missing")?, tally(row, 2)?, row.get_ref(4)? != ValueRef::Null),
        None => (Tally::empty(added.cells.len()), None, false),
    };
    sum.merge(added);
    let released = disclosure::release(shown.as_ref(), &sum, campaign.k);
    let before = shown.as_ref().map_or(0, |tally| tally.n);
    let more = released.map_or(0, |tally| tally.n - before);
    let shown = released.or(shown.as_ref());
    db.prepare_cached(
        "INSERT INTO tally VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
         ON CONFLICT DO UPDATE SET n = ?6, cells = ?7, shown_n = ?8, shown_cells = ?9, fault = coalesce(fault, ?10)",
    )?
    .execute(params![
        campaign.id,
        campaign.questionnaire,
        area,
        day,
        channel,
        sum.n,
        leb128::encode(&sum.cells),
        shown.map(|tally| tally.n),
        shown.map(|tally| leb128::encode(&tally.cells)),
        fault.map(serde_json::to_string).transpose()?,
    ])?;
    // Of a sum that is wrong only those are shown who were in a step before.
    let visible = match (faulty, fault) {
        (true, _) => 0,
        (false, None) => more as i64,
        (false, Some(_)) => {
            let stepped = steps::of_leaf(db, campaign, [area, &day, channel])?.map_or(0, |sum| sum.n);
            stepped as i64 - before as i64
        }
    };
    views::reach(db, campaign, area, leaf.1, visible)?;
    steps::pace(db, campaign, more)?;
    steps::take(db, campaign, |shown, told| disclosure::due(shown, told, campaign.k))
}

/// A campaign as it is kept. Reading is checking.
fn checked(campaign: &Campaign) -> Result<String, StoreError> {
    let json = serde_json::to_string(campaign)?;
    serde_json::from_str::<Campaign>(&json)?;
    Ok(json)
}

/// Keeps a campaign and its questionnaire's file; `false`, and nothing, if there is one of its id.
fn insert(db: &Connection, campaign: &Campaign, file: &[u8]) -> Result<bool, StoreError> {
    let json = checked(campaign)?;
    if db.execute("INSERT OR IGNORE INTO campaign (id, json) VALUES (?1, ?2)", [&campaign.id, &json])? == 0 {
        return Ok(false);
    }
    db.execute("INSERT OR IGNORE INTO questionnaire VALUES (?1, ?2)", params![campaign.questionnaire, file])?;
    Ok(true)
}

/// Names the tasks of every campaign that are not named yet.
fn name_all_tasks(db: &Connection) -> Result<(), StoreError> {
    let mut statement = db.prepare("SELECT json FROM campaign")?;
    let texts: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    texts.iter().try_for_each(|text| name_tasks(db, &serde_json::from_str(text)?))
}

/// Names the tasks of a campaign that are not named yet.
fn name_tasks(db: &Connection, campaign: &Campaign) -> Result<(), StoreError> {
    let mut statement = db.prepare_cached("INSERT OR IGNORE INTO task (id, campaign, area) VALUES (?1, ?2, ?3)")?;
    for area in &campaign.areas {
        // The id does not depend on the number of cells.
        let task = Task::of(campaign, &area.code, 0);
        statement.execute(params![task.id.as_ref(), campaign.id, area.code.as_str()])?;
    }
    Ok(())
}

fn task_number(db: &Connection, task: &Task) -> Result<i64, StoreError> {
    let mut statement = db.prepare_cached("SELECT number FROM task WHERE id = ?1")?;
    Ok(statement.query_row([task.id.as_ref()], |row| row.get(0))?)
}

/// The sums of shares that are under k.
fn shares(db: &Connection, pair: &Pair, task: i64, day: Day, cells: usize) -> Result<Option<Sum>, StoreError> {
    let mut statement = db.prepare_cached("SELECT n, leader, helper FROM share WHERE task = ?1 AND day = ?2")?;
    let at_rest = statement
        .query_row(params![task, day.to_string()], |row| {
            Ok(AtRest { n: row.get(0)?, leader: row.get(1)?, helper: row.get(2)? })
        })
        .optional()?;
    Ok(at_rest.map(|it| it.open(pair, &place(task, day), cells)).transpose()?)
}

/// From k respondents on the two sums are put together and added to the leaf; fewer stay apart.
fn put_shares(
    db: &Connection,
    pair: &Pair,
    (task, day): (i64, Day),
    known: &Known,
    sum: Sum,
) -> Result<(), StoreError> {
    if let Some(tally) = sum.combine(known.campaign.k) {
        let fault = tally.check(&known.fielded.questionnaire.layout).err();
        add_to_leaf(db, &known.campaign, (&known.area, day, Channel::Phone), &tally, fault.as_ref())?;
        db.prepare_cached("DELETE FROM share WHERE task = ?1 AND day = ?2")?.execute(params![task, day.to_string()])?;
        return Ok(());
    }
    let at_rest = AtRest::seal(&sum, pair, &place(task, day), [world::random()?, world::random()?])?;
    db.prepare_cached("INSERT OR REPLACE INTO share VALUES (?1, ?2, ?3, ?4, ?5)")?.execute(params![
        task,
        day.to_string(),
        at_rest.n,
        at_rest.leader,
        at_rest.helper,
    ])?;
    Ok(())
}

fn place(task: i64, day: Day) -> String {
    format!("{task} {day}")
}

/// A tally in two columns, n and cells; none if they are empty.
fn tally(row: &Row, column: usize) -> Result<Option<Tally>, StoreError> {
    (row.get_ref(column)? != ValueRef::Null).then(|| steps::tally(row, column)).transpose()
}

pub(super) fn channel(name: &str) -> Result<Channel, StoreError> {
    let known = [Channel::Tablet, Channel::Phone].into_iter().find(|channel| channel.name() == name);
    Ok(known.ok_or("a channel is unknown")?)
}

fn connect(path: &Path) -> Result<Connection, StoreError> {
    let db = Connection::open(path)?;
    // FULL: a commit is on disk, whatever happens to the power next (fullfsync says so to macOS).
    // What is deleted is overwritten.
    db.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON;
         PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000; PRAGMA secure_delete = ON;",
    )?;
    Ok(db)
}

fn migrate(db: &mut Connection) -> Result<(), StoreError> {
    let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let done: usize = transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if done > MIGRATIONS.len() {
        return Err("it was written by a newer version of this program".into());
    }
    for step in &MIGRATIONS[done..] {
        transaction.execute_batch(step)?;
    }
    if done < DOORS_TOLD {
        doors::tell_all(&transaction)?;
    }
    transaction.pragma_update(None, "user_version", MIGRATIONS.len())?;
    Ok(transaction.commit()?)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A transaction that panics rolls back, so what the lock guards is whole.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
