//! One case with everything that was stated of it, as far as the reader may see it.

use std::collections::BTreeSet;

use sync_core::act::Admitted;
use sync_core::act::state;
use sync_core::act::streams::Audience;
use sync_core::act::streams::readers;
use sync_core::case::Case;
use sync_core::case::fold::{self, Folds as _};
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
///
/// # Errors
/// [`Code::NotFound`] for a case that the reader may not see, `Code::StorageFailed`.
pub async fn show(
    shared: &Shared,
    reader: &Person,
    stream: StreamId,
    now: Timestamp,
) -> Result<CaseTimeline, Refusal> {
    let (admitted, case) = read(shared, reader, stream).await?;
    let directory = shared.directory.snapshot();
    let entries = entries(shared, &directory, &admitted, reader);
    let official = reader.role != Role::Enterprise;
    Ok(CaseTimeline {
        inspection: case.plan().filter(|_| official).map(|plan| plan.body.inspection),
        notice: case.notices().next().map(|notice| notice.body.id),
        state: state::inspection(&case).ok().filter(|_| official),
        hazards: hazards(&case, now),
        entries,
    })
}

/// The facts of the case of a stream that the reader may see, and the case that they make.
///
/// # Errors
/// As [`show`].
pub(super) async fn read(
    shared: &Shared,
    reader: &Person,
    stream: StreamId,
) -> Result<(Vec<Admitted>, Case), Refusal> {
    let key = StreamKey::from(stream);
    let not_found = || Refusal::new(Code::NotFound);
    if reader.role == Role::Enterprise && stream.kind == StreamKind::Inspection {
        return Err(not_found());
    }
    let loaded = {
        let mut db = shared.pool.acquire().await.map_err(StoreError::from)?;
        let whole = reader.role != Role::Enterprise;
        load::cases(&mut db, &[key], whole, &shared.integrity).await?
    };
    let (admitted, case) = visible(&loaded, reader);
    if admitted.is_empty() || admitted.iter().all(|it| it.fact.body.stream != stream) {
        return Err(not_found());
    }
    Ok((admitted, case))
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
    let mut case = fold::fold(&seen);
    if loaded.facts.keys().any(|key| loaded.damaged.contains(key)) {
        case.note_damaged();
    }
    (seen, case)
}

fn hazards(case: &Case, now: Timestamp) -> Vec<CaseHazard> {
    let shown = |id: &HazardId| {
        let status = state::hazard(case, *id, now).ok()?;
        let name = case.hazard(*id)?.name();
        Some(CaseHazard { hazard: *id, name, status })
    };
    case.hazards().iter().filter_map(shown).collect()
}

fn entries(
    shared: &Shared,
    directory: &Directory,
    facts: &[Admitted],
    reader: &Person,
) -> Vec<TimelineEntry> {
    facts
        .iter()
        .filter_map(|it| {
            let (body, receipt) = (&it.fact.body, it.receipt?);
            let proved = shared.keys.proved(body.device, &it.fact.clock());
            let proved = proved.filter(|_| authority::knows_trace(reader, body.author));
            Some(TimelineEntry {
                fact: it.fact.id,
                stream: body.stream,
                place: receipt.place,
                received_at: receipt.at,
                kind: it.fact.statement.name().to_owned(),
                title: it.fact.statement.title().to_owned(),
                hazard: it.fact.statement.entry().and_then(|entry| entry.about.hazard),
                telling: it.fact.statement.tell(),
                author: body.author,
                author_name: directory.persons.get(&body.author).map(|it| it.name.clone()),
                device: body.device,
                claimed_at: body.wall,
                bounds: authority::bounds(&it.fact.clock(), proved, receipt.at),
                bytes: it.fact.without_trace().len() as u64,
                statement: it.fact.statement.clone(),
            })
        })
        .collect()
}
