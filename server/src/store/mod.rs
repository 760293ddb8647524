//! Everything that is stored in the database. The only user of sqlx.
//!
//! Reading functions take a connection; everything of the exchange is written through
//! [`writer::Writer`], one durable transaction for all jobs that wait.

pub mod accounts;
pub mod audit;
pub mod blobs;
pub mod catalogues;
pub mod devices;
pub mod drafts;
mod error;
pub mod feed;
pub mod files;
pub mod frozen;
mod group;
pub mod integrity;
pub mod ledger;
pub mod listed;
pub mod numbers;
mod open;
pub mod papers;
pub mod quarantine;
pub mod restorations;
pub mod rows;
pub mod sequencer;
pub mod sessions;
pub mod set_aside;
mod sql;
pub mod streams;
pub mod writer;

pub use error::StoreError;
pub use open::open;
/// One connection.
pub use sqlx::AnyConnection as Db;
/// Connections to read from.
pub use sqlx::AnyPool as Pool;

use sync_core::id::Digest;

/// A count as stored; counts never get near the end of an `i64`.
fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

fn digest(bytes: &[u8]) -> Result<Digest, StoreError> {
    Digest::from_bytes(bytes).map_err(|_| StoreError::damaged("digest"))
}

/// Bytes in hexadecimal, as names are written in logs and addresses.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string has no failure.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn id16(bytes: &[u8]) -> Result<[u8; 16], StoreError> {
    bytes.try_into().map_err(|_| StoreError::damaged("id"))
}
