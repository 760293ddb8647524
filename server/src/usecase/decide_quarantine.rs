//! A supervisor judges an item in quarantine, and the lists to choose from.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::Arc;

use minicbor::bytes::ByteVec;
use sync_core::act::Fact;
use sync_core::domain::account::{Person, Role};
use sync_core::id::Digest;
use sync_core::limits;
use sync_core::refusal::{Code, Refusal};
use sync_core::time::Timestamp;
use sync_core::wire::api_accounts::AuditKind;
use sync_core::wire::api_office::{
    HeldVisit, PAGE_ROWS, PAGE_ROWS_MAX, QuarantineDecision, QuarantineItem, QuarantinePage,
    QuarantineQuery, QuarantineState, UnreadItem,
};
use sync_core::wire::exchange::{DraftPush, Outcome};

use crate::admission::judge::{self, Judged};
use crate::admission::readmit::{self, Pardoned};
use crate::admission::receive::{self, Received};
use crate::admission::verifier::FastVerifier;
use crate::auth::keys::Keys;
use crate::directory::Directory;
use crate::held_visit::{self, judge_row};
use crate::state::Shared;
use crate::store::StoreError;
use crate::store::audit::Event;
use crate::store::hex;
use crate::store::quarantine::{
    self, Filter, Judgement, QuarantineRow, QuarantinedKind, Rows, Ruling, UnreadRow, Verdict,
};
use crate::store::streams::StreamKey;
use crate::store::writer::{WriteJob, Written};

const ATTEMPTS: usize = 8;

/// Accepts or rejects an item, and with it everything that is one [matter](QuarantineRow::matter) with it. Accepted, it
/// becomes what it would have been; either way its author hears of it. Judging again is refused.
///
/// # Errors
/// [`Code::RoleNotAllowed`], [`Code::ReasonNeeded`], [`Code::NotFound`] for an item of another department,
/// [`Code::AlreadyDecided`], [`Code::SamePerson`] for one's own item, what still stands against an item that
/// is accepted, [`Code::RecordDamaged`] for one that cannot be read, [`Code::ServerBusy`] when its case keeps moving,
/// [`Code::StorageFailed`].
/// Of several items those that can be taken over are; refused is only what holds none such.
pub async fn decide(
    shared: &Shared,
    (supervisor, address): (&Person, IpAddr),
    item: Digest,
    decision: &QuarantineDecision,
    now: Timestamp,
) -> Result<QuarantineItem, Refusal> {
    require_supervisor(supervisor)?;
    if !sync_core::text::is_visible(&decision.reason) {
        return Err(Refusal::new(Code::ReasonNeeded).field("reason"));
    }
    limits::text("reason", &decision.reason, limits::TEXT_CHARS)?;
    let directory = shared.directory.snapshot();
    for _ in 0..ATTEMPTS {
        let row = find(shared, supervisor, item).await?;
        if row.judgement != Judgement::Waiting {
            return Err(Refusal::new(Code::AlreadyDecided));
        }
        let mut rows = held_visit::matter(shared, row).await?;
        let stand = held_visit::taken_over(shared, &rows).await?;
        if stand.contains(&item) {
            return Err(Refusal::new(Code::AlreadyDecided));
        }
        rows.retain(|row| !stand.contains(&row.item));
        if rows.iter().any(|row| row.author == supervisor.id) {
            return Err(Refusal::new(Code::SamePerson));
        }
        let (mut job, judged) = if decision.accept {
            readmit(shared, (item, &rows), &directory, now).await?
        } else {
            (WriteJob::default(), rows.iter().map(|row| row.item).collect())
        };
        let verdict = if decision.accept { Verdict::Accept } else { Verdict::Reject };
        let by = Ruling { by: supervisor.id, at: now, reason: decision.reason.clone() };
        for row in rows.iter().filter(|row| judged.contains(&row.item)) {
            judge_row(&mut job, &directory, row, verdict, by.clone());
        }
        let ruled = format!("{}：{}", if decision.accept { "接收" } else { "退回" }, by.reason);
        let event = Event::new(AuditKind::QuarantineDecided, now, address).by(supervisor.id);
        job.audit.push(event.about(item).detail(ruled));
        if shared.writer.write(job).await? == Written::Durable {
            tracing::info!(
                supervisor = %supervisor.id, %item, accepted = decision.accept, items = judged.len(),
                "what was in quarantine was judged"
            );
            let item = if judged.contains(&item) { Some(item) } else { judged.first().copied() };
            let item = item.ok_or(Refusal::new(Code::NotFound))?;
            return shown(shared, &directory, vec![find(shared, supervisor, item).await?])
                .await?
                .into_iter()
                .next()
                .ok_or(Refusal::new(Code::NotFound));
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

/// Admits items once more, each after what it depends on. What led to quarantine is passed over for the item that it
/// stood against, and nothing else. What cannot be taken over stays where it is and stops no other one; if none can, what
/// stands against the one that was `asked` for is the answer.
async fn readmit(
    shared: &Shared,
    (asked, rows): (Digest, &[QuarantineRow]),
    directory: &Arc<Directory>,
    now: Timestamp,
) -> Result<(WriteJob, BTreeSet<Digest>), Refusal> {
    let (mut items, mut refused) = (Vec::with_capacity(rows.len()), BTreeMap::new());
    for row in rows {
        match pardoned(row, directory, &shared.keys) {
            Ok(item) => items.push(item),
            Err(refusal) => {
                refused.insert(row.item, refusal);
            }
        }
    }
    let mut judged = match together(&items) {
        Some(all) => {
            let loaded = shared.loader.load(Arc::new(all)).await?;
            let with = Arc::clone(directory);
            shared.turns.run(move || readmit::readmit(&items, &loaded, &with, now)).await?
        }
        None => Judged::default(),
    };
    judged.job.quarantined.clear();
    let mut accepted = BTreeSet::new();
    for verdict in judged.verdicts {
        match verdict.outcome {
            Outcome::Accepted => {
                accepted.insert(verdict.item);
            }
            Outcome::Refused(it) | Outcome::Quarantined(it) | Outcome::Retry(it) => {
                refused.insert(verdict.item, it);
            }
        }
    }
    if accepted.is_empty() {
        let refusal = refused.remove(&asked).or_else(|| refused.pop_first().map(|(_, it)| it));
        return Err(refusal.unwrap_or(Refusal::new(Code::Malformed)));
    }
    Ok((judged.job, accepted))
}

/// Everything that these items touch, to load it at once.
fn together(items: &[Pardoned]) -> Option<Received> {
    let first = &items.first()?.received;
    let received = || items.iter().map(|item| &item.received);
    Some(Received {
        author: Arc::clone(&first.author),
        device: first.device,
        facts: received().flat_map(|it| it.facts.iter().cloned()).collect(),
        drafts: received().flat_map(|it| it.drafts.iter().cloned()).collect(),
    })
}

/// An item with what can be passed over of what stood against it.
fn pardoned(row: &QuarantineRow, directory: &Directory, keys: &Keys) -> Result<Pardoned, Refusal> {
    let author = directory.persons.get(&row.author).ok_or(Refusal::new(Code::NotFound))?;
    if directory.device_for(author, row.device).is_none() {
        // Without the device's key nobody can say who wrote it.
        return Err(Refusal::new(Code::DeviceUnknown));
    }
    if let Some(code) = row.codes.iter().find(|code| **code == Code::KindUnknown) {
        // What this build cannot read it cannot judge.
        return Err(Refusal::new(*code));
    }
    let codes = row.codes.iter().copied().filter(|code| judge::is_pardonable(*code)).collect();
    Ok(Pardoned { received: received(author, row, (directory, keys))?, codes })
}

/// An item as it came: whose it was and whether that counted is what it was then.
fn received(
    author: &Person,
    row: &QuarantineRow,
    known: (&Directory, &Keys),
) -> Result<Received, Refusal> {
    let bytes = ByteVec::from(row.bytes.clone());
    let visit = row.stream.and_then(|key| key.stream()).and_then(|it| it.as_inspection());
    let (facts, drafts) = match (row.form, visit) {
        (QuarantinedKind::Fact, _) => (vec![bytes], Vec::new()),
        (QuarantinedKind::Change, Some(inspection)) => {
            let signature = row.signature.clone().unwrap_or_default().into();
            let changes = vec![bytes];
            (Vec::new(), vec![DraftPush { inspection, changes, signature, device: None }])
        }
        (QuarantinedKind::Change, _) => return Err(Refusal::new(Code::WrongStream)),
    };
    let at = row.received_at;
    let mut received =
        receive::receive(author, row.device, (&facts, &drafts), known, &FastVerifier, at);
    // The signature of a push covers its last change. It was checked before any of them was kept,
    // unless nobody knew the device then: such a change must have been the last one.
    if row.refusal.code != Code::DeviceUnknown {
        for draft in &mut received.drafts {
            draft.refusals.retain(|refusal| refusal.code != Code::SignatureInvalid);
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
    let mut found = quarantine::find(&mut db, &[item]).await?;
    if !found.unread.is_empty() {
        return Err(Refusal::new(Code::RecordDamaged));
    }
    let row = found.items.pop();
    row.filter(|row| row.department.is_none() || row.department == supervisor.department)
        .ok_or(Refusal::new(Code::NotFound))
}

/// The items that a supervisor may judge: those of the department and those of none. Rows that cannot be read are named
/// beside them.
///
/// # Errors
/// [`Code::RoleNotAllowed`], [`Code::FieldMalformed`] for a place that no page gave, `Code::StorageFailed`.
pub async fn list(
    shared: &Shared,
    supervisor: &Person,
    query: &QuarantineQuery,
) -> Result<QuarantinePage, Refusal> {
    require_supervisor(supervisor)?;
    let limit = query.limit.unwrap_or(PAGE_ROWS).clamp(1, PAGE_ROWS_MAX);
    let directory = shared.directory.snapshot();
    let filter = Filter {
        department: supervisor.department.clone(),
        known: directory.departments.iter().map(|it| it.id.clone()).collect(),
        waiting: query.judged != Some(true),
        before: query.after.as_deref().map(place).transpose()?,
    };
    let mut db = shared.pool.acquire().await.map_err(StoreError::from)?;
    let (Rows { items, unread }, last) =
        quarantine::list(&mut db, &filter, i64::from(limit)).await?;
    drop(db);
    held_visit::note_unread(&unread, &shared.integrity);
    let next = last.map(|(at, item)| format!("{}~{}", at.as_millis(), hex(&item)));
    let rows = shown(shared, &directory, items).await?;
    Ok(QuarantinePage { rows, unread: unread.into_iter().map(shown_unread).collect(), next })
}

fn shown_unread(row: UnreadRow) -> UnreadItem {
    let code = Code::RecordDamaged;
    UnreadItem {
        item: hex(&row.item),
        received_at: row.received_at,
        code,
        sentence: code.sentence().to_owned(),
        detail: row.what.to_owned(),
    }
}

fn place(after: &str) -> Result<quarantine::Place, Refusal> {
    let malformed = || Refusal::new(Code::FieldMalformed).field("after");
    let (at, item) = after.split_once('~').ok_or_else(malformed)?;
    let at = at.parse().map_err(|_| malformed())?;
    let byte =
        |two: &[u8]| std::str::from_utf8(two).ok().and_then(|two| u8::from_str_radix(two, 16).ok());
    let item: Option<Vec<u8>> = item.as_bytes().chunks(2).map(byte).collect();
    Ok((Timestamp::from_millis(at), item.ok_or_else(malformed)?))
}

/// Rows as a supervisor reads them, each that stands for a visit with what is held of it.
async fn shown(
    shared: &Shared,
    directory: &Arc<Directory>,
    rows: Vec<QuarantineRow>,
) -> Result<Vec<QuarantineItem>, Refusal> {
    let mut visits = held_visit::of(shared, directory, &rows).await?;
    Ok(rows.iter().map(|row| shown_row(row, directory, visits.remove(&row.item))).collect())
}

/// What items of a visit are called where they are one matter.
fn of_visit(row: &QuarantineRow, visit: &HeldVisit) -> Option<String> {
    if row.refusal.code == Code::AlreadySealed {
        return Some("封存后收到的检查内容".to_owned());
    }
    (visit.items > 1).then(|| "一次检查的内容".to_owned())
}

/// Everything that stands against an item: whoever accepts it passes over all of it that can be passed over.
fn sentences(row: &QuarantineRow) -> String {
    if row.codes.is_empty() {
        return row.refusal.code.sentence().to_owned();
    }
    row.codes.iter().map(|code| code.sentence()).collect()
}

fn shown_row(
    row: &QuarantineRow,
    directory: &Directory,
    visit: Option<HeldVisit>,
) -> QuarantineItem {
    let fact = Some(&row.bytes).filter(|_| row.form == QuarantinedKind::Fact);
    let fact = fact.and_then(|bytes| Fact::decode(bytes).ok());
    let (state, decision) = match &row.judgement {
        Judgement::Waiting => (QuarantineState::Waiting, None),
        Judgement::Accepted(decision) => (QuarantineState::Accepted, Some(decision)),
        Judgement::Rejected(decision) => (QuarantineState::Rejected, Some(decision)),
        Judgement::Supplemented(decision) => (QuarantineState::Supplemented, Some(decision)),
    };
    let of_fact = fact.as_ref().map(|fact| fact.statement.title().to_owned());
    QuarantineItem {
        item: row.item,
        title: visit.as_ref().and_then(|visit| of_visit(row, visit)).or(of_fact),
        stream: row.stream.as_ref().and_then(StreamKey::stream),
        author: row.author,
        author_name: directory.persons.get(&row.author).map(|person| person.name.clone()),
        device: row.device,
        department: row.department.clone(),
        code: row.refusal.code,
        sentence: sentences(row),
        detail: row.refusal.detail.clone(),
        received_at: row.received_at,
        claimed_at: fact.as_ref().map(|fact| fact.body.wall),
        bytes: row.bytes.len() as u64,
        state,
        decided_by: decision.map(|decision| decision.by),
        decided_at: decision.map(|decision| decision.at),
        reason: decision.map(|decision| decision.reason.clone()),
        visit,
    }
}
