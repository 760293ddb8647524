//! What every request must know at once: people, devices, and the reference data of the zone. Held in
//! memory as one immutable snapshot that is replaced as a whole when accounts or data change.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock, RwLock};

use sync_core::calendar::Calendars;
use sync_core::cbor;
use sync_core::domain::account::{Device, Person, Role};
use sync_core::domain::catalogue::{Catalogue, Department};
use sync_core::domain::enterprise::Enterprise;
use sync_core::id::{DepartmentId, DeviceId, Digest, EnterpriseId, PersonId};
use sync_core::ledger::suites;
use sync_core::refusal::{Code, Refusal};

use crate::store::{Pool, accounts, catalogues, devices};

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
pub struct Directory {
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
    pub staff: Option<PackedCatalogue>,
    /// The catalogue for enterprises, as it travels.
    pub public: Option<PackedCatalogue>,
    /// The same with one enterprise as it is registered, put together when its people first ask.
    own: HashMap<EnterpriseId, OnceLock<PackedCatalogue>>,
    /// What every enterprise may know.
    shared: Catalogue,
}

/// A catalogue as it travels, with its digest.
pub type PackedCatalogue = (Digest, Arc<[u8]>);

fn packed(catalogue: &Catalogue) -> PackedCatalogue {
    let bytes = cbor::to_vec(catalogue);
    (Digest::of(&bytes), Arc::from(bytes))
}

impl Directory {
    /// Puts a directory together; the catalogue is the one for staff, `public` the one for
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
    pub fn catalogue_for(&self, person: &Person) -> Option<&PackedCatalogue> {
        match person.role {
            Role::Enterprise => self.own(person.enterprise).or(self.public.as_ref()),
            _ => self.staff.as_ref(),
        }
    }

    /// What the people of an enterprise hold: how their own is registered, and no other.
    fn own(&self, enterprise: Option<EnterpriseId>) -> Option<&PackedCatalogue> {
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

/// Reads people, devices and reference data.
pub(crate) async fn read(pool: &Pool) -> Result<Directory, Refusal> {
    let mut db = pool.acquire().await.map_err(|_| Refusal::new(Code::StorageFailed))?;
    let persons = accounts::all(&mut db).await?.into_iter().map(|it| it.person);
    let known = devices::all(&mut db).await?.into_iter().map(|it| it.device);
    let decoded = |bytes: Option<Vec<u8>>| match bytes {
        Some(bytes) => cbor::from_slice::<Catalogue>(&bytes),
        None => Ok(Catalogue::default()),
    };
    let staff = decoded(catalogues::get(&mut db, "staff").await?)?;
    let public = decoded(catalogues::get(&mut db, "public").await?)?;
    Ok(Directory::new(persons, known, &staff, &public))
}

/// The directory as it is now.
#[derive(Debug, Default)]
pub struct CurrentDirectory(RwLock<Arc<Directory>>);

impl CurrentDirectory {
    /// Starts with a directory.
    #[must_use]
    pub fn new(directory: Directory) -> Self {
        Self(RwLock::new(Arc::new(directory)))
    }

    /// The present directory. Work that began with it ends with it.
    #[must_use]
    pub fn snapshot(&self) -> Arc<Directory> {
        match self.0.read() {
            Ok(directory) => Arc::clone(&directory),
            Err(poisoned) => Arc::clone(&poisoned.into_inner()),
        }
    }

    /// Replaces the directory.
    pub fn replace(&self, directory: Directory) {
        let directory = Arc::new(directory);
        match self.0.write() {
            Ok(mut present) => *present = directory,
            Err(poisoned) => *poisoned.into_inner() = directory,
        }
    }
}
