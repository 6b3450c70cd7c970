//! The store on SQLite: one file in the data directory, one writer, readers beside it. All SQL is here.

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use rusqlite::{Connection, OptionalExtension, Row, Transaction, TransactionBehavior, params};
use sha2::{Digest, Sha256};

use super::{Added, Store, StoreError, blob};
use crate::{
    campaign::{Campaign, Channel},
    disclosure,
    results::Leaf,
    tally::{Batch, Tally},
};

/// Steps from an empty file to today's tables; `user_version` counts those done. Never edit one, add one.
const MIGRATIONS: [&str; 1] = ["
    CREATE TABLE questionnaire (hash TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT;

    CREATE TABLE campaign (id TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT;

    -- Which batches are counted: nothing of a batch but its name and the SHA-256 of its content.
    CREATE TABLE batch (
        campaign TEXT NOT NULL REFERENCES campaign,
        id TEXT NOT NULL,
        digest BLOB NOT NULL,
        PRIMARY KEY (campaign, id)
    ) STRICT, WITHOUT ROWID;

    -- The sum of all batches of a leaf, and the sum as it is shown (see disclosure.rs).
    CREATE TABLE tally (
        campaign TEXT NOT NULL REFERENCES campaign,
        questionnaire TEXT NOT NULL REFERENCES questionnaire,
        area TEXT NOT NULL,
        day TEXT NOT NULL,
        channel TEXT NOT NULL,
        n INTEGER NOT NULL,
        cells BLOB NOT NULL,
        shown_n INTEGER,
        shown_cells BLOB,
        PRIMARY KEY (campaign, questionnaire, area, day, channel)
    ) STRICT;
"];

/// The file in the data directory.
const FILE: &str = "anxin.sqlite";

/// Campaigns, questionnaires and sums in one SQLite file.
pub(in crate::collector) struct Sqlite {
    path: PathBuf,
    writer: Mutex<Connection>,
    /// Readers that are not at work. Their number is bounded by the work that [`crate::collector::shared`] lets in.
    readers: Mutex<Vec<Connection>>,
}

impl Sqlite {
    /// Opens the store in a directory, making or migrating its file.
    pub(in crate::collector) fn open(directory: &Path) -> Result<Self, StoreError> {
        let path = directory.join(FILE);
        let mut writer = connect(&path)?;
        migrate(&mut writer)?;
        Ok(Self { path, writer: Mutex::new(writer), readers: Mutex::default() })
    }

    fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let idle = lock(&self.readers).pop();
        let reader = idle.map_or_else(|| connect(&self.path), Ok)?;
        let result = work(&reader)?;
        lock(&self.readers).push(reader);
        Ok(result)
    }

    /// A transaction that is on disk when this returns, or has not happened.
    fn write<T>(&self, work: impl FnOnce(&Transaction) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let mut writer = lock(&self.writer);
        let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let result = work(&transaction)?;
        transaction.commit()?;
        Ok(result)
    }
}

impl Store for Sqlite {
    fn campaigns(&self) -> Result<Vec<Campaign>, StoreError> {
        self.read(|db| {
            let mut statement = db.prepare_cached("SELECT json FROM campaign ORDER BY rowid")?;
            let texts = statement.query_map([], |row| row.get::<_, String>(0))?;
            texts.map(|text| Ok(serde_json::from_str(&text?)?)).collect()
        })
    }

    fn campaign(&self, id: &str) -> Result<Option<Campaign>, StoreError> {
        self.read(|db| {
            let mut statement = db.prepare_cached("SELECT json FROM campaign WHERE id = ?1")?;
            let text: Option<String> = statement.query_row([id], |row| row.get(0)).optional()?;
            Ok(text.map(|text| serde_json::from_str(&text)).transpose()?)
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
            if db.query_row("SELECT EXISTS (SELECT 1 FROM campaign)", [], |row| row.get(0))? {
                return Ok(());
            }
            for (campaign, bytes) in fielded {
                db.execute(
                    "INSERT OR IGNORE INTO questionnaire VALUES (?1, ?2)",
                    params![campaign.questionnaire, bytes],
                )?;
                let json = serde_json::to_string(campaign)?;
                db.execute("INSERT INTO campaign VALUES (?1, ?2)", [&campaign.id, &json])?;
            }
            Ok(())
        })
    }

    fn counted(&self, campaign: &Campaign, batch: &Batch) -> Result<Option<Added>, StoreError> {
        self.read(|db| known(db, &campaign.id, batch, &digest(batch)?))
    }

    fn add_batch(&self, campaign: &Campaign, batch: &Batch) -> Result<Added, StoreError> {
        let digest = digest(batch)?;
        self.write(|db| {
            if let Some(known) = known(db, &campaign.id, batch, &digest)? {
                return Ok(known);
            }
            db.prepare_cached("INSERT INTO batch VALUES (?1, ?2, ?3)")?.execute(params![
                campaign.id,
                batch.id.as_str(),
                digest,
            ])?;
            let (mut sum, shown) = leaf(db, &campaign.id, batch)?;
            sum.merge(&batch.tally());
            let shown = disclosure::release(shown.as_ref(), &sum, campaign.k).or(shown.as_ref());
            put_leaf(db, &campaign.id, batch, &sum, shown)?;
            Ok(Added::Counted)
        })
    }

    fn leaves(&self, campaign: &Campaign) -> Result<Vec<Leaf>, StoreError> {
        self.read(|db| {
            let mut statement = db.prepare_cached(
                "SELECT shown_n, shown_cells, area, day, channel FROM tally
                 WHERE campaign = ?1 AND questionnaire = ?2 AND shown_n IS NOT NULL",
            )?;
            let mut rows = statement.query([&campaign.id, &campaign.questionnaire])?;
            let mut leaves = Vec::new();
            while let Some(row) = rows.next()? {
                leaves.push(Leaf {
                    tally: tally(row, 0)?.ok_or("a released sum is missing")?,
                    area: row.get::<_, String>(2)?.parse()?,
                    day: row.get::<_, String>(3)?.parse()?,
                    channel: channel(row.get_ref(4)?.as_str()?)?,
                });
            }
            Ok(leaves)
        })
    }
}

/// SHA-256 of the content, not of the bytes: white space makes no other batch.
fn digest(batch: &Batch) -> Result<Vec<u8>, StoreError> {
    Ok(Sha256::digest(serde_json::to_vec(batch)?).to_vec())
}

/// What is known of a batch's id.
fn known(db: &Connection, campaign: &str, batch: &Batch, digest: &[u8]) -> Result<Option<Added>, StoreError> {
    let mut statement = db.prepare_cached("SELECT digest FROM batch WHERE campaign = ?1 AND id = ?2")?;
    let known: Option<Vec<u8>> = statement.query_row([campaign, batch.id.as_str()], |row| row.get(0)).optional()?;
    Ok(known.map(|known| if known == digest { Added::Repeated } else { Added::Conflict }))
}

/// The sum of the leaf that a batch belongs to (empty if it is the first), and what is shown of it.
fn leaf(db: &Connection, campaign: &str, batch: &Batch) -> Result<(Tally, Option<Tally>), StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT n, cells, shown_n, shown_cells FROM tally
         WHERE campaign = ?1 AND questionnaire = ?2 AND area = ?3 AND day = ?4 AND channel = ?5",
    )?;
    let mut rows = statement.query(params![
        campaign,
        batch.questionnaire,
        batch.area.as_str(),
        batch.day.to_string(),
        batch.channel.name(),
    ])?;
    match rows.next()? {
        Some(row) => Ok((tally(row, 0)?.ok_or("a sum is missing")?, tally(row, 2)?)),
        None => Ok((Tally::empty(batch.cells.len()), None)),
    }
}

fn put_leaf(
    db: &Connection,
    campaign: &str,
    batch: &Batch,
    sum: &Tally,
    shown: Option<&Tally>,
) -> Result<(), StoreError> {
    db.prepare_cached("INSERT OR REPLACE INTO tally VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")?.execute(params![
        campaign,
        batch.questionnaire,
        batch.area.as_str(),
        batch.day.to_string(),
        batch.channel.name(),
        sum.n,
        blob::encode(&sum.cells),
        shown.map(|tally| tally.n),
        shown.map(|tally| blob::encode(&tally.cells)),
    ])?;
    Ok(())
}

/// A tally in two columns: n and cells.
fn tally(row: &Row, column: usize) -> Result<Option<Tally>, StoreError> {
    let Some(n) = row.get(column)? else { return Ok(None) };
    let cells = blob::decode(row.get_ref(column + 1)?.as_blob()?).ok_or("cells are damaged")?;
    Ok(Some(Tally { n, cells }))
}

fn channel(name: &str) -> Result<Channel, StoreError> {
    let known = [Channel::Tablet, Channel::Phone].into_iter().find(|channel| channel.name() == name);
    Ok(known.ok_or("a channel is unknown")?)
}

fn connect(path: &Path) -> Result<Connection, StoreError> {
    let db = Connection::open(path)?;
    // FULL: a commit is on disk, whatever happens to the power next (fullfsync says so to macOS).
    db.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON;
         PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000;",
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
    transaction.pragma_update(None, "user_version", MIGRATIONS.len())?;
    Ok(transaction.commit()?)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A transaction that panics rolls back, so what the lock guards is whole.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
