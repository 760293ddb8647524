//! The list of hazards with its filters.

use sync_core::domain::account::{Person, Role};
use sync_core::id::HazardId;
use sync_core::limits;
use sync_core::refusal::{Code, Refusal};
use sync_core::time::Timestamp;
use sync_core::wire::api_office::{
    HazardListRow, HazardPage, HazardQuery, PAGE_ROWS, PAGE_ROWS_MAX,
};

use crate::state::Shared;
use crate::store::StoreError;
use crate::store::rows::{self, HazardFilter, ProjectedHazard};

/// One page of the hazards that match. The office and auditors see every department, others their
/// own; nobody else sees lists.
pub async fn list(
    shared: &Shared,
    reader: &Person,
    query: &HazardQuery,
    now: Timestamp,
) -> Result<HazardPage, Refusal> {
    let filter = filter(reader, query, now)?;
    let limit = query.limit.unwrap_or(PAGE_ROWS).clamp(1, PAGE_ROWS_MAX);
    let after = query.after.as_deref().map(place).transpose()?;
    let mut db = shared.pool.acquire().await.map_err(StoreError::from)?;
    let total = rows::count_hazards(&mut db, &filter).await?;
    let rows = rows::hazards(&mut db, &filter, after, i64::from(limit)).await?;
    let next = rows
        .last()
        .filter(|_| rows.len() >= usize::try_from(limit).unwrap_or(usize::MAX))
        .map(|row| format!("{}~{}", row.found_at.as_millis(), row.hazard));
    Ok(HazardPage {
        at: now,
        total,
        rows: rows.into_iter().map(|row| shown(row, now)).collect(),
        next,
    })
}

fn filter(reader: &Person, query: &HazardQuery, now: Timestamp) -> Result<HazardFilter, Refusal> {
    if let Some(text) = &query.text {
        limits::optional_text("text", text, limits::NAME_CHARS)?;
    }
    let asked = query.department.as_ref().map(|id| id.as_str().to_owned());
    let department = match reader.role {
        Role::Coordinator | Role::Auditor => asked,
        Role::Inspector | Role::Supervisor => {
            let own = reader.department.as_ref().map(|id| id.as_str().to_owned());
            let own = own.ok_or(Refusal::new(Code::RoleNotAllowed))?;
            if asked.is_some_and(|asked| asked != own) {
                return Err(Refusal::new(Code::RoleNotAllowed).field("department"));
            }
            Some(own)
        }
        _ => return Err(Refusal::new(Code::RoleNotAllowed)),
    };
    Ok(HazardFilter {
        street: query.street.as_ref().map(|code| code.as_str().to_owned()),
        sector: query.sector.as_ref().map(|code| code.as_str().to_owned()),
        department,
        state: query.state,
        grade: query.grade,
        overdue: query.overdue,
        due_by: query.due_within.map(|days| now.date().plus_days(i32::from(days))),
        text: query.text.clone().filter(|text| !text.is_empty()),
        now,
    })
}

fn place(after: &str) -> Result<(Timestamp, HazardId), Refusal> {
    let malformed = || Refusal::new(Code::FieldMalformed).field("after");
    let (at, hazard) = after.split_once('~').ok_or_else(malformed)?;
    let at = at.parse().map_err(|_| malformed())?;
    Ok((Timestamp::from_millis(at), hazard.parse().map_err(|_| malformed())?))
}

fn shown(row: ProjectedHazard, now: Timestamp) -> HazardListRow {
    HazardListRow {
        hazard: row.hazard,
        inspection: Some(row.inspection),
        notice: row.notice,
        number: row.number,
        enterprise: row.enterprise,
        enterprise_name: row.enterprise_name,
        street: row.street,
        sectors: row.sectors,
        department: row.department,
        grade: row.grade,
        description: row.description,
        place: row.place,
        state: row.state,
        state_title: row.state.title().to_owned(),
        overdue: row.overdue_from.is_some_and(|from| from <= now),
        deadline: row.deadline,
        extension_pending: row.extension_pending,
        round: row.round,
        escalation: row.escalation,
        found_at: row.found_at,
        closed_at: row.closed_at,
    }
}
