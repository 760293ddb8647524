//! What only a browser has: its clocks, its randomness, and a key that the worker unlocks.

use std::sync::Mutex;

use device::{
    Clock, Entropy, HttpRequest, HttpResponse, KeyStore, Reading, Transport, TransportLost,
};
use sync_core::Refusal;
use sync_core::ledger::fact::{Signer, Suite};
use sync_core::ledger::suites::SoftSigner;
use sync_core::time::Timestamp;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn since_start() -> f64;
}

/// How far wall clock and page may drift apart before the page counts as started anew.
const DRIFT_MS: i64 = 10_000;

/// The clocks of a worker. Its time since start stops while the phone sleeps. When the wall clock has run ahead of
/// it, a new start is assumed: earlier readings then do not count.
pub(crate) struct WorkerClock(Mutex<Start>);

struct Start {
    boot: [u8; 8],
    /// Wall clock less time since start.
    offset: i64,
}

impl WorkerClock {
    pub(crate) fn new() -> Self {
        let (wall, since) = clocks();
        Self(Mutex::new(Start { boot: fresh(), offset: wall - since }))
    }
}

#[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit")]
fn clocks() -> (i64, i64) {
    (js_sys::Date::now() as i64, since_start() as i64)
}

fn fresh() -> [u8; 8] {
    let mut bytes = [0; 8];
    Crypto.fill(&mut bytes);
    bytes
}

impl Clock for WorkerClock {
    fn read(&self) -> Reading {
        let (wall, since) = clocks();
        let mut start = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if wall - since - start.offset > DRIFT_MS {
            *start = Start { boot: fresh(), offset: wall - since };
        }
        let monotonic_ms = u64::try_from(since).unwrap_or_default();
        Reading { wall: Timestamp::from_millis(wall), monotonic_ms, boot: start.boot }
    }
}

/// The browser's randomness.
pub(crate) struct Crypto;

impl Entropy for Crypto {
    fn fill(&mut self, buffer: &mut [u8]) {
        // A browser without it has no worker either; a page that got here has it.
        let _ = getrandom::fill(buffer);
    }
}

/// A key in the memory of the worker. How it is kept is the package's matter.
pub(crate) struct UnlockedKey(pub(crate) SoftSigner);

impl Signer for UnlockedKey {
    fn suite(&self) -> Suite {
        self.0.suite()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Refusal> {
        self.0.sign(message)
    }
}

impl KeyStore for UnlockedKey {
    fn public_key(&self) -> Vec<u8> {
        self.0.public_key()
    }
}

/// The worker sends requests itself, between two steps of the core.
pub(crate) struct AskedForStepwise;

impl Transport for AskedForStepwise {
    fn send(&mut self, _: HttpRequest) -> Result<HttpResponse, TransportLost> {
        Err(TransportLost::default())
    }
}
