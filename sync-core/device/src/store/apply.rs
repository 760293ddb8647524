//! What an exchange changes, in one transaction.

use rusqlite::Transaction;
use sync_core::act::Fact;
use sync_core::id::{Digest, InspectionId};
use sync_core::ledger::suites::SoftVerifier;
use sync_core::sync::Change;
use sync_core::wire::exchange::{Outcome, READS};
use sync_core::{Code, Refusal};

use super::{Store, blobs, catalogues, drafts, facts, kv, state, to_blob};
use crate::states::Heard;

/// With which [`READS`] the device met what it could not read.
const UNREAD: &str = "unread";

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
        heard: Option<&Heard>,
    ) -> Result<(), Refusal> {
        let server_key = self.value("server_key")?.unwrap_or_default();
        self.write(|tx| {
            for (inspection, bytes) in admitted {
                drafts::insert_change(tx, *inspection, bytes, false)?;
            }
            if let Some(heard) = heard {
                kv::put(tx, "heard", &to_blob(heard))?;
            }
            changes.iter().try_for_each(|change| apply_one(tx, change, &server_key))
        })
    }
}

fn apply_one(tx: &Transaction<'_>, change: &Change, server_key: &[u8]) -> rusqlite::Result<()> {
    match change {
        Change::Verdict { item, outcome } => verdict(tx, item, outcome),
        Change::Receipt(receipt) => facts::receipt(tx, *receipt),
        Change::Fact { receipt, fact } if is_genuine(fact, server_key) => {
            facts::insert_received(tx, *receipt, fact)
        }
        Change::Gone(stream) => facts::forget(tx, stream),
        Change::Link(one, other) => facts::link(tx, one, other),
        Change::Catalogue(bytes) => catalogues::replace(tx, bytes),
        Change::Judged { item, accepted, reason } => judged(tx, item, *accepted, reason),
        Change::Unread => kv::put(tx, UNREAD, &READS.to_be_bytes()),
        Change::Cursor(cursor) => kv::put(tx, "cursor", cursor),
        Change::Restart => {
            kv::put(tx, "cursor", &[])?;
            tx.execute("UPDATE fact SET state = 0 WHERE own IS NOT NULL AND state IN (1, 3)", [])?;
            tx.execute("UPDATE change SET state = 0 WHERE own = 1 AND state IN (1, 3)", [])?;
            tx.execute("UPDATE blob SET state = 0, sent = 0, begun = 0 WHERE state = 1", [])
                .map(drop)
        }
        Change::Uploaded { hash, offset, complete } => {
            blobs::uploaded(tx, *hash, *offset, *complete)
        }
        Change::UploadRefused { hash, refusal } => blobs::refused(tx, *hash, refusal),
        Change::UploadTurnedAway { hash, refusal } => blobs::turned_away(tx, *hash, refusal),
        Change::NoThumbnail { hash, refusal } => blobs::no_thumbnail(tx, *hash, refusal),
        Change::Fact { .. }
        | Change::Draft { .. }
        | Change::Downloaded { .. }
        | Change::Beacon(_) => Ok(()),
    }
}

/// What only the server may state must carry the server's own signature. Other facts were verified
/// by the server before it gave the receipt.
fn is_genuine(fact: &Fact, server_key: &[u8]) -> bool {
    !fact.statement.is_by_server() || fact.verify(&SoftVerifier, server_key).is_ok()
}

fn verdict(tx: &Transaction<'_>, item: &Digest, outcome: &Outcome) -> rusqlite::Result<()> {
    let (number, refusal) = match outcome {
        Outcome::Accepted => (state::AT_SERVER, None),
        Outcome::Refused(refusal) => (state::REFUSED, Some(to_blob(refusal))),
        Outcome::Quarantined(refusal) => (state::QUARANTINED, Some(to_blob(refusal))),
        Outcome::Retry(_) => return Ok(()),
    };
    for table in ["fact", "change"] {
        tx.execute(
            &format!("UPDATE {table} SET state = ?2, refusal = ?3 WHERE id = ?1 AND state = 0"),
            (item.as_bytes().as_slice(), number, &refusal),
        )?;
    }
    Ok(())
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
