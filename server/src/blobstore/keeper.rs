//! Makes whole files durable. Each is written by a task of its own, so that the disk orders many at
//! once; the rows that say they are there are committed together.

use std::fs::{self, File};
use std::io::{self, Write as _};

use axum::body::Bytes;
use sync_core::id::BlobHash;
use tokio::sync::{mpsc, oneshot};

use super::BlobFolder;
use crate::clock::Clock;
use crate::store::{Pool, files};

/// A file whose digest was checked.
#[derive(Debug)]
pub enum Whole {
    /// In memory.
    Bytes(Bytes),
    /// All parts of it are in the folder of parts.
    Parts(u64),
}

type Row = ((BlobHash, u64), oneshot::Sender<io::Result<()>>);

/// Rows that may wait.
const WAITING: usize = 64;

/// Hands rows of durable files to the task that commits them.
#[derive(Clone, Debug)]
pub struct Keeper {
    folder: BlobFolder,
    rows: mpsc::Sender<Row>,
}

impl Keeper {
    /// Starts the task; it ends when the last handle is gone.
    #[must_use]
    pub fn start(folder: BlobFolder, pool: Pool, clock: Clock) -> Self {
        let (rows, waiting) = mpsc::channel(WAITING);
        tokio::spawn(commit(pool, clock, waiting));
        Self { folder, rows }
    }

    /// Keeps a file. When this returns without error it is durable and known. `judge` looks at the
    /// bytes on the task that writes them; nothing is kept when it says no.
    pub async fn keep<E: Send + 'static>(
        &self,
        hash: BlobHash,
        whole: Whole,
        judge: impl FnOnce(&Whole) -> Result<(), E> + Send + 'static,
    ) -> io::Result<Result<(), E>> {
        let folder = self.folder.clone();
        let written = tokio::task::spawn_blocking(move || match judge(&whole) {
            Ok(()) => write(&folder, hash, whole).map(Ok),
            Err(refused) => Ok(Err(refused)),
        });
        match written.await.map_err(io::Error::other)?? {
            Err(refused) => Ok(Err(refused)),
            Ok(len) => self.note(hash, len).await.map(Ok),
        }
    }

    async fn note(&self, hash: BlobHash, len: u64) -> io::Result<()> {
        let stopped = || io::Error::other("the keeper has ended");
        let (reply, answer) = oneshot::channel();
        self.rows.send(((hash, len), reply)).await.map_err(|_| stopped())?;
        answer.await.map_err(|_| stopped())?
    }
}

async fn commit(pool: Pool, clock: Clock, mut waiting: mpsc::Receiver<Row>) {
    let mut group = Vec::with_capacity(WAITING);
    while waiting.recv_many(&mut group, WAITING).await > 0 {
        let (rows, replies): (Vec<_>, Vec<_>) = group.drain(..).unzip();
        let outcome = note(&pool, &clock, &rows).await;
        if let Err(error) = &outcome {
            tracing::error!(%error, "files could not be noted");
        }
        for reply in replies {
            let result = outcome.as_ref().copied().map_err(|it| io::Error::other(it.to_string()));
            // Whoever asked may be gone; the file is kept all the same.
            let _ = reply.send(result);
        }
    }
}

async fn note(pool: &Pool, clock: &Clock, kept: &[(BlobHash, u64)]) -> io::Result<()> {
    let mut db = pool.acquire().await.map_err(io::Error::other)?;
    files::keep(&mut db, kept, clock.now()).await.map_err(io::Error::other)
}

/// Writes a file aside, makes it durable, then gives it its name; gives its size.
fn write(folder: &BlobFolder, hash: BlobHash, whole: Whole) -> io::Result<u64> {
    let (path, file, len) = match whole {
        Whole::Bytes(bytes) => {
            let (path, mut file) = folder.fresh_aside(hash)?;
            file.write_all(&bytes)?;
            (path, file, bytes.len() as u64)
        }
        Whole::Parts(len) => (folder.part(hash), File::open(folder.part(hash))?, len),
    };
    file.sync_data()?;
    let named = folder.path(hash);
    fs::rename(path, &named)?;
    // The name is durable when its folder is.
    if let Some(shard) = named.parent() {
        File::open(shard)?.sync_all()?;
    }
    Ok(len)
}
