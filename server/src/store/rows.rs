//! Rows of the lists: tables that are computed from facts, and what is read from them.

use std::collections::BTreeSet;

use sqlx::{AnyConnection, AssertSqlSafe, Row as _};
use sync_core::act::state::{HazardState, InspectionState};
use sync_core::domain::escalation::Escalation;
use sync_core::domain::hazard::Grade;
use sync_core::id::{DepartmentId, EnterpriseId, HazardId, InspectionId, NoticeId};
use sync_core::ledger::stream::{StreamId, StreamKind};
use sync_core::time::{CivilDate, Timestamp};

use super::StoreError;
use super::sql::{self, Marks};
use super::streams::StreamKey;

/// One hazard in the lists. Whether it is overdue is asked with `now`: from `overdue_from` on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectedHazard {
    /// Which hazard.
    pub hazard: HazardId,
    /// The visit that found it.
    pub inspection: InspectionId,
    /// Its notice.
    pub notice: Option<NoticeId>,
    /// Number of the notice.
    pub number: Option<String>,
    /// Where it was found.
    pub enterprise: EnterpriseId,
    /// Name of the enterprise.
    pub enterprise_name: String,
    /// Street of the enterprise.
    pub street: String,
    /// Sectors of the enterprise.
    pub sectors: Vec<String>,
    /// Department that found it.
    pub department: DepartmentId,
    /// The grade that counts.
    pub grade: Grade,
    /// What is wrong.
    pub description: String,
    /// Where in the enterprise.
    pub place: String,
    /// State.
    pub state: HazardState,
    /// How often rectification was asked for.
    pub round: u32,
    /// Whether a request for more time waits.
    pub extension_pending: bool,
    /// Highest step of escalation.
    pub escalation: Option<Escalation>,
    /// Last day that is in time.
    pub deadline: Option<CivilDate>,
    /// The editions of calendars under which it is to be counted again once there are others; none where it is firm.
    pub counted_over: Option<String>,
    /// From when it is overdue if nothing else happens.
    pub overdue_from: Option<Timestamp>,
    /// When the record with it was taken over.
    pub found_at: Timestamp,
    /// When its term was extended last.
    pub extended_at: Option<Timestamp>,
    /// When it was settled.
    pub closed_at: Option<Timestamp>,
}

/// One visit in the lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectedCase {
    /// The visit.
    pub inspection: InspectionId,
    /// Its notice.
    pub notice: Option<NoticeId>,
    /// Number of the notice.
    pub number: Option<String>,
    /// The enterprise.
    pub enterprise: EnterpriseId,
    /// The department.
    pub department: DepartmentId,
    /// State.
    pub state: InspectionState,
    /// How many hazards.
    pub hazards: u64,
    /// When the last fact was taken over.
    pub last_at: Timestamp,
}

pub(super) fn word<T: serde::Serialize>(value: &T) -> Result<String, StoreError> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        _ => Err(StoreError::damaged("word")),
    }
}

fn meaning<T: serde::de::DeserializeOwned>(word: String) -> Result<T, StoreError> {
    serde_json::from_value(serde_json::Value::String(word)).map_err(|_| StoreError::damaged("word"))
}

const HAZARD_COLUMNS: &str = "hazard, inspection, notice, number, enterprise, enterprise_name, \
     street, sectors, department, grade, description, place, state, open, rounds, \
     extension_pending, escalation, deadline, overdue_from, found_at, extended_at, closed_at, \
     counted_over";

/// Which notices are of which visits, as the rows of hazards say of these visits and notices: the visit first.
///
/// # Errors
/// What the database says.
pub async fn linked(
    db: &mut AnyConnection,
    keys: &[StreamKey],
) -> Result<BTreeSet<(StreamKey, StreamKey)>, StoreError> {
    let streams = keys.iter().filter_map(StreamKey::stream);
    let (visits, notices): (Vec<StreamId>, Vec<StreamId>) = streams
        .filter(|it| matches!(it.kind, StreamKind::Inspection | StreamKind::Notice))
        .partition(|it| it.kind == StreamKind::Inspection);
    let mut found = BTreeSet::new();
    for (column, ids) in [("inspection", visits), ("notice", notices)] {
        for ids in ids.chunks(sql::KEYS) {
            let ids = sql::filled(ids);
            let head = format!(
                "SELECT DISTINCT inspection, notice FROM hazard_rows \
                 WHERE notice IS NOT NULL AND {column} IN"
            );
            let text = Marks::of(db).within(&head, ids.len(), "");
            let mut query = sqlx::query(AssertSqlSafe(text));
            for id in ids {
                query = query.bind(id.id.as_bytes().to_vec());
            }
            for row in query.fetch_all(&mut *db).await? {
                let visit = InspectionId::from_bytes(super::id16(row.try_get(0)?)?);
                let notice = NoticeId::from_bytes(super::id16(row.try_get(1)?)?);
                found.insert((StreamKey::inspection(visit), StreamKey::notice(notice)));
            }
        }
    }
    Ok(found)
}

/// The editions of calendars over which deadlines were counted that are to be counted again over others.
///
/// # Errors
/// What the database says.
pub async fn editions(db: &mut AnyConnection) -> Result<Vec<String>, StoreError> {
    let text = "SELECT DISTINCT counted_over FROM hazard_rows WHERE counted_over IS NOT NULL";
    let rows = sqlx::query(text).fetch_all(db).await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

/// The visits with a deadline that was counted over these editions of calendars.
///
/// # Errors
/// What the database says.
pub async fn counted_over(
    db: &mut AnyConnection,
    editions: &str,
) -> Result<BTreeSet<StreamKey>, StoreError> {
    let text = "SELECT DISTINCT inspection FROM hazard_rows WHERE counted_over = $1";
    let rows = sqlx::query(text).bind(editions).fetch_all(db).await?;
    let visit = |row: &sqlx::any::AnyRow| {
        let id = super::id16(row.try_get(0)?)?;
        Ok(StreamKey::inspection(InspectionId::from_bytes(id)))
    };
    rows.iter().map(visit).collect()
}

/// Stores the rows of hazards, over those that were there.
pub(crate) async fn put_hazards(
    db: &mut AnyConnection,
    rows: &[ProjectedHazard],
) -> Result<(), StoreError> {
    let set: Vec<String> = HAZARD_COLUMNS
        .split(", ")
        .skip(2)
        .map(|column| format!("{column} = excluded.{column}"))
        .collect();
    let tail = format!("ON CONFLICT (inspection, hazard) DO UPDATE SET {}", set.join(", "));
    let head = format!("INSERT INTO hazard_rows ({HAZARD_COLUMNS}) VALUES");
    for rows in sql::parts(rows) {
        let text = Marks::of(db).values(&head, 23, rows.len(), &tail);
        let mut query = sqlx::query(AssertSqlSafe(text));
        for row in rows {
            query = query
                .bind(row.hazard.as_bytes().as_slice())
                .bind(row.inspection.as_bytes().as_slice())
                .bind(row.notice.map(|id| id.as_bytes().to_vec()))
                .bind(row.number.as_deref())
                .bind(row.enterprise.as_bytes().as_slice())
                .bind(row.enterprise_name.as_str())
                .bind(row.street.as_str())
                .bind(format!(" {} ", row.sectors.join(" ")))
                .bind(row.department.as_str())
                .bind(word(&row.grade)?)
                .bind(row.description.as_str())
                .bind(row.place.as_str())
                .bind(word(&row.state)?)
                .bind(i64::from(!row.state.is_settled()))
                .bind(i64::from(row.round))
                .bind(i64::from(row.extension_pending))
                .bind(row.escalation.as_ref().map(word).transpose()?)
                .bind(row.deadline.map(|date| date.to_string()))
                .bind(row.overdue_from.map(Timestamp::as_millis))
                .bind(row.found_at.as_millis())
                .bind(row.extended_at.map(Timestamp::as_millis))
                .bind(row.closed_at.map(Timestamp::as_millis))
                .bind(row.counted_over.as_deref());
        }
        query.execute(&mut *db).await?;
    }
    Ok(())
}

/// Stores the rows of visits, over those that were there.
pub(crate) async fn put_cases(
    db: &mut AnyConnection,
    rows: &[ProjectedCase],
) -> Result<(), StoreError> {
    for rows in sql::parts(rows) {
        let text = Marks::of(db).values(
            "INSERT INTO case_rows (inspection, notice, number, enterprise, department, state, \
             hazards, last_at) VALUES",
            8,
            rows.len(),
            "ON CONFLICT (inspection) DO UPDATE SET notice = excluded.notice, \
             number = excluded.number, enterprise = excluded.enterprise, \
             department = excluded.department, state = excluded.state, \
             hazards = excluded.hazards, last_at = excluded.last_at",
        );
        let mut query = sqlx::query(AssertSqlSafe(text));
        for row in rows {
            query = query
                .bind(row.inspection.as_bytes().as_slice())
                .bind(row.notice.map(|id| id.as_bytes().to_vec()))
                .bind(row.number.as_deref())
                .bind(row.enterprise.as_bytes().as_slice())
                .bind(row.department.as_str())
                .bind(word(&row.state)?)
                .bind(super::number(row.hazards))
                .bind(row.last_at.as_millis());
        }
        query.execute(&mut *db).await?;
    }
    Ok(())
}

/// Deletes all rows of the lists.
pub(crate) async fn clear(db: &mut AnyConnection) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM hazard_rows").execute(&mut *db).await?;
    sqlx::query("DELETE FROM case_rows").execute(db).await?;
    Ok(())
}

pub(super) fn read_hazard(row: &sqlx::any::AnyRow) -> Result<ProjectedHazard, StoreError> {
    let id = |column: &str| -> Result<Option<[u8; 16]>, StoreError> {
        row.try_get::<Option<Vec<u8>>, _>(column)?.map(|id| super::id16(&id)).transpose()
    };
    let instant = |column: &str| -> Result<Option<Timestamp>, StoreError> {
        Ok(row.try_get::<Option<i64>, _>(column)?.map(Timestamp::from_millis))
    };
    let required = |column: &str| super::id16(row.try_get(column)?);
    let sectors: String = row.try_get("sectors")?;
    Ok(ProjectedHazard {
        hazard: HazardId::from_bytes(required("hazard")?),
        inspection: InspectionId::from_bytes(required("inspection")?),
        notice: id("notice")?.map(NoticeId::from_bytes),
        number: row.try_get("number")?,
        enterprise: EnterpriseId::from_bytes(required("enterprise")?),
        enterprise_name: row.try_get("enterprise_name")?,
        street: row.try_get("street")?,
        sectors: sectors.split_whitespace().map(str::to_owned).collect(),
        department: department(row)?,
        grade: meaning(row.try_get("grade")?)?,
        description: row.try_get("description")?,
        place: row.try_get("place")?,
        state: meaning(row.try_get("state")?)?,
        round: u32::try_from(row.try_get::<i64, _>("rounds")?).unwrap_or(u32::MAX),
        extension_pending: row.try_get::<i64, _>("extension_pending")? != 0,
        escalation: row.try_get::<Option<String>, _>("escalation")?.map(meaning).transpose()?,
        deadline: row
            .try_get::<Option<String>, _>("deadline")?
            .map(|date| date.parse())
            .transpose()
            .map_err(|_| StoreError::damaged("date"))?,
        counted_over: row.try_get("counted_over")?,
        overdue_from: instant("overdue_from")?,
        found_at: Timestamp::from_millis(row.try_get("found_at")?),
        extended_at: instant("extended_at")?,
        closed_at: instant("closed_at")?,
    })
}

fn department(row: &sqlx::any::AnyRow) -> Result<DepartmentId, StoreError> {
    row.try_get::<String, _>("department")?.parse().map_err(|_| StoreError::damaged("department"))
}

/// Every row of both tables, in the order of their keys: what a test compares.
///
/// # Errors
/// `StoreError` when the database refuses the query or a stored value cannot be read.
pub async fn everything(
    db: &mut AnyConnection,
) -> Result<(Vec<ProjectedHazard>, Vec<ProjectedCase>), StoreError> {
    let text = format!("SELECT {HAZARD_COLUMNS} FROM hazard_rows ORDER BY inspection, hazard");
    let hazards = sqlx::query(AssertSqlSafe(text)).fetch_all(&mut *db).await?;
    let cases = sqlx::query(
        "SELECT inspection, notice, number, enterprise, department, state, hazards, last_at \
         FROM case_rows ORDER BY inspection",
    )
    .fetch_all(db)
    .await?;
    let hazards = hazards.iter().map(read_hazard).collect::<Result<_, _>>()?;
    let cases = cases.iter().map(read_case).collect::<Result<_, _>>()?;
    Ok((hazards, cases))
}

fn read_case(row: &sqlx::any::AnyRow) -> Result<ProjectedCase, StoreError> {
    let notice: Option<Vec<u8>> = row.try_get("notice")?;
    Ok(ProjectedCase {
        inspection: InspectionId::from_bytes(super::id16(row.try_get("inspection")?)?),
        notice: notice.map(|id| super::id16(&id).map(NoticeId::from_bytes)).transpose()?,
        number: row.try_get("number")?,
        enterprise: EnterpriseId::from_bytes(super::id16(row.try_get("enterprise")?)?),
        department: department(row)?,
        state: meaning(row.try_get("state")?)?,
        hazards: super::count(row.try_get("hazards")?),
        last_at: Timestamp::from_millis(row.try_get("last_at")?),
    })
}
