//! Third step: decide item by item, and put together what to write.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use sync_core::act::Fact;
use sync_core::act::Statement;
use sync_core::act::streams::readers;
use sync_core::act::visit;
use sync_core::case::act::{Context, Photos, Unmet};
use sync_core::domain::account::{Person, Role};
use sync_core::id::{BlobHash, DeviceId, Digest, FactId};
use sync_core::ledger::receipt::Receipt;
use sync_core::ledger::stream::{StreamId, StreamKind};
use sync_core::refusal::{Code, Disposition, Refusal};
use sync_core::rules::{authority, gates};
use sync_core::time::Timestamp;
use sync_core::wire::exchange::{ItemVerdict, Outcome};

use super::dossier::Dossiers;
use super::draft::DraftGuard;
use super::held::{Held, begins_for};
use super::load::Loaded;
use super::receive::{DraftItem, FactItem, Received};
use crate::directory::Directory;
use crate::store::numbers::{self, NumberUse};
use crate::store::quarantine::{Judgement, QuarantineRow, QuarantinedKind};
use crate::store::streams::{StreamKey, StreamRow};
use crate::store::writer::WriteJob;

/// What was decided of a push.
#[derive(Debug, Default)]
pub struct Judged {
    /// What is to be written.
    pub job: WriteJob,
    /// A verdict for each item, facts first, each in the order sent.
    pub verdicts: Vec<ItemVerdict>,
    /// Receipts of accepted facts. They count once the job is on disk.
    pub receipts: Vec<Receipt>,
}

impl Judged {
    /// The items that go to quarantine unless they are or were there.
    #[must_use]
    pub fn quarantined(&self) -> Vec<Digest> {
        self.job.quarantined.iter().map(|row| row.item).collect()
    }

    /// Applies what quarantine already decided: an item that was rejected there stays refused.
    pub fn stand(&mut self, known: &[QuarantineRow]) {
        let known: HashMap<Digest, &QuarantineRow> =
            known.iter().map(|row| (row.item, row)).collect();
        self.job.quarantined.retain(|row| !known.contains_key(&row.item));
        for verdict in &mut self.verdicts {
            let Outcome::Quarantined(refusal) = &verdict.outcome else { continue };
            verdict.outcome = match known.get(&verdict.item) {
                None => Outcome::Quarantined(refusal.clone()),
                Some(row) => match row.judgement {
                    Judgement::Rejected(_) => Outcome::Refused(row.refusal.clone()),
                    Judgement::Supplemented(_) => Outcome::Accepted,
                    _ => Outcome::Quarantined(row.refusal.clone()),
                },
            };
        }
    }
}

/// Judges a push against what was loaded. With `pardoned` conditions it is an item from quarantine that a supervisor
/// takes over: those conditions are passed over and no other one.
#[must_use]
pub fn judge(
    received: &Received,
    loaded: Loaded,
    directory: &Directory,
    now: Timestamp,
    pardoned: Option<&[Code]>,
) -> Judged {
    let mut judge = Judge::new(received, &loaded, directory, now, pardoned);
    let verdicts = judge.each();
    judge.finish(verdicts)
}

/// Whether a supervisor can pass a condition over: it led to quarantine, and this build knows what it judges.
#[must_use]
pub fn is_pardonable(code: Code) -> bool {
    code.disposition() == Disposition::Quarantine && code != Code::KindUnknown
}

pub(super) struct Judge<'a> {
    received: &'a Received,
    directory: &'a Directory,
    now: Timestamp,
    pardoned: Option<&'a [Code]>,
    dossiers: Dossiers,
    loaded: &'a Loaded,
    drafts: HashMap<StreamKey, DraftGuard>,
    chains: BTreeMap<StreamKey, StreamRow>,
    taken: HashMap<(DeviceId, u64), FactId>,
    /// Photos that this push brought into a case.
    captured: HashMap<BlobHash, StreamKey>,
    sealing: Option<StreamKey>,
    facts: Vec<Outcome>,
    changes: Vec<Option<Vec<Outcome>>>,
    job: WriteJob,
    receipts: Vec<Receipt>,
}

impl<'a> Judge<'a> {
    pub(super) fn new(
        received: &'a Received,
        loaded: &'a Loaded,
        directory: &'a Directory,
        now: Timestamp,
        pardoned: Option<&'a [Code]>,
    ) -> Self {
        let mut judge = Self {
            received,
            directory,
            now,
            pardoned,
            dossiers: Dossiers::open(loaded, now),
            loaded,
            drafts: HashMap::new(),
            chains: BTreeMap::new(),
            taken: HashMap::new(),
            captured: HashMap::new(),
            sealing: None,
            facts: Vec::new(),
            changes: Vec::new(),
            job: WriteJob::default(),
            receipts: Vec::new(),
        };
        judge.begin(received, pardoned);
        judge
    }

    /// Turns to a push; what was taken over of earlier ones stands.
    pub(super) fn begin(&mut self, received: &'a Received, pardoned: Option<&'a [Code]>) {
        (self.received, self.pardoned) = (received, pardoned);
        self.facts = Vec::with_capacity(received.facts.len());
        self.changes = vec![None; received.drafts.len()];
        for item in &received.drafts {
            let key = StreamKey::inspection(item.inspection);
            let stored = self.loaded.changes.get(&key).map(|it| it.as_slice());
            let guard = || DraftGuard::new(item.inspection, stored.unwrap_or_default());
            self.drafts.entry(key).or_insert_with(guard);
        }
    }

    /// Judges each item of the push.
    pub(super) fn each(&mut self) -> Vec<ItemVerdict> {
        let received = self.received;
        for item in &received.facts {
            if let Some(Statement::Sealed(record)) = item.fact.as_ref().map(|it| &it.statement) {
                // What was written before the seal in the same push comes before it.
                let key = StreamKey::inspection(record.inspection);
                self.sealing = self.will_seal(item, key).then_some(key);
                self.drafts_of(key);
                self.sealing = None;
            }
            let outcome = self.fact(item);
            self.facts.push(outcome);
        }
        for index in 0..received.drafts.len() {
            self.draft_at(index);
        }
        let ids = received.facts.iter().map(|item| item.id).zip(self.facts.drain(..));
        let changes = received.drafts.iter().zip(self.changes.drain(..));
        let changes = changes.flat_map(|(item, outcomes)| {
            item.changes.iter().map(|(id, _)| *id).zip(outcomes.unwrap_or_default())
        });
        ids.chain(changes).map(|(item, outcome)| ItemVerdict { item, outcome }).collect()
    }

    pub(super) fn finish(mut self, verdicts: Vec<ItemVerdict>) -> Judged {
        let brought = self.pardoned.is_none().then_some(self.received.device);
        self.dossiers.close(&mut self.job, brought);
        for (key, row) in self.chains {
            self.job.expected.insert(key, row.version);
            self.job.streams.push(row);
        }
        Judged { job: self.job, verdicts, receipts: self.receipts }
    }

    /// Whether a seal will be taken over as the case stands.
    fn will_seal(&mut self, item: &FactItem, key: StreamKey) -> bool {
        let (author, now) = (&item.author, self.now);
        let context = Context::new(author, now, self.directory.zone()).stated_at(item.stated);
        item.refusals.is_empty()
            && item.fact.as_ref().is_some_and(|fact| {
                self.enterprise_side(author, fact, key).is_ok()
                    && self.unforked(fact).is_ok()
                    && gates::check(&fact.statement, self.dossiers.case(key), &context).is_ok()
            })
    }

    fn fact(&mut self, item: &FactItem) -> Outcome {
        match self.admit(item) {
            Ok(receipt) => {
                self.receipts.push(receipt);
                Outcome::Accepted
            }
            Err(unmet) => {
                let stream = item.fact.as_ref().map(|fact| StreamKey::from(fact.body.stream));
                let device = item.fact.as_ref().map(|fact| fact.body.device);
                let held = Held {
                    form: QuarantinedKind::Fact,
                    author: &item.author,
                    device: device.unwrap_or(self.received.device),
                    stream,
                    begins_for: item.fact.as_ref().and_then(|it| begins_for(it, self.directory)),
                    bytes: item.bytes(),
                    signature: None,
                };
                self.turn_down(item.id, &unmet, held)
            }
        }
    }

    fn admit(&mut self, item: &FactItem) -> Result<Receipt, Unmet> {
        let Some(fact) = &item.fact else {
            let refusal = item.refusals.first().cloned();
            return Err(alone(refusal.unwrap_or(Refusal::new(Code::Malformed))));
        };
        let author = &*item.author;
        let key = StreamKey::from(fact.body.stream);
        self.may_bring(author, key).map_err(alone)?;
        self.enterprise_side(author, fact, key).map_err(alone)?;
        // What is known is acknowledged to its author alone, whose signature these very bytes carry.
        let known = self.dossiers.receipt(key, &fact.id);
        if let Some(receipt) = known.filter(|_| is_authentic(&item.refusals)) {
            return Ok(receipt);
        }
        let pardoned = self.pardoned.unwrap_or_default();
        let mut unmet = Unmet::new(pardoned);
        let came = item.refusals.iter().cloned().chain(self.unforked(fact).err());
        for refusal in came {
            if refusal.code.disposition() != Disposition::Quarantine {
                return Err(alone(refusal));
            }
            unmet.add(refusal);
        }
        if fact.statement.is_by_server() {
            return Err(alone(Refusal::new(Code::ServerOnly)));
        }
        let number_taken =
            numbers::is_taken(fact, &self.job.used, |number| self.loaded.used.get(number).copied());
        let begun = match &fact.statement {
            Statement::IssuedOnSite(it) => self.dossiers.is_begun(StreamKey::notice(it.notice.id)),
            _ => false,
        };
        let case = self.dossiers.case(key);
        match &fact.statement {
            Statement::Unknown { .. } => {
                // Who may not read the stream is told that first; whatever of it is passed over, what this build
                // cannot read it cannot judge.
                if let Some(refusal) = not_a_reader(author, fact.body.stream, case) {
                    unmet.add(refusal);
                }
                unmet.add(Refusal::new(Code::KindUnknown));
            }
            statement => {
                let elsewhere: BTreeSet<BlobHash> =
                    reused(statement, key, self.loaded, &self.captured).into_iter().collect();
                let nothing = BTreeSet::new();
                let there = Some(self.loaded.there.get(&key).unwrap_or(&nothing));
                let flawed = self.loaded.flawed.get(&key);
                let leases =
                    self.loaded.leases.get(&fact.body.device).map_or(&[][..], Vec::as_slice);
                let context = Context::new(author, self.now, self.directory.zone())
                    .stated_at(item.stated)
                    .with_photos(Photos { there, flawed, elsewhere: Some(&elsewhere) })
                    .with_numbers(leases, number_taken);
                let gate = gates::unmet(statement, case, &context.pardoning(pardoned));
                gate.refusals().iter().cloned().for_each(|refusal| unmet.add(refusal));
                unmet.require(!begun, Code::AlreadyExists);
            }
        }
        if !unmet.is_empty() {
            return Err(unmet);
        }
        self.take_number(fact);
        if let Statement::Captured(it) = &fact.statement {
            self.captured.entry(it.photo.blob).or_insert(key);
        }
        let receipt = self.dossiers.add(key, fact);
        if let Statement::IssuedOnSite(it) = &fact.statement {
            self.dossiers.begin(key, &it.notice);
            if !number_taken {
                let number = it.notice.number.clone();
                self.job.used.push(NumberUse { number, fact: fact.id });
            }
        }
        Ok(receipt)
    }

    /// Who did not write an item himself brings it for a colleague of the same visit, whose phone he met.
    fn may_bring(&mut self, author: &Person, key: StreamKey) -> Result<(), Refusal> {
        let brings = &self.received.author;
        if brings.id == author.id || visit::is_colleague(self.dossiers.case(key), brings, author) {
            return Ok(());
        }
        Err(Refusal::new(Code::AuthorMismatch))
    }

    /// An enterprise gets the same answer for every stream that is not its own, whether it exists
    /// or not.
    fn enterprise_side(
        &mut self,
        author: &Person,
        fact: &Fact,
        key: StreamKey,
    ) -> Result<(), Refusal> {
        if author.role != Role::Enterprise {
            return Ok(());
        }
        if fact.body.stream.kind == StreamKind::Inspection {
            return Err(Refusal::new(Code::RoleNotAllowed));
        }
        let row = self.dossiers.row(key);
        if row.enterprise.is_none() || row.enterprise != author.enterprise {
            return Err(Refusal::new(Code::OtherEnterprise));
        }
        Ok(())
    }

    /// Refuses a second fact with the same number in a device's chain: one of the two is false.
    fn unforked(&self, fact: &Fact) -> Result<(), Refusal> {
        let at = (fact.body.device, fact.seq());
        let taken = self.taken.get(&at).or_else(|| self.loaded.chain.get(&at));
        match taken {
            Some(id) if *id != fact.id => {
                Err(Refusal::new(Code::ChainBroken).detail("number taken"))
            }
            _ => Ok(()),
        }
    }

    fn take_number(&mut self, fact: &Fact) {
        let key = StreamKey::chain(fact.body.device);
        let stored =
            || self.loaded.streams.get(&key).cloned().unwrap_or_else(|| StreamRow::absent(key));
        let row = self.chains.entry(key).or_insert_with(stored);
        if fact.seq() > row.facts.saturating_add(1) {
            // A lost fact leaves a gap that readers of the chain see; later facts are still
            // accepted.
            tracing::info!(device = %fact.body.device, seq = fact.seq(), "gap in a chain");
        }
        row.facts = row.facts.max(fact.seq());
        self.taken.insert((fact.body.device, fact.seq()), fact.id);
    }

    fn drafts_of(&mut self, key: StreamKey) {
        for (index, item) in self.received.drafts.iter().enumerate() {
            if StreamKey::inspection(item.inspection) == key {
                self.draft_at(index);
            }
        }
    }

    fn draft_at(&mut self, index: usize) {
        let received = self.received;
        let (Some(item), Some(None)) = (received.drafts.get(index), self.changes.get(index)) else {
            return;
        };
        let outcomes = item.changes.iter().map(|change| self.change(item, change)).collect();
        if let Some(place) = self.changes.get_mut(index) {
            *place = Some(outcomes);
        }
    }

    fn change(&mut self, item: &DraftItem, (id, bytes): &(Digest, Vec<u8>)) -> Outcome {
        match self.admit_change(item, *id, bytes) {
            Ok(()) => Outcome::Accepted,
            Err(unmet) => {
                let stream = Some(StreamKey::inspection(item.inspection));
                let signature = Some(item.signature.as_slice());
                let (author, device) = (&*item.author, item.device);
                let form = QuarantinedKind::Change;
                let begins_for = None;
                let held = Held { form, author, device, stream, begins_for, bytes, signature };
                self.turn_down(*id, &unmet, held)
            }
        }
    }

    fn admit_change(&mut self, item: &DraftItem, id: Digest, bytes: &[u8]) -> Result<(), Unmet> {
        let author = &*item.author;
        if author.role == Role::Enterprise {
            return Err(alone(Refusal::new(Code::RoleNotAllowed)));
        }
        let key = StreamKey::inspection(item.inspection);
        self.may_bring(author, key).map_err(alone)?;
        if self.drafts.get(&key).is_some_and(|guard| guard.knows(&id)) {
            return Ok(());
        }
        let mut unmet = Unmet::new(self.pardoned.unwrap_or_default());
        item.refusals.iter().cloned().for_each(|refusal| unmet.add(refusal));
        let context = Context::new(author, self.now, self.directory.zone());
        visit::check_draft_writer(self.dossiers.case(key), &context, &mut unmet);
        if !unmet.is_empty() {
            return Err(unmet);
        }
        let stored = self.loaded.changes.get(&key).map(|it| it.as_slice()).unwrap_or_default();
        let (guard, writer) = (self.drafts.get_mut(&key), (author.id, item.device));
        let admitted = match guard {
            // The seal in the same push ends this draft. Its changes are stored but never merged or sent, so only their
            // bounds are checked, and whose they are.
            Some(guard) if self.sealing == Some(key) => guard.keep(bytes, author.id, stored),
            Some(guard) => guard.admit(id, bytes, writer, stored),
            None => Err(Refusal::new(Code::Malformed)),
        };
        admitted.map_err(alone)?;
        let origin = (author.id, item.device, item.signature.as_slice());
        self.dossiers.add_change(key, id, bytes, origin);
        Ok(())
    }

    /// The outcome of a refused item; quarantine codes also store it.
    fn turn_down(&mut self, item: Digest, unmet: &Unmet, held: Held<'_>) -> Outcome {
        let Some(refusal) = unmet.refusals().first().cloned() else {
            return Outcome::Retry(Refusal::new(Code::ServerBusy));
        };
        match refusal.code.disposition() {
            Disposition::Refuse => return Outcome::Refused(refusal),
            Disposition::Retry => return Outcome::Retry(refusal),
            Disposition::Quarantine => {}
        }
        if let Some(key) = held.stream.filter(|_| refusal.code == Code::AlreadySealed) {
            // A supplement that is there already may hold what came now.
            self.dossiers.mark(key);
        }
        let of_stream = held.stream.and_then(|key| self.dossiers.row(key).department.clone());
        let row = held.row(item, (&refusal, unmet), of_stream, self.now);
        self.job.quarantined.push(row);
        Outcome::Quarantined(refusal)
    }
}

/// Whether a fact is its author's own words as far as its bytes and its sender say: at the most it came late.
fn is_authentic(refusals: &[Refusal]) -> bool {
    let late = [Code::AuthorRevoked, Code::DeviceRevoked, Code::ClockAhead];
    refusals.iter().all(|refusal| late.contains(&refusal.code))
}

/// The photo of a capture, if it belongs to another case already.
fn reused(
    statement: &Statement,
    key: StreamKey,
    loaded: &Loaded,
    captured: &HashMap<BlobHash, StreamKey>,
) -> Option<BlobHash> {
    let Statement::Captured(it) = statement else { return None };
    let blob = it.photo.blob;
    let just_now = captured.get(&blob).is_some_and(|other| *other != key);
    (just_now || loaded.elsewhere.contains(&(key, blob))).then_some(blob)
}

/// What stands against a statement of a kind that this build does not know by someone who may not read its stream. From
/// a reader it is kept for a supervisor: taken over, one critical fact would stop every status.
fn not_a_reader(
    author: &Person,
    stream: StreamId,
    case: &sync_core::case::Case,
) -> Option<Refusal> {
    let readers = readers(stream, case);
    if authority::reads(author).iter().any(|audience| readers.contains(audience)) {
        return None;
    }
    Some(Refusal::new(match author.role {
        Role::Enterprise => Code::OtherEnterprise,
        Role::Inspector | Role::Supervisor => Code::NotOnTeam,
        _ => Code::RoleNotAllowed,
    }))
}

/// One refusal that nothing passes over.
fn alone(refusal: Refusal) -> Unmet {
    let mut unmet = Unmet::default();
    unmet.add(refusal);
    unmet
}
