//! Second step: read what is stored of everything that pushes touch, in a handful of queries
//! whatever the number of items.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use sync_core::domain::account::Role;
use sync_core::id::{DeviceId, FactId};

use super::receive::Received;
use crate::store::drafts::{self, StoredChange};
use crate::store::ledger::{self, StoredFact};
use crate::store::streams::{self, StreamKey, StreamRow};
use crate::store::{Db, StoreError};

/// What is stored of the streams that a push touches.
#[derive(Debug, Default)]
pub struct Loaded {
    /// Rows of the streams and of the device's chain; absent ones are not stored.
    pub streams: HashMap<StreamKey, StreamRow>,
    /// Facts of the streams and of those linked with them.
    pub facts: HashMap<StreamKey, Arc<Vec<StoredFact>>>,
    /// Changes of the drafts that are written.
    pub changes: HashMap<StreamKey, Arc<Vec<StoredChange>>>,
    /// Facts that are stored at numbers of the device's chain that are pushed again.
    pub chain: HashMap<(DeviceId, u64), FactId>,
}

impl Loaded {
    /// How many facts and changes were loaded.
    #[must_use]
    pub fn rows(&self) -> usize {
        let facts: usize = self.facts.values().map(|facts| facts.len()).sum();
        facts + self.changes.values().map(|changes| changes.len()).sum::<usize>()
    }
}

/// Loads the cases of `streams`: their rows, the streams linked with them, the facts of all.
pub async fn cases(db: &mut Db, keys: &[StreamKey], linked: bool) -> Result<Loaded, StoreError> {
    let mut streams = streams::load(db, keys).await?;
    let mut asked = linked;
    while asked {
        let rows = streams.values().flat_map(|row: &StreamRow| row.links.iter().copied());
        let more: BTreeSet<StreamKey> = rows.filter(|key| !streams.contains_key(key)).collect();
        let more: Vec<StreamKey> = more.into_iter().collect();
        let found = if more.is_empty() { HashMap::new() } else { streams::load(db, &more).await? };
        asked = !found.is_empty();
        streams.extend(found);
    }
    let stored: Vec<StreamKey> = streams
        .values()
        .filter(|row| row.facts > 0 && row.key.stream().is_some())
        .map(|row| row.key)
        .collect();
    let mut facts = HashMap::with_capacity(stored.len());
    for (key, mut stored) in ledger::of_streams(db, &stored).await? {
        // Facts that came after the row was read belong to a version that was not looked at.
        let last = streams.get(&key).map_or(0, |row| row.facts);
        stored.retain(|fact| fact.place <= last);
        facts.insert(key, Arc::new(stored));
    }
    Ok(Loaded { streams, facts, ..Loaded::default() })
}

/// Loads what each of `pushes` touches, in a handful of queries for all of them. An enterprise's work
/// is judged by the notice alone, as its own device judges it, so that nothing in the answer can
/// depend on the authority's side.
pub async fn pushes(db: &mut Db, pushes: &[&Received]) -> Result<Vec<Loaded>, StoreError> {
    let touched: Vec<Touched> = pushes.iter().map(|push| Touched::by(push)).collect();
    let mut all = Loaded::default();
    for linked in [false, true] {
        let keys = touched.iter().filter(|it| it.linked == linked).flat_map(|it| &it.streams);
        let keys: BTreeSet<StreamKey> = keys.copied().collect();
        if !keys.is_empty() {
            let more = cases(db, &keys.into_iter().collect::<Vec<_>>(), linked).await?;
            all.streams.extend(more.streams);
            all.facts.extend(more.facts);
        }
    }
    let written: BTreeSet<StreamKey> = touched.iter().flat_map(|it| &it.drafts).copied().collect();
    let written: Vec<StreamKey> = written
        .into_iter()
        .filter(|key| all.streams.get(key).is_some_and(|row| row.changes > 0))
        .collect();
    for (key, mut changes) in drafts::of_streams(db, &written).await? {
        let last = all.streams.get(&key).map_or(0, |row| row.changes);
        changes.retain(|change| change.place <= last);
        all.changes.insert(key, Arc::new(changes));
    }
    let mut loaded = Vec::with_capacity(pushes.len());
    for (push, touched) in pushes.iter().zip(&touched) {
        let mut own = touched.of(&all);
        own.chain = chain(db, push, &own).await?;
        loaded.push(own);
    }
    Ok(loaded)
}

/// The streams that a push touches.
struct Touched {
    streams: BTreeSet<StreamKey>,
    drafts: BTreeSet<StreamKey>,
    /// Whether what is linked with them may be known.
    linked: bool,
}

impl Touched {
    fn by(push: &Received) -> Self {
        let facts = push.facts.iter().filter_map(|item| item.fact.as_ref());
        let drafts: BTreeSet<StreamKey> =
            push.drafts.iter().map(|item| StreamKey::inspection(item.inspection)).collect();
        let streams = facts
            .flat_map(|fact| [fact.body.stream.into(), StreamKey::chain(fact.body.device)])
            .chain(drafts.iter().copied())
            .collect();
        Self { streams, drafts, linked: push.author.role != Role::Enterprise }
    }

    /// What is for this push of all that was loaded.
    fn of(&self, all: &Loaded) -> Loaded {
        let mut keys = self.streams.clone();
        let mut grows = self.linked;
        while grows {
            let before = keys.len();
            let rows: Vec<&StreamRow> =
                keys.iter().filter_map(|key| all.streams.get(key)).collect();
            keys.extend(rows.into_iter().flat_map(|row| row.links.iter().copied()));
            grows = keys.len() > before;
        }
        let mut own = Loaded::default();
        for key in keys {
            own.streams.extend(all.streams.get(&key).map(|row| (key, row.clone())));
            own.facts.extend(all.facts.get(&key).map(|facts| (key, Arc::clone(facts))));
        }
        for key in &self.drafts {
            own.changes.extend(all.changes.get(key).map(|changes| (*key, Arc::clone(changes))));
        }
        own
    }
}

/// What is stored at numbers of the device's chain that are pushed again. Numbers beyond the last one
/// cannot be taken: the usual push asks nothing here.
async fn chain(
    db: &mut Db,
    push: &Received,
    loaded: &Loaded,
) -> Result<HashMap<(DeviceId, u64), FactId>, StoreError> {
    let facts = push.facts.iter().filter_map(|item| item.fact.as_ref());
    let last = |device| loaded.streams.get(&StreamKey::chain(device)).map_or(0, |row| row.facts);
    let again: Vec<_> = facts.filter(|fact| fact.body.seq <= last(fact.body.device)).collect();
    let devices: BTreeSet<_> = again.iter().map(|fact| fact.body.device).collect();
    let mut chain = HashMap::new();
    for device in devices {
        let seqs = again.iter().filter(|fact| fact.body.device == device).map(|it| it.body.seq);
        let (first, last) = seqs.fold((u64::MAX, 0), |(a, b), seq| (a.min(seq), b.max(seq)));
        let taken = ledger::of_chain(db, device, first, last).await?;
        chain.extend(taken.into_iter().map(|(seq, id)| ((device, seq), id)));
    }
    Ok(chain)
}
