//! What a colleague's phone handed over, until the server holds it.

use rusqlite::Transaction;
use sync_core::Refusal;
use sync_core::act::Fact;
use sync_core::cbor;
use sync_core::id::{Digest, InspectionId};
use sync_core::wire::bundle::DeviceCertificate;
use sync_core::wire::exchange::{DraftPush, ItemId};

use super::{Store, drafts, facts, failed, from_blob, state, to_blob};

/// What is taken over of a bundle.
#[derive(Default)]
pub(crate) struct Carried {
    pub(crate) certificates: Vec<DeviceCertificate>,
    pub(crate) facts: Vec<Fact>,
    pub(crate) changes: Vec<Vec<u8>>,
    pub(crate) pushes: Vec<DraftPush>,
}

impl Store {
    /// Keeps the server's word for a device.
    pub(crate) fn note_certificate(&mut self, it: &DeviceCertificate) -> Result<(), Refusal> {
        self.write(|tx| note_certificate(tx, it))
    }

    /// The server's word for every device of which it is known.
    pub(crate) fn certificates(&self) -> Result<Vec<DeviceCertificate>, Refusal> {
        let sql = "SELECT bytes FROM certificate ORDER BY device";
        let mut statement = self.connection.prepare_cached(sql).map_err(failed)?;
        let rows = statement.query_map([], |row| row.get::<_, Vec<u8>>(0)).map_err(failed)?;
        rows.map(|row| from_blob(&row.map_err(failed)?)).collect()
    }

    /// Keeps what came of a visit, all of it or nothing. What is known already stays as it is.
    pub(crate) fn carry(
        &mut self,
        inspection: InspectionId,
        carried: &Carried,
    ) -> Result<(), Refusal> {
        self.write(|tx| {
            carried.certificates.iter().try_for_each(|it| note_certificate(tx, it))?;
            carried.facts.iter().try_for_each(|it| facts::insert_carried(tx, it))?;
            for change in &carried.changes {
                drafts::insert_carried(tx, inspection, change)?;
            }
            let sql =
                "INSERT OR IGNORE INTO carried_push (id, inspection, bytes) VALUES (?1, ?2, ?3)";
            for push in &carried.pushes {
                let bytes = cbor::to_vec(push);
                let id = Digest::of(&bytes);
                tx.execute(
                    sql,
                    (id.as_bytes().as_slice(), inspection.as_bytes().as_slice(), &bytes),
                )?;
            }
            Ok(())
        })
    }

    /// Every push that was handed over of a visit.
    pub(crate) fn carried_pushes(
        &self,
        inspection: InspectionId,
    ) -> Result<Vec<DraftPush>, Refusal> {
        let sql = "SELECT bytes FROM carried_push WHERE inspection = ?1 ORDER BY rowid";
        let mut statement = self.connection.prepare_cached(sql).map_err(failed)?;
        let rows = statement
            .query_map([inspection.as_bytes().as_slice()], |row| row.get::<_, Vec<u8>>(0))
            .map_err(failed)?;
        rows.map(|row| from_blob(&row.map_err(failed)?)).collect()
    }

    /// The pushes of which the server does not hold everything, with the names of their changes.
    pub(crate) fn unsent_pushes(&self) -> Result<Vec<(Vec<ItemId>, DraftPush)>, Refusal> {
        let visits = "SELECT DISTINCT inspection FROM change WHERE state = 0 AND own = 0";
        let mut statement = self.connection.prepare_cached(visits).map_err(failed)?;
        let rows = statement.query_map([], |row| row.get::<_, [u8; 16]>(0)).map_err(failed)?;
        let mut unsent = Vec::new();
        for visit in rows {
            for push in self.carried_pushes(InspectionId::from_bytes(visit.map_err(failed)?))? {
                let names: Vec<Digest> = push.changes.iter().map(|it| Digest::of(it)).collect();
                let mut waits = false;
                for name in &names {
                    waits |= self.change_state(*name)? == Some(state::ONLY_HERE);
                }
                if waits {
                    unsent.push((names, push));
                }
            }
        }
        Ok(unsent)
    }

    /// How many facts and changes of colleagues the server does not hold yet.
    pub(crate) fn carried_count(&self) -> Result<u64, Refusal> {
        let sql = "SELECT (SELECT count(*) FROM fact WHERE state = 0 AND own IS NULL)
                        + (SELECT count(*) FROM change WHERE state = 0 AND own = 0)";
        let count: i64 = self.connection.query_row(sql, [], |row| row.get(0)).map_err(failed)?;
        Ok(u64::try_from(count).unwrap_or_default())
    }
}

fn note_certificate(tx: &Transaction<'_>, it: &DeviceCertificate) -> rusqlite::Result<()> {
    tx.execute(
        "INSERT OR IGNORE INTO certificate (device, bytes) VALUES (?1, ?2)",
        (it.device.as_bytes().as_slice(), to_blob(it)),
    )
    .map(drop)
}
