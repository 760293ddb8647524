//! Decisions that are made once: serial numbers of documents, blocks of them for devices, deadlines per hazard and cause.

use std::collections::HashMap;

use sqlx::{AnyConnection, Row as _};
use sync_core::act::{Fact, Statement};
use sync_core::domain::notice::DocumentNumber;
use sync_core::domain::numbers::{Lease, NumberBlock, Series};
use sync_core::id::{DeviceId, FactId, HazardId};

use super::StoreError;

/// A block of numbers that a write takes, or a single one: refused when another write took the first of them before.
pub type NumberClaim = NumberBlock;

/// A number of a leased block with the fact whose paper carries it: refused when another paper carries it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberUse {
    /// The number.
    pub number: DocumentNumber,
    /// The fact.
    pub fact: FactId,
}

/// A block with the device that it was leased to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeasedBlock {
    /// The device.
    pub device: DeviceId,
    /// The fact that leased it, and the block.
    pub lease: Lease,
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

/// The last numbers of all series.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LastNumbers {
    /// Of each series that was begun.
    pub known: HashMap<Series, u32>,
    /// Of every other one: what is left out at its beginning.
    pub unknown: u32,
}

/// The last number of every series that was taken or left out.
///
/// # Errors
/// `StoreError` when the database refuses the query or a stored value cannot be read.
pub async fn all_last(db: &mut AnyConnection) -> Result<LastNumbers, StoreError> {
    let rows =
        sqlx::query("SELECT area, series, year, last FROM numbers").fetch_all(&mut *db).await?;
    let of = |row: &sqlx::any::AnyRow| {
        let year = i16::try_from(row.try_get::<i64, _>(2)?);
        let year = year.map_err(|_| StoreError::damaged("year"))?;
        let series = Series { area: row.try_get(0)?, series: row.try_get(1)?, year };
        Ok((series, serial(row.try_get(3)?)?))
    };
    let known = rows.iter().map(of).collect::<Result<_, StoreError>>()?;
    Ok(LastNumbers { known, unknown: left_out(db).await? })
}

/// The last serial number that was taken, 0 when none was.
async fn last(db: &mut AnyConnection, series: &Series) -> Result<u32, StoreError> {
    let row = sqlx::query("SELECT last FROM numbers WHERE area = $1 AND series = $2 AND year = $3")
        .bind(series.area.as_str())
        .bind(series.series.as_str())
        .bind(i64::from(series.year))
        .fetch_optional(&mut *db)
        .await?;
    let Some(row) = row else { return left_out(db).await };
    serial(row.try_get(0)?)
}

/// What is left out of a series of which no number is known: it may have been begun after a backup.
async fn left_out(db: &mut AnyConnection) -> Result<u32, StoreError> {
    let row = sqlx::query("SELECT leaps FROM sequencer WHERE id = 1").fetch_optional(db).await?;
    let leaps = row.map_or(Ok(0), |row| serial(row.try_get(0)?))?;
    Ok(leaps.saturating_mul(LEAP))
}

fn serial(stored: i64) -> Result<u32, StoreError> {
    u32::try_from(stored).map_err(|_| StoreError::damaged("number"))
}

/// Takes numbers if they are the next ones; false when they are not.
pub(crate) async fn take(db: &mut AnyConnection, claim: &NumberClaim) -> Result<bool, StoreError> {
    if last(db, &claim.series).await?.checked_add(1) != Some(claim.first) {
        return Ok(false);
    }
    sqlx::query(
        "INSERT INTO numbers (area, series, year, last) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (area, series, year) DO UPDATE SET last = excluded.last",
    )
    .bind(claim.series.area.as_str())
    .bind(claim.series.series.as_str())
    .bind(i64::from(claim.series.year))
    .bind(i64::from(claim.last))
    .execute(db)
    .await?;
    Ok(true)
}

/// Numbers that are left out after this store came back from a backup: what was given after the backup is not known any
/// more, as papers and as blocks on phones, and no number may be given twice.
pub const LEAP: u32 = 1_000;

/// Leaves out numbers of every series, since those behind the last known one may have been given.
pub(crate) async fn leap(db: &mut AnyConnection) -> Result<(), StoreError> {
    sqlx::query("UPDATE sequencer SET leaps = leaps + 1 WHERE id = 1").execute(&mut *db).await?;
    sqlx::query(
        "INSERT INTO number_gaps (area, series, year, first, last, restore) \
         SELECT area, series, year, last + 1, last + $1, \
         (SELECT leaps FROM sequencer WHERE id = 1) FROM numbers",
    )
    .bind(i64::from(LEAP))
    .execute(&mut *db)
    .await?;
    let leap = "UPDATE numbers SET last = last + $1";
    sqlx::query(leap).bind(i64::from(LEAP)).execute(db).await?;
    Ok(())
}

/// What the store itself knows of the numbers of a series.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Given {
    /// The last number that was taken or left out; none while the series is not begun.
    pub last: Option<u32>,
    /// The first and the last number of each run that was left out after a restore, and which restore it was.
    pub left_out: Vec<(u32, u32, u32)>,
    /// How often this store came back from a backup.
    pub restores: u32,
}

/// What is known of the numbers of a series besides its facts.
///
/// # Errors
/// `StoreError` when the database refuses the query or a stored value cannot be read.
pub async fn given(db: &mut AnyConnection, series: &Series) -> Result<Given, StoreError> {
    let of_series = |text: &'static str| {
        sqlx::query(text)
            .bind(series.area.clone())
            .bind(series.series.clone())
            .bind(i64::from(series.year))
    };
    let last = "SELECT last FROM numbers WHERE area = $1 AND series = $2 AND year = $3";
    let last = of_series(last).fetch_optional(&mut *db).await?;
    let last = last.map(|row| serial(row.try_get(0)?)).transpose()?;
    let gaps = "SELECT first, last, restore FROM number_gaps \
         WHERE area = $1 AND series = $2 AND year = $3 ORDER BY first";
    let gaps = of_series(gaps).fetch_all(&mut *db).await?;
    let gap = |row: &sqlx::any::AnyRow| {
        Ok((serial(row.try_get(0)?)?, serial(row.try_get(1)?)?, serial(row.try_get(2)?)?))
    };
    let left_out = gaps.iter().map(gap).collect::<Result<_, StoreError>>()?;
    let row = sqlx::query("SELECT leaps FROM sequencer WHERE id = 1").fetch_optional(db).await?;
    let restores = row.map_or(Ok(0), |row| serial(row.try_get(0)?))?;
    Ok(Given { last, left_out, restores })
}

/// Notes to which device a block was leased.
pub(crate) async fn lease(db: &mut AnyConnection, leased: &LeasedBlock) -> Result<(), StoreError> {
    let NumberBlock { series, first, last } = &leased.lease.block;
    sqlx::query(
        "INSERT INTO number_leases (fact, device, area, series, year, first, last) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(leased.lease.fact.as_bytes().as_slice())
    .bind(leased.device.as_bytes().as_slice())
    .bind(series.area.as_str())
    .bind(series.series.as_str())
    .bind(i64::from(series.year))
    .bind(i64::from(*first))
    .bind(i64::from(*last))
    .execute(db)
    .await?;
    Ok(())
}

/// The blocks that were leased to a device.
///
/// # Errors
/// `StoreError` when the database refuses the query or a stored value cannot be read.
pub async fn leased_to(db: &mut AnyConnection, device: DeviceId) -> Result<Vec<Lease>, StoreError> {
    let rows = sqlx::query(
        "SELECT fact, area, series, year, first, last FROM number_leases WHERE device = $1",
    )
    .bind(device.as_bytes().as_slice())
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let fact =
                FactId::from_bytes(row.try_get(0)?).map_err(|_| StoreError::damaged("lease"))?;
            let year = i16::try_from(row.try_get::<i64, _>(3)?);
            let year = year.map_err(|_| StoreError::damaged("year"))?;
            let series = Series { area: row.try_get(1)?, series: row.try_get(2)?, year };
            let (first, last) = (serial(row.try_get(4)?)?, serial(row.try_get(5)?)?);
            Ok(Lease { fact, block: NumberBlock { series, first, last } })
        })
        .collect()
}

/// The fact whose paper carries a number; none while none does.
///
/// # Errors
/// `StoreError` when the database refuses the query or a stored value cannot be read.
pub async fn used_by(
    db: &mut AnyConnection,
    number: &DocumentNumber,
) -> Result<Option<FactId>, StoreError> {
    let row = sqlx::query(
        "SELECT fact FROM used_numbers WHERE area = $1 AND series = $2 AND year = $3 AND serial = $4",
    )
    .bind(number.area.as_str())
    .bind(number.series.as_str())
    .bind(i64::from(number.year))
    .bind(i64::from(number.serial))
    .fetch_optional(db)
    .await?;
    let fact = |row: sqlx::any::AnyRow| {
        FactId::from_bytes(row.try_get(0)?).map_err(|_| StoreError::damaged("number"))
    };
    row.map(fact).transpose()
}

/// Whether another paper carries the number of a notice from the spot, among those of this write or those that are stored.
#[must_use]
pub fn is_taken(
    fact: &Fact,
    used: &[NumberUse],
    stored: impl Fn(&DocumentNumber) -> Option<FactId>,
) -> bool {
    let Statement::IssuedOnSite(it) = &fact.statement else { return false };
    let number = &it.notice.number;
    let before = used.iter().find(|used| used.number == *number).map(|it| it.fact);
    before.or_else(|| stored(number)).is_some_and(|known| known != fact.id)
}

/// Notes that a paper carries a number; false when another one does.
pub(crate) async fn use_once(db: &mut AnyConnection, used: &NumberUse) -> Result<bool, StoreError> {
    let number = &used.number;
    let done = sqlx::query(
        "INSERT INTO used_numbers (area, series, year, serial, fact) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (area, series, year, serial) DO NOTHING",
    )
    .bind(number.area.as_str())
    .bind(number.series.as_str())
    .bind(i64::from(number.year))
    .bind(i64::from(number.serial))
    .bind(used.fact.as_bytes().as_slice())
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
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
