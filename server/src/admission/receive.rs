//! First step: read and verify what a device pushed, without the database.

use minicbor::bytes::ByteVec;
use sync_core::act::Fact;
use sync_core::act::Statement;
use sync_core::cbor;
use sync_core::domain::account::Person;
use sync_core::id::{DeviceId, Digest, InspectionId};
use sync_core::ledger::fact::{Suite, Verifier};
use sync_core::limits;
use sync_core::refusal::{Code, Refusal};
use sync_core::rules::authority;
use sync_core::time::Timestamp;
use sync_core::wire::codec;
use sync_core::wire::exchange::{DraftPush, Request, VERSION};

use crate::directory::Directory;

/// A pushed fact.
#[derive(Clone, Debug)]
pub struct FactItem {
    /// Its name in the verdict.
    pub id: Digest,
    /// The fact, if it could be read.
    pub fact: Option<Fact>,
    /// Why it cannot be accepted as it stands, as far as that is known without the case.
    pub refusal: Option<Refusal>,
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
    /// The changes with their names.
    pub changes: Vec<(Digest, Vec<u8>)>,
    /// Signature over the last change.
    pub signature: Vec<u8>,
    /// Why they cannot be accepted, as far as that is known without the case.
    pub refusal: Option<Refusal>,
}

/// What a device pushed, read and verified.
#[derive(Clone, Debug)]
pub struct Received {
    /// Who pushed.
    pub author: Person,
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
    directory: &Directory,
    verifier: &dyn Verifier,
    now: Timestamp,
) -> Received {
    let context = PushContext { author, device, directory, verifier, now };
    let facts = context.facts(facts);
    let drafts = drafts.iter().map(|push| context.draft(push, &facts)).collect();
    Received { author: author.clone(), device, facts, drafts }
}

struct PushContext<'a> {
    author: &'a Person,
    device: DeviceId,
    directory: &'a Directory,
    verifier: &'a dyn Verifier,
    now: Timestamp,
}

impl PushContext<'_> {
    fn facts(&self, facts: &[ByteVec]) -> Vec<FactItem> {
        let read: Vec<Result<Fact, Refusal>> =
            facts.iter().map(|bytes| Fact::decode(bytes)).collect();
        let verified = self.verified(&read);
        read.into_iter()
            .zip(facts)
            .zip(verified)
            .map(|((fact, bytes), verified)| self.fact(fact, bytes, verified))
            .collect()
    }

    /// Whose words the facts are. A fact names the bytes of the one before it in its chain, so a
    /// signature that holds vouches for the whole unbroken run before it, signatures included. A
    /// fact that nothing vouches for is held to its own signature.
    fn verified(&self, facts: &[Result<Fact, Refusal>]) -> Vec<Result<(), Refusal>> {
        let mut verified = Vec::with_capacity(facts.len());
        let mut after: Option<&Fact> = None;
        for read in facts.iter().rev() {
            let held = match read {
                Ok(fact) if after.is_some_and(|after| after.vouches_for(fact)) => Ok(()),
                Ok(fact) => self.verify(fact),
                // `fact` reports why; an unreadable fact cannot extend a signed run.
                Err(refusal) => Err(refusal.clone()),
            };
            after = read.as_ref().ok().filter(|_| held.is_ok());
            verified.push(held);
        }
        verified.reverse();
        verified
    }

    fn verify(&self, fact: &Fact) -> Result<(), Refusal> {
        // An outbox may have been written before the device was enrolled anew.
        let known = self.directory.devices.get(&fact.body.device);
        let key = &known.ok_or(Refusal::new(Code::DeviceUnknown))?.key;
        match fact.body.suite {
            Suite::P256 => fact.verify(self.verifier, key),
            // The server's own suite is not for devices.
            _ => Err(Refusal::new(Code::SuiteUnknown)),
        }
    }

    fn fact(
        &self,
        read: Result<Fact, Refusal>,
        bytes: &[u8],
        verified: Result<(), Refusal>,
    ) -> FactItem {
        match read {
            Ok(fact) => {
                let refusal = self.fact_refusal(&fact, verified).err();
                FactItem { id: fact.id, fact: Some(fact), refusal, unread: Vec::new() }
            }
            Err(refusal) => {
                let unread = bytes.to_vec();
                FactItem { id: name(bytes), fact: None, refusal: Some(refusal), unread }
            }
        }
    }

    fn fact_refusal(&self, fact: &Fact, verified: Result<(), Refusal>) -> Result<(), Refusal> {
        let body = &fact.body;
        if body.author != self.author.id {
            return Err(Refusal::new(Code::AuthorMismatch));
        }
        verified?;
        let known = self.directory.devices.get(&body.device);
        let device = &known.ok_or(Refusal::new(Code::DeviceUnknown))?.device;
        authority::as_of_capture(self.author, device, &body.clock, self.now)
    }

    fn draft(&self, push: &DraftPush, facts: &[FactItem]) -> DraftItem {
        let changes: Vec<(Digest, Vec<u8>)> =
            push.changes.iter().map(|bytes| (Digest::of(bytes), bytes.to_vec())).collect();
        DraftItem {
            inspection: push.inspection,
            refusal: self.draft_refusal(push, &changes, facts).err(),
            signature: push.signature.to_vec(),
            changes,
        }
    }

    fn draft_refusal(
        &self,
        push: &DraftPush,
        changes: &[(Digest, Vec<u8>)],
        facts: &[FactItem],
    ) -> Result<(), Refusal> {
        let Some((name, last)) = changes.last() else { return Ok(()) };
        let known =
            self.directory.devices.get(&self.device).ok_or(Refusal::new(Code::DeviceUnknown))?;
        if !self.is_named_by_a_seal(push.inspection, name, facts) {
            let message = DraftPush::signed_message(push.inspection, last);
            self.verifier.verify(Suite::P256, &known.key, &message, &push.signature)?;
        }
        if known.device.person != self.author.id {
            return Err(Refusal::new(Code::AuthorMismatch));
        }
        let ended = |at: Option<Timestamp>| at.is_some_and(|at| at <= self.now);
        if ended(self.author.revoked_at) {
            return Err(Refusal::new(Code::AuthorRevoked));
        }
        if ended(known.device.revoked_at) {
            return Err(Refusal::new(Code::DeviceRevoked));
        }
        Ok(())
    }

    /// Whether a verified record of the same device names the change: the signature of the record
    /// then holds for the draft, too.
    fn is_named_by_a_seal(
        &self,
        inspection: InspectionId,
        last: &Digest,
        facts: &[FactItem],
    ) -> bool {
        let verified = facts.iter().filter(|item| item.refusal.is_none());
        let own = verified.filter_map(|item| item.fact.as_ref());
        let mut records = own.filter(|fact| fact.body.device == self.device).filter_map(|fact| {
            match &fact.statement {
                Statement::Sealed(record) if record.inspection == inspection => Some(record),
                _ => None,
            }
        });
        records.any(|record| record.draft.contains(last))
    }
}

/// The name of a fact that cannot be read: the digest of its signed body if there is one, or of
/// its bytes, so that its sender finds it again.
fn name(bytes: &[u8]) -> Digest {
    let mut decoder = minicbor::Decoder::new(bytes);
    let body = decoder.array().and_then(|_| decoder.bytes());
    Digest::of(body.unwrap_or(bytes))
}
