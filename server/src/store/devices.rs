//! Enrolled devices and the challenges that enrolling answers.

use sqlx::{AnyConnection, Row as _};
use sync_core::domain::account::EnrolledDevice;
use sync_core::id::{DeviceId, Digest, PersonId};
use sync_core::time::Timestamp;

use super::{StoreError, id16};

/// A device with its label.
#[derive(Clone, Debug)]
pub struct Labelled {
    /// The device.
    pub device: EnrolledDevice,
    /// What its person calls it.
    pub label: String,
}

/// Every device.
///
/// # Errors
/// `StoreError` when the database refuses the query or a stored value cannot be read.
pub async fn all(db: &mut AnyConnection) -> Result<Vec<Labelled>, StoreError> {
    let rows = sqlx::query(
        "SELECT device, person, public_key, label, enrolled_at, revoked_at FROM devices \
         ORDER BY enrolled_at, device",
    )
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let revoked_at: Option<i64> = row.try_get(5)?;
            let device = EnrolledDevice {
                id: DeviceId::from_bytes(id16(&row.try_get::<Vec<u8>, _>(0)?)?),
                person: PersonId::from_bytes(id16(&row.try_get::<Vec<u8>, _>(1)?)?),
                public_key: row.try_get(2)?,
                from: Timestamp::from_millis(row.try_get(4)?),
                revoked_at: revoked_at.map(Timestamp::from_millis),
            };
            Ok(Labelled { device, label: row.try_get(3)? })
        })
        .collect()
}

/// Devices of a person that are trusted after an instant.
///
/// # Errors
/// `StoreError` when the database refuses the query.
pub async fn trusted(
    db: &mut AnyConnection,
    person: PersonId,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let text = "SELECT count(*) FROM devices WHERE person = $1 \
                AND (revoked_at IS NULL OR revoked_at > $2)";
    let query = sqlx::query(text).bind(person.as_bytes().as_slice()).bind(now.as_millis());
    Ok(super::count(query.fetch_one(db).await?.try_get(0)?))
}

/// From when a device is not trusted any more; none inside for one that is, none at all for one that is not there.
///
/// # Errors
/// `StoreError` when the database refuses the query.
pub async fn revoked_at(
    db: &mut AnyConnection,
    device: DeviceId,
) -> Result<Option<Option<Timestamp>>, StoreError> {
    let query = sqlx::query("SELECT revoked_at FROM devices WHERE device = $1");
    let row = query.bind(device.as_bytes().as_slice()).fetch_optional(db).await?;
    let at = row.map(|row| row.try_get::<Option<i64>, _>(0)).transpose()?;
    Ok(at.map(|at| at.map(Timestamp::from_millis)))
}

/// Adds a device; false if its key is enrolled already.
///
/// # Errors
/// `StoreError` when the database refuses the query.
pub async fn add(db: &mut AnyConnection, it: &Labelled) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "INSERT INTO devices (device, person, public_key, label, enrolled_at) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
    )
    .bind(it.device.id.as_bytes().as_slice())
    .bind(it.device.person.as_bytes().as_slice())
    .bind(it.device.public_key.as_slice())
    .bind(it.label.as_str())
    .bind(it.device.from.as_millis())
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends the trust in a device from a time on.
///
/// # Errors
/// `StoreError` when the database refuses the query.
pub async fn revoke(
    db: &mut AnyConnection,
    device: DeviceId,
    from: Timestamp,
    reason: &str,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE devices SET revoked_at = $2, revoked_reason = $3 WHERE device = $1")
        .bind(device.as_bytes().as_slice())
        .bind(from.as_millis())
        .bind(reason)
        .execute(db)
        .await?;
    Ok(())
}

/// Notes a challenge, and forgets those that ended.
///
/// # Errors
/// `StoreError` when the database refuses the query.
pub async fn add_challenge(
    db: &mut AnyConnection,
    digest: Digest,
    person: PersonId,
    now: Timestamp,
    ends_at: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM challenges WHERE ends_at <= $1")
        .bind(now.as_millis())
        .execute(&mut *db)
        .await?;
    sqlx::query("INSERT INTO challenges (digest, person, ends_at) VALUES ($1, $2, $3)")
        .bind(digest.as_bytes().as_slice())
        .bind(person.as_bytes().as_slice())
        .bind(ends_at.as_millis())
        .execute(db)
        .await?;
    Ok(())
}

/// Takes a challenge: it works once, for its person and its time.
///
/// # Errors
/// `StoreError` when the database refuses the query.
pub async fn take_challenge(
    db: &mut AnyConnection,
    digest: Digest,
    person: PersonId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let done =
        sqlx::query("DELETE FROM challenges WHERE digest = $1 AND person = $2 AND ends_at > $3")
            .bind(digest.as_bytes().as_slice())
            .bind(person.as_bytes().as_slice())
            .bind(now.as_millis())
            .execute(db)
            .await?;
    Ok(done.rows_affected() == 1)
}
