//! The dossiers that a push touches: each one case, folded, extended fact by fact, and closed into rows.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use sync_core::act::Admitted;
use sync_core::act::Fact;
use sync_core::act::Statement;
use sync_core::act::numbers::NumbersRequested;
use sync_core::act::streams::readers;
use sync_core::case::Case;
use sync_core::case::fold;
use sync_core::domain::notice::Notice;
use sync_core::id::{DeviceId, Digest, FactId, PersonId};
use sync_core::ledger::receipt::Receipt;
use sync_core::time::Timestamp;

use super::load::Loaded;
use crate::store::blobs::Expected;
use crate::store::drafts::StoredChange;
use crate::store::feed::{NewRow, Part, Range};
use crate::store::ledger::StoredFact;
use crate::store::streams::{StreamKey, StreamRow};
use crate::store::writer::WriteJob;

/// One case: what is stored of its linked streams, and what is added.
#[derive(Debug, Default)]
pub struct Dossier {
    /// The folded case.
    pub case: Case,
    before: BTreeMap<StreamKey, StreamRow>,
    rows: BTreeMap<StreamKey, StreamRow>,
    receipts: HashMap<FactId, Receipt>,
    ends: HashMap<StreamKey, Digest>,
    last: Timestamp,
}

impl Dossier {
    /// The keys of its streams.
    pub fn keys(&self) -> impl Iterator<Item = StreamKey> {
        self.rows.keys().copied()
    }

    /// Whether a fact was taken over into it.
    #[must_use]
    pub fn holds(&self, fact: &FactId) -> bool {
        self.receipts.contains_key(fact)
    }

    /// The versions of its streams as they were loaded.
    #[must_use]
    pub fn versions(&self) -> BTreeMap<StreamKey, i64> {
        self.before.iter().map(|(key, row)| (*key, row.version)).collect()
    }

    /// When its last fact was taken over.
    #[must_use]
    pub fn last_at(&self) -> Timestamp {
        self.last
    }
}

/// The dossiers that are open, each found by any of its streams.
#[derive(Debug)]
pub struct Dossiers {
    open: BTreeMap<StreamKey, Dossier>,
    by_stream: HashMap<StreamKey, StreamKey>,
    facts: Vec<StoredFact>,
    changes: Vec<StoredChange>,
    announced: Vec<Expected>,
    now: Timestamp,
}

impl Dossiers {
    /// Opens the dossiers of all loaded streams.
    #[must_use]
    pub fn open(loaded: &Loaded, now: Timestamp) -> Self {
        let mut dossiers = Self {
            open: BTreeMap::new(),
            by_stream: HashMap::new(),
            facts: Vec::new(),
            changes: Vec::new(),
            announced: Vec::new(),
            now,
        };
        for (key, row) in &loaded.streams {
            if key.stream().is_none() || dossiers.by_stream.contains_key(key) {
                continue;
            }
            dossiers.add_dossier(&linked(row, loaded), loaded);
        }
        dossiers
    }

    /// The row of a stream, as what is stored and what was added make it.
    pub fn row(&mut self, key: StreamKey) -> &StreamRow {
        self.dossier(key).rows.entry(key).or_insert_with(|| StreamRow::absent(key))
    }

    fn add_dossier(&mut self, rows: &[&StreamRow], loaded: &Loaded) {
        let stored =
            rows.iter().filter_map(|row| loaded.facts.get(&row.key)).flat_map(|it| it.iter());
        let admitted: Vec<Admitted> = stored.filter_map(admitted).collect();
        let receipts: HashMap<FactId, Receipt> =
            admitted.iter().filter_map(|it| Some((it.fact.id, it.receipt?))).collect();
        let stored = |row: &StreamRow| loaded.stored.get(&row.key).unwrap_or(row).clone();
        let before: BTreeMap<StreamKey, StreamRow> =
            rows.iter().map(|row| (row.key, stored(row))).collect();
        let Some(root) = rows.first().map(|row| row.key) else { return };
        for row in rows {
            self.by_stream.insert(row.key, root);
        }
        let mut case = fold::fold(&admitted);
        if rows.iter().any(|row| loaded.damaged.contains(&row.key)) {
            case.note_damaged();
        }
        let mut now: BTreeMap<StreamKey, StreamRow> =
            rows.iter().map(|row| (row.key, (*row).clone())).collect();
        if !case.is_damaged() {
            for row in now.values_mut() {
                tell(row, &case);
            }
        }
        let dossier = Dossier {
            case,
            rows: now,
            before,
            last: receipts.values().map(|receipt| receipt.at).max().unwrap_or_default(),
            ends: ends(rows, loaded),
            receipts,
        };
        self.open.insert(root, dossier);
    }

    fn dossier(&mut self, key: StreamKey) -> &mut Dossier {
        let root = *self.by_stream.entry(key).or_insert(key);
        let dossier = self.open.entry(root).or_default();
        dossier.rows.entry(key).or_insert_with(|| StreamRow::absent(key));
        dossier.before.entry(key).or_insert_with(|| StreamRow::absent(key));
        dossier
    }

    /// The case that a stream belongs to.
    pub fn case(&mut self, key: StreamKey) -> &Case {
        &self.dossier(key).case
    }

    /// The streams whose rows are stored otherwise than they should be.
    #[must_use]
    pub fn mended(&self) -> Vec<StreamKey> {
        let rows = self.open.values().flat_map(|it| it.rows.iter().map(move |row| (it, row)));
        let differ = |(dossier, (key, row)): &(&Dossier, (&StreamKey, &StreamRow))| {
            let stream = key.stream().filter(|_| row.facts > 0 && !dossier.case.is_damaged());
            let readers = stream.map(|stream| readers(stream, &dossier.case));
            let readers: Option<BTreeSet<String>> =
                readers.map(|it| it.iter().map(ToString::to_string).collect());
            dossier.before.get(key) != Some(row) || readers.is_some_and(|it| it != row.audiences)
        };
        rows.filter(differ).map(|(_, (key, _))| *key).collect()
    }

    /// Everything known of the open dossiers.
    pub fn cases(&self) -> impl Iterator<Item = &Dossier> {
        self.open.values()
    }

    /// The receipt of a fact that was taken over before.
    pub fn receipt(&mut self, key: StreamKey, id: &FactId) -> Option<Receipt> {
        self.dossier(key).receipts.get(id).copied()
    }

    /// The last place of a stream and the link of the fact there.
    pub fn end(&mut self, key: StreamKey) -> (u64, Option<Digest>) {
        let added = self.facts.iter().rev().find(|row| row.stream == key);
        let added = added.map(|row| Digest::of(&row.bytes));
        let dossier = self.dossier(key);
        let place = dossier.rows.get(&key).map_or(0, |row| row.facts);
        (place, added.or_else(|| dossier.ends.get(&key).copied()))
    }

    /// Lets the clerk look at a stream.
    pub fn mark(&mut self, key: StreamKey) {
        if let Some(row) = self.dossier(key).rows.get_mut(&key) {
            row.pending = true;
        }
    }

    /// Takes the marks for the clerk away and notes when time makes the clerk look again.
    pub fn settle(&mut self, look_at: Option<Timestamp>) {
        for row in self.open.values_mut().flat_map(|dossier| dossier.rows.values_mut()) {
            row.pending = false;
            row.look_at = look_at;
        }
    }

    /// Whether something is known of a stream, in this dossier or another one.
    #[must_use]
    pub fn is_begun(&self, key: StreamKey) -> bool {
        let root = self.by_stream.get(&key).copied().unwrap_or(key);
        let row = self.open.get(&root).and_then(|dossier| dossier.rows.get(&key));
        row.is_some_and(|row| row.facts > 0 || !row.links.is_empty())
    }

    /// Begins the stream of a notice that was issued on the spot, as part of the case of its visit.
    pub fn begin(&mut self, visit: StreamKey, notice: &Notice) {
        let key = StreamKey::notice(notice.id);
        self.link(visit, key);
        if let Some(row) = self.dossier(key).rows.get_mut(&key) {
            row.enterprise = Some(notice.enterprise);
            row.department = Some(notice.department.clone());
        }
    }

    /// Links two streams into one dossier. The second one must be new.
    pub fn link(&mut self, known: StreamKey, new: StreamKey) {
        if let Some(root) = self.by_stream.get(&known) {
            self.by_stream.insert(new, *root);
        }
        let dossier = self.dossier(new);
        for (one, other) in [(known, new), (new, known)] {
            if let Some(row) = dossier.rows.get_mut(&one) {
                row.links.insert(other);
            }
        }
    }

    /// Adds a fact at the end of its stream. Times never run backwards within a dossier, whatever the
    /// clocks of several servers say.
    pub fn add(&mut self, key: StreamKey, fact: &Fact) -> Receipt {
        let now = self.now;
        let dossier = self.dossier(key);
        let at = now.max(dossier.last);
        dossier.last = at;
        let row = dossier.rows.entry(key).or_insert_with(|| StreamRow::absent(key));
        row.facts += 1;
        row.pending = true;
        let receipt = Receipt { fact: fact.id, place: row.facts, at };
        match &fact.statement {
            Statement::Planned(plan) => {
                row.enterprise.get_or_insert(plan.enterprise);
                row.department.get_or_insert_with(|| plan.department.clone());
            }
            Statement::NoticeIssued(notice) => {
                row.enterprise.get_or_insert(notice.enterprise);
                row.department.get_or_insert_with(|| notice.department.clone());
            }
            Statement::NumbersRequested(it) => {
                row.department.get_or_insert_with(|| it.department.clone());
            }
            Statement::Sealed(_) => row.sealed = true,
            _ => {}
        }
        dossier.receipts.insert(fact.id, receipt);
        fold::extend(&mut dossier.case, fact, Some(receipt));
        self.facts.push(StoredFact {
            stream: key,
            place: receipt.place,
            id: fact.id,
            at,
            device: fact.body.device,
            seq: fact.seq(),
            bytes: fact.bytes().to_vec(),
            whole: true,
        });
        if let Statement::Captured(it) = &fact.statement {
            let (hash, bytes) = (it.photo.blob, it.photo.bytes);
            let person = fact.body.author;
            self.announced.push(Expected { hash, stream: key, person, bytes });
        }
        receipt
    }

    /// Adds a change at the end of a draft.
    pub fn add_change(
        &mut self,
        key: StreamKey,
        id: Digest,
        bytes: &[u8],
        (author, device, signature): (PersonId, DeviceId, &[u8]),
    ) {
        let at = self.now;
        let dossier = self.dossier(key);
        let row = dossier.rows.entry(key).or_insert_with(|| StreamRow::absent(key));
        row.changes += 1;
        let change = StoredChange {
            stream: key,
            place: row.changes,
            id,
            at,
            author,
            device,
            signature: signature.to_vec(),
            bytes: bytes.to_vec(),
        };
        self.changes.push(change);
    }

    /// Puts everything that was added into a job: facts, changes, rows of streams and of feeds, and
    /// the versions that all of it rests on. The device that `brought` it is not sent it again; with
    /// none every reader is.
    pub fn close(self, job: &mut WriteJob, brought: Option<DeviceId>) {
        for dossier in self.open.values() {
            for (key, row) in &dossier.before {
                job.expected.insert(*key, row.version);
            }
            // An enterprise's work is judged by the notice alone; the other audiences of a stream
            // are not loaded then.
            let links = dossier.rows.values().flat_map(|row| &row.links);
            let whole = links.into_iter().all(|key| dossier.rows.contains_key(key));
            // Nobody loses a file since a record of it cannot be read: what is left of the case does not say who reads it.
            let whole = whole && !dossier.case.is_damaged();
            for (key, row) in &dossier.rows {
                let before =
                    dossier.before.get(key).cloned().unwrap_or_else(|| StreamRow::absent(*key));
                let mut row = row.clone();
                job.feed.extend(granted(&before, &mut row, &dossier.case, brought, whole));
                if row != before {
                    job.expected.entry(*key).or_insert(before.version);
                    job.streams.push(row);
                }
            }
        }
        job.facts.extend(self.facts);
        job.changes.extend(self.changes);
        job.blobs.extend(self.announced);
    }
}

/// Has a row tell what the facts say: whose it is, and whether its record is sealed.
fn tell(row: &mut StreamRow, case: &Case) {
    let Some(stream) = row.key.stream() else { return };
    let planned = case.plan().filter(|it| it.about.stream == stream);
    let issued = case.notices().find(|it| it.about.stream == stream);
    let planned = planned.map(|it| (it.body.enterprise, it.body.department.clone()));
    let of = planned.or_else(|| issued.map(|it| (it.body.enterprise, it.body.department.clone())));
    if let Some((enterprise, department)) = of {
        (row.enterprise, row.department) = (Some(enterprise), Some(department));
    }
    if let Some(asked) = case.every::<NumbersRequested>().find(|it| it.about.stream == stream) {
        row.department = Some(asked.body.department.clone());
    }
    if row.facts > 0 {
        row.sealed = stream.as_inspection().is_some() && case.seal().is_some();
    }
}

/// A stream with all that it is linked with, directly or through others.
fn linked<'l>(row: &'l StreamRow, loaded: &'l Loaded) -> Vec<&'l StreamRow> {
    let mut found = vec![row];
    let mut next = 0;
    while let Some(row) = found.get(next) {
        next += 1;
        for key in &row.links {
            if found.iter().all(|known| known.key != *key) {
                found.extend(loaded.streams.get(key));
            }
        }
    }
    found
}

fn ends(rows: &[&StreamRow], loaded: &Loaded) -> HashMap<StreamKey, Digest> {
    let last = |key: StreamKey| Some((key, Digest::of(&loaded.facts.get(&key)?.last()?.bytes)));
    rows.iter().filter_map(|row| last(row.key)).collect()
}

/// The feed rows for what was added to a stream. Audiences that could read it before get what is
/// new, new audiences get all of it, and audiences that may not read the `whole` case any more are
/// told to remove it. Changes of a sealed draft are sent to nobody: the record replaces them.
fn granted(
    before: &StreamRow,
    row: &mut StreamRow,
    case: &Case,
    brought: Option<DeviceId>,
    whole: bool,
) -> Vec<NewRow> {
    let Some(stream) = row.key.stream() else { return Vec::new() };
    let readers: BTreeSet<String> = readers(stream, case).iter().map(ToString::to_string).collect();
    let mut rows = Vec::new();
    for audience in before.audiences.union(&readers) {
        let known = before.audiences.contains(audience);
        if whole && !readers.contains(audience) {
            let part = Part::Gone(row.key);
            rows.push(NewRow { audience: audience.clone(), part, device: None });
            continue;
        }
        let device = if known { brought } else { None };
        let (facts, changes) = if known { (before.facts, before.changes) } else { (0, 0) };
        if row.facts > facts {
            let range = Range { stream: row.key, first: facts + 1, last: row.facts };
            let device = if before.facts == 0 { brought } else { device };
            rows.push(NewRow { audience: audience.clone(), part: Part::Facts(range), device });
        }
        if row.changes > changes && !row.sealed && reads_drafts(audience) {
            let range = Range { stream: row.key, first: changes + 1, last: row.changes };
            let device = if before.changes == 0 { brought } else { device };
            rows.push(NewRow { audience: audience.clone(), part: Part::Changes(range), device });
        }
    }
    if whole {
        row.audiences = readers;
    } else {
        row.audiences.extend(readers);
    }
    rows
}

/// Drafts are for the team and the department.
fn reads_drafts(audience: &str) -> bool {
    ["person:", "dept:", "leads:"].iter().any(|group| audience.starts_with(group))
}

/// A stored fact with its receipt; none of a row that is not what was taken over, which was noted when it was read.
#[must_use]
pub fn admitted(row: &StoredFact) -> Option<Admitted> {
    let fact = Fact::decode(&row.bytes).ok().filter(|_| row.whole)?;
    let receipt = Receipt { fact: fact.id, place: row.place, at: row.at };
    Some(Admitted { fact, receipt: Some(receipt) })
}
