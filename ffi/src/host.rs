//! What only a platform has, as traits that an app implements.

use std::fs::OpenOptions;
use std::io::{Read as _, Write as _};
use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use device::Changed;
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
        // Keeps the first line only: a platform may add its whole stack trace.
        let detail = error.reason.lines().next().unwrap_or_default().to_owned();
        Self::Unavailable { detail }
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
    ///
    /// # Errors
    /// [`VaultError::Locked`] until the person unlocks it, otherwise [`VaultError::Unavailable`].
    fn public_key(&self) -> Result<Vec<u8>, VaultError>;
    /// ECDSA with SHA-256 over the message, as DER or as 64 bytes.
    ///
    /// # Errors
    /// [`VaultError::Locked`] until the person unlocks it, otherwise [`VaultError::Unavailable`].
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

/// The clocks could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum ClockError {
    /// The platform does not say.
    #[error("unavailable: {detail}")]
    Unavailable {
        /// What the platform said.
        detail: String,
    },
}

impl From<uniffi::UnexpectedUniFFICallbackError> for ClockError {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Unavailable { detail: error.reason }
    }
}

/// The platform's clocks. While they cannot be read, those of the process count.
#[uniffi::export(with_foreign)]
pub trait DeviceClock: Send + Sync {
    /// Reads them.
    ///
    /// # Errors
    /// [`ClockError::Unavailable`] with what the platform said.
    fn read(&self) -> Result<ClockReading, ClockError>;
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

impl From<device::HttpRequest> for HttpCall {
    fn from(request: device::HttpRequest) -> Self {
        let field = |(name, value): (&str, String)| HeaderField { name: name.to_owned(), value };
        Self {
            method: request.method.to_owned(),
            path: request.path,
            headers: request.headers.into_iter().map(field).collect(),
            body: request.body,
        }
    }
}

/// An answer, whatever its status.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct HttpAnswer {
    /// Status.
    pub status: u16,
    /// Body.
    pub body: Vec<u8>,
}

/// Told after each call that changed something, on the thread of that call. It may ask the device.
#[uniffi::export(with_foreign)]
pub trait Observer: Send + Sync {
    /// These parts changed; whoever shows them asks for them again.
    fn changed(&self, parts: Vec<Changed>);
}

/// A clock for hosts that cannot name a start of the machine: each process counts as one.
#[uniffi::export]
pub fn process_clock() -> Arc<dyn DeviceClock> {
    Arc::new(ProcessClock::start())
}

struct ProcessClock {
    started: Instant,
    boot: Vec<u8>,
}

impl ProcessClock {
    fn start() -> Self {
        Self { started: Instant::now(), boot: entropy::<8>().to_vec() }
    }

    fn reading(&self) -> ClockReading {
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
        ClockReading {
            wall: Timestamp::from_millis(i64::try_from(wall).unwrap_or_default()),
            monotonic_ms: u64::try_from(self.started.elapsed().as_millis()).unwrap_or_default(),
            boot: self.boot.clone(),
        }
    }
}

impl DeviceClock for ProcessClock {
    fn read(&self) -> Result<ClockReading, ClockError> {
        Ok(self.reading())
    }
}

/// A key in a file that only its owner may read, made when it is not there: for scripts, tests and
/// offices. A phone has a key store and uses that.
///
/// # Errors
/// [`DeviceError::DiskFull`] without room, `device_store` where there is no such folder, `key_unavailable` for a file
/// that cannot be read or holds no key.
#[uniffi::export]
pub fn key_file(path: String) -> Result<Arc<dyn KeyVault>, DeviceError> {
    let failed = |error: std::io::Error| {
        use std::io::ErrorKind::{NotADirectory, NotFound, QuotaExceeded, StorageFull};
        let code = match error.kind() {
            StorageFull | QuotaExceeded => Code::DeviceFull,
            // Where there is no folder there is nothing wrong with the key.
            NotFound | NotADirectory => Code::DeviceStore,
            _ => Code::KeyUnavailable,
        };
        Refusal::new(code).detail(error.to_string())
    };
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
) -> Result<device::Host, Refusal> {
    let public_key = suites::compress_p256(&vault.public_key()?)?;
    Ok(device::Host {
        clock: Box::new(HostClock { clock, process: ProcessClock::start() }),
        entropy: Box::new(SystemEntropy),
        keys: Box::new(HostVault { vault: vault.clone(), public_key }),
        transport: Box::new(SentByTheApp),
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

struct HostClock {
    clock: Arc<dyn DeviceClock>,
    process: ProcessClock,
}

impl device::Clock for HostClock {
    fn read(&self) -> device::Reading {
        let reading = self.clock.read().unwrap_or_else(|_| self.process.reading());
        let ClockReading { wall, monotonic_ms, boot: name } = reading;
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

impl device::KeyStore for HostVault {
    fn public_key(&self) -> Vec<u8> {
        self.public_key.clone()
    }
}

/// An app sends the requests itself ([`crate::Requests`]).
struct SentByTheApp;

impl device::Transport for SentByTheApp {
    fn send(
        &mut self,
        _: device::HttpRequest,
    ) -> Result<device::HttpResponse, device::TransportLost> {
        Err(device::TransportLost::default())
    }
}
