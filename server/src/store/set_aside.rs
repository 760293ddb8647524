//! Dossiers for which the server could not state what it owes, each with the reason.

use std::collections::BTreeSet;

use sqlx::{AnyConnection, AssertSqlSafe, Row as _};
use sync_core::id::EnterpriseId;
use sync_core::refusal::{Code, Refusal};
use sync_core::time::Timestamp;

use super::StoreError;
use super::sql::{self, Marks};
use super::streams::StreamKey;

/// A dossier that was set aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetAside {
    /// The stream in which something is owed.
    pub stream: StreamKey,
    /// Since when.
    pub since: Timestamp,
    /// Why.
    pub refusal: Refusal,
}

/// A dossier that was set aside, with what the row of its stream tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The dossier.
    pub aside: SetAside,
    /// The enterprise it is about.
    pub enterprise: Option<EnterpriseId>,
    /// Keys of the audiences that were granted the stream.
    pub audiences: BTreeSet<String>,
}

/// Every dossier that is set aside, the oldest first, at most `limit`.
///
/// # Errors
/// What the database says.
pub async fn list(db: &mut AnyConnection, limit: i64) -> Result<Vec<SetAside>, StoreError> {
    Ok(listed(db, limit).await?.into_iter().map(|it| it.aside).collect())
}

/// The same with what the rows of their streams tell.
///
/// # Errors
/// What the database says.
pub async fn listed(db: &mut AnyConnection, limit: i64) -> Result<Vec<Listed>, StoreError> {
    let text = "SELECT set_aside.stream, since, code, field, enterprise, audiences \
         FROM set_aside LEFT JOIN streams ON streams.stream = set_aside.stream \
         ORDER BY since, set_aside.stream LIMIT $1";
    let rows = sqlx::query(text).bind(limit).fetch_all(db).await?;
    // A reason that this build does not know is one all the same, and a row of no stream hides no other one.
    let read = |row: &sqlx::any::AnyRow| {
        let code = row.try_get::<i64, _>(2).ok().and_then(|it| u16::try_from(it).ok());
        let code = code.and_then(Code::from_number).unwrap_or(Code::RecordDamaged);
        let enterprise = row.try_get::<Option<Vec<u8>>, _>(4).ok().flatten();
        let audiences = row.try_get::<Option<String>, _>(5).ok().flatten().unwrap_or_default();
        Some(Listed {
            aside: SetAside {
                stream: StreamKey::read(row.try_get(0).ok()?).ok()?,
                since: Timestamp::from_millis(row.try_get(1).unwrap_or_default()),
                refusal: Refusal { code, field: row.try_get(3).unwrap_or_default(), detail: None },
            },
            enterprise: enterprise.and_then(|id| id.try_into().map(EnterpriseId::from_bytes).ok()),
            audiences: audiences.split_whitespace().map(str::to_owned).collect(),
        })
    };
    Ok(rows.iter().filter_map(read).collect())
}

/// The streams of all dossiers that are set aside.
///
/// # Errors
/// What the database says.
pub async fn streams(db: &mut AnyConnection) -> Result<Vec<StreamKey>, StoreError> {
    let rows = sqlx::query("SELECT stream FROM set_aside").fetch_all(db).await?;
    Ok(rows.iter().filter_map(|row| StreamKey::read(row.try_get(0).ok()?).ok()).collect())
}

/// How many there are.
///
/// # Errors
/// What the database says.
pub async fn count(db: &mut AnyConnection) -> Result<u64, StoreError> {
    let row = sqlx::query("SELECT COUNT(*) FROM set_aside").fetch_one(db).await?;
    Ok(super::count(row.try_get(0)?))
}

/// Notes a dossier; the first time stays.
pub(crate) async fn add(db: &mut AnyConnection, it: &SetAside) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO set_aside (stream, since, code, field) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (stream) DO UPDATE SET code = excluded.code, field = excluded.field",
    )
    .bind(it.stream.as_bytes())
    .bind(it.since.as_millis())
    .bind(i64::from(it.refusal.code.number()))
    .bind(it.refusal.field.as_deref())
    .execute(db)
    .await?;
    Ok(())
}

/// Takes dossiers out: the server could state what it owes.
pub(crate) async fn clear(db: &mut AnyConnection, streams: &[StreamKey]) -> Result<(), StoreError> {
    for keys in streams.chunks(sql::KEYS) {
        let keys = sql::filled(keys);
        let text = Marks::of(db).within("DELETE FROM set_aside WHERE stream IN", keys.len(), "");
        let mut query = sqlx::query(AssertSqlSafe(text));
        for key in keys {
            query = query.bind(key.as_bytes());
        }
        query.execute(&mut *db).await?;
    }
    Ok(())
}
