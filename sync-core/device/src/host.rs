//! What only a platform has.

use std::sync::Arc;

use sync_core::ledger::fact::Signer;
use sync_core::time::Timestamp;
use sync_core::{Code, Refusal};

/// One reading of the platform's clocks.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    /// The clock on the wall.
    pub wall: Timestamp,
    /// Milliseconds since the platform started; it never goes back before the next start.
    pub monotonic_ms: u64,
    /// Names this start of the platform.
    pub boot: [u8; 8],
}

/// The platform's clocks.
pub trait Clock: Send {
    /// Reads them.
    fn read(&self) -> Reading;
}

/// The platform's source of randomness.
pub trait Entropy: Send {
    /// Fills a buffer with bytes that nobody can guess.
    fn fill(&mut self, buffer: &mut [u8]);
}

impl dyn Entropy {
    /// `N` fresh bytes.
    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }
}

/// The platform's key store: it signs with a P-256 key that never leaves it.
pub trait KeyStore: Signer + Send {
    /// The public key, SEC1 compressed, 33 bytes.
    fn public_key(&self) -> Vec<u8>;
}

/// A request for the platform's own HTTP client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpRequest {
    /// `GET`, `POST` or `PUT`.
    pub method: &'static str,
    /// Path and query below the server's address.
    pub path: String,
    /// Header fields.
    pub headers: Vec<(&'static str, String)>,
    /// Body.
    pub body: Vec<u8>,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpResponse {
    /// Status.
    pub status: u16,
    /// Body.
    pub body: Vec<u8>,
}

/// No answer came: the request may or may not have arrived.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TransportLost {
    /// What the platform said, such as an unknown host or a certificate that does not hold.
    pub detail: Option<String>,
}

impl From<TransportLost> for Refusal {
    fn from(lost: TransportLost) -> Self {
        Self { detail: lost.detail, ..Self::new(Code::NetworkLost) }
    }
}

/// The platform's HTTP client, with its trust store and proxies.
pub trait Transport: Send {
    /// Sends a request and waits for the answer.
    ///
    /// # Errors
    /// [`TransportLost`] when no answer came, whether or not the request arrived.
    fn send(&mut self, request: HttpRequest) -> Result<HttpResponse, TransportLost>;
}

/// Asked before every durable write: `false` stands for a device that dies there. Tests use it to
/// stop a device at each write in turn; on a platform every write is allowed.
pub type WriteGate = Arc<dyn Fn() -> bool + Send + Sync>;

/// Everything a device needs of its platform.
pub struct Host {
    /// Clocks.
    pub clock: Box<dyn Clock>,
    /// Randomness.
    pub entropy: Box<dyn Entropy>,
    /// Key store.
    pub keys: Box<dyn KeyStore>,
    /// HTTP client.
    pub transport: Box<dyn Transport>,
    /// Whether a write may happen.
    pub writes: WriteGate,
}

impl std::fmt::Debug for Host {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Host")
    }
}
