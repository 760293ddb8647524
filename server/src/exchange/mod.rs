//! The exchange: takes over what a device pushes, answers what is new for its reader.

pub mod cursor;
mod lost;
pub mod pull;

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sync_core::act::Fact;
use sync_core::domain::account::{Person, Role};
use sync_core::id::{DeviceId, Digest, PersonId};
use sync_core::ledger::fact::Signer as _;
use sync_core::ledger::receipt::ReceiptPage;
use sync_core::refusal::{Code, Refusal};
use sync_core::time::Timestamp;
use sync_core::wire::codec;
use sync_core::wire::exchange::{Item, ItemVerdict, Outcome, Request, Response, VERSION};
use tokio::sync::OwnedSemaphorePermit;

use self::cursor::{Cursor, CursorState, Told};
use self::pull::{FeedPage, Reader};
use crate::admission::judge::{self, Judged};
use crate::admission::receive::{self, Received};
use crate::admission::verifier::FastVerifier;
use crate::auth::entropy;
use crate::auth::keys::Keys;
use crate::directory::Directory;
use crate::reference::{Held, News};
use crate::state::Shared;
use crate::store::quarantine::Waiting;
use crate::store::writer::Written;
use crate::store::{Db, StoreError, blobs, quarantine};
use crate::turns::computed;

/// Bytes of items in the answer to a push of a few items. Who brings something waits for receipts
/// first, and asks again for the rest.
const PAGE_BYTES_AFTER_PUSH: usize = 64 * 1024;
/// A push of more items than this gets receipts alone, as soon as they are on disk: when many
/// devices come back at once, none waits for what others read.
const FEW_ITEMS: usize = 16;

/// Bytes of a request, as it travelled, that are read in a millisecond: a day's work.
const SHORT_BYTES: usize = 32 * 1024;
/// Items with what is stored of their streams that are judged in about as long.
const SHORT_ROWS: usize = 256;

/// How often work is judged again because its streams moved before it is sent back for later.
const ATTEMPTS: usize = 8;

/// Answers one exchange; request and answer are packed. A caller may stop waiting at any time: the
/// work is written completely or not at all, and asking again gives the same verdicts.
///
/// # Errors
/// What [`receive::open`] refuses of the body, [`Code::StorageFailed`] when what is new cannot be read. Items
/// that are pushed have their own verdicts.
pub async fn run(
    shared: &Shared,
    person: Person,
    packed: Vec<u8>,
    now: Timestamp,
) -> Result<Vec<u8>, Refusal> {
    let _running = shared.turns.running();
    let directory = shared.directory.snapshot();
    // Held until the work is judged, so that the writer gets it while other requests are still
    // being read.
    let turn = shared.turns.take().await?;
    let (head, received) = {
        let (directory, keys) = (Arc::clone(&directory), Arc::clone(&shared.keys));
        let reader = person.clone();
        let short = packed.len() <= SHORT_BYTES;
        computed(short, move || read(&reader, &packed, (&directory, &keys), now)).await??
    };
    let state = continued(shared, &person, &head).await?;
    // Who begins again sends everything once more, in order: judged now, out of it, good work would be refused.
    let received = if state == CursorState::Restart {
        Received { facts: Vec::new(), drafts: Vec::new(), ..received }
    } else {
        received
    };
    let received = Arc::new(received);
    let (verdicts, receipts) = push(shared, Arc::clone(&received), &directory, now, turn).await;
    let told = Told::last(&state, &received, &verdicts);
    let accepted = verdicts.iter().filter(|it| it.outcome == Outcome::Accepted);
    let brought: HashSet<Digest> = accepted.map(|verdict| verdict.item).collect();
    let revoked = is_revoked(&person, head.device, &directory, now);
    let news = if revoked { News::default() } else { news(&directory, &person, &head).await? };
    let head = Head { max_bytes: head.max_bytes.saturating_sub(news.bytes), ..head };
    let mut page = pull(shared, &person, &head, &state, &brought).await?;
    page.cursor.note_told(told, page.more);
    let devices = page.devices;
    let items = if revoked {
        // A revoked person or device may still push; the answer holds only their own facts and
        // decisions on them.
        page.items.into_iter().filter(|item| is_own(item, head.device)).collect()
    } else {
        let items = news.item.into_iter().chain(page.items).collect();
        with_keys(items, &devices, &directory)
    };
    let response = Response {
        version: VERSION,
        beacon: shared.keys.beacon(head.device, now),
        verdicts,
        receipts,
        cursor: page.cursor.seal(&shared.keys, person.id)?.into(),
        more: page.more || news.more,
        restart: state == CursorState::Restart,
        items,
    };
    computed(response.items.is_empty(), move || codec::pack(&response)).await
}

/// Accepts what can be accepted. When the store fails, every item is sent back for later and the
/// pull goes on.
async fn push(
    shared: &Shared,
    received: Arc<Received>,
    directory: &Arc<Directory>,
    now: Timestamp,
    turn: OwnedSemaphorePermit,
) -> (Vec<ItemVerdict>, Option<ReceiptPage>) {
    if received.facts.is_empty() && received.drafts.is_empty() {
        return (Vec::new(), None);
    }
    let later = |refusal: &Refusal| {
        let facts = received.facts.iter().map(|item| item.id);
        let changes = received.drafts.iter().flat_map(|it| it.changes.iter().map(|(id, _)| *id));
        facts
            .chain(changes)
            .map(|item| ItemVerdict { item, outcome: Outcome::Retry(refusal.clone()) })
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

/// Judges and writes again until no stream moved in between.
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
            judged.stand(&quarantine::find(&mut db, &quarantined).await?.items);
        }
        bound(shared, received.author.id, &mut judged).await?;
        let job = std::mem::take(&mut judged.job);
        if job.is_empty() || shared.writer.write(job).await? == Written::Durable {
            return Ok(judged);
        }
        turn = shared.turns.take().await?;
    }
    Err(Refusal::new(Code::ServerBusy))
}

/// Holds back what a person has too much of: items in quarantine until a supervisor judged some, and a push that
/// announces files until some of those that were announced before are brought. What is held back stays with its sender,
/// and what comes behind it, too: it may rest on it.
async fn bound(shared: &Shared, person: PersonId, judged: &mut Judged) -> Result<(), Refusal> {
    let (shares, job) = (shared.shares(), &judged.job);
    let announced = job.blobs.len() as u64;
    if job.quarantined.is_empty() && announced == 0 {
        return Ok(());
    }
    let mut db = shared.pool.acquire().await.map_err(StoreError::from)?;
    if announced > 0 && blobs::unbrought_of(&mut db, person).await? + announced > shares.unbrought {
        return Err(Refusal::new(Code::RateLimited).field("photo"));
    }
    let mut waiting: HashMap<PersonId, Waiting> = HashMap::new();
    let mut held: HashSet<Digest> = HashSet::new();
    let mut full: HashSet<PersonId> = HashSet::new();
    for row in &judged.job.quarantined {
        let of = match waiting.entry(row.author) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => {
                place.insert(quarantine::waiting_of(&mut db, row.author).await?)
            }
        };
        let next = Waiting { items: of.items + 1, bytes: of.bytes + row.bytes.len() as u64 };
        let fits = next.items <= shares.quarantined && next.bytes <= shares.quarantined_bytes;
        if fits && !full.contains(&row.author) {
            *of = next;
        } else {
            full.insert(row.author);
            held.insert(row.item);
        }
    }
    judged.job.quarantined.retain(|row| !held.contains(&row.item));
    for verdict in judged.verdicts.iter_mut().filter(|verdict| held.contains(&verdict.item)) {
        verdict.outcome = Outcome::Retry(Refusal::new(Code::QuarantineFull));
    }
    Ok(())
}

/// What a cursor is worth. One that was given by another life of this store, or a receipt for a file that this store does
/// not have, shows that it came back from a backup, although nobody said so: a new epoch begins for everybody.
async fn continued(shared: &Shared, person: &Person, head: &Head) -> Result<CursorState, Refusal> {
    let cursor = &head.cursor;
    let mut state = Cursor::read(cursor, &shared.keys, person.id, shared.epoch());
    if state == CursorState::Restart {
        // The epoch may have been begun by another server since it was read here.
        state = Cursor::read(cursor, &shared.keys, person.id, shared.read_epoch().await?);
    }
    let CursorState::Continued(known) = &state else { return Ok(state) };
    let is_known = {
        let mut db = shared.pool.acquire().await.map_err(StoreError::from)?;
        known.is_known(&mut db).await? && has_receipted_file(shared, &mut db, person, head).await?
    };
    if is_known {
        return Ok(state);
    }
    shared.integrity.note_restore();
    shared.renew_epoch(entropy::system_entropy()?).await?;
    Ok(CursorState::Restart)
}

/// Whether the file is there for which the device shows a receipt of this epoch.
async fn has_receipted_file(
    shared: &Shared,
    db: &mut Db,
    person: &Person,
    head: &Head,
) -> Result<bool, StoreError> {
    let receipt = head.file_receipt.as_ref().and_then(|it| URL_SAFE_NO_PAD.decode(it).ok());
    let file = receipt.and_then(|it| shared.keys.receipted_file(person.id, shared.epoch(), &it));
    let Some(file) = file else { return Ok(true) };
    // Looked for first where files are noted last: whoever brought it is in one of the two.
    let unnoted = shared.unnoted.now().is_brought(file, person.id);
    Ok(unnoted || blobs::is_brought(db, file, person.id).await?)
}

/// What is new of the reference data, which come before everything else of an answer.
async fn news(directory: &Arc<Directory>, person: &Person, head: &Head) -> Result<News, Refusal> {
    let (directory, person, held) = (Arc::clone(directory), person.clone(), head.held.clone());
    // What came in pieces is compared from its beginning.
    computed(held.coming.is_empty(), move || directory.news_for(&person, &held)).await
}

async fn pull(
    shared: &Shared,
    person: &Person,
    head: &Head,
    state: &CursorState,
    brought: &HashSet<Digest>,
) -> Result<FeedPage, Refusal> {
    let (device, max_bytes) = (head.device, head.max_bytes);
    let reader = Reader { person, device, brought, integrity: &shared.integrity, max_bytes };
    let mut db = shared.pool.acquire().await.map_err(StoreError::from)?;
    Ok(pull::page(&mut db, &reader, state, shared.epoch()).await?)
}

/// What a request asks for besides its items.
#[derive(Debug)]
struct Head {
    device: DeviceId,
    cursor: Vec<u8>,
    max_bytes: usize,
    held: Held,
    file_receipt: Option<Vec<u8>>,
}

fn read(
    person: &Person,
    packed: &[u8],
    (directory, keys): (&Directory, &Keys),
    now: Timestamp,
) -> Result<(Head, Received), Refusal> {
    let request: Request = receive::open(packed)?;
    let known = directory.device_for(person, request.device);
    if known.is_some_and(|known| known.device.person != person.id) {
        return Err(Refusal::new(Code::AuthorMismatch).field("device"));
    }
    // One that is not the enterprise's own is answered as nobody's, whether it is enrolled or not.
    let nobodys = known.is_none() && person.role == Role::Enterprise;
    let device = if nobodys { DeviceId::from_bytes([0; 16]) } else { request.device };
    let received = receive::receive(
        person,
        device,
        (&request.facts, &request.drafts),
        (directory, keys),
        &FastVerifier,
        now,
    );
    let wanted = usize::try_from(request.max_bytes).unwrap_or(usize::MAX);
    let max_bytes = match received.facts.len() + received.drafts.len() {
        0 => wanted,
        1..=FEW_ITEMS => wanted.min(PAGE_BYTES_AFTER_PUSH),
        _ => 0,
    };
    let held = Held {
        digest: request.catalogue,
        parts: request.held,
        coming: request.coming.unwrap_or_default(),
        reads: request.reads.unwrap_or_default(),
        // Who holds a version can work with it, and what is new of cases is not to wait for the next one.
        room: if request.catalogue.is_some() { max_bytes.div_ceil(2) } else { max_bytes },
    };
    let head = Head {
        device,
        cursor: request.cursor.into(),
        max_bytes,
        held,
        file_receipt: request.file_receipt.map(Into::into),
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

/// Puts the keys with which facts verify before them.
fn with_keys(
    mut items: Vec<Item>,
    devices: &BTreeSet<DeviceId>,
    directory: &Directory,
) -> Vec<Item> {
    let known = devices.iter().filter_map(|device| directory.devices.get(device));
    let keys = known.map(|known| Item::Key {
        device: known.device.id,
        person: known.device.person,
        key: known.device.public_key.clone().into(),
    });
    let at = items.iter().position(|item| matches!(item, Item::Fact { .. })).unwrap_or_default();
    items.splice(at..at, keys);
    items
}
