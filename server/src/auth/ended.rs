//! Sessions that ended before their access tokens.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use sync_core::time::Timestamp;

use super::tokens::ACCESS_MS;

/// Sessions that ended while an access token of theirs may still work.
#[derive(Debug, Default)]
pub struct EndedSessions(Mutex<HashMap<[u8; 16], Timestamp>>);

impl EndedSessions {
    /// Notes sessions that end now, and forgets those whose last access token has ended.
    pub fn note(&self, families: &[[u8; 16]], now: Timestamp) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, at| at.plus_millis(ACCESS_MS) > now);
        known.extend(families.iter().map(|family| (*family, now)));
    }

    /// Whether a session ended.
    pub fn contains(&self, family: [u8; 16]) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains_key(&family)
    }
}
