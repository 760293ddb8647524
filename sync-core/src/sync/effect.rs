//! What the engine asks a driver to do.

use crate::act::Fact;
use crate::id::{BlobHash, DeviceId, Digest, InspectionId, PersonId};
use crate::ledger::receipt::Receipt;
use crate::ledger::stream::StreamId;
use crate::refusal::Refusal;
use crate::time::{Beacon, Timestamp};
use crate::wire::catalogue::Part;
use crate::wire::exchange::{ItemId, Outcome};

/// Names a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RequestId(pub u64);

/// Names a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CommitId(pub u64);

/// One thing to do. Effects are carried out in order.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Load a page of work and pass it as [`super::Event::Loaded`].
    Load,
    /// Send a request and pass the answer.
    Send {
        /// Its name.
        request: RequestId,
        /// What to send.
        call: ServerRequest,
    },
    /// Write all of this in one durable transaction, then say so.
    Commit {
        /// Its name.
        id: CommitId,
        /// What to write.
        changes: Vec<Change>,
    },
    /// Pass [`super::Event::Woke`] at this time.
    WakeAt(Timestamp),
    /// Tell people how far it is.
    Report(SyncProgress),
}

/// A request, without the words of a transport.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ServerRequest {
    /// `POST /sync/v1/exchange` with a packed body.
    Exchange(Vec<u8>),
    /// Renew the session, whose token is not accepted any more.
    RenewSession,
    /// `PUT /sync/v1/blobs/{hash}?offset=` with `bytes` bytes of the file from `offset`. Without any bytes it
    /// asks how much of the file the server has.
    Put {
        /// The file.
        hash: BlobHash,
        /// From where.
        offset: u64,
        /// How much.
        bytes: u64,
    },
    /// `GET /sync/v1/blobs/{hash}`, or its thumbnail.
    Get {
        /// The file.
        hash: BlobHash,
        /// Whether the small picture is wanted.
        thumbnail: bool,
    },
}

/// One change of the device's store.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// An own item has its verdict.
    Verdict {
        /// The item.
        item: ItemId,
        /// What became of it.
        outcome: Outcome,
    },
    /// An own fact has its receipt.
    Receipt(Receipt),
    /// A fact came.
    Fact {
        /// Its receipt.
        receipt: Receipt,
        /// The fact, read once.
        fact: Box<Fact>,
    },
    /// A fact of a stream is known to be damaged.
    Damaged {
        /// The stream.
        stream: StreamId,
        /// The place of the fact within it.
        place: u64,
    },
    /// The key of a device came.
    Key {
        /// The device.
        device: DeviceId,
        /// Whose it is.
        person: PersonId,
        /// The key.
        key: Vec<u8>,
    },
    /// A draft change came.
    Draft {
        /// The draft.
        inspection: InspectionId,
        /// The change.
        bytes: Vec<u8>,
        /// Who wrote it.
        by: PersonId,
    },
    /// A stream may not be held any more; own unsent work stays.
    Gone(StreamId),
    /// Two streams belong to the same case.
    Link(StreamId, StreamId),
    /// A catalogue came.
    Catalogue(Vec<u8>),
    /// Parts of a catalogue came.
    Parts {
        /// The manifest from which they lead on; none where they are everything.
        from: Option<Digest>,
        /// The manifest that they lead to.
        to: Digest,
        /// New and changed parts.
        parts: Vec<Part>,
        /// Names of parts that are gone.
        gone: Vec<String>,
    },
    /// A piece of parts of a catalogue came.
    Piece {
        /// The manifest from which all pieces lead on; none where they are everything.
        from: Option<Digest>,
        /// The manifest that they lead to.
        to: Digest,
        /// How many bytes come before.
        after: u64,
        /// The bytes.
        bytes: Vec<u8>,
        /// Whether this is not the last piece.
        more: bool,
    },
    /// An item in quarantine was judged.
    Judged {
        /// The item.
        item: ItemId,
        /// Whether it was accepted.
        accepted: bool,
        /// Why.
        reason: String,
    },
    /// Something came that this build cannot read: a build that [reads more](crate::wire::exchange::READS)
    /// begins again with an empty cursor.
    Unread,
    /// The next cursor.
    Cursor(Vec<u8>),
    /// The server's time.
    Beacon(Beacon),
    /// The server was restored: everything of one's own is unsent again and the cursor is empty.
    Restart,
    /// So much of a file is at the server.
    Uploaded {
        /// The file.
        hash: BlobHash,
        /// How much.
        offset: u64,
        /// Whether the server has all of it and its digest fits.
        complete: bool,
    },
    /// The receipt of a file that the server took over came; it is shown until the next one comes.
    FileReceipt(String),
    /// The server does not take a file.
    UploadRefused {
        /// The file.
        hash: BlobHash,
        /// Why.
        refusal: Refusal,
    },
    /// A file was turned away by something between here and the server; it stays to be sent, after the
    /// others.
    UploadTurnedAway {
        /// The file.
        hash: BlobHash,
        /// By what answer.
        refusal: Refusal,
    },
    /// The server has no small picture of a file and never will.
    NoThumbnail {
        /// The original.
        hash: BlobHash,
        /// Why.
        refusal: Refusal,
    },
    /// A file came; originals fit their digest, small pictures the server's signature.
    Downloaded {
        /// The file.
        hash: BlobHash,
        /// Whether it is the small picture.
        thumbnail: bool,
        /// Its bytes.
        bytes: Vec<u8>,
    },
}

/// How far it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SyncProgress {
    /// Records were exchanged.
    Exchanged {
        /// Verdicts that came.
        verdicts: usize,
        /// Items that came.
        items: usize,
    },
    /// A file is on its way.
    Uploading {
        /// The file.
        hash: BlobHash,
        /// How much of it is at the server.
        sent: u64,
        /// Its size.
        bytes: u64,
    },
    /// Nothing is left to do.
    Finished,
    /// It will be tried again by itself.
    Waiting(Refusal),
    /// A person has to sign in again; everything recorded stays.
    SignInNeeded,
}
