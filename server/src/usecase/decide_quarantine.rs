//! A supervisor judges an item in quarantine, and the lists to choose from.

use std::sync::Arc;

use minicbor::bytes::ByteVec;
use sync_core::act::Fact;
use sync_core::act::streams::Audience;
use sync_core::domain::account::{Person, Role};
use sync_core::id::{Digest, PersonId};
use sync_core::limits;
use sync_core::refusal::{Code, Refusal};
use sync_core::time::Timestamp;
use sync_core::wire::api_office::{
    PAGE_ROWS, PAGE_ROWS_MAX, QuarantineDecision, QuarantineItem, QuarantinePage, QuarantineQuery,
    QuarantineState,
};
use sync_core::wire::exchange::{DraftPush, Outcome};

use crate::admission::judge;
use crate::admission::receive::{self, Received};
use crate::admission::verifier::FastVerifier;
use crate::directory::Directory;
use crate::state::Shared;
use crate::store::StoreError;
use crate::store::feed::{NewRow, Part};
use crate::store::quarantine::{self, Filter, Form, Judgement, QuarantineRow, Ruling};
use crate::store::streams::StreamKey;
use crate::store::writer::{Judging, Written};

const ATTEMPTS: usize = 8;

/// Accepts or rejects an item. Accepted, it becomes what it would have been; either way its author
/// hears of it. Judging again is refused.
pub async fn decide(
    shared: &Shared,
    supervisor: &Person,
    item: Digest,
    decision: &QuarantineDecision,
    now: Timestamp,
) -> Result<QuarantineItem, Refusal> {
    require_supervisor(supervisor)?;
    if decision.reason.trim().is_empty() {
        return Err(Refusal::new(Code::ReasonNeeded).field("reason"));
    }
    limits::text("reason", &decision.reason, limits::TEXT_CHARS)?;
    let directory = shared.directory.snapshot();
    for _ in 0..ATTEMPTS {
        let row = find(shared, supervisor, item).await?;
        if row.judgement != Judgement::Waiting {
            return Err(Refusal::new(Code::AlreadyDecided));
        }
        if row.author == supervisor.id {
            return Err(Refusal::new(Code::SamePerson));
        }
        let mut job = if decision.accept {
            readmit(shared, &row, &directory, now).await?
        } else {
            crate::store::writer::WriteJob::default()
        };
        let by = Ruling { by: supervisor.id, at: now, reason: decision.reason.clone() };
        job.judging = Some(Judging { item, accepted: decision.accept, decision: by });
        job.feed.push(NewRow {
            audience: author_audience(&directory, row.author),
            part: Part::Judged(item),
            device: None,
        });
        if shared.writer.write(job).await? == Written::Durable {
            tracing::info!(
                supervisor = %supervisor.id, %item, accepted = decision.accept,
                "an item in quarantine was judged"
            );
            return Ok(shown(&find(shared, supervisor, item).await?, &directory));
        }
    }
    Err(Refusal::new(Code::ServerBusy))
}

fn require_supervisor(person: &Person) -> Result<(), Refusal> {
    if person.role == Role::Supervisor && person.department.is_some() {
        return Ok(());
    }
    Err(Refusal::new(Code::RoleNotAllowed))
}

/// The audience whose feed tells the author.
fn author_audience(directory: &Directory, author: PersonId) -> String {
    let person = directory.persons.get(&author);
    let audience = match person.and_then(|it| it.enterprise.filter(|_| it.role == Role::Enterprise))
    {
        Some(enterprise) => Audience::Enterprise(enterprise),
        None => Audience::Person(author),
    };
    audience.to_string()
}

/// Admits the item once more. What led to quarantine is passed over, and nothing else.
async fn readmit(
    shared: &Shared,
    row: &QuarantineRow,
    directory: &Arc<Directory>,
    now: Timestamp,
) -> Result<crate::store::writer::WriteJob, Refusal> {
    let author = directory.persons.get(&row.author).ok_or(Refusal::new(Code::NotFound))?;
    if !directory.devices.contains_key(&row.device) {
        // Without the device's key nobody can say who wrote it.
        return Err(Refusal::new(Code::DeviceUnknown));
    }
    let pardoned: Vec<Code> =
        row.codes.iter().copied().filter(|code| judge::is_pardonable(*code)).collect();
    if let Some(code) = row.codes.iter().find(|code| **code == Code::KindUnknown) {
        // What this build cannot read it cannot judge.
        return Err(Refusal::new(*code));
    }
    let received = Arc::new(received(author, row, directory, now)?);
    let loaded = shared.loader.load(Arc::clone(&received)).await?;
    let (work, with) = (Arc::clone(&received), Arc::clone(directory));
    let judged =
        shared.turns.run(move || judge::judge(&work, loaded, &with, now, Some(&pardoned))).await?;
    match judged.verdicts.into_iter().next().map(|verdict| verdict.outcome) {
        Some(Outcome::Accepted) => Ok(judged.job),
        Some(
            Outcome::Refused(refusal) | Outcome::Quarantined(refusal) | Outcome::Retry(refusal),
        ) => Err(refusal),
        None => Err(Refusal::new(Code::Malformed)),
    }
}

fn received(
    author: &Person,
    row: &QuarantineRow,
    directory: &Directory,
    now: Timestamp,
) -> Result<Received, Refusal> {
    let bytes = ByteVec::from(row.bytes.clone());
    let visit = row.stream.and_then(|key| key.stream()).and_then(|it| it.as_inspection());
    let (facts, drafts) = match (row.form, visit) {
        (Form::Fact, _) => (vec![bytes], Vec::new()),
        (Form::Change, Some(inspection)) => {
            let signature = row.signature.clone().unwrap_or_default().into();
            (Vec::new(), vec![DraftPush { inspection, changes: vec![bytes], signature }])
        }
        (Form::Change, _) => return Err(Refusal::new(Code::WrongStream)),
    };
    let mut received =
        receive::receive(author, row.device, (&facts, &drafts), directory, &FastVerifier, now);
    // The signature of a push covers its last change. It was checked before any of them was kept,
    // unless nobody knew the device then: such a change must have been the last one.
    if row.refusal.code != Code::DeviceUnknown {
        for draft in &mut received.drafts {
            draft.refusal = None;
        }
    }
    Ok(received)
}

async fn find(
    shared: &Shared,
    supervisor: &Person,
    item: Digest,
) -> Result<QuarantineRow, Refusal> {
    let mut db = shared.pool.acquire().await.map_err(StoreError::from)?;
    let row = quarantine::find(&mut db, &[item]).await?.into_iter().next();
    row.filter(|row| row.department.is_none() || row.department == supervisor.department)
        .ok_or(Refusal::new(Code::NotFound))
}

/// The items that a supervisor may judge: those of the department and those of none.
pub async fn list(
    shared: &Shared,
    supervisor: &Person,
    query: &QuarantineQuery,
) -> Result<QuarantinePage, Refusal> {
    require_supervisor(supervisor)?;
    let limit = query.limit.unwrap_or(PAGE_ROWS).clamp(1, PAGE_ROWS_MAX);
    let filter = Filter {
        department: supervisor.department.clone(),
        waiting: query.judged != Some(true),
        before: query.after.as_deref().map(place).transpose()?,
    };
    let mut db = shared.pool.acquire().await.map_err(StoreError::from)?;
    let rows = quarantine::list(&mut db, &filter, i64::from(limit)).await?;
    let next = rows
        .last()
        .filter(|_| rows.len() >= usize::try_from(limit).unwrap_or(usize::MAX))
        .map(|row| format!("{}~{}", row.received_at.as_millis(), row.item.hex()));
    let directory = shared.directory.snapshot();
    Ok(QuarantinePage { rows: rows.iter().map(|row| shown(row, &directory)).collect(), next })
}

fn place(after: &str) -> Result<(Timestamp, Digest), Refusal> {
    let malformed = || Refusal::new(Code::FieldMalformed).field("after");
    let (at, item) = after.split_once('~').ok_or_else(malformed)?;
    let at = at.parse().map_err(|_| malformed())?;
    Ok((Timestamp::from_millis(at), item.parse().map_err(|_| malformed())?))
}

fn shown(row: &QuarantineRow, directory: &Directory) -> QuarantineItem {
    let fact = Some(&row.bytes).filter(|_| row.form == Form::Fact);
    let fact = fact.and_then(|bytes| Fact::decode(bytes).ok());
    let (state, decision) = match &row.judgement {
        Judgement::Waiting => (QuarantineState::Waiting, None),
        Judgement::Accepted(decision) => (QuarantineState::Accepted, Some(decision)),
        Judgement::Rejected(decision) => (QuarantineState::Rejected, Some(decision)),
    };
    QuarantineItem {
        item: row.item,
        title: fact.as_ref().map(|fact| fact.statement.title().to_owned()),
        stream: row.stream.as_ref().and_then(StreamKey::stream),
        author: row.author,
        author_name: directory.persons.get(&row.author).map(|person| person.name.clone()),
        device: row.device,
        department: row.department.clone(),
        code: row.refusal.code,
        sentence: row.refusal.code.sentence().to_owned(),
        detail: row.refusal.detail.clone(),
        received_at: row.received_at,
        claimed_at: fact.as_ref().map(|fact| fact.body.clock.wall),
        bytes: row.bytes.len() as u64,
        state,
        decided_by: decision.map(|decision| decision.by),
        decided_at: decision.map(|decision| decision.at),
        reason: decision.map(|decision| decision.reason.clone()),
    }
}
