//! What every request must know at once: people, devices, and the reference data of the zone. Held in
//! memory as one immutable snapshot that is replaced as a whole when accounts or data change.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use sync_core::calendar::Calendars;
use sync_core::case::Case;
use sync_core::case::act::Zone;
use sync_core::cbor;
use sync_core::document::Sources;
use sync_core::domain::account::{EnrolledDevice, Person, Role};
use sync_core::domain::catalogue::{Catalogue, Colleague, Department};
use sync_core::domain::competence::Competence;
use sync_core::domain::enterprise::Enterprise;
use sync_core::domain::procedure::Procedure;
use sync_core::id::{DepartmentId, DeviceId, Digest, EnterpriseId, PersonId, StreetCode};
use sync_core::ledger::suites;
use sync_core::refusal::{Code, Refusal};
use sync_core::wire::catalogue::Manifest;
use sync_core::wire::exchange::Item;

use crate::reference::{Held, News, PackedCatalogue, Staff, packed};
use crate::store::{Pool, accounts, catalogues, devices};

/// An enrolled device with its key in the form that is fastest to verify with.
#[derive(Clone, Debug)]
pub struct KnownDevice {
    /// The device.
    pub device: EnrolledDevice,
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
    /// Everybody who works for one of them, as the accounts say now.
    pub colleagues: Vec<Colleague>,
    /// Which department may act in a sector.
    pub competence: Vec<Competence>,
    /// Bounds of terms.
    pub procedures: Vec<Procedure>,
    /// Streets with their names.
    pub streets: BTreeMap<StreetCode, String>,
    /// Sectors with their names.
    pub sectors: BTreeMap<String, String>,
    /// Working-day calendars.
    pub calendars: Calendars,
    /// Enterprises.
    pub enterprises: HashMap<EnterpriseId, Enterprise>,
    /// The catalogue for staff in parts.
    staff: Staff,
    /// The catalogue for enterprises, as it travels.
    pub public: Option<PackedCatalogue>,
    /// The digest of the same with one enterprise as it is registered, computed when its people first ask.
    own: HashMap<EnterpriseId, OnceLock<Digest>>,
    /// The streets of staff who work in some only; all others work in every street.
    streets_of: HashMap<PersonId, BTreeSet<StreetCode>>,
    /// The streets in which people worked before, the last ones first.
    earlier_streets: HashMap<PersonId, Vec<BTreeSet<StreetCode>>>,
    /// What every enterprise may know.
    shared: Catalogue,
    /// The reference data for staff without the enterprises, which are above.
    pub reference: Arc<Catalogue>,
}

impl Directory {
    /// Puts a directory together; the catalogue is the one for staff, `public` the one for
    /// enterprises.
    #[must_use]
    pub fn new(
        persons: impl IntoIterator<Item = Person>,
        devices: impl IntoIterator<Item = EnrolledDevice>,
        staff: &Catalogue,
        public: &Catalogue,
    ) -> Self {
        let known = |device: EnrolledDevice| {
            let key = suites::expand_p256(&device.public_key)
                .unwrap_or_else(|_| device.public_key.clone());
            (device.id, KnownDevice { device, key })
        };
        let persons: HashMap<_, _> = persons.into_iter().map(|it| (it.id, it)).collect();
        let mut colleagues: Vec<_> = persons.values().filter_map(Colleague::of).collect();
        colleagues.sort_by_key(|it| it.id);
        let staff = &Catalogue { colleagues: colleagues.clone(), ..staff.clone() };
        Self {
            persons,
            devices: devices.into_iter().map(known).collect(),
            departments: staff.departments.clone(),
            colleagues,
            competence: staff.competence.clone(),
            procedures: staff.procedures.clone(),
            streets: staff.streets.iter().map(|it| (it.code.clone(), it.name.clone())).collect(),
            sectors: staff
                .checklists
                .iter()
                .map(|it| (it.sector.to_string(), it.title.clone()))
                .collect(),
            calendars: Calendars::new(staff.calendars.iter().cloned()),
            enterprises: staff.enterprises.iter().map(|it| (it.id, it.clone())).collect(),
            staff: Staff::new(staff),
            public: Some(packed(public)),
            own: staff.enterprises.iter().map(|it| (it.id, OnceLock::new())).collect(),
            streets_of: HashMap::new(),
            earlier_streets: HashMap::new(),
            shared: public.clone(),
            reference: Arc::new(Catalogue { enterprises: Vec::new(), ..staff.clone() }),
        }
    }

    /// The same, knowing versions of before, from which devices are led on by what differs, and the streets of those who
    /// work in some only.
    #[must_use]
    pub fn knowing(
        mut self,
        versions: Vec<Manifest>,
        streets_of: HashMap<PersonId, BTreeSet<StreetCode>>,
    ) -> Self {
        self.staff = self.staff.knowing(versions);
        self.streets_of = streets_of;
        self
    }

    /// The same, knowing in which streets people worked before, the last ones first.
    #[must_use]
    pub fn having_worked(
        self,
        earlier_streets: HashMap<PersonId, Vec<BTreeSet<StreetCode>>>,
    ) -> Self {
        Self { earlier_streets, ..self }
    }

    /// What is new of the reference data for a device of a person.
    #[must_use]
    pub fn news_for(&self, person: &Person, held: &Held) -> News {
        if person.role == Role::Enterprise {
            return News::whole(self.news_of_own(person.enterprise, held.digest));
        }
        let everywhere = BTreeSet::new();
        let streets = self.streets_of.get(&person.id).unwrap_or(&everywhere);
        let earlier = self.earlier_streets.get(&person.id).map(Vec::as_slice).unwrap_or_default();
        self.staff.news(held, streets, earlier)
    }

    /// What the people of an enterprise hold: how their own is registered, and no other.
    fn own(&self, enterprise: Option<EnterpriseId>) -> Option<Catalogue> {
        let place = self.enterprises.get(&enterprise?)?;
        Some(Catalogue { enterprises: vec![place.clone()], ..self.shared.clone() })
    }

    /// What is new for the people of an enterprise, as a whole.
    fn news_of_own(&self, enterprise: Option<EnterpriseId>, held: Option<Digest>) -> Option<Item> {
        let digest = enterprise.and_then(|id| self.own.get(&id));
        let digest = digest.map(|it| {
            *it.get_or_init(|| Digest::of(&cbor::to_vec(&self.own(enterprise).unwrap_or_default())))
        });
        if digest.is_some() && held == digest {
            return None;
        }
        if let Some(own) = self.own(enterprise) {
            return Some(Item::Catalogue { bytes: cbor::to_vec(&own).into() });
        }
        let (digest, bytes) = self.public.as_ref()?;
        (held != Some(*digest)).then(|| Item::Catalogue { bytes: bytes.to_vec().into() })
    }

    /// What gates ask of the zone.
    #[must_use]
    pub fn zone(&self) -> Zone<'_> {
        Zone {
            departments: &self.departments,
            colleagues: &self.colleagues,
            competence: &self.competence,
            procedures: &self.procedures,
            criteria: &self.reference.criteria,
            laws: &self.reference.laws,
        }
    }

    /// The reference data for the papers of a case.
    #[must_use]
    pub fn sources(&self, case: &Case) -> Sources<'_> {
        let planned = case.plan().map(|plan| plan.body.enterprise);
        let ordered = || case.notices().next().map(|notice| notice.body.enterprise);
        let place = planned.or_else(ordered).and_then(|id| self.enterprises.get(&id));
        Sources::new(&self.reference).of(place)
    }

    /// A device as somebody may know of it. For an enterprise no device is enrolled but its own: whether another one is,
    /// no answer may tell.
    #[must_use]
    pub fn device_for(&self, reader: &Person, id: DeviceId) -> Option<&KnownDevice> {
        let is_known =
            |it: &&KnownDevice| reader.role != Role::Enterprise || it.device.person == reader.id;
        self.devices.get(&id).filter(is_known)
    }

    /// A department by its id.
    #[must_use]
    pub fn department(&self, id: &DepartmentId) -> Option<&Department> {
        self.departments.iter().find(|department| department.id == *id)
    }
}

/// Versions from which devices are led on; whoever holds an older one gets everything again.
const VERSIONS: i64 = 32;

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
    let versions = catalogues::manifests(&mut db, "staff", VERSIONS).await?;
    let streets_of = accounts::streets(&mut db).await?;
    let earlier = accounts::earlier_streets(&mut db).await?;
    let directory = Directory::new(persons, known, &staff, &public);
    Ok(directory.knowing(versions, streets_of).having_worked(earlier))
}

/// The directory as it is now.
#[derive(Debug, Default)]
pub struct CurrentDirectory {
    present: RwLock<Arc<Directory>>,
    /// The calendars for which deadlines were looked at.
    looked_at: RwLock<Option<Calendars>>,
}

impl CurrentDirectory {
    /// Starts with a directory.
    #[must_use]
    pub fn new(directory: Directory) -> Self {
        Self { present: RwLock::new(Arc::new(directory)), looked_at: RwLock::default() }
    }

    /// The present directory. Work that began with it ends with it.
    #[must_use]
    pub fn snapshot(&self) -> Arc<Directory> {
        match self.present.read() {
            Ok(directory) => Arc::clone(&directory),
            Err(poisoned) => Arc::clone(&poisoned.into_inner()),
        }
    }

    /// Replaces the directory.
    pub fn replace(&self, mut directory: Directory) {
        let mut present = self.present.write().unwrap_or_else(PoisonError::into_inner);
        directory.staff = directory.staff.following(&present.staff);
        *present = Arc::new(directory);
    }

    /// The present directory, if deadlines were not looked at since its calendars came.
    #[must_use]
    pub fn new_calendars(&self) -> Option<Arc<Directory>> {
        let present = self.snapshot();
        let known = self.looked_at.read().unwrap_or_else(PoisonError::into_inner);
        (known.as_ref() != Some(&present.calendars)).then_some(present)
    }

    /// Notes that deadlines were looked at with the calendars of a directory.
    pub fn calendars_are_looked_at(&self, of: &Directory) {
        let mut known = self.looked_at.write().unwrap_or_else(PoisonError::into_inner);
        *known = Some(of.calendars.clone());
    }
}
