//! The projection: what the lists show of a case. Computed from facts, thrown away at will.

use sync_core::id::{HazardId, StreetCode};
use sync_core::ledger::case::{Case, HazardCase};
use sync_core::refusal::Refusal;
use sync_core::rules::status::{self, HazardState};
use sync_core::time::{CivilDate, Timestamp};

use crate::admission::dossier::{Dossier, Dossiers};
use crate::admission::load;
use crate::directory::Directory;
use crate::state::Shared;
use crate::store::StoreError;
use crate::store::rows::{ProjectedCase, ProjectedHazard};
use crate::store::streams::{self, StreamKey};
use crate::store::writer::{Projection, WriteJob};

/// Adds the rows of a dossier. A case that this build cannot judge has none.
pub fn rows(dossier: &Dossier, directory: &Directory, projection: &mut Projection) {
    let Some(case) = case_row(dossier) else { return };
    for (id, hazard) in &dossier.case.hazards {
        projection.hazards.extend(hazard_row(&dossier.case, *id, hazard, &case, directory));
    }
    projection.cases.push(case);
}

fn case_row(dossier: &Dossier) -> Option<ProjectedCase> {
    let plan = &dossier.case.plan.as_ref()?.body;
    let notice = dossier.case.notice.as_ref().map(|notice| &notice.body);
    Some(ProjectedCase {
        inspection: plan.inspection,
        notice: notice.map(|notice| notice.id),
        number: notice.map(|notice| notice.number.to_string()),
        enterprise: plan.enterprise,
        department: plan.department.clone(),
        state: status::inspection(&dossier.case).ok()?,
        hazards: dossier.case.hazards.len() as u64,
        last_at: dossier.last_at(),
    })
}

fn hazard_row(
    case: &Case,
    id: HazardId,
    hazard: &HazardCase,
    of: &ProjectedCase,
    directory: &Directory,
) -> Option<ProjectedHazard> {
    let record = hazard.record.as_ref()?;
    let found_at = case.seal.as_ref()?.at;
    let now = status::hazard(case, id, Timestamp::from_millis(i64::MIN)).ok()?;
    // Whatever happens by the passing of time alone has happened at the end of the calendar.
    let end = CivilDate::new(9999, 12, 31).ok()?.start();
    let can_be_late = status::hazard(case, id, end).ok()?.overdue;
    let deadline = now.deadline.as_ref().map(|deadline| deadline.date);
    let enterprise = directory.enterprises.get(&of.enterprise);
    Some(ProjectedHazard {
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

/// Throws the rows of the lists away and computes them from the facts. Returns how many visits there are.
pub async fn rebuild(shared: &Shared, now: Timestamp) -> Result<usize, Refusal> {
    shared.writer.write(WriteJob { clear_projection: true, ..WriteJob::default() }).await?;
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
        let directory = shared.directory.snapshot();
        let jobs = shared
            .turns
            .run(move || {
                let dossiers = Dossiers::open(&loaded, now);
                dossiers.cases().map(|dossier| job(dossier, &directory)).collect::<Vec<_>>()
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

fn job(dossier: &Dossier, directory: &Directory) -> WriteJob {
    let mut job = WriteJob { expected: dossier.versions(), ..WriteJob::default() };
    rows(dossier, directory, &mut job.projection);
    job
}
