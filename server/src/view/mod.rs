//! Views: what the lists show of a case. Computed from facts, thrown away at will.

use sync_core::id::{HazardId, StreetCode};
use sync_core::ledger::case::{Case, HazardCase};
use sync_core::refusal::Refusal;
use sync_core::rules::status::{self, HazardState};
use sync_core::time::{CivilDate, Timestamp};

use crate::admission::file::{File, Files};
use crate::admission::load;
use crate::admission::registry::Picture;
use crate::state::Shared;
use crate::store::StoreError;
use crate::store::streams::{self, StreamKey};
use crate::store::views::{CaseRow, HazardRow};
use crate::store::writer::{Views, WriteJob};

/// Adds the rows of a file. A case that this build cannot judge has none.
pub fn rows(file: &File, picture: &Picture, views: &mut Views) {
    let Some(case) = case_row(file) else { return };
    for (id, hazard) in &file.case.hazards {
        views.hazards.extend(hazard_row(&file.case, *id, hazard, &case, picture));
    }
    views.cases.push(case);
}

fn case_row(file: &File) -> Option<CaseRow> {
    let plan = &file.case.plan.as_ref()?.body;
    let notice = file.case.notice.as_ref().map(|notice| &notice.body);
    Some(CaseRow {
        inspection: plan.inspection,
        notice: notice.map(|notice| notice.id),
        number: notice.map(|notice| notice.number.to_string()),
        enterprise: plan.enterprise,
        department: plan.department.clone(),
        state: status::inspection(&file.case).ok()?,
        hazards: file.case.hazards.len() as u64,
        last_at: file.last_at(),
    })
}

fn hazard_row(
    case: &Case,
    id: HazardId,
    hazard: &HazardCase,
    of: &CaseRow,
    picture: &Picture,
) -> Option<HazardRow> {
    let record = hazard.record.as_ref()?;
    let found_at = case.seal.as_ref()?.at;
    let now = status::hazard(case, id, Timestamp::from_millis(i64::MIN)).ok()?;
    // Whatever happens by the passing of time alone has happened at the end of the calendar.
    let end = CivilDate::new(9999, 12, 31).ok()?.start();
    let can_be_late = status::hazard(case, id, end).ok()?.overdue;
    let deadline = now.deadline.as_ref().map(|deadline| deadline.date);
    let enterprise = picture.enterprises.get(&of.enterprise);
    Some(HazardRow {
        hazard: id,
        inspection: Some(of.inspection),
        notice: of.notice,
        number: of.number.clone(),
        enterprise: of.enterprise,
        enterprise_name: enterprise.map(|it| it.name.clone()).unwrap_or_default(),
        street: enterprise.map(|it| StreetCode::as_str(&it.street).to_owned()).unwrap_or_default(),
        sectors: enterprise
            .map(|it| it.sectors.iter().map(ToString::to_string).collect())
            .unwrap_or_default(),
        department: of.department.clone(),
        grade: now.grade.unwrap_or(record.grade),
        description: record.description.clone(),
        place: record.place.clone(),
        state: now.state,
        round: now.round,
        extension_pending: now.extension_pending,
        escalation: now.escalation,
        deadline,
        overdue_from: deadline.filter(|_| can_be_late).map(|date| date.plus_days(1).start()),
        found_at,
        extended_at: hazard
            .extension_decisions
            .iter()
            .filter(|decision| decision.body.granted.is_some())
            .map(|decision| decision.at)
            .max(),
        closed_at: closed_at(case, hazard, now.state),
    })
}

fn closed_at(case: &Case, hazard: &HazardCase, state: HazardState) -> Option<Timestamp> {
    match state {
        HazardState::Closed => {
            hazard.closures.iter().find(|closure| closure.body.approved).map(|it| it.at)
        }
        HazardState::Dismissed => hazard.dismissal.as_ref().map(|it| it.at),
        HazardState::FixedOnSpot => case.seal.as_ref().map(|it| it.at),
        _ => None,
    }
}

/// Inspections that are read at once while rebuilding.
const BATCH: i64 = 200;

/// Throws the views away and computes them from the facts. Returns how many visits there are.
pub async fn rebuild(shared: &Shared, now: Timestamp) -> Result<usize, Refusal> {
    shared.writer.write(WriteJob { rebuild_views: true, ..WriteJob::default() }).await?;
    let mut after: Option<StreamKey> = None;
    let mut visits = 0;
    loop {
        let loaded = {
            let mut db = shared.pool.acquire().await.map_err(StoreError::from)?;
            let keys = streams::inspections(&mut db, after, BATCH).await?;
            let Some(last) = keys.last() else { return Ok(visits) };
            after = Some(*last);
            load::cases(&mut db, &keys, true).await?
        };
        let picture = shared.registry.picture();
        let jobs = shared
            .turns
            .run(move || {
                let files = Files::open(&loaded, now);
                files.cases().map(|file| job(file, &picture)).collect::<Vec<_>>()
            })
            .await?;
        visits += jobs.len();
        let written = jobs.into_iter().map(|job| shared.writer.write(job));
        for outcome in futures_util::future::join_all(written).await {
            // What moved meanwhile is marked, and the clerk writes its rows.
            outcome?;
        }
    }
}

fn job(file: &File, picture: &Picture) -> WriteJob {
    let mut job = WriteJob { expected: file.versions(), ..WriteJob::default() };
    rows(file, picture, &mut job.views);
    job
}
