//! Raw changes of drafts.

use std::collections::HashMap;

use sqlx::{AnyConnection, AssertSqlSafe, Row as _};
use sync_core::id::{DeviceId, Digest, PersonId};
use sync_core::time::Timestamp;

use super::feed::Range;
use super::sql::{self, Marks};
use super::streams::StreamKey;
use super::{StoreError, ledger};

/// A change of a draft with its place and origin.
#[derive(Clone, Debug)]
pub struct StoredChange {
    /// The stream of its inspection.
    pub stream: StreamKey,
    /// Its place among the changes of the inspection.
    pub place: u64,
    /// Digest of its bytes.
    pub id: Digest,
    /// When it was taken over.
    pub at: Timestamp,
    /// Who pushed it.
    pub author: PersonId,
    /// From which device.
    pub device: DeviceId,
    /// Signature over the last change of its push.
    pub signature: Vec<u8>,
    /// The raw change.
    pub bytes: Vec<u8>,
}

const COLUMNS: &str =
    "SELECT stream, place, id, received_at, author, device, signature, bytes FROM changes WHERE";

/// Every change of `streams`, ascending by place.
///
/// # Errors
/// `StoreError` when the database refuses the query or a stored value cannot be read.
pub async fn of_streams(
    db: &mut AnyConnection,
    streams: &[StreamKey],
) -> Result<HashMap<StreamKey, Vec<StoredChange>>, StoreError> {
    let mut found: HashMap<StreamKey, Vec<StoredChange>> = HashMap::new();
    for keys in streams.chunks(sql::KEYS) {
        let keys = sql::filled(keys);
        let head = format!("{COLUMNS} stream IN");
        let text = Marks::of(db).within(&head, keys.len(), "ORDER BY stream, place");
        let mut query = sqlx::query(AssertSqlSafe(text));
        for key in keys {
            query = query.bind(key.as_bytes());
        }
        for row in query.fetch_all(&mut *db).await? {
            let change = read(&row)?;
            found.entry(change.stream).or_default().push(change);
        }
    }
    Ok(found)
}

/// The last place of each of these streams at which there is a change.
///
/// # Errors
/// `StoreError` when the database refuses the query or a stored value cannot be read.
pub async fn ends(
    db: &mut AnyConnection,
    streams: &[StreamKey],
) -> Result<HashMap<StreamKey, u64>, StoreError> {
    ledger::ends_in(db, "changes", streams).await
}

/// The changes at `places` (first and last, both included) of their streams.
///
/// # Errors
/// `StoreError` when the database refuses the query or a stored value cannot be read.
pub async fn ranges(
    db: &mut AnyConnection,
    places: &[Range],
) -> Result<Vec<StoredChange>, StoreError> {
    let mut found = Vec::new();
    for places in places.chunks(ledger::RANGES) {
        let text = ledger::range_text(Marks::of(db), COLUMNS, places.len());
        let mut query = sqlx::query(AssertSqlSafe(text)).persistent(places.len() == ledger::RANGES);
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

fn read(row: &sqlx::any::AnyRow) -> Result<StoredChange, StoreError> {
    Ok(StoredChange {
        stream: StreamKey::read(row.try_get(0)?)?,
        place: super::count(row.try_get(1)?),
        id: super::digest(row.try_get(2)?)?,
        at: Timestamp::from_millis(row.try_get(3)?),
        author: PersonId::from_bytes(super::id16(row.try_get(4)?)?),
        device: DeviceId::from_bytes(super::id16(row.try_get(5)?)?),
        signature: row.try_get(6)?,
        bytes: row.try_get(7)?,
    })
}

/// Whether a change is stored in a draft.
///
/// # Errors
/// `StoreError` when the database refuses the query.
pub async fn holds(
    db: &mut AnyConnection,
    draft: StreamKey,
    id: Digest,
) -> Result<bool, StoreError> {
    let row = sqlx::query("SELECT COUNT(*) FROM changes WHERE stream = $1 AND id = $2")
        .bind(draft.as_bytes())
        .bind(id.as_bytes().as_slice())
        .fetch_one(db)
        .await?;
    Ok(row.try_get::<i64, _>(0)? > 0)
}

/// Adds changes. A place that is taken is an error, never an overwriting.
pub(crate) async fn add(
    db: &mut AnyConnection,
    changes: &[&StoredChange],
) -> Result<(), StoreError> {
    for changes in sql::parts(changes) {
        let text = Marks::of(db).values(
            "INSERT INTO changes (stream, place, id, received_at, author, device, signature, \
             bytes) VALUES",
            8,
            changes.len(),
            "",
        );
        let mut query = sqlx::query(AssertSqlSafe(text));
        for change in changes {
            query = query
                .bind(change.stream.as_bytes())
                .bind(super::number(change.place))
                .bind(change.id.as_bytes().as_slice())
                .bind(change.at.as_millis())
                .bind(change.author.as_bytes().as_slice())
                .bind(change.device.as_bytes().as_slice())
                .bind(change.signature.as_slice())
                .bind(change.bytes.as_slice());
        }
        query.execute(&mut *db).await?;
    }
    Ok(())
}
