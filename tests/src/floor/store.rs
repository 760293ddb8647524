//! One thread each for rows and photos; whatever waits is made durable together.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::mpsc;

use axum::body::Bytes;
use axum::http::StatusCode;
use rusqlite::Connection;
use tokio::sync::oneshot;

/// One record.
pub(super) struct Row {
    pub(super) hash: [u8; 32],
    pub(super) json: String,
}

struct RowJob(Vec<Row>, oneshot::Sender<StatusCode>);
struct PhotoJob([u8; 32], Bytes, oneshot::Sender<StatusCode>);

/// The two writer threads.
#[derive(Clone)]
pub(super) struct Store {
    rows: mpsc::Sender<RowJob>,
    photos: mpsc::Sender<PhotoJob>,
    database: PathBuf,
}

impl Store {
    pub(super) fn open(folder: &Path) -> std::io::Result<Self> {
        let database = folder.join("floor.db");
        let connection = connect(&database).map_err(std::io::Error::other)?;
        let (rows, waiting) = mpsc::channel();
        std::thread::spawn(move || write_rows(connection, &waiting));
        let mut pack = File::create(folder.join("photos.pack"))?;
        let (photos, waiting) = mpsc::channel();
        std::thread::spawn(move || write_photos(&mut pack, &waiting));
        Ok(Self { rows, photos, database })
    }

    pub(super) async fn keep(&self, rows: Vec<Row>) -> StatusCode {
        let (done, stored) = oneshot::channel();
        let _ = self.rows.send(RowJob(rows, done));
        stored.await.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    pub(super) async fn keep_photo(&self, hash: [u8; 32], bytes: Bytes) -> StatusCode {
        let (done, stored) = oneshot::channel();
        let _ = self.photos.send(PhotoJob(hash, bytes, done));
        stored.await.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// Every record as one JSON array.
    pub(super) async fn all(&self) -> Option<String> {
        let database = self.database.clone();
        tokio::task::spawn_blocking(move || {
            let connection = Connection::open(database).ok()?;
            let mut statement =
                connection.prepare("SELECT json FROM record ORDER BY rowid").ok()?;
            let rows = statement.query_map([], |row| row.get::<_, String>(0)).ok()?;
            let records: Vec<String> = rows.collect::<Result<_, _>>().ok()?;
            Some(format!("[{}]", records.join(",")))
        })
        .await
        .ok()
        .flatten()
    }
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection
        .execute_batch("CREATE TABLE record (hash BLOB NOT NULL UNIQUE, json TEXT NOT NULL)")?;
    Ok(connection)
}

fn write_rows(mut connection: Connection, waiting: &mpsc::Receiver<RowJob>) {
    while let Ok(first) = waiting.recv() {
        let group: Vec<RowJob> = std::iter::once(first).chain(waiting.try_iter()).collect();
        let status = match insert(&mut connection, &group) {
            Ok(()) => StatusCode::NO_CONTENT,
            Err(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        for RowJob(_, done) in group {
            let _ = done.send(status);
        }
    }
}

fn insert(connection: &mut Connection, group: &[RowJob]) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    let mut statement =
        transaction.prepare_cached("INSERT OR IGNORE INTO record (hash, json) VALUES (?1, ?2)")?;
    for row in group.iter().flat_map(|RowJob(rows, _)| rows) {
        statement.execute((&row.hash, &row.json))?;
    }
    drop(statement);
    transaction.commit()
}

fn write_photos(pack: &mut File, waiting: &mpsc::Receiver<PhotoJob>) {
    while let Ok(first) = waiting.recv() {
        let group: Vec<PhotoJob> = std::iter::once(first).chain(waiting.try_iter()).collect();
        let written = group
            .iter()
            .try_for_each(|PhotoJob(hash, bytes, _)| {
                pack.write_all(hash)?;
                pack.write_all(bytes)
            })
            .and_then(|()| pack.sync_data());
        let status = match written {
            Ok(()) => StatusCode::NO_CONTENT,
            Err(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        for PhotoJob(_, _, done) in group {
            let _ = done.send(status);
        }
    }
}
