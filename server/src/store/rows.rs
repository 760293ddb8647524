//! Rows of the lists: tables that are computed from facts, and what is read from them.

use sqlx::{AnyConnection, AssertSqlSafe, Row as _};
use sync_core::act::state::{HazardState, InspectionState};
use sync_core::domain::escalation::Escalation;
use sync_core::domain::hazard::Grade;
use sync_core::id::{DepartmentId, EnterpriseId, HazardId, InspectionId, NoticeId};
use sync_core::time::{CivilDate, Timestamp};

use super::StoreError;
use super::sql::{self, Marks};

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

/// Which hazards a list shows.
#[derive(Clone, Debug, Default)]
pub struct HazardFilter {
    /// Street of the enterprise.
    pub street: Option<String>,
    /// One of the sectors of the enterprise.
    pub sector: Option<String>,
    /// Department that found it.
    pub department: Option<String>,
    /// State.
    pub state: Option<HazardState>,
    /// The grade that counts.
    pub grade: Option<Grade>,
    /// Whether it is overdue at `now`.
    pub overdue: Option<bool>,
    /// Last day on which it falls due, if it is not overdue at `now`.
    pub due_by: Option<CivilDate>,
    /// Words.
    pub text: Option<String>,
    /// The instant of the question.
    pub now: Timestamp,
}

fn word<T: serde::Serialize>(value: &T) -> Result<String, StoreError> {
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
     extension_pending, escalation, deadline, overdue_from, found_at, extended_at, closed_at";

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
        let text = Marks::of(db).values(&head, 22, rows.len(), &tail);
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
                .bind(row.closed_at.map(Timestamp::as_millis));
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

fn read_hazard(row: &sqlx::any::AnyRow) -> Result<ProjectedHazard, StoreError> {
    let id = |index: usize| -> Result<Option<[u8; 16]>, StoreError> {
        row.try_get::<Option<Vec<u8>>, _>(index)?.map(|id| super::id16(&id)).transpose()
    };
    let instant = |index: usize| -> Result<Option<Timestamp>, StoreError> {
        Ok(row.try_get::<Option<i64>, _>(index)?.map(Timestamp::from_millis))
    };
    let required = |index: usize| super::id16(row.try_get(index)?);
    let sectors: String = row.try_get(7)?;
    Ok(ProjectedHazard {
        hazard: HazardId::from_bytes(required(0)?),
        inspection: InspectionId::from_bytes(required(1)?),
        notice: id(2)?.map(NoticeId::from_bytes),
        number: row.try_get(3)?,
        enterprise: EnterpriseId::from_bytes(required(4)?),
        enterprise_name: row.try_get(5)?,
        street: row.try_get(6)?,
        sectors: sectors.split_whitespace().map(str::to_owned).collect(),
        department: department(row, 8)?,
        grade: meaning(row.try_get(9)?)?,
        description: row.try_get(10)?,
        place: row.try_get(11)?,
        state: meaning(row.try_get(12)?)?,
        round: u32::try_from(row.try_get::<i64, _>(14)?).unwrap_or(u32::MAX),
        extension_pending: row.try_get::<i64, _>(15)? != 0,
        escalation: row.try_get::<Option<String>, _>(16)?.map(meaning).transpose()?,
        deadline: row
            .try_get::<Option<String>, _>(17)?
            .map(|date| date.parse())
            .transpose()
            .map_err(|_| StoreError::damaged("date"))?,
        overdue_from: instant(18)?,
        found_at: Timestamp::from_millis(row.try_get(19)?),
        extended_at: instant(20)?,
        closed_at: instant(21)?,
    })
}

fn department(row: &sqlx::any::AnyRow, index: usize) -> Result<DepartmentId, StoreError> {
    row.try_get::<String, _>(index)?.parse().map_err(|_| StoreError::damaged("department"))
}

const MATCHES: &str = "($1 = '' OR street = $1) AND ($2 = '' OR sectors LIKE $2) \
     AND ($3 = '' OR department = $3) AND ($4 = '' OR state = $4) AND ($5 = '' OR grade = $5) \
     AND ($6 < 0 OR $6 = (CASE WHEN overdue_from <= $7 THEN 1 ELSE 0 END)) \
     AND ($8 = '' OR enterprise_name LIKE $8 ESCAPE '!' OR description LIKE $8 ESCAPE '!' \
     OR place LIKE $8 ESCAPE '!' OR number LIKE $8 ESCAPE '!') \
     AND ($9 = '' OR (overdue_from > $7 AND deadline <= $9))";

macro_rules! bind_filter {
    ($query:expr, $filter:expr) => {
        $query
            .bind($filter.street.clone().unwrap_or_default())
            .bind($filter.sector.as_ref().map_or_else(String::new, |code| format!("% {code} %")))
            .bind($filter.department.clone().unwrap_or_default())
            .bind($filter.state.as_ref().map(word).transpose()?.unwrap_or_default())
            .bind($filter.grade.as_ref().map(word).transpose()?.unwrap_or_default())
            .bind($filter.overdue.map_or(-1_i64, i64::from))
            .bind($filter.now.as_millis())
            .bind($filter.text.as_deref().map_or_else(String::new, contains))
            .bind($filter.due_by.map_or_else(String::new, |date| date.to_string()))
    };
}

/// A pattern that finds `text` anywhere; what patterns give a meaning to is taken literally.
fn contains(text: &str) -> String {
    let mut pattern = String::from("%");
    for c in text.chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// How many hazards match.
pub async fn count_hazards(
    db: &mut AnyConnection,
    filter: &HazardFilter,
) -> Result<u64, StoreError> {
    let text = format!("SELECT COUNT(*) FROM hazard_rows WHERE {MATCHES}");
    let row = bind_filter!(sqlx::query(AssertSqlSafe(text)), filter).fetch_one(db).await?;
    Ok(super::count(row.try_get(0)?))
}

/// Hazards that match, the newest first, after `after`, at most `limit`.
pub async fn hazards(
    db: &mut AnyConnection,
    filter: &HazardFilter,
    after: Option<(Timestamp, HazardId)>,
    limit: i64,
) -> Result<Vec<ProjectedHazard>, StoreError> {
    let text = format!(
        "SELECT {HAZARD_COLUMNS} FROM hazard_rows WHERE {MATCHES} \
         AND (found_at < $10 OR (found_at = $10 AND hazard < $11)) \
         ORDER BY found_at DESC, hazard DESC LIMIT $12"
    );
    let (at, hazard) = after.map_or((i64::MAX, Vec::new()), |(at, hazard)| {
        (at.as_millis(), hazard.as_bytes().to_vec())
    });
    let rows = bind_filter!(sqlx::query(AssertSqlSafe(text)), filter)
        .bind(at)
        .bind(hazard)
        .bind(limit)
        .fetch_all(db)
        .await?;
    rows.iter().map(read_hazard).collect()
}

/// Every row of both tables, in the order of their keys: what a test compares.
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
    let notice: Option<Vec<u8>> = row.try_get(1)?;
    Ok(ProjectedCase {
        inspection: InspectionId::from_bytes(super::id16(row.try_get(0)?)?),
        notice: notice.map(|id| super::id16(&id).map(NoticeId::from_bytes)).transpose()?,
        number: row.try_get(2)?,
        enterprise: EnterpriseId::from_bytes(super::id16(row.try_get(3)?)?),
        department: department(row, 4)?,
        state: meaning(row.try_get(5)?)?,
        hazards: super::count(row.try_get(6)?),
        last_at: Timestamp::from_millis(row.try_get(7)?),
    })
}

/// The report of a week as it was frozen.
pub async fn report(db: &mut AnyConnection, week: &str) -> Result<Option<String>, StoreError> {
    let row = sqlx::query("SELECT body FROM weekly_reports WHERE week = $1")
        .bind(week)
        .fetch_optional(db)
        .await?;
    row.map(|row| row.try_get(0).map_err(StoreError::from)).transpose()
}

/// Freezes the report of a week; if it was frozen meanwhile, that one stays.
pub async fn freeze_report(
    db: &mut AnyConnection,
    week: &str,
    at: Timestamp,
    body: &str,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO weekly_reports (week, made_at, body) VALUES ($1, $2, $3) \
         ON CONFLICT (week) DO NOTHING",
    )
    .bind(week)
    .bind(at.as_millis())
    .bind(body)
    .execute(db)
    .await?;
    Ok(())
}
