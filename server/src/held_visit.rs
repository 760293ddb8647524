//! What quarantine holds of a visit: one matter for a supervisor, read in words, and its judgement.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use sync_core::act::streams::Audience;
use sync_core::act::{Capture, Fact, Statement};
use sync_core::case::Case;
use sync_core::domain::account::Role;
use sync_core::domain::evidence::Photo;
use sync_core::draft::{self, Draft, Field, HazardView};
use sync_core::id::{DeviceId, Digest, HazardId, PersonId};
use sync_core::refusal::{Code, Refusal};
use sync_core::wire::api_office::{HeldHazard, HeldVisit};

use crate::admission::dossier::{Dossier, Dossiers};
use crate::admission::load::{self, Loaded};
use crate::directory::Directory;
use crate::state::Shared;
use crate::store::drafts::{self, StoredChange};
use crate::store::feed::{NewRow, Part};
use crate::store::hex;
use crate::store::integrity::Integrity;
use crate::store::ledger;
use crate::store::quarantine::{
    self, Judgement, Matter, QuarantineRow, QuarantinedKind, Ruling, UnreadRow, Verdict,
};
use crate::store::streams::StreamKey;
use crate::store::writer::{Judging, WriteJob};
use crate::store::{Db, StoreError};

/// The items that are judged together with one that waits, each after what it depends on.
///
/// # Errors
/// Those of the store.
pub async fn matter(shared: &Shared, row: QuarantineRow) -> Result<Vec<QuarantineRow>, Refusal> {
    let Some(matter) = row.matter() else { return Ok(vec![row]) };
    let mut db = shared.pool.acquire().await.map_err(StoreError::from)?;
    let key = StreamKey::inspection(matter.visit);
    let mut rows = quarantine::of_visits(&mut db, &[key], true).await?.items;
    rows.retain(|row| row.matter() == Some(matter));
    rows.sort_by_cached_key(written);
    Ok(rows)
}

/// Those of some items that stand in their cases already: nobody has to judge them, and nobody can return them.
///
/// # Errors
/// Those of the store.
pub async fn taken_over(
    shared: &Shared,
    rows: &[QuarantineRow],
) -> Result<BTreeSet<Digest>, Refusal> {
    let mut db = shared.pool.acquire().await.map_err(StoreError::from)?;
    let mut found = BTreeSet::new();
    for row in rows {
        let Some(key) = row.stream else { continue };
        let stands = match row.form {
            QuarantinedKind::Fact => ledger::holds(&mut db, key, row.item).await?,
            QuarantinedKind::Change => drafts::holds(&mut db, key, row.item).await?,
        };
        found.extend(stands.then_some(row.item));
    }
    Ok(found)
}

/// In which order items of a visit were written, as far as each says by itself: facts of a device by its chain, changes
/// after those before them. What was done before a record was sealed comes before the seal.
fn written(row: &QuarantineRow) -> (bool, bool, DeviceId, u64, i64) {
    let at = row.received_at.as_millis();
    let fact = match row.form {
        QuarantinedKind::Change => {
            let order = draft::order_of(&row.bytes).unwrap_or(u64::MAX);
            return (false, true, DeviceId::from_bytes([0; 16]), order, at);
        }
        QuarantinedKind::Fact => Fact::decode(&row.bytes).ok(),
    };
    let sealed = fact.as_ref().is_some_and(|it| matches!(it.statement, Statement::Sealed(_)));
    (sealed, false, row.device, fact.map_or(u64::MAX, |it| it.seq()), at)
}

/// What is held of the visits for which rows stand, by the item of the row.
///
/// # Errors
/// Those of the store. A visit that cannot be read hides no other one.
pub async fn of(
    shared: &Shared,
    directory: &Arc<Directory>,
    rows: &[QuarantineRow],
) -> Result<HashMap<Digest, HeldVisit>, Refusal> {
    let of_visits: Vec<(Digest, Matter, Judgement)> = rows
        .iter()
        .filter_map(|row| Some((row.item, row.matter()?, row.judgement.clone())))
        .collect();
    if of_visits.is_empty() {
        return Ok(HashMap::new());
    }
    let keys: BTreeSet<StreamKey> =
        of_visits.iter().map(|(_, matter, _)| StreamKey::inspection(matter.visit)).collect();
    let keys: Vec<StreamKey> = keys.into_iter().collect();
    let Found { loaded, held, .. } = {
        let mut db = shared.pool.acquire().await.map_err(StoreError::from)?;
        let mut found = Found::load(&mut db, &keys, false, &shared.integrity).await?;
        let rows = quarantine::of_visits(&mut db, &found.unread, false).await?;
        found.held.extend(Held::of(rows.items));
        found
    };
    let with = Arc::clone(directory);
    let read = move || {
        let mut dossiers = Dossiers::open(&loaded, sync_core::time::Timestamp::default());
        let visits = of_visits.into_iter().map(|(item, matter, judgement)| {
            let case = dossiers.case(StreamKey::inspection(matter.visit));
            (item, held.visit(matter, &judgement, case, &with))
        });
        visits.collect()
    };
    shared.turns.run(read).await
}

/// What is stored of dossiers, and the streams of those that cannot be read.
#[derive(Debug, Default)]
pub struct Found {
    /// What can be read.
    pub loaded: Loaded,
    /// What is held of their visits.
    pub held: Held,
    /// Streams of which something cannot be read.
    pub unread: Vec<StreamKey>,
}

impl Found {
    /// Reads dossiers together, or each alone if one of them cannot be read. With `waiting` only what nobody judged yet
    /// is read of quarantine.
    ///
    /// # Errors
    /// What the database says.
    pub async fn load(
        db: &mut Db,
        keys: &[StreamKey],
        waiting: bool,
        integrity: &Integrity,
    ) -> Result<Self, StoreError> {
        match Self::together(db, keys, waiting, integrity).await {
            Err(error) if error.is_damage() => {}
            found => return found,
        }
        let (mut all, mut parts) = (Self::default(), Vec::with_capacity(keys.len()));
        for key in keys {
            match Self::together(db, &[*key], waiting, integrity).await {
                Ok(found) => {
                    parts.push(found.loaded);
                    all.held.extend(found.held);
                }
                Err(error) if error.is_damage() => {
                    integrity.note(format!("{key:?}: {error}"));
                    all.unread.push(*key);
                }
                Err(error) => return Err(error),
            }
        }
        Ok(Self { loaded: Loaded::joined(parts), ..all })
    }

    async fn together(
        db: &mut Db,
        keys: &[StreamKey],
        waiting: bool,
        integrity: &Integrity,
    ) -> Result<Self, StoreError> {
        let loaded = load::cases(db, keys, true, integrity).await?;
        let visits: Vec<StreamKey> = loaded.streams.keys().copied().collect();
        let held = Held::load(db, &visits, waiting, integrity).await?;
        Ok(Self { loaded, held, unread: Vec::new() })
    }
}

/// What quarantine and drafts hold of visits.
#[derive(Debug, Default)]
pub struct Held {
    rows: BTreeMap<StreamKey, Vec<QuarantineRow>>,
    changes: HashMap<StreamKey, Vec<StoredChange>>,
}

impl Held {
    /// Reads what quarantine holds of visits, and their drafts where it holds something. A row that cannot be read is left
    /// out and noted: it holds up nothing else.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn load(
        db: &mut Db,
        keys: &[StreamKey],
        waiting: bool,
        integrity: &Integrity,
    ) -> Result<Self, StoreError> {
        let found = quarantine::of_visits(db, keys, waiting).await?;
        note_unread(&found.unread, integrity);
        let mut held = Self::of(found.items);
        let drafted: Vec<StreamKey> = held.rows.keys().copied().collect();
        held.changes = drafts::of_streams(db, &drafted).await?;
        Ok(held)
    }

    fn of(items: Vec<QuarantineRow>) -> Self {
        let mut rows: BTreeMap<StreamKey, Vec<QuarantineRow>> = BTreeMap::new();
        for row in items {
            if let Some(key) = row.stream {
                rows.entry(key).or_default().push(row);
            }
        }
        Self { rows, changes: HashMap::new() }
    }

    /// Adds what is held of other visits.
    pub fn extend(&mut self, other: Self) {
        self.rows.extend(other.rows);
        self.changes.extend(other.changes);
    }

    /// The items that wait and stand in the case all the same: they came again when nothing was against them any more.
    #[must_use]
    pub fn taken_over(&self, key: StreamKey, dossier: &Dossier) -> Vec<&QuarantineRow> {
        let Some(rows) = self.rows.get(&key) else { return Vec::new() };
        let changes = self.changes.get(&key).map(Vec::as_slice).unwrap_or_default();
        let stands = |row: &&QuarantineRow| match row.form {
            QuarantinedKind::Fact => dossier.holds(&row.item),
            QuarantinedKind::Change => changes.iter().any(|change| change.id == row.item),
        };
        rows.iter().filter(stands).collect()
    }

    /// The items that wait of whoever has supplemented the record of a visit, when nothing that they recorded is
    /// outside of it any more.
    #[must_use]
    pub fn supplemented(&self, key: StreamKey, case: &Case) -> Vec<&QuarantineRow> {
        let Some(rows) = self.rows.get(&key) else { return Vec::new() };
        let late = |row: &&QuarantineRow| row.refusal.code == Code::AlreadySealed;
        let rows: Vec<&QuarantineRow> = rows.iter().filter(late).collect();
        let authors: BTreeSet<PersonId> = case.supplements().map(|it| it.by).collect();
        let covered = |author: PersonId| {
            let of_author = rows.iter().copied().filter(|row| row.author == author);
            let loose = self.loose(key, of_author, case);
            !loose.values().any(|hazard| found_by(hazard) == Some(author))
        };
        let covered: BTreeSet<PersonId> = authors.into_iter().filter(|it| covered(*it)).collect();
        rows.into_iter().filter(|row| covered.contains(&row.author)).collect()
    }

    fn visit(
        &self,
        matter: Matter,
        judgement: &Judgement,
        case: &Case,
        directory: &Directory,
    ) -> HeldVisit {
        let inspection = matter.visit;
        let key = StreamKey::inspection(inspection);
        let rows = self.rows.get(&key).map(Vec::as_slice).unwrap_or_default();
        let is_of =
            |row: &QuarantineRow| row.matter() == Some(matter) && row.judgement == *judgement;
        let of_matter = || rows.iter().filter(|row| is_of(row));
        let enterprise = case.plan().map(|plan| plan.body.enterprise);
        let known = enterprise.and_then(|id| directory.enterprises.get(&id));
        let mut hazards = self.loose(key, of_matter(), case);
        // Before a seal the draft holds what others recorded, too.
        hazards.retain(|_, hazard| matter.author.is_none() || found_by(hazard) == matter.author);
        let hazards = hazards.into_iter();
        HeldVisit {
            inspection,
            enterprise,
            enterprise_name: known.map(|it| it.name.clone()),
            items: u32::try_from(of_matter().count()).unwrap_or(u32::MAX),
            hazards: hazards.map(|(id, hazard)| in_words(id, &hazard, directory)).collect(),
        }
    }

    /// The hazards that these items and the draft hold, and neither the record nor a supplement.
    fn loose<'r>(
        &self,
        key: StreamKey,
        rows: impl Iterator<Item = &'r QuarantineRow>,
        case: &Case,
    ) -> BTreeMap<HazardId, HazardView> {
        let visit = key.stream().and_then(|stream| stream.as_inspection());
        let stored = self.changes.get(&key).map(Vec::as_slice).unwrap_or_default();
        let stored = stored.iter().map(|change| (change.bytes.as_slice(), Some(change.author)));
        let held = rows
            .filter(|row| row.form == QuarantinedKind::Change)
            .map(|row| (row.bytes.as_slice(), Some(row.author)));
        let draft = visit.and_then(|visit| Draft::gather(visit, stored.chain(held)).ok());
        let photos = case.every::<Capture>().map(|it| &it.body.photo);
        let view = draft.map(|draft| draft.with_captures(photos.collect::<Vec<&Photo>>()).view());
        let recorded = case.hazards();
        let mut hazards = view.map(|view| view.hazards).unwrap_or_default();
        hazards.retain(|id, hazard| hazard.withdrawn.is_none() && !recorded.contains(id));
        hazards
    }
}

/// Notes rows of quarantine that cannot be read, for the log and for those who watch the server.
pub fn note_unread(rows: &[UnreadRow], integrity: &Integrity) {
    for row in rows {
        integrity.note(format!("quarantine {}: {}", hex(&row.item), row.what));
    }
}

fn found_by(hazard: &HazardView) -> Option<PersonId> {
    hazard.found_by.as_ref().and_then(Field::shown).copied()
}

fn in_words(hazard: HazardId, view: &HazardView, directory: &Directory) -> HeldHazard {
    let text = |field: &Option<Field<String>>| {
        field.as_ref().and_then(Field::shown).cloned().unwrap_or_default()
    };
    let finder = found_by(view).and_then(|id| directory.persons.get(&id));
    HeldHazard {
        hazard,
        description: text(&view.description),
        place: text(&view.place),
        grade: view.grade.as_ref().and_then(Field::shown).copied(),
        found_by: finder.map(|person| person.name.clone()),
        photos: view.photos.keys().copied().collect(),
    }
}

/// Adds the judgement of an item to what is written, with the news for its author.
pub fn judge_row(
    job: &mut WriteJob,
    directory: &Directory,
    row: &QuarantineRow,
    verdict: Verdict,
    decision: Ruling,
) {
    job.judging.push(Judging { item: row.item, verdict, decision });
    job.feed.push(NewRow {
        audience: author_audience(directory, row.author),
        part: Part::Judged(row.item),
        device: None,
    });
}

/// The audience whose feed tells the author.
fn author_audience(directory: &Directory, author: PersonId) -> String {
    let person = directory.persons.get(&author);
    let audience = match person.and_then(|it| it.enterprise.filter(|_| it.role == Role::Enterprise))
    {
        Some(enterprise) => Audience::Enterprise(enterprise),
        None => Audience::Person(author),
    };
    audience.to_string()
}
