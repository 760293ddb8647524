//! How far a device has read, per audience.

use minicbor::{Decode, Encode};
use sync_core::cbor;
use sync_core::id::PersonId;

use crate::auth::keys::Keys;

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
    /// Up to here the device's own items are sent, too: it began without anything.
    #[n(2)]
    pub own_until: u64,
}

/// What a cursor that a device sent is worth.
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

    /// Seals it for its reader.
    pub fn seal(
        &self,
        keys: &Keys,
        person: PersonId,
    ) -> Result<Vec<u8>, sync_core::refusal::Refusal> {
        keys.seal_cursor(person, &cbor::to_vec(self))
    }
}
