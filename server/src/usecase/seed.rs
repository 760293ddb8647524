//! Reads the zone from a folder of data: departments, streets, enterprises, people, checklists,
//! laws, calendars. Reading again changes reference data and adds new people; nobody's password
//! is touched. A row that cannot be taken is reported and stops no other one.

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sync_core::cbor;
use sync_core::domain::account::{Person, Role};
use sync_core::domain::catalogue::{Catalogue, Department, Street};
use sync_core::domain::competence::Competence;
use sync_core::domain::enterprise::Enterprise;
use sync_core::domain::procedure::Procedure;
use sync_core::id::{DepartmentId, EnterpriseId, PersonId, StreetCode};
use sync_core::refusal::{Code, Refusal};
use sync_core::time::Timestamp;

use super::accounts::require_place;
use super::law_files;
use crate::auth::{passwords, username};
use crate::clock::ServerClock;
use crate::config;
use crate::error::CommandError;
use crate::store::accounts::{self, Account};
use crate::store::{self, StoreError, audit, catalogues};

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

/// What came of reading a zone.
#[derive(Clone, Debug, Default)]
pub struct Seeding {
    /// The accounts that were added.
    pub accounts: Vec<Seeded>,
    /// The rows that were not taken.
    pub refused: Vec<RefusedRow>,
}

/// A row that was not taken, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedRow {
    /// The list that it stands in.
    pub list: &'static str,
    /// Which row of it, from 1.
    pub row: usize,
    /// The name that it says.
    pub name: String,
    /// Why it was not taken.
    pub refusal: Refusal,
}

impl fmt::Display for RefusedRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { list, row, name, refusal } = self;
        write!(f, "{list} 第 {row} 行（{name}）未导入：{}{refusal}", refusal.code.sentence())
    }
}

/// A zone as data. Rows of enterprises and people are read one by one.
#[derive(Deserialize)]
struct Town {
    /// Version of the reference data.
    version: String,
    streets: Vec<Street>,
    departments: Vec<Department>,
    #[serde(default)]
    competence: Vec<Competence>,
    #[serde(default)]
    procedures: Vec<Procedure>,
    enterprises: Vec<Value>,
    people: Vec<Value>,
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
    /// Streets in which the person works; none is every street.
    #[serde(default)]
    streets: BTreeSet<StreetCode>,
    from: Timestamp,
    revoked_at: Option<Timestamp>,
}

/// The rows of a list that can be taken, each with its number; those that cannot are noted.
struct Rows<'a> {
    list: &'static str,
    refused: &'a mut Vec<RefusedRow>,
}

impl Rows<'_> {
    fn taken<T: DeserializeOwned>(
        &mut self,
        rows: &[Value],
        mut take: impl FnMut(&T) -> Result<(), Refusal>,
    ) -> Vec<(usize, T)> {
        let mut taken = Vec::new();
        for (at, value) in rows.iter().enumerate() {
            let read = T::deserialize(value)
                .map_err(|error| Refusal::new(Code::FieldMalformed).detail(error.to_string()));
            match read.and_then(|it| take(&it).map(|()| it)) {
                Ok(it) => taken.push((at + 1, it)),
                Err(refusal) => self.refuse(at + 1, value, refusal),
            }
        }
        taken
    }

    fn refuse(&mut self, row: usize, value: &Value, refusal: Refusal) {
        let name = value.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
        self.refused.push(RefusedRow { list: self.list, row, name, refusal });
    }
}

/// Reads the folder; gives the accounts that were added, with passwords that nobody else knows, and the rows that could
/// not be taken. An enterprise whose row cannot be taken stays as it was known before.
///
/// # Errors
/// `CommandError` for a file that cannot be read or is of another form, and for a database that cannot be
/// written.
pub async fn run(data: &Path, fixtures: &Path) -> Result<Seeding, CommandError> {
    fs::create_dir_all(data)?;
    let town: Town = read(&fixtures.join("towns/zaozhuang.json"))?;
    let mut seeding = Seeding::default();
    let pool = store::open(data).await?;
    let mut db = pool.begin().await.map_err(StoreError::from)?;
    audit::begin(&mut db).await?;
    let people = accounts::all(&mut db).await?;
    let before = match catalogues::get(&mut db, "staff").await? {
        Some(bytes) => cbor::from_slice::<Catalogue>(&bytes)?,
        None => Catalogue::default(),
    };
    let enterprises = enterprises(&town, before.enterprises, &mut seeding.refused);
    let members = members(&town, &enterprises, &people, &mut seeding.refused);
    // Documents that were imported stay, and the texts of those that come again.
    let departments = town.departments.clone();
    let known = Catalogue { laws: before.laws, departments, ..Catalogue::default() };
    let (staff, public) = catalogues(&town, enterprises, (&known, fixtures))?;
    let now = ServerClock::System.now();
    catalogues::put(&mut db, "staff", &staff, now).await?;
    catalogues::put(&mut db, "public", &public, now).await?;
    for member in members {
        accounts::set_streets(&mut db, member.id, &member.streets).await?;
        if people.iter().any(|it| it.person.id == member.id) {
            continue;
        }
        let (account, seeded) = account(member)?;
        if accounts::add(&mut db, &account).await? {
            seeding.accounts.push(seeded);
        }
    }
    db.commit().await.map_err(StoreError::from)?;
    pool.close().await;
    Ok(seeding)
}

/// The enterprises of a zone: one for each id and each credit code.
fn enterprises(
    town: &Town,
    before: Vec<Enterprise>,
    refused: &mut Vec<RefusedRow>,
) -> Vec<Enterprise> {
    let (mut ids, mut codes) = (BTreeSet::new(), BTreeSet::new());
    let mut rows = Rows { list: "enterprises", refused };
    let taken = rows.taken(&town.enterprises, |it: &Enterprise| {
        it.validate()?;
        if ids.contains(&it.id) {
            return Err(Refusal::new(Code::AlreadyExists).field("id"));
        }
        let code = it.credit_code.as_ref().map(|code| code.as_str().to_owned());
        if code.is_some_and(|code| !codes.insert(code)) {
            return Err(Refusal::new(Code::AlreadyExists).field("credit_code"));
        }
        ids.insert(it.id);
        Ok(())
    });
    let named: BTreeSet<&str> =
        town.enterprises.iter().filter_map(|row| row.get("id")?.as_str()).collect();
    let stays =
        |it: &Enterprise| !ids.contains(&it.id) && named.contains(it.id.to_string().as_str());
    let older = before.into_iter().filter(stays);
    taken.into_iter().map(|(_, it)| it).chain(older).collect()
}

/// The people of a zone: one for each id and each account name, each where there is such a place.
fn members(
    town: &Town,
    enterprises: &[Enterprise],
    known: &[Account],
    refused: &mut Vec<RefusedRow>,
) -> Vec<Member> {
    let (mut ids, mut names) = (BTreeSet::new(), BTreeSet::new());
    let mut rows = Rows { list: "people", refused };
    let taken = rows.taken(&town.people, |it: &Member| {
        let name = username::new_name(&it.username)?;
        require_place(it.role, it.department.is_some(), it.enterprise.is_some())?;
        let department =
            |id: &DepartmentId| town.departments.iter().any(|department| department.id == *id);
        if it.department.as_ref().is_some_and(|id| !department(id)) {
            return Err(Refusal::new(Code::FieldMalformed).field("department"));
        }
        if it.enterprise.is_some_and(|id| !enterprises.iter().any(|place| place.id == id)) {
            return Err(Refusal::new(Code::FieldMalformed).field("enterprise"));
        }
        let is_other =
            |of: &&Account| of.person.id != it.id && username::one_form(&of.username) == name;
        if names.contains(&name) || known.iter().find(is_other).is_some() {
            return Err(Refusal::new(Code::AlreadyExists).field("username"));
        }
        if !ids.insert(it.id) {
            return Err(Refusal::new(Code::AlreadyExists).field("id"));
        }
        names.insert(name);
        Ok(())
    });
    taken.into_iter().map(|(_, it)| it).collect()
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<T, CommandError> {
    let text = fs::read(path).map_err(|error| {
        std::io::Error::new(error.kind(), format!("{}: {error}", path.display()))
    })?;
    serde_json::from_slice(&text)
        .map_err(|error| std::io::Error::other(format!("{}: {error}", path.display())).into())
}

/// Every JSON file of a folder, in the order of their names; none where there is no folder.
fn files(folder: &Path) -> Result<Vec<PathBuf>, CommandError> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut paths: Vec<_> = fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    paths.retain(|path| path.extension().is_some_and(|it| it == "json"));
    paths.sort();
    Ok(paths)
}

/// Where the law and the papers of a zone lie.
const LAW_FOLDERS: [&str; 6] =
    ["laws/documents", "laws", "checklists", "calendars", "papers/templates", "papers"];

fn catalogues(
    town: &Town,
    enterprises: Vec<Enterprise>,
    (known, fixtures): (&Catalogue, &Path),
) -> Result<(Catalogue, Catalogue), CommandError> {
    let mut paths = Vec::new();
    for folder in LAW_FOLDERS {
        paths.extend(files(&fixtures.join(folder))?);
    }
    let law = law_files::taken(known, &paths)
        .map_err(|faults| CommandError::Faults(faults.iter().map(ToString::to_string).collect()))?;
    let staff = Catalogue {
        version: town.version.clone(),
        streets: town.streets.clone(),
        enterprises,
        procedures: town.procedures.clone(),
        competence: town.competence.clone(),
        ..law
    };
    let public = Catalogue {
        version: staff.version.clone(),
        departments: staff.departments.clone(),
        streets: staff.streets.clone(),
        laws: staff.laws.clone(),
        calendars: staff.calendars.clone(),
        // An enterprise may know by which bounds its requests are judged.
        procedures: staff.procedures.clone(),
        papers: staff.papers.clone(),
        ..Catalogue::default()
    };
    Ok((staff, public))
}

fn account(member: Member) -> Result<(Account, Seeded), CommandError> {
    let (password, username) = (passwords::fresh()?, username::new_name(&member.username)?);
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
    let seeded = Seeded { username: username.clone(), password, title, person: person.clone() };
    Ok((Account { person, username, password: hash, reset_until: None }, seeded))
}
