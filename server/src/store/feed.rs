//! Feeds: what each audience may read, in order. Positions count within the audience alone.

use std::collections::{BTreeMap, HashMap};

use sqlx::{AnyConnection, AssertSqlSafe, Row as _};
use sync_core::id::{DeviceId, Digest};

use super::streams::StreamKey;
use super::{StoreError, sql};

/// What a row of a feed points at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Entry {
    /// Facts of a stream, first and last place.
    Facts(StreamKey, u64, u64),
    /// Changes of an inspection's draft, first and last place.
    Changes(StreamKey, u64, u64),
    /// The judgement on an item that was in quarantine.
    Judged(Digest),
    /// The stream may not be held any more.
    Gone(StreamKey),
}

/// A row of a feed before it has a position.
#[derive(Clone, Debug)]
pub struct NewRow {
    /// Whose feed.
    pub audience: String,
    /// What is new.
    pub entry: Entry,
    /// The device that it came from, which need not hear of it again.
    pub device: Option<DeviceId>,
}

/// A row of a feed.
#[derive(Clone, Debug)]
pub struct FeedRow {
    /// Its position in its feed.
    pub position: u64,
    /// What is new.
    pub entry: Entry,
    /// The device that it came from.
    pub device: Option<DeviceId>,
}

/// Rows of a feed after `position`, at most `limit`.
pub async fn after(
    db: &mut AnyConnection,
    audience: &str,
    position: u64,
    limit: usize,
) -> Result<Vec<FeedRow>, StoreError> {
    let rows = sqlx::query(
        "SELECT position, kind, subject, first_place, last_place, device FROM feed \
         WHERE audience = $1 AND position > $2 ORDER BY position LIMIT $3",
    )
    .bind(audience)
    .bind(super::number(position))
    .bind(i64::try_from(limit).unwrap_or(i64::MAX))
    .fetch_all(db)
    .await?;
    rows.iter().map(read).collect()
}

fn read(row: &sqlx::any::AnyRow) -> Result<FeedRow, StoreError> {
    let subject: &[u8] = row.try_get(2)?;
    let (first, last) = (super::count(row.try_get(3)?), super::count(row.try_get(4)?));
    let entry = match row.try_get::<i64, _>(1)? {
        0 => Entry::Facts(StreamKey::read(subject)?, first, last),
        1 => Entry::Changes(StreamKey::read(subject)?, first, last),
        2 => Entry::Judged(super::digest(subject)?),
        3 => Entry::Gone(StreamKey::read(subject)?),
        _ => return Err(StoreError::damaged("feed")),
    };
    let device: Option<Vec<u8>> = row.try_get(5)?;
    Ok(FeedRow {
        position: super::count(row.try_get(0)?),
        entry,
        device: device.map(|id| super::id16(&id).map(DeviceId::from_bytes)).transpose()?,
    })
}

/// The last position of each of `audiences`; absent when it has no feed yet.
pub async fn tops(
    db: &mut AnyConnection,
    audiences: &[&str],
) -> Result<HashMap<String, u64>, StoreError> {
    let mut found = HashMap::with_capacity(audiences.len());
    for audiences in audiences.chunks(sql::KEYS) {
        let head = "SELECT audience, position FROM audiences WHERE audience IN";
        let text = sql::within(head, 1, audiences.len(), "");
        let mut query = sqlx::query(AssertSqlSafe(text)).persistent(audiences.len() < 8);
        for audience in audiences {
            query = query.bind(*audience);
        }
        for row in query.fetch_all(&mut *db).await? {
            found.insert(row.try_get(0)?, super::count(row.try_get(1)?));
        }
    }
    Ok(found)
}

/// Gives positions to rows, in order within each audience, and adds them. Only the writer may
/// call this: it holds the lock that keeps positions without gaps and in the order of commits.
pub(crate) async fn append(db: &mut AnyConnection, rows: &[&NewRow]) -> Result<(), StoreError> {
    let mut last: BTreeMap<&str, u64> = rows.iter().map(|row| (row.audience.as_str(), 0)).collect();
    let names: Vec<&str> = last.keys().copied().collect();
    for (audience, top) in &tops(db, &names).await? {
        if let Some(last) = last.get_mut(audience.as_str()) {
            *last = *top;
        }
    }
    for rows in rows.chunks(sql::ROWS) {
        let text = sql::values(
            "INSERT INTO feed (audience, position, kind, subject, first_place, last_place, \
             device) VALUES",
            7,
            rows.len(),
            "",
        );
        let mut query = sqlx::query(AssertSqlSafe(text)).persistent(rows.len() == sql::ROWS);
        for row in rows {
            let position = last.entry(row.audience.as_str()).or_default();
            *position += 1;
            let (kind, subject, first, until) = match &row.entry {
                Entry::Facts(key, first, until) => (0_i64, key.as_bytes(), *first, *until),
                Entry::Changes(key, first, until) => (1, key.as_bytes(), *first, *until),
                Entry::Judged(item) => (2, item.as_bytes().as_slice(), 0, 0),
                Entry::Gone(key) => (3, key.as_bytes(), 0, 0),
            };
            query = query
                .bind(row.audience.as_str())
                .bind(super::number(*position))
                .bind(kind)
                .bind(subject)
                .bind(super::number(first))
                .bind(super::number(until))
                .bind(row.device.map(|id| id.as_bytes().to_vec()));
        }
        query.execute(&mut *db).await?;
    }
    let tops: Vec<(&str, u64)> = last.into_iter().collect();
    for tops in tops.chunks(sql::ROWS) {
        let text = sql::values(
            "INSERT INTO audiences (audience, position) VALUES",
            2,
            tops.len(),
            "ON CONFLICT (audience) DO UPDATE SET position = excluded.position",
        );
        let mut query = sqlx::query(AssertSqlSafe(text)).persistent(false);
        for (audience, position) in tops {
            query = query.bind(*audience).bind(super::number(*position));
        }
        query.execute(&mut *db).await?;
    }
    Ok(())
}
