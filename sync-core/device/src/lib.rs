//! The runtime around the core on any device: one store, files for photos, and the driver that
//! carries out what the engine asks for.
//!
//! The host brings what only a platform has ([`Host`]): clocks, entropy, a key store, a transport.
//! Everything that a [`Device`] says is done is on disk; kill it between any two writes and nothing
//! that was said to be saved is lost.

mod capture;
mod changes;
mod conflicts;
mod driver;
mod files;
mod history;
mod host;
mod leave;
mod lists;
mod report;
mod session;
mod states;
mod store;
mod timeline;
mod views;
mod visit;
mod words;
mod work;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::Path;

use sync_core::domain::account::Person;
use sync_core::domain::catalogue::Catalogue;
use sync_core::draft::Session;
use sync_core::id::{DeviceId, InspectionId};
use sync_core::ledger::stream::StreamId;
use sync_core::{Code, Refusal};

pub use capture::PhotoMeta;
pub use changes::Changed;
pub use conflicts::Conflict;
pub use driver::SyncRun;
pub use history::HistoryEntry;
pub use host::{
    Clock, Entropy, Host, HttpRequest, HttpResponse, KeyVault, Reading, Transport, TransportLost,
    WriteGate,
};
pub use lists::{Decision, Desk, HazardRow, NoticeRow, Page, StreamAbout};
pub use report::{ItemState, Outbox, OutboxFile, OutboxRecord, Progress, Standing, SyncReport};
pub use session::Errand;
pub use timeline::TimelineRow;
pub use views::{InspectionView, NoticeHazard, NoticeView, Parallel, SealView, ServiceView, Task};
pub use words::{RefusalWords, Terms, Words, words};

use files::{Files, Folder, Packed};
use store::Store;

/// One person's device.
pub struct Device {
    host: Host,
    store: Store,
    files: Box<dyn Files>,
    session: Session,
    person: Option<Person>,
    id: Option<DeviceId>,
    catalogue: Catalogue,
    changes: BTreeSet<Changed>,
}

impl std::fmt::Debug for Device {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Device").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Device {
    /// Opens or makes a device in a folder of its own. Whatever was saved before is there.
    pub fn open(folder: &Path, host: Host) -> Result<Self, Refusal> {
        let files = Folder::open(folder)?;
        Self::start(folder, Box::new(files), host)
    }

    /// Opens or makes a device whose pictures lie in a database of their own beside the store, for
    /// platforms that give databases but no files.
    pub fn open_packed(folder: &Path, host: Host) -> Result<Self, Refusal> {
        let files = Packed::open(&folder.join("pictures.db"))?;
        Self::start(folder, Box::new(files), host)
    }

    fn start(folder: &Path, files: Box<dyn Files>, mut host: Host) -> Result<Self, Refusal> {
        let store = Store::open(&folder.join("device.db"), host.writes.clone())?;
        // Actors of drafts are sessions: fresh after every start, so that a device that was restored
        // from a backup never writes under a name that it used before.
        let session = Session(host.entropy.bytes());
        let person = store.json("person")?;
        let id = store.value("device")?.and_then(|bytes| bytes.try_into().ok());
        let mut device = Self {
            host,
            store,
            files,
            session,
            person,
            id: id.map(DeviceId::from_bytes),
            catalogue: Catalogue::default(),
            changes: BTreeSet::new(),
        };
        device.load_catalogue()?;
        Ok(device)
    }

    fn load_catalogue(&mut self) -> Result<(), Refusal> {
        if let Some(bytes) = self.store.catalogue()? {
            self.catalogue = sync_core::cbor::from_slice(&bytes)?;
        }
        Ok(())
    }

    /// The person who is signed in on this device.
    pub fn person(&self) -> Result<&Person, Refusal> {
        self.person.as_ref().ok_or(Refusal::new(Code::NotSignedIn))
    }

    /// The name under which the device is enrolled.
    pub fn id(&self) -> Result<DeviceId, Refusal> {
        self.id.ok_or(Refusal::new(Code::NotEnrolled))
    }

    /// Reference data: checklists, laws, departments, calendars, enterprises.
    #[must_use]
    pub const fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// The reference data under which an inspection is written here: what was the newest at its first
    /// edit, for as long as its draft takes edits.
    pub fn catalogue_of(&self, inspection: InspectionId) -> Result<Cow<'_, Catalogue>, Refusal> {
        Ok(match self.store.old_catalogue(inspection)? {
            Some(bytes) => Cow::Owned(sync_core::cbor::from_slice(&bytes)?),
            None => Cow::Borrowed(&self.catalogue),
        })
    }

    /// Forgets catalogues whose drafts are sealed or gone.
    fn let_old_catalogues_go(&mut self) -> Result<(), Refusal> {
        let mut done = Vec::new();
        for inspection in self.store.pinned()? {
            let case = self.case(&StreamId::inspection(inspection))?;
            if case.seal().is_some() || case.plan().is_none() {
                done.push(inspection);
            }
        }
        self.store.unpin(&done)
    }
}
