//! Facts: own ones with their place in the chain, received ones with their receipt.

use rusqlite::{OptionalExtension as _, Row, Transaction};
use sync_core::Refusal;
use sync_core::act::Admitted;
use sync_core::act::Fact;
use sync_core::id::{Digest, FactId};
use sync_core::ledger::receipt::Receipt;
use sync_core::ledger::stream::{StreamId, StreamKind};
use sync_core::time::Timestamp;

use super::{Store, failed, from_blob, state, to_blob, wanted};

/// An own fact for the outbox.
pub(crate) struct FactRow {
    pub(crate) id: FactId,
    pub(crate) state: i64,
    pub(crate) refusal: Option<Refusal>,
    pub(crate) bytes: Vec<u8>,
}

pub(crate) fn insert_own(tx: &Transaction<'_>, fact: &Fact) -> rusqlite::Result<()> {
    tx.execute(
        "INSERT INTO fact (id, stream, own, state, bytes) VALUES (?1, ?2, ?3, ?4, ?5)",
        (
            fact.id.as_bytes().as_slice(),
            to_blob(&fact.body.stream),
            i64::try_from(fact.body.seq).unwrap_or(i64::MAX),
            state::ONLY_HERE,
            fact.bytes(),
        ),
    )?;
    index(tx, fact)
}

pub(crate) fn insert_received(
    tx: &Transaction<'_>,
    receipt: Receipt,
    fact: &Fact,
) -> rusqlite::Result<()> {
    let stream = to_blob(&fact.body.stream);
    let mut insert = tx.prepare_cached(
        "INSERT INTO fact (id, stream, place, at, state, bytes) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (id) DO UPDATE
         SET place = excluded.place, at = excluded.at, state = excluded.state, refusal = NULL",
    )?;
    insert.execute((
        fact.id.as_bytes().as_slice(),
        &stream,
        i64::try_from(receipt.place).unwrap_or(i64::MAX),
        receipt.at.as_millis(),
        state::AT_SERVER,
        fact.bytes(),
    ))?;
    wanted::note(tx, &stream, &fact.statement)?;
    index(tx, fact)
}

pub(crate) fn receipt(tx: &Transaction<'_>, receipt: Receipt) -> rusqlite::Result<()> {
    let sql = "UPDATE fact SET place = ?2, at = ?3, state = ?4, refusal = NULL WHERE id = ?1";
    tx.prepare_cached(sql)?
        .execute((
            receipt.fact.as_bytes().as_slice(),
            i64::try_from(receipt.place).unwrap_or(i64::MAX),
            receipt.at.as_millis(),
            state::AT_SERVER,
        ))
        .map(drop)
}

/// Removes what is held of a stream except own work that has no verdict.
pub(crate) fn forget(tx: &Transaction<'_>, stream: &StreamId) -> rusqlite::Result<()> {
    let stream = to_blob(stream);
    tx.execute("DELETE FROM fact WHERE stream = ?1 AND own IS NULL", [&stream])?;
    tx.execute("DELETE FROM link WHERE stream = ?1 OR other = ?1", [&stream])?;
    tx.execute("DELETE FROM settled WHERE stream = ?1", [&stream])?;
    tx.execute("DELETE FROM wanted WHERE stream = ?1", [&stream])?;
    tx.execute(
        "DELETE FROM stream WHERE stream = ?1
         AND NOT EXISTS (SELECT 1 FROM fact WHERE fact.stream = ?1)",
        [&stream],
    )
    .map(drop)
}

/// Notes that two streams belong to the same case. What is settled is looked at again: it may be another case now.
pub(crate) fn link(tx: &Transaction<'_>, one: &StreamId, other: &StreamId) -> rusqlite::Result<()> {
    for (from, to) in [(one, other), (other, one)] {
        let (from, to) = (to_blob(from), to_blob(to));
        let new = tx
            .prepare_cached("INSERT OR IGNORE INTO link (stream, other) VALUES (?1, ?2)")?
            .execute((&from, &to))?;
        if new > 0 {
            tx.execute("DELETE FROM settled WHERE stream = ?1", [&from])?;
        }
    }
    Ok(())
}

fn index(tx: &Transaction<'_>, fact: &Fact) -> rusqlite::Result<()> {
    let stream = to_blob(&fact.body.stream);
    let kind = fact.body.stream.kind.number();
    tx.prepare_cached("INSERT OR IGNORE INTO stream (stream, kind) VALUES (?1, ?2)")?
        .execute((&stream, kind))?;
    Ok(())
}

/// The columns of [`admitted`].
const ADMITTED: &str = "fact.bytes, fact.place, fact.at";

fn admitted(row: &Row<'_>) -> rusqlite::Result<(Vec<u8>, Option<i64>, Option<i64>)> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
}

fn read((bytes, place, at): (Vec<u8>, Option<i64>, Option<i64>)) -> Result<Admitted, Refusal> {
    let fact = Fact::decode(&bytes)?;
    let receipt = place.zip(at).map(|(place, at)| Receipt {
        fact: fact.id,
        place: u64::try_from(place).unwrap_or_default(),
        at: Timestamp::from_millis(at),
    });
    Ok(Admitted { fact, receipt })
}

impl Store {
    /// The facts of a stream and of all that it is linked with, refused ones left out.
    pub(crate) fn case_facts(&self, stream: &StreamId) -> Result<Vec<Admitted>, Refusal> {
        let sql = format!(
            "WITH RECURSIVE linked (stream) AS (
                 SELECT ?1 UNION SELECT other FROM link JOIN linked ON link.stream = linked.stream
             )
             SELECT {ADMITTED} FROM fact
             WHERE state IN (0, 1, 3) AND stream IN (SELECT stream FROM linked)"
        );
        let mut statement = self.connection.prepare_cached(&sql).map_err(failed)?;
        let rows = statement.query_map([to_blob(stream)], admitted).map_err(failed)?;
        rows.map(|row| read(row.map_err(failed)?)).collect()
    }

    /// The streams of a kind.
    pub(crate) fn streams(&self, kind: StreamKind) -> Result<Vec<StreamId>, Refusal> {
        let sql = "SELECT stream FROM stream WHERE kind = ?1 ORDER BY rowid";
        let mut statement = self.connection.prepare_cached(sql).map_err(failed)?;
        let rows =
            statement.query_map([kind.number()], |row| row.get::<_, Vec<u8>>(0)).map_err(failed)?;
        rows.map(|row| from_blob(&row.map_err(failed)?)).collect()
    }

    /// The end of this device's chain.
    pub(crate) fn chain_end(&self) -> Result<(u64, Option<Digest>), Refusal> {
        let sql = "SELECT own, bytes FROM fact WHERE own IS NOT NULL ORDER BY own DESC LIMIT 1";
        let end: Option<(i64, Vec<u8>)> = self
            .connection
            .query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()
            .map_err(failed)?;
        match end {
            None => Ok((0, None)),
            Some((seq, bytes)) => {
                Ok((u64::try_from(seq).unwrap_or_default(), Some(Digest::of(&bytes))))
            }
        }
    }

    /// Own facts without a verdict, in the order of the chain; one more than `limit` says that more wait.
    pub(crate) fn unsent_facts(&self, limit: usize) -> Result<Vec<FactRow>, Refusal> {
        self.fact_rows("state = 0 AND own IS NOT NULL ORDER BY own LIMIT ?1", limit)
    }

    /// Own facts, newest first.
    pub(crate) fn own_facts(&self, limit: usize) -> Result<Vec<FactRow>, Refusal> {
        self.fact_rows("own IS NOT NULL ORDER BY own DESC LIMIT ?1", limit)
    }

    fn fact_rows(&self, condition: &str, limit: usize) -> Result<Vec<FactRow>, Refusal> {
        let sql = format!("SELECT id, state, refusal, bytes FROM fact WHERE {condition}");
        let mut statement = self.connection.prepare_cached(&sql).map_err(failed)?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = statement
            .query_map([limit], |row| {
                Ok((
                    row.get::<_, Vec<u8>>(0)?,
                    row.get(1)?,
                    row.get::<_, Option<Vec<u8>>>(2)?,
                    row.get(3)?,
                ))
            })
            .map_err(failed)?;
        rows.map(|row| {
            let (id, state, refusal, bytes) = row.map_err(failed)?;
            let refusal = refusal.map(|bytes| from_blob(&bytes)).transpose()?;
            Ok(FactRow { id: Digest::from_bytes(&id)?, state, refusal, bytes })
        })
        .collect()
    }
}
