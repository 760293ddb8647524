//! The exchange: takes over what a device pushes, answers what is new for its reader.

pub mod cursor;
pub mod pull;

use std::collections::HashSet;
use std::sync::Arc;

use sync_core::act::Fact;
use sync_core::domain::account::Person;
use sync_core::id::{DeviceId, Digest};
use sync_core::ledger::fact::Signer as _;
use sync_core::ledger::receipt::ReceiptPage;
use sync_core::refusal::{Code, Refusal};
use sync_core::time::Timestamp;
use sync_core::wire::codec;
use sync_core::wire::exchange::{Item, Outcome, Request, Response, VERSION, Verdict};
use tokio::sync::OwnedSemaphorePermit;

use self::cursor::{Cursor, CursorState};
use self::pull::{FeedPage, Reader};
use crate::admission::judge::{self, Judged};
use crate::admission::receive::{self, Received};
use crate::admission::verifier::FastVerifier;
use crate::directory::Directory;
use crate::state::Shared;
use crate::store::writer::Written;
use crate::store::{StoreError, quarantine};
use crate::turns::computed;

/// Bytes of items in the answer to a push of a few items. Who brings something waits for receipts
/// first, and asks again for the rest.
const PAGE_BYTES_AFTER_PUSH: usize = 64 * 1024;
/// Whoever brings more items than this is answered with receipts alone, as soon as they are on disk:
/// when many devices come back at once, nobody waits for what others read.
const FEW_ITEMS: usize = 16;

/// Bytes of a request, as it travelled, that are read in a millisecond: a day's work.
const SHORT_BYTES: usize = 32 * 1024;
/// Items with what is stored of their streams that are judged in about as long.
const SHORT_ROWS: usize = 256;

/// How often work is judged again because its streams moved before it is sent back for later.
const ATTEMPTS: usize = 8;

/// Answers one exchange: `packed` is the body as it travelled, the answer is packed, too.
/// Whoever asks may stop waiting at any time; what was begun is written or not, and asking
/// again gives the same verdicts.
pub async fn run(
    shared: &Shared,
    person: Person,
    packed: Vec<u8>,
    now: Timestamp,
) -> Result<Vec<u8>, Refusal> {
    let _running = shared.turns.running();
    let directory = shared.directory.snapshot();
    // Held until the work is judged: whoever was let in goes through to the writer, and the disk
    // is busy while others are still being read.
    let turn = shared.turns.take().await?;
    let (head, received) = {
        let directory = Arc::clone(&directory);
        let reader = person.clone();
        let short = packed.len() <= SHORT_BYTES;
        computed(short, move || read(&reader, &packed, &directory, now)).await??
    };
    let (verdicts, receipts) = push(shared, Arc::new(received), &directory, now, turn).await;
    let accepted = verdicts.iter().filter(|it| it.outcome == Outcome::Accepted);
    let brought: HashSet<Digest> = accepted.map(|verdict| verdict.item).collect();
    let (page, restart) = pull(shared, &person, &head, &brought).await?;
    let items = if is_revoked(&person, head.device, &directory, now) {
        // A revoked person or device may still push; the answer holds only their own facts and
        // decisions on them.
        page.items.into_iter().filter(|item| is_own(item, head.device)).collect()
    } else {
        with_catalogue(page.items, &head, &directory, &person)
    };
    let response = Response {
        version: VERSION,
        beacon: shared.keys.beacon(head.device, now),
        verdicts,
        receipts,
        cursor: page.cursor.seal(&shared.keys, person.id)?.into(),
        more: page.more,
        restart,
        items,
    };
    computed(response.items.is_empty(), move || codec::pack(&response)).await
}

/// Takes over what can be taken over. A failing store sends everything back for later and
/// leaves the pull untouched.
async fn push(
    shared: &Shared,
    received: Arc<Received>,
    directory: &Arc<Directory>,
    now: Timestamp,
    turn: OwnedSemaphorePermit,
) -> (Vec<Verdict>, Option<ReceiptPage>) {
    if received.facts.is_empty() && received.drafts.is_empty() {
        return (Vec::new(), None);
    }
    let later = |refusal: &Refusal| {
        let facts = received.facts.iter().map(|item| item.id);
        let changes = received.drafts.iter().flat_map(|it| it.changes.iter().map(|(id, _)| *id));
        facts
            .chain(changes)
            .map(|item| Verdict { item, outcome: Outcome::Retry(refusal.clone()) })
            .collect()
    };
    match settle(shared, &received, directory, now, turn).await {
        Ok(judged) => {
            let receipts = (!judged.receipts.is_empty())
                .then(|| ReceiptPage::new(&judged.receipts, |it| shared.keys.sign(it)));
            match receipts.transpose() {
                Ok(receipts) => (judged.verdicts, receipts),
                Err(refusal) => (later(&refusal), None),
            }
        }
        Err(refusal) => (later(&refusal), None),
    }
}

/// Judges and writes until the streams stood still in between.
async fn settle(
    shared: &Shared,
    received: &Arc<Received>,
    directory: &Arc<Directory>,
    now: Timestamp,
    mut turn: OwnedSemaphorePermit,
) -> Result<Judged, Refusal> {
    for _ in 0..ATTEMPTS {
        let loaded = shared.loader.load(Arc::clone(received)).await?;
        let (work, directory) = (Arc::clone(received), Arc::clone(directory));
        let short = work.items() + loaded.rows() <= SHORT_ROWS;
        let judge = move || judge::judge(&work, loaded, &directory, now, None);
        let mut judged = computed(short, judge).await?;
        drop(turn);
        let quarantined = judged.quarantined();
        if !quarantined.is_empty() {
            let mut db = shared.pool.acquire().await.map_err(StoreError::from)?;
            judged.stand(&quarantine::find(&mut db, &quarantined).await?);
        }
        let job = std::mem::take(&mut judged.job);
        if job.is_empty() || shared.writer.write(job).await? == Written::Durable {
            return Ok(judged);
        }
        turn = shared.turns.take().await?;
    }
    Err(Refusal::new(Code::ServerBusy))
}

async fn pull(
    shared: &Shared,
    person: &Person,
    head: &Head,
    brought: &HashSet<Digest>,
) -> Result<(FeedPage, bool), Refusal> {
    let state = Cursor::read(&head.cursor, &shared.keys, person.id, shared.epoch);
    let reader = Reader { person, device: head.device, brought, max_bytes: head.max_bytes };
    let mut db = shared.pool.acquire().await.map_err(StoreError::from)?;
    let page = pull::page(&mut db, &reader, &state, shared.epoch).await?;
    Ok((page, state == CursorState::Restart))
}

/// What a request asks for besides its items.
#[derive(Debug)]
struct Head {
    device: DeviceId,
    cursor: Vec<u8>,
    max_bytes: usize,
    catalogue: Option<Digest>,
}

fn read(
    person: &Person,
    packed: &[u8],
    directory: &Directory,
    now: Timestamp,
) -> Result<(Head, Received), Refusal> {
    let request: Request = receive::open(packed)?;
    let owner = directory.devices.get(&request.device).map(|known| known.device.person);
    if owner.is_some_and(|owner| owner != person.id) {
        return Err(Refusal::new(Code::AuthorMismatch).field("device"));
    }
    let received = receive::receive(
        person,
        request.device,
        (&request.facts, &request.drafts),
        directory,
        &FastVerifier,
        now,
    );
    let wanted = usize::try_from(request.max_bytes).unwrap_or(usize::MAX);
    let head = Head {
        device: request.device,
        cursor: request.cursor.into(),
        max_bytes: match received.facts.len() + received.drafts.len() {
            0 => wanted,
            1..=FEW_ITEMS => wanted.min(PAGE_BYTES_AFTER_PUSH),
            _ => 0,
        },
        catalogue: request.catalogue,
    };
    Ok((head, received))
}

fn is_revoked(person: &Person, device: DeviceId, directory: &Directory, now: Timestamp) -> bool {
    let device = directory.devices.get(&device).and_then(|known| known.device.revoked_at);
    [person.revoked_at, device].into_iter().flatten().any(|from| from <= now)
}

fn is_own(item: &Item, device: DeviceId) -> bool {
    match item {
        Item::Judged { .. } => true,
        Item::Fact { bytes, .. } => {
            Fact::decode(bytes).is_ok_and(|fact| fact.body.device == device)
        }
        _ => false,
    }
}

fn with_catalogue(
    mut items: Vec<Item>,
    head: &Head,
    directory: &Directory,
    person: &Person,
) -> Vec<Item> {
    if let Some((digest, bytes)) = directory.catalogue_for(person)
        && head.catalogue != Some(*digest)
    {
        items.insert(0, Item::Catalogue { bytes: bytes.to_vec().into() });
    }
    items
}
