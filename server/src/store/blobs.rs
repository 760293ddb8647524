//! Which files the facts announce: a file is taken only if a fact names it.

use std::collections::BTreeSet;

use sqlx::{AnyConnection, AssertSqlSafe, Row as _};
use sync_core::id::BlobHash;

use super::StoreError;
use super::sql::{self, Marks};
use super::streams::StreamKey;

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
    for files in sql::parts(files) {
        let text = Marks::of(db).values(
            "INSERT INTO announced_files (hash, stream, bytes) VALUES",
            3,
            files.len(),
            "ON CONFLICT (hash, stream) DO NOTHING",
        );
        let mut query = sqlx::query(AssertSqlSafe(text));
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

/// What is known of a file that is about to come.
#[derive(Clone, Debug)]
pub struct Awaited {
    /// Its size, as the fact says.
    pub bytes: u64,
    /// Keys of the audiences of the stream whose fact announces it.
    pub audiences: BTreeSet<String>,
    /// Its size on disk, once it is there.
    pub kept: Option<u64>,
}

/// What is known of a file, for each stream that announces it; empty when no fact names it.
pub async fn awaited(db: &mut AnyConnection, hash: BlobHash) -> Result<Vec<Awaited>, StoreError> {
    let rows = sqlx::query(
        "SELECT announced_files.bytes, streams.audiences, files.bytes FROM announced_files \
         JOIN streams ON streams.stream = announced_files.stream \
         LEFT JOIN files ON files.hash = announced_files.hash \
         WHERE announced_files.hash = $1 ORDER BY announced_files.stream",
    )
    .bind(hash.as_bytes().as_slice())
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let audiences: &str = row.try_get(1)?;
            Ok(Awaited {
                bytes: super::count(row.try_get(0)?),
                audiences: audiences.split_whitespace().map(str::to_owned).collect(),
                kept: row.try_get::<Option<i64>, _>(2)?.map(super::count),
            })
        })
        .collect()
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
