//! Files that are on disk, and reference data.

use sqlx::{AnyConnection, AssertSqlSafe, Row as _};
use sync_core::id::BlobHash;
use sync_core::time::Timestamp;

use super::sql::{self, Marks};
use super::{StoreError, count, number};

/// Notes files that are on disk.
pub async fn keep(
    db: &mut AnyConnection,
    files: &[(BlobHash, u64)],
    at: Timestamp,
) -> Result<(), StoreError> {
    for files in sql::parts(files) {
        let head = "INSERT INTO files (hash, bytes, kept_at) VALUES";
        let text = Marks::of(db).values(head, 3, files.len(), "ON CONFLICT (hash) DO NOTHING");
        let mut query = sqlx::query(AssertSqlSafe(text));
        for (hash, bytes) in files {
            query =
                query.bind(hash.as_bytes().as_slice()).bind(number(*bytes)).bind(at.as_millis());
        }
        query.execute(&mut *db).await?;
    }
    Ok(())
}

/// The size of a file that is on disk.
pub async fn size(db: &mut AnyConnection, hash: BlobHash) -> Result<Option<u64>, StoreError> {
    let row = sqlx::query("SELECT bytes FROM files WHERE hash = $1")
        .bind(hash.as_bytes().as_slice())
        .fetch_optional(db)
        .await?;
    row.map(|row| Ok(count(row.try_get(0)?))).transpose()
}

/// Puts the reference data of a group of readers.
pub async fn put_catalogue(
    db: &mut AnyConnection,
    readers: &str,
    bytes: &[u8],
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO catalogues (readers, bytes) VALUES ($1, $2) \
         ON CONFLICT (readers) DO UPDATE SET bytes = excluded.bytes",
    )
    .bind(readers)
    .bind(bytes)
    .execute(db)
    .await?;
    Ok(())
}

/// The reference data of a group of readers.
pub async fn catalogue(
    db: &mut AnyConnection,
    readers: &str,
) -> Result<Option<Vec<u8>>, StoreError> {
    let row = sqlx::query("SELECT bytes FROM catalogues WHERE readers = $1")
        .bind(readers)
        .fetch_optional(db)
        .await?;
    row.map(|row| Ok(row.try_get(0)?)).transpose()
}
