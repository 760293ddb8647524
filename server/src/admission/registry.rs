//! What admission must know at once: people, devices, and the reference data of the zone. Held in
//! memory as one immutable picture that is replaced as a whole when accounts or data change.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock, RwLock};

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
    pub staff: Option<Packed>,
    /// The catalogue for enterprises, as it travels.
    pub public: Option<Packed>,
    /// The same with one enterprise as it is registered, put together when its people first ask.
    own: HashMap<EnterpriseId, OnceLock<Packed>>,
    /// What every enterprise may know.
    shared: Catalogue,
}

/// A catalogue as it travels, with its digest.
pub type Packed = (Digest, Arc<[u8]>);

fn packed(catalogue: &Catalogue) -> Packed {
    let bytes = codec::to_vec(catalogue);
    (Digest::of(&bytes), Arc::from(bytes))
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
            staff: Some(packed(staff)),
            public: Some(packed(public)),
            own: staff.enterprises.iter().map(|it| (it.id, OnceLock::new())).collect(),
            shared: public.clone(),
        }
    }

    /// The catalogue that a person's devices hold.
    #[must_use]
    pub fn catalogue_for(&self, person: &Person) -> Option<&Packed> {
        match person.role {
            Role::Enterprise => self.own(person.enterprise).or(self.public.as_ref()),
            _ => self.staff.as_ref(),
        }
    }

    /// What the people of an enterprise hold: how their own is registered, and no other.
    fn own(&self, enterprise: Option<EnterpriseId>) -> Option<&Packed> {
        let place = self.enterprises.get(&enterprise?)?;
        let catalogue = || Catalogue { enterprises: vec![place.clone()], ..self.shared.clone() };
        Some(self.own.get(&place.id)?.get_or_init(|| packed(&catalogue())))
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
