//! One person's device: opened, signed in, synchronised, read. Each file of this folder is a part of what
//! a person does with it.

mod notice;
mod visit;

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sync_core::domain::account::Person;
use sync_core::id::{BlobHash, DeviceId, HazardId, InspectionId, NoticeId};
use sync_core::ledger::statement::StreamId;
use sync_core::time::Timestamp;

use crate::host::{carry, entropy, host};
use crate::{
    DeviceClock, DeviceError, InspectionView, KeyVault, NoticeView, Outbox, Reference, SyncRun,
    Transport, Visit,
};

/// One person's device. Everything that it says is done is on disk.
#[derive(uniffi::Object)]
pub struct Device {
    inner: Mutex<device::Device>,
    transport: Arc<dyn Transport>,
}

impl std::fmt::Debug for Device {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Device")
    }
}

/// A value behind a lock. A panic leaves no half-written state here: what counts is on disk.
pub(crate) fn held<T>(value: &Mutex<T>) -> MutexGuard<'_, T> {
    value.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Device {
    pub(crate) fn inner(&self) -> MutexGuard<'_, device::Device> {
        held(&self.inner)
    }

    /// Carries an errand out; the device is not held while a request is on the network.
    fn run(&self, mut errand: device::Errand) -> Result<(), DeviceError> {
        loop {
            let request = self.inner().errand_request(&errand)?;
            let Some(request) = request else { return Ok(()) };
            let answer = carry(self.transport.as_ref(), request);
            self.inner().take_errand_answer(&mut errand, answer)?;
        }
    }
}

#[uniffi::export]
impl Device {
    /// Opens or makes a device in a folder of its own, which one process may open at a time. Whatever
    /// was saved before is there.
    #[uniffi::constructor]
    pub fn open(
        folder: String,
        vault: Arc<dyn KeyVault>,
        clock: Arc<dyn DeviceClock>,
        transport: Arc<dyn Transport>,
    ) -> Result<Arc<Self>, DeviceError> {
        let host = host(&vault, clock, transport.clone())?;
        let inner = Mutex::new(device::Device::open(Path::new(&folder), host)?);
        Ok(Arc::new(Self { inner, transport }))
    }

    /// Signs a person in, who stays signed in on this device.
    pub fn sign_in(&self, username: String, password: String) -> Result<Person, DeviceError> {
        let errand = self.inner().begin_sign_in(&username, &password);
        self.run(errand)?;
        self.person()
    }

    /// Enrols this device with proof that it holds its key. Needed once, after the first sign-in.
    pub fn enrol(&self, label: String) -> Result<DeviceId, DeviceError> {
        let errand = self.inner().begin_enrol(&label);
        self.run(errand)?;
        self.id()
    }

    /// The person who is signed in.
    pub fn person(&self) -> Result<Person, DeviceError> {
        Ok(self.inner().person()?.clone())
    }

    /// The name under which the device is enrolled.
    pub fn id(&self) -> Result<DeviceId, DeviceError> {
        Ok(self.inner().id()?)
    }

    /// The time as well as it is known here.
    pub fn now(&self) -> Result<Timestamp, DeviceError> {
        Ok(self.inner().now()?)
    }

    /// Begins a synchronisation that the app pulls along.
    pub fn begin_sync(self: Arc<Self>) -> Result<SyncRun, DeviceError> {
        let transport = self.transport.clone();
        SyncRun::begin(self, transport)
    }

    /// The outbox: where each own record and file is.
    pub fn outbox(&self) -> Result<Outbox, DeviceError> {
        Ok(self.inner().outbox()?.into())
    }

    /// Reference data: checklists, laws, enterprises.
    pub fn reference(&self) -> Reference {
        self.inner().catalogue().into()
    }

    /// The same as it was when a visit was begun here, for as long as its draft is open.
    pub fn reference_of(&self, inspection: InspectionId) -> Result<Reference, DeviceError> {
        Ok(self.inner().catalogue_of(inspection)?.as_ref().into())
    }

    /// The visits that this person knows of.
    pub fn visits(&self) -> Result<Vec<Visit>, DeviceError> {
        Ok(self.inner().tasks()?.into_iter().map(Visit::from).collect())
    }

    /// One inspection.
    pub fn inspection(&self, inspection: InspectionId) -> Result<InspectionView, DeviceError> {
        Ok(self.inner().inspection(inspection)?.into())
    }

    /// Whether the server has the sealed record and every photo of it.
    pub fn is_delivered(&self, inspection: InspectionId) -> Result<bool, DeviceError> {
        Ok(self.inner().is_delivered(inspection)?)
    }

    /// The notices that this person knows of, as they stand now.
    pub fn notices(&self) -> Result<Vec<NoticeView>, DeviceError> {
        Ok(self.inner().notices()?.into_iter().map(NoticeView::from).collect())
    }

    /// One notice as it stands at an instant; none if it is not known here.
    pub fn notice(
        &self,
        notice: NoticeId,
        at: Timestamp,
    ) -> Result<Option<NoticeView>, DeviceError> {
        Ok(self.inner().notice(&StreamId::Notice(notice), at)?.map(NoticeView::from))
    }

    /// The file of a photo on this device: the original, or else the small picture.
    pub fn photo(&self, photo: BlobHash) -> Result<Option<String>, DeviceError> {
        Ok(self.inner().photo(photo).map(|path| path.to_string_lossy().into_owned()))
    }
}

/// A name for a visit that is planned here.
#[uniffi::export]
pub fn new_inspection_id() -> InspectionId {
    InspectionId::from_entropy(entropy())
}

/// A name for a hazard that is found here. Two officers before the same hazard use one name.
#[uniffi::export]
pub fn new_hazard_id() -> HazardId {
    HazardId::from_entropy(entropy())
}
