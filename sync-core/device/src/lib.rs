//! The runtime around the core on any device: one store, files for photos, and the driver that
//! carries out what the engine asks for.
//!
//! The host brings what only a platform has ([`Host`]): clocks, entropy, a key store, a transport. What a call
//! reported as saved is on disk: killing the process at any moment loses none of it.

mod bundle;
mod capture;
mod changes;
mod conflicts;
mod driver;
mod files;
mod history;
mod host;
mod law;
mod leave;
mod lists;
mod numbers;
mod papers;
mod parts;
mod report;
mod session;
mod sign;
mod store;
mod timeline;
mod views;
mod visit;
mod words;
mod work;

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use sync_core::domain::account::Person;
use sync_core::domain::catalogue::Catalogue;
use sync_core::id::{DeviceId, HazardId, InspectionId};
use sync_core::ledger::stream::StreamId;
use sync_core::wire::frames::Caught;
use sync_core::{Code, Refusal};

pub use bundle::{Imported, TakenFrame};
pub use capture::PhotoMeta;
pub use changes::Changed;
pub use conflicts::Conflict;
pub use driver::Synchronisation;
pub use history::HistoryEntry;
pub use host::{
    Clock, Entropy, Host, HttpRequest, HttpResponse, KeyStore, Reading, Transport, TransportLost,
    WriteGate,
};
pub use lists::{Decision, HazardRow, NoticeRow, Page, StreamAbout, Worklist};
pub use numbers::{LeasedNumbers, NumbersView};
pub use papers::PaperPage;
pub use parts::{PartView, SupplementView, Without};
pub use report::{ItemState, Outbox, OutboxFile, OutboxRecord, Progress, Standing, SyncReport};
pub use session::Conversation;
pub use timeline::TimelineRow;
pub use views::{
    HazardOrder, InspectionView, NoticeHazard, NoticeView, Parallel, SealView, ServiceView, Task,
};
pub use words::{Bounds, RefusalWords, Terms, Words, words};

use files::{Files, Folder, Name, Packed};
use store::Store;
use store::drafts::DraftMark;

/// One person's device.
pub struct Device {
    host: Host,
    store: Store,
    files: Box<dyn Files>,
    /// Frames that were caught of what a colleague's phone shows.
    caught: Caught,
    /// Entropy of this start: drafts know their writers by it.
    nonce: [u8; 16],
    person: Option<Person>,
    id: Option<DeviceId>,
    /// Whether the store was written under a key that is gone.
    key_lost: bool,
    catalogue: Catalogue,
    changes: BTreeSet<Changed>,
    /// What is outside of each sealed record, with the mark at which it was computed.
    outside: RefCell<HashMap<InspectionId, (DraftMark, Vec<HazardId>)>>,
}

impl std::fmt::Debug for Device {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Device").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Device {
    /// Opens or makes a device in a folder of its own. Whatever was saved before is there.
    ///
    /// # Errors
    /// [`Code::DeviceInUse`] while another one holds the folder, [`Code::VersionUnsupported`] for a store of
    /// a newer app, [`Code::DeviceFull`] or [`Code::DeviceStore`] when it cannot be opened.
    pub fn open(folder: &Path, host: Host) -> Result<Self, Refusal> {
        let files = Folder::open(folder)?;
        Self::start(folder, Box::new(files), host)
    }

    /// Opens or makes a device whose pictures lie in a database of their own beside the store, for
    /// platforms that give databases but no files.
    ///
    /// # Errors
    /// [`Code::DeviceInUse`] while another one holds the folder, [`Code::VersionUnsupported`] for a store of
    /// a newer app, [`Code::DeviceFull`] or [`Code::DeviceStore`] when it cannot be opened.
    pub fn open_packed(folder: &Path, host: Host) -> Result<Self, Refusal> {
        let files = Packed::open(&folder.join("pictures.db"))?;
        Self::start(folder, Box::new(files), host)
    }

    fn start(folder: &Path, files: Box<dyn Files>, mut host: Host) -> Result<Self, Refusal> {
        let store = Store::open(&folder.join("device.db"), host.writes.clone())?;
        // Actors of drafts are sessions: fresh after every start, so that a device that was restored
        // from a backup never writes under a name that it used before.
        let nonce = host.entropy.bytes();
        let person = store.json("person")?;
        let enrolled = store.value("device")?.and_then(|bytes| bytes.try_into().ok());
        let key = store.value(session::DEVICE_KEY)?;
        let key_lost = enrolled.is_some() && key.is_some_and(|key| key != host.keys.public_key());
        let id = enrolled.filter(|_| !key_lost);
        let mut device = Self {
            host,
            store,
            files,
            caught: Caught::default(),
            nonce,
            person,
            id: id.map(DeviceId::from_bytes),
            key_lost,
            catalogue: Catalogue::default(),
            changes: BTreeSet::new(),
            outside: RefCell::default(),
        };
        device.load_catalogue()?;
        device.note_lost_files()?;
        Ok(device)
    }

    /// Notes own files whose bytes are not here any more: they cannot be sent, and hold back no other.
    fn note_lost_files(&mut self) -> Result<(), Refusal> {
        let mut lost = Vec::new();
        for hash in self.store.unsent_files()? {
            if !self.files.has(Name { hash, thumbnail: false })? {
                lost.push(hash);
            }
        }
        if lost.is_empty() { Ok(()) } else { self.store.lose_files(&lost) }
    }

    fn load_catalogue(&mut self) -> Result<(), Refusal> {
        if let Some(catalogue) = self.store.catalogue()? {
            self.catalogue = catalogue;
        }
        Ok(())
    }

    /// The person who is signed in on this device.
    ///
    /// # Errors
    /// [`Code::NotSignedIn`] before the first sign-in.
    pub fn person(&self) -> Result<&Person, Refusal> {
        self.person.as_ref().ok_or(Refusal::new(Code::NotSignedIn))
    }

    /// The name under which the device is enrolled.
    ///
    /// # Errors
    /// [`Code::NotEnrolled`] before the device is enrolled.
    pub fn id(&self) -> Result<DeviceId, Refusal> {
        self.id.ok_or(Refusal::new(Code::NotEnrolled))
    }

    /// Reference data: checklists, laws, departments, calendars, enterprises.
    #[must_use]
    pub const fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// Forgets catalogues whose drafts and records are gone from this device.
    fn let_old_catalogues_go(&mut self) -> Result<(), Refusal> {
        let mut done = Vec::new();
        for inspection in self.store.pinned()? {
            let case = self.case(&StreamId::inspection(inspection))?;
            if case.plan().is_none() && !case.is_damaged() {
                done.push(inspection);
            }
        }
        self.store.unpin(&done)
    }
}
