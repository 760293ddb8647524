//! What only a platform has, as traits that an app implements.

use std::fs::OpenOptions;
use std::io::{Read as _, Write as _};
use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use sync_core::ledger::fact::{Signer, Suite};
use sync_core::ledger::suites::{self, SoftSigner};
use sync_core::time::Timestamp;
use sync_core::{Code, Refusal};

use crate::DeviceError;

/// Why a key store does not sign.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum VaultError {
    /// The person has to unlock it first.
    #[error("locked")]
    Locked,
    /// The key is not there.
    #[error("unavailable: {detail}")]
    Unavailable {
        /// What the platform said.
        detail: String,
    },
}

impl From<uniffi::UnexpectedUniFFICallbackError> for VaultError {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Unavailable { detail: error.reason }
    }
}

impl From<VaultError> for Refusal {
    fn from(error: VaultError) -> Self {
        match error {
            VaultError::Locked => Self::new(Code::DeviceLocked),
            VaultError::Unavailable { detail } => Self::new(Code::KeyUnavailable).detail(detail),
        }
    }
}

/// The platform's key store with one P-256 key that never leaves it. It is called while the device is
/// busy and must not call back into it.
#[uniffi::export(with_foreign)]
pub trait KeyVault: Send + Sync {
    /// The public key as a SEC1 point, compressed or not.
    fn public_key(&self) -> Result<Vec<u8>, VaultError>;
    /// ECDSA with SHA-256 over the message, as DER or as 64 bytes.
    fn sign(&self, message: Vec<u8>) -> Result<Vec<u8>, VaultError>;
}

/// One reading of the platform's clocks.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct ClockReading {
    /// The clock on the wall.
    pub wall: Timestamp,
    /// Milliseconds since the platform started, sleep included; it never goes back before the next start.
    pub monotonic_ms: u64,
    /// Names this start of the platform; only the first 8 bytes count.
    pub boot: Vec<u8>,
}

/// The platform's clocks.
#[uniffi::export(with_foreign)]
pub trait DeviceClock: Send + Sync {
    /// Reads them.
    fn read(&self) -> ClockReading;
}

/// A header field.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct HeaderField {
    /// Name, in lower case.
    pub name: String,
    /// Value.
    pub value: String,
}

/// A request for the platform's own HTTP client.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct HttpCall {
    /// `GET`, `POST` or `PUT`.
    pub method: String,
    /// Path and query below the server's address.
    pub path: String,
    /// Header fields.
    pub headers: Vec<HeaderField>,
    /// Body.
    pub body: Vec<u8>,
}

/// An answer, whatever its status.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct HttpAnswer {
    /// Status.
    pub status: u16,
    /// Body.
    pub body: Vec<u8>,
}

/// No answer came: the request may or may not have arrived.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum NetworkLost {
    /// No answer came.
    #[error("no answer: {detail}")]
    NoAnswer {
        /// What the platform said.
        detail: String,
    },
}

impl From<uniffi::UnexpectedUniFFICallbackError> for NetworkLost {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::NoAnswer { detail: error.reason }
    }
}

/// The platform's own HTTP client, with its trust store, proxies and knowledge of the connection.
#[uniffi::export(with_foreign)]
pub trait Transport: Send + Sync {
    /// Sends a request and waits for the answer.
    fn send(&self, call: HttpCall) -> Result<HttpAnswer, NetworkLost>;
}

/// A clock for hosts that cannot name a start of the machine: each process counts as one.
#[uniffi::export]
pub fn process_clock() -> Arc<dyn DeviceClock> {
    Arc::new(ProcessClock { started: Instant::now(), boot: entropy::<8>().to_vec() })
}

struct ProcessClock {
    started: Instant,
    boot: Vec<u8>,
}

impl DeviceClock for ProcessClock {
    fn read(&self) -> ClockReading {
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
        ClockReading {
            wall: Timestamp::from_millis(i64::try_from(wall).unwrap_or_default()),
            monotonic_ms: u64::try_from(self.started.elapsed().as_millis()).unwrap_or_default(),
            boot: self.boot.clone(),
        }
    }
}

/// A key in a file that only its owner may read, made when it is not there: for scripts, tests and
/// offices. A phone has a key store and uses that.
#[uniffi::export]
pub fn key_file(path: String) -> Result<Arc<dyn KeyVault>, DeviceError> {
    let failed =
        |error: std::io::Error| Refusal::new(Code::KeyUnavailable).detail(error.to_string());
    let secret = read_or_make_secret(&path).map_err(failed)?;
    Ok(Arc::new(KeyFile(SoftSigner::from_secret(&secret)?)))
}

fn read_or_make_secret(path: &str) -> std::io::Result<[u8; 32]> {
    let mut secret = [0; 32];
    match private_file().open(path) {
        Ok(mut file) => {
            secret = entropy();
            file.write_all(&secret).and_then(|()| file.sync_all())?;
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            std::fs::File::open(path)?.read_exact(&mut secret)?;
        }
        Err(error) => return Err(error),
    }
    Ok(secret)
}

fn private_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

struct KeyFile(SoftSigner);

impl KeyVault for KeyFile {
    fn public_key(&self) -> Result<Vec<u8>, VaultError> {
        Ok(self.0.public_key())
    }

    fn sign(&self, message: Vec<u8>) -> Result<Vec<u8>, VaultError> {
        self.0
            .sign(&message)
            .map_err(|refusal| VaultError::Unavailable { detail: refusal.to_string() })
    }
}

/// Fresh bytes of the operating system.
pub(crate) fn entropy<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    device::Entropy::fill(&mut SystemEntropy, &mut bytes);
    bytes
}

/// The host of one device, made of what the app brought.
pub(crate) fn host(
    vault: &Arc<dyn KeyVault>,
    clock: Arc<dyn DeviceClock>,
    transport: Arc<dyn Transport>,
) -> Result<device::Host, Refusal> {
    let public_key = suites::compress_p256(&vault.public_key()?)?;
    Ok(device::Host {
        clock: Box::new(HostClock(clock)),
        entropy: Box::new(SystemEntropy),
        keys: Box::new(HostVault { vault: vault.clone(), public_key }),
        transport: Box::new(HostTransport(transport)),
        writes: Arc::new(|| true),
    })
}

struct SystemEntropy;

impl device::Entropy for SystemEntropy {
    #[expect(clippy::expect_used, reason = "without entropy nothing can be named or signed")]
    fn fill(&mut self, buffer: &mut [u8]) {
        getrandom::fill(buffer).expect("entropy of the operating system");
    }
}

struct HostClock(Arc<dyn DeviceClock>);

impl device::Clock for HostClock {
    fn read(&self) -> device::Reading {
        let ClockReading { wall, monotonic_ms, boot: name } = self.0.read();
        let mut boot = [0; 8];
        boot.iter_mut().zip(name).for_each(|(to, from)| *to = from);
        device::Reading { wall, monotonic_ms, boot }
    }
}

struct HostVault {
    vault: Arc<dyn KeyVault>,
    public_key: Vec<u8>,
}

impl Signer for HostVault {
    fn suite(&self) -> Suite {
        Suite::P256
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Refusal> {
        suites::plain_p256(&self.vault.sign(message.to_vec())?)
    }
}

impl device::KeyVault for HostVault {
    fn public_key(&self) -> Vec<u8> {
        self.public_key.clone()
    }
}

struct HostTransport(Arc<dyn Transport>);

impl device::Transport for HostTransport {
    fn send(
        &mut self,
        request: device::HttpRequest,
    ) -> Result<device::HttpResponse, device::TransportLost> {
        carry(self.0.as_ref(), request)
    }
}

/// Sends a request of the device runtime over an app's transport.
pub(crate) fn carry(
    transport: &dyn Transport,
    request: device::HttpRequest,
) -> Result<device::HttpResponse, device::TransportLost> {
    let field = |(name, value): (&str, String)| HeaderField { name: name.to_owned(), value };
    let call = HttpCall {
        method: request.method.to_owned(),
        path: request.path,
        headers: request.headers.into_iter().map(field).collect(),
        body: request.body,
    };
    let HttpAnswer { status, body } =
        transport.send(call).map_err(|NetworkLost::NoAnswer { detail }| device::TransportLost {
            detail: Some(detail),
        })?;
    Ok(device::HttpResponse { status, body })
}
