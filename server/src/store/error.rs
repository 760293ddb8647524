//! Why a query failed.

use sync_core::refusal::{Code, Refusal};

/// Why a query failed. None of it is the asker's fault.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database said no.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// A stored value cannot be read.
    #[error("stored value is damaged: {0}")]
    Damaged(&'static str),
    /// The writer has ended: the server is going down.
    #[error("the writer has ended")]
    Stopped,
}

impl StoreError {
    pub(crate) const fn damaged(what: &'static str) -> Self {
        Self::Damaged(what)
    }

    /// Whether it is what is stored that cannot be read, and not the database that does not answer.
    pub(crate) const fn is_damage(&self) -> bool {
        use sqlx::Error::{ColumnDecode, Decode};
        matches!(self, Self::Damaged(_) | Self::Database(ColumnDecode { .. } | Decode(_)))
    }
}

impl From<StoreError> for Refusal {
    /// Tells a caller nothing of the inside.
    fn from(_: StoreError) -> Self {
        Self::new(Code::StorageFailed)
    }
}
