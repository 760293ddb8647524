//! A person's device, as the runtime on any platform: a folder, clocks, a key, a network.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use device::{Clock, Device, Entropy, Host, KeyStore, PhotoMeta, Reading, Without, WriteGate};
use sync_core::Refusal;
use sync_core::act::Statement;
use sync_core::act::visit::Arrival;
use sync_core::domain::evidence::{Purpose, Source};
use sync_core::domain::hazard::{Clause, Grade};
use sync_core::domain::term::Term;
use sync_core::draft::{Edit, HazardDraft, MeasureDraft};
use sync_core::id::{FactId, HazardId, InspectionId};
use sync_core::ledger::fact::{Signer, Suite};
use sync_core::ledger::stream::StreamId;
use sync_core::ledger::suites::SoftSigner;

use crate::photo;
use crate::weather::{Network, Wire};

/// A device in the hands of a person.
#[derive(Debug)]
pub struct Phone {
    /// The device.
    pub device: Device,
    /// Its network.
    pub network: Network,
    folder: PathBuf,
    clock: server::clock::ServerClock,
    locked: Arc<AtomicBool>,
}

impl Phone {
    /// Opens a phone in a folder; it finds what it saved there before.
    ///
    /// # Errors
    /// What [`Device`] refuses.
    pub fn open(
        folder: &Path,
        clock: server::clock::ServerClock,
        network: Network,
    ) -> Result<Self, Refusal> {
        Self::open_with(folder, clock, network, Arc::new(|| true))
    }

    /// Seals a record with the parts that are here; the whole team knows why the others are not.
    ///
    /// # Errors
    /// What the device refuses.
    pub fn seal(&mut self, inspection: InspectionId) -> Result<FactId, Refusal> {
        let view = self.device.inspection(inspection)?.ok_or(sync_core::Code::NotFound)?;
        let without: Vec<Without> = view
            .parts
            .iter()
            .filter(|part| !part.taken_in)
            .map(|part| Without {
                officer: part.officer, reason: "由本人统一记录".to_owned()
            })
            .collect();
        self.device.seal(inspection, &without)
    }

    /// Shows the certificate at the door of a visit.
    ///
    /// # Errors
    /// What the device refuses.
    pub fn arrive(&mut self, inspection: InspectionId) -> Result<FactId, Refusal> {
        let arrival = Arrival { inspection, certificate_shown: true, plate: None, fix: None };
        self.device.state(Statement::Arrived(arrival))
    }

    /// Records a hazard with its photo, which differs from hazard to hazard.
    ///
    /// # Errors
    /// What the device refuses.
    pub fn find(&mut self, inspection: InspectionId, hazard: HazardId) -> Result<(), Refusal> {
        let draft = HazardDraft {
            item: None,
            description: "疏散通道被货物占用，剩余宽度不足一点四米".to_owned(),
            place: "二号仓库东侧".to_owned(),
            basis: Clause { document: "AQF".to_owned(), clause: "第三十六条".to_owned() },
            grade: Grade::General,
            criterion: None,
            measure: MeasureDraft::Rectify(Term::natural(15)),
            found_by: self.device.person()?.id,
        };
        self.device.edit(inspection, Edit::AddHazard { hazard, draft })?;
        let meta = PhotoMeta {
            purpose: Purpose::Found,
            hazard: Some(hazard),
            source: Source::Camera,
            fix: None,
            derived_from: None,
        };
        let picture = photo::of_hazard(hazard);
        self.device.capture(StreamId::inspection(inspection), meta, &picture).map(drop)
    }

    /// Opens a phone whose writes ask `writes` first.
    ///
    /// # Errors
    /// What [`Device`] refuses.
    pub fn open_with(
        folder: &Path,
        clock: server::clock::ServerClock,
        network: Network,
        writes: WriteGate,
    ) -> Result<Self, Refusal> {
        let stored = |error: std::io::Error| {
            Refusal::new(sync_core::Code::DeviceStore).detail(error.to_string())
        };
        std::fs::create_dir_all(folder).map_err(stored)?;
        let locked = Arc::new(AtomicBool::new(false));
        let host = Host {
            clock: Box::new(PhoneClock { clock: clock.clone(), boot: machine().bytes() }),
            entropy: machine(),
            keys: Box::new(KeyFile::open(&folder.join("key"), locked.clone()).map_err(stored)?),
            transport: Box::new(Wire::new(network.clone())),
            writes,
        };
        let device = Device::open(folder, host)?;
        Ok(Self { device, network, folder: folder.to_owned(), clock, locked })
    }

    /// Ends the app and starts it again.
    ///
    /// # Errors
    /// What [`Device`] refuses.
    pub fn restart(self) -> Result<Self, Refusal> {
        let Self { device, network, folder, clock, .. } = self;
        drop(device);
        Self::open(&folder, clock, network)
    }

    /// Synchronises once, quietly.
    ///
    /// # Errors
    /// What [`Device`] refuses.
    pub fn sync(&mut self) -> Result<device::SyncReport, Refusal> {
        self.device.sync(&mut |_| {})
    }

    /// Locks or unlocks the key store.
    pub fn lock_keys(&self, locked: bool) {
        self.locked.store(locked, Ordering::SeqCst);
    }

    /// What signs for this phone, in the hands of whoever changed its app.
    ///
    /// # Errors
    /// That of the folder, or of a file that holds no key.
    pub fn signer(&self) -> Result<SoftSigner, Refusal> {
        let file = KeyFile::open(&self.folder.join("key"), Arc::clone(&self.locked));
        let stored = |error: std::io::Error| {
            Refusal::new(sync_core::Code::DeviceStore).detail(error.to_string())
        };
        Ok(file.map_err(stored)?.key)
    }

    /// Where the phone keeps its data.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

fn machine() -> Box<dyn Entropy> {
    Box::new(Machine)
}

struct Machine;

impl Entropy for Machine {
    fn fill(&mut self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(16) {
            let fresh = server::config::entropy::<16>().unwrap_or_default();
            for (to, from) in chunk.iter_mut().zip(fresh) {
                *to = from;
            }
        }
    }
}

/// The wall clock of a phone is the town's; its own count of milliseconds follows it.
struct PhoneClock {
    clock: server::clock::ServerClock,
    boot: [u8; 8],
}

impl Clock for PhoneClock {
    fn read(&self) -> Reading {
        let wall = self.clock.now();
        let monotonic_ms = u64::try_from(wall.as_millis()).unwrap_or_default();
        Reading { wall, monotonic_ms, boot: self.boot }
    }
}

/// A key in a file: this machine has no key store of its own.
struct KeyFile {
    key: SoftSigner,
    locked: Arc<AtomicBool>,
}

impl KeyFile {
    fn open(path: &Path, locked: Arc<AtomicBool>) -> std::io::Result<Self> {
        let secret: [u8; 32] = if let Ok(bytes) = std::fs::read(path) {
            bytes.try_into().map_err(|_| std::io::Error::other("not a key"))?
        } else {
            let secret = server::config::entropy()?;
            std::fs::write(path, secret)?;
            secret
        };
        let key = SoftSigner::from_secret(&secret).map_err(std::io::Error::other)?;
        Ok(Self { key, locked })
    }
}

impl Signer for KeyFile {
    fn suite(&self) -> Suite {
        self.key.suite()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Refusal> {
        if self.locked.load(Ordering::SeqCst) {
            return Err(Refusal::new(sync_core::Code::DeviceLocked));
        }
        self.key.sign(message)
    }
}

impl KeyStore for KeyFile {
    fn public_key(&self) -> Vec<u8> {
        self.key.public_key()
    }
}
