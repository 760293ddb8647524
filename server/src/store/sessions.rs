//! Families of refresh tokens.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row as _};
use sync_core::id::{DeviceId, Digest, PersonId};
use sync_core::limits;
use sync_core::time::Timestamp;

use super::{StoreError, digest, id16};

/// How long a family that ended is remembered: longer than any access token works.
const FORGOTTEN_MS: i64 = 3_600_000;

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
    /// When it began.
    pub signed_in_at: Timestamp,
    /// When the password was given for it last.
    pub password_at: Timestamp,
    /// From where it began; empty where it is not known.
    pub address: String,
    /// Whether it may set a new password and do nothing else.
    pub only_password: bool,
}

const COLUMNS: &str = "family, person, current, previous, rotated_at, ends_at, revoked, device, \
                       signed_in_at, password_at, address, only_password";

/// Adds a family.
///
/// # Errors
/// `StoreError` when the database refuses the query.
pub async fn add(db: &mut AnyConnection, family: &Family) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO sessions (family, person, current, rotated_at, ends_at, revoked, \
         signed_in_at, password_at, address, only_password) \
         VALUES ($1, $2, $3, $4, $5, 0, $6, $7, $8, $9)",
    )
    .bind(family.id.as_slice())
    .bind(family.person.as_bytes().as_slice())
    .bind(family.current.as_bytes().as_slice())
    .bind(family.rotated_at.as_millis())
    .bind(family.ends_at.as_millis())
    .bind(family.signed_in_at.as_millis())
    .bind(family.password_at.as_millis())
    .bind(family.address.as_str())
    .bind(i64::from(family.only_password))
    .execute(db)
    .await?;
    Ok(())
}

/// Finds a family.
///
/// # Errors
/// `StoreError` when the database refuses the query or a stored value cannot be read.
pub async fn find(db: &mut AnyConnection, id: [u8; 16]) -> Result<Option<Family>, StoreError> {
    let text = format!("SELECT {COLUMNS} FROM sessions WHERE family = $1");
    let query = sqlx::query(sqlx::AssertSqlSafe(text)).bind(id.as_slice());
    query.fetch_optional(db).await?.as_ref().map(read).transpose()
}

fn read(row: &AnyRow) -> Result<Family, StoreError> {
    let previous: Option<Vec<u8>> = row.try_get("previous")?;
    let device: Option<Vec<u8>> = row.try_get("device")?;
    let at = |column: &str| Ok::<_, StoreError>(Timestamp::from_millis(row.try_get(column)?));
    Ok(Family {
        id: id16(&row.try_get::<Vec<u8>, _>("family")?)?,
        person: PersonId::from_bytes(id16(&row.try_get::<Vec<u8>, _>("person")?)?),
        current: digest(&row.try_get::<Vec<u8>, _>("current")?)?,
        previous: previous.map(|bytes| digest(&bytes)).transpose()?,
        rotated_at: at("rotated_at")?,
        ends_at: at("ends_at")?,
        revoked: row.try_get::<i64, _>("revoked")? != 0,
        device: device.map(|bytes| id16(&bytes)).transpose()?.map(DeviceId::from_bytes),
        signed_in_at: at("signed_in_at")?,
        password_at: at("password_at")?,
        address: row.try_get("address")?,
        only_password: row.try_get::<i64, _>("only_password")? != 0,
    })
}

/// The families of a person that can be renewed, the newest first.
///
/// # Errors
/// `StoreError` when the database refuses the query or a stored value cannot be read.
pub async fn open(
    db: &mut AnyConnection,
    person: PersonId,
    now: Timestamp,
) -> Result<Vec<Family>, StoreError> {
    let text = format!(
        "SELECT {COLUMNS} FROM sessions WHERE person = $1 AND revoked = 0 AND ends_at > $2 \
         ORDER BY signed_in_at DESC, rotated_at DESC, family"
    );
    let query = sqlx::query(sqlx::AssertSqlSafe(text));
    let query = query.bind(person.as_bytes().as_slice()).bind(now.as_millis());
    query.fetch_all(db).await?.iter().map(read).collect()
}

/// Makes room for one more family of a person: the oldest ones beyond the bound end, and those that ended a while ago are
/// forgotten. Gives the names of those that end.
///
/// # Errors
/// `StoreError` when the database refuses the query or a stored value cannot be read.
pub async fn make_room(
    db: &mut AnyConnection,
    person: PersonId,
    now: Timestamp,
) -> Result<Vec<[u8; 16]>, StoreError> {
    sqlx::query(
        "DELETE FROM sessions WHERE person = $1 AND (revoked <> 0 OR ends_at <= $2) \
         AND rotated_at < $3",
    )
    .bind(person.as_bytes().as_slice())
    .bind(now.as_millis())
    .bind(now.plus_millis(-FORGOTTEN_MS).as_millis())
    .execute(&mut *db)
    .await?;
    let open = open(&mut *db, person, now).await?;
    let mut ended = Vec::new();
    for family in open.iter().skip(limits::SESSIONS - 1) {
        revoke(&mut *db, family.id).await?;
        ended.push(family.id);
    }
    Ok(ended)
}

/// Notes that the password was given for a family: it may do everything.
///
/// # Errors
/// `StoreError` when the database refuses the query.
pub async fn note_password(
    db: &mut AnyConnection,
    id: [u8; 16],
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE sessions SET password_at = $2, only_password = 0 WHERE family = $1")
        .bind(id.as_slice())
        .bind(now.as_millis())
        .execute(db)
        .await?;
    Ok(())
}

/// Puts the successor in the place of a token, and notes the device that proved to ask; false if another request did so first.
///
/// # Errors
/// `StoreError` when the database refuses the query.
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

/// Ends every family of a person but one; gives the names of those that end.
///
/// # Errors
/// `StoreError` when the database refuses the query.
pub async fn revoke_others(
    db: &mut AnyConnection,
    person: PersonId,
    kept: Option<[u8; 16]>,
) -> Result<Vec<[u8; 16]>, StoreError> {
    let text = "SELECT family FROM sessions WHERE person = $1 AND revoked = 0 AND family <> $2";
    let kept = kept.map(|id| id.to_vec()).unwrap_or_default();
    let person = person.as_bytes().as_slice();
    let rows = sqlx::query(text).bind(person).bind(kept.clone()).fetch_all(&mut *db).await?;
    sqlx::query("UPDATE sessions SET revoked = 1 WHERE person = $1 AND family <> $2")
        .bind(person)
        .bind(kept)
        .execute(db)
        .await?;
    rows.iter().map(|row| id16(&row.try_get::<Vec<u8>, _>(0)?)).collect()
}

/// Families that were ended, of those that gave a token since a time.
///
/// # Errors
/// `StoreError` when the database refuses the query or a stored value cannot be read.
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
///
/// # Errors
/// `StoreError` when the database refuses the query.
pub async fn revoke(db: &mut AnyConnection, id: [u8; 16]) -> Result<(), StoreError> {
    sqlx::query("UPDATE sessions SET revoked = 1 WHERE family = $1")
        .bind(id.as_slice())
        .execute(db)
        .await?;
    Ok(())
}
