//! Which files the facts announce: a file is taken only if a fact names it.

use sqlx::{AnyConnection, AssertSqlSafe, Row as _};
use sync_core::id::BlobHash;

use super::streams::StreamKey;
use super::{StoreError, sql};

/// A file that a fact announces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// Digest of the file.
    pub hash: BlobHash,
    /// Its size.
    pub bytes: u64,
    /// The stream whose fact announces it.
    pub stream: StreamKey,
}

/// Notes that files are announced; one that already is stays as it is.
pub(crate) async fn expect(db: &mut AnyConnection, files: &[&Expected]) -> Result<(), StoreError> {
    for files in files.chunks(sql::ROWS) {
        let text = sql::values(
            "INSERT INTO announced_files (hash, stream, bytes) VALUES",
            3,
            files.len(),
            "ON CONFLICT (hash, stream) DO NOTHING",
        );
        let mut query = sqlx::query(AssertSqlSafe(text)).persistent(files.len() == sql::ROWS);
        for file in files {
            query = query
                .bind(file.hash.as_bytes().as_slice())
                .bind(file.stream.as_bytes())
                .bind(super::number(file.bytes));
        }
        query.execute(&mut *db).await?;
    }
    Ok(())
}

/// Where a file is announced, with its size; empty when no fact names it.
pub async fn announced(
    db: &mut AnyConnection,
    hash: BlobHash,
) -> Result<Vec<Expected>, StoreError> {
    let rows =
        sqlx::query("SELECT stream, bytes FROM announced_files WHERE hash = $1 ORDER BY stream")
            .bind(hash.as_bytes().as_slice())
            .fetch_all(db)
            .await?;
    rows.iter()
        .map(|row| {
            Ok(Expected {
                hash,
                bytes: super::count(row.try_get(1)?),
                stream: StreamKey::read(row.try_get(0)?)?,
            })
        })
        .collect()
}
