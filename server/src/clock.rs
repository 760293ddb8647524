//! The one place that reads the time.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use sync_core::time::Timestamp;

/// Where the server's time comes from.
#[derive(Clone, Debug, Default)]
pub enum ServerClock {
    /// The machine's clock.
    #[default]
    System,
    /// A clock that stands until it is set: for tests and for playing a month in a minute.
    Manual(Arc<AtomicI64>),
}

impl ServerClock {
    /// A clock that stands at `at`.
    #[must_use]
    pub fn standing_at(at: Timestamp) -> Self {
        Self::Manual(Arc::new(AtomicI64::new(at.as_millis())))
    }

    /// Sets a standing clock; the machine's clock is not touched.
    pub fn set(&self, at: Timestamp) {
        if let Self::Manual(millis) = self {
            millis.store(at.as_millis(), Ordering::SeqCst);
        }
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => {
                let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
            }
            Self::Manual(millis) => Timestamp::from_millis(millis.load(Ordering::SeqCst)),
        }
    }
}
