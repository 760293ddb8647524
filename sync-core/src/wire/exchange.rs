//! `POST /sync/v1/exchange`: the phone sends its cursor and what is new, the server answers a
//! verdict for each item, signed receipts, what is new for this reader, and the next cursor.
//!
//! Any request may be repeated: facts and changes are named by their content.

use minicbor::bytes::ByteVec;
use minicbor::data::Type;
use minicbor::{Decode, Decoder, Encode};

use crate::id::{DeviceId, Digest, InspectionId, PersonId};
use crate::ledger::receipt::{Receipt, ReceiptPage};
use crate::ledger::stream::StreamId;
use crate::refusal::Refusal;
use crate::time::{Beacon, Timestamp};
use crate::wire::catalogue::{HeldParts, Part};
use crate::wire::pieces::Prefix;

/// Version of these shapes.
pub const VERSION: u8 = 1;

/// Grows whenever this build reads an [`Item`], or what one carries, that the one before could not. A
/// device remembers with which number it met something unreadable, and asks for everything again once
/// it reads more.
pub const READS: u32 = 7;

/// What a device sends.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Request {
    /// [`VERSION`] of the sender.
    #[n(0)]
    pub version: u8,
    /// The sending device.
    #[n(1)]
    pub device: DeviceId,
    /// The cursor of the last answer, as it came; empty at first.
    #[n(2)]
    pub cursor: ByteVec,
    /// New facts, in the order of the device's chain.
    #[n(3)]
    pub facts: Vec<ByteVec>,
    /// New draft changes.
    #[n(4)]
    pub drafts: Vec<DraftPush>,
    /// Most bytes of items wanted in the answer, before packing.
    #[n(5)]
    pub max_bytes: u32,
    /// Digest of the catalogue that the device holds.
    #[n(6)]
    pub catalogue: Option<Digest>,
    /// [`READS`] of the sender; builds before 5 do not say it and get the catalogue as a whole, builds before 6 get all parts
    /// that differ at once.
    #[n(7)]
    pub reads: Option<u32>,
    /// The receipt of the file that the server took over last from this device, as it came: a server that came back from a
    /// backup notices by it that it lacks files.
    #[n(8)]
    pub file_receipt: Option<ByteVec>,
    /// The catalogue that the device holds, where it holds parts: the server knows it, too, when only accounts changed.
    #[n(9)]
    pub held: Option<HeldParts>,
    /// What came of [`Item::Piece`] so far: the server goes on after the longest prefix that what it has to send begins with.
    #[n(10)]
    pub coming: Option<Vec<Prefix>>,
}

/// New changes of one draft, oldest first. One signature by the device key over
/// [`DraftPush::signed_message`] covers them, since the last change names its ancestors by hash.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct DraftPush {
    /// The draft.
    #[n(0)]
    pub inspection: InspectionId,
    /// Raw Automerge changes.
    #[n(1)]
    pub changes: Vec<ByteVec>,
    /// Signature over the last change.
    #[n(2)]
    pub signature: ByteVec,
    /// The device that wrote and signed them, where a colleague's device brings them.
    #[n(3)]
    pub device: Option<DeviceId>,
}

impl DraftPush {
    /// What the device key signs: a domain string, the inspection and the digest of the last change.
    #[must_use]
    pub fn signed_message(inspection: InspectionId, last_change: &[u8]) -> Vec<u8> {
        let mut message = b"zhicha draft v1\0".to_vec();
        message.extend(inspection.as_bytes());
        message.extend(Digest::of(last_change).as_bytes());
        message
    }
}

/// What the server answers.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Response {
    /// [`VERSION`] of the server.
    #[n(0)]
    pub version: u8,
    /// Server time with proof of origin, a lower bound for what is captured from now on.
    #[n(1)]
    pub beacon: Beacon,
    /// One verdict for each pushed item, facts first, each in the order sent.
    #[n(2)]
    pub verdicts: Vec<ItemVerdict>,
    /// Receipts of accepted facts, signed after they were on disk.
    #[n(3)]
    pub receipts: Option<ReceiptPage>,
    /// What is new for this reader, in order.
    #[n(4)]
    #[cbor(decode_with = "each_by_itself")]
    pub items: Vec<Item>,
    /// The next cursor.
    #[n(5)]
    pub cursor: ByteVec,
    /// Whether more is waiting: ask again at once.
    #[n(6)]
    pub more: bool,
    /// The server was restored from a backup: send everything of your own again, from the start.
    #[n(7)]
    pub restart: bool,
}

/// The name of a pushed item: the digest of a fact's signed body, or of a change's bytes.
pub type ItemId = Digest;

/// What became of one pushed item.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct ItemVerdict {
    /// The item.
    #[n(0)]
    pub item: ItemId,
    /// What became of it.
    #[n(1)]
    pub outcome: Outcome,
}

/// What became of a pushed item.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Outcome {
    /// On disk and taken over now or before; for facts the receipt says where.
    #[n(0)]
    Accepted,
    /// May not exist. Final for these bytes.
    #[n(1)]
    Refused(#[n(0)] Refusal),
    /// On disk, byte for byte, until a supervisor judges it.
    #[n(2)]
    Quarantined(#[n(0)] Refusal),
    /// Could not be judged now: send it again later.
    #[n(3)]
    Retry(#[n(0)] Refusal),
}

/// One thing that is new for the reader.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Item {
    /// A fact with its receipt.
    #[n(0)]
    Fact {
        /// Where and when it was taken over.
        #[n(0)]
        receipt: Receipt,
        /// The fact as signed.
        #[n(1)]
        bytes: ByteVec,
    },
    /// A change of a draft that this reader's team writes.
    #[n(1)]
    Change {
        /// The draft.
        #[n(0)]
        inspection: InspectionId,
        /// The raw change.
        #[n(1)]
        bytes: ByteVec,
        /// Whose device wrote it.
        #[n(2)]
        by: PersonId,
    },
    /// This reader may not hold a stream any more: remove it, keep own unsent work.
    #[n(2)]
    Gone {
        /// The stream.
        #[n(0)]
        stream: StreamId,
    },
    /// New reference data: the bytes of a [`crate::domain::catalogue::Catalogue`].
    #[n(3)]
    Catalogue {
        /// The catalogue.
        #[n(0)]
        bytes: ByteVec,
    },
    /// A supervisor judged an item of this person that was in quarantine.
    #[n(4)]
    Judged {
        /// The item.
        #[n(0)]
        item: ItemId,
        /// Whether it was accepted.
        #[n(1)]
        accepted: bool,
        /// Why.
        #[n(2)]
        reason: String,
        /// When.
        #[n(3)]
        at: Timestamp,
    },
    /// Two streams belong to the same case.
    #[n(5)]
    Link {
        /// One of them.
        #[n(0)]
        stream: StreamId,
        /// The other one.
        #[n(1)]
        with: StreamId,
    },
    /// A fact of a stream that the server holds damaged and gives to nobody: nothing may be concluded from the others.
    #[n(6)]
    Damaged {
        /// The stream.
        #[n(0)]
        stream: StreamId,
        /// The place of the fact within it.
        #[n(1)]
        place: u64,
    },
    /// The key with which the facts of a device verify, before the first of them.
    #[n(7)]
    Key {
        /// The device.
        #[n(0)]
        device: DeviceId,
        /// Whose it is.
        #[n(1)]
        person: PersonId,
        /// Its public key, P-256, SEC1 compressed.
        #[n(2)]
        key: ByteVec,
    },
    /// New reference data as parts: what differs from what the device holds.
    #[n(8)]
    Parts {
        /// The manifest from which the difference was made; none for everything.
        #[n(0)]
        from: Option<Digest>,
        /// The manifest that it leads to.
        #[n(1)]
        to: Digest,
        /// Parts that are new or changed.
        #[n(2)]
        parts: Vec<Part>,
        /// Names of parts that are gone.
        #[n(3)]
        gone: Vec<String>,
    },
    /// A piece of what [`Item::Parts`] brings, where the answer has no room for all of it. What the device holds stays the
    /// newest until the last piece came.
    #[n(9)]
    Piece {
        /// The manifest from which the difference was made; none for everything.
        #[n(0)]
        from: Option<Digest>,
        /// The manifest to which all pieces together lead.
        #[n(1)]
        to: Digest,
        /// How many bytes of the [run](crate::wire::pieces) come before: with none it begins anew.
        #[n(2)]
        after: u64,
        /// The next bytes of the run.
        #[n(3)]
        bytes: ByteVec,
        /// Whether this is not the last piece.
        #[n(4)]
        more: bool,
    },
    /// What this build cannot read, as it came. Nobody sends it.
    #[n(31)]
    Unread {
        /// One CBOR item.
        #[n(0)]
        bytes: ByteVec,
    },
}

/// Reads items one by one: an unknown kind from a newer server does not affect its neighbours.
fn each_by_itself<Ctx>(
    decoder: &mut Decoder<'_>,
    context: &mut Ctx,
) -> Result<Vec<Item>, minicbor::decode::Error> {
    let mut left = decoder.array()?;
    let mut items = Vec::new();
    loop {
        match &mut left {
            Some(0) => return Ok(items),
            Some(left) => *left -= 1,
            None if decoder.datatype()? == Type::Break => {
                decoder.skip()?;
                return Ok(items);
            }
            None => {}
        }
        let from = decoder.position();
        let item = Item::decode(decoder, context).or_else(|_| {
            decoder.set_position(from);
            decoder.skip()?;
            let bytes = decoder.input().get(from..decoder.position()).unwrap_or_default();
            Ok::<_, minicbor::decode::Error>(Item::Unread { bytes: bytes.to_vec().into() })
        })?;
        items.push(item);
    }
}
