//! Decisions that are made once: serial numbers of documents, deadlines per hazard and cause.

use sqlx::{AnyConnection, Row as _};
use sync_core::id::{FactId, HazardId};

use super::StoreError;

/// A serial number that a write takes: refused when another write took it first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberClaim {
    /// Area.
    pub area: String,
    /// Organ and kind of document.
    pub series: String,
    /// Year.
    pub year: i16,
    /// The number.
    pub serial: u32,
}

/// A deadline that a write assigns: refused when the cause already has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadlineClaim {
    /// The hazard.
    pub hazard: HazardId,
    /// What caused it.
    pub cause: FactId,
    /// The fact that assigns it.
    pub fact: FactId,
}

/// The last serial number that was taken, 0 when none was.
pub async fn last(
    db: &mut AnyConnection,
    area: &str,
    series: &str,
    year: i16,
) -> Result<u32, StoreError> {
    let row = sqlx::query("SELECT last FROM numbers WHERE area = $1 AND series = $2 AND year = $3")
        .bind(area)
        .bind(series)
        .bind(i64::from(year))
        .fetch_optional(db)
        .await?;
    row.map_or(Ok(0), |row| {
        u32::try_from(row.try_get::<i64, _>(0)?).map_err(|_| StoreError::damaged("number"))
    })
}

/// Takes a number if it is the next one; false when it is not.
pub(crate) async fn take(db: &mut AnyConnection, claim: &NumberClaim) -> Result<bool, StoreError> {
    if last(db, &claim.area, &claim.series, claim.year).await?.checked_add(1) != Some(claim.serial)
    {
        return Ok(false);
    }
    sqlx::query(
        "INSERT INTO numbers (area, series, year, last) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (area, series, year) DO UPDATE SET last = excluded.last",
    )
    .bind(claim.area.as_str())
    .bind(claim.series.as_str())
    .bind(i64::from(claim.year))
    .bind(i64::from(claim.serial))
    .execute(db)
    .await?;
    Ok(true)
}

/// Whether the cause has a deadline for the hazard.
pub(crate) async fn assigned(
    db: &mut AnyConnection,
    claim: &DeadlineClaim,
) -> Result<bool, StoreError> {
    let row = sqlx::query("SELECT 1 FROM deadlines WHERE hazard = $1 AND cause = $2")
        .bind(claim.hazard.as_bytes().as_slice())
        .bind(claim.cause.as_bytes().as_slice())
        .fetch_optional(db)
        .await?;
    Ok(row.is_some())
}

/// Assigns a deadline; an error when the cause has one.
pub(crate) async fn assign(
    db: &mut AnyConnection,
    claim: &DeadlineClaim,
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO deadlines (hazard, cause, fact) VALUES ($1, $2, $3)")
        .bind(claim.hazard.as_bytes().as_slice())
        .bind(claim.cause.as_bytes().as_slice())
        .bind(claim.fact.as_bytes().as_slice())
        .execute(db)
        .await?;
    Ok(())
}
