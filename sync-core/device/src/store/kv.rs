//! Single values.

use rusqlite::{OptionalExtension as _, Transaction};
use serde::de::DeserializeOwned;
use sync_core::id::{DeviceId, InspectionId};
use sync_core::{Code, Refusal};

use super::{Store, drafts, facts, failed};
use crate::session::DEVICE_KEY;

pub(crate) fn put(tx: &Transaction<'_>, key: &str, value: &[u8]) -> rusqlite::Result<()> {
    tx.execute(
        "INSERT INTO kv (key, value) VALUES (?1, ?2)
         ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (key, value),
    )
    .map(drop)
}

impl Store {
    pub(crate) fn value(&self, key: &str) -> Result<Option<Vec<u8>>, Refusal> {
        self.connection
            .query_row("SELECT value FROM kv WHERE key = ?1", [key], |row| row.get(0))
            .optional()
            .map_err(failed)
    }

    pub(crate) fn json<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, Refusal> {
        self.value(key)?
            .map(|bytes| serde_json::from_slice(&bytes))
            .transpose()
            .map_err(|error| Refusal::new(Code::DeviceStore).detail(error.to_string()))
    }

    /// Notes under which name and key this device is enrolled. Its chain of facts begins after what was stated
    /// under an earlier name, and what was not sent of these drafts is written again.
    pub(crate) fn enrol(
        &mut self,
        id: DeviceId,
        server_key: Vec<u8>,
        key: Vec<u8>,
        again: &[InspectionId],
    ) -> Result<(), Refusal> {
        let values =
            [("device", id.as_bytes().to_vec()), ("server_key", server_key), (DEVICE_KEY, key)];
        self.write(|tx| {
            facts::begin_chain(tx)?;
            again.iter().try_for_each(|inspection| drafts::write_again(tx, *inspection))?;
            values.iter().try_for_each(|(key, value)| put(tx, key, value))
        })
    }

    pub(crate) fn put_values(&mut self, values: &[(&str, Vec<u8>)]) -> Result<(), Refusal> {
        self.write(|tx| values.iter().try_for_each(|(key, value)| put(tx, key, value)))
    }
}
