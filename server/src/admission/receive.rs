//! First step: read and verify what a device pushed, without the database.

use minicbor::bytes::ByteVec;
use sync_core::domain::account::Person;
use sync_core::id::{DeviceId, Digest, InspectionId};
use sync_core::ledger::fact::{Fact, Suite, Verifier};
use sync_core::limits;
use sync_core::refusal::{Code, Refusal};
use sync_core::rules::authority;
use sync_core::time::Timestamp;
use sync_core::wire::codec;
use sync_core::wire::exchange::{DraftPush, Request, VERSION};

use super::registry::Picture;

/// A pushed fact.
#[derive(Clone, Debug)]
pub struct FactItem {
    /// Its name in the verdict.
    pub id: Digest,
    /// The fact, if it could be read.
    pub fact: Option<Fact>,
    /// Why it cannot be accepted as it stands, as far as that is known without the case.
    pub refusal: Option<Refusal>,
    /// The bytes as they came.
    pub bytes: Vec<u8>,
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

/// Reads the body of an exchange as it travelled.
pub fn open(packed: &[u8]) -> Result<Request, Refusal> {
    let request: Request = codec::from_slice(&codec::unpack(packed)?)?;
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
    picture: &Picture,
    verifier: &dyn Verifier,
    now: Timestamp,
) -> Received {
    let origin = Origin { author, device, picture, verifier, now };
    Received {
        author: author.clone(),
        device,
        facts: facts.iter().map(|bytes| origin.fact(bytes)).collect(),
        drafts: drafts.iter().map(|push| origin.draft(push)).collect(),
    }
}

struct Origin<'a> {
    author: &'a Person,
    device: DeviceId,
    picture: &'a Picture,
    verifier: &'a dyn Verifier,
    now: Timestamp,
}

impl Origin<'_> {
    fn fact(&self, bytes: &[u8]) -> FactItem {
        let (id, fact, refusal) = match Fact::decode(bytes) {
            Ok(fact) => {
                let refusal = self.fact_refusal(&fact);
                (fact.id, Some(fact), refusal)
            }
            Err(refusal) => (name(bytes), None, Some(refusal)),
        };
        FactItem { id, fact, refusal, bytes: bytes.to_vec() }
    }

    fn fact_refusal(&self, fact: &Fact) -> Option<Refusal> {
        let body = &fact.body;
        if body.author != self.author.id {
            return Some(Refusal::new(Code::AuthorMismatch));
        }
        // An outbox may have been written before the device was enrolled anew.
        let Some(known) = self.picture.devices.get(&body.device) else {
            return Some(Refusal::new(Code::DeviceUnknown));
        };
        let verified = fact.verify(self.verifier, &known.key);
        let placed = if body.suite == Suite::P256 {
            verified
        } else {
            // The server's own suite is not for devices.
            Err(Refusal::new(Code::SuiteUnknown))
        };
        placed
            .and_then(|()| {
                authority::as_of_capture(self.author, &known.device, &body.clock, self.now)
            })
            .err()
    }

    fn draft(&self, push: &DraftPush) -> DraftItem {
        let changes: Vec<(Digest, Vec<u8>)> =
            push.changes.iter().map(|bytes| (Digest::of(bytes), bytes.to_vec())).collect();
        DraftItem {
            inspection: push.inspection,
            refusal: self.draft_refusal(push).err(),
            signature: push.signature.to_vec(),
            changes,
        }
    }

    fn draft_refusal(&self, push: &DraftPush) -> Result<(), Refusal> {
        let Some(last) = push.changes.last() else { return Ok(()) };
        let known =
            self.picture.devices.get(&self.device).ok_or(Refusal::new(Code::DeviceUnknown))?;
        let message = DraftPush::signed_message(push.inspection, last);
        self.verifier.verify(Suite::P256, &known.key, &message, &push.signature)?;
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
}

/// The name of a fact that cannot be read: the digest of its signed body if there is one, or of
/// its bytes, so that its sender finds it again.
fn name(bytes: &[u8]) -> Digest {
    let mut decoder = minicbor::Decoder::new(bytes);
    let body = decoder.array().and_then(|_| decoder.bytes());
    Digest::of(body.unwrap_or(bytes))
}
