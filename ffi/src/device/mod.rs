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
    /// Runs `work` on the open device, then tells the observer what changed. The lock is released before, so the
    /// observer may call the device.
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
    ///
    /// # Errors
    /// [`DeviceError::InUse`] while another one holds the folder, the reason of a key store that does not answer, or of
    /// a folder or store that cannot be opened.
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

    /// Closes the folder at once, even while other references to this object exist. Later calls are refused with
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
    ///
    /// # Errors
    /// `work_unsent` or `work_refused` while something is only here, [`DeviceError::Closed`] after [`Device::shut`],
    /// `device_store` when files cannot be removed.
    pub fn sign_out(&self) -> Result<(), DeviceError> {
        let mut inner = held(&self.inner);
        let device = inner.take().ok_or(Refusal::new(Code::DeviceClosed))?;
        device.sign_out(&self.folder).map_err(|(device, refusal)| {
            *inner = device.map(|device| *device);
            DeviceError::from(refusal)
        })
    }

    /// Begins to sign a person in, who stays signed in on this device.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`].
    pub fn begin_sign_in(
        self: Arc<Self>,
        username: String,
        password: String,
    ) -> Result<Requests, DeviceError> {
        let conversation = self.with(|device| Ok(device.begin_sign_in(&username, &password)))?;
        Ok(Requests::of(self, conversation))
    }

    /// Begins to enrol this device with proof that it holds its key. Needed once, after the first sign-in.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`].
    pub fn begin_enrol(self: Arc<Self>, label: String) -> Result<Requests, DeviceError> {
        let conversation = self.with(|device| Ok(device.begin_enrol(&label)))?;
        Ok(Requests::of(self, conversation))
    }

    /// Begins to fetch the small picture of a photo that no synchronisation brings here, such as one of an old case.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`].
    pub fn begin_fetch_photo(self: Arc<Self>, photo: BlobHash) -> Result<Requests, DeviceError> {
        let conversation = self.with(|device| Ok(device.begin_fetch(photo)))?;
        Ok(Requests::of(self, conversation))
    }

    /// Begins to ask the server for what no device holds, such as the lists of the office: JSON out, JSON in. With a
    /// body it is a `POST`.
    ///
    /// # Errors
    /// `field_malformed` for a path outside of `/api/v1/`, [`DeviceError::Closed`] after [`Device::shut`].
    pub fn begin_office(
        self: Arc<Self>,
        path: String,
        body: Option<String>,
    ) -> Result<Requests, DeviceError> {
        let conversation =
            self.with(|device| device.begin_ask(&path, body.map(String::into_bytes)))?;
        Ok(Requests::of(self, conversation))
    }

    /// Begins a synchronisation.
    ///
    /// # Errors
    /// `not_enrolled` before the device is enrolled, [`DeviceError::Closed`] after [`Device::shut`], the reason of a
    /// store that cannot be read.
    pub fn begin_sync(self: Arc<Self>) -> Result<Requests, DeviceError> {
        Requests::sync(self)
    }

    /// The person who is signed in.
    ///
    /// # Errors
    /// [`DeviceError::SignInNeeded`] before the first sign-in, [`DeviceError::Closed`] after [`Device::shut`].
    pub fn person(&self) -> Result<Person, DeviceError> {
        self.with(|device| device.person().cloned())
    }

    /// The name under which the device is enrolled.
    ///
    /// # Errors
    /// `not_enrolled` before the device is enrolled, [`DeviceError::Closed`] after [`Device::shut`].
    pub fn id(&self) -> Result<DeviceId, DeviceError> {
        self.with(|device| device.id())
    }

    /// The time as well as it is known here.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], otherwise the reason of the store when it cannot be read.
    pub fn now(&self) -> Result<Timestamp, DeviceError> {
        self.with(|device| device.now())
    }

    /// The file of a photo on this device: the original, or else the small picture.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], otherwise the reason of the store when it cannot be read.
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
