//! How far a device has read, per audience.

use std::mem::discriminant;

use minicbor::{Decode, Encode};
use sync_core::cbor;
use sync_core::id::{Digest, PersonId};
use sync_core::ledger::stream::StreamId;
use sync_core::wire::exchange::{ItemVerdict, Outcome};

use super::lost::is_lost;
use crate::admission::receive::Received;
use crate::auth::keys::Keys;
use crate::store::feed::{self, Tag};
use crate::store::{Db, StoreError, drafts, ledger, quarantine};

/// What a cursor says inside of its seal.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Cursor {
    /// The epoch in which it was given.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub epoch: [u8; 16],
    /// How far each audience was read.
    #[n(1)]
    pub marks: Vec<Mark>,
    /// What the device was told to be on disk and has not read in a feed: the last item of each kind. None in cursors from
    /// before it was noted.
    #[n(2)]
    pub told: Option<Vec<Told>>,
}

/// An item whose verdict says that it is on disk.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Told {
    /// A fact of a stream was taken over.
    #[n(0)]
    Fact(#[n(0)] StreamId, #[n(1)] Digest),
    /// A change of a draft was taken over.
    #[n(1)]
    Change(#[n(0)] StreamId, #[n(1)] Digest),
    /// An item waits for a supervisor.
    #[n(2)]
    Quarantined(#[n(0)] Digest),
}

impl Told {
    /// The item of each kind that a device was told last, of those `before` and of what a push brought now.
    #[must_use]
    pub fn last(before: &CursorState, received: &Received, verdicts: &[ItemVerdict]) -> Vec<Self> {
        let facts = received.facts.iter().map(|item| {
            let stream = item.fact.as_ref().map(|fact| fact.body.stream);
            (item.id, stream.map(|stream| Self::Fact(stream, item.id)))
        });
        let changes = received.drafts.iter().flat_map(|draft| {
            let stream = StreamId::inspection(draft.inspection);
            draft.changes.iter().map(move |(id, _)| (*id, Some(Self::Change(stream, *id))))
        });
        let told = facts.chain(changes).zip(verdicts).filter_map(|((id, told), verdict)| {
            match verdict.outcome {
                Outcome::Accepted => told,
                Outcome::Quarantined(_) => Some(Self::Quarantined(id)),
                Outcome::Refused(_) | Outcome::Retry(_) => None,
            }
        });
        let before = match before {
            CursorState::Continued(cursor) => cursor.told.clone().unwrap_or_default(),
            CursorState::Fresh | CursorState::Restart => Vec::new(),
        };
        let mut last: Vec<Self> = Vec::new();
        for told in before.into_iter().chain(told) {
            last.retain(|it| discriminant(it) != discriminant(&told));
            last.push(told);
        }
        last
    }

    /// Whether the store has it: where it was written, or in quarantine, from which it may have been settled.
    async fn is_there(&self, db: &mut Db) -> Result<bool, StoreError> {
        let (Self::Fact(_, item) | Self::Change(_, item) | Self::Quarantined(item)) = self;
        let written = match self {
            Self::Fact(stream, id) => ledger::holds(db, (*stream).into(), *id).await?,
            Self::Change(stream, id) => drafts::holds(db, (*stream).into(), *id).await?,
            Self::Quarantined(_) => false,
        };
        Ok(written || quarantine::is_known(db, *item).await?)
    }
}

/// How far one audience was read.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Mark {
    /// The audience.
    #[n(0)]
    pub audience: String,
    /// The last position that was read.
    #[n(1)]
    pub position: u64,
    /// Up to this position the device gets its own items, too: it began with an empty store.
    #[n(2)]
    pub own_until: u64,
    /// Which row was read there; none at the start of a feed and in cursors from before it was noted.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub row: Option<Tag>,
}

/// What a cursor from a device means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CursorState {
    /// It says how far the device has read.
    Continued(Cursor),
    /// There is none, or it is not one of ours: from the start.
    Fresh,
    /// It was given before the server came back from a backup.
    Restart,
}

impl Cursor {
    /// Reads what a device sent.
    #[must_use]
    pub fn read(sealed: &[u8], keys: &Keys, person: PersonId, epoch: [u8; 16]) -> CursorState {
        let plain = match keys.open_cursor(person, sealed) {
            Ok(plain) if !sealed.is_empty() => plain,
            _ => return CursorState::Fresh,
        };
        match cbor::from_slice::<Self>(&plain) {
            Ok(cursor) if cursor.epoch == epoch => CursorState::Continued(cursor),
            Ok(_) => CursorState::Restart,
            Err(_) => CursorState::Fresh,
        }
    }

    /// Whether every row up to which it has read is in the feeds, and what its device was told to be on disk is there. If
    /// not, it was given by another life of this store, of which a backup knows nothing.
    ///
    /// # Errors
    /// What the database says.
    pub async fn is_known(&self, db: &mut Db) -> Result<bool, StoreError> {
        let read = || self.marks.iter().filter(|mark| mark.position > 0 && !is_lost(mark));
        let places: Vec<_> = read().map(|mark| (mark.audience.as_str(), mark.position)).collect();
        let tags = feed::tags(db, &places).await?;
        let known = |mark: &Mark| {
            let tag = tags.get(&mark.audience);
            tag.is_some_and(|tag| mark.row.is_none_or(|row| row == *tag))
        };
        if !read().all(known) {
            return Ok(false);
        }
        for told in self.told.iter().flatten() {
            if !told.is_there(db).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Notes what the device was told. When nothing more is waiting, the rows of its own facts and changes are read, and
    /// say as much.
    pub fn note_told(&mut self, mut told: Vec<Told>, more: bool) {
        told.retain(|it| more || matches!(it, Told::Quarantined(_)));
        self.told = Some(told).filter(|told| !told.is_empty());
    }

    /// Seals it for its reader.
    ///
    /// # Errors
    /// What [`Keys::seal_cursor`] refuses.
    pub fn seal(
        &self,
        keys: &Keys,
        person: PersonId,
    ) -> Result<Vec<u8>, sync_core::refusal::Refusal> {
        keys.seal_cursor(person, &cbor::to_vec(self))
    }
}
