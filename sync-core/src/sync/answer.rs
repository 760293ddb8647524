//! From the server's answer to changes of the store.

use super::effect::Change;
use super::input::Work;
use crate::id::Digest;
use crate::ledger::fact::{Fact, Verifier};
use crate::refusal::{Code, Refusal};
use crate::wire::codec;
use crate::wire::exchange::{Item, Outcome, Response};

/// What an answer amounts to.
pub(super) struct Answer {
    pub(super) changes: Vec<Change>,
    pub(super) verdicts: usize,
    pub(super) items: usize,
    pub(super) more: bool,
    /// Whether some item could not be judged now.
    pub(super) stuck: bool,
}

/// Reads an answer. Receipts whose signature does not hold refuse all of it: nothing may be taken
/// for delivered on the word of someone else.
pub(super) fn read(body: &[u8], work: &Work, verifier: &dyn Verifier) -> Result<Answer, Refusal> {
    let response: Response = codec::from_slice(&codec::unpack(body)?)?;
    let mut changes = Vec::new();
    if response.restart {
        changes.push(Change::Restart);
    }
    changes.push(Change::Beacon(response.beacon));
    if let Some(page) = &response.receipts {
        let receipts = page.open(verifier, &work.server_key)?;
        changes.extend(receipts.into_iter().map(Change::Receipt));
    }
    let verdicts = response.verdicts.len();
    let stuck = response.verdicts.iter().any(|it| matches!(it.outcome, Outcome::Retry(_)));
    changes.extend(
        response
            .verdicts
            .into_iter()
            .map(|verdict| Change::Verdict { item: verdict.item, outcome: verdict.outcome }),
    );
    let items = response.items.len();
    for item in response.items {
        // One unreadable item must not hold back the others; it comes again to a newer app.
        if let Ok(change) = change(item) {
            changes.push(change);
        }
    }
    if !response.restart {
        changes.push(Change::Cursor(response.cursor.into()));
    }
    Ok(Answer { changes, verdicts, items, more: response.more || response.restart, stuck })
}

fn change(item: Item) -> Result<Change, Refusal> {
    Ok(match item {
        Item::Fact { receipt, bytes } => {
            let fact = Fact::decode(&bytes)?;
            if fact.id != receipt.fact {
                return Err(Refusal::new(Code::DigestMismatch));
            }
            Change::Fact { receipt, bytes: bytes.into() }
        }
        Item::Change { inspection, bytes, by } => {
            Change::Draft { inspection, bytes: bytes.into(), by }
        }
        Item::Gone { stream } => Change::Gone(stream),
        Item::Catalogue { bytes } => Change::Catalogue(bytes.into()),
        Item::Judged { item, accepted, reason, .. } => Change::Judged { item, accepted, reason },
    })
}

/// A fetched original must be what it is called; a thumbnail is a derived copy and cannot be checked.
pub(super) fn fits(hash: Digest, thumbnail: bool, bytes: &[u8]) -> bool {
    !bytes.is_empty() && (thumbnail || Digest::of(bytes) == hash)
}
