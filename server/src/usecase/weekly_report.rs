//! A week in figures, frozen: whoever asks later gets the same bytes.

use std::collections::BTreeMap;

use sync_core::domain::account::{Person, Role};
use sync_core::domain::hazard::Grade;
use sync_core::id::DepartmentId;
use sync_core::refusal::{Code, Refusal};
use sync_core::time::{CivilDate, Timestamp};
use sync_core::wire::api_office::{WeeklyCounts, WeeklyQuery, WeeklyReport, WeeklyRow};

use crate::state::Shared;
use crate::store::StoreError;
use crate::store::rows::{self, ProjectedHazard};

/// The report of a week that is over, as JSON. The first one who asks freezes it.
pub async fn weekly(
    shared: &Shared,
    reader: &Person,
    query: &WeeklyQuery,
    now: Timestamp,
) -> Result<String, Refusal> {
    if !matches!(reader.role, Role::Coordinator | Role::Auditor | Role::Supervisor) {
        return Err(Refusal::new(Code::RoleNotAllowed));
    }
    let this = monday(now.date());
    let from = query.day.map_or_else(|| this.plus_days(-7), monday);
    if from >= this {
        return Err(Refusal::new(Code::FieldMalformed).field("day").detail("week is not over"));
    }
    freeze(shared, from, now).await
}

/// Freezes the report of the week from `from` on unless it is frozen, and gives it.
pub async fn freeze(shared: &Shared, from: CivilDate, now: Timestamp) -> Result<String, Refusal> {
    let week = from.to_string();
    let mut db = shared.pool.acquire().await.map_err(StoreError::from)?;
    if let Some(body) = rows::report(&mut db, &week).await? {
        return Ok(body);
    }
    let (hazards, _) = rows::everything(&mut db).await?;
    let report = count(&hazards, from, now);
    let body = serde_json::to_string(&report).map_err(|_| Refusal::new(Code::StorageFailed))?;
    rows::freeze_report(&mut db, &week, now, &body).await?;
    // Another one may have been faster: what is stored is what counts.
    rows::report(&mut db, &week).await?.ok_or(Refusal::new(Code::StorageFailed))
}

/// The Monday of a date's week.
fn monday(date: CivilDate) -> CivilDate {
    // 1970-01-05 was a Monday.
    let Ok(first) = CivilDate::new(1970, 1, 5) else { return date };
    date.plus_days(-first.days_until(date).rem_euclid(7))
}

fn count(hazards: &[ProjectedHazard], from: CivilDate, frozen_at: Timestamp) -> WeeklyReport {
    let (start, end) = (from.start(), from.plus_days(7).start());
    let within = |at: Timestamp| start <= at && at < end;
    let mut rows: BTreeMap<(DepartmentId, String), WeeklyCounts> = BTreeMap::new();
    let mut total = WeeklyCounts::default();
    for hazard in hazards.iter().filter(|hazard| hazard.found_at < end) {
        let found = within(hazard.found_at);
        let open = hazard.closed_at.is_none_or(|at| at >= end);
        let counts = WeeklyCounts {
            found: u64::from(found),
            major: u64::from(found && hazard.grade == Grade::Major),
            closed: u64::from(hazard.closed_at.is_some_and(within)),
            extended: u64::from(hazard.extended_at.is_some_and(within)),
            open: u64::from(open),
            overdue: u64::from(open && hazard.overdue_from.is_some_and(|at| at < end)),
        };
        let key = (hazard.department.clone(), hazard.street.clone());
        add(rows.entry(key).or_default(), &counts);
        add(&mut total, &counts);
    }
    let rows = rows
        .into_iter()
        .map(|((department, street), counts)| WeeklyRow { department, street, counts })
        .collect();
    WeeklyReport { from, to: from.plus_days(6), frozen_at, total, rows }
}

fn add(to: &mut WeeklyCounts, more: &WeeklyCounts) {
    to.found += more.found;
    to.major += more.major;
    to.closed += more.closed;
    to.extended += more.extended;
    to.open += more.open;
    to.overdue += more.overdue;
}

#[cfg(test)]
mod tests {
    use super::monday;
    use sync_core::time::CivilDate;

    #[test]
    fn a_week_begins_on_monday() {
        let date = |day| CivilDate::new(2026, 11, day).unwrap();
        assert_eq!(monday(date(23)), date(23));
        assert_eq!(monday(date(22)), date(16));
        assert_eq!(monday(date(29)), date(23));
    }
}
