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
    /// Rows of the data that were not taken, each told before.
    #[error("{0} rows were not taken")]
    Rows(usize),
    /// Files that were not taken, each line with file, line, reason and what to do.
    #[error("没有导入任何内容：\n{}", .0.join("\n"))]
    Faults(Vec<String>),
    /// Something stored or given cannot be used.
    #[error("{0}")]
    Refused(#[from] Refusal),
}
