//! One case with everything that was stated of it, as far as the reader may see it.

use std::collections::BTreeSet;

use sync_core::act::Admitted;
use sync_core::act::state;
use sync_core::act::streams::Audience;
use sync_core::act::streams::readers;
use sync_core::case::Case;
use sync_core::case::fold;
use sync_core::domain::account::{Person, Role};
use sync_core::id::HazardId;
use sync_core::ledger::stream::{StreamId, StreamKind};
use sync_core::refusal::{Code, Refusal};
use sync_core::rules::authority;
use sync_core::time::Timestamp;
use sync_core::wire::api_office::{CaseHazard, CaseTimeline, TimelineEntry};

use crate::admission::dossier;
use crate::admission::load::{self, Loaded};
use crate::directory::Directory;
use crate::state::Shared;
use crate::store::StoreError;
use crate::store::streams::StreamKey;

/// The case that a stream belongs to. What the reader may not see is not there: a stranger hears
/// the same of a case that exists and of one that does not.
pub async fn show(
    shared: &Shared,
    reader: &Person,
    stream: StreamId,
    now: Timestamp,
) -> Result<CaseTimeline, Refusal> {
    let key = StreamKey::from(stream);
    let not_found = || Refusal::new(Code::NotFound);
    if reader.role == Role::Enterprise && stream.kind == StreamKind::Inspection {
        return Err(not_found());
    }
    let loaded = {
        let mut db = shared.pool.acquire().await.map_err(StoreError::from)?;
        load::cases(&mut db, &[key], reader.role != Role::Enterprise).await?
    };
    let (admitted, case) = visible(&loaded, reader);
    if admitted.is_empty() || admitted.iter().all(|it| it.fact.body.stream != stream) {
        return Err(not_found());
    }
    let directory = shared.directory.snapshot();
    let entries = entries(shared, &directory, &admitted);
    let official = reader.role != Role::Enterprise;
    Ok(CaseTimeline {
        inspection: case.plan().filter(|_| official).map(|plan| plan.body.inspection),
        notice: case.notices().next().map(|notice| notice.body.id),
        state: state::inspection(&case).ok().filter(|_| official),
        hazards: hazards(&case, now),
        entries,
    })
}

/// The facts of the streams that the reader may see, and the case that they make.
fn visible(loaded: &Loaded, reader: &Person) -> (Vec<Admitted>, Case) {
    let all: Vec<Admitted> =
        loaded.facts.values().flat_map(|it| it.iter()).filter_map(dossier::admitted).collect();
    let whole = fold::fold(&all);
    let mine: BTreeSet<Audience> = authority::reads(reader).into_iter().collect();
    let mut seen: Vec<Admitted> = all
        .into_iter()
        .filter(|it| !readers(it.fact.body.stream, &whole).is_disjoint(&mine))
        .collect();
    seen.sort_by_key(|it| {
        let receipt = it.receipt.as_ref();
        (receipt.map(|it| it.at), it.fact.body.stream, receipt.map(|it| it.place))
    });
    let case = fold::fold(&seen);
    (seen, case)
}

fn hazards(case: &Case, now: Timestamp) -> Vec<CaseHazard> {
    let shown = |id: &HazardId| {
        let status = state::hazard(case, *id, now).ok()?;
        Some(CaseHazard { hazard: *id, status })
    };
    case.hazards().iter().filter_map(shown).collect()
}

fn entries(shared: &Shared, directory: &Directory, facts: &[Admitted]) -> Vec<TimelineEntry> {
    facts
        .iter()
        .filter_map(|it| {
            let (body, receipt) = (&it.fact.body, it.receipt?);
            let genuine = body
                .clock
                .beacon
                .is_some_and(|beacon| shared.keys.is_genuine(body.device, &beacon));
            Some(TimelineEntry {
                fact: it.fact.id,
                stream: body.stream,
                place: receipt.place,
                received_at: receipt.at,
                kind: it.fact.statement.name().to_owned(),
                title: it.fact.statement.title().to_owned(),
                author: body.author,
                author_name: directory.persons.get(&body.author).map(|it| it.name.clone()),
                device: body.device,
                claimed_at: body.clock.wall,
                bounds: authority::bounds(&body.clock, genuine, receipt.at),
                bytes: it.fact.bytes().len() as u64,
                statement: it.fact.statement.clone(),
            })
        })
        .collect()
}
