//! Imports law data into a data folder: as a whole or not at all. Says what changes and which open cases cite it.

use std::fmt;
use std::path::{Path, PathBuf};

use sync_core::act::state;
use sync_core::cbor;
use sync_core::domain::catalogue::Catalogue;
use sync_core::domain::hazard::Clause;
use sync_core::id::{Digest, EnterpriseId};
use sync_core::law::changes::{self, LegalChange};
use sync_core::time::Timestamp;

use super::law_files;
use crate::admission::dossier::{Dossier, Dossiers};
use crate::admission::load;
use crate::auth::keys::Keys;
use crate::config;
use crate::error::CommandError;
use crate::store::integrity::Integrity;
use crate::store::streams::{self, StreamKey};
use crate::store::{self, Pool, StoreError, audit, catalogues};

/// What an import did, or would do.
#[derive(Clone, Debug)]
pub struct Imported {
    /// Version of the reference data from now on; as before where nothing changes.
    pub version: String,
    /// What is different.
    pub changes: Vec<LegalChange>,
    /// Open cases that cite what is different.
    pub touched: Vec<TouchedCase>,
}

/// A case with an open hazard that cites a clause which changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TouchedCase {
    /// Number of its notice, where it has one.
    pub number: Option<String>,
    /// The enterprise.
    pub enterprise: String,
    /// The clauses.
    pub clauses: Vec<Clause>,
}

impl fmt::Display for TouchedCase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.number.as_deref().unwrap_or("尚无文书");
        let clauses: Vec<String> =
            self.clauses.iter().map(|it| format!("{} {}", it.document, it.clause)).collect();
        write!(f, "{}（{number}）：{}", self.enterprise, clauses.join("、"))
    }
}

/// Takes the files over, unless it is only asked what they would change.
///
/// # Errors
/// [`CommandError::Faults`] with every fault of every file, and nothing is written; otherwise what the folder or the
/// database refuses.
pub async fn run(
    data: &Path,
    files: &[PathBuf],
    now: Timestamp,
    only_ask: bool,
) -> Result<Imported, CommandError> {
    let pool = store::open(data).await?;
    let imported = import(&pool, data, files, now, only_ask).await;
    pool.close().await;
    imported
}

async fn import(
    pool: &Pool,
    data: &Path,
    files: &[PathBuf],
    now: Timestamp,
    only_ask: bool,
) -> Result<Imported, CommandError> {
    let mut db = pool.begin().await.map_err(StoreError::from)?;
    audit::begin(&mut db).await?;
    let read =
        |bytes: Option<Vec<u8>>| bytes.map_or(Ok(Catalogue::default()), |it| cbor::from_slice(&it));
    let before: Catalogue = read(catalogues::get(&mut db, "staff").await?)?;
    let mut public: Catalogue = read(catalogues::get(&mut db, "public").await?)?;
    let mut after = law_files::taken(&before, files)
        .map_err(|faults| CommandError::Faults(faults.iter().map(ToString::to_string).collect()))?;
    let changes = changes::between(&before, &after);
    if !changes.is_empty() {
        after.version = version(&after, now);
    }
    if !changes.is_empty() && !only_ask {
        public.version.clone_from(&after.version);
        public.laws.clone_from(&after.laws);
        public.calendars.clone_from(&after.calendars);
        public.procedures.clone_from(&after.procedures);
        public.papers.clone_from(&after.papers);
        catalogues::put(&mut db, "staff", &after, now).await?;
        catalogues::put(&mut db, "public", &public, now).await?;
    }
    db.commit().await.map_err(StoreError::from)?;
    let keys = Keys::derive(&config::secret(data)?)?;
    let integrity = Integrity::new(keys.stored(), keys.identity().1);
    let touched = touched(pool, &integrity, &after, &changes, now).await?;
    Ok(Imported { version: after.version, changes, touched })
}

/// A version is named by its day and by what it holds, so that two of one day have two names.
fn version(catalogue: &Catalogue, now: Timestamp) -> String {
    let unnamed = Catalogue { version: String::new(), ..catalogue.clone() };
    let digest = Digest::of(&cbor::to_vec(&unnamed)).to_string();
    let short: String =
        digest.chars().rev().take(8).collect::<Vec<_>>().into_iter().rev().collect();
    format!("{}-{short}", now.date())
}

/// Cases that are looked at at once.
const BATCH: i64 = 200;

async fn touched(
    pool: &Pool,
    integrity: &Integrity,
    catalogue: &Catalogue,
    changes: &[LegalChange],
    now: Timestamp,
) -> Result<Vec<TouchedCase>, CommandError> {
    let mut touched = Vec::new();
    if changes.is_empty() {
        return Ok(touched);
    }
    let mut db = pool.acquire().await.map_err(StoreError::from)?;
    let mut after: Option<StreamKey> = None;
    loop {
        let keys = streams::inspections(&mut db, after, BATCH).await?;
        let Some(last) = keys.last() else { return Ok(touched) };
        after = Some(*last);
        let loaded = load::cases(&mut db, &keys, true, integrity).await?;
        let dossiers = Dossiers::open(&loaded, now);
        touched.extend(dossiers.cases().filter_map(|it| concerned(it, catalogue, changes)));
    }
}

fn concerned(
    dossier: &Dossier,
    catalogue: &Catalogue,
    changes: &[LegalChange],
) -> Option<TouchedCase> {
    let case = &dossier.case;
    let plan = case.plan()?.body;
    let hazards = case.hazards();
    let open = hazards.iter().filter_map(|id| case.hazard(*id));
    let open = open.filter(|hazard| state::settled_at(hazard).is_none());
    let records = open.filter_map(|hazard| hazard.record);
    let mut clauses: Vec<Clause> = records
        .flat_map(|record| std::iter::once(&record.basis).chain(&record.criterion))
        .filter(|clause| changes::touch(changes, std::slice::from_ref(clause)))
        .cloned()
        .collect();
    clauses.sort();
    clauses.dedup();
    (!clauses.is_empty()).then(|| TouchedCase {
        number: case.notices().next().map(|notice| notice.body.number.to_string()),
        enterprise: name_of(catalogue, plan.enterprise),
        clauses,
    })
}

fn name_of(catalogue: &Catalogue, id: EnterpriseId) -> String {
    let known = catalogue.enterprises.iter().find(|it| it.id == id);
    known.map_or_else(|| id.to_string(), |it| it.name.clone())
}
