//! What an exchange changes, in one transaction.

use std::collections::BTreeSet;

use rusqlite::Transaction;
use sync_core::id::{Digest, FactId, InspectionId};
use sync_core::sync::Change;
use sync_core::wire::exchange::{Outcome, READS};
use sync_core::{Code, Refusal};

use super::coming::Piece;
use super::genuine::{self, OwnKeys};
use super::{Store, blobs, catalogues, coming, drafts, facts, kv, state, to_blob};
use crate::sign::LastBeacon;

/// With which [`READS`] the device met what it could not read.
const UNREAD: &str = "unread";
/// The receipt of the file that the server took over last.
pub(crate) const FILE_RECEIPT: &str = "file_receipt";

impl Store {
    /// Begins again from the start if this build reads more than the one that met something
    /// unreadable.
    pub(super) fn ask_again(&mut self) -> Result<(), Refusal> {
        let met = self.value(UNREAD)?;
        if met.is_none_or(|met| met.as_slice() >= READS.to_be_bytes().as_slice()) {
            return Ok(());
        }
        self.write(|tx| {
            kv::put(tx, "cursor", &[])?;
            tx.execute("DELETE FROM kv WHERE key = ?1", [UNREAD]).map(drop)
        })
    }

    /// Applies changes of the engine. `admitted` are colleagues' draft changes that the guard passed.
    pub(crate) fn apply(
        &mut self,
        changes: &[Change],
        admitted: &[(InspectionId, Vec<u8>)],
        last_beacon: Option<&LastBeacon>,
        own: OwnKeys,
    ) -> Result<(), Refusal> {
        let genuine = self.genuine(changes, own)?;
        self.write(|tx| {
            for (inspection, bytes) in admitted {
                drafts::insert_change(tx, *inspection, bytes, false)?;
            }
            if let Some(last_beacon) = last_beacon {
                kv::put(tx, "heard", &to_blob(last_beacon))?;
            }
            changes.iter().try_for_each(|change| apply_one(tx, change, &genuine))
        })
    }
}

fn apply_one(
    tx: &Transaction<'_>,
    change: &Change,
    genuine: &BTreeSet<FactId>,
) -> rusqlite::Result<()> {
    match change {
        Change::Verdict { item, outcome } => verdict(tx, item, outcome),
        Change::Receipt(receipt) => facts::receipt(tx, *receipt),
        Change::Fact { receipt, fact } if genuine.contains(&fact.id) => {
            genuine::mend(tx, &fact.body.stream, receipt.place)?;
            facts::insert_received(tx, *receipt, fact)
        }
        Change::Fact { receipt, fact } => {
            genuine::note_damage(tx, &fact.body.stream, receipt.place)
        }
        Change::Damaged { stream, place } => genuine::note_damage(tx, stream, *place),
        Change::Key { device, person, key } => genuine::note_key(tx, *device, *person, key),
        Change::Gone(stream) => facts::forget(tx, stream),
        Change::Link(one, other) => facts::link(tx, one, other),
        Change::Catalogue(bytes) => catalogues::replace(tx, bytes),
        Change::Parts { from, to, parts, gone } => {
            catalogues::take_parts(tx, *from, *to, parts, gone)
        }
        Change::Piece { from, to, after, bytes, more } => {
            coming::take(tx, &Piece { from: *from, to: *to, after: *after, bytes, more: *more })
        }
        Change::Judged { item, accepted, reason } => judged(tx, item, *accepted, reason),
        Change::Unread => kv::put(tx, UNREAD, &READS.to_be_bytes()),
        Change::Cursor(cursor) => kv::put(tx, "cursor", cursor),
        Change::Restart => restart(tx),
        Change::FileReceipt(receipt) => kv::put(tx, FILE_RECEIPT, receipt.as_bytes()),
        Change::Uploaded { hash, offset, complete } => {
            blobs::uploaded(tx, *hash, *offset, *complete)
        }
        Change::UploadRefused { hash, refusal } => blobs::refused(tx, *hash, refusal),
        Change::UploadTurnedAway { hash, refusal } => blobs::turned_away(tx, *hash, refusal),
        Change::NoThumbnail { hash, refusal } => blobs::no_thumbnail(tx, *hash, refusal),
        Change::Draft { .. } | Change::Downloaded { .. } | Change::Beacon(_) => Ok(()),
    }
}

/// Everything of one's own is to be sent again, whatever became of it: what was refused may have been refused for want of
/// something that the server had lost and is given back now.
fn restart(tx: &Transaction<'_>) -> rusqlite::Result<()> {
    kv::put(tx, "cursor", &[])?;
    tx.execute("DELETE FROM kv WHERE key = ?1", [FILE_RECEIPT])?;
    tx.execute(
        "UPDATE fact SET state = 0, refusal = NULL WHERE own IS NOT NULL AND state IN (1, 2, 3, 4)",
        [],
    )?;
    tx.execute(
        "UPDATE change SET state = 0, refusal = NULL WHERE own = 1 AND state IN (1, 2, 3, 4)",
        [],
    )?;
    tx.execute(
        "UPDATE blob SET state = 0, sent = 0, begun = 0, refusal = NULL WHERE state IN (1, 2)",
        [],
    )
    .map(drop)
}

fn verdict(tx: &Transaction<'_>, item: &Digest, outcome: &Outcome) -> rusqlite::Result<()> {
    let (number, refusal) = match outcome {
        Outcome::Accepted => (state::AT_SERVER, None),
        Outcome::Refused(refusal) => (state::REFUSED, Some(to_blob(refusal))),
        Outcome::Quarantined(refusal) => (state::QUARANTINED, Some(to_blob(refusal))),
        // It stays to be sent; why it waits is shown.
        Outcome::Retry(refusal) => (state::ONLY_HERE, Some(to_blob(refusal))),
    };
    for table in ["fact", "change"] {
        tx.execute(
            &format!("UPDATE {table} SET state = ?2, refusal = ?3 WHERE id = ?1 AND state = 0"),
            (item.as_bytes().as_slice(), number, &refusal),
        )?;
    }
    drafts::forget_edits(tx)
}

fn judged(
    tx: &Transaction<'_>,
    item: &Digest,
    accepted: bool,
    reason: &str,
) -> rusqlite::Result<()> {
    let number = if accepted { state::AT_SERVER } else { state::REJECTED };
    let refusal = (!accepted).then(|| to_blob(&Refusal::new(Code::AlreadyDecided).detail(reason)));
    for table in ["fact", "change"] {
        tx.execute(
            &format!("UPDATE {table} SET state = ?2, refusal = ?3 WHERE id = ?1"),
            (item.as_bytes().as_slice(), number, &refusal),
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use super::*;

    fn after(met: u32) -> (Option<Vec<u8>>, Option<Vec<u8>>) {
        let mut store = Store::open(Path::new(":memory:"), Arc::new(|| true)).unwrap();
        let met = met.to_be_bytes().to_vec();
        store.put_values(&[(UNREAD, met), ("cursor", vec![7])]).unwrap();
        store.ask_again().unwrap();
        (store.value("cursor").unwrap(), store.value(UNREAD).unwrap())
    }

    #[test]
    fn an_app_that_reads_more_asks_again_for_what_an_older_one_could_not_read() {
        assert_eq!(after(READS - 1), (Some(Vec::new()), None));
        let same = READS.to_be_bytes().to_vec();
        assert_eq!(after(READS), (Some(vec![7]), Some(same)));
    }
}
