//! Whether what is stored is what was taken over. Each fact carries the server's seal over its row; what does not
//! hold is noted here, once, for the log and for those who watch the server.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use ring::hmac;
use sync_core::id::DeviceId;

use super::ledger::StoredFact;

/// Most damaged items that are told apart; more are not counted.
const NOTED: usize = 10_000;

/// The seal of stored facts, and what was found damaged since the server started.
#[derive(Clone, Debug)]
pub struct Integrity(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    key: hmac::Key,
    server: DeviceId,
    damaged: Mutex<BTreeSet<String>>,
    restores: AtomicU64,
}

impl Integrity {
    /// With the key that seals: only who holds it can make a row that holds; and the name under which the server states
    /// facts of its own.
    #[must_use]
    pub fn new(key: &[u8; 32], server: DeviceId) -> Self {
        Self(Arc::new(Inner {
            key: hmac::Key::new(hmac::HMAC_SHA256, key),
            server,
            damaged: Mutex::default(),
            restores: AtomicU64::new(0),
        }))
    }

    /// Whether a device has a chain: the server numbers its own facts by their places.
    #[must_use]
    pub fn has_chain(&self, device: DeviceId) -> bool {
        device != self.0.server
    }

    /// The seal of a fact at its place.
    #[must_use]
    pub fn seal(&self, fact: &StoredFact) -> Vec<u8> {
        hmac::sign(&self.0.key, &message(fact)).as_ref().to_vec()
    }

    /// A digest that nobody else can make, in hexadecimal.
    pub(super) fn digest(&self, message: &[u8]) -> String {
        super::hex(hmac::sign(&self.0.key, message).as_ref())
    }

    /// Whether a fact is as it was when it was sealed. If not, it is noted.
    pub(super) fn holds(&self, fact: &StoredFact, seal: Option<&[u8]>) -> bool {
        let seal = seal.unwrap_or_default();
        let holds = hmac::verify(&self.0.key, &message(fact), seal).is_ok();
        if !holds {
            self.note(format!("fact {:?} {}", fact.stream, fact.place));
        }
        holds
    }

    /// Notes that something stored is not what it was.
    pub fn note(&self, what: String) {
        let mut damaged = self.0.damaged.lock().unwrap_or_else(PoisonError::into_inner);
        if damaged.len() < NOTED && !damaged.contains(&what) {
            tracing::error!(%what, "what is stored is not what was taken over");
            damaged.insert(what);
        }
    }

    /// Notes that a device has read, or was told to be on disk, what this store does not have: it came back from a backup.
    pub fn note_restore(&self) {
        tracing::error!("a device knows more than this store, which came back from a backup");
        self.0.restores.fetch_add(1, Ordering::SeqCst);
    }

    /// What was found damaged since the server started, in the order of the alphabet.
    #[must_use]
    pub fn noted(&self) -> Vec<String> {
        let damaged = self.0.damaged.lock().unwrap_or_else(PoisonError::into_inner);
        let mut noted: Vec<String> = damaged.iter().cloned().collect();
        noted.sort_unstable();
        noted
    }

    /// How many stored items were found damaged since the server started.
    #[must_use]
    pub fn damaged(&self) -> u64 {
        self.0.damaged.lock().unwrap_or_else(PoisonError::into_inner).len() as u64
    }

    /// How often it was found since the server started that the store came back from a backup.
    #[must_use]
    pub fn restores(&self) -> u64 {
        self.0.restores.load(Ordering::SeqCst)
    }
}

/// Everything of a row. Fields of fixed length come first, so that no two rows give the same message.
fn message(fact: &StoredFact) -> Vec<u8> {
    let mut message = b"zhicha stored fact v1\0".to_vec();
    message.extend(fact.stream.as_bytes());
    message.extend(fact.place.to_be_bytes());
    message.extend(fact.at.as_millis().to_be_bytes());
    message.extend(fact.device.as_bytes());
    message.extend(fact.seq.to_be_bytes());
    message.extend(fact.id.as_bytes());
    message.extend(&fact.bytes);
    message
}
