//! Families of refresh tokens.

use sqlx::{AnyConnection, Row as _};
use sync_core::id::{DeviceId, Digest, PersonId};
use sync_core::time::Timestamp;

use super::{StoreError, digest, id16};

/// A family as stored.
#[derive(Clone, Debug)]
pub struct Family {
    /// Its name.
    pub id: [u8; 16],
    /// Whose it is.
    pub person: PersonId,
    /// Digest of the token that works.
    pub current: Digest,
    /// Digest of the one before.
    pub previous: Option<Digest>,
    /// When the current one was given.
    pub rotated_at: Timestamp,
    /// When the family ends.
    pub ends_at: Timestamp,
    /// Whether it was ended before.
    pub revoked: bool,
    /// The device that proved to renew it.
    pub device: Option<DeviceId>,
}

/// Adds a family.
pub async fn add(db: &mut AnyConnection, family: &Family) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO sessions (family, person, current, rotated_at, ends_at, revoked) \
         VALUES ($1, $2, $3, $4, $5, 0)",
    )
    .bind(family.id.as_slice())
    .bind(family.person.as_bytes().as_slice())
    .bind(family.current.as_bytes().as_slice())
    .bind(family.rotated_at.as_millis())
    .bind(family.ends_at.as_millis())
    .execute(db)
    .await?;
    Ok(())
}

/// Finds a family.
pub async fn find(db: &mut AnyConnection, id: [u8; 16]) -> Result<Option<Family>, StoreError> {
    let row = sqlx::query(
        "SELECT person, current, previous, rotated_at, ends_at, revoked, device \
         FROM sessions WHERE family = $1",
    )
    .bind(id.as_slice())
    .fetch_optional(db)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let previous: Option<Vec<u8>> = row.try_get(2)?;
    let device: Option<Vec<u8>> = row.try_get(6)?;
    Ok(Some(Family {
        id,
        person: PersonId::from_bytes(id16(&row.try_get::<Vec<u8>, _>(0)?)?),
        current: digest(&row.try_get::<Vec<u8>, _>(1)?)?,
        previous: previous.map(|bytes| digest(&bytes)).transpose()?,
        rotated_at: Timestamp::from_millis(row.try_get(3)?),
        ends_at: Timestamp::from_millis(row.try_get(4)?),
        revoked: row.try_get::<i64, _>(5)? != 0,
        device: device.map(|bytes| id16(&bytes)).transpose()?.map(DeviceId::from_bytes),
    }))
}

/// Puts the successor in the place of a token, and notes the device that proved to ask; false if another request did so first.
pub async fn rotate(
    db: &mut AnyConnection,
    id: [u8; 16],
    used: Digest,
    successor: Digest,
    device: Option<DeviceId>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "UPDATE sessions SET previous = current, current = $3, rotated_at = $4, \
         device = COALESCE($5, device) \
         WHERE family = $1 AND current = $2 AND revoked = 0",
    )
    .bind(id.as_slice())
    .bind(used.as_bytes().as_slice())
    .bind(successor.as_bytes().as_slice())
    .bind(now.as_millis())
    .bind(device.map(|device| device.as_bytes().to_vec()))
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends every family of a person; gives their names.
pub async fn revoke_all(
    db: &mut AnyConnection,
    person: PersonId,
) -> Result<Vec<[u8; 16]>, StoreError> {
    sqlx::query("UPDATE sessions SET revoked = 1 WHERE person = $1")
        .bind(person.as_bytes().as_slice())
        .execute(&mut *db)
        .await?;
    let rows = sqlx::query("SELECT family FROM sessions WHERE person = $1")
        .bind(person.as_bytes().as_slice())
        .fetch_all(db)
        .await?;
    rows.iter().map(|row| id16(&row.try_get::<Vec<u8>, _>(0)?)).collect()
}

/// Families that were ended, of those that gave a token since a time.
pub async fn revoked_since(
    db: &mut AnyConnection,
    since: Timestamp,
) -> Result<Vec<[u8; 16]>, StoreError> {
    let rows = sqlx::query("SELECT family FROM sessions WHERE revoked = 1 AND rotated_at >= $1")
        .bind(since.as_millis())
        .fetch_all(db)
        .await?;
    rows.iter().map(|row| id16(&row.try_get::<Vec<u8>, _>(0)?)).collect()
}

/// Ends a family.
pub async fn revoke(db: &mut AnyConnection, id: [u8; 16]) -> Result<(), StoreError> {
    sqlx::query("UPDATE sessions SET revoked = 1 WHERE family = $1")
        .bind(id.as_slice())
        .execute(db)
        .await?;
    Ok(())
}
