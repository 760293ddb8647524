//! Third step: decide item by item, and put together what to write.

use std::collections::{BTreeMap, HashMap};

use sync_core::domain::account::{Person, Role};
use sync_core::id::{DeviceId, Digest, FactId};
use sync_core::ledger::fact::Fact;
use sync_core::ledger::receipt::Receipt;
use sync_core::ledger::statement::{Statement, StreamId};
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

/// Judges a push against what was loaded.
#[must_use]
pub fn judge(
    received: &Received,
    loaded: Loaded,
    directory: &Directory,
    now: Timestamp,
    pardon: Pardon,
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
        pardon,
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

/// Whether refusals that keep an item for a supervisor are passed over, because a supervisor has
/// decided so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pardon {
    /// Every rule counts.
    None,
    /// Form, signature and order of steps count; what leads to quarantine does not.
    Quarantine,
}

impl Pardon {
    fn covers(self, refusal: &Refusal) -> bool {
        self == Self::Quarantine && refusal.code.disposition() == Disposition::Quarantine
    }
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
    pardon: Pardon,
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
        let brought = (self.pardon == Pardon::None).then_some(self.received.device);
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
        let context = gates::Context { author, now, departments: &self.directory.departments };
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
            Err(refusal) => {
                let stream = item.fact.as_ref().map(|fact| StreamKey::from(fact.body.stream));
                let held = Held { form: Form::Fact, stream, bytes: item.bytes(), signature: None };
                self.turn_down(item.id, refusal, held)
            }
        }
    }

    fn admit(&mut self, item: &FactItem) -> Result<Receipt, Refusal> {
        let Some(fact) = &item.fact else {
            return Err(item.refusal.clone().unwrap_or(Refusal::new(Code::Malformed)));
        };
        let author = &self.received.author;
        let key = StreamKey::from(fact.body.stream);
        self.enterprise_side(author, fact, key)?;
        if let Some(receipt) = self.dossiers.receipt(key, &fact.id) {
            return Ok(receipt);
        }
        self.require(item.refusal.clone().map_or(Ok(()), Err))?;
        if fact.statement.is_server_only() {
            return Err(Refusal::new(Code::ServerOnly));
        }
        self.require(self.unforked(fact))?;
        let case = self.dossiers.case(key);
        let context =
            gates::Context { author, now: self.now, departments: &self.directory.departments };
        let passed = match &fact.statement {
            Statement::Unknown { .. } => unknown_kind(author, fact.body.stream, case),
            statement => gates::check(statement, case, &context),
        };
        self.require(passed)?;
        self.take_number(fact);
        Ok(self.dossiers.add(key, fact))
    }

    fn require(&self, passed: Result<(), Refusal>) -> Result<(), Refusal> {
        match passed {
            Err(refusal) if !self.pardon.covers(&refusal) => Err(refusal),
            _ => Ok(()),
        }
    }

    /// An enterprise hears the same about every stream but its own, whether it exists or not.
    fn enterprise_side(&self, author: &Person, fact: &Fact, key: StreamKey) -> Result<(), Refusal> {
        if author.role != Role::Enterprise {
            return Ok(());
        }
        if matches!(fact.body.stream, StreamId::Inspection(_)) {
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
            Err(refusal) => {
                let stream = Some(StreamKey::inspection(item.inspection));
                let signature = Some(item.signature.as_slice());
                let held = Held { form: Form::Change, stream, bytes, signature };
                self.turn_down(*id, refusal, held)
            }
        }
    }

    fn admit_change(&mut self, item: &DraftItem, id: Digest, bytes: &[u8]) -> Result<(), Refusal> {
        let author = &self.received.author;
        if author.role == Role::Enterprise {
            return Err(Refusal::new(Code::RoleNotAllowed));
        }
        let key = StreamKey::inspection(item.inspection);
        if self.drafts.get(&key).is_some_and(|guard| guard.knows(&id)) {
            return Ok(());
        }
        self.require(item.refusal.clone().map_or(Ok(()), Err))?;
        let may_write = authority::may_write_draft(author, self.dossiers.case(key));
        self.require(may_write)?;
        if self.sealing == Some(key) {
            // The seal of the same push ends this draft: its record stands alone and the changes are
            // kept but never merged or sent to anyone, so their bounds are all there is to judge.
            sync_core::draft::check_bounds(bytes)?;
        } else {
            let stored = self.loaded.changes.get(&key).map(|it| it.as_slice()).unwrap_or_default();
            let guard = self.drafts.get_mut(&key).ok_or(Refusal::new(Code::Malformed))?;
            guard.admit(id, bytes, stored)?;
        }
        let origin = (author.id, self.received.device, item.signature.as_slice());
        self.dossiers.add_change(key, id, bytes, origin);
        Ok(())
    }

    /// The outcome of a refused item; quarantine codes also store it.
    fn turn_down(
        &mut self,
        item: Digest,
        refusal: Refusal,
        Held { form, stream, bytes, signature }: Held<'_>,
    ) -> Outcome {
        match refusal.code.disposition() {
            Disposition::Refuse => return Outcome::Refused(refusal),
            Disposition::Retry => return Outcome::Retry(refusal),
            Disposition::Quarantine => {}
        }
        let author = &self.received.author;
        let department = author
            .department
            .clone()
            .or_else(|| stream.and_then(|key| self.loaded.streams.get(&key)?.department.clone()));
        self.job.quarantined.push(QuarantineRow {
            item,
            form,
            stream,
            author: author.id,
            device: self.received.device,
            department,
            refusal: refusal.clone(),
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
    case: &sync_core::ledger::case::Case,
) -> Result<(), Refusal> {
    let readers = authority::audiences(stream, case);
    if authority::reads(author).iter().any(|audience| readers.contains(audience)) {
        return Err(Refusal::new(Code::KindUnknown));
    }
    Err(Refusal::new(match author.role {
        Role::Enterprise => Code::OtherEnterprise,
        Role::Inspector | Role::Supervisor => Code::NotOnTeam,
        _ => Code::RoleNotAllowed,
    }))
}
