//! The newest catalogue, and older ones as long as a draft needs them.

use rusqlite::{OptionalExtension as _, Transaction};
use sync_core::Refusal;
use sync_core::id::{Digest, InspectionId};

use super::{Store, failed, kv};

const NEWEST: &str = "catalogue";

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
    let Some(bytes) = newest(tx)? else { return Ok(()) };
    tx.execute(
        "INSERT INTO pin (inspection, catalogue) VALUES (?1, ?2)",
        (inspection.as_bytes().as_slice(), Digest::of(&bytes).as_bytes().as_slice()),
    )
    .map(drop)
}

fn newest(tx: &Transaction<'_>) -> rusqlite::Result<Option<Vec<u8>>> {
    tx.query_row("SELECT value FROM kv WHERE key = ?1", [NEWEST], |row| row.get(0)).optional()
}

/// Takes a newer catalogue; the one before stays while a draft needs it.
pub(super) fn replace(tx: &Transaction<'_>, bytes: &[u8]) -> rusqlite::Result<()> {
    if let Some(before) = newest(tx)? {
        tx.execute(
            "INSERT OR IGNORE INTO old_catalogue (digest, bytes) VALUES (?1, ?2)",
            (Digest::of(&before).as_bytes().as_slice(), before.as_slice()),
        )?;
    }
    kv::put(tx, NEWEST, bytes)?;
    forget_unneeded(tx)
}

fn forget_unneeded(tx: &Transaction<'_>) -> rusqlite::Result<()> {
    tx.execute("DELETE FROM old_catalogue WHERE digest NOT IN (SELECT catalogue FROM pin)", [])
        .map(drop)
}

impl Store {
    /// The newest catalogue.
    pub(crate) fn catalogue(&self) -> Result<Option<Vec<u8>>, Refusal> {
        self.value(NEWEST)
    }

    /// The catalogue under which a draft was begun, where it is not the newest any more.
    pub(crate) fn old_catalogue(
        &self,
        inspection: InspectionId,
    ) -> Result<Option<Vec<u8>>, Refusal> {
        let sql =
            "SELECT bytes FROM pin JOIN old_catalogue ON digest = catalogue WHERE inspection = ?1";
        self.connection
            .query_row(sql, [inspection.as_bytes().as_slice()], |row| row.get(0))
            .optional()
            .map_err(failed)
    }

    /// Drafts that are noted with a catalogue.
    pub(crate) fn pinned(&self) -> Result<Vec<InspectionId>, Refusal> {
        let mut statement =
            self.connection.prepare_cached("SELECT inspection FROM pin").map_err(failed)?;
        let rows = statement.query_map([], |row| row.get::<_, [u8; 16]>(0)).map_err(failed)?;
        rows.map(|row| row.map(InspectionId::from_bytes).map_err(failed)).collect()
    }

    /// Lets the catalogues of drafts go that take no more edits.
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
