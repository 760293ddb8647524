//! Second step: read what is stored of everything that pushes touch, in a handful of queries
//! whatever the number of items.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use sync_core::act::{Admitted, Statement};
use sync_core::case::About;
use sync_core::case::fold::fold;
use sync_core::domain::account::{Person, Role};
use sync_core::domain::notice::DocumentNumber;
use sync_core::domain::numbers::Lease;
use sync_core::id::{BlobHash, DeviceId, FactId};
use sync_core::ledger::stream::{StreamId, StreamKind};
use sync_core::rules::authority;

use super::dossier;
use super::mend::Mended;
use super::receive::Received;
use crate::blobstore::{Noting, Unnoted, Wanted};
use crate::store::blobs::{self, Announced, Looked};
use crate::store::drafts::{self, StoredChange};
use crate::store::integrity::Integrity;
use crate::store::ledger::{self, StoredFact};
use crate::store::numbers;
use crate::store::streams::{self, StreamKey, StreamRow};
use crate::store::{Db, StoreError};

/// What loading needs besides the database.
#[derive(Clone, Debug)]
pub struct Sources {
    /// Whether what is stored is what was taken over.
    pub integrity: Integrity,
    /// Files that are durable and not yet noted.
    pub unnoted: Unnoted,
    /// Files that a decision waits for until somebody has looked at them.
    pub wanted: Wanted,
}

/// What is stored of the streams that a push touches.
#[derive(Debug, Default)]
pub struct Loaded {
    /// Rows of the streams and of the device's chain; absent ones are not stored.
    pub streams: HashMap<StreamKey, StreamRow>,
    /// Rows as they are stored, of those that were mended when they were read.
    pub stored: HashMap<StreamKey, StreamRow>,
    /// Facts of the streams and of those linked with them.
    pub facts: HashMap<StreamKey, Arc<Vec<StoredFact>>>,
    /// Changes of the drafts that are written.
    pub changes: HashMap<StreamKey, Arc<Vec<StoredChange>>>,
    /// Streams with a fact that is missing or is not what was taken over.
    pub damaged: HashSet<StreamKey>,
    /// Photos that are at the server and whole, of the cases in which a push decides.
    pub there: HashMap<StreamKey, BTreeSet<BlobHash>>,
    /// Photos of these cases that are no whole pictures.
    pub flawed: HashMap<StreamKey, BTreeSet<BlobHash>>,
    /// Photos that a push brings into a stream although they belong to another case that the author may see.
    pub elsewhere: HashSet<(StreamKey, BlobHash)>,
    /// The blocks of numbers of devices that push a notice from the spot.
    pub leases: HashMap<DeviceId, Vec<Lease>>,
    /// Numbers of such notices that papers carry already, with the facts of these.
    pub used: HashMap<DocumentNumber, FactId>,
    /// Facts that are stored at numbers of the device's chain that are pushed again.
    pub chain: HashMap<(DeviceId, u64), FactId>,
}

impl Loaded {
    /// What several pushes touch, as one.
    #[must_use]
    pub fn joined(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut all = Self::default();
        for part in parts {
            all.streams.extend(part.streams);
            all.stored.extend(part.stored);
            all.facts.extend(part.facts);
            all.changes.extend(part.changes);
            all.damaged.extend(part.damaged);
            all.there.extend(part.there);
            all.flawed.extend(part.flawed);
            all.elsewhere.extend(part.elsewhere);
            all.chain.extend(part.chain);
            all.leases.extend(part.leases);
            all.used.extend(part.used);
        }
        all
    }

    /// How many facts and changes were loaded.
    #[must_use]
    pub fn rows(&self) -> usize {
        let facts: usize = self.facts.values().map(|facts| facts.len()).sum();
        facts + self.changes.values().map(|changes| changes.len()).sum::<usize>()
    }
}

impl Loaded {
    /// Takes what was loaded apart, one part for each dossier, in the order of their keys.
    #[must_use]
    pub fn by_dossier(self) -> Vec<Self> {
        let Self { mut streams, mut stored, mut facts, damaged, .. } = self;
        let mut keys: Vec<StreamKey> = streams.keys().copied().collect();
        keys.sort_unstable();
        let mut parts = Vec::new();
        for key in keys {
            let (mut part, mut next) = (Self::default(), vec![key]);
            while let Some(key) = next.pop() {
                let Some(row) = streams.remove(&key) else { continue };
                next.extend(row.links.iter().copied());
                part.facts.extend(facts.remove_entry(&key));
                part.stored.extend(stored.remove_entry(&key));
                part.damaged.extend(damaged.get(&key));
                part.streams.insert(key, row);
            }
            if !part.streams.is_empty() {
                parts.push(part);
            }
        }
        parts
    }
}

/// Loads the cases of `streams`: their rows, the streams linked with them, the facts of all.
///
/// # Errors
/// What the database says.
pub async fn cases(
    db: &mut Db,
    keys: &[StreamKey],
    linked: bool,
    integrity: &Integrity,
) -> Result<Loaded, StoreError> {
    let mut mended = Mended::load(db, keys, linked, integrity).await?;
    let stored: Vec<StreamKey> =
        mended.streams.values().map(|row| row.key).filter(|key| key.stream().is_some()).collect();
    let mut facts = HashMap::with_capacity(stored.len());
    let mut found = ledger::of_streams(db, &stored, integrity).await?;
    let mut beyond = Vec::new();
    for key in stored {
        // Facts that came after the row was read belong to a version that was not looked at.
        let last = mended.streams.get(&key).map_or(0, |row| row.facts);
        let mut stored = found.remove(&key).unwrap_or_default();
        let known = stored.partition_point(|fact| fact.place <= last);
        beyond.push((key, stored.split_off(known)));
        let complete = stored.iter().map(|fact| fact.place).eq(1..=last);
        if !complete {
            integrity.note(format!("facts of {key:?} are missing"));
        }
        if !complete || stored.iter().any(|fact| !fact.whole) {
            mended.damaged.insert(key);
        }
        facts.insert(key, stored);
    }
    beyond.retain(|(_, facts)| !facts.is_empty());
    for (key, unknown) in unknown_of(db, beyond).await? {
        let Some(mut row) = mended.streams.get(&key).cloned() else { continue };
        let end = row.facts + unknown.len() as u64;
        integrity.note(format!("{key:?} does not know of its fact {end}"));
        let follow = unknown.iter().map(|fact| fact.place).eq(row.facts + 1..=end);
        if follow && unknown.iter().all(|fact| fact.whole) {
            // They hold, so it is the row that is not what it was.
            row.facts = end;
            mended.put(row);
            facts.entry(key).or_default().extend(unknown);
        } else {
            mended.damaged.insert(key);
        }
    }
    let facts = facts.into_iter().map(|(key, facts)| (key, Arc::new(facts))).collect();
    let Mended { streams, stored, damaged } = mended;
    Ok(Loaded { streams, stored, facts, damaged, ..Loaded::default() })
}

/// Of streams with facts that their rows did not know of when they were read, those whose rows do not know of them now:
/// facts and row are written together.
async fn unknown_of(
    db: &mut Db,
    beyond: Vec<(StreamKey, Vec<StoredFact>)>,
) -> Result<Vec<(StreamKey, Vec<StoredFact>)>, StoreError> {
    if beyond.is_empty() {
        return Ok(Vec::new());
    }
    let keys: Vec<StreamKey> = beyond.iter().map(|(key, _)| *key).collect();
    let rows = streams::load(db, &keys).await?;
    let known = |key| rows.get(&key).map_or(0, |row| row.facts);
    let last = |facts: &[StoredFact]| facts.last().map_or(0, |fact| fact.place);
    Ok(beyond.into_iter().filter(|(key, facts)| known(*key) < last(facts)).collect())
}

/// Loads what each of `pushes` touches, in a handful of queries for all of them. An enterprise's work
/// is judged by the notice alone, as its own device judges it, so that nothing in the answer can
/// depend on the authority's side.
///
/// # Errors
/// What the database says.
pub async fn pushes(
    db: &mut Db,
    pushes: &[&Received],
    sources: &Sources,
) -> Result<Vec<Loaded>, StoreError> {
    let touched: Vec<Touched> = pushes.iter().map(|push| Touched::by(push)).collect();
    let mut all = Loaded::default();
    for linked in [false, true] {
        let keys = touched.iter().filter(|it| it.linked == linked).flat_map(|it| &it.streams);
        let keys: BTreeSet<StreamKey> = keys.copied().collect();
        if !keys.is_empty() {
            let more = cases(db, &keys.into_iter().collect::<Vec<_>>(), linked, &sources.integrity)
                .await?;
            all.damaged.extend(more.damaged);
            all.streams.extend(more.streams);
            all.stored.extend(more.stored);
            all.facts.extend(more.facts);
        }
    }
    let written: BTreeSet<StreamKey> = touched.iter().flat_map(|it| &it.drafts).copied().collect();
    let written: Vec<StreamKey> = written.into_iter().collect();
    changes(db, &written, &mut all, &sources.integrity).await?;
    let mut loaded = Vec::with_capacity(pushes.len());
    for (push, touched) in pushes.iter().zip(&touched) {
        let mut own = touched.of(&all);
        own.chain = chain(db, push, &own).await?;
        photos(db, push, &mut own, sources).await?;
        numbers_of(db, push, &mut own).await?;
        loaded.push(own);
    }
    Ok(loaded)
}

/// What is known of the numbers of notices that a push brings from the spot. A usual push asks nothing here.
async fn numbers_of(db: &mut Db, push: &Received, loaded: &mut Loaded) -> Result<(), StoreError> {
    for fact in push.facts.iter().filter_map(|item| item.fact.as_ref()) {
        let Statement::IssuedOnSite(it) = &fact.statement else { continue };
        if let Entry::Vacant(place) = loaded.leases.entry(fact.body.device) {
            place.insert(numbers::leased_to(db, fact.body.device).await?);
        }
        if let Some(used) = numbers::used_by(db, &it.notice.number).await? {
            loaded.used.insert(it.notice.number.clone(), used);
        }
    }
    Ok(())
}

/// Reads the drafts of streams. Changes that a row does not know of came after it was read, or the row is not what it was.
async fn changes(
    db: &mut Db,
    written: &[StreamKey],
    all: &mut Loaded,
    integrity: &Integrity,
) -> Result<(), StoreError> {
    for (key, mut changes) in drafts::of_streams(db, written).await? {
        let last = all.streams.get(&key).map_or(0, |row| row.changes);
        let end = changes.last().map_or(0, |change| change.place);
        if end > last {
            let row = streams::load(db, &[key]).await?.remove(&key);
            if let Some(row) = row.filter(|row| row.changes < end)
                && let Some(read) = all.streams.get_mut(&key)
            {
                integrity.note(format!("{key:?} does not know of its change {end}"));
                all.stored.entry(key).or_insert(row);
                read.changes = end;
            }
        }
        let last = all.streams.get(&key).map_or(0, |row| row.changes);
        changes.retain(|change| change.place <= last);
        all.changes.insert(key, Arc::new(changes));
    }
    Ok(())
}

/// What is known of the photos that a push decides on or brings. A usual push asks nothing here.
async fn photos(
    db: &mut Db,
    push: &Received,
    loaded: &mut Loaded,
    sources: &Sources,
) -> Result<(), StoreError> {
    let statements = || {
        let read = push.facts.iter().filter_map(|item| Some((&item.author, item.fact.as_ref()?)));
        read.map(|(author, fact)| (author, &fact.statement))
    };
    let unnoted = sources.unnoted.now();
    let is_there = |it: &Announced| {
        (it.brought || unnoted.is_brought(it.hash, it.person))
            && (it.kept || unnoted.place(it.hash).is_some())
    };
    for (_, statement) in statements() {
        let rests = statement.rests_on().and(statement.about());
        let Some(key) = rests.map(|about| StreamKey::from(about.stream)) else { continue };
        if loaded.there.contains_key(&key) {
            continue;
        }
        let (mut there, mut flawed, mut unseen) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
        for stream in of_case(key, &loaded.streams) {
            let announced = blobs::of_stream(db, stream).await?;
            for it in announced.iter().filter(|it| is_there(it)) {
                match it.looked {
                    Some(Looked::Whole) => _ = there.insert(it.hash),
                    Some(Looked::Flawed) => _ = flawed.insert(it.hash),
                    None => unseen.push(it.hash),
                }
            }
        }
        sources.wanted.ask(unseen);
        loaded.there.insert(key, there);
        loaded.flawed.insert(key, flawed);
    }
    let after: Vec<(&Person, StreamKey, BlobHash)> = statements()
        .filter_map(|(author, statement)| match statement {
            Statement::Captured(it) if it.photo.purpose.is_after() => {
                Some((&**author, it.stream.into(), it.photo.blob))
            }
            _ => None,
        })
        .collect();
    if after.is_empty() {
        return Ok(());
    }
    let hashes: Vec<BlobHash> = after.iter().map(|(_, _, hash)| *hash).collect();
    let announced = blobs::announced(db, &hashes).await?;
    for (author, key, hash) in after {
        let same: BTreeSet<StreamKey> = of_case(key, &loaded.streams);
        let others = announced.iter().filter(|it| it.hash == hash && !same.contains(&it.stream));
        let others: Vec<Announced> = others.copied().collect();
        if is_seen(db, author, &others, &unnoted, sources).await? {
            loaded.elsewhere.insert((key, hash));
        }
    }
    Ok(())
}

/// Whether an author may see a photo where these announced it, or has announced it there.
async fn is_seen(
    db: &mut Db,
    author: &Person,
    others: &[Announced],
    unnoted: &Noting,
    sources: &Sources,
) -> Result<bool, StoreError> {
    let own = others.iter().any(|it| it.person == author.id);
    Ok(own || may_fetch(db, author, others, unnoted, &sources.integrity).await?)
}

/// The streams of the case that a stream belongs to.
fn of_case(key: StreamKey, streams: &HashMap<StreamKey, StreamRow>) -> BTreeSet<StreamKey> {
    let mut found = BTreeSet::from([key]);
    let mut next = vec![key];
    while let Some(key) = next.pop() {
        let links = streams.get(&key).into_iter().flat_map(|row| &row.links);
        next.extend(links.copied().filter(|it| found.insert(*it)));
    }
    found
}

/// Whether a person may fetch a file, of which it is known who announced it where. Each case in which somebody brought
/// it is looked at until one lets the person see it.
///
/// # Errors
/// What the database says.
pub async fn may_fetch(
    db: &mut Db,
    person: &Person,
    announced: &[Announced],
    unnoted: &Noting,
    integrity: &Integrity,
) -> Result<bool, StoreError> {
    let brought = |it: &&Announced| it.brought || unnoted.is_brought(it.hash, it.person);
    let keys: BTreeSet<StreamKey> = announced.iter().filter(brought).map(|it| it.stream).collect();
    let streams: BTreeSet<StreamId> = keys.iter().filter_map(StreamKey::stream).collect();
    let Some(hash) = announced.first().map(|it| it.hash) else { return Ok(false) };
    for key in keys {
        let loaded = cases(db, &[key], true, integrity).await?;
        let stored = loaded.facts.values().flat_map(|facts| facts.iter());
        let facts: Vec<Admitted> = stored.filter_map(dossier::admitted).collect();
        let is_brought = |about: About| streams.contains(&about.stream);
        if authority::may_fetch_blob(person, &fold(&facts), &hash, is_brought) {
            return Ok(true);
        }
    }
    Ok(false)
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
        let linked = push.author.role != Role::Enterprise;
        let facts = push.facts.iter().filter_map(|item| item.fact.as_ref());
        let drafts: BTreeSet<StreamKey> =
            push.drafts.iter().map(|item| StreamKey::inspection(item.inspection)).collect();
        // A visit that an enterprise names would be joined with its notice and answer for it.
        let known = |stream: &StreamId| linked || stream.kind == StreamKind::Notice;
        // A notice from the spot begins a stream, which must be new.
        let begun = facts.clone().filter_map(|fact| match &fact.statement {
            Statement::IssuedOnSite(it) => Some(StreamId::notice(it.notice.id)),
            _ => None,
        });
        let streams = facts
            .clone()
            .map(|fact| fact.body.stream)
            .chain(begun)
            .filter(known)
            .map(StreamKey::from)
            .chain(facts.map(|fact| StreamKey::chain(fact.body.device)))
            .chain(drafts.iter().copied().filter(|_| linked))
            .collect();
        Self { streams, drafts, linked }
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
            own.stored.extend(all.stored.get(&key).map(|row| (key, row.clone())));
            own.facts.extend(all.facts.get(&key).map(|facts| (key, Arc::clone(facts))));
            own.damaged.extend(all.damaged.get(&key));
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
    let again: Vec<_> = facts.filter(|fact| fact.seq() <= last(fact.body.device)).collect();
    let devices: BTreeSet<_> = again.iter().map(|fact| fact.body.device).collect();
    let mut chain = HashMap::new();
    for device in devices {
        let seqs = again.iter().filter(|fact| fact.body.device == device).map(|it| it.seq());
        let (first, last) = seqs.fold((u64::MAX, 0), |(a, b), seq| (a.min(seq), b.max(seq)));
        let taken = ledger::of_chain(db, device, first, last).await?;
        chain.extend(taken.into_iter().map(|(seq, id)| ((device, seq), id)));
    }
    Ok(chain)
}
