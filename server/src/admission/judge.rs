//! Third step: decide item by item, and put together what to write.

use std::collections::{BTreeMap, HashMap};

use sync_core::act::Fact;
use sync_core::act::Statement;
use sync_core::act::streams::readers;
use sync_core::act::visit;
use sync_core::case::act::{Context, Unmet};
use sync_core::domain::account::{Person, Role};
use sync_core::id::{DeviceId, Digest, FactId};
use sync_core::ledger::receipt::Receipt;
use sync_core::ledger::stream::{StreamId, StreamKind};
use sync_core::refusal::{Code, Disposition, Refusal};
use sync_core::rules::{authority, gates};
use sync_core::time::Timestamp;
use sync_core::wire::exchange::{Outcome, Verdict};

use super::dossier::Dossiers;
use super::draft::DraftGuard;
use super::load::Loaded;
use super::receive::{DraftItem, FactItem, Received};
use crate::directory::Directory;
use crate::store::quarantine::{Form, Judgement, QuarantineRow};
use crate::store::streams::{StreamKey, StreamRow};
use crate::store::writer::WriteJob;

/// What was decided of a push.
#[derive(Debug, Default)]
pub struct Judged {
    /// What is to be written.
    pub job: WriteJob,
    /// A verdict for each item, facts first, each in the order sent.
    pub verdicts: Vec<Verdict>,
    /// Receipts of accepted facts. They count once the job is on disk.
    pub receipts: Vec<Receipt>,
}

impl Judged {
    /// The items that go to quarantine unless they are or were there.
    #[must_use]
    pub fn quarantined(&self) -> Vec<Digest> {
        self.job.quarantined.iter().map(|row| row.item).collect()
    }

    /// Leaves items as they stand in quarantine: what was rejected there stays refused.
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
    let drafts = received
        .drafts
        .iter()
        .map(|item| {
            let key = StreamKey::inspection(item.inspection);
            let stored = loaded.changes.get(&key).map(|it| it.as_slice()).unwrap_or_default();
            (key, DraftGuard::new(item.inspection, stored))
        })
        .collect();
    let judge = Judge {
        received,
        directory,
        now,
        pardoned,
        dossiers: Dossiers::open(&loaded, now),
        loaded: &loaded,
        drafts,
        chains: BTreeMap::new(),
        taken: HashMap::new(),
        sealing: None,
        facts: Vec::with_capacity(received.facts.len()),
        changes: vec![None; received.drafts.len()],
        job: WriteJob::default(),
        receipts: Vec::new(),
    };
    judge.run()
}

/// Whether a supervisor can pass a condition over: it led to quarantine, and this build knows what it judges.
#[must_use]
pub fn is_pardonable(code: Code) -> bool {
    code.disposition() == Disposition::Quarantine && code != Code::KindUnknown
}

/// An item as quarantine would keep it.
struct Held<'a> {
    form: Form,
    stream: Option<StreamKey>,
    bytes: &'a [u8],
    signature: Option<&'a [u8]>,
}

struct Judge<'a> {
    received: &'a Received,
    directory: &'a Directory,
    now: Timestamp,
    pardoned: Option<&'a [Code]>,
    dossiers: Dossiers,
    loaded: &'a Loaded,
    drafts: HashMap<StreamKey, DraftGuard>,
    chains: BTreeMap<StreamKey, StreamRow>,
    taken: HashMap<(DeviceId, u64), FactId>,
    sealing: Option<StreamKey>,
    facts: Vec<Outcome>,
    changes: Vec<Option<Vec<Outcome>>>,
    job: WriteJob,
    receipts: Vec<Receipt>,
}

impl Judge<'_> {
    fn run(mut self) -> Judged {
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
        self.finish()
    }

    fn finish(mut self) -> Judged {
        let ids = self.received.facts.iter().map(|item| item.id).zip(self.facts);
        let changes = self.received.drafts.iter().zip(self.changes).flat_map(|(item, outcomes)| {
            item.changes.iter().map(|(id, _)| *id).zip(outcomes.unwrap_or_default())
        });
        let verdicts =
            ids.chain(changes).map(|(item, outcome)| Verdict { item, outcome }).collect();
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
        let (author, now) = (&self.received.author, self.now);
        let context = Context::new(author, now, &self.directory.departments);
        item.refusal.is_none()
            && item.fact.as_ref().is_some_and(|fact| {
                self.unforked(fact).is_ok()
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
                let held = Held { form: Form::Fact, stream, bytes: item.bytes(), signature: None };
                self.turn_down(item.id, &unmet, held)
            }
        }
    }

    fn admit(&mut self, item: &FactItem) -> Result<Receipt, Unmet> {
        let Some(fact) = &item.fact else {
            return Err(alone(item.refusal.clone().unwrap_or(Refusal::new(Code::Malformed))));
        };
        let author = &self.received.author;
        let key = StreamKey::from(fact.body.stream);
        self.enterprise_side(author, fact, key).map_err(alone)?;
        if let Some(receipt) = self.dossiers.receipt(key, &fact.id) {
            return Ok(receipt);
        }
        let pardoned = self.pardoned.unwrap_or_default();
        let mut unmet = Unmet::new(pardoned);
        let came = item.refusal.clone().into_iter().chain(self.unforked(fact).err());
        for refusal in came {
            if refusal.code.disposition() != Disposition::Quarantine {
                return Err(alone(refusal));
            }
            unmet.add(refusal);
        }
        if fact.statement.is_by_server() {
            return Err(alone(Refusal::new(Code::ServerOnly)));
        }
        let case = self.dossiers.case(key);
        match &fact.statement {
            Statement::Unknown { .. } => {
                unknown_kind(author, fact.body.stream, case).unwrap_or_else(|it| unmet.add(it));
            }
            statement => {
                let context = Context::new(author, self.now, &self.directory.departments);
                let gate = gates::unmet(statement, case, &context.pardoning(pardoned));
                gate.refusals().iter().cloned().for_each(|refusal| unmet.add(refusal));
            }
        }
        if !unmet.is_empty() {
            return Err(unmet);
        }
        self.take_number(fact);
        Ok(self.dossiers.add(key, fact))
    }

    /// An enterprise hears the same about every stream but its own, whether it exists or not.
    fn enterprise_side(&self, author: &Person, fact: &Fact, key: StreamKey) -> Result<(), Refusal> {
        if author.role != Role::Enterprise {
            return Ok(());
        }
        if fact.body.stream.kind == StreamKind::Inspection {
            return Err(Refusal::new(Code::RoleNotAllowed));
        }
        let row = self.loaded.streams.get(&key);
        if row.is_none_or(|row| row.enterprise.is_none() || row.enterprise != author.enterprise) {
            return Err(Refusal::new(Code::OtherEnterprise));
        }
        Ok(())
    }

    /// Refuses a second fact at one number of a device's chain: one of them is not what it says.
    fn unforked(&self, fact: &Fact) -> Result<(), Refusal> {
        let at = (fact.body.device, fact.body.seq);
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
        if fact.body.seq > row.facts.saturating_add(1) {
            // Lost facts show as gaps to whoever reads the chain; they stop nobody's work.
            tracing::info!(device = %fact.body.device, seq = fact.body.seq, "gap in a chain");
        }
        row.facts = row.facts.max(fact.body.seq);
        self.taken.insert((fact.body.device, fact.body.seq), fact.id);
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
                let held = Held { form: Form::Change, stream, bytes, signature };
                self.turn_down(*id, &unmet, held)
            }
        }
    }

    fn admit_change(&mut self, item: &DraftItem, id: Digest, bytes: &[u8]) -> Result<(), Unmet> {
        let author = &self.received.author;
        if author.role == Role::Enterprise {
            return Err(alone(Refusal::new(Code::RoleNotAllowed)));
        }
        let key = StreamKey::inspection(item.inspection);
        if self.drafts.get(&key).is_some_and(|guard| guard.knows(&id)) {
            return Ok(());
        }
        let mut unmet = Unmet::new(self.pardoned.unwrap_or_default());
        item.refusal.clone().into_iter().for_each(|refusal| unmet.add(refusal));
        let context = Context::new(author, self.now, &self.directory.departments);
        visit::check_draft_writer(self.dossiers.case(key), &context, &mut unmet);
        if !unmet.is_empty() {
            return Err(unmet);
        }
        let admitted = if self.sealing == Some(key) {
            // The seal of the same push ends this draft: its record stands alone and the changes are
            // kept but never merged or sent to anyone, so their bounds are all there is to judge.
            sync_core::draft::check_bounds(bytes)
        } else {
            let stored = self.loaded.changes.get(&key).map(|it| it.as_slice()).unwrap_or_default();
            let guard = self.drafts.get_mut(&key);
            guard.ok_or(Refusal::new(Code::Malformed)).and_then(|it| it.admit(id, bytes, stored))
        };
        admitted.map_err(alone)?;
        let origin = (author.id, self.received.device, item.signature.as_slice());
        self.dossiers.add_change(key, id, bytes, origin);
        Ok(())
    }

    /// The outcome of a refused item; quarantine codes also store it.
    fn turn_down(
        &mut self,
        item: Digest,
        unmet: &Unmet,
        Held { form, stream, bytes, signature }: Held<'_>,
    ) -> Outcome {
        let Some(refusal) = unmet.refusals().first().cloned() else {
            return Outcome::Retry(Refusal::new(Code::ServerBusy));
        };
        match refusal.code.disposition() {
            Disposition::Refuse => return Outcome::Refused(refusal),
            Disposition::Retry => return Outcome::Retry(refusal),
            Disposition::Quarantine => {}
        }
        let author = &self.received.author;
        // The department of the stream judges; the author's own where no stream is known.
        let of_stream = stream.and_then(|key| self.loaded.streams.get(&key)?.department.clone());
        let department = of_stream.or_else(|| author.department.clone());
        self.job.quarantined.push(QuarantineRow {
            item,
            form,
            stream,
            author: author.id,
            device: self.received.device,
            department,
            refusal: refusal.clone(),
            codes: unmet.codes().collect(),
            received_at: self.now,
            signature: signature.map(<[u8]>::to_vec),
            bytes: bytes.to_vec(),
            judgement: Judgement::Waiting,
        });
        Outcome::Quarantined(refusal)
    }
}

/// What becomes of a statement of a kind that this build does not know. From someone who may read
/// the stream it is kept for a supervisor: taken over, one critical fact would stop every status.
fn unknown_kind(
    author: &Person,
    stream: StreamId,
    case: &sync_core::case::Case,
) -> Result<(), Refusal> {
    let readers = readers(stream, case);
    if authority::reads(author).iter().any(|audience| readers.contains(audience)) {
        return Err(Refusal::new(Code::KindUnknown));
    }
    Err(Refusal::new(match author.role {
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
