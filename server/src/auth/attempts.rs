//! Failed attempts to sign in, which lock an account for a peer.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use sync_core::time::Timestamp;

/// Failures in a row that lock an account for a peer.
const FAILURES: u32 = 10;
/// How long.
const LOCK_MS: i64 = 15 * 60_000;
/// Entries that are remembered; beyond it the oldest failures are forgotten first.
const REMEMBERED: usize = 10_000;

/// Who failed to sign in lately.
#[derive(Debug, Default)]
pub struct FailedSignIns(Mutex<HashMap<(String, IpAddr), (u32, Timestamp)>>);

impl FailedSignIns {
    /// Whether an account is locked for a peer.
    pub(crate) fn locked(&self, who: &(String, IpAddr), now: Timestamp) -> bool {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(who).is_some_and(|(count, last)| {
            *count >= FAILURES && now.as_millis() - last.as_millis() < LOCK_MS
        })
    }

    /// Notes a failure.
    pub(crate) fn note(&self, who: (String, IpAddr), now: Timestamp) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED {
            known.retain(|_, (_, last)| now.as_millis() - last.as_millis() < LOCK_MS);
        }
        if known.len() >= REMEMBERED {
            let oldest = known.iter().min_by_key(|(_, (_, last))| *last);
            if let Some(oldest) = oldest.map(|(who, _)| who.clone()) {
                known.remove(&oldest);
            }
        }
        let entry = known.entry(who).or_insert((0, now));
        if now.as_millis() - entry.1.as_millis() >= LOCK_MS {
            entry.0 = 0;
        }
        *entry = (entry.0 + 1, now);
    }

    /// Forgets the failures of an account and a peer.
    pub(crate) fn forget(&self, who: &(String, IpAddr)) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(who);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_names_do_not_open_a_lock() {
        let failures = FailedSignIns::default();
        let peer = IpAddr::from([192, 0, 2, 1]);
        let (who, now) = (("locked".to_owned(), peer), Timestamp::from_millis(1));
        for _ in 0..FAILURES {
            failures.note(who.clone(), now.plus_millis(1));
        }
        for number in 0..2 * REMEMBERED {
            failures.note((number.to_string(), peer), now);
        }
        assert!(failures.locked(&who, now));
        assert!(failures.0.lock().unwrap().len() <= REMEMBERED);
    }
}
