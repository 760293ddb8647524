//! Reads the zone from a folder of data: departments, streets, enterprises, people, checklists,
//! laws, calendars. Reading again changes reference data and adds new people; nobody's password
//! is touched.

use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use sync_core::cbor;
use sync_core::domain::account::{Person, Role};
use sync_core::domain::calendar::WorkCalendar;
use sync_core::domain::catalogue::{
    Catalogue, Checklist, Colleague, Department, LawDocument, Street,
};
use sync_core::domain::enterprise::Enterprise;
use sync_core::id::{DepartmentId, EnterpriseId, PersonId};
use sync_core::refusal::{Code, Refusal};
use sync_core::time::Timestamp;

use crate::auth::passwords;
use crate::config;
use crate::error::CommandError;
use crate::store::accounts::{self, Account};
use crate::store::{self, StoreError, catalogues};

/// An account that was added, with its first password.
#[derive(Clone, Debug)]
pub struct Seeded {
    /// Account name.
    pub username: String,
    /// First password.
    pub password: String,
    /// Name and role, in words.
    pub title: String,
    /// Whose account it is.
    pub person: Person,
}

/// A zone as data.
#[derive(Deserialize)]
struct Town {
    /// Version of the reference data.
    version: String,
    streets: Vec<Street>,
    departments: Vec<Department>,
    enterprises: Vec<Enterprise>,
    people: Vec<Member>,
}

/// A person as data.
#[derive(Deserialize)]
struct Member {
    id: PersonId,
    username: String,
    name: String,
    role: Role,
    department: Option<DepartmentId>,
    enterprise: Option<EnterpriseId>,
    certificate: Option<String>,
    from: Timestamp,
    revoked_at: Option<Timestamp>,
}

/// Letters and digits that nobody takes for one another.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// Reads the folder; gives the accounts that were added, with passwords that nobody else knows.
pub async fn run(data: &Path, fixtures: &Path) -> Result<Vec<Seeded>, CommandError> {
    fs::create_dir_all(data)?;
    let town: Town = read(&fixtures.join("towns/zaozhuang.json"))?;
    for enterprise in &town.enterprises {
        enterprise.validate()?;
    }
    let (staff, public) = catalogues(&town, fixtures)?;
    let pool = store::open(data).await?;
    let mut db = pool.begin().await.map_err(StoreError::from)?;
    catalogues::put(&mut db, "staff", &cbor::to_vec(&staff)).await?;
    catalogues::put(&mut db, "public", &cbor::to_vec(&public)).await?;
    let known: Vec<String> =
        accounts::all(&mut db).await?.into_iter().map(|it| it.username).collect();
    let mut added = Vec::new();
    for member in town.people.into_iter().filter(|it| !known.contains(&it.username)) {
        let (account, seeded) = account(member)?;
        if accounts::add(&mut db, &account).await? {
            added.push(seeded);
        }
    }
    db.commit().await.map_err(StoreError::from)?;
    pool.close().await;
    Ok(added)
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<T, CommandError> {
    let text = fs::read(path).map_err(|error| {
        std::io::Error::new(error.kind(), format!("{}: {error}", path.display()))
    })?;
    serde_json::from_slice(&text)
        .map_err(|error| std::io::Error::other(format!("{}: {error}", path.display())).into())
}

fn read_all<T: DeserializeOwned>(folder: &Path) -> Result<Vec<T>, CommandError> {
    let mut paths: Vec<_> = fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    paths.retain(|path| path.extension().is_some_and(|it| it == "json"));
    paths.sort();
    paths.iter().map(|path| read(path)).collect()
}

fn catalogues(town: &Town, fixtures: &Path) -> Result<(Catalogue, Catalogue), CommandError> {
    let checklists: Vec<Checklist> = read_all(&fixtures.join("checklists"))?;
    let calendars: Vec<WorkCalendar> = read_all(&fixtures.join("calendars"))?;
    let laws: Vec<LawDocument> = read(&fixtures.join("laws/documents.json"))?;
    let colleagues = town.people.iter().filter_map(|it| {
        let department = it.department.clone()?;
        let (id, name, certificate) = (it.id, it.name.clone(), it.certificate.clone());
        Some(Colleague { id, name, department, certificate })
    });
    let public = Catalogue {
        version: town.version.clone(),
        departments: town.departments.clone(),
        streets: town.streets.clone(),
        laws,
        calendars,
        ..Catalogue::default()
    };
    let staff = Catalogue {
        checklists,
        enterprises: town.enterprises.clone(),
        colleagues: colleagues.collect(),
        ..public.clone()
    };
    Ok((staff, public))
}

fn account(member: Member) -> Result<(Account, Seeded), CommandError> {
    let random: [u8; 12] = config::entropy()?;
    let password: String = random
        .iter()
        .filter_map(|byte| LETTERS.get(usize::from(byte % 32)).map(|it| char::from(*it)))
        .collect();
    let salt: [u8; 16] = config::entropy()?;
    let hash = passwords::hash(&password, &salt)
        .map_err(|_| Refusal::new(Code::FieldMalformed).field("password"))?;
    let person = Person {
        id: member.id,
        name: member.name,
        role: member.role,
        department: member.department,
        enterprise: member.enterprise,
        certificate: member.certificate,
        from: member.from,
        revoked_at: member.revoked_at,
    };
    let title = format!("{}（{}）", person.name, person.role.title());
    let seeded =
        Seeded { username: member.username.clone(), password, title, person: person.clone() };
    Ok((Account { person, username: member.username, password: hash }, seeded))
}
