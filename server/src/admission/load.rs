//! Second step: read what is stored of everything that a push touches, in a handful of queries
//! whatever the number of items.

use std::collections::{BTreeSet, HashMap};

use sync_core::domain::account::Role;
use sync_core::id::{DeviceId, Digest, FactId};

use super::receive::Received;
use crate::store::drafts::{self, ChangeRow};
use crate::store::ledger::{self, FactRow};
use crate::store::quarantine::{self, QuarantineRow};
use crate::store::streams::{self, StreamKey, StreamRow};
use crate::store::{Db, StoreError};

/// What is stored of the streams that a push touches.
#[derive(Debug, Default)]
pub struct Loaded {
    /// Rows of the streams and of the device's chain; absent ones are not stored.
    pub streams: HashMap<StreamKey, StreamRow>,
    /// Facts of the streams and of those linked with them.
    pub facts: HashMap<StreamKey, Vec<FactRow>>,
    /// Changes of the drafts that are written.
    pub changes: HashMap<StreamKey, Vec<ChangeRow>>,
    /// Pushed items that are or were in quarantine.
    pub quarantined: HashMap<Digest, QuarantineRow>,
    /// Facts that are stored at numbers of the device's chain that are pushed again.
    pub chain: HashMap<(DeviceId, u64), FactId>,
}

/// Loads the cases of `streams`: their rows, the streams linked with them, the facts of all.
pub async fn cases(db: &mut Db, keys: &[StreamKey], linked: bool) -> Result<Loaded, StoreError> {
    let mut streams = streams::load(db, keys).await?;
    if linked {
        let more: BTreeSet<StreamKey> = streams
            .values()
            .filter_map(|row| row.linked)
            .filter(|key| !streams.contains_key(key))
            .collect();
        if !more.is_empty() {
            let more: Vec<StreamKey> = more.into_iter().collect();
            streams.extend(streams::load(db, &more).await?);
        }
    }
    let stored: Vec<StreamKey> = streams
        .values()
        .filter(|row| row.facts > 0 && row.key.stream().is_some())
        .map(|row| row.key)
        .collect();
    let mut facts = ledger::of_streams(db, &stored).await?;
    // Facts that came after the row was read belong to a version that was not looked at.
    for (key, facts) in &mut facts {
        let last = streams.get(key).map_or(0, |row| row.facts);
        facts.retain(|fact| fact.place <= last);
    }
    Ok(Loaded { streams, facts, ..Loaded::default() })
}

/// Loads what a push touches. An enterprise's work is judged by the notice alone, as its own
/// device judges it, so that nothing in the answer can depend on the authority's side.
pub async fn push(db: &mut Db, received: &Received) -> Result<Loaded, StoreError> {
    let facts = received.facts.iter().filter_map(|item| item.fact.as_ref());
    let streams = facts.clone().map(|fact| StreamKey::from(fact.body.stream));
    let drafts: BTreeSet<StreamKey> =
        received.drafts.iter().map(|item| StreamKey::inspection(item.inspection)).collect();
    let chains = facts.clone().map(|fact| StreamKey::chain(fact.body.device));
    let keys: BTreeSet<StreamKey> = streams.chain(chains).chain(drafts.iter().copied()).collect();
    let keys: Vec<StreamKey> = keys.into_iter().collect();
    let mut loaded = cases(db, &keys, received.author.role != Role::Enterprise).await?;

    let written: Vec<StreamKey> = drafts
        .into_iter()
        .filter(|key| loaded.streams.get(key).is_some_and(|row| row.changes > 0))
        .collect();
    loaded.changes = drafts::of_streams(db, &written).await?;
    for (key, changes) in &mut loaded.changes {
        let last = loaded.streams.get(key).map_or(0, |row| row.changes);
        changes.retain(|change| change.place <= last);
    }

    let items: Vec<Digest> = received
        .facts
        .iter()
        .map(|item| item.id)
        .chain(received.drafts.iter().flat_map(|item| item.changes.iter().map(|(id, _)| *id)))
        .collect();
    let kept = quarantine::find(db, &items).await?;
    loaded.quarantined = kept.into_iter().map(|row| (row.item, row)).collect();

    // Numbers beyond the last one cannot be taken: the usual push asks nothing here.
    let last = |fact: &&sync_core::ledger::fact::Fact| {
        loaded.streams.get(&StreamKey::chain(fact.body.device)).map_or(0, |row| row.facts)
    };
    let again: Vec<_> = facts.filter(|fact| fact.body.seq <= last(fact)).collect();
    let devices: BTreeSet<_> = again.iter().map(|fact| fact.body.device).collect();
    for device in devices {
        let seqs = again.iter().filter(|fact| fact.body.device == device).map(|it| it.body.seq);
        let (first, last) = seqs.fold((u64::MAX, 0), |(a, b), seq| (a.min(seq), b.max(seq)));
        let taken = ledger::of_chain(db, device, first, last).await?;
        loaded.chain.extend(taken.into_iter().map(|(seq, id)| ((device, seq), id)));
    }
    Ok(loaded)
}
