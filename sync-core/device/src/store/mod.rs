//! The one store of a device, and the only place that knows its database.

mod apply;
pub(crate) mod blobs;
pub(crate) mod carried;
mod catalogues;
mod coming;
pub(crate) mod drafts;
pub(crate) mod facts;
mod genuine;
mod kv;
mod settled;
mod wanted;

use std::path::Path;
use std::time::Duration;

use minicbor::{Decode, Encode};
use rusqlite::{Connection, Transaction};
use sync_core::cbor;
use sync_core::{Code, Refusal};

use crate::host::WriteGate;

pub(crate) use apply::FILE_RECEIPT;
pub(crate) use genuine::OwnKeys;

/// First version of SQLite without the race in which a committed transaction could be lost.
const LEAST_SQLITE: i32 = 3_051_003;
/// The steps of the schema; a store notes how many it has taken.
const SCHEMA: [&str; 12] = [
    include_str!("../../migrations/0001_init.sql"),
    include_str!("../../migrations/0002_settled.sql"),
    include_str!("../../migrations/0003_catalogues.sql"),
    include_str!("../../migrations/0004_years.sql"),
    include_str!("../../migrations/0005_weather.sql"),
    include_str!("../../migrations/0006_links.sql"),
    include_str!("../../migrations/0007_keys.sql"),
    include_str!("../../migrations/0008_carried.sql"),
    include_str!("../../migrations/0009_rewritten.sql"),
    include_str!("../../migrations/0010_catalogue_parts.sql"),
    include_str!("../../migrations/0011_catalogue_pieces.sql"),
    include_str!("../../migrations/0012_numbers.sql"),
];

/// Kibibytes of pages kept in memory: names of facts are random, so a page of them touches the whole of an index.
const CACHE_KIB: i64 = 16 * 1024;
/// Statements that stay prepared.
const STATEMENTS: usize = 64;

/// Where an own item stands. The numbers are stored.
pub(crate) mod state {
    pub(crate) const ONLY_HERE: i64 = 0;
    pub(crate) const AT_SERVER: i64 = 1;
    pub(crate) const REFUSED: i64 = 2;
    pub(crate) const QUARANTINED: i64 = 3;
    pub(crate) const REJECTED: i64 = 4;
    pub(crate) const FETCHED: i64 = 5;
    /// A file whose bytes are not here any more.
    pub(crate) const LOST: i64 = 6;
}

/// The database of a device: one connection, one writer.
pub(crate) struct Store {
    connection: Connection,
    writes: WriteGate,
}

/// What the database says, as a refusal that a person can act on.
pub(crate) fn failed(error: rusqlite::Error) -> Refusal {
    let code = match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DiskFull) => Code::DeviceFull,
        Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => {
            Code::DeviceInUse
        }
        _ => Code::DeviceStore,
    };
    Refusal::new(code).detail(error.to_string())
}

/// Opens a database for this process alone, with a rollback journal: a commit is on disk when it returns.
pub(crate) fn connect(path: &Path) -> Result<Connection, Refusal> {
    if rusqlite::version_number() < LEAST_SQLITE {
        return Err(Refusal::new(Code::DeviceStore).detail("SQLite is too old"));
    }
    let connection = Connection::open(path).map_err(failed)?;
    // A device stays with the process that holds it: waiting would only delay the refusal.
    connection.busy_timeout(Duration::ZERO).map_err(failed)?;
    for (name, value) in
        [("locking_mode", "EXCLUSIVE"), ("journal_mode", "PERSIST"), ("synchronous", "FULL")]
    {
        connection
            .pragma_update_and_check(None, name, value, |_| Ok(()))
            .or_else(|error| match error {
                rusqlite::Error::QueryReturnedNoRows => Ok(()),
                other => Err(other),
            })
            .map_err(failed)?;
    }
    connection.pragma_update(None, "cache_size", -CACHE_KIB).map_err(failed)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(connection)
}

impl Store {
    pub(crate) fn open(path: &Path, writes: WriteGate) -> Result<Self, Refusal> {
        let mut store = Self { connection: connect(path)?, writes };
        store.migrate()?;
        store.ask_again()?;
        Ok(store)
    }

    fn migrate(&mut self) -> Result<(), Refusal> {
        let version: u32 = self
            .connection
            .pragma_query_value(None, "user_version", |row| row.get(0))
            .map_err(failed)?;
        let steps = SCHEMA
            .get(usize::try_from(version).unwrap_or(usize::MAX)..)
            .ok_or_else(|| Refusal::new(Code::VersionUnsupported).field("store"))?;
        if steps.is_empty() {
            return Ok(());
        }
        self.write(|tx| {
            steps.iter().try_for_each(|step| tx.execute_batch(step))?;
            tx.pragma_update(None, "user_version", i64::try_from(SCHEMA.len()).unwrap_or(i64::MAX))
        })
    }

    /// Writes in one durable transaction: all of it or nothing.
    pub(crate) fn write<T>(
        &mut self,
        body: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, Refusal> {
        let transaction = self.connection.transaction().map_err(failed)?;
        let value = body(&transaction).map_err(failed)?;
        if !(self.writes)() {
            return Err(Refusal::new(Code::DeviceStore).detail("stopped before the commit"));
        }
        transaction.commit().map_err(failed)?;
        if !(self.writes)() {
            return Err(Refusal::new(Code::DeviceStore).detail("stopped after the commit"));
        }
        Ok(value)
    }
}

pub(crate) fn to_blob<T: Encode<()>>(value: &T) -> Vec<u8> {
    cbor::to_vec(value)
}

pub(crate) fn from_blob<T: for<'b> Decode<'b, ()>>(bytes: &[u8]) -> Result<T, Refusal> {
    cbor::from_slice(bytes)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn a_store_from_before_pictures_were_noted_asks_once_more_for_what_names_them() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("device.db");
        let older = Connection::open(&path).unwrap();
        SCHEMA.iter().take(2).for_each(|step| older.execute_batch(step).unwrap());
        older.execute("INSERT INTO kv (key, value) VALUES ('cursor', x'07')", []).unwrap();
        older.pragma_update(None, "user_version", 2).unwrap();
        drop(older);
        let mut store = Store::open(&path, Arc::new(|| true)).unwrap();
        assert_eq!(store.value("cursor").unwrap(), Some(Vec::new()));
        store.put_values(&[("cursor", vec![8])]).unwrap();
        drop(store);
        let store = Store::open(&path, Arc::new(|| true)).unwrap();
        assert_eq!(store.value("cursor").unwrap(), Some(vec![8]));
    }
}
