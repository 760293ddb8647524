//! The projection: what the lists show of a case. Computed from facts, thrown away at will.

use sync_core::act::HazardCase;
use sync_core::act::notice::ExtensionDecision;
use sync_core::act::state;
use sync_core::act::visit::IssuedOnSite;
use sync_core::calendar::deadline::passes_at;
use sync_core::case::Case;
use sync_core::document;
use sync_core::id::StreetCode;
use sync_core::refusal::Refusal;
use sync_core::rules::due;
use sync_core::time::Timestamp;

use crate::admission::dossier::{Dossier, Dossiers};
use crate::admission::load;
use crate::directory::Directory;
use crate::state::Shared;
use crate::store::StoreError;
use crate::store::papers::GivenPaper;
use crate::store::rows::{ProjectedCase, ProjectedHazard};
use crate::store::streams::{self, StreamKey};
use crate::store::writer::{Projection, WriteJob};

/// Adds the rows of a dossier. A case that this build cannot judge has none.
pub fn rows(dossier: &Dossier, directory: &Directory, projection: &mut Projection) {
    let Some(case) = case_row(dossier) else { return };
    let hazards = dossier.case.hazards();
    for hazard in hazards.iter().filter_map(|id| dossier.case.hazard(*id)) {
        projection.hazards.extend(hazard_row(&dossier.case, &hazard, &case, directory));
    }
    projection.cases.push(case);
    projection.papers.extend(papers(&dossier.case, directory));
}

/// The papers of a case by their digests: a phone may have shown them before anybody asked the server for one. Of a notice
/// from the spot the bytes are kept once they are found to say what was stated, whatever reference data says later.
fn papers(case: &Case, directory: &Directory) -> Vec<GivenPaper> {
    let sources = directory.sources(case);
    let rows = document::papers(case, &sources);
    let rows = rows.iter().filter_map(|row| GivenPaper::of(case, row.digest, row.fact));
    let shown = case.every::<IssuedOnSite>().filter_map(|it| {
        let given = GivenPaper::of(case, it.body.paper, it.fact)?;
        let drawn = document::notice(&it.body.notice, &sources);
        let content = (drawn.digest() == it.body.paper).then(|| drawn.canonical());
        Some(GivenPaper { content, ..given })
    });
    rows.chain(shown).collect()
}

fn case_row(dossier: &Dossier) -> Option<ProjectedCase> {
    let plan = dossier.case.plan()?.body;
    let notice = dossier.case.notices().next().map(|notice| notice.body);
    Some(ProjectedCase {
        inspection: plan.inspection,
        notice: notice.map(|notice| notice.id),
        number: notice.map(|notice| notice.number.to_string()),
        enterprise: plan.enterprise,
        department: plan.department.clone(),
        state: state::inspection(&dossier.case).ok()?,
        hazards: dossier.case.hazards().len() as u64,
        last_at: dossier.last_at(),
    })
}

fn hazard_row(
    case: &Case,
    hazard: &HazardCase<'_>,
    of: &ProjectedCase,
    directory: &Directory,
) -> Option<ProjectedHazard> {
    let (record, found_at) = (hazard.record?, hazard.sealed?.at);
    let notice = hazard.notice.map(|notice| notice.body);
    let now = state::hazard(case, hazard.id, Timestamp::from_millis(i64::MIN)).ok()?;
    let deadline = now.deadline.as_ref().map(|deadline| deadline.date);
    let enterprise = directory.enterprises.get(&of.enterprise);
    Some(ProjectedHazard {
        hazard: hazard.id,
        inspection: of.inspection,
        notice: notice.map(|notice| notice.id),
        number: notice.map(|notice| notice.number.to_string()),
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
        counted_over: counted_over(hazard),
        overdue_from: state::running(hazard).map(passes_at),
        found_at,
        extended_at: hazard
            .all::<ExtensionDecision>()
            .filter(|decision| decision.body.granted.is_some())
            .map(|decision| decision.at)
            .max(),
        closed_at: state::settled_at(hazard),
    })
}

/// The editions of calendars that the deadline rests on, where it is to be counted again over others.
fn counted_over(hazard: &HazardCase<'_>) -> Option<String> {
    let editions: Vec<String> = due::counted_over(hazard).into_iter().collect();
    (!editions.is_empty()).then(|| editions.join(" "))
}

/// Inspections that are read at once while rebuilding.
const BATCH: i64 = 200;

/// Throws the rows of the lists away and computes them from the facts. Returns how many visits there are.
///
/// # Errors
/// `Code::StorageFailed` when the store fails.
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
            load::cases(&mut db, &keys, true, &shared.integrity).await?
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
