//! Pictures as rows of a database of their own, for platforms whose only durable storage is a database.

use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, MAIN_DB, OptionalExtension as _};
use sync_core::{Code, Refusal};

use super::{Files, Name};
use crate::host::WriteGate;
use crate::store::{connect, failed};

/// Large pages: a picture has a few megabytes, and a new page costs nothing but its own write.
const SCHEMA: &str = "
    PRAGMA page_size = 32768;
    CREATE TABLE IF NOT EXISTS picture (
        n INTEGER PRIMARY KEY,
        hash BLOB NOT NULL,
        thumbnail INTEGER NOT NULL,
        bytes BLOB NOT NULL,
        UNIQUE (hash, thumbnail)
    );";

/// The pictures of a device in one database.
pub(crate) struct Packed {
    connection: Connection,
}

impl Packed {
    pub(crate) fn open(path: &Path) -> Result<Self, Refusal> {
        let connection = connect(path)?;
        connection.execute_batch(SCHEMA).map_err(failed)?;
        Ok(Self { connection })
    }

    fn row(&self, name: Name) -> Result<Option<i64>, Refusal> {
        self.connection
            .query_row(
                "SELECT n FROM picture WHERE hash = ?1 AND thumbnail = ?2",
                (name.hash.as_bytes().as_slice(), name.thumbnail),
                |row| row.get(0),
            )
            .optional()
            .map_err(failed)
    }
}

fn unreadable(error: std::io::Error) -> Refusal {
    Refusal::new(Code::DeviceStore).detail(error.to_string())
}

impl Files for Packed {
    fn has(&self, name: Name) -> Result<bool, Refusal> {
        Ok(self.row(name)?.is_some())
    }

    fn keep(&mut self, name: Name, bytes: &[u8], writes: &WriteGate) -> Result<(), Refusal> {
        if self.has(name)? {
            return Ok(());
        }
        let stopped = || Refusal::new(Code::DeviceStore).detail("stopped while keeping a picture");
        let transaction = self.connection.transaction().map_err(failed)?;
        transaction
            .execute(
                "INSERT INTO picture (hash, thumbnail, bytes) VALUES (?1, ?2, ?3)",
                (name.hash.as_bytes().as_slice(), name.thumbnail, bytes),
            )
            .map_err(failed)?;
        if !writes() {
            return Err(stopped());
        }
        transaction.commit().map_err(failed)?;
        if writes() { Ok(()) } else { Err(stopped()) }
    }

    fn part(&self, name: Name, offset: u64, bytes: u64) -> Result<Vec<u8>, Refusal> {
        let absent = || Refusal::new(Code::DeviceStore).detail("the picture is not here");
        let row = self.row(name)?.ok_or_else(absent)?;
        let mut blob =
            self.connection.blob_open(MAIN_DB, "picture", "bytes", row, true).map_err(failed)?;
        blob.seek(SeekFrom::Start(offset)).map_err(unreadable)?;
        let mut part = Vec::new();
        blob.take(bytes).read_to_end(&mut part).map_err(unreadable)?;
        Ok(part)
    }

    fn path(&self, _: Name) -> Option<PathBuf> {
        None
    }
}
