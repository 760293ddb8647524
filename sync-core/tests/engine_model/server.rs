//! What a server takes over and answers.

use std::collections::{BTreeMap, BTreeSet};

use sync_core::act::Fact;
use sync_core::act::Statement;
use sync_core::draft::{Admission, Draft};
use sync_core::id::{BlobHash, DeviceId, Digest, InspectionId, PersonId};
use sync_core::ledger::fact::{Signer as _, Suite, Verifier as _};
use sync_core::ledger::receipt::{Receipt, ReceiptPage};
use sync_core::ledger::stream::StreamId;
use sync_core::ledger::suites::{ServerSigner, SoftVerifier};
use sync_core::refusal::Disposition;
use sync_core::time::{Beacon, Timestamp};
use sync_core::wire::api::Uploaded;
use sync_core::wire::codec;
use sync_core::wire::exchange::{
    DraftPush, Item, ItemId, ItemVerdict, Outcome, Request, Response, VERSION,
};
use sync_core::wire::problem::Problem;
use sync_core::{Code, Refusal};

use super::author::Author;

/// Items of one page of a pull.
const PAGE: usize = 3;

pub(crate) type Answer = (u16, Vec<u8>);

/// What is on the server's disk.
#[derive(Clone, Default)]
pub(crate) struct Stored {
    pub(crate) facts: BTreeMap<ItemId, Receipt>,
    pub(crate) changes: BTreeSet<ItemId>,
    pub(crate) whole: BTreeSet<BlobHash>,
    /// In order, with the device that brought it.
    pub(crate) feed: Vec<(DeviceId, ItemId, Item)>,
    places: BTreeMap<StreamId, u64>,
    drafts: BTreeMap<InspectionId, Draft>,
    announced: BTreeMap<BlobHash, u64>,
    parts: BTreeMap<BlobHash, Vec<u8>>,
}

pub(crate) struct Server {
    pub(crate) stored: Stored,
    pub(crate) epoch: u64,
    backup: Stored,
    signer: ServerSigner,
    devices: BTreeMap<DeviceId, (PersonId, Vec<u8>)>,
    /// Nothing that comes now can be judged.
    pub(crate) undecided: bool,
    /// Facts that can never be judged, and files that can never be kept.
    pub(crate) stuck: BTreeSet<Digest>,
    clock: i64,
}

pub(crate) fn problem(refusal: Refusal, status: u16) -> Answer {
    (status, serde_json::to_vec(&Problem::new(refusal, status)).expect("JSON"))
}

impl Server {
    pub(crate) fn new() -> Self {
        Self {
            stored: Stored::default(),
            epoch: 1,
            backup: Stored::default(),
            signer: ServerSigner::from_secret(&[0x5E; 32]),
            devices: BTreeMap::new(),
            undecided: false,
            stuck: BTreeSet::new(),
            clock: 0,
        }
    }

    pub(crate) fn public_key(&self) -> Vec<u8> {
        self.signer.public_key()
    }

    pub(crate) fn enrol(&mut self, author: &Author) {
        self.devices.insert(author.device, (author.person, author.public_key()));
    }

    pub(crate) fn back_up(&mut self) {
        self.backup = self.stored.clone();
    }

    /// The backup holds nothing.
    pub(crate) fn lose_backup(&mut self) {
        self.backup = Stored::default();
    }

    /// Comes back from the backup. Files that are not whole lie beside it and stay.
    pub(crate) fn restore(&mut self) {
        let parts = std::mem::take(&mut self.stored.parts);
        self.stored = Stored { parts, ..self.backup.clone() };
        self.epoch += 1;
    }

    /// Dies while it works: what was not durable is lost. Of a part of a file half stays, or all
    /// when the server was about to judge the whole.
    pub(crate) fn dies_while(&mut self, work: impl FnOnce(&mut Self)) {
        let before = self.stored.clone();
        work(self);
        let after = std::mem::replace(&mut self.stored, before);
        for (hash, mut part) in after.parts {
            let had = self.stored.parts.get(&hash).map_or(0, Vec::len);
            if !after.whole.contains(&hash) {
                part.truncate(usize::midpoint(had, part.len()));
            }
            self.stored.parts.insert(hash, part);
        }
    }

    /// The epoch of a cursor; none for an empty one.
    pub(crate) fn epoch_of(cursor: &[u8]) -> Option<u64> {
        Some(u64::from_be_bytes(cursor.get(..8)?.try_into().ok()?))
    }

    pub(crate) fn exchange(&mut self, body: &[u8]) -> Answer {
        let read = codec::unpack(body);
        match read.and_then(|plain| sync_core::cbor::from_slice::<Request>(&plain)) {
            Ok(request) => (200, codec::pack(&self.answer(&request))),
            Err(refusal) => problem(refusal, 400),
        }
    }

    fn answer(&mut self, request: &Request) -> Response {
        self.clock += 1;
        let (mut verdicts, mut receipts) = (Vec::new(), Vec::new());
        for bytes in &request.facts {
            let (item, outcome) = self.fact(request.device, bytes);
            receipts.extend(self.stored.facts.get(&item).filter(|_| outcome == Outcome::Accepted));
            verdicts.push(ItemVerdict { item, outcome });
        }
        for push in &request.drafts {
            verdicts.extend(self.changes(request.device, push));
        }
        let brought: BTreeSet<ItemId> = verdicts.iter().map(|verdict| verdict.item).collect();
        let given = Self::epoch_of(&request.cursor);
        let from = match (given, request.cursor.get(8..16)) {
            (Some(epoch), Some(at)) if epoch == self.epoch => {
                usize::try_from(u64::from_be_bytes(at.try_into().expect("8"))).expect("small")
            }
            _ => 0,
        };
        let rest = self.stored.feed.get(from..).unwrap_or_default();
        let page = rest.iter().take(PAGE);
        let at = (from + page.len()) as u64;
        let cursor = [self.epoch.to_be_bytes(), at.to_be_bytes()].concat();
        Response {
            version: VERSION,
            beacon: Beacon { at: Timestamp::from_millis(self.clock), tag: [0; 8] },
            verdicts,
            receipts: (!receipts.is_empty()).then(|| {
                ReceiptPage::new(&receipts, |message| self.signer.sign(message)).expect("signed")
            }),
            items: page
                .filter(|(_, id, _)| !brought.contains(id))
                .map(|(.., item)| item.clone())
                .collect(),
            cursor: cursor.into(),
            more: rest.len() > PAGE,
            restart: given.is_some_and(|epoch| epoch != self.epoch),
        }
    }

    /// Takes over what someone else brings.
    pub(crate) fn bring(&mut self, device: DeviceId, facts: &[Vec<u8>], push: &DraftPush) {
        let mut taken: Vec<ItemVerdict> = Vec::new();
        for bytes in facts {
            let (item, outcome) = self.fact(device, bytes);
            taken.push(ItemVerdict { item, outcome });
        }
        if !push.changes.is_empty() {
            taken.extend(self.changes(device, push));
        }
        assert!(taken.iter().all(|verdict| verdict.outcome == Outcome::Accepted));
    }

    fn fact(&mut self, device: DeviceId, bytes: &[u8]) -> (ItemId, Outcome) {
        let Ok(fact) = Fact::decode(bytes) else {
            return (Digest::of(bytes), Outcome::Refused(Code::Malformed.into()));
        };
        let outcome = match self.judge(device, &fact) {
            Ok(()) => Outcome::Accepted,
            Err(it) if it.code.disposition() == Disposition::Retry => Outcome::Retry(it),
            Err(refusal) => Outcome::Refused(refusal),
        };
        (fact.id, outcome)
    }

    fn judge(&mut self, device: DeviceId, fact: &Fact) -> Result<(), Refusal> {
        if self.undecided || self.stuck.contains(&fact.id) {
            return Err(Code::ServerBusy.into());
        }
        let (person, key) = self.devices.get(&device).expect("an enrolled device");
        if self.stored.facts.contains_key(&fact.id) {
            return Ok(());
        }
        fact.verify(&SoftVerifier, key)?;
        assert_eq!(fact.body.author, *person);
        let place = self.stored.places.entry(fact.body.stream).or_default();
        *place += 1;
        let at = Timestamp::from_millis(self.clock);
        let receipt = Receipt { fact: fact.id, place: *place, at };
        self.stored.facts.insert(fact.id, receipt);
        if let Statement::Captured(capture) = &fact.statement {
            self.stored.announced.insert(capture.photo.blob, capture.photo.bytes);
        }
        let bytes = fact.bytes().to_vec().into();
        self.stored.feed.push((device, fact.id, Item::Fact { receipt, bytes }));
        Ok(())
    }

    fn changes(&mut self, device: DeviceId, push: &DraftPush) -> Vec<ItemVerdict> {
        let (by, key) = self.devices.get(&device).expect("an enrolled device").clone();
        let last = push.changes.last().expect("a change");
        let message = DraftPush::signed_message(push.inspection, last);
        SoftVerifier.verify(Suite::P256, &key, &message, &push.signature).expect("signed");
        let judged = push.changes.iter().map(|bytes| {
            let item = Digest::of(bytes);
            if self.undecided {
                return ItemVerdict { item, outcome: Outcome::Retry(Code::ServerBusy.into()) };
            }
            let empty = || Draft::new(push.inspection).expect("a draft");
            let draft = self.stored.drafts.entry(push.inspection).or_insert_with(empty);
            let outcome = match draft.admit(bytes) {
                Ok(Admission::Known) => Outcome::Accepted,
                Ok(Admission::Applied) => {
                    let (inspection, bytes) = (push.inspection, bytes.clone());
                    let new = Item::Change { inspection, bytes, by };
                    self.stored.feed.push((device, item, new));
                    self.stored.changes.insert(item);
                    Outcome::Accepted
                }
                Err(it) if it.code.disposition() == Disposition::Retry => Outcome::Retry(it),
                Err(refusal) => Outcome::Refused(refusal),
            };
            ItemVerdict { item, outcome }
        });
        judged.collect()
    }

    pub(crate) fn put(&mut self, hash: BlobHash, offset: u64, bytes: &[u8]) -> Answer {
        match self.receive(hash, offset, bytes) {
            Ok(it) => (200, serde_json::to_vec(&it).expect("JSON")),
            Err(refusal) => problem(refusal, 409),
        }
    }

    fn receive(&mut self, hash: BlobHash, offset: u64, bytes: &[u8]) -> Result<Uploaded, Refusal> {
        let size = *self.stored.announced.get(&hash).ok_or(Code::BlobUnexpected)?;
        if self.stored.whole.contains(&hash) {
            return Ok(Uploaded { received: size, complete: true, receipt: None });
        }
        if self.stuck.contains(&hash) {
            return Err(Code::StorageFailed.into());
        }
        if bytes.is_empty() {
            let received = self.stored.parts.get(&hash).map_or(0, Vec::len) as u64;
            return Ok(Uploaded { received, complete: false, receipt: None });
        }
        let end = offset + bytes.len() as u64;
        assert!(end <= size, "more than the file has");
        let part = self.stored.parts.entry(hash).or_default();
        if part.len() as u64 == offset {
            part.extend(bytes);
        }
        let there = part.len() as u64;
        if there != end {
            return Err(Refusal::new(Code::BlobOffset).detail(there.to_string()));
        }
        if there < size {
            return Ok(Uploaded { received: there, complete: false, receipt: None });
        }
        if self.stored.parts.get(&hash).map(|whole| Digest::of(whole)) != Some(hash) {
            self.stored.parts.remove(&hash);
            return Err(Code::DigestMismatch.into());
        }
        self.stored.whole.insert(hash);
        Ok(Uploaded { received: size, complete: true, receipt: None })
    }
}
