//! What a device keeps. It changes by a commit or by its person, never by an answer alone.

use std::collections::BTreeMap;
use std::rc::Rc;

use sync_core::id::{BlobHash, Digest, InspectionId};
use sync_core::ledger::receipt::Receipt;
use sync_core::sync::{Change, HeldCatalogue, OwnFact, OwnPush, Upload, Work};
use sync_core::wire::exchange::{ItemId, Outcome};

use super::author::{Author, SPOILT, VISIT};
use super::gusts::Write;

/// Own items of one page: small, so that there are many pages.
const PAGE: usize = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    OnlyHere,
    AtServer,
    Refused,
}

#[derive(Clone)]
pub(crate) struct OwnItem {
    pub(crate) id: ItemId,
    /// The draft of a change; none for a fact.
    pub(crate) draft: Option<InspectionId>,
    pub(crate) bytes: Vec<u8>,
    pub(crate) state: State,
    pub(crate) receipt: Option<Receipt>,
    pub(crate) write: Write,
}

#[derive(Clone)]
pub(crate) struct OwnFile {
    pub(crate) hash: BlobHash,
    pub(crate) bytes: Rc<[u8]>,
    fact: ItemId,
    pub(crate) sent: u64,
    pub(crate) begun: bool,
    pub(crate) turned_away: bool,
    pub(crate) state: State,
    pub(crate) write: Write,
}

/// What is on disk.
#[derive(Clone, Default)]
pub(crate) struct Disk {
    pub(crate) items: Vec<OwnItem>,
    pub(crate) files: Vec<OwnFile>,
    pub(crate) received: BTreeMap<Digest, Option<Receipt>>,
    pub(crate) cursor: Vec<u8>,
}

pub(crate) struct Device {
    pub(crate) author: Author,
    pub(crate) disk: Disk,
    pub(crate) server_key: Vec<u8>,
}

impl Device {
    pub(crate) fn new(server_key: Vec<u8>) -> Self {
        Self { author: Author::new(3), disk: Disk::default(), server_key }
    }

    pub(crate) fn writes(&mut self, write: Write) -> ItemId {
        match write {
            Write::Change => {
                let bytes = self.author.change();
                self.own(Digest::of(&bytes), Some(VISIT), bytes, write)
            }
            Write::BadChange => {
                let mut bytes = self.author.content(200);
                bytes[0] = 0x85;
                self.own(Digest::of(&bytes), Some(SPOILT), bytes, write)
            }
            Write::Photo | Write::BadPhoto | Write::BadFact | Write::Unjudged | Write::Unstored => {
                self.photographs(2_000, write)
            }
            Write::LargePhoto => {
                self.photographs(2 * sync_core::limits::CHUNK_BYTES + 10_000, write)
            }
        }
    }

    fn photographs(&mut self, bytes: usize, write: Write) -> ItemId {
        let mut content = self.author.content(bytes);
        let fact = self.author.captured(&content);
        let hash = Digest::of(&content);
        let signed = fact.without_trace().len();
        if write == Write::BadPhoto {
            content[30] ^= 1;
        }
        let mut bytes = fact.bytes().to_vec();
        if write == Write::BadFact {
            // The last byte of the signature.
            bytes[signed - 1] ^= 1;
        }
        let fact = self.own(fact.id, None, bytes, write);
        let (sent, state) = (0, State::OnlyHere);
        self.disk.files.push(OwnFile {
            hash,
            bytes: content.into(),
            fact,
            sent,
            begun: false,
            turned_away: false,
            state,
            write,
        });
        fact
    }

    fn own(
        &mut self,
        id: ItemId,
        draft: Option<InspectionId>,
        bytes: Vec<u8>,
        write: Write,
    ) -> ItemId {
        let (state, receipt) = (State::OnlyHere, None);
        self.disk.items.push(OwnItem { id, draft, bytes, state, receipt, write });
        id
    }

    /// A page of work as the runtime of a device makes it.
    pub(crate) fn work(&self) -> Work {
        let unsent = || self.disk.items.iter().filter(|item| item.state == State::OnlyHere);
        let facts: Vec<OwnFact> = unsent()
            .filter(|item| item.draft.is_none())
            .take(PAGE)
            .map(|item| OwnFact { id: item.id, bytes: item.bytes.clone() })
            .collect();
        let mut drafts: BTreeMap<InspectionId, Vec<&OwnItem>> = BTreeMap::new();
        for item in unsent().filter(|item| item.draft.is_some()).take(PAGE) {
            drafts.entry(item.draft.expect("a draft")).or_default().push(item);
        }
        let drafts: Vec<OwnPush> = drafts
            .into_iter()
            .map(|(inspection, items)| OwnPush {
                ids: items.iter().map(|item| item.id).collect(),
                push: self
                    .author
                    .signed(inspection, items.iter().map(|item| item.bytes.clone()).collect()),
            })
            .collect();
        let taken = facts.len() + drafts.iter().map(|push| push.ids.len()).sum::<usize>();
        let ready = |file: &&OwnFile| {
            let fact = self.disk.items.iter().find(|item| item.id == file.fact);
            file.state == State::OnlyHere && fact.is_some_and(|it| it.state == State::AtServer)
        };
        let upload = |file: &OwnFile| Upload {
            hash: file.hash,
            bytes: file.bytes.len() as u64,
            offset: file.sent,
            begun: file.begun,
            turned_away: file.turned_away,
        };
        Work {
            device: self.author.device,
            cursor: self.disk.cursor.clone(),
            server_key: self.server_key.clone(),
            more: unsent().count() > taken,
            max_bytes: 1_000_000,
            facts,
            drafts,
            uploads: self.disk.files.iter().filter(ready).map(upload).collect(),
            downloads: Vec::new(),
            catalogue: HeldCatalogue::default(),
            file_receipt: None,
        }
    }

    /// A part of a file is sent.
    pub(crate) fn begins(&mut self, hash: BlobHash) {
        for file in self.disk.files.iter_mut().filter(|file| file.hash == hash) {
            file.begun = true;
        }
    }

    /// All of it or nothing.
    pub(crate) fn commit(&mut self, changes: &[Change]) {
        let mut disk = self.disk.clone();
        for change in changes {
            disk.apply(change);
        }
        for change in changes {
            if let Change::Draft { bytes, .. } = change
                && !self.disk.received.contains_key(&Digest::of(bytes))
                && !disk.items.iter().any(|item| item.bytes == *bytes)
            {
                self.author.admits(bytes);
            }
        }
        self.disk = disk;
    }
}

impl Disk {
    fn apply(&mut self, change: &Change) {
        match change {
            Change::Verdict { item, outcome } => {
                for own in self.items.iter_mut().filter(|own| own.id == *item) {
                    match outcome {
                        Outcome::Accepted => own.state = State::AtServer,
                        Outcome::Refused(_) | Outcome::Quarantined(_) => own.state = State::Refused,
                        Outcome::Retry(_) => {}
                    }
                }
            }
            Change::Receipt(receipt) => self.receipt(*receipt),
            Change::Fact { receipt, fact } => {
                if self.items.iter().any(|own| own.id == fact.id) {
                    self.receipt(*receipt);
                } else {
                    self.received.insert(fact.id, Some(*receipt));
                }
            }
            Change::Draft { bytes, .. } => {
                self.received.insert(Digest::of(bytes), None);
            }
            Change::Cursor(cursor) => self.cursor.clone_from(cursor),
            Change::Restart => {
                self.cursor.clear();
                for own in self.items.iter_mut().filter(|own| own.state == State::AtServer) {
                    own.state = State::OnlyHere;
                }
                for file in self.files.iter_mut().filter(|own| own.state == State::AtServer) {
                    file.state = State::OnlyHere;
                    (file.sent, file.begun) = (0, false);
                }
            }
            Change::Uploaded { hash, offset, complete } => {
                for file in self.files.iter_mut().filter(|file| file.hash == *hash) {
                    file.sent = *offset;
                    file.turned_away = false;
                    file.state = if *complete { State::AtServer } else { State::OnlyHere };
                }
            }
            Change::UploadRefused { hash, .. } => {
                for file in self.files.iter_mut().filter(|file| file.hash == *hash) {
                    file.state = State::Refused;
                }
            }
            Change::UploadTurnedAway { hash, .. } => {
                for file in self.files.iter_mut().filter(|file| file.hash == *hash) {
                    file.turned_away = true;
                }
            }
            Change::Beacon(_)
            | Change::FileReceipt(_)
            | Change::NoThumbnail { .. }
            | Change::Gone(_)
            | Change::Link(..)
            | Change::Catalogue(_)
            | Change::Parts { .. }
            | Change::Piece { .. }
            | Change::Unread
            | Change::Damaged { .. }
            | Change::Key { .. }
            | Change::Judged { .. }
            | Change::Downloaded { .. } => {}
        }
    }

    fn receipt(&mut self, receipt: Receipt) {
        for own in self.items.iter_mut().filter(|own| own.id == receipt.fact) {
            own.receipt = Some(receipt);
            own.state = State::AtServer;
        }
    }
}
