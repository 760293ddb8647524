//! First step: read and verify what a device pushed, without the database.

use std::sync::Arc;

use minicbor::bytes::ByteVec;
use sync_core::act::Fact;
use sync_core::act::Statement;
use sync_core::case::act::Unmet;
use sync_core::cbor;
use sync_core::domain::account::{Person, Role};
use sync_core::id::{DeviceId, Digest, InspectionId, PersonId};
use sync_core::ledger::fact::{Suite, Verifier};
use sync_core::limits;
use sync_core::refusal::{Code, Refusal};
use sync_core::rules::authority;
use sync_core::time::Timestamp;
use sync_core::wire::codec;
use sync_core::wire::exchange::{DraftPush, Request, VERSION};

use crate::auth::keys::Keys;
use crate::directory::{Directory, KnownDevice};

/// A pushed fact.
#[derive(Clone, Debug)]
pub struct FactItem {
    /// Its name in the verdict.
    pub id: Digest,
    /// Whose it is: of who pushed, or of a colleague for whom it is brought.
    pub author: Arc<Person>,
    /// The fact, if it could be read.
    pub fact: Option<Fact>,
    /// Everything for which it cannot be accepted as it stands, as far as that is known without the case.
    pub refusals: Vec<Refusal>,
    /// When it was stated, as its device says and the server can bound it.
    pub stated: Timestamp,
    /// The bytes of what could not be read.
    unread: Vec<u8>,
}

impl FactItem {
    /// The bytes as they came.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.fact.as_ref().map_or(&self.unread, Fact::bytes)
    }
}

/// The pushed changes of one draft.
#[derive(Clone, Debug)]
pub struct DraftItem {
    /// The draft.
    pub inspection: InspectionId,
    /// Whose they are: of who pushed, or of a colleague for whom they are brought.
    pub author: Arc<Person>,
    /// The device that wrote them.
    pub device: DeviceId,
    /// The changes with their names.
    pub changes: Vec<(Digest, Vec<u8>)>,
    /// Signature over the last change.
    pub signature: Vec<u8>,
    /// Everything for which they cannot be accepted, as far as that is known without the case.
    pub refusals: Vec<Refusal>,
}

/// What a device pushed, read and verified.
#[derive(Clone, Debug)]
pub struct Received {
    /// Who pushed.
    pub author: Arc<Person>,
    /// From which device.
    pub device: DeviceId,
    /// Facts in the order sent.
    pub facts: Vec<FactItem>,
    /// Drafts in the order sent.
    pub drafts: Vec<DraftItem>,
}

impl Received {
    /// How many items were pushed.
    #[must_use]
    pub fn items(&self) -> usize {
        self.facts.len() + self.drafts.iter().map(|draft| draft.changes.len()).sum::<usize>()
    }
}

/// Reads the body of an exchange as it travelled.
///
/// # Errors
/// `Code::TooLarge` or `Code::Malformed` for what cannot be unpacked and decoded,
/// [`Code::VersionUnsupported`], [`Code::TooMany`] for more items than one push may hold.
pub fn open(packed: &[u8]) -> Result<Request, Refusal> {
    let request: Request = cbor::from_slice(&codec::unpack(packed)?)?;
    if request.version != VERSION {
        return Err(Refusal::new(Code::VersionUnsupported));
    }
    let changes: usize = request.drafts.iter().map(|push| push.changes.len()).sum();
    limits::count("push", request.facts.len() + changes, limits::PUSH_ITEMS)?;
    Ok(request)
}

/// Reads and verifies every pushed item by itself: one that is bad says nothing of its neighbours.
#[must_use]
pub fn receive(
    author: &Person,
    device: DeviceId,
    (facts, drafts): (&[ByteVec], &[DraftPush]),
    (directory, keys): (&Directory, &Keys),
    verifier: &dyn Verifier,
    now: Timestamp,
) -> Received {
    let author = Arc::new(author.clone());
    let context = PushContext { author, device, directory, keys, verifier, now };
    let facts = context.facts(facts);
    let drafts = drafts.iter().map(|push| context.draft(push, &facts)).collect();
    Received { author: context.author, device, facts, drafts }
}

struct PushContext<'a> {
    author: Arc<Person>,
    device: DeviceId,
    directory: &'a Directory,
    keys: &'a Keys,
    verifier: &'a dyn Verifier,
    now: Timestamp,
}

impl PushContext<'_> {
    fn facts(&self, facts: &[ByteVec]) -> Vec<FactItem> {
        let read: Vec<Result<Fact, Refusal>> =
            facts.iter().map(|bytes| Fact::decode(bytes)).collect();
        read.into_iter().zip(facts).map(|(fact, bytes)| self.fact(fact, bytes)).collect()
    }

    /// A device as far as whoever pushes may know of it.
    fn known(&self, device: DeviceId) -> Option<&KnownDevice> {
        self.directory.device_for(&self.author, device)
    }

    /// Whether a fact is signed by its device: each one by itself, so that it can be shown alone. What a device signed
    /// that nobody knows yet is verified once it is enrolled: an outbox may have been written before it was enrolled anew.
    fn verify(&self, fact: &Fact) -> Result<(), Refusal> {
        let Some(known) = self.known(fact.body.device) else { return Ok(()) };
        match fact.body.suite {
            Suite::P256 => fact.verify(self.verifier, &known.key),
            // The server's own suite is not for devices.
            _ => Err(Refusal::new(Code::SuiteUnknown)),
        }
    }

    fn fact(&self, read: Result<Fact, Refusal>, bytes: &[u8]) -> FactItem {
        match read {
            Ok(fact) => {
                let author = self.author_of(fact.body.author);
                let refusals = self.fact_refusals(&fact, &author);
                let clock = fact.clock();
                let proved = self.keys.proved(fact.body.device, &clock);
                let stated = authority::stated_at(&clock, proved, self.now);
                let unread = Vec::new();
                FactItem { id: fact.id, author, fact: Some(fact), refusals, stated, unread }
            }
            Err(refusal) => {
                let (author, unread) = (Arc::clone(&self.author), bytes.to_vec());
                let (id, refusals) = (name(bytes), vec![refusal]);
                FactItem { id, author, fact: None, refusals, stated: self.now, unread }
            }
        }
    }

    /// Whose an item is that names this person. An official may bring what a colleague signed; whether for this visit
    /// is asked when the case is known.
    fn author_of(&self, named: PersonId) -> Arc<Person> {
        let colleague = self
            .directory
            .persons
            .get(&named)
            .filter(|it| it.role != Role::Enterprise && self.author.role != Role::Enterprise);
        match colleague {
            Some(person) if named != self.author.id => Arc::new(person.clone()),
            _ => Arc::clone(&self.author),
        }
    }

    /// What stands against a fact whatever its case: what nobody passes over alone, otherwise everything.
    fn fact_refusals(&self, fact: &Fact, author: &Person) -> Vec<Refusal> {
        if let Err(refusal) = self.form_of(fact, author) {
            return vec![refusal];
        }
        let device = self.known(fact.body.device).map(|known| &known.device);
        let clock = fact.clock();
        let proved = self.keys.proved(fact.body.device, &clock);
        let mut unmet = Unmet::default();
        authority::as_of_capture(author, device, (&clock, proved), self.now, &mut unmet);
        unmet.refusals().to_vec()
    }

    fn form_of(&self, fact: &Fact, author: &Person) -> Result<(), Refusal> {
        let body = &fact.body;
        if body.author != author.id {
            return Err(Refusal::new(Code::AuthorMismatch));
        }
        let known = self.known(body.device);
        if author.id != self.author.id && known.is_none() {
            // Nobody can say whether a colleague wrote it.
            return Err(Refusal::new(Code::AuthorMismatch));
        }
        self.verify(fact)?;
        if known.is_some_and(|it| it.device.person != author.id) {
            return Err(Refusal::new(Code::AuthorMismatch));
        }
        // Only for others a fact is without its trace.
        if fact.trace.is_none() {
            return Err(Refusal::new(Code::FieldMissing).field("trace"));
        }
        // A larger number cannot be stored as it was signed: the row would look damaged, and its case have no state.
        if fact.seq() > i64::MAX.unsigned_abs() {
            return Err(Refusal::new(Code::FieldMalformed).field("seq"));
        }
        Ok(())
    }

    fn draft(&self, push: &DraftPush, facts: &[FactItem]) -> DraftItem {
        let changes: Vec<(Digest, Vec<u8>)> =
            push.changes.iter().map(|bytes| (Digest::of(bytes), bytes.to_vec())).collect();
        let device = push.device.unwrap_or(self.device);
        let owner = self.known(device).map(|known| known.device.person);
        let author = self.author_of(owner.unwrap_or(self.author.id));
        DraftItem {
            inspection: push.inspection,
            refusals: self.draft_refusals(push, (&author, device), &changes, facts),
            author,
            device,
            signature: push.signature.to_vec(),
            changes,
        }
    }

    /// What stands against changes: what nobody passes over alone, otherwise everything.
    fn draft_refusals(
        &self,
        push: &DraftPush,
        (author, device): (&Person, DeviceId),
        changes: &[(Digest, Vec<u8>)],
        facts: &[FactItem],
    ) -> Vec<Refusal> {
        let Some((name, last)) = changes.last() else { return Vec::new() };
        let known = self.known(device);
        let mut refusals = Vec::new();
        if let Some(known) = known {
            if !is_named_by_a_seal((push.inspection, device), name, facts) {
                let message = DraftPush::signed_message(push.inspection, last);
                let signed =
                    self.verifier.verify(Suite::P256, &known.key, &message, &push.signature);
                refusals.extend(signed.err());
            }
            if known.device.person != author.id {
                refusals.push(Refusal::new(Code::AuthorMismatch));
            }
        } else {
            refusals.push(Refusal::new(Code::DeviceUnknown));
        }
        let ended = |at: Option<Timestamp>| at.is_some_and(|at| at <= self.now);
        if ended(author.revoked_at) {
            refusals.push(Refusal::new(Code::AuthorRevoked));
        }
        if known.is_some_and(|it| ended(it.device.revoked_at)) {
            refusals.push(Refusal::new(Code::DeviceRevoked));
        }
        refusals
    }
}

/// Whether a verified record of the same device names the change: the signature of the record
/// then holds for the draft, too.
fn is_named_by_a_seal(
    (inspection, device): (InspectionId, DeviceId),
    last: &Digest,
    facts: &[FactItem],
) -> bool {
    let verified = facts.iter().filter(|item| item.refusals.is_empty());
    let own = verified.filter_map(|item| item.fact.as_ref());
    let mut records =
        own.filter(|fact| fact.body.device == device).filter_map(|fact| match &fact.statement {
            Statement::Sealed(record) if record.inspection == inspection => Some(record),
            _ => None,
        });
    records.any(|record| record.draft.contains(last))
}

/// The name of a fact that cannot be read: the digest of its signed body if there is one, or of
/// its bytes, so that its sender finds it again.
fn name(bytes: &[u8]) -> Digest {
    let mut decoder = minicbor::Decoder::new(bytes);
    let body = decoder.array().and_then(|_| decoder.bytes());
    Digest::of(body.unwrap_or(bytes))
}
