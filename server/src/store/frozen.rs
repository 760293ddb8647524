//! Reports as they were frozen: the same bytes for ever.

use sqlx::{AnyConnection, Row as _};
use sync_core::time::{CivilDate, Timestamp};

use super::StoreError;

/// A report as it was frozen.
///
/// # Errors
/// What the database says.
pub async fn get(
    db: &mut AnyConnection,
    report: &str,
    period: CivilDate,
) -> Result<Option<String>, StoreError> {
    let row = sqlx::query("SELECT body FROM frozen_reports WHERE report = $1 AND period = $2")
        .bind(report)
        .bind(period.to_string())
        .fetch_optional(db)
        .await?;
    row.map(|row| row.try_get(0).map_err(StoreError::from)).transpose()
}

/// Freezes a report; if it was frozen meanwhile, that one stays.
///
/// # Errors
/// What the database says.
pub async fn put(
    db: &mut AnyConnection,
    report: &str,
    period: CivilDate,
    at: Timestamp,
    body: &str,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO frozen_reports (report, period, frozen_at, body) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (report, period) DO NOTHING",
    )
    .bind(report)
    .bind(period.to_string())
    .bind(at.as_millis())
    .bind(body)
    .execute(db)
    .await?;
    Ok(())
}

/// The last period of which a report is frozen.
///
/// # Errors
/// What the database says.
pub async fn last(db: &mut AnyConnection, report: &str) -> Result<Option<CivilDate>, StoreError> {
    let row = sqlx::query("SELECT MAX(period) FROM frozen_reports WHERE report = $1")
        .bind(report)
        .fetch_one(db)
        .await?;
    let period: Option<String> = row.try_get(0)?;
    period.map(|it| it.parse()).transpose().map_err(|_| StoreError::damaged("period"))
}
