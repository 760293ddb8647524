//! What admission must know at once: people, devices, and the reference data of the zone. Held in
//! memory as one immutable picture that is replaced as a whole when accounts or data change.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use sync_core::domain::account::{Device, Person, Role};
use sync_core::domain::catalogue::{Catalogue, Department};
use sync_core::domain::enterprise::Enterprise;
use sync_core::id::{DepartmentId, DeviceId, Digest, EnterpriseId, PersonId};
use sync_core::ledger::suites;
use sync_core::rules::calendar::Calendars;
use sync_core::wire::codec;

/// An enrolled device with its key in the form that is fastest to verify with.
#[derive(Clone, Debug)]
pub struct KnownDevice {
    /// The device.
    pub device: Device,
    /// Its public key, uncompressed where it could be expanded.
    pub key: Vec<u8>,
}

/// People, devices and reference data at one moment.
#[derive(Clone, Debug, Default)]
pub struct Picture {
    /// Everyone with an account.
    pub persons: HashMap<PersonId, Person>,
    /// Every device that was ever enrolled.
    pub devices: HashMap<DeviceId, KnownDevice>,
    /// Departments.
    pub departments: Vec<Department>,
    /// Working-day calendars.
    pub calendars: Calendars,
    /// Enterprises.
    pub enterprises: HashMap<EnterpriseId, Enterprise>,
    /// The catalogue for staff, as it travels.
    pub staff: Option<(Digest, Arc<[u8]>)>,
    /// The catalogue for enterprises, as it travels.
    pub public: Option<(Digest, Arc<[u8]>)>,
}

impl Picture {
    /// Puts a picture together; the catalogue is the one for staff, `public` the one for
    /// enterprises.
    #[must_use]
    pub fn new(
        persons: impl IntoIterator<Item = Person>,
        devices: impl IntoIterator<Item = Device>,
        staff: &Catalogue,
        public: &Catalogue,
    ) -> Self {
        let packed = |catalogue: &Catalogue| {
            let bytes = codec::to_vec(catalogue);
            Some((Digest::of(&bytes), Arc::from(bytes)))
        };
        let known = |device: Device| {
            let key = suites::expand_p256(&device.public_key)
                .unwrap_or_else(|_| device.public_key.clone());
            (device.id, KnownDevice { device, key })
        };
        Self {
            persons: persons.into_iter().map(|person| (person.id, person)).collect(),
            devices: devices.into_iter().map(known).collect(),
            departments: staff.departments.clone(),
            calendars: Calendars::new(staff.calendars.iter().cloned()),
            enterprises: staff.enterprises.iter().map(|it| (it.id, it.clone())).collect(),
            staff: packed(staff),
            public: packed(public),
        }
    }

    /// The catalogue that a person's devices hold.
    #[must_use]
    pub fn catalogue_for(&self, person: &Person) -> Option<&(Digest, Arc<[u8]>)> {
        match person.role {
            Role::Enterprise => self.public.as_ref(),
            _ => self.staff.as_ref(),
        }
    }

    /// A department by its id.
    #[must_use]
    pub fn department(&self, id: &DepartmentId) -> Option<&Department> {
        self.departments.iter().find(|department| department.id == *id)
    }
}

/// The present picture.
#[derive(Debug, Default)]
pub struct Registry(RwLock<Arc<Picture>>);

impl Registry {
    /// Starts with a picture.
    #[must_use]
    pub fn new(picture: Picture) -> Self {
        Self(RwLock::new(Arc::new(picture)))
    }

    /// The present picture. Work that began with it ends with it.
    #[must_use]
    pub fn picture(&self) -> Arc<Picture> {
        match self.0.read() {
            Ok(picture) => Arc::clone(&picture),
            Err(poisoned) => Arc::clone(&poisoned.into_inner()),
        }
    }

    /// Replaces the picture.
    pub fn replace(&self, picture: Picture) {
        let picture = Arc::new(picture);
        match self.0.write() {
            Ok(mut present) => *present = picture,
            Err(poisoned) => *poisoned.into_inner() = picture,
        }
    }
}
