//! Tokens on disk: what they are good for, and the SHA-256 of each. See [`crate::collector::token`].

use rusqlite::{OptionalExtension, Row, params};

use super::{Sqlite, StoreError};
use crate::collector::token::{Digest, Role, Token};

/// The step that makes the table.
pub(super) const TABLE: &str = "
    -- Who may read figures that are not for everybody: of a token nothing but its SHA-256.
    CREATE TABLE token (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        role TEXT NOT NULL,
        area TEXT,
        expires TEXT,
        digest BLOB NOT NULL
    ) STRICT;
";

/// Tokens, as they are kept.
pub(in crate::collector) trait Tokens {
    /// All that are not revoked, in the order in which they were made.
    fn tokens(&self) -> Result<Vec<Token>, StoreError>;

    /// A token by its id, with its digest.
    fn token(&self, id: &str) -> Result<Option<(Token, Digest)>, StoreError>;

    /// Keeps a new one.
    fn add_token(&self, token: &Token, digest: &Digest) -> Result<(), StoreError>;

    /// Forgets one; `false` if there is none of this id.
    fn revoke_token(&self, id: &str) -> Result<bool, StoreError>;
}

impl Tokens for Sqlite {
    fn tokens(&self) -> Result<Vec<Token>, StoreError> {
        self.read(|db| {
            let mut statement =
                db.prepare_cached("SELECT id, name, role, area, expires, digest FROM token ORDER BY rowid")?;
            let mut rows = statement.query([])?;
            let mut tokens = Vec::new();
            while let Some(row) = rows.next()? {
                tokens.push(token(row)?.0);
            }
            Ok(tokens)
        })
    }

    fn token(&self, id: &str) -> Result<Option<(Token, Digest)>, StoreError> {
        self.read(|db| {
            let mut statement =
                db.prepare_cached("SELECT id, name, role, area, expires, digest FROM token WHERE id = ?1")?;
            statement.query_row([id], |row| Ok(token(row))).optional()?.transpose()
        })
    }

    fn add_token(&self, token: &Token, digest: &Digest) -> Result<(), StoreError> {
        self.write(|db| {
            db.execute(
                "INSERT INTO token VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    token.id,
                    token.name,
                    token.role.name(),
                    token.area.as_ref().map(|area| area.as_str()),
                    token.expires.map(|day| day.to_string()),
                    digest,
                ],
            )?;
            Ok(())
        })
    }

    fn revoke_token(&self, id: &str) -> Result<bool, StoreError> {
        self.write(|db| Ok(db.execute("DELETE FROM token WHERE id = ?1", [id])? == 1))
    }
}

fn token(row: &Row) -> Result<(Token, Digest), StoreError> {
    let role: String = row.get(2)?;
    let token = Token {
        id: row.get(0)?,
        name: row.get(1)?,
        role: Role::ALL.into_iter().find(|it| it.name() == role).ok_or("a token's role is unknown")?,
        area: row.get::<_, Option<String>>(3)?.map(|area| area.parse()).transpose()?,
        expires: row.get::<_, Option<String>>(4)?.map(|day| day.parse()).transpose()?,
    };
    Ok((token, row.get(5)?))
}
