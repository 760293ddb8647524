//! Facts as they were signed.

use std::collections::HashMap;

use sqlx::{AnyConnection, AssertSqlSafe, Row as _};
use sync_core::id::{DeviceId, FactId};
use sync_core::time::Timestamp;

use super::StoreError;
use super::feed::Range;
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
}

/// Every fact of `streams`, ascending by place.
pub async fn of_streams(
    db: &mut AnyConnection,
    streams: &[StreamKey],
) -> Result<HashMap<StreamKey, Vec<StoredFact>>, StoreError> {
    let mut found: HashMap<StreamKey, Vec<StoredFact>> = HashMap::with_capacity(streams.len());
    for keys in streams.chunks(sql::KEYS) {
        let keys = sql::filled(keys);
        let head = "SELECT stream, place, id, received_at, device, seq, bytes FROM facts \
             WHERE stream IN";
        let text = Marks::of(db).within(head, keys.len(), "ORDER BY stream, place");
        let mut query = sqlx::query(AssertSqlSafe(text));
        for key in keys {
            query = query.bind(key.as_bytes());
        }
        for row in query.fetch_all(&mut *db).await? {
            let fact = read(&row)?;
            found.entry(fact.stream).or_default().push(fact);
        }
    }
    Ok(found)
}

/// The facts at `places` (first and last, both included) of their streams.
pub async fn ranges(
    db: &mut AnyConnection,
    places: &[Range],
) -> Result<Vec<StoredFact>, StoreError> {
    let mut found = Vec::new();
    for places in places.chunks(RANGES) {
        let text = range_text(
            Marks::of(db),
            "SELECT stream, place, id, received_at, device, seq, bytes FROM facts WHERE",
            places.len(),
        );
        let mut query = sqlx::query(AssertSqlSafe(text)).persistent(places.len() == RANGES);
        for Range { stream, first, last } in places {
            query = query.bind(stream.as_bytes());
            query = query.bind(super::number(*first)).bind(super::number(*last));
        }
        for row in query.fetch_all(&mut *db).await? {
            found.push(read(&row)?);
        }
    }
    Ok(found)
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

fn read(row: &sqlx::any::AnyRow) -> Result<StoredFact, StoreError> {
    Ok(StoredFact {
        stream: StreamKey::read(row.try_get(0)?)?,
        place: super::count(row.try_get(1)?),
        id: super::digest(row.try_get(2)?)?,
        at: Timestamp::from_millis(row.try_get(3)?),
        device: DeviceId::from_bytes(super::id16(row.try_get(4)?)?),
        seq: super::count(row.try_get(5)?),
        bytes: row.try_get(6)?,
    })
}

/// The facts that a device stated at the numbers `first` to `last` of its chain.
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
pub(crate) async fn add(db: &mut AnyConnection, facts: &[&StoredFact]) -> Result<(), StoreError> {
    for facts in sql::parts(facts) {
        let text = Marks::of(db).values(
            "INSERT INTO facts (stream, place, id, received_at, device, seq, bytes) VALUES",
            7,
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
                .bind(fact.bytes.as_slice());
        }
        query.execute(&mut *db).await?;
    }
    Ok(())
}
