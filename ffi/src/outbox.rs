//! The outbox and what a synchronisation did, in the form of records.

use sync_core::id::{BlobHash, Digest};
use sync_core::time::Timestamp;

use crate::{Reason, StreamId};

/// Where an own item is.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum ItemState {
    /// On this device alone.
    OnlyHere,
    /// On disk at the server, with its receipt.
    AtServer,
    /// Not accepted; kept here.
    Refused {
        /// Why.
        reason: Reason,
    },
    /// On disk at the server until a supervisor judges it; kept here.
    Quarantined {
        /// Why.
        reason: Reason,
    },
    /// Rejected by a supervisor; kept here.
    Rejected {
        /// Why.
        reason: Reason,
    },
}

impl From<device::ItemState> for ItemState {
    fn from(state: device::ItemState) -> Self {
        match state {
            device::ItemState::OnlyHere => Self::OnlyHere,
            device::ItemState::AtServer => Self::AtServer,
            device::ItemState::Refused(why) => Self::Refused { reason: why.into() },
            device::ItemState::Quarantined(why) => Self::Quarantined { reason: why.into() },
            device::ItemState::Rejected(why) => Self::Rejected { reason: why.into() },
        }
    }
}

/// A record in the outbox.
#[derive(Clone, Debug, uniffi::Record)]
pub struct OutboxRecord {
    /// Its name.
    pub id: Digest,
    /// What it is, in words.
    pub title: String,
    /// Where it belongs; none for what cannot be read.
    pub stream: Option<StreamId>,
    /// When it was stated, by this device's clock; none for a draft.
    pub at: Option<Timestamp>,
    /// Where it is.
    pub state: ItemState,
}

/// A file in the outbox.
#[derive(Clone, Debug, uniffi::Record)]
pub struct OutboxFile {
    /// Its name.
    pub hash: BlobHash,
    /// Where it belongs.
    pub stream: StreamId,
    /// Its size.
    pub bytes: u64,
    /// How much of it is at the server.
    pub sent: u64,
    /// Where it is.
    pub state: ItemState,
    /// Why the last attempt to send it failed, for one that is still only here.
    pub waiting: Option<Reason>,
}

/// Everything of one's own, newest first.
#[derive(Clone, Debug, uniffi::Record)]
pub struct Outbox {
    /// Facts and draft changes.
    pub records: Vec<OutboxRecord>,
    /// Files.
    pub files: Vec<OutboxFile>,
    /// How many of them the server does not have.
    pub waiting: u32,
    /// How many hazards of this person are in no record of their visit, wherever they are.
    pub outside: u64,
    /// When the server was last heard: everything shown is as known then.
    pub last_contact: Option<Timestamp>,
}

impl From<device::Outbox> for Outbox {
    fn from(outbox: device::Outbox) -> Self {
        let record = |it: device::OutboxRecord| OutboxRecord {
            id: it.id,
            title: it.title,
            stream: it.stream.map(StreamId::from),
            at: it.at,
            state: it.state.into(),
        };
        let file = |it: device::OutboxFile| OutboxFile {
            hash: it.hash,
            stream: it.stream.into(),
            bytes: it.bytes,
            sent: it.sent,
            state: it.state.into(),
            waiting: it.waiting.map(Reason::from),
        };
        Self {
            waiting: count(outbox.waiting()),
            outside: outbox.outside,
            records: outbox.records.into_iter().map(record).collect(),
            files: outbox.files.into_iter().map(file).collect(),
            last_contact: outbox.last_contact,
        }
    }
}

/// What a synchronisation did.
#[derive(Clone, Debug, Default, uniffi::Record)]
pub struct SyncReport {
    /// Exchanges made.
    pub exchanges: u32,
    /// Items that came.
    pub received: u32,
    /// Bytes of requests sent.
    pub bytes_up: u64,
    /// Bytes of answers.
    pub bytes_down: u64,
    /// Why it stopped before everything was done, if it did.
    pub waiting: Option<Reason>,
    /// Whether a person has to sign in again; everything recorded stays.
    pub sign_in_needed: bool,
}

impl From<&device::SyncReport> for SyncReport {
    fn from(report: &device::SyncReport) -> Self {
        Self {
            exchanges: count(report.exchanges),
            received: count(report.received),
            bytes_up: report.bytes_up as u64,
            bytes_down: report.bytes_down as u64,
            waiting: report.waiting.clone().map(Reason::from),
            sign_in_needed: report.sign_in_needed,
        }
    }
}

/// A number of things as it crosses the border.
pub(crate) fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
