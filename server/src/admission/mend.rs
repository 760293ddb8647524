//! Rows of streams are held to what they tell of. What facts, or the other end of a link, say is told again; what they do
//! not say leaves a dossier without a state.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::links;
use crate::store::integrity::Integrity;
use crate::store::streams::{self, StreamKey, StreamRow};
use crate::store::{Db, StoreError, drafts, ledger, rows};

/// Rows of streams as they should be.
#[derive(Debug, Default)]
pub(super) struct Mended {
    pub(super) streams: HashMap<StreamKey, StreamRow>,
    /// Rows as they are stored, of those that are stored otherwise.
    pub(super) stored: HashMap<StreamKey, StreamRow>,
    /// Streams of which nobody can say what they belong to.
    pub(super) damaged: HashSet<StreamKey>,
}

impl Mended {
    /// Loads the rows of streams, with `linked` those of everything that they are linked with.
    pub(super) async fn load(
        db: &mut Db,
        keys: &[StreamKey],
        linked: bool,
        integrity: &Integrity,
    ) -> Result<Self, StoreError> {
        let mut all = Self::default();
        let mut listed: BTreeSet<(StreamKey, StreamKey)> = BTreeSet::new();
        let mut asked: BTreeSet<StreamKey> = BTreeSet::new();
        let mut next: BTreeSet<StreamKey> = keys.iter().copied().collect();
        while !next.is_empty() {
            let keys: Vec<StreamKey> = next.iter().copied().collect();
            asked.append(&mut next);
            let mut found = streams::load(db, &keys).await?;
            all.find_lost(db, &keys, &mut found, integrity).await?;
            if linked {
                next.extend(found.values().flat_map(|row| row.links.iter().copied()));
                let ask: Vec<StreamKey> =
                    found.values().filter(|row| may_be_listed(row)).map(|row| row.key).collect();
                let more = rows::linked(db, &ask).await?;
                next.extend(more.iter().flat_map(|(visit, notice)| [*visit, *notice]));
                listed.extend(more);
            }
            all.streams.extend(found);
            next.retain(|key| !asked.contains(key));
        }
        if linked {
            all.link(db, &listed, integrity).await?;
            all.find_alone(integrity);
        }
        Ok(all)
    }

    /// Puts a row in the place of the stored one.
    pub(super) fn put(&mut self, row: StreamRow) {
        if let Some(stored) = self.streams.insert(row.key, row) {
            self.stored.entry(stored.key).or_insert(stored);
        }
    }

    /// Facts, changes and chains whose row is gone have one again.
    async fn find_lost(
        &mut self,
        db: &mut Db,
        keys: &[StreamKey],
        found: &mut HashMap<StreamKey, StreamRow>,
        integrity: &Integrity,
    ) -> Result<(), StoreError> {
        let lost: Vec<StreamKey> =
            keys.iter().copied().filter(|key| !found.contains_key(key)).collect();
        for (key, facts) in ends(db, &lost, integrity).await? {
            integrity.note(format!("the row of {key:?} is gone"));
            let absent = StreamRow::absent(key);
            let changes = drafts::ends(db, &[key]).await?.get(&key).copied().unwrap_or_default();
            let of_case = key.stream().is_some();
            let row =
                StreamRow { facts, changes, pending: of_case, torn: of_case, ..absent.clone() };
            self.stored.insert(key, absent);
            found.insert(key, row);
        }
        Ok(())
    }

    /// A notice is of one visit. Where the rows of both and the lists do not say the same, the visit that recorded what the
    /// notice orders is the one.
    async fn link(
        &mut self,
        db: &mut Db,
        listed: &BTreeSet<(StreamKey, StreamKey)>,
        integrity: &Integrity,
    ) -> Result<(), StoreError> {
        let mut named = links::named_by(&self.streams, listed);
        named.retain(|_, visits| !links::are_agreed(visits));
        let torn = self.streams.values().filter(|row| row.torn || links::holds_others(row));
        let mut changed: BTreeMap<StreamKey, StreamRow> = torn
            .map(|row| {
                let links = row.links.iter().copied().filter(|to| links::is_pair(row.key, *to));
                (row.key, StreamRow { torn: false, links: links.collect(), ..row.clone() })
            })
            .collect();
        if named.is_empty() && changed.is_empty() {
            return Ok(());
        }
        let keys: BTreeSet<StreamKey> = named
            .iter()
            .flat_map(|(notice, visits)| visits.keys().chain([notice]))
            .copied()
            .collect();
        let keys: Vec<StreamKey> = keys.into_iter().collect();
        let facts = ledger::of_streams(db, &keys, integrity).await?;
        for (notice, visits) in &named {
            let visit = links::decide(*notice, visits, &facts);
            for (from, to) in visits.keys().flat_map(|it| [(*it, *notice), (*notice, *it)]) {
                let Some(row) = self.streams.get(&from) else { continue };
                let row = changed.entry(from).or_insert_with(|| row.clone());
                if visit.is_some_and(|it| [from, to].contains(&it)) {
                    row.links.insert(to);
                } else {
                    row.links.remove(&to);
                }
            }
        }
        changed.retain(|key, row| self.streams.get(key) != Some(row));
        for row in changed.into_values() {
            integrity.note(format!("the links of {:?} are not what they were", row.key));
            self.put(row);
        }
        Ok(())
    }

    /// A link to nothing is the end of what is known, and so is a notice of no visit.
    fn find_alone(&mut self, integrity: &Integrity) {
        for row in self.streams.values() {
            let lost = row.links.iter().any(|key| !self.streams.contains_key(key));
            let alone = links::is_notice(row.key) && row.links.is_empty();
            if lost || alone {
                integrity.note(format!("what {:?} is linked with is missing", row.key));
                self.damaged.insert(row.key);
            }
        }
    }
}

/// Whether the lists may name a stream: an open draft has no notice, and asks for nothing.
fn may_be_listed(row: &StreamRow) -> bool {
    row.torn || row.sealed || row.facts == 0 || !row.links.is_empty() || links::is_notice(row.key)
}

/// The last place of each of these streams, and the last number of each of these chains, of which there is a fact.
async fn ends(
    db: &mut Db,
    keys: &[StreamKey],
    integrity: &Integrity,
) -> Result<HashMap<StreamKey, u64>, StoreError> {
    let (of_cases, chains): (Vec<StreamKey>, Vec<StreamKey>) =
        keys.iter().partition(|key| key.stream().is_some());
    let mut ends = ledger::ends(db, &of_cases).await?;
    for key in chains {
        let last = match key.device().filter(|it| integrity.has_chain(*it)) {
            Some(device) => ledger::end_of_chain(db, device).await?,
            None => 0,
        };
        if last > 0 {
            ends.insert(key, last);
        }
    }
    Ok(ends)
}
