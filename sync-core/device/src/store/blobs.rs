//! Where photos and other files are. The bytes lie in files, never here.

use rusqlite::{OptionalExtension as _, Transaction};
use sync_core::Refusal;
use sync_core::id::{BlobHash, Digest, FactId};
use sync_core::ledger::stream::StreamId;

use crate::report::Left;

use super::{Store, failed, from_blob, state, to_blob};

/// One file.
pub(crate) struct BlobRow {
    pub(crate) hash: BlobHash,
    pub(crate) stream: StreamId,
    pub(crate) bytes: u64,
    pub(crate) sent: u64,
    pub(crate) state: i64,
    /// Why it is not at the server; of one that is still to be sent, why the last attempt failed.
    pub(crate) refusal: Option<Refusal>,
    /// Whether a part was sent whose answer may not have come.
    pub(crate) begun: bool,
}

pub(crate) fn insert(
    tx: &Transaction<'_>,
    hash: BlobHash,
    stream: &StreamId,
    fact: FactId,
    bytes: u64,
) -> rusqlite::Result<()> {
    tx.execute(
        "INSERT OR IGNORE INTO blob (hash, stream, fact, bytes, sent, state)
         VALUES (?1, ?2, ?3, ?4, 0, ?5)",
        (
            hash.as_bytes().as_slice(),
            to_blob(stream),
            fact.as_bytes().as_slice(),
            i64::try_from(bytes).unwrap_or(i64::MAX),
            state::ONLY_HERE,
        ),
    )
    .map(drop)
}

pub(crate) fn uploaded(
    tx: &Transaction<'_>,
    hash: BlobHash,
    offset: u64,
    complete: bool,
) -> rusqlite::Result<()> {
    let known = if complete { state::AT_SERVER } else { state::ONLY_HERE };
    tx.execute(
        "UPDATE blob SET sent = ?2, state = ?3, refusal = NULL WHERE hash = ?1",
        (hash.as_bytes().as_slice(), i64::try_from(offset).unwrap_or(i64::MAX), known),
    )
    .map(drop)
}

pub(crate) fn refused(
    tx: &Transaction<'_>,
    hash: BlobHash,
    refusal: &Refusal,
) -> rusqlite::Result<()> {
    tx.execute(
        "UPDATE blob SET state = ?2, refusal = ?3 WHERE hash = ?1",
        (hash.as_bytes().as_slice(), state::REFUSED, to_blob(refusal)),
    )
    .map(drop)
}

pub(crate) fn turned_away(
    tx: &Transaction<'_>,
    hash: BlobHash,
    refusal: &Refusal,
) -> rusqlite::Result<()> {
    tx.execute(
        "UPDATE blob SET refusal = ?2 WHERE hash = ?1 AND state = ?3",
        (hash.as_bytes().as_slice(), to_blob(refusal), state::ONLY_HERE),
    )
    .map(drop)
}

pub(crate) fn no_thumbnail(
    tx: &Transaction<'_>,
    hash: BlobHash,
    refusal: &Refusal,
) -> rusqlite::Result<()> {
    tx.execute(
        "INSERT OR REPLACE INTO no_thumbnail (hash, refusal) VALUES (?1, ?2)",
        (hash.as_bytes().as_slice(), to_blob(refusal)),
    )
    .map(drop)
}

impl Store {
    /// Notes that a part of a file is sent: if its answer is lost, the server is asked where it stands.
    pub(crate) fn begin_upload(&mut self, hash: BlobHash) -> Result<(), Refusal> {
        let name = hash.as_bytes().as_slice().to_vec();
        let begun = self
            .connection
            .prepare_cached("SELECT begun FROM blob WHERE hash = ?1")
            .and_then(|mut it| it.query_row([&name], |row| row.get::<_, bool>(0)).optional())
            .map_err(failed)?;
        if begun != Some(false) {
            return Ok(());
        }
        self.write(|tx| tx.execute("UPDATE blob SET begun = 1 WHERE hash = ?1", [&name]).map(drop))
    }

    /// Why the server has no small picture of a file, if it said so.
    pub(crate) fn no_thumbnail(&self, hash: BlobHash) -> Result<Option<Refusal>, Refusal> {
        self.connection
            .prepare_cached("SELECT refusal FROM no_thumbnail WHERE hash = ?1")
            .and_then(|mut it| {
                it.query_row([hash.as_bytes().as_slice()], |row| row.get::<_, Vec<u8>>(0))
                    .optional()
            })
            .map_err(failed)?
            .map(|bytes| from_blob(&bytes))
            .transpose()
    }

    /// Own files that the server lacks and whose facts it has.
    pub(crate) fn uploads(&self, limit: usize) -> Result<Vec<BlobRow>, Refusal> {
        self.blob_rows(
            "state = 0 AND EXISTS (SELECT 1 FROM fact WHERE fact.id = blob.fact AND fact.state = 1)
             ORDER BY refusal IS NOT NULL, bytes LIMIT ?1",
            limit,
        )
    }

    /// Notes that own files are not here any more.
    pub(crate) fn lose_files(&mut self, lost: &[BlobHash]) -> Result<(), Refusal> {
        let sql = "UPDATE blob SET state = ?2 WHERE hash = ?1 AND state = ?3";
        self.write(|tx| {
            lost.iter().try_for_each(|hash| {
                tx.execute(sql, (hash.as_bytes().as_slice(), state::LOST, state::ONLY_HERE))
                    .map(drop)
            })
        })
    }

    /// Own files that the server lacks.
    pub(crate) fn unsent_files(&self) -> Result<Vec<BlobHash>, Refusal> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT hash FROM blob WHERE state = 0")
            .map_err(failed)?;
        let rows = statement.query_map([], |row| row.get::<_, Vec<u8>>(0)).map_err(failed)?;
        rows.map(|row| Digest::from_bytes(&row.map_err(failed)?)).collect()
    }

    /// How many own files are not here any more, without the server having them.
    pub(crate) fn lost_files(&self) -> Result<u64, Refusal> {
        let count = self.connection.query_row(
            "SELECT count(*) FROM blob WHERE state = ?1",
            [state::LOST],
            |row| row.get::<_, i64>(0),
        );
        count.map(|count| u64::try_from(count).unwrap_or_default()).map_err(failed)
    }

    /// Own files, whatever their state.
    pub(crate) fn own_blobs(&self, limit: usize) -> Result<Vec<BlobRow>, Refusal> {
        self.blob_rows("state <> 5 ORDER BY rowid DESC LIMIT ?1", limit)
    }

    fn blob_rows(&self, condition: &str, limit: usize) -> Result<Vec<BlobRow>, Refusal> {
        let sql = format!(
            "SELECT hash, stream, bytes, sent, state, refusal, begun FROM blob WHERE {condition}"
        );
        let mut statement = self.connection.prepare_cached(&sql).map_err(failed)?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = statement
            .query_map([limit], |row| {
                Ok((
                    row.get::<_, Vec<u8>>(0)?,
                    row.get::<_, Vec<u8>>(1)?,
                    row.get::<_, i64>(2)?,
                    row.get::<_, i64>(3)?,
                    row.get::<_, i64>(4)?,
                    row.get::<_, Option<Vec<u8>>>(5)?,
                    row.get::<_, bool>(6)?,
                ))
            })
            .map_err(failed)?;
        rows.map(|row| {
            let (hash, stream, bytes, sent, state, refusal, begun) = row.map_err(failed)?;
            Ok(BlobRow {
                hash: Digest::from_bytes(&hash)?,
                stream: from_blob(&stream)?,
                bytes: u64::try_from(bytes).unwrap_or_default(),
                sent: u64::try_from(sent).unwrap_or_default(),
                state,
                refusal: refusal.map(|bytes| from_blob(&bytes)).transpose()?,
                begun,
            })
        })
        .collect()
    }

    /// What the server lacks of all own files, or of all but one.
    pub(crate) fn left(&self, without: Option<BlobHash>) -> Result<Left, Refusal> {
        let without = without.map(|hash| hash.as_bytes().to_vec()).unwrap_or_default();
        self.connection
            .query_row(
                "SELECT count(*), coalesce(sum(bytes - sent), 0) FROM blob
                 WHERE state = 0 AND hash <> ?1",
                [without],
                |row| {
                    let number = |at| row.get::<_, i64>(at).map(|n| u64::try_from(n).unwrap_or(0));
                    Ok(Left { files: number(0)?, bytes: number(1)? })
                },
            )
            .map_err(failed)
    }

    /// How many own items are only here, and how many were not accepted: facts, changes, drafts with edits that
    /// are in no change yet, files.
    pub(crate) fn own_counts(&self) -> Result<(u64, u64), Refusal> {
        let sql = "WITH own (state) AS (
                 SELECT state FROM fact WHERE own IS NOT NULL
                 UNION ALL SELECT state FROM change WHERE own = 1
                 UNION ALL SELECT 0 FROM (SELECT DISTINCT inspection FROM journal)
                 UNION ALL SELECT state FROM blob WHERE state <> 5
             )
             SELECT count(*) FILTER (WHERE state = 0), count(*) FILTER (WHERE state IN (2, 4)) FROM own";
        let number = |n: i64| u64::try_from(n).unwrap_or_default();
        self.connection
            .prepare_cached(sql)
            .and_then(|mut it| {
                it.query_row([], |row| Ok((number(row.get(0)?), number(row.get(1)?))))
            })
            .map_err(failed)
    }

    /// The state of a file, if it is known here.
    pub(crate) fn blob_state(&self, hash: BlobHash) -> Result<Option<i64>, Refusal> {
        self.connection
            .query_row(
                "SELECT state FROM blob WHERE hash = ?1",
                [hash.as_bytes().as_slice()],
                |row| row.get(0),
            )
            .optional()
            .map_err(failed)
    }
}
