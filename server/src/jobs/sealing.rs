//! Seals facts that were stored before there were seals. Each is held to its name and its signature once; what does not
//! hold stays without a seal, and nothing is concluded from it. What such facts announced is noted again, too.

use std::sync::Arc;

use sync_core::act::{Fact, Statement};
use sync_core::time::Timestamp;

use crate::admission::verifier::FastVerifier;
use crate::directory::Directory;
use crate::state::Shared;
use crate::store::blobs::{self, Expected};
use crate::store::ledger::{self, StoredFact};
use crate::store::streams::StreamKey;
use crate::store::{Db, StoreError, files};

/// Facts that are sealed in one transaction.
const PAGE: i64 = 500;

/// Seals every fact that has no seal and is what its author signed.
///
/// # Errors
/// What the database says.
pub async fn seal_older(shared: &Shared, now: Timestamp) -> Result<(), StoreError> {
    let directory = shared.directory.snapshot();
    let mut after: Option<StoredFact> = None;
    loop {
        let mut tx = shared.pool.begin().await?;
        let stored = ledger::unsealed(&mut tx, after.as_ref(), PAGE).await?;
        let Some(last) = stored.last().cloned() else { return Ok(()) };
        for row in &stored {
            match genuine(row, shared, &directory) {
                Some(fact) => {
                    ledger::put_seal(&mut tx, row, &shared.integrity).await?;
                    announce(&mut tx, &fact, now).await?;
                }
                None => shared.integrity.note(format!("fact {:?} {}", row.stream, row.place)),
            }
        }
        tx.commit().await?;
        after = Some(last);
    }
}

/// The fact of a row, if the row names it rightly and its author signed it.
fn genuine(row: &StoredFact, shared: &Shared, directory: &Arc<Directory>) -> Option<Fact> {
    let fact = Fact::decode(&row.bytes).ok()?;
    let body = &fact.body;
    let named = fact.id == row.id
        && StreamKey::from(body.stream) == row.stream
        && (body.device, fact.seq()) == (row.device, row.seq);
    let signed = if (body.author, body.device) == shared.keys.identity() {
        fact.verify(&FastVerifier, &shared.keys.public_key()).is_ok()
    } else {
        let known = directory.devices.get(&body.device);
        known.is_some_and(|known| fact.verify(&FastVerifier, &known.key).is_ok())
    };
    (named && signed).then_some(fact)
}

/// Notes again what a fact announces. A file that is there counts as brought by who announced it first.
async fn announce(db: &mut Db, fact: &Fact, now: Timestamp) -> Result<(), StoreError> {
    let Statement::Captured(capture) = &fact.statement else { return Ok(()) };
    let (hash, person) = (capture.photo.blob, fact.body.author);
    let stream = StreamKey::from(capture.stream);
    let expected = Expected { hash, stream, person, bytes: capture.photo.bytes };
    blobs::expect(db, &[&expected]).await?;
    if files::place(db, hash).await?.is_some() && blobs::is_new(db, hash).await? {
        blobs::bring(db, &[(hash, person)], now).await?;
    }
    Ok(())
}
