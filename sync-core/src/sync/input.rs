//! What a driver tells the engine.

use crate::id::{BlobHash, DeviceId, Digest, FactId};
use crate::wire::catalogue::HeldParts;
use crate::wire::exchange::{DraftPush, ItemId};
use crate::wire::pieces::Prefix;

use super::effect::{CommitId, RequestId};

/// What happened.
#[derive(Clone, Debug)]
pub enum Event {
    /// Time to look: a timer, the network is back, a person asked.
    Woke,
    /// The page of work that was asked for.
    Loaded(Box<Work>),
    /// A request was answered.
    Answered {
        /// Which request.
        request: RequestId,
        /// HTTP status.
        status: u16,
        /// Body.
        body: Vec<u8>,
    },
    /// A request found no answer: the network is away, or the server was too slow.
    Failed {
        /// Which request.
        request: RequestId,
        /// What the platform says about it.
        detail: Option<String>,
    },
    /// A commit is on disk.
    Stored(CommitId),
    /// A commit could not be made, for want of space or otherwise.
    NotStored(CommitId),
}

/// One page of work.
#[derive(Clone, Debug)]
pub struct Work {
    /// This device.
    pub device: DeviceId,
    /// Cursor of the last answer; empty at first.
    pub cursor: Vec<u8>,
    /// The server's Ed25519 key, from enrolment.
    pub server_key: Vec<u8>,
    /// Facts that have no verdict, in the order of the chain.
    pub facts: Vec<OwnFact>,
    /// Draft changes that have no verdict.
    pub drafts: Vec<OwnPush>,
    /// Whether more is waiting than this page holds.
    pub more: bool,
    /// How many bytes of new items the answer may bring.
    pub max_bytes: usize,
    /// Files to upload whose facts are accepted.
    pub uploads: Vec<Upload>,
    /// Files to fetch.
    pub downloads: Vec<Download>,
    /// What is held of the catalogue.
    pub catalogue: HeldCatalogue,
    /// The receipt of the file that the server took over last.
    pub file_receipt: Option<Vec<u8>>,
}

/// What a device holds of the reference data.
#[derive(Clone, Debug, Default)]
pub struct HeldCatalogue {
    /// Digest of the newest that is here as a whole.
    pub digest: Option<Digest>,
    /// The same in two, where it is here in parts.
    pub parts: Option<HeldParts>,
    /// What came of the next one in pieces.
    pub coming: Vec<Prefix>,
}

/// An own fact.
#[derive(Clone, Debug)]
pub struct OwnFact {
    /// Its name.
    pub id: FactId,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Own changes of one draft with the signature over the last one.
#[derive(Clone, Debug)]
pub struct OwnPush {
    /// Names of the changes.
    pub ids: Vec<ItemId>,
    /// As it is sent.
    pub push: DraftPush,
}

/// A file to upload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Upload {
    /// Its digest.
    pub hash: BlobHash,
    /// Its size.
    pub bytes: u64,
    /// How much of it the server has, as far as known.
    pub offset: u64,
    /// Whether a part was sent whose answer may be lost: the server is asked for its offset before
    /// bytes are sent again.
    pub begun: bool,
    /// Whether something on the way turned it away the last time: others have their turn first.
    pub turned_away: bool,
}

impl Upload {
    /// A file of which nothing was sent yet.
    #[must_use]
    pub const fn new(hash: BlobHash, bytes: u64) -> Self {
        Self { hash, bytes, offset: 0, begun: false, turned_away: false }
    }
}

/// A file to fetch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Download {
    /// The digest of the original.
    pub hash: BlobHash,
    /// Whether the small picture is enough.
    pub thumbnail: bool,
}
