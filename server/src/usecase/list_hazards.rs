//! The list of hazards with its filters.

use sync_core::domain::account::Person;
use sync_core::id::HazardId;
use sync_core::limits;
use sync_core::refusal::{Code, Refusal};
use sync_core::rules::authority;
use sync_core::time::Timestamp;
use sync_core::wire::api_office::{
    HazardListRow, HazardPage, HazardQuery, PAGE_ROWS, PAGE_ROWS_MAX,
};
use sync_core::wire::report::{Cell, ColumnKind, Sheet};

use crate::directory::Directory;
use crate::report::{column, department_title, street_title};
use crate::state::Shared;
use crate::store::StoreError;
use crate::store::listed::{self, HazardFilter};
use crate::store::rows::ProjectedHazard;

/// One page of the hazards that match. The office and auditors see every department, others their
/// own; nobody else sees lists.
///
/// # Errors
/// [`Code::RoleNotAllowed`] for who sees no lists or asks for another department, [`Code::FieldMalformed`]
/// for a place that no page gave, `Code::StorageFailed`.
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
    let total = listed::count_hazards(&mut db, &filter).await?;
    let rows = listed::hazards(&mut db, &filter, after, u64::from(limit)).await?;
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

/// Most rows of a file.
const FILE_ROWS: u64 = 20_000;

/// All hazards that match, as a sheet.
///
/// # Errors
/// As [`list`]; `too_many` when the list is longer than a file.
pub async fn sheet(
    shared: &Shared,
    reader: &Person,
    query: &HazardQuery,
    now: Timestamp,
) -> Result<Sheet, Refusal> {
    let _turn = shared.reporting.turn(reader.id).await?;
    let mut query = HazardQuery { limit: Some(PAGE_ROWS_MAX), after: None, ..query.clone() };
    let directory = shared.directory.snapshot();
    let mut rows = Vec::new();
    loop {
        let page = list(shared, reader, &query, now).await?;
        if page.total > FILE_ROWS {
            return Err(Refusal::new(Code::TooMany).field("rows"));
        }
        rows.extend(page.rows.iter().map(|row| cells(row, &directory)));
        query.after = page.next;
        if query.after.is_none() {
            break;
        }
    }
    Ok(Sheet {
        title: "隐患清单".to_owned(),
        period: String::new(),
        narrowed: Vec::new(),
        until: now,
        frozen_at: None,
        notes: vec![format!("{now} 的情况。")],
        columns: COLUMNS.iter().map(|(name, title, kind)| column(name, title, *kind)).collect(),
        rows,
        total: None,
    })
}

const COLUMNS: [(&str, &str, ColumnKind); 11] = [
    ("number", "文书号", ColumnKind::Name),
    ("enterprise", "企业", ColumnKind::Name),
    ("street", "街道", ColumnKind::Name),
    ("sectors", "行业", ColumnKind::Name),
    ("department", "部门", ColumnKind::Name),
    ("grade", "等级", ColumnKind::Name),
    ("description", "隐患", ColumnKind::Text),
    ("place", "位置", ColumnKind::Text),
    ("state", "状态", ColumnKind::Name),
    ("deadline", "期限", ColumnKind::Date),
    ("overdue", "是否逾期", ColumnKind::Name),
];

fn cells(row: &HazardListRow, directory: &Directory) -> Vec<Cell> {
    let sector = |code: &String| directory.sectors.get(code).unwrap_or(code).clone();
    let sectors: Vec<String> = row.sectors.iter().map(sector).collect();
    vec![
        Cell::from(row.number.as_deref().unwrap_or_default()),
        Cell::from(row.enterprise_name.as_str()),
        Cell::from(street_title(directory, &row.street)),
        Cell::from(sectors.join("、")),
        Cell::from(department_title(directory, &row.department)),
        Cell::from(row.grade.title()),
        Cell::from(row.description.as_str()),
        Cell::from(row.place.as_str()),
        Cell::from(row.state_title.as_str()),
        row.deadline.map_or(Cell::Empty, |date| Cell::from(date.to_string())),
        Cell::from(if row.overdue { "是" } else { "否" }),
    ]
}

fn filter(reader: &Person, query: &HazardQuery, now: Timestamp) -> Result<HazardFilter, Refusal> {
    if let Some(text) = &query.text {
        limits::optional_text("text", text, limits::NAME_CHARS)?;
    }
    let scope = authority::list_scope(reader)?;
    let department = scope.narrowed(query.department.as_ref())?.map(|id| id.as_str().to_owned());
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
