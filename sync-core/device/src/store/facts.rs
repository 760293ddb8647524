//! Facts: own ones with their place in the chain, received ones with their receipt.

use rusqlite::{Connection, OptionalExtension as _, Transaction};
use sync_core::Refusal;
use sync_core::act::Admitted;
use sync_core::act::Fact;
use sync_core::act::Statement;
use sync_core::id::{Digest, FactId};
use sync_core::ledger::receipt::Receipt;
use sync_core::ledger::stream::{StreamId, StreamKind};
use sync_core::time::Timestamp;

use super::{Store, failed, from_blob, kv, state, to_blob, wanted};

/// An own fact for the outbox.
pub(crate) struct FactRow {
    pub(crate) id: FactId,
    pub(crate) state: i64,
    pub(crate) refusal: Option<Refusal>,
    pub(crate) bytes: Vec<u8>,
}

/// How many facts were stated here before this device had its present name.
const CHAIN_FROM: &str = "chain_from";

fn chain_from(connection: &Connection) -> rusqlite::Result<i64> {
    let stored: Option<Vec<u8>> = connection
        .query_row("SELECT value FROM kv WHERE key = ?1", [CHAIN_FROM], |row| row.get(0))
        .optional()?;
    Ok(stored.and_then(|bytes| bytes.try_into().ok()).map_or(0, i64::from_be_bytes))
}

/// Begins a chain behind everything that was stated here: own facts keep their order in the outbox.
pub(crate) fn begin_chain(tx: &Transaction<'_>) -> rusqlite::Result<()> {
    let last: i64 = tx.query_row("SELECT coalesce(max(own), 0) FROM fact", [], |row| row.get(0))?;
    kv::put(tx, CHAIN_FROM, &last.to_be_bytes())
}

pub(crate) fn insert_own(tx: &Transaction<'_>, fact: &Fact) -> rusqlite::Result<()> {
    tx.execute(
        "INSERT INTO fact (id, stream, own, state, bytes) VALUES (?1, ?2, ?3, ?4, ?5)",
        (
            fact.id.as_bytes().as_slice(),
            to_blob(&fact.body.stream),
            chain_from(tx)?.saturating_add(i64::try_from(fact.seq()).unwrap_or(i64::MAX)),
            state::ONLY_HERE,
            fact.bytes(),
        ),
    )?;
    index_number(tx, fact)?;
    index(tx, fact)
}

/// Keeps a fact that a colleague's phone handed over; one that is known stays as it is.
pub(crate) fn insert_carried(tx: &Transaction<'_>, fact: &Fact) -> rusqlite::Result<()> {
    tx.execute(
        "INSERT OR IGNORE INTO fact (id, stream, state, bytes) VALUES (?1, ?2, ?3, ?4)",
        (fact.id.as_bytes().as_slice(), to_blob(&fact.body.stream), state::ONLY_HERE, fact.bytes()),
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
    index_number(tx, fact)?;
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
    tx.execute("DELETE FROM fact WHERE stream = ?1 AND own IS NULL AND state <> 0", [&stream])?;
    tx.execute("DELETE FROM link WHERE stream = ?1 OR other = ?1", [&stream])?;
    tx.execute("DELETE FROM settled WHERE stream = ?1", [&stream])?;
    tx.execute("DELETE FROM wanted WHERE stream = ?1", [&stream])?;
    tx.execute("DELETE FROM damaged WHERE stream = ?1", [&stream])?;
    tx.execute(
        "DELETE FROM stream WHERE stream = ?1
         AND NOT EXISTS (SELECT 1 FROM fact WHERE fact.stream = ?1)",
        [&stream],
    )
    .map(drop)
}

/// Links two streams of one case. Notes of settled streams are dropped: the case may have changed.
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
    note_stream(tx, &fact.body.stream)?;
    if let Statement::IssuedOnSite(it) = &fact.statement {
        // What the server will say of the link is known here already.
        let notice = StreamId::notice(it.notice.id);
        note_stream(tx, &notice)?;
        link(tx, &fact.body.stream, &notice)?;
    }
    Ok(())
}

/// Notes the number that an own statement or one that the server has taken over carries: the server holds a number to the
/// lease of its device, and a colleague's phone may say what it likes.
fn index_number(tx: &Transaction<'_>, fact: &Fact) -> rusqlite::Result<()> {
    match &fact.statement {
        Statement::IssuedOnSite(it) => note_number(tx, it.lease, it.notice.number.serial),
        _ => Ok(()),
    }
}

fn note_stream(tx: &Transaction<'_>, stream: &StreamId) -> rusqlite::Result<()> {
    tx.prepare_cached("INSERT OR IGNORE INTO stream (stream, kind) VALUES (?1, ?2)")?
        .execute((to_blob(stream), stream.kind.number()))
        .map(drop)
}

/// Notes that the numbers of a lease are used up to this one.
fn note_number(tx: &Transaction<'_>, lease: FactId, serial: u32) -> rusqlite::Result<()> {
    let sql = "INSERT INTO used_number (lease, last) VALUES (?1, ?2)
         ON CONFLICT (lease) DO UPDATE SET last = max(last, excluded.last)";
    tx.execute(sql, (lease.as_bytes().as_slice(), serial)).map(drop)
}

/// A row of a fact: its name, its bytes, place and time of its receipt.
type Row = (Vec<u8>, Vec<u8>, Option<i64>, Option<i64>);

/// A fact that has the name of its row; none of bytes that are not what they were.
fn read((id, bytes, place, at): Row) -> Option<Admitted> {
    let fact = Fact::decode(&bytes).ok().filter(|fact| fact.id.as_bytes()[..] == id)?;
    let receipt = place.zip(at).map(|(place, at)| Receipt {
        fact: fact.id,
        place: u64::try_from(place).unwrap_or_default(),
        at: Timestamp::from_millis(at),
    });
    Some(Admitted { fact, receipt })
}

/// What is held of a case.
pub(crate) struct CaseFacts {
    /// The facts.
    pub(crate) admitted: Vec<Admitted>,
    /// Whether one of them is known to be damaged, here or at the server.
    pub(crate) damaged: bool,
}

impl Store {
    /// The facts of a stream and of all that it is linked with, in the order in which they became known here. Refused ones
    /// are left out, and so is what a colleague handed over once it waits for a supervisor: its author alone hears of it.
    pub(crate) fn case_facts(&self, stream: &StreamId) -> Result<CaseFacts, Refusal> {
        let sql = "WITH RECURSIVE linked (stream) AS (
                 SELECT ?1 UNION SELECT other FROM link JOIN linked ON link.stream = linked.stream
             )
             SELECT fact.id, fact.bytes, fact.place, fact.at FROM fact
             WHERE (state IN (0, 1) OR state = 3 AND own IS NOT NULL) AND stream IN (SELECT stream FROM linked)
             ORDER BY fact.n";
        let mut statement = self.connection.prepare_cached(sql).map_err(failed)?;
        let rows = statement
            .query_map([to_blob(stream)], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })
            .map_err(failed)?;
        let (mut admitted, mut damaged) = (Vec::new(), self.has_damage(stream)?);
        for row in rows {
            match read(row.map_err(failed)?) {
                Some(fact) => admitted.push(fact),
                None => damaged = true,
            }
        }
        Ok(CaseFacts { admitted, damaged })
    }

    /// Whether a stream is known here and not as one of the same case as another.
    pub(crate) fn is_elsewhere(&self, stream: &StreamId, of: &StreamId) -> Result<bool, Refusal> {
        let sql = "SELECT EXISTS (SELECT 1 FROM stream WHERE stream = ?1)
             AND NOT EXISTS (SELECT 1 FROM link WHERE stream = ?1 AND other = ?2)";
        self.connection
            .query_row(sql, (to_blob(stream), to_blob(of)), |row| row.get(0))
            .map_err(failed)
    }

    /// The streams of a kind.
    pub(crate) fn streams(&self, kind: StreamKind) -> Result<Vec<StreamId>, Refusal> {
        let sql = "SELECT stream FROM stream WHERE kind = ?1 ORDER BY rowid";
        let mut statement = self.connection.prepare_cached(sql).map_err(failed)?;
        let rows =
            statement.query_map([kind.number()], |row| row.get::<_, Vec<u8>>(0)).map_err(failed)?;
        rows.map(|row| from_blob(&row.map_err(failed)?)).collect()
    }

    /// The last number that was used of a lease.
    pub(crate) fn last_number(&self, lease: FactId) -> Result<Option<u32>, Refusal> {
        let sql = "SELECT last FROM used_number WHERE lease = ?1";
        self.connection
            .query_row(sql, [lease.as_bytes().as_slice()], |row| row.get(0))
            .optional()
            .map_err(failed)
    }

    /// The end of this device's chain.
    pub(crate) fn chain_end(&self) -> Result<(u64, Option<Digest>), Refusal> {
        let sql = "SELECT own, bytes FROM fact WHERE own IS NOT NULL ORDER BY own DESC LIMIT 1";
        let end: Option<(i64, Vec<u8>)> = self
            .connection
            .query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()
            .map_err(failed)?;
        let from = chain_from(&self.connection).map_err(failed)?;
        match end.filter(|(own, _)| *own > from) {
            None => Ok((0, None)),
            Some((own, bytes)) => {
                let seq = u64::try_from(own - from).unwrap_or_default();
                Ok((seq, Some(Fact::decode(&bytes)?.link())))
            }
        }
    }

    /// Facts without a verdict, own ones and those that colleagues handed over, in the order in which they became known
    /// here: each comes after what it was stated over. One more than `limit` says that more wait.
    pub(crate) fn unsent_facts(&self, limit: usize) -> Result<Vec<FactRow>, Refusal> {
        self.fact_rows("state = 0 ORDER BY n LIMIT ?1", limit)
    }

    /// Own facts, newest first.
    pub(crate) fn own_facts(&self, limit: usize) -> Result<Vec<FactRow>, Refusal> {
        self.fact_rows("own IS NOT NULL ORDER BY own DESC LIMIT ?1", limit)
    }

    /// Whether a fact is held already.
    pub(crate) fn has_fact(&self, id: FactId) -> Result<bool, Refusal> {
        self.connection
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM fact WHERE id = ?1)")
            .and_then(|mut it| it.query_row([id.as_bytes().as_slice()], |row| row.get(0)))
            .map_err(failed)
    }

    pub(crate) fn fact_rows(&self, condition: &str, limit: usize) -> Result<Vec<FactRow>, Refusal> {
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
