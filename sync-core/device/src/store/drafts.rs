//! Draft changes and the journal of edits that are not part of one yet.

use std::collections::BTreeSet;

use rusqlite::{OptionalExtension as _, Transaction};
use sync_core::Refusal;
use sync_core::draft::Edit;
use sync_core::id::{Digest, InspectionId};
use sync_core::ledger::stream::StreamId;
use sync_core::wire::exchange::ItemId;

use super::{Store, catalogues, failed, from_blob, state, to_blob};

/// An own change for the outbox.
pub(crate) struct ChangeRow {
    pub(crate) id: ItemId,
    pub(crate) inspection: InspectionId,
    pub(crate) state: i64,
    pub(crate) refusal: Option<Refusal>,
}

/// How much a draft is.
#[derive(Clone, Copy)]
pub(crate) struct DraftSize {
    /// Bytes of its changes, and what its journal needs at most.
    pub(crate) bytes: usize,
    pub(crate) changes: usize,
}

/// Numbers that move with a draft and its stream.
pub(crate) type DraftMark = [i64; 5];

/// Changes that count here: those that no server refused, and what a colleague handed over, since own ones may follow
/// it.
const COUNTS: &str = "(state IN (0, 1) OR (own = 0 AND state IN (2, 3)))";

/// What an edit of the journal needs in a change beyond its own bytes, at most.
const EDIT_BYTES: i64 = 1_200;

pub(crate) fn insert_change(
    tx: &Transaction<'_>,
    inspection: InspectionId,
    bytes: &[u8],
    own: bool,
) -> rusqlite::Result<()> {
    let known = if own { state::ONLY_HERE } else { state::AT_SERVER };
    tx.execute(
        "INSERT OR IGNORE INTO change (id, inspection, own, state, bytes)
         VALUES (?1, ?2, ?3, ?4, ?5)",
        (
            Digest::of(bytes).as_bytes().as_slice(),
            inspection.as_bytes().as_slice(),
            own,
            known,
            bytes,
        ),
    )
    .map(drop)
}

/// Keeps a change that a colleague's phone handed over; one that is known stays as it is.
pub(crate) fn insert_carried(
    tx: &Transaction<'_>,
    inspection: InspectionId,
    bytes: &[u8],
) -> rusqlite::Result<()> {
    tx.execute(
        "INSERT OR IGNORE INTO change (id, inspection, own, state, bytes) VALUES (?1, ?2, 0, ?3, ?4)",
        (
            Digest::of(bytes).as_bytes().as_slice(),
            inspection.as_bytes().as_slice(),
            state::ONLY_HERE,
            bytes,
        ),
    )
    .map(drop)
}

/// Edits up to a number stand in changes now. They are kept until the changes have their verdict.
pub(crate) fn clear_journal(
    tx: &Transaction<'_>,
    inspection: InspectionId,
    up_to: i64,
) -> rusqlite::Result<()> {
    let which = (inspection.as_bytes().as_slice(), up_to);
    tx.execute(
        "INSERT INTO unsent_edit (inspection, edit)
         SELECT inspection, edit FROM journal WHERE inspection = ?1 AND n <= ?2 ORDER BY n",
        which,
    )?;
    tx.execute("DELETE FROM journal WHERE inspection = ?1 AND n <= ?2", which).map(drop)
}

/// Forgets edits whose changes have their verdict.
pub(crate) fn forget_edits(tx: &Transaction<'_>) -> rusqlite::Result<()> {
    tx.execute(
        "DELETE FROM unsent_edit WHERE inspection NOT IN
             (SELECT inspection FROM change WHERE own = 1 AND state = 0)",
        [],
    )
    .map(drop)
}

/// Puts edits whose changes have no verdict before all others that are to be written, in the place of those changes.
pub(crate) fn write_again(tx: &Transaction<'_>, inspection: InspectionId) -> rusqlite::Result<()> {
    let which = [inspection.as_bytes().as_slice()];
    tx.execute(
        "INSERT INTO journal (n, inspection, edit)
         SELECT n - 4611686018427387904, inspection, edit FROM unsent_edit WHERE inspection = ?1",
        which,
    )?;
    tx.execute("DELETE FROM unsent_edit WHERE inspection = ?1", which)?;
    tx.execute("DELETE FROM change WHERE inspection = ?1 AND own = 1 AND state = 0", which)
        .map(drop)
}

impl Store {
    /// Changes of a draft that count here, in order.
    pub(crate) fn changes(&self, inspection: InspectionId) -> Result<Vec<Vec<u8>>, Refusal> {
        self.changes_in(inspection, COUNTS)
    }

    /// The same with own ones that the server keeps in quarantine or a supervisor returned: once the record is sealed
    /// they are all that is left of what was recorded without knowing of the seal.
    pub(crate) fn all_changes(&self, inspection: InspectionId) -> Result<Vec<Vec<u8>>, Refusal> {
        self.changes_in(inspection, &format!("({COUNTS} OR (own = 1 AND state IN (3, 4)))"))
    }

    fn changes_in(
        &self,
        inspection: InspectionId,
        condition: &str,
    ) -> Result<Vec<Vec<u8>>, Refusal> {
        let sql =
            format!("SELECT bytes FROM change WHERE inspection = ?1 AND {condition} ORDER BY n");
        let mut statement = self.connection.prepare_cached(&sql).map_err(failed)?;
        let rows = statement
            .query_map([inspection.as_bytes().as_slice()], |row| row.get(0))
            .map_err(failed)?;
        rows.collect::<Result<_, _>>().map_err(failed)
    }

    /// Inspections of which this person wrote something.
    pub(crate) fn written(&self) -> Result<BTreeSet<InspectionId>, Refusal> {
        let sql =
            "SELECT inspection FROM change WHERE own = 1 UNION SELECT inspection FROM journal";
        let mut statement = self.connection.prepare_cached(sql).map_err(failed)?;
        let rows = statement.query_map([], |row| row.get::<_, [u8; 16]>(0)).map_err(failed)?;
        rows.map(|row| row.map(InspectionId::from_bytes).map_err(failed)).collect()
    }

    /// What moves whenever the draft of an inspection or what is known of its stream does.
    pub(crate) fn draft_mark(&self, inspection: InspectionId) -> Result<DraftMark, Refusal> {
        let sql = "SELECT
                (SELECT count(*) FROM change WHERE inspection = ?1),
                (SELECT coalesce(sum(state), 0) FROM change WHERE inspection = ?1),
                (SELECT coalesce(max(n), 0) FROM journal WHERE inspection = ?1),
                (SELECT count(*) FROM fact WHERE stream = ?2),
                (SELECT coalesce(sum(state), 0) FROM fact WHERE stream = ?2)";
        let stream = to_blob(&StreamId::inspection(inspection));
        self.connection
            .prepare_cached(sql)
            .and_then(|mut it| {
                it.query_row((inspection.as_bytes().as_slice(), stream), |row| {
                    Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?])
                })
            })
            .map_err(failed)
    }

    /// How much a draft is, with its journal.
    pub(crate) fn draft_size(&self, inspection: InspectionId) -> Result<DraftSize, Refusal> {
        let sql = "SELECT
                (SELECT coalesce(sum(length(bytes)), 0) FROM change
                 WHERE inspection = ?1 AND state IN (0, 1))
              + (SELECT coalesce(sum(length(edit) + ?2), 0) FROM journal WHERE inspection = ?1),
                (SELECT count(*) FROM change WHERE inspection = ?1 AND state IN (0, 1))";
        let number = |n: i64| usize::try_from(n).unwrap_or_default();
        self.connection
            .prepare_cached(sql)
            .and_then(|mut it| {
                it.query_row((inspection.as_bytes().as_slice(), EDIT_BYTES), |row| {
                    Ok(DraftSize { bytes: number(row.get(0)?), changes: number(row.get(1)?) })
                })
            })
            .map_err(failed)
    }

    /// Journalled edits of a draft and the number of the last one.
    pub(crate) fn journal(&self, inspection: InspectionId) -> Result<(Vec<Edit>, i64), Refusal> {
        let sql = "SELECT n, edit FROM journal WHERE inspection = ?1 ORDER BY n";
        let mut statement = self.connection.prepare_cached(sql).map_err(failed)?;
        let rows = statement
            .query_map([inspection.as_bytes().as_slice()], |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?))
            })
            .map_err(failed)?;
        let mut edits = Vec::new();
        let mut last = 0;
        for row in rows {
            let (n, edit) = row.map_err(failed)?;
            edits.push(from_blob(&edit)?);
            last = n;
        }
        Ok((edits, last))
    }

    /// Inspections of which edits stand in changes without a verdict.
    pub(crate) fn unsent_drafts(&self) -> Result<Vec<InspectionId>, Refusal> {
        let sql = "SELECT DISTINCT inspection FROM unsent_edit";
        let mut statement = self.connection.prepare_cached(sql).map_err(failed)?;
        let rows = statement.query_map([], |row| row.get::<_, [u8; 16]>(0)).map_err(failed)?;
        rows.map(|row| row.map(InspectionId::from_bytes).map_err(failed)).collect()
    }

    /// Inspections of which a change of the draft is held.
    pub(crate) fn drafted(&self) -> Result<BTreeSet<InspectionId>, Refusal> {
        let sql = "SELECT DISTINCT inspection FROM change";
        let mut statement = self.connection.prepare_cached(sql).map_err(failed)?;
        let rows = statement.query_map([], |row| row.get::<_, [u8; 16]>(0)).map_err(failed)?;
        rows.map(|row| row.map(InspectionId::from_bytes).map_err(failed)).collect()
    }

    /// Drafts with edits that are not part of a change.
    pub(crate) fn journalled(&self) -> Result<Vec<InspectionId>, Refusal> {
        let sql = "SELECT DISTINCT inspection FROM journal";
        let mut statement = self.connection.prepare_cached(sql).map_err(failed)?;
        let rows = statement.query_map([], |row| row.get::<_, [u8; 16]>(0)).map_err(failed)?;
        rows.map(|row| row.map(InspectionId::from_bytes).map_err(failed)).collect()
    }

    /// Saves an edit; when this returns it survives anything but the loss of the device.
    pub(crate) fn journal_edit(
        &mut self,
        inspection: InspectionId,
        edit: &Edit,
    ) -> Result<(), Refusal> {
        self.write(|tx| {
            catalogues::pin(tx, inspection)?;
            tx.execute(
                "INSERT INTO journal (inspection, edit) VALUES (?1, ?2)",
                (inspection.as_bytes().as_slice(), to_blob(edit)),
            )
            .map(drop)
        })
    }

    /// Own changes without a verdict, by draft and in order.
    pub(crate) fn unsent_changes(
        &self,
        limit: usize,
    ) -> Result<Vec<(InspectionId, ItemId, Vec<u8>)>, Refusal> {
        let sql = "SELECT inspection, id, bytes FROM change
                   WHERE state = 0 AND own = 1 ORDER BY n LIMIT ?1";
        let mut statement = self.connection.prepare_cached(sql).map_err(failed)?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = statement
            .query_map([limit], |row| {
                Ok((row.get::<_, [u8; 16]>(0)?, row.get::<_, Vec<u8>>(1)?, row.get(2)?))
            })
            .map_err(failed)?;
        rows.map(|row| {
            let (inspection, id, bytes) = row.map_err(failed)?;
            Ok((InspectionId::from_bytes(inspection), Digest::from_bytes(&id)?, bytes))
        })
        .collect()
    }

    /// Own changes, newest first.
    pub(crate) fn own_changes(&self, limit: usize) -> Result<Vec<ChangeRow>, Refusal> {
        let sql = "SELECT id, state, refusal, inspection FROM change
             WHERE own = 1 ORDER BY n DESC LIMIT ?1";
        let mut statement = self.connection.prepare_cached(sql).map_err(failed)?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = statement
            .query_map([limit], |row| {
                let refusal = row.get::<_, Option<Vec<u8>>>(2)?;
                Ok((row.get::<_, Vec<u8>>(0)?, row.get(1)?, refusal, row.get::<_, [u8; 16]>(3)?))
            })
            .map_err(failed)?;
        rows.map(|row| {
            let (id, state, refusal, inspection) = row.map_err(failed)?;
            let refusal = refusal.map(|bytes| from_blob(&bytes)).transpose()?;
            let inspection = InspectionId::from_bytes(inspection);
            Ok(ChangeRow { id: Digest::from_bytes(&id)?, inspection, state, refusal })
        })
        .collect()
    }

    /// The changes of a draft that were written here and are not refused, in order.
    pub(crate) fn own_change_bytes(
        &self,
        inspection: InspectionId,
    ) -> Result<Vec<Vec<u8>>, Refusal> {
        self.changes_in(inspection, "own = 1 AND state IN (0, 1, 3)")
    }

    /// Where a change stands.
    pub(crate) fn change_state(&self, id: ItemId) -> Result<Option<i64>, Refusal> {
        self.connection
            .prepare_cached("SELECT state FROM change WHERE id = ?1")
            .and_then(|mut it| {
                it.query_row([id.as_bytes().as_slice()], |row| row.get(0)).optional()
            })
            .map_err(failed)
    }

    /// Whether a change is held already.
    pub(crate) fn has_change(&self, id: ItemId) -> Result<bool, Refusal> {
        self.connection
            .query_row("SELECT 1 FROM change WHERE id = ?1", [id.as_bytes().as_slice()], |_| Ok(()))
            .optional()
            .map(|found| found.is_some())
            .map_err(failed)
    }
}
