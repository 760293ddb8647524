//! Files that are on disk, and reference data.

use std::collections::HashMap;

use sqlx::{AnyConnection, AssertSqlSafe, Row as _};
use sync_core::id::BlobHash;
use sync_core::refusal::Code;
use sync_core::time::Timestamp;

use super::sql::{self, Marks};
use super::{StoreError, count, number};

/// Where a file lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Number of the pack.
    pub pack: u64,
    /// Where its bytes begin.
    pub at: u64,
    /// How many they are.
    pub len: u64,
}

/// Notes files that are on disk; one that is noted stays where it is, unless it was found damaged there.
///
/// # Errors
/// `StoreError` when the database refuses the query.
pub async fn keep(
    db: &mut AnyConnection,
    files: &[(BlobHash, Place)],
    at: Timestamp,
) -> Result<(), StoreError> {
    for files in sql::parts(files) {
        let head = "INSERT INTO files (hash, pack, at, bytes, kept_at) VALUES";
        let tail = "ON CONFLICT (hash) DO UPDATE SET pack = excluded.pack, at = excluded.at, \
             bytes = excluded.bytes, kept_at = excluded.kept_at, damaged_at = NULL \
             WHERE files.damaged_at IS NOT NULL";
        let text = Marks::of(db).values(head, 5, files.len(), tail);
        let mut query = sqlx::query(AssertSqlSafe(text));
        for (hash, place) in files {
            query = query
                .bind(hash.as_bytes().as_slice())
                .bind(number(place.pack))
                .bind(number(place.at))
                .bind(number(place.len))
                .bind(at.as_millis());
        }
        query.execute(&mut *db).await?;
    }
    Ok(())
}

/// Where a file lies that is noted and was not found damaged.
///
/// # Errors
/// `StoreError` when the database refuses the query or a stored value cannot be read.
pub async fn place(db: &mut AnyConnection, hash: BlobHash) -> Result<Option<Place>, StoreError> {
    let row =
        sqlx::query("SELECT pack, at, bytes FROM files WHERE hash = $1 AND damaged_at IS NULL")
            .bind(hash.as_bytes().as_slice())
            .fetch_optional(db)
            .await?;
    let place = |row: sqlx::any::AnyRow| {
        let (pack, at) = (count(row.try_get(0)?), count(row.try_get(1)?));
        Ok(Place { pack, at, len: count(row.try_get(2)?) })
    };
    row.map(place).transpose()
}

/// Notes that a file at this place is not what was brought.
///
/// # Errors
/// What the database says.
pub async fn note_damaged(
    db: &mut AnyConnection,
    hash: BlobHash,
    place: Place,
    at: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE files SET damaged_at = $1 WHERE hash = $2 AND pack = $3 AND at = $4")
        .bind(at.as_millis())
        .bind(hash.as_bytes().as_slice())
        .bind(number(place.pack))
        .bind(number(place.at))
        .execute(db)
        .await?;
    Ok(())
}

/// Whether a decoder has read a file to its end.
///
/// # Errors
/// `StoreError` when the database refuses the query.
pub async fn is_looked(db: &mut AnyConnection, hash: BlobHash) -> Result<bool, StoreError> {
    let row = sqlx::query("SELECT COUNT(*) FROM looked_files WHERE hash = $1")
        .bind(hash.as_bytes().as_slice())
        .fetch_one(db)
        .await?;
    Ok(row.try_get::<i64, _>(0)? > 0)
}

/// Notes that a decoder has read a file to its end, and what was wrong with it. What was noted first stands.
///
/// # Errors
/// What the database says.
pub async fn note_looked(
    db: &mut AnyConnection,
    hash: BlobHash,
    flaw: Option<Code>,
    at: Timestamp,
) -> Result<(), StoreError> {
    let text = "INSERT INTO looked_files (hash, flaw, at) VALUES ($1, $2, $3) ON CONFLICT (hash) DO NOTHING";
    sqlx::query(text)
        .bind(hash.as_bytes().as_slice())
        .bind(flaw.map(Code::name))
        .bind(at.as_millis())
        .execute(db)
        .await?;
    Ok(())
}

/// Where the last noted file of each pack ends.
///
/// # Errors
/// `StoreError` when the database refuses the query or a stored value cannot be read.
pub async fn ends(db: &mut AnyConnection) -> Result<HashMap<u64, u64>, StoreError> {
    let text = "SELECT pack, MAX(at + bytes) FROM files GROUP BY pack";
    let rows = sqlx::query(text).fetch_all(db).await?;
    rows.iter().map(|row| Ok((count(row.try_get(0)?), count(row.try_get(1)?)))).collect()
}
