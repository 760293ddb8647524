//! From the server's answer to changes of the store.

use std::collections::BTreeSet;

use super::effect::Change;
use super::input::{Download, Work};
use crate::act::Fact;
use crate::cbor;
use crate::id::Digest;
use crate::ledger::fact::Verifier;
use crate::refusal::{Code, Refusal};
use crate::wire::codec;
use crate::wire::exchange::{Item, ItemId, ItemVerdict, Outcome, Response};
use crate::wire::thumbnail;

/// The changes that follow from an answer, and what is counted of it.
pub(super) struct AnswerChanges {
    pub(super) changes: Vec<Change>,
    /// Items whose verdict is final.
    pub(super) verdicts: usize,
    pub(super) items: usize,
    pub(super) more: bool,
    /// Whether some item was sent that has no final verdict now.
    pub(super) stuck: bool,
}

/// Reads an answer. Receipts whose signature does not hold refuse all of it: nothing may be taken
/// for delivered on the word of someone else.
pub(super) fn read(
    body: &[u8],
    work: &Work,
    verifier: &dyn Verifier,
) -> Result<AnswerChanges, Refusal> {
    let response: Response = cbor::from_slice(&codec::unpack(body)?)?;
    let mut changes = vec![Change::Beacon(response.beacon)];
    if response.restart && work.cursor.is_empty() {
        return Err(Refusal::new(Code::CursorInvalid));
    }
    if response.restart {
        // Nothing else of it counts: an item may only be marked together with a cursor of the same
        // epoch, or a second restore would go unnoticed. All of it is sent and said again at once.
        changes.push(Change::Restart);
        return Ok(AnswerChanges { changes, verdicts: 0, items: 0, more: true, stuck: false });
    }
    let mut receipted = BTreeSet::new();
    if let Some(page) = &response.receipts {
        let receipts = page.open(verifier, &work.server_key)?;
        receipted.extend(receipts.iter().map(|receipt| receipt.fact));
        changes.extend(receipts.into_iter().map(Change::Receipt));
    }
    let facts: BTreeSet<ItemId> = work.facts.iter().map(|fact| fact.id).collect();
    let mut open = facts.clone();
    open.extend(work.drafts.iter().flat_map(|draft| &draft.ids));
    let before = open.len();
    for ItemVerdict { item, outcome } in response.verdicts {
        // A verdict counts for what was sent, and an accepted fact has its receipt.
        let unproved = outcome == Outcome::Accepted && facts.contains(&item);
        if !open.contains(&item) || (unproved && !receipted.contains(&item)) {
            continue;
        }
        if !matches!(outcome, Outcome::Retry(_)) {
            open.remove(&item);
        }
        changes.push(Change::Verdict { item, outcome });
    }
    let verdicts = before - open.len();
    let items = response.items.len();
    for item in response.items {
        // One unreadable item must not hold back the others. That it was there is remembered together
        // with the cursor, and a newer app asks again.
        changes.push(change(item).unwrap_or(Change::Unread));
    }
    changes.push(Change::Cursor(response.cursor.into()));
    Ok(AnswerChanges { changes, verdicts, items, more: response.more, stuck: !open.is_empty() })
}

fn change(item: Item) -> Result<Change, Refusal> {
    Ok(match item {
        Item::Fact { receipt, bytes } => {
            let fact = Fact::decode(&bytes)?;
            if fact.id != receipt.fact {
                return Err(Refusal::new(Code::DigestMismatch));
            }
            Change::Fact { receipt, fact: Box::new(fact) }
        }
        Item::Change { inspection, bytes, by } => {
            Change::Draft { inspection, bytes: bytes.into(), by }
        }
        Item::Gone { stream } => Change::Gone(stream),
        Item::Link { stream, with } => Change::Link(stream, with),
        Item::Catalogue { bytes } => Change::Catalogue(bytes.into()),
        Item::Parts { from, to, parts, gone } => Change::Parts { from, to, parts, gone },
        Item::Piece { from, to, after, bytes, more } => {
            Change::Piece { from, to, after, bytes: bytes.into(), more }
        }
        Item::Judged { item, accepted, reason, .. } => Change::Judged { item, accepted, reason },
        Item::Damaged { stream, place } => Change::Damaged { stream, place },
        Item::Key { device, person, key } => Change::Key { device, person, key: key.into() },
        Item::Unread { .. } => Change::Unread,
    })
}

/// What the server sent of a file, if it is that: an original has its digest, a small picture the
/// server's signature.
pub(super) fn file(
    verifier: &dyn Verifier,
    server_key: &[u8],
    Download { hash, thumbnail }: Download,
    body: &[u8],
) -> Option<Vec<u8>> {
    if thumbnail {
        return thumbnail::open(verifier, server_key, hash, body).ok().map(<[u8]>::to_vec);
    }
    (!body.is_empty() && Digest::of(body) == hash).then(|| body.to_vec())
}

/// That something on the way answered in the server's place, with what can be seen of the answer.
#[must_use]
pub fn foreign(status: u16, body: &[u8]) -> Refusal {
    let kind = match body.trim_ascii_start().first() {
        None => "empty",
        Some(b'<') => "text/html",
        Some(b'{' | b'[') => "application/json",
        Some(_) => "application/octet-stream",
    };
    Refusal::new(Code::NetworkForeign).detail(format!("{status} {kind}"))
}
