//! The newest catalogue, and older ones as long as a draft or a record needs them. Staff hold parts, which versions share;
//! enterprises hold one small catalogue as a whole.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension as _, Transaction};
use sync_core::domain::catalogue::Catalogue;
use sync_core::id::{Digest, InspectionId};
use sync_core::wire::catalogue::{BASE, HeldParts, Manifest, Part, join};
use sync_core::{Refusal, cbor};

use super::{Store, coming, failed, kv};

/// The newest catalogue where it came as a whole.
const WHOLE: &str = "catalogue";
/// Digest of the newest manifest where it came in parts.
const PARTS: &str = "catalogue manifest";
/// The newest manifest in two, by which the server knows it when only the colleagues are others.
const HELD: &str = "catalogue held";
/// Set when parts came that do not fit: then everything is asked for.
const ASK_ALL: &str = "catalogue asks for all";

/// Parts that say who and where, not what the law is: of versions before the newest they are not kept, and the newest are
/// read instead.
const REGISTERS: &str = "(name = 'colleagues' OR name LIKE 'enterprises/%')";

/// Notes under which catalogue a draft is begun; the first note counts.
pub(super) fn pin(tx: &Transaction<'_>, inspection: InspectionId) -> rusqlite::Result<()> {
    let pinned = "SELECT 1 FROM pin WHERE inspection = ?1";
    let known = tx
        .prepare_cached(pinned)?
        .query_row([inspection.as_bytes().as_slice()], |_| Ok(()))
        .optional()?;
    if known.is_some() {
        return Ok(());
    }
    let newest = match value(tx, PARTS)? {
        Some(manifest) => Some(manifest),
        None => value(tx, WHOLE)?.map(|bytes| Digest::of(&bytes).as_bytes().to_vec()),
    };
    let Some(newest) = newest else { return Ok(()) };
    tx.execute(
        "INSERT INTO pin (inspection, catalogue) VALUES (?1, ?2)",
        (inspection.as_bytes().as_slice(), newest),
    )
    .map(drop)
}

fn value(tx: &Transaction<'_>, key: &str) -> rusqlite::Result<Option<Vec<u8>>> {
    let sql = "SELECT value FROM kv WHERE key = ?1";
    tx.prepare_cached(sql)?.query_row([key], |row| row.get(0)).optional()
}

fn forget(tx: &Transaction<'_>, key: &str) -> rusqlite::Result<()> {
    tx.execute("DELETE FROM kv WHERE key = ?1", [key]).map(drop)
}

/// The one before stays while a draft or record needs it.
fn put_whole_aside(tx: &Transaction<'_>) -> rusqlite::Result<()> {
    let Some(before) = value(tx, WHOLE)? else { return Ok(()) };
    tx.execute(
        "INSERT OR IGNORE INTO old_catalogue (digest, bytes) VALUES (?1, ?2)",
        (Digest::of(&before).as_bytes().as_slice(), before.as_slice()),
    )
    .map(drop)
}

/// Takes a newer catalogue that came as a whole.
pub(super) fn replace(tx: &Transaction<'_>, bytes: &[u8]) -> rusqlite::Result<()> {
    put_whole_aside(tx)?;
    kv::put(tx, WHOLE, bytes)?;
    forget(tx, PARTS)?;
    forget(tx, HELD)?;
    coming::forget(tx)?;
    forget_unneeded(tx)
}

/// Takes parts: the version that they lead to has those of the version `from`, without what is gone and with what came.
/// What does not lead to `to` is left, and everything is asked for.
pub(super) fn take_parts(
    tx: &Transaction<'_>,
    from: Option<Digest>,
    to: Digest,
    parts: &[Part],
    gone: &[String],
) -> rusqlite::Result<()> {
    let mut entries = match from {
        Some(from) => entries(tx, from.as_bytes())?,
        None => BTreeMap::new(),
    };
    for name in gone {
        entries.remove(name);
    }
    entries.extend(parts.iter().map(|part| (part.name.clone(), Digest::of(&part.bytes))));
    let manifest = Manifest(entries);
    let came = parts.iter().map(|part| (part.name.as_str(), part.bytes.as_slice()));
    if manifest.digest() != to || join(came).is_err() {
        return ask_for_all(tx);
    }
    let mut keep =
        tx.prepare_cached("INSERT OR IGNORE INTO catalogue_part (digest, bytes) VALUES (?1, ?2)")?;
    for part in parts {
        keep.execute((Digest::of(&part.bytes).as_bytes().as_slice(), part.bytes.as_slice()))?;
    }
    let mut note = tx.prepare_cached(
        "INSERT OR REPLACE INTO catalogue_entry (manifest, name, part) VALUES (?1, ?2, ?3)",
    )?;
    for (name, part) in &manifest.0 {
        note.execute((to.as_bytes().as_slice(), name, part.as_bytes().as_slice()))?;
    }
    put_whole_aside(tx)?;
    forget(tx, WHOLE)?;
    forget(tx, ASK_ALL)?;
    kv::put(tx, PARTS, to.as_bytes())?;
    note_held(tx, &manifest)?;
    coming::forget(tx)?;
    forget_unneeded(tx)
}

/// What came leads nowhere: everything has to come.
pub(super) fn ask_for_all(tx: &Transaction<'_>) -> rusqlite::Result<()> {
    coming::forget(tx)?;
    kv::put(tx, ASK_ALL, &[1])
}

fn note_held(tx: &Transaction<'_>, manifest: &Manifest) -> rusqlite::Result<()> {
    match manifest.held() {
        Some(held) => kv::put(tx, HELD, &cbor::to_vec(&held)),
        None => forget(tx, HELD),
    }
}

fn entries(tx: &Transaction<'_>, manifest: &[u8]) -> rusqlite::Result<BTreeMap<String, Digest>> {
    let mut statement =
        tx.prepare_cached("SELECT name, part FROM catalogue_entry WHERE manifest = ?1")?;
    let rows = statement
        .query_map([manifest], |row| Ok((row.get::<_, String>(0)?, row.get::<_, Vec<u8>>(1)?)))?;
    let mut entries = BTreeMap::new();
    for row in rows {
        let (name, part) = row?;
        // Only digests are written there.
        if let Ok(part) = Digest::from_bytes(&part) {
            entries.insert(name, part);
        }
    }
    Ok(entries)
}

fn forget_unneeded(tx: &Transaction<'_>) -> rusqlite::Result<()> {
    tx.execute("DELETE FROM old_catalogue WHERE digest NOT IN (SELECT catalogue FROM pin)", [])?;
    let newest = value(tx, PARTS)?.unwrap_or_default();
    let sql = format!(
        "DELETE FROM catalogue_entry WHERE manifest <> ?1 AND \
         ({REGISTERS} OR manifest NOT IN (SELECT catalogue FROM pin))"
    );
    let left = tx.execute(&sql, [newest])?;
    if left > 0 {
        tx.execute(
            "DELETE FROM catalogue_part WHERE digest NOT IN (SELECT part FROM catalogue_entry)",
            [],
        )?;
    }
    Ok(())
}

impl Store {
    /// The newest catalogue.
    pub(crate) fn catalogue(&self) -> Result<Option<Catalogue>, Refusal> {
        if let Some(manifest) = self.value(PARTS)? {
            return self.joined(&manifest);
        }
        self.value(WHOLE)?.map(|bytes| cbor::from_slice(&bytes)).transpose()
    }

    /// The name under which the server knows what is held; none where everything has to come.
    pub(crate) fn catalogue_digest(&self) -> Result<Option<Digest>, Refusal> {
        if self.value(ASK_ALL)?.is_some() {
            return Ok(None);
        }
        match self.value(PARTS)? {
            Some(manifest) => Digest::from_bytes(&manifest).map(Some),
            None => Ok(self.value(WHOLE)?.map(|bytes| Digest::of(&bytes))),
        }
    }

    /// What is held in parts, in two names; none where everything has to come.
    pub(crate) fn held_parts(&mut self) -> Result<Option<HeldParts>, Refusal> {
        let Some(manifest) = self.value(PARTS)? else { return Ok(None) };
        if self.value(ASK_ALL)?.is_some() {
            return Ok(None);
        }
        if self.value(HELD)?.is_none() {
            // It was taken by a build that did not note it.
            self.write(|tx| note_held(tx, &Manifest(entries(tx, &manifest)?)))?;
        }
        self.value(HELD)?.map(|held| cbor::from_slice(&held)).transpose()
    }

    fn joined(&self, manifest: &[u8]) -> Result<Option<Catalogue>, Refusal> {
        let newest = self.value(PARTS)?.unwrap_or_default();
        let sql = format!(
            "SELECT name, bytes FROM catalogue_entry JOIN catalogue_part ON digest = part \
             WHERE manifest = ?1 OR (manifest = ?2 AND {REGISTERS}) ORDER BY name"
        );
        let mut statement = self.connection.prepare_cached(&sql).map_err(failed)?;
        let rows = statement
            .query_map((manifest, newest), |row| {
                Ok((row.get::<_, String>(0)?, row.get::<_, Vec<u8>>(1)?))
            })
            .map_err(failed)?;
        let parts: Vec<(String, Vec<u8>)> = rows.collect::<Result<_, _>>().map_err(failed)?;
        // Without its base nothing is kept of it.
        if !parts.iter().any(|(name, _)| name == BASE) {
            return Ok(None);
        }
        join(parts.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()))).map(Some)
    }

    /// The catalogue under which a draft was begun, where it is not the newest any more.
    pub(crate) fn old_catalogue(
        &self,
        inspection: InspectionId,
    ) -> Result<Option<Catalogue>, Refusal> {
        let pinned: Option<Vec<u8>> = self
            .connection
            .query_row(
                "SELECT catalogue FROM pin WHERE inspection = ?1",
                [inspection.as_bytes().as_slice()],
                |row| row.get(0),
            )
            .optional()
            .map_err(failed)?;
        let Some(pinned) = pinned else { return Ok(None) };
        if self.value(PARTS)?.as_deref() == Some(pinned.as_slice()) {
            return Ok(None);
        }
        let whole: Option<Vec<u8>> = self
            .connection
            .query_row("SELECT bytes FROM old_catalogue WHERE digest = ?1", [&pinned], |row| {
                row.get(0)
            })
            .optional()
            .map_err(failed)?;
        match whole {
            Some(bytes) => cbor::from_slice(&bytes).map(Some),
            None => self.joined(&pinned),
        }
    }

    /// Inspections that are noted with a catalogue.
    pub(crate) fn pinned(&self) -> Result<Vec<InspectionId>, Refusal> {
        let mut statement =
            self.connection.prepare_cached("SELECT inspection FROM pin").map_err(failed)?;
        let rows = statement.query_map([], |row| row.get::<_, [u8; 16]>(0)).map_err(failed)?;
        rows.map(|row| row.map(InspectionId::from_bytes).map_err(failed)).collect()
    }

    /// Lets the catalogues of inspections go that are not here any more.
    pub(crate) fn unpin(&mut self, inspections: &[InspectionId]) -> Result<(), Refusal> {
        if inspections.is_empty() {
            return Ok(());
        }
        self.write(|tx| {
            for inspection in inspections {
                let name = inspection.as_bytes().as_slice();
                tx.execute("DELETE FROM pin WHERE inspection = ?1", [name])?;
            }
            forget_unneeded(tx)
        })
    }
}
