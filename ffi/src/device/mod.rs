//! One person's device: opened, signed in, synchronised, left. Each file of this folder is a part of what
//! a person does with it.

mod draft;
mod lists;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sync_core::domain::account::Person;
use sync_core::id::{BlobHash, DeviceId, HazardId, InspectionId};
use sync_core::time::Timestamp;
use sync_core::{Code, Refusal};

use crate::host::{entropy, host};
use crate::{DeviceClock, DeviceError, KeyVault, Observer, Requests};

/// One person's device. Everything that it says is done is on disk.
#[derive(uniffi::Object)]
pub struct Device {
    /// None once it was closed.
    inner: Mutex<Option<device::Device>>,
    folder: PathBuf,
    observer: Mutex<Option<Arc<dyn Observer>>>,
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
    /// Works with the device while it is open, then tells the observer what that changed. Nothing is held while it
    /// is told, so it may ask the device.
    pub(crate) fn with<T>(
        &self,
        work: impl FnOnce(&mut device::Device) -> Result<T, Refusal>,
    ) -> Result<T, DeviceError> {
        let (done, changes) = {
            let mut inner = held(&self.inner);
            let device = inner.as_mut().ok_or(Refusal::new(Code::DeviceClosed))?;
            (work(device), device.take_changes())
        };
        let observer = held(&self.observer).clone();
        if let Some(observer) = observer.filter(|_| !changes.is_empty()) {
            observer.changed(changes);
        }
        Ok(done?)
    }
}

#[uniffi::export]
impl Device {
    /// Opens or makes a device in a folder of its own, which one device may hold at a time. Whatever
    /// was saved before is there.
    #[uniffi::constructor]
    pub fn open(
        folder: String,
        vault: Arc<dyn KeyVault>,
        clock: Arc<dyn DeviceClock>,
    ) -> Result<Arc<Self>, DeviceError> {
        let host = host(&vault, clock)?;
        let folder = PathBuf::from(folder);
        let inner = Mutex::new(Some(device::Device::open(&folder, host)?));
        Ok(Arc::new(Self { inner, folder, observer: Mutex::new(None) }))
    }

    /// Lets the folder go at once, whoever still refers to this object. Calls that follow are refused with
    /// `device_closed`; closing again does nothing.
    pub fn shut(&self) {
        held(&self.inner).take();
        held(&self.observer).take();
    }

    /// Who is told what changed, after each call that changed something; none stops it.
    pub fn observe(&self, observer: Option<Arc<dyn Observer>>) {
        *held(&self.observer) = observer;
    }

    /// Removes everything of this person from the folder and closes the device; refused while something is unsent.
    /// The key stays in its key store.
    pub fn sign_out(&self) -> Result<(), DeviceError> {
        let mut inner = held(&self.inner);
        let device = inner.take().ok_or(Refusal::new(Code::DeviceClosed))?;
        device.sign_out(&self.folder).map_err(|(kept, refusal)| {
            *inner = kept.map(|device| *device);
            DeviceError::from(refusal)
        })
    }

    /// Begins to sign a person in, who stays signed in on this device.
    pub fn begin_sign_in(
        self: Arc<Self>,
        username: String,
        password: String,
    ) -> Result<Requests, DeviceError> {
        let errand = self.with(|device| Ok(device.begin_sign_in(&username, &password)))?;
        Ok(Requests::of(self, errand))
    }

    /// Begins to enrol this device with proof that it holds its key. Needed once, after the first sign-in.
    pub fn begin_enrol(self: Arc<Self>, label: String) -> Result<Requests, DeviceError> {
        let errand = self.with(|device| Ok(device.begin_enrol(&label)))?;
        Ok(Requests::of(self, errand))
    }

    /// Begins to fetch the small picture of a photo that no synchronisation brings here, such as one of an old case.
    pub fn begin_fetch_photo(self: Arc<Self>, photo: BlobHash) -> Result<Requests, DeviceError> {
        let errand = self.with(|device| Ok(device.begin_fetch(photo)))?;
        Ok(Requests::of(self, errand))
    }

    /// Begins to ask the server for what no device holds, such as the lists of the office: JSON out, JSON in. With a
    /// body it is a `POST`.
    pub fn begin_office(
        self: Arc<Self>,
        path: String,
        body: Option<String>,
    ) -> Result<Requests, DeviceError> {
        let errand = self.with(|device| device.begin_ask(&path, body.map(String::into_bytes)))?;
        Ok(Requests::of(self, errand))
    }

    /// Begins a synchronisation.
    pub fn begin_sync(self: Arc<Self>) -> Result<Requests, DeviceError> {
        Requests::sync(self)
    }

    /// The person who is signed in.
    pub fn person(&self) -> Result<Person, DeviceError> {
        self.with(|device| device.person().cloned())
    }

    /// The name under which the device is enrolled.
    pub fn id(&self) -> Result<DeviceId, DeviceError> {
        self.with(|device| device.id())
    }

    /// The time as well as it is known here.
    pub fn now(&self) -> Result<Timestamp, DeviceError> {
        self.with(|device| device.now())
    }

    /// The file of a photo on this device: the original, or else the small picture.
    pub fn photo(&self, photo: BlobHash) -> Result<Option<String>, DeviceError> {
        let path = |path: &Path| path.to_string_lossy().into_owned();
        self.with(|device| Ok(device.photo(photo).as_deref().map(path)))
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
