//! Why a command of the program failed.

use sync_core::refusal::Refusal;

use crate::store::StoreError;

/// Why a command of the program failed.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// A file or the network.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// Something stored or given cannot be used.
    #[error("{0}")]
    Refused(#[from] Refusal),
}
