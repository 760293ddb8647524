//! Files that are on disk, and reference data.

use std::collections::HashMap;

use sqlx::{AnyConnection, AssertSqlSafe, Row as _};
use sync_core::id::BlobHash;
use sync_core::time::Timestamp;

use super::sql::{self, Marks};
use super::{StoreError, count, number};
use crate::blobstore::Place;

/// Notes files that are on disk; one that is noted stays where it is.
pub async fn keep(
    db: &mut AnyConnection,
    files: &[(BlobHash, Place)],
    at: Timestamp,
) -> Result<(), StoreError> {
    for files in sql::parts(files) {
        let head = "INSERT INTO files (hash, pack, at, bytes, kept_at) VALUES";
        let tail = "ON CONFLICT (hash) DO NOTHING";
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

/// Where a file lies that is noted.
pub async fn place(db: &mut AnyConnection, hash: BlobHash) -> Result<Option<Place>, StoreError> {
    let row = sqlx::query("SELECT pack, at, bytes FROM files WHERE hash = $1")
        .bind(hash.as_bytes().as_slice())
        .fetch_optional(db)
        .await?;
    let place = |row: sqlx::any::AnyRow| {
        let (pack, at) = (count(row.try_get(0)?), count(row.try_get(1)?));
        Ok(Place { pack, at, len: count(row.try_get(2)?) })
    };
    row.map(place).transpose()
}

/// Where the last noted file of each pack ends.
pub async fn ends(db: &mut AnyConnection) -> Result<HashMap<u64, u64>, StoreError> {
    let text = "SELECT pack, MAX(at + bytes) FROM files GROUP BY pack";
    let rows = sqlx::query(text).fetch_all(db).await?;
    rows.iter().map(|row| Ok((count(row.try_get(0)?), count(row.try_get(1)?)))).collect()
}
