//! Facts as they were signed.

use std::collections::HashMap;

use sqlx::{AnyConnection, AssertSqlSafe, Row as _};
use sync_core::id::{DeviceId, Digest, FactId};
use sync_core::time::Timestamp;

use super::StoreError;
use super::feed::Range;
use super::integrity::Integrity;
use super::sql::{self, Marks};
use super::streams::StreamKey;

/// A fact with its place and time.
#[derive(Clone, Debug)]
pub struct StoredFact {
    /// Its stream.
    pub stream: StreamKey,
    /// Its place within the stream.
    pub place: u64,
    /// Its name.
    pub id: FactId,
    /// When it was taken over.
    pub at: Timestamp,
    /// The device that stated it.
    pub device: DeviceId,
    /// Its number in the chain of the device.
    pub seq: u64,
    /// The bytes as signed.
    pub bytes: Vec<u8>,
    /// Whether the row is as it was when the fact was taken over. Nothing may be concluded from one that is not.
    pub whole: bool,
}

/// What is read of a fact.
const COLUMNS: &str = "SELECT stream, place, id, received_at, device, seq, bytes, seal FROM facts";

/// Every fact of `streams`, ascending by place.
///
/// # Errors
/// `StoreError` when the database refuses the query or a stored value cannot be read.
pub async fn of_streams(
    db: &mut AnyConnection,
    streams: &[StreamKey],
    integrity: &Integrity,
) -> Result<HashMap<StreamKey, Vec<StoredFact>>, StoreError> {
    let mut found: HashMap<StreamKey, Vec<StoredFact>> = HashMap::with_capacity(streams.len());
    for keys in streams.chunks(sql::KEYS) {
        let keys = sql::filled(keys);
        let head = format!("{COLUMNS} WHERE stream IN");
        let head = head.as_str();
        let text = Marks::of(db).within(head, keys.len(), "ORDER BY stream, place");
        let mut query = sqlx::query(AssertSqlSafe(text));
        for key in keys {
            query = query.bind(key.as_bytes());
        }
        for row in query.fetch_all(&mut *db).await? {
            let fact = read(&row, integrity)?;
            found.entry(fact.stream).or_default().push(fact);
        }
    }
    Ok(found)
}

/// The facts at `places` (first and last, both included) of their streams.
///
/// # Errors
/// `StoreError` when the database refuses the query or a stored value cannot be read.
pub async fn ranges(
    db: &mut AnyConnection,
    places: &[Range],
    integrity: &Integrity,
) -> Result<Vec<StoredFact>, StoreError> {
    let mut found = Vec::new();
    for places in places.chunks(RANGES) {
        let text = range_text(Marks::of(db), &format!("{COLUMNS} WHERE"), places.len());
        let mut query = sqlx::query(AssertSqlSafe(text)).persistent(places.len() == RANGES);
        for Range { stream, first, last } in places {
            query = query.bind(stream.as_bytes());
            query = query.bind(super::number(*first)).bind(super::number(*last));
        }
        for row in query.fetch_all(&mut *db).await? {
            found.push(read(&row, integrity)?);
        }
    }
    Ok(found)
}

/// The last place of each of these streams in which there is a fact.
///
/// # Errors
/// `StoreError` when the database refuses the query or a stored value cannot be read.
pub async fn ends(
    db: &mut AnyConnection,
    streams: &[StreamKey],
) -> Result<HashMap<StreamKey, u64>, StoreError> {
    ends_in(db, "facts", streams).await
}

/// The last places of streams in a table with the columns `stream` and `place`.
pub(super) async fn ends_in(
    db: &mut AnyConnection,
    table: &'static str,
    streams: &[StreamKey],
) -> Result<HashMap<StreamKey, u64>, StoreError> {
    let mut found = HashMap::new();
    for keys in streams.chunks(sql::KEYS) {
        let keys = sql::filled(keys);
        let head = format!("SELECT stream, MAX(place) FROM {table} WHERE stream IN");
        let text = Marks::of(db).within(&head, keys.len(), "GROUP BY stream");
        let mut query = sqlx::query(AssertSqlSafe(text));
        for key in keys {
            query = query.bind(key.as_bytes());
        }
        for row in query.fetch_all(&mut *db).await? {
            found.insert(StreamKey::read(row.try_get(0)?)?, super::count(row.try_get(1)?));
        }
    }
    Ok(found)
}

/// The last number of a device's chain at which there is a fact; 0 without any.
///
/// # Errors
/// `StoreError` when the database refuses the query.
pub async fn end_of_chain(db: &mut AnyConnection, device: DeviceId) -> Result<u64, StoreError> {
    let row = sqlx::query("SELECT MAX(seq) FROM facts WHERE device = $1")
        .bind(device.as_bytes().as_slice())
        .fetch_one(db)
        .await?;
    Ok(row.try_get::<Option<i64>, _>(0)?.map_or(0, super::count))
}

/// The chains whose rows do not know of their last number, with it. The server numbers its own facts by their places.
///
/// # Errors
/// `StoreError` when the database refuses the query.
pub async fn unknown_chains(
    db: &mut AnyConnection,
    server: DeviceId,
) -> Result<Vec<(StreamKey, u64)>, StoreError> {
    // Rows are read after facts: whatever is stated meanwhile is known of then.
    let text = "SELECT device, MAX(seq) FROM facts WHERE device <> $1 GROUP BY device";
    let facts = sqlx::query(text).bind(server.as_bytes().as_slice()).fetch_all(&mut *db).await?;
    let known: HashMap<Vec<u8>, i64> = {
        let rows = sqlx::query("SELECT stream, facts FROM streams WHERE stream > $1")
            .bind(StreamKey::chain(DeviceId::from_bytes([0; 16])).as_bytes().to_vec())
            .fetch_all(db)
            .await?;
        rows.iter().filter_map(|row| Some((row.try_get(0).ok()?, row.try_get(1).ok()?))).collect()
    };
    let lacking = |row: &sqlx::any::AnyRow| {
        let device = super::id16(row.try_get(0).ok()?).ok()?;
        let (key, last) = (StreamKey::chain(DeviceId::from_bytes(device)), row.try_get(1).ok()?);
        let known = known.get(key.as_bytes()).copied().unwrap_or_default();
        (known < last).then_some((key, super::count(last)))
    };
    Ok(facts.iter().filter_map(lacking).collect())
}

/// Whether a fact is stored in a stream.
///
/// # Errors
/// `StoreError` when the database refuses the query.
pub async fn holds(
    db: &mut AnyConnection,
    stream: StreamKey,
    id: FactId,
) -> Result<bool, StoreError> {
    let row = sqlx::query("SELECT COUNT(*) FROM facts WHERE stream = $1 AND id = $2")
        .bind(stream.as_bytes())
        .bind(id.as_bytes().as_slice())
        .fetch_one(db)
        .await?;
    Ok(row.try_get::<i64, _>(0)? > 0)
}

/// Ranges asked for in one statement; SQLite bounds the depth of the condition.
pub(crate) const RANGES: usize = 32;

/// Joins conditions on ranges of places, for tables with the columns `stream` and `place`.
pub(crate) fn range_text(marks: Marks, head: &str, count: usize) -> String {
    let mut text = String::from(head);
    for index in 0..count {
        let words = [" (stream = ", " AND place BETWEEN ", " AND "];
        text.push_str(if index > 0 { " OR" } else { "" });
        for (word, number) in words.into_iter().zip(index * 3 + 1..) {
            text.push_str(word);
            marks.mark(&mut text, number);
        }
        text.push(')');
    }
    text
}

fn read(row: &sqlx::any::AnyRow, integrity: &Integrity) -> Result<StoredFact, StoreError> {
    let mut fact = plain(row)?;
    fact.whole = integrity.holds(&fact, row.try_get(7)?);
    Ok(fact)
}

/// A row as it is. A name or device that is none is read as that of nothing: no seal holds for it, so the row is
/// damaged like any other that was changed, and its neighbours are read.
fn plain(row: &sqlx::any::AnyRow) -> Result<StoredFact, StoreError> {
    let device = super::id16(row.try_get(4)?).unwrap_or_default();
    Ok(StoredFact {
        stream: StreamKey::read(row.try_get(0)?)?,
        place: super::count(row.try_get(1)?),
        id: super::digest(row.try_get(2)?).unwrap_or_else(|_| Digest::of(&[])),
        at: Timestamp::from_millis(row.try_get(3)?),
        device: DeviceId::from_bytes(device),
        seq: super::count(row.try_get(5)?),
        bytes: row.try_get(6)?,
        whole: false,
    })
}

/// Facts without a seal, from before there were seals, in the order in which they were taken over, at most `limit`
/// after one of them. None of them is whole yet.
///
/// # Errors
/// What the database says.
pub async fn unsealed(
    db: &mut AnyConnection,
    after: Option<&StoredFact>,
    limit: i64,
) -> Result<Vec<StoredFact>, StoreError> {
    let text = format!(
        "{COLUMNS} WHERE seal IS NULL AND (received_at > $1 OR (received_at = $1 AND \
         (stream > $2 OR (stream = $2 AND place > $3)))) ORDER BY received_at, stream, place LIMIT $4"
    );
    let rows = sqlx::query(AssertSqlSafe(text))
        .bind(after.map_or(i64::MIN, |it| it.at.as_millis()))
        .bind(after.map_or_else(Vec::new, |it| it.stream.as_bytes().to_vec()))
        .bind(after.map_or(0, |it| super::number(it.place)))
        .bind(limit)
        .fetch_all(db)
        .await?;
    rows.iter().map(plain).collect()
}

/// Seals a fact that has no seal.
///
/// # Errors
/// What the database says.
pub async fn put_seal(
    db: &mut AnyConnection,
    fact: &StoredFact,
    integrity: &Integrity,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE facts SET seal = $1 WHERE stream = $2 AND place = $3 AND seal IS NULL")
        .bind(integrity.seal(fact))
        .bind(fact.stream.as_bytes())
        .bind(super::number(fact.place))
        .execute(db)
        .await?;
    Ok(())
}

/// The facts that a device stated at the numbers `first` to `last` of its chain.
///
/// # Errors
/// `StoreError` when the database refuses the query or a stored value cannot be read.
pub async fn of_chain(
    db: &mut AnyConnection,
    device: DeviceId,
    first: u64,
    last: u64,
) -> Result<HashMap<u64, FactId>, StoreError> {
    let rows = sqlx::query(
        "SELECT seq, id FROM facts WHERE device = $1 AND seq BETWEEN $2 AND $3 ORDER BY seq",
    )
    .bind(device.as_bytes().as_slice())
    .bind(super::number(first))
    .bind(super::number(last))
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| Ok((super::count(row.try_get(0)?), super::digest(row.try_get(1)?)?)))
        .collect()
}

/// Adds facts. A place that is taken is an error, never an overwriting.
pub(crate) async fn add(
    db: &mut AnyConnection,
    facts: &[&StoredFact],
    integrity: &Integrity,
) -> Result<(), StoreError> {
    for facts in sql::parts(facts) {
        let text = Marks::of(db).values(
            "INSERT INTO facts (stream, place, id, received_at, device, seq, bytes, seal) VALUES",
            8,
            facts.len(),
            "",
        );
        let mut query = sqlx::query(AssertSqlSafe(text));
        for fact in facts {
            query = query
                .bind(fact.stream.as_bytes())
                .bind(super::number(fact.place))
                .bind(fact.id.as_bytes().as_slice())
                .bind(fact.at.as_millis())
                .bind(fact.device.as_bytes().as_slice())
                .bind(super::number(fact.seq))
                .bind(fact.bytes.as_slice())
                .bind(integrity.seal(fact));
        }
        query.execute(&mut *db).await?;
    }
    Ok(())
}
