//! A person with a device that signs.

use sync_core::act::Fact;
use sync_core::act::{Capture, Statement};
use sync_core::domain::evidence::{Photo, Purpose, Source};
use sync_core::domain::inspection::Verdict;
use sync_core::draft::{Draft, Edit, EditSession};
use sync_core::id::{DeviceId, Digest, InspectionId, PersonId};
use sync_core::ledger::fact::{Signer as _, Stamp};
use sync_core::ledger::stream::StreamId;
use sync_core::ledger::suites::SoftSigner;
use sync_core::time::{SignedClock, Timestamp};
use sync_core::wire::exchange::DraftPush;

pub(crate) const VISIT: InspectionId = InspectionId::from_bytes([0x11; 16]);
/// A draft of its own for a change that the guard refuses.
pub(crate) const SPOILT: InspectionId = InspectionId::from_bytes([0x12; 16]);

/// Signs what a person states and writes.
pub(crate) struct Author {
    pub(crate) person: PersonId,
    pub(crate) device: DeviceId,
    signer: SoftSigner,
    draft: Draft,
    seq: u64,
    written: u64,
}

impl Author {
    pub(crate) fn new(n: u8) -> Self {
        Self {
            person: PersonId::from_bytes([n; 16]),
            device: DeviceId::from_bytes([n ^ 0xA5; 16]),
            signer: SoftSigner::from_secret(&[n; 32]).expect("a key"),
            draft: Draft::new(VISIT).expect("a draft"),
            seq: 0,
            written: 0,
        }
    }

    pub(crate) fn public_key(&self) -> Vec<u8> {
        self.signer.public_key()
    }

    /// States that a picture of this content was taken.
    pub(crate) fn captured(&mut self, content: &[u8]) -> Fact {
        self.seq += 1;
        let photo = Photo {
            blob: Digest::of(content),
            bytes: content.len() as u64,
            width: 1_600,
            height: 1_200,
            purpose: Purpose::Signature,
            hazard: None,
            source: Source::Drawing,
            fix: None,
            derived_from: None,
        };
        let wall = Timestamp::from_millis(1_793_000_000_000);
        let stamp = Stamp {
            author: self.person,
            device: self.device,
            seq: self.seq,
            prev: None,
            clock: SignedClock { wall, monotonic_ms: self.seq, boot: [7; 8], beacon: None },
            salt: [3; 16],
        };
        let stream = StreamId::inspection(VISIT);
        let capture = Statement::Captured(Capture { stream, photo });
        Fact::state(capture, stamp, &self.signer).expect("a fact")
    }

    /// A content that no other picture has.
    pub(crate) fn content(&mut self, bytes: usize) -> Vec<u8> {
        self.written += 1;
        let mut content = vec![0x5A; bytes.max(32)];
        content[..16].copy_from_slice(self.person.as_bytes());
        content[16..24].copy_from_slice(&self.written.to_be_bytes());
        content
    }

    /// The next change of the draft that this person and others write.
    pub(crate) fn change(&mut self) -> Vec<u8> {
        self.written += 1;
        let item = format!("XF-{:02}", self.written % 90).parse().expect("an item");
        let note = format!("备注{}，{}", self.written, self.person);
        let edit = Edit::Answer { item, verdict: Verdict::Pass, note };
        let session = EditSession::new(self.person, self.device, [1; 16]);
        self.draft.commit(session, &[edit]).expect("a change").remove(0)
    }

    /// A colleague's change becomes part of the draft.
    pub(crate) fn admits(&mut self, change: &[u8]) {
        self.draft.admit(change).expect("an honest change");
    }

    pub(crate) fn signed(&self, inspection: InspectionId, changes: Vec<Vec<u8>>) -> DraftPush {
        let last = changes.last().map(Vec::as_slice).unwrap_or_default();
        let message = DraftPush::signed_message(inspection, last);
        let signature = self.signer.sign(&message).expect("a signature").into();
        let changes = changes.into_iter().map(Into::into).collect();
        DraftPush { inspection, changes, signature, device: None }
    }
}
