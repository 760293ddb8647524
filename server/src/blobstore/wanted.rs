//! Files that a decision rests on and nobody has looked at yet.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use sync_core::id::BlobHash;
use tokio::sync::Notify;

/// Files that may wait. What is too much is asked for again, since the decision is stated again.
const MOST: usize = 4_096;

/// Files that wait to be looked at.
#[derive(Clone, Debug, Default)]
pub struct Wanted(Arc<Waiting>);

#[derive(Debug, Default)]
struct Waiting {
    files: Mutex<BTreeSet<BlobHash>>,
    came: Notify,
}

impl Wanted {
    fn with<T>(&self, work: impl FnOnce(&mut BTreeSet<BlobHash>) -> T) -> T {
        work(&mut self.0.files.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Has files looked at.
    pub fn ask(&self, files: impl IntoIterator<Item = BlobHash>) {
        let any = self.with(|waiting| {
            for file in files {
                if waiting.len() < MOST {
                    waiting.insert(file);
                }
            }
            !waiting.is_empty()
        });
        if any {
            self.0.came.notify_one();
        }
    }

    /// One of those that wait.
    #[must_use]
    pub fn take(&self) -> Option<BlobHash> {
        self.with(BTreeSet::pop_first)
    }

    /// The next one, once there is one.
    pub async fn next(&self) -> BlobHash {
        loop {
            if let Some(file) = self.take() {
                return file;
            }
            self.0.came.notified().await;
        }
    }
}
